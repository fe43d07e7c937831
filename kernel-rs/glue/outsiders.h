/* SPDX-License-Identifier: GPL-2.0 */
/* For the glue alone: the Rust side has no use for it. */
#ifndef _KERNEL_CHECKPOINT_OUTSIDERS_H
#define _KERNEL_CHECKPOINT_OUTSIDERS_H

#include <linux/types.h>

struct cgroup;
struct files_struct;
struct task_struct;

/* What is to be found out about all tasks of the machine that are outside of @cgrp. */
struct ckpt_inquiry {
	struct cgroup *cgrp;
	/* ckpt_outsider_number() of the one that was found. */
	pid_t outsider;
	/* Is a task worth a look? Under RCU, for a moment. */
	bool (*concerns)(struct ckpt_inquiry *inquiry, struct task_struct *task);
	/* The look, under no lock. Not zero: the answer, or an error; nobody else is asked. */
	int (*look)(struct ckpt_inquiry *inquiry, struct task_struct *task);
};

int ckpt_inquire(struct ckpt_inquiry *inquiry);
int ckpt_inquiry_found(struct ckpt_inquiry *inquiry, struct task_struct *task);

/* descriptors.c */
struct files_struct *ckpt_table_hold(struct task_struct *task);

#endif /* _KERNEL_CHECKPOINT_OUTSIDERS_H */
