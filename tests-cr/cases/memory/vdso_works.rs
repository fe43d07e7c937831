// SPDX-License-Identifier: GPL-2.0

//! Fact: calls through the vdso work after a restart, without entering the kernel's clock calls.
//!
//! Could break: the vdso is kernel code in user memory, with data pages of its own beside it; both
//! must be the running kernel's, at the old address, and the time namespace's page must fit.

use ckpt_support::{check, checkpoint_here, same};

fn clock(call: impl Fn(*mut libc::timespec) -> i64) -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    same("result of clock_gettime", &0, &call(&mut time));
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// By the vdso, if the C library finds it.
fn fast(id: i32) -> i64 {
    // SAFETY: writes one timespec.
    clock(|time| unsafe { i64::from(libc::clock_gettime(id, time)) })
}

fn by_kernel(id: i32) -> i64 {
    clock(|time| ckpt_support::raw(libc::SYS_clock_gettime, &[id as usize, time as usize]))
}

fn vdso() -> usize {
    // SAFETY: reads the auxiliary vector.
    unsafe { libc::getauxval(libc::AT_SYSINFO_EHDR) as usize }
}

fn vdso_areas() -> Vec<String> {
    let maps = String::from_utf8(ckpt_support::proc_self("maps")).expect("text");
    maps.lines()
        .filter(|line| line.contains("[v"))
        .map(str::to_string)
        .collect()
}

pub fn run() {
    let before = (vdso(), vdso_areas());
    check(before.0 != 0, "there is no vdso");
    checkpoint_here();
    same("vdso", &before, &(vdso(), vdso_areas()));
    // SAFETY: the vdso is an ELF image.
    let magic = unsafe { (before.0 as *const [u8; 4]).read_volatile() };
    same("magic of the vdso", b"\x7fELF", &magic);
    for id in [
        libc::CLOCK_REALTIME,
        libc::CLOCK_MONOTONIC,
        libc::CLOCK_BOOTTIME,
    ] {
        let (first, between, last) = (by_kernel(id), fast(id), by_kernel(id));
        check(
            first <= between && between <= last,
            &format!("clock {id}: kernel {first}, vdso {between}, kernel {last}"),
        );
    }
}
