// SPDX-License-Identifier: GPL-2.0

//! Checkpoint images and log records, as the tools handle them.
//!
//! The layout of everything comes from `ckpt-format`, the kernel's own declaration; this crate adds
//! what a kernel has no use for: [`std::io`], sentences, JSON.
//!
//! - [`ImageReader`] and [`ImageWriter`]: one record at a time, from and to any stream.
//! - [`read_prefix`]: the part that `restart` needs before it may call the kernel.
//! - [`verify()`]: checks a whole image.
//! - [`log`]: what the kernel has to say, as sentences and as JSON.

#![forbid(unsafe_code)]

mod checksum;
mod error;
mod forest;
mod prefix;
mod read;
mod spaces;
mod text;
mod verify;
mod write;

pub mod log;

pub use ckpt_format as format;
pub use error::ImageError;
pub use forest::{check_forest, find_pid, PidEntry};
pub use prefix::{read_prefix, Prefix, VdsoCode};
pub use read::{ImageReader, RecordView};
pub use spaces::Spaces;
pub use text::{field_text, legible, unpad};
pub use verify::{verify, Summary, Verifier};
pub use write::ImageWriter;
