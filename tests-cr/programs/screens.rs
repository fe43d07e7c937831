// SPDX-License-Identifier: GPL-2.0

//! What the drivers of screen have in common.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::load::{same, Doing, Step, PATIENCE};

/// A directory of our own for its sockets, and nothing from an earlier run.
pub fn prepare() -> Step {
    for name in ["text", "answers"] {
        let _ = fs::remove_file(name);
    }
    let _ = fs::remove_dir_all("screens");
    fs::create_dir("screens").doing("the directory of sockets")?;
    fs::set_permissions("screens", fs::Permissions::from_mode(0o700)).doing("chmod")?;
    let here = std::env::current_dir().doing("the directory")?;
    std::env::set_var("SCREENDIR", here.join("screens"));
    std::env::set_var("SHELL", "/bin/bash");
    std::env::set_var("HOME", &here);
    Ok(())
}

pub fn read(name: &str) -> String {
    fs::read_to_string(name).unwrap_or_default()
}

/// A file will have this in it, and never anything that does not lead to it.
pub fn wait_for(name: &str, text: &str) -> Step {
    let start = Instant::now();
    loop {
        let found = read(name);
        if found == text {
            return Ok(());
        }
        if start.elapsed() > PATIENCE || found.len() > text.len() {
            return same(name, text, found);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
