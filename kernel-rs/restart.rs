// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! The story of restart(2): open a session, join it, run it.

use core::pin::Pin;

use kernel::prelude::*;
use kernel::sync::Arc;
use zerocopy::little_endian::U64;
use zerocopy::FromZeros;

use crate::abstractions::file::{OpenFile, Promised};
use crate::abstractions::space::Space;
use crate::abstractions::vfork::Wait;
use crate::abstractions::{family, namespaces, session, task, user};
use crate::checkpoint::Stopwatch;
use crate::format::calls::{
    RestartArgs, RestartStats, RESTART_FILES_KEEP, RESTART_FILES_TRUNCATE, RESTART_FROZEN,
    RESTART_HELD, RESTART_NEW_PIDS, RESTART_VERIFY, ROLE_JOIN, ROLE_OPEN, ROLE_RUN,
};
use crate::format::header::{End, MAX_VDSO};
use crate::format::reason::Reason;
use crate::format::task::Member;
use crate::format::{decode, Kind, Problem, TaskId};
use crate::log::{Log, Refusal};
use crate::plan::Plan;
use crate::rights;
use crate::rooms;
use crate::rooms::contents::Filling;
use crate::rooms::epolls::Items;
use crate::rooms::files::Growth;
use crate::rooms::handed::Given;
use crate::rooms::ipc::Ipc;
use crate::rooms::pages::{Count, Fill};
use crate::rooms::pids::Built;
use crate::rooms::terminals::Takers;
use crate::rooms::watches::Placed;
use crate::rooms::{directory_watches, fanotify};
use crate::session::{Files, Members, Opened, Outcome, Session, Slot, Step};
use crate::stream::{Arrived, Source};

/// Longest prefix: a machine, a code page, and some tens of bytes for each task.
const LONGEST_PREFIX: u64 = 256 * 1024 * 1024 + MAX_VDSO;

/// Does what the arguments say; gives what the system call returns. `wait`: where the caller will
/// wait for a vfork child, if it becomes one that does.
pub(crate) fn restart(args: &RestartArgs, wait: Pin<&Wait>) -> Result<Outcome> {
    if args.reserved.get() != 0 || !has_only_its_fields(args) {
        return Err(EINVAL);
    }
    match args.role.get() {
        ROLE_OPEN => open(args).map(Outcome::Returns),
        ROLE_JOIN => session::of_descriptor(args.session_fd.get())?.join(args.task.get(), wait),
        ROLE_RUN => {
            let growth = growth(args)?;
            let given = rooms::handed::given(args.given.get(), args.given_size.get())?;
            let takers = Takers::new(args.terminals.get(), args.terminals_size.get())?;
            let session = session::of_descriptor(args.session_fd.get())?;
            let mut log = Log::to_fd(args.log_fd.get())?;
            let stats = run(args, growth, (given, &takers), &session).map_err(|refusal| {
                log.report(&refusal);
                refusal.error()
            })?;
            // It could be written a moment ago; that the container runs is what counts now.
            let _ = user::write_result(args.stats.get(), args.stats_size.get(), &stats);
            Ok(Outcome::Returns(0))
        }
        _ => Err(EINVAL),
    }
}

/// What the flags say about files; they are checked on the way.
fn growth(args: &RestartArgs) -> Result<Growth> {
    const OTHERS: u32 = RESTART_FROZEN | RESTART_NEW_PIDS | RESTART_VERIFY | RESTART_HELD;
    const STILL: u32 = RESTART_FROZEN | RESTART_HELD;
    if args.flags.get() & STILL == STILL {
        return Err(EINVAL);
    }
    match args.flags.get() & !OTHERS {
        0 => Ok(Growth::Strict),
        RESTART_FILES_KEEP => Ok(Growth::Keep),
        RESTART_FILES_TRUNCATE => Ok(Growth::Truncate),
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
            && args.stats_size.get() == 0
            && args.given.get() == 0
            && args.given_size.get() == 0
            && args.terminals.get() == 0
            && args.terminals_size.get() == 0);
    let open = if role == ROLE_OPEN {
        unused(args.session_fd.get())
    } else {
        unused(args.cgroup_fd.get())
    };
    run && open && (role == ROLE_JOIN || args.task.get() == 0)
}

fn open(args: &RestartArgs) -> Result<isize> {
    rights::may_use().map_err(|refusal| refusal.error())?;
    let cgroup = rights::cgroup_to_freeze_and_kill(args.cgroup_fd.get())
        .map_err(|refusal| refusal.error())?;
    if cgroup.is_populated() || cgroup.is_frozen() {
        return Err(EBUSY);
    }
    Ok(session::descriptor(Session::new(cgroup)?)? as isize)
}

/// Everything between the first byte of the image and the first instruction of the container.
fn run(
    args: &RestartArgs,
    growth: Growth,
    outside: (KVVec<Given>, &Takers),
    session: &Session,
) -> Result<RestartStats, Refusal> {
    session.start()?;
    let mut ipc = None;
    let result = coordinate(args, growth, outside, session, &mut ipc);
    if result.is_err() {
        session.abort();
        wait_until_empty(session);
    }
    // Only now does nobody use any longer what is to vanish.
    drop(ipc);
    result
}

fn coordinate(
    args: &RestartArgs,
    growth: Growth,
    (given, takers): (KVVec<Given>, &Takers),
    session: &Session,
    ipc: &mut Option<Ipc>,
) -> Result<RestartStats, Refusal> {
    let mut stats = RestartStats::new_zeroed();
    let mut clock = Stopwatch::start();
    let flags = args.flags.get();

    let mut source = source(args)?;
    let (mut plan, first) = Plan::read(&mut source, growth)?;
    rooms::handed::take(&mut plan.handed, given)?;
    takers.check(&plan.terminals)?;
    if source.unread_prefix() > 0 {
        let unread = source.unread_prefix() as u64;
        return Err(Refusal::new(Reason::ImageTrailing, EINVAL).value(unread));
    }
    let slots = session.members(plan.members.len())?;
    stats.join_ns = clock.lap();
    let new_pids = flags & RESTART_NEW_PIDS != 0;
    if new_pids && slots.len() != 1 {
        let refusal = Refusal::new(Reason::TaskMany, EINVAL);
        return Err(refusal.value(slots.len() as u64));
    }
    let built = rooms::forest::verify(&plan, &slots, new_pids)?;
    rooms::forest::arrange(&plan, &slots)?;
    plan.ipc.verify(&slots)?;

    let plan = Arc::new(plan, GFP_KERNEL_ACCOUNT)?;
    let slots = Acquainted::new(slots)?;
    let builder = slots.first().ok_or(ESRCH)?;
    builder.perform(Step::Open, &plan)?;
    let files = builder.files().ok_or(EINVAL)?;
    let Opened {
        ipc: objects,
        mut storages,
        mut pipes,
        mut sockets,
        mut terminals,
    } = builder.take_opened().ok_or(EINVAL)?;
    let objects = &*ipc.insert(objects);
    let payer = Space::of(&builder.task)?;
    let opened = clock.lap();
    let filling = Filling::new(&plan.storages, &plan.files, &mut storages, &payer)?;
    let (first, contents) = filling.run(&mut source, first)?;
    let first = pipes.fill(&plan.pipes, &payer, &mut source, first)?;
    let task_of = |member: TaskId| slots.get(member.get() as usize).map(|slot| &*slot.task);
    let by = (&*builder.task, &payer);
    let first = sockets.fill(&plan, &files, by, task_of, &mut source, first)?;
    sockets.finish(&plan.sockets)?;
    pipes.finish(&plan.pipes, &plan.files, &files)?;
    terminals.finish(&plan.terminals)?;
    let filled = clock.lap();
    for slot in slots.iter() {
        slot.set_files(files.clone());
    }
    all(&plan, &slots, Step::Space)?;
    stats.build_ns = sum(opened, clock.lap());
    fill(&plan, &slots, &mut source, first, contents, &mut stats)?;
    storages.settle(&plan.storages)?;
    storages.release()?;
    rooms::watches::place(&plan.specials, &plan.files, &files, &files.watched)?;
    let first = plan.members.first().ok_or(EINVAL)?;
    let within = (&*builder.task, rooms::pids::depth_of(&plan, first)?);
    let (specials, same_boot) = (&plan.specials, plan.same_boot);
    let marks = fanotify::place(specials, &plan.files, &files, within, same_boot, task_of)?;
    stats.fill_ns = sum(filled, clock.lap());
    all(&plan, &slots, Step::Register)?;
    all(&plan, &slots, Step::Prepare)?;
    let holder_of = |table: usize| {
        let builder = plan.table_builders().get(table).copied().flatten();
        task_of(TaskId::new(builder?))
    };
    // Who takes a lease comes to own the file, if nobody does yet.
    rooms::locks::restore(&plan.locks, &plan.files, &files, task_of, holder_of)?;
    let watches = &plan.directory_watches;
    let directories = directory_watches::place(watches, &plan.files, &files, holder_of)?;
    rooms::owners::restore(&plan.files, &files, task_of)?;
    rooms::tracers::restore(&plan.tasks, task_of)?;
    let with_actions = |actions: usize| task_of(TaskId::new(plan.action_builder(actions)?));
    let payer = Space::of(&builder.task)?;
    let items = rooms::epolls::add_all(&plan.items, &files, &plan.handed, &payer, with_actions)?;
    let controlled = slots.iter().zip(plan.tasks.iter());
    let controlled = controlled.map(|(slot, own)| (&*slot.task, own.control.as_ref()));
    let above = rooms::pids::depth_of(&plan, plan.members.first().ok_or(ESRCH)?)?;
    let first = (&*builder.task, above);
    terminals.control(&plan.terminals, controlled, first, task_of)?;
    let masters = terminals.masters(&plan.terminals)?;
    drop(terminals);
    let prepare_ns = clock.lap().get();
    stats.build_ns = U64::new(stats.build_ns.get().saturating_add(prepare_ns));

    if flags & RESTART_VERIFY != 0 {
        session.abort();
        wait_until_empty(session);
    } else {
        let members = (&*slots, &built, new_pids);
        let links = (files, items, objects);
        let watches = (marks, directories);
        let promises = takers.reserve(masters)?;
        user::write_result(args.stats.get(), args.stats_size.get(), &stats)?;
        commit(session, &plan, links, watches, members, flags)?;
        promises.into_iter().for_each(Promised::install);
        storages.keep();
        sockets.keep();
        if let Some(objects) = ipc.take() {
            objects.keep();
        }
    }
    stats.commit_ns = clock.lap();
    stats.tasks = U64::new(slots.len() as u64);
    Ok(stats)
}

/// The members of a restart, who know each other for as long as this is there.
struct Acquainted(Arc<Members>);

impl Acquainted {
    fn new(slots: Members) -> Result<Self> {
        let all = Self(Arc::new(slots, GFP_KERNEL)?);
        for slot in all.iter() {
            slot.set_members(Some(all.0.clone()));
        }
        Ok(all)
    }
}

impl core::ops::Deref for Acquainted {
    type Target = [Arc<Slot>];

    fn deref(&self) -> &[Arc<Slot>] {
        &self.0
    }
}

/// Else they would keep each other alive.
impl Drop for Acquainted {
    fn drop(&mut self) {
        for slot in self.0.iter() {
            slot.set_members(None);
        }
    }
}

/// Has every member do a step, one after the other.
fn all(plan: &Arc<Plan>, slots: &[Arc<Slot>], step: Step) -> Result<(), Refusal> {
    for slot in slots {
        slot.perform(step, plan)?;
    }
    Ok(())
}

/// What two laps took together.
fn sum(one: U64, other: U64) -> U64 {
    U64::new(one.get().saturating_add(other.get()))
}

fn source(args: &RestartArgs) -> Result<Source, Refusal> {
    let file = OpenFile::from_fd(args.image_fd.get())
        .map_err(|error| Refusal::new(Reason::ImageTruncated, error))?;
    let prefix = user::read_bytes(args.prefix.get(), args.prefix_size.get(), LONGEST_PREFIX)
        .map_err(|error| Refusal::new(Reason::ImageTruncated, error))?;
    Ok(Source::new(prefix, file))
}

/// Reads page contents into the new address spaces, up to the end of the image.
fn fill(
    plan: &Plan,
    slots: &[Arc<Slot>],
    source: &mut Source,
    first: Arrived,
    contents: Count,
    stats: &mut RestartStats,
) -> Result<(), Refusal> {
    let mut spaces = KVVec::new();
    for builder in plan.space_builders() {
        let builder = builder.and_then(|builder| slots.get(builder as usize));
        spaces.push(Space::of(&builder.ok_or(EINVAL)?.task)?, GFP_KERNEL)?;
    }
    let mut target = Fill::new(&plan.spaces, spaces)?;
    (target.stored, target.cleared) = (contents.pages, contents.zero_pages);
    let outcome = fill_to_end(plan, &mut target, source, first);
    // The last batch is still to be verified, whatever came after it.
    target.verify()?;
    outcome?;
    let (records, bytes) = source.position();
    stats.records = U64::new(records);
    stats.bytes = U64::new(bytes);
    stats.pages = U64::new(target.stored);
    stats.zero_pages = U64::new(target.cleared);
    stats.inherited_pages = U64::new(target.inherited);
    Ok(())
}

fn fill_to_end(
    plan: &Plan,
    target: &mut Fill<'_>,
    source: &mut Source,
    first: Arrived,
) -> Result<(), Refusal> {
    let mut arrived = first;
    loop {
        let (frame, payload) = (&arrived.frame, &arrived.payload);
        match frame.kind() {
            Some(Kind::Pages) => target.contents(frame, payload, source)?,
            Some(Kind::ZeroPages) => target.zeros(frame, payload)?,
            Some(Kind::InheritedPages) => target.inherit(frame, payload)?,
            Some(Kind::End) => {
                let (end, _) = decode::<End>(frame, payload)?;
                let agrees = end.pages.get() == target.stored
                    && end.zero_pages.get() == target.cleared
                    && end.inherited_pages.get() == target.inherited
                    && end.objects.get() == plan.objects()
                    && end.bytes.get() == frame.offset()
                    && end.records.get() == source.position().0.saturating_sub(1);
                if !agrees {
                    return Err(frame.error(Problem::Value("counts", target.stored)).into());
                }
                return Ok(());
            }
            None => (),
            Some(kind) => return Err(frame.error(Problem::Order(kind.number())).into()),
        }
        arrived = source.next()?;
    }
}

/// The last act. Until a task is told to leave, everything can still be undone by killing.
fn commit(
    session: &Session,
    plan: &Arc<Plan>,
    (files, items, ipc): (Arc<Files>, Items, &Ipc),
    (marks, directories): (fanotify::Placed, directory_watches::Placed),
    (slots, built, new_pids): (&[Arc<Slot>], &Built, bool),
    flags: u32,
) -> Result<(), Refusal> {
    // The dead come first: what their parents had heard of that is among what those then take on.
    let members = || plan.members.iter().zip(slots);
    let living = || members().filter(|(member, _)| !member.has_ended());
    for (member, slot) in members().filter(|(member, _)| member.has_ended()) {
        slot.perform(Step::Settle, plan)?;
        slot.perform(Step::Leave, plan)?;
        wait_until_ended(plan, member, slot)?;
    }
    wait_until_alone(session, living().count())?;
    for (_, slot) in living() {
        slot.perform(Step::Settle, plan)?;
    }
    session.hold();
    let (_, alive) = living().next().ok_or(ESRCH)?;
    let here = namespaces::of(&alive.task)?;
    namespaces::mark(&alive.task, built.own)?;
    rooms::pids::settle(plan, slots, built)?;
    let with_start = rights::may_identify();
    for ((member, slot), own) in members().zip(plan.tasks.iter()) {
        if !member.has_ended() {
            if task::is_gone(&slot.task)
                || !session.cgroup.contains(&slot.task)
                || !task::is_parked(&slot.task)
            {
                return Err(slot.died(plan));
            }
            let registers = own.registers.as_deref().ok_or(EINVAL)?;
            let extended = own.extended.as_ref().ok_or(EINVAL)?;
            rooms::cpu::restore(&slot.task, registers, extended).map_err(|refusal| {
                // It may be killed at any moment, and then nothing is wrong with the registers.
                if refusal.error() == ESRCH {
                    slot.died(plan)
                } else {
                    refusal.member(slot.title(plan))
                }
            })?;
        }
        rooms::usage::restore(&slot.task, &here, &own.usage, with_start)?;
    }
    if task::is_interrupted() {
        return Err(Refusal::new(Reason::Interrupted, EINTR));
    }
    items.settle(&files)?;
    ipc.settle(plan, slots, new_pids)?;
    let watches = Placed::all(&plan.specials, &plan.files, &files)?;
    rooms::specials::start(&plan.specials, &plan.files, &files, &here)?;
    // What stays if something fails comes when nothing is left that could.
    rooms::files::take_effect(&plan.files, &files, plan.growth)?;
    rooms::handed::take_effect(&plan.handed);
    // Nothing holds the files any longer but the descriptors.
    drop(files);
    for (_, slot) in living() {
        slot.perform(Step::Leave, plan)?;
    }
    let stays_held = flags & RESTART_HELD != 0;
    session.finish(stays_held)?;
    wait_until_frozen(session);
    // Whatever the tasks still had open is closed by now.
    watches.arm();
    marks.arm();
    directories.arm();
    if !stays_held {
        session.cgroup.release(flags & RESTART_FROZEN != 0);
    }
    Ok(())
}

/// Waits for a task to become what its parent waits for. Only now does it get the signal that the
/// parent will be sent again if nobody has waited for it by then.
fn wait_until_ended(plan: &Plan, member: &Member, slot: &Slot) -> Result<(), Refusal> {
    if !task::wait_until(PATIENCE, || family::has_ended(&slot.task)) {
        return Err(slot.died(plan));
    }
    family::arrange(&slot.task, None, member.exit_signal.get()).map_err(|_| slot.died(plan))
}

/// Waits until whoever else helped to build the forest is gone.
fn wait_until_alone(session: &Session, members: usize) -> Result<(), Refusal> {
    let mut found = Ok(0);
    task::wait_until(PATIENCE, || {
        found = session.cgroup.tasks().map(|tasks| tasks.len());
        !matches!(found, Ok(count) if count > members) || task::is_interrupted()
    });
    match found? {
        count if count <= members => Ok(()),
        _ if task::is_interrupted() => Err(Refusal::new(Reason::Interrupted, EINTR)),
        count => Err(Refusal::new(Reason::ForestDiffers, EINVAL)
            .name("the number of tasks")
            .value(count as u64)),
    }
}

/// How long what must come may take, in milliseconds.
const PATIENCE: u32 = 30_000;

/// They are on their way to the freezer, which is not far. Death on that way is not a failure of
/// the restart, so this does not insist.
fn wait_until_frozen(session: &Session) {
    task::wait_until(PATIENCE, || {
        session.cgroup.is_frozen() || !session.cgroup.is_populated()
    });
}

/// What was killed is gone before the caller hears of the failure.
fn wait_until_empty(session: &Session) {
    task::wait_until(PATIENCE, || !session.cgroup.is_populated());
}
