// SPDX-License-Identifier: GPL-2.0
/* Pids: their numbers, and the namespaces that these are in. */
#include <linux/capability.h>
#include <linux/idr.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>

#include "glue.h"

/* With a reference; or NULL, as for the children of somebody. */
static struct pid *hold_pid(struct task_struct *task, enum ckpt_pid_of of)
{
	switch (of) {
	case CKPT_PID_TASK:
		return get_task_pid(task, PIDTYPE_PID);
	case CKPT_PID_GROUP:
		return get_task_pid(task, PIDTYPE_PGID);
	case CKPT_PID_SESSION:
		return get_task_pid(task, PIDTYPE_SID);
	case CKPT_PID_CHILDREN:
		break;
	}
	return NULL;
}

/* The innermost, with a reference; NULL: it has ended. */
static struct pid_namespace *hold_space(struct task_struct *task, enum ckpt_pid_of of)
{
	struct pid_namespace *space = NULL;
	struct pid *pid;

	if (of == CKPT_PID_CHILDREN) {
		task_lock(task);
		if (task->nsproxy)
			space = get_pid_ns(task->nsproxy->pid_ns_for_children);
		task_unlock(task);
		return space;
	}
	pid = hold_pid(task, of);
	if (pid)
		space = get_pid_ns(ns_of_pid(pid));
	put_pid(pid);
	return space;
}

struct pid_namespace *ckpt_pid_space_hold(struct task_struct *task, u32 above)
{
	struct pid_namespace *space = hold_space(task, CKPT_PID_TASK), *found = space;

	if (!space)
		return NULL;
	for (; above && found->parent; above--)
		found = found->parent;
	get_pid_ns(found);
	put_pid_ns(space);
	return found;
}

/* It, or the one that it lies in at a level; the reference is to the innermost. */
static struct pid_namespace *above(struct pid_namespace *space, u32 level)
{
	while (space && space->level > level)
		space = space->parent;
	return space && space->level == level ? space : NULL;
}

int ckpt_pid_level(struct task_struct *task, enum ckpt_pid_of of)
{
	struct pid_namespace *space = hold_space(task, of);
	int level = space ? (int)space->level : -1;

	put_pid_ns(space);
	return level;
}

bool ckpt_pid_space_get(struct task_struct *task, enum ckpt_pid_of of, u32 level,
			struct ckpt_pid_space *out)
{
	struct pid_namespace *innermost = hold_space(task, of);
	struct pid_namespace *space = above(innermost, level);
	struct pid *pid = hold_pid(task, of);

	memset(out, 0, sizeof(*out));
	if (space) {
		u32 allocated = READ_ONCE(space->pid_allocated);

		out->id = space->ns.ns_id;
		out->owner = space->user_ns->ns.ns_id;
		out->number = pid ? pid_nr_ns(pid, space) : 0;
		out->pids = allocated & ~PIDNS_ADDING;
		out->closed = !(allocated & PIDNS_ADDING);
		out->made = READ_ONCE(space->ns.restart_mark);
		out->most = READ_ONCE(space->pid_max);
		out->next = idr_get_cursor(&space->idr);
#ifdef CONFIG_BSD_PROCESS_ACCT
		out->accounted = READ_ONCE(space->bacct);
#endif
#if defined(CONFIG_SYSCTL) && defined(CONFIG_MEMFD_CREATE)
		out->memfd_noexec = READ_ONCE(space->memfd_noexec_scope);
#endif
	}
	put_pid(pid);
	put_pid_ns(innermost);
	return space;
}

/* As kernel.ns_last_pid, kernel.pid_max and vm.memfd_noexec would decide. */
static int may_set(struct pid_namespace *space, const struct ckpt_pid_space *in)
{
	bool changes = in->most != READ_ONCE(space->pid_max);

#if defined(CONFIG_SYSCTL) && defined(CONFIG_MEMFD_CREATE)
	changes |= in->memfd_noexec != READ_ONCE(space->memfd_noexec_scope);
#endif
	if (!checkpoint_restore_ns_capable(space->user_ns) ||
	    (changes && !ns_capable(space->user_ns, CAP_SYS_ADMIN)))
		return -EPERM;
	return in->most > RESERVED_PIDS ? 0 : -EINVAL;
}

/* What a task in it can set, if it may. */
int ckpt_pid_space_set(struct task_struct *task, enum ckpt_pid_of of, u32 level,
		       const struct ckpt_pid_space *in)
{
	struct pid_namespace *innermost = hold_space(task, of);
	struct pid_namespace *space = above(innermost, level);
	int err = -ESRCH;

	if (space) {
		err = may_set(space, in);
		if (!err) {
			WRITE_ONCE(space->pid_max, in->most);
			idr_set_cursor(&space->idr, in->next);
#if defined(CONFIG_SYSCTL) && defined(CONFIG_MEMFD_CREATE)
			WRITE_ONCE(space->memfd_noexec_scope, in->memfd_noexec);
#endif
		}
	}
	put_pid_ns(innermost);
	return err;
}

/* As unshare(CLONE_NEWPID); and as if the first process there had come and gone. */
int ckpt_pid_children_new(bool closed)
{
	struct nsproxy *proxy;
	int err = unshare_nsproxy_namespaces(CLONE_NEWPID, &proxy, NULL, NULL);

	if (err)
		return err;
	if (closed) {
		/* Nobody will be in it. But one must be there for the right error. */
		proxy->pid_ns_for_children->child_reaper = init_pid_ns.child_reaper;
		disable_pid_allocation(proxy->pid_ns_for_children);
	}
	switch_task_namespaces(current, proxy);
	return 0;
}

/* As setns(CLONE_NEWPID) into the namespace of another task, or of its children. */
int ckpt_pid_children_set(struct task_struct *with, enum ckpt_pid_of of)
{
	struct pid_namespace *space = hold_space(with, of);
	struct nsproxy *proxy;
	int err = -ESRCH;

	if (!space)
		goto out;
	err = -EINVAL;
	if (!pidns_is_ancestor(space, task_active_pid_ns(current)))
		goto out;
	err = -EPERM;
	if (!ns_capable(space->user_ns, CAP_SYS_ADMIN))
		goto out;
	/* Only a new one makes a proxy of our own. */
	err = unshare_nsproxy_namespaces(CLONE_NEWPID, &proxy, NULL, NULL);
	if (err)
		goto out;
	swap(proxy->pid_ns_for_children, space);
	switch_task_namespaces(current, proxy);
out:
	put_pid_ns(space);
	return err;
}

/* A process enters the process group of another one in its session, as by setpgid(2). */
bool ckpt_group_enter(struct task_struct *task, struct task_struct *with)
{
	struct pid *pids[PIDTYPE_MAX] = {};
	bool entered = false;

	scoped_guard(write_lock_irq, &tasklist_lock) {
		if (thread_group_leader(task) && pid_alive(task) && pid_alive(with) &&
		    !task->signal->leader && task_session(task) == task_session(with)) {
			if (task_pgrp(task) != task_pgrp(with))
				change_pid(pids, task, PIDTYPE_PGID, task_pgrp(with));
			entered = true;
		}
	}
	free_pids(pids);
	return entered;
}
