// SPDX-License-Identifier: GPL-2.0
/* fanotify groups: what they have marked, what they have to tell. */
#include <linux/dcache.h>
#include <linux/exportfs.h>
#include <linux/fanotify.h>
#include <linux/fanotify_restore.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/mount.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/pidfs.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "fanotify.h"
#include "glue.h"
#include "watches.h"

static_assert(CKPT_HANDLE == MAX_HANDLE_SZ);
static_assert((int)CKPT_TOLD_PATH == FANOTIFY_STATE_PATH);
static_assert((int)CKPT_TOLD_HANDLE == FANOTIFY_STATE_FID);
static_assert((int)CKPT_TOLD_NAME == FANOTIFY_STATE_NAME);
static_assert((int)CKPT_TOLD_ERROR == FANOTIFY_STATE_ERROR);
static_assert((int)CKPT_TOLD_OVERFLOW == FANOTIFY_STATE_OVERFLOW);

static const unsigned int types[] = {
	[CKPT_MARKED_INODE] = FAN_MARK_INODE,
	[CKPT_MARKED_MOUNT] = FAN_MARK_MOUNT,
	[CKPT_MARKED_FILESYSTEM] = FAN_MARK_FILESYSTEM,
};

bool ckpt_is_group(struct file *file)
{
	return is_file_fanotify(file);
}

static u64 from_fsid(__kernel_fsid_t fsid)
{
	return (u32)fsid.val[0] | (u64)(u32)fsid.val[1] << 32;
}

static __kernel_fsid_t to_fsid(u64 fsid)
{
	return (__kernel_fsid_t){ .val = { fsid, fsid >> 32 } };
}

void ckpt_group_get(struct file *file, struct ckpt_group *out)
{
	struct fanotify_state state;

	fanotify_get_state(file, &state);
	out->group = state.group;
	out->flags = state.flags;
	out->event_flags = state.event_f_flags;
	out->room = state.max_events;
	out->asked = state.is_asked;
}

struct file *ckpt_group_make(const struct ckpt_group *in)
{
	struct fanotify_state state = {
		.flags = in->flags,
		.event_f_flags = in->event_flags,
		.max_events = in->room,
	};

	return fanotify_file_create(&state);
}

int ckpt_group_charge(struct file *file)
{
	return fanotify_charge_opener(file);
}

/* Marks as they were at one moment, and what they are on, with references. */
struct ckpt_group_marks {
	u32 count;
	struct fanotify_mark_state states[] __counted_by(count);
};

struct ckpt_group_marks *ckpt_group_marks(struct file *file)
{
	struct ckpt_group_marks *marks;
	u32 room = 0, count;

	/* Some may end meanwhile, and others may come. */
	for (int i = 0; i < 100 && !signal_pending(current); i++) {
		marks = kvzalloc_flex(*marks, states, room, GFP_KERNEL_ACCOUNT);
		if (!marks)
			return ERR_PTR(-ENOMEM);
		marks->count = room;
		count = fanotify_get_marks(file, marks->states, room);
		marks->count = min(count, room);
		if (count <= room)
			return marks;
		ckpt_group_marks_put(marks);
		room = count + count / 8;
	}
	return ERR_PTR(signal_pending(current) ? -EINTR : -ESTALE);
}

bool ckpt_group_mark_get(const struct ckpt_group_marks *marks, u32 which, struct ckpt_mark *out)
{
	const struct fanotify_mark_state *state;

	memset(out, 0, sizeof(*out));
	if (which >= marks->count)
		return false;
	state = &marks->states[which];
	for (u32 what = CKPT_MARKED_INODE; what < ARRAY_SIZE(types); what++)
		if (types[what] == state->type)
			out->what = what;
	out->inode = state->inode;
	out->flags = state->flags;
	out->mask = state->mask;
	out->ignored = state->ignore_mask;
	out->fsid = from_fsid(state->fsid);
	out->weak = state->is_weak;
	out->ending = state->is_ending;
	return true;
}

void ckpt_group_marks_put(struct ckpt_group_marks *marks)
{
	for (u32 i = 0; i < marks->count; i++)
		fanotify_put_mark_state(&marks->states[i]);
	kvfree(marks);
}

/* 0: it does not reach it. */
static int is_reached(struct task_struct *task, const struct path *path)
{
	char *buffer = kmalloc(PATH_MAX, GFP_KERNEL);
	const char *name;
	int leads;

	if (!buffer)
		return -ENOMEM;
	name = ckpt_path_get(path, buffer, PATH_MAX);
	leads = IS_ERR(name) ? 0 : ckpt_path_leads(task, name, path, true);
	kfree(buffer);
	return leads;
}

/* As its opener would have opened it, for nothing but to name it. */
static struct file *open_path(const struct path *path, struct file *group)
{
	return dentry_open(path, O_PATH | O_NOFOLLOW, group->f_cred);
}

/* What @task reaches of @inode, or where its file system is mounted. */
static struct file *open_inode(struct inode *inode, bool any, struct task_struct *task,
			       struct file *group)
{
	struct file *file = NULL;
	struct path path;
	int reached;

	for (u32 which = 0; which < 1000 && !file; which++) {
		if (any ? !ckpt_fs_path(inode->i_sb, task, which, &path) :
			  !ckpt_inode_path(inode, task, which, &path))
			break;
		if (!path.dentry)
			continue;
		reached = is_reached(task, &path);
		if (reached)
			file = reached < 0 ? ERR_PTR(reached) : open_path(&path, group);
		path_put(&path);
	}
	return file;
}

/* Opens what is marked as @task reaches it. NULL: it does not. */
struct file *ckpt_group_mark_open(const struct ckpt_group_marks *marks, u32 which,
				  struct task_struct *task, struct file *group)
{
	const struct fanotify_mark_state *state;
	struct path path;
	int reached;

	if (which >= marks->count)
		return NULL;
	state = &marks->states[which];
	if (state->inode)
		return open_inode(state->inode, state->type == FAN_MARK_FILESYSTEM, task, group);
	if (!state->mnt)
		return NULL;
	path.mnt = state->mnt;
	path.dentry = state->mnt->mnt_root;
	reached = is_reached(task, &path);
	if (reached <= 0)
		return ERR_PTR(reached);
	return open_path(&path, group);
}

/* The handle by which programs know what @target is of. */
void ckpt_mark_name(struct file *target, struct ckpt_mark *out)
{
	int type, dwords = CKPT_HANDLE / 4;

	type = exportfs_encode_fid(file_inode(target), (struct fid *)out->handle, &dwords);
	if (type <= 0 || type >= FILEID_INVALID || dwords > CKPT_HANDLE / 4)
		return;
	out->handle_type = type;
	out->handle_length = dwords * 4;
}

/* -ESTALE: it goes by another handle than it did. */
struct fsnotify_mark *ckpt_mark_place(struct file *group, struct file *target,
				      const struct ckpt_mark *in)
{
	struct fanotify_mark_state state = {
		.type = in->what < ARRAY_SIZE(types) ? types[in->what] : FAN_MARK_MNTNS,
		.flags = in->flags,
		.mask = in->mask,
		.ignore_mask = in->ignored,
		.fsid = to_fsid(in->fsid),
		.is_weak = in->weak,
	};
	struct ckpt_mark *now;
	bool same = true;

	if (in->handle_length) {
		now = kzalloc_obj(*now, GFP_KERNEL);
		if (!now)
			return ERR_PTR(-ENOMEM);
		ckpt_mark_name(target, now);
		same = now->handle_type == in->handle_type &&
		       now->handle_length == in->handle_length &&
		       !memcmp(now->handle, in->handle, in->handle_length);
		kfree(now);
	}
	return same ? fanotify_place_mark(group, &target->f_path, &state) : ERR_PTR(-ESTALE);
}

void ckpt_mark_arm(struct fsnotify_mark *mark, u32 mask, u32 ignored)
{
	fanotify_arm_mark(mark, mask, ignored);
}

void ckpt_mark_put(struct fsnotify_mark *mark)
{
	fsnotify_put_mark(mark);
}

/* Events as they were queued at one moment. */
struct ckpt_group_queue {
	size_t size, next;
	struct fanotify_event_state *event;	/* the one that was told last */
	u8 bytes[] __aligned(sizeof(long));
};

struct ckpt_group_queue *ckpt_group_queue(struct file *file)
{
	struct ckpt_group_queue *queue;
	size_t size = 0;

	/* Others may cause more events meanwhile. */
	for (int i = 0; i < 100; i++) {
		queue = kvzalloc(sizeof(*queue) + size, GFP_KERNEL_ACCOUNT);
		if (!queue)
			return ERR_PTR(-ENOMEM);
		queue->size = fanotify_get_events(file, queue->bytes, size);
		if (queue->size <= size)
			return queue;
		size = queue->size + queue->size / 8;
		kvfree(queue);
	}
	return ERR_PTR(-ESTALE);
}

static struct fanotify_event_state *take(struct ckpt_group_queue *queue)
{
	struct fanotify_event_state *event = (void *)queue->bytes + queue->next;

	if (queue->next >= queue->size)
		return NULL;
	queue->next += event->size;
	return event;
}

bool ckpt_group_queue_next(struct ckpt_group_queue *queue, u64 pid_space,
			   struct ckpt_group_event *out)
{
	struct fanotify_event_state *event = take(queue);
	const struct pid *pid;

	queue->event = event;
	if (!event)
		return false;
	memset(out, 0, sizeof(*out));
	pid = event->pid;
	out->pid = pid;
	for (int i = 0; pid && i <= pid->level; i++) {
		if (pid->numbers[i].ns->ns.ns_id == pid_space) {
			out->number = pid->numbers[i].nr;
			out->below = i < pid->level;
		}
	}
	out->kind = event->kind;
	out->mask = event->mask;
	out->error = event->error;
	out->error_count = event->error_count;
	out->fsid = from_fsid(event->fsid);
	memcpy(out->handle_types, event->fh_type, sizeof(out->handle_types));
	memcpy(out->handle_lengths, event->fh_len, sizeof(out->handle_lengths));
	memcpy(out->name_lengths, event->name_len, sizeof(out->name_lengths));
	for (int i = 0; i < 3; i++)
		out->length += event->fh_len[i];
	out->length += event->name_len[0] + event->name_len[1];
	if (WARN_ON_ONCE(out->length > sizeof(out->bytes)))
		return false;
	memcpy(out->bytes, event->bytes, out->length);
	return true;
}

/* What that event was done to: only to be compared. */
const struct path *ckpt_group_queue_path(const struct ckpt_group_queue *queue)
{
	return queue->event ? &queue->event->path : NULL;
}

/* Opens that, as @task reaches it; it may have been removed. NULL: it does not. */
struct file *ckpt_group_queue_open(struct ckpt_group_queue *queue, struct task_struct *task,
				   struct file *group)
{
	struct path *path = queue->event ? &queue->event->path : NULL;

	if (!path || !path->dentry)
		return NULL;
	if (d_unlinked(path->dentry) || is_reached(task, path))
		return open_path(path, group);
	return open_inode(d_inode(path->dentry), false, task, group);
}

void ckpt_group_queue_put(struct ckpt_group_queue *queue)
{
	struct fanotify_event_state *event;

	queue->next = 0;
	while ((event = take(queue))) {
		put_pid(event->pid);
		if (event->kind == FANOTIFY_STATE_PATH)
			path_put(&event->path);
	}
	kvfree(queue);
}

/* Of one that is gone, or was never in there: nothing but its number. */
static struct pid *number_of(u32 number, struct task_struct *within, u32 above)
{
	struct pid_namespace *ns = ckpt_pid_space_hold(within, above);
	const struct pidfs_kept kept = {};
	struct pid *pid;

	if (!ns)
		return ERR_PTR(-ESRCH);
	pid = pidfs_alloc_reaped(ns, &kept);
	if (!IS_ERR(pid))
		pid->numbers[ns->level].nr = number;
	put_pid_ns(ns);
	return pid;
}

/*
 * Queues an event of what @target is open for. @by: who has done it, or NULL,
 * if only his number is known, in the namespace so far @above that of @within.
 */
int ckpt_group_event_add(struct file *group, const struct ckpt_group_event *in, struct file *target,
			 struct task_struct *by, struct task_struct *within, u32 above)
{
	struct fanotify_event_state *state;
	struct pid *pid = NULL;
	int ret = 0;

	if (in->length > sizeof(in->bytes))
		return -EINVAL;
	if (by)
		pid = get_task_pid(by, PIDTYPE_PID);
	else if (in->kind != FANOTIFY_STATE_OVERFLOW)
		pid = number_of(in->number, within, above);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	state = kzalloc(fanotify_state_size(in->length), GFP_KERNEL);
	if (!state) {
		put_pid(pid);
		return -ENOMEM;
	}
	state->pid = pid;
	if (target)
		state->path = target->f_path;
	state->kind = in->kind;
	state->mask = in->mask;
	state->error = in->error;
	state->error_count = in->error_count;
	state->fsid = to_fsid(in->fsid);
	memcpy(state->fh_type, in->handle_types, sizeof(state->fh_type));
	memcpy(state->fh_len, in->handle_lengths, sizeof(state->fh_len));
	memcpy(state->name_len, in->name_lengths, sizeof(state->name_len));
	memcpy(state->bytes, in->bytes, in->length);
	if (in->kind == FANOTIFY_STATE_ERROR)
		ret = fanotify_prepare_errors(group);
	if (!ret)
		ret = target || in->kind != FANOTIFY_STATE_PATH ?
		      fanotify_queue_event(group, state) : -EINVAL;
	kfree(state);
	put_pid(pid);
	return ret;
}
