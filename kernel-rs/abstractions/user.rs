// SPDX-License-Identifier: GPL-2.0

//! Argument structs that grow: shorter ones are filled up, longer ones must be zero there.

use core::mem::size_of;

use kernel::ffi::c_void;
use kernel::prelude::*;
use kernel::uaccess::{UserPtr, UserSlice};

/// Reads `size` bytes of arguments into a struct of this version.
pub(crate) fn read_arguments<T>(pointer: *const c_void, size: usize) -> Result<T>
where
    T: zerocopy::FromBytes + zerocopy::IntoBytes,
{
    /// Longest struct that any version will have.
    const LONGEST: usize = 4096;
    /// Shortest struct that any version had.
    const SHORTEST: usize = 16;

    if size < SHORTEST {
        return Err(EINVAL);
    }
    if size > LONGEST {
        return Err(E2BIG);
    }
    let mut arguments = T::new_zeroed();
    let mut reader = UserSlice::new(UserPtr::from_ptr(pointer.cast_mut()), size).reader();
    let known = size.min(size_of::<T>());
    reader.read_slice(arguments.as_mut_bytes().get_mut(..known).ok_or(EINVAL)?)?;
    while !reader.is_empty() {
        let mut byte = [0];
        reader.read_slice(&mut byte)?;
        if byte != [0] {
            return Err(E2BIG);
        }
    }
    Ok(arguments)
}

/// Writes a result struct, or as much of it as the caller knows.
pub(crate) fn write_result<T>(address: u64, size: u64, result: &T) -> Result
where
    T: zerocopy::IntoBytes + zerocopy::Immutable,
{
    if address == 0 {
        return Ok(());
    }
    let bytes = result.as_bytes();
    let size = usize::try_from(size)?.min(bytes.len());
    let pointer = UserPtr::from_addr(usize::try_from(address)?);
    UserSlice::new(pointer, size)
        .writer()
        .write_slice(bytes.get(..size).ok_or(EINVAL)?)
}

/// Writes bytes, all of them.
pub(crate) fn write_bytes(address: u64, bytes: &[u8]) -> Result {
    let pointer = UserPtr::from_addr(usize::try_from(address)?);
    UserSlice::new(pointer, bytes.len())
        .writer()
        .write_slice(bytes)
}

/// Reads bytes from the caller, as many as there are and no more memory than that.
pub(crate) fn read_bytes(address: u64, size: u64, most: u64) -> Result<KVVec<u8>> {
    if size > most {
        return Err(E2BIG);
    }
    let mut bytes = KVVec::new();
    let pointer = UserPtr::from_addr(usize::try_from(address)?);
    UserSlice::new(pointer, usize::try_from(size)?).read_all(&mut bytes, GFP_KERNEL_ACCOUNT)?;
    Ok(bytes)
}
