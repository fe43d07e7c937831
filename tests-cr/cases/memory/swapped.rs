// SPDX-License-Identifier: GPL-2.0

//! Fact: pages that are in swap come back, also where nothing may be read.
//!
//! Could break: they are not in memory when the checkpoint looks.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use ckpt_support::{anonymous, check, checkpoint_here, errno, must, page_size, Mapping};

const PAGES: usize = 1500;

fn pattern(page: usize) -> u8 {
    (page % 251) as u8 + 1
}

/// A swap area on a loop device; gives the name of the device.
fn swap_on() -> String {
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
            let number = must("a loop device", libc::ioctl(control.as_raw_fd(), LOOP_CTL_GET_FREE));
            let name = format!("/dev/loop{number}");
            let device = File::options().read(true).write(true).open(&name).expect("a loop device");
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

fn swap_off(name: &str) {
    const LOOP_CLR_FD: u64 = 0x4c01;
    let path = std::ffi::CString::new(name).expect("a path");
    // After a reboot neither is there.
    // SAFETY: take no pointer but a path.
    unsafe {
        libc::swapoff(path.as_ptr());
        if let Ok(device) = File::open(name) {
            libc::ioctl(device.as_raw_fd(), LOOP_CLR_FD);
        }
    }
}

fn swapped(memory: &Mapping) -> usize {
    let map = File::open("/proc/self/pagemap").expect("pagemap");
    let mut entries = vec![0u8; memory.pages() * 8];
    let at = memory.page_address(0) / page_size() * 8;
    map.read_exact_at(&mut entries, at as u64).expect("entries");
    entries.chunks(8).filter(|entry| entry[7] & 0x40 != 0).count()
}

pub fn run() {
    let swap = swap_on();
    let memory = anonymous(PAGES * page_size());
    for page in 0..PAGES {
        memory.page(page).fill(pattern(page));
    }
    // Another run may take its swap area away, and bring back what of ours is in there.
    for _ in 0..20 {
        memory.advise(0, PAGES, libc::MADV_PAGEOUT);
        if swapped(&memory) > PAGES / 2 {
            break;
        }
    }
    check(swapped(&memory) > PAGES / 2, "nothing was swapped out");
    memory.protect(700, 300, libc::PROT_NONE);
    checkpoint_here();
    memory.protect(700, 300, libc::PROT_READ | libc::PROT_WRITE);
    for page in 0..PAGES {
        let right = memory.page(page).iter().all(|&byte| byte == pattern(page));
        check(right, &format!("page {page} differs"));
    }
    swap_off(&swap);
}
