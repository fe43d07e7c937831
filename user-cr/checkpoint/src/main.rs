// SPDX-License-Identifier: GPL-2.0

//! `checkpoint`: see the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    checkpoint::main()
}
