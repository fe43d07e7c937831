// SPDX-License-Identifier: GPL-2.0

//! Single records with plausible values.

use ckpt_image::format::confinement::{
    Confinement, SeccompFilter, Settings, FILTER_LOG, MEMORY_ERROR_EARLY, SECCOMP_FILTERS,
    SETTING_RANDOMIZED,
};
use ckpt_image::format::cpu_x86_64::{
    ExtendedStateX86, LocalDescriptors, RegistersX86_64, TlsSegment,
};
use ckpt_image::format::credentials::{Credentials, Identity, Keyring, KEYRING_LINKS_USER};
use ckpt_image::format::files::{
    Descriptor, DescriptorTable, Directories, FileOwner, FileReading, OpenFile, FILE_FIRST,
    FILE_OWNER_PROCESS, OPEN_FILE_GENERATED, OPEN_FILE_NO_REUSE, OPEN_FILE_RANDOM,
};
use ckpt_image::format::handed::{Handed, HANDED_WRITES};
use ckpt_image::format::header::{Header, MachineX86_64, Vdso, ARCHITECTURE_X86_64, MAGIC};
use ckpt_image::format::memory::{
    AddressSpace, Area, Pages, AREA_KIND_ANONYMOUS, AREA_KIND_FILE, SPACE_TOP_DOWN,
};
use ckpt_image::format::pidfds::PidfdTarget;
use ckpt_image::format::pipes::{Pipe, PipeData, BUFFER_MERGES, BUFFER_PACKET, PIPE_POLLED};
use ckpt_image::format::signals::SignalActions;
use ckpt_image::format::storage::{Storage, StorageAttribute, STORAGE_FORM_MEMFD};
use ckpt_image::format::task::{
    Member, Pid, PidSpace, Process, Scheduling, Thread, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER,
    PROCESS_CHILD_SUBREAPER, THREAD_DUMPABLE,
};
use ckpt_image::format::{ObjectId, TaskId};
use zerocopy::little_endian::U64;
use zerocopy::FromZeros;

use crate::Shape;

/// Where the heap begins.
pub(crate) const HEAP: u64 = 0x5555_0010_0000;
const PROGRAM: u64 = 0x5555_0000_0000;
const SIGCHLD: i32 = 17;

/// Where a task stands.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) leader: u32,
    pub(crate) parent: Option<u32>,
    /// Which set of objects it uses.
    pub(crate) owner: usize,
    own: u32,
}

impl Place {
    pub(crate) fn is_leader(&self) -> bool {
        self.leader == self.own
    }
}

pub(crate) static ALONE: [Place; 1] = [ROOT];
pub(crate) static FAMILY: [Place; 3] = [
    ROOT,
    // A thread of the root.
    Place {
        leader: 0,
        parent: None,
        owner: 0,
        own: 1,
    },
    // A child of the root.
    Place {
        leader: 2,
        parent: Some(0),
        owner: 1,
        own: 2,
    },
];
const ROOT: Place = Place {
    leader: 0,
    parent: None,
    owner: 0,
    own: 0,
};

/// What a process calls its own.
#[derive(Debug)]
pub(crate) struct Objects {
    pub(crate) descriptors: ObjectId,
    pub(crate) directories: ObjectId,
    pub(crate) signal_actions: ObjectId,
    pub(crate) address_space: ObjectId,
}

/// Sixteen bytes again and again: short in a hex dump.
pub(crate) fn pattern(length: u32, seed: u8) -> Vec<u8> {
    (0..length)
        .map(|n| seed.wrapping_add((n % 16) as u8))
        .collect()
}

fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    field[..text.len()].copy_from_slice(text.as_bytes());
    field
}

pub(crate) fn header(shape: &Shape, tasks: u32) -> Header {
    Header {
        magic: MAGIC,
        version: 1.into(),
        architecture: ARCHITECTURE_X86_64.into(),
        image_id: [shape.name; 16],
        page_size: shape.page_size.into(),
        tasks: tasks.into(),
        pids: tasks.into(),
        realtime_ns: 1_700_000_000_123_456_789.into(),
        monotonic_ns: 3_600_000_000_001.into(),
        boottime_ns: 3_600_000_000_002.into(),
        kernel_release: padded("7.2.0-cr"),
        kernel_version: padded("#1 SMP PREEMPT_DYNAMIC"),
        node: padded("sample"),
        ..Header::new_zeroed()
    }
}

pub(crate) fn machine() -> MachineX86_64 {
    MachineX86_64 {
        xfeatures: 0x7.into(),
        xstate_size: 832.into(),
        hwcap: 0x178b_fbff.into(),
        hwcap2: 0x2.into(),
        ..MachineX86_64::new_zeroed()
    }
}

pub(crate) fn vdso(page_size: u32) -> Vdso {
    Vdso {
        data_size: (page_size * 4).into(),
        bits: 64.into(),
    }
}

pub(crate) fn pid(id: u32) -> Pid {
    Pid {
        id: ObjectId::new(id),
        levels: 1.into(),
        ..Pid::new_zeroed()
    }
}

/// The container's own.
pub(crate) fn pid_space(id: u32) -> PidSpace {
    PidSpace {
        id: ObjectId::new(id),
        most: 4_194_304.into(),
        next: 103.into(),
        ..PidSpace::new_zeroed()
    }
}

pub(crate) fn member(index: u32, place: &Place) -> Member {
    let leads = index == 0;
    Member {
        pid: ObjectId::new(index + 1),
        leader: TaskId::new(place.leader),
        parent: place.parent.map_or(TaskId::OUTSIDE, TaskId::new),
        group: ObjectId::new(1),
        session: ObjectId::new(1),
        exit_signal: SIGCHLD.into(),
        flags: if leads {
            MEMBER_GROUP_LEADER | MEMBER_SESSION_LEADER
        } else {
            0
        }
        .into(),
        ..Member::new_zeroed()
    }
}

pub(crate) fn regular_file(id: ObjectId, opener: ObjectId) -> OpenFile {
    OpenFile {
        id,
        opener,
        mode: 0o100_755.into(),
        flags: 0o100_000.into(),
        size: 16_384.into(),
        mtime_s: 1_690_000_000.into(),
        mtime_ns: 42.into(),
        inode: 4711.into(),
        marks: (OPEN_FILE_RANDOM | OPEN_FILE_NO_REUSE).into(),
        write_hint: 3.into(),
        ..OpenFile::new_zeroed()
    }
}

/// Three pages, the last of them not whole.
pub(crate) fn memfd(id: ObjectId, page_size: u32) -> Storage {
    Storage {
        id,
        form: STORAGE_FORM_MEMFD.into(),
        mode: 0o100_777.into(),
        seals: 0x6.into(),
        size: (u64::from(page_size) * 3 - 7).into(),
        atime_s: 1_690_000_001.into(),
        mtime_s: 1_690_000_002.into(),
        mtime_ns: 3.into(),
        inode_flags: 0x40.into(),
        ..Storage::new_zeroed()
    }
}

/// `user.origin`, with the value `here`.
pub(crate) fn attribute(storage: ObjectId) -> (StorageAttribute, &'static [u8]) {
    let attribute = StorageAttribute {
        storage,
        name_length: 11.into(),
        value_length: 4.into(),
        ..StorageAttribute::new_zeroed()
    };
    (attribute, b"user.originhere")
}

pub(crate) fn memfd_file(id: ObjectId, storage: ObjectId, opener: ObjectId) -> OpenFile {
    OpenFile {
        id,
        opener,
        mode: 0o100_777.into(),
        flags: 0o100_002.into(),
        storage,
        origin: FILE_FIRST.into(),
        ..OpenFile::new_zeroed()
    }
}

/// With two buffers in it.
pub(crate) fn pipe(id: ObjectId) -> Pipe {
    Pipe {
        id,
        flags: PIPE_POLLED.into(),
        mode: 0o010_600.into(),
        uid: 1000.into(),
        gid: 1000.into(),
        user: 1000.into(),
        buffers: 2.into(),
        size: 65_536.into(),
        bytes: 10.into(),
        atime_s: 1_690_000_003.into(),
        mtime_s: 1_690_000_004.into(),
        mtime_ns: 5.into(),
        ..Pipe::new_zeroed()
    }
}

/// The end that pipe(2) made for reading.
pub(crate) fn pipe_end(id: ObjectId, pipe: ObjectId, opener: ObjectId) -> OpenFile {
    OpenFile {
        id,
        opener,
        mode: 0o010_600.into(),
        flags: 0o4000.into(),
        storage: pipe,
        origin: FILE_FIRST.into(),
        ..OpenFile::new_zeroed()
    }
}

/// The task that has this pid.
pub(crate) fn pidfd_target(id: ObjectId, pid: ObjectId) -> PidfdTarget {
    PidfdTarget {
        id,
        pid,
        ..PidfdTarget::new_zeroed()
    }
}

/// A pidfd for it.
pub(crate) fn pidfd(id: ObjectId, target: ObjectId, opener: ObjectId) -> OpenFile {
    OpenFile {
        id,
        opener,
        mode: 0o100_700.into(),
        flags: 0o2.into(),
        storage: target,
        ..OpenFile::new_zeroed()
    }
}

/// A terminal, as standard error.
pub(crate) fn handed(id: ObjectId) -> Handed {
    Handed {
        id,
        mode: 0o020_620.into(),
        flags: 0o100_002.into(),
        device: (136 << 20 | 3).into(),
        number: 2.into(),
        needs: HANDED_WRITES.into(),
    }
}

/// A packet, and what was left of three bytes more.
pub(crate) fn pipe_data(pipe: ObjectId) -> [(PipeData, &'static [u8]); 2] {
    let packet = PipeData {
        pipe,
        flags: BUFFER_PACKET.into(),
        ..PipeData::new_zeroed()
    };
    let rest = PipeData {
        flags: BUFFER_MERGES.into(),
        offset: 3.into(),
        ..packet
    };
    [(packet, b"a packet"), (rest, b"on")]
}

/// The first process is told, by a real-time signal.
pub(crate) fn file_owner(file: ObjectId) -> FileOwner {
    FileOwner {
        file,
        pid: ObjectId::new(1),
        what: FILE_OWNER_PROCESS.into(),
        signal: 35.into(),
        uid: 1000.into(),
        euid: 1000.into(),
    }
}

pub(crate) fn generated_file(id: ObjectId, opener: ObjectId) -> OpenFile {
    OpenFile {
        id,
        opener,
        mode: 0o100_444.into(),
        flags: 0o100_000.into(),
        position: 7.into(),
        marks: OPEN_FILE_GENERATED.into(),
        ..OpenFile::new_zeroed()
    }
}

/// The first record was made and read in part.
pub(crate) fn reading(file: ObjectId) -> FileReading {
    FileReading {
        file,
        index: 1.into(),
        position: 7.into(),
        ..FileReading::new_zeroed()
    }
}

pub(crate) fn null_device(id: ObjectId, opener: ObjectId) -> OpenFile {
    OpenFile {
        id,
        opener,
        mode: 0o020_666.into(),
        flags: 0o100_002.into(),
        device: (1 << 20 | 3).into(),
        ..OpenFile::new_zeroed()
    }
}

pub(crate) fn table(id: ObjectId, count: u32) -> DescriptorTable {
    DescriptorTable {
        id,
        count: count.into(),
    }
}

/// For the tail `//root`.
pub(crate) fn directories(id: ObjectId) -> Directories {
    Directories {
        id,
        umask: 0o022.into(),
        root_length: 1.into(),
        cwd_length: 5.into(),
        ..Directories::new_zeroed()
    }
}

pub(crate) fn signal_actions(id: ObjectId) -> SignalActions {
    let mut actions = SignalActions {
        id,
        ..SignalActions::new_zeroed()
    };
    actions.actions[SIGCHLD as usize - 1].handler = (PROGRAM + 0x40).into();
    actions
}

/// AT_PAGESZ and AT_NULL.
pub(crate) fn auxiliary_vector() -> [U64; 4] {
    [6, 4096, 0, 0].map(U64::new)
}

pub(crate) fn address_space(id: ObjectId, exe: ObjectId) -> AddressSpace {
    AddressSpace {
        id,
        exe,
        start_code: PROGRAM.into(),
        end_code: (PROGRAM + 0x40).into(),
        start_brk: HEAP.into(),
        brk: (HEAP + 0x40).into(),
        mmap_base: 0x7fff_f7ff_f000.into(),
        mmap_compat_base: 0xf7ff_f000.into(),
        areas: 2.into(),
        flags: SPACE_TOP_DOWN.into(),
        coredump_filter: 0x33.into(),
        ..AddressSpace::new_zeroed()
    }
}

pub(crate) fn file_area(own: &Objects, file: ObjectId, page: u64) -> Area {
    Area {
        space: own.address_space,
        file,
        start: PROGRAM.into(),
        end: (PROGRAM + 4 * page).into(),
        protection: 5.into(),
        kind: AREA_KIND_FILE.into(),
        ..Area::new_zeroed()
    }
}

pub(crate) fn heap(own: &Objects, page: u64) -> Area {
    Area {
        space: own.address_space,
        start: HEAP.into(),
        end: (HEAP + 8 * page).into(),
        protection: 3.into(),
        kind: AREA_KIND_ANONYMOUS.into(),
        lineage: 1.into(),
        ..Area::new_zeroed()
    }
}

pub(crate) fn descriptor(own: &Objects, number: u32, file: ObjectId) -> Descriptor {
    Descriptor {
        table: own.descriptors,
        number: number.into(),
        file,
        flags: 0.into(),
    }
}

pub(crate) fn local_descriptors(own: &Objects) -> (LocalDescriptors, [TlsSegment; 2]) {
    let segment = |entry: u32| TlsSegment {
        entry: entry.into(),
        base: 0x1000.into(),
        limit: 0xfff.into(),
        flags: 1.into(),
    };
    let table = LocalDescriptors {
        space: own.address_space,
        entries: 8.into(),
        used: 2.into(),
        ..LocalDescriptors::new_zeroed()
    };
    (table, [segment(0), segment(5)])
}

pub(crate) fn process(task: TaskId) -> Process {
    let mut process = Process {
        task,
        flags: PROCESS_CHILD_SUBREAPER.into(),
        start_boottime_ns: 3_000_000_000_000.into(),
        ..Process::new_zeroed()
    };
    for limit in &mut process.limits {
        limit.soft = 1024.into();
        limit.hard = u64::MAX.into();
    }
    process
}

pub(crate) fn thread(task: TaskId, objects: &Objects) -> Thread {
    Thread {
        task,
        io_context: task,
        address_space: objects.address_space,
        descriptors: objects.descriptors,
        directories: objects.directories,
        signal_actions: objects.signal_actions,
        comm: padded("counter"),
        robust_list: (HEAP + 0x20).into(),
        flags: THREAD_DUMPABLE.into(),
        timer_slack_ns: 50_000.into(),
        default_timer_slack_ns: 50_000.into(),
        ..Thread::new_zeroed()
    }
}

pub(crate) fn credentials(task: TaskId, identity: ObjectId) -> Credentials {
    Credentials {
        task,
        identity,
        login_uid: u32::MAX.into(),
        audit_session: u32::MAX.into(),
    }
}

pub(crate) fn identity(id: ObjectId) -> Identity {
    Identity {
        id,
        uid: 1000.into(),
        euid: 1000.into(),
        suid: 1000.into(),
        fsuid: 1000.into(),
        gid: 1000.into(),
        egid: 1000.into(),
        sgid: 1000.into(),
        fsgid: 1000.into(),
        bounding: 0x1ff_ffff_ffff.into(),
        ..Identity::new_zeroed()
    }
}

pub(crate) fn scheduling(task: TaskId) -> Scheduling {
    Scheduling {
        task,
        nice: (-5).into(),
        ..Scheduling::new_zeroed()
    }
}

pub(crate) fn registers(task: TaskId) -> RegistersX86_64 {
    let mut registers = RegistersX86_64 {
        task,
        ..RegistersX86_64::new_zeroed()
    };
    for (number, register) in (0_u64..).zip(&mut registers.registers) {
        *register = (PROGRAM + number).into();
    }
    // Selectors and flags as a program has them: cs, eflags, ss, ds es fs gs.
    for (place, value) in [(17, 0x33), (18, 0x246), (20, 0x2b)] {
        registers.registers[place] = value.into();
    }
    for selector in &mut registers.registers[23..] {
        *selector = 0.into();
    }
    registers
}

pub(crate) fn extended_state(task: TaskId) -> ExtendedStateX86 {
    ExtendedStateX86 {
        task,
        ..ExtendedStateX86::new_zeroed()
    }
}

pub(crate) fn pages(own: &Objects, address: u64) -> Pages {
    Pages {
        space: own.address_space,
        address: address.into(),
        ..Pages::new_zeroed()
    }
}

/// "Allow", as an instruction of classic BPF.
pub(crate) const ALLOW: [u8; 8] = [6, 0, 0, 0, 0, 0, 0xff, 0x7f];

pub(crate) fn filter(id: ObjectId, below: ObjectId) -> SeccompFilter {
    SeccompFilter {
        id,
        below,
        flags: FILTER_LOG.into(),
        instructions: 1.into(),
    }
}

pub(crate) fn keyring(id: ObjectId, name: &[u8]) -> Keyring {
    Keyring {
        id,
        serial: 123_456_789.into(),
        uid: 1000.into(),
        gid: 1000.into(),
        permissions: 0x3f03_0000.into(),
        flags: KEYRING_LINKS_USER.into(),
        user: 1000.into(),
        name_length: (name.len() as u32).into(),
        expires_s: 0.into(),
        keys_of_user: 3.into(),
        reserved: 0.into(),
    }
}

pub(crate) fn confinement(task: TaskId, filter: ObjectId) -> Confinement {
    Confinement {
        task,
        seccomp: SECCOMP_FILTERS.into(),
        filter,
        ..Confinement::new_zeroed()
    }
}

pub(crate) fn settings(task: TaskId) -> Settings {
    Settings {
        task,
        flags: SETTING_RANDOMIZED.into(),
        memory_errors: MEMORY_ERROR_EARLY.into(),
        store_bypass: 3.into(),
        ..Settings::new_zeroed()
    }
}
