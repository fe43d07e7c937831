// SPDX-License-Identifier: GPL-2.0
/* The file behind a restart session, and waiting that only death or a signal ends. */
#include <linux/anon_inodes.h>
#include <linux/file.h>

#include "glue.h"

static int session_flush(struct file *file, fl_owner_t id)
{
	ckpt_session_flush(file->private_data);
	return 0;
}

static int session_release(struct inode *inode, struct file *file)
{
	ckpt_session_release(file->private_data);
	return 0;
}

static const struct file_operations session_fops = {
	.owner = THIS_MODULE,
	.flush = session_flush,
	.release = session_release,
};

int ckpt_session_fd(void *session)
{
	return anon_inode_getfd("[restart]", &session_fops, session, O_CLOEXEC);
}

void *ckpt_session_of(struct file *file)
{
	return file->f_op == &session_fops ? file->private_data : NULL;
}

void ckpt_completion_init(struct completion *done)
{
	init_completion(done);
}

/* Returns 0, -ERESTARTSYS if a signal came, or -ETIMEDOUT; timeout 0: none. */
int ckpt_wait(struct completion *done, bool interruptible, u64 timeout_ms)
{
	unsigned long jiffies = timeout_ms ? msecs_to_jiffies(timeout_ms) : MAX_SCHEDULE_TIMEOUT;
	long left;

	if (interruptible)
		left = wait_for_completion_interruptible_timeout(done, jiffies);
	else
		left = wait_for_completion_killable_timeout(done, jiffies);
	if (left < 0)
		return left;
	return left ? 0 : -ETIMEDOUT;
}

bool ckpt_task_gone(struct task_struct *task)
{
	return READ_ONCE(task->exit_state) || fatal_signal_pending(task) ||
	       (task->flags & PF_EXITING);
}
