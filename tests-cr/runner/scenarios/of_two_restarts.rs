// SPDX-License-Identifier: GPL-2.0

//! Fact: tasks of two restarted containers, in the namespaces that each restart made, are not saved
//! as one container.

use std::fs;

use super::stage::{refused, Stage};
use crate::container::Container;
use crate::verdict::{Doing, Step};
use crate::{modes, wait};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    modes::checkpoint(stage.container, &["--kill"])?;
    wait::for_child(&mut child, wait::LIMIT);
    stage.container.end()?;
    let first = modes::restart_frozen(stage.container)?;
    let dir = stage.container.dir.join("second");
    fs::create_dir_all(&dir).doing("mkdir")?;
    let other = Container {
        cgroup: stage.cgroup().with_extension("second"),
        dir,
        wait: stage.container.wait,
    };
    fs::copy(stage.container.image(), other.image()).doing("the image")?;
    let second = modes::restart_frozen(&other)?;
    let places = [stage.cgroup(), other.cgroup.clone()].map(|place| place.join("cgroup.procs"));
    let move_all = |place: &std::path::Path| -> Step<()> {
        for pid in other.pids() {
            fs::write(place, pid.to_string()).doing("the move")?;
        }
        Ok(())
    };
    let foreign = other.pids();
    move_all(&places[0])?;
    stage.container.freeze()?;
    let ended = stage.checkpoint(&["-o", "/dev/null"])?;
    for pid in foreign {
        fs::write(&places[1], pid.to_string()).doing("the move back")?;
    }
    for container in [stage.container, &other] {
        container.thaw()?;
    }
    stage.container.say_go()?;
    let goes_on = first.end(stage.container)?;
    second.end(&other)?;
    refused(&ended, "namespace of its own")?;
    modes::verdict(stage.container, goes_on.status)
}
