// SPDX-License-Identifier: GPL-2.0

//! Fact: where memfd_create(2) makes nothing that can be executed (vm.memfd_noexec), restart(2) makes
//! nothing such either; what can never be executed comes back.

use ckpt_format::reason::Reason::RestoreNotPermitted;
use ckpt_format::Kind::Storage;
use ckpt_image::RecordView;

use super::hostile::{restarted_in, some, Edit, Ground};
use super::stage::{ensure, Stage};
use crate::direct::Caller;
use crate::direct::Circumstance::{self, MemfdNoexec};
use crate::edit::Change::{Both, Set};
use crate::edit::field;
use crate::verdict::Step;

/// Only what has been sealed against it is made with any value; this one cannot be made.
const ENFORCED: u32 = 2;

fn memory(record: &RecordView) -> bool {
    record.tail.ends_with(b"memfd:by_user")
}

/// Nobody may execute it now.
const PLAIN: Edit = some(Storage, memory, Set(field("mode"), 0o100_666));
/// And never: F_SEAL_EXEC, F_SEAL_SEAL.
const SEALED: Edit = some(
    Storage,
    memory,
    Both(&[Set(field("mode"), 0o100_666), Set(field("seals"), 0x21)]),
);
/// Sealed as it is, which is for everybody to execute.
const SEALED_EXECUTABLE: Edit = some(
    Storage,
    memory,
    Both(&[Set(field("mode"), 0o100_777), Set(field("seals"), 0x21)]),
);

const ROWS: &[(&str, Circumstance, &[Edit], bool)] = &[
    ("executable", Circumstance::Plain, &[], true),
    ("executable", MemfdNoexec(0), &[], true),
    ("executable", MemfdNoexec(ENFORCED), &[], false),
    ("not sealed", MemfdNoexec(ENFORCED), &[PLAIN], false),
    ("sealed", MemfdNoexec(ENFORCED), &[SEALED], true),
    ("sealed executable", MemfdNoexec(ENFORCED), &[SEALED_EXECUTABLE], false),
];

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("opened_by_others")?;
    let image = stage.image()?;
    let ground = Ground::prepare(stage)?;
    let mut wrong = Vec::new();
    for (what, circumstance, edits, may) in ROWS {
        let who = (Caller::Root, *circumstance);
        let came = restarted_in(stage, &ground, who, &image, *edits)?;
        let is_so = match may {
            true => came.errno == 0,
            false => {
                came.reason == Some(RestoreNotPermitted) && came.said.contains("vm.memfd_noexec")
            }
        };
        if !is_so {
            wrong.push(format!("{what}, {circumstance:?}: {}", came.said));
        } else if !may {
            ground.nothing_is_left()?;
        }
        ground.clear()?;
    }
    ensure(wrong.is_empty(), &wrong.join("\n"))
}
