// SPDX-License-Identifier: GPL-2.0
/* Pipes and FIFOs, and the buffers in them. */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/memcontrol.h>
#include <linux/mount.h>
#include <linux/pipe_fs_i.h>
#include <linux/sched/mm.h>
#include <linux/sched/user.h>
#include <linux/uio.h>
#include <linux/user_namespace.h>

#include "glue.h"

/* An end of one: O_PATH files are none. */
bool ckpt_is_pipe(struct file *file)
{
	return get_pipe_info(file, false);
}

/* Only to be compared. */
const void *ckpt_pipe_of(struct file *file)
{
	return get_pipe_info(file, false);
}

/* How many open files are ends of it. */
u32 ckpt_pipe_files(struct file *file)
{
	struct inode *inode = file_inode(file);
	u32 files;

	spin_lock(&inode->i_lock);
	files = get_pipe_info(file, false)->files;
	spin_unlock(&inode->i_lock);
	return files;
}

/* Somebody outside may hold the mutex, and wait for his own memory meanwhile. */
int ckpt_pipe_get(struct file *file, struct ckpt_pipe *out)
{
	struct pipe_inode_info *pipe = get_pipe_info(file, false);

	memset(out, 0, sizeof(*out));
	if (mutex_lock_interruptible(&pipe->mutex))
		return -EINTR;
	out->notifies = pipe_has_watch_queue(pipe);
	out->room = (u64)pipe->max_usage << PAGE_SHIFT;
	out->user = from_kuid(current_user_ns(), pipe->user->uid);
	out->polled = pipe->poll_usage;
	out->head = pipe->head;
	out->tail = pipe->tail;
	for (u32 at = pipe->tail; !out->notifies && !pipe_empty(pipe->head, at); at++) {
		struct pipe_buffer *buffer = pipe_buf(pipe, at);

		out->unreadable |= pipe_buf_confirm(pipe, buffer) < 0;
		out->bytes += buffer->len;
		out->longest = max(out->longest, buffer->len);
		out->buffers++;
	}
	mutex_unlock(&pipe->mutex);
	return 0;
}

/* Nobody has written since this end was opened: a writer that is missing is no hangup. */
bool ckpt_pipe_awaits_writer(struct file *file)
{
	return file->f_pipe == get_pipe_info(file, false)->w_counter;
}

/* Copies a buffer; gives its length. -ESTALE: there are others than between @head and @tail. */
int ckpt_pipe_peek(struct file *file, u32 index, u32 head, u32 tail, struct ckpt_pipe_data *data,
		   void *bytes, u32 size)
{
	struct pipe_inode_info *pipe = get_pipe_info(file, false);
	struct kvec kvec = { .iov_base = bytes, .iov_len = size };
	struct pipe_buffer *buffer;
	struct iov_iter iter;
	int ret = -ESTALE;

	if (mutex_lock_interruptible(&pipe->mutex))
		return -EINTR;
	if (pipe->head != head || pipe->tail != tail || index >= pipe_buf_usage(pipe))
		goto unlock;
	buffer = pipe_buf(pipe, pipe->tail + index);
	data->length = buffer->len;
	data->packet = buffer->flags & PIPE_BUF_FLAG_PACKET;
	data->merges = buffer->flags & PIPE_BUF_FLAG_CAN_MERGE;
	data->offset = data->merges ? buffer->offset : 0;
	if (data->length > size)
		goto unlock;
	ret = pipe_buf_confirm(pipe, buffer);
	if (ret)
		goto unlock;
	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, size);
	if (copy_page_to_iter(buffer->page, buffer->offset, data->length, &iter) == data->length)
		ret = data->length;
	else
		ret = -EIO;
unlock:
	mutex_unlock(&pipe->mutex);
	return ret;
}

/* May the caller write to it, whatever @file was opened for? */
bool ckpt_may_write(struct file *file)
{
	return !file_permission(file, MAY_WRITE);
}

/* May the caller open it for anything at all? */
bool ckpt_may_read_or_write(struct file *file)
{
	return !file_permission(file, MAY_READ) || !file_permission(file, MAY_WRITE);
}

/* As pipe(): the end to read from, and the one to write to. */
int ckpt_pipe_make(struct file **ends)
{
	return create_pipe_files(ends, 0);
}

/*
 * Opens the FIFO that @file is of, as a reader and writer; whether the caller
 * may is not asked. -EBUSY: somebody has it open already.
 */
struct file *ckpt_fifo_open(struct file *file)
{
	struct inode *inode = file_inode(file);
	struct file *opened;
	bool busy;

	if (!S_ISFIFO(inode->i_mode))
		return ERR_PTR(-EINVAL);
	spin_lock(&inode->i_lock);
	busy = inode->i_pipe;
	spin_unlock(&inode->i_lock);
	if (busy)
		return ERR_PTR(-EBUSY);
	opened = dentry_open(&file->f_path, O_RDWR | O_NONBLOCK, current_cred());
	if (!IS_ERR(opened) && ckpt_pipe_files(opened) != 1) {
		__fput_sync(opened);
		return ERR_PTR(-EBUSY);
	}
	return opened;
}

/* As fcntl(F_SETPIPE_SZ), with its limits. */
int ckpt_pipe_resize(struct file *file, u64 room)
{
	struct pipe_inode_info *pipe = get_pipe_info(file, false);
	long ret;

	if (!pipe || room > UINT_MAX)
		return -EINVAL;
	if ((u64)pipe->max_usage << PAGE_SHIFT == room)
		return 0;
	ret = pipe_fcntl(file, F_SETPIPE_SZ, room);
	if (ret < 0)
		return ret;
	return ret == room ? 0 : -EINVAL;
}

/*
 * Has its room count to @user, within his limits, as if he had made it. That
 * the caller may make things for him has been checked.
 */
int ckpt_pipe_charge(struct file *file, u32 user)
{
	struct pipe_inode_info *pipe = get_pipe_info(file, false);
	kuid_t uid = make_kuid(current_user_ns(), user);
	struct user_struct *payer, *other;
	unsigned long count;

	if (!pipe || !uid_valid(uid))
		return -EINVAL;
	payer = alloc_uid(uid);
	if (!payer)
		return -ENOMEM;
	pipe_lock(pipe);
	count = account_pipe_buffers(payer, 0, pipe->nr_accounted);
	if ((too_many_pipe_buffers_hard(count) || too_many_pipe_buffers_soft(count)) &&
	    pipe_is_unprivileged_user()) {
		other = payer;
	} else {
		other = pipe->user;
		pipe->user = payer;
	}
	account_pipe_buffers(other, pipe->nr_accounted, 0);
	pipe_unlock(pipe);
	free_uid(other);
	return other == payer ? -EPERM : 0;
}

/* A page, or pages that are one, for @size bytes; @payer's memory cgroup pays. */
static struct page *page_for(u32 size, struct mm_struct *payer)
{
	u32 order = size ? get_order(size) : 0;
	struct mem_cgroup *memcg = get_mem_cgroup_from_mm(payer);
	struct mem_cgroup *before = set_active_memcg(memcg);
	struct page *page;

	page = alloc_pages(GFP_HIGHUSER | __GFP_ACCOUNT | __GFP_COMP, order);
	set_active_memcg(before);
	mem_cgroup_put(memcg);
	return page;
}

/* Adds a buffer behind those that are there. */
int ckpt_pipe_put(struct file *file, struct mm_struct *payer, const struct ckpt_pipe_data *data,
		  const void *bytes)
{
	struct pipe_inode_info *pipe = get_pipe_info(file, false);
	struct pipe_buffer *buffer;
	struct page *page;
	u32 copied = 0;
	int ret = -ENOSPC;

	if (!pipe || data->offset >= PAGE_SIZE ||
	    (data->merges && data->length > PAGE_SIZE - data->offset))
		return -EINVAL;
	page = page_for(data->offset + data->length, payer);
	if (!page)
		return -ENOMEM;
	while (copied < data->length) {
		u32 at = data->offset + copied;
		u32 part = min_t(u32, data->length - copied, PAGE_SIZE - at % PAGE_SIZE);

		memcpy_to_page(page + at / PAGE_SIZE, at % PAGE_SIZE, bytes + copied, part);
		copied += part;
	}
	pipe_lock(pipe);
	if (!pipe_is_full(pipe)) {
		buffer = pipe_head_buf(pipe);
		*buffer = (struct pipe_buffer) {
			.page = page,
			.offset = data->offset,
			.len = data->length,
			.ops = &nosteal_pipe_buf_ops,
			.flags = (data->packet ? PIPE_BUF_FLAG_PACKET : 0) |
				 (data->merges ? PIPE_BUF_FLAG_CAN_MERGE : 0),
		};
		pipe->head++;
		ret = 0;
	}
	pipe_unlock(pipe);
	if (ret)
		put_page(page);
	return ret;
}

/* As poll() does. */
void ckpt_pipe_note_polled(struct file *file)
{
	WRITE_ONCE(get_pipe_info(file, false)->poll_usage, true);
}

void ckpt_pipe_await_writer(struct file *file)
{
	file->f_pipe = get_pipe_info(file, false)->w_counter;
}

/* Status flags, as fcntl(F_SETFL) sets them; and O_LARGEFILE, as open() does. */
int ckpt_pipe_flags(struct file *file, u32 flags)
{
	const u32 mask = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | O_LARGEFILE;

	if (!ckpt_is_pipe(file))
		return -EINVAL;
	if ((flags & ~file->f_flags & O_NOATIME) &&
	    !inode_owner_or_capable(file_mnt_idmap(file), file_inode(file)))
		return -EPERM;
	spin_lock(&file->f_lock);
	file->f_flags = (file->f_flags & ~mask) | (flags & mask);
	file->f_iocb_flags = iocb_flags(file);
	spin_unlock(&file->f_lock);
	return 0;
}
