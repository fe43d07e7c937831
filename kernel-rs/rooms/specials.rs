// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Special files: those that the kernel makes in a way of their own, each with a room of its own.
//!
//! Saves: by way of these rooms, one record for what the file is, to which the record of the open file
//! refers (`files`). Several open files may be of one pidfd target, one pair of terminals or one message
//! queue; every other special file is one open file.
//! Restores: before anything is opened, what is to be found or made once; then each open file, with
//! the flags that fcntl(2) sets.
//! Locks: those of the rooms.

use kernel::prelude::*;
use kernel::task::Task;

use super::fanotify::GroupPlan;
use super::files::FilePlan;
use super::kinds;
use super::pidfds::TargetPlan;
use super::sockets::{self, Restored, SocketPlan};
use super::terminals::{self, Terminals};
use super::watches::WatcherPlan;
use super::{epolls, eventfds, fanotify, pidfds, queues, signalfds, timerfds, watches};
use crate::abstractions::creds::Prepared;
use crate::abstractions::file::{oflag, FileState, OpenFile};
use crate::abstractions::namespaces::Namespaces;
use crate::abstractions::pidfds::Target;
use crate::abstractions::queues::Queue;
use crate::abstractions::specials::kind;
use crate::capture::{Capture, FrozenTask};
use crate::format::events::{Epoll, EventCounter, Signalfd, Timerfd};
use crate::format::files::{OpenFile as FileRecord, OPEN_FILE_BY_NAME};
use crate::format::reason::Reason;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// Flags that the kernel or fcntl(2) gives a special file; a room may allow more, or less.
const FLAGS: u32 = oflag::O_ACCMODE
    | oflag::O_APPEND
    | oflag::O_NONBLOCK
    | oflag::O_NOATIME
    | oflag::O_LARGEFILE
    | oflag::O_CLOEXEC
    | oflag::FASYNC;

/// Marks that only files of some kinds have.
pub(crate) const MARKS: u32 = pidfds::MARKS | OPEN_FILE_BY_NAME;

/// Describes what a special file is, once; gives that, and marks of the open file.
pub(super) fn capture(
    file: &OpenFile,
    state: &FileState,
    task: &FrozenTask,
    descriptor: Option<u32>,
    place: &impl Fn(Refusal) -> Refusal,
    out: &mut Capture<'_>,
) -> Result<Result<(ObjectId, u32), Refusal>> {
    if state.special == kind::TERMINAL {
        let found = terminals::capture(file, task, place, out)?;
        return Ok(found.map(|id| (id, 0)));
    }
    if state.special == kind::QUEUE {
        return queues::capture(file, state, task, place, out);
    }
    if state.flags & !FLAGS != 0 {
        let refusal = task.refusal(Reason::FileFlags).value(state.flags.into());
        return Ok(Err(refusal.text(&file.label())));
    }
    match state.special {
        kind::PIDFD => pidfds::capture(file, task, out),
        kind::EVENTFD => Ok(eventfds::capture(file, task, out)?.map(|id| (id, 0))),
        kind::WATCHER => Ok(Ok((watches::capture(file, out)?, 0))),
        kind::GROUP => fanotify::capture(file, task, out),
        kind::SIGNALFD => Ok(Ok((signalfds::capture(file, out)?, 0))),
        kind::TIMERFD => Ok(Ok((timerfds::capture(file, task, out)?, 0))),
        kind::EPOLL => Ok(Ok((epolls::capture(file, task, descriptor, out)?, 0))),
        kind::SOCKET => {
            let socket = sockets::capture(file, task, descriptor, out)?;
            Ok(socket.map(|socket| (socket, 0)))
        }
        _ => Err(EINVAL),
    }
}

/// What a special file is, as the image says.
pub(crate) enum SpecialPlan {
    Pidfd(TargetPlan),
    Eventfd(EventCounter),
    Watcher(WatcherPlan),
    Fanotify(GroupPlan),
    Signalfd(Signalfd),
    Timerfd(Timerfd),
    Epoll(Epoll),
    /// By its place among the sockets.
    Socket(usize),
    /// A pair, by its place among those.
    Terminal(usize),
    /// A message queue, by its place among those.
    Queue(usize),
}

impl SpecialPlan {
    /// May several open files be of it?
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Pidfd(_) | Self::Terminal(_) | Self::Queue(_))
    }

    /// Could this be an open file of it?
    pub(crate) fn check(&self, file: &FileRecord) -> Result<(), Refusal> {
        let impossible = |name, value: u32| {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name(name);
            Err(refusal.value(value.into()))
        };
        let flags = file.flags.get();
        let access = match self {
            Self::Watcher(_) => 0,
            _ => oflag::O_RDWR,
        };
        let known = match self {
            Self::Terminal(_) | Self::Queue(_) => kinds::FLAGS & !oflag::O_PATH,
            _ => FLAGS,
        };
        if flags & !known != 0 {
            return impossible("flags", flags);
        }
        if file.position.get() != 0 && !matches!(self, Self::Queue(_)) {
            return impossible("position", file.position.get() as u32);
        }
        match self {
            Self::Pidfd(target) => target.check(file),
            Self::Terminal(_) => terminals::check(file),
            Self::Queue(_) if file.marks.get() & pidfds::MARKS == 0 => Ok(()),
            _ if flags & oflag::O_ACCMODE != access => impossible("flags", flags),
            _ if file.marks.get() & MARKS != 0 => impossible("marks", file.marks.get()),
            // Of sockets, `Plan` checks more: it has them.
            _ => Ok(()),
        }
    }
}

/// What was found or made for special files before they are opened.
pub(crate) struct Specials {
    targets: KVVec<Option<Target>>,
    queues: KVVec<Queue>,
    pub(crate) sockets: Restored,
    pub(crate) terminals: Terminals,
}

impl Specials {
    /// The container's own pid namespace is `above` that of the caller.
    pub(crate) fn make<'a>(
        (plans, sockets): (&[SpecialPlan], &[SocketPlan]),
        identities: &[Prepared],
        task_of: impl Fn(TaskId) -> Option<&'a Task>,
        above: u32,
        (terminals, queues): (Terminals, KVVec<Queue>),
    ) -> Result<Self, Refusal> {
        let mut made = KVVec::new();
        for plan in plans {
            let target = match plan {
                SpecialPlan::Pidfd(target) => Some(target.find(&task_of, above)?),
                _ => None,
            };
            made.push(target, GFP_KERNEL_ACCOUNT)?;
        }
        Ok(Self {
            targets: made,
            queues,
            sockets: Restored::make(sockets, identities, task_of, above)?,
            terminals,
        })
    }

    /// Makes the open file.
    pub(super) fn open(
        &self,
        index: usize,
        plans: &[SpecialPlan],
        file: &FilePlan,
        opener: &Prepared,
    ) -> Result<OpenFile, Refusal> {
        let made = match plans.get(index).ok_or(EINVAL)? {
            SpecialPlan::Pidfd(_) => {
                let target = self.targets.get(index).and_then(Option::as_ref);
                pidfds::open(file, target.ok_or(EINVAL)?)?
            }
            SpecialPlan::Eventfd(counter) => eventfds::open(counter, file)?,
            SpecialPlan::Watcher(watcher) => watches::open(watcher, file)?,
            SpecialPlan::Fanotify(group) => fanotify::open(group, file)?,
            SpecialPlan::Signalfd(signals) => signalfds::open(signals, file)?,
            SpecialPlan::Timerfd(timer) => timerfds::open(timer, file)?,
            SpecialPlan::Epoll(epoll) => epolls::open(epoll, file, opener)?,
            SpecialPlan::Socket(socket) => self.sockets.open(*socket)?,
            SpecialPlan::Terminal(terminal) => self.terminals.open(*terminal, file)?,
            SpecialPlan::Queue(queue) => {
                queues::open(self.queues.get(*queue).ok_or(EINVAL)?, file)?
            }
        };
        made.show_special(file.record.flags.get());
        Ok(made)
    }
}

/// Starts what goes on by itself, by the clocks of the container: the last that happens to files.
pub(crate) fn start(
    plans: &[SpecialPlan],
    files: &[FilePlan],
    opened: &[OpenFile],
    here: &Namespaces,
) -> Result {
    for (file, opened) in files.iter().zip(opened) {
        let special = file.special.and_then(|index| plans.get(index));
        if let Some(SpecialPlan::Timerfd(timer)) = special {
            timerfds::start(timer, opened, here)?;
        }
    }
    Ok(())
}
