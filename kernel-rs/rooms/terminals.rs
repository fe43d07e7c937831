// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Pseudo terminals: pairs with both sides inside, and whom they control.
//!
//! Saves: number, settings (termios, also locked ones), size of the window, locked, exclusive, packet
//! mode with what it has not told yet; of each side what is to be read, where lines end, what is to
//! be echoed, columns, stopped output, and the buffers in between, exactly as they are filled;
//! owner, mode and times of the slave; the session and the group in the foreground; slaves that were
//! closed or hung up, masters that were closed; /dev/tty as an open file. Open files are open files
//! like any other (`files`). Of a group in the foreground that nobody is in any more, its number. If the
//! slave controls a session inside and the master is outside, the slave alone, and what the session has
//! still to read: what it has written is out already.
//! Refuses: a side that is open outside, but for such pairs; other line disciplines; a session or a group
//! in the foreground outside; terminals of two instances of devpts; a slave that was hung up and opened
//! again, and is open from before that too; the terminal that output of the console goes to (TIOCCONS).
//! Needs, at restart: devpts where it was, in which the number is free. A restart in namespaces of
//! its own mounts a new one there (`TerminalPlace`), in which it is.
//! Restores: the pair by opening the same device until it gives the right number; the slave as
//! TIOCGPTPEER does. The rest is put in place by the coordinator when all is open; whom it controls
//! when there is nothing left that could hang it up. A master that was outside is given to the caller
//! of restart(2), last of all.
//! Locks: ldisc_sem (read) over those of the buffers, over those of N_TTY and port->lock, while a side is
//! held; termios_rwsem, ctrl.lock, files_lock; siglock; tasklist_lock (read) over ctrl.lock; each inside
//! one call of the glue.

use kernel::prelude::*;
use kernel::str::{CStr, CString};
use kernel::task::Task;
use zerocopy::little_endian::{I32, U16, U32, U64};
use zerocopy::{FromZeros, IntoBytes};

use super::descriptors::{blame, tables};
use super::files::{text, FilePlan};
use super::kinds::{SHOWN, S_IFCHR, S_IFMT};
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, OpenFile, Promised};
use crate::abstractions::sockets::Pid;
use crate::abstractions::terminals::{
    self, BufferState, End, PairState, Settings, Side, SideState, LONGEST_BUFFER,
};
use crate::abstractions::{family, task, until_zero, user, zeroed};
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::format::calls::{TakenTerminal, MAX_HAND_IN};
use crate::format::files::OpenFile as FileRecord;
use crate::format::reason::Reason;
use crate::format::task::Member;
use crate::format::terminals::{
    ControllingTerminal, Terminal, TerminalBuffer, TerminalPlace, TerminalSide, MAX_TERMINALS,
    PLACE_GID, PLACE_RELAYED, PLACE_UID, TERMINAL_ABANDONED, TERMINAL_HUNG_UP, TERMINAL_PACKET,
    TERMINAL_RELAYED, WHICH_MASTER, WHICH_SLAVE,
};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;
use crate::sort;

/// Both sides, and what a record calls them.
const SIDES: [(Side, u32); 2] = [(Side::Master, WHICH_MASTER), (Side::Slave, WHICH_SLAVE)];

/// Devices: what opening makes a pair, and what controls whoever opens it.
const PTMX: u32 = 5 << 20 | 2;
const CURRENT: u32 = 5 << 20;
/// Major number of slaves.
const SLAVES: u32 = 136;

/// A pair that has been described.
pub(crate) struct Pair {
    identity: usize,
    /// An open file of it, by its place among those of the capture.
    file: usize,
    /// To be said if somebody outside has it too.
    suspicion: Option<Refusal>,
}

/// A pair whose slave controls a session inside, and whose master is outside.
pub(crate) struct Relay {
    identity: usize,
    master: OpenFile,
    /// Who leads the session: its place among the tasks.
    leader: usize,
    /// Somebody has an open file of it.
    is_met: bool,
}

/// Pairs that are to be relayed, and remarks on them. Before anything is captured.
pub(crate) fn find_relays(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let mut relays = KVVec::new();
    for (leader, task) in tasks.iter().enumerate() {
        if !task.is_leader() || task.process_ended || !leads(task) {
            continue;
        }
        let Some(master) = terminals::master_of_task(&task.task) else {
            continue;
        };
        if let Some(end) = End::of(&master) {
            let relay = Relay {
                identity: end.identity(),
                master,
                leader,
                is_met: false,
            };
            relays.push(relay, GFP_KERNEL)?;
        }
    }
    if relays.is_empty() {
        return Ok(());
    }
    for task in tables(tasks)?.iter().filter_map(|table| tasks.get(*table)) {
        let mut next = 0;
        while let Some((number, file, _)) = descriptors::next(&task.task, next) {
            let inside = End::of(&file).filter(|end| end.side() == Side::Master);
            if let Some(inside) = inside {
                relays.retain(|relay| relay.identity != inside.identity());
            }
            next = number.saturating_add(1);
        }
    }
    for relay in relays.iter() {
        let end = End::of(&relay.master).ok_or(EINVAL)?;
        let task = tasks.get(relay.leader).ok_or(EINVAL)?;
        let remark = task.refusal(Reason::TerminalRelayed);
        out.remark(&remark.text(name_of(end.state()?.number)?.to_bytes()));
    }
    out.relays = relays;
    Ok(())
}

/// Does it lead its session?
fn leads(task: &FrozenTask) -> bool {
    let session = family::session(&task::job(&task.task));
    session.identity() == task::pid_identity(&task.task)
}

/// Is this an open file of a pair that is to be relayed?
pub(super) fn is_relayed(file: &OpenFile, out: &Capture<'_>) -> bool {
    let find = |end: End| {
        out.relays
            .iter()
            .find(|relay| relay.identity == end.identity())
    };
    !out.relays.is_empty() && End::of(file).and_then(find).is_some()
}

/// How people call a pair: by its slave.
fn name_of(number: u32) -> Result<CString> {
    CString::try_from_fmt(fmt!("/dev/pts/{number}"))
}

/// Describes the pair that an open file is of, once. The file itself is described next.
pub(super) fn capture(
    file: &OpenFile,
    task: &FrozenTask,
    place: &impl Fn(Refusal) -> Refusal,
    out: &mut Capture<'_>,
) -> Result<Result<ObjectId, Refusal>> {
    let end = End::of(file).ok_or(EINVAL)?;
    let state = end.state()?;
    let name = name_of(state.number)?;
    let refusal = |reason| task.refusal(reason).text(name.to_bytes());
    if end.is_hung_up() && state.has_discipline {
        return Ok(Err(refusal(Reason::TerminalHungUp)));
    }
    if let Some(id) = out.known(end.identity()) {
        return Ok(Ok(id));
    }
    if state.is_console {
        return Ok(Err(refusal(Reason::TerminalConsole)));
    }
    let mut relays = out.relays.iter_mut();
    let relay = relays.find(|relay| relay.identity == end.identity());
    let is_relayed = relay.map(|relay| relay.is_met = true).is_some();
    if state.is_odd {
        return Ok(Err(refusal(Reason::TerminalDiscipline)));
    }
    let pid = |pid: *const _, out: &Capture<'_>| match pid as usize {
        0 => Some(ObjectId::NONE),
        address => out.known(address),
    };
    let Some(session) = pid(state.session, out) else {
        return Ok(Err(refusal(Reason::TerminalSession)));
    };
    let gone = end.gone_group(out.pid_space.unwrap_or(0));
    let Some(group) = gone
        .map(|_| ObjectId::NONE)
        .or_else(|| pid(state.group, out))
    else {
        return Ok(Err(refusal(Reason::TerminalForeground)));
    };
    let Some(device) = capture_place(&end, &state, is_relayed, out)? else {
        return Ok(Err(refusal(Reason::TerminalPlace)));
    };
    let (id, _) = out.object(end.identity())?;
    let mut record = Terminal::new_zeroed();
    record.id = id;
    record.number = U32::new(state.number);
    (record.session, record.group) = (session, group);
    record.group_number = U32::new(gone.unwrap_or(0));
    let mut flags = 0;
    if is_relayed {
        flags |= TERMINAL_RELAYED;
    } else {
        // Of what the master is told, nothing is to be told to another one.
        record.packet_status = U32::new(state.packet_status);
        flags |= if state.packet { TERMINAL_PACKET } else { 0 };
    }
    if !state.has_discipline {
        flags |= TERMINAL_HUNG_UP;
    }
    let node = match state.has_master {
        true => match end.master().as_ref().and_then(End::of) {
            Some(master) => Some(master.open_slave(oflag::O_PATH)?),
            None => return Ok(Err(refusal(Reason::TerminalHeld))),
        },
        false => {
            flags |= TERMINAL_ABANDONED;
            None
        }
    };
    record.flags = U32::new(flags);
    let inode = node.as_ref().unwrap_or(file).storage()?;
    drop(node);
    if inode.uid == u32::MAX || inode.gid == u32::MAX {
        return Ok(Err(refusal(Reason::StorageAttributes)));
    }
    record.mode = U32::new(inode.mode & 0o7777);
    record.uid = U32::new(inode.uid);
    record.gid = U32::new(inode.gid);
    record.atime_s = U64::new(inode.atime_s);
    record.mtime_s = U64::new(inode.mtime_s);
    record.atime_ns = U32::new(inode.atime_ns);
    record.mtime_ns = U32::new(inode.mtime_ns);
    out.record(&record, &device)?;
    // What is left of one without a master says nothing any more.
    for (side, number) in SIDES {
        if state.has_master && !(is_relayed && side == Side::Master) {
            capture_side(&end, id, side, number, out)?;
        }
    }
    if is_relayed {
        return Ok(Ok(id));
    }
    let pair = Pair {
        identity: end.identity(),
        file: out.files().len(),
        suspicion: Some(place(refusal(Reason::TerminalHeld))),
    };
    out.terminals.push(pair, GFP_KERNEL_ACCOUNT)?;
    Ok(Ok(id))
}

/// Describes the devpts of a pair, which must be that of all; gives the device that makes pairs.
fn capture_place(
    end: &End,
    state: &PairState,
    is_relayed: bool,
    out: &mut Capture<'_>,
) -> Result<Option<KVVec<u8>>> {
    let is_current = end.is_current();
    let master = end.master();
    let by_master = match &master {
        Some(master) if is_current || end.side() == Side::Master => End::of(master),
        _ => None,
    };
    let Ok(place) = errno::answer(by_master.as_ref().unwrap_or(end).place())? else {
        return Ok(None);
    };
    let place = until_zero(&place);
    let mut device = KVVec::new();
    match &master {
        Some(master) if !is_relayed => {
            device.extend_from_slice(master.path()?.as_bytes(), GFP_KERNEL)?;
        }
        // One outside may have come by another way.
        _ => {
            device.extend_from_slice(place, GFP_KERNEL)?;
            device.extend_from_slice(b"/ptmx", GFP_KERNEL)?;
        }
    }
    let instance = state.instance as usize;
    match out.terminal_place {
        Some(known) if known == instance => return Ok(Some(device)),
        Some(_) => return Ok(None),
        None => out.terminal_place = Some(instance),
    }
    let options = by_master.as_ref().unwrap_or(end).options();
    let mut record = TerminalPlace::new_zeroed();
    record.most = U32::new(MAX_TERMINALS);
    if !out.relays.is_empty() {
        record.flags = U32::new(PLACE_RELAYED);
    }
    let options = until_zero(&options);
    for option in options.split(|byte| *byte == b',') {
        let Some(at) = option.iter().position(|byte| *byte == b'=') else {
            continue;
        };
        let (name, value) = option.split_at_checked(at).ok_or(EINVAL)?;
        let value = value.get(1..).unwrap_or(&[]);
        let mut flag = 0;
        match name {
            b"uid" => (flag, record.uid) = (PLACE_UID, U32::new(number(value, 10)?)),
            b"gid" => (flag, record.gid) = (PLACE_GID, U32::new(number(value, 10)?)),
            b"mode" => record.mode = U32::new(number(value, 8)?),
            b"ptmxmode" => record.ptmx_mode = U32::new(number(value, 8)?),
            b"max" => record.most = U32::new(number(value, 10)?),
            _ => (),
        }
        record.flags = U32::new(record.flags.get() | flag);
    }
    out.record(&record, place)?;
    Ok(Some(device))
}

fn number(text: &[u8], base: u32) -> Result<u32> {
    let text = core::str::from_utf8(text).map_err(|_| EINVAL)?;
    u32::from_str_radix(text, base).map_err(|_| EINVAL)
}

/// Describes one side of a pair, and what it has still to take in.
fn capture_side(end: &End, id: ObjectId, side: Side, number: u32, out: &mut Capture<'_>) -> Result {
    // Nothing is written while it is held: who reads the log may be waiting for this very terminal.
    let held = end.hold(side)?;
    let state = held.state()?;
    let mut record = TerminalSide::new_zeroed();
    record.terminal = id;
    record.side = U32::new(number);
    record.flags = U32::new(state.flags);
    record.input_modes = U32::new(state.now.iflag);
    record.output_modes = U32::new(state.now.oflag);
    record.control_modes = U32::new(state.now.cflag);
    record.local_modes = U32::new(state.now.lflag);
    record.input_speed = U32::new(state.now.ispeed);
    record.output_speed = U32::new(state.now.ospeed);
    record.characters = state.now.cc;
    record.locked_input_modes = U32::new(state.locked.iflag);
    record.locked_output_modes = U32::new(state.locked.oflag);
    record.locked_control_modes = U32::new(state.locked.cflag);
    record.locked_local_modes = U32::new(state.locked.lflag);
    record.locked_characters = state.locked.cc;
    record.locked_line = state.locked.line;
    record.rows = U16::new(state.rows);
    record.columns = U16::new(state.columns);
    record.width = U16::new(state.width);
    record.height = U16::new(state.height);
    record.read_count = U32::new(state.read_count);
    record.canon_count = U32::new(state.canon_count);
    record.commit_count = U32::new(state.commit_count);
    record.echo_count = U32::new(state.echo_count);
    record.echo_commit = U32::new(state.echo_commit);
    record.echo_mark = U32::new(state.echo_mark);
    record.column = U32::new(state.column);
    record.canon_column = U32::new(state.canon_column);
    record.lookahead = U32::new(state.lookahead);
    let read = state.read_count as usize;
    let mut tail = KVVec::new();
    for queue in [
        state.read.get(..read),
        state.ends.get(..read.div_ceil(8)),
        state.echo.get(..state.echo_count as usize),
    ] {
        tail.extend_from_slice(queue.ok_or(EINVAL)?, GFP_KERNEL)?;
    }
    let mut buffers = KVVec::new();
    let mut bytes = KVVec::from_elem(0u8, LONGEST_BUFFER, GFP_KERNEL)?;
    for index in 0.. {
        let (buffer, count) = match held.buffer(index, &mut bytes) {
            Err(ENOENT) => break,
            found => found?,
        };
        let record = TerminalBuffer {
            terminal: id,
            side: U32::new(number),
            size: U32::new(buffer.size),
            read: U32::new(buffer.read),
            lookahead: U32::new(buffer.lookahead),
            used: U32::new(buffer.used),
        };
        let mut content = KVVec::new();
        content.extend_from_slice(bytes.get(..count).ok_or(EINVAL)?, GFP_KERNEL)?;
        buffers.push((record, content), GFP_KERNEL)?;
        if buffer.is_last {
            break;
        }
    }
    drop(held);
    out.record_waiting(Waiting::Typed, &record, &tail)?;
    for (record, content) in &buffers {
        out.record_waiting(Waiting::Typed, record, content)?;
    }
    Ok(())
}

/// What is to be said when all tasks have been looked at: who outside has one of the pairs open too,
/// and which tasks they control.
pub(crate) fn finish(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    capture_unmet(tasks, out)?;
    refuse_shared(out)?;
    for task in tasks.iter().filter(|task| task.is_leader()) {
        let pair = terminals::of_task(&task.task);
        let old_group = match terminals::old_group(&task.task) {
            0 => ObjectId::NONE,
            address => out.known(address).unwrap_or(ObjectId::NONE),
        };
        let terminal = match pair {
            0 => ObjectId::NONE,
            pair => out.known(pair).unwrap_or(ObjectId::NONE),
        };
        let leads = leads(task);
        let is_relayed = out.relays.iter().any(|relay| relay.identity == pair);
        // A session outside becomes the restarter's, and so does its terminal.
        if pair != 0 && terminal == ObjectId::NONE && leads && !is_relayed {
            out.refuse(task.refusal(Reason::TaskTerminal));
        }
        let old_group = match terminal {
            ObjectId::NONE if leads => old_group,
            _ => ObjectId::NONE,
        };
        if terminal != old_group {
            let record = ControllingTerminal {
                task: task.id,
                terminal,
                old_group,
            };
            out.record(&record, &[])?;
        }
    }
    Ok(())
}

/// Pairs that are to be relayed, and of which nobody has an open file.
fn capture_unmet(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    for index in 0..out.relays.len() {
        let relay = out.relays.get(index).ok_or(EINVAL)?;
        if relay.is_met {
            continue;
        }
        let (master, leader) = (relay.master.clone(), relay.leader);
        let task = tasks.get(leader).ok_or(EINVAL)?;
        if let Err(refusal) = capture(&master, task, &|refusal| refusal, out)? {
            out.refuse(refusal);
        }
    }
    Ok(())
}

/// Pairs that are open more often than the container has them open.
fn refuse_shared(out: &mut Capture<'_>) -> Result {
    if out.terminals.is_empty() && out.relays.is_empty() {
        return Ok(());
    }
    let mut ends = KVVec::new();
    for end in out.files().iter().filter_map(End::of) {
        ends.push((end.identity(), end.side() == Side::Slave), GFP_KERNEL)?;
    }
    // A master that is on its way between two processes is found late.
    for index in 0..out.relays.len() {
        let relay = out.relays.get(index).ok_or(EINVAL)?;
        if ends.contains(&(relay.identity, false)) {
            let end = End::of(&relay.master).ok_or(EINVAL)?;
            let refusal = Refusal::new(Reason::TerminalHeld, errno::not_supported());
            out.refuse(refusal.text(name_of(end.state()?.number)?.to_bytes()));
        }
    }
    let mut found = KVVec::new();
    for (index, pair) in out.terminals.iter().enumerate() {
        let file = out.files().get(pair.file).ok_or(EINVAL)?;
        let Some(end) = End::of(file) else {
            continue;
        };
        let ours = |slave: bool| {
            ends.iter()
                .filter(|end| **end == (pair.identity, slave))
                .count()
        };
        let state = end.state()?;
        let master = end.master();
        if state.has_master && ours(false) == 0 {
            let master = master.ok_or(EINVAL)?;
            found.push(
                (master.identity(), index, Suspect::new(&master)),
                GFP_KERNEL,
            )?;
        } else if state.slaves as usize > ours(true) {
            let node = match master.as_ref().and_then(End::of) {
                Some(master) => master.open_slave(oflag::O_PATH)?,
                None => file.clone(),
            };
            found.push((node.inode(), index, Suspect::of_inode(&node)), GFP_KERNEL)?;
        }
    }
    sort::by_key(&mut found, |(identity, ..)| *identity);
    let (mut suspects, mut indexes) = (KVVec::new(), KVVec::new());
    for (_, index, suspect) in found {
        suspects.push(suspect, GFP_KERNEL)?;
        indexes.push(index, GFP_KERNEL)?;
    }
    descriptors::find_outside(out.cgroup, &mut suspects)?;
    for (suspect, index) in suspects.iter().zip(indexes.iter()) {
        let pair = out.terminals.get_mut(*index).ok_or(EINVAL)?;
        let Some(suspicion) = pair.suspicion.take() else {
            continue;
        };
        let refusal = if suspect.outsider() == 0 {
            suspicion
        } else {
            let file = out
                .files()
                .get(out.terminals.get(*index).ok_or(EINVAL)?.file);
            let number = match file.and_then(End::of) {
                Some(end) => end.state()?.number,
                None => 0,
            };
            let (refusal, name) = (suspicion.because(Reason::TerminalOutside), name_of(number)?);
            blame(refusal, name.to_bytes(), b" is also open in ", suspect)?
        };
        out.refuse(refusal);
    }
    Ok(())
}

/// A process group in the foreground.
#[derive(Clone, Copy)]
enum Foreground {
    /// That of a member.
    Of(TaskId),
    /// By its number: nobody is in it any more.
    Gone(i32),
}

/// A pair as the image describes it.
pub(crate) struct TerminalPlan {
    record: Terminal,
    device: KVVec<u8>,
    /// In the order of `SIDES`.
    sides: [Option<(KVBox<TerminalSide>, KVVec<u8>)>; 2],
    buffers: KVVec<(Side, BufferState, KVVec<u8>)>,
    /// A member that leads its session, and the group in the foreground.
    control: Option<(TaskId, Foreground)>,
    /// There is an open file of its master.
    has_master: bool,
}

impl TerminalPlan {
    /// Takes a record in.
    pub(crate) fn new(
        record: Terminal,
        device: &[u8],
        members: &[Member],
    ) -> Result<Self, Refusal> {
        let wrong = |name, id: ObjectId| {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name(name);
            refusal.value(id.get().into())
        };
        let first = |fits: &dyn Fn(&Member) -> bool| {
            let found = members.iter().position(fits)?;
            Some(TaskId::new(u32::try_from(found).ok()?))
        };
        let control = match record.session {
            ObjectId::NONE => None,
            session => {
                let leader = first(&|member| member.pid == session && member.session == session);
                let group = match record.group {
                    ObjectId::NONE => Some(Foreground::Gone(record.group_number.get() as i32)),
                    group => first(&|member| member.group == group).map(Foreground::Of),
                };
                Some((
                    leader.ok_or_else(|| wrong("session", session))?,
                    group.ok_or_else(|| wrong("group", record.group))?,
                ))
            }
        };
        Ok(Self {
            record,
            device: text(device)?,
            sides: [None, None],
            buffers: KVVec::new(),
            control,
            has_master: false,
        })
    }

    fn has(&self, flag: u32) -> bool {
        self.record.flags.get() & flag != 0
    }

    fn number(&self) -> u32 {
        self.record.number.get()
    }

    /// Takes an open file of it in: of a master there is one.
    pub(crate) fn add_file(&mut self, file: &FileRecord) -> Result<(), Refusal> {
        let has_none = self.has(TERMINAL_ABANDONED | TERMINAL_RELAYED);
        if is_master(file) && (core::mem::replace(&mut self.has_master, true) || has_none) {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("storage");
            return Err(refusal.value(file.storage.get().into()));
        }
        Ok(())
    }

    /// Takes one side of it in.
    #[inline(never)]
    pub(crate) fn add_side(&mut self, record: &TerminalSide, tail: &[u8]) -> Result<(), Refusal> {
        let wrong = || Refusal::new(Reason::ImageReference, EINVAL).name("terminal");
        // What does not fit is refused now.
        drop(state_of(record, tail)?);
        let mut copy = KVVec::new();
        copy.extend_from_slice(tail, GFP_KERNEL_ACCOUNT)?;
        let state = (KVBox::new(*record, GFP_KERNEL_ACCOUNT)?, copy);
        let index = SIDES
            .iter()
            .position(|(_, side)| *side == record.side.get());
        let place = index.and_then(|index| self.sides.get_mut(index));
        let place = place.ok_or_else(wrong)?;
        if place.replace(state).is_some()
            || self.has(TERMINAL_ABANDONED)
            || (self.has(TERMINAL_RELAYED) && record.side.get() == WHICH_MASTER)
        {
            return Err(wrong());
        }
        Ok(())
    }

    /// Takes a buffer in.
    pub(crate) fn add_buffer(
        &mut self,
        record: &TerminalBuffer,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        let state = BufferState {
            size: record.size.get(),
            read: record.read.get(),
            lookahead: record.lookahead.get(),
            used: record.used.get(),
            ..BufferState::default()
        };
        let mut sides = SIDES.iter();
        let (side, _) = sides
            .find(|(_, side)| *side == record.side.get())
            .ok_or(EINVAL)?;
        if *side == Side::Master && self.has(TERMINAL_RELAYED) {
            return Err(Refusal::new(Reason::ImageReference, EINVAL).name("terminal"));
        }
        let mut held = KVVec::new();
        held.extend_from_slice(bytes, GFP_KERNEL_ACCOUNT)?;
        self.buffers
            .push((*side, state, held), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        match name_of(self.number()) {
            Ok(name) => Refusal::new(reason, error).text(name.to_bytes()),
            Err(_) => Refusal::new(reason, error).value(self.number().into()),
        }
    }

    fn not_made(&self) -> impl Fn(Error) -> Refusal + '_ {
        |error| self.refusal(Reason::TerminalNotMade, error)
    }

    /// Opens the device until it gives the right number; the numbers below it are taken for a moment.
    fn make(&self, flags: u32) -> Result<End, Refusal> {
        let device = CStr::from_bytes_with_nul(&self.device).map_err(|_| EINVAL)?;
        let (mut others, mut found) = (KVVec::new(), None);
        for _ in 0..=self.number() {
            if task::is_interrupted() {
                return Err(Refusal::new(Reason::Interrupted, EINTR));
            }
            let made = OpenFile::open(device, flags).map_err(self.not_made())?;
            let Some(end) = End::of(&made).filter(|end| end.side() == Side::Master) else {
                return Err(self.not_made()(ENOTTY));
            };
            drop(made);
            let number = end.state()?.number;
            if number == self.number() {
                found = Some(end);
                break;
            }
            others.push(end, GFP_KERNEL)?;
            if number > self.number() {
                break;
            }
        }
        for other in others {
            other.close();
        }
        found.ok_or_else(|| self.refusal(Reason::TerminalTaken, EBUSY))
    }

    /// Puts in place what it had, when all files of it are open.
    fn set(&self, master: &End) -> Result<(), Refusal> {
        let not_made = self.not_made();
        if self.has(TERMINAL_HUNG_UP) {
            master.hang_up().map_err(&not_made)?;
        }
        let all = || SIDES.iter().zip(self.sides.iter());
        for ((side, _), held) in all() {
            if let Some((record, tail)) = held {
                let state = state_of(record, tail).map_err(&not_made)?;
                master.set_side(*side, &state).map_err(&not_made)?;
            }
        }
        for (side, state, bytes) in self.buffers.iter() {
            master.put(*side, state, bytes).map_err(&not_made)?;
        }
        for (side, _) in SIDES {
            master.settle(side);
        }
        let status = self.record.packet_status.get();
        master.set_packet(self.has(TERMINAL_PACKET), status);
        for ((side, _), held) in all() {
            if let Some((record, _)) = held {
                master
                    .set_flags(*side, record.flags.get())
                    .map_err(&not_made)?;
            }
        }
        let record = &self.record;
        let node = master.open_slave(oflag::O_PATH).map_err(&not_made)?;
        let state = inode_state!(record)?;
        node.set_storage(&state).map_err(&not_made)?;
        node.set_times(&state).map_err(&not_made)
    }
}

/// What one side had; large, and not kept: an image may have many.
#[inline(never)]
fn state_of(record: &TerminalSide, tail: &[u8]) -> Result<KVBox<SideState>> {
    let mut state = zeroed::<SideState>()?;
    state.flags = record.flags.get();
    state.now = Settings {
        iflag: record.input_modes.get(),
        oflag: record.output_modes.get(),
        cflag: record.control_modes.get(),
        lflag: record.local_modes.get(),
        ispeed: record.input_speed.get(),
        ospeed: record.output_speed.get(),
        line: 0,
        cc: record.characters,
    };
    state.locked = Settings {
        iflag: record.locked_input_modes.get(),
        oflag: record.locked_output_modes.get(),
        cflag: record.locked_control_modes.get(),
        lflag: record.locked_local_modes.get(),
        ispeed: 0,
        ospeed: 0,
        line: record.locked_line,
        cc: record.locked_characters,
    };
    state.rows = record.rows.get();
    state.columns = record.columns.get();
    state.width = record.width.get();
    state.height = record.height.get();
    state.read_count = record.read_count.get();
    state.canon_count = record.canon_count.get();
    state.commit_count = record.commit_count.get();
    state.echo_count = record.echo_count.get();
    state.echo_commit = record.echo_commit.get();
    state.echo_mark = record.echo_mark.get();
    state.column = record.column.get();
    state.canon_column = record.canon_column.get();
    state.lookahead = record.lookahead.get();
    let read = state.read_count as usize;
    let echo = state.echo_count as usize;
    let (bytes, rest) = tail.split_at_checked(read).ok_or(EINVAL)?;
    let (ends, echoes) = rest.split_at_checked(read.div_ceil(8)).ok_or(EINVAL)?;
    let held = &mut *state;
    let queues = [
        (held.read.get_mut(..read), bytes),
        (held.ends.get_mut(..ends.len()), ends),
        (held.echo.get_mut(..echo), echoes),
    ];
    for (to, from) in queues {
        let to = to.filter(|to| to.len() == from.len()).ok_or(EINVAL)?;
        to.copy_from_slice(from);
    }
    Ok(state)
}

/// Could this be an open file of a terminal?
pub(super) fn check(file: &FileRecord) -> Result<(), Refusal> {
    let device = file.device.get();
    let is_one = device == PTMX || device == CURRENT || device >> 20 == SLAVES;
    match is_one && file.mode.get() & S_IFMT == S_IFCHR {
        true => Ok(()),
        false => Err(Refusal::new(Reason::ImageValue, EINVAL)
            .name("device")
            .value(device.into())),
    }
}

/// Is this an open file of a master?
pub(crate) fn is_master(file: &FileRecord) -> bool {
    file.device.get() == PTMX
}

/// The pairs of a restart.
pub(crate) struct Terminals {
    /// Their masters; none: it was closed.
    made: KVVec<Option<End>>,
}

impl Terminals {
    /// Makes all of them. `flags_of`: those of the open file of a master, if there is one.
    pub(crate) fn make(
        plans: &[TerminalPlan],
        flags_of: impl Fn(usize) -> Option<u32>,
    ) -> Result<Self, Refusal> {
        let mut made = KVVec::new();
        for (index, plan) in plans.iter().enumerate() {
            let flags = flags_of(index).unwrap_or(oflag::O_RDWR);
            let master = plan.make(flags & !SHOWN)?;
            master.unlock();
            made.push(Some(master), GFP_KERNEL_ACCOUNT)?;
        }
        Ok(Self { made })
    }

    /// An open file of one: its master, or its slave by whatever name.
    pub(super) fn open(&self, index: usize, plan: &FilePlan) -> Result<OpenFile, Refusal> {
        let record = &plan.record;
        let missing = |error| plan.refusal(Reason::FileMissing, error);
        let flags = record.flags.get() & !SHOWN;
        let master = self.made.get(index).and_then(Option::as_ref);
        let master = master.ok_or(EINVAL)?;
        let file = match record.device.get() {
            PTMX => master.file().clone(),
            CURRENT => master.open_current(plan.path()?, flags).map_err(missing)?,
            _ => master.open_slave(flags).map_err(missing)?,
        };
        let found = file.path()?;
        let state = file.state(None)?;
        if found.as_bytes() != plan.path()?.to_bytes() || state.device != record.device.get() {
            return Err(plan.changed("it is somewhere else", errno::stale()));
        }
        Ok(file)
    }

    /// All is open: puts everything else in place, and closes the masters that were closed.
    pub(crate) fn finish(&mut self, plans: &[TerminalPlan]) -> Result<(), Refusal> {
        for (plan, master) in plans.iter().zip(self.made.iter_mut()) {
            match master.as_ref() {
                Some(master) if !plan.has(TERMINAL_ABANDONED) => plan.set(master)?,
                _ => master.take().into_iter().for_each(End::close),
            }
        }
        Ok(())
    }

    /// Those that the caller gets.
    pub(crate) fn masters(&self, plans: &[TerminalPlan]) -> Result<Masters> {
        let mut masters = KVVec::new();
        for (plan, master) in plans.iter().zip(self.made.iter()) {
            if let Some(master) = master.as_ref().filter(|_| plan.has(TERMINAL_RELAYED)) {
                let master = master.file().clone();
                masters.push((plan.number(), master), GFP_KERNEL_ACCOUNT)?;
            }
        }
        Ok(Masters(masters))
    }

    /// Has them control their sessions, and the tasks in these; when all tasks are there. The
    /// container's own pid namespace is so many above that of its first task.
    pub(crate) fn control<'a>(
        &self,
        plans: &[TerminalPlan],
        controlled: impl Iterator<Item = (&'a Task, Option<&'a Control>)>,
        (first, above): (&Task, u32),
        task_of: impl Fn(TaskId) -> Option<&'a Task>,
    ) -> Result<(), Refusal> {
        for (plan, master) in plans.iter().zip(self.made.iter()) {
            if let (Some((session, group)), Some(master)) = (plan.control, master) {
                let session = task_of(session).ok_or(ESRCH)?;
                let group = match group {
                    Foreground::Of(member) => Pid::group_of(task_of(member).ok_or(ESRCH)?),
                    Foreground::Gone(number) => Pid::gone(first, above, number, 0),
                };
                let done = group.and_then(|group| master.control(session, &group));
                done.map_err(|error| plan.refusal(Reason::StateNotRestored, error))?;
            }
        }
        for (task, control) in controlled {
            let done = match control {
                None => Ok(()),
                Some(Control::Terminal(index)) => {
                    let master = self.made.get(*index).and_then(Option::as_ref);
                    master.ok_or(EINVAL)?.control_process(task)
                }
                Some(Control::Left(group)) => {
                    terminals::set_old_group(task, task_of(*group).ok_or(ESRCH)?)
                }
            };
            done.map_err(|error| {
                Refusal::new(Reason::StateNotRestored, error).name("its controlling terminal")
            })?;
        }
        Ok(())
    }
}

/// Where the caller of restart(2) wants to hear of the masters that he gets.
pub(crate) struct Takers {
    address: u64,
    room: usize,
}

impl Takers {
    /// As the arguments say.
    pub(crate) fn new(address: u64, size: u64) -> Result<Self> {
        const ONE: u64 = core::mem::size_of::<TakenTerminal>() as u64;

        if size % ONE != 0 || (address == 0 && size != 0) {
            return Err(EINVAL);
        }
        match size / ONE {
            room @ 0..=MAX_HAND_IN => Ok(Self {
                address,
                room: room as usize,
            }),
            _ => Err(E2BIG),
        }
    }

    /// Is there one for each terminal that was outside? Before anything is built.
    pub(crate) fn check(&self, plans: &[TerminalPlan]) -> Result<(), Refusal> {
        let mut relayed = plans.iter().filter(|plan| plan.has(TERMINAL_RELAYED));
        match relayed.nth(self.room) {
            None => Ok(()),
            Some(plan) => Err(plan.refusal(Reason::TerminalNotTaken, ENOTTY)),
        }
    }

    /// Makes room for them among the caller's descriptors, and tells which numbers they will have.
    pub(crate) fn reserve(&self, masters: Masters) -> Result<KVVec<Promised>> {
        let (mut promises, mut told) = (KVVec::new(), KVVec::new());
        for (number, master) in masters.0 {
            let promised = Promised::new(master)?;
            let taken = TakenTerminal {
                number: U32::new(number),
                fd: I32::new(promised.number()),
            };
            told.extend_from_slice(taken.as_bytes(), GFP_KERNEL)?;
            promises.push(promised, GFP_KERNEL)?;
        }
        let none = TakenTerminal {
            number: U32::ZERO,
            fd: I32::new(-1),
        };
        for _ in promises.len()..self.room {
            told.extend_from_slice(none.as_bytes(), GFP_KERNEL)?;
        }
        user::write_bytes(self.address, &told)?;
        Ok(promises)
    }
}

/// Masters for the caller of restart(2), with their numbers.
pub(crate) struct Masters(KVVec<(u32, OpenFile)>);

/// What controls a process, or did.
pub(crate) enum Control {
    /// This one.
    Terminal(usize),
    /// It has gone; a group, by one of its members, hears of the end of this process.
    Left(TaskId),
}
