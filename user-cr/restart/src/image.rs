// SPDX-License-Identifier: GPL-2.0

//! The image: where it comes from, and the part of it that the tool reads itself.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use anyhow::{anyhow, bail, Context, Result};
use ckpt_format::header::ARCHITECTURE_X86_64;
use ckpt_image::{read_prefix, ImageError, Prefix};
use nix::unistd::{sysconf, SysconfVar};

/// An open image, read up to the last member of the forest.
pub struct Image {
    file: File,
    /// What was read.
    pub prefix: Prefix,
}

impl Image {
    /// Opens it, reads the first part, and refuses what cannot run here. Not one byte more is read
    /// than belongs to that part: the rest is for the kernel, from the same descriptor.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let mut file = match path {
            Some(path) => {
                File::open(path).with_context(|| format!("cannot open {}", path.display()))?
            }
            None => standard_input()?,
        };
        let prefix = read_prefix(&mut file).map_err(explain)?;
        check_machine(&prefix)?;
        Ok(Self { file, prefix })
    }
}

impl AsFd for Image {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

fn standard_input() -> Result<File> {
    let input = io::stdin();
    if input.is_terminal() {
        bail!("an image does not come from a terminal: redirect one (< FILE, COMMAND |), or use -i FILE");
    }
    // Not through Stdin itself, which reads ahead.
    let input = input
        .as_fd()
        .try_clone_to_owned()
        .context("standard input")?;
    Ok(File::from(input))
}

fn explain(error: ImageError) -> anyhow::Error {
    match error.advice() {
        "" => anyhow!("image {error}"),
        advice => anyhow!("image {error}; {advice}"),
    }
}

fn check_machine(prefix: &Prefix) -> Result<()> {
    let architecture = prefix.header.architecture.get();
    if architecture != ARCHITECTURE_X86_64 {
        bail!("the image is of another architecture (ELF machine {architecture})");
    }
    let theirs = prefix.header.page_size.get();
    let ours = sysconf(SysconfVar::PAGE_SIZE)?.unwrap_or(4096);
    if i64::from(theirs) != ours {
        bail!("the image has pages of {theirs} bytes, this kernel of {ours}");
    }
    Ok(())
}
