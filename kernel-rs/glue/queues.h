/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_QUEUES_H
#define _KERNEL_CHECKPOINT_QUEUES_H

#include <linux/limits.h>
#include <linux/mqueue_restore.h>
#include <linux/types.h>

struct file;
struct inode;
struct ipc_namespace;
struct pid;

/* When an inode was accessed, modified, changed. */
struct ckpt_times {
	s64 s[3];
	u32 ns[3];
};

/* A POSIX message queue. Numbers of users are those of current's user namespace, or -1. */
struct ckpt_queue {
	struct mqueue_restore inside;
	char name[NAME_MAX + 1];
	bool removed;		/* the name is not its own any more */
	bool same_program;	/* who is to be told runs what it ran when it asked for that */
	u32 mode, uid, gid;	/* no type in the mode */
	struct ckpt_times times;
	u64 size;		/* which says nothing */
	u64 opens;		/* open files that can send or receive */
};

void ckpt_times_get(struct inode *inode, struct ckpt_times *out);
void ckpt_times_set(struct inode *inode, const struct ckpt_times *in);

bool ckpt_queue_opens(struct file *file);
bool ckpt_queue_is_readable(struct file *file);
void ckpt_queue_get(struct file *file, struct ckpt_queue *out);
struct file *ckpt_queue_make(struct ipc_namespace *ns, const struct ckpt_queue *in);
struct file *ckpt_queue_open(struct file *queue, const char *through, u32 flags);
int ckpt_queue_set(struct file *queue, const struct ckpt_queue *in, struct pid *owner);

#endif /* _KERNEL_CHECKPOINT_QUEUES_H */
