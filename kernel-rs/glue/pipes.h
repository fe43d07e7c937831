/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_PIPES_H
#define _KERNEL_CHECKPOINT_PIPES_H

#include <linux/types.h>

struct file;
struct mm_struct;

struct ckpt_pipe {
	u64 bytes;		/* between its ends */
	u32 buffers;		/* that hold them */
	u32 longest;		/* bytes in the longest of them */
	u32 head, tail;		/* where the next goes, and where the first is */
	u64 room;		/* in bytes: F_GETPIPE_SZ */
	u32 user;		/* to whom the room counts, or -1 */
	bool notifies;		/* O_NOTIFICATION_PIPE */
	bool polled;
	bool unreadable;	/* a file does not give what was spliced from it */
};

/* A buffer: what is next but so many. */
struct ckpt_pipe_data {
	u32 offset, length;
	bool packet, merges;
};

bool ckpt_is_pipe(struct file *file);
bool ckpt_may_write(struct file *file);
bool ckpt_may_read_or_write(struct file *file);
const void *ckpt_pipe_of(struct file *file);
u32 ckpt_pipe_files(struct file *file);
int ckpt_pipe_get(struct file *file, struct ckpt_pipe *out);
bool ckpt_pipe_awaits_writer(struct file *file);
int ckpt_pipe_peek(struct file *file, u32 index, u32 head, u32 tail, struct ckpt_pipe_data *data,
		   void *bytes, u32 size);
int ckpt_pipe_make(struct file **ends);
struct file *ckpt_fifo_open(struct file *file);
int ckpt_pipe_resize(struct file *file, u64 room);
int ckpt_pipe_charge(struct file *file, u32 user);
int ckpt_pipe_put(struct file *file, struct mm_struct *payer, const struct ckpt_pipe_data *data,
		  const void *bytes);
void ckpt_pipe_note_polled(struct file *file);
void ckpt_pipe_await_writer(struct file *file);
int ckpt_pipe_flags(struct file *file, u32 flags);

#endif /* _KERNEL_CHECKPOINT_PIPES_H */
