// SPDX-License-Identifier: GPL-2.0
/* What a program has told a file system of an open file by ioctl(2): no open(2) tells it again. */

#if IS_ENABLED(CONFIG_CEPH_FS)
/* First: it says how to begin messages, before printk.h does. */
#include "../../../fs/ceph/super.h"
#endif

#include <linux/f2fs_fs.h>
#include <linux/fs.h>
#include <linux/magic.h>

#if IS_ENABLED(CONFIG_F2FS_FS)
#include "../../../fs/f2fs/f2fs.h"
#endif

#include "glue.h"

/* To read past the cache, or to let others write meanwhile. */
static bool is_told_ceph(struct file *file)
{
#if IS_ENABLED(CONFIG_CEPH_FS)
	const struct ceph_fs_client *client = ceph_inode_to_fs_client(file_inode(file));
	bool always = client->mount_options->flags & CEPH_MOUNT_OPT_NOPAGECACHE;
	const struct ceph_file_info *info = file->private_data;

	return (info->fmode & CEPH_FILE_MODE_LAZY) || (!always && (info->flags & CEPH_F_SYNC));
#else
	return false;
#endif
}

/* Writes that are to be seen all at once, or a priority: that is as long there as the inode. */
static bool is_told_f2fs(struct file *file)
{
#if IS_ENABLED(CONFIG_F2FS_FS)
	struct inode *inode = file_inode(file);

	return f2fs_is_atomic_file(inode) || READ_ONCE(F2FS_I(inode)->ioprio_hint);
#else
	return false;
#endif
}

/* Of a file that is not only a path. */
bool ckpt_file_is_told(struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (!S_ISREG(inode->i_mode) && !S_ISDIR(inode->i_mode))
		return false;
	switch (inode->i_sb->s_magic) {
	case CEPH_SUPER_MAGIC:
		return is_told_ceph(file);
	case F2FS_SUPER_MAGIC:
		return is_told_f2fs(file);
	default:
		return false;
	}
}
