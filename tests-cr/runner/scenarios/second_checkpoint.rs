// SPDX-License-Identifier: GPL-2.0

//! Fact: a second checkpoint of a container that is being saved is refused, and disturbs nothing.

use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::stage::{fine, refused, Stage};
use crate::verdict::{Doing, Outcome, Step};

fn second_log(stage: &Stage) -> Step<std::path::PathBuf> {
    let dir = stage.container.dir.join("second");
    std::fs::create_dir_all(&dir).doing("mkdir")?;
    Ok(dir)
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let script = "sleep 4; exec cat";
    let image = File::create(stage.container.image()).doing("the image")?;
    let mut reader = Command::new("sh")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(image)
        .spawn()
        .doing("the slow reader")?;
    let pipe = reader
        .stdin
        .take()
        .ok_or_else(|| Outcome::failed("no pipe"))?;
    let first = stage.checkpoint_into(pipe, &[])?;
    stage.container.wait_for(&["frozen 1"])?;
    std::thread::sleep(Duration::from_millis(300));
    // Its words go to a log of their own.
    let second = crate::tool::run(
        "checkpoint",
        &[stage.cgroup().as_os_str(), "--check".as_ref()],
        &crate::container::Container {
            cgroup: stage.cgroup(),
            dir: second_log(stage)?,
        },
    )?;
    refused(&second, "")?;
    fine(&first.end(stage.container)?)?;
    reader.wait().doing("the slow reader")?;
    let verify = ["--verify".as_ref(), stage.container.image().as_os_str()].map(ToOwned::to_owned);
    fine(&crate::tool::run("ckptinfo", &verify, stage.container)?)?;
    stage.goes_on(&mut child)
}
