// SPDX-License-Identifier: GPL-2.0
/* Files of procfs, sysfs and cgroupfs whose content is made while they are read. */
#include <linux/cgroup.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/kernfs.h>
#include <linux/magic.h>
#include <linux/seq_file.h>
#include <linux/seq_file_restore.h>

#include "../../../fs/kernfs/kernfs-internal.h"
#include "../../../fs/proc/internal.h"

#include "glue.h"

static bool is_kernfs(struct file *file)
{
	return file->f_op == &kernfs_file_fops;
}

static struct kernfs_open_file *open_of(struct file *file)
{
	const struct seq_file *m = file->private_data;

	return m->private;
}

/*
 * Nothing but a position and a sequential file: no triggers, no watermarks of
 * its own, no memory, nothing that opening it does.
 */
static bool is_plain(struct kernfs_open_file *of, u32 magic)
{
	const struct kernfs_ops *ops;
	const struct cftype *cft = of->kn->priv;
	bool plain;

	if (!kernfs_get_active(of->kn))
		return false;
	ops = of->kn->attr.ops;
	plain = !ops->mmap;
	if (magic == CGROUP2_SUPER_MAGIC)
		plain = plain && !cft->open && !cft->poll;
	else
		plain = plain && !ops->open && !ops->release && !ops->poll;
	kernfs_put_active(of->kn);
	return plain;
}

/* Of the whole machine, open in no other way than any open(2) leaves it. */
bool ckpt_is_generated(struct file *file)
{
	struct inode *inode = file_inode(file);
	u32 magic = inode->i_sb->s_magic;

	if (!S_ISREG(inode->i_mode) || (file->f_mode & FMODE_PATH) ||
	    d_unlinked(file->f_path.dentry))
		return false;
	switch (magic) {
	case PROC_SUPER_MAGIC:
		if (PROC_I(inode)->pid)
			return false;
		if (PROC_I(inode)->sysctl)
			return !proc_sys_has_news(file);
		if (!PROC_I(inode)->pde || !proc_reg_get_seq_file(file))
			return false;
		proc_reg_put_seq_file(file);
		return true;
	case SYSFS_MAGIC:
	case CGROUP2_SUPER_MAGIC:
		return is_kernfs(file) && is_plain(open_of(file), magic);
	default:
		return false;
	}
}

/* Would poll() tell that it has changed? @file: a generated one. */
bool ckpt_generated_has_news(struct file *file)
{
	return is_kernfs(file) && kernfs_has_news(open_of(file));
}

void ckpt_generated_take_news(struct file *file)
{
	if (is_kernfs(file))
		kernfs_take_news(open_of(file));
}

/* Without making anything on the way there, as seeking would. @file: nobody else has it. */
int ckpt_generated_place(struct file *file, u64 position)
{
	if ((loff_t)position < 0)
		return -EINVAL;
	file->f_pos = position;
	return 0;
}

/* The sequential file behind @file, until it is put. */
static struct seq_file *get_seq_file(struct file *file)
{
	struct inode *inode = file_inode(file);

	if (is_kernfs(file))
		return file->private_data;
	if (inode->i_sb->s_magic == PROC_SUPER_MAGIC && PROC_I(inode)->pde)
		return proc_reg_get_seq_file(file);
	return NULL;
}

static void put_seq_file(struct file *file)
{
	if (!is_kernfs(file))
		proc_reg_put_seq_file(file);
}

/* Returns how many bytes were made and not read; they are in @buffer if there is room. Or an error. */
ssize_t ckpt_reading_get(struct file *file, struct ckpt_reading *out, void *buffer, size_t size)
{
	struct seq_file *m = get_seq_file(file);
	loff_t index, position;
	ssize_t unread;

	out->index = 0;
	out->position = 0;
	if (!m)
		return 0;
	unread = seq_get_reading(m, &index, &position, buffer, size);
	put_seq_file(file);
	if (unread >= 0) {
		out->index = index;
		out->position = position;
	}
	return unread;
}

int ckpt_reading_set(struct file *file, const struct ckpt_reading *in, const void *buffer,
		     size_t size)
{
	struct seq_file *m = get_seq_file(file);
	int ret;

	if (!m)
		return -EINVAL;
	ret = seq_set_reading(m, in->index, in->position, buffer, size);
	put_seq_file(file);
	return ret;
}
