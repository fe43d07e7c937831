// SPDX-License-Identifier: GPL-2.0
/* IPC namespaces, and the processes that System V objects remember. */
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/idr.h>
#include <linux/ipc_namespace.h>
#include <linux/mount.h>
#include <linux/msg.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>

#include "../../../ipc/util.h"
#include "glue.h"
#include "outsiders.h"

struct ipc_namespace *ckpt_ipc_of(struct task_struct *task)
{
	struct ipc_namespace *ns = NULL;

	task_lock(task);
	if (task->nsproxy)
		ns = get_ipc_ns(task->nsproxy->ipc_ns);
	task_unlock(task);
	return ns;
}

void ckpt_ipc_put(struct ipc_namespace *ns)
{
	put_ipc_ns(ns);
}

/* May current choose identifiers in it, as by kernel.msg_next_id? */
bool ckpt_ipc_may_choose(struct ipc_namespace *ns)
{
	return checkpoint_restore_ns_capable(ns->user_ns);
}

/* Does it belong to current's user namespace, or is it current's own? */
bool ckpt_ipc_is_ours(struct ipc_namespace *ns)
{
	return ns == current->nsproxy->ipc_ns || ns->user_ns == current_user_ns();
}

/* May current look at what is in an object? */
bool ckpt_ipc_is_readable(struct ipc_namespace *ns, u32 kind, int id)
{
	struct kern_ipc_perm *object;
	bool readable;

	rcu_read_lock();
	object = ipc_obtain_object_check(&ns->ids[kind], id);
	readable = !IS_ERR(object) && !ipcperms(ns, object, 0444);
	rcu_read_unlock();
	return readable;
}

struct ipc_search {
	struct ckpt_inquiry inquiry;
	struct ipc_namespace *ns;
	int set;	/* of semaphores */
};

static bool is_inside(struct ckpt_inquiry *inquiry, struct task_struct *task)
{
	const struct ipc_search *search = container_of(inquiry, struct ipc_search, inquiry);
	bool inside;

	task_lock(task);
	inside = task->nsproxy && task->nsproxy->ipc_ns == search->ns;
	task_unlock(task);
	return inside;
}

/* Whoever goes to another namespace leaves what he has to undo behind. */
static int has_to_undo(struct ckpt_inquiry *inquiry, struct task_struct *task)
{
	const struct ipc_search *search = container_of(inquiry, struct ipc_search, inquiry);

	return sem_undo_has(task, search->set) && is_inside(inquiry, task) ?
	       ckpt_inquiry_found(inquiry, task) : 0;
}

/* Finds ckpt_outsider_number() of a task outside @cgrp that is in @ns, or zero. */
int ckpt_ipc_outsider(struct ipc_namespace *ns, struct cgroup *cgrp, pid_t *outsider)
{
	struct ipc_search search = {
		.inquiry = { .cgrp = cgrp, .concerns = is_inside, .look = ckpt_inquiry_found },
		.ns = ns,
	};
	int ret = ckpt_inquire(&search.inquiry);

	*outsider = search.inquiry.outsider;
	return min(ret, 0);
}

/* Likewise, of one that has something to undo in a set of semaphores. */
int ckpt_ipc_undo_outsider(int id, struct ipc_namespace *ns, struct cgroup *cgrp, pid_t *outsider)
{
	struct ipc_search search = {
		.inquiry = { .cgrp = cgrp, .concerns = is_inside, .look = has_to_undo },
		.ns = ns,
		.set = id,
	};
	int ret = ckpt_inquire(&search.inquiry);

	*outsider = search.inquiry.outsider;
	return min(ret, 0);
}

bool ckpt_ipc_is_empty(struct ipc_namespace *ns)
{
	for (int i = 0; i < CKPT_IPC_KINDS; i++) {
		if (READ_ONCE(ns->ids[i].in_use))
			return false;
	}
	return !READ_ONCE(ns->mq_queues_count);
}

/* The directory that POSIX message queues lie in. */
static struct inode *place_of_queues(struct ipc_namespace *ns)
{
	return d_inode(ns->mq_mnt->mnt_root);
}

static void place_get(struct inode *inode, struct ckpt_ipc_space *out)
{
	out->place_mode = inode->i_mode & S_IALLUGO;
	out->place_uid = from_kuid(current_user_ns(), inode->i_uid);
	out->place_gid = from_kgid(current_user_ns(), inode->i_gid);
	ckpt_times_get(inode, &out->place_times);
}

void ckpt_ipc_space_get(struct ipc_namespace *ns, struct ckpt_ipc_space *out)
{
	memset(out, 0, sizeof(*out));
	place_get(place_of_queues(ns), out);
	out->shm_max = ns->shm_ctlmax;
	out->shm_all = ns->shm_ctlall;
	out->shm_mni = ns->shm_ctlmni;
	out->shm_rmid_forced = ns->shm_rmid_forced;
	out->msg_max = ns->msg_ctlmax;
	out->msg_mnb = ns->msg_ctlmnb;
	out->msg_mni = ns->msg_ctlmni;
	for (int i = 0; i < ARRAY_SIZE(out->sem); i++)
		out->sem[i] = ns->sem_ctls[i];
	out->queues = READ_ONCE(ns->mq_queues_count);
	out->queues_max = ns->mq_queues_max;
	out->queue_messages_max = ns->mq_msg_max;
	out->queue_size_max = ns->mq_msgsize_max;
	out->queue_messages = ns->mq_msg_default;
	out->queue_size = ns->mq_msgsize_default;
	for (int i = 0; i < CKPT_IPC_KINDS; i++) {
		struct ipc_ids *ids = &ns->ids[i];

		down_read(&ids->rwsem);
		out->sequence[i] = ids->seq;
		out->last[i] = ids->last_idx + 1;
		out->next[i] = idr_get_cursor(&ids->ipcs_idr);
		up_read(&ids->rwsem);
	}
}

/* Within what sysctl(8) takes and this kernel gives, owned by somebody who is known here. */
static bool is_possible(const struct ckpt_ipc_space *in)
{
	for (int i = 0; i < CKPT_IPC_KINDS; i++) {
		if (in->sequence[i] >= ipcid_seq_max() || in->last[i] > ipc_mni ||
		    in->next[i] > ipc_mni)
			return false;
	}
	for (int i = 0; i < ARRAY_SIZE(in->sem); i++) {
		if (in->sem[i] > INT_MAX)
			return false;
	}
	if (!uid_valid(make_kuid(current_user_ns(), in->place_uid)) ||
	    !gid_valid(make_kgid(current_user_ns(), in->place_gid)))
		return false;
	return in->shm_mni <= ipc_mni && in->shm_rmid_forced <= 1 && in->msg_max <= INT_MAX &&
	       in->msg_mnb <= INT_MAX && in->msg_mni <= ipc_mni && in->sem[3] <= ipc_mni &&
	       in->queues_max <= INT_MAX &&
	       in->queue_messages_max <= HARD_MSGMAX && in->queue_messages <= HARD_MSGMAX &&
	       in->queue_size_max <= HARD_MSGSIZEMAX && in->queue_size <= HARD_MSGSIZEMAX;
}

/* @ns is new, and nobody has used it. */
int ckpt_ipc_space_set(struct ipc_namespace *ns, const struct ckpt_ipc_space *in)
{
	if (!is_possible(in))
		return -EINVAL;
	ns->shm_ctlmax = in->shm_max;
	ns->shm_ctlall = in->shm_all;
	ns->shm_ctlmni = in->shm_mni;
	ns->msg_ctlmax = in->msg_max;
	ns->msg_ctlmnb = in->msg_mnb;
	ns->msg_ctlmni = in->msg_mni;
	for (int i = 0; i < ARRAY_SIZE(in->sem); i++)
		ns->sem_ctls[i] = in->sem[i];
	ns->mq_queues_max = in->queues_max;
	ns->mq_msg_max = in->queue_messages_max;
	ns->mq_msgsize_max = in->queue_size_max;
	ns->mq_msg_default = in->queue_messages;
	ns->mq_msgsize_default = in->queue_size;
	return 0;
}

static void place_set(struct inode *inode, const struct ckpt_ipc_space *in)
{
	inode_lock(inode);
	inode->i_uid = make_kuid(current_user_ns(), in->place_uid);
	inode->i_gid = make_kgid(current_user_ns(), in->place_gid);
	inode->i_mode = (inode->i_mode & S_IFMT) | (in->place_mode & S_IALLUGO);
	ckpt_times_set(inode, &in->place_times);
	inode_unlock(inode);
}

/*
 * What counts once all is there, after ckpt_ipc_space_set(): where the next
 * identifiers are looked for, and what goes when.
 */
void ckpt_ipc_next_set(struct ipc_namespace *ns, const struct ckpt_ipc_space *in)
{
	place_set(place_of_queues(ns), in);
	ns->shm_rmid_forced = in->shm_rmid_forced;
	for (int i = 0; i < CKPT_IPC_KINDS; i++) {
		struct ipc_ids *ids = &ns->ids[i];

		down_write(&ids->rwsem);
		ids->seq = in->sequence[i];
		ids->last_idx = in->last[i] - 1;
		idr_set_cursor(&ids->ipcs_idr, in->next[i]);
		up_write(&ids->rwsem);
	}
}

/* What it is called where @viewer lives; zero: nothing. */
pid_t ckpt_pid_number(struct pid *pid, struct task_struct *viewer)
{
	pid_t nr;

	rcu_read_lock();
	nr = pid_nr_ns(pid, task_active_pid_ns(viewer));
	rcu_read_unlock();
	return nr;
}

/* Number of the process, if it lives and is outside @cgrp, or zero. */
pid_t ckpt_pid_outside(struct pid *pid, struct cgroup *cgrp)
{
	struct task_struct *p, *t;
	pid_t nr = 0;

	rcu_read_lock();
	p = pid_task(pid, PIDTYPE_TGID);
	/* The first thread may have ended before others. */
	if (p && task_dfl_cgroup(p) != cgrp) {
		for_each_thread(p, t) {
			if (!t->exit_state)
				nr = ckpt_outsider_number(p);
		}
	}
	rcu_read_unlock();
	return nr;
}

struct pid *ckpt_pid_of(struct task_struct *task)
{
	return get_task_pid(task, PIDTYPE_PID);
}

/*
 * What has this number where @viewer lives; if nothing has, a struct pid of
 * nobody's any more, as the one that has ended leaves behind.
 */
struct pid *ckpt_pid_numbered(struct task_struct *viewer, pid_t number)
{
	struct pid_namespace *ns = ckpt_pid_space_hold(viewer, 0);
	struct pid *pid;

	if (!ns)
		return ERR_PTR(-ESRCH);
	rcu_read_lock();
	pid = get_pid(find_pid_ns(number, ns));
	rcu_read_unlock();
	if (!pid) {
		pid = alloc_pid(ns, &number, 1);
		if (!IS_ERR(pid)) {
			get_pid(pid);
			free_pid(pid);
		}
	}
	put_pid_ns(ns);
	return pid;
}

void ckpt_pid_drop(struct pid *pid)
{
	put_pid(pid);
}
