// SPDX-License-Identifier: GPL-2.0
/* Cgroups: what is inline in <linux/cgroup.h>, and who may do what to one. */
#include <linux/file.h>
#include <linux/fs.h>

#include "glue.h"

void ckpt_cgroup_put(struct cgroup *cgrp)
{
	cgroup_put(cgrp);
}

bool ckpt_cgroup_frozen(struct cgroup *cgrp)
{
	return test_bit(CGRP_FROZEN, &cgrp->flags);
}

bool ckpt_cgroup_populated(struct cgroup *cgrp)
{
	return cgroup_is_populated(cgrp);
}

bool ckpt_task_in_cgroup(struct task_struct *task, struct cgroup *cgrp)
{
	bool inside;

	rcu_read_lock();
	inside = task_dfl_cgroup(task) == cgrp;
	rcu_read_unlock();
	return inside;
}

/* Could current open the file of this name, in the directory open as @fd, for writing? */
int ckpt_cgroup_may_write(int fd, const char *name)
{
	CLASS(fd, directory)(fd);
	struct file *file;

	if (fd_empty(directory))
		return -EBADF;
	file = file_open_root(&fd_file(directory)->f_path, name, O_WRONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}
