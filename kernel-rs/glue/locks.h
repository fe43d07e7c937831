/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_LOCKS_H
#define _KERNEL_CHECKPOINT_LOCKS_H

#include <linux/types.h>

struct file;
struct task_struct;

enum ckpt_lock_form {
	CKPT_LOCK_OTHER,	/* the kernel's own: delegations, layouts, other lock managers */
	CKPT_LOCK_WHOLE,	/* flock() */
	CKPT_LOCK_RECORD,	/* F_SETLK */
	CKPT_LOCK_OPEN_FILE,	/* F_OFD_SETLK */
	CKPT_LOCK_LEASE,	/* F_SETLEASE */
};

struct ckpt_lock {
	u32 form;
	bool write;
	bool breaks, shares;	/* a lease, pending */
	bool remote;		/* its file system keeps locks of this form elsewhere */
	/* Only to be compared. */
	const void *file, *owner, *pid;
	u32 fd;
	u64 start, end;
	u64 break_ns, share_ns;	/* and one; zero: never */
};

u32 ckpt_locks_get(struct file *file, struct ckpt_lock *locks, u32 room);
bool ckpt_locked_elsewhere(struct file *file);
int ckpt_lock_set(struct file *file, struct task_struct *owner, struct task_struct *taker,
		  const struct ckpt_lock *in);
int ckpt_lease_take(struct file *file, const struct ckpt_lock *in);
int ckpt_lease_set(struct file *file, struct task_struct *taker, const struct ckpt_lock *in);

#endif /* _KERNEL_CHECKPOINT_LOCKS_H */
