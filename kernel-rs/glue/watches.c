// SPDX-License-Identifier: GPL-2.0
/* inotify instances: what they watch, what they have to tell. */
#include <linux/dcache.h>
#include <linux/dnotify.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/inotify.h>
#include <linux/inotify_restore.h>
#include <linux/mount.h>
#include <linux/nsproxy.h>
#include <linux/sched/task.h>

#include "../../../fs/mount.h"

#include "glue.h"
#include "outsiders.h"
#include "watches.h"

void ckpt_watcher_get(struct file *file, struct ckpt_watcher *out)
{
	out->group = file->private_data;
	inotify_get_state(file, &out->next, &out->room);
}

struct file *ckpt_watcher_make(const struct ckpt_watcher *in)
{
	return inotify_file_create(in->next, in->room);
}

int ckpt_watcher_charge(struct file *file)
{
	return inotify_charge_opener(file);
}

/* What is watched under the lowest number from @number on, with references; or an error. */
struct inode *ckpt_watch_next(struct file *file, int *number, u32 *mask)
{
	return inotify_next_watch(file, number, mask);
}

u64 ckpt_inode_number(const struct inode *inode)
{
	return inode->i_ino;
}

u64 ckpt_file_inode_number(struct file *file)
{
	return file_inode(file)->i_ino;
}

/* Lets go of what is watched, and of its file system. */
void ckpt_inode_put(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	iput(inode);
	deactivate_super(sb);
}

/* The mount of @sb number @which in the mount namespace of @task, with a reference. */
static struct vfsmount *mount_in(struct task_struct *task, struct super_block *sb, u32 which)
{
	struct mnt_namespace *ns = NULL;
	struct vfsmount *found = NULL;

	task_lock(task);
	if (task->nsproxy)
		ns = task->nsproxy->mnt_ns;
	task_unlock(task);
	write_seqlock(&mount_lock);
	for (struct mount *mnt = sb->s_mounts; mnt && ns; mnt = mnt->mnt_next_for_sb) {
		if (mnt->mnt_ns == ns && !which--) {
			found = mntget(&mnt->mnt);
			break;
		}
	}
	write_sequnlock(&mount_lock);
	return found;
}

/*
 * A path that may lead to @inode in the mount namespace of @task, with a
 * reference: by way of mount number @which of its file system. False: there is
 * no such mount. A path without a dentry: not by way of this one.
 */
bool ckpt_inode_path(struct inode *inode, struct task_struct *task, u32 which, struct path *path)
{
	path->dentry = NULL;
	path->mnt = mount_in(task, inode->i_sb, which);
	if (!path->mnt)
		return false;
	path->dentry = d_find_alias(inode);
	if (path->dentry && !d_unlinked(path->dentry) &&
	    is_subdir(path->dentry, path->mnt->mnt_root))
		return true;
	path_put(path);
	path->dentry = NULL;
	return true;
}

/* Where mount number @which of @sb in that namespace leads, likewise. */
bool ckpt_fs_path(struct super_block *sb, struct task_struct *task, u32 which, struct path *path)
{
	path->mnt = mount_in(task, sb, which);
	if (!path->mnt)
		return false;
	path->dentry = dget(path->mnt->mnt_root);
	return true;
}

size_t ckpt_watch_events(struct file *file, void *buffer, size_t size)
{
	return inotify_get_events(file, buffer, size);
}

int ckpt_watch_event_add(struct file *file, int number, u32 mask, u32 cookie, const char *name, u32 length)
{
	struct inotify_event event = {
		.wd = number,
		.mask = mask,
		.cookie = cookie,
		.len = length,
	};

	return inotify_queue_event(file, &event, name);
}

int ckpt_watch_place(struct file *file, struct file *target, int number, u32 mask)
{
	return inotify_place_watch(file, &target->f_path, number, mask);
}

void ckpt_watch_arm(struct file *file, int number, u32 mask)
{
	inotify_arm_watch(file, number, mask);
}

struct found {
	struct ckpt_directory_watch *list;
	u32 room, count;
};

static void note_watch(void *data, const struct dnotify_watch *watch)
{
	struct found *found = data;

	if (found->count < found->room) {
		found->list[found->count] = (struct ckpt_directory_watch){
			.file = watch->filp,
			.owner = watch->owner,
			.fd = watch->fd,
			.events = watch->arg,
		};
	}
	found->count++;
}

/*
 * Who watches the directory of @file, first who is told first. Says how many they
 * are; as many are told as there is room for.
 */
u32 ckpt_directory_watches(struct file *file, struct ckpt_directory_watch *list, u32 room)
{
	struct found found = { .list = list, .room = room };

	dnotify_get(file_inode(file), note_watch, &found);
	return found.count;
}

/*
 * Has the descriptor table of @owner, which has @file open, watch it and see
 * nothing yet. Returns that table, only to be compared, or NULL and @error.
 */
const void *ckpt_directory_watch_place(struct file *file, struct task_struct *owner, u32 fd, u32 events,
				       int *error)
{
	/* Nobody else's table gets its address, and with it the watch. */
	struct files_struct *files = ckpt_table_hold(owner);

	*error = files ? 0 : -ESRCH;
	/* Closing one of those ends no watch. */
	if (file->f_mode & FMODE_PATH)
		*error = -EBADF;
	if (!*error)
		*error = dnotify_place(file, files, fd, events);
	/* Whoever was killed meanwhile has closed @file too early to end it. */
	if (!*error && READ_ONCE(owner->files) != files) {
		dnotify_flush(file, files);
		*error = -ESRCH;
	}
	if (files)
		put_files_struct(files);
	return *error ? NULL : files;
}

/* Has it see what happens from now on, if @owner, who has not run since, is there with @table. */
void ckpt_directory_watch_arm(struct file *file, struct task_struct *owner, const void *table,
			      u32 events)
{
	struct files_struct *files = ckpt_table_hold(owner);

	if (!files)
		return;
	if (files == table)
		dnotify_arm(file, files, events);
	put_files_struct(files);
}
