// SPDX-License-Identifier: GPL-2.0

//! Fact: standard input, output and error are what they were; nothing else is open.
//!
//! Could break: the restart's own descriptors, or its terminal, are left in the table.

use ckpt_support::{checkpoint_here, same};

fn descriptors() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::fs::read_dir("/proc/self/fd")
        .expect("fd")
        .flatten()
        .map(|entry| {
            let target = std::fs::read_link(entry.path()).unwrap_or_default();
            (
                entry.file_name().to_string_lossy().into(),
                target.to_string_lossy().into(),
            )
        })
        // The directory that is being read.
        .filter(|(_, target): &(String, String)| !target.starts_with("/proc/"))
        .collect();
    found.sort();
    found
}

pub fn run() {
    let before = descriptors();
    same("descriptors", &3, &before.len());
    checkpoint_here();
    same("descriptors", &before, &descriptors());
}
