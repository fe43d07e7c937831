// SPDX-License-Identifier: GPL-2.0

//! What has ended needs less than what lives, and uses nothing.

use ckpt_image::format::task::{Member, Thread, MEMBER_ENDED};
use ckpt_image::format::{Kind, ObjectId, Problem, TaskId};
use ckpt_image::{ImageError, ImageReader, ImageWriter, RecordView, Verifier};
use ckpt_samples::family;
use zerocopy::FromZeros;

/// The task that a record is about, if it is one that all tasks have.
fn owner(record: &RecordView<'_>) -> Option<TaskId> {
    let begin = record.fixed.get(..4)?.try_into().ok()?;
    let task = TaskId::new(u32::from_le_bytes(begin));
    match record.kind? {
        Kind::Process
        | Kind::Thread
        | Kind::Credentials
        | Kind::Scheduling
        | Kind::RegistersX86_64
        | Kind::ExtendedStateX86 => Some(task),
        _ => None,
    }
}

/// The family, verified: some have ended, of which only the kinds are there that `keeps` wants.
fn verified(ended: &[u32], uses: u32, keeps: impl Fn(Kind, u32) -> bool) -> Result<(), Problem> {
    let image = family();
    let mut reader = ImageReader::new(&image[..]);
    let mut out = ImageWriter::new(Vec::new());
    let mut members = 0;
    while let Some(record) = reader.next().unwrap() {
        let kind = record.kind.unwrap();
        let task = owner(&record).map(TaskId::get);
        let of_ended = task.filter(|task| ended.contains(task));
        match (kind, of_ended) {
            (Kind::End, _) => break,
            (Kind::Member, _) => {
                let mut member: Member = record.decode().unwrap();
                if ended.contains(&members) {
                    member.flags = (member.flags.get() | MEMBER_ENDED).into();
                }
                // What has ended has no children.
                if ended.contains(&member.parent.get()) {
                    member.parent = TaskId::new(1);
                }
                out.write(&member, &[]).unwrap();
                members += 1;
            }
            (kind, Some(task)) if !keeps(kind, task) => {}
            (Kind::Thread, Some(task)) => {
                let thread = Thread {
                    task: TaskId::new(task),
                    directories: ObjectId::new(uses),
                    ..Thread::new_zeroed()
                };
                out.write(&thread, &[]).unwrap();
            }
            _ => out.write_raw(kind, record.fixed, record.tail).unwrap(),
        }
    }
    let image = out.end().unwrap();
    let mut reader = ImageReader::new(&image[..]);
    let mut verifier = Verifier::default();
    while let Some(record) = reader.next().unwrap() {
        match verifier.record(&record) {
            Ok(()) => {}
            Err(ImageError::Format(error)) => return Err(error.problem),
            Err(error) => panic!("{error}"),
        }
    }
    Ok(())
}

fn little(kind: Kind) -> bool {
    matches!(kind, Kind::Thread | Kind::Credentials)
}

#[test]
fn it_needs_a_thread_and_credentials() {
    let missing = |task| Err(Problem::Reference("task", task));
    assert_eq!(verified(&[], 0, |_, _| true), Ok(()));
    assert_eq!(verified(&[2], 0, |kind, _| little(kind)), Ok(()));
    assert_eq!(
        verified(&[2], 0, |kind, _| kind == Kind::Thread),
        missing(2)
    );
    assert_eq!(
        verified(&[2], 0, |kind, _| kind == Kind::Credentials),
        missing(2)
    );
}

#[test]
fn it_uses_nothing() {
    let using = verified(&[2], 9, |kind, _| little(kind));
    assert_eq!(using, Err(Problem::Reference("directories", 9)));
}

#[test]
fn a_process_is_there_as_long_as_a_thread_lives() {
    let leader_ended = |keeps_process: bool| {
        verified(&[0], 0, |kind, _| {
            little(kind) || keeps_process && kind == Kind::Process
        })
    };
    assert_eq!(leader_ended(true), Ok(()));
    assert_eq!(leader_ended(false), Err(Problem::Reference("task", 0)));
}
