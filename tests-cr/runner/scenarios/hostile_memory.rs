// SPDX-License-Identifier: GPL-2.0

//! Fact: an image cannot map what its restarter could not: nothing below mmap_min_addr or beyond the
//! task's addresses, no second vdso, no writable mapping of what is open for reading only, no program
//! that may not be executed or read; and one that gives its rights to whoever executes it gives none.

use ckpt_format::reason::Reason::{AreaNotMapped, FileMissing, ImageOrder, ImageReference, ImageValue, StateNotRestored};
use ckpt_format::Kind::{AddressSpace, Area, OpenFile, Pages, Thread};
use ckpt_image::RecordView;

use super::hostile::{each, row, some, try_all, Expect, Row, PROGRAM};
use super::stage::Stage;
use crate::edit::Change::{Add, Both, Doubled, Dropped, Name, Refer, Set, Tail, With};
use crate::edit::{field, value};
use crate::verdict::Step;

use Expect::{NoRoom, Refused, Stands};

const SHARED: u64 = 1;
const ANONYMOUS: u64 = 1;
const FILE: u64 = 2;
const VDSO: u64 = 3;
const VVAR: u64 = 4;

fn is_of(record: &RecordView, kind: u64) -> bool {
    value(record, "kind") == Some(kind)
}

fn vdso(record: &RecordView) -> bool {
    is_of(record, VDSO)
}

fn vvar(record: &RecordView) -> bool {
    is_of(record, VVAR)
}

fn stack(record: &RecordView) -> bool {
    is_of(record, ANONYMOUS) && value(record, "flags").unwrap_or(0) & 2 != 0
}

/// Low ones: the heap, and by chance what is beside it, which comes to lie in its way then.
fn first(record: &RecordView) -> bool {
    is_of(record, ANONYMOUS) && value(record, "start").unwrap_or(0) < 0x7000_0000_0000
}

/// The program's code, a private mapping of what root alone may write to.
fn code(record: &RecordView) -> bool {
    is_of(record, FILE) && value(record, "protection") == Some(5)
}

fn heap(record: &RecordView) -> bool {
    is_of(record, ANONYMOUS) && value(record, "protection") == Some(3) && !stack(record)
}

/// Open for reading and writing, and not to be executed.
fn own(record: &RecordView) -> bool {
    record.tail.ends_with(b"/own")
}

fn program(record: &RecordView) -> bool {
    record.tail.ends_with(PROGRAM)
}

fn null(record: &RecordView) -> bool {
    record.tail == b"/dev/null"
}

/// The kernel knows no address above.
const BEYOND: u64 = 1 << 57;

/// Room of the kernel for an auxiliary vector, with what is for 32-bit programs.
const AUXV: usize = 448;
const ENDLESS_AUXV: &[u8] = &[1; AUXV];
const FULL_AUXV: &[u8] = &{
    let mut bytes = [1; AUXV];
    let mut index = AUXV - 16;
    while index < AUXV {
        bytes[index] = 0;
        index += 1;
    }
    bytes
};

const DUMPABLE: u64 = 1 << 2;
const NAMED: u64 = 1 << 17;

const ROWS: &[Row] = &[
    row("at zero, below mmap_min_addr", &[some(Area, first, Both(&[Set(field("start"), 0), Set(field("end"), 0x1000)]))], NoRoom),
    row("beyond all addresses", &[some(Area, stack, Set(field("end"), BEYOND))], Refused(ImageValue, "start")),
    row("to the end of all numbers", &[some(Area, stack, Set(field("end"), !0xfff))], Refused(ImageValue, "start")),
    row("half a page", &[some(Area, stack, Add(field("end"), -0x800))], Refused(ImageValue, "start")),
    row("backwards", &[some(Area, stack, Set(field("end"), 0x1000))], Refused(ImageValue, "end")),
    row("one over the other", &[some(Area, stack, Set(field("start"), 0x1000))], Refused(ImageValue, "start")),
    row("a second vdso", &[some(Area, vdso, Doubled)], Refused(ImageValue, "")),
    row("a vdso in the wrong place", &[some(Area, vdso, Set(field("kind"), VVAR))], Refused(ImageValue, "kind")),
    row("a vdso that is too long", &[some(Area, vdso, Add(field("end"), 0x10000))], NoRoom),
    row("data of the vdso that can be written", &[some(Area, vvar, Set(field("protection"), 3))], Refused(AreaNotMapped, "")),
    row("a stack that is the vdso", &[some(Area, stack, Set(field("kind"), VDSO))], Refused(ImageValue, "flags")),
    row("a kind that is none", &[some(Area, stack, Set(field("kind"), 99))], Refused(ImageValue, "kind")),
    row("a flag that is none", &[some(Area, stack, With(field("flags"), 1 << 31))], Refused(ImageValue, "flags")),
    row("a protection that is none", &[some(Area, stack, With(field("protection"), 1 << 4))], Refused(ImageValue, "protection")),
    row("a key that was not given out", &[some(Area, heap, Set(field("protection_key"), 15))], Stands("status", "State:")),
    row("a key that is none", &[some(Area, heap, Set(field("protection_key"), 16))], Refused(ImageValue, "protection_key")),
    row("a file of root's, shared and writable", &[some(Area, code, Both(&[With(field("flags"), SHARED), Set(field("protection"), 3)]))], Refused(AreaNotMapped, "")),
    row("code that can be written", &[some(Area, code, Set(field("protection"), 7))], Stands("maps", "rwxp")),
    row("a file beyond its end", &[some(Area, code, Set(field("offset"), 0x7fff_ffff_ffff_f000))], Refused(AreaNotMapped, "")),
    row("an offset that is none", &[some(Area, code, Set(field("offset"), 1 << 63))], Refused(ImageValue, "offset")),
    row("a device", &[some(Area, code, Refer(field("file"), OpenFile, null))], Refused(AreaNotMapped, "")),
    row("no file", &[some(Area, code, Set(field("file"), 0))], Refused(ImageValue, "kind")),
    row("fewer areas than promised", &[some(Area, stack, Dropped)], Refused(ImageOrder, "")),
    row("a program that may not be executed", &[each(AddressSpace, Refer(field("exe"), OpenFile, own))], Refused(StateNotRestored, "its exe")),
    row("a device as program", &[each(AddressSpace, Refer(field("exe"), OpenFile, null))], Refused(StateNotRestored, "its exe")),
    row("a program that gives root's rights, to be looked into", &[some(OpenFile, program, Name("set-uid")), each(Thread, With(field("flags"), DUMPABLE))], Stands("status", "Uid:\t1000\t1000\t1000\t1000")),
    row("a program that may not be read, to be looked into", &[some(OpenFile, program, Name("unreadable")), each(Thread, With(field("flags"), DUMPABLE))], Refused(FileMissing, "unreadable")),
    row("a program that is no file", &[each(AddressSpace, Set(field("exe"), 1))], Refused(ImageReference, "exe")),
    row("a heap beyond all addresses", &[each(AddressSpace, Set(field("brk"), BEYOND))], Refused(ImageValue, "an address")),
    row("a heap that begins above its end", &[each(AddressSpace, Add(field("start_brk"), 0x10_0000_0000))], Refused(ImageValue, "brk")),
    row("a stack of the kernel's", &[each(AddressSpace, Set(field("start_stack"), 0xffff_8000_0000_0000))], Refused(ImageValue, "an address")),
    row("code of the kernel's", &[each(AddressSpace, Set(field("end_code"), u64::MAX))], Refused(ImageValue, "an address")),
    row("data of the kernel's", &[each(AddressSpace, Set(field("end_data"), u64::MAX))], Refused(ImageValue, "an address")),
    row("new mappings in the kernel", &[each(AddressSpace, Set(field("mmap_base"), 0xffff_8000_0000_0000))], Refused(ImageValue, "an address")),
    row("new mappings at zero", &[each(AddressSpace, Set(field("mmap_base"), 0))], Stands("status", "State:")),
    row("a vdso where nothing is", &[each(AddressSpace, Set(field("vdso"), 0x1000))], Stands("status", "State:")),
    row("a vdso of which the address space does not know", &[each(AddressSpace, Set(field("vdso"), 0))], Refused(ImageValue, "vdso")),
    row("new mappings a byte above a page", &[each(AddressSpace, Add(field("mmap_base"), 1))], Refused(ImageValue, "mmap_base")),
    row("new mappings a byte below a page", &[each(AddressSpace, Add(field("mmap_base"), -1))], Refused(ImageValue, "mmap_base")),
    row("new mappings of 32-bit calls a byte above a page", &[each(AddressSpace, Add(field("mmap_compat_base"), 1))], Refused(ImageValue, "mmap_compat_base")),
    row("new mappings of 32-bit calls a byte below a page", &[each(AddressSpace, Add(field("mmap_compat_base"), -1))], Refused(ImageValue, "mmap_compat_base")),
    row("an auxiliary vector that fills its room", &[each(AddressSpace, Tail(FULL_AUXV))], Stands("status", "State:")),
    row("an auxiliary vector that has no end", &[each(AddressSpace, Tail(ENDLESS_AUXV))], Refused(ImageValue, "auxv")),
    row("an auxiliary vector that is too long", &[each(AddressSpace, Tail(&[1; AUXV + 16]))], Refused(ImageValue, "auxv")),
    row("a name", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a good name")]))], Stands("maps", "[anon:a good name]")),
    row("a name of two lines", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a\nb")]))], Refused(ImageValue, "name")),
    row("a name with a tabulator", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a\tb")]))], Refused(ImageValue, "name")),
    row("a name that ends early", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a]b")]))], Refused(ImageValue, "name")),
    row("a name that begins twice", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a[b")]))], Refused(ImageValue, "name")),
    row("a name with a backslash", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a\\b")]))], Refused(ImageValue, "name")),
    row("a name with a dollar", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a$b")]))], Refused(ImageValue, "name")),
    row("a name with a backtick", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a`b")]))], Refused(ImageValue, "name")),
    row("a name with DEL", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a\x7fb")]))], Refused(ImageValue, "name")),
    row("a name that is no ASCII", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a\xc3\xa4")]))], Refused(ImageValue, "name")),
    row("a name with the last byte", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"\xff")]))], Refused(ImageValue, "name")),
    row("a name with an end inside", &[some(Area, heap, Both(&[With(field("flags"), NAMED), Tail(b"a\0b")]))], Refused(ImageValue, "name")),
    row("arguments in the kernel", &[each(AddressSpace, Set(field("arg_end"), 0xffff_8000_0000_0000))], Refused(ImageValue, "an address")),
    row("keys beyond the last", &[each(AddressSpace, Set(field("protection_keys"), 1 << 16))], Refused(ImageValue, "protection_keys")),
    row("pages below everything", &[each(Pages, Set(field("address"), 0))], Refused(ImageValue, "address")),
    row("pages of the kernel", &[each(Pages, Set(field("address"), 0xffff_8000_0000_0000))], Refused(ImageValue, "address")),
    row("half a page of content", &[each(Pages, Add(field("address"), 8))], Refused(ImageValue, "address")),
    row("the same pages twice", &[each(Pages, Doubled)], Refused(ImageValue, "address")),
];

pub fn run(stage: &Stage) -> Step<()> {
    try_all(stage, ROWS)
}
