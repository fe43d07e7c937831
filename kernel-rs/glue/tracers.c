// SPDX-License-Identifier: GPL-2.0
/* Whom a process lets trace it (PR_SET_PTRACER): Yama knows. */
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/yama_restore.h>

#include "glue.h"
#include "tracers.h"

/* Nobody descends from a process that has ended, nor can it trace. */
static bool may_trace(struct task_struct *task)
{
	return !task->group_leader->exit_state || !thread_group_empty(task->group_leader);
}

void ckpt_tracer_get(struct task_struct *leader, struct ckpt_tracer *out)
{
	const struct task_struct *tracer;
	struct task_struct *p, *t;

	memset(out, 0, sizeof(*out));
	guard(rcu)();
	if (!yama_ptracer_of(leader, &tracer))
		return;
	if (!tracer) {
		out->who = CKPT_TRACER_ANY;
		return;
	}
	for_each_process_thread(p, t) {
		if (t != tracer || !may_trace(t))
			continue;
		out->who = CKPT_TRACER_ONE;
		out->nr = ckpt_outsider_number(t);
		out->pid = task_pid(t);
		return;
	}
}

int ckpt_tracer_set(struct task_struct *leader, u32 who, struct task_struct *tracer)
{
	if (who == CKPT_TRACER_NONE) {
		yama_ptracer_clear(leader);
		return 0;
	}
	return yama_ptracer_set(leader, who == CKPT_TRACER_ANY ? NULL : tracer);
}
