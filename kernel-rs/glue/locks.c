// SPDX-License-Identifier: GPL-2.0
/* Locks and leases. */
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/filelock.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/lease_restore.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/security.h>

#include "glue.h"
#include "locks.h"
#include "outsiders.h"

static void get_core(const struct file_lock_core *core, struct ckpt_lock *out)
{
	memset(out, 0, sizeof(*out));
	out->write = core->flc_type == F_WRLCK;
	out->file = core->flc_file;
	out->owner = core->flc_owner;
	rcu_read_lock();
	if (core->flc_pid > 0)
		out->pid = find_pid_ns(core->flc_pid, &init_pid_ns);
	rcu_read_unlock();
}

static void get_range(const struct file_lock *lock, struct ckpt_lock *out)
{
	const struct file *file = lock->c.flc_file;

	out->form = lock->c.flc_flags & FL_OFDLCK ? CKPT_LOCK_OPEN_FILE : CKPT_LOCK_RECORD;
	out->start = lock->fl_start;
	out->end = lock->fl_end;
	/* Those of other lock managers have files that nobody else has. */
	if (lock->fl_lmops)
		out->form = CKPT_LOCK_OTHER;
	out->remote = file && file->f_op->lock;
}

/* What is left until then, and one. */
static u64 left(unsigned long then)
{
	if (!then)
		return 0;
	return time_after(then, jiffies) ? jiffies_to_nsecs(then - jiffies) + 1 : 1;
}

/* @is_asked: the holder has to give it up; zero: whoever asks for it waits for ever. */
static unsigned long then(u64 left, bool is_asked)
{
	/* Never so late that it would seem to be over. */
	u64 most = (u64)S32_MAX * NSEC_PER_MSEC;
	int seconds = lease_break_seconds();
	unsigned long delay;

	/* No longer than whoever is asked now has. */
	if (seconds > 0) {
		most = min(most, seconds * (u64)NSEC_PER_SEC);
		if (is_asked && !left)
			left = most + 1;
	}
	if (!left)
		return 0;
	delay = nsecs_to_jiffies64(min(left - 1, most));
	return (jiffies + delay) ?: 1;
}

static void get_lease(const struct file_lease *lease, struct ckpt_lock *out)
{
	const struct file *file = lease->c.flc_file;

	/* Who was told of it is told by the open file; a lease of the kernel's own has no such list. */
	if ((lease->c.flc_flags & FL_LEASE) && lease->fl_fasync) {
		out->form = CKPT_LOCK_LEASE;
		out->fd = lease->fl_fasync->fa_fd;
	}
	out->breaks = lease->c.flc_flags & FL_UNLOCK_PENDING;
	out->shares = lease->c.flc_flags & FL_DOWNGRADE_PENDING;
	out->break_ns = left(lease->fl_break_time);
	out->share_ns = left(lease->fl_downgrade_time);
	out->remote = file && file->f_op->setlease != generic_setlease;
}

/*
 * Everything that is held on the inode of @file, in the order of the kernel.
 * Returns how many there are, of which so many as have @room were written.
 */
u32 ckpt_locks_get(struct file *file, struct ckpt_lock *locks, u32 room)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));
	struct ckpt_lock none, *out;
	struct file_lease *lease;
	struct file_lock *lock;
	u32 count = 0;

	if (!context)
		return 0;
	spin_lock(&context->flc_lock);
	list_for_each_entry(lock, &context->flc_flock, c.flc_list) {
		out = count < room ? &locks[count] : &none;
		get_core(&lock->c, out);
		out->form = CKPT_LOCK_WHOLE;
		out->remote = lock->c.flc_file->f_op->flock;
		count++;
	}
	list_for_each_entry(lock, &context->flc_posix, c.flc_list) {
		out = count < room ? &locks[count] : &none;
		get_core(&lock->c, out);
		get_range(lock, out);
		count++;
	}
	list_for_each_entry(lease, &context->flc_lease, c.flc_list) {
		out = count < room ? &locks[count] : &none;
		get_core(&lease->c, out);
		get_lease(lease, out);
		count++;
	}
	spin_unlock(&context->flc_lock);
	return count;
}

/* Does the server of its file system say that somebody holds a record lock on it? */
bool ckpt_locked_elsewhere(struct file *file)
{
	struct file_lock *lock;
	bool locked;

	if (!(file->f_mode & (FMODE_READ | FMODE_WRITE)) || !file->f_op->lock)
		return false;
	lock = locks_alloc_lock();
	if (!lock)
		return true;
	lock->c.flc_file = file;
	lock->c.flc_owner = current;
	lock->c.flc_pid = current->tgid;
	lock->c.flc_flags = FL_POSIX;
	lock->c.flc_type = F_WRLCK;
	lock->fl_end = OFFSET_MAX;
	locked = !vfs_test_lock(file, lock) && lock->c.flc_type != F_UNLCK;
	locks_free_lock(lock);
	return locked;
}

static pid_t number_of(struct task_struct *taker)
{
	return taker ? task_tgid_nr(taker) : 0;
}

/*
 * Takes a lock for the descriptor table of @owner, which has @file open, or for @file itself, as
 * flock() or fcntl() would, without waiting. @taker: who has taken it, or NULL.
 */
int ckpt_lock_set(struct file *file, struct task_struct *owner, struct task_struct *taker,
		  const struct ckpt_lock *in)
{
	fmode_t needs = in->write ? FMODE_WRITE : FMODE_READ;
	struct files_struct *files = NULL;
	struct file_lock *lock;
	int ret;

	if (in->form == CKPT_LOCK_WHOLE)
		needs = FMODE_READ | FMODE_WRITE;
	if (!(file->f_mode & needs))
		return -EBADF;
	if (in->form == CKPT_LOCK_WHOLE ? !!file->f_op->flock : !!file->f_op->lock)
		return -EOPNOTSUPP;
	ret = security_file_lock(file, in->write ? F_WRLCK : F_RDLCK);
	if (ret)
		return ret;
	lock = locks_alloc_lock();
	if (!lock)
		return -ENOMEM;
	lock->c.flc_file = file;
	lock->c.flc_owner = file;
	lock->c.flc_pid = number_of(taker);
	lock->c.flc_type = in->write ? F_WRLCK : F_RDLCK;
	lock->fl_end = OFFSET_MAX;
	lock->c.flc_flags = FL_FLOCK;
	if (in->form != CKPT_LOCK_WHOLE) {
		lock->c.flc_flags = FL_POSIX;
		lock->fl_start = in->start;
		lock->fl_end = in->end;
	}
	if (in->form == CKPT_LOCK_OPEN_FILE)
		lock->c.flc_flags |= FL_OFDLCK;
	if (in->form == CKPT_LOCK_RECORD) {
		/* Nobody else's table gets its address, and with it the lock. */
		files = ckpt_table_hold(owner);
		lock->c.flc_owner = files;
	}
	ret = lock->c.flc_owner ? locks_lock_inode_wait(file_inode(file), lock) : -ESRCH;
	locks_free_lock(lock);
	/* Whoever was killed meanwhile has closed @file too early to unlock it. */
	if (!ret && files && READ_ONCE(owner->files) != files) {
		locks_remove_posix(file, files);
		ret = -ESRCH;
	}
	if (files)
		put_files_struct(files);
	return ret;
}

/* Takes a lease, as fcntl(@in->fd, F_SETLEASE) would. */
int ckpt_lease_take(struct file *file, const struct ckpt_lock *in)
{
	if (file->f_op->setlease != generic_setlease)
		return -EOPNOTSUPP;
	return fcntl_setlease(in->fd, file, in->write ? F_WRLCK : F_RDLCK);
}

/*
 * What else a lease has: @taker, and that it is to be given up. When all leases
 * of the inode are in place: nobody gets one where one is to be given up.
 */
int ckpt_lease_set(struct file *file, struct task_struct *taker, const struct ckpt_lock *in)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));
	struct file_lease *lease;
	int ret = -ENOLCK;

	if (!context)
		return ret;
	spin_lock(&context->flc_lock);
	list_for_each_entry(lease, &context->flc_lease, c.flc_list) {
		if (lease->c.flc_file != file || !(lease->c.flc_flags & FL_LEASE))
			continue;
		lease->c.flc_pid = number_of(taker);
		lease->c.flc_flags |= (in->breaks ? FL_UNLOCK_PENDING : 0) |
				      (in->shares ? FL_DOWNGRADE_PENDING : 0);
		lease->fl_break_time = then(in->break_ns, in->breaks);
		lease->fl_downgrade_time = then(in->share_ns, in->shares);
		ret = 0;
	}
	spin_unlock(&context->flc_lock);
	return ret;
}
