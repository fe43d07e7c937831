// SPDX-License-Identifier: GPL-2.0

//! Fact: the terminal where `restart` relays has its settings back while `restart` is stopped, goes on
//! being relayed when that is continued, and has them back after `restart` was killed, when the session in
//! the container is hung up.

use std::os::fd::AsRawFd;

use super::outside::says;
use super::screen::Screen;
use super::stage::{ensure, Stage};
use crate::verdict::Step;

const JOB: &str = "echo 0 >$PROCS; exec env sh -c 'echo re\"\"ady; \
     while read line; do echo \"got $line\"; done'";
const RESTART: &str = "stty -g >before; restart --pids --cgroup $CG <$IMAGE; \
     echo stop\"\"ped; stty -g >while; fg; echo ended $?; \
     until stty -g >after; cmp -s before after; do sleep 0.1; done; \
     cmp before while && echo compared; sleep 1000";

pub fn run(stage: &Stage) -> Step<()> {
    let one = Screen::start(stage, JOB)?;
    one.wait_for("ready\n")?;
    let said = stage.saves(&[])?;
    says(&said, &["restart makes a new one"])?;
    drop(one);

    let two = Screen::start(stage, RESTART)?;
    two.see("one\r", "got one\n")?;
    two.signal(libc::SIGTSTP)?;
    two.wait_for("stopped\n")?;
    two.see("two\r", "got two\n")?;
    two.signal(libc::SIGKILL)?;
    two.wait_for("ended 137\n")?;
    two.wait_for("compared\n")?;
    stage.nothing_is_left()
}

impl Screen {
    /// Signals what is in the foreground.
    fn signal(&self, signal: i32) -> Step<()> {
        // SAFETY: takes no pointer.
        let done = unsafe {
            let group = libc::tcgetpgrp(self.shell.master.as_raw_fd());
            group > 1 && libc::kill(group, signal) == 0
        };
        ensure(done, "there is nobody in the foreground")
    }
}
