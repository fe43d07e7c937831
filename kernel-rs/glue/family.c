// SPDX-License-Identifier: GPL-2.0
/* Families: threads, parents, children, process groups, sessions; and what tasks share. */
#include <linux/binfmts.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/iocontext.h>
#include <linux/ioprio.h>
#include <linux/personality.h>
#include <linux/pid_namespace.h>
#include <linux/rseq.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sem.h>
#include <linux/sem_restore.h>

#include "glue.h"
#include "outsiders.h"

/* Adds a task to a list that may be too short; then the caller makes room and asks again. */
static void add(struct ckpt_tasks *tasks, struct task_struct *task)
{
	if (tasks->count < tasks->room)
		tasks->task[tasks->count] = get_task_struct(task);
	tasks->count++;
}

/* Every thread of a process that has not been reaped, its leader first. */
void ckpt_threads(struct task_struct *task, struct ckpt_tasks *tasks)
{
	struct task_struct *thread;

	tasks->count = 0;
	read_lock(&tasklist_lock);
	for_each_thread(task, thread)
		add(tasks, thread);
	read_unlock(&tasklist_lock);
}

/* The children that a thread has made or adopted, dead or alive, in the order that wait() sees. */
void ckpt_children(struct task_struct *task, struct ckpt_tasks *tasks)
{
	struct task_struct *child;

	tasks->count = 0;
	read_lock(&tasklist_lock);
	list_for_each_entry(child, &task->children, sibling)
		add(tasks, child);
	read_unlock(&tasklist_lock);
}

/* The relatives of one that was reaped may be gone themselves. */
struct task_struct *ckpt_leader(struct task_struct *task)
{
	guard(read_lock)(&tasklist_lock);
	return pid_alive(task) ? get_task_struct(task->group_leader) : NULL;
}

/* The very thread. */
struct task_struct *ckpt_parent(struct task_struct *task)
{
	guard(read_lock)(&tasklist_lock);
	if (!pid_alive(task))
		return NULL;
	return get_task_struct(rcu_dereference_protected(task->real_parent, true));
}

/*
 * What a task shares, only to be compared; and how many have it, as far as one can see. That
 * is only asked of a task that does not run; else @users is NULL.
 */
const void *ckpt_shared_get(struct task_struct *task, enum ckpt_shared what, u32 *users)
{
	const void *shared = NULL;
	u32 count = 0;

	task_lock(task);
	switch (what) {
	case CKPT_SHARED_MM:
		shared = task->mm;
		if (task->mm)
			count = atomic_read(&task->mm->mm_users);
		break;
	case CKPT_SHARED_FILES:
		shared = task->files;
		if (task->files)
			count = atomic_read(&task->files->count);
		break;
	case CKPT_SHARED_FS:
		shared = task->fs;
		if (task->fs)
			count = READ_ONCE(task->fs->users);
		break;
	case CKPT_SHARED_SIGHAND:
		scoped_guard(rcu) {
			struct sighand_struct *sighand = rcu_dereference(task->sighand);

			shared = sighand;
			if (sighand)
				count = refcount_read(&sighand->count);
		}
		break;
	case CKPT_SHARED_IO:
		shared = task->io_context;
		if (task->io_context)
			count = atomic_read(&task->io_context->active_ref);
		break;
	case CKPT_SHARED_UNDO:
#ifdef CONFIG_SYSVIPC
		/* No lock keeps that of a task that runs. */
		shared = READ_ONCE(task->sysvsem.undo_list);
		if (users)
			count = sem_undo_users(task);
#endif
		break;
	}
	task_unlock(task);
	if (users)
		*users = count;
	return shared;
}

struct sharing {
	struct ckpt_inquiry inquiry;
	const void *shared;
	enum ckpt_shared what;
};

static bool shares(struct ckpt_inquiry *inquiry, struct task_struct *task)
{
	const struct sharing *sharing = container_of(inquiry, struct sharing, inquiry);

	return ckpt_shared_get(task, sharing->what, NULL) == sharing->shared;
}

/* What a task uses that others may use too: has a task outside @cgrp the same? Or an error. */
int ckpt_task_sharer(struct task_struct *task, struct cgroup *cgrp, enum ckpt_shared what)
{
	struct sharing sharing = {
		.inquiry = { .cgrp = cgrp, .concerns = shares, .look = ckpt_inquiry_found },
		.shared = ckpt_shared_get(task, what, NULL),
		.what = what,
	};

	return sharing.shared ? ckpt_inquire(&sharing.inquiry) : 0;
}

/* Is a task outside @cgrp in the group or session of @member? */
bool ckpt_group_outsider(struct task_struct *member, bool is_session, struct cgroup *cgrp)
{
	struct task_struct *task;
	struct pid *pid;
	bool found = false;

	guard(read_lock)(&tasklist_lock);
	/* It has none if it was killed, and reaped, meanwhile. */
	pid = is_session ? task_session(member) : task_pgrp(member);
	if (!pid_alive(member) || !pid)
		return false;
	if (is_session) {
		do_each_pid_task(pid, PIDTYPE_SID, task) {
			found |= task_dfl_cgroup(task) != cgrp;
		} while_each_pid_task(pid, PIDTYPE_SID, task);
	} else {
		do_each_pid_task(pid, PIDTYPE_PGID, task) {
			found |= task_dfl_cgroup(task) != cgrp;
		} while_each_pid_task(pid, PIDTYPE_PGID, task);
	}
	return found;
}

/*
 * Puts a process where it was among the children of the thread that made it:
 * behind those that were put there before. The parent is of the process that
 * made the child here. NULL: it stays with whoever made it.
 *
 * Both are parked, or the child has ended; but whoever has made them is not
 * trusted to leave them alone: they may be killed, reaped or traced meanwhile.
 */
bool ckpt_child_arrange(struct task_struct *child, struct task_struct *parent, int exit_signal)
{
	struct task_struct *thread;

	guard(write_lock_irq)(&tasklist_lock);
	/* Of a thread its leader sends the signal, and has the parent. */
	if (!thread_group_leader(child))
		return !parent;
	if (!pid_alive(child) || child->exit_state == EXIT_DEAD)
		return false;
	for_each_thread(child, thread) {
		if (thread->ptrace)
			return false;
	}
	if (parent && (!pid_alive(parent) || parent->exit_state || parent->ptrace ||
		       !same_thread_group(child->real_parent, parent)))
		return false;
	child->exit_signal = exit_signal;
	if (!parent)
		return true;
	for_each_thread(child, thread) {
		RCU_INIT_POINTER(thread->real_parent, parent);
		thread->parent = parent;
	}
	list_move_tail(&child->sibling, &parent->children);
	return true;
}

static bool share_files(struct task_struct *with)
{
	struct files_struct *files, *old;

	task_lock(with);
	files = with->files;
	if (files)
		atomic_inc(&files->count);
	task_unlock(with);
	if (!files)
		return false;
	task_lock(current);
	old = current->files;
	current->files = files;
	task_unlock(current);
	put_files_struct(old);
	return true;
}

static bool share_fs(struct task_struct *with)
{
	struct fs_struct *fs, *old;
	bool last;

	task_lock(with);
	fs = with->fs;
	if (fs) {
		read_seqlock_excl(&fs->seq);
		fs->users++;
		read_sequnlock_excl(&fs->seq);
	}
	task_unlock(with);
	if (!fs)
		return false;
	task_lock(current);
	old = current->fs;
	read_seqlock_excl(&old->seq);
	current->fs = fs;
	last = !--old->users;
	read_sequnlock_excl(&old->seq);
	task_unlock(current);
	if (last)
		free_fs_struct(old);
	return true;
}

/* Its threads may be on their way out, or told to be: then they look at their handlers. */
static bool is_ending(const struct signal_struct *signal)
{
	return (signal->flags & SIGNAL_GROUP_EXIT) || signal->group_exec_task;
}

/*
 * For the whole process of current, all of whose threads have the same and are
 * parked: only the end of all of them could wake one.
 */
static bool share_sighand(struct task_struct *with)
{
	struct sighand_struct *sighand, *old = current->sighand;
	struct task_struct *thread;
	u32 threads = 0;

	scoped_guard(write_lock_irq, &tasklist_lock) {
		sighand = rcu_dereference_protected(with->sighand, true);
		if (!sighand || with->exit_state)
			return false;
		if (sighand == old)
			return true;
		spin_lock(&old->siglock);
		if (is_ending(current->signal)) {
			spin_unlock(&old->siglock);
			return false;
		}
		for_each_thread(current, thread) {
			refcount_inc(&sighand->count);
			rcu_assign_pointer(thread->sighand, sighand);
			threads++;
		}
		spin_unlock(&old->siglock);
	}
	while (threads--)
		__cleanup_sighand(old);
	return true;
}

/* For the whole process of current, likewise: signal actions that no other process has. */
static int unshare_sighand(void)
{
	struct sighand_struct *own, *old = current->sighand;
	struct task_struct *thread;
	u32 threads = 0;
	int ret = 0;

	own = kmem_cache_alloc(sighand_cachep, GFP_KERNEL);
	if (!own)
		return -ENOMEM;
	scoped_guard(write_lock_irq, &tasklist_lock) {
		spin_lock(&old->siglock);
		for_each_thread(current, thread)
			threads++;
		if (is_ending(current->signal))
			ret = -ESRCH;
		if (ret || refcount_read(&old->count) == threads) {
			threads = 0;
		} else {
			refcount_set(&own->count, threads);
			memcpy(own->action, old->action, sizeof(own->action));
			for_each_thread(current, thread)
				rcu_assign_pointer(thread->sighand, own);
		}
		spin_unlock(&old->siglock);
	}
	if (!threads)
		kmem_cache_free(sighand_cachep, own);
	while (threads--)
		__cleanup_sighand(old);
	return ret;
}

static bool share_io(struct task_struct *with)
{
#ifdef CONFIG_BLOCK
	struct io_context *io;

	/* One with the priority of everybody is only made when it is needed. */
	if (!with->io_context && set_task_ioprio(with, IOPRIO_DEFAULT))
		return false;
	task_lock(with);
	io = with->io_context;
	if (io)
		atomic_inc(&io->active_ref);
	task_unlock(with);
	if (!io)
		return false;
	if (current->io_context)
		exit_io_context(current);
	task_lock(current);
	current->io_context = io;
	task_unlock(current);
	return true;
#else
	return false;
#endif
}

/* Current had none that is in use. */
static bool share_undo(struct task_struct *with)
{
#ifdef CONFIG_SYSVIPC
	return !sem_share_undo(with);
#else
	return false;
#endif
}

/* Current has none, as a task that never had threads or semaphores to undo. */
void ckpt_undo_drop(void)
{
#ifdef CONFIG_SYSVIPC
	exit_sem(current);
#endif
}

static bool share_mm(struct task_struct *with)
{
	if (exec_share_mm(with))
		return false;
	current->personality &= ~READ_IMPLIES_EXEC;
	ckpt_mm_share_arch(with);
	/* Its area was in the old one. */
	rseq_execve(current);
	return true;
}

/* Current comes to share it with another task that is parked; false: that one has none. */
bool ckpt_share(struct task_struct *with, enum ckpt_shared what)
{
	switch (what) {
	case CKPT_SHARED_MM:
		return share_mm(with);
	case CKPT_SHARED_FILES:
		return share_files(with);
	case CKPT_SHARED_FS:
		return share_fs(with);
	case CKPT_SHARED_SIGHAND:
		return share_sighand(with);
	case CKPT_SHARED_IO:
		return share_io(with);
	case CKPT_SHARED_UNDO:
		return share_undo(with);
	}
	return false;
}

/*
 * What current is about to build is its own, whatever the tool that has cloned it has made it
 * share: only ckpt_share() lets others have it.
 */
int ckpt_unshare(enum ckpt_shared what)
{
	switch (what) {
	case CKPT_SHARED_FILES:
		return unshare_files();
	case CKPT_SHARED_FS:
		return unshare_fs_struct();
	case CKPT_SHARED_SIGHAND:
		return unshare_sighand();
	default:
		return -EINVAL;
	}
}

/* Has it ended, and will it not run again? */
bool ckpt_task_ended(struct task_struct *task)
{
	return READ_ONCE(task->exit_state) && wait_task_inactive(task, TASK_DEAD);
}
