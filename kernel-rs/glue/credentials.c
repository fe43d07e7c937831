// SPDX-License-Identifier: GPL-2.0
/* Credentials, in numbers of the task's user namespace. */
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/sched/user.h>
#include <linux/user_namespace.h>

#include "glue.h"

const struct cred *ckpt_cred_of(struct task_struct *task)
{
	return get_task_cred(task);
}

void ckpt_cred_put(const struct cred *cred)
{
	put_cred(cred);
}

/* -EOVERFLOW if an id has no number. */
int ckpt_creds_get(struct task_struct *task, const struct cred *cred, struct ckpt_creds *out)
{
	struct user_namespace *ns = cred->user_ns;

	out->uid = from_kuid(ns, cred->uid);
	out->euid = from_kuid(ns, cred->euid);
	out->suid = from_kuid(ns, cred->suid);
	out->fsuid = from_kuid(ns, cred->fsuid);
	out->gid = from_kgid(ns, cred->gid);
	out->egid = from_kgid(ns, cred->egid);
	out->sgid = from_kgid(ns, cred->sgid);
	out->fsgid = from_kgid(ns, cred->fsgid);
	out->securebits = cred->securebits;
	out->inheritable = cred->cap_inheritable.val;
	out->permitted = cred->cap_permitted.val;
	out->effective = cred->cap_effective.val;
	out->bounding = cred->cap_bset.val;
	out->ambient = cred->cap_ambient.val;
	out->groups = cred->group_info->ngroups;
	out->login_uid = from_kuid(ns, audit_get_loginuid(task));
	out->audit_session = audit_get_sessionid(task);

	if (out->uid == -1 || out->euid == -1 || out->suid == -1 || out->fsuid == -1 ||
	    out->gid == -1 || out->egid == -1 || out->sgid == -1 || out->fsgid == -1)
		return -EOVERFLOW;
	return 0;
}

int ckpt_creds_group(const struct cred *cred, u32 index, u32 *group)
{
	*group = from_kgid(cred->user_ns, cred->group_info->gid[index]);
	return *group == -1 ? -EOVERFLOW : 0;
}

/* New credentials for current; the caller has checked the rights. */
struct cred *ckpt_creds_prepare(const struct ckpt_creds *in, const u32 *groups)
{
	struct user_namespace *ns = current_user_ns();
	struct group_info *info;
	struct user_struct *user;
	struct cred *cred;
	int ret = -EINVAL;

	info = groups_alloc(in->groups);
	if (!info)
		return ERR_PTR(-ENOMEM);
	for (u32 i = 0; i < in->groups; i++) {
		info->gid[i] = make_kgid(ns, groups[i]);
		if (!gid_valid(info->gid[i]))
			goto out_groups;
	}
	groups_sort(info);

	ret = -ENOMEM;
	cred = prepare_creds();
	if (!cred)
		goto out_groups;

	cred->uid = make_kuid(ns, in->uid);
	cred->euid = make_kuid(ns, in->euid);
	cred->suid = make_kuid(ns, in->suid);
	cred->fsuid = make_kuid(ns, in->fsuid);
	cred->gid = make_kgid(ns, in->gid);
	cred->egid = make_kgid(ns, in->egid);
	cred->sgid = make_kgid(ns, in->sgid);
	cred->fsgid = make_kgid(ns, in->fsgid);
	ret = -EINVAL;
	if (!uid_valid(cred->uid) || !uid_valid(cred->euid) || !uid_valid(cred->suid) ||
	    !uid_valid(cred->fsuid) || !gid_valid(cred->gid) || !gid_valid(cred->egid) ||
	    !gid_valid(cred->sgid) || !gid_valid(cred->fsgid))
		goto out_cred;
	cred->securebits = in->securebits;
	cred->cap_inheritable.val = in->inheritable;
	cred->cap_permitted.val = in->permitted;
	cred->cap_effective.val = in->effective;
	cred->cap_bset.val = in->bounding;
	cred->cap_ambient.val = in->ambient;
	set_groups(cred, info);

	ret = -EAGAIN;
	user = alloc_uid(cred->uid);
	if (!user)
		goto out_cred;
	free_uid(cred->user);
	cred->user = user;
	ret = set_cred_ucounts(cred);
	if (ret)
		goto out_cred;
	put_group_info(info);
	return cred;

out_cred:
	abort_creds(cred);
out_groups:
	put_group_info(info);
	return ERR_PTR(ret);
}

bool ckpt_creds_same_loginuid(const struct ckpt_creds *in)
{
	return in->login_uid == from_kuid(current_user_ns(), audit_get_loginuid(current));
}

void ckpt_creds_commit(struct cred *cred)
{
	commit_creds(cred);
}

void ckpt_creds_abort(struct cred *cred)
{
	abort_creds(cred);
}

struct user_namespace *ckpt_user_ns(void)
{
	return current_user_ns();
}
