// SPDX-License-Identifier: GPL-2.0

//! Fact: the rseq area that the C library registered is still registered: the kernel keeps the
//! CPU number in it current.
//!
//! Could break: the registration is the kernel's; the memory alone comes back stale.

use ckpt_support::{check, checkpoint_here, errno, not_run, raw, same};

extern "C" {
    static __rseq_offset: isize;
    static __rseq_size: u32;
}

const SIGNATURE: usize = 0x5305_3053;

fn area() -> usize {
    let thread: usize;
    // SAFETY: the first word behind fs is the thread pointer itself.
    unsafe {
        std::arch::asm!("mov {}, fs:[0]", out(reg) thread);
        thread.wrapping_add_signed(__rseq_offset)
    }
}

/// The CPU by the area, and by the kernel.
fn cpus() -> (u32, u32) {
    let mut cpu = 0u32;
    raw(libc::SYS_getcpu, &[&raw mut cpu as usize, 0, 0]);
    // SAFETY: inside the area.
    (unsafe { ((area() + 4) as *const u32).read_volatile() }, cpu)
}

pub fn run() {
    // SAFETY: set by the C library before main.
    if unsafe { __rseq_size } == 0 {
        not_run("the C library registered no rseq area");
    }
    checkpoint_here();
    // On each CPU in turn; a second look, should the program be moved in between.
    for cpu in [0u8, 1, 0] {
        let mask = [1u8 << cpu, 0, 0, 0, 0, 0, 0, 0];
        raw(
            libc::SYS_sched_setaffinity,
            &[0, mask.len(), mask.as_ptr() as usize],
        );
        let (by_area, by_kernel) = (0..10)
            .map(|_| cpus())
            .find(|c| c.0 == c.1)
            .unwrap_or(cpus());
        same("CPU", &by_kernel, &by_area);
        same("CPU", &u32::from(cpu), &by_area);
    }
    // A second registration is refused as long as there is one.
    let mut other = [0u64; 64];
    let start = (other.as_mut_ptr() as usize + 63) & !63;
    let result = raw(libc::SYS_rseq, &[start, 32, 0, SIGNATURE]);
    check(
        result == -1 && errno() != libc::ENOSYS,
        "rseq can be registered a second time",
    );
}
