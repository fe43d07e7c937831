// SPDX-License-Identifier: GPL-2.0
/* Credentials, in numbers of the task's user namespace. */
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/key.h>
#include <linux/sched/user.h>
#include <linux/securebits.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include <uapi/linux/lsm.h>

#include "../../audit.h"
#ifdef CONFIG_SECURITY_LANDLOCK
#include "../../../security/landlock/cred.h"
#endif
#ifdef CONFIG_SECURITY_TOMOYO
#include "../../../security/tomoyo/common.h"
#endif

#include "glue.h"

const struct cred *ckpt_cred_of(struct task_struct *task)
{
	return get_task_cred(task);
}

void ckpt_cred_put(const struct cred *cred)
{
	put_cred(cred);
}

/* Is it of current's user namespace? */
bool ckpt_cred_is_here(const struct cred *cred)
{
	return cred->user_ns == current_user_ns();
}

/* -EOVERFLOW if an id has no number. */
int ckpt_creds_get(const struct cred *cred, struct ckpt_creds *out)
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
#ifdef CONFIG_KEYS
	out->requested_keys = cred->jit_keyring;
#endif

	if (out->uid == -1 || out->euid == -1 || out->suid == -1 || out->fsuid == -1 ||
	    out->gid == -1 || out->egid == -1 || out->sgid == -1 || out->fsgid == -1)
		return -EOVERFLOW;
	return 0;
}

/* -EOVERFLOW if its user has no number. */
int ckpt_login_get(struct task_struct *task, const struct cred *cred, u32 *uid, u32 *session)
{
	kuid_t login = audit_get_loginuid(task);

	*uid = from_kuid(cred->user_ns, login);
	*session = audit_get_sessionid(task);
	return uid_valid(login) && *uid == -1 ? -EOVERFLOW : 0;
}

int ckpt_creds_group(const struct cred *cred, u32 index, u32 *group)
{
	*group = from_kgid(cred->user_ns, cred->group_info->gid[index]);
	return *group == -1 ? -EOVERFLOW : 0;
}

/* New credentials for current; the caller has checked the rights. */
struct cred *ckpt_creds_prepare(const struct ckpt_creds *in, const u32 *groups,
				struct key *const *keyrings)
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
	ckpt_keyrings_replace(cred, in->requested_keys, keyrings);

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

/* Is every bit one that PR_SET_SECUREBITS knows? */
bool ckpt_securebits_known(u32 bits)
{
	return !(bits & ~(SECURE_ALL_BITS | SECURE_ALL_LOCKS));
}

bool ckpt_may_raise_ambient(void)
{
	return !issecure(SECURE_NO_CAP_AMBIENT_RAISE);
}

/* The bits for which PR_SET_SECUREBITS or PR_SET_KEEPCAPS ask no capability. */
u32 ckpt_securebits_free(void)
{
	return SECURE_ALL_UNPRIVILEGED | SECURE_ALL_UNPRIVILEGED << 1 |
	       issecure_mask(SECURE_KEEP_CAPS);
}

int ckpt_login_set(u32 uid, u32 session)
{
#ifdef CONFIG_AUDIT
	kuid_t login = INVALID_UID;

	if (uid != (uid_t)-1) {
		login = make_kuid(current_user_ns(), uid);
		if (!uid_valid(login))
			return -EINVAL;
	}
	return audit_restore_login(login, session);
#else
	return uid == (uid_t)-1 ? 0 : -EOPNOTSUPP;
#endif
}

/*
 * What security modules call those whom they do not confine. SELinux confines by
 * the type and by the levels and categories: here it is all of them, or a policy
 * has none.
 */
static const struct {
	int module;
	const char *label;
} free_labels[] = {
	{ LSM_ID_APPARMOR, "unconfined" },
	{ LSM_ID_SELINUX, "unconfined_u:unconfined_r:unconfined_t" },
	{ LSM_ID_SELINUX, "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023" },
	{ LSM_ID_SMACK, "_" },
};

/* Is it exactly one of those? AppArmor ends some of its own with a new line. */
static bool is_free(int module, const char *label)
{
	for (int i = 0; i < ARRAY_SIZE(free_labels); i++) {
		if (free_labels[i].module == module && sysfs_streq(label, free_labels[i].label))
			return true;
	}
	return false;
}

/*
 * Does the label of a peer (SO_PEERSEC) mean something? It comes from the module
 * that has one for the caller too: of those that give labels only one is active.
 */
bool ckpt_peer_labelled(const char *label)
{
	for (int i = 0; i < ARRAY_SIZE(free_labels); i++) {
		char *own = NULL;
		int size = security_getprocattr(current, free_labels[i].module, "current", &own);

		kfree(own);
		if (size >= 0 && is_free(free_labels[i].module, label))
			return false;
	}
	return true;
}

/*
 * TOMOYO has no labels but domains, which it shows to its administrators only.
 * Until a policy is loaded, every task is in the one that the kernel began in.
 */
static bool has_domain(struct task_struct *task)
{
#ifdef CONFIG_SECURITY_TOMOYO
	return tomoyo_enabled && tomoyo_task(task)->domain_info != &tomoyo_kernel_domain;
#else
	return false;
#endif
}

/* Does a security module know the task by a label that means something? */
bool ckpt_task_labelled(struct task_struct *task)
{
	static const struct {
		int module;
		const char *attribute;
		bool has_free;		/* some of its values mean nothing */
	} labels[] = {
		{ LSM_ID_APPARMOR, "current", true },
		{ LSM_ID_APPARMOR, "exec" },
		{ LSM_ID_SELINUX, "current", true },
		{ LSM_ID_SELINUX, "exec" },
		{ LSM_ID_SELINUX, "fscreate" },
		{ LSM_ID_SELINUX, "keycreate" },
		{ LSM_ID_SELINUX, "sockcreate" },
		{ LSM_ID_SMACK, "current", true },
	};

	if (has_domain(task))
		return true;
	for (int i = 0; i < ARRAY_SIZE(labels); i++) {
		char *label = NULL;
		int size = security_getprocattr(task, labels[i].module, labels[i].attribute,
						&label);
		bool means;

		if (size < 0)
			means = size != -EINVAL && size != -ENOENT && size != -EOPNOTSUPP;
		else
			means = size && !(labels[i].has_free && is_free(labels[i].module, label));
		kfree(label);
		if (means)
			return true;
	}
	return false;
}

bool ckpt_task_landlocked(struct task_struct *task)
{
	bool locked = false;

#ifdef CONFIG_SECURITY_LANDLOCK
	const struct cred *cred = get_task_cred(task);

	if (landlock_initialized) {
		locked = landlock_cred(cred)->domain;
#ifdef CONFIG_AUDIT
		locked = locked || landlock_cred(cred)->log_subdomains_off;
#endif
	}
	put_cred(cred);
#endif
	return locked;
}

/* Files may have the same; nobody changes them any more. */
void ckpt_creds_commit(struct cred *cred)
{
	get_cred(cred);
	commit_creds(cred);
}

struct user_namespace *ckpt_user_ns(void)
{
	return current_user_ns();
}
