// SPDX-License-Identifier: GPL-2.0

//! Fact: what reaches the container while its image is written (a signal, a message, a key) makes
//! `checkpoint --kill` fail: the container goes on, and has got it. So does its having run, or one of
//! its processes having ended. Its own timers do not.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;

use super::screen::Screen;
use super::stage::{ensure, fine, refused, Stage};
use crate::tool::Ended;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// Tells us when the container stands still and has been looked at; waits until we have done something.
const HOLD: &str = "echo >held; while [ -e held ]; do sleep 0.05; done";

/// What `checkpoint --kill` says when something comes between.
fn with(stage: &Stage, deed: impl FnOnce() -> Step<()>) -> Step<Ended> {
    let held = stage.file("held");
    let hold = HOLD.replace("held", &held.display().to_string());
    let sink = fs::File::create(stage.container.image()).doing("the image")?;
    let running = stage.checkpoint_into(Stdio::from(sink), &["--kill", "--while-frozen", &hold])?;
    wait::until(wait::LIMIT, || held.exists().then_some(()));
    deed()?;
    fs::remove_file(&held).doing("the end of the command")?;
    running.end(stage.container)
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("reachable")?;
    let signalled = with(stage, || {
        for pid in stage.container.pids() {
            // SAFETY: takes no pointer.
            unsafe { libc::kill(pid, libc::SIGUSR1) };
        }
        Ok(())
    })?;
    refused(&signalled, "a signal was sent to it while")?;
    let written = with(stage, || {
        let socket = UnixDatagram::unbound().doing("socket")?;
        let sent = socket.send_to(b"datagram", stage.file("inbox"));
        sent.map(drop).doing("send")
    })?;
    refused(&written, "a message was sent to it while")?;
    let written = with(stage, || {
        let fifo = OpenOptions::new().write(true).open(stage.file("fifo"));
        fifo.and_then(|mut fifo| fifo.write_all(b"x")).doing("the FIFO")
    })?;
    refused(&written, "a message was sent to it while")?;
    let freezer = stage.cgroup().join("cgroup.freeze");
    let freeze = |value: &str| fs::write(&freezer, value).doing("cgroup.freeze");
    let run = with(stage, || {
        freeze("0")?;
        stage.container.wait_for(&["frozen 0"])?;
        freeze("1")?;
        stage.container.wait_for(&["frozen 1"])
    })?;
    refused(&run, "has run")?;
    let running = with(stage, || freeze("0"))?;
    refused(&running, "not frozen")?;
    let with_end = with(stage, || kill_child(stage))?;
    refused(&with_end, "ended")?;
    fine(&with(stage, || Ok(()))?)?;
    let killed = wait::for_child(&mut child, wait::LIMIT);
    ensure(killed.is_some(), "it was not killed")?;
    stage.container.end()?;
    stage.image_is_good()?;
    typed(stage)
}

/// Ends the program's child, which it leaves a zombie.
fn kill_child(stage: &Stage) -> Step<()> {
    let child = stage.container.pids().into_iter().max().unwrap_or(0);
    // SAFETY: takes no pointer.
    let killed = unsafe { libc::kill(child, libc::SIGKILL) };
    ensure(killed == 0, "there is no child")?;
    let stat = format!("/proc/{child}/stat");
    let is_dead = || fs::read_to_string(&stat).is_ok_and(|stat| stat.contains(") Z"));
    let dead = wait::until(wait::LIMIT, || is_dead().then_some(()));
    dead.ok_or_else(|| Outcome::failed("the child does not end"))
}

/// A shell at its own terminal, which is relayed.
fn typed(stage: &Stage) -> Step<()> {
    stage.container.make_cgroup()?;
    let screen = Screen::start(stage, "echo 0 >$PROCS; exec env PS1='pro''mpt ' sh -i")?;
    screen.see("", "prompt ")?;
    let ended = with(stage, || screen.press("echo la''te\r"))?;
    refused(&ended, "something was typed at its terminal while")?;
    screen.wait_for("late\n")?;
    drop(screen);
    stage.container.wait_for(&["populated 0"])?;
    stage.container.end()
}
