// SPDX-License-Identifier: GPL-2.0

//! Fact: a job with a terminal as its input, output and error (one open file) goes on at another
//! terminal; or with its output in a file, where its error stays at the terminal.

use super::outside::{is_all_talk, says};
use super::screen::Screen;
use super::stage::{ensure, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let one = Screen::start(stage, "(inside $JOB samples/talker) & wait; sleep 1000")?;
    one.wait_for("99\n")?;
    let said = stage.saves(&[])?;
    for fd in 0..3 {
        says(&said, &[&format!("fd {fd}: /dev/pts/"), "not saved"])?;
    }
    let one = one.close()?;

    let line = "restart --pids --no-pidns --cgroup $CG -i $IMAGE; echo done; sleep 1000";
    let two = Screen::start(stage, line)?;
    two.wait_for("done\n")?;
    let two = two.close()?;
    is_all_talk(&[&one, two.trim_end_matches("done\n")].concat())?;

    let line = "restart --pids --cgroup $CG <$IMAGE >log; echo done; sleep 1000";
    let three = Screen::start(stage, line)?;
    three.wait_for("done\n")?;
    let three = three.close()?;
    is_all_talk(&[&one, &stage.text("log")[..]].concat())?;
    let seen: Vec<&str> = three.lines().filter(|line| *line != "still talking").collect();
    ensure(
        seen == ["done"] && three.contains("still talking"),
        &format!("at the terminal: {three}"),
    )?;
    stage.nothing_is_left()
}
