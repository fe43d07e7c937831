// SPDX-License-Identifier: GPL-2.0
/* Descriptor tables. */
#include <linux/bsearch.h>
#include <linux/capability.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/xarray.h>

#include "glue.h"
#include "outsiders.h"

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

/* How many places hold @file; more than are known of may be nobody's. */
u64 ckpt_file_references(struct file *file)
{
	return file_count(file);
}

/*
 * The descriptor table of a task, or NULL, with a reference: to be compared, and no other
 * comes to be where it is. Who lets go of it last closes what is in it.
 */
struct files_struct *ckpt_table_hold(struct task_struct *task)
{
	struct files_struct *files;

	task_lock(task);
	files = task->files;
	if (files)
		atomic_inc(&files->count);
	task_unlock(task);
	return files;
}

/* So many descriptors are looked at before others get their turn. */
#define STRIDE 1024

struct search {
	struct ckpt_inquiry inquiry;
	struct ckpt_suspect *list;
	u32 count;
	/* For each table that was gone through, who had it, with a reference. */
	struct xarray seen;
};

/* No two tables are so close to each other that they have the same place. */
static unsigned long place_of(const struct files_struct *files)
{
	return (unsigned long)files / sizeof(*files);
}

/*
 * Threads, and others, share a table, which is gone through once. No reference keeps it:
 * what is closed outside is closed at once. So another table may have come to be where
 * it was; not while somebody has it who had it then, or what became of it (unshare).
 */
static bool is_unseen(struct ckpt_inquiry *inquiry, struct task_struct *task)
{
	struct search *search = container_of(inquiry, struct search, inquiry);
	const struct task_struct *other;
	bool unseen = false;

	/* It lives until both were compared. */
	task_lock(task);
	if (task->files) {
		other = xa_load(&search->seen, place_of(task->files));
		unseen = !other || READ_ONCE(other->files) != task->files;
	}
	task_unlock(task);
	return unseen;
}

static int compare_suspects(const void *key, const void *element)
{
	const struct ckpt_suspect *suspect = element;

	return key < suspect->object ? -1 : key > suspect->object;
}

static void note_object(const struct search *search, struct task_struct *task, const void *object,
			bool used)
{
	struct ckpt_suspect *found = bsearch(object, search->list, search->count,
					     sizeof(*search->list), compare_suspects);

	if (!found || found->outsider || (!used && !found->unused_too))
		return;
	found->outsider = ckpt_outsider_number(task);
	ckpt_outsider_name(task, found->comm);
}

/*
 * Some descriptors of a task, from @first on. Says whether there may be more. A copy that
 * it has got of its table meanwhile (unshare) has the same ones; if it has ended, who
 * else has the table is still to come, or has been looked at.
 */
static bool look_at_some(const struct search *search, struct task_struct *task, u32 first)
{
	struct files_struct *files;
	struct file *file;
	bool more = false;

	task_lock(task);
	files = task->files;
	if (files) {
		spin_lock(&files->file_lock);
		for (u32 fd = first; fd < first + STRIDE; fd++) {
			file = files_lookup_fd_locked(files, fd);
			if (!file)
				continue;
			note_object(search, task, file, true);
			/* Who has only found the inode (O_PATH) does not use it. */
			note_object(search, task, file_inode(file), !(file->f_mode & FMODE_PATH));
		}
		more = files_fdtable(files)->max_fds > first + STRIDE;
		spin_unlock(&files->file_lock);
	}
	task_unlock(task);
	return more;
}

static int look_at_table(struct ckpt_inquiry *inquiry, struct task_struct *task)
{
	struct search *search = container_of(inquiry, struct search, inquiry);
	const struct files_struct *files;
	void *before;

	for (u32 first = 0; look_at_some(search, task, first); first += STRIDE) {
		if (ckpt_interrupted_now())
			return -EINTR;
		cond_resched();
	}
	files = READ_ONCE(task->files);
	if (!files)
		return 0;
	before = xa_store(&search->seen, place_of(files), get_task_struct(task), GFP_KERNEL);
	if (xa_is_err(before)) {
		put_task_struct(task);
		return xa_err(before);
	}
	if (before)
		put_task_struct(before);
	return 0;
}

/*
 * Which tasks outside @cgrp have these open too; @suspects ascend by address. What is at
 * one number for as long as this takes is found; what somebody moves to where was looked
 * already, in his table or to another one, need not be, as if he had sent it.
 */
int ckpt_files_outside(struct cgroup *cgrp, struct ckpt_suspect *suspects, u32 count)
{
	struct search search = {
		.inquiry = { .cgrp = cgrp, .concerns = is_unseen, .look = look_at_table },
		.list = suspects,
		.count = count,
	};
	struct task_struct *task;
	unsigned long place;
	int ret;

	xa_init(&search.seen);
	ret = ckpt_inquire(&search.inquiry);
	xa_for_each(&search.seen, place, task)
		put_task_struct(task);
	xa_destroy(&search.seen);
	return ret;
}
