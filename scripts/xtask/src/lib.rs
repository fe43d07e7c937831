// SPDX-License-Identifier: GPL-2.0

//! What chores share with `ckpt-manual`: the declaration of the format, understood.

#![forbid(unsafe_code)]

pub mod uapi;

use std::path::{Path, PathBuf};

/// The top of the checkout: this package is at `scripts/xtask`.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
