// SPDX-License-Identifier: GPL-2.0

//! What the program `ckptinfo` consists of; a library so that it can be fuzzed.

#![forbid(unsafe_code)]

mod clock;
mod forest;
mod tail;
mod value;

pub mod options;
pub mod show;

use std::io;

use ckpt_image::ImageError;

/// Why it did not work.
#[derive(Debug)]
pub enum Failure {
    Image(ImageError),
    Output(io::Error),
    /// Before anything was read.
    Input(String),
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
