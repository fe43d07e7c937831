// SPDX-License-Identifier: GPL-2.0

//! Fact: whose cgroup.freeze and cgroup.kill the caller may not write to, that cgroup it can neither save
//! nor restart into, however its directory was opened (O_PATH), and whatever lies over its files.

use std::os::unix::fs::chown;

use super::hostile::{give, restarted_in, Ground};
use super::stage::{ensure, Stage};
use crate::direct::Circumstance::{self, Covered, CoveredPathOnly, PathOnly, Plain};
use crate::direct::{Caller, Came, Wish, USER};
use crate::verdict::{Doing, Step};

const HOWEVER: [(Circumstance, &str); 4] = [
    (Plain, "open"),
    (PathOnly, "open with O_PATH"),
    (Covered, "with files over its own"),
    (CoveredPathOnly, "open with O_PATH, with files over its own"),
];

/// A file, and who it belongs to.
const OWNERS: [(&str, u32); 3] = [
    ("cgroup.freeze", USER),
    ("cgroup.freeze", 0),
    ("cgroup.kill", 0),
];

const CALLERS: [Caller; 2] = [Caller::Operator, Caller::Root];

/// What came of all of them, and what has not come as it should.
struct Tried {
    count: usize,
    wrong: Vec<String>,
}

impl Tried {
    fn note(&mut self, is_permitted: bool, came: &Came, what: &str) {
        self.count += 1;
        let word = match (came.errno, came.reason) {
            // While a session is opened there is no log yet.
            (libc::EACCES, None) => "CgroupAccess".into(),
            _ => came.word(),
        };
        let wanted = if is_permitted { "yes" } else { "CgroupAccess" };
        if word != wanted {
            let said = &came.said;
            self.wrong.push(format!("{what}: not {wanted}: {said}"));
        }
    }

    fn judge(self) -> Step<()> {
        ensure(self.wrong.is_empty(), &self.wrong.join("\n"))?;
        ensure(self.count > 0, "nothing was tried")
    }
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut tried = Tried {
        count: 0,
        wrong: Vec::new(),
    };
    checkpoints(stage, &mut tried)?;
    stage.reset()?;
    restarts(stage, &mut tried)?;
    tried.judge()
}

fn checkpoints(stage: &Stage, tried: &mut Tried) -> Step<()> {
    let mut child = stage.start("of_user")?;
    stage.while_frozen(&mut child, |from| {
    each_of(|(file, owner), (circumstance, however), caller| {
        give(&stage.cgroup())?;
        chown(stage.cgroup().join(file), Some(owner), None).doing("chown")?;
        let cgroup = stage.cgroup();
        let wish = Wish::to_checkpoint(caller, (from, &cgroup), circumstance);
        let may = caller == Caller::Root || owner == USER || file == "cgroup.kill";
        let what = format!("checkpoint by {}, {file} of {owner}, {however}", caller.name());
        tried.note(may, &wish.fulfil()?, &what);
        Ok(())
    })
    })
}

fn restarts(stage: &Stage, tried: &mut Tried) -> Step<()> {
    stage.container.make_cgroup()?;
    stage.saved("of_user")?;
    let image = stage.image()?;
    let ground = Ground::prepare(stage)?;
    each_of(|(file, owner), (circumstance, however), caller| {
        give(&ground.inside)?;
        chown(ground.inside.join(file), Some(owner), None).doing("chown")?;
        let came = restarted_in(stage, &ground, (caller, circumstance), &image, &[])?;
        let may = caller == Caller::Root || owner == USER;
        let what = format!("restart by {}, {file} of {owner}, {however}", caller.name());
        tried.note(may, &came, &what);
        ground.clear()
    })
}

fn each_of(
    mut deed: impl FnMut((&str, u32), (Circumstance, &str), Caller) -> Step<()>,
) -> Step<()> {
    for owned in OWNERS {
        for however in HOWEVER {
            for caller in CALLERS {
                deed(owned, however, caller)?;
            }
        }
    }
    Ok(())
}
