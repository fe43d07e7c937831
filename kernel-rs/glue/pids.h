/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_PIDS_H
#define _KERNEL_CHECKPOINT_PIDS_H

#include <linux/types.h>

struct pid_namespace;
struct task_struct;

/* Whose number it is; or nobody's: where the children of a task will be. */
enum ckpt_pid_of {
	CKPT_PID_TASK,
	CKPT_PID_GROUP,
	CKPT_PID_SESSION,
	CKPT_PID_CHILDREN,
};

/* A pid namespace, and a number in it. */
struct ckpt_pid_space {
	u64 id;			/* never used for another */
	u64 owner;		/* id of its user namespace */
	pid_t number;
	u32 pids;		/* all that there are */
	u32 most, next;		/* kernel.pid_max; the number to try next */
	u32 memfd_noexec;
	bool closed;		/* nobody comes into it any more */
	bool accounted;		/* acct(2) */
	bool made;		/* a restart has made it for a container */
};

/* That so far @above the one of @task, with a reference; NULL: it was reaped meanwhile. */
struct pid_namespace *ckpt_pid_space_hold(struct task_struct *task, u32 above);
/* How deep it lies, or -1. The functions below: at this level, or above. */
int ckpt_pid_level(struct task_struct *task, enum ckpt_pid_of of);
bool ckpt_pid_space_get(struct task_struct *task, enum ckpt_pid_of of, u32 level,
			struct ckpt_pid_space *out);
int ckpt_pid_space_set(struct task_struct *task, enum ckpt_pid_of of, u32 level,
		       const struct ckpt_pid_space *in);
int ckpt_pid_children_new(bool closed);
int ckpt_pid_children_set(struct task_struct *with, enum ckpt_pid_of of);
bool ckpt_group_enter(struct task_struct *task, struct task_struct *with);

#endif /* _KERNEL_CHECKPOINT_PIDS_H */
