// SPDX-License-Identifier: GPL-2.0
/* Paths; root and working directory. */
#include <linux/dcache.h>
#include <linux/fs_struct.h>
#include <linux/namei.h>
#include <linux/sched/task.h>
#include <linux/security.h>

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

/* A directory that the caller may enter. */
static int path_to_enter(const char *name, struct path *path)
{
	int ret = kern_path(name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, path);

	if (ret)
		return ret;
	ret = path_permission(path, MAY_EXEC | MAY_CHDIR);
	if (ret)
		path_put(path);
	return ret;
}

int ckpt_cwd_set(const char *name)
{
	struct path path;
	int ret = path_to_enter(name, &path);

	if (ret)
		return ret;
	set_fs_pwd(current->fs, &path);
	path_put(&path);
	return 0;
}

int ckpt_root_set(const char *name)
{
	struct path path;
	int ret = path_to_enter(name, &path);

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
