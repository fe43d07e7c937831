// SPDX-License-Identifier: GPL-2.0

//! Fact: a service whose output and error are a socket of somebody outside, as service managers give
//! it, is saved without that; if the other end is in the container too, it is saved like any other.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use super::outside::{is_all_talk, says};
use super::stage::{ensure, Stage};
use crate::tool;
use crate::verdict::{Doing, Step};
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
    running.end(stage.container).map(drop)
}
