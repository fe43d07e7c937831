// SPDX-License-Identifier: GPL-2.0

//! The images, record by record.

use std::io;

use ckpt_image::format::credentials::Identity;
use ckpt_image::format::memory::{
    AreaPolicy, GuardPages, InheritedPages, TaskPolicy, ZeroPages, AREA_GUARDED, AREA_NAMED,
    NODE_NONE,
};
use ckpt_image::format::signals::{
    JobControl, PendingSignal, PENDING_PERIODIC, PENDING_SHARED, PENDING_STALE, PENDING_TIMER,
};
use ckpt_image::format::storage::{ContentPages, ContentZeros};
use ckpt_image::format::syscalls::{
    InterruptedSyscall, INTERRUPTED_HAS_DEADLINE, RESUME_NANOSLEEP,
};
use ckpt_image::format::timers::{IntervalTimer, PosixTimer, PosixTimers};
use ckpt_image::format::usage::{Usage, USAGE_CHILDREN, USAGE_ENDED, USAGE_THREAD};
use ckpt_image::format::{ObjectId, TaskId};
use ckpt_image::ImageWriter;
use zerocopy::{FromZeros, IntoBytes};

use crate::{ipc, parts, specials, talk, terminals};

/// Objects that all tasks share.
struct Shared {
    filter: ObjectId,
    identity: ObjectId,
}

/// What an image of this crate looks like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Goes into the image's id.
    pub name: u8,
    /// Bytes in a page.
    pub page_size: u32,
    /// With a child, a thread, and the records that not every task has.
    pub family: bool,
}

impl Shape {
    /// One process.
    pub const COUNTER: Self = Self {
        name: b'c',
        page_size: 4096,
        family: false,
    };
    /// Every kind of record.
    pub const FAMILY: Self = Self {
        name: b'f',
        page_size: 4096,
        family: true,
    };
    /// The same in fewer bytes, for tests that go through all of them.
    pub const SMALL_PAGES: Self = Self {
        name: b's',
        page_size: 64,
        family: true,
    };
    /// The same once more, as another image.
    pub const ANOTHER: Self = Self {
        name: b'a',
        ..Self::SMALL_PAGES
    };

    /// The bytes.
    pub fn image(&self) -> Vec<u8> {
        self.write(Vec::new()).expect("a Vec takes every byte")
    }

    fn tasks(&self) -> &'static [parts::Place] {
        if self.family {
            &parts::FAMILY
        } else {
            &parts::ALONE
        }
    }

    fn write(&self, sink: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut out = ImageWriter::new(sink);
        self.forest(&mut out)?;

        let mut next = self.tasks().len() as u32 + u32::from(self.family);
        let mut declare = || {
            next += 1;
            ObjectId::new(next)
        };
        let shared = self.confines(&mut out, &mut declare)?;
        let program = declare();
        let file = parts::regular_file(program, shared.identity);
        out.write(&file, b"/usr/bin/counter")?;
        let null = declare();
        let file = parts::null_device(null, shared.identity);
        out.write(&file, b"/dev/null")?;
        let mut memfd = None;
        let mut segment = None;
        let mut pipe = None;
        let mut item = None;
        let mut terminal = None;
        let mut talk = None;
        let mut generated = None;
        let mut queue = None;
        if self.family {
            let storage = declare();
            out.write(&parts::memfd(storage, self.page_size), b"/memfd:shared")?;
            let file = parts::memfd_file(declare(), storage, shared.identity);
            out.write(&file, b"/memfd:shared")?;
            memfd = Some(storage);
            let storage = declare();
            out.write(&ipc::segment(storage, self.page_size), b"/SYSV00001234")?;
            segment = Some(storage);
            let between = declare();
            out.write(&parts::pipe(between), b"/pipe:[4242]")?;
            out.write(
                &parts::pipe_end(declare(), between, shared.identity),
                b"/pipe:[4242]",
            )?;
            pipe = Some(between);
            let file = parts::generated_file(declare(), shared.identity);
            out.write(&file, b"/proc/filesystems")?;
            generated = Some(file.id);
            let target = declare();
            out.write(&parts::pidfd_target(target, ObjectId::new(1)), &[])?;
            out.write(
                &parts::pidfd(declare(), target, shared.identity),
                b"/anon_inode:[pidfd]",
            )?;
            item = Some(specials::write(&mut out, &mut declare, shared.identity)?);
            let session = ObjectId::NONE;
            let made = terminals::write(&mut out, &mut declare, shared.identity, session)?;
            terminal = Some(made);
            talk = Some(talk::write(&mut out, &mut declare, shared.identity)?);
            queue = Some(ipc::queue(&mut out, &mut declare, shared.identity)?);
            out.write(&parts::handed(declare()), b"/dev/pts/3")?;
        }
        let owners = self.tasks().iter().filter(|place| place.is_leader());
        let mut objects = Vec::new();
        for _ in owners {
            let own = parts::Objects {
                descriptors: declare(),
                directories: declare(),
                signal_actions: declare(),
                address_space: declare(),
            };
            out.write(&parts::table(own.descriptors, 2), &[])?;
            out.write(&parts::directories(own.directories), b"//root")?;
            out.write(&parts::signal_actions(own.signal_actions), &[])?;
            let space = parts::address_space(own.address_space, program);
            out.write(&space, parts::auxiliary_vector().as_bytes())?;
            objects.push(own);
        }
        for own in &objects {
            self.links(&mut out, own, program, null)?;
        }
        if self.family {
            out.write(&parts::file_owner(program), &[])?;
        }
        if let Some(file) = generated {
            out.write(&parts::reading(file), b"sysfs\n")?;
        }
        if let Some(item) = item {
            out.write(&item, &[])?;
        }
        if let Some(terminal) = terminal {
            terminals::links(&mut out, terminal)?;
        }
        if let (Some(talk), Some(first)) = (talk, objects.first()) {
            let of_first = (first.address_space, first.descriptors);
            talk::links(&mut out, talk, program, of_first)?;
        }
        if let Some(memfd) = memfd {
            let (attribute, tail) = parts::attribute(memfd);
            out.write(&attribute, tail)?;
        }
        if let Some(segment) = segment {
            ipc::objects(&mut out, segment, self.page_size)?;
        }
        if let Some(queue) = queue {
            ipc::messages(&mut out, queue)?;
        }
        self.states(&mut out, &objects, &shared)?;
        if let Some(terminal) = terminal {
            terminals::control(&mut out, TaskId::new(0), terminal)?;
        }
        if let Some(memfd) = memfd {
            self.storage(&mut out, memfd)?;
        }
        if let Some(pipe) = pipe {
            for (data, bytes) in parts::pipe_data(pipe) {
                out.write(&data, bytes)?;
            }
        }
        if let Some(talk) = talk {
            talk::message(&mut out, talk)?;
        }
        let mut first = None;
        for own in &objects {
            self.contents(&mut out, own, first)?;
            first.get_or_insert(own.address_space);
        }
        out.end()
    }

    /// Filters, one on top of the other, and an identity with a keyring, which all tasks share.
    fn confines(
        &self,
        out: &mut ImageWriter<Vec<u8>>,
        declare: &mut impl FnMut() -> ObjectId,
    ) -> io::Result<Shared> {
        let mut shared = Shared {
            filter: ObjectId::NONE,
            identity: ObjectId::NONE,
        };
        let mut keyring = ObjectId::NONE;
        let groups: &[u32] = if self.family { &[4, 24] } else { &[] };
        if self.family {
            for _ in 0..2 {
                let filter = declare();
                out.write(&parts::filter(filter, shared.filter), &parts::ALLOW)?;
                shared.filter = filter;
            }
            keyring = declare();
            out.write(&parts::keyring(keyring, b"_ses"), b"_ses")?;
        }
        shared.identity = declare();
        let mut tail = Vec::new();
        for group in groups {
            tail.extend_from_slice(&group.to_le_bytes());
        }
        let identity = Identity {
            groups: (groups.len() as u32).into(),
            session_keyring: keyring,
            ..parts::identity(shared.identity)
        };
        out.write(&identity, &tail)?;
        Ok(shared)
    }

    fn forest(&self, out: &mut ImageWriter<Vec<u8>>) -> io::Result<()> {
        let tasks = self.tasks();
        out.write(&parts::header(self, tasks.len() as u32), &[])?;
        out.write(&parts::machine(), &[])?;
        if self.family {
            out.write(
                &parts::vdso(self.page_size),
                &parts::pattern(self.page_size, 0x90),
            )?;
        }
        if self.family {
            terminals::place(out)?;
            out.write(&ipc::space(), &[])?;
        }
        for index in 0..tasks.len() as u32 {
            let number = 100 + index as i32;
            out.write(&parts::pid(index + 1), &number.to_le_bytes())?;
        }
        if self.family {
            out.write(&parts::pid_space(tasks.len() as u32 + 1), &[])?;
        }
        for (index, place) in (0..).zip(tasks) {
            out.write(&parts::member(index, place), &[])?;
        }
        Ok(())
    }

    fn links(
        &self,
        out: &mut ImageWriter<Vec<u8>>,
        own: &parts::Objects,
        program: ObjectId,
        null: ObjectId,
    ) -> io::Result<()> {
        let page = u64::from(self.page_size);
        out.write(&parts::file_area(own, program, page), &[])?;
        let mut heap = parts::heap(own, page);
        let mut name: &[u8] = b"";
        if self.family {
            heap.flags = (AREA_NAMED | AREA_GUARDED).into();
            name = b"counters";
        }
        out.write(&heap, name)?;
        if self.family {
            let guards = GuardPages {
                space: own.address_space,
                address: (parts::HEAP + 6 * page).into(),
                count: 2.into(),
                ..GuardPages::new_zeroed()
            };
            out.write(&guards, &[])?;
            let policy = AreaPolicy {
                space: own.address_space,
                mode: 2.into(),
                address: parts::HEAP.into(),
                home_node: NODE_NONE.into(),
                ..AreaPolicy::new_zeroed()
            };
            out.write(&policy, &[1])?;
        }
        out.write(&parts::descriptor(own, 0, null), &[])?;
        out.write(&parts::descriptor(own, 3, program), &[])?;
        if self.family {
            let (table, used) = parts::local_descriptors(own);
            out.write(&table, used.as_bytes())?;
        }
        Ok(())
    }

    fn states(
        &self,
        out: &mut ImageWriter<Vec<u8>>,
        objects: &[parts::Objects],
        shared: &Shared,
    ) -> io::Result<()> {
        for (index, place) in (0..).zip(self.tasks()) {
            let task = TaskId::new(index);
            if place.is_leader() {
                out.write(&parts::process(task), &[])?;
            }
            out.write(&parts::thread(task, &objects[place.owner]), &[])?;
            out.write(&parts::credentials(task, shared.identity), &[])?;
            let affinity: &[u8] = if self.family { &[0b101] } else { &[] };
            out.write(&parts::scheduling(task), affinity)?;
            out.write(&parts::registers(task), &[])?;
            if self.family {
                out.write(&parts::extended_state(task), &parts::pattern(576, 0x10))?;
                out.write(&parts::confinement(task, shared.filter), &[])?;
                out.write(&parts::settings(task), &[])?;
            }
        }
        if self.family {
            self.rarities(out)?;
        }
        Ok(())
    }

    /// What few tasks have.
    fn rarities(&self, out: &mut ImageWriter<Vec<u8>>) -> io::Result<()> {
        let sleep = InterruptedSyscall {
            task: TaskId::new(1),
            what: RESUME_NANOSLEEP.into(),
            clock: 1.into(),
            deadline_ns: 5_500_000_000.into(),
            address: 0x7ffc_0000_1000.into(),
            options: INTERRUPTED_HAS_DEADLINE.into(),
            ..InterruptedSyscall::new_zeroed()
        };
        out.write(&sleep, &[])?;
        out.write(&ipc::undo(TaskId::new(0)), &[1, 0, 0xfe, 0xff])?;
        self.timers(out)?;
        let mut signal = PendingSignal {
            task: TaskId::new(2),
            ..PendingSignal::new_zeroed()
        };
        signal.siginfo[0] = 10;
        out.write(&signal, &[])?;
        let job = JobControl {
            task: TaskId::new(2),
            stop_signal: 19.into(),
            unreported: 19.into(),
            ..JobControl::new_zeroed()
        };
        out.write(&job, &[])?;
        self.usage(out)
    }

    /// An interval timer, and a POSIX timer that was set anew while its signal was queued.
    fn timers(&self, out: &mut ImageWriter<Vec<u8>>) -> io::Result<()> {
        let task = TaskId::new(0);
        let timer = IntervalTimer {
            task,
            expires_ns: 250_000_000.into(),
            interval_ns: 1_000_000_000.into(),
            ..IntervalTimer::new_zeroed()
        };
        out.write(&timer, &[])?;
        let timers = PosixTimers {
            task,
            next_id: 8.into(),
            ..PosixTimers::new_zeroed()
        };
        out.write(&timers, &[])?;
        let timer = PosixTimer {
            task,
            target: task,
            id: 7.into(),
            clock_task: TaskId::OUTSIDE,
            signal: 14.into(),
            expires_ns: 5_000_000_000.into(),
            interval_ns: 1_000_000.into(),
            overruns: (-1).into(),
            ..PosixTimer::new_zeroed()
        };
        out.write(&timer, &[])?;
        let mut signal = PendingSignal {
            task,
            flags: (PENDING_SHARED | PENDING_TIMER | PENDING_STALE | PENDING_PERIODIC).into(),
            ..PendingSignal::new_zeroed()
        };
        signal.siginfo[0] = 14;
        signal.siginfo[16] = 7;
        out.write(&signal, &[])?;
        let policy = TaskPolicy {
            task: TaskId::new(0),
            mode: 3.into(),
            last_node: 1.into(),
            ..TaskPolicy::new_zeroed()
        };
        out.write(&policy, &[3])
    }

    fn usage(&self, out: &mut ImageWriter<Vec<u8>>) -> io::Result<()> {
        for whose in [USAGE_THREAD, USAGE_ENDED, USAGE_CHILDREN] {
            let usage = Usage {
                task: TaskId::new(0),
                whose: whose.into(),
                user_ns: 4_000_000.into(),
                runtime_ns: 5_500_000.into(),
                minor_faults: 90.into(),
                ..Usage::new_zeroed()
            };
            out.write(&usage, &[])?;
        }
        Ok(())
    }

    fn storage(&self, out: &mut ImageWriter<Vec<u8>>, storage: ObjectId) -> io::Result<()> {
        let page = u64::from(self.page_size);
        let run = ContentPages {
            storage,
            ..ContentPages::new_zeroed()
        };
        out.write(&run, &parts::pattern(self.page_size, 0x30))?;
        let zeros = ContentZeros {
            storage,
            offset: (2 * page).into(),
            count: 1.into(),
            ..ContentZeros::new_zeroed()
        };
        out.write(&zeros, &[])
    }

    /// What is in memory; a child still has what was its parent's.
    fn contents(
        &self,
        out: &mut ImageWriter<Vec<u8>>,
        own: &parts::Objects,
        parent: Option<ObjectId>,
    ) -> io::Result<()> {
        let page = u64::from(self.page_size);
        match parent {
            Some(from) => {
                let run = InheritedPages {
                    space: own.address_space,
                    from,
                    address: parts::HEAP.into(),
                    count: 2.into(),
                };
                out.write(&run, &[])?;
            }
            None => {
                let run = parts::pages(own, parts::HEAP);
                out.write(&run, &parts::pattern(self.page_size * 2, 1))?;
            }
        }
        if self.family {
            let zeros = ZeroPages {
                space: own.address_space,
                address: (parts::HEAP + 2 * page).into(),
                count: 3.into(),
                ..ZeroPages::new_zeroed()
            };
            out.write(&zeros, &[])?;
        }
        Ok(())
    }
}
