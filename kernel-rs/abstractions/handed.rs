// SPDX-License-Identifier: GPL-2.0

//! Open files that belong to the outside, and are handed in at restart.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;

use super::file::OpenFile;

impl OpenFile {
    /// Whether it can be read from, and whether it can be written to.
    pub(crate) fn opens_for(&self) -> (bool, bool) {
        // SAFETY: By the type invariant.
        let access = unsafe { bindings::ckpt_file_access(self.as_ptr()) };
        (access & 1 != 0, access & 2 != 0)
    }

    /// Identity of the open file at the other end of a unix socket. None: there is none, or it is
    /// not known.
    pub(crate) fn socket_peer(&self) -> Option<usize> {
        // SAFETY: By the type invariant.
        let peer = unsafe { bindings::ckpt_socket_peer(self.as_ptr()) };
        (!peer.is_null()).then_some(peer as usize)
    }

    /// Makes it a descriptor of the caller's, as if somebody had sent it through a socket.
    pub(crate) fn receive(&self, number: u32, close_on_exec: bool) -> Result {
        // SAFETY: By the type invariant; the table takes a reference of its own.
        to_result(unsafe { bindings::ckpt_file_receive(number, self.as_ptr(), close_on_exec) })
    }

    /// O_NONBLOCK, as fcntl(F_SETFL) sets it.
    pub(crate) fn set_nonblock(&self, nonblock: bool) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_file_set_nonblock(self.as_ptr(), nonblock) };
    }
}
