// SPDX-License-Identifier: GPL-2.0

//! Fact: what flock has locked is locked, shared or not, of files of all kinds: by path, removed, in
//! memory, on tmpfs, directories, FIFOs; through copies of a descriptor; and of a file that is only
//! mapped any more.
//!
//! Could break: others get the lock, or the open file comes back as another one and does not have it.

use std::ffi::CString;
use std::os::fd::{AsRawFd, RawFd};

use ckpt_support::pipes::{mkfifo, pipe};
use ckpt_support::{check, checkpoint_here, memfd, must, must_ptr, page_size, same};
use libc::{LOCK_EX, LOCK_SH, LOCK_UN, O_CREAT, O_RDONLY, O_RDWR, O_TMPFILE};

use super::locking::{flock, open, shown};

/// Another open file of the same inode.
fn again(fd: RawFd) -> RawFd {
    let path = CString::new(format!("/proc/self/fd/{fd}")).expect("a path");
    // SAFETY: the path is a C string.
    must("open", unsafe { libc::open(path.as_ptr(), O_RDONLY) })
}

pub fn run() {
    let memory = memfd(c"locked", 0);
    std::fs::create_dir("directory").expect("a directory");
    let removed = open("removed", O_RDWR);
    std::fs::remove_file("removed").expect("unlink");
    mkfifo(c"fifo", 0o600);
    // Others run this too.
    let in_memory = format!("/dev/shm/locked-{}", std::process::id());
    let in_memory = CString::new(in_memory).expect("a path");
    // SAFETY: paths are C strings.
    let (nameless, directory, volatile, fifo) = unsafe {
        (
            must("open", libc::open(c".".as_ptr(), O_TMPFILE | O_RDWR, 0o600)),
            must("open", libc::open(c"directory".as_ptr(), O_RDONLY)),
            must("open", libc::open(in_memory.as_ptr(), O_CREAT | O_RDWR, 0o600)),
            must("open", libc::open(c"fifo".as_ptr(), O_RDWR)),
        )
    };
    let exclusive = [
        open("exclusive", O_RDWR),
        open("read", O_RDONLY),
        memory.as_raw_fd(),
        removed,
        nameless,
        directory,
        volatile,
        fifo,
        pipe(0)[0],
    ];
    for fd in exclusive {
        check(flock(fd, LOCK_EX), "not locked at first");
    }
    let sharers = [open("shared", O_RDWR), open("shared", O_RDONLY)];
    for fd in sharers {
        check(flock(fd, LOCK_SH), "not shared at first");
    }
    // Of two descriptors of one open file, either lets go.
    let released = open("released", O_RDWR);
    check(flock(released, LOCK_EX), "not locked at first");
    // SAFETY: takes no pointer.
    let copy = must("dup", unsafe { libc::dup(released) });
    // The lock lives as long as the open file does.
    let mapped = open("mapped", O_RDWR);
    check(flock(mapped, LOCK_EX), "not locked at first");
    // SAFETY: a new mapping, and a descriptor that is ours.
    let address = unsafe {
        must("ftruncate", libc::ftruncate(mapped, 4096));
        let kind = libc::MAP_SHARED;
        let none = std::ptr::null_mut();
        let memory = libc::mmap(none, page_size(), libc::PROT_READ, kind, mapped, 0);
        libc::close(mapped);
        must_ptr("mmap", memory)
    };
    let before = exclusive.map(shown);
    check(before.iter().all(|lines| lines.len() == 1), "nothing is shown");

    checkpoint_here();

    same("what is shown", &before, &exclusive.map(shown));
    for (index, fd) in exclusive.into_iter().enumerate() {
        let other = again(fd);
        check(!flock(other, LOCK_SH), &format!("{index}: others get it"));
        check(flock(fd, LOCK_EX), &format!("{index}: it is not ours"));
        check(flock(fd, LOCK_UN), "unlock");
        check(flock(other, LOCK_EX), &format!("{index}: it is still locked"));
    }
    let third = open("shared", O_RDONLY);
    check(flock(third, LOCK_SH), "not shared");
    check(!flock(third, LOCK_EX), "shared by nobody");
    for fd in sharers {
        check(flock(fd, LOCK_UN), "unlock");
    }
    check(flock(third, LOCK_EX), "shared by others");
    let other = open("released", O_RDWR);
    check(!flock(other, LOCK_EX), "two descriptors: not locked");
    check(flock(copy, LOCK_UN), "unlock");
    check(flock(other, LOCK_EX), "two descriptors: still locked");
    let other = open("mapped", O_RDWR);
    check(!flock(other, LOCK_EX), "mapped: not locked");
    // SAFETY: nobody uses it.
    must("munmap", unsafe { libc::munmap(address.cast(), page_size()) });
    check(flock(other, LOCK_EX), "mapped: still locked");
    // SAFETY: the path is a C string.
    must("unlink", unsafe { libc::unlink(in_memory.as_ptr()) });
}
