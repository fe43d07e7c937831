// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! What a task is to become.

use kernel::prelude::*;

use crate::format::confinement::{Confinement, Settings};
use crate::format::cpu_x86_64::{ExtendedStateX86, RegistersX86_64};
use crate::format::credentials::Credentials;
use crate::format::ipc::IpcUndo;
use crate::format::memory::TaskPolicy;
use crate::format::signals::{JobControl, PendingSignal};
use crate::format::syscalls::InterruptedSyscall;
use crate::format::task::{Process, Scheduling, Thread};
use crate::format::terminals::ControllingTerminal;
use crate::format::timers::{IntervalTimer, PosixTimer, PosixTimers};
use crate::format::usage::Usage;
use crate::format::{decode, Kind, ObjectId, Problem};
use crate::log::Refusal;
use crate::rooms::policy::PolicyPlan;
use crate::rooms::terminals::Control;
use crate::rooms::timers::TimersPlan;
use crate::rooms::usage;
use crate::stream::Arrived;

use super::{once, Plan};

/// What a task is to become.
#[derive(Default)]
pub(crate) struct TaskPlan {
    pub(crate) process: Option<KVBox<Process>>,
    pub(crate) thread: Option<KVBox<Thread>>,
    pub(crate) credentials: Option<KVBox<Credentials>>,
    pub(crate) confinement: Option<KVBox<Confinement>>,
    pub(crate) settings: Option<KVBox<Settings>>,
    pub(crate) scheduling: Option<KVBox<Scheduling>>,
    pub(crate) affinity: KVVec<u8>,
    pub(crate) registers: Option<KVBox<RegistersX86_64>>,
    pub(crate) extended: Option<KVVec<u8>>,
    pub(crate) policy: Option<PolicyPlan>,
    pub(crate) interrupted: Option<KVBox<InterruptedSyscall>>,
    pub(crate) pending: KVVec<PendingSignal>,
    pub(crate) undo: KVVec<(IpcUndo, KVVec<u8>)>,
    pub(crate) timers: TimersPlan,
    pub(crate) usage: [Option<KVBox<Usage>>; usage::KINDS],
    pub(crate) job: Option<KVBox<JobControl>>,
    pub(crate) control: Option<Control>,
}

impl TaskPlan {
    /// Has it anything that one that has ended cannot have?
    pub(super) fn uses_anything(&self, thread: &Thread) -> bool {
        let objects = [
            thread.address_space,
            thread.descriptors,
            thread.directories,
            thread.signal_actions,
        ];
        objects.iter().any(|object| *object != ObjectId::NONE)
            || self.registers.is_some()
            || self.extended.is_some()
            || self.scheduling.is_some()
            || self.confinement.is_some()
            || self.interrupted.is_some()
            || self.policy.is_some()
            || !self.undo.is_empty()
            || thread.rseq.get() != 0
            || thread.clear_child_tid.get() != 0
            || thread.robust_list.get() != 0
            || thread.compat_robust_list.get() != 0
            || thread.vfork_child.get() != 0
            || thread.undo_list.get() != 0
    }
}

impl Plan {
    #[inline(never)]
    pub(super) fn take_task_record(
        &mut self,
        kind: Kind,
        arrived: &Arrived,
    ) -> Result<(), Refusal> {
        let (frame, payload) = (&arrived.frame, &arrived.payload);
        match kind {
            Kind::Process => {
                let (record, _) = decode::<Process>(frame, payload)?;
                once(&mut self.task(record.task)?.process, record, arrived)
            }
            Kind::Thread => {
                let (record, _) = decode::<Thread>(frame, payload)?;
                once(&mut self.task(record.task)?.thread, record, arrived)
            }
            Kind::Credentials => {
                let (record, _) = decode::<Credentials>(frame, payload)?;
                self.identity("identity", record.identity)?;
                once(&mut self.task(record.task)?.credentials, record, arrived)
            }
            Kind::Confinement => {
                let (record, _) = decode::<Confinement>(frame, payload)?;
                self.filter("filter", record.filter)?;
                once(&mut self.task(record.task)?.confinement, record, arrived)
            }
            Kind::Settings => {
                let (record, _) = decode::<Settings>(frame, payload)?;
                once(&mut self.task(record.task)?.settings, record, arrived)
            }
            Kind::Scheduling => {
                let (record, mask) = decode::<Scheduling>(frame, payload)?;
                let task = self.task(record.task)?;
                task.affinity.clear();
                task.affinity.extend_from_slice(mask, GFP_KERNEL_ACCOUNT)?;
                once(&mut task.scheduling, record, arrived)
            }
            Kind::RegistersX86_64 => {
                let (record, _) = decode::<RegistersX86_64>(frame, payload)?;
                once(&mut self.task(record.task)?.registers, record, arrived)
            }
            Kind::ExtendedStateX86 => {
                let (record, tail) = decode::<ExtendedStateX86>(frame, payload)?;
                let task = self.task(record.task)?;
                if task.extended.is_some() {
                    return Err(frame.error(Problem::Order(kind.number())).into());
                }
                let mut state = KVVec::new();
                state.extend_from_slice(tail, GFP_KERNEL_ACCOUNT)?;
                task.extended = Some(state);
                Ok(())
            }
            Kind::TaskPolicy => {
                let (record, nodes) = decode::<TaskPolicy>(frame, payload)?;
                let task = self.task(record.task)?;
                if task.policy.is_some() {
                    return Err(frame.error(Problem::Order(kind.number())).into());
                }
                task.policy = Some(PolicyPlan::of_task(&record, nodes)?);
                Ok(())
            }
            Kind::InterruptedSyscall => {
                let (record, _) = decode::<InterruptedSyscall>(frame, payload)?;
                once(&mut self.task(record.task)?.interrupted, record, arrived)
            }
            Kind::PendingSignal => {
                let (record, _) = decode::<PendingSignal>(frame, payload)?;
                let pending = &mut self.task(record.task)?.pending;
                pending.push(record, GFP_KERNEL_ACCOUNT)?;
                Ok(())
            }
            Kind::IntervalTimer => {
                let (record, _) = decode::<IntervalTimer>(frame, payload)?;
                let places = &mut self.task(record.task)?.timers.interval;
                let place = places.get_mut(record.which.get() as usize).ok_or(EINVAL)?;
                once(place, record, arrived)
            }
            Kind::PosixTimers => {
                let (record, _) = decode::<PosixTimers>(frame, payload)?;
                once(&mut self.task(record.task)?.timers.common, record, arrived)
            }
            Kind::PosixTimer => {
                let (record, _) = decode::<PosixTimer>(frame, payload)?;
                let timers = &mut self.task(record.task)?.timers.posix;
                timers.push(record, GFP_KERNEL_ACCOUNT)?;
                Ok(())
            }
            Kind::Usage => {
                let (record, _) = decode::<Usage>(frame, payload)?;
                let places = &mut self.task(record.task)?.usage;
                let place = (record.whose.get() as usize).wrapping_sub(1);
                once(places.get_mut(place).ok_or(EINVAL)?, record, arrived)
            }
            Kind::IpcUndo => {
                let (record, tail) = decode::<IpcUndo>(frame, payload)?;
                let mut adjust = KVVec::new();
                adjust.extend_from_slice(tail, GFP_KERNEL_ACCOUNT)?;
                let undo = &mut self.task(record.task)?.undo;
                undo.push((record, adjust), GFP_KERNEL_ACCOUNT)?;
                Ok(())
            }
            Kind::JobControl => {
                let (record, _) = decode::<JobControl>(frame, payload)?;
                once(&mut self.task(record.task)?.job, record, arrived)
            }
            Kind::ControllingTerminal => {
                let (record, _) = decode::<ControllingTerminal>(frame, payload)?;
                let control = self.control(&record)?;
                let task = self.task(record.task)?;
                match task.control.replace(control) {
                    None => Ok(()),
                    Some(_) => Err(frame.error(Problem::Order(kind.number())).into()),
                }
            }
            // Declared in the format, but nothing writes it yet.
            _ => Err(frame.error(Problem::Order(kind.number())).into()),
        }
    }
}
