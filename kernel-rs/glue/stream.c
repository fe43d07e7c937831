// SPDX-License-Identifier: GPL-2.0
/* The two ends of a stream: records and pages, at the position of a file. */
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "glue.h"

#define BOUNCE ((size_t)SZ_64K)

static loff_t *position(struct file *file)
{
	return file->f_mode & FMODE_STREAM ? NULL : &file->f_pos;
}

/* @size bytes of the pages from @first on, after @skip bytes of the first. */
void ckpt_pages_iter(struct iov_iter *iter, unsigned int direction, struct ckpt_pages *pages,
		     u32 first, u64 skip, u64 size)
{
	u32 count = DIV_ROUND_UP(skip + size, PAGE_SIZE);

	for (u32 i = first; i < first + count; i++)
		bvec_set_page(&pages->vec[i], pages->page[i], PAGE_SIZE, 0);
	iov_iter_bvec(iter, direction, &pages->vec[first], count, skip + size);
	iov_iter_advance(iter, skip);
}

/*
 * Some drivers (/dev/full, tapes) only take the memory of a user: through a
 * buffer in the address space of the caller.
 */
static ssize_t write_iter(struct file *file, struct iov_iter *iter)
{
	size_t size = min(iov_iter_count(iter), BOUNCE);
	unsigned long buffer;
	ssize_t ret = -EFAULT;
	void *data;

	if (file->f_op->write_iter || !(file->f_mode & FMODE_CAN_WRITE))
		return vfs_iter_write(file, iter, position(file), 0);

	data = kmalloc(size, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	buffer = vm_mmap(NULL, 0, BOUNCE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(buffer)) {
		kfree(data);
		return buffer;
	}
	if (copy_from_iter_full(data, size, iter) &&
	    !copy_to_user((void __user *)buffer, data, size))
		ret = vfs_write(file, (const char __user *)buffer, size, position(file));
	vm_munmap(buffer, BOUNCE);
	kfree(data);
	return ret;
}

ssize_t ckpt_pages_write(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size)
{
	struct iov_iter iter;

	ckpt_pages_iter(&iter, ITER_SOURCE, pages, first, skip, size);
	return write_iter(file, &iter);
}

ssize_t ckpt_pages_read(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size)
{
	struct iov_iter iter;

	ckpt_pages_iter(&iter, ITER_DEST, pages, first, skip, size);
	return vfs_iter_read(file, &iter, position(file), 0);
}

ssize_t ckpt_stream_write(struct file *file, const void *data, size_t size)
{
	struct kvec vec = { .iov_base = (void *)data, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &vec, 1, size);
	return write_iter(file, &iter);
}

ssize_t ckpt_stream_read(struct file *file, void *data, size_t size)
{
	struct kvec vec = { .iov_base = data, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	return vfs_iter_read(file, &iter, position(file), 0);
}
