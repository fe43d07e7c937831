// SPDX-License-Identifier: GPL-2.0
/* Cgroups: what is inline in <linux/cgroup.h>, and who may do what to one. */
#include <linux/cgroup.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>

#include "glue.h"

/* The cgroup of the default hierarchy whose directory this is, however it was opened. */
struct cgroup *ckpt_cgroup_of(struct file *directory)
{
	struct cgroup_subsys_state *css;

	css = css_tryget_online_from_dir(directory->f_path.dentry, NULL);
	if (IS_ERR(css))
		return ERR_CAST(css);
	if (cgroup_on_dfl(css->cgroup))
		return css->cgroup;
	cgroup_put(css->cgroup);
	return ERR_PTR(-EBADF);
}

bool ckpt_cgroup_is_topmost(struct cgroup *cgrp)
{
	return !cgroup_parent(cgrp);
}

void ckpt_cgroup_put(struct cgroup *cgrp)
{
	cgroup_put(cgrp);
}

bool ckpt_cgroup_frozen(struct cgroup *cgrp)
{
	return test_bit(CGRP_FROZEN, &cgrp->flags);
}

u64 ckpt_cgroup_frozen_since(struct cgroup *cgrp)
{
	return READ_ONCE(cgrp->freezer.freeze_start_nsec);
}

bool ckpt_cgroup_populated(struct cgroup *cgrp)
{
	return cgroup_is_populated(cgrp);
}

/* Fills in where below @cgrp a cgroup with tasks of its own is, cut to @size; not if there is none. */
void ckpt_cgroup_populated_below(struct cgroup *cgrp, char *path, size_t size)
{
	struct cgroup_subsys_state *css;

	rcu_read_lock();
	css_for_each_descendant_pre(css, &cgrp->self) {
		if (css->cgroup == cgrp || !cgroup_has_tasks(css->cgroup))
			continue;
		kernfs_path_from_node(css->cgroup->kn, cgrp->kn, path, size);
		break;
	}
	rcu_read_unlock();
}

bool ckpt_task_in_cgroup(struct task_struct *task, struct cgroup *cgrp)
{
	bool inside;

	rcu_read_lock();
	inside = task_dfl_cgroup(task) == cgrp;
	rcu_read_unlock();
	return inside;
}

/*
 * Could current open the file of this name in the directory of a cgroup for
 * writing? Asked of the very file: whoever opened the directory may have
 * mounted another one over its name.
 */
int ckpt_cgroup_may_write(struct file *directory, const char *name)
{
	struct mnt_idmap *idmap = file_mnt_idmap(directory);
	struct dentry *file;
	int ret;

	file = lookup_one_positive_unlocked(idmap, &QSTR(name), directory->f_path.dentry);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = inode_permission(idmap, d_inode(file), MAY_WRITE | MAY_OPEN);
	if (!ret && __mnt_is_readonly(directory->f_path.mnt))
		ret = -EROFS;
	dput(file);
	return ret;
}
