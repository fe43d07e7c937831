// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Asynchronous I/O: contexts of an address space (io_setup), and the events in their rings.
//!
//! Saves: contexts with their number, which is the address of their ring, and all of that ring, which
//! programs may read by themselves.
//! Refuses: a context with requests that do not complete soon; a ring that the program has changed the
//! protection of, cut or torn, or that is not its own.
//! Needs, at restart: a kernel that makes a ring of that size of it; fs.aio-max-nr.
//! Restores: in the task itself, when its other areas are mapped.
//! Locks: those of the context; each inside one call of the glue.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::aio::{self, ContextState, Page};
use crate::abstractions::space::{flag, AreaState, Space};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::aio::{AioContext, AioPage, AIO_PAGE};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// What the kernel gives the area of a ring.
const FLAGS: u32 =
    flag::READ | flag::WRITE | flag::SHARED | flag::DONT_FORK | flag::MAY_READ | flag::MAY_WRITE;
/// What may be there besides: it follows from the others, or is of no consequence for it.
const LOOSE: u32 =
    flag::MAY_EXEC | flag::ACCOUNTED | flag::NO_RESERVE | flag::LOCKED | flag::LOCKED_ON_FAULT;

/// Waits a while for requests that are under way: what they tell of, events and eventfds, is saved after
/// that.
pub(crate) fn settle(tasks: &[FrozenTask]) -> Result {
    /// In milliseconds.
    const PATIENCE: u32 = 5_000;

    let mut seen = RBTree::<usize, ()>::new();
    for task in tasks.iter().filter(|task| !task.ended) {
        let Ok(space) = Space::of(&task.task) else {
            continue;
        };
        if seen.get(&space.identity()).is_some() {
            continue;
        }
        seen.try_create_and_insert(space.identity(), (), GFP_KERNEL)?;
        task::wait_until(PATIENCE, || {
            !contexts(&space).any(|context| context.pending != 0) || task::is_interrupted()
        });
    }
    Ok(())
}

fn contexts(space: &Space) -> impl Iterator<Item = ContextState> + '_ {
    let mut next = Some(0);
    core::iter::from_fn(move || {
        let context = aio::next(space, next?)?;
        next = context.place.checked_add(1);
        Some(context)
    })
}

/// Describes the contexts of an address space; `rings`: its areas of that kind.
pub(crate) fn capture(
    task: &FrozenTask,
    (id, space): (ObjectId, &Space),
    rings: &[AreaState],
    out: &mut Capture<'_>,
) -> Result {
    let mut own = 0usize;
    for context in contexts(space) {
        let refusal = |reason| task.refusal(reason).address(context.address);
        let end = context.address.checked_add(context.size);
        let is_whole = |ring: &&AreaState| {
            ring.start == context.address
                && Some(ring.end) == end
                && (ring.flags ^ FLAGS) & !LOOSE == 0
                && ring.unknown == 0
                && ring.key == 0
                && ring.offset == 0
                && !ring.has_policy
        };
        if !rings.iter().any(|ring| is_whole(&ring)) {
            out.refuse(refusal(Reason::AioRing));
            continue;
        }
        own = own.saturating_add(1);
        if context.pending != 0 {
            out.refuse(refusal(Reason::AioPending).value(context.pending.into()));
            continue;
        }
        let record = AioContext {
            space: id,
            place: U32::new(context.place),
            address: U64::new(context.address),
            size: U64::new(context.size),
            requests: U32::new(context.requests),
            room: U32::new(context.room),
            tail: U32::new(context.tail),
            completed: U32::new(context.completed),
        };
        out.record(&record, &[])?;
        let mut page = KBox::new([0; AIO_PAGE as usize], GFP_KERNEL)?;
        for index in 0..(context.size / AIO_PAGE) as u32 {
            aio::page(space, context.place, index, &mut page)?;
            if page.iter().any(|byte| *byte != 0) {
                let record = AioPage {
                    space: id,
                    index: U32::new(index),
                };
                out.record(&record, &page[..])?;
            }
        }
    }
    if own < rings.len() {
        let refusal = task.refusal(Reason::AreaKind);
        let refusal = match rings.first() {
            Some(ring) => refusal.address(ring.start),
            None => refusal,
        };
        out.refuse(refusal.name("a ring of asynchronous I/O that is no longer its own"));
    }
    Ok(())
}

/// A context as the image describes it.
pub(crate) struct ContextPlan {
    record: AioContext,
    pages: KVVec<(u32, KVBox<Page>)>,
}

impl ContextPlan {
    /// Takes a record in.
    pub(crate) fn new(record: AioContext) -> Self {
        Self {
            record,
            pages: KVVec::new(),
        }
    }

    /// Is it behind this one?
    pub(crate) fn follows(&self, other: &Self) -> bool {
        self.record.place.get() > other.record.place.get()
    }

    /// Takes a page of its ring in.
    pub(crate) fn page(&mut self, record: &AioPage, bytes: &[u8]) -> Result<(), Refusal> {
        let index = record.index.get();
        let last = self.pages.last().map(|(last, _)| *last);
        if u64::from(index) >= self.record.size.get() / AIO_PAGE || last >= Some(index) {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name("index");
            return Err(refusal.value(index.into()));
        }
        let mut page = KVBox::new([0; AIO_PAGE as usize], GFP_KERNEL_ACCOUNT)?;
        let to = page.get_mut(..bytes.len()).ok_or(EINVAL)?;
        to.copy_from_slice(bytes);
        Ok(self.pages.push((index, page), GFP_KERNEL_ACCOUNT)?)
    }

    /// Makes it for the caller.
    pub(crate) fn restore(&self) -> Result<(), Refusal> {
        let record = &self.record;
        let state = ContextState {
            address: record.address.get(),
            size: record.size.get(),
            requests: record.requests.get(),
            place: record.place.get(),
            room: record.room.get(),
            tail: record.tail.get(),
            completed: record.completed.get(),
            ..ContextState::default()
        };
        let failed = |error| {
            let refusal = Refusal::new(Reason::AioNotMade, error);
            refusal.address(state.address).value(state.requests.into())
        };
        aio::make(&state).map_err(failed)?;
        for (index, page) in self.pages.iter() {
            aio::set_page(state.place, *index, page).map_err(failed)?;
        }
        Ok(())
    }
}
