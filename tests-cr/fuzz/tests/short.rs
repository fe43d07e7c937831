// SPDX-License-Identifier: GPL-2.0

//! Altered images with every run of the tests: every single alteration, and a few thousand of several.

use ckpt_fuzz::{every, mutate, target, Random};

#[test]
fn no_altered_image_breaks_a_reader() {
    let corpus = ckpt_samples::corpus();
    let mut random = Random::new(7);
    let mut whole = 0;
    for _ in 0..3000 {
        let (_, image) = &corpus[random.below(corpus.len())];
        let (_, other) = &corpus[random.below(corpus.len())];
        whole += u32::from(target(&mutate(image, other, 6, &mut random).bytes));
    }
    // Some alterations are harmless; if none were, nothing behind the checks would be reached.
    assert!(whole > 30, "{whole}");
}

/// One of so many; `ckpt-fuzz` tries all of them.
const STRIDE: usize = 97;

#[test]
fn no_single_alteration_breaks_a_reader() {
    let image = ckpt_samples::family();
    let mut whole = 0;
    for single in every(&image).iter().step_by(STRIDE) {
        whole += u32::from(target(&single.apply(&image).bytes));
    }
    assert!(whole > 30, "{whole}");
}

#[test]
fn bytes_that_are_no_image_break_no_reader() {
    let mut random = Random::new(8);
    for length in 0..600 {
        let bytes: Vec<u8> = (0..length).map(|_| random.number() as u8).collect();
        assert!(!target(&bytes));
    }
}
