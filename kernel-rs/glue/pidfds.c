// SPDX-License-Identifier: GPL-2.0
/* Pidfds, and what they stand for. */
#include <linux/cgroup.h>
#include <linux/file.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/pidfs.h>
#include <uapi/linux/pidfd.h>

#include "glue.h"
#include "pidfds.h"

bool ckpt_is_pidfd(struct file *file)
{
	return !IS_ERR(pidfd_pid(file));
}

/* Only to be compared, while the file is held. */
const struct pid *ckpt_pidfd_of(struct file *file)
{
	return pidfd_pid(file);
}

/* Has something been attached to it with setxattr(2), for as long as it is there? */
bool ckpt_pid_has_attributes(struct task_struct *task)
{
	struct pidfs_kept kept = {};
	struct pid *pid = get_task_pid(task, PIDTYPE_PID);

	if (pid)
		pidfs_get_kept(pid, &kept);
	put_pid(pid);
	return kept.has_xattrs;
}

/* @task: a member; its cgroup is the container's. */
void ckpt_pidfd_get(struct file *file, struct task_struct *task, struct ckpt_pidfd *out)
{
	struct pid *pid = pidfd_pid(file);
	struct pidfs_kept kept;
	struct task_struct *target;

	memset(out, 0, sizeof(*out));
	out->of_thread = file->f_flags & PIDFD_THREAD;
	out->kills = file->f_flags & PIDFD_AUTOKILL;
	rcu_read_lock();
	target = pid_task(pid, PIDTYPE_PID);
	if (target) {
		out->alive = true;
		out->nr = ckpt_outsider_number(target);
		ckpt_outsider_name(target, out->comm);
	}
	rcu_read_unlock();
	out->led = pid_has_task(pid, PIDTYPE_PGID);
	out->left_session = pid_has_task(pid, PIDTYPE_SID);
	out->space = ns_of_pid(pid)->ns.ns_id;

	pidfs_get_kept(pid, &kept);
	out->has_attributes = kept.has_xattrs;
	out->reaped = kept.reaped;
	out->status = kept.exit_code;
	rcu_read_lock();
	if (kept.cgroupid != cgroup_id(task_dfl_cgroup(task)))
		out->cgroup = kept.cgroupid;
	rcu_read_unlock();
	out->dumped = kept.dumped;
	out->core_mask = kept.coredump_mask;
	out->core_signal = kept.coredump_signal;
	out->core_code = kept.coredump_code;
}

static void to_kept(const struct ckpt_pidfd *in, struct pidfs_kept *kept)
{
	memset(kept, 0, sizeof(*kept));
	kept->exit_code = in->status;
	kept->cgroupid = in->cgroup;
	if (!in->cgroup) {
		rcu_read_lock();
		kept->cgroupid = cgroup_id(task_dfl_cgroup(current));
		rcu_read_unlock();
	}
	kept->dumped = in->dumped;
	kept->coredump_mask = in->core_mask;
	kept->coredump_signal = in->core_signal;
	kept->coredump_code = in->core_code;
}

/* What a pidfd is to stand for: @task, or one that was reaped. */
struct pid *ckpt_pidfd_target(struct task_struct *task, const struct ckpt_pidfd *in)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	struct pidfs_kept kept;
	struct pid *pid;
	int ret;

	to_kept(in, &kept);
	if (!task) {
		for (u32 above = in->above; above && ns->parent; above--)
			ns = ns->parent;
		return pidfs_alloc_reaped(ns, &kept);
	}
	pid = get_task_pid(task, PIDTYPE_PID);
	if (!pid)
		return ERR_PTR(-ESRCH);
	ret = in->dumped ? pidfs_set_dumped(pid, &kept) : 0;
	if (ret) {
		put_pid(pid);
		return ERR_PTR(ret);
	}
	return pid;
}

/* One that was reaped and that the group of @task goes by. -EAGAIN: not yet. */
struct pid *ckpt_pidfd_left(struct task_struct *task, const struct ckpt_pidfd *in)
{
	struct pid *pid = get_task_pid(task, PIDTYPE_PGID);
	struct pidfs_kept kept;
	int ret;

	if (!pid)
		return ERR_PTR(-ESRCH);
	to_kept(in, &kept);
	ret = pidfs_set_reaped(pid, &kept);
	if (ret) {
		put_pid(pid);
		return ERR_PTR(ret);
	}
	return pid;
}

void ckpt_pid_put(struct pid *pid)
{
	put_pid(pid);
}

/* As pidfd_open(2) does, or open(2) of what it has made. */
struct file *ckpt_pidfd_open(struct pid *pid, u32 flags, bool of_thread, bool kills)
{
	struct file *again, *file = pidfs_alloc_file(pid, O_RDWR);

	if (IS_ERR(file))
		return file;
	if ((flags & O_ACCMODE) != O_RDWR) {
		again = dentry_open(&file->f_path, flags & O_ACCMODE, current_cred());
		fput(file);
		if (IS_ERR(again))
			return again;
		file = again;
	}
	spin_lock(&file->f_lock);
	file->f_flags |= (of_thread ? PIDFD_THREAD : 0) | (kills ? PIDFD_AUTOKILL : 0);
	spin_unlock(&file->f_lock);
	return file;
}
