// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! The story of restart(2): open a session, join it, run it.

use kernel::prelude::*;
use kernel::sync::Arc;
use zerocopy::little_endian::U64;
use zerocopy::FromZeros;

use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::space::{Pages, Space};
use crate::abstractions::{namespaces, session, task, user};
use crate::checkpoint::Stopwatch;
use crate::format::calls::{
    RestartArgs, RestartStats, RESTART_FROZEN, RESTART_NEW_PIDS, RESTART_VERIFY, ROLE_JOIN,
    ROLE_OPEN, ROLE_RUN,
};
use crate::format::header::{End, MAX_VDSO};
use crate::format::memory::{Pages as PagesRecord, ZeroPages};
use crate::format::reason::Reason;
use crate::format::{decode, Kind, ObjectId, Problem, Record};
use crate::log::{Log, Refusal};
use crate::made;
use crate::plan::Plan;
use crate::rights;
use crate::rooms;
use crate::session::{Session, Slot, Step};
use crate::stream::{Arrived, Source};

/// Longest prefix: a machine, a code page, and some tens of bytes for each task.
const LONGEST_PREFIX: u64 = 256 * 1024 * 1024 + MAX_VDSO;

/// Does what the arguments say; gives what the system call returns.
pub(crate) fn restart(args: &RestartArgs) -> Result<isize> {
    if args.reserved.get() != 0 || !has_only_its_fields(args) {
        return Err(EINVAL);
    }
    match args.role.get() {
        ROLE_OPEN => open(args),
        ROLE_JOIN => session::of_descriptor(args.session_fd.get())?.join(args.task.get()),
        ROLE_RUN => {
            if args.flags.get() & !(RESTART_FROZEN | RESTART_NEW_PIDS | RESTART_VERIFY) != 0 {
                return Err(EINVAL);
            }
            let session = session::of_descriptor(args.session_fd.get())?;
            let mut log = Log::to_fd(args.log_fd.get())?;
            let stats = run(args, &session).map_err(|refusal| {
                log.report(&refusal);
                refusal.error()
            })?;
            user::write_result(args.stats.get(), args.stats_size.get(), &stats)?;
            Ok(0)
        }
        _ => Err(EINVAL),
    }
}

/// Fields that a role does not use must be zero, descriptors -1 or zero.
fn has_only_its_fields(args: &RestartArgs) -> bool {
    let role = args.role.get();
    let unused = |fd: i32| fd == -1 || fd == 0;
    let run = role == ROLE_RUN
        || (args.flags.get() == 0
            && unused(args.image_fd.get())
            && unused(args.log_fd.get())
            && args.prefix.get() == 0
            && args.prefix_size.get() == 0
            && args.stats.get() == 0
            && args.stats_size.get() == 0);
    let open = if role == ROLE_OPEN {
        unused(args.session_fd.get())
    } else {
        unused(args.cgroup_fd.get())
    };
    run && open && (role == ROLE_JOIN || args.task.get() == 0)
}

fn open(args: &RestartArgs) -> Result<isize> {
    rights::may_use().map_err(|refusal| refusal.error())?;
    let cgroup = Cgroup::from_fd(args.cgroup_fd.get())?;
    if cgroup.is_populated() || cgroup.is_frozen() {
        return Err(EBUSY);
    }
    Ok(session::descriptor(Session::new(cgroup)?)? as isize)
}

/// Everything between the first byte of the image and the first instruction of the container.
fn run(args: &RestartArgs, session: &Session) -> Result<RestartStats, Refusal> {
    session.start()?;
    let result = coordinate(args, session);
    if result.is_err() {
        session.abort();
        wait_until_empty(session);
    }
    result
}

fn coordinate(args: &RestartArgs, session: &Session) -> Result<RestartStats, Refusal> {
    let mut stats = RestartStats::new_zeroed();
    let mut clock = Stopwatch::start();
    let flags = args.flags.get();

    let mut source = source(args)?;
    let (plan, first) = Plan::read(&mut source)?;
    if source.unread_prefix() > 0 {
        let unread = source.unread_prefix() as u64;
        return Err(Refusal::new(Reason::ImageTrailing, EINVAL).value(unread));
    }
    let slots = session.members(plan.members.len())?;
    stats.join_ns = clock.lap();
    verify_forest(&plan, &slots, flags & RESTART_NEW_PIDS != 0)?;

    let plan = Arc::new(plan, GFP_KERNEL_ACCOUNT)?;
    let builder = slots.first().ok_or(ESRCH)?;
    builder.perform(Step::Open, &plan)?;
    let files = builder.files().ok_or(EINVAL)?;
    for slot in slots.iter() {
        slot.set_files(files.clone());
        slot.perform(Step::Space, &plan)?;
    }
    drop(files);
    fill(&plan, &slots, &mut source, first, &mut stats)?;
    for slot in slots.iter() {
        slot.perform(Step::Prepare, &plan)?;
    }
    stats.build_ns = clock.lap();

    if flags & RESTART_VERIFY != 0 {
        session.abort();
        wait_until_empty(session);
    } else {
        commit(session, &plan, &slots, flags & RESTART_FROZEN != 0)?;
    }
    stats.commit_ns = clock.lap();
    stats.tasks = U64::new(slots.len() as u64);
    Ok(stats)
}

fn source(args: &RestartArgs) -> Result<Source, Refusal> {
    let file = OpenFile::from_fd(args.image_fd.get())
        .map_err(|error| Refusal::new(Reason::ImageTruncated, error))?;
    let prefix = user::read_bytes(args.prefix.get(), args.prefix_size.get(), LONGEST_PREFIX)
        .map_err(|error| Refusal::new(Reason::ImageTruncated, error))?;
    Ok(Source::new(prefix, file))
}

/// What stands there is what the image says. The tool that built it is not trusted.
fn verify_forest(plan: &Plan, slots: &[Arc<Slot>], new_pids: bool) -> Result<(), Refusal> {
    if plan.members.len() != 1 {
        let count = plan.members.len() as u64;
        return Err(Refusal::new(Reason::TaskMany, errno::not_supported()).value(count));
    }
    for (member, slot) in plan.members.iter().zip(slots) {
        // A task that the caller could not debug does not take orders from it.
        if !task::may_attach(&slot.task) {
            return Err(Refusal::new(Reason::TaskAccess, EPERM).task(&slot.task));
        }
        let number = plan.number(member)?;
        rooms::forest::verify(&slot.task, member, number, new_pids)?;
    }
    Ok(())
}

/// Reads page contents into the new address spaces, up to the end of the image.
fn fill(
    plan: &Plan,
    slots: &[Arc<Slot>],
    source: &mut Source,
    first: Arrived,
    stats: &mut RestartStats,
) -> Result<(), Refusal> {
    let mut spaces = KVVec::new();
    for slot in slots {
        spaces.push(Space::of(&slot.task)?, GFP_KERNEL)?;
    }
    // Where the last run of pages of each ended: runs ascend and do not overlap.
    let mut filled = KVVec::from_elem(0u64, plan.spaces.len(), GFP_KERNEL)?;
    let mut pages = Pages::new()?;
    let (mut stored, mut cleared) = (0u64, 0u64);
    let mut arrived = first;
    loop {
        let (frame, payload) = (&arrived.frame, &arrived.payload);
        match frame.kind() {
            Some(Kind::Pages) => {
                let index = space_index(plan, frame, payload, decode_space::<PagesRecord>)?;
                let space = spaces.get(index).ok_or(EINVAL)?;
                let target = plan.spaces.get(index).ok_or(EINVAL)?;
                let last = filled.get_mut(index).ok_or(EINVAL)?;
                let count = target.fill(last, space, frame, payload, source, &mut pages)?;
                stored = stored.saturating_add(count);
            }
            Some(Kind::ZeroPages) => {
                let index = space_index(plan, frame, payload, decode_space::<ZeroPages>)?;
                let space = spaces.get(index).ok_or(EINVAL)?;
                let target = plan.spaces.get(index).ok_or(EINVAL)?;
                let last = filled.get_mut(index).ok_or(EINVAL)?;
                let count = target.clear(last, space, frame, payload, &mut pages)?;
                cleared = cleared.saturating_add(count);
            }
            Some(Kind::End) => {
                let (end, _) = decode::<End>(frame, payload)?;
                let agrees = end.pages.get() == stored
                    && end.zero_pages.get() == cleared
                    && end.objects.get() == plan.objects()
                    && end.bytes.get() == frame.offset()
                    && end.records.get() == source.position().0.saturating_sub(1);
                if !agrees {
                    return Err(frame.error(Problem::Value("counts", stored)).into());
                }
                let (records, bytes) = source.position();
                stats.records = U64::new(records);
                stats.bytes = U64::new(bytes);
                stats.pages = U64::new(stored.saturating_add(cleared));
                return Ok(());
            }
            None => (),
            Some(kind) => return Err(frame.error(Problem::Order(kind.number())).into()),
        }
        arrived = source.next()?;
    }
}

fn decode_space<R: Record + HasSpace>(
    frame: &crate::format::Frame,
    payload: &[u8],
) -> Result<ObjectId, Refusal> {
    Ok(decode::<R>(frame, payload)?.0.space())
}

/// Records of page contents say whose they are.
trait HasSpace {
    fn space(&self) -> ObjectId;
}

impl HasSpace for PagesRecord {
    fn space(&self) -> ObjectId {
        self.space
    }
}

impl HasSpace for ZeroPages {
    fn space(&self) -> ObjectId {
        self.space
    }
}

fn space_index(
    plan: &Plan,
    frame: &crate::format::Frame,
    payload: &[u8],
    space_of: impl Fn(&crate::format::Frame, &[u8]) -> Result<ObjectId, Refusal>,
) -> Result<usize, Refusal> {
    let id = space_of(frame, payload)?;
    let mut spaces = plan.spaces.iter();
    let found = spaces.position(|space| space.id == id);
    found.ok_or_else(|| frame.error(Problem::Reference("space", id.get())).into())
}

/// The last act. Until a task is told to leave, everything can still be undone by killing.
fn commit(
    session: &Session,
    plan: &Arc<Plan>,
    slots: &[Arc<Slot>],
    stay_frozen: bool,
) -> Result<(), Refusal> {
    for slot in slots {
        slot.perform(Step::Settle, plan)?;
    }
    session.cgroup.freeze(true);
    for (slot, own) in slots.iter().zip(plan.tasks.iter()) {
        let died = || Refusal::new(Reason::TaskDied, ESRCH).task(&slot.task);
        if task::is_gone(&slot.task)
            || !session.cgroup.contains(&slot.task)
            || !task::is_parked(&slot.task)
        {
            return Err(died());
        }
        let registers = own.registers.as_deref().ok_or(EINVAL)?;
        let extended = own.extended.as_ref().ok_or(EINVAL)?;
        rooms::cpu::restore(&slot.task, registers, extended)
            .map_err(|refusal| refusal.task(&slot.task))?;
        made::remember(&namespaces::of(&slot.task)?)?;
    }
    if task::is_interrupted() {
        return Err(Refusal::new(Reason::Interrupted, EINTR));
    }
    for slot in slots {
        slot.perform(Step::Leave, plan)?;
    }
    session.finish();
    wait_until_frozen(session);
    if !stay_frozen {
        session.cgroup.freeze(false);
    }
    Ok(())
}

/// They are on their way to the freezer, which is not far. Death on that way is not a failure of
/// the restart, so this does not insist.
fn wait_until_frozen(session: &Session) {
    for _ in 0..10_000 {
        if session.cgroup.is_frozen() || !session.cgroup.is_populated() {
            return;
        }
        task::blink();
    }
}

/// What was killed is gone before the caller hears of the failure.
fn wait_until_empty(session: &Session) {
    for _ in 0..50_000 {
        if !session.cgroup.is_populated() {
            return;
        }
        task::blink();
    }
}
