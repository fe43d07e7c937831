// SPDX-License-Identifier: GPL-2.0

//! Fact: files of procfs and cgroupfs that keep more than how far they were read are refused: what can be
//! waited for, what is open for writing, settings that have changed and nobody was told.
//!
//! Could break: they look like others that can be saved.

use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, same};

pub fn run() {
    let swaps = File::open("/proc/swaps").expect("open");
    let mut writing = File::options();
    let interrupts = writing.write(true).open("/proc/irq/default_smp_affinity");
    let setting = File::open("/proc/sys/kernel/domainname").expect("open");
    let mut name = [0u8; 65];
    // SAFETY: writes no more than that; then reads a string.
    let (got, set) = unsafe {
        (
            libc::getdomainname(name.as_mut_ptr().cast(), name.len()),
            libc::setdomainname(name.as_ptr().cast(), libc::strlen(name.as_ptr().cast())),
        )
    };
    same("domain names", &(0, 0), &(got, set));
    expect_refusal_of_fd("FileKind", swaps.as_raw_fd(), "swaps");
    expect_refusal_of_fd("FileKind", setting.as_raw_fd(), "domainname");
    if let Ok(file) = &interrupts {
        expect_refusal_of_fd("FileKind", file.as_raw_fd(), "affinity");
    }
    let pressure = File::open("/sys/fs/cgroup/cpu.pressure");
    if let Ok(file) = &pressure {
        expect_refusal_of_fd("FileKind", file.as_raw_fd(), "pressure");
    }
    checkpoint_here();
}
