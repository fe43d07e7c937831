// SPDX-License-Identifier: GPL-2.0

//! Fact: a task stopped inside a restartable sequence is sent to its abort handler, and the
//! registration with the kernel goes on working.
//!
//! Could break: the ids in the user's rseq area must agree with what the kernel remembers (it kills
//! the task otherwise), and a critical section that is not aborted would go on with stale data.

use ckpt_support::{check, not_run, ready, was_checkpointed, GoFlag};

extern "C" {
    static __rseq_offset: isize;
    static __rseq_size: u32;
    /// Spins inside a critical section until `*go` is `1` (returns 1) or it is aborted
    /// (returns 0). `slot` is the field rseq_cs of the area.
    fn ckpt_rseq_section(go: *const u8, slot: *mut u64) -> u64;
}

// The signature that glibc registers stands in front of the abort handler.
std::arch::global_asm!(
    ".pushsection .data.rel.ro, \"aw\"",
    ".balign 32",
    "ckpt_rseq_descriptor:",
    ".long 0, 0",
    ".quad 2f, 3f - 2f, 4f",
    ".popsection",
    ".global ckpt_rseq_section",
    "ckpt_rseq_section:",
    "lea rax, [rip + ckpt_rseq_descriptor]",
    "mov [rsi], rax",
    "2: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 2b",
    "mov eax, 1",
    "3: ret",
    ".byte 0x0f, 0xb9, 0x3d",
    ".long 0x53053053",
    "4: xor eax, eax",
    "ret",
);

/// The area that glibc registered: `rseq_cs` is at 8, `cpu_id` at 4.
fn area() -> *mut u8 {
    let thread: *mut u8;
    // SAFETY: the first word behind fs is the thread pointer itself.
    unsafe {
        std::arch::asm!("mov {}, fs:[0]", out(reg) thread);
        thread.offset(__rseq_offset)
    }
}

pub fn run() {
    // SAFETY: set by the C library before main.
    if unsafe { __rseq_size } == 0 {
        not_run("the C library registered no rseq area");
    }
    let go = GoFlag::map();
    // SAFETY: inside the area.
    let slot = unsafe { area().add(8) }.cast::<u64>();
    let mut aborts = 0u64;
    ready();
    // SAFETY: follows the C calling convention; the kernel clears the slot on an abort.
    while unsafe { ckpt_rseq_section(go.address(), slot) } == 0 {
        aborts += 1;
        // SAFETY: as above.
        if unsafe { slot.read_volatile() } != 0 {
            return check(false, "aborted, but rseq_cs was not cleared");
        }
    }
    // SAFETY: as above; nobody is in the section any more.
    unsafe { slot.write_volatile(0) };
    check(
        aborts > 0 || !was_checkpointed(),
        "frozen inside the section, and not aborted",
    );

    let agree = (0..100).any(|_| {
        // SAFETY: inside the area.
        let cpu = unsafe { area().add(4).cast::<i32>().read_volatile() };
        let mut now = 0u32;
        // SAFETY: writes one number; asks the kernel, not the area.
        unsafe { libc::syscall(libc::SYS_getcpu, &raw mut now, 0, 0) };
        cpu == now as i32
    });
    check(
        agree,
        "cpu_id in the rseq area is not the CPU that the task runs on",
    );
}
