// SPDX-License-Identifier: GPL-2.0

//! Fact: registers that no program could have are refused or lost, and never reach the CPU: segments
//! of the kernel, flags of its own, addresses that are none, extended state that would fault.

use ckpt_format::reason::Reason::{ImageReference, ImageValue, RegistersRefused, StateNotRestored};
use ckpt_format::Kind::{ExtendedStateX86, InterruptedSyscall, LocalDescriptors, RegistersX86_64, SignalActions, Thread};

use super::hostile::{each, row, try_all, Expect, Row};
use super::stage::Stage;
use crate::edit::Change::{Add, Both, Dropped, InTail, Set, With};
use crate::edit::{element, field, Place};
use crate::verdict::Step;

use Expect::{Ends, Loses, Refused, Stands};

const fn register(index: usize) -> Place {
    element("registers", index, 8)
}

const RAX: Place = register(10);
const ORIG_RAX: Place = register(15);
const RIP: Place = register(16);
const CS: Place = register(17);
const FLAGS: Place = register(18);
const RSP: Place = register(19);
const SS: Place = register(20);
const FS_BASE: Place = register(21);
const GS_BASE: Place = register(22);
const DS: Place = register(23);
const FS: Place = register(25);

/// The first TLS segment: its place in the table, base, limit, flags.
const fn tls(part: usize) -> Place {
    Place {
        field: "tls",
        at: part * 4,
        width: 4,
    }
}

/// Offsets in what XSAVE makes: the header behind the legacy area.
const MXCSR: usize = 24;
const FEATURES: usize = 512;
const COMPACTION: usize = 520;
const RESERVED: usize = 528;

/// IF and the bit that is always set are the kernel's to set, whatever the image says.
const ROWS: &[Row] = &[
    row("code of the kernel", &[each(RegistersX86_64, Set(CS, 0x10))], Refused(RegistersRefused, "segment")),
    row("no code segment", &[each(RegistersX86_64, Set(CS, 0))], Refused(RegistersRefused, "segment")),
    row("stack of the kernel", &[each(RegistersX86_64, Set(SS, 0x18))], Refused(RegistersRefused, "segment")),
    row("no stack segment", &[each(RegistersX86_64, Set(SS, 0))], Refused(RegistersRefused, "segment")),
    row("data of the kernel", &[each(RegistersX86_64, Set(DS, 0x18))], Refused(RegistersRefused, "segment")),
    row("a segment of the CPU's own", &[each(RegistersX86_64, Set(FS, 0x78 & !3))], Refused(RegistersRefused, "segment")),
    row("a selector of more than 16 bits", &[each(RegistersX86_64, Set(CS, 0x1_0033))], Refused(ImageValue, "registers")),
    row("code in the local table that is not there", &[each(RegistersX86_64, Set(CS, 0x0f))], Ends),
    row("a base in the kernel", &[each(RegistersX86_64, Set(FS_BASE, 0xffff_8000_0000_0000))], Refused(RegistersRefused, "base")),
    row("a base that is no address", &[each(RegistersX86_64, Set(GS_BASE, 1 << 60))], Refused(RegistersRefused, "base")),
    row("IOPL", &[each(RegistersX86_64, With(FLAGS, 3 << 12))], Refused(ImageValue, "registers")),
    row("virtual 8086 mode", &[each(RegistersX86_64, With(FLAGS, 1 << 17))], Refused(ImageValue, "registers")),
    row("virtual interrupts", &[each(RegistersX86_64, With(FLAGS, 3 << 19))], Refused(ImageValue, "registers")),
    row("flags above the 32nd", &[each(RegistersX86_64, With(FLAGS, 1 << 40))], Refused(ImageValue, "registers")),
    row("interrupts off", &[each(RegistersX86_64, Set(FLAGS, 2))], Stands("status", "State:")),
    row("NT", &[each(RegistersX86_64, With(FLAGS, 1 << 14))], Stands("status", "State:")),
    row("TF", &[each(RegistersX86_64, With(FLAGS, 1 << 8))], Ends),
    row("code that is not mapped", &[each(RegistersX86_64, Both(&[Set(RIP, 0x10_0000), Set(ORIG_RAX, u64::MAX)]))], Ends),
    row("code that is no address", &[each(RegistersX86_64, Both(&[Set(RIP, 1 << 63), Set(ORIG_RAX, u64::MAX)]))], Ends),
    row("code at the end of all", &[each(RegistersX86_64, Both(&[Set(RIP, 0x7fff_ffff_ffff), Set(ORIG_RAX, u64::MAX)]))], Ends),
    row("code of the kernel's addresses", &[each(RegistersX86_64, Both(&[Set(RIP, 0xffff_ffff_8100_0000), Set(ORIG_RAX, u64::MAX)]))], Ends),
    row("a stack that is no address", &[each(RegistersX86_64, Set(RSP, 1 << 62))], Stands("status", "State:")),
    row("another system call", &[each(RegistersX86_64, Both(&[Set(ORIG_RAX, 60), Set(RAX, -512_i64 as u64)]))], Ends),
    row("a number that is no system call", &[each(RegistersX86_64, Both(&[Set(ORIG_RAX, 1 << 40), Set(RAX, -513_i64 as u64)]))], Stands("status", "State:")),
    row("a call that goes on, and nothing says how", &[each(InterruptedSyscall, Dropped), each(RegistersX86_64, Both(&[Set(ORIG_RAX, 35), Set(RAX, -516_i64 as u64)]))], Stands("status", "State:")),
    row("a 32-bit call in 64-bit code", &[each(RegistersX86_64, With(field("flags"), 4))], Stands("status", "State:")),
    row("a TLS segment that says it is elsewhere", &[each(RegistersX86_64, Both(&[Set(tls(0), 2), Set(tls(2), 1), Set(tls(3), 0x51)]))], Stands("status", "State:")),
    row("TLS code of 16 bits", &[each(RegistersX86_64, Both(&[Set(tls(0), 12), Set(tls(2), 1), Set(tls(3), 0x44)]))], Refused(RegistersRefused, "TLS")),
    row("a call gate in the local table", &[each(LocalDescriptors, InTail(12, &[0x46, 0, 0, 0]))], Refused(StateNotRestored, "")),
    row("a place in the local table that is none", &[each(LocalDescriptors, InTail(0, &[0xff, 0xff, 0, 0]))], Refused(ImageValue, "")),
    row("more entries than a table has", &[each(LocalDescriptors, Set(field("entries"), 8193))], Refused(ImageValue, "entries")),
    row("more entries than there are", &[each(LocalDescriptors, Add(field("used"), 1))], Refused(ImageValue, "used")),
    row("reserved bits of MXCSR", &[each(ExtendedStateX86, InTail(MXCSR, &[0xff; 4]))], Refused(RegistersRefused, "extended state")),
    row("features of the supervisor", &[each(ExtendedStateX86, InTail(FEATURES, &[0xff; 8]))], Refused(RegistersRefused, "extended state")),
    row("compacted", &[each(ExtendedStateX86, InTail(COMPACTION, &[3, 0, 0, 0, 0, 0, 0, 0x80]))], Refused(RegistersRefused, "extended state")),
    row("reserved bytes of the header", &[each(ExtendedStateX86, InTail(RESERVED, &[1]))], Refused(RegistersRefused, "extended state")),
    row("no extended state", &[each(ExtendedStateX86, crate::edit::Change::Tail(&[]))], Stands("status", "State:")),
    row("an action for SIGKILL", &[each(SignalActions, Set(element("actions", 8 * 4, 8), 0x1000))], Refused(ImageValue, "actions")),
    row("an action with a flag of the kernel's", &[each(SignalActions, Set(element("actions", 10 * 4 + 1, 8), 0x0080_0000))], Refused(ImageValue, "actions")),
    row("SIGKILL blocked", &[each(Thread, With(field("blocked"), 1 << 8))], Loses(Thread, "blocked", 0, 1 << 8)),
    row("rseq at an odd address", &[each(Thread, Add(field("rseq"), 1))], Refused(StateNotRestored, "rseq")),
    row("rseq of the kernel", &[each(Thread, Set(field("rseq"), 0xffff_8000_0000_0000))], Refused(StateNotRestored, "rseq")),
    row("memory of the kernel to be cleared", &[each(Thread, Both(&[Set(field("clear_child_tid"), 0xffff_8000_0000_0000), Set(field("robust_list"), 0xffff_8000_0000_0000)])), each(RegistersX86_64, Both(&[Set(ORIG_RAX, 60), Set(RAX, -512_i64 as u64)]))], Ends),
    row("no such address space", &[each(Thread, Set(field("address_space"), 1 << 20))], Refused(ImageReference, "address_space")),
];

pub fn run(stage: &Stage) -> Step<()> {
    try_all(stage, ROWS)
}
