// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Pidfds: what they stand for.
//!
//! Saves: which member it is, a thread of it, one that has ended; of one that was reaped already,
//! what the kernel keeps for those who ask (PIDFD_GET_INFO). The pidfds are open files like any other
//! (`files`).
//! Refuses: a task outside; one that was reaped, if it was in another pid namespace, has left a session,
//! or a group that is outside, or has extended attributes; attributes of members.
//! Restores: for members, the tasks that the tool has built; for one that was reaped, what the group
//! goes by that it has left, or else a struct pid that never had a task, or a number: nothing tells
//! it. Inode numbers are new.
//! Locks: RCU, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{I32, U32, U64};
use zerocopy::FromZeros;

use super::files::FilePlan;
use crate::abstractions::file::{oflag, OpenFile};
use crate::abstractions::pidfds::{self, Pidfd, PidfdState, Target};
use crate::abstractions::until_zero;
use crate::capture::{Capture, FrozenTask};
use crate::format::files::{OpenFile as FileRecord, OPEN_FILE_AUTOKILL, OPEN_FILE_OF_THREAD};
use crate::format::pidfds::{PidfdTarget, TARGET_DUMPED, TARGET_REAPED};
use crate::format::reason::Reason;
use crate::format::task::Member;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// Marks that only pidfds have.
pub(super) const MARKS: u32 = OPEN_FILE_OF_THREAD | OPEN_FILE_AUTOKILL;

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
    task: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<Result<(ObjectId, u32), Refusal>> {
    let pidfd = Pidfd::of(file).ok_or(EINVAL)?;
    let state = pidfd.state(&task.task);
    if state.kills && state.alive {
        let refusal = task.refusal(Reason::FileFlags);
        return Ok(Err(refusal.name("a pidfd")));
    }
    let pid = match state.alive {
        true => out
            .member(pidfd.identity())
            .and(out.known(pidfd.identity())),
        false if state.led => out.known(pidfd.identity()).or(Some(ObjectId::NONE)),
        false => Some(ObjectId::NONE),
    };
    let Some(pid) = pid else {
        return Ok(Err(outside(&state, task)?));
    };
    let unlike = [
        (
            Some(state.space) != out.pid_space,
            "a pidfd of a task that was reaped in another pid namespace",
        ),
        (
            state.left_session,
            "a pidfd of a task that was reaped and has left a session",
        ),
        (
            state.led && pid == ObjectId::NONE,
            "a pidfd of a task that was reaped and has left a process group outside",
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
        let mut flags = 0;
        if !state.alive {
            flags |= TARGET_REAPED;
            record.status = U32::new(state.status);
            record.cgroup = U64::new(state.cgroup);
        }
        if state.dumped {
            flags |= TARGET_DUMPED;
            record.core_mask = U32::new(state.core_mask);
            record.core_signal = U32::new(state.core_signal);
            record.core_code = I32::new(state.core_code);
        }
        record.flags = U32::new(flags);
        out.record(&record, &[])?;
    }
    Ok(Ok((id, marks)))
}

fn outside(state: &PidfdState, task: &FrozenTask) -> Result<Refusal> {
    let mut text = KVec::new();
    text.extend_from_slice(b"a pidfd of ", GFP_KERNEL)?;
    let name = until_zero(&state.comm);
    text.extend_from_slice(name, GFP_KERNEL)?;
    let refusal = task.refusal(Reason::PidfdOutside).text(&text);
    Ok(refusal.outsider(state.nr))
}

/// Where that is in a restart.
enum Place {
    /// The task of a member.
    Member(TaskId),
    /// What the group of a member goes by.
    Left(TaskId),
    /// Nowhere.
    Gone,
}

/// What pidfds stand for, as the image says.
pub(crate) struct TargetPlan {
    record: PidfdTarget,
    place: Place,
    /// It leads its process, or may have.
    leads: bool,
}

impl TargetPlan {
    /// Takes a record in. `holder`: the member that has that pid.
    pub(crate) fn new(
        record: PidfdTarget,
        holder: Option<TaskId>,
        members: &[Member],
    ) -> Result<Self, Refusal> {
        let wrong = || {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("pid");
            Err(refusal.value(record.pid.get().into()))
        };
        let member = holder.and_then(|holder| members.get(holder.get() as usize));
        let lives = member.is_some_and(|member| !member.has_ended());
        let place = match (holder, record.was_reaped()) {
            (Some(_), true) => return wrong(),
            (Some(_), false) if record.has_dumped() && lives => return wrong(),
            (Some(holder), false) => Place::Member(holder),
            (None, true) if record.pid == ObjectId::NONE => Place::Gone,
            (None, true) => {
                let mut all = (0..).zip(members).filter(|(_, member)| !member.has_ended());
                match all.find(|(_, member)| member.group == record.pid) {
                    Some((index, member)) if member.session != record.pid => {
                        Place::Left(TaskId::new(index))
                    }
                    _ => return wrong(),
                }
            }
            (None, false) => return wrong(),
        };
        let leads = member.is_none_or(|member| Some(member.leader) == holder);
        Ok(Self {
            record,
            place,
            leads,
        })
    }

    /// Could this be an open file of it?
    pub(crate) fn check(&self, file: &FileRecord) -> Result<(), Refusal> {
        let has = |mark| file.marks.get() & mark != 0;
        let is_possible = (has(OPEN_FILE_OF_THREAD) || self.leads)
            && (!has(OPEN_FILE_AUTOKILL) || self.record.was_reaped());
        match is_possible {
            true => Ok(()),
            false => Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("marks")
                .value(file.marks.get().into())),
        }
    }

    /// Finds it among the tasks that have joined, or makes what is left of it.
    pub(super) fn find<'a>(
        &self,
        task_of: impl Fn(TaskId) -> Option<&'a kernel::task::Task>,
        above: u32,
    ) -> Result<Target, Refusal> {
        let record = &self.record;
        let state = PidfdState {
            status: record.status.get(),
            cgroup: record.cgroup.get(),
            dumped: record.has_dumped(),
            core_mask: record.core_mask.get(),
            core_signal: record.core_signal.get(),
            core_code: record.core_code.get(),
            above,
            ..PidfdState::default()
        };
        let target = match self.place {
            Place::Member(member) => Target::new(Some(task_of(member).ok_or(ESRCH)?), &state),
            Place::Left(member) => Target::left_to(task_of(member).ok_or(ESRCH)?, &state),
            Place::Gone => Target::new(None, &state),
        };
        target.map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("a pidfd"))
    }
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

    fn target(pid: u32, flags: u32) -> PidfdTarget {
        let mut record = PidfdTarget::new_zeroed();
        record.pid = ObjectId::new(pid);
        record.flags = U32::new(flags);
        record
    }

    fn file(flags: u32, marks: u32) -> FileRecord {
        let mut record = FileRecord::new_zeroed();
        record.flags = U32::new(oflag::O_RDWR | flags);
        record.marks = U32::new(marks);
        record
    }

    const FIRST: Option<TaskId> = Some(TaskId::new(0));

    /// What the pid of a target refers to must be there.
    #[test]
    fn targets_that_nobody_is_are_refused() {
        let mut members = [Member::new_zeroed()];
        let fits = |flags, pid, holder, members: &[Member]| {
            TargetPlan::new(target(pid, flags), holder, members).is_ok()
        };
        assert!(fits(0, 1, FIRST, &members));
        assert!(!fits(0, 1, None, &members));
        assert!(fits(TARGET_REAPED, 0, None, &members));
        assert!(!fits(TARGET_REAPED, 1, FIRST, &members));
        assert!(!fits(TARGET_REAPED, 2, None, &members));
        members[0].group = ObjectId::new(2);
        assert!(fits(TARGET_REAPED, 2, None, &members));
    }

    /// Nobody who lives has left a core.
    #[test]
    fn only_the_dead_have_dumped() {
        let mut members = [Member::new_zeroed()];
        let fits =
            |members: &[Member]| TargetPlan::new(target(1, TARGET_DUMPED), FIRST, members).is_ok();
        assert!(!fits(&members));
        members[0].flags = U32::new(MEMBER_ENDED);
        assert!(fits(&members));
    }

    /// A pidfd for a process is none for a thread of it, and none kills who lives.
    #[test]
    fn impossible_pidfds_are_refused() {
        let members = [Member::new_zeroed(), Member::new_zeroed()];
        let fits = |holder: Option<u32>, file: FileRecord| {
            let (pid, flags) = match holder {
                Some(_) => (1, 0),
                None => (0, TARGET_REAPED),
            };
            let plan = TargetPlan::new(target(pid, flags), holder.map(TaskId::new), &members);
            plan.is_ok_and(|plan| plan.check(&file).is_ok())
        };
        assert!(fits(Some(0), file(0, 0)));
        assert!(!fits(Some(0), file(0, OPEN_FILE_AUTOKILL)));
        assert!(fits(None, file(0, OPEN_FILE_AUTOKILL)));
        assert!(!fits(Some(1), file(0, 0)));
        assert!(fits(Some(1), file(0, OPEN_FILE_OF_THREAD)));
    }
}
