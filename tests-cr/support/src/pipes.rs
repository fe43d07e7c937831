// SPDX-License-Identifier: GPL-2.0

//! Pipes, and what can be seen of them.

use std::ffi::CStr;
use std::os::fd::RawFd;

use crate::sys::{errno, must};

/// A pipe: the end to read from, and the one to write to.
pub fn pipe(flags: i32) -> [RawFd; 2] {
    let mut ends = [0; 2];
    // SAFETY: two numbers, as wanted.
    must("pipe2", unsafe { libc::pipe2(ends.as_mut_ptr(), flags) });
    ends
}

/// Another open file of the pipe behind a descriptor.
pub fn again(fd: RawFd, flags: i32) -> RawFd {
    let path = std::ffi::CString::new(format!("/proc/self/fd/{fd}")).expect("a path");
    open(&path, flags)
}

/// Opens a FIFO.
pub fn open(path: &CStr, flags: i32) -> RawFd {
    // SAFETY: the path is a C string.
    must("open", unsafe { libc::open(path.as_ptr(), flags) })
}

/// A FIFO that was not there.
pub fn mkfifo(path: &CStr, mode: u32) {
    // SAFETY: the path is a C string.
    unsafe {
        libc::unlink(path.as_ptr());
        must("mkfifo", libc::mkfifo(path.as_ptr(), mode));
    }
}

/// Closes descriptors.
pub fn close(fds: &[RawFd]) {
    for &fd in fds {
        // SAFETY: takes no pointer.
        must("close", unsafe { libc::close(fd) });
    }
}

/// Writes once; the number of bytes, or the error.
pub fn write(fd: RawFd, bytes: &[u8]) -> Result<usize, i32> {
    // SAFETY: reads the slice.
    let wrote = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
    usize::try_from(wrote).map_err(|_| errno())
}

/// Reads once; the bytes, or the error.
pub fn read(fd: RawFd, size: usize) -> Result<Vec<u8>, i32> {
    let mut bytes = vec![0; size];
    // SAFETY: fills the buffer.
    let got = unsafe { libc::read(fd, bytes.as_mut_ptr().cast(), size) };
    bytes.truncate(usize::try_from(got).map_err(|_| errno())?);
    Ok(bytes)
}

/// Bytes that are different wherever one looks.
pub fn pattern(length: usize, seed: u8) -> Vec<u8> {
    let mixed = |index: usize| (index / 251) as u8 ^ (index % 251) as u8 ^ seed;
    (0..length).map(mixed).collect()
}

/// Status flags, as F_GETFL gives them.
pub fn flags(fd: RawFd) -> i32 {
    // SAFETY: takes no pointer.
    must("F_GETFL", unsafe { libc::fcntl(fd, libc::F_GETFL) })
}

/// Sets status flags.
pub fn set_flags(fd: RawFd, flags: i32) {
    // SAFETY: takes no pointer.
    must("F_SETFL", unsafe { libc::fcntl(fd, libc::F_SETFL, flags) });
}

/// Room for so many bytes.
pub fn room(fd: RawFd) -> i32 {
    // SAFETY: takes no pointer.
    must("F_GETPIPE_SZ", unsafe {
        libc::fcntl(fd, libc::F_GETPIPE_SZ)
    })
}

/// Changes the room; how much there is then, or the error.
pub fn set_room(fd: RawFd, bytes: usize) -> Result<i32, i32> {
    // SAFETY: takes no pointer.
    match unsafe { libc::fcntl(fd, libc::F_SETPIPE_SZ, bytes as i32) } {
        -1 => Err(errno()),
        room => Ok(room),
    }
}

/// Bytes in it.
pub fn waiting(fd: RawFd) -> i32 {
    let mut bytes = 0;
    // SAFETY: fills one number.
    must("FIONREAD", unsafe {
        libc::ioctl(fd, libc::FIONREAD, &raw mut bytes)
    });
    bytes
}

/// What poll says at once.
pub fn events(fd: RawFd) -> i16 {
    let mut one = libc::pollfd {
        fd,
        events: libc::POLLIN | libc::POLLOUT,
        revents: 0,
    };
    // SAFETY: one pollfd.
    must("poll", unsafe { libc::poll(&mut one, 1, 0) });
    one.revents
}

/// How many single bytes go into it until it is full, without waiting.
pub fn fill_up(fd: RawFd) -> usize {
    let before = flags(fd);
    set_flags(fd, before | libc::O_NONBLOCK);
    let mut count = 0;
    while write(fd, b".") == Ok(1) {
        count += 1;
    }
    set_flags(fd, before);
    count
}

/// Everything that is in it, and how each read cut it.
pub fn drain(fd: RawFd, size: usize) -> (Vec<u8>, Vec<usize>) {
    let before = flags(fd);
    set_flags(fd, before | libc::O_NONBLOCK);
    let (mut all, mut cuts) = (Vec::new(), Vec::new());
    while let Ok(bytes) = read(fd, size) {
        if bytes.is_empty() {
            break;
        }
        cuts.push(bytes.len());
        all.extend(bytes);
    }
    set_flags(fd, before);
    (all, cuts)
}

/// Are both of the same pipe?
pub fn are_one(one: RawFd, other: RawFd) -> bool {
    let identity = |fd| {
        // SAFETY: fills one struct, for which zeros are a value.
        let stat = unsafe {
            let mut stat: libc::stat = std::mem::zeroed();
            must("fstat", libc::fstat(fd, &mut stat));
            stat
        };
        (stat.st_dev, stat.st_ino)
    };
    identity(one) == identity(other)
}

/// Is RWF_NOWAIT understood? Only by the two files that pipe(2) makes. Moves one byte, if it can.
pub fn knows_nowait(fd: RawFd) -> bool {
    let mut byte = 0u8;
    let one = libc::iovec {
        iov_base: (&raw mut byte).cast(),
        iov_len: 1,
    };
    // SAFETY: one byte from one byte, or into it.
    let moved = unsafe {
        match flags(fd) & libc::O_ACCMODE {
            libc::O_WRONLY => libc::pwritev2(fd, &one, 1, -1, libc::RWF_NOWAIT),
            _ => libc::preadv2(fd, &one, 1, -1, libc::RWF_NOWAIT),
        }
    };
    moved >= 0 || errno() == libc::EAGAIN
}
