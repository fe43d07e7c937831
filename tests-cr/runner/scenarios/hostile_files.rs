// SPDX-License-Identifier: GPL-2.0

//! Fact: an image opens what its restarter may open, and nothing else: no file of others, no device,
//! no root of its own; and what it says of files is checked before it is used.

use ckpt_format::reason::Reason::{
    DescriptorNotInstalled, FileChanged, FileFlags, FileKind, FileMissing, ImageLength, ImageOrder,
    ImageReference, ImageValue, RestoreNotPermitted, SocketNotMade,
};
use ckpt_format::Kind::{
    Descriptor, DescriptorTable, Directories, FileOwner, OpenFile, Pipe, PipeData, Socket, SocketMessage,
    Watcher,
};
use ckpt_image::RecordView;

use super::hostile::{each, row, some, try_all, Expect, Row, PROGRAM};
use super::stage::Stage;
use crate::edit::Change::{Add, Both, Doubled, Dropped, Name, Set, Tail, With};
use crate::edit::{field, value};
use crate::verdict::Step;

use Expect::{Refused, Stands};

fn own(record: &RecordView) -> bool {
    record.tail.ends_with(b"/own")
}

fn null(record: &RecordView) -> bool {
    record.tail == b"/dev/null"
}

fn program(record: &RecordView) -> bool {
    record.tail.ends_with(PROGRAM)
}

fn third(record: &RecordView) -> bool {
    value(record, "number") == Some(3)
}

fn taken(record: &RecordView) -> bool {
    value(record, "flags") == Some(2)
}

fn waited_for(record: &RecordView) -> bool {
    value(record, "messages").is_some_and(|messages| messages > 0)
}

const RDWR: u64 = 2;
const DIRECT_NOATIME: u64 = 0o1_000_000;
const PATH: u64 = 0o10_000_000;
const CHARACTER: u64 = 0o20_600;
const BLOCK: u64 = 0o60_600;

const ROWS: &[Row] = &[
    row("a file of root's", &[some(OpenFile, own, Name("secret"))], Refused(FileMissing, "secret")),
    row("a file of root's, to be written", &[some(OpenFile, program, With(field("flags"), RDWR))], Refused(FileMissing, "ckpt-cases")),
    row("a file of root's, without its time of access", &[some(OpenFile, program, With(field("flags"), DIRECT_NOATIME))], Refused(FileMissing, "ckpt-cases")),
    row("a file that is not there", &[some(OpenFile, own, Name("nothing"))], Refused(FileMissing, "nothing")),
    row("another file", &[some(OpenFile, own, Name("go"))], Refused(FileMissing, "go")),
    row("a directory", &[some(OpenFile, own, Name("."))], Refused(FileChanged, "another type")),
    row("memory of the machine", &[some(OpenFile, null, Both(&[Set(field("device"), 1 << 20 | 1), Tail(b"/dev/mem")]))], Refused(FileKind, "/dev/mem")),
    row("ports of the machine", &[some(OpenFile, null, Both(&[Set(field("device"), 1 << 20 | 4), Tail(b"/dev/port")]))], Refused(FileKind, "/dev/port")),
    row("the log of the kernel", &[some(OpenFile, null, Both(&[Set(field("device"), 1 << 20 | 11), Tail(b"/dev/kmsg")]))], Refused(FileKind, "/dev/kmsg")),
    row("a device that is said to be another", &[some(OpenFile, null, Tail(b"/dev/kmsg"))], Refused(FileChanged, "another device")),
    row("a device that is said to be a file", &[some(OpenFile, own, Tail(b"/dev/kmsg"))], Refused(FileChanged, "another type")),
    row("a file that is said to be a device", &[some(OpenFile, own, Both(&[Set(field("mode"), CHARACTER), Set(field("device"), 1 << 20 | 3)]))], Refused(FileChanged, "another type")),
    row("a disk", &[some(OpenFile, own, Both(&[Set(field("mode"), BLOCK), Tail(b"/dev/vda")]))], Refused(FileKind, "/dev/vda")),
    row("the memory of a process", &[some(OpenFile, own, Tail(b"/proc/1/mem"))], Refused(FileMissing, "/proc/1/mem")),
    row("one's own memory", &[some(OpenFile, own, Tail(b"/proc/self/mem"))], Refused(FileKind, "/proc/self/mem")),
    row("a setting of the kernel's", &[some(OpenFile, own, Tail(b"/proc/sys/kernel/core_pattern"))], Refused(FileMissing, "core_pattern")),
    row("no path", &[some(OpenFile, own, Tail(b""))], Refused(ImageValue, "path")),
    row("a path from nowhere", &[some(OpenFile, own, Tail(b"own"))], Refused(ImageValue, "path")),
    row("a path with an end inside", &[some(OpenFile, own, Tail(b"/tmp\0/own"))], Refused(ImageValue, "path")),
    row("a path that is too long", &[some(OpenFile, own, Tail(&[b'/'; 4096]))], Refused(ImageLength, "")),
    row("a flag that is none", &[some(OpenFile, own, With(field("flags"), 1 << 31))], Refused(FileFlags, "")),
    row("to be made", &[some(OpenFile, own, With(field("flags"), 0o100))], Refused(FileFlags, "")),
    row("to be emptied", &[some(OpenFile, own, With(field("flags"), 0o1000))], Refused(FileFlags, "")),
    row("by its path only", &[some(OpenFile, own, With(field("flags"), PATH))], Refused(FileFlags, "")),
    row("an offset that is none", &[some(OpenFile, own, Set(field("position"), 1 << 63))], Refused(FileChanged, "offset")),
    row("longer than it is", &[some(OpenFile, own, Add(field("size"), 1))], Refused(FileChanged, "size")),
    row("a pipe that is none", &[some(OpenFile, own, Set(field("storage"), 1 << 20))], Refused(ImageReference, "storage")),
    row("made by the kernel", &[some(OpenFile, own, With(field("marks"), 1 << 10))], Refused(ImageReference, "file")),
    row("a hint that is none", &[some(OpenFile, own, Set(field("write_hint"), 6))], Refused(ImageValue, "write_hint")),
    row("opened by nobody", &[some(OpenFile, own, Set(field("opener"), 0))], Refused(ImageReference, "opener")),
    row("signals in the name of root", &[each(FileOwner, Set(field("uid"), 0))], Refused(RestoreNotPermitted, "owners")),
    row("signals in the name of root, effectively", &[each(FileOwner, Set(field("euid"), 0))], Refused(RestoreNotPermitted, "owners")),
    row("signals to somebody else", &[each(FileOwner, Set(field("pid"), 1 << 20))], Refused(ImageReference, "pid")),
    row("a signal that is none", &[each(FileOwner, Set(field("signal"), 65))], Refused(ImageValue, "signal")),
    row("a descriptor that cannot be", &[some(Descriptor, third, Set(field("number"), 1 << 31))], Refused(ImageValue, "number")),
    row("a descriptor beyond the limits", &[each(DescriptorTable, Add(field("count"), 0)), some(Descriptor, |record| value(record, "number") == Some(9), Set(field("number"), 1 << 29))], Refused(DescriptorNotInstalled, "")),
    row("a descriptor twice", &[some(Descriptor, third, Doubled)], Refused(ImageValue, "number")),
    row("a descriptor too few", &[some(Descriptor, third, Dropped)], Refused(ImageOrder, "")),
    row("a root of its own", &[each(Directories, Both(&[Set(field("root_length"), 4), Set(field("cwd_length"), 4), Tail(b"/dev/dev")]))], Refused(RestoreNotPermitted, "root of its own")),
    row("a directory of root's", &[each(Directories, Both(&[Set(field("root_length"), 1), Set(field("cwd_length"), 5), Tail(b"//root")]))], Refused(FileMissing, "/root")),
    row("a directory outside of its root", &[each(Directories, Both(&[Set(field("root_length"), 1), Set(field("cwd_length"), 4), Tail(b"//etc")]))], Stands("status", "Umask:")),
    row("bits that no umask has", &[each(Directories, Set(field("umask"), 0o177_777))], Expect::Loses(Directories, "umask", 0, 0o177_000)),
    row("a pipe with more room than allowed", &[each(Pipe, Set(field("size"), 1 << 40))], Refused(ImageValue, "size")),
    row("more in a pipe than fits", &[each(PipeData, Doubled)], Refused(ImageValue, "bytes")),
    row("two urgent bytes in a row that were taken", &[some(SocketMessage, taken, Doubled), some(Socket, waited_for, Add(field("messages"), 1))], Refused(ImageValue, "flags")),
    row("a socket with no room to send", &[each(Socket, Set(field("send_buffer"), 1))], Refused(SocketNotMade, "")),
    row("a socket with no room to receive", &[each(Socket, Set(field("receive_buffer"), 0))], Refused(SocketNotMade, "")),
    row("more events than an instance has room for", &[each(Watcher, Set(field("room"), 1 << 20))], Refused(RestoreNotPermitted, "inotify")),
];

pub fn run(stage: &Stage) -> Step<()> {
    try_all(stage, ROWS)
}
