// SPDX-License-Identifier: GPL-2.0

//! Descriptor tables: which number is which open file.
//!
//! Saves: numbers, which of them are the same open file, close-on-exec.
//! Refuses: open files that a task outside has too, or a message to one, or the kernel for one, unless they
//! are `handed` in, or of a terminal that is relayed. What lies behind a descriptor is a matter of `files`.
//! Restores: all descriptors at once, in place of those that the task had.
//! Locks: task_lock over files_struct, inside calls of the glue; both for some descriptors at a time.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use zerocopy::little_endian::U32;

use super::files::{capture_file, shared, FilePlan};
use super::handed::{self, HandedPlan};
use super::terminals;
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::family::Shared;
use crate::abstractions::file::OpenFile;
use crate::abstractions::pipes::End;
use crate::abstractions::specials::kind as special;
use crate::abstractions::until_zero;
use crate::abstractions::{sockets, task};
use crate::capture::{Capture, FrozenTask, Placed};
use crate::format::files::{Descriptor, DescriptorTable, DESCRIPTOR_CLOSE_ON_EXEC};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::sort;

/// FUSE: whoever has it open may have to answer before anybody learns anything of a file.
const SERVERS: u32 = 10 << 20 | 229;

/// Does somebody serve a file system from inside? It is refused, and nothing else may be looked at:
/// to ask him would be to wait for somebody who is frozen.
pub(crate) fn refuse_servers(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result<bool> {
    let mut any = false;
    for task in tables(tasks)?.iter().filter_map(|task| tasks.get(*task)) {
        let mut next = 0;
        while let Some((number, file, _)) = descriptors::next(&task.task, next) {
            if file.character_device() == Some(SERVERS) {
                let refusal = task.refusal(Reason::FileKind).fd(number);
                out.refuse(refusal.text(&file.label()));
                any = true;
            }
            next = number.saturating_add(1);
        }
    }
    Ok(any)
}

/// Describes a descriptor table and the open files in it.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let (shared, _) = Shared::Descriptors.of(&task.task).ok_or(ESRCH)?;
    if let Some(known) = out.known(shared) {
        return Ok(known);
    }
    let first = out.descriptors.len();
    let mut flags = KVVec::new();
    let mut next = 0;
    while let Some((number, file, close_on_exec)) = descriptors::next(&task.task, next) {
        let place = |refusal: Refusal| refusal.fd(number);
        let handed = handed::capture(&file, number, task, out)?;
        let id = match handed {
            Some(id) => id,
            None => capture_file(&file, task, Some(number), place, out)?,
        };
        let entry = Placed {
            file,
            id,
            number,
            task: task.id,
            is_queued: false,
            is_handed: handed.is_some(),
        };
        out.descriptors.push(entry, GFP_KERNEL_ACCOUNT)?;
        let flag = if close_on_exec {
            DESCRIPTOR_CLOSE_ON_EXEC
        } else {
            0
        };
        flags.push(flag, GFP_KERNEL_ACCOUNT)?;
        next = number.saturating_add(1);
    }
    let (table, _) = out.object(shared)?;
    let count = U32::new(u32::try_from(flags.len())?);
    out.record(&DescriptorTable { id: table, count }, &[])?;
    for (index, flags) in (first..).zip(flags.iter()) {
        let entry = out.descriptors.get(index).ok_or(EINVAL)?;
        let record = Descriptor {
            table,
            number: U32::new(entry.number),
            file: entry.id,
            flags: U32::new(*flags),
        };
        out.record(&record, &[])?;
    }
    Ok(table)
}

/// For each descriptor table, a task that has it.
pub(super) fn tables(tasks: &[FrozenTask]) -> Result<KVVec<usize>> {
    let (mut seen, mut tables) = (RBTree::<usize, ()>::new(), KVVec::new());
    for (index, task) in tasks.iter().enumerate() {
        let Some((table, _)) = Shared::Descriptors.of(&task.task).filter(|_| !task.ended) else {
            continue;
        };
        if seen.get(&table).is_none() {
            seen.try_create_and_insert(table, (), GFP_KERNEL)?;
            tables.push(index, GFP_KERNEL)?;
        }
    }
    Ok(tables)
}

/// Blames a task outside: `what`, and what that task has to do with it.
pub(super) fn blame(
    refusal: Refusal,
    what: &[u8],
    tie: &[u8],
    suspect: &Suspect,
) -> Result<Refusal> {
    let what = until_zero(what);
    let mut text = KVec::new();
    for part in [what, tie, &suspect.name()] {
        text.extend_from_slice(part, GFP_KERNEL)?;
    }
    Ok(refusal.text(&text).outsider(suspect.outsider()))
}

/// Open files that are also open outside: an offset that others move has no place in an image. A
/// file that is held more often than we know of is only suspected; the tables of the tasks outside
/// tell, gone through once for all suspects of all tables.
pub(crate) fn refuse_shared(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let all = core::mem::take(&mut out.descriptors);
    let identity = |index: &usize| all.get(*index).map(|entry| entry.file.identity());
    let mut order = KVVec::with_capacity(all.len(), GFP_KERNEL)?;
    for (index, _) in all.iter().enumerate().filter(|(_, entry)| !entry.is_handed) {
        order.push(index, GFP_KERNEL)?;
    }
    sort::by_key(&mut order, identity);

    let (mut suspects, mut held) = (KVVec::new(), KVVec::new());
    for same in order.chunk_by(|one, other| identity(one) == identity(other)) {
        let Some(entry) = same.iter().min().and_then(|index| all.get(*index)) else {
            continue;
        };
        // The table's reference and ours, for each descriptor, and the capture's. Of a message that holds
        // one we have a copy.
        let queued = same.iter().filter_map(|index| all.get(*index));
        let queued = queued.filter(|entry| entry.is_queued).count();
        let known = same.len().saturating_mul(2).saturating_add(queued) as u64;
        let known = known.saturating_add(1);
        if entry.file.references() > known && !out.is_refused(entry.id) {
            suspects.push(Suspect::new(&entry.file), GFP_KERNEL)?;
            held.push((entry, known), GFP_KERNEL)?;
        }
    }
    // Who receives what was on its way has it in his table then: queues first, and queues last.
    let mut files = KVVec::with_capacity(held.len(), GFP_KERNEL)?;
    for (entry, _) in held.iter() {
        files.push(entry.file.identity(), GFP_KERNEL)?;
    }
    let earlier = in_flight(&files, out)?;
    descriptors::find_outside(out.cgroup, &mut suspects)?;
    let mut others = KVVec::new();
    let found = suspects.iter().zip(earlier);
    for ((suspect, flight), (entry, known)) in found.zip(held.iter()) {
        let task = tasks.get(entry.task.get() as usize).ok_or(EINVAL)?;
        // A terminal outside may well be somebody else's too.
        if suspect.outsider() != 0 && !terminals::is_relayed(&entry.file, out) {
            if let Some(refusal) = shared(&entry.file, task)? {
                let refusal = refusal.fd(entry.number);
                out.refuse_file(entry.id, refusal.outsider(suspect.outsider()))?;
            }
        } else {
            others.push((*entry, *known, flight), GFP_KERNEL)?;
        }
    }
    refuse_in_flight(&others, tasks, out)
}

/// Open files that no task outside has, but a message to one, which may have been on its way earlier, or
/// the kernel: they ascend by identity.
fn refuse_in_flight(
    all: &[(&Placed, u64, Option<Flight>)],
    tasks: &[FrozenTask],
    out: &mut Capture<'_>,
) -> Result {
    let mut files = KVVec::with_capacity(all.len(), GFP_KERNEL)?;
    for (entry, ..) in all {
        files.push(entry.file.identity(), GFP_KERNEL)?;
    }
    let flights = in_flight(&files, out)?;
    wait_for_lookers(all);
    for (flight, (entry, known, earlier)) in flights.iter().zip(all) {
        let flight = flight.as_ref().or(earlier.as_ref());
        if flight.is_none() && !is_held(&entry.file, *known) {
            continue;
        }
        let task = tasks.get(entry.task.get() as usize).ok_or(EINVAL)?;
        if let Some(refusal) = shared(&entry.file, task)? {
            let label = entry.file.label();
            let path = entry.file.path();
            let name = path.as_ref().map_or(&label[..], |path| path.as_bytes());
            let refusal = match flight {
                Some(flight) => flight.blame(refusal, name)?,
                None => refusal.because(Reason::FileHeld).text(until_zero(name)),
            };
            out.refuse_file(entry.id, refusal.fd(entry.number))?;
        }
    }
    Ok(())
}

/// Whoever looks at a descriptor in /proc has its open file for a moment.
fn wait_for_lookers(all: &[(&Placed, u64, Option<Flight>)]) {
    /// In milliseconds.
    const PATIENCE: u32 = 200;
    let is_held = |entry: &(&Placed, u64, _)| is_held(&entry.0.file, entry.1);
    // Who is interrupted has less patience, not less to ask.
    task::wait_until(PATIENCE, || {
        !all.iter().any(is_held) || task::is_interrupted()
    });
}

/// Does the kernel hold an open file beside all tables, for somebody outside: an io_uring with
/// files of its own, a mount that talks through a socket? Only of some kinds is it known who holds
/// them, to the last reference.
fn is_held(file: &OpenFile, known: u64) -> bool {
    let is_counted = End::of(file).is_some()
        || matches!(
            file.special(),
            special::SOCKET | special::EVENTFD | special::SIGNALFD | special::TIMERFD
        );
    is_counted && file.references() > known
}

/// What is on its way through a unix socket outside of the container.
pub(super) enum Flight {
    To(Suspect),
    /// Nobody has the socket open.
    ToNobody,
}

impl Flight {
    /// Blames whoever will receive it.
    pub(super) fn blame(&self, refusal: Refusal, name: &[u8]) -> Result<Refusal> {
        match self {
            Self::ToNobody => Ok(refusal.because(Reason::FileInFlightHeld)),
            Self::To(suspect) => {
                let refusal = refusal.because(Reason::FileInFlight);
                blame(refusal, name, b" is also on its way to ", suspect)
            }
        }
    }
}

/// Looks for open files, by their identities or inodes in ascending order: for each, where it is also on
/// its way to.
pub(super) fn in_flight(objects: &[usize], out: &Capture<'_>) -> Result<KVVec<Option<Flight>>> {
    let mut flights = KVVec::with_capacity(objects.len(), GFP_KERNEL)?;
    if objects.is_empty() {
        return Ok(flights);
    }
    let found = sockets::in_flight(&out.sockets.identities()?, objects)?;
    let mut order = KVVec::with_capacity(found.len(), GFP_KERNEL)?;
    for holder in found.iter().filter(|holder| **holder != 0) {
        order.push(*holder, GFP_KERNEL)?;
    }
    sort::values(&mut order);
    let (mut holders, mut suspects) = (KVVec::new(), KVVec::new());
    for holder in order.iter() {
        if holders.last() != Some(holder) {
            holders.push(*holder, GFP_KERNEL)?;
            suspects.push(Suspect::of_object(*holder), GFP_KERNEL)?;
        }
    }
    descriptors::find_outside(out.cgroup, &mut suspects)?;
    for holder in found.iter() {
        let suspect = holders.binary_search(holder).ok();
        let suspect = suspect.and_then(|index| suspects.get(index));
        let flight = suspect.map(|suspect| match suspect.outsider() {
            0 => Flight::ToNobody,
            _ => Flight::To(*suspect),
        });
        flights.push(flight, GFP_KERNEL)?;
    }
    Ok(flights)
}

/// What is behind a descriptor: its place among those of its kind.
#[derive(Clone, Copy)]
pub(crate) enum Behind {
    File(usize),
    Handed(usize),
}

/// A descriptor table as the image describes it.
pub(crate) struct TablePlan {
    pub(crate) count: u32,
    /// Number, what is behind it, close-on-exec.
    pub(crate) entries: KVVec<(u32, Behind, bool)>,
}

/// Which tables have which open files open: by their places, in order.
pub(super) fn open_in(tables: &[TablePlan]) -> Result<KVVec<(usize, usize)>> {
    let mut open = KVVec::new();
    for (index, table) in tables.iter().enumerate() {
        for (_, behind, _) in table.entries.iter() {
            if let Behind::File(file) = behind {
                open.push((index, *file), GFP_KERNEL)?;
            }
        }
    }
    sort::values(&mut open);
    Ok(open)
}

/// Puts a table in place of the caller's.
pub(crate) fn restore(
    plan: &TablePlan,
    files: &[FilePlan],
    handed: &[HandedPlan],
    file_at: impl Fn(usize) -> Option<OpenFile>,
) -> Result<(), Refusal> {
    descriptors::close_all();
    if let Some((last, ..)) = plan.entries.last() {
        descriptors::raise_limit(last.saturating_add(1));
    }
    for (number, behind, close_on_exec) in plan.entries.iter() {
        let index = match behind {
            Behind::File(index) => index,
            Behind::Handed(index) => {
                let handed = handed.get(*index).ok_or(EINVAL)?;
                handed.install(*number, *close_on_exec)?;
                continue;
            }
        };
        let file = file_at(*index).ok_or(EINVAL)?;
        file.install(*number, *close_on_exec)
            .map_err(|error| Refusal::new(Reason::DescriptorNotInstalled, error).fd(*number))?;
        // Nobody else knows of a number.
        let needs_number = |file: &FilePlan| file.is_async() && file.async_number().is_none();
        if files.get(*index).is_some_and(needs_number) {
            file.make_async(*number).map_err(|error| {
                let refusal = Refusal::new(Reason::StateNotRestored, error);
                refusal.name("O_ASYNC").fd(*number)
            })?;
        }
    }
    Ok(())
}
