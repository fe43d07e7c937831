// SPDX-License-Identifier: GPL-2.0
/* Descriptor tables. */
#include <linux/bsearch.h>
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/hash.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "glue.h"

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

struct suspects {
	struct ckpt_suspect *list;
	u32 count;
	struct task_struct *task;
};

static int compare_suspects(const void *key, const void *element)
{
	const struct ckpt_suspect *suspect = element;

	return key < suspect->object ? -1 : key > suspect->object;
}

static void note_object(const struct suspects *suspects, const void *object, bool used)
{
	struct ckpt_suspect *found = bsearch(object, suspects->list, suspects->count,
					     sizeof(*suspects->list), compare_suspects);

	if (!found || found->outsider || (!used && !found->unused_too))
		return;
	found->outsider = task_pid_vnr(suspects->task) ?: task_pid_nr(suspects->task);
	strscpy_pad(found->comm, suspects->task->comm);
}

static int note_suspect(const void *data, struct file *file, unsigned int fd)
{
	note_object(data, file, true);
	/* Who has only found the inode (O_PATH) does not use it. */
	note_object(data, file_inode(file), !(file->f_mode & FMODE_PATH));
	return 0;
}

/* Which tasks outside @cgrp have these open too; @suspects ascend by address. */
void ckpt_files_outside(struct cgroup *cgrp, struct ckpt_suspect *suspects, u32 count)
{
	struct suspects all = { .list = suspects, .count = count };
	/*
	 * Whose tables were gone through: threads, and others, share one. Who is in
	 * the list stays there; another table may come to be where his was.
	 */
	struct task_struct *seen[128] = {}, **slot;
	struct task_struct *p, *t;

	read_lock(&tasklist_lock);
	for_each_process_thread(p, t) {
		if (task_dfl_cgroup(t) == cgrp || (t->flags & PF_KTHREAD))
			continue;
		task_lock(t);
		slot = &seen[hash_ptr(t->files, ilog2(ARRAY_SIZE(seen)))];
		if (t->files && !(*slot && READ_ONCE((*slot)->files) == t->files)) {
			*slot = t;
			all.task = t;
			iterate_fd(t->files, 0, note_suspect, &all);
		}
		task_unlock(t);
	}
	read_unlock(&tasklist_lock);
}
