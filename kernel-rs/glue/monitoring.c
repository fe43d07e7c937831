// SPDX-License-Identifier: GPL-2.0
/* What debugging and monitoring features have attached to a task: there or not. */
#include <linux/sched.h>
#include <linux/sched/signal.h>

#ifdef CONFIG_SCHED_AUTOGROUP
#include "../../sched/autogroup.h"
#endif
#include "glue.h"

u64 ckpt_task_facts_monitoring(struct task_struct *task)
{
	u64 facts = 0;

#ifdef CONFIG_USER_EVENTS
	if (task->user_event_mm)
		facts |= BIT_ULL(CKPT_FACT_USER_EVENTS);
#endif
#ifdef CONFIG_KCOV
	if (task->kcov || task->kcov_mode)
		facts |= BIT_ULL(CKPT_FACT_KCOV);
#endif
#ifdef CONFIG_FAULT_INJECTION
	if (task->make_it_fail || task->fail_nth)
		facts |= BIT_ULL(CKPT_FACT_FAULT_INJECTION);
#endif
#ifdef CONFIG_X86_CPU_RESCTRL
	if (task->closid || task->rmid)
		facts |= BIT_ULL(CKPT_FACT_RESCTRL);
#endif
#ifdef CONFIG_SCHED_AUTOGROUP
	if (task->signal->autogroup && READ_ONCE(task->signal->autogroup->nice))
		facts |= BIT_ULL(CKPT_FACT_AUTOGROUP);
#endif
	return facts;
}
