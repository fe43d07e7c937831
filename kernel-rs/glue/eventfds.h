/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_EVENTFDS_H
#define _KERNEL_CHECKPOINT_EVENTFDS_H

#include <linux/types.h>

struct file;

struct ckpt_eventfd {
	u64 count;
	bool semaphore;		/* EFD_SEMAPHORE */
	bool held;		/* by something else than its open file */
};

void ckpt_eventfd_get(struct file *file, struct ckpt_eventfd *out);
struct file *ckpt_eventfd_make(const struct ckpt_eventfd *in);

#endif /* _KERNEL_CHECKPOINT_EVENTFDS_H */
