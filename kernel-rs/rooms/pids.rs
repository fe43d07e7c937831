// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Pids: numbers at each level of the namespaces that the container spans.
//!
//! Saves: the container's own pid namespace, in which every task has a number, and those inside of
//! it; the numbers of tasks, groups and sessions in all of them; which number comes next; the
//! namespace that the children of a thread will be in.
//! Restores: the tools make the tasks with their numbers, and so the namespaces. They are compared
//! with the image. The namespace for children is set by each thread; next numbers and limits last of
//! all. Those of a namespace that is also the caller's stay as they are.
//! Refuses: a namespace whose first process is not in the container, or that somebody else is in; one
//! for children that nobody is in and that no task here could have made; process accounting in it.
//! Locks: pidmap_lock, tasklist_lock, task_lock; each inside one call of the glue.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use kernel::sync::aref::ARef;
use kernel::sync::Arc;
use kernel::task::Task;
use zerocopy::little_endian::{I32, U32};
use zerocopy::IntoBytes;

use crate::abstractions::pids::{self, Of, Space};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::{Member, Pid, PidSpace, MAX_PID_LEVELS, PID_LIMIT, PID_SPACE_CLOSED};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;
use crate::plan::Plan;
use crate::session::Slot;
use crate::sort;

/// A namespace of the container that is saved.
struct Found {
    object: ObjectId,
    parent: u64,
    state: Space,
    /// The first task that was met in it.
    task: usize,
    /// Numbers in it that are in the image.
    counted: u32,
    has_init: bool,
    /// Some task could make it for its children.
    has_maker: bool,
}

/// The namespaces of a container that is saved, by their ids.
pub(crate) struct Spaces {
    /// Where the container's own lies.
    level: u32,
    own: u64,
    found: RBTree<u64, Found>,
}

/// Finds them, and what is in the way of saving them.
pub(crate) fn capture(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result<Spaces, Refusal> {
    let (level, own) = common(tasks)?;
    let caller = task::current();
    let callers = pids::space(&caller, Of::Task, pids::level(&caller, Of::Task)?)?;
    let first = tasks.first().ok_or(ESRCH)?;
    if own != callers.id && !gone(pids::space(&first.task, Of::Task, level))?.made {
        out.refuse(first.refusal(Reason::TaskNamespace).name("pid"));
    }
    out.pid_space = Some(own);
    let mut spaces = Spaces {
        level,
        own,
        found: RBTree::new(),
    };
    for (index, task) in tasks.iter().enumerate() {
        for of in [Of::Task, Of::Group, Of::Session] {
            spaces.add(task, index, of, out)?;
        }
        if !task.ended {
            spaces.add(task, index, Of::Children, out)?;
            spaces.add_maker(&task.task)?;
        }
    }
    for (_, found) in spaces.found.iter() {
        let task = tasks.get(found.task).ok_or(EINVAL)?;
        if found.state.owner != callers.owner {
            out.refuse(task.refusal(Reason::TaskNamespace).name("user"));
        }
        if found.state.accounted && found.state.id != callers.id {
            let refusal = task.refusal(Reason::TaskFeature);
            out.refuse(refusal.name("process accounting in its pid namespace (acct)"));
        }
    }
    Ok(spaces)
}

/// Somebody has died while we look.
fn gone<T>(result: Result<T>) -> Result<T, Refusal> {
    result.map_err(|error| Refusal::new(Reason::Thawed, error))
}

/// The innermost namespace that all tasks are in: its level and its id.
fn common(tasks: &[FrozenTask]) -> Result<(u32, u64), Refusal> {
    let first = &tasks.first().ok_or(ESRCH)?.task;
    let mut level = gone(pids::level(first, Of::Task))?;
    let mut own = gone(pids::space(first, Of::Task, level))?.id;
    for task in tasks {
        let task = &task.task;
        level = level.min(gone(pids::level(task, Of::Task))?);
        loop {
            own = gone(pids::space(first, Of::Task, level))?.id;
            if gone(pids::space(task, Of::Task, level))?.id == own {
                break;
            }
            // The machine's own is that of all.
            level = level.checked_sub(1).ok_or(EINVAL)?;
        }
    }
    Ok((level, own))
}

impl Spaces {
    /// All namespaces of the container that a pid has a number in.
    fn add(
        &mut self,
        task: &FrozenTask,
        index: usize,
        of: Of,
        out: &mut Capture<'_>,
    ) -> Result<(), Refusal> {
        if !self.covers(&task.task, of)? {
            return Ok(());
        }
        let deepest = gone(pids::level(&task.task, of))?;
        let mut parent = (0, ObjectId::NONE);
        for level in self.level..=deepest {
            let state = gone(pids::space(&task.task, of, level))?;
            let object = match self.found.get(&state.id) {
                Some(found) => found.object,
                None => self.declare(state, parent, index, out)?,
            };
            parent = (state.id, object);
        }
        Ok(())
    }

    fn declare(
        &mut self,
        state: Space,
        (parent, parent_object): (u64, ObjectId),
        task: usize,
        out: &mut Capture<'_>,
    ) -> Result<ObjectId> {
        let object = out.new_object()?;
        let found = Found {
            object,
            parent,
            state,
            task,
            counted: 0,
            has_init: false,
            has_maker: false,
        };
        self.found
            .try_create_and_insert(state.id, found, GFP_KERNEL)?;
        let flags = if state.closed { PID_SPACE_CLOSED } else { 0 };
        let record = PidSpace {
            id: object,
            parent: parent_object,
            most: U32::new(state.most),
            next: U32::new(state.next.min(PID_LIMIT)),
            memfd_noexec: U32::new(state.memfd_noexec),
            flags: U32::new(flags),
        };
        out.record(&record, &[])?;
        Ok(object)
    }

    /// The task could have made the namespace for its children itself.
    fn add_maker(&mut self, task: &Task) -> Result<(), Refusal> {
        let level = gone(pids::level(task, Of::Task))?;
        let own = gone(pids::space(task, Of::Task, level))?.id;
        let id = gone(innermost(task, Of::Children))?.id;
        if let Some(found) = self.found.get_mut(&id) {
            found.has_maker |= found.parent == own && id != own;
        }
        Ok(())
    }

    /// Has it a number in the container's own namespace?
    pub(crate) fn covers(&self, task: &Task, of: Of) -> Result<bool, Refusal> {
        if gone(pids::level(task, of))? < self.level {
            return Ok(false);
        }
        Ok(gone(pids::space(task, of, self.level))?.id == self.own)
    }

    /// The namespace for the children of a thread, if it is not its own.
    pub(crate) fn of_children(&self, task: &FrozenTask) -> Result<ObjectId, Refusal> {
        if task.ended {
            return Ok(ObjectId::NONE);
        }
        let id = gone(innermost(&task.task, Of::Children))?.id;
        if id == gone(innermost(&task.task, Of::Task))?.id {
            return Ok(ObjectId::NONE);
        }
        Ok(self.found.get(&id).ok_or(EINVAL)?.object)
    }

    /// Describes the pid of a task, its group or its session, which is at this address.
    pub(crate) fn pid(
        &mut self,
        address: usize,
        task: &Task,
        of: Of,
        out: &mut Capture<'_>,
    ) -> Result<ObjectId, Refusal> {
        let (id, is_new) = out.pid(address)?;
        if !is_new {
            return Ok(id);
        }
        let mut numbers = KVVec::new();
        let mut space = ObjectId::NONE;
        for level in self.level..=gone(pids::level(task, of))? {
            let at = gone(pids::space(task, of, level))?;
            let found = self.found.get_mut(&at.id).ok_or(EINVAL)?;
            found.counted = found.counted.saturating_add(1);
            found.has_init |= at.number == 1 && matches!(of, Of::Task);
            space = found.object;
            numbers.push(I32::new(at.number), GFP_KERNEL)?;
        }
        let levels = U32::new(numbers.len() as u32);
        out.record(&Pid { id, levels, space }, numbers.as_bytes())?;
        Ok(id)
    }

    /// Is everybody here who is in them?
    pub(crate) fn check(&self, tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
        for (id, found) in self.found.iter() {
            if *id == self.own {
                continue;
            }
            let task = tasks.get(found.task).ok_or(EINVAL)?;
            let pids = found.state.pids;
            if pids == 0 {
                if !found.has_maker {
                    let refusal = task.refusal(Reason::TaskPidSpaceOfChildren);
                    out.refuse(refusal.name("nobody is in it"));
                }
            } else if !found.has_init {
                out.refuse(task.refusal(Reason::TaskPidSpace));
            } else if pids != found.counted {
                let others = pids.saturating_sub(found.counted);
                out.refuse(
                    task.refusal(Reason::TaskPidSpaceShared)
                        .value(others.into()),
                );
            }
        }
        Ok(())
    }
}

fn innermost(task: &Task, of: Of) -> Result<Space> {
    pids::space(task, of, pids::level(task, of)?)
}

/// A namespace that an image asks for.
struct SpacePlan {
    /// Itself for the container's own.
    parent: usize,
    depth: u32,
    state: Option<PidSpace>,
    /// Some pid has a number in it.
    is_used: bool,
    /// The member that is its first process.
    init: Option<TaskId>,
    /// The member that makes it for its children, if nobody is in it.
    maker: Option<TaskId>,
}

/// The namespaces and pids of an image. The first is the container's own.
pub(crate) struct PidsPlan {
    spaces: KVVec<SpacePlan>,
    /// For each pid: its namespace, and where its numbers begin.
    pids: KVVec<(usize, usize)>,
    numbers: KVVec<i32>,
    /// Namespace and number of each.
    sorted: KVVec<(usize, i32)>,
}

fn impossible<T>(name: &'static str, value: u64) -> Result<T, Refusal> {
    Err(Refusal::new(Reason::ImageValue, EINVAL)
        .name(name)
        .value(value))
}

impl PidsPlan {
    pub(crate) fn new() -> Result<Self> {
        let mut spaces = KVVec::new();
        let own = SpacePlan {
            parent: 0,
            depth: 0,
            state: None,
            is_used: true,
            init: None,
            maker: None,
        };
        spaces.push(own, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            spaces,
            pids: KVVec::new(),
            numbers: KVVec::new(),
            sorted: KVVec::new(),
        })
    }

    /// How many pids there are.
    pub(crate) fn len(&self) -> usize {
        self.pids.len()
    }

    /// Takes a namespace in; gives its place. The first one, without a parent, is the container's own.
    pub(crate) fn add_space(
        &mut self,
        space: PidSpace,
        parent: Option<usize>,
    ) -> Result<usize, Refusal> {
        let own = self.spaces.first_mut().ok_or(EINVAL)?;
        let Some(parent) = parent else {
            if own.state.is_some() || space.flags.get() != 0 {
                return impossible("parent", 0);
            }
            own.state = Some(space);
            return Ok(0);
        };
        let depth = self.spaces.get(parent).ok_or(EINVAL)?.depth;
        let depth = depth.saturating_add(1);
        if depth >= MAX_PID_LEVELS {
            return impossible("parent", space.parent.get().into());
        }
        let plan = SpacePlan {
            parent,
            depth,
            state: Some(space),
            is_used: false,
            init: None,
            maker: None,
        };
        self.spaces.push(plan, GFP_KERNEL_ACCOUNT)?;
        Ok(self.spaces.len().saturating_sub(1))
    }

    /// Takes a pid in, with its numbers as bytes.
    pub(crate) fn add(&mut self, space: usize, tail: &[u8]) -> Result<(), Refusal> {
        let first = self.numbers.len();
        for number in tail.chunks_exact(4) {
            let number = <[u8; 4]>::try_from(number).map_err(|_| EINVAL)?;
            let number = i32::from_le_bytes(number);
            if !(1..PID_LIMIT as i32).contains(&number) {
                return impossible("numbers", number as u64);
            }
            self.numbers.push(number, GFP_KERNEL_ACCOUNT)?;
        }
        let levels = self.numbers.len().saturating_sub(first);
        let depth = self.spaces.get(space).ok_or(EINVAL)?.depth as usize;
        if levels != depth.saturating_add(1) {
            return impossible("levels", levels as u64);
        }
        let mut at = space;
        for number in self.numbers.get(first..).unwrap_or(&[]).iter().rev() {
            self.sorted.push((at, *number), GFP_KERNEL_ACCOUNT)?;
            let space = self.spaces.get_mut(at).ok_or(EINVAL)?;
            space.is_used = true;
            at = space.parent;
        }
        self.pids.push((space, first), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// A pid's number at the container's own level.
    pub(crate) fn number(&self, pid: usize) -> Result<i32> {
        let (_, first) = self.pids.get(pid).ok_or(EINVAL)?;
        Ok(*self.numbers.get(*first).ok_or(EINVAL)?)
    }

    /// Has a pid of the image this number at the container's own level?
    pub(crate) fn has_number(&self, number: i32) -> bool {
        self.sorted.binary_search(&(0, number)).is_ok()
    }

    fn space_of(&self, pid: usize) -> Result<usize> {
        Ok(self.pids.get(pid).ok_or(EINVAL)?.0)
    }

    fn parent(&self, space: usize) -> Result<usize> {
        Ok(self.spaces.get(space).ok_or(EINVAL)?.parent)
    }

    fn depth(&self, space: usize) -> Result<u32> {
        Ok(self.spaces.get(space).ok_or(EINVAL)?.depth)
    }

    /// Does one namespace lie in the other, or is it the same?
    fn lies_in(&self, mut space: usize, outer: usize) -> Result<bool> {
        let depth = self.depth(outer)?;
        while self.depth(space)? > depth {
            space = self.parent(space)?;
        }
        Ok(space == outer)
    }

    /// A pid's number in its innermost namespace.
    fn innermost(&self, pid: usize) -> Result<i32> {
        let (space, first) = *self.pids.get(pid).ok_or(EINVAL)?;
        let last = first.saturating_add(self.depth(space)? as usize);
        Ok(*self.numbers.get(last).ok_or(EINVAL)?)
    }

    /// Numbers are there once, every namespace has a first process or somebody to make it, and tasks
    /// are where tasks can be.
    pub(crate) fn check(&mut self, plan: &PlanOfTasks<'_>) -> Result<(), Refusal> {
        sort::values(&mut self.sorted);
        for pair in self.sorted.windows(2) {
            if let [one, other] = pair {
                if one == other {
                    return impossible("numbers", one.1 as u64);
                }
            }
        }
        for (index, member) in (0u32..).zip(plan.members) {
            self.check_member(TaskId::new(index), member, plan)?;
        }
        for place in 1..self.spaces.len() {
            let space = self.spaces.get(place).ok_or(EINVAL)?;
            let id = space.state.map_or(0, |state| state.id.get());
            match (space.is_used, space.init, space.maker) {
                (true, None, _) | (false, _, None) => return impossible("id", id.into()),
                _ => (),
            }
        }
        // Who is in a namespace ends with its first process.
        let mut open = KVVec::with_capacity(self.spaces.len(), GFP_KERNEL)?;
        for own in self.spaces.iter() {
            let lives = own.init.is_some_and(|init| (plan.lives)(init));
            let closed = own.state.is_some_and(|state| state.flags.get() != 0);
            open.push(lives && !closed, GFP_KERNEL)?;
        }
        for member in plan.members.iter().filter(|member| !member.has_ended()) {
            let mut space = self.space_of((plan.pid)(member.pid)?)?;
            while space != 0 {
                let own = self.spaces.get(space).ok_or(EINVAL)?;
                if open.get(space) != Some(&true) {
                    return impossible("flags", PID_SPACE_CLOSED.into());
                }
                space = own.parent;
            }
        }
        Ok(())
    }

    fn check_member(
        &mut self,
        own: TaskId,
        member: &Member,
        plan: &PlanOfTasks<'_>,
    ) -> Result<(), Refusal> {
        let pid = (plan.pid)(member.pid)?;
        let space = self.space_of(pid)?;
        let above = match member.leader == own {
            true => plan.members.get(member.parent.get() as usize),
            false => plan.members.get(member.leader.get() as usize),
        };
        if let Some(above) = above {
            let outer = self.space_of((plan.pid)(above.pid)?)?;
            let fits = match member.leader == own {
                true => self.lies_in(space, outer)?,
                false => space == outer,
            };
            if !fits {
                return impossible("space", member.pid.get().into());
            }
        }
        if space != 0 && self.innermost(pid)? == 1 {
            if member.leader != own {
                return impossible("leader", member.leader.get().into());
            }
            self.spaces.get_mut(space).ok_or(EINVAL)?.init = Some(own);
        }
        if let Some(target) = (plan.space)(member.space_of_children)? {
            if member.has_ended() || target == space || !self.lies_in(target, space)? {
                let id = member.space_of_children.get();
                return impossible("space_of_children", id.into());
            }
            if self.parent(target)? == space {
                let target = self.spaces.get_mut(target).ok_or(EINVAL)?;
                target.maker.get_or_insert(own);
            }
        }
        Ok(())
    }
}

/// What the check of pids needs to know of the plan that they are in.
pub(crate) struct PlanOfTasks<'a> {
    pub(crate) members: &'a [Member],
    /// The place of a pid.
    pub(crate) pid: &'a dyn Fn(ObjectId) -> Result<usize, Refusal>,
    /// The place of a namespace, if it is one.
    pub(crate) space: &'a dyn Fn(ObjectId) -> Result<Option<usize>, Refusal>,
    /// Some thread of this process lives.
    pub(crate) lives: &'a dyn Fn(TaskId) -> bool,
}

/// How deep below the container's own pid namespace a member's is.
pub(crate) fn depth_of(plan: &Plan, member: &Member) -> Result<u32, Refusal> {
    let pid = plan.pid(member.pid)?;
    Ok(plan.pids.depth(plan.pids.space_of(pid)?)?)
}

/// The namespaces that the tools have made, in the order of the image; those that nobody is in are
/// not there yet.
pub(crate) struct Built {
    /// Where the container's own lies.
    pub(crate) level: u32,
    /// Its id.
    pub(crate) own: u64,
    ids: KVVec<Option<u64>>,
}

fn differs<T>(name: &'static str, value: i64) -> Result<T, Refusal> {
    Err(Refusal::new(Reason::ForestDiffers, EINVAL)
        .name(name)
        .value(value as u64))
}

impl Built {
    /// Begins with the first task.
    pub(crate) fn new(plan: &Plan, first: &Slot) -> Result<Self, Refusal> {
        let member = plan.members.first().ok_or(EINVAL)?;
        let depth = depth_of(plan, member)?;
        let level = pids::level(&first.task, Of::Task)?;
        let Some(level) = level.checked_sub(depth) else {
            return differs("the depth of its pid namespace", level.into());
        };
        let count = plan.pids.spaces.len();
        let mut ids = KVVec::from_elem(None, count, GFP_KERNEL_ACCOUNT)?;
        let own = pids::space(&first.task, Of::Task, level)?.id;
        *ids.first_mut().ok_or(EINVAL)? = Some(own);
        Ok(Self { level, own, ids })
    }

    /// Is it where the image says, with those numbers?
    pub(crate) fn verify(
        &mut self,
        plan: &Plan,
        member: &Member,
        task: &Task,
        new_pids: bool,
    ) -> Result<(), Refusal> {
        let pid = plan.pid(member.pid)?;
        let (mut space, first) = *plan.pids.pids.get(pid).ok_or(EINVAL)?;
        let depth = plan.pids.depth(space)?;
        let level = pids::level(task, Of::Task)?;
        if Some(level) != self.level.checked_add(depth) {
            return differs("the depth of its pid namespace", level.into());
        }
        for depth in (0..=depth).rev() {
            let level = self.level.saturating_add(depth);
            let found = pids::space(task, Of::Task, level)?;
            let number = plan.pids.numbers.get(first.saturating_add(depth as usize));
            if !new_pids && number != Some(&found.number) {
                return differs("the pid", found.number.into());
            }
            let known = self.ids.get(space).copied().flatten();
            let is_new = known.is_none() && !self.ids.contains(&Some(found.id));
            if is_new {
                *self.ids.get_mut(space).ok_or(EINVAL)? = Some(found.id);
            } else if known != Some(found.id) {
                return differs("its pid namespace", found.id as i64);
            }
            space = plan.pids.parent(space)?;
        }
        Ok(())
    }

    /// The number of its group or session in the container's own namespace, or zero.
    pub(crate) fn number(&self, task: &Task, of: Of) -> i32 {
        match pids::space(task, of, self.level) {
            Ok(space) if space.id == self.own => space.number,
            _ => 0,
        }
    }
}

/// Has a process that cannot name its group, because that lies outside of its own pid namespace,
/// enter it.
pub(crate) fn enter_groups(plan: &Plan, slots: &[Arc<Slot>], built: &Built) -> Result<(), Refusal> {
    let is_there = |member: &Member, slot: &Slot| -> Result<bool, Refusal> {
        let number = built.number(&slot.task, Of::Group);
        Ok(member.group == ObjectId::NONE || number == plan.number(member.group)?)
    };
    let members = || plan.members.iter().zip(slots);
    let mut leads_there = RBTree::<u32, &Slot>::new();
    for (member, slot) in members() {
        let group = member.group.get();
        if leads_there.get(&group).is_none() && is_there(member, slot)? {
            leads_there.try_create_and_insert(group, &**slot, GFP_KERNEL)?;
        }
    }
    for (member, slot) in members() {
        if is_there(member, slot)? {
            continue;
        }
        let own = plan.pids.space_of(plan.pid(member.pid)?)?;
        let groups = plan.pids.space_of(plan.pid(member.group)?)?;
        if plan.pids.lies_in(groups, own)? || !task::may_attach(&slot.task) {
            continue;
        }
        if let Some(other) = leads_there.get(&member.group.get()) {
            pids::enter_group(&slot.task, &other.task);
        }
    }
    Ok(())
}

/// Sees to it that the children of the caller will be where they would have been.
pub(crate) fn restore_children(
    plan: &Plan,
    own: TaskId,
    member: &Member,
    task_of: impl Fn(TaskId) -> Result<ARef<Task>>,
) -> Result<(), Refusal> {
    let Some(target) = plan.space_of_children(member.space_of_children)? else {
        return Ok(());
    };
    let space = plan.pids.spaces.get(target).ok_or(EINVAL)?;
    let result = match (space.init, space.maker) {
        (Some(init), _) => pids::take_for_children(&*task_of(init)?, Of::Task),
        (None, Some(maker)) if maker == own => {
            let closed = space.state.is_some_and(|state| state.flags.get() != 0);
            pids::make_for_children(closed)
        }
        (None, Some(maker)) => pids::take_for_children(&*task_of(maker)?, Of::Children),
        (None, None) => Err(EINVAL),
    };
    result.map_err(|error| {
        Refusal::new(Reason::RestoreNotPermitted, error).name("a pid namespace for its children")
    })
}

/// Sets which number comes next, and the limits.
pub(crate) fn settle(plan: &Plan, slots: &[Arc<Slot>], built: &Built) -> Result<(), Refusal> {
    let caller = task::current();
    let callers = pids::level(&caller, Of::Task)?;
    // A namespace that the caller is in too is not the container's alone.
    let is_shared =
        callers >= built.level && pids::space(&caller, Of::Task, built.level)?.id == built.own;
    for (place, space) in plan.pids.spaces.iter().enumerate() {
        let Some(state) = space.state else {
            continue;
        };
        let (member, of) = match (place, space.init, space.maker) {
            (0, ..) if is_shared => continue,
            (0, ..) => (plan.first_living(), Of::Task),
            (_, Some(init), _) => (plan.first_alive(init), Of::Task),
            (_, None, maker) => (maker.map(|maker| maker.get() as usize), Of::Children),
        };
        // Where the first process has ended nothing begins any more.
        let Some(slot) = member.and_then(|member| slots.get(member)) else {
            continue;
        };
        let wanted = Space {
            most: state.most.get(),
            next: state.next.get(),
            memfd_noexec: state.memfd_noexec.get(),
            ..Space::default()
        };
        let level = built.level.saturating_add(space.depth);
        pids::set_space(&slot.task, of, level, &wanted).map_err(|error| {
            Refusal::new(Reason::RestoreNotPermitted, error).name("the limits of a pid namespace")
        })?;
    }
    Ok(())
}
