/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_AIO_H
#define _KERNEL_CHECKPOINT_AIO_H

#include <linux/types.h>

struct file;
struct mm_struct;

struct ckpt_aio {
	u64 address, size;
	u32 requests, place, room, tail, completed;
	u32 pending;	/* not complete so far */
};

bool ckpt_is_aio_ring(const struct file *file);
bool ckpt_aio_next(struct mm_struct *mm, u32 place, struct ckpt_aio *out);
int ckpt_aio_page_get(struct mm_struct *mm, u32 place, u32 index, void *page);
int ckpt_aio_make(const struct ckpt_aio *in);
int ckpt_aio_page_set(u32 place, u32 index, const void *page);

#endif /* _KERNEL_CHECKPOINT_AIO_H */
