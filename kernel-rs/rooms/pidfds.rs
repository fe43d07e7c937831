// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Pidfds: what they stand for.
//!
//! Saves: which member it is, a thread of it, one that has ended; of one that was reaped already,
//! what the kernel keeps for those who ask (PIDFD_GET_INFO). The pidfds are open files like any other
//! (`files`).
//! Refuses: a task outside; one that was reaped, if a process group or session still goes by its
//! number, if it was in another pid namespace, or has extended attributes; attributes of members.
//! Restores: for members, the tasks that the tool has built; for one that was reaped, a struct pid
//! that never had a task, or a number: nothing tells it. Inode numbers are new.
//! Locks: RCU, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{I32, U32, U64};
use zerocopy::FromZeros;

use super::files::FilePlan;
use crate::abstractions::file::{oflag, OpenFile};
use crate::abstractions::pidfds::{self, Pidfd, PidfdState, Target};
use crate::capture::{Capture, FrozenTask};
use crate::format::files::{OpenFile as FileRecord, OPEN_FILE_AUTOKILL, OPEN_FILE_OF_THREAD};
use crate::format::pidfds::{PidfdTarget, TARGET_DUMPED};
use crate::format::reason::Reason;
use crate::format::task::Member;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// Flags that fcntl(2) or open(2) may have given it.
const FLAGS: u32 =
    oflag::O_ACCMODE | oflag::O_APPEND | oflag::O_NONBLOCK | oflag::O_NOATIME | oflag::O_LARGEFILE;

/// What is in the way of saving a member, whether somebody has a pidfd of it or not.
pub(crate) fn check(task: &FrozenTask, out: &mut Capture<'_>) {
    if pidfds::has_attributes(&task.task) {
        let refusal = task.refusal(Reason::TaskFeature);
        out.refuse(refusal.name("extended attributes of its pidfd"));
    }
}

/// Describes what a pidfd stands for, once; gives that and the marks of the open file.
pub(super) fn capture(
    file: &OpenFile,
    flags: u32,
    task: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<Result<(ObjectId, u32), Refusal>> {
    let pidfd = Pidfd::of(file).ok_or(EINVAL)?;
    let state = pidfd.state(&task.task);
    if flags & !FLAGS != 0 || (state.kills && state.alive) {
        let refusal = task.refusal(Reason::FileFlags).value(flags.into());
        return Ok(Err(refusal.name("a pidfd")));
    }
    let pid = match state.alive {
        true => out
            .member(pidfd.identity())
            .and(out.known(pidfd.identity())),
        false => Some(ObjectId::NONE),
    };
    let Some(pid) = pid else {
        return Ok(Err(outside(&state, task)?));
    };
    let unlike = [
        (
            state.elsewhere,
            "a pidfd of a task that was reaped in another pid namespace",
        ),
        (
            state.led,
            "a pidfd of a task that was reaped and has left a process group or session",
        ),
        (state.has_attributes, "a pidfd with extended attributes"),
        (!state.reaped, "a pidfd of a task that is just being reaped"),
    ];
    if let Some((_, what)) = unlike.iter().find(|(is, _)| *is && !state.alive) {
        return Ok(Err(task.refusal(Reason::PidfdTarget).name(what)));
    }
    let mark = |is: bool, mark| if is { mark } else { 0 };
    let marks = mark(state.of_thread, OPEN_FILE_OF_THREAD) | mark(state.kills, OPEN_FILE_AUTOKILL);
    // A pid has a number of its own.
    let (id, is_new) = out.object(pidfd.identity() | 1)?;
    if is_new {
        let mut record = PidfdTarget::new_zeroed();
        record.id = id;
        record.pid = pid;
        if !state.alive {
            record.status = U32::new(state.status);
            record.cgroup = U64::new(state.cgroup);
        }
        if state.dumped {
            record.flags = U32::new(TARGET_DUMPED);
            record.core_mask = U32::new(state.core_mask);
            record.core_signal = U32::new(state.core_signal);
            record.core_code = I32::new(state.core_code);
        }
        out.record(&record, &[])?;
    }
    Ok(Ok((id, marks)))
}

fn outside(state: &PidfdState, task: &FrozenTask) -> Result<Refusal> {
    let mut text = KVec::new();
    text.extend_from_slice(b"a pidfd of ", GFP_KERNEL)?;
    let name = state.comm.split(|byte| *byte == 0).next().unwrap_or(&[]);
    text.extend_from_slice(name, GFP_KERNEL)?;
    let refusal = task.refusal(Reason::PidfdOutside).text(&text);
    Ok(refusal.value(state.nr.unsigned_abs().into()))
}

/// What pidfds stand for, as the image says.
pub(crate) struct TargetPlan {
    record: PidfdTarget,
    /// The member.
    member: Option<TaskId>,
    /// It leads its process.
    leads: bool,
}

impl TargetPlan {
    /// Takes a record in; `member`: who has that pid.
    pub(crate) fn new(
        record: PidfdTarget,
        member: Option<(TaskId, &Member)>,
    ) -> Result<Self, Refusal> {
        let lives = member.is_some_and(|(_, member)| !member.has_ended());
        if record.was_reaped() == member.is_some() || (record.has_dumped() && lives) {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("pid");
            return Err(refusal.value(record.pid.get().into()));
        }
        Ok(Self {
            record,
            member: member.map(|(member, _)| member),
            leads: member.is_none_or(|(id, member)| member.leader == id),
        })
    }

    /// Could this be an open file of it?
    pub(crate) fn check(&self, file: &FileRecord) -> Result<(), Refusal> {
        let has = |mark| file.marks.get() & mark != 0;
        let is_possible = file.flags.get() & !FLAGS == 0
            && file.position.get() == 0
            && (has(OPEN_FILE_OF_THREAD) || self.leads)
            && (!has(OPEN_FILE_AUTOKILL) || self.record.was_reaped());
        match is_possible {
            true => Ok(()),
            false => Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("marks")
                .value(file.marks.get().into())),
        }
    }

    /// Finds it among the tasks that have joined, or makes what is left of it.
    fn find<'a>(
        &self,
        task_of: impl Fn(TaskId) -> Option<&'a kernel::task::Task>,
    ) -> Result<Target, Refusal> {
        let record = &self.record;
        let state = PidfdState {
            status: record.status.get(),
            cgroup: record.cgroup.get(),
            dumped: record.has_dumped(),
            core_mask: record.core_mask.get(),
            core_signal: record.core_signal.get(),
            core_code: record.core_code.get(),
            ..PidfdState::default()
        };
        let task = match self.member {
            Some(member) => Some(task_of(member).ok_or(ESRCH)?),
            None => None,
        };
        let not_made = |error| Refusal::new(Reason::StateNotRestored, error).name("a pidfd");
        Target::new(task, &state).map_err(not_made)
    }
}

/// Finds or makes everything that pidfds stand for.
pub(crate) fn find<'a>(
    plans: &[TargetPlan],
    task_of: impl Fn(TaskId) -> Option<&'a kernel::task::Task>,
) -> Result<KVVec<Target>, Refusal> {
    let mut targets = KVVec::new();
    for plan in plans {
        targets.push(plan.find(&task_of)?, GFP_KERNEL_ACCOUNT)?;
    }
    Ok(targets)
}

/// Makes a pidfd.
pub(super) fn open(plan: &FilePlan, target: &Target) -> Result<OpenFile, Refusal> {
    let (flags, marks) = (plan.record.flags.get(), plan.record.marks.get());
    let has = |mark| marks & mark != 0;
    target
        .open(flags, has(OPEN_FILE_OF_THREAD), has(OPEN_FILE_AUTOKILL))
        .map_err(|error| plan.refusal(Reason::StateNotRestored, error))
}

#[kunit_tests(checkpoint_pidfds)]
mod tests {
    use super::*;
    use crate::format::task::MEMBER_ENDED;

    fn target(pid: u32) -> PidfdTarget {
        let mut record = PidfdTarget::new_zeroed();
        record.pid = ObjectId::new(pid);
        record
    }

    fn file(flags: u32, marks: u32) -> FileRecord {
        let mut record = FileRecord::new_zeroed();
        record.flags = U32::new(oflag::O_RDWR | flags);
        record.marks = U32::new(marks);
        record
    }

    /// What the pid of a target refers to must be there.
    #[test]
    fn targets_without_a_member_are_refused() {
        let member = Member::new_zeroed();
        let id = TaskId::new(0);
        assert!(TargetPlan::new(target(1), Some((id, &member))).is_ok());
        assert!(TargetPlan::new(target(1), None).is_err());
        assert!(TargetPlan::new(target(0), None).is_ok());
        assert!(TargetPlan::new(target(0), Some((id, &member))).is_err());
    }

    /// Nobody who lives has left a core.
    #[test]
    fn only_the_dead_have_dumped() {
        let mut member = Member::new_zeroed();
        let mut record = target(1);
        record.flags = U32::new(TARGET_DUMPED);
        assert!(TargetPlan::new(record, Some((TaskId::new(0), &member))).is_err());
        member.flags = U32::new(MEMBER_ENDED);
        assert!(TargetPlan::new(record, Some((TaskId::new(0), &member))).is_ok());
    }

    /// A pidfd for a process is none for a thread of it, and none kills who lives.
    #[test]
    fn impossible_pidfds_are_refused() {
        let mut member = Member::new_zeroed();
        let fits = |pid, member: Option<&Member>, file: FileRecord| {
            let member = member.map(|member| (TaskId::new(1), member));
            TargetPlan::new(target(pid), member).is_ok_and(|plan| plan.check(&file).is_ok())
        };
        member.leader = TaskId::new(1);
        assert!(fits(1, Some(&member), file(0, 0)));
        assert!(!fits(1, Some(&member), file(oflag::O_DIRECT, 0)));
        assert!(!fits(1, Some(&member), file(0, OPEN_FILE_AUTOKILL)));
        assert!(fits(0, None, file(0, OPEN_FILE_AUTOKILL)));
        member.leader = TaskId::new(0);
        assert!(!fits(1, Some(&member), file(0, 0)));
        assert!(fits(1, Some(&member), file(0, OPEN_FILE_OF_THREAD)));
    }
}
