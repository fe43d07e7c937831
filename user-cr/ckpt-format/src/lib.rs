// SPDX-License-Identifier: GPL-2.0

//! The kernel's own declaration of the image format, as a crate.

#![no_std]
#![forbid(unsafe_code)]

#[path = "../../../kernel-rs/format/mod.rs"]
mod format;

pub mod fields;

pub use format::*;
