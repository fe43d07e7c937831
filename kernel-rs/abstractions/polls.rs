// SPDX-License-Identifier: GPL-2.0

//! Event files: signalfds, timerfds, epolls.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

use super::creds::Prepared;
use super::file::OpenFile;
use super::space::Space;
use super::storage::opened;

pub(crate) use crate::bindings::{
    epoll_item as ItemState, //
    epoll_params as EpollParams,
    timerfd_state as TimerfdState,
};

/// The signals that a signalfd takes; nothing: it is none.
pub(crate) fn signals_of(file: &OpenFile) -> Option<u64> {
    let mut mask = bindings::sigset_t::default();
    // SAFETY: By the type invariant; the mask is valid for writing.
    let is_one = unsafe { bindings::signalfd_get_mask(file.as_ptr(), &mut mask) };
    is_one.then_some(mask.sig[0] as u64)
}

/// Makes a signalfd.
pub(crate) fn signalfd(signals: u64) -> Result<OpenFile> {
    let mask = bindings::sigset_t {
        sig: [signals as usize],
    };
    // SAFETY: The mask is valid; a reference or an error returns.
    unsafe { opened(bindings::signalfd_open(&mask, 0)) }
}

/// How a timerfd stands; nothing: it is none.
pub(crate) fn timer_of(file: &OpenFile) -> Option<TimerfdState> {
    let mut state = TimerfdState::default();
    // SAFETY: By the type invariant; the struct is valid for writing.
    let is_one = unsafe { bindings::timerfd_get_state(file.as_ptr(), &mut state) };
    is_one.then_some(state)
}

/// Makes a timerfd, as timerfd_create(2) would.
pub(crate) fn timerfd(clock: i32) -> Result<OpenFile> {
    // SAFETY: Any numbers may be passed; a reference or an error returns.
    unsafe { opened(bindings::timerfd_open(clock, 0)) }
}

/// Sets the timer of an open file, if it is one that was made just now, and starts it if it is armed.
pub(crate) fn start_timer(file: &OpenFile, state: &TimerfdState) -> Result {
    timer_of(file).ok_or(EINVAL)?;
    // SAFETY: By the type invariant, and it is a timerfd.
    unsafe { bindings::timerfd_set_state(file.as_ptr(), state) };
    Ok(())
}

/// An open file that is an epoll.
///
/// # Invariants
///
/// The file is one that epoll_create(2) has made.
pub(crate) struct Epoll<'a>(&'a OpenFile);

/// An item of an epoll, with the file that it looks at.
pub(crate) struct Item {
    pub(crate) file: OpenFile,
    pub(crate) state: ItemState,
}

// SAFETY: The pointers of the state are only compared.
unsafe impl Send for Item {}

impl Item {
    /// One that looks at this file.
    pub(crate) fn new(file: OpenFile, state: ItemState) -> Self {
        let state = ItemState {
            file: file.as_ptr(),
            ..state
        };
        Self { file, state }
    }

    /// If it looks at a signalfd: those whose signals it waits for, as `Shared::of` knows them.
    pub(crate) fn listener(&self) -> Option<usize> {
        signals_of(&self.file)?;
        // SAFETY: By the function, what it waits on is that of a signalfd, which is not followed.
        Some(unsafe { bindings::ckpt_epoll_listener(&self.state) } as usize)
    }
}

/// Makes an epoll that counts for the user of these credentials.
pub(crate) fn epoll(owner: &Prepared, params: &EpollParams) -> Result<OpenFile> {
    // SAFETY: `owner` holds its credentials; a reference or an error returns.
    let file = unsafe { opened(bindings::ckpt_epoll_open(owner.as_ptr())) }?;
    // SAFETY: The file is an epoll.
    to_result(unsafe { bindings::epoll_set_params(file.as_ptr(), params) })?;
    Ok(file)
}

impl<'a> Epoll<'a> {
    /// This open file, if it is one.
    pub(crate) fn of(file: &'a OpenFile) -> Option<Self> {
        // SAFETY: By the type invariant of `OpenFile`.
        let is_one = unsafe { bindings::is_file_epoll(file.as_ptr()) };
        // INVARIANT: Checked just now; an open file never becomes another kind of file.
        is_one.then_some(Self(file))
    }

    /// EPIOCGPARAMS.
    pub(crate) fn params(&self) -> EpollParams {
        let mut params = EpollParams::default();
        // SAFETY: By the type invariant; the struct is valid for writing.
        unsafe { bindings::epoll_get_params(self.0.as_ptr(), &mut params) };
        params
    }

    /// Its items, those that are ready first.
    pub(crate) fn items(&self) -> Result<KVVec<Item>> {
        let mut room: KVVec<ItemState> = KVVec::new();
        loop {
            let size = u32::try_from(room.len())?;
            // SAFETY: By the type invariant; the array has the room that is said.
            let count =
                unsafe { bindings::epoll_get_items(self.0.as_ptr(), room.as_mut_ptr(), size) };
            let count = usize::try_from(count).map_err(|_| EINTR)?;
            let mut items = KVVec::new();
            let mut result = items.reserve(count.min(room.len()), GFP_KERNEL);
            for state in room.iter().take(count) {
                // SAFETY: The function has taken a reference for us.
                let file = unsafe { OpenFile::from_raw(state.file) }.ok_or(EINVAL)?;
                let state = *state;
                if result.is_ok() {
                    result = items.push(Item { file, state }, GFP_KERNEL);
                }
            }
            result?;
            if count <= room.len() {
                return Ok(items);
            }
            // Somebody outside may add more meanwhile.
            let with_some = count.saturating_add(count / 8);
            room.resize(with_some, ItemState::default(), GFP_KERNEL_ACCOUNT)?;
        }
    }

    /// Adds an item, as epoll_ctl(2) would. If it looks at a signalfd, it waits for the signals of
    /// `task`, which is parked, or of nobody. Its memory counts as that of `payer`.
    pub(crate) fn add(&self, item: &Item, task: Option<&Task>, payer: &Space) -> Result {
        let task = task.map_or(core::ptr::null_mut(), |task| task.as_ptr());
        // SAFETY: By the type invariant; the item holds its file, `task` is null or a task, and
        // `payer` an address space.
        to_result(unsafe {
            bindings::ckpt_epoll_add(self.0.as_ptr(), &item.state, task, payer.as_ptr())
        })
    }

    /// Nothing is ready but what these items say, in their order.
    pub(crate) fn settle(&self, items: &[ItemState]) -> Result {
        let count = u32::try_from(items.len())?;
        // SAFETY: By the type invariant; what the items point to is only compared.
        to_result(unsafe { bindings::epoll_settle(self.0.as_ptr(), items.as_ptr(), count) })
    }
}
