// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint that is refused because of a task outside tells its caller nothing of that task which
//! the caller's pid namespace does not show: neither its number nor its name.

use super::stage::{ensure, Stage};
use crate::direct::{Caller, Circumstance, Wish};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("with_pidfd_of_parent")?;
    stage.while_frozen(&mut child, |from| {
        let said = |circumstance| -> Step<String> {
            let cgroup = stage.cgroup();
            let wish = Wish::to_checkpoint(Caller::Root, (from, &cgroup), circumstance);
            Ok(wish.fulfil()?.said)
        };
        let seen = said(Circumstance::Plain)?;
        let own = format!("task {}, which is outside", std::process::id());
        ensure(seen.contains(&own), &seen)?;
        // The first in a pid namespace of its own.
        let unseen = said(Circumstance::MemfdNoexec(0))?;
        let nobody = "a pidfd of somebody, task 0 (it has no pid here), which is outside";
        ensure(unseen.contains(nobody), &unseen)
    })
}
