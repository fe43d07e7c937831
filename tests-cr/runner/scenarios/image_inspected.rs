// SPDX-License-Identifier: GPL-2.0

//! Fact: ckptinfo shows an image as text and as JSON, from a file and from a pipe, and finds it
//! whole.

use std::fs::File;

use super::stage::{ensure, fine, Stage};
use crate::tool;
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let image = stage.container.image();
    let text = tool::run("ckptinfo", &[image.as_os_str()], stage.container)?;
    fine(&text)?;
    ensure(
        text.said.contains("ckpt-cases"),
        "the text does not name the program",
    )?;
    fine(&tool::run(
        "ckptinfo",
        &["--verify".as_ref(), image.as_os_str()],
        stage.container,
    )?)?;

    let log = stage.log("ckptinfo");
    let mut command = tool::command("ckptinfo", &["--json"], &log)?;
    command.stdin(File::open(&image).doing("the image")?);
    let json = tool::start(command, &log)?.end(stage.container)?;
    fine(&json)?;
    let sound = json
        .said
        .lines()
        .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
        || serde_json::from_str::<serde_json::Value>(&json.said).is_ok();
    ensure(sound, "what it prints is not JSON")?;

    let bytes = stage.image()?;
    drop(stage.other_image(&bytes[..bytes.len() - 5])?);
    let short = stage.container.dir.join("other-image");
    let verify = ["--verify".as_ref(), short.as_os_str()];
    let ended = tool::run("ckptinfo", &verify, stage.container)?;
    ensure(!ended.status.success(), "a truncated image is found whole")
}
