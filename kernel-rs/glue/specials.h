/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_SPECIALS_H
#define _KERNEL_CHECKPOINT_SPECIALS_H

#include <linux/types.h>

struct file;

/* Files that no path leads to, each of a kind that the kernel makes in its own way. */
enum ckpt_special {
	CKPT_SPECIAL_NONE,
	CKPT_SPECIAL_PIDFD,
	CKPT_SPECIAL_EVENTFD,
	CKPT_SPECIAL_WATCHER,	/* inotify */
	CKPT_SPECIAL_SIGNALFD,
	CKPT_SPECIAL_TIMERFD,
	CKPT_SPECIAL_EPOLL,
	CKPT_SPECIAL_SOCKET,
	CKPT_SPECIAL_GROUP,	/* fanotify */
	CKPT_SPECIAL_TERMINAL,	/* a side of a pair that devpts knows */
	CKPT_SPECIAL_QUEUE,	/* mq_open() */
};

u32 ckpt_special(struct file *file);
void ckpt_special_show(struct file *file, u32 flags);

#endif /* _KERNEL_CHECKPOINT_SPECIALS_H */
