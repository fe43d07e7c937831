// SPDX-License-Identifier: GPL-2.0

//! Fact: the other name of a file that has lost its own leads to a file in a directory: not by a link of /proc
//! to what a task has open, be it memory of others or a device.

use ckpt_format::reason::Reason::{self, FileChanged, FileKind};
use ckpt_format::Kind::Storage;
use ckpt_image::RecordView;

use super::hostile::{restarted_in, some, Edit, Ground};
use super::stage::{ensure, Stage};
use crate::direct::Caller;
use crate::direct::Circumstance::LentMemory;
use crate::edit::Change::{Both, Set, Tail};
use crate::edit::{field, value, Change};
use crate::verdict::Step;

/// STORAGE_FORM_OTHER_NAME.
fn other(record: &RecordView) -> bool {
    value(record, "form") == Some(5)
}

const AS_LENT: &[Change] = &[
    Set(field("mode"), 0o100_777),
    Set(field("size"), 0),
    Set(field("mtime_s"), 1),
    Set(field("mtime_ns"), 0),
    Tail(b"/proc/self/fd/100"),
];

const ROWS: &[(&str, &[Edit], Reason)] = &[
    ("memory of whoever restarts", &[some(Storage, other, Both(AS_LENT))], FileKind),
    ("other memory", &[some(Storage, other, Tail(b"/proc/self/fd/100"))], FileKind),
    ("a program", &[some(Storage, other, Tail(b"/proc/self/exe"))], FileChanged),
    ("a device", &[some(Storage, other, Tail(b"/proc/self/fd/0"))], FileChanged),
];

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_other_name")?;
    let image = stage.image()?;
    let ground = Ground::prepare(stage)?;
    let who = (Caller::Root, LentMemory);
    let plain = restarted_in(stage, &ground, who, &image, &[])?;
    ensure(plain.errno == 0, &format!("is refused: {}", plain.said))?;
    ground.clear()?;
    let mut wrong = Vec::new();
    for (what, edits, reason) in ROWS {
        let came = restarted_in(stage, &ground, who, &image, *edits)?;
        if came.reason != Some(*reason) {
            wrong.push(format!("{what}: not {}: {}", reason.name(), came.said));
        } else {
            ground.nothing_is_left()?;
        }
        ground.clear()?;
    }
    ensure(wrong.is_empty(), &wrong.join("\n"))
}
