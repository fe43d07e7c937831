// SPDX-License-Identifier: GPL-2.0

//! Fact: --while-frozen runs a command while the container stands still; if it fails, takes too long or is
//! interrupted, there is no image and the program goes on.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use super::stage::{ensure, fine, refused, Stage};
use crate::verdict::{Doing, Step};
use crate::{tool, wait};

/// No process runs this command line any more.
fn has_ended(word: &str) -> Step<()> {
    let gone = wait::until(wait::LIMIT, || {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let mut lines = processes.map(|entry| fs::read(entry.path().join("cmdline")));
        let runs = lines.any(|line| {
            line.is_ok_and(|line| line.split(|byte| *byte == 0).any(|arg| arg == word.as_bytes()))
        });
        (!runs).then_some(())
    });
    ensure(gone.is_some(), "the command was left running")
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let image = stage.container.image();
    let log = stage.container.dir.join("seen");
    let to_image = |command: &str, more: &[&str]| {
        let mut options = vec!["-o".into(), image.clone().into_os_string()];
        options.extend(["--while-frozen".into(), command.into()]);
        options.extend(more.iter().map(Into::into));
        stage.checkpoint(&options)
    };

    let look = format!(
        "cat $CHECKPOINT_CGROUP/cgroup.events > {}; echo hello; cat",
        log.display()
    );
    let ended = to_image(&look, &[])?;
    fine(&ended)?;
    ensure(ended.said.contains("hello"), "what it says is not shown")?;
    let seen = fs::read_to_string(&log).doing("what the command saw")?;
    ensure(seen.contains("frozen 1"), "it ran while nothing was frozen")?;
    tool::succeed("ckptinfo", &["--verify".into(), image.clone()], stage.container)?;
    fs::remove_file(&image).doing("the image")?;
    stage.container.wait_for(&["frozen 0"])?;

    refused(&to_image("echo x; exit 3", &[])?, "exit status: 3")?;
    ensure(!image.exists(), "the failed checkpoint left an image")?;
    stage.container.wait_for(&["frozen 0"])?;

    // What went into a pipe or a file of the shell's is no image either.
    let sink = File::create(&log).doing("the sink")?;
    let ended = stage.checkpoint_into(sink, &["--while-frozen", "false"])?;
    refused(&ended.end(stage.container)?, "--while-frozen")?;
    let verified = tool::run("ckptinfo", &["--verify".into(), log], stage.container)?;
    ensure(!verified.status.success(), "a complete image was left")?;

    let start = Instant::now();
    let ended = to_image("sleep 7234", &["--max-frozen", "2s"])?;
    refused(&ended, "--max-frozen")?;
    ensure(start.elapsed() < Duration::from_secs(60), "it took too long")?;
    stage.container.wait_for(&["frozen 0"])?;
    has_ended("7234")?;

    let sink = File::create("/dev/null").doing("the sink")?;
    let checkpoint = stage.checkpoint_into(sink, &["--while-frozen", "sleep 2345"])?;
    stage.container.wait_for(&["frozen 1"])?;
    std::thread::sleep(Duration::from_millis(500));
    // SAFETY: takes no pointer.
    unsafe { libc::kill(checkpoint.child.id() as i32, libc::SIGINT) };
    let ended = checkpoint.end(stage.container)?;
    let why = format!("it ended with {}\n{}", ended.status, ended.said);
    ensure(ended.status.signal() == Some(libc::SIGINT), &why)?;
    has_ended("2345")?;
    ensure(!image.exists(), "an image was left")?;
    stage.goes_on(&mut child)
}
