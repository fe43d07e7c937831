// SPDX-License-Identifier: GPL-2.0

//! Fact: a forest that is not the one of the image, in whatever respect, is refused by restart(2) for
//! what differs, and killed: whoever builds it is not trusted. What its tasks share and should not,
//! they share no more.

use std::process::{Command, Stdio};

use ckpt_format::reason::Reason::{self, ForestDiffers, MemberNamespace, SessionRole, TaskDied, TaskMissing};

use super::hostile::Ground;
use super::stage::{ensure, Stage};
use crate::direct::Came;
use crate::forest::{FORESTS, SHARING};
use crate::modes;
use crate::verdict::{Doing, Outcome, Step};

/// Why they are refused, but for those that are as they may be; a word of the sentence.
const WHY: &[(&str, Reason, &str)] = &[
    ("another number", TaskMissing, ""),
    ("numbers exchanged", ForestDiffers, "the pid"),
    ("one too many", SessionRole, "more tasks"),
    ("another pid", ForestDiffers, "the pid"),
    ("a brother", ForestDiffers, "its"),
    ("another thread", ForestDiffers, "threads"),
    ("another child", ForestDiffers, "its child"),
    ("no session of its own", ForestDiffers, "its"),
    ("a session too many", ForestDiffers, "its"),
    ("a group too many", ForestDiffers, "its process group"),
    ("a traced task", ForestDiffers, "traced"),
    ("a pid namespace too many", ForestDiffers, "pid namespace"),
    ("a user namespace too many", ForestDiffers, "its user namespace"),
    ("a user namespace with mounts", ForestDiffers, "its user namespace"),
    ("user namespaces of all", ForestDiffers, "its user namespace"),
    ("a mount namespace too many", MemberNamespace, "mount"),
    ("a uts namespace too many", MemberNamespace, "uts"),
    ("a net namespace too many", MemberNamespace, "net"),
    ("an ipc namespace too many", MemberNamespace, "ipc"),
    ("a cgroup namespace too many", MemberNamespace, "cgroup"),
    ("a time namespace too many", MemberNamespace, "time"),
    ("a time namespace for its children", ForestDiffers, "time namespace"),
    ("a dead task", TaskDied, ""),
    ("somebody else", ForestDiffers, "the number of tasks"),
];

/// Descriptors, directories and actions: what the restarted tasks build in place.
fn share_nothing(one: i32, other: i32) -> bool {
    const KCMP_FILES: i32 = 2;
    const KCMP_SIGHAND: i32 = 4;

    // SAFETY: takes no address.
    let compared = |what: i32| unsafe { libc::syscall(libc::SYS_kcmp, one, other, what, 0_usize, 0_usize) };
    (KCMP_FILES..=KCMP_SIGHAND).all(|what| compared(what) > 0)
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("with_child")?;
    let parent = child.id() as i32;
    let pids = stage.container.pids();
    let other = pids.into_iter().find(|pid| *pid != parent);
    let other = other.ok_or_else(|| Outcome::failed("there is no child"))?;
    modes::kill_and_checkpoint(stage.container, &mut child)?;
    stage.container.end()?;
    let ground = Ground::prepare(stage)?;
    let mut wrong = Vec::new();
    for (name, _) in FORESTS {
        let built = Command::new(std::env::current_exe().doing("our own path")?)
            .args(["forest", name])
            .args([&ground.inside, &stage.container.image()])
            .args([parent.to_string(), other.to_string()])
            .stdin(Stdio::null())
            .output()
            .doing("a builder")?;
        let came = match Came::of(&built) {
            Ok(came) => came,
            Err(outcome) => {
                wrong.push(format!("{name}: {}", outcome.why));
                ground.clear()?;
                continue;
            }
        };
        let is_so = match WHY.iter().find(|(other, ..)| other == name) {
            None if *name == SHARING => came.errno == 0 && share_nothing(parent, other),
            None => came.errno == 0,
            Some((_, reason, word)) => came.reason == Some(*reason) && came.said.contains(word),
        };
        if !is_so {
            wrong.push(format!("{name}: {}", came.said));
        } else if came.errno != 0 {
            ground.nothing_is_left()?;
        }
        ground.clear()?;
    }
    ensure(wrong.is_empty(), &wrong.join("\n"))
}
