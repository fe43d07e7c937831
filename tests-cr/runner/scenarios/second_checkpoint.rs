// SPDX-License-Identifier: GPL-2.0

//! Fact: a second checkpoint of a container that is being saved is refused, and disturbs nothing.

use std::fs::File;
use std::process::{Command, Stdio};

use super::stage::{ensure, fine, refused, Stage};
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

fn second_log(stage: &Stage) -> Step<std::path::PathBuf> {
    let dir = stage.container.dir.join("second");
    std::fs::create_dir_all(&dir).doing("mkdir")?;
    Ok(dir)
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let (begun, go_on) = (stage.container.dir.join("begun"), stage.container.dir.join("go-on"));
    let script = format!(
        "dd bs=1 count=1; : >{}; until [ -e {} ]; do sleep 0.1; done; exec cat",
        begun.display(),
        go_on.display()
    );
    let image = File::create(stage.container.image()).doing("the image")?;
    let mut reader = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(image)
        .spawn()
        .doing("the slow reader")?;
    let pipe = reader
        .stdin
        .take()
        .ok_or_else(|| Outcome::failed("no pipe"))?;
    let first = stage.checkpoint_into(pipe, &[])?;
    let is_stuck = wait::until(wait::LIMIT, || begun.exists().then_some(()));
    ensure(is_stuck.is_some(), "the first one writes nothing")?;
    // Its words go to a log of their own.
    let second = crate::tool::run(
        "checkpoint",
        &[stage.cgroup().as_os_str(), "--check".as_ref()],
        &crate::container::Container {
            cgroup: stage.cgroup(),
            dir: second_log(stage)?,
            wait: stage.container.wait,
        },
    )?;
    refused(&second, "")?;
    File::create(go_on).doing("the sign to go on")?;
    fine(&first.end(stage.container)?)?;
    reader.wait().doing("the slow reader")?;
    let verify = ["--verify".as_ref(), stage.container.image().as_os_str()].map(ToOwned::to_owned);
    fine(&crate::tool::run("ckptinfo", &verify, stage.container)?)?;
    stage.goes_on(&mut child)
}
