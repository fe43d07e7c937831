// SPDX-License-Identifier: GPL-2.0

//! Unix sockets, and the messages in them.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};
use kernel::task::Task;
use kernel::types::Opaque;

use super::creds::{Held, Prepared};
use super::file::OpenFile;
use super::path::{self, Path};
use super::space::Space;
use super::storage::opened;

pub(crate) use crate::bindings::{
    ckpt_message as MessageState, //
    ckpt_socket as SocketState,
    ckpt_socket_pid as PidState,
};

/// A unix socket, whether an open file is of it or not.
///
/// # Invariants
///
/// Points to a unix socket on which this holds a reference, unless only messages keep it, which
/// are held longer than this.
pub(crate) struct Socket(NonNull<bindings::sock>, bool);

// SAFETY: References on sockets may be used and dropped from any task.
unsafe impl Send for Socket {}
// SAFETY: As above.
unsafe impl Sync for Socket {}

impl Socket {
    /// # Safety
    ///
    /// `socket` must be null or a unix socket on which the caller gives up a reference.
    unsafe fn from_raw(socket: *mut bindings::sock) -> Option<Self> {
        // INVARIANT: By the contract of this function.
        NonNull::new(socket).map(|socket| Self(socket, true))
    }

    fn as_ptr(&self) -> *mut bindings::sock {
        self.0.as_ptr()
    }

    /// The unix socket that this open file is.
    pub(crate) fn of(file: &OpenFile) -> Option<Self> {
        // SAFETY: By the type invariant of `OpenFile`; a reference or null returns.
        unsafe { Self::from_raw(bindings::ckpt_socket_of(file.as_ptr())) }
    }

    /// Tells whether two are the same, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.as_ptr() as usize
    }

    /// What it is.
    pub(crate) fn state(&self) -> Result<KVBox<SocketState>> {
        let mut state = super::zeroed::<SocketState>()?;
        // SAFETY: By the type invariant; the struct is valid for writing.
        to_result(unsafe { bindings::ckpt_socket_get(self.as_ptr(), &mut *state) })?;
        Ok(state)
    }

    /// The other end.
    pub(crate) fn peer(&self) -> Option<Self> {
        // SAFETY: By the type invariant; a reference or null returns.
        unsafe { Self::from_raw(bindings::ckpt_socket_other(self.as_ptr())) }
    }

    /// The open file of it.
    pub(crate) fn file(&self) -> Option<OpenFile> {
        // SAFETY: By the type invariant; a reference or null returns.
        unsafe { OpenFile::from_raw(bindings::ckpt_socket_file(self.as_ptr())) }
    }

    /// Has it been closed?
    pub(crate) fn is_dead(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_socket_is_dead(self.as_ptr()) }
    }

    /// What its name leads to, as long as it has one.
    fn held_path(&self) -> Option<path::Held> {
        let path = Opaque::uninit();
        // SAFETY: By the type invariant; the path is valid for writing.
        match unsafe { bindings::ckpt_socket_path(self.as_ptr(), path.get()) } {
            // SAFETY: It is filled, with a reference for us.
            true => Some(unsafe { path::Held::new(path) }),
            false => None,
        }
    }

    /// Where the inode of its name is, from the root of its mount namespace.
    pub(crate) fn path(&self) -> Result<Option<Path>> {
        let Some(held) = self.held_path() else {
            return Ok(None);
        };
        let mut path = Path::new();
        // SAFETY: It is held.
        unsafe { path.fill(held.as_ptr()) }?;
        Ok(Some(path))
    }

    /// The inode of its name, as O_PATH.
    pub(crate) fn named(&self) -> Result<OpenFile> {
        // SAFETY: By the type invariant; a new open file or an error returns.
        unsafe { opened(bindings::ckpt_socket_named(self.as_ptr())) }
    }

    /// Does `path`, looked up for `task`, lead to the inode of its name?
    pub(crate) fn is_at(&self, path: &Path, task: &Task) -> Result<bool> {
        let Some(to) = self.held_path() else {
            return Ok(false);
        };
        // SAFETY: It is held.
        unsafe { path.leads(task, to.as_ptr(), false) }
    }

    /// Credentials of whoever is at the other end.
    pub(crate) fn peer_credentials(&self) -> Option<Held> {
        // SAFETY: By the type invariant; a reference or null returns.
        unsafe { Held::from_raw(bindings::ckpt_socket_peer_cred(self.as_ptr())) }
    }

    /// Who is at the other end, in numbers of the pid namespace with this id.
    pub(crate) fn peer_pid(&self, space: u64) -> PidState {
        let mut state = PidState::default();
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_socket_peer_pid(self.as_ptr(), space, &mut state) };
        state
    }

    /// What waits in it: messages, or connections.
    pub(crate) fn queue(&self, most: u32) -> Result<KVVec<Message>> {
        let mut list = KVVec::from_elem(core::ptr::null_mut(), most as usize, GFP_KERNEL)?;
        let mut files = KVVec::from_elem(core::ptr::null_mut(), most as usize, GFP_KERNEL)?;
        let mut messages = KVVec::with_capacity(most as usize, GFP_KERNEL_ACCOUNT)?;
        let (to, files_to) = (list.as_mut_ptr(), files.as_mut_ptr());
        // SAFETY: By the type invariant; there is room for so many.
        let count = unsafe { bindings::ckpt_socket_queue(self.as_ptr(), to, files_to, most) };
        for (message, files) in list.iter().zip(files.iter()) {
            if let Some(message) = NonNull::new(*message) {
                // INVARIANT: The function returns references, also if it fails on the way.
                let _ = messages.push_within_capacity(Message(message, *files));
            }
        }
        to_result(count)?;
        Ok(messages)
    }

    /// One that waits to be accepted, by this listening socket.
    pub(crate) fn make_waiting(&self) -> Result<Self> {
        // SAFETY: By the type invariant; a reference or an error returns.
        unsafe {
            let socket = from_err_ptr(bindings::ckpt_socket_make_waiting(self.as_ptr()))?;
            Self::from_raw(socket).ok_or(ENOMEM)
        }
    }

    /// Gives it the bytes of its name, and the inode that they lead to. `found`: it is found by them.
    pub(crate) fn set_name(&self, name: &[u8], inode: Option<&OpenFile>, found: bool) -> Result {
        let length = u32::try_from(name.len())?;
        let inode = inode.map_or(core::ptr::null_mut(), OpenFile::as_ptr);
        // SAFETY: By the type invariants; the slice is valid for its length.
        to_result(unsafe {
            bindings::ckpt_socket_name(self.as_ptr(), name.as_ptr(), length, inode, found)
        })
    }

    /// Gives it its state and its options, with the rights of the caller.
    pub(crate) fn set(&self, state: &SocketState) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_socket_set(self.as_ptr(), state) })
    }

    /// The program of its filter, of so many instructions.
    pub(crate) fn filter(&self, instructions: u32) -> Result<KVVec<u8>> {
        let size = instructions as usize * core::mem::size_of::<bindings::sock_filter>();
        let mut program = KVVec::from_elem(0u8, size, GFP_KERNEL)?;
        let to = program.as_mut_ptr().cast();
        // SAFETY: By the type invariant; there is room for so many instructions.
        to_result(unsafe { bindings::ckpt_socket_filter(self.as_ptr(), to, instructions) })?;
        Ok(program)
    }

    /// Gives it a filter, as SO_ATTACH_FILTER does.
    pub(crate) fn set_filter(&self, program: &[u8]) -> Result {
        let size = core::mem::size_of::<bindings::sock_filter>();
        let instructions = u32::try_from(program.len() / size)?;
        let from = program.as_ptr().cast();
        // SAFETY: By the type invariant; there are so many instructions.
        to_result(unsafe { bindings::ckpt_socket_set_filter(self.as_ptr(), from, instructions) })
    }

    /// Connects it, as connect(2) does; with the rights of the caller.
    pub(crate) fn connect(&self, name: &[u8]) -> Result {
        let length = u32::try_from(name.len())?;
        // SAFETY: By the type invariant; the slice is valid for its length.
        to_result(unsafe { bindings::ckpt_socket_connect(self.as_ptr(), name.as_ptr(), length) })
    }

    /// Gives it the other end; that one does not get this.
    pub(crate) fn join(&self, peer: &Self) -> Result {
        // SAFETY: By the type invariants; a reference on the peer is taken.
        to_result(unsafe { bindings::ckpt_socket_join(self.as_ptr(), peer.as_ptr()) })
    }

    /// Has it tell who is at the other end.
    pub(crate) fn set_peer(&self, pid: &Pid, credentials: &Prepared) {
        // SAFETY: By the type invariants; references are taken on both.
        unsafe {
            bindings::ckpt_socket_set_peer(self.as_ptr(), pid.0.as_ptr(), credentials.as_ptr());
        }
    }

    /// Queues a message as it was; with the rights of the caller.
    pub(crate) fn put(
        &self,
        from: &Self,
        payer: &Space,
        state: &MessageState,
        pid: Option<&Pid>,
        bytes: &[u8],
        files: &[OpenFile],
    ) -> Result {
        if usize::try_from(state.length)? != bytes.len() {
            return Err(EINVAL);
        }
        let mut list = KVec::with_capacity(files.len(), GFP_KERNEL)?;
        for file in files {
            let _ = list.push_within_capacity(file.as_ptr());
        }
        if usize::try_from(state.files)? != list.len() {
            return Err(EINVAL);
        }
        let pid = pid.map_or(core::ptr::null_mut(), |pid| pid.0.as_ptr());
        // SAFETY: By the type invariants; bytes and files are as many as `state` says, and
        // references are taken on what is kept.
        to_result(unsafe {
            bindings::ckpt_socket_put(
                from.as_ptr(),
                self.as_ptr(),
                payer.as_ptr(),
                state,
                pid,
                bytes.as_ptr().cast(),
                list.as_mut_ptr(),
            )
        })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.1 {
            // SAFETY: By the type invariant this reference is ours to drop.
            unsafe { bindings::ckpt_sock_put(self.as_ptr()) };
        }
    }
}

/// Which open files, by their identities or inodes in ascending order, are also on their way through
/// sockets that are not among `ours`, which ascend too: for each of these, the identity of the open
/// file of such a socket, or of nothing that anybody has; else zero.
pub(crate) fn in_flight(ours: &[usize], objects: &[usize]) -> Result<KVVec<usize>> {
    let (our_count, count) = (u32::try_from(ours.len())?, u32::try_from(objects.len())?);
    let mut found = KVVec::from_elem(0usize, objects.len(), GFP_KERNEL)?;
    // SAFETY: Both lists and the room for the answer are as long as is said; addresses are only
    // compared.
    to_result(unsafe {
        bindings::ckpt_files_in_flight(
            ours.as_ptr().cast(),
            our_count,
            objects.as_ptr().cast(),
            found.as_mut_ptr().cast(),
            count,
        )
    })?;
    Ok(found)
}

/// Makes a socket, with its open file.
pub(crate) fn make(kind: u32) -> Result<OpenFile> {
    // SAFETY: Any number may be passed; a reference or an error returns.
    unsafe { opened(bindings::ckpt_socket_make(kind)) }
}

/// The socket inode at a path, as O_PATH, and whether it had to be made.
pub(crate) fn inode(path: &CStr, mode: u32) -> Result<(OpenFile, bool)> {
    let mut made = false;
    // SAFETY: `path` is a C string; a reference or an error returns.
    let file = unsafe {
        opened(bindings::ckpt_socket_inode(
            path.as_char_ptr(),
            mode,
            &mut made,
        ))
    };
    Ok((file?, made))
}

/// Something that waits in a socket, and the files that come with it.
///
/// # Invariants
///
/// Points to a socket buffer on which this holds a reference, and to a list that is this one's, or
/// none.
pub(crate) struct Message(NonNull<bindings::sk_buff>, *mut bindings::scm_fp_list);

// SAFETY: References on socket buffers may be used and dropped from any task.
unsafe impl Send for Message {}
// SAFETY: As above.
unsafe impl Sync for Message {}

impl Message {
    /// Who has sent it; or the connection that waits. Not to be kept longer than the message.
    pub(crate) fn sender(&self) -> Option<Socket> {
        // SAFETY: By the type invariant.
        let sender = NonNull::new(unsafe { bindings::ckpt_message_sender(self.0.as_ptr()) })?;
        // SAFETY: The message keeps it.
        let is_held = unsafe { bindings::ckpt_sock_hold(sender.as_ptr()) };
        // INVARIANT: By the comment above this function.
        Some(Socket(sender, is_held))
    }

    /// What it is, in the queue of `socket`, in numbers of the pid namespace with this id.
    pub(crate) fn state(&self, socket: &Socket, space: u64) -> MessageState {
        let mut state = MessageState::default();
        let (socket, message) = (socket.as_ptr(), self.0.as_ptr());
        // SAFETY: By the type invariants.
        unsafe { bindings::ckpt_message_get(socket, message, self.1, space, &mut state) };
        state
    }

    /// A file that comes with it.
    pub(crate) fn file(&self, index: u32) -> Option<OpenFile> {
        // SAFETY: By the type invariant; a reference or null returns.
        unsafe { OpenFile::from_raw(bindings::ckpt_message_file(self.1, index)) }
    }

    /// Copies its bytes, all that are left of them.
    pub(crate) fn copy(&self, bytes: &mut [u8]) -> Result {
        let length = u32::try_from(bytes.len())?;
        let to = bytes.as_mut_ptr().cast();
        // SAFETY: By the type invariant; the slice is valid for its length.
        to_result(unsafe { bindings::ckpt_message_copy(self.0.as_ptr(), 0, to, length) })
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        // SAFETY: By the type invariant both are ours to drop.
        unsafe { bindings::ckpt_message_put(self.0.as_ptr(), self.1) };
    }
}

/// A process that is known by what it has sent, or was connected to.
///
/// # Invariants
///
/// Points to a struct pid on which this holds a reference, and that pidfs knows unless it is a group.
pub(crate) struct Pid(NonNull<bindings::pid>);

// SAFETY: A struct pid may be used and released from any task.
unsafe impl Send for Pid {}
// SAFETY: As above.
unsafe impl Sync for Pid {}

impl Pid {
    pub(super) fn as_ptr(&self) -> *mut bindings::pid {
        self.0.as_ptr()
    }

    /// The process group of a task.
    pub(crate) fn group_of(task: &Task) -> Result<Self> {
        // SAFETY: `task` is a valid task; a reference or null returns.
        let group = unsafe { bindings::ckpt_tty_group_of(task.as_ptr()) };
        // INVARIANT: As above; nobody makes a pidfd of it by this.
        NonNull::new(group).map(Self).ok_or(ESRCH)
    }

    /// The process of a task.
    pub(crate) fn of(task: &Task) -> Result<Self> {
        // SAFETY: `task` is a valid task; a reference or an error returns.
        let pid = from_err_ptr(unsafe { bindings::ckpt_socket_pid_of(task.as_ptr()) })?;
        // INVARIANT: As above.
        NonNull::new(pid).map(Self).ok_or(ESRCH)
    }

    /// May the caller say of a socket that it has to do with one that has gone, by its number there?
    pub(crate) fn may_number(task: &Task, above: u32) -> bool {
        // SAFETY: `task` is a valid task.
        unsafe { bindings::ckpt_socket_may_number(task.as_ptr(), above) }
    }

    /// One that has gone, by its number in the namespace that is so many above that of `task`.
    pub(crate) fn gone(task: &Task, above: u32, number: i32, status: u32) -> Result<Self> {
        let task = task.as_ptr();
        // SAFETY: `task` is a valid task; a reference or an error returns.
        let pid = unsafe { bindings::ckpt_socket_pid_gone(task, above, number, status) };
        let pid = from_err_ptr(pid)?;
        // INVARIANT: As above.
        NonNull::new(pid).map(Self).ok_or(ESRCH)
    }
}

impl Drop for Pid {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_pid_put(self.0.as_ptr()) };
    }
}
