// SPDX-License-Identifier: GPL-2.0
/* Signalfds, timerfds, epolls. */
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "glue.h"
#include "polls.h"

bool ckpt_is_signalfd(struct file *file)
{
	sigset_t signals;

	return signalfd_get_mask(file, &signals);
}

bool ckpt_is_timerfd(struct file *file)
{
	struct timerfd_state state;

	return timerfd_get_state(file, &state);
}

/* What an epoll looks at counts for the user who has made it. */
struct file *ckpt_epoll_open(const struct cred *cred)
{
	const struct cred *old = override_creds(cred);
	struct file *file = epoll_open();

	revert_creds(old);
	return file;
}

/*
 * Those whose signals an item waits for that looks at a signalfd: only to be compared
 * with what ckpt_shared_get() gives. NULL: they have ended.
 */
const void *ckpt_epoll_listener(const struct epoll_item *item)
{
	if (!item->whead)
		return NULL;
	return container_of(item->whead, struct sighand_struct, signalfd_wqh);
}

/* With a reference; NULL: the task was reaped. */
static struct sighand_struct *hold_sighand(struct task_struct *task)
{
	struct sighand_struct *sighand;
	unsigned long flags;

	sighand = lock_task_sighand(task, &flags);
	if (!sighand)
		return NULL;
	refcount_inc(&sighand->count);
	unlock_task_sighand(task, &flags);
	return sighand;
}

/*
 * An item that looks at a signalfd waits for the signals of @task, which is parked, or of
 * nobody. Its memory counts as that of @payer.
 */
int ckpt_epoll_add(struct file *file, const struct epoll_item *item, struct task_struct *task,
		   struct mm_struct *payer)
{
	struct mem_cgroup *memcg = get_mem_cgroup_from_mm(payer);
	struct mem_cgroup *before = set_active_memcg(memcg);
	struct epoll_item elsewhere = *item;
	bool takes_signals = ckpt_is_signalfd(item->file);
	struct sighand_struct *sighand = NULL;
	int ret = -ESRCH;

	/* It may be killed at any time: what is waited at stays until the item is there. */
	if (task) {
		sighand = hold_sighand(task);
		if (!sighand)
			goto out;
	}

	elsewhere.whead = sighand ? &sighand->signalfd_wqh : NULL;
	ret = epoll_add_item(file, &elsewhere, takes_signals);
	if (sighand)
		__cleanup_sighand(sighand);
out:
	set_active_memcg(before);
	mem_cgroup_put(memcg);
	return ret;
}
