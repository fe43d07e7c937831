// SPDX-License-Identifier: GPL-2.0

//! Fact: O_PATH descriptors of anything come back: symbolic links as such, directories to start
//! from, FIFOs, sockets, devices.
//!
//! Could break: opening some of them would wait, fail or do something; a link would be followed.

use std::fs::{self, File};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::{symlink, OpenOptionsExt};
use std::os::unix::net::UnixListener;
use std::path::Path;

use ckpt_support::{checkpoint_here, file_with, must, same};

fn path_only(name: &str, flags: i32) -> File {
    let mut options = File::options();
    options.read(true).custom_flags(libc::O_PATH | flags);
    options.open(name).expect(name)
}

/// Type, device, inode, and the flags.
fn seen(fd: RawFd) -> (u32, u64, u64, i32) {
    // SAFETY: fills one stat; fcntl takes no pointer.
    unsafe {
        let mut stat: libc::stat = std::mem::zeroed();
        must("fstat", libc::fstat(fd, &mut stat));
        let flags = must("F_GETFL", libc::fcntl(fd, libc::F_GETFL));
        (stat.st_mode, stat.st_rdev, stat.st_ino, flags)
    }
}

pub fn run() {
    fs::create_dir("directory").expect("mkdir");
    drop(file_with("directory/inside", b"inside"));
    symlink("nowhere/at/all", "dangling").expect("symlink");
    symlink("directory", "link").expect("symlink");
    // SAFETY: C strings.
    unsafe {
        must("mkfifo", libc::mkfifo(c"fifo".as_ptr(), 0o600));
        let null = libc::makedev(1, 3);
        let mode = libc::S_IFCHR | 0o600;
        must("mknod", libc::mknod(c"device".as_ptr(), mode, null));
        let block = libc::S_IFBLK | 0o600;
        must("mknod", libc::mknod(c"disk".as_ptr(), block, libc::makedev(7, 0)));
    }
    drop(UnixListener::bind("socket").expect("bind"));
    let all = [
        path_only("dangling", libc::O_NOFOLLOW),
        path_only("link", libc::O_NOFOLLOW),
        path_only("link", 0),
        path_only("directory", libc::O_DIRECTORY),
        path_only("fifo", 0),
        path_only("device", 0),
        path_only("disk", 0),
        path_only("socket", 0),
        path_only("/proc/self", libc::O_NOFOLLOW),
        path_only("/dev/kmsg", 0),
    ];
    let look = || all.each_ref().map(|file| seen(file.as_raw_fd()));
    let before = look();

    checkpoint_here();

    same("what they are", &before, &look());
    let mut target = [0u8; 64];
    // SAFETY: an empty name means the link itself; the buffer has that size. The others take paths.
    unsafe {
        let dangling = all[0].as_raw_fd();
        let buffer = target.as_mut_ptr().cast();
        let length = libc::readlinkat(dangling, c"".as_ptr(), buffer, target.len());
        let length = must("readlinkat", length) as usize;
        let found = String::from_utf8_lossy(&target[..length]).into_owned();
        same("target", &"nowhere/at/all".to_owned(), &found);
        let directory = all[3].as_raw_fd();
        let inside = libc::openat(directory, c"inside".as_ptr(), libc::O_RDONLY);
        must("openat", inside);
        must("fchdir", libc::fchdir(directory));
    }
    same("after fchdir", &true, &Path::new("inside").exists());
}
