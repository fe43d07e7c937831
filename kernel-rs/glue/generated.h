/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_GENERATED_H
#define _KERNEL_CHECKPOINT_GENERATED_H

#include <linux/types.h>

struct cred;
struct file;

/* How far the reader of a file has come whose content is made while it is read. */
struct ckpt_reading {
	u64 index;		/* of the record that comes next */
	u64 position;		/* where in the file a read goes on like that */
};

bool ckpt_is_generated(struct file *file);
bool ckpt_generated_has_news(struct file *file);
void ckpt_generated_take_news(struct file *file);
int ckpt_generated_place(struct file *file, u64 position);
ssize_t ckpt_reading_get(struct file *file, struct ckpt_reading *out, void *buffer, size_t size);
int ckpt_reading_set(struct file *file, const struct ckpt_reading *in, const void *buffer,
		     size_t size);

#endif /* _KERNEL_CHECKPOINT_GENERATED_H */
