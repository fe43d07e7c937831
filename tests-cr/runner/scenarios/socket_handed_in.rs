// SPDX-License-Identifier: GPL-2.0

//! Fact: a service whose output and error are a socket of somebody outside, as service managers give
//! it, is saved without that; if the other end is in the container too, it is saved like any other; so is one
//! at any descriptor that was named, of streams and of datagrams.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;

use super::outside::{is_all_talk, says};
use super::stage::{ensure, refused, Stage};
use crate::tool;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

pub fn run(stage: &Stage) -> Step<()> {
    let (mut ours, theirs) = UnixStream::pair().doing("socketpair")?;
    let mut shell = stage.shell_for("inside $JOB samples/talker 2>&1")?;
    shell.stdout(OwnedFd::from(theirs));
    let mut child = shell.spawn().doing("the job")?;
    drop(shell);
    let mut one = vec![0; 64];
    ours.read_exact(&mut one).doing("the socket")?;
    let said = stage.saves(&[])?;
    says(&said, &["fd 1: socket:[", "fd 2: socket:[", "not saved"])?;
    let _ = wait::for_child(&mut child, wait::LIMIT);
    ours.read_to_end(&mut one).doing("the socket")?;
    stage.has_typed("restart --pids --cgroup $CG <$IMAGE >two 2>&1")?;
    let one = String::from_utf8_lossy(&one).into_owned();
    is_all_talk(&[one, stage.text("two")].concat())?;

    // The other end inside: as descriptor 5.
    let (ours, theirs) = UnixStream::pair().doing("socketpair")?;
    stage.container.make_cgroup()?;
    let mut shell = stage.shell_for("exec 5<&0 0</dev/null; inside $JOB samples/talker 2>&1")?;
    shell.stdin(OwnedFd::from(ours)).stdout(OwnedFd::from(theirs));
    let running = tool::start(shell, &stage.log("shell"))?;
    stage.container.wait_for(&["populated 1"])?;
    std::thread::sleep(std::time::Duration::from_millis(300));
    let ended = stage.checkpoint(&["--check"])?;
    ensure(ended.status.success(), &ended.said)?;
    ensure(!ended.said.contains("not saved"), &ended.said)?;
    stage.has_typed("echo 1 >$CG/cgroup.kill")?;
    running.end(stage.container).map(drop)?;
    stage.container.end()?;
    elsewhere(stage, || pair_of(libc::SOCK_STREAM))?;
    elsewhere(stage, || pair_of(libc::SOCK_DGRAM))
}

/// One open file at other descriptors than the first three, which were named.
fn elsewhere(stage: &Stage, pair: impl Fn() -> Step<[File; 2]>) -> Step<()> {
    const RESTART: &str = "exec 5<&0 0</dev/null; restart --pids --cgroup $CG --fd '8=&5' -i $IMAGE";

    let [mut ours, theirs] = pair()?;
    stage.container.make_cgroup()?;
    let mut shell = stage.shell_for("exec 8<&0 9<&0 0</dev/null >/dev/null 2>&1; inside $JOB samples/listener")?;
    shell.stdin(theirs);
    let mut child = shell.spawn().doing("the job")?;
    drop(shell);
    answers(stage, &mut ours, "one")?;
    refused(&stage.checkpoint(&["--check"])?, "--hand-in")?;
    let said = stage.saves(&["--hand-in=stdio,8"])?;
    says(&said, &["fd 8: socket:[", "not saved"])?;
    let _ = wait::for_child(&mut child, wait::LIMIT);
    let [mut ours, theirs] = pair()?;
    let mut shell = stage.shell_for(RESTART)?;
    shell.stdin(theirs);
    let running = tool::start(shell, &stage.log("shell"))?;
    answers(stage, &mut ours, "two")?;
    answers(stage, &mut ours, "three")?;
    stage.has_typed("echo 1 >$CG/cgroup.kill")?;
    running.end(stage.container).map(drop)?;
    stage.container.end()
}

fn pair_of(kind: i32) -> Step<[File; 2]> {
    let mut pair = [0; 2];
    let kind = kind | libc::SOCK_CLOEXEC;
    // SAFETY: room for two numbers.
    let made = unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, pair.as_mut_ptr()) };
    ensure(made == 0, "socketpair")?;
    // SAFETY: the kernel has just made them for us.
    Ok(pair.map(|fd| unsafe { File::from_raw_fd(fd) }))
}

/// What is said there is said again.
fn answers(stage: &Stage, there: &mut File, word: &str) -> Step<()> {
    let said = || stage.text("shell.log");
    there.write_all(word.as_bytes()).doing(&said())?;
    let mut answer = [0; 64];
    let length = there.read(&mut answer);
    let length = length.map_err(|error| Outcome::failed(format!("{word}: {error}\n{}", said())))?;
    let answer = String::from_utf8_lossy(&answer[..length]);
    ensure(answer.trim_end() == word, &format!("{answer:?}, not {word:?}"))
}
