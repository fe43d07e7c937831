// SPDX-License-Identifier: GPL-2.0
/* Parents that wait for a vfork child: its execve() or its end completes what is on their stack. */
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/vfork_restore.h>

#include "glue.h"
#include "vfork.h"

/*
 * Frozen, and off its CPU, in wait_for_vfork_done(). Any bit of a state matches: of
 * TASK_KILLABLE | TASK_FREEZABLE the frozen have one, and the stopped another.
 */
bool ckpt_task_awaits_vfork(struct task_struct *task)
{
	return cgroup_task_frozen(task) && (READ_ONCE(task->jobctl) & JOBCTL_TRAP_FREEZE) &&
	       wait_task_inactive(task, TASK_UNINTERRUPTIBLE);
}

/* Is @child the one that @task waits for? */
bool ckpt_task_awaits(struct task_struct *task, struct task_struct *child)
{
	unsigned long stack, done;

	task_lock(child);
	done = (unsigned long)child->vfork_done;
	task_unlock(child);
	if (!done || !try_get_task_stack(task))
		return false;
	stack = (unsigned long)task_stack_page(task);
	put_task_stack(task);
	return done >= stack && done - stack < THREAD_SIZE;
}
