// SPDX-License-Identifier: GPL-2.0

//! Areas: what an address space maps, and where.
//!
//! Saves: bounds, protection and what it may become, backing file, advice, names, locks, seals,
//! protection keys, guard pages; huge pages, shared ones too; the parts of the vdso wherever they are.
//! Refuses: devices, userfaultfd, pages that are poisoned or in a device. What its file is refused
//! for.
//! Restores: in the task itself, as mmap(2), madvise(2), mprotect(2), mlock(2) and mseal(2) would;
//! what would be in the way of filling it comes after that.
//! Locks: mmap_lock, inside each call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::file::OpenFile;
use crate::abstractions::pages::Guards;
use crate::abstractions::space::{self, flag, kind, Area, AreaState, Program, Space, PAGE};
use crate::capture::{Capture, FrozenTask};
use crate::format::memory::{
    Area as AreaRecord, AreaPolicy, GuardPages, AREA_ACCOUNTED, AREA_DONT_DUMP, AREA_DONT_FORK,
    AREA_DROPPABLE, AREA_GROWS_DOWN, AREA_GUARDED, AREA_HUGE_PAGES, AREA_KIND_ANONYMOUS,
    AREA_KIND_FILE, AREA_KIND_HUGE, AREA_KIND_VDSO, AREA_KIND_VVAR, AREA_KIND_VVAR_VCLOCK,
    AREA_LOCKED, AREA_LOCKED_ON_FAULT, AREA_MERGEABLE, AREA_NAMED, AREA_NEVER_EXEC,
    AREA_NEVER_READ, AREA_NEVER_WRITE, AREA_NO_HUGE_PAGES, AREA_NO_RESERVE, AREA_RANDOM,
    AREA_SEALED, AREA_SEQUENTIAL, AREA_SHARED, AREA_WIPE_ON_FORK,
};
use crate::format::reason::Reason;
use crate::format::storage::MAX_PAGE_SHIFT;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::rooms::files;
use crate::rooms::memory::USER_END;
use crate::rooms::policy::{self, PolicyPlan};

/// A flag of the glue, and the flag of a record that says the same.
const FLAGS: [(u32, u32); 17] = [
    (flag::ACCOUNTED, AREA_ACCOUNTED),
    (flag::SHARED, AREA_SHARED),
    (flag::GROWS_DOWN, AREA_GROWS_DOWN),
    (flag::NO_RESERVE, AREA_NO_RESERVE),
    (flag::LOCKED, AREA_LOCKED),
    (flag::LOCKED_ON_FAULT, AREA_LOCKED_ON_FAULT),
    (flag::DONT_FORK, AREA_DONT_FORK),
    (flag::WIPE_ON_FORK, AREA_WIPE_ON_FORK),
    (flag::DONT_DUMP, AREA_DONT_DUMP),
    (flag::HUGE_PAGES, AREA_HUGE_PAGES),
    (flag::NO_HUGE_PAGES, AREA_NO_HUGE_PAGES),
    (flag::MERGEABLE, AREA_MERGEABLE),
    (flag::SEQUENTIAL, AREA_SEQUENTIAL),
    (flag::RANDOM, AREA_RANDOM),
    (flag::SEALED, AREA_SEALED),
    (flag::DROPPABLE, AREA_DROPPABLE),
    (flag::GUARDED, AREA_GUARDED),
];

/// A right that mprotect(2) could give, and the flag of a record that says it cannot.
const RIGHTS: [(u32, u32); 3] = [
    (flag::MAY_READ, AREA_NEVER_READ),
    (flag::MAY_WRITE, AREA_NEVER_WRITE),
    (flag::MAY_EXEC, AREA_NEVER_EXEC),
];

/// A kind of the glue, and the kind of a record.
const KINDS: [(u32, u32); 6] = [
    (kind::ANONYMOUS, AREA_KIND_ANONYMOUS),
    (kind::FILE, AREA_KIND_FILE),
    (kind::VDSO, AREA_KIND_VDSO),
    (kind::VVAR, AREA_KIND_VVAR),
    (kind::VVAR_VCLOCK, AREA_KIND_VVAR_VCLOCK),
    (kind::HUGE, AREA_KIND_HUGE),
];

/// PROT_READ, PROT_WRITE and PROT_EXEC have the same numbers in both.
const PROTECTION: u32 = 7;

/// Describes the file behind an area, if one is to be found again.
pub(crate) fn capture_backing(
    task: &FrozenTask,
    area: &Area,
    out: &mut Capture<'_>,
) -> Result<ObjectId> {
    let place = |found: Refusal| found.address(area.state.start);
    match &area.file {
        // What is refused for what it is need not be refused for its file too.
        Some(file) if area.state.obstacle.first() == Some(&0) => {
            files::capture_file(file, task, None, place, out)
        }
        _ => Ok(ObjectId::NONE),
    }
}

/// What programs can choose of the parts of the vdso.
const SPECIAL: u32 = AREA_DONT_FORK
    | AREA_DONT_DUMP
    | AREA_NO_HUGE_PAGES
    | AREA_SEQUENTIAL
    | AREA_RANDOM
    | AREA_SEALED
    | AREA_ACCOUNTED;

/// The flags of a record.
fn flags_of(state: &AreaState) -> u32 {
    let says = |all: u32, (_, flag): &(u32, u32)| all | flag;
    let set = FLAGS.iter().filter(|(here, _)| state.flags & here != 0);
    let flags = set.fold(0, says);
    match state.kind {
        kind::VDSO => flags,
        // These are never dumped, whatever the program says.
        kind::VVAR | kind::VVAR_VCLOCK => flags & !AREA_DONT_DUMP,
        _ => {
            let clear = RIGHTS.iter().filter(|(here, _)| state.flags & here == 0);
            clear.fold(flags, says) | if state.has_name { AREA_NAMED } else { 0 }
        }
    }
}

fn is_special(kind: u32) -> bool {
    matches!(
        kind,
        AREA_KIND_VDSO | AREA_KIND_VVAR | AREA_KIND_VVAR_VCLOCK
    )
}

/// Describes an area, its guard pages and its policy.
pub(crate) fn capture(
    task: &FrozenTask,
    (id, space): (ObjectId, &Space),
    state: &AreaState,
    file: ObjectId,
    out: &mut Capture<'_>,
) -> Result {
    let refusal = |reason| task.refusal(reason).address(state.start);
    let kind = KINDS.iter().find(|(here, _)| *here == state.kind);
    let Some((_, kind)) = kind else {
        out.refuse(refusal(Reason::AreaKind).text(&state.name));
        return Ok(());
    };
    let flags = flags_of(state);
    if state.obstacle.first() != Some(&0) {
        out.refuse(refusal(Reason::AreaKind).text(&state.obstacle));
        return Ok(());
    } else if state.unknown != 0 {
        out.refuse(refusal(Reason::AreaFlags).value(state.unknown));
    } else if is_special(*kind) && flags & !SPECIAL != 0 {
        out.refuse(refusal(Reason::AreaFlags).value(state.flags.into()));
    }
    let has_offset = matches!(*kind, AREA_KIND_FILE | AREA_KIND_HUGE);
    let name = if state.has_name { &state.name[..] } else { &[] };
    let length = name
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(name.len());
    let lineage = out.lineage(state.lineage)?;
    out.record(
        &AreaRecord {
            space: id,
            file,
            start: U64::new(state.start),
            end: U64::new(state.end),
            offset: U64::new(if has_offset { state.offset } else { 0 }),
            protection: U32::new(state.flags & PROTECTION),
            flags: U32::new(flags),
            kind: U32::new(*kind),
            protection_key: U32::new(state.key),
            page_shift: U32::new(state.page_shift),
            lineage: U32::new(lineage),
        },
        name.get(..length).unwrap_or(&[]),
    )?;
    if !is_special(*kind) {
        capture_guards(task, (id, space), state, out)?;
    }
    if state.has_policy {
        policy::capture_area(space, id, state.start, out)?;
    }
    Ok(())
}

/// Describes guard pages, and looks for pages that nothing could bring back.
fn capture_guards(
    task: &FrozenTask,
    (id, space): (ObjectId, &Space),
    state: &AreaState,
    out: &mut Capture<'_>,
) -> Result {
    let mut guards = Guards::new()?;
    let mut from = state.start;
    while from < state.end {
        from = guards.collect(space, from, state.end)?;
        for (start, end) in guards.runs() {
            let size = end.saturating_sub(start);
            out.record(
                &GuardPages {
                    space: id,
                    reserved: U32::ZERO,
                    address: U64::new(start),
                    count: U64::new(size / PAGE),
                },
                &[],
            )?;
        }
        if let Some((address, obstacle)) = guards.strange() {
            let refusal = task.refusal(Reason::AreaKind).address(address);
            out.refuse(refusal.text(obstacle));
            break;
        }
    }
    Ok(())
}

/// Does a page of zeros differ from a hole? Over a file it reads otherwise; locked memory has no
/// holes that cost a fault; a huge page of one's own is one that nobody else has taken.
pub(crate) fn keeps_zeros(kind: u32, flags: u32) -> bool {
    matches!(kind, AREA_KIND_FILE | AREA_KIND_VDSO | AREA_KIND_HUGE) || flags & AREA_LOCKED != 0
}

/// As above, of an area that is there.
pub(crate) fn state_keeps_zeros(state: &AreaState) -> bool {
    state.kind != kind::ANONYMOUS || state.flags & flag::LOCKED != 0
}

/// The file behind an area.
pub(crate) struct Backing {
    /// Index among the files.
    pub(crate) file: usize,
    /// It is a memfd that the restart makes.
    pub(crate) is_made: bool,
}

/// An area as the image describes it.
pub(crate) struct AreaPlan {
    record: AreaRecord,
    file: Option<Backing>,
    name: [u8; 81],
    /// Start and end of runs of guard pages.
    guards: KVVec<(u64, u64)>,
    policy: Option<PolicyPlan>,
}

impl AreaPlan {
    pub(crate) fn start(&self) -> u64 {
        self.record.start.get()
    }

    pub(crate) fn end(&self) -> u64 {
        self.record.end.get()
    }

    /// May pages of an image go into it? Never into what others see.
    pub(crate) fn is_private(&self) -> bool {
        let kind = self.record.kind.get();
        self.record.flags.get() & AREA_SHARED == 0
            && matches!(
                kind,
                AREA_KIND_ANONYMOUS | AREA_KIND_FILE | AREA_KIND_VDSO | AREA_KIND_HUGE
            )
    }

    /// Does a page of zeros in it differ from a hole?
    pub(crate) fn keeps_zeros(&self) -> bool {
        keeps_zeros(self.record.kind.get(), self.record.flags.get())
    }

    /// What it has in common with its relatives, if it may share private pages with some.
    pub(crate) fn lineage(&self) -> Option<u32> {
        Some(self.record.lineage.get()).filter(|lineage| *lineage != 0)
    }

    /// What it is, as one of `AREA_KIND_*`.
    pub(crate) fn kind(&self) -> u32 {
        self.record.kind.get()
    }

    /// Takes a record in; `last` is where the area before it ends.
    pub(crate) fn new(
        record: AreaRecord,
        name: &[u8],
        file: Option<Backing>,
        last: u64,
    ) -> Result<Self, Refusal> {
        let value = |name, value| {
            Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name(name)
                .value(value))
        };
        let (start, end) = (record.start.get(), record.end.get());
        if start < last || end <= start || end > USER_END || (start | end) % PAGE != 0 {
            return value("start", start);
        }
        if record.offset.get() % PAGE != 0 || record.offset.get() > i64::MAX as u64 {
            return value("offset", record.offset.get());
        }
        if record.protection.get() & !PROTECTION != 0 {
            return value("protection", record.protection.get().into());
        }
        let (kind, shift) = (record.kind.get(), record.page_shift.get());
        if (kind == AREA_KIND_FILE) != file.is_some() {
            return value("kind", kind.into());
        }
        let flags = record.flags.get();
        let has = |flag| flags & flag != 0;
        let wrong = if is_special(kind) {
            flags & !SPECIAL != 0
        } else {
            (kind != AREA_KIND_FILE && has(AREA_SHARED))
                || (kind != AREA_KIND_ANONYMOUS && has(AREA_DROPPABLE | AREA_GROWS_DOWN))
                || (shift != 0 && has(AREA_LOCKED | AREA_GUARDED))
                || (has(AREA_LOCKED_ON_FAULT) && !has(AREA_LOCKED))
        };
        if wrong {
            return value("flags", flags.into());
        }
        if record.protection_key.get() >= KEYS {
            return value("protection_key", record.protection_key.get().into());
        }
        let shift_fits = match kind {
            AREA_KIND_HUGE => shift != 0,
            AREA_KIND_FILE => true,
            _ => shift == 0,
        };
        let may_share =
            matches!(kind, AREA_KIND_ANONYMOUS | AREA_KIND_FILE) && !has(AREA_SHARED) && shift == 0;
        if record.lineage.get() != 0 && !may_share {
            return value("lineage", record.lineage.get().into());
        }
        if !shift_fits || shift > MAX_PAGE_SHIFT {
            return value("page_shift", shift.into());
        }
        // As prctl(PR_SET_VMA) takes them: /proc/PID/maps is made of lines.
        let is_readable = |byte: &u8| matches!(byte, b' '..=b'~') && !b"\\`$[]".contains(byte);
        if has(AREA_NAMED) && !name.iter().all(is_readable) {
            return value("name", name.len() as u64);
        }
        let mut text = [0; 81];
        let to = text.get_mut(..name.len()).ok_or(EINVAL)?;
        to.copy_from_slice(name);
        Ok(Self {
            record,
            file,
            name: text,
            guards: KVVec::new(),
            policy: None,
        })
    }

    /// Takes guard pages in.
    pub(crate) fn add_guards(&mut self, record: &GuardPages) -> Result<(), Refusal> {
        let start = record.address.get();
        let size = record.count.get().checked_mul(PAGE);
        let end = size.and_then(|size| start.checked_add(size));
        let first = self.guards.last().map_or(self.start(), |(_, end)| *end);
        let fits = |end: &u64| start % PAGE == 0 && first <= start && start < *end;
        let end = end.filter(fits).filter(|end| *end <= self.end());
        let (Some(end), true) = (end, self.record.flags.get() & AREA_GUARDED != 0) else {
            return Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("address")
                .value(start));
        };
        self.guards.push((start, end), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Takes its policy in.
    pub(crate) fn set_policy(&mut self, record: &AreaPolicy, mask: &[u8]) -> Result<(), Refusal> {
        if record.address.get() != self.start() || self.policy.is_some() {
            return Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("address")
                .value(record.address.get()));
        }
        self.policy = Some(PolicyPlan::of_area(record, mask)?);
        Ok(())
    }

    /// Can it have been mapped before its memfd was sealed? Of one that was not made by this restart
    /// nobody lifts the seal.
    fn may_precede_seal(&self) -> bool {
        let flags = self.record.flags.get();
        let is_made = self.file.as_ref().is_some_and(|backing| backing.is_made);
        is_made && flags & AREA_SHARED != 0 && flags & AREA_NEVER_WRITE == 0
    }

    /// Maps it into the caller's address space, as it has to be to be filled. A vdso is one for
    /// such a program.
    pub(crate) fn map(
        &self,
        program: Program,
        file_at: impl Fn(usize) -> Option<OpenFile>,
    ) -> Result<(), Refusal> {
        let file = match &self.file {
            Some(backing) => Some(file_at(backing.file).ok_or(EINVAL)?),
            None => None,
        };
        let mut state = self.state();
        state.compat = program.is_32bit();
        // F_SEAL_FUTURE_WRITE leaves alone what was mapped before it.
        let mapped = match &file {
            Some(file) if self.may_precede_seal() => {
                file.without_write_seal(|| space::map(&mut state, Some(file)))
            }
            _ => space::map(&mut state, file.as_ref()),
        };
        mapped.map_err(|error| self.not_mapped(error))?;
        for (start, end) in self.guards.iter() {
            space::guard(*start, *end).map_err(|error| self.not_mapped(error))?;
        }
        if let Some(policy) = &self.policy {
            policy.apply(self.start(), self.end())?;
        }
        Ok(())
    }

    /// The rest, once it has been filled.
    pub(crate) fn settle(&self) -> Result<(), Refusal> {
        let flags = self.record.flags.get();
        let is_locked = flags & AREA_LOCKED != 0 && flags & AREA_LOCKED_ON_FAULT == 0;
        let has_more = is_locked
            || flags & AREA_SEALED != 0
            || self.record.protection_key.get() != 0
            || self.record.page_shift.get() != 0;
        if !has_more {
            return Ok(());
        }
        space::settle_area(&self.state()).map_err(|error| self.not_mapped(error))
    }

    fn not_mapped(&self, error: Error) -> Refusal {
        let refusal = match self.record.page_shift.get() {
            shift @ 10..=MAX_PAGE_SHIFT if error == ENOMEM => {
                Refusal::new(Reason::HugePagesMissing, error).value(1u64 << (shift - 10))
            }
            _ => Refusal::new(Reason::AreaNotMapped, error),
        };
        refusal.address(self.start())
    }

    fn state(&self) -> AreaState {
        let kind = self.record.kind.get();
        let said = self.record.flags.get();
        let means = |all: u32, (flag, _): &(u32, u32)| all | flag;
        let set = FLAGS.iter().filter(|(_, there)| said & there != 0);
        let clear = RIGHTS.iter().filter(|(_, there)| said & there == 0);
        let flags = clear.fold(set.fold(0, means), means);
        let here = KINDS.iter().find(|(_, there)| *there == kind);
        AreaState {
            start: self.start(),
            end: self.end(),
            offset: self.record.offset.get(),
            flags: flags | self.record.protection.get(),
            kind: here.map_or(0, |(here, _)| *here),
            key: self.record.protection_key.get(),
            page_shift: self.record.page_shift.get(),
            has_name: said & AREA_NAMED != 0,
            name: self.name,
            ..AreaState::default()
        }
    }
}

/// Protection keys that a page can have.
const KEYS: u32 = 16;

#[kunit_tests(checkpoint_areas)]
mod tests {
    use super::*;

    /// Every flag that the glue tells goes into a record, once.
    #[test]
    fn no_flag_is_passed_over() {
        let mut bit = 1;
        while bit <= flag::LAST {
            let occurs =
                |table: &[(u32, u32)]| table.iter().filter(|(here, _)| *here == bit).count();
            let times = occurs(&FLAGS) + occurs(&RIGHTS);
            assert_eq!(times, usize::from(bit & PROTECTION == 0));
            bit <<= 1;
        }
    }
}
