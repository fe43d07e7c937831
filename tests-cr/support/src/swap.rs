// SPDX-License-Identifier: GPL-2.0

//! Somewhere to swap to.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use crate::{errno, must, page_size};

/// A swap area on a loop device; gives the name of the device.
pub fn on() -> String {
    const LOOP_CTL_GET_FREE: u64 = 0x4c82;
    const LOOP_SET_FD: u64 = 0x4c00;
    let size = 16 << 20;
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open("swap")
        .expect("swap");
    file.set_len(size).expect("room");
    let mut header = vec![0u8; page_size()];
    header[1024] = 1;
    let last = (size / page_size() as u64 - 1) as u32;
    header[1028..1032].copy_from_slice(&last.to_le_bytes());
    header[page_size() - 10..].copy_from_slice(b"SWAPSPACE2");
    file.write_all_at(&header, 0).expect("a header");
    let control = File::options()
        .read(true)
        .write(true)
        .open("/dev/loop-control")
        .expect("/dev/loop-control");
    // SAFETY: take no pointer but a path.
    unsafe {
        let (name, _device) = loop {
            let number = must(
                "a loop device",
                libc::ioctl(control.as_raw_fd(), LOOP_CTL_GET_FREE),
            );
            let name = format!("/dev/loop{number}");
            let device = File::options()
                .read(true)
                .write(true)
                .open(&name)
                .expect("a loop device");
            match libc::ioctl(device.as_raw_fd(), LOOP_SET_FD, file.as_raw_fd()) {
                0 => break (name, device),
                // Another run of this program was faster.
                _ if errno() == libc::EBUSY => continue,
                _ => panic!("LOOP_SET_FD: {}", std::io::Error::last_os_error()),
            }
        };
        let path = std::ffi::CString::new(name.clone()).expect("a path");
        must("swapon", libc::swapon(path.as_ptr(), 0));
        name
    }
}

/// Is our file behind the device? After a reboot it may be that of another program.
fn is_ours(name: &str) -> bool {
    let device = name.trim_start_matches("/dev/");
    let behind = std::fs::read_to_string(format!("/sys/block/{device}/loop/backing_file"));
    let own = std::env::current_dir().expect("a directory").join("swap");
    behind.is_ok_and(|behind| own.to_str() == Some(behind.trim_end()))
}

/// Gives it up again.
pub fn off(name: &str) {
    const LOOP_CLR_FD: u64 = 0x4c01;
    if !is_ours(name) {
        return;
    }
    let path = std::ffi::CString::new(name).expect("a path");
    // SAFETY: take no pointer but a path.
    unsafe {
        libc::swapoff(path.as_ptr());
        if let Ok(device) = File::open(name) {
            libc::ioctl(device.as_raw_fd(), LOOP_CLR_FD);
        }
    }
}
