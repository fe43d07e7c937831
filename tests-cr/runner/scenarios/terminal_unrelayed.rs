// SPDX-License-Identifier: GPL-2.0

//! Fact: a session that has none of its files at its terminal, which is outside, opens it later, at the
//! terminal where `restart` runs. Where there is none, nothing is restarted, and what to do is said; a
//! checkpoint that hands nothing in refuses it.

use super::outside::says;
use super::screen::Screen;
use super::stage::{ensure, fine, refused, Stage};
use crate::verdict::Step;

const JOB: &str = "echo 0 >$PROCS; exec env sh -c 'echo ready >ready; while [ ! -e say ]; do \
     sleep 0.1; done; echo hello, terminal >/dev/tty; exit 3' \
     </dev/null >out 2>&1";

pub fn run(stage: &Stage) -> Step<()> {
    let one = Screen::start(stage, JOB)?;
    stage.wait_for_lines("ready", 1)?;
    let image = stage.container.image();
    let image = image.to_str().unwrap_or_default();
    let ended = stage.checkpoint(&["--hand-in=none", "-o", image])?;
    refused(&ended, "controlling terminal is outside")?;
    ensure(ended.said.matches("terminal").count() > 0, &ended.said)?;
    let said = stage.saves(&[])?;
    says(&said, &["/dev/pts/", "restart makes a new one"])?;
    drop(one);

    refused(&stage.restart(&["--detach"])?, "leave out --detach")?;
    stage.nothing_is_left()?;
    fine(&stage.restart(&["--verify"])?)?;
    stage.nothing_is_left()?;
    refused(&stage.restart(&["--terminal", "/dev/null"])?, "is no terminal")?;
    let alone = stage.restart_after(|| {
        // SAFETY: takes no pointer; a child is no leader of a group.
        match unsafe { libc::setsid() } {
            -1 => Err(std::io::Error::last_os_error()),
            _ => Ok(()),
        }
    })?;
    refused(&alone, "at a terminal")?;
    stage.nothing_is_left()?;

    let line = "stty -g >before; (sleep 1; echo >say) & \
                restart --pids --cgroup $CG <$IMAGE; echo ended $?; \
                stty -g >after; cmp before after && echo compared; sleep 1000";
    let two = Screen::start(stage, line)?;
    two.wait_for("hello, terminal\n")?;
    two.wait_for("ended 3\n")?;
    two.wait_for("compared\n")?;
    drop(two);
    stage.nothing_is_left()
}
