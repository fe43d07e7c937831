// SPDX-License-Identifier: GPL-2.0

//! Fuzzing of everything that reads images: the target, and mutations that know what an image is.
//!
//! `ckpt-fuzz` runs it with any compiler; `libfuzzer/` is the same target for `cargo fuzz`.

#![forbid(unsafe_code)]

mod every;
mod mutate;
mod part;
mod random;
mod target;

pub use every::{every, Single};
pub use mutate::{mutate, Altered};
pub use random::Random;
pub use target::target;
