/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_FANOTIFY_H
#define _KERNEL_CHECKPOINT_FANOTIFY_H

#include <linux/types.h>

struct ckpt_group_marks;
struct ckpt_group_queue;
struct file;
struct fsnotify_mark;
struct path;
struct task_struct;

/* What is marked. */
enum ckpt_marked {
	CKPT_MARKED_OTHER,
	CKPT_MARKED_INODE,
	CKPT_MARKED_MOUNT,
	CKPT_MARKED_FILESYSTEM,
};

/* What is told of an event: FANOTIFY_STATE_*. */
enum ckpt_told {
	CKPT_TOLD_OTHER,
	CKPT_TOLD_PATH,
	CKPT_TOLD_HANDLE,
	CKPT_TOLD_NAME,
	CKPT_TOLD_ERROR,
	CKPT_TOLD_OVERFLOW,
};

struct ckpt_group {
	const void *group;	/* only to be compared */
	u32 flags;
	u32 event_flags;
	u32 room;
	bool asked;		/* somebody waits for an answer */
};

#define CKPT_HANDLE 128

struct ckpt_mark {
	const void *inode;	/* that is marked, or lies in what is; only to be compared */
	u32 what;		/* CKPT_MARKED_* */
	u32 flags;		/* FAN_MARK_EVICTABLE, IGNORE, IGNORED_SURV_MODIFY */
	u32 mask, ignored;
	u64 fsid;
	bool weak;		/* others may have that id too */
	bool ending;
	u32 handle_type;
	u32 handle_length;
	u8 handle[CKPT_HANDLE];
};

struct ckpt_group_event {
	const void *pid;	/* only to be compared */
	u32 number;		/* of whoever has done it, in the container */
	bool below;		/* he is in a pid namespace below that */
	u32 kind;		/* CKPT_TOLD_* */
	u32 mask;
	s32 error;
	u32 error_count;
	u64 fsid;
	u8 handle_types[3], handle_lengths[3], name_lengths[2];
	u32 length;
	u8 bytes[3 * CKPT_HANDLE + 2 * 256];
};

bool ckpt_is_group(struct file *file);
void ckpt_group_get(struct file *file, struct ckpt_group *out);
struct file *ckpt_group_make(const struct ckpt_group *in);
int ckpt_group_charge(struct file *file);

struct ckpt_group_marks *ckpt_group_marks(struct file *file);
bool ckpt_group_mark_get(const struct ckpt_group_marks *marks, u32 which, struct ckpt_mark *out);
struct file *ckpt_group_mark_open(const struct ckpt_group_marks *marks, u32 which,
				  struct task_struct *task, struct file *group);
void ckpt_group_marks_put(struct ckpt_group_marks *marks);
void ckpt_mark_name(struct file *target, struct ckpt_mark *out);
struct fsnotify_mark *ckpt_mark_place(struct file *group, struct file *target,
				      const struct ckpt_mark *in);
void ckpt_mark_arm(struct fsnotify_mark *mark, u32 mask, u32 ignored);
void ckpt_mark_put(struct fsnotify_mark *mark);

struct ckpt_group_queue *ckpt_group_queue(struct file *file);
bool ckpt_group_queue_next(struct ckpt_group_queue *queue, u64 pid_space,
			   struct ckpt_group_event *out);
const struct path *ckpt_group_queue_path(const struct ckpt_group_queue *queue);
struct file *ckpt_group_queue_open(struct ckpt_group_queue *queue, struct task_struct *task,
				   struct file *group);
void ckpt_group_queue_put(struct ckpt_group_queue *queue);
int ckpt_group_event_add(struct file *group, const struct ckpt_group_event *in, struct file *target,
			 struct task_struct *by, struct task_struct *within, u32 above);

#endif /* _KERNEL_CHECKPOINT_FANOTIFY_H */
