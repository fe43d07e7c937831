// SPDX-License-Identifier: GPL-2.0
/* Which namespaces a task is in, and what time it is there. */
#include <linux/cgroup.h>
#include <linux/cgroup_namespace.h>
#include <linux/ipc_namespace.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/once.h>
#include <linux/pid_namespace.h>
#include <linux/random.h>
#include <linux/time_namespace.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>
#include <linux/utsname.h>
#include <net/net_namespace.h>

#include "glue.h"

/* What marks a mount namespace as it is now: never zero. */
static u64 mark_of(struct mnt_namespace *mnt_ns)
{
	return mnt_ns_event(mnt_ns) + 1;
}

int ckpt_namespaces_get(struct task_struct *task, struct ckpt_namespaces *out)
{
	struct nsproxy *proxy;
	struct pid_namespace *pid_ns;
	u64 mark;

	memset(out, 0, sizeof(*out));
	rcu_read_lock();
	out->id[CKPT_NS_USER] = __task_cred(task)->user_ns->ns.ns_id;
	rcu_read_unlock();

	task_lock(task);
	proxy = task->nsproxy;
	if (!proxy) {
		task_unlock(task);
		return -ESRCH;
	}
	pid_ns = task_active_pid_ns(task);
	out->id[CKPT_NS_PID] = pid_ns->ns.ns_id;
	out->id[CKPT_NS_MNT] = from_mnt_ns(proxy->mnt_ns)->ns_id;
	mark = READ_ONCE(from_mnt_ns(proxy->mnt_ns)->restart_mark);
	out->mnt_made = mark;
	out->mnt_changed = mark != mark_of(proxy->mnt_ns);
	out->id[CKPT_NS_UTS] = proxy->uts_ns->ns.ns_id;
#ifdef CONFIG_IPC_NS
	out->id[CKPT_NS_IPC] = proxy->ipc_ns->ns.ns_id;
#endif
#ifdef CONFIG_NET
	out->id[CKPT_NS_NET] = proxy->net_ns->ns.ns_id;
#endif
	out->id[CKPT_NS_CGROUP] = proxy->cgroup_ns->ns.ns_id;
#ifdef CONFIG_TIME_NS
	out->id[CKPT_NS_TIME] = proxy->time_ns->ns.ns_id;
	out->time_made = READ_ONCE(proxy->time_ns->ns.restart_mark);
	out->monotonic_offset = timespec64_to_ns(&proxy->time_ns->offsets.monotonic);
	out->boottime_offset = timespec64_to_ns(&proxy->time_ns->offsets.boottime);
	out->children_differ = proxy->time_ns_for_children != proxy->time_ns;
#endif
	task_unlock(task);
	return 0;
}

static void mark(struct ns_common *ns, const struct ns_common *callers, u64 value)
{
	if (ns != callers && !READ_ONCE(ns->restart_mark))
		WRITE_ONCE(ns->restart_mark, value);
}

/*
 * A restart has made those of @task that are not current's, and the pid namespace with
 * this id, which is its own or lies above. The marks last as long as the namespaces; of
 * one that has a mark already it still says what has become of it since.
 */
int ckpt_namespaces_mark(struct task_struct *task, u64 pid_ns_id)
{
	struct nsproxy *proxy;
	struct pid_namespace *pid_ns;

	task_lock(task);
	proxy = task->nsproxy;
	if (!proxy) {
		task_unlock(task);
		return -ESRCH;
	}
	for (pid_ns = task_active_pid_ns(task); pid_ns; pid_ns = pid_ns->parent) {
		if (pid_ns->ns.ns_id == pid_ns_id)
			mark(&pid_ns->ns, &task_active_pid_ns(current)->ns, 1);
	}
	mark(from_mnt_ns(proxy->mnt_ns), from_mnt_ns(current->nsproxy->mnt_ns),
	     mark_of(proxy->mnt_ns));
#ifdef CONFIG_TIME_NS
	mark(&proxy->time_ns->ns, &current->nsproxy->time_ns->ns, 1);
#endif
	task_unlock(task);
	return 0;
}

s64 ckpt_monotonic(void)
{
	return ktime_get_ns();
}

/* CLOCK_BOOTTIME at the moment when CLOCK_MONOTONIC was @monotonic. */
s64 ckpt_boottime(s64 monotonic)
{
	return ktime_to_ns(ktime_mono_to_any(ns_to_ktime(monotonic), TK_OFFS_BOOT));
}

s64 ckpt_realtime(void)
{
	return ktime_get_real_ns();
}

/* 0: release, 1: version, 2: node; 64 bytes. */
/* The same until the next boot. */
void ckpt_boot_id(u8 *buffer)
{
	static u8 id[16] __read_mostly;

	get_random_sleepable_once(id, sizeof(id));
	memcpy(buffer, id, sizeof(id));
}

void ckpt_uname(u32 which, char *buffer)
{
	struct new_utsname *uts = utsname();

	down_read(&uts_sem);
	strscpy_pad(buffer, which == 0 ? uts->release : which == 1 ? uts->version : uts->nodename, 64);
	up_read(&uts_sem);
}
