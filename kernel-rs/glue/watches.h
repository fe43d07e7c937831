/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_WATCHES_H
#define _KERNEL_CHECKPOINT_WATCHES_H

#include <linux/types.h>

struct file;
struct inode;
struct path;
struct super_block;
struct task_struct;

struct ckpt_watcher {
	const void *group;	/* only to be compared */
	int next;
	u32 room;
};

void ckpt_watcher_get(struct file *file, struct ckpt_watcher *out);
struct file *ckpt_watcher_make(const struct ckpt_watcher *in);
int ckpt_watcher_charge(struct file *file);
struct inode *ckpt_watch_next(struct file *file, int *number, u32 *mask);
u64 ckpt_inode_number(const struct inode *inode);
u64 ckpt_file_inode_number(struct file *file);
void ckpt_inode_put(struct inode *inode);
bool ckpt_inode_path(struct inode *inode, struct task_struct *task, u32 which, struct path *path);
size_t ckpt_watch_events(struct file *file, void *buffer, size_t size);
int ckpt_watch_event_add(struct file *file, int number, u32 mask, u32 cookie, const char *name, u32 length);
int ckpt_watch_place(struct file *file, struct file *target, int number, u32 mask);
void ckpt_watch_arm(struct file *file, int number, u32 mask);
bool ckpt_fs_path(struct super_block *sb, struct task_struct *task, u32 which, struct path *path);

/* Who watches a directory by F_NOTIFY. */
struct ckpt_directory_watch {
	/* Only to be compared. */
	const struct file *file;
	const void *owner;
	u32 fd;
	u32 events;
};

u32 ckpt_directory_watches(struct file *file, struct ckpt_directory_watch *list, u32 room);
const void *ckpt_directory_watch_place(struct file *file, struct task_struct *owner, u32 fd, u32 events,
				       int *error);
void ckpt_directory_watch_arm(struct file *file, struct task_struct *owner, const void *table,
			      u32 events);

#endif /* _KERNEL_CHECKPOINT_WATCHES_H */
