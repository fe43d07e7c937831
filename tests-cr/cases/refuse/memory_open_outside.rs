// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that the container has mapped and that a task outside has only open is refused, by that
//! task; if it is on its way to one, by that; if somebody has only found it, likewise.
//!
//! Could break: no table of the container leads to the open file, and nobody outside has it mapped.

use std::ffi::CStr;
use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::pipes::close;
use ckpt_support::unix::{pair, send_files};
use ckpt_support::{
    checkpoint_here, expect_refusal, file_with, memfd, must, outsider, page_size, Mapping,
};

pub fn run() {
    let [held, sent, found] = [c"held", c"sent", c"found"].map(filled);
    let removed = file_with("removed", &[7; 4096]);
    std::fs::remove_file("removed").expect("unlink");
    let path = format!("/proc/self/fd/{}\0", found.as_raw_fd());
    let path = CStr::from_bytes_with_nul(path.as_bytes()).expect("a path");
    // SAFETY: the path is a C string.
    let place = must("open", unsafe { libc::open(path.as_ptr(), libc::O_PATH) });
    let datagrams = pair(libc::SOCK_DGRAM);
    send_files(datagrams[0], b"x", &[sent.as_raw_fd()]).expect("send");
    let theirs = [held.as_raw_fd(), removed.as_raw_fd(), place, datagrams[1]];
    let pid = outsider(&theirs);
    // Afterwards: it would have it mapped too.
    let _memory = [&held, &sent, &found, &removed].map(shared);
    drop((held, sent, found, removed));
    close(&[place, datagrams[0], datagrams[1]]);
    for name in ["memfd:held", "memfd:found", "/removed"] {
        expect_refusal("StorageShared", name);
    }
    expect_refusal("StorageShared", &format!("{pid},"));
    for says in ["memfd:sent", "other-end,", &format!("{pid},")] {
        expect_refusal("FileInFlight", says);
    }
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}

fn filled(name: &CStr) -> File {
    let file = memfd(name, 0);
    file.set_len(page_size() as u64).expect("ftruncate");
    file
}

fn shared(file: &File) -> Mapping {
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    Mapping::of_file(file, page_size(), rights, libc::MAP_SHARED)
}
