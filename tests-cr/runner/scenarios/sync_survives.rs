// SPDX-License-Identifier: GPL-2.0

//! Fact: what the container has written, and closed, is on the disk after `checkpoint --sync`: it survives a
//! power cut. Without --sync it would not, so this test can tell.
//!
//! The disk is a file behind a loop device; what is in that file at one moment is what a power cut then
//! would leave. It is copied while the container stands still, and mounted.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::stage::{ensure, fine, Stage};
use crate::verdict::{Doing, Outcome, Step};

fn shell(script: &str, dir: &Path) -> Step<String> {
    let mut command = Command::new("sh");
    let output = command.args(["-ec", script]).current_dir(dir).output();
    let output = output.doing("sh")?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    match output.status.success() {
        true => Ok(said),
        false => Err(Outcome::failed(format!("{script}\n{said}"))),
    }
}

/// What a machine finds on that disk after the power cut.
fn after_power_cut(dir: &Path) -> Step<Vec<Option<u64>>> {
    shell("mkdir -p cut; mount -t ext4 -o loop disk.cut cut", dir)?;
    let found = ["written", "closed"].map(|name| {
        let length = fs::metadata(dir.join("cut").join(name)).map(|found| found.len());
        length.ok()
    });
    shell("umount cut; rm disk.cut", dir)?;
    Ok(found.to_vec())
}

pub fn run(stage: &Stage) -> Step<()> {
    let dir = stage.container.dir.clone();
    // In memory, so that nothing but the loop device decides what is on this disk and when.
    shell(
        "mkdir mem small; mount -t tmpfs none mem; truncate -s 16M mem/disk; mke2fs -F mem/disk; \
         mount -t ext4 -o loop mem/disk small; sync -f small",
        &dir,
    )?;
    let result = survives(stage, &dir);
    shell("umount small; umount mem", &dir)?;
    result
}

fn survives(stage: &Stage, dir: &Path) -> Step<()> {
    let mut child = stage.start("writer")?;
    let copy = format!("cp {0}/mem/disk {0}/disk.cut", dir.display());
    let none: Vec<&str> = Vec::new();
    for (options, wanted) in [
        (none, [None, None]),
        (vec!["--sync"], [Some(100_000), Some(50_000)]),
    ] {
        let image = stage.container.image();
        let mut all = vec!["-o".into(), image.into_os_string()];
        all.extend(["--while-frozen".into(), copy.clone().into()]);
        all.extend(options.iter().map(Into::into));
        fine(&stage.checkpoint(&all)?)?;
        let found = after_power_cut(dir)?;
        let why = format!("{options:?}: on the disk is {found:?}, not {wanted:?}");
        ensure(found == wanted, &why)?;
    }
    stage.goes_on(&mut child)
}
