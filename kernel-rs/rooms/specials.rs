// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Special files: those that the kernel makes in a way of their own, each with a room of its own.
//!
//! Saves: by way of these rooms, one record for what the file is, to which the record of the open file
//! refers (`files`). Several open files may be of one pidfd target; every other special file is one
//! open file.
//! Restores: before anything is opened, what is to be found or made once; then each open file, with
//! the flags that fcntl(2) sets.
//! Locks: those of the rooms.

use kernel::prelude::*;
use kernel::task::Task;

use super::files::FilePlan;
use super::pidfds::TargetPlan;
use super::{eventfds, pidfds};
use crate::abstractions::file::{oflag, FileState, OpenFile};
use crate::abstractions::pidfds::Target;
use crate::abstractions::specials::kind;
use crate::capture::{Capture, FrozenTask};
use crate::format::events::EventCounter;
use crate::format::files::OpenFile as FileRecord;
use crate::format::reason::Reason;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// Flags that the kernel or fcntl(2) gives a special file; a room may allow more, or less.
const FLAGS: u32 =
    oflag::O_ACCMODE | oflag::O_APPEND | oflag::O_NONBLOCK | oflag::O_NOATIME | oflag::O_LARGEFILE;

/// Describes what a special file is, once; gives that, and marks of the open file.
pub(super) fn capture(
    file: &OpenFile,
    state: &FileState,
    task: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<Result<(ObjectId, u32), Refusal>> {
    if state.flags & !FLAGS != 0 {
        let refusal = task.refusal(Reason::FileFlags).value(state.flags.into());
        return Ok(Err(refusal.text(&file.label())));
    }
    match state.special {
        kind::PIDFD => pidfds::capture(file, task, out),
        kind::EVENTFD => Ok(Ok((eventfds::capture(file, out)?, 0))),
        _ => Err(EINVAL),
    }
}

/// What a special file is, as the image says.
pub(crate) enum SpecialPlan {
    Pidfd(TargetPlan),
    Eventfd(EventCounter),
}

impl SpecialPlan {
    /// May several open files be of it?
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Pidfd(_))
    }

    /// Could this be an open file of it?
    pub(crate) fn check(&self, file: &FileRecord) -> Result<(), Refusal> {
        let impossible = |name, value: u32| {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name(name);
            Err(refusal.value(value.into()))
        };
        let flags = file.flags.get();
        if flags & !FLAGS != 0 {
            return impossible("flags", flags);
        }
        if file.position.get() != 0 {
            return impossible("position", file.position.get() as u32);
        }
        match self {
            Self::Pidfd(target) => target.check(file),
            _ if flags & oflag::O_ACCMODE != oflag::O_RDWR => impossible("flags", flags),
            _ if file.marks.get() & pidfds::MARKS != 0 => impossible("marks", file.marks.get()),
            Self::Eventfd(_) => Ok(()),
        }
    }
}

/// What was found or made for special files before they are opened.
pub(crate) struct Specials(KVVec<Option<Target>>);

impl Specials {
    /// The container's own pid namespace is `above` that of the caller.
    pub(crate) fn make<'a>(
        plans: &[SpecialPlan],
        task_of: impl Fn(TaskId) -> Option<&'a Task>,
        above: u32,
    ) -> Result<Self, Refusal> {
        let mut made = KVVec::new();
        for plan in plans {
            let target = match plan {
                SpecialPlan::Pidfd(target) => Some(target.find(&task_of, above)?),
                SpecialPlan::Eventfd(_) => None,
            };
            made.push(target, GFP_KERNEL_ACCOUNT)?;
        }
        Ok(Self(made))
    }

    /// Makes the open file.
    pub(super) fn open(
        &self,
        index: usize,
        plans: &[SpecialPlan],
        file: &FilePlan,
    ) -> Result<OpenFile, Refusal> {
        let made = match plans.get(index).ok_or(EINVAL)? {
            SpecialPlan::Pidfd(_) => {
                let target = self.0.get(index).and_then(Option::as_ref);
                pidfds::open(file, target.ok_or(EINVAL)?)?
            }
            SpecialPlan::Eventfd(counter) => eventfds::open(counter, file)?,
        };
        made.show_special(file.record.flags.get());
        Ok(made)
    }
}
