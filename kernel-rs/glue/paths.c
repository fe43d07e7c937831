// SPDX-License-Identifier: GPL-2.0
/* Paths; root and working directory. */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/sched/task.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/stat.h>

#include "glue.h"

const char *ckpt_path_get(const struct path *path, char *buffer, int size)
{
	return d_absolute_path(path, buffer, size);
}

/* From any directory to the root of its mount namespace, as a task without chroot() sees it. */
static void namespace_root(struct path *path)
{
	while (follow_up(path))
		;
	dput(path->dentry);
	path->dentry = dget(path->mnt->mnt_root);
	follow_down(path, 0);
}

/* Does @name, in the mount namespace of @task, lead to @to? -ENOMEM, -EINTR: nobody knows. */
int ckpt_path_leads(struct task_struct *task, const char *name, const struct path *to, bool nofollow)
{
	struct path root, found;
	int ret;

	task_lock(task);
	if (!task->fs) {
		task_unlock(task);
		return 0;
	}
	get_fs_root(task->fs, &root);
	task_unlock(task);
	namespace_root(&root);
	ret = vfs_path_lookup(root.dentry, root.mnt, name, nofollow ? 0 : LOOKUP_FOLLOW, &found);
	path_put(&root);
	if (ret)
		return ret == -ENOMEM || ret == -EINTR ? ret : 0;
	ret = path_equal(&found, to);
	path_put(&found);
	return ret;
}

/* May current open it? As may_open() of fs/namei.c, for regular files and directories. */
static int may_open_again(const struct path *path, u32 flags)
{
	const struct inode *inode = d_backing_inode(path->dentry);
	bool writes = (flags & O_ACCMODE) != O_RDONLY;
	int ret;

	if (flags & O_PATH)
		return 0;
	if (S_ISDIR(inode->i_mode) && writes)
		return -EISDIR;
	ret = path_permission(path, MAY_OPEN | ACC_MODE(flags));
	if (ret)
		return ret;
	if (IS_APPEND(inode) && writes && !(flags & O_APPEND))
		return -EPERM;
	if ((flags & O_NOATIME) &&
	    !inode_owner_or_capable(mnt_idmap(path->mnt), d_backing_inode(path->dentry)))
		return -EPERM;
	return 0;
}

/* NULL: it is not this inode, or current may not open it either. */
static struct file *open_known(const char *name, u32 flags, u64 number)
{
	struct file *file = NULL;
	const struct inode *inode;
	struct path path;
	struct kstat stat;

	if (kern_path(name, LOOKUP_NO_SYMLINKS, &path))
		return NULL;
	inode = d_backing_inode(path.dentry);
	/* As ckpt_file_get() does. */
	if (S_ISDIR(inode->i_mode))
		stat.ino = ckpt_directory_number(inode);
	else if (!S_ISREG(inode->i_mode) ||
		 vfs_getattr(&path, &stat, STATX_INO, AT_STATX_SYNC_AS_STAT))
		stat.ino = 0;
	if (stat.ino && stat.ino == number && !may_open_again(&path, flags))
		file = dentry_open(&path, flags, current_cred());
	path_put(&path);
	if (IS_ERR_OR_NULL(file))
		return file;
	/* As open(2) asks: a content that nobody may open (IMA) is no matter of rights. */
	if (!(flags & O_PATH) && security_file_post_open(file, MAY_OPEN | ACC_MODE(flags))) {
		fput(file);
		return NULL;
	}
	return file;
}

/*
 * Opens @name as @opener would, who has done so once; what has to do with who opens
 * a file is settled then.  What @opener may not open any more is only given back, by
 * current, who may: if no symbolic link leads there, and its inode has this @number.
 */
struct file *ckpt_path_open(const char *name, u32 flags, const struct cred *opener, u64 number)
{
	const struct cred *old = override_creds(opener);
	struct file *opened = filp_open(name, flags, 0);

	revert_creds(old);
	if (!IS_ERR(opened) || (PTR_ERR(opened) != -EACCES && PTR_ERR(opened) != -EPERM))
		return opened;
	return open_known(name, flags, number) ?: opened;
}

bool ckpt_path_readable_by(const struct path *path, const struct cred *reader)
{
	const struct cred *old = override_creds(reader);
	int ret = path_permission(path, MAY_READ);

	revert_creds(old);
	return !ret;
}

/* Does no symbolic link lead to @directory, where @name is to be made? */
int ckpt_path_straight(const struct path *directory, const char *name)
{
	const char *slash = strrchr(name, '/'), *text;
	size_t length = slash ? max_t(size_t, slash - name, 1) : 0;
	char *buffer = kmalloc(PATH_MAX, GFP_KERNEL);
	int ret;

	if (!buffer)
		return -ENOMEM;
	text = d_path(directory, buffer, PATH_MAX);
	if (IS_ERR(text))
		ret = PTR_ERR(text);
	else
		ret = strlen(text) == length && !memcmp(text, name, length) ? 0 : -ELOOP;
	kfree(buffer);
	return ret;
}

/* What lies at @name, without opening it. */
int ckpt_path_kind(const char *name, u32 *mode, u32 *device)
{
	struct path path;
	int ret = kern_path(name, LOOKUP_FOLLOW, &path);

	if (ret)
		return ret;
	*mode = d_backing_inode(path.dentry)->i_mode;
	*device = ckpt_device(d_backing_inode(path.dentry));
	path_put(&path);
	return 0;
}

int ckpt_directories_get(struct task_struct *task, struct path *root, struct path *cwd, u32 *umask)
{
	int ret = -ESRCH;

	task_lock(task);
	if (task->fs) {
		get_fs_root(task->fs, root);
		get_fs_pwd(task->fs, cwd);
		*umask = task->fs->umask;
		ret = 0;
	}
	task_unlock(task);
	return ret;
}

static int path_to_enter(const char *name, u32 flags, struct path *path)
{
	int ret = kern_path(name, flags | LOOKUP_DIRECTORY, path);

	if (ret)
		return ret;
	ret = path_permission(path, MAY_EXEC | MAY_CHDIR);
	if (ret)
		path_put(path);
	return ret;
}

/*
 * A directory that @visitor may enter.  Where he may not any more he stays, if current
 * may enter it and no symbolic link leads there.
 */
static int path_of_visitor(const char *name, const struct cred *visitor, struct path *path)
{
	const struct cred *old = override_creds(visitor);
	int ret = path_to_enter(name, LOOKUP_FOLLOW, path);

	revert_creds(old);
	return ret == -EACCES && !path_to_enter(name, LOOKUP_NO_SYMLINKS, path) ? 0 : ret;
}

int ckpt_cwd_set(const char *name, const struct cred *visitor)
{
	struct path path;
	int ret = path_of_visitor(name, visitor, &path);

	if (ret)
		return ret;
	set_fs_pwd(current->fs, &path);
	path_put(&path);
	return 0;
}

int ckpt_root_set(const char *name, const struct cred *visitor)
{
	struct path path;
	int ret = path_of_visitor(name, visitor, &path);

	if (ret)
		return ret;
	ret = ckpt_root_enter(&path);
	path_put(&path);
	return ret;
}

/* As chroot(2), to a directory that the caller may enter. */
int ckpt_root_enter(const struct path *path)
{
	int ret;

	if (!ns_capable(current_user_ns(), CAP_SYS_CHROOT))
		return -EPERM;
	ret = security_path_chroot(path);
	if (!ret)
		set_fs_root(current->fs, path);
	return ret;
}

void ckpt_cwd_enter(const struct path *path)
{
	set_fs_pwd(current->fs, path);
}

/* Root or working directory of @task, as an O_PATH file. */
struct file *ckpt_directory_open(struct task_struct *task, bool is_root)
{
	const struct cred *cred;
	struct path path = {};
	struct file *file;

	task_lock(task);
	if (task->fs && is_root)
		get_fs_root(task->fs, &path);
	else if (task->fs)
		get_fs_pwd(task->fs, &path);
	task_unlock(task);
	if (!path.dentry)
		return ERR_PTR(-ESRCH);
	/* An open file has somebody who opened it. */
	cred = get_task_cred(task);
	file = dentry_open(&path, O_PATH | O_DIRECTORY, cred);
	put_cred(cred);
	path_put(&path);
	return file;
}

void ckpt_umask_set(u32 umask)
{
	current->fs->umask = umask & 0777;
}

void ckpt_path_put(struct path *path)
{
	path_put(path);
}

/* While the path is held. */
struct super_block *ckpt_path_fs(const struct path *path)
{
	return path->dentry->d_sb;
}
