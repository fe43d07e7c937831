// SPDX-License-Identifier: GPL-2.0
/* POSIX message queues. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/ipc_namespace.h>
#include <linux/mqueue_restore.h>
#include <linux/namei.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>

#include "glue.h"
#include "queues.h"

void ckpt_times_get(struct inode *inode, struct ckpt_times *out)
{
	const struct timespec64 all[] = {
		inode_get_atime(inode), inode_get_mtime(inode), inode_get_ctime(inode),
	};

	for (int i = 0; i < ARRAY_SIZE(all); i++) {
		out->s[i] = all[i].tv_sec;
		out->ns[i] = all[i].tv_nsec;
	}
}

void ckpt_times_set(struct inode *inode, const struct ckpt_times *in)
{
	inode_set_atime(inode, in->s[0], in->ns[0]);
	inode_set_mtime(inode, in->s[1], in->ns[1]);
	inode_set_ctime(inode, in->s[2], in->ns[2]);
}

/* Can it send or receive? */
bool ckpt_queue_opens(struct file *file)
{
	return is_file_mqueue(file) && (file->f_mode & (FMODE_READ | FMODE_WRITE));
}

/* May current receive from it, whoever has opened it? */
bool ckpt_queue_is_readable(struct file *file)
{
	return !file_permission(file, MAY_READ);
}

/* Does who is to be told still run the program that asked for it? */
static bool runs_same_program(const struct mqueue_restore *queue)
{
	struct task_struct *task;
	bool same;

	rcu_read_lock();
	task = pid_task(queue->owner, PIDTYPE_TGID);
	same = task && task->self_exec_id == queue->exec_id;
	rcu_read_unlock();
	return same;
}

/* The owner comes with a reference. */
void ckpt_queue_get(struct file *file, struct ckpt_queue *out)
{
	struct user_namespace *user_ns = current_user_ns();
	struct inode *inode = file_inode(file);

	memset(out, 0, sizeof(*out));
	mqueue_restore_get(file, &out->inside);
	snprintf(out->name, sizeof(out->name), "%pd", file->f_path.dentry);
	out->removed = d_unlinked(file->f_path.dentry);
	out->same_program = out->inside.owner && runs_same_program(&out->inside);
	out->mode = inode->i_mode & S_IALLUGO;
	out->uid = from_kuid(user_ns, inode->i_uid);
	out->gid = from_kgid(user_ns, inode->i_gid);
	ckpt_times_get(inode, &out->times);
	out->size = i_size_read(inode);
	/* Those that can only read are counted apart from those that can write. */
	out->opens = atomic_read(&inode->i_readcount) + max(atomic_read(&inode->i_writecount), 0);
}

/* Whoever makes it, it counts as that user's. The caller has checked the rights. */
struct file *ckpt_queue_make(struct ipc_namespace *ns, const struct ckpt_queue *in)
{
	struct user_namespace *user_ns = current_user_ns();
	kuid_t user = make_kuid(user_ns, in->inside.user);
	struct ucounts *ucounts;
	struct file *file;
	struct cred *cred;

	if (!uid_valid(user))
		return ERR_PTR(-EINVAL);
	cred = prepare_creds();
	ucounts = alloc_ucounts(user_ns, user);
	if (!cred || !ucounts) {
		if (ucounts)
			put_ucounts(ucounts);
		if (cred)
			abort_creds(cred);
		return ERR_PTR(-ENOMEM);
	}
	put_ucounts(cred->ucounts);
	cred->ucounts = ucounts;
	scoped_with_creds(cred)
		file = mqueue_restore_make(ns, in->name, in->removed, &in->inside);
	put_cred(cred);
	return file;
}

/* As mq_open() would; or as open() would in the directory @through. */
struct file *ckpt_queue_open(struct file *queue, const char *through, u32 flags)
{
	struct path path = queue->f_path, directory = {};
	struct file *file;
	int ret = 0;

	if (through) {
		ret = kern_path(through, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &directory);
		if (ret)
			return ERR_PTR(ret);
		path.mnt = directory.mnt;
		if (directory.dentry != path.dentry->d_parent)
			ret = -ESTALE;
	}
	file = ret ? ERR_PTR(ret) : dentry_open(&path, flags, current_cred());
	if (through)
		path_put(&directory);
	return file;
}

/* What is left to give it, and whom it tells. The caller has checked the rights. */
int ckpt_queue_set(struct file *queue, const struct ckpt_queue *in, struct pid *owner)
{
	struct user_namespace *user_ns = current_user_ns();
	struct inode *inode = file_inode(queue);
	struct mqueue_restore inside = in->inside;
	kuid_t uid = make_kuid(user_ns, in->uid);
	kgid_t gid = make_kgid(user_ns, in->gid);
	struct task_struct *task;

	if (!uid_valid(uid) || !gid_valid(gid))
		return -EINVAL;
	inside.owner = owner;
	if (owner) {
		rcu_read_lock();
		task = pid_task(owner, PIDTYPE_TGID);
		inside.exec_id = (task ? task->self_exec_id : 0) + !in->same_program;
		rcu_read_unlock();
	}
	mqueue_restore_notify(queue, &inside);
	inode_lock(inode);
	inode->i_uid = uid;
	inode->i_gid = gid;
	inode->i_mode = (inode->i_mode & S_IFMT) | (in->mode & S_IALLUGO);
	i_size_write(inode, in->size);
	ckpt_times_set(inode, &in->times);
	inode_unlock(inode);
	return 0;
}
