// SPDX-License-Identifier: GPL-2.0

//! Fact: an open file that is on its way to a task outside is refused, by that task, also while that
//! task reads the message into memory that never comes (userfaultfd).
//!
//! Could break: who reads holds a lock of his socket meanwhile, and whoever waits for it waits for ever.

use std::os::fd::{AsRawFd, RawFd};

use ckpt_support::pipes::close;
use ckpt_support::unix::{pair, send_files};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, must, must_ptr, page_size, raw};

const UFFDIO_API: usize = 0xc018_aa3f;
const UFFDIO_REGISTER: usize = 0xc020_aa00;
const UFFDIO_REGISTER_MODE_MISSING: u64 = 1;

/// A page that nobody provides.
fn missing_page() -> *mut u8 {
    let faults = must("userfaultfd", raw(libc::SYS_userfaultfd, &[0])) as usize;
    let size = page_size();
    let (rights, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping.
    let page = must_ptr("mmap", unsafe {
        libc::mmap(std::ptr::null_mut(), size, rights, flags, -1, 0)
    });
    let mut api = [0xaa_u64, 0, 0];
    let mut range = [page as u64, size as u64, UFFDIO_REGISTER_MODE_MISSING, 0];
    for (request, argument) in [(UFFDIO_API, api.as_mut_ptr()), (UFFDIO_REGISTER, range.as_mut_ptr())] {
        must("ioctl", raw(libc::SYS_ioctl, &[faults, request, argument as usize]));
    }
    page
}

/// A grandchild outside of the cgroup that reads from a socket, and does not come to an end; gives its pid.
fn slow_reader(socket: RawFd) -> i32 {
    // SAFETY: single-threaded; the children only make system calls, and read into a page of theirs.
    unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            if libc::fork() == 0 {
                let moved = std::fs::write("/sys/fs/cgroup/cgroup.procs", "0");
                for other in (0..20).filter(|other| *other != socket) {
                    libc::close(other);
                }
                libc::prctl(libc::PR_SET_NAME, c"slow-reader".as_ptr());
                let page = missing_page();
                if moved.is_ok() {
                    std::fs::write("reader", libc::getpid().to_string()).expect("write");
                }
                libc::recv(socket, page.cast(), 1, 0);
            }
            libc::_exit(0);
        }
        libc::waitpid(child, std::ptr::null_mut(), 0);
    }
    loop {
        let text = std::fs::read_to_string("reader").unwrap_or_default();
        if let Ok(pid) = text.parse() {
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("stat");
            if state.contains(") S") || state.contains(") D") {
                return pid;
            }
        }
        std::thread::yield_now();
    }
}

pub fn run() {
    let file = file_with("shared", b"content");
    let stream = pair(libc::SOCK_STREAM);
    send_files(stream[0], b"x", &[file.as_raw_fd()]).expect("send");
    let reader = slow_reader(stream[1]);
    close(&stream);
    expect_refusal_of_fd("FileInFlight", file.as_raw_fd(), "slow-reader");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(reader, libc::SIGKILL) });
}
