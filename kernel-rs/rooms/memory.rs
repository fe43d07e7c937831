// SPDX-License-Identifier: GPL-2.0

//! Memory: address spaces, areas, pages.
//!
//! Saves: private memory with its contents, mappings of files (for private ones, what differs from
//! the file), the vdso where it is, marks, auxiliary vector, advice. Pages that are zero cost
//! nothing; a page that a program made zero over a file is a zero run.
//! Refuses: devices, hugetlb, userfaultfd, guard regions, sealed or droppable memory, protection
//! keys, memory policies, shared memory that is in no file.
//! Restores: into an empty address space in the task itself; the coordinator reads page contents
//! from the stream straight into it.
//! Locks: mmap_lock (read) for one look at a time; never held across a write or read of a stream.

use kernel::bindings;
use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::IntoBytes;

use crate::abstractions::file::OpenFile;
use crate::abstractions::space::{self, Area, AreaState, Marks, Pages, Space, PAGE};
use crate::capture::{Capture, FrozenTask};
use crate::format::memory::{
    AddressSpace, Area as AreaRecord, Pages as PagesRecord, ZeroPages, AREA_ACCOUNTED,
    AREA_DONT_DUMP, AREA_DONT_FORK, AREA_GROWS_DOWN, AREA_HUGE_PAGES, AREA_KIND_ANONYMOUS,
    AREA_KIND_FILE, AREA_KIND_VDSO, AREA_KIND_VVAR, AREA_KIND_VVAR_VCLOCK, AREA_LOCKED,
    AREA_LOCKED_ON_FAULT, AREA_MERGEABLE, AREA_NAMED, AREA_NEVER_EXEC, AREA_NEVER_READ,
    AREA_NEVER_WRITE, AREA_NO_HUGE_PAGES, AREA_NO_RESERVE, AREA_RANDOM, AREA_SEQUENTIAL,
    AREA_SHARED, AREA_WIPE_ON_FORK, MAX_RUN, SPACE_NO_HUGE_PAGES, SPACE_TOP_DOWN,
};
use crate::format::reason::Reason;
use crate::format::{Frame, Kind, ObjectId, Problem};
use crate::log::Refusal;
use crate::rooms::files;
use crate::stream::{Sink, Source};

/// A flag of the glue, and the flag of a record that says the same.
const FLAGS: [(u32, u32); 14] = [
    (bindings::CKPT_VM_ACCOUNT, AREA_ACCOUNTED),
    (bindings::CKPT_VM_SHARED, AREA_SHARED),
    (bindings::CKPT_VM_GROWSDOWN, AREA_GROWS_DOWN),
    (bindings::CKPT_VM_NORESERVE, AREA_NO_RESERVE),
    (bindings::CKPT_VM_LOCKED, AREA_LOCKED),
    (bindings::CKPT_VM_LOCKONFAULT, AREA_LOCKED_ON_FAULT),
    (bindings::CKPT_VM_DONTCOPY, AREA_DONT_FORK),
    (bindings::CKPT_VM_WIPEONFORK, AREA_WIPE_ON_FORK),
    (bindings::CKPT_VM_DONTDUMP, AREA_DONT_DUMP),
    (bindings::CKPT_VM_HUGEPAGE, AREA_HUGE_PAGES),
    (bindings::CKPT_VM_NOHUGEPAGE, AREA_NO_HUGE_PAGES),
    (bindings::CKPT_VM_MERGEABLE, AREA_MERGEABLE),
    (bindings::CKPT_VM_SEQ_READ, AREA_SEQUENTIAL),
    (bindings::CKPT_VM_RAND_READ, AREA_RANDOM),
];

/// A right that mprotect(2) could give, and the flag of a record that says it cannot.
const RIGHTS: [(u32, u32); 3] = [
    (bindings::CKPT_VM_MAYREAD, AREA_NEVER_READ),
    (bindings::CKPT_VM_MAYWRITE, AREA_NEVER_WRITE),
    (bindings::CKPT_VM_MAYEXEC, AREA_NEVER_EXEC),
];

/// A kind of the glue, and the kind of a record.
const KINDS: [(u32, u32); 5] = [
    (bindings::ckpt_area_kind_CKPT_AREA_ANON, AREA_KIND_ANONYMOUS),
    (bindings::ckpt_area_kind_CKPT_AREA_FILE, AREA_KIND_FILE),
    (bindings::ckpt_area_kind_CKPT_AREA_VDSO, AREA_KIND_VDSO),
    (bindings::ckpt_area_kind_CKPT_AREA_VVAR, AREA_KIND_VVAR),
    (
        bindings::ckpt_area_kind_CKPT_AREA_VVAR_VCLOCK,
        AREA_KIND_VVAR_VCLOCK,
    ),
];

/// PROT_READ, PROT_WRITE and PROT_EXEC have the same numbers in both.
const PROTECTION: u32 = 7;

/// Describes the address space of a task. Its pages are for [`stream_pages`].
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let space = Space::of(&task.task)?;
    if let Some(id) = out.known(space.identity()) {
        return Ok(id);
    }
    // Files first: an object only refers to what has a lower number.
    let exe = match space.exe() {
        Some(file) => files::capture_file(&file, task, None, |refusal| refusal, out)?,
        None => ObjectId::NONE,
    };
    let mut areas = KVVec::new();
    let mut next = 0;
    while let Some(area) = space.area(next)? {
        next = area.state.end;
        let file = capture_backing(task, &area, out)?;
        areas.push((area.state, file), GFP_KERNEL_ACCOUNT)?;
    }
    let (id, _) = out.object(space.identity())?;
    let marks = space.marks()?;
    let count = u32::try_from(areas.len())?;
    let auxv = marks.auxv.as_bytes();
    let auxv = auxv
        .get(..(marks.auxv_size as usize).saturating_mul(8))
        .unwrap_or(&[]);
    out.record(&space_record(id, exe, count, &marks), auxv)?;
    for (state, file) in areas.iter() {
        capture_area(task, id, state, *file, &marks, out)?;
    }
    out.spaces.push((id, space), GFP_KERNEL_ACCOUNT)?;
    Ok(id)
}

/// Is it shared memory that is in no file that could be found again?
fn is_shared_memory(state: &AreaState) -> bool {
    state.flags & bindings::CKPT_VM_SHARED != 0 && state.is_shmem
}

fn capture_backing(task: &FrozenTask, area: &Area, out: &mut Capture<'_>) -> Result<ObjectId> {
    let place = |found: Refusal| found.address(area.state.start);
    match &area.file {
        Some(file) if !is_shared_memory(&area.state) => {
            files::capture_file(file, task, None, place, out)
        }
        _ => Ok(ObjectId::NONE),
    }
}

fn space_record(id: ObjectId, exe: ObjectId, areas: u32, marks: &Marks) -> AddressSpace {
    AddressSpace {
        id,
        exe,
        start_code: U64::new(marks.start_code),
        end_code: U64::new(marks.end_code),
        start_data: U64::new(marks.start_data),
        end_data: U64::new(marks.end_data),
        start_brk: U64::new(marks.start_brk),
        brk: U64::new(marks.brk),
        start_stack: U64::new(marks.start_stack),
        arg_start: U64::new(marks.arg_start),
        arg_end: U64::new(marks.arg_end),
        env_start: U64::new(marks.env_start),
        env_end: U64::new(marks.env_end),
        mmap_base: U64::new(marks.mmap_base),
        mmap_compat_base: U64::new(marks.mmap_compat_base),
        vdso: U64::new(marks.vdso),
        areas: U32::new(areas),
        flags: U32::new(
            if marks.top_down { SPACE_TOP_DOWN } else { 0 }
                | if marks.no_huge_pages {
                    SPACE_NO_HUGE_PAGES
                } else {
                    0
                },
        ),
        coredump_filter: U32::new(marks.coredump_filter),
        membarrier: U32::ZERO,
        future: U32::ZERO,
        reserved: U32::ZERO,
    }
}

fn capture_area(
    task: &FrozenTask,
    space: ObjectId,
    state: &AreaState,
    file: ObjectId,
    marks: &Marks,
    out: &mut Capture<'_>,
) -> Result {
    let refusal = |reason| task.refusal(reason).address(state.start);
    let kind = KINDS.iter().find(|(here, _)| *here == state.kind);
    let Some((_, kind)) = kind else {
        out.refuse(refusal(Reason::AreaKind).text(&state.name));
        return Ok(());
    };
    let vdso_start = marks.vdso.saturating_sub(space::vdso_data_size());
    if state.obstacle.first() != Some(&0) {
        out.refuse(refusal(Reason::AreaKind).text(&state.obstacle));
    } else if state.unknown != 0 {
        out.refuse(refusal(Reason::AreaFlags).value(state.unknown));
    } else if state.has_policy {
        out.refuse(refusal(Reason::AreaKind).text(b"memory with a NUMA policy"));
    } else if *kind == AREA_KIND_VVAR && state.start != vdso_start {
        out.refuse(refusal(Reason::AreaKind).text(b"a vdso that was moved"));
    } else if is_shared_memory(state) {
        out.refuse(refusal(Reason::AreaKind).text(b"shared memory"));
    }
    let says = |all: u32, (_, flag): &(u32, u32)| all | flag;
    let set = FLAGS.iter().filter(|(here, _)| state.flags & here != 0);
    let clear = RIGHTS.iter().filter(|(here, _)| state.flags & here == 0);
    let flags = clear.fold(set.fold(0, says), says);
    let is_special = !matches!(*kind, AREA_KIND_ANONYMOUS | AREA_KIND_FILE);
    let name = if state.has_name { &state.name[..] } else { &[] };
    let length = name
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(name.len());
    out.record(
        &AreaRecord {
            space,
            file,
            start: U64::new(state.start),
            end: U64::new(state.end),
            offset: U64::new(if *kind == AREA_KIND_FILE {
                state.offset
            } else {
                0
            }),
            protection: U32::new(state.flags & PROTECTION),
            flags: U32::new(match (is_special, state.has_name) {
                (true, _) => 0,
                (false, true) => flags | AREA_NAMED,
                (false, false) => flags,
            }),
            kind: U32::new(*kind),
            reserved: U32::ZERO,
        },
        name.get(..length).unwrap_or(&[]),
    )
}

/// What a stream of pages came to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) pages: u64,
    pub(crate) zero_pages: u64,
    pub(crate) skipped: u64,
}

/// Writes the pages of an address space.
pub(crate) fn stream_pages(
    id: ObjectId,
    space: &Space,
    sink: &mut Sink,
    count: &mut Count,
) -> Result<(), Refusal> {
    let mut pages = Pages::new()?;
    let mut next = 0;
    while let Some(area) = space.area(next)? {
        next = area.state.end;
        let shared = area.state.flags & bindings::CKPT_VM_SHARED != 0;
        let has_pages = matches!(
            area.state.kind,
            bindings::ckpt_area_kind_CKPT_AREA_ANON
                | bindings::ckpt_area_kind_CKPT_AREA_FILE
                | bindings::ckpt_area_kind_CKPT_AREA_VDSO
        );
        if shared || !has_pages {
            continue;
        }
        let mut from = area.state.start;
        while from < area.state.end {
            from = space.collect(from, area.state.end, &mut pages)?;
            for index in 0..pages.len() {
                if pages.is_absent(index) {
                    space.fetch(&mut pages, index).map_err(|error| {
                        Refusal::new(Reason::PageUnreadable, error).address(pages.address(index))
                    })?;
                }
            }
            stream_batch(id, &mut pages, area.file.is_some(), sink, count)?;
        }
    }
    pages.release(false);
    Ok(())
}

/// Writes a batch as runs: of contents, or of zeros where a hole would not read as zero.
fn stream_batch(
    id: ObjectId,
    pages: &mut Pages,
    over_file: bool,
    sink: &mut Sink,
    count: &mut Count,
) -> Result<(), Refusal> {
    let mut first = 0;
    while first < pages.len() {
        let zero = pages.is_zero(first);
        let mut end = first.saturating_add(1);
        let follows = |end: usize| {
            pages.address(end) == pages.address(end.saturating_sub(1)).saturating_add(PAGE)
        };
        while end < pages.len() && follows(end) && pages.is_zero(end) == zero {
            end = end.saturating_add(1);
        }
        let run = end.saturating_sub(first);
        let address = U64::new(pages.address(first));
        if !zero {
            let record = PagesRecord {
                space: id,
                reserved: U32::ZERO,
                address,
            };
            sink.pages(Kind::Pages, record.as_bytes(), pages, first, run)?;
            count.pages = count.pages.saturating_add(run as u64);
        } else if over_file {
            let record = ZeroPages {
                space: id,
                reserved: U32::ZERO,
                address,
                count: U64::new(run as u64),
            };
            let bytes = record.as_bytes();
            sink.record(Kind::ZeroPages, bytes.len() as u32, bytes)?;
            count.zero_pages = count.zero_pages.saturating_add(run as u64);
        } else {
            count.skipped = count.skipped.saturating_add(run as u64);
        }
        first = end;
    }
    Ok(())
}

/// An area as the image describes it.
pub(crate) struct AreaPlan {
    record: AreaRecord,
    file: Option<usize>,
    name: [u8; 81],
}

impl AreaPlan {
    fn start(&self) -> u64 {
        self.record.start.get()
    }

    fn end(&self) -> u64 {
        self.record.end.get()
    }

    /// May pages of an image go into it? Never into what others see.
    fn is_private(&self) -> bool {
        let kind = self.record.kind.get();
        self.record.flags.get() & AREA_SHARED == 0
            && matches!(kind, AREA_KIND_ANONYMOUS | AREA_KIND_FILE | AREA_KIND_VDSO)
    }
}

/// An address space as the image describes it.
pub(crate) struct SpacePlan {
    pub(crate) id: ObjectId,
    record: AddressSpace,
    auxv: KVVec<u8>,
    exe: Option<usize>,
    areas: KVVec<AreaPlan>,
}

impl SpacePlan {
    /// Takes a record in. `exe`: index of the program among the files.
    pub(crate) fn new(
        record: AddressSpace,
        auxv: &[u8],
        exe: Option<usize>,
    ) -> Result<Self, Refusal> {
        let value = |name, value| {
            Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name(name)
                .value(value))
        };
        let auxv_room = core::mem::size_of_val(&Marks::default().auxv);
        if auxv.len() > auxv_room || auxv.len() % 16 != 0 {
            return value("auxv", auxv.len() as u64);
        }
        if record.membarrier.get() != 0 || record.future.get() != 0 {
            return value("future", record.future.get().into());
        }
        if record.flags.get() & !(SPACE_TOP_DOWN | SPACE_NO_HUGE_PAGES) != 0 {
            return value("flags", record.flags.get().into());
        }
        let ends = [
            record.mmap_base.get(),
            record.mmap_compat_base.get(),
            record.brk.get(),
            record.start_brk.get(),
            record.arg_end.get(),
            record.env_end.get(),
        ];
        if let Some(end) = ends.iter().find(|end| **end >= USER_END) {
            return value("an address", *end);
        }
        let ordered = [
            ("brk", record.start_brk, record.brk),
            ("end_code", record.start_code, record.end_code),
            ("end_data", record.start_data, record.end_data),
            ("arg_end", record.arg_start, record.arg_end),
            ("env_end", record.env_start, record.env_end),
        ];
        for (name, start, end) in ordered {
            if start.get() > end.get() {
                return value(name, end.get());
            }
        }
        if record.coredump_filter.get() >= 1 << 9 {
            return value("coredump_filter", record.coredump_filter.get().into());
        }
        let mut copy = KVVec::new();
        copy.extend_from_slice(auxv, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            id: record.id,
            record,
            auxv: copy,
            exe,
            areas: KVVec::new(),
        })
    }

    /// Takes an area in. `file`: index among the files.
    pub(crate) fn add(
        &mut self,
        record: AreaRecord,
        name: &[u8],
        file: Option<usize>,
    ) -> Result<(), Refusal> {
        let value = |name, value| {
            Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name(name)
                .value(value))
        };
        let (start, end) = (record.start.get(), record.end.get());
        let last = self.areas.last().map_or(0, AreaPlan::end);
        if start < last || end <= start || end > USER_END || (start | end) % PAGE != 0 {
            return value("start", start);
        }
        if record.offset.get() % PAGE != 0 || record.offset.get() > i64::MAX as u64 {
            return value("offset", record.offset.get());
        }
        if record.protection.get() & !PROTECTION != 0 {
            return value("protection", record.protection.get().into());
        }
        let kind = record.kind.get();
        if (kind == AREA_KIND_FILE) != file.is_some() {
            return value("kind", kind.into());
        }
        if kind == AREA_KIND_ANONYMOUS && record.flags.get() & AREA_SHARED != 0 {
            return value("flags", record.flags.get().into());
        }
        let mut text = [0; 81];
        let to = text.get_mut(..name.len()).ok_or(EINVAL)?;
        to.copy_from_slice(name);
        let plan = AreaPlan {
            record,
            file,
            name: text,
        };
        self.areas.push(plan, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Are all areas there that the image promised?
    pub(crate) fn is_complete(&self) -> bool {
        self.areas.len() == self.record.areas.get() as usize
    }

    /// Gives the caller this address space, without its pages.
    pub(crate) fn build(&self, file_at: impl Fn(usize) -> Option<OpenFile>) -> Result<(), Refusal> {
        space::renew(self.record.flags.get() & SPACE_TOP_DOWN != 0)
            .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("its memory"))?;
        let not_mapped = |area: &AreaPlan, error| {
            Refusal::new(Reason::AreaNotMapped, error).address(area.start())
        };
        for area in self.areas.iter() {
            let file = match area.file {
                Some(index) => Some(file_at(index).ok_or(EINVAL)?),
                None => None,
            };
            self.map(area, file.as_ref())
                .map_err(|error| not_mapped(area, error))?;
        }
        space::set_marks(&*self.marks()?)?;
        if let Some(index) = self.exe {
            let file = file_at(index).ok_or(EINVAL)?;
            space::set_exe(&file)
                .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("its exe"))?;
        }
        Ok(())
    }

    fn map(&self, area: &AreaPlan, file: Option<&OpenFile>) -> Result {
        let text = self.record.vdso.get();
        match area.record.kind.get() {
            AREA_KIND_VVAR => return space::map_vdso(area.start()),
            // Both came with the first; the image only has to agree.
            AREA_KIND_VDSO if area.start() == text => return Ok(()),
            AREA_KIND_VVAR_VCLOCK if area.end() == text => return Ok(()),
            AREA_KIND_ANONYMOUS | AREA_KIND_FILE => (),
            _ => return Err(EINVAL),
        }
        let said = area.record.flags.get();
        let means = |all: u32, (flag, _): &(u32, u32)| all | flag;
        let set = FLAGS.iter().filter(|(_, there)| said & there != 0);
        let clear = RIGHTS.iter().filter(|(_, there)| said & there == 0);
        let flags = clear.fold(set.fold(0, means), means);
        let mut state = AreaState {
            start: area.start(),
            end: area.end(),
            offset: area.record.offset.get(),
            flags: flags | area.record.protection.get(),
            has_name: area.record.flags.get() & AREA_NAMED != 0,
            name: area.name,
            ..AreaState::default()
        };
        space::map(&mut state, file)
    }

    fn marks(&self) -> Result<KVBox<Marks>> {
        let record = &self.record;
        let mut marks = crate::abstractions::zeroed::<Marks>()?;
        marks.start_code = record.start_code.get();
        marks.end_code = record.end_code.get();
        marks.start_data = record.start_data.get();
        marks.end_data = record.end_data.get();
        marks.start_brk = record.start_brk.get();
        marks.brk = record.brk.get();
        marks.start_stack = record.start_stack.get();
        marks.arg_start = record.arg_start.get();
        marks.arg_end = record.arg_end.get();
        marks.env_start = record.env_start.get();
        marks.env_end = record.env_end.get();
        marks.mmap_base = record.mmap_base.get();
        marks.mmap_compat_base = record.mmap_compat_base.get();
        marks.no_huge_pages = record.flags.get() & SPACE_NO_HUGE_PAGES != 0;
        marks.coredump_filter = record.coredump_filter.get();
        marks.auxv_size = u32::try_from(self.auxv.len() / 8)?;
        for (to, from) in marks.auxv.iter_mut().zip(self.auxv.chunks_exact(8)) {
            *to = u64::from_le_bytes(<[u8; 8]>::try_from(from).map_err(|_| EINVAL)?);
        }
        Ok(marks)
    }

    /// The private area that a run lies in, if it lies in one and past what was filled.
    fn room(&self, start: u64, size: u64, filled: &mut u64) -> Option<&AreaPlan> {
        let end = start.checked_add(size)?;
        let areas: &[AreaPlan] = &self.areas;
        let index = areas.partition_point(|area| area.end() <= start);
        let area = areas.get(index)?;
        let fits = area.is_private() && area.start() <= start && end <= area.end();
        (fits && start % PAGE == 0 && start >= *filled).then(|| {
            *filled = end;
            area
        })
    }

    /// Reads a run of pages into place.
    pub(crate) fn fill(
        &self,
        filled: &mut u64,
        space: &Space,
        frame: &Frame,
        payload: &[u8],
        source: &mut Source,
        pages: &mut Pages,
    ) -> Result<u64, Refusal> {
        let (record, _) = crate::format::decode::<PagesRecord>(frame, payload)?;
        let size = frame.tail();
        let start = record.address.get();
        if size == 0 || size % PAGE != 0 || size / PAGE > MAX_RUN {
            return Err(frame.error(Problem::Length(size)).into());
        }
        if self.room(start, size, filled).is_none() {
            return Err(frame.error(Problem::Value("address", start)).into());
        }
        let mut checksum = frame.seed().with(payload);
        let mut done = 0;
        while done < size {
            let count = ((size.saturating_sub(done)) / PAGE).min(space::BATCH as u64) as usize;
            let at = start.saturating_add(done);
            space
                .pin(at, count, pages)
                .map_err(|error| Refusal::new(Reason::AreaNotMapped, error).address(at))?;
            checksum = source.pages(frame, pages, count, checksum)?;
            pages.release(true);
            done = done.saturating_add((count as u64).saturating_mul(PAGE));
        }
        frame.verify(checksum)?;
        Ok(size / PAGE)
    }

    /// Clears a run of pages.
    pub(crate) fn clear(
        &self,
        filled: &mut u64,
        space: &Space,
        frame: &Frame,
        payload: &[u8],
        pages: &mut Pages,
    ) -> Result<u64, Refusal> {
        let (record, _) = crate::format::decode::<ZeroPages>(frame, payload)?;
        let (start, count) = (record.address.get(), record.count.get());
        let size = count.checked_mul(PAGE);
        let room = size.and_then(|size| self.room(start, size, filled));
        // Empty memory is zero by itself; only over a file does it have to be made so.
        if count == 0 || room.is_none_or(|area| area.file.is_none()) {
            return Err(frame.error(Problem::Value("address", start)).into());
        }
        let mut done = 0;
        while done < count {
            let batch = (count.saturating_sub(done)).min(space::BATCH as u64) as usize;
            let at = start.saturating_add(done.saturating_mul(PAGE));
            space
                .pin(at, batch, pages)
                .map_err(|error| Refusal::new(Reason::AreaNotMapped, error).address(at))?;
            for index in 0..pages.len() {
                pages.clear(index);
            }
            pages.release(true);
            done = done.saturating_add(batch as u64);
        }
        Ok(count)
    }
}

/// The end of user addresses, with five levels of page tables; the kernel checks the real one.
const USER_END: u64 = 1 << 56;

#[kunit_tests(checkpoint_memory)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;

    /// Every flag that the glue tells goes into a record, once.
    #[test]
    fn no_flag_is_passed_over() {
        let mut bit = 1;
        while bit <= bindings::CKPT_VM_ACCOUNT {
            let occurs =
                |table: &[(u32, u32)]| table.iter().filter(|(here, _)| *here == bit).count();
            let times = occurs(&FLAGS) + occurs(&RIGHTS);
            assert_eq!(times, usize::from(bit & PROTECTION == 0));
            bit <<= 1;
        }
    }

    fn space() -> Result<SpacePlan, Refusal> {
        SpacePlan::new(AddressSpace::new_zeroed(), &[], None)
    }

    fn area(start: u64, end: u64) -> AreaRecord {
        let mut record = AreaRecord::new_zeroed();
        record.start = U64::new(start);
        record.end = U64::new(end);
        record.kind = U32::new(AREA_KIND_ANONYMOUS);
        record
    }

    #[test]
    fn areas_ascend_and_do_not_overlap() {
        let Ok(mut space) = space() else {
            panic!("an empty address space is refused")
        };
        assert!(space.add(area(4096, 8192), &[], None).is_ok());
        assert!(space.add(area(4096, 8192), &[], None).is_err());
        assert!(space.add(area(8192, 8192), &[], None).is_err());
        assert!(space.add(area(8192, 12289), &[], None).is_err());
        assert!(space.add(area(8192, USER_END + 4096), &[], None).is_err());
        assert!(space.add(area(8192, 16384), &[], Some(0)).is_err());
        assert!(space.add(area(8192, 16384), &[], None).is_ok());
    }

    #[test]
    fn pages_go_into_private_areas_in_order() {
        let Ok(mut space) = space() else {
            panic!("an empty address space is refused")
        };
        let mut shared = area(16384, 20480);
        shared.kind = U32::new(AREA_KIND_FILE);
        shared.flags = U32::new(AREA_SHARED);
        assert!(space.add(area(4096, 12288), &[], None).is_ok());
        assert!(space.add(shared, &[], Some(0)).is_ok());
        let mut filled = 0;
        assert!(space.room(4096, 4096, &mut filled).is_some());
        assert!(space.room(4096, 4096, &mut filled).is_none());
        assert!(space.room(8192, 8192, &mut filled).is_none());
        assert!(space.room(8193, 1, &mut filled).is_none());
        assert!(space.room(16384, 4096, &mut filled).is_none());
        assert!(space.room(8192, u64::MAX, &mut filled).is_none());
        assert!(space.room(8192, 4096, &mut filled).is_some());
    }
}
