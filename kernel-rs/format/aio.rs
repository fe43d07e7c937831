// SPDX-License-Identifier: GPL-2.0

//! Contexts for asynchronous I/O.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Address, ObjectId};
use super::Problem;

/// A context (io_setup) of an address space, in the order of their places. No request is under way.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AioContext {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// Its place in the table of the address space, which its ring tells too.
    pub place: U32,
    /// Where its ring is; that is its number for programs.
    pub address: Address,
    /// Bytes of the ring's area.
    pub size: U64,
    /// What io_setup(2) was asked for.
    pub requests: U32,
    /// Room in the ring: for so many events, and one that stays free.
    pub room: U32,
    /// Where the next event goes.
    pub tail: U32,
    /// Events that still take the place of requests.
    pub completed: U32,
}
record!(AioContext, rule is_possible);

/// A page of the ring of the context that came last. Pages that are not there are zero.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AioPage {
    /// The `AddressSpace`.
    pub space: ObjectId,
    /// Which page; in ascending order.
    pub index: U32,
}
record!(AioPage, tail page);

/// Bytes of a page of a ring.
pub const AIO_PAGE: u64 = 4096;
/// Contexts have places below this.
pub const MAX_AIO_PLACE: u32 = 65_536;
/// Longest ring.
pub const MAX_AIO_RING: u64 = 0x1000_0000;

impl AioContext {
    fn is_possible(&self) -> Result<(), Problem> {
        let value = |name, value: u64| Err(Problem::Value(name, value));
        let (address, size) = (self.address.get(), self.size.get());
        if self.place.get() >= MAX_AIO_PLACE {
            return value("place", self.place.get().into());
        }
        if address == 0 || address % AIO_PAGE != 0 {
            return value("address", address);
        }
        if size == 0 || size % AIO_PAGE != 0 || size > MAX_AIO_RING {
            return value("size", size);
        }
        if self.requests.get() == 0 {
            return value("requests", 0);
        }
        let room = self.room.get();
        match (self.tail.get(), self.completed.get()) {
            (tail, _) if tail >= room => value("tail", tail.into()),
            (_, completed) if completed >= room => value("completed", completed.into()),
            _ => Ok(()),
        }
    }
}

impl AioPage {
    fn page(&self) -> u64 {
        AIO_PAGE
    }
}
