// SPDX-License-Identifier: GPL-2.0
/* Extended attributes and flags (chattr) of inodes. */
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/fileattr.h>
#include <linux/mount.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <linux/xattr.h>

#include "../../../fs/internal.h"
#include "glue.h"

/*
 * The names of all extended attributes of @file, each with a zero byte. To those
 * who may not read them some file systems would not even tell that they are there.
 */
ssize_t ckpt_attributes_list(struct file *file, char *names, size_t size)
{
	ssize_t ret = 0;

	scoped_with_kernel_creds()
		ret = vfs_listxattr(file->f_path.dentry, names, size);
	return ret == -EOPNOTSUPP ? 0 : ret;
}

static bool has_nobody(const void *value, ssize_t size)
{
	const struct posix_acl_xattr_header *acl = value;
	const struct posix_acl_xattr_entry *entry = (const void *)(acl + 1);

	for (int i = 0; i < posix_acl_xattr_count(size); i++) {
		u16 tag = le16_to_cpu(entry[i].e_tag);

		if ((tag == ACL_USER || tag == ACL_GROUP) &&
		    le32_to_cpu(entry[i].e_id) == (u32)ACL_UNDEFINED_ID)
			return true;
	}
	return false;
}

/* As getxattr() of the caller's. */
ssize_t ckpt_attribute_get(struct file *file, const char *name, void *value, size_t size)
{
	struct mnt_idmap *idmap = file_mnt_idmap(file);
	struct dentry *dentry = file->f_path.dentry;
	ssize_t ret;

	if (!is_posix_acl_xattr(name))
		return vfs_getxattr(idmap, dentry, name, value, size);
	ret = do_get_acl(idmap, dentry, name, value, size);
	/* Somebody in it has no number in the caller's user namespace. */
	if (ret > 0 && has_nobody(value, ret))
		return -EOVERFLOW;
	return ret;
}

/* As setxattr(). */
int ckpt_attribute_set(struct file *file, const char *name, const void *value, size_t size)
{
	struct mnt_idmap *idmap = file_mnt_idmap(file);
	struct dentry *dentry = file->f_path.dentry;
	int ret = mnt_want_write(file->f_path.mnt);

	if (ret)
		return ret;
	if (is_posix_acl_xattr(name))
		ret = do_set_acl(idmap, dentry, name, value, size);
	else
		ret = vfs_setxattr(idmap, dentry, name, value, size, 0);
	mnt_drop_write(file->f_path.mnt);
	return ret;
}

/* As removexattr(). */
int ckpt_attribute_remove(struct file *file, const char *name)
{
	struct mnt_idmap *idmap = file_mnt_idmap(file);
	struct dentry *dentry = file->f_path.dentry;
	int ret = mnt_want_write(file->f_path.mnt);

	if (ret)
		return ret;
	if (is_posix_acl_xattr(name))
		ret = vfs_remove_acl(idmap, dentry, name);
	else
		ret = vfs_removexattr(idmap, dentry, name);
	mnt_drop_write(file->f_path.mnt);
	return ret;
}

/* The flags of chattr() that programs choose; the others say how a file is stored. */
#define INODE_FLAGS (FS_FL_USER_MODIFIABLE | FS_NOCOMP_FL | FS_JOURNAL_DATA_FL | FS_NOCOW_FL | \
		     FS_PROJINHERIT_FL)

/* Does a file system that has no such flags say so by @error? */
static bool has_no_flags(int error)
{
	return error == -ENOIOCTLCMD || error == -ENOTTY || error == -EOPNOTSUPP;
}

int ckpt_inode_flags_get(struct file *file, u32 *flags)
{
	struct file_kattr attr = { .flags_valid = true };
	int ret = vfs_fileattr_get(file->f_path.dentry, &attr);

	*flags = 0;
	if (ret)
		return has_no_flags(ret) ? 0 : ret;
	*flags = attr.flags & INODE_FLAGS;
	return 0;
}

int ckpt_inode_flags_set(struct file *file, u32 flags)
{
	struct file_kattr old = { .flags_valid = true }, new = {};
	u32 made;
	int ret = vfs_fileattr_get(file->f_path.dentry, &old);

	if (ret)
		return flags || !has_no_flags(ret) ? ret : 0;
	if (!((old.flags ^ flags) & INODE_FLAGS))
		return 0;
	ret = mnt_want_write(file->f_path.mnt);
	if (ret)
		return ret;
	fileattr_fill_flags(&new, (old.flags & ~INODE_FLAGS) | flags);
	ret = vfs_fileattr_set(file_mnt_idmap(file), file->f_path.dentry, &new);
	mnt_drop_write(file->f_path.mnt);
	if (!ret)
		ret = ckpt_inode_flags_get(file, &made);
	if (!ret && made != flags)
		ret = -EOPNOTSUPP;
	return ret;
}
