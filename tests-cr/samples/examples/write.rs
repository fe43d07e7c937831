// SPDX-License-Identifier: GPL-2.0

//! Writes every sample into a directory: a seed corpus.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::other("name a directory for the images"));
    };
    fs::create_dir_all(&folder)?;
    for (name, image) in ckpt_samples::corpus() {
        fs::write(folder.join(name), image)?;
    }
    Ok(())
}
