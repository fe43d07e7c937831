// SPDX-License-Identifier: GPL-2.0

//! The tests of the format under Miri, where there is one.

use std::path::Path;
use std::process::{Command, Stdio};

/// Tests that go through every byte of an image take Miri hours; these do not.
const TESTS: [&str; 8] = [
    "miri",
    "test",
    "--package",
    "ckpt-format",
    "--test",
    "records",
    "--test",
    "table",
];

/// Runs them with the first toolchain that has Miri; without one says so and is content.
pub fn run(repository: &Path) -> Result<(), String> {
    for toolchain in [&[][..], &["+nightly"]] {
        if !has_miri(toolchain) {
            continue;
        }
        let status = cargo(toolchain)
            .args(TESTS)
            .current_dir(repository)
            .status();
        return match status {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err("Miri found something".into()),
            Err(error) => Err(format!("cargo: {error}")),
        };
    }
    println!("not run: no toolchain here has Miri (rustup +nightly component add miri rust-src)");
    Ok(())
}

fn has_miri(toolchain: &[&str]) -> bool {
    let version = cargo(toolchain)
        .args(["miri", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

/// As typed in a shell: the cargo that runs this one would not know `+nightly`.
fn cargo(toolchain: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(toolchain)
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}
