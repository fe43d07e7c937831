// SPDX-License-Identifier: GPL-2.0
/* Open files, descriptors, directories. */
#include <linux/capability.h>
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/filelock.h>
#include <linux/fs_struct.h>
#include <linux/kdev_t.h>
#include <linux/namei.h>
#include <linux/stat.h>
#include <linux/statfs.h>

#include "glue.h"

/* How /proc/PID/fd would call a file that has no path. */
void ckpt_file_label(struct file *file, char *buffer, u32 size)
{
	const struct dentry *dentry = file->f_path.dentry;
	char *path;

	if (dentry->d_op && dentry->d_op->d_dname) {
		path = d_path(&file->f_path, buffer, size);
		if (!IS_ERR(path)) {
			memmove(buffer, path, strlen(path) + 1);
			return;
		}
	}
	snprintf(buffer, size, "%pd", dentry);
}

static bool has_lock(struct file *file, struct task_struct *task)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));
	struct file_lock_core *lock;
	bool found = false;

	if (!context)
		return false;
	spin_lock(&context->flc_lock);
	list_for_each_entry(lock, &context->flc_flock, flc_list)
		found |= lock->flc_file == file;
	list_for_each_entry(lock, &context->flc_posix, flc_list)
		found |= lock->flc_file == file || lock->flc_owner == task->files;
	list_for_each_entry(lock, &context->flc_lease, flc_list)
		found |= lock->flc_file == file;
	spin_unlock(&context->flc_lock);
	return found;
}

/* @task: whose POSIX locks count; NULL for a file that is only mapped. */
int ckpt_file_get(struct file *file, struct task_struct *task, struct ckpt_file *out)
{
	struct inode *inode = file_inode(file);
	struct kstat stat;
	int ret;

	memset(out, 0, sizeof(*out));
	out->fs_magic = inode->i_sb->s_magic;
	strscpy(out->fs_name, inode->i_sb->s_type->name, sizeof(out->fs_name));
	out->mode = inode->i_mode;
	/* An inode without a name in any directory: pipes, sockets, anonymous inodes. */
	out->by_path = !(inode->i_sb->s_flags & SB_NOUSER) &&
		       !(file->f_path.dentry->d_op && file->f_path.dentry->d_op->d_dname);
	if (!out->by_path)
		return 0;
	out->flags = file->f_flags & ~(O_CLOEXEC | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	out->position = file->f_pos;
	out->device = S_ISCHR(inode->i_mode) ?
		      MAJOR(inode->i_rdev) << 20 | MINOR(inode->i_rdev) : 0;
	out->unlinked = d_unlinked(file->f_path.dentry) || !inode->i_nlink;
	out->locked = task && has_lock(file, task);
	out->owned = file_f_owner(file) && (file_f_owner(file)->pid || file_f_owner(file)->signum);
	out->random_access = file->f_mode & FMODE_RANDOM;

	if (!S_ISREG(inode->i_mode))
		return 0;
	ret = vfs_getattr(&file->f_path, &stat, STATX_SIZE | STATX_MTIME, AT_STATX_SYNC_AS_STAT);
	if (ret)
		return ret;
	out->size = stat.size;
	out->mtime_s = stat.mtime.tv_sec;
	out->mtime_ns = stat.mtime.tv_nsec;
	return 0;
}

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

/* Does @name, in the mount namespace of @task, lead to @to? */
bool ckpt_path_leads(struct task_struct *task, const char *name, const struct path *to, bool nofollow)
{
	struct path root, found;
	bool same = false;

	task_lock(task);
	if (!task->fs) {
		task_unlock(task);
		return false;
	}
	get_fs_root(task->fs, &root);
	task_unlock(task);
	namespace_root(&root);
	if (!vfs_path_lookup(root.dentry, root.mnt, name, nofollow ? 0 : LOOKUP_FOLLOW, &found)) {
		same = path_equal(&found, to);
		path_put(&found);
	}
	path_put(&root);
	return same;
}

/* 1 or 0; the descriptor is open. */
int ckpt_fd_close_on_exec(struct task_struct *task, u32 fd)
{
	int set = 0;

	task_lock(task);
	if (task->files) {
		rcu_read_lock();
		set = close_on_exec(fd, task->files);
		rcu_read_unlock();
	}
	task_unlock(task);
	return set;
}

/* Closes every descriptor of current. */
void ckpt_files_close_all(void)
{
	unsigned int fd = 0;

	for (;;) {
		struct file *file = fget_task_next(current, &fd);

		if (!file)
			return;
		fput(file);
		close_fd(fd);
		fd++;
	}
}

int ckpt_file_install(u32 fd, struct file *file, bool close_on_exec)
{
	int ret = replace_fd(fd, file, close_on_exec ? O_CLOEXEC : 0);

	return min(ret, 0);
}

int ckpt_file_seek(struct file *file, u64 position)
{
	loff_t ret;

	if (!position || (file->f_flags & O_PATH) || (loff_t)position < 0)
		return (loff_t)position < 0 ? -EINVAL : 0;
	ret = vfs_llseek(file, position, SEEK_SET);
	if (ret < 0)
		return ret;
	return ret == position ? 0 : -EINVAL;
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

int ckpt_cwd_set(const char *name)
{
	struct path path;
	int ret = kern_path(name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (ret)
		return ret;
	ret = path_permission(&path, MAY_EXEC | MAY_CHDIR);
	if (!ret)
		set_fs_pwd(current->fs, &path);
	path_put(&path);
	return ret;
}

void ckpt_umask_set(u32 umask)
{
	current->fs->umask = umask & 0777;
}

void ckpt_path_put(struct path *path)
{
	path_put(path);
}

const struct path *ckpt_file_path(struct file *file)
{
	return &file->f_path;
}

/*
 * Makes room for descriptors up to @count, as far as setrlimit() would; the
 * limits of the saved task, which may be lower than its descriptors, come later.
 */
void ckpt_files_raise_limit(u32 count)
{
	struct rlimit *limit = &current->signal->rlim[RLIMIT_NOFILE];

	task_lock(current->group_leader);
	if (limit->rlim_cur < count && (count <= limit->rlim_max || capable(CAP_SYS_RESOURCE)))
		limit->rlim_cur = count;
	task_unlock(current->group_leader);
}
