// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! A restart session: the tasks that have joined, parked, and the one coordinator that tells them
//! what to do.
//!
//! A parked task waits for steps. Most build something that only the task itself can build (its
//! address space, its descriptors); the last lets it go. Until then no task returns to user space,
//! so whatever fails, nothing of the container has run.
//!
//! The session ends at the last step, or when its opener closes it, dies, or fails: then everything
//! in the cgroup is killed.
//!
//! Locks: `state` and each slot's `orders` are leaves; nothing is called while one is held.

use core::ops::Deref;

use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::sync::{new_mutex, Arc, Mutex};
use kernel::task::Task;

use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::completion::Bell;
use crate::abstractions::creds::Prepared;
use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::seccomp::SettingsState;
use crate::abstractions::task::ProcessState;
use crate::abstractions::task::ThreadState;
use crate::abstractions::{cpu, signal, task};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::plan::{Plan, TaskPlan};
use crate::rooms;
use crate::rooms::confinement::Confined;
use crate::rooms::storage::Storages;

/// Where a session stands.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Tasks may join.
    Open,
    /// The coordinator is at work.
    Running,
    /// The tasks were let go, or killed.
    Over,
}

struct State {
    phase: Phase,
    slots: KVVec<Arc<Slot>>,
}

/// One restart.
#[pin_data]
pub(crate) struct Session {
    pub(crate) cgroup: Cgroup,
    opener: ARef<Task>,
    opener_group: i32,
    #[pin]
    joined: Bell,
    #[pin]
    state: Mutex<State>,
}

impl Session {
    /// Opens a session for an empty cgroup.
    pub(crate) fn new(cgroup: Cgroup) -> Result<Arc<Self>> {
        let opener = task::current();
        let opener_group = task::process_number(&opener);
        Arc::pin_init(
            pin_init!(Self {
                cgroup,
                opener,
                opener_group,
                joined <- Bell::new(),
                state <- new_mutex!(State { phase: Phase::Open, slots: KVVec::new() }),
            }),
            GFP_KERNEL_ACCOUNT,
        )
    }

    /// Is the caller a thread of the process that opened it?
    fn is_opener(&self) -> bool {
        task::process_number(&self.opener) == self.opener_group
            && task::process_number(&task::current()) == self.opener_group
    }

    /// The caller becomes member `number`. Returns what restart(2) returns.
    pub(crate) fn join(&self, number: u32) -> Result<isize> {
        let task = task::current();
        if !self.cgroup.contains(&task) || self.is_opener() || task::job(&task).threads != 1 {
            return Err(EPERM);
        }
        let slot = Slot::new(task, number)?;
        {
            let mut state = self.state.lock();
            if state.phase == Phase::Over {
                return Err(errno::shut_down());
            }
            if state.slots.iter().any(|other| other.number == number) {
                return Err(EEXIST);
            }
            state.slots.push(slot.clone(), GFP_KERNEL_ACCOUNT)?;
        }
        self.joined.ring();
        slot.park()
    }

    /// The caller begins to coordinate.
    pub(crate) fn start(&self) -> Result<(), Refusal> {
        let mut state = self.state.lock();
        if state.phase != Phase::Open {
            return Err(Refusal::new(Reason::SessionClosed, errno::shut_down()));
        }
        if !self.is_opener() {
            return Err(Refusal::new(Reason::SessionRole, EPERM).name("only its opener may run it"));
        }
        state.phase = Phase::Running;
        Ok(())
    }

    /// Waits until `count` members have joined; gives them in the order of their numbers.
    pub(crate) fn members(&self, count: usize) -> Result<KVVec<Arc<Slot>>, Refusal> {
        /// How long a member may take to join, once the image has been read.
        const PATIENCE_MS: u64 = 60_000;
        for waited in 0..=count {
            let slots = self.ordered(count)?;
            if let Some(slots) = slots {
                return Ok(slots);
            }
            if let Err(error) = self.joined.wait_interruptible(PATIENCE_MS) {
                let refusal = if error == ETIMEDOUT {
                    Refusal::new(Reason::TaskMissing, ETIMEDOUT).value(waited as u64)
                } else {
                    Refusal::new(Reason::Interrupted, EINTR)
                };
                return Err(refusal);
            }
        }
        Err(Refusal::new(Reason::TaskMissing, ESRCH).value(count as u64))
    }

    fn ordered(&self, count: usize) -> Result<Option<KVVec<Arc<Slot>>>, Refusal> {
        let mut ordered = KVVec::with_capacity(count, GFP_KERNEL)?;
        let state = self.state.lock();
        if state.slots.len() < count {
            return Ok(None);
        }
        for number in 0..count {
            let mut all = state.slots.iter();
            let found = all.find(|slot| slot.number as usize == number);
            let missing = || Refusal::new(Reason::TaskMissing, ESRCH).value(number as u64);
            let slot = found.ok_or_else(missing)?;
            let _ = ordered.push_within_capacity(slot.clone());
        }
        if state.slots.len() != count {
            return Err(Refusal::new(Reason::SessionRole, EINVAL).name("more tasks than members"));
        }
        Ok(Some(ordered))
    }

    /// The tasks have been let go.
    pub(crate) fn finish(&self) {
        self.state.lock().phase = Phase::Over;
    }

    /// Kills whatever is in the cgroup, unless the tasks have been let go.
    pub(crate) fn abort(&self) {
        {
            let mut state = self.state.lock();
            if state.phase == Phase::Over {
                return;
            }
            state.phase = Phase::Over;
        }
        self.cgroup.kill();
    }

    /// A descriptor of it is closed.
    pub(crate) fn flush(&self) {
        if self.is_opener() {
            self.abort();
        }
    }
}

/// What a parked task is to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// Open every file of the plan.
    Open,
    /// Replace the address space.
    Space,
    /// Register what lies in it, replace descriptors and directories, set the scheduling, prepare
    /// credentials and all that is taken on at once.
    Prepare,
    /// Take it on.
    Settle,
    /// Start the timers and leave the kernel.
    Leave,
}

/// What a task has ready, and takes on in one go.
struct Ready {
    confined: Confined,
    credentials: Prepared,
    settings: SettingsState,
    process: ProcessState,
    thread: ThreadState,
    actions: KVVec<signal::Action>,
    timers: rooms::timers::Ready,
}

/// What a task keeps from step to step.
#[derive(Default)]
struct Progress {
    ready: Option<Ready>,
    /// To be started at the very end.
    timers: Option<rooms::timers::Ready>,
}

/// Opened files, by their place in the plan, and the credentials that they and the tasks have.
pub(crate) struct Files {
    files: KVVec<OpenFile>,
    identities: KVVec<Prepared>,
}

impl Deref for Files {
    type Target = [OpenFile];

    fn deref(&self) -> &[OpenFile] {
        &self.files
    }
}

struct Orders {
    next: Option<(Step, Arc<Plan>)>,
    result: Option<Result<(), Refusal>>,
    files: Option<Arc<Files>>,
    storages: Option<Storages>,
    gone: bool,
}

/// A task that has joined.
#[pin_data]
pub(crate) struct Slot {
    pub(crate) task: ARef<Task>,
    number: u32,
    #[pin]
    order: Bell,
    #[pin]
    done: Bell,
    #[pin]
    orders: Mutex<Orders>,
}

impl Slot {
    fn new(task: ARef<Task>, number: u32) -> Result<Arc<Self>> {
        Arc::pin_init(
            pin_init!(Self {
                task,
                number,
                order <- Bell::new(),
                done <- Bell::new(),
                orders <- new_mutex!(Orders {
                    next: None,
                    result: None,
                    files: None,
                    storages: None,
                    gone: false,
                }),
            }),
            GFP_KERNEL_ACCOUNT,
        )
    }

    /// Has the task do a step; waits until it has.
    pub(crate) fn perform(&self, step: Step, plan: &Arc<Plan>) -> Result<(), Refusal> {
        {
            let mut orders = self.orders.lock();
            if orders.gone {
                return Err(self.died(plan));
            }
            orders.next = Some((step, plan.clone()));
            orders.result = None;
        }
        self.order.ring();
        if step == Step::Leave {
            return Ok(());
        }
        if self.done.wait_interruptible(0).is_err() {
            return Err(Refusal::new(Reason::Interrupted, EINTR));
        }
        let result = self.orders.lock().result.take();
        result
            .unwrap_or_else(|| Err(self.died(plan)))
            .map_err(|refusal| refusal.member(self.title(plan)))
    }

    /// Gives the task the files that were opened.
    pub(crate) fn set_files(&self, files: Arc<Files>) {
        self.orders.lock().files = Some(files);
    }

    /// The files that the task has opened.
    pub(crate) fn files(&self) -> Option<Arc<Files>> {
        self.orders.lock().files.clone()
    }

    /// Takes the storages that the task has made; they are filled by somebody else.
    pub(crate) fn take_storages(&self) -> Option<Storages> {
        self.orders.lock().storages.take()
    }

    /// What it is to become: number and name.
    pub(crate) fn title(&self, plan: &Plan) -> (i32, [u8; 16]) {
        plan.title(self.number)
    }

    /// It is known by what it was to become.
    pub(crate) fn died(&self, plan: &Plan) -> Refusal {
        Refusal::new(Reason::TaskDied, ESRCH).member(self.title(plan))
    }

    /// The life of a parked task, from joining to leaving.
    fn park(&self) -> Result<isize> {
        let mut progress = Progress::default();
        loop {
            if self.order.wait_killable().is_err() {
                self.orders.lock().gone = true;
                self.done.ring();
                return Err(EINTR);
            }
            let Some((step, plan)) = self.orders.lock().next.take() else {
                continue;
            };
            if step == Step::Leave {
                if let Some(timers) = progress.timers.take() {
                    timers.start();
                }
                signal::leave();
                return Ok(cpu::return_value());
            }
            let result = self.step(step, &plan, &mut progress);
            drop(plan);
            self.orders.lock().result = Some(result);
            self.done.ring();
        }
    }

    fn step(&self, step: Step, plan: &Plan, progress: &mut Progress) -> Result<(), Refusal> {
        let own = plan.tasks.get(self.number as usize).ok_or(EINVAL)?;
        let files = self.files();
        let file_at = |index: usize| files.as_ref().and_then(|files| files.get(index).cloned());
        match step {
            Step::Open => {
                rooms::process::widen_limits();
                let storages = Storages::make(&plan.storages)?;
                self.set_files(open_all(plan, &storages)?);
                self.orders.lock().storages = Some(storages);
            }
            Step::Space => {
                rooms::process::widen_limits();
                let index = plan.space(thread_of(own)?)?;
                plan.spaces.get(index).ok_or(EINVAL)?.build(file_at)?;
            }
            Step::Prepare => {
                let thread = thread_of(own)?;
                let registers = own.registers.as_deref().ok_or(EINVAL)?;
                rooms::thread::restore_rseq(thread, rooms::cpu::is_in_call(registers))?;
                plan.spaces
                    .get(plan.space(thread)?)
                    .ok_or(EINVAL)?
                    .settle()?;
                rooms::policy::restore_task(own.policy.as_ref())?;
                rooms::descriptors::restore(plan.table(thread)?, &plan.files, file_at)?;
                plan.directories(thread)?.restore(file_at)?;
                let scheduling = own.scheduling.as_ref().ok_or(EINVAL)?;
                rooms::scheduling::restore(scheduling, &own.affinity)?;
                rooms::syscalls::restore(own.interrupted.as_deref())?;
                if let Some(table) = plan.segments(thread)? {
                    table.restore()?;
                }
                rooms::cpu::prepare(registers)?;
                let files = files.as_ref().ok_or(EINVAL)?;
                progress.ready = Some(Ready::new(own, plan, &files.identities)?);
            }
            Step::Settle => {
                // Nothing holds the files any longer but the descriptors.
                self.orders.lock().files = None;
                let ready = progress.ready.take().ok_or(EINVAL)?;
                progress.timers = Some(ready.settle(own)?);
            }
            Step::Leave => (),
        }
        Ok(())
    }
}

fn thread_of(task: &TaskPlan) -> Result<&crate::format::task::Thread, Refusal> {
    Ok(task.thread.as_deref().ok_or(EINVAL)?)
}

fn open_all(plan: &Plan, storages: &Storages) -> Result<Arc<Files>, Refusal> {
    let identities = rooms::credentials::prepare(&plan.identities, &plan.keyrings)?;
    let mut files = KVVec::new();
    for file in plan.files.iter() {
        let (growth, same_boot) = (plan.growth, plan.same_boot);
        let file = file.open(growth, same_boot, storages, &plan.storages, &identities)?;
        files.push(file, GFP_KERNEL_ACCOUNT)?;
    }
    Ok(Arc::new(Files { files, identities }, GFP_KERNEL_ACCOUNT)?)
}

impl Ready {
    fn new(own: &TaskPlan, plan: &Plan, identities: &[Prepared]) -> Result<Self, Refusal> {
        let thread = thread_of(own)?;
        let credentials = own.credentials.as_ref().ok_or(EINVAL)?;
        let identity = plan.identity("identity", credentials.identity)?;
        plan.identities.get(identity).ok_or(EINVAL)?.check()?;
        rooms::credentials::restore_login(credentials)?;
        let confinement = own.confinement.as_deref();
        let filter = confinement.map_or(ObjectId::NONE, |confinement| confinement.filter);
        let confined = rooms::confinement::prepare(
            confinement,
            &plan.filters,
            plan.filter("filter", filter)?,
            rooms::thread::has_no_new_privs(thread),
        )?;
        let credentials = identities.get(identity).ok_or(EINVAL)?.clone();
        let process = rooms::process::prepare(own.process.as_ref().ok_or(EINVAL)?)?;
        let limit = rooms::process::most_signals(&process);
        Ok(Self {
            confined,
            timers: rooms::timers::prepare(&own.timers, &own.pending, &credentials, limit)?,
            credentials,
            settings: rooms::settings::prepare(own.settings.as_deref())?,
            process,
            thread: rooms::thread::prepare(thread)?,
            actions: rooms::signals::prepare(plan.actions(thread)?)?,
        })
    }

    /// In this order: new credentials reset what `thread` sets, and are charged for what is queued;
    /// limits are for what comes after; what confines the task comes last.
    fn settle(self, own: &TaskPlan) -> Result<rooms::timers::Ready, Refusal> {
        let limit = rooms::process::most_signals(&self.process);
        rooms::signals::commit(&self.actions)?;
        self.credentials.commit();
        rooms::thread::commit(&self.thread);
        rooms::signals::restore_pending(&own.pending, limit, &self.timers)?;
        rooms::process::commit(&self.process);
        rooms::settings::commit(&self.settings);
        rooms::jobs::commit(own.job.as_deref());
        self.confined.commit()?;
        Ok(self.timers)
    }
}
