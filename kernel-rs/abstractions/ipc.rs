// SPDX-License-Identifier: GPL-2.0

//! IPC namespaces, and System V objects.
//!
//! C header: [`include/linux/ipc_restore.h`](srctree/include/linux/ipc_restore.h).

use core::ptr::{null_mut, NonNull};

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::task::Task;

use super::cgroup::Cgroup;
use super::file::OpenFile;
use super::storage::opened;

pub(crate) use crate::bindings::ckpt_ipc_space as SpaceState;
pub(crate) use crate::bindings::ckpt_times as Times;
pub(crate) use crate::bindings::ipc_restore as RawState;

/// shmget(2): in huge pages; without reserving room.
pub(crate) const SHM_HUGETLB: u32 = 0o4_000;
pub(crate) const SHM_NORESERVE: u32 = 0o10_000;
pub(crate) const SHM_HUGE_SHIFT: u32 = 26;

/// Kinds of objects.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Sort {
    Semaphores,
    Messages,
    Memory,
}

impl Sort {
    pub(crate) const ALL: [Self; 3] = [Self::Semaphores, Self::Messages, Self::Memory];
}

/// A process, or what is left of one.
///
/// # Invariants
///
/// Points to a struct pid on which this holds a reference.
pub(crate) struct PidRef(NonNull<bindings::pid>);

// SAFETY: A struct pid may be used and released from any task.
unsafe impl Send for PidRef {}
// SAFETY: As above.
unsafe impl Sync for PidRef {}

impl PidRef {
    /// # Safety
    ///
    /// `pid` is null, or comes with a reference that becomes this one's.
    pub(super) unsafe fn from_raw(pid: *mut bindings::pid) -> Option<Self> {
        // INVARIANT: By the contract.
        NonNull::new(pid).map(Self)
    }

    /// Of a task.
    pub(crate) fn of(task: &Task) -> Option<Self> {
        // SAFETY: `task` is a valid task; a reference or null returns.
        unsafe { Self::from_raw(bindings::ckpt_pid_of(task.as_ptr())) }
    }

    /// What has this number where `viewer` lives, or what somebody has left who had it.
    pub(crate) fn numbered(viewer: &Task, number: i32) -> Result<Self> {
        // SAFETY: `viewer` is a valid task.
        let pid = from_err_ptr(unsafe { bindings::ckpt_pid_numbered(viewer.as_ptr(), number) })?;
        // SAFETY: The function returns a reference.
        unsafe { Self::from_raw(pid) }.ok_or(ESRCH)
    }

    /// As `task::pid_identity`, while this is held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// What it is called where `viewer` lives; zero: nothing.
    pub(crate) fn number(&self, viewer: &Task) -> i32 {
        // SAFETY: By the type invariant, and `viewer` is a valid task.
        unsafe { bindings::ckpt_pid_number(self.0.as_ptr(), viewer.as_ptr()) }
    }

    /// Its number, if it is a process that lives and is not in the cgroup; or zero.
    pub(crate) fn outside(&self, cgroup: &Cgroup) -> i32 {
        // SAFETY: By the type invariant, and `cgroup` is valid.
        unsafe { bindings::ckpt_pid_outside(self.0.as_ptr(), cgroup.as_ptr()) }
    }

    /// Is it a process that lives?
    pub(crate) fn lives(&self) -> bool {
        // SAFETY: By the type invariant; no process is in a cgroup that is none.
        unsafe { bindings::ckpt_pid_outside(self.0.as_ptr(), null_mut()) != 0 }
    }

    pub(super) fn raw(this: Option<&Self>) -> *mut bindings::pid {
        this.map_or(null_mut(), |this| this.0.as_ptr())
    }
}

impl Drop for PidRef {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_pid_drop(self.0.as_ptr()) };
    }
}

/// Processes that an object remembers.
#[derive(Default)]
pub(crate) struct Users {
    pub(crate) maker: Option<PidRef>,
    pub(crate) last: Option<PidRef>,
    pub(crate) receiver: Option<PidRef>,
    /// The thread whose end may be the end of the memory.
    pub(crate) thread: Option<PidRef>,
}

/// A semaphore: its value, and who has changed it last.
pub(crate) type Semaphore = (u16, Option<PidRef>);

/// An IPC namespace.
///
/// # Invariants
///
/// Points to one on which this holds a reference.
pub(crate) struct IpcNamespace(NonNull<bindings::ipc_namespace>);

// SAFETY: A namespace may be used and released from any task.
unsafe impl Send for IpcNamespace {}
// SAFETY: Its operations take the locks that they need.
unsafe impl Sync for IpcNamespace {}

impl IpcNamespace {
    /// That of a task.
    pub(crate) fn of(task: &Task) -> Result<Self> {
        // SAFETY: `task` is a valid task; a reference or null returns.
        let namespace = unsafe { bindings::ckpt_ipc_of(task.as_ptr()) };
        // INVARIANT: As said.
        NonNull::new(namespace).map(Self).ok_or(ESRCH)
    }

    /// # Safety
    ///
    /// `namespace` is null, or comes with a reference that becomes this one's.
    pub(super) unsafe fn from_raw(namespace: *mut bindings::ipc_namespace) -> Option<Self> {
        // INVARIANT: By the contract.
        NonNull::new(namespace).map(Self)
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::ipc_namespace {
        self.0.as_ptr()
    }

    /// Tells whether two are the same, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.as_ptr() as usize
    }

    /// Is it the caller's, or one of the caller's user namespace?
    pub(crate) fn is_ours(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_ipc_is_ours(self.as_ptr()) }
    }

    /// Number of a task outside the cgroup that is in it, or zero; negative: it has none here. EINTR: a
    /// signal came for the caller before all were asked.
    pub(crate) fn outsider(&self, cgroup: &Cgroup) -> Result<i32> {
        let mut outsider = 0;
        // SAFETY: All are valid.
        to_result(unsafe {
            bindings::ckpt_ipc_outsider(self.as_ptr(), cgroup.as_ptr(), &mut outsider)
        })?;
        Ok(outsider)
    }

    /// Likewise, that has something to undo in a set of semaphores.
    pub(crate) fn undo_outsider(&self, id: i32, cgroup: &Cgroup) -> Result<i32> {
        let mut outsider = 0;
        // SAFETY: All are valid.
        to_result(unsafe {
            let (namespace, cgroup) = (self.as_ptr(), cgroup.as_ptr());
            bindings::ckpt_ipc_undo_outsider(id, namespace, cgroup, &mut outsider)
        })?;
        Ok(outsider)
    }

    /// May the caller look at what is in a System V object?
    pub(crate) fn is_readable(&self, sort: Sort, id: i32) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_ipc_is_readable(self.as_ptr(), sort as u32, id) }
    }

    /// Is there nothing in it?
    pub(crate) fn is_empty(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_ipc_is_empty(self.as_ptr()) }
    }

    /// Its limits, and where the next identifiers are looked for.
    pub(crate) fn space(&self) -> SpaceState {
        let mut state = SpaceState::default();
        // SAFETY: By the type invariant; the struct is valid for writing.
        unsafe { bindings::ckpt_ipc_space_get(self.as_ptr(), &mut state) };
        state
    }

    /// Gives it limits. The caller has checked the rights.
    pub(crate) fn set_space(&self, state: &SpaceState) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_ipc_space_set(self.as_ptr(), state) })
    }

    /// Has the next identifiers be looked for from there on.
    pub(crate) fn set_next(&self, state: &SpaceState) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_ipc_next_set(self.as_ptr(), state) };
    }

    /// The first object at a place, or behind it; and its place.
    pub(crate) fn find(&self, sort: Sort, place: i32) -> Option<(i32, RawState, Users)> {
        let mut state = RawState::default();
        let namespace = self.as_ptr();
        // SAFETY: By the type invariant; the struct is valid for writing.
        let place = unsafe {
            match sort {
                Sort::Semaphores => bindings::sem_restore_get(namespace, place, &mut state),
                Sort::Messages => bindings::msg_restore_get(namespace, place, &mut state),
                Sort::Memory => bindings::shm_restore_get(namespace, place, &mut state),
            }
        };
        if place < 0 {
            return None;
        }
        // SAFETY: Each is null, or comes with a reference for us, which nothing else drops.
        let users = unsafe {
            Users {
                maker: PidRef::from_raw(state.maker),
                last: PidRef::from_raw(state.last),
                receiver: PidRef::from_raw(state.receiver),
                thread: PidRef::from_raw(state.thread),
            }
        };
        (state.maker, state.last) = (null_mut(), null_mut());
        (state.receiver, state.thread) = (null_mut(), null_mut());
        Some((place, state, users))
    }

    /// What is in a set of semaphores.
    pub(crate) fn semaphores(&self, id: i32, count: usize) -> Result<KVVec<Semaphore>> {
        let mut values = KVVec::from_elem(0u16, count, GFP_KERNEL)?;
        let mut pids = KVVec::from_elem(null_mut(), count, GFP_KERNEL)?;
        let mut all = KVVec::with_capacity(count, GFP_KERNEL)?;
        let (to, owners) = (values.as_mut_ptr(), pids.as_mut_ptr());
        let count = u32::try_from(count)?;
        // SAFETY: Both have room for so many.
        to_result(unsafe { bindings::sem_restore_values(self.as_ptr(), id, count, to, owners) })?;
        for (value, pid) in values.iter().zip(pids.iter()) {
            // SAFETY: Null, or with a reference for us.
            let _ = all.push_within_capacity((*value, unsafe { PidRef::from_raw(*pid) }));
        }
        Ok(all)
    }

    /// All messages of a queue: type and size, eight bytes each, and the bytes.
    pub(crate) fn messages(&self, id: i32, room: usize) -> Result<KVVec<u8>> {
        let mut bytes = KVVec::from_elem(0u8, room, GFP_KERNEL)?;
        let to = bytes.as_mut_ptr().cast();
        // SAFETY: There is so much room.
        let length = unsafe { bindings::msg_restore_peek(self.as_ptr(), id, to, room) };
        let length = usize::try_from(length).map_err(|_| Error::from_errno(length as i32))?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// The memory of a segment.
    pub(crate) fn memory(&self, id: i32) -> Result<OpenFile> {
        // SAFETY: By the type invariant; a reference or an error returns.
        unsafe { opened(bindings::shm_restore_file(self.as_ptr(), id)) }
    }

    /// What shmat(2) maps; whether the caller may is not asked.
    pub(crate) fn attach(&self, id: i32, flags: u32) -> Result<OpenFile> {
        // SAFETY: As above.
        unsafe {
            opened(bindings::shm_restore_attach(
                self.as_ptr(),
                id,
                flags as i32,
            ))
        }
    }

    /// May the caller choose identifiers in it, as by kernel.msg_next_id?
    pub(crate) fn may_choose(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_ipc_may_choose(self.as_ptr()) }
    }

    /// Makes an object with the rights and within the limits of the caller, but for its identifier.
    pub(crate) fn make(&self, sort: Sort, state: &RawState) -> Result {
        let namespace = self.as_ptr();
        // SAFETY: By the type invariant.
        to_result(unsafe {
            match sort {
                Sort::Semaphores => bindings::sem_restore_make(namespace, state),
                Sort::Messages => bindings::msg_restore_make(namespace, state),
                Sort::Memory => bindings::shm_restore_make(namespace, state),
            }
        })
    }

    /// Puts a message behind the others of a queue.
    pub(crate) fn put(&self, id: i32, kind: i64, bytes: &[u8]) -> Result {
        let (from, size) = (bytes.as_ptr().cast(), bytes.len());
        // SAFETY: The slice is valid for its length.
        to_result(unsafe { bindings::msg_restore_put(self.as_ptr(), id, kind, from, size) })
    }

    /// Gives an object owners, times, users. `thread`: parked, as its user of that name.
    pub(crate) fn set(
        &self,
        sort: Sort,
        state: &RawState,
        users: &Users,
        semaphores: &[Semaphore],
        thread: Option<&Task>,
    ) -> Result {
        let mut state = *state;
        state.maker = PidRef::raw(users.maker.as_ref());
        state.last = PidRef::raw(users.last.as_ref());
        state.receiver = PidRef::raw(users.receiver.as_ref());
        let thread = thread.map_or(null_mut(), Task::as_ptr);
        let mut values = KVVec::with_capacity(semaphores.len(), GFP_KERNEL)?;
        let mut pids = KVVec::with_capacity(semaphores.len(), GFP_KERNEL)?;
        for (value, pid) in semaphores {
            let _ = values.push_within_capacity(*value);
            let _ = pids.push_within_capacity(PidRef::raw(pid.as_ref()));
        }
        if sort == Sort::Semaphores && state.size != values.len() as u64 {
            return Err(EINVAL);
        }
        let namespace = self.as_ptr();
        // SAFETY: By the type invariants; there are as many values and pids as `state` says.
        to_result(unsafe {
            match sort {
                Sort::Semaphores => {
                    let (values, pids) = (values.as_ptr(), pids.as_mut_ptr());
                    bindings::sem_restore_set(namespace, &state, values, pids)
                }
                Sort::Messages => bindings::msg_restore_set(namespace, &state),
                Sort::Memory => bindings::shm_restore_set(namespace, &state, thread),
            }
        })
    }

    /// Gives an object another identifier (none: any) and key; tells which it is. EBUSY: somebody uses
    /// it.
    pub(crate) fn rename(&self, sort: Sort, id: i32, to: Option<i32>, key: i32) -> Result<i32> {
        let (kind, to) = (sort as i32, to.unwrap_or(-1));
        // SAFETY: By the type invariant.
        let id = unsafe { bindings::ipc_restore_move(self.as_ptr(), kind, id, to, key) };
        match id {
            0.. => Ok(id),
            error => Err(Error::from_errno(error)),
        }
    }

    /// Takes an object away.
    pub(crate) fn remove(&self, sort: Sort, id: i32) -> Result {
        let namespace = self.as_ptr();
        // SAFETY: By the type invariant.
        to_result(unsafe {
            match sort {
                Sort::Semaphores => bindings::sem_restore_remove(namespace, id),
                Sort::Messages => bindings::msg_restore_remove(namespace, id),
                Sort::Memory => bindings::shm_restore_remove(namespace, id),
            }
        })
    }
}

impl Drop for IpcNamespace {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_ipc_put(self.as_ptr()) };
    }
}

/// What a task that does not run has to undo: a set of semaphores, and what is to be added to each.
pub(crate) fn undo(task: &Task, index: u32) -> Result<Option<(i32, KVVec<i16>)>> {
    let mut id = 0;
    // SAFETY: `task` is a valid task; nothing is written without room.
    let count = unsafe { bindings::sem_undo_get(task.as_ptr(), index, &mut id, null_mut(), 0) };
    let count = u32::try_from(count).map_err(|_| Error::from_errno(count))?;
    if count == 0 {
        return Ok(None);
    }
    let mut adjust = KVVec::from_elem(0i16, count as usize, GFP_KERNEL)?;
    let to = adjust.as_mut_ptr();
    // SAFETY: As above; there is room for `count`.
    let again = unsafe { bindings::sem_undo_get(task.as_ptr(), index, &mut id, to, count) };
    match again == count as i32 {
        true => Ok(Some((id, adjust))),
        false => Err(EAGAIN),
    }
}

/// The caller comes to have that to undo.
pub(crate) fn set_undo(id: i32, adjust: &[i16]) -> Result {
    let count = u32::try_from(adjust.len())?;
    // SAFETY: The slice is valid for its length.
    to_result(unsafe { bindings::sem_undo_set(id, adjust.as_ptr(), count) })
}
