// SPDX-License-Identifier: GPL-2.0

//! What restart reads before the kernel does: all of it, nothing more, and nothing on trust.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use ckpt_image::format::header::Header;
use ckpt_image::format::task::{
    Member, PidSpace, MEMBER_ENDED, MEMBER_SESSION_LEADER, PID_SPACE_CLOSED,
};
use ckpt_image::format::{Kind, ObjectId, Problem, TaskId};
use ckpt_image::{
    check_forest, read_prefix, ImageError, ImageReader, ImageWriter, PidEntry, RecordView, Spaces,
};
use ckpt_samples::family;
use zerocopy::little_endian::{I32, U32};
use zerocopy::{FromZeros, IntoBytes};

/// Gives one byte at a time, now and then none, and remembers how many.
struct Trickle<'a> {
    bytes: &'a [u8],
    given: usize,
    interrupted: bool,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = buffer.len().min(1);
        let given = self.bytes[self.given..].take(length as u64).read(buffer)?;
        self.given += given;
        Ok(given)
    }
}

#[test]
fn it_ends_with_the_last_member() {
    let image = family();
    let mut source = Trickle {
        bytes: &image,
        given: 0,
        interrupted: false,
    };
    let prefix = read_prefix(&mut source).unwrap();
    assert_eq!(source.given, prefix.bytes.len());
    assert_eq!(prefix.bytes, image[..source.given]);
    let next = u32::from_le_bytes(image[source.given..][..4].try_into().unwrap());
    assert_eq!(next, Kind::SeccompFilter.number());

    assert_eq!(prefix.members.len(), 3);
    assert_eq!(prefix.pids[1].numbers, [101]);
    assert_eq!(prefix.pids[1].id, ObjectId::new(2));
    assert_eq!(prefix.numbers(2), Some(&[102][..]));
    assert_eq!(prefix.numbers(3), None);
    assert_eq!(prefix.header.tasks.get(), 3);
    assert_eq!(prefix.machine.xstate_size.get(), 832);
    assert_eq!(prefix.vdsos[0].code.len(), 4096);
}

#[test]
fn it_may_not_end_early() {
    let image = family();
    let length = read_prefix(&mut &image[..]).unwrap().bytes.len();
    for cut in 0..length {
        let Err(ImageError::Format(error)) = read_prefix(&mut &image[..cut]) else {
            panic!("cut after {cut} bytes");
        };
        assert_eq!(error.problem, Problem::Truncated);
    }
}

#[test]
fn an_error_of_the_stream_is_told() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let error = read_prefix(&mut Broken).unwrap_err();
    assert!(matches!(error, ImageError::Read { offset: 0, .. }));
    assert!(error.to_string().starts_with("offset 0: cannot read: "));
}

/// The family with its header, pids and members changed.
fn altered(
    change_header: impl Fn(&mut Header),
    change_pids: impl Fn(usize, &mut ObjectId, &mut Vec<i32>),
    change_member: impl Fn(usize, &mut Member),
) -> Result<(), Problem> {
    let image = family();
    let mut reader = ImageReader::new(&image[..]);
    let mut out = ImageWriter::new(Vec::new());
    let (mut pids, mut members) = (0, 0);
    while let Some(record) = reader.next().unwrap() {
        let write = |out: &mut ImageWriter<Vec<u8>>, record: &RecordView<'_>| {
            out.write_raw(record.kind.unwrap(), record.fixed, record.tail)
                .unwrap();
        };
        match record.kind.unwrap() {
            Kind::Header => {
                let mut header = record.decode().unwrap();
                change_header(&mut header);
                out.write(&header, &[]).unwrap();
            }
            Kind::Pid => {
                let mut pid: ckpt_image::format::task::Pid = record.decode().unwrap();
                let mut numbers = vec![100 + pids as i32];
                change_pids(pids, &mut pid.id, &mut numbers);
                pid.levels = (numbers.len() as u32).into();
                let tail: Vec<I32> = numbers.into_iter().map(I32::new).collect();
                out.write(&pid, tail.as_bytes()).unwrap();
                pids += 1;
            }
            Kind::Member => {
                let mut member = record.decode().unwrap();
                change_member(members, &mut member);
                out.write(&member, &[]).unwrap();
                members += 1;
            }
            Kind::End => break,
            _ => write(&mut out, &record),
        }
    }
    match read_prefix(&mut &out.end().unwrap()[..]) {
        Ok(_) => Ok(()),
        Err(ImageError::Format(error)) => Err(error.problem),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn counts_must_be_true() {
    let with = |tasks: u32, pids: u32| {
        let change = |header: &mut Header| {
            header.tasks = tasks.into();
            header.pids = pids.into();
        };
        altered(change, |_, _, _| {}, |_, _| {})
    };
    assert_eq!(with(3, 3), Ok(()));
    assert_eq!(
        with(4, 3),
        Err(Problem::Order(Kind::SeccompFilter.number()))
    );
    assert_eq!(with(3, 4), Err(Problem::Value("pids", 4)));
    assert_eq!(with(3, 2), Err(Problem::Order(Kind::Pid.number())));
}

#[test]
fn pids_are_numbered_and_their_numbers_are_pids() {
    let with =
        |change: &dyn Fn(usize, &mut ObjectId, &mut Vec<i32>)| altered(|_| {}, change, |_, _| {});
    assert_eq!(
        with(&|_, _, numbers| numbers.push(1)),
        Err(Problem::Value("levels", 2))
    );
    let swapped = with(&|index, id, _| *id = ObjectId::new(3 - index as u32));
    assert_eq!(swapped, Err(Problem::Reference("id", 3)));
    assert_eq!(
        with(&|_, _, numbers| numbers[0] = 0),
        Err(Problem::Value("numbers", 0))
    );
    let negative = with(&|_, _, numbers| numbers[0] = -1);
    assert_eq!(negative, Err(Problem::Value("numbers", u32::MAX.into())));
    assert_eq!(
        with(&|_, _, numbers| numbers[0] = 7),
        Err(Problem::Value("numbers", 7))
    );
    assert_eq!(
        with(&|_, _, numbers| numbers.clear()),
        Err(Problem::Value("levels", 0))
    );
    let deep = with(&|_, _, numbers| numbers.resize(33, 1));
    assert_eq!(deep, Err(Problem::Length(12 + 33 * 4)));
}

#[test]
fn the_forest_has_no_impossible_branches() {
    let with = |index: usize, change: &dyn Fn(&mut Member)| {
        let change = |at: usize, member: &mut Member| {
            if at == index {
                change(member);
            }
        };
        altered(|_| {}, |_, _, _| {}, change)
    };
    let task = TaskId::new;
    let reference = |name, number| Err(Problem::Reference(name, number));
    // A child of a thread; of itself, of a later one, of nobody.
    assert_eq!(with(2, &|member| member.parent = task(1)), Ok(()));
    assert_eq!(
        with(2, &|member| member.parent = task(2)),
        reference("parent", 2)
    );
    assert_eq!(
        with(0, &|member| member.parent = task(2)),
        reference("parent", 2)
    );
    assert_eq!(
        with(2, &|member| member.parent = task(9)),
        reference("parent", 9)
    );
    // A thread of a later one, of a thread, of nobody; a child of its own leader.
    assert_eq!(
        with(0, &|member| member.leader = task(2)),
        reference("leader", 2)
    );
    assert_eq!(
        with(2, &|member| member.leader = task(1)),
        reference("leader", 1)
    );
    assert_eq!(
        with(1, &|member| member.leader = task(9)),
        reference("leader", 9)
    );
    assert_eq!(
        with(1, &|member| member.parent = task(0)),
        reference("parent", 0)
    );
    // Pids that are not there, or somebody else's.
    assert_eq!(
        with(0, &|member| member.pid = ObjectId::NONE),
        reference("pid", 0)
    );
    assert_eq!(
        with(1, &|member| member.pid = ObjectId::new(4)),
        reference("pid", 4)
    );
    assert_eq!(
        with(1, &|member| member.pid = ObjectId::new(1)),
        reference("pid", 1)
    );
    assert_eq!(
        with(1, &|member| member.group = ObjectId::new(4)),
        reference("group", 4)
    );
    assert_eq!(with(2, &|member| member.session = ObjectId::NONE), Ok(()));
    // A thread elsewhere than its process.
    assert_eq!(
        with(1, &|member| member.session = ObjectId::NONE),
        reference("session", 0)
    );
    assert_eq!(
        with(1, &|member| member.group = ObjectId::new(3)),
        reference("group", 3)
    );
    // What has ended has no children.
    let ends = |member: &mut Member| member.flags = (member.flags.get() | MEMBER_ENDED).into();
    assert_eq!(with(0, &ends), reference("parent", 0));
    assert_eq!(with(1, &ends), Ok(()));
    // Leading something else, and not saying so.
    let leads = |member: &mut Member| member.flags = MEMBER_SESSION_LEADER.into();
    assert_eq!(with(2, &leads), reference("session", 1));
    assert_eq!(
        with(0, &|member| member.flags = 0.into()),
        reference("group", 1)
    );
    // Fields.
    assert_eq!(
        with(1, &|member| member.status = U32::new(9)),
        Err(Problem::Value("status", 9))
    );
    for impossible in [-1, 65] {
        let signal = with(1, &|member| member.exit_signal = impossible.into());
        let value = impossible as u32;
        assert_eq!(signal, Err(Problem::Value("exit_signal", value.into())));
    }
    let signal = with(1, &|member| member.exit_signal = 0.into());
    assert_eq!(signal, Err(Problem::Value("exit_signal", 0)));
    let signal = with(0, &|member| member.exit_signal = 65.into());
    assert_eq!(signal, Err(Problem::Value("exit_signal", 65)));
}

/// A namespace below another, by their ids; for the container's own both, with none outside.
fn space(id: u32, parent: u32) -> PidSpace {
    PidSpace {
        id: ObjectId::new(id),
        parent: ObjectId::new(parent),
        most: 300.into(),
        ..PidSpace::new_zeroed()
    }
}

/// Three processes, each the child of the one before: the first outside, the others in a namespace.
struct Nested {
    spaces: Vec<PidSpace>,
    /// The namespace of each, and its numbers.
    pids: [(u32, Vec<i32>); 3],
    members: [Member; 3],
}

impl Nested {
    fn new() -> Self {
        let member = |index: u32| Member {
            pid: ObjectId::new(3 + index),
            leader: TaskId::new(index),
            parent: index.checked_sub(1).map_or(TaskId::OUTSIDE, TaskId::new),
            ..Member::new_zeroed()
        };
        Self {
            spaces: vec![space(1, 0), space(2, 1)],
            pids: [(1, vec![10]), (2, vec![11, 1]), (2, vec![12, 2])],
            members: [0, 1, 2].map(member),
        }
    }

    fn check(&self) -> Result<(), Problem> {
        let mut spaces = Spaces::default();
        for space in &self.spaces {
            spaces.add(space)?;
        }
        let pids: Vec<PidEntry> = (3..)
            .zip(&self.pids)
            .map(|(id, (space, numbers))| PidEntry {
                id: ObjectId::new(id),
                space: ObjectId::new(*space),
                numbers: numbers.clone(),
            })
            .collect();
        let header = Header {
            tasks: 3.into(),
            pids: 3.into(),
            ..Header::new_zeroed()
        };
        check_forest(&spaces, &pids, &self.members, &header)
    }

    fn with(change: impl FnOnce(&mut Self)) -> Result<(), Problem> {
        let mut nested = Self::new();
        change(&mut nested);
        nested.check()
    }
}

#[test]
fn namespaces_lie_in_each_other_and_have_a_first_process() {
    let is_refused = |change: fn(&mut Nested)| assert!(Nested::with(change).is_err());
    assert_eq!(Nested::with(|_| ()), Ok(()));
    // Two that are the container's own; one in itself, or in one that comes later.
    is_refused(|nested| nested.spaces[1].parent = ObjectId::NONE);
    is_refused(|nested| nested.spaces[1].parent = ObjectId::new(2));
    is_refused(|nested| nested.spaces[0].parent = ObjectId::new(2));
    is_refused(|nested| nested.spaces[1].id = ObjectId::new(1));
    // So deep that the kernel has none.
    let deep = |levels: u32| {
        let mut spaces = Spaces::default();
        (1..=levels).try_for_each(|id| spaces.add(&space(id, id - 1)))
    };
    assert_eq!(deep(32), Ok(()));
    assert!(deep(33).is_err());
    // Too few numbers, too many; the same twice, inside or outside.
    is_refused(|nested| nested.pids[2].1 = vec![12]);
    is_refused(|nested| nested.pids[2].1 = vec![12, 2, 3]);
    is_refused(|nested| nested.pids[2].1 = vec![12, 1]);
    is_refused(|nested| nested.pids[2].1 = vec![10, 2]);
    // A namespace that is not there; without a first process; that nobody is in.
    is_refused(|nested| nested.pids[2].0 = 3);
    is_refused(|nested| nested.pids[1].1 = vec![11, 3]);
    is_refused(|nested| nested.spaces.push(space(6, 1)));
    // Whoever is inside has its children there; a thread is where its process is.
    is_refused(|nested| nested.pids[2] = (1, vec![12]));
    is_refused(|nested| {
        nested.members[1].leader = TaskId::new(0);
        nested.members[1].parent = TaskId::OUTSIDE;
    });
    // The first process has ended, the others have not.
    is_refused(|nested| nested.members[1].flags = MEMBER_ENDED.into());
    is_refused(|nested| nested.spaces[1].flags = PID_SPACE_CLOSED.into());
}

#[test]
fn children_will_be_inside() {
    let of = |task: usize, space: u32| {
        move |nested: &mut Nested| {
            nested.members[task].space_of_children = ObjectId::new(space);
        }
    };
    let is_refused = |task, space| assert!(Nested::with(of(task, space)).is_err());
    assert_eq!(Nested::with(of(0, 2)), Ok(()));
    is_refused(0, 1);
    is_refused(1, 2);
    is_refused(1, 1);
    is_refused(0, 3);
    is_refused(0, 9);
    // One that is for them alone, and that somebody can make.
    let empty = |task: usize, parent: u32| {
        Nested::with(|nested| {
            nested.spaces.push(space(6, parent));
            of(task, 6)(nested);
        })
    };
    assert_eq!(empty(0, 1), Ok(()));
    assert_eq!(empty(2, 2), Ok(()));
    assert!(empty(0, 2).is_err());
    assert!(empty(2, 1).is_err());
}

#[test]
fn many_threads_that_have_ended_cost_no_time() {
    const MANY: u32 = 100_000;
    let mut spaces = Spaces::default();
    spaces.add(&space(1, 0)).unwrap();
    spaces.add(&space(2, 1)).unwrap();
    // The last thread of the first process inside lives, and is the parent of everybody else there.
    let pid = |index: u32| PidEntry {
        id: ObjectId::new(3 + index),
        space: ObjectId::new(2),
        numbers: vec![1 + index as i32; 2],
    };
    let member = |index: u32| Member {
        pid: ObjectId::new(3 + index),
        leader: TaskId::new(if index < MANY { 0 } else { index }),
        parent: if index < MANY {
            TaskId::OUTSIDE
        } else {
            TaskId::new(MANY - 1)
        },
        flags: if index < MANY - 1 { MEMBER_ENDED } else { 0 }.into(),
        ..Member::new_zeroed()
    };
    let pids: Vec<PidEntry> = (0..2 * MANY).map(pid).collect();
    let members: Vec<Member> = (0..2 * MANY).map(member).collect();
    let header = Header {
        tasks: (2 * MANY).into(),
        pids: (2 * MANY).into(),
        ..Header::new_zeroed()
    };
    let begin = Instant::now();
    assert_eq!(check_forest(&spaces, &pids, &members, &header), Ok(()));
    assert!(begin.elapsed() < Duration::from_secs(20));
}
