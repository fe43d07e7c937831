// SPDX-License-Identifier: GPL-2.0
/* Cgroups: what is inline in <linux/cgroup.h>. */
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
