// SPDX-License-Identifier: GPL-2.0

//! Special files: which kind one is of.

use crate::bindings;

use super::file::OpenFile;

/// Kinds of special files; `FileState.special` is one of them.
pub(crate) mod kind {
    use crate::bindings;

    pub(crate) const NONE: u32 = bindings::ckpt_special_CKPT_SPECIAL_NONE;
    pub(crate) const PIDFD: u32 = bindings::ckpt_special_CKPT_SPECIAL_PIDFD;
    pub(crate) const EVENTFD: u32 = bindings::ckpt_special_CKPT_SPECIAL_EVENTFD;
    pub(crate) const WATCHER: u32 = bindings::ckpt_special_CKPT_SPECIAL_WATCHER;
    pub(crate) const GROUP: u32 = bindings::ckpt_special_CKPT_SPECIAL_GROUP;
    pub(crate) const SIGNALFD: u32 = bindings::ckpt_special_CKPT_SPECIAL_SIGNALFD;
    pub(crate) const TIMERFD: u32 = bindings::ckpt_special_CKPT_SPECIAL_TIMERFD;
    pub(crate) const EPOLL: u32 = bindings::ckpt_special_CKPT_SPECIAL_EPOLL;
    pub(crate) const SOCKET: u32 = bindings::ckpt_special_CKPT_SPECIAL_SOCKET;
    pub(crate) const QUEUE: u32 = bindings::ckpt_special_CKPT_SPECIAL_QUEUE;
    pub(crate) const TERMINAL: u32 = bindings::ckpt_special_CKPT_SPECIAL_TERMINAL;
}

impl OpenFile {
    /// What kind of special file it is; it never becomes another.
    pub(crate) fn special(&self) -> u32 {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_special(self.as_ptr()) }
    }

    /// Sets the flags that fcntl(2) sets for a special file. Only of one that nobody else has got yet.
    pub(crate) fn show_special(&self, flags: u32) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_special_show(self.as_ptr(), flags) };
    }
}
