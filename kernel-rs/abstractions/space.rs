// SPDX-License-Identifier: GPL-2.0

//! Address spaces: marks and areas.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

use super::file::OpenFile;

pub(crate) use crate::bindings::{
    ckpt_area as AreaState, //
    ckpt_mm as Marks,
};

/// Bytes in a page.
pub(crate) const PAGE: u64 = kernel::page::PAGE_SIZE as u64;

/// Bytes in a transparent huge page.
pub(crate) const HUGE_PAGE: u64 = 2 << 20;

/// Flags of an [`AreaState`], one bit each.
pub(crate) mod flag {
    pub(crate) use crate::bindings::{
        CKPT_VM_ACCOUNT as ACCOUNTED, //
        CKPT_VM_DONTCOPY as DONT_FORK,
        CKPT_VM_DONTDUMP as DONT_DUMP,
        CKPT_VM_DROPPABLE as DROPPABLE,
        CKPT_VM_GROWSDOWN as GROWS_DOWN,
        CKPT_VM_GUARDED as GUARDED,
        CKPT_VM_HUGEPAGE as HUGE_PAGES,
        CKPT_VM_LOCKED as LOCKED,
        CKPT_VM_LOCKONFAULT as LOCKED_ON_FAULT,
        CKPT_VM_MAYEXEC as MAY_EXEC,
        CKPT_VM_MAYREAD as MAY_READ,
        CKPT_VM_MAYWRITE as MAY_WRITE,
        CKPT_VM_MERGEABLE as MERGEABLE,
        CKPT_VM_NOHUGEPAGE as NO_HUGE_PAGES,
        CKPT_VM_NORESERVE as NO_RESERVE,
        CKPT_VM_RAND_READ as RANDOM,
        CKPT_VM_READ as READ,
        CKPT_VM_SEALED as SEALED,
        CKPT_VM_SEQ_READ as SEQUENTIAL,
        CKPT_VM_SHARED as SHARED,
        CKPT_VM_WIPEONFORK as WIPE_ON_FORK,
        CKPT_VM_WRITE as WRITE,
    };

    /// The highest bit.
    pub(crate) const LAST: u32 = GUARDED;
}

/// Settings of [`Marks`], one bit each.
pub(crate) mod setting {
    pub(crate) use crate::bindings::{
        CKPT_MM_COMPAT as COMPAT, //
        CKPT_MM_COMPAT_VDSO as COMPAT_VDSO,
        CKPT_MM_KEY_ZERO_FREE as KEY_ZERO_FREE,
        CKPT_MM_LOCK_FUTURE as LOCK_FUTURE,
        CKPT_MM_LOCK_FUTURE_ON_FAULT as LOCK_FUTURE_ON_FAULT,
        CKPT_MM_MDWE as NO_EXEC_GAIN,
        CKPT_MM_MDWE_NO_INHERIT as NO_EXEC_GAIN_NO_INHERIT,
        CKPT_MM_MERGE_ANY as MERGE_ANY,
        CKPT_MM_NO_HUGE_PAGES as NO_HUGE_PAGES,
        CKPT_MM_NO_HUGE_PAGES_UNLESS_ADVISED as NO_HUGE_PAGES_UNLESS_ADVISED,
        CKPT_MM_TAGGED_SVA as TAGGED_SVA,
        CKPT_MM_TAGS_LOCKED as TAGS_LOCKED,
        CKPT_MM_TOP_DOWN as TOP_DOWN,
    };

    /// The highest bit.
    pub(crate) const LAST: u32 = COMPAT_VDSO;
}

/// What an [`AreaState`] is.
pub(crate) mod kind {
    pub(crate) use crate::bindings::{
        ckpt_area_kind_CKPT_AREA_ANON as ANONYMOUS, //
        ckpt_area_kind_CKPT_AREA_FILE as FILE,
        ckpt_area_kind_CKPT_AREA_HUGE as HUGE,
        ckpt_area_kind_CKPT_AREA_RING as RING,
        ckpt_area_kind_CKPT_AREA_VDSO as VDSO,
        ckpt_area_kind_CKPT_AREA_VVAR as VVAR,
        ckpt_area_kind_CKPT_AREA_VVAR_VCLOCK as VVAR_VCLOCK,
    };
}

/// The address space of a task.
///
/// # Invariants
///
/// Points to an address space that this keeps alive (`mm_users`).
pub(crate) struct Space(NonNull<bindings::mm_struct>);

// SAFETY: An address space may be used and released from any task.
unsafe impl Send for Space {}

impl Space {
    /// That of `task`.
    pub(crate) fn of(task: &Task) -> Result<Self> {
        // SAFETY: `task` is a valid task.
        let mm = unsafe { bindings::get_task_mm(task.as_ptr()) };
        // INVARIANT: get_task_mm() returns a reference.
        NonNull::new(mm).map(Self).ok_or(ESRCH)
    }

    /// Tells whether two references are to the same one, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// Its marks.
    pub(crate) fn marks(&self) -> Result<KVBox<Marks>> {
        let mut marks = super::zeroed::<Marks>()?;
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_mm_get(self.0.as_ptr(), &mut *marks) };
        Ok(marks)
    }

    /// The program that it runs.
    pub(crate) fn exe(&self) -> Option<OpenFile> {
        // SAFETY: By the type invariant; get_mm_exe_file() returns a reference or null.
        unsafe { OpenFile::from_raw(bindings::get_mm_exe_file(self.0.as_ptr())) }
    }

    /// The first area that ends above `address`.
    pub(crate) fn area(&self, address: u64) -> Result<Option<Area>> {
        let mut state = AreaState::default();
        // SAFETY: By the type invariant.
        let found = unsafe { bindings::ckpt_area_find(self.0.as_ptr(), address, &mut state) };
        if found < 0 {
            return Err(Error::from_errno(found));
        }
        // SAFETY: The reference on the file, if there is one, was taken for us.
        let file = unsafe { OpenFile::from_raw(state.file) };
        Ok((found > 0).then_some(Area { state, file }))
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::mm_struct {
        self.0.as_ptr()
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::mmput(self.0.as_ptr()) };
    }
}

/// An area and the file behind it.
pub(crate) struct Area {
    pub(crate) state: AreaState,
    pub(crate) file: Option<OpenFile>,
}

/// What programs there are, and what code the kernel maps into each.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Program {
    Bits64,
    Bits32,
}

impl Program {
    pub(crate) const ALL: [Self; 2] = [Self::Bits64, Self::Bits32];

    pub(crate) fn of(is_32bit: bool) -> Self {
        if is_32bit {
            Self::Bits32
        } else {
            Self::Bits64
        }
    }

    pub(crate) fn is_32bit(self) -> bool {
        self == Self::Bits32
    }

    pub(crate) fn bits(self) -> u32 {
        match self {
            Self::Bits64 => 64,
            Self::Bits32 => 32,
        }
    }
}

/// Gives the caller an empty address space in place of its own.
pub(crate) fn renew(top_down: bool, program: Program) -> Result {
    // SAFETY: The caller is in restart(2) and never returns to the code that it had mapped.
    to_result(unsafe { bindings::ckpt_mm_renew(top_down, program.is_32bit()) })
}

/// Sets the marks of the caller's address space.
pub(crate) fn set_marks(marks: &Marks) -> Result {
    if marks.auxv_size as usize > marks.auxv.len() {
        return Err(EINVAL);
    }
    // SAFETY: Points to a valid struct whose auxiliary vector has the size that it says.
    to_result(unsafe { bindings::ckpt_mm_set(marks) })
}

/// Sets the program of the caller's new address space.
pub(crate) fn set_exe(file: &OpenFile) -> Result {
    // SAFETY: The caller's address space is new, and it is its only user.
    to_result(unsafe { bindings::ckpt_mm_set_exe(file.as_ptr()) })
}

/// Maps an area into the caller's address space, where nothing may be yet.
pub(crate) fn map(area: &mut AreaState, file: Option<&OpenFile>) -> Result {
    area.file = file.map_or(core::ptr::null_mut(), OpenFile::as_ptr);
    // SAFETY: The file, if there is one, is held during the call.
    let result = to_result(unsafe { bindings::ckpt_area_map(area) });
    area.file = core::ptr::null_mut();
    result
}

/// The code page of this kernel for such programs; empty if it runs none.
pub(crate) fn vdso(program: Program) -> &'static [u8] {
    let compat = program.is_32bit();
    // SAFETY: No precondition.
    let (image, size) = unsafe {
        (
            bindings::ckpt_vdso_image(compat),
            bindings::ckpt_vdso_size(compat),
        )
    };
    if image.is_null() {
        return &[];
    }
    // SAFETY: The image is static, that long, and not written to after boot.
    unsafe { core::slice::from_raw_parts(image.cast(), size as usize) }
}

/// Bytes of data pages before it.
pub(crate) fn vdso_data_size() -> u64 {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_vdso_data_size() }
}

/// Makes the rest of what an area of the caller's is, once it has been filled.
pub(crate) fn settle_area(area: &AreaState) -> Result {
    // SAFETY: Points to a valid struct; the file in it is not looked at.
    to_result(unsafe { bindings::ckpt_area_settle(area) })
}

/// Puts guard pages into an area of the caller's that has not been filled.
pub(crate) fn guard(start: u64, end: u64) -> Result {
    // SAFETY: The range is checked as that of any madvise(2).
    to_result(unsafe { bindings::ckpt_area_guard(start, end) })
}

/// Makes the rest of what the caller's address space is, once it has been filled.
pub(crate) fn settle(marks: &Marks) -> Result {
    // SAFETY: Points to a valid struct.
    to_result(unsafe { bindings::ckpt_mm_settle(marks) })
}

/// The caller shares its address space with another process.
pub(crate) fn is_of_processes() {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_mm_of_processes() }
}

/// Tells the kernel where the caller's vdso is, or was.
pub(crate) fn set_vdso(base: u64, program: Program) -> Result {
    // SAFETY: The address is only ever compared with others.
    to_result(unsafe { bindings::ckpt_vdso_set(base, program.is_32bit()) })
}
