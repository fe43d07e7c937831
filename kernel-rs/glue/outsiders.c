// SPDX-License-Identifier: GPL-2.0
/*
 * All tasks of the machine, one after the other, and no lock that others wait for
 * while somebody is looked at.
 *
 * They are passed in the order of their births, which is that of the kernel's lists: a
 * new process comes last of all, a new thread last of its process. So what a task has
 * at the moment when it is passed, and keeps, is found; and so is what it had and has
 * handed on to a child before, for the child is still to come. Only what goes from one
 * task to another that was passed already can be missed, and nobody keeps that; and what
 * a child got by a fork that was under way, if its parent closed it since.
 */
#include <linux/cgroup.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>

#include "glue.h"
#include "outsiders.h"

/* So many are passed before others get their turn. */
#define STRIDE 1024

/*
 * Who is born and dies faster than others are asked would never let this end: so long
 * after it came to the first who is new, whoever is newer than that ends it.
 */
#define PATIENCE (5 * NSEC_PER_SEC)

/* Every 2^i-th that was looked at is remembered, for each i below this. */
#define MARKERS 13

/* Who comes after @task, which was in the lists a moment ago; NULL: nobody. Under RCU since then. */
static struct task_struct *after(struct task_struct *task)
{
	struct task_struct *next = __next_thread(task);

	if (next)
		return next;
	next = next_task(READ_ONCE(task->group_leader));
	return next == &init_task ? NULL : next;
}

/*
 * Nobody knows any more who came after one that was reaped: the way is taken again from
 * the last marker that is alive, or from the first of all. Under RCU.
 */
static struct task_struct *resume(struct task_struct *at, struct task_struct *const *markers)
{
	if (pid_alive(at))
		return at;
	for (u32 i = 0; i < MARKERS; i++) {
		if (markers[i] && pid_alive(markers[i]))
			return markers[i];
	}
	return &init_task;
}

/* @task is the one that was looked at as the @number-th. */
static void mark(struct task_struct **markers, u64 number, struct task_struct *task)
{
	for (u32 i = 0; i < MARKERS && !(number & ((1 << i) - 1)); i++) {
		if (markers[i])
			put_task_struct(markers[i]);
		markers[i] = get_task_struct(task);
	}
}

/* A restart sets when a task was born: before the machine was, if need be, but never later than now. */
static bool is_born_after(const struct task_struct *task, s64 time)
{
	return (s64)task->start_time > time;
}

static bool is_outside(const struct ckpt_inquiry *inquiry, struct task_struct *task)
{
	return task_dfl_cgroup(task) != inquiry->cgrp && !(task->flags & PF_KTHREAD);
}

/*
 * Asks all of them. Returns the answer of the one that gave one, or zero; -EINTR, if
 * a signal came before; -EUSERS, if there are ever new ones; or the error of a look.
 */
int ckpt_inquire(struct ckpt_inquiry *inquiry)
{
	struct task_struct *at = get_task_struct(&init_task), *next;
	struct task_struct *markers[MARKERS] = {};
	const s64 first = ktime_get_ns();
	s64 last = S64_MAX;
	u64 looked_at = 0;
	int ret = 0;

	while (at && !ret) {
		bool concerned = false;

		rcu_read_lock();
		/* Whoever was looked at may be looked at again. */
		next = resume(at, markers);
		for (u32 passed = 0; next && !concerned && passed < STRIDE; passed++) {
			next = after(next);
			concerned = next && is_outside(inquiry, next) &&
				    inquiry->concerns(inquiry, next);
		}
		if (next)
			get_task_struct(next);
		rcu_read_unlock();
		put_task_struct(at);
		at = next;
		if (concerned) {
			if (last == S64_MAX && is_born_after(at, first))
				last = ktime_get_ns() + PATIENCE;
			ret = is_born_after(at, last) ? -EUSERS : inquiry->look(inquiry, at);
			mark(markers, ++looked_at, at);
		}
		if (!ret && ckpt_interrupted_now())
			ret = -EINTR;
		cond_resched();
	}
	if (at)
		put_task_struct(at);
	for (u32 i = 0; i < MARKERS; i++) {
		if (markers[i])
			put_task_struct(markers[i]);
	}
	return ret;
}

/* The look for those who only want to know whom it concerns. */
int ckpt_inquiry_found(struct ckpt_inquiry *inquiry, struct task_struct *task)
{
	inquiry->outsider = ckpt_outsider_number(task);
	return 1;
}
