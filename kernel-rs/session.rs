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
//! Locks: `state` over each slot's `orders`; below them nothing is called but what marks or kills a
//! task.

use core::ops::Deref;
use core::pin::Pin;

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use kernel::sync::aref::ARef;
use kernel::sync::{new_mutex, Arc, Mutex};
use kernel::task::Task;

use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::completion::Bell;
use crate::abstractions::creds::Prepared;
use crate::abstractions::errno;
use crate::abstractions::family::Shared;
use crate::abstractions::file::OpenFile;
use crate::abstractions::seccomp::SettingsState;
use crate::abstractions::task::Addresses;
use crate::abstractions::task::ProcessState;
use crate::abstractions::task::ThreadState;
use crate::abstractions::vfork::Wait;
use crate::abstractions::{cpu, signal, task};
use crate::format::cpu_x86_64::RegistersX86_64;
use crate::format::reason::Reason;
use crate::format::task::{Member, Thread};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;
use crate::plan::{Plan, TaskPlan};
use crate::rooms;
use crate::rooms::confinement::Confined;
use crate::rooms::ipc::Ipc;
use crate::rooms::pipes::Pipes;
use crate::rooms::sockets::Restored;
use crate::rooms::specials::Specials;
use crate::rooms::storage::Storages;
use crate::rooms::terminals::Terminals;

/// Where a session stands.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Tasks may join.
    Open,
    /// The coordinator is at work, and waits for the last of them.
    Running,
    /// All have joined.
    Complete,
    /// The tasks were let go, or killed.
    Over,
}

struct State {
    phase: Phase,
    slots: RBTree<u32, Arc<Slot>>,
    joined: usize,
    /// The cgroup is held frozen for the restart.
    is_held: bool,
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
                state <- new_mutex!(State {
                    phase: Phase::Open,
                    slots: RBTree::new(),
                    joined: 0,
                    is_held: false,
                }),
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
    pub(crate) fn join(&self, number: u32, wait: Pin<&Wait>) -> Result<Outcome> {
        let task = task::current();
        if !self.cgroup.contains(&task) || self.is_opener() {
            return Err(EPERM);
        }
        let slot = Slot::new(task, number)?;
        {
            let mut state = self.state.lock();
            if matches!(state.phase, Phase::Complete | Phase::Over) {
                return Err(errno::shut_down());
            }
            if state.slots.get(&number).is_some() {
                return Err(EEXIST);
            }
            let entry = slot.clone();
            state
                .slots
                .try_create_and_insert(number, entry, GFP_KERNEL_ACCOUNT)?;
            state.joined = state.joined.saturating_add(1);
        }
        self.joined.ring();
        slot.park(wait)
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
        let mut state = self.state.lock();
        if state.joined < count {
            return Ok(None);
        }
        if state.joined != count {
            return Err(Refusal::new(Reason::SessionRole, EINVAL).name("more tasks than members"));
        }
        let mut ordered = KVVec::with_capacity(count, GFP_KERNEL)?;
        for (number, (place, slot)) in (0..).zip(state.slots.iter()) {
            if *place != number {
                return Err(Refusal::new(Reason::TaskMissing, ESRCH).value(number.into()));
            }
            ordered.push(slot.clone(), GFP_KERNEL)?;
        }
        // Whoever came later would never be told anything.
        if state.phase == Phase::Running {
            state.phase = Phase::Complete;
        }
        Ok(Some(ordered))
    }

    /// The tasks have been let go; the caller releases the cgroup, or it stays held until the session is
    /// closed. Unless somebody else has ended the session meanwhile, and all of them.
    pub(crate) fn finish(&self, stays_held: bool) -> Result<(), Refusal> {
        let mut state = self.state.lock();
        if state.phase == Phase::Over {
            return Err(Refusal::new(Reason::SessionClosed, errno::shut_down()));
        }
        state.phase = Phase::Over;
        state.is_held = stays_held;
        Ok(())
    }

    /// Freezes the cgroup: nothing of it runs before all of it is there.
    pub(crate) fn hold(&self) {
        self.cgroup.hold();
        // Noted afterwards: whoever ends the session meanwhile leaves it to the restart, which fails then.
        self.state.lock().is_held = true;
    }

    /// Kills whatever is in the cgroup, and who has joined and was moved out of it, unless the tasks
    /// have been let go. The cgroup is as it was then, also if it was held after somebody else had
    /// ended the session.
    pub(crate) fn abort(&self) {
        let (is_over, is_held) = {
            let mut state = self.state.lock();
            let is_over = state.phase == Phase::Over;
            if !is_over {
                state.phase = Phase::Over;
                state.slots.values().for_each(|slot| slot.give_up());
                state.slots.values().for_each(|slot| task::kill(&slot.task));
            }
            (is_over, core::mem::take(&mut state.is_held))
        };
        if !is_over {
            self.cgroup.kill();
        }
        if is_held {
            self.cgroup.release(false);
        }
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
    /// Replace the address space, or come to share that of another member.
    Space,
    /// Register what lies in it.
    Register,
    /// Replace descriptors and directories, set the scheduling, prepare credentials and all that is
    /// taken on at once.
    Prepare,
    /// Take it on.
    Settle,
    /// Set where it writes to when it ends, start the timers and leave the kernel; one that had ended
    /// ends.
    Leave,
}

/// How the life of a parked task goes on.
pub(crate) enum Outcome {
    /// As what was saved: what its system call returns.
    Returns(isize),
    /// It had ended before, with this status.
    Ends(u32),
}

/// What a task has ready, and takes on in one go.
struct Ready {
    confined: Option<Confined>,
    credentials: Prepared,
    settings: Option<SettingsState>,
    /// What the process has as a whole, if this is the member that gives it that.
    process: Option<ProcessState>,
    thread: ThreadState,
    actions: Option<KVVec<signal::Action>>,
    /// Most signals that may be queued for the user.
    limit: u64,
}

/// Opened files, by their place in the plan, and the credentials that they and the tasks have.
pub(crate) struct Files {
    files: KVVec<OpenFile>,
    identities: KVVec<Prepared>,
    /// What is watched by its path.
    pub(crate) watched: KVVec<OpenFile>,
}

impl Deref for Files {
    type Target = [OpenFile];

    fn deref(&self) -> &[OpenFile] {
        &self.files
    }
}

/// The members of a restart, by their number.
pub(crate) type Members = KVVec<Arc<Slot>>;

struct Orders {
    next: Option<(Step, Arc<Plan>)>,
    result: Option<Result<(), Refusal>>,
    files: Option<Arc<Files>>,
    members: Option<Arc<Members>>,
    opened: Option<Opened>,
    /// Of its process, if it is the member that has created them.
    timers: Option<Arc<rooms::timers::Ready>>,
    gone: bool,
    /// Where it writes to when it ends is set.
    has_addresses: bool,
    /// The restart has failed, and its end is to leave no trace.
    given_up: bool,
}

/// What a task has made that opens the files, and that somebody else fills.
pub(crate) struct Opened {
    pub(crate) storages: Storages,
    pub(crate) ipc: Ipc,
    pub(crate) pipes: Pipes,
    pub(crate) sockets: Restored,
    pub(crate) terminals: Terminals,
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
                    members: None,
                    opened: None,
                    timers: None,
                    gone: false,
                    has_addresses: false,
                    given_up: false,
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

    /// Tells the task who the others are, or forgets them.
    pub(crate) fn set_members(&self, members: Option<Arc<Members>>) {
        self.orders.lock().members = members;
    }

    /// Takes what the task has made to open the files.
    pub(crate) fn take_opened(&self) -> Option<Opened> {
        self.orders.lock().opened.take()
    }

    /// What it is to become: number and name.
    pub(crate) fn title(&self, plan: &Plan) -> (i32, [u8; 16]) {
        plan.title(self.number)
    }

    /// It is known by what it was to become.
    pub(crate) fn died(&self, plan: &Plan) -> Refusal {
        Refusal::new(Reason::TaskDied, ESRCH).member(self.title(plan))
    }

    /// The task is about to be killed, and maybe was let go already: it writes to nothing when it ends.
    fn give_up(&self) {
        let mut orders = self.orders.lock();
        orders.given_up = true;
        if orders.has_addresses {
            task::set_addresses(&self.task, Addresses::default());
        }
    }

    /// The timers of its process, if it has created them.
    fn timers(&self) -> Option<Arc<rooms::timers::Ready>> {
        self.orders.lock().timers.clone()
    }

    /// The life of a parked task, from joining to leaving.
    fn park(&self, wait: Pin<&Wait>) -> Result<Outcome> {
        let mut ready = None;
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
                return Ok(self.leave(&plan));
            }
            let result = match step {
                Step::Settle => self.settle(&plan, ready.take(), wait),
                step => self.step(step, &plan, &mut ready),
            };
            drop(plan);
            self.orders.lock().result = Some(result);
            self.done.ring();
        }
    }

    fn leave(&self, plan: &Plan) -> Outcome {
        let member = plan.members.get(self.number as usize);
        let ended = member.filter(|member| member.has_ended());
        let own = plan.tasks.get(self.number as usize);
        let alive = own.filter(|_| ended.is_none());
        let timers = {
            let mut orders = self.orders.lock();
            let thread = alive.and_then(|own| own.thread.as_deref());
            if let Some(thread) = thread.filter(|_| !orders.given_up) {
                orders.has_addresses = true;
                rooms::thread::commit_addresses(thread);
            }
            orders.timers.take()
        };
        // From here on a signal may end it.
        if let Some(timers) = timers {
            timers.start();
        }
        if let Some(ended) = ended {
            return Outcome::Ends(ended.status.get());
        }
        signal::leave();
        Outcome::Returns(cpu::return_value())
    }

    fn step(&self, step: Step, plan: &Plan, ready: &mut Option<Ready>) -> Result<(), Refusal> {
        let own = plan.tasks.get(self.number as usize).ok_or(EINVAL)?;
        let member = plan.members.get(self.number as usize).ok_or(EINVAL)?;
        match step {
            Step::Open => {
                rooms::process::widen_limits();
                let ipc = Ipc::make(&plan.ipc, &plan.storages, plan.same_boot)?;
                let mut storages = Storages::make(&plan.storages, &ipc)?;
                let names = plan
                    .files
                    .iter()
                    .filter_map(rooms::files::FilePlan::name_in_storage);
                storages.link(&plan.storages, names)?;
                let mut pipes = Pipes::make(&plan.pipes, &storages)?;
                let members = self.orders.lock().members.clone().ok_or(EINVAL)?;
                let task_of =
                    |member: TaskId| members.get(member.get() as usize).map(|slot| &*slot.task);
                let depth = rooms::pids::depth_of(plan, member)?;
                let identities = rooms::credentials::prepare(&plan.identities, &plan.keyrings)?;
                let plans = (&*plan.specials, &*plan.sockets);
                let flags_of = |terminal| plan.flags_of_master(terminal);
                let terminals = Terminals::make(&plan.terminals, flags_of)?;
                let others = (terminals, ipc.queues()?);
                let specials = Specials::make(plans, &identities, task_of, depth, others)?;
                self.set_files(open_all(
                    plan, &storages, &mut pipes, &specials, identities,
                )?);
                let mut orders = self.orders.lock();
                orders.opened = Some(Opened {
                    storages,
                    ipc,
                    pipes,
                    sockets: specials.sockets,
                    terminals: specials.terminals,
                });
            }
            Step::Prepare if member.has_ended() => *ready = Some(Ready::of_ended(self, own, plan)?),
            _ if member.has_ended() => (),
            Step::Space => {
                rooms::process::widen_limits();
                let thread = thread_of(own)?;
                let builder = plan.builders(thread)?.space;
                if builder != self.number {
                    self.share(Shared::AddressSpace, builder)?;
                    rooms::memory::join(plan, member, TaskId::new(builder));
                    return Ok(());
                }
                let files = self.files();
                let space = plan.spaces.get(plan.space(thread)?).ok_or(EINVAL)?;
                space.build(file_in(&files))?;
            }
            Step::Register => {
                let in_call = rooms::cpu::is_in_call(registers_of(own)?);
                rooms::thread::restore_rseq(thread_of(own)?, in_call)?;
            }
            Step::Prepare => {
                self.prepare(own, plan)?;
                let is_first = plan.first_alive(member.leader) == Some(self.number as usize);
                let (made, timers) = Ready::new(self, own, member, is_first, plan)?;
                *ready = Some(made);
                self.orders.lock().timers = timers;
            }
            Step::Settle | Step::Leave => (),
        }
        Ok(())
    }

    /// Takes on what is ready.
    fn settle(&self, plan: &Plan, ready: Option<Ready>, wait: Pin<&Wait>) -> Result<(), Refusal> {
        let own = plan.tasks.get(self.number as usize).ok_or(EINVAL)?;
        let member = plan.members.get(self.number as usize).ok_or(EINVAL)?;
        // Nothing holds the files any longer but the descriptors.
        self.orders.lock().files = None;
        let first = plan.first_alive(member.leader);
        let timers = match first.filter(|_| !member.has_ended()) {
            Some(first) => self.member(first as u32)?.timers(),
            None => None,
        };
        let leader = plan.tasks.get(member.leader.get() as usize).ok_or(EINVAL)?;
        let ready = ready.ok_or(EINVAL)?;
        ready.settle(own, leader, timers.as_deref())?;
        if let Some(child) = rooms::vfork::child_of(thread_of(own)?) {
            rooms::vfork::prepare(wait, &self.member(child.get())?.task)?;
        }
        Ok(())
    }

    /// What has no way back, and does not need one: nobody has run yet.
    fn prepare(&self, own: &TaskPlan, plan: &Plan) -> Result<(), Refusal> {
        let thread = thread_of(own)?;
        let builders = plan.builders(thread)?;
        let files = self.files();
        if builders.space == self.number {
            let space = plan.spaces.get(plan.space(thread)?).ok_or(EINVAL)?;
            space.settle()?;
            if let Some(table) = plan.segments(thread)? {
                table.restore()?;
            }
        }
        rooms::policy::restore_task(own.policy.as_ref())?;
        let number = TaskId::new(self.number);
        let member = plan.members.get(self.number as usize).ok_or(EINVAL)?;
        rooms::pids::restore_children(plan, number, member, |other| {
            Ok(self.member(other.get())?.task.clone())
        })?;
        if builders.table == self.number {
            let table = plan.table(thread)?;
            own_alone(Shared::Descriptors)?;
            rooms::descriptors::restore(table, &plan.files, &plan.handed, file_in(&files))?;
        } else {
            self.share(Shared::Descriptors, builders.table)?;
        }
        if builders.directories == self.number {
            own_alone(Shared::Directories)?;
            let visitor = identity(self, own, plan)?;
            plan.directories(thread)?
                .restore(&visitor, file_in(&files))?;
        } else {
            self.share(Shared::Directories, builders.directories)?;
        }
        let scheduling = own.scheduling.as_ref().ok_or(EINVAL)?;
        rooms::scheduling::restore(scheduling, &own.affinity)?;
        if thread.io_context.get() != self.number {
            self.share(Shared::IoContext, thread.io_context.get())?;
        }
        match rooms::semaphores::first(thread) {
            Some(first) => self.share(Shared::SemaphoreUndo, first.get())?,
            None => rooms::semaphores::restore_none(),
        }
        rooms::ipc::restore_undo(&own.undo)?;
        rooms::syscalls::restore(own.interrupted.as_deref())?;
        rooms::cpu::prepare(registers_of(own)?)
    }

    /// Another member.
    fn member(&self, number: u32) -> Result<Arc<Slot>> {
        let orders = self.orders.lock();
        let members = orders.members.as_ref().ok_or(EINVAL)?;
        members.get(number as usize).cloned().ok_or(EINVAL)
    }

    /// Comes to share with another member what that one has built.
    fn share(&self, what: Shared, with: u32) -> Result<(), Refusal> {
        what.share(&self.member(with)?.task)
            .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name(what.name()))
    }
}

/// What the caller builds for itself, no other task has: the image says who shares what, not the
/// tool. Locks and watches are found again by the table of who holds them.
fn own_alone(what: Shared) -> Result<(), Refusal> {
    what.make_own()
        .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name(what.name()))
}

fn file_in(files: &Option<Arc<Files>>) -> impl Fn(usize) -> Option<OpenFile> + '_ {
    |index| files.as_ref().and_then(|files| files.get(index).cloned())
}

fn thread_of(task: &TaskPlan) -> Result<&Thread, Refusal> {
    Ok(task.thread.as_deref().ok_or(EINVAL)?)
}

fn registers_of(task: &TaskPlan) -> Result<&RegistersX86_64, Refusal> {
    Ok(task.registers.as_deref().ok_or(EINVAL)?)
}

fn open_all(
    plan: &Plan,
    storages: &Storages,
    pipes: &mut Pipes,
    specials: &Specials,
    identities: KVVec<Prepared>,
) -> Result<Arc<Files>, Refusal> {
    let mut files = KVVec::new();
    let mut names = RBTree::new();
    for (index, file) in plan.files.iter().enumerate() {
        if task::is_interrupted() {
            return Err(Refusal::new(Reason::Interrupted, EINTR));
        }
        let (growth, same_boot) = (plan.growth, plan.same_boot);
        let name = file.name_in_storage();
        let first = name.and_then(|name| names.get(&name).copied());
        let storages = (storages, first.and_then(|first: usize| files.get(first)));
        if let Some(name) = name.filter(|_| first.is_none()) {
            names.try_create_and_insert(name, index, GFP_KERNEL)?;
        }
        let with = (&mut *pipes, &*identities);
        let made = (specials, &*plan.specials);
        let file = file.open(growth, same_boot, storages, &plan.storages, with, made)?;
        files.push(file, GFP_KERNEL_ACCOUNT)?;
    }
    let watched = rooms::watches::find(&plan.specials, &plan.files, &identities, plan.same_boot)?;
    let all = Files {
        files,
        identities,
        watched,
    };
    Ok(Arc::new(all, GFP_KERNEL_ACCOUNT)?)
}

/// The credentials of the caller-to-be, if it may have them; gives it its login.
fn credentials(slot: &Slot, own: &TaskPlan, plan: &Plan) -> Result<Prepared, Refusal> {
    let credentials = own.credentials.as_ref().ok_or(EINVAL)?;
    let identity = plan.identity("identity", credentials.identity)?;
    plan.identities.get(identity).ok_or(EINVAL)?.check()?;
    rooms::credentials::restore_login(credentials)?;
    self::identity(slot, own, plan)
}

/// Likewise, while the login is still the tool's. That the caller may have them was found before any
/// were made.
fn identity(slot: &Slot, own: &TaskPlan, plan: &Plan) -> Result<Prepared, Refusal> {
    let credentials = own.credentials.as_ref().ok_or(EINVAL)?;
    let identity = plan.identity("identity", credentials.identity)?;
    let files = slot.files().ok_or(EINVAL)?;
    Ok(files.identities.get(identity).ok_or(EINVAL)?.clone())
}

impl Ready {
    /// For one that lives. `is_first`: of its process; then the timers of that are created too.
    fn new(
        slot: &Slot,
        own: &TaskPlan,
        member: &Member,
        is_first: bool,
        plan: &Plan,
    ) -> Result<(Self, Option<Arc<rooms::timers::Ready>>), Refusal> {
        let thread = thread_of(own)?;
        let confinement = own.confinement.as_deref();
        let filter = confinement.map_or(ObjectId::NONE, |confinement| confinement.filter);
        let confined = rooms::confinement::prepare(
            confinement,
            &plan.filters,
            plan.filter("filter", filter)?,
            rooms::thread::has_no_new_privs(thread),
        )?;
        let credentials = credentials(slot, own, plan)?;
        let leader = plan.tasks.get(member.leader.get() as usize).ok_or(EINVAL)?;
        let process = rooms::process::prepare(leader.process.as_ref().ok_or(EINVAL)?)?;
        let limit = rooms::process::most_signals(&process);
        let number_of = |member: TaskId| {
            let other = slot.member(member.get()).ok()?;
            Some(task::number(&other.task))
        };
        let timers = match is_first {
            true => {
                let members = plan.tasks.get(plan.process(member.leader)).unwrap_or(&[]);
                let plans = &leader.timers;
                let timers =
                    rooms::timers::prepare(plans, members, &credentials, limit, number_of)?;
                Some(Arc::new(timers, GFP_KERNEL_ACCOUNT)?)
            }
            false => None,
        };
        let builders = plan.builders(thread)?;
        let actions = match builders.actions == slot.number {
            true => {
                own_alone(Shared::SignalActions)?;
                Some(rooms::signals::prepare(plan.actions(thread)?)?)
            }
            false => None,
        };
        if is_first && builders.actions != slot.number {
            slot.share(Shared::SignalActions, builders.actions)?;
        }
        let ready = Self {
            confined: Some(confined),
            credentials,
            settings: Some(rooms::settings::prepare(own.settings.as_deref())?),
            process: is_first.then_some(process),
            thread: rooms::thread::prepare(thread)?,
            actions,
            limit,
        };
        Ok((ready, timers))
    }

    /// For one that has ended.
    fn of_ended(slot: &Slot, own: &TaskPlan, plan: &Plan) -> Result<Self, Refusal> {
        Ok(Self {
            confined: None,
            credentials: credentials(slot, own, plan)?,
            settings: None,
            process: None,
            thread: rooms::thread::prepare(thread_of(own)?)?,
            actions: None,
            limit: 0,
        })
    }

    /// In this order: new credentials reset what `thread` sets, and are charged for what is queued;
    /// limits are for what comes after; what confines the task comes last.
    fn settle(
        self,
        own: &TaskPlan,
        leader: &TaskPlan,
        timers: Option<&rooms::timers::Ready>,
    ) -> Result<(), Refusal> {
        if let Some(actions) = &self.actions {
            rooms::signals::commit(actions)?;
        }
        self.credentials.commit();
        rooms::thread::commit(&self.thread);
        if let Some(timers) = timers {
            let with_process = self.process.is_some();
            // What is queued for a process whose leader has ended stands with that.
            let of_process = with_process && !core::ptr::eq(own, leader);
            let process = of_process.then_some(&leader.pending).into_iter().flatten();
            let all = Iterator::chain(process, own.pending.iter());
            rooms::signals::restore_pending(all, with_process, self.limit, timers)?;
        }
        if let Some(process) = &self.process {
            rooms::process::commit(process);
        }
        if let (Some(settings), Some(confined)) = (&self.settings, self.confined) {
            rooms::settings::commit(settings);
            rooms::jobs::commit(leader.job.as_deref());
            confined.commit()?;
        }
        Ok(())
    }
}
