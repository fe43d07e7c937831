// SPDX-License-Identifier: GPL-2.0

//! Memory: address spaces.
//!
//! Saves: marks, auxiliary vector, program; what prctl(2), mlockall(2), membarrier(2), pkey_alloc(2)
//! and the like have set. Its areas and pages have rooms of their own.
//! Restores: an empty address space in the task itself, then its areas; the settings when it is full.
//! Locks: mmap_lock (read) for one look at a time.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::IntoBytes;

use crate::abstractions::file::OpenFile;
use crate::abstractions::space::{self, kind, setting, Marks, Program, Space, PAGE};
use crate::capture::{Capture, FrozenTask};
use crate::format::memory::{
    AddressSpace, Area as AreaRecord, AREA_KIND_VDSO, AREA_KIND_VVAR, AREA_KIND_VVAR_VCLOCK,
    AREA_LOCKED, AREA_LOCKED_ON_FAULT, SPACE_32BIT, SPACE_KEY_ZERO_FREE, SPACE_MERGE_ANY,
    SPACE_NO_EXEC_GAIN, SPACE_NO_EXEC_GAIN_NO_INHERIT, SPACE_NO_HUGE_PAGES,
    SPACE_NO_HUGE_PAGES_UNLESS_ADVISED, SPACE_TAGGED_SVA, SPACE_TAGS_LOCKED, SPACE_TOP_DOWN,
    SPACE_VDSO_32BIT,
};
use crate::format::reason::Reason;
use crate::format::task::Member;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;
use crate::plan::{Plan, TaskPlan};
use crate::rooms::aio::{self, ContextPlan};
use crate::rooms::areas::{self, AreaPlan, Backing};
use crate::rooms::{files, segments, vfork};

/// A setting of the glue, and the flag of a record that says the same.
const SETTINGS: [(u32, u32); 11] = [
    (setting::COMPAT, SPACE_32BIT),
    (setting::COMPAT_VDSO, SPACE_VDSO_32BIT),
    (setting::TOP_DOWN, SPACE_TOP_DOWN),
    (setting::NO_HUGE_PAGES, SPACE_NO_HUGE_PAGES),
    (
        setting::NO_HUGE_PAGES_UNLESS_ADVISED,
        SPACE_NO_HUGE_PAGES_UNLESS_ADVISED,
    ),
    (setting::NO_EXEC_GAIN, SPACE_NO_EXEC_GAIN),
    (
        setting::NO_EXEC_GAIN_NO_INHERIT,
        SPACE_NO_EXEC_GAIN_NO_INHERIT,
    ),
    (setting::MERGE_ANY, SPACE_MERGE_ANY),
    (setting::KEY_ZERO_FREE, SPACE_KEY_ZERO_FREE),
    (setting::TAGS_LOCKED, SPACE_TAGS_LOCKED),
    (setting::TAGGED_SVA, SPACE_TAGGED_SVA),
];

/// A setting of the glue, and the flag that new areas start with because of it.
const FUTURE: [(u32, u32); 2] = [
    (setting::LOCK_FUTURE, AREA_LOCKED),
    (setting::LOCK_FUTURE_ON_FAULT, AREA_LOCKED_ON_FAULT),
];

/// The caller has come to share the address space of another member. Who is there by vfork(2) and goes
/// again does not count.
pub(crate) fn join(plan: &Plan, own: &Member, with: TaskId) {
    let with = plan.members.get(with.get() as usize);
    let waited_for = |task: &TaskPlan| {
        let thread = task.thread.as_deref();
        thread.and_then(vfork::child_of) == Some(own.leader)
    };
    let is_other = with.is_some_and(|with| with.leader != own.leader);
    if is_other && !plan.tasks.iter().any(waited_for) {
        space::is_of_processes();
    }
}

/// Describes the address space of a task. Its pages are for [`super::pages::stream`].
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
    let (mut areas, mut rings) = (KVVec::new(), KVVec::new());
    let mut next = 0;
    while let Some(area) = space.area(next)? {
        next = area.state.end;
        if area.state.kind == kind::RING {
            rings.push(area.state, GFP_KERNEL_ACCOUNT)?;
            continue;
        }
        let file = areas::capture_backing(task, &area, out)?;
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
        areas::capture(task, (id, &space), state, *file, out)?;
    }
    aio::capture(task, (id, &space), &rings, out)?;
    segments::capture(&space, id, out)?;
    out.spaces.push((id, space), GFP_KERNEL_ACCOUNT)?;
    Ok(id)
}

fn space_record(id: ObjectId, exe: ObjectId, areas: u32, marks: &Marks) -> AddressSpace {
    let says = |table: &[(u32, u32)]| {
        let set = table.iter().filter(|(here, _)| marks.settings & here != 0);
        set.fold(0, |all, (_, flag)| all | flag)
    };
    let (flags, future) = (says(&SETTINGS), says(&FUTURE));
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
        flags: U32::new(flags),
        coredump_filter: U32::new(marks.coredump_filter),
        membarrier: U32::new(marks.membarrier),
        future: U32::new(future),
        protection_keys: U32::new(marks.keys),
        execute_only_key: U32::new(marks.execute_only_key),
        tag_bits: U32::new(marks.tag_bits),
    }
}

/// An address space as the image describes it.
pub(crate) struct SpacePlan {
    pub(crate) id: ObjectId,
    record: AddressSpace,
    auxv: KVVec<u8>,
    exe: Option<usize>,
    areas: KVVec<AreaPlan>,
    contexts: KVVec<ContextPlan>,
    /// Parts of the vdso that it has, one bit each.
    special: u8,
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
        // Who looks for its end looks no further than that.
        if auxv.len() == auxv_room && !auxv.iter().rev().skip(8).take(8).all(|byte| *byte == 0) {
            return value("auxv", auxv.len() as u64);
        }
        if record.membarrier.get() & !MEMBARRIER_REGISTER != 0 {
            return value("membarrier", record.membarrier.get().into());
        }
        let future = record.future.get();
        let locks_on_fault = future & AREA_LOCKED_ON_FAULT != 0;
        if future & !(AREA_LOCKED | AREA_LOCKED_ON_FAULT) != 0
            || (locks_on_fault && future & AREA_LOCKED == 0)
        {
            return value("future", future.into());
        }
        let flags = record.flags.get();
        let no_inherit = flags & SPACE_NO_EXEC_GAIN_NO_INHERIT != 0;
        if no_inherit && flags & SPACE_NO_EXEC_GAIN == 0 {
            return value("flags", flags.into());
        }
        // Key 0 has a flag; 16 is the last of them, plus one.
        if record.protection_keys.get() & !0xfffe != 0 {
            return value("protection_keys", record.protection_keys.get().into());
        }
        let key = record.execute_only_key.get();
        let keys = record.protection_keys.get() | 1;
        if key > 16 || (key > 0 && keys & 1 << (key - 1) == 0) {
            return value("execute_only_key", record.execute_only_key.get().into());
        }
        let ends = [
            record.mmap_base.get(),
            record.mmap_compat_base.get(),
            record.brk.get(),
            record.end_code.get(),
            record.end_data.get(),
            record.start_stack.get(),
            record.arg_end.get(),
            record.env_end.get(),
            record.vdso.get(),
        ];
        if let Some(end) = ends.iter().find(|end| **end >= USER_END) {
            return value("an address", *end);
        }
        for (name, base) in [
            ("mmap_base", record.mmap_base.get()),
            ("mmap_compat_base", record.mmap_compat_base.get()),
        ] {
            if base % PAGE != 0 {
                return value(name, base);
            }
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
            contexts: KVVec::new(),
            special: 0,
        })
    }

    /// Takes an area in.
    pub(crate) fn add(
        &mut self,
        record: AreaRecord,
        name: &[u8],
        file: Option<Backing>,
    ) -> Result<(), Refusal> {
        let last = self.areas.last().map_or(0, AreaPlan::end);
        let plan = AreaPlan::new(record, name, file, last)?;
        // The kernel relies on there being one of each.
        let bit = match plan.kind() {
            AREA_KIND_VDSO => 1,
            AREA_KIND_VVAR => 2,
            AREA_KIND_VVAR_VCLOCK => 4,
            _ => 0,
        };
        if plan.kind() == AREA_KIND_VDSO && self.record.vdso.get() == 0 {
            return Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("vdso")
                .value(0));
        }
        if self.special & bit != 0 {
            return Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name("kind")
                .value(plan.kind().into()));
        }
        self.special |= bit;
        self.areas.push(plan, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Takes a context for asynchronous I/O in.
    pub(crate) fn add_context(&mut self, plan: ContextPlan) -> Result<(), Refusal> {
        if self.contexts.last().is_some_and(|last| !plan.follows(last)) {
            return Err(Refusal::new(Reason::ImageValue, EINVAL).name("place"));
        }
        Ok(self.contexts.push(plan, GFP_KERNEL_ACCOUNT)?)
    }

    /// The context that came last.
    pub(crate) fn last_context(&mut self) -> Result<&mut ContextPlan, Refusal> {
        let missing = || Refusal::new(Reason::ImageOrder, EINVAL).name("a context");
        self.contexts.last_mut().ok_or_else(missing)
    }

    /// The area that came last, to which what follows belongs.
    pub(crate) fn last_area(&mut self) -> Result<&mut AreaPlan, Refusal> {
        let missing = || Refusal::new(Reason::ImageOrder, EINVAL).name("an area");
        self.areas.last_mut().ok_or_else(missing)
    }

    /// Are all areas there that the image promised?
    pub(crate) fn is_complete(&self) -> bool {
        self.areas.len() == self.record.areas.get() as usize
    }

    /// Gives the caller this address space, without its pages.
    pub(crate) fn build(&self, file_at: impl Fn(usize) -> Option<OpenFile>) -> Result<(), Refusal> {
        let has = |flag| self.record.flags.get() & flag != 0;
        space::renew(has(SPACE_TOP_DOWN), Program::of(has(SPACE_32BIT)))
            .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("its memory"))?;
        let vdso_program = Program::of(has(SPACE_VDSO_32BIT));
        for area in self.areas.iter() {
            area.map(vdso_program, &file_at)?;
        }
        for context in self.contexts.iter() {
            context.restore()?;
        }
        if self.record.vdso.get() != 0 {
            space::set_vdso(self.record.vdso.get(), vdso_program)?;
        }
        space::set_marks(&*self.marks()?)?;
        if let Some(index) = self.exe {
            let file = file_at(index).ok_or(EINVAL)?;
            space::set_exe(&file)
                .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("its exe"))?;
        }
        Ok(())
    }

    /// What would have been in the way until the caller's address space was filled.
    pub(crate) fn settle(&self) -> Result<(), Refusal> {
        for area in self.areas.iter() {
            area.settle()?;
        }
        space::settle(&*self.marks()?).map_err(|error| {
            Refusal::new(Reason::StateNotRestored, error).name("the settings of its memory")
        })
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
        let means = |table: &[(u32, u32)], said: u32| {
            let set = table.iter().filter(|(_, flag)| said & flag != 0);
            set.fold(0, |all, (here, _)| all | here)
        };
        marks.settings = means(&SETTINGS, record.flags.get()) | means(&FUTURE, record.future.get());
        marks.membarrier = record.membarrier.get();
        marks.keys = record.protection_keys.get();
        marks.execute_only_key = record.execute_only_key.get();
        marks.tag_bits = record.tag_bits.get();
        marks.coredump_filter = record.coredump_filter.get();
        marks.auxv_size = u32::try_from(self.auxv.len() / 8)?;
        for (to, from) in marks.auxv.iter_mut().zip(self.auxv.chunks_exact(8)) {
            *to = u64::from_le_bytes(<[u8; 8]>::try_from(from).map_err(|_| EINVAL)?);
        }
        Ok(marks)
    }

    /// The lineages of its areas, each with where it begins.
    pub(crate) fn lineages(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let areas = self.areas.iter();
        areas.filter_map(|area| area.lineage().map(|lineage| (lineage, area.start())))
    }

    /// The area that an address lies in.
    pub(crate) fn area_at(&self, address: u64) -> Option<&AreaPlan> {
        let areas: &[AreaPlan] = &self.areas;
        let area = areas.get(areas.partition_point(|area| area.end() <= address))?;
        (area.start() <= address).then_some(area)
    }

    /// The private area that a run lies in, if it lies in one and past what was filled.
    pub(crate) fn room(&self, start: u64, size: u64, filled: &mut u64) -> Option<&AreaPlan> {
        let end = start.checked_add(size)?;
        let area = self.area_at(start)?;
        let fits = area.is_private() && end <= area.end();
        (fits && start % PAGE == 0 && start >= *filled).then(|| {
            *filled = end;
            area
        })
    }
}

/// MEMBARRIER_CMD_REGISTER_*: global expedited, private expedited, its core-sync and rseq variants.
const MEMBARRIER_REGISTER: u32 = 1 << 2 | 1 << 4 | 1 << 6 | 1 << 8;

/// The end of user addresses, with five levels of page tables; the kernel checks the real one.
pub(crate) const USER_END: u64 = 1 << 56;

#[kunit_tests(checkpoint_memory)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;
    use crate::format::memory::{AREA_KIND_ANONYMOUS, AREA_KIND_FILE, AREA_SHARED};

    fn backing() -> Option<Backing> {
        let (file, is_made) = (0, false);
        Some(Backing { file, is_made })
    }

    /// Every setting that the glue tells goes into a record, once.
    #[test]
    fn no_setting_is_passed_over() {
        let mut bit = 1;
        while bit <= setting::LAST {
            let count =
                |table: &[(u32, u32)]| table.iter().filter(|(here, _)| *here == bit).count();
            assert_eq!(count(&SETTINGS) + count(&FUTURE), 1);
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
        assert!(space.add(area(8192, 16384), &[], backing()).is_err());
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
        assert!(space.add(shared, &[], backing()).is_ok());
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
