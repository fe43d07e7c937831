/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_PIDFDS_H
#define _KERNEL_CHECKPOINT_PIDFDS_H

#include <linux/types.h>

struct file;
struct pid;
struct task_struct;

struct ckpt_pidfd {
	bool of_thread;		/* PIDFD_THREAD */
	bool kills;		/* PIDFD_AUTOKILL */
	bool alive;		/* it has not been reaped, and is: */
	s32 nr;
	char comm[16];
	bool led;		/* a group still goes by its number */
	bool left_session;	/* a session does */
	bool has_attributes;	/* extended ones */
	u64 space;		/* id of its pid namespace ... */
	u32 above;		/* ... and, to make one: so many above current's */
	bool reaped;		/* and then: */
	u32 status;
	u64 cgroup;		/* zero: the container's */
	bool dumped;		/* a core, and then: */
	u32 core_mask, core_signal;
	s32 core_code;
};

bool ckpt_is_pidfd(struct file *file);
const struct pid *ckpt_pidfd_of(struct file *file);
bool ckpt_pid_has_attributes(struct task_struct *task);
void ckpt_pidfd_get(struct file *file, struct task_struct *task, struct ckpt_pidfd *out);
struct pid *ckpt_pidfd_target(struct task_struct *task, const struct ckpt_pidfd *in);
struct pid *ckpt_pidfd_left(struct task_struct *task, const struct ckpt_pidfd *in);
void ckpt_pid_put(struct pid *pid);
struct file *ckpt_pidfd_open(struct pid *pid, u32 flags, bool of_thread, bool kills);

#endif /* _KERNEL_CHECKPOINT_PIDFDS_H */
