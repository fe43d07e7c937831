// SPDX-License-Identifier: GPL-2.0

//! Fact: a container that serves a file system (FUSE) is refused, by the descriptor of the server, and
//! nobody waits for answers that it could not give while it is frozen.
//!
//! Could break: looking at a file that it serves asks it, and hangs.

use std::ffi::CString;
use std::fs::{self, File};

use ckpt_support::pipes::{close, open, read, write};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, same};

const FUSE_INIT: u32 = 26;
const FUSE_FORGET: u32 = 2;
const FUSE_GETATTR: u32 = 3;
const ENOSYS: i32 = 38;

/// Answers until the file system is gone.
fn serve(fd: i32) {
    while let Ok(request) = read(fd, 1 << 17) {
        let word = |at: usize| u32::from_ne_bytes(request[at..][..4].try_into().expect("four"));
        let unique = &request[8..16];
        let answer = |error: i32, body: &[u8]| {
            let mut all = Vec::new();
            all.extend((16 + body.len() as u32).to_ne_bytes());
            all.extend((-error).to_ne_bytes());
            all.extend(unique);
            all.extend(body);
            let _ = write(fd, &all);
        };
        match word(4) {
            FUSE_INIT => {
                let mut body = [0u8; 64];
                body[0] = 7;
                body[4] = 31;
                // Longest write.
                body[20..24].copy_from_slice(&4096u32.to_ne_bytes());
                answer(0, &body);
            }
            FUSE_GETATTR => {
                let mut body = [0u8; 104];
                // Number one, of a regular file with one name; valid for no time.
                body[16] = 1;
                body[16 + 60..][..4].copy_from_slice(&0o100_644u32.to_ne_bytes());
                body[16 + 64] = 1;
                answer(0, &body);
            }
            FUSE_FORGET => (),
            _ => answer(ENOSYS, &[]),
        }
    }
}

pub fn run() {
    fs::write("served", b"").expect("a file");
    let fd = open(c"/dev/fuse", libc::O_RDWR | libc::O_CLOEXEC);
    let options = CString::new(format!("fd={fd},rootmode=0100000,user_id=0,group_id=0")).expect("text");
    // SAFETY: all are C strings.
    must("mount", unsafe {
        let (kind, options) = (c"fuse".as_ptr(), options.as_ptr().cast());
        libc::mount(kind, c"served".as_ptr(), kind, 0, options)
    });
    // SAFETY: one thread.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        serve(fd);
        // SAFETY: ends.
        unsafe { libc::_exit(0) };
    }
    close(&[fd]);
    let file = File::open("served").expect("open");
    expect_refusal_of_fd("FileKind", fd, "fuse");
    checkpoint_here();
    same("its size", &0, &file.metadata().expect("metadata").len());
    drop(file);
    // SAFETY: the path is a C string; the child is ours.
    unsafe {
        must("umount2", libc::umount2(c"served".as_ptr(), libc::MNT_DETACH));
        libc::kill(child, libc::SIGKILL);
        libc::waitpid(child, std::ptr::null_mut(), 0);
    }
}

