// SPDX-License-Identifier: GPL-2.0

//! System calls that must succeed.

use std::io;

/// The error of the last call.
pub fn errno() -> i32 {
    io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// The result of a call that must not fail; the program ends if it did.
#[track_caller]
pub fn must<T: PartialOrd + From<i8>>(call: &str, result: T) -> T {
    if result < T::from(0) {
        fail(call);
    }
    result
}

/// A mapping that must be there.
#[track_caller]
pub fn must_ptr(call: &str, address: *mut libc::c_void) -> *mut u8 {
    if address == libc::MAP_FAILED {
        fail(call);
    }
    address.cast()
}

#[track_caller]
fn fail(call: &str) -> ! {
    panic!("{call}: {}", io::Error::last_os_error());
}

/// Reads entries of a directory, as many as there is room for; gives how many bytes they are.
pub fn entries(fd: i32, buffer: &mut [u8]) -> usize {
    let call = [fd as usize, buffer.as_mut_ptr() as usize, buffer.len()];
    must("getdents64", raw(libc::SYS_getdents64, &call)) as usize
}

/// A system call by number, with up to six arguments and no help from the C library.
pub fn raw(number: i64, arguments: &[usize]) -> i64 {
    let at = |index: usize| arguments.get(index).copied().unwrap_or(0);
    // SAFETY: the caller passes what this system call wants.
    unsafe { libc::syscall(number, at(0), at(1), at(2), at(3), at(4), at(5)) }
}

/// Bytes in a page.
pub fn page_size() -> usize {
    // SAFETY: takes no pointer.
    unsafe { libc::sysconf(libc::_SC_PAGESIZE) as usize }
}

/// What a file in /proc/self says.
#[track_caller]
pub fn proc_self(name: &str) -> Vec<u8> {
    let path = format!("/proc/self/{name}");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
