// SPDX-License-Identifier: GPL-2.0

//! Pseudo terminals.

use core::ffi::c_void;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};
use kernel::task::Task;

use super::file::{length, OpenFile};
use super::path::PATH_ROOM;
use super::sockets::Pid;
use super::storage::opened;

pub(crate) use crate::bindings::{
    ckpt_tty as PairState, ckpt_tty_buffer as BufferState, ckpt_tty_settings as Settings,
    ckpt_tty_side as SideState,
};

/// Longest buffer that there is.
pub(crate) const LONGEST_BUFFER: usize = 8192;

/// Which side an open file is of.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Side {
    Master,
    Slave,
}

impl Side {
    fn is_slave(self) -> bool {
        self == Self::Slave
    }
}

/// Tells which pair controls a task, as `End::identity` does; zero: none.
pub(crate) fn of_task(task: &Task) -> usize {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_tty(task.as_ptr()) as usize }
}

/// The open file of the master of the pair that controls a task.
pub(crate) fn master_of_task(task: &Task) -> Option<OpenFile> {
    // SAFETY: `task` is a valid task; a reference or null returns.
    unsafe { OpenFile::from_raw(bindings::ckpt_task_tty_master(task.as_ptr())) }
}

/// Tells the group that hears of the end of a task whose terminal has gone; zero: none.
pub(crate) fn old_group(task: &Task) -> usize {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_tty_old_group(task.as_ptr()) as usize }
}

/// Has a group hear of that.
pub(crate) fn set_old_group(task: &Task, group: &Task) -> Result {
    // SAFETY: Both are valid tasks.
    to_result(unsafe { bindings::ckpt_task_set_tty_old_group(task.as_ptr(), group.as_ptr()) })
}

/// An open file of a pair that devpts knows.
///
/// # Invariants
///
/// The file is one of such a pair.
pub(crate) struct End(OpenFile, Side);

impl End {
    /// This open file, if it is one.
    pub(crate) fn of(file: &OpenFile) -> Option<Self> {
        // SAFETY: By the type invariant of `OpenFile`.
        let side = match unsafe { bindings::ckpt_tty_kind(file.as_ptr()) } {
            bindings::ckpt_tty_kind_CKPT_TTY_MASTER => Side::Master,
            bindings::ckpt_tty_kind_CKPT_TTY_SLAVE => Side::Slave,
            _ => return None,
        };
        // INVARIANT: Checked just now; an open file never changes from one terminal to another.
        Some(Self(file.clone(), side))
    }

    pub(crate) fn file(&self) -> &OpenFile {
        &self.0
    }

    pub(crate) fn side(&self) -> Side {
        self.1
    }

    /// Tells whether two are of the same pair, while both are held.
    pub(crate) fn identity(&self) -> usize {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_tty_pair(self.0.as_ptr()) as usize }
    }

    /// Was it hung up?
    pub(crate) fn is_hung_up(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_tty_hung_up(self.0.as_ptr()) }
    }

    /// Was it opened as /dev/tty?
    pub(crate) fn is_current(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_tty_is_current(self.0.as_ptr()) }
    }

    /// What the pair has as a whole; what was on its way has arrived.
    pub(crate) fn state(&self) -> Result<PairState> {
        let mut state = PairState::default();
        // SAFETY: By the type invariant; the struct is valid for writing.
        to_result(unsafe { bindings::ckpt_tty_get(self.0.as_ptr(), &mut state) })?;
        Ok(state)
    }

    /// Holds a side: what comes from the other, which may be outside, stays in the buffers.
    pub(crate) fn hold(&self, side: Side) -> Result<HeldSide<'_>> {
        // SAFETY: By the type invariant.
        let held = unsafe { bindings::ckpt_tty_hold(self.0.as_ptr(), side.is_slave()) };
        let discipline = from_err_ptr(held)?;
        // INVARIANT: Held just now.
        Ok(HeldSide(self, side, discipline))
    }

    /// The one open file of the master, if there is one.
    pub(crate) fn master(&self) -> Option<OpenFile> {
        // SAFETY: By the type invariant; a reference or null returns.
        unsafe { OpenFile::from_raw(bindings::ckpt_tty_master_of(self.0.as_ptr())) }
    }

    /// What its devpts was mounted with, as text with a zero byte behind it.
    pub(crate) fn options(&self) -> [u8; 128] {
        let mut options = [0; 128];
        // SAFETY: By the type invariant; the size is that of the buffer.
        unsafe { bindings::ckpt_tty_options(self.0.as_ptr(), options.as_mut_ptr().cast(), 128) };
        options
    }

    /// Where that is mounted, with a zero byte behind it.
    pub(crate) fn place(&self) -> Result<KVVec<u8>> {
        let mut place = KVVec::from_elem(0u8, PATH_ROOM, GFP_KERNEL)?;
        let buffer = place.as_mut_ptr().cast();
        // SAFETY: By the type invariant; the size is that of the buffer.
        to_result(unsafe { bindings::ckpt_tty_place(self.0.as_ptr(), buffer, PATH_ROOM as u32) })?;
        Ok(place)
    }

    /// Opens the slave of a master, wherever it lies.
    pub(crate) fn open_slave(&self, flags: u32) -> Result<OpenFile> {
        // SAFETY: By the type invariant; a reference or an error returns.
        unsafe { opened(bindings::ckpt_tty_open(self.0.as_ptr(), flags)) }
    }

    /// Opens /dev/tty as who is controlled by the slave.
    pub(crate) fn open_current(&self, path: &CStr, flags: u32) -> Result<OpenFile> {
        let path = path.as_char_ptr();
        // SAFETY: By the type invariant; `path` is a C string; a reference or an error returns.
        unsafe {
            opened(bindings::ckpt_tty_open_current(
                self.0.as_ptr(),
                path,
                flags,
            ))
        }
    }

    /// Lets the slave be opened.
    pub(crate) fn unlock(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_tty_unlock(self.0.as_ptr()) };
    }

    /// Hangs all open files of the slave up.
    pub(crate) fn hang_up(&self) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_tty_hang_up(self.0.as_ptr()) })
    }

    /// Settings, size and queues of a side.
    pub(crate) fn set_side(&self, side: Side, state: &SideState) -> Result {
        let slave = side.is_slave();
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_tty_side_set(self.0.as_ptr(), slave, state) })
    }

    /// Its flags, when all else is set.
    pub(crate) fn set_flags(&self, side: Side, flags: u32) -> Result {
        let slave = side.is_slave();
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_tty_flags_set(self.0.as_ptr(), slave, flags) })
    }

    /// Adds a buffer of what a side has still to take in.
    pub(crate) fn put(&self, side: Side, state: &BufferState, bytes: &[u8]) -> Result {
        if state.used.checked_sub(state.read) != u32::try_from(bytes.len()).ok() {
            return Err(EINVAL);
        }
        let (slave, from) = (side.is_slave(), bytes.as_ptr().cast::<c_void>());
        // SAFETY: By the type invariant; there are as many bytes as the struct says.
        to_result(unsafe { bindings::ckpt_tty_buffer_put(self.0.as_ptr(), slave, state, from) })
    }

    /// There are no more.
    pub(crate) fn settle(&self, side: Side) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_tty_buffers_done(self.0.as_ptr(), side.is_slave()) };
    }

    /// Packet mode, and what has happened since the last read.
    pub(crate) fn set_packet(&self, packet: bool, status: u32) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_tty_packet_set(self.0.as_ptr(), packet, status) };
    }

    /// Has the slave control a session, with a group in the foreground.
    pub(crate) fn control(&self, session: &Task, group: &Pid) -> Result {
        let (session, group) = (session.as_ptr(), group.as_ptr());
        // SAFETY: By the type invariants; `session` is a valid task.
        to_result(unsafe { bindings::ckpt_tty_control(self.0.as_ptr(), session, group) })
    }

    /// The number of the group in the foreground, in the pid namespace with this id, if nobody is in
    /// it any more.
    pub(crate) fn gone_group(&self, space: u64) -> Option<u32> {
        // SAFETY: By the type invariant.
        let number = unsafe { bindings::ckpt_tty_group_gone(self.0.as_ptr(), space) };
        u32::try_from(number).ok().filter(|number| *number != 0)
    }

    /// Has it control a process of that session.
    pub(crate) fn control_process(&self, task: &Task) -> Result {
        // SAFETY: By the type invariant; `task` is a valid task.
        to_result(unsafe { bindings::ckpt_task_set_tty(task.as_ptr(), self.0.as_ptr()) })
    }

    /// Closes it, now, unless somebody else has it too.
    pub(crate) fn close(self) {
        self.0.close();
    }
}

/// One side of a pair that stands still.
///
/// # Invariants
///
/// The side is held, until this is dropped. The pointer is what holding it gave.
pub(crate) struct HeldSide<'a>(&'a End, Side, *mut c_void);

impl HeldSide<'_> {
    /// What it has.
    pub(crate) fn state(&self) -> Result<KVBox<SideState>> {
        let mut state = super::zeroed::<SideState>()?;
        let (file, slave) = (self.0.file().as_ptr(), self.1.is_slave());
        // SAFETY: By the type invariants; the struct is valid for writing.
        to_result(unsafe { bindings::ckpt_tty_side_get(file, slave, self.2, &mut *state) })?;
        Ok(state)
    }

    /// A buffer of what it has still to take in, and how many bytes there were. ENOENT: there is
    /// none any more.
    pub(crate) fn buffer(&self, index: u32, bytes: &mut [u8]) -> Result<(BufferState, usize)> {
        let mut state = BufferState::default();
        let (to, room) = (bytes.as_mut_ptr().cast(), u32::try_from(bytes.len())?);
        let (file, slave) = (self.0.file().as_ptr(), self.1.is_slave());
        // SAFETY: By the type invariants; the slice is valid for its length.
        let count =
            unsafe { bindings::ckpt_tty_buffer_get(file, slave, index, &mut state, to, room) };
        Ok((state, length(count as isize)?))
    }
}

impl Drop for HeldSide<'_> {
    fn drop(&mut self) {
        let (file, slave) = (self.0.file().as_ptr(), self.1.is_slave());
        // SAFETY: By the type invariant it is ours to let go.
        unsafe { bindings::ckpt_tty_let_go(file, slave, self.2) };
    }
}
