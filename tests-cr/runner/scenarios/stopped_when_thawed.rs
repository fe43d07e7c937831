// SPDX-License-Identifier: GPL-2.0

//! Fact: ^Z while `checkpoint` writes to a slow reader, and the message of one that runs in the
//! background of a terminal which lets nobody write from there, do not leave the container frozen:
//! `checkpoint` stops when it goes on, and the image is whole.

use std::fs::File;
use std::process::Child;
use std::thread;
use std::time::Duration;

use super::screen::Screen;
use super::stage::{ensure, fine, kill, Stage};
use crate::tool;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

const SLOWLY: &str = "{ dd bs=1 count=5000; : >begun; until [ -e slow ]; do sleep 0.1; done; cat; } \
     <fifo >$IMAGE; : >read";
const FOREGROUND: &str = "checkpoint $CG >fifo; echo be\"\"hind; fg; echo ended $?; sleep 1000";
const BACKGROUND: &str = "stty tostop; checkpoint $CG >fifo & \
     until [ -e thawed ]; do sleep 0.1; done; stty -tostop; fg; sleep 1000";

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    with_reader(stage, FOREGROUND, |screen| {
        screen.press("\x1a")?;
        // What stops it has all the time to do so.
        thread::sleep(Duration::from_millis(700));
        ensure(!screen.seen().contains("behind"), &screen.seen())?;
        stage.container.wait_for(&["frozen 1"])?;
        File::create(stage.file("slow")).doing("a file")?;
        screen.wait_for("behind\n")?;
        stage.container.wait_for(&["frozen 0"])?;
        screen.wait_for("ended 0\n")
    })?;
    with_reader(stage, BACKGROUND, |screen| {
        screen.wait_for("checkpoint: ")?;
        File::create(stage.file("slow")).doing("a file")?;
        stage.container.wait_for(&["frozen 0"])?;
        File::create(stage.file("thawed")).doing("a file").map(drop)
    })?;
    stage.goes_on(&mut child)
}

/// Has a shell at a terminal write an image to a reader that is slow until somebody says go.
fn with_reader(stage: &Stage, line: &str, deed: impl FnOnce(&Screen) -> Step<()>) -> Step<()> {
    for name in ["begun", "slow", "read", "fifo"] {
        let _ = std::fs::remove_file(stage.file(name));
    }
    let reader: Child = stage
        .shell_for(&format!("mkfifo fifo; {SLOWLY}"))?
        .spawn()
        .doing("the reader")?;
    let there = wait::until(wait::LIMIT, || stage.file("fifo").exists().then_some(()));
    ensure(there.is_some(), "there is no reader")?;
    let screen = Screen::start(stage, line)?;
    stage.wait_until_stuck()?;
    let done = deed(&screen);
    let image = done.and_then(|()| is_read(stage));
    kill(reader);
    image.map_err(|mut outcome| {
        outcome.why.push_str(&screen.seen());
        outcome
    })
}

/// All of the image has come, and it is one.
fn is_read(stage: &Stage) -> Step<()> {
    let read = wait::until(wait::LIMIT, || stage.file("read").exists().then_some(()));
    read.ok_or_else(|| Outcome::failed("the image does not end"))?;
    let image = stage.container.image();
    let verified = tool::run("ckptinfo", &["--verify".as_ref(), image.as_os_str()], stage.container)?;
    fine(&verified)
}
