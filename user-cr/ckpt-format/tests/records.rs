// SPDX-License-Identifier: GPL-2.0

//! What a record may look like: of an older writer, of a newer one, with what it must not hold.

use ckpt_format::files::{Descriptor, Directories, OpenFile};
use ckpt_format::handed::{Handed, HANDED_READS, HANDED_WRITES};
use ckpt_format::header::{End, Header, MachineX86_64};
use ckpt_format::memory::{AddressSpace, Area};
use ckpt_format::pipes::{Pipe, PipeData, BUFFER_MERGES, BUFFER_PACKET, PIPE_FIFO};
use ckpt_format::storage::{
    ContentZeros, Storage, StorageAttribute, CONTENT_PROMISED, CONTENT_RESERVED, INODE_FLAGS,
    MAX_ATTRIBUTE_NAME, MAX_ATTRIBUTE_VALUE, MAX_PAGE_SHIFT, STORAGE_FORM_MEMFD,
};
use ckpt_format::task::{Member, Pid, Scheduling, Thread};
use ckpt_format::{
    decode, seal, Crc32c, FormatError, Frame, Grammar, Kind, ObjectId, Problem, Record,
    RecordHeader, Sequence,
};
use ckpt_image::{ImageReader, ImageWriter};
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromZeros, IntoBytes};

/// An envelope as a reader sees it that has read so many records.
fn frame(kind: Kind, fixed: usize, tail: usize) -> Frame {
    open(kind.number(), fixed, tail).unwrap()
}

fn open(kind: u32, fixed: usize, tail: usize) -> Result<Frame, FormatError> {
    let mut sequence = Sequence::new();
    if kind != Kind::Header.number() {
        let first = seal(&mut sequence, Kind::Header, 0, 0, |checksum| checksum);
        assert_eq!(first.kind.get(), Kind::Header.number());
    }
    sequence.open(&RecordHeader {
        kind: U32::new(kind),
        fixed: U32::new(fixed as u32),
        length: U64::new((fixed + tail) as u64),
        ..RecordHeader::new_zeroed()
    })
}

fn read<R: Record>(fixed: &[u8], tail: &[u8]) -> Result<R, Problem> {
    let payload = [fixed, tail].concat();
    let frame = frame(R::KIND, fixed.len(), tail.len());
    let (record, rest) = decode::<R>(&frame, &payload).map_err(|error| error.problem)?;
    assert_eq!(rest, tail);
    Ok(record)
}

#[test]
fn crc32c_is_the_one_of_the_standard() {
    assert_eq!(Crc32c::new().with(b"123456789").finish(), 0xe306_9283);
    let halves = Crc32c::new().with(b"1234").with(b"56789");
    assert_eq!(Crc32c::from_state(halves.state()).finish(), 0xe306_9283);
}

#[test]
fn a_shorter_fixed_part_is_filled_up() {
    let file = OpenFile {
        size: 77.into(),
        mtime_s: 99.into(),
        ..OpenFile::new_zeroed()
    };
    let known: OpenFile = read(&file.as_bytes()[..32], b"/x").unwrap();
    assert_eq!((known.size.get(), known.mtime_s.get()), (77, 0));
    let nothing: OpenFile = read(&[], b"/x").unwrap();
    assert_eq!(nothing.size.get(), 0);
}

#[test]
fn a_longer_fixed_part_must_be_zero_there() {
    let mut longer = OpenFile::new_zeroed().as_bytes().to_vec();
    longer.extend([0; 16]);
    assert!(read::<OpenFile>(&longer, b"/x").is_ok());
    *longer.last_mut().unwrap() = 1;
    assert_eq!(
        read::<OpenFile>(&longer, b"/x").unwrap_err(),
        Problem::UnknownTail
    );
}

#[test]
fn a_newer_version_is_named() {
    let image = ckpt_samples::counter();
    let mut reader = ImageReader::new(&image[..]);
    let mut header: Header = reader.next().unwrap().unwrap().decode().unwrap();
    for version in [0, 2, u32::MAX] {
        header.version = version.into();
        // A newer writer may have found a use for what is reserved, and for more.
        header.reserved = 1.into();
        let mut fixed = header.as_bytes().to_vec();
        fixed.push(1);
        assert_eq!(
            read::<Header>(&fixed, &[]).unwrap_err(),
            Problem::Version(version)
        );
    }
    header.magic[0] = b'x';
    assert_eq!(
        read::<Header>(header.as_bytes(), &[]).unwrap_err(),
        Problem::Magic
    );
}

#[test]
fn counts_and_page_size_have_limits() {
    let image = ckpt_samples::counter();
    let mut reader = ImageReader::new(&image[..]);
    let good: Header = reader.next().unwrap().unwrap().decode().unwrap();
    let bad = [
        (
            "page_size",
            Header {
                page_size: 0.into(),
                ..good
            },
        ),
        (
            "page_size",
            Header {
                page_size: 4097.into(),
                ..good
            },
        ),
        (
            "page_size",
            Header {
                page_size: 131_072.into(),
                ..good
            },
        ),
        (
            "tasks",
            Header {
                tasks: 0.into(),
                ..good
            },
        ),
        (
            "tasks",
            Header {
                tasks: u32::MAX.into(),
                ..good
            },
        ),
        (
            "pids",
            Header {
                pids: 0.into(),
                ..good
            },
        ),
        (
            "reserved",
            Header {
                reserved: 5.into(),
                ..good
            },
        ),
    ];
    for (name, header) in bad {
        match read::<Header>(header.as_bytes(), &[]) {
            Err(Problem::Value(field, _)) => assert_eq!(field, name),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn nice_values_are_within_their_range() {
    let read_with = |nice: i32| {
        let mut record = Scheduling::new_zeroed();
        record.nice = nice.into();
        read::<Scheduling>(record.as_bytes(), &[]).map(|_| ())
    };
    assert_eq!((read_with(-20), read_with(19)), (Ok(()), Ok(())));
    assert_eq!(read_with(20), Err(Problem::Value("nice", 20)));
    let far = i64::from(i32::MIN) as u64;
    assert_eq!(read_with(i32::MIN), Err(Problem::Value("nice", far)));
}

#[test]
fn bits_without_a_meaning_are_refused() {
    let member = Member {
        flags: 8.into(),
        ..Member::new_zeroed()
    };
    assert_eq!(
        read::<Member>(member.as_bytes(), &[]).unwrap_err(),
        Problem::Value("flags", 8)
    );
    let thread = Thread {
        rseq_flags: 2.into(),
        ..Thread::new_zeroed()
    };
    let problem = read::<Thread>(thread.as_bytes(), &[]).unwrap_err();
    assert_eq!(problem, Problem::Value("rseq_flags", 2));
    let descriptor = Descriptor {
        flags: 3.into(),
        ..Descriptor::new_zeroed()
    };
    let problem = read::<Descriptor>(descriptor.as_bytes(), &[]).unwrap_err();
    assert_eq!(problem, Problem::Value("flags", 3));
    let space = AddressSpace {
        future: (1 << 31).into(),
        ..AddressSpace::new_zeroed()
    };
    assert!(read::<AddressSpace>(space.as_bytes(), &[]).is_err());
    let machine = MachineX86_64 {
        flags: 2.into(),
        ..MachineX86_64::new_zeroed()
    };
    assert!(read::<MachineX86_64>(machine.as_bytes(), &[]).is_err());
}

#[test]
fn an_area_has_a_kind_and_a_size() {
    let good = Area {
        kind: 1.into(),
        start: 1.into(),
        end: 2.into(),
        ..Area::new_zeroed()
    };
    assert!(read::<Area>(good.as_bytes(), &[]).is_ok());
    let kind = Area {
        kind: 0.into(),
        ..good
    };
    assert_eq!(
        read::<Area>(kind.as_bytes(), &[]).unwrap_err(),
        Problem::Value("kind", 0)
    );
    let empty = Area {
        end: 1.into(),
        ..good
    };
    assert_eq!(
        read::<Area>(empty.as_bytes(), &[]).unwrap_err(),
        Problem::Value("end", 1)
    );
}

#[test]
fn a_tail_is_as_long_as_the_fixed_part_says() {
    let pid = Pid {
        levels: 2.into(),
        ..Pid::new_zeroed()
    };
    assert!(read::<Pid>(pid.as_bytes(), &[1, 0, 0, 0, 2, 0, 0, 0]).is_ok());
    assert!(matches!(
        read::<Pid>(pid.as_bytes(), &[1, 0, 0, 0]),
        Err(Problem::Length(_))
    ));
    let none = Pid {
        levels: 0.into(),
        ..pid
    };
    assert_eq!(
        read::<Pid>(none.as_bytes(), &[]).unwrap_err(),
        Problem::Value("levels", 0)
    );
    let paths = Directories {
        root_length: 1.into(),
        cwd_length: 2.into(),
        ..Directories::new_zeroed()
    };
    assert!(read::<Directories>(paths.as_bytes(), b"//a").is_ok());
    assert!(read::<Directories>(paths.as_bytes(), b"//").is_err());
}

#[test]
fn storages_and_what_is_in_them_are_plausible() {
    let storage = Storage {
        form: STORAGE_FORM_MEMFD.into(),
        page_shift: MAX_PAGE_SHIFT.into(),
        inode_flags: INODE_FLAGS.into(),
        ..Storage::new_zeroed()
    };
    assert!(read::<Storage>(storage.as_bytes(), b"/memfd:a").is_ok());
    let too_huge = Storage {
        page_shift: (MAX_PAGE_SHIFT + 1).into(),
        ..storage
    };
    assert_eq!(
        read::<Storage>(too_huge.as_bytes(), &[]).unwrap_err(),
        Problem::Value("page_shift", 41)
    );
    // FS_ENCRYPT_FL says how a file system stores a file.
    let encrypted = Storage {
        inode_flags: 0x800.into(),
        ..storage
    };
    assert_eq!(
        read::<Storage>(encrypted.as_bytes(), &[]).unwrap_err(),
        Problem::Value("inode_flags", 0x800)
    );
    let zeros = ContentZeros {
        flags: (CONTENT_RESERVED | CONTENT_PROMISED).into(),
        ..ContentZeros::new_zeroed()
    };
    assert_eq!(
        read::<ContentZeros>(zeros.as_bytes(), &[]).unwrap_err(),
        Problem::Value("flags", 3)
    );
}

#[test]
fn an_attribute_is_a_name_and_a_value() {
    let good = StorageAttribute {
        name_length: 6.into(),
        value_length: 2.into(),
        ..StorageAttribute::new_zeroed()
    };
    assert!(read::<StorageAttribute>(good.as_bytes(), b"user.aok").is_ok());
    assert!(read::<StorageAttribute>(good.as_bytes(), b"user.ao").is_err());
    for (name, value, field) in [
        (0, 2, "name_length"),
        (MAX_ATTRIBUTE_NAME + 1, 2, "name_length"),
        (6, MAX_ATTRIBUTE_VALUE + 1, "value_length"),
        (6, u32::MAX, "value_length"),
    ] {
        let bad = StorageAttribute {
            name_length: name.into(),
            value_length: value.into(),
            ..good
        };
        match read::<StorageAttribute>(bad.as_bytes(), &[]) {
            Err(Problem::Value(found, _)) => assert_eq!(found, field),
            other => panic!("{name}, {value}: {other:?}"),
        }
    }
}

#[test]
fn every_kind_has_a_longest_tail() {
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Header) {
        let longest = kind.longest_tail() as usize;
        assert!(open(kind.number(), 0, longest).is_ok(), "{kind:?}");
        let error = open(kind.number(), 0, longest + 1).unwrap_err();
        assert_eq!(
            error.problem,
            Problem::Length(longest as u64 + 1),
            "{kind:?}"
        );
    }
    let fixed = Kind::LONGEST_FIXED as usize;
    assert!(open(Kind::Member.number(), fixed, 0).is_ok());
    assert!(open(Kind::Member.number(), fixed + 1, 0).is_err());
}

#[test]
fn an_unknown_kind_stops_the_reader_unless_it_may_be_skipped() {
    for number in [0x00, 0x7b, 0x7fff_ffff] {
        let error = open(number, 8, 0).unwrap_err();
        assert_eq!(error.problem, Problem::UnknownKind(number));
    }
    let skipped = open(Kind::SKIPPABLE | 5, 8, 100).unwrap();
    assert_eq!(
        (skipped.kind(), skipped.number()),
        (None, Kind::SKIPPABLE | 5)
    );
    let longest = Kind::LONGEST_SKIPPED as usize;
    assert!(open(Kind::SKIPPABLE | 5, 0, longest).is_ok());
    assert!(open(Kind::SKIPPABLE | 5, 0, longest + 1).is_err());
}

#[test]
fn zero_and_all_ones_are_not_kinds() {
    assert_eq!(Kind::from_number(0), None);
    assert_eq!(Kind::from_number(u32::MAX), None);
    assert_eq!(
        open(u32::MAX, 0, 0).unwrap_err().problem,
        Problem::UnknownKind(u32::MAX)
    );
}

#[test]
fn the_envelope_is_checked_before_anything_is_read() {
    let shorter_than_fixed = RecordHeader {
        kind: Kind::Header.number().into(),
        fixed: 100.into(),
        length: 99.into(),
        ..RecordHeader::new_zeroed()
    };
    let error = Sequence::new().open(&shorter_than_fixed).unwrap_err();
    assert_eq!(error.problem, Problem::Length(99));
    let reserved = RecordHeader {
        reserved: 1.into(),
        length: 100.into(),
        ..shorter_than_fixed
    };
    assert!(matches!(
        Sequence::new().open(&reserved).unwrap_err().problem,
        Problem::Value("reserved", 1)
    ));
    let endless = RecordHeader {
        length: u64::MAX.into(),
        ..shorter_than_fixed
    };
    assert_eq!(
        Sequence::new().open(&endless).unwrap_err().problem,
        Problem::Length(u64::MAX)
    );
}

#[test]
fn stages_never_go_back_and_single_records_come_once() {
    let order = |kinds: &[Kind]| {
        let mut grammar = Grammar::new();
        kinds
            .iter()
            .all(|kind| grammar.accept(&frame(*kind, 0, 0)).is_ok())
    };
    use Kind::{Area, End, Header, MachineX86_64 as Machine, Member, OpenFile, Pid};
    assert!(order(&[
        Header, Machine, Pid, Member, Member, OpenFile, Area, End
    ]));
    assert!(order(&[Header, Machine, Member, End]));
    for wrong in [
        &[Machine][..],
        &[Header, Header],
        &[Header, Machine, Machine],
        &[Header, Pid],
        &[Header, End],
        &[Header, Machine, End],
        &[Header, Machine, Pid, OpenFile],
        &[Header, Machine, Member, Pid],
        &[Header, Machine, Member, OpenFile, Area, OpenFile],
        &[Header, Machine, Member, End, End],
        &[Header, Machine, Member, End, Area],
    ] {
        assert!(!order(wrong), "{wrong:?}");
    }
}

#[test]
fn what_is_written_is_read() {
    let mut out = ImageWriter::new(Vec::new());
    let image = ckpt_samples::family();
    let mut reader = ImageReader::new(&image[..]);
    while let Some(record) = reader.next().unwrap() {
        if record.kind == Some(Kind::End) {
            let end: End = record.decode().unwrap();
            assert_eq!(
                end.records.get() + 1,
                ckpt_samples::records(&image).len() as u64
            );
            continue;
        }
        out.write_raw(record.kind.unwrap(), record.fixed, record.tail)
            .unwrap();
    }
    assert!(out.end().unwrap() == image);
}

#[test]
fn a_pipe_has_room_that_can_be_given() {
    let good = Pipe {
        mode: 0o010_600.into(),
        size: 65_536.into(),
        buffers: 16.into(),
        ..Pipe::new_zeroed()
    };
    assert!(read::<Pipe>(good.as_bytes(), b"/pipe:[1]").is_ok());
    let refused = |pipe: Pipe| read::<Pipe>(pipe.as_bytes(), b"/pipe:[1]").unwrap_err();
    for size in [0, 65_535, 1 << 32] {
        let size_is = Pipe {
            size: size.into(),
            buffers: 0.into(),
            ..good
        };
        assert_eq!(refused(size_is), Problem::Value("size", size));
    }
    let file = Pipe {
        mode: 0o100_600.into(),
        ..good
    };
    assert_eq!(refused(file), Problem::Value("mode", 0o100_600));
    let stored = Pipe {
        storage: ObjectId::new(3),
        ..good
    };
    assert_eq!(refused(stored), Problem::Reference("storage", 3));
    let fifo = Pipe {
        flags: PIPE_FIFO.into(),
        ..stored
    };
    assert!(read::<Pipe>(fifo.as_bytes(), b"/fifo").is_ok());
}

#[test]
fn only_what_can_be_added_to_lies_somewhere_in_a_page() {
    let packet = PipeData {
        flags: BUFFER_PACKET.into(),
        offset: 5.into(),
        ..PipeData::new_zeroed()
    };
    let merges = PipeData {
        flags: BUFFER_MERGES.into(),
        ..packet
    };
    assert!(read::<PipeData>(merges.as_bytes(), b"bytes").is_ok());
    let problem = read::<PipeData>(packet.as_bytes(), b"bytes").unwrap_err();
    assert_eq!(problem, Problem::Value("offset", 5));
    let most = vec![0; 65_536];
    assert!(read::<PipeData>(merges.as_bytes(), &most).is_ok());
    assert!(open(
        Kind::PipeData.number(),
        merges.as_bytes().len(),
        most.len() + 1
    )
    .is_err());
}

#[test]
fn what_is_handed_in_is_needed_for_what_it_was_open_for() {
    let good = Handed {
        id: ObjectId::new(1),
        mode: 0o010_600.into(),
        flags: 1.into(),
        device: 0.into(),
        number: 1.into(),
        needs: HANDED_WRITES.into(),
    };
    let read = |handed: Handed| read::<Handed>(handed.as_bytes(), b"pipe:[1]").map(drop);
    assert_eq!(read(good), Ok(()));
    type Change = fn(&mut Handed);
    let changes: [(Change, Problem); 9] = [
        (|it| it.needs = 0.into(), Problem::Value("needs", 0)),
        (
            |it| it.needs = HANDED_READS.into(),
            Problem::Value("needs", 1),
        ),
        (|it| it.needs = 4.into(), Problem::Value("needs", 4)),
        (|it| it.flags = 3.into(), Problem::Value("flags", 3)),
        (
            |it| it.flags = 0o10_000_001.into(),
            Problem::Value("flags", 0o10_000_001),
        ),
        (
            |it| it.mode = 0o040_700.into(),
            Problem::Value("mode", 0o040_700),
        ),
        (
            |it| it.mode = 0o120_700.into(),
            Problem::Value("mode", 0o120_700),
        ),
        (|it| it.device = 5.into(), Problem::Value("device", 5)),
        (
            |it| it.number = 0x8000_0000.into(),
            Problem::Value("number", 0x8000_0000),
        ),
    ];
    for (change, problem) in changes {
        let mut handed = good;
        change(&mut handed);
        assert_eq!(read(handed), Err(problem));
    }
}
