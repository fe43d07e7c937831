// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! The story of checkpoint(2): pin, look, write.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromZeros, IntoBytes};

use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::file::OpenFile;
use crate::abstractions::namespaces;
use crate::abstractions::space::PAGE;
use crate::abstractions::timers::Moment;
use crate::abstractions::{family, machine, task, user};
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::census;
use crate::format::calls::{
    CheckpointArgs, CheckpointStats, CHECKPOINT_CHECK, CHECKPOINT_HOLD_END, CHECKPOINT_RECONNECT,
    CHECKPOINT_RELAY, CHECKPOINT_SYNC, END_BYTES,
};
use crate::format::header::{End, Header, ARCHITECTURE_X86_64, MAGIC, VERSION};
use crate::format::reason::Reason;
use crate::format::Kind;
use crate::log::{Log, Refusal};
use crate::rights;
use crate::rooms::inherited::Heritage;
use crate::rooms::{self, pages, thread::Uses};
use crate::stream::Sink;

/// Does what the arguments say; gives what it did.
pub(crate) fn checkpoint(args: &CheckpointArgs) -> Result<CheckpointStats> {
    if !is_sensible(args) {
        return Err(EINVAL);
    }
    // What cannot be told in the end must not be a reason to fail then: the image would have its end.
    let nothing = CheckpointStats::new_zeroed();
    user::write_result(args.stats.get(), args.stats_size.get(), &nothing)?;
    let hand_in = rooms::handed::numbers(args.hand_in.get(), args.hand_in_size.get())?;
    let mut log = Log::to_fd(args.log_fd.get())?;
    let stats = run(args, &hand_in, &mut log).map_err(|refusal| {
        log.report(&refusal);
        refusal.error()
    })?;
    log.verdict()?;
    Ok(stats)
}

/// Flags that are known and go together, and the fields that they need.
fn is_sensible(args: &CheckpointArgs) -> bool {
    let end = (args.end.get(), args.end_size.get());
    let flags = args.flags.get() & !(CHECKPOINT_RECONNECT | CHECKPOINT_RELAY);
    let flags = match flags & !CHECKPOINT_SYNC {
        CHECKPOINT_CHECK => flags == CHECKPOINT_CHECK && end == (0, 0),
        0 => end == (0, 0),
        CHECKPOINT_HOLD_END => end.0 != 0 && end.1 >= END_BYTES,
        _ => false,
    };
    flags && args.reserved.get() == 0
}

/// Obstacles that the capture finds are in the log; whoever calls asks it for the verdict.
fn run(args: &CheckpointArgs, hand_in: &[u32], log: &mut Log) -> Result<CheckpointStats, Refusal> {
    let mut stats = CheckpointStats::new_zeroed();
    let mut clock = Stopwatch::start();
    let check_only = args.flags.get() & CHECKPOINT_CHECK != 0;

    rights::may_use()?;
    let cgroup = rights::cgroup_to_freeze(args.cgroup_fd.get())?;
    let sink = if check_only {
        None
    } else {
        let open = OpenFile::from_fd(args.image_fd.get());
        Some(open.map_err(|error| Refusal::new(Reason::SinkFailed, error))?)
    };

    if cgroup.contains(&task::current()) {
        return Err(Refusal::new(Reason::CallerInside, EINVAL));
    }
    if !cgroup.is_populated() {
        return Err(Refusal::new(Reason::Empty, ESRCH));
    }
    let _pin = cgroup.pin().map_err(|error| {
        let reason = if error == EAGAIN {
            Reason::NotFrozen
        } else {
            Reason::Pinned
        };
        Refusal::new(reason, EBUSY)
    })?;
    let tasks = census::take(&cgroup)?;
    stats.pin_ns = clock.lap();

    let mut capture = Capture::new(&cgroup, log);
    capture.sockets.reconnects = args.flags.get() & CHECKPOINT_RECONNECT != 0;
    if rooms::descriptors::refuse_servers(&tasks, &mut capture)? {
        return Ok(stats);
    }
    if args.flags.get() & CHECKPOINT_RELAY != 0 {
        rooms::terminals::find_relays(&tasks, &mut capture)?;
    }
    rooms::handed::find(&tasks, hand_in, sink.as_ref(), &mut capture)?;
    let frozen_since = cgroup.frozen_since_ns().to_le_bytes();
    capture.waits(Waiting::Member, &frozen_since);
    let captured = capture_all(&tasks, &mut capture);
    // Nothing is what it seems about a task that died meanwhile, nor is what was found in its way.
    still_there(&cgroup, &tasks)?;
    captured?;
    stats.capture_ns = clock.lap();
    [stats.members, stats.signals, stats.messages, stats.typed] = capture.waiting().map(U64::new);
    if capture.verdict().is_err() {
        return Ok(stats);
    }
    still_untraced(&tasks)?;
    stats.tasks = U64::new(tasks.len() as u64);
    stats.capture_bytes = U64::new(capture.size() as u64);

    if let Some(file) = sink {
        let sink = Sink::new(file)?;
        let end = write(&tasks, &capture, sink, args.flags.get(), &mut stats)
            .or_else(|refusal| still_there(&cgroup, &tasks).and(Err(refusal)))?;
        let took = clock.lap().get();
        stats.stream_ns = U64::new(took.saturating_sub(stats.sync_ns.get()));
        if let Some(end) = end {
            user::write_result(args.end.get(), args.end_size.get(), &end)?;
        }
    }
    Ok(stats)
}

/// Somebody else may have thawed the cgroup, killed one of its tasks, or waited for one that had ended.
fn still_there(cgroup: &Cgroup, tasks: &[FrozenTask]) -> Result<(), Refusal> {
    let is_lost = |task: &FrozenTask| match task.ended {
        true => family::leader(&task.task).is_err(),
        false => task::is_gone(&task.task),
    };
    if cgroup.is_frozen() && !tasks.iter().any(is_lost) {
        return Ok(());
    }
    Err(Refusal::new(Reason::Thawed, EAGAIN))
}

/// Being frozen keeps nobody from being traced, and whoever traces a task may change what of it has
/// been looked at.
fn still_untraced(tasks: &[FrozenTask]) -> Result<(), Refusal> {
    let mut living = tasks.iter().filter(|task| !task.ended);
    match living.find(|task| task::is_traced(&task.task)) {
        Some(task) => Err(task.refusal(Reason::TaskTraced)),
        None => Ok(()),
    }
}

/// Looks at everything. Obstacles are gathered, not returned.
fn capture_all(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result<(), Refusal> {
    // What completes is told by eventfds too: those are looked at later.
    rooms::aio::settle(tasks)?;
    rooms::machine::capture(tasks, out)?;
    rooms::forest::check(tasks, out)?;
    rooms::forest::capture(tasks, out)?;
    for task in tasks {
        rooms::pidfds::check(task, out);
        rooms::credentials::capture(task, out)?;
    }
    for process in processes(tasks) {
        if process.first().is_some_and(|leader| leader.process_ended) {
            capture_ended(process, out)?;
            continue;
        }
        for (index, task) in process.iter().enumerate() {
            if task.ended {
                rooms::thread::capture_ended(task, out)?;
            } else {
                capture_thread(task, out)?;
            }
            rooms::usage::capture(task, out)?;
            if index == 0 {
                rooms::process::capture(task, out)?;
            }
        }
    }
    rooms::sockets::capture_rest(tasks, out)?;
    rooms::watches::capture_all(tasks, out)?;
    rooms::fanotify::capture_all(tasks, out)?;
    rooms::ipc::capture(tasks, out)?;
    rooms::descriptors::refuse_shared(tasks, out)?;
    rooms::pipes::refuse_shared(out)?;
    rooms::contents::refuse_shared(out)?;
    rooms::locks::capture(out)?;
    rooms::directory_watches::capture_all(tasks, out)?;
    rooms::terminals::finish(tasks, out)?;
    // After whatever sends them when somebody outside breaks a lease, changes a directory or types at
    // a terminal: what had no more to tell when it was looked at has sent its signal before. Who sends
    // one in between is in the image with his signal, and a signal too many does no harm. Epolls look
    // at signals in turn.
    for process in processes(tasks) {
        capture_signals(process, out)?;
    }
    Ok(rooms::epolls::capture_items(out)?)
}

/// The tasks of each process.
fn processes(tasks: &[FrozenTask]) -> impl Iterator<Item = &[FrozenTask]> {
    tasks.chunk_by(|one, other| one.leader == other.leader)
}

/// What has been sent to a process, if it lives, and what is going to be sent by itself.
fn capture_signals(process: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let Some(leader) = process.first().filter(|leader| !leader.process_ended) else {
        return Ok(());
    };
    let moment = Moment::of(&leader.task)?;
    rooms::timers::capture(leader, &moment, out)?;
    rooms::jobs::capture(leader, out)?;
    for (index, task) in process.iter().enumerate() {
        rooms::signals::capture_pending(task, index, &moment, out)?;
    }
    Ok(())
}

/// What all of a process that waits to be waited for still has.
fn capture_ended(process: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    for task in process {
        rooms::thread::capture_ended(task, out)?;
        rooms::usage::capture(task, out)?;
    }
    Ok(())
}

/// What a thread that lives has for itself, and the objects that it uses.
fn capture_thread(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    rooms::thread::check(task, out);
    // Descriptors before memory: a file that is both is looked at as a descriptor.
    let descriptors = rooms::descriptors::capture(task, out)?;
    let uses = Uses {
        descriptors,
        space: rooms::memory::capture(task, out)?,
        directories: rooms::directories::capture(task, out)?,
        actions: rooms::signals::capture_actions(task, out)?,
        io_context: rooms::scheduling::io_context(task, out)?,
        undo_list: rooms::semaphores::capture(task, out)?,
    };
    rooms::thread::capture(task, &uses, out)?;
    rooms::confinement::capture(task, out)?;
    rooms::settings::capture(task, out)?;
    rooms::scheduling::capture(task, out)?;
    rooms::policy::capture_task(task, out)?;
    rooms::cpu::capture(task, out)?;
    rooms::syscalls::capture(task, out)
}

/// Writes the stream; gives the bytes of its end, if they are not to be written yet. No lock is held.
fn write(
    tasks: &[FrozenTask],
    capture: &Capture<'_>,
    mut sink: Sink,
    flags: u64,
    stats: &mut CheckpointStats,
) -> Result<Option<[u8; END_BYTES as usize]>, Refusal> {
    let header = header(tasks, capture.pids())?;
    let bytes = header.as_bytes();
    sink.record(Kind::Header, bytes.len() as u32, bytes)?;
    sink.salt(header.image_id);
    capture.for_each(|kind, fixed, payload| sink.record(kind, fixed, payload))?;

    let mut count = pages::Count::default();
    for content in capture.contents.iter() {
        content.stream(&mut sink, &mut count)?;
    }
    rooms::contents::check_unshared(&capture.contents, capture.cgroup)?;
    for pipe in capture.pipes.iter() {
        pipe.stream(capture.files(), &mut sink)?;
    }
    capture.sockets.stream(&mut sink)?;
    let mut heritage = Heritage::new(&capture.spaces);
    for (id, space) in capture.spaces.iter() {
        pages::stream(*id, space, &mut heritage, &mut sink, &mut count)?;
    }
    drop(heritage);
    sink.flush()?;
    if flags & CHECKPOINT_SYNC != 0 {
        let mut clock = Stopwatch::start();
        rooms::durability::sync(tasks, [capture.files(), capture.outsiders.files()])?;
        stats.sync_ns = clock.lap();
    }
    // Whoever reads the stream takes it for an image when he has its end.
    still_there(capture.cgroup, tasks)?;
    still_untraced(tasks)?;
    let (records, bytes) = sink.position();
    let end = End {
        records: U64::new(records),
        bytes: U64::new(bytes),
        objects: U32::new(capture.objects()),
        reserved: U32::ZERO,
        pages: U64::new(count.pages),
        zero_pages: U64::new(count.zero_pages),
        inherited_pages: U64::new(count.inherited),
    };
    sink.record(Kind::End, end.as_bytes().len() as u32, end.as_bytes())?;
    let held = match flags & CHECKPOINT_HOLD_END {
        0 => {
            sink.flush()?;
            None
        }
        _ => Some(sink.held().ok_or(EINVAL)?),
    };

    let (records, bytes) = sink.position();
    stats.records = U64::new(records);
    stats.bytes = U64::new(bytes);
    stats.pages = U64::new(count.pages);
    stats.zero_pages = U64::new(count.zero_pages.saturating_add(count.skipped));
    stats.inherited_pages = U64::new(count.inherited);
    Ok(held)
}

fn header(tasks: &[FrozenTask], pids: u32) -> Result<Header, Refusal> {
    let alive = tasks.iter().find(|task| !task.ended);
    let namespaces = &alive.ok_or(ESRCH)?.namespaces;
    let now = namespaces::monotonic_ns();
    let monotonic = now.saturating_add(namespaces.monotonic_offset);
    let boottime = namespaces::boottime_ns(now).saturating_add(namespaces.boottime_offset);
    let mut header = Header::new_zeroed();
    header.magic = MAGIC;
    header.version = U32::new(VERSION);
    header.architecture = U32::new(ARCHITECTURE_X86_64);
    header.image_id = machine::random();
    header.page_size = U32::new(PAGE as u32);
    header.tasks = U32::new(tasks.len() as u32);
    header.pids = U32::new(pids);
    header.realtime_ns = U64::new(namespaces::realtime_ns() as u64);
    header.monotonic_ns = U64::new(monotonic as u64);
    header.boottime_ns = U64::new(boottime as u64);
    header.kernel_release = machine::name(machine::Name::Release);
    header.kernel_version = machine::name(machine::Name::Version);
    header.node = machine::name(machine::Name::Node);
    header.boot_id = machine::boot_id();
    Ok(header)
}

/// Measures one phase after the other.
pub(crate) struct Stopwatch(i64);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(namespaces::monotonic_ns())
    }

    /// Time since the last lap.
    pub(crate) fn lap(&mut self) -> U64 {
        let now = namespaces::monotonic_ns();
        let lap = now.saturating_sub(self.0);
        self.0 = now;
        U64::new(lap as u64)
    }
}
