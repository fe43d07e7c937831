// SPDX-License-Identifier: GPL-2.0

//! Fact: at a terminal, `restart` says how long it takes, and has taken that away before the container
//! writes to the same terminal: nothing of what that writes is lost, or stands behind something else.

use super::outside::is_all_talk;
use super::screen::Screen;
use super::stage::Stage;
use crate::verdict::Step;

/// The image comes in two parts, so that there is something to say.
const RESTART: &str = "{ head -c -1000 $IMAGE; sleep 4; tail -c 1000 $IMAGE; } | \
     restart --pids --cgroup $CG; echo done; sleep 1000";

pub fn run(stage: &Stage) -> Step<()> {
    let one = Screen::start(stage, "(inside $JOB samples/talker) & wait; sleep 1000")?;
    one.wait_for("99\n")?;
    stage.saves(&[])?;
    let one = one.close()?;

    let two = Screen::start(stage, RESTART)?;
    two.wait_for("restart: 1 s")?;
    two.wait_for("done\n")?;
    let two = two.close()?;
    is_all_talk(&[&one, two.trim_end_matches("done\n")].concat())?;
    stage.nothing_is_left()
}
