// SPDX-License-Identifier: GPL-2.0

//! Tasks: the forest, and what each of them must have and may have once.

use std::collections::BTreeSet;

use ckpt_format::confinement::Settings;
use ckpt_format::cpu_x86_64::{ExtendedStateX86, RegistersX86_64};
use ckpt_format::header::Header;
use ckpt_format::ipc::IpcUndo;
use ckpt_format::memory::TaskPolicy;
use ckpt_format::signals::{JobControl, PendingSignal, PENDING_DELETED};
use ckpt_format::syscalls::InterruptedSyscall;
use ckpt_format::task::{Member, Pid, PidSpace, Process, Scheduling};
use ckpt_format::timers::{IntervalTimer, PosixTimer, PosixTimers};
use ckpt_format::usage::Usage;
use ckpt_format::{Kind, Problem, TaskId};

use super::part;
use crate::{check_forest, PidEntry, RecordView, Spaces};

/// Kinds that every task has, also one that has ended.
const NEEDED: [Kind; 2] = [Kind::Thread, Kind::Credentials];

/// Kinds that every task has that lives.
const NEEDED_TO_LIVE: [Kind; 2] = [Kind::Scheduling, Kind::RegistersX86_64];

/// The tasks so far and which of their records have come.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    header: Option<Header>,
    spaces: Spaces,
    pids: Vec<PidEntry>,
    members: Vec<Member>,
    forest_checked: bool,
    seen: BTreeSet<(Kind, u32, u32)>,
}

impl Tasks {
    pub(super) fn begin(&mut self, header: Header) {
        self.header = Some(header);
    }

    pub(super) fn count(&self) -> u64 {
        self.members.len() as u64
    }

    pub(super) fn space(&mut self, space: &PidSpace) -> Result<(), Problem> {
        self.spaces.add(space)
    }

    pub(super) fn pid(&mut self, pid: &Pid, tail: &[u8]) -> Result<(), Problem> {
        self.pids.push(PidEntry::new(pid, tail)?);
        Ok(())
    }

    pub(super) fn member(&mut self, member: Member) -> Result<(), Problem> {
        self.members.push(member);
        Ok(())
    }

    /// The first record after the forest has come.
    pub(super) fn forest_is_complete(&mut self) -> Result<(), Problem> {
        if let (false, Some(header)) = (self.forest_checked, &self.header) {
            check_forest(&self.spaces, &self.pids, &self.members, header)?;
            self.forest_checked = true;
        }
        Ok(())
    }

    pub(super) fn process(&mut self, process: &Process) -> Result<(), Problem> {
        let task = process.task;
        if !self.is_there(process.tracer) {
            return Err(Problem::Reference("tracer", process.tracer.get()));
        }
        match self.members.get(task.get() as usize) {
            Some(member) if member.leader == task => self.belongs(Kind::Process, task),
            _ => Err(Problem::Reference("task", task.get())),
        }
    }

    /// A record of a kind that a task has at most once.
    pub(super) fn belongs(&mut self, kind: Kind, task: TaskId) -> Result<(), Problem> {
        self.belongs_as(kind, task, 0)
    }

    /// A list says of each set once what is to be undone.
    pub(super) fn undo(&mut self, undo: &IpcUndo) -> Result<(), Problem> {
        self.belongs_as(Kind::IpcUndo, undo.task, undo.identifier.get() as u32)
    }

    fn is_there(&self, task: TaskId) -> bool {
        self.members.len() as u64 > u64::from(task.get())
    }

    /// A timer's signal waits once, and after its timer.
    fn pending(&mut self, signal: &PendingSignal) -> Result<(), Problem> {
        let leader = match self.members.get(signal.task.get() as usize) {
            Some(member) => member.leader,
            None => return Err(Problem::Reference("task", signal.task.get())),
        };
        match signal.timer() {
            Some(id) if !signal.has(PENDING_DELETED) => {
                let is_known = self.seen.contains(&(Kind::PosixTimer, leader.get(), id));
                if is_known && self.seen.insert((Kind::PendingSignal, leader.get(), id)) {
                    Ok(())
                } else {
                    Err(Problem::Reference("si_timerid", id))
                }
            }
            _ => Ok(()),
        }
    }

    fn belongs_as(&mut self, kind: Kind, task: TaskId, which: u32) -> Result<(), Problem> {
        if self.is_there(task) && self.seen.insert((kind, task.get(), which)) {
            Ok(())
        } else {
            Err(Problem::Reference("task", task.get()))
        }
    }

    /// Records about a task that refer to nothing else.
    pub(super) fn other(&mut self, kind: Kind, record: &RecordView<'_>) -> Result<(), Problem> {
        match kind {
            Kind::RegistersX86_64 => self.belongs(kind, part::<RegistersX86_64>(record)?.task),
            Kind::ExtendedStateX86 => self.belongs(kind, part::<ExtendedStateX86>(record)?.task),
            Kind::Scheduling => self.belongs(kind, part::<Scheduling>(record)?.task),
            Kind::TaskPolicy => self.belongs(kind, part::<TaskPolicy>(record)?.task),
            Kind::InterruptedSyscall => {
                self.belongs(kind, part::<InterruptedSyscall>(record)?.task)
            }
            Kind::JobControl => self.belongs(kind, part::<JobControl>(record)?.task),
            Kind::Settings => self.belongs(kind, part::<Settings>(record)?.task),
            Kind::IntervalTimer => {
                let timer: IntervalTimer = part(record)?;
                self.belongs_as(kind, timer.task, timer.which.get())
            }
            Kind::PosixTimers => self.belongs(kind, part::<PosixTimers>(record)?.task),
            Kind::PosixTimer => {
                let timer: PosixTimer = part(record)?;
                let named = [("target", timer.target), ("clock_task", timer.clock_task)];
                for (name, task) in named {
                    if task != TaskId::OUTSIDE && !self.is_there(task) {
                        return Err(Problem::Reference(name, task.get()));
                    }
                }
                self.belongs_as(kind, timer.task, timer.id.get())
            }
            Kind::Usage => {
                let usage: Usage = part(record)?;
                self.belongs_as(kind, usage.task, usage.whose.get())
            }
            Kind::PendingSignal => self.pending(&part::<PendingSignal>(record)?),
            _ => Err(Problem::Order(kind.number())),
        }
    }

    /// A task that is there, and has ended.
    pub(super) fn has_ended(&self, task: TaskId) -> bool {
        let member = self.members.get(task.get() as usize);
        member.is_some_and(Member::has_ended)
    }

    /// Every process and every thread has been described.
    pub(super) fn are_complete(&self) -> Result<(), Problem> {
        for member in self.members.iter().filter(|member| !member.has_ended()) {
            self.has(Kind::Process, member.leader)?;
        }
        for (index, member) in (0..).zip(&self.members) {
            for kind in NEEDED {
                self.has(kind, TaskId::new(index))?;
            }
            if member.has_ended() {
                continue;
            }
            for kind in NEEDED_TO_LIVE {
                self.has(kind, TaskId::new(index))?;
            }
        }
        Ok(())
    }

    fn has(&self, kind: Kind, task: TaskId) -> Result<(), Problem> {
        match self.seen.contains(&(kind, task.get(), 0)) {
            true => Ok(()),
            false => Err(Problem::Reference("task", task.get())),
        }
    }
}
