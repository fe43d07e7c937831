// SPDX-License-Identifier: GPL-2.0

//! Error numbers that the `kernel` crate does not name.

use crate::bindings;
use kernel::error::code::{EINTR, ENOMEM};
use kernel::error::{Error, Result};

/// What came of asking, if that is an answer: who lacks memory, or is interrupted, has been told nothing.
pub(crate) fn answer<T>(asked: Result<T>) -> Result<Result<T>> {
    match asked {
        Err(error) if error == ENOMEM || error == EINTR => Err(error),
        asked => Ok(asked),
    }
}

/// EOPNOTSUPP: understood, but nothing here can do it.
pub(crate) fn not_supported() -> Error {
    Error::from_errno(-(bindings::EOPNOTSUPP as i32))
}

/// ESHUTDOWN: the session is over.
pub(crate) fn shut_down() -> Error {
    Error::from_errno(-(bindings::ESHUTDOWN as i32))
}

/// ENAMETOOLONG: a path that no call takes.
pub(crate) fn name_too_long() -> Error {
    Error::from_errno(-(bindings::ENAMETOOLONG as i32))
}

/// ENODATA: there is no such attribute.
pub(crate) fn no_data() -> Error {
    Error::from_errno(-(bindings::ENODATA as i32))
}

/// ENOKEY: a key is not there.
pub(crate) fn no_key() -> Error {
    Error::from_errno(-(bindings::ENOKEY as i32))
}

/// EIDRM: an identifier is that of nothing any more.
pub(crate) fn identifier_removed() -> Error {
    Error::from_errno(-(bindings::EIDRM as i32))
}

/// ESTALE: a file, or what is looked at, is not what it was.
pub(crate) fn stale() -> Error {
    Error::from_errno(-(bindings::ESTALE as i32))
}

/// EUSERS: there are ever new tasks to be asked.
pub(crate) fn ever_new() -> Error {
    Error::from_errno(-(bindings::EUSERS as i32))
}

/// EADDRINUSE: a socket has that name.
pub(crate) fn address_in_use() -> Error {
    Error::from_errno(-(bindings::EADDRINUSE as i32))
}
