/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_TRACERS_H
#define _KERNEL_CHECKPOINT_TRACERS_H

#include <linux/types.h>

struct pid;
struct task_struct;

enum ckpt_tracer_who { CKPT_TRACER_NONE, CKPT_TRACER_ANY, CKPT_TRACER_ONE };

struct ckpt_tracer {
	u32 who;
	pid_t nr;		/* as the caller sees it */
	struct pid *pid;	/* to be compared only */
};

void ckpt_tracer_get(struct task_struct *leader, struct ckpt_tracer *out);
int ckpt_tracer_set(struct task_struct *leader, u32 who, struct task_struct *tracer);

#endif /* _KERNEL_CHECKPOINT_TRACERS_H */
