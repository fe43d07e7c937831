// SPDX-License-Identifier: GPL-2.0

//! The same target under libFuzzer, which watches what the readers do with its inputs.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    ckpt_fuzz::target(bytes);
    let mut bytes = bytes.to_vec();
    ckpt_samples::reseal(&mut bytes);
    ckpt_fuzz::target(&bytes);
});
