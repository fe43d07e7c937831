// SPDX-License-Identifier: GPL-2.0
/* Open files. */
#include <linux/backing-dev.h>
#include <linux/ctype.h>
#include <linux/dcache.h>
#include <linux/dnotify.h>
#include <linux/errseq.h>
#include <linux/fadvise.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/filelock.h>
#include <linux/fsnotify_backend.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/net.h>
#include <linux/pagemap.h>
#include <linux/pid.h>
#include <linux/pipe_fs_i.h>
#include <linux/stat.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <net/sock.h>

#include "../../../drivers/tty/tty.h"
#include "../../../fs/overlayfs/ovl_entry.h"

#ifdef CONFIG_SECURITY_LANDLOCK
#include "../../../security/landlock/cred.h"
#include "../../../security/landlock/fs.h"
#endif

#include "glue.h"

/* How /proc/PID/fd would call a file that has no path. */
void ckpt_file_label(struct file *file, char *buffer, u32 size)
{
	const struct dentry *dentry = file->f_path.dentry;
	char *path;

	if (dentry->d_op && dentry->d_op->d_dname) {
		path = d_path(&file->f_path, buffer, size);
		if (!IS_ERR(path)) {
			memmove(buffer, path, strlen(path) + 1);
			return;
		}
	}
	snprintf(buffer, size, "%pd", dentry);
}

static bool has_lock(struct file *file, struct task_struct *task)
{
	struct file_lock_context *context = locks_inode_context(file_inode(file));
	struct file_lock_core *lock;
	bool found = false;

	if (!context)
		return false;
	spin_lock(&context->flc_lock);
	list_for_each_entry(lock, &context->flc_flock, flc_list)
		found |= lock->flc_file == file;
	list_for_each_entry(lock, &context->flc_posix, flc_list)
		found |= lock->flc_file == file || lock->flc_owner == task->files;
	list_for_each_entry(lock, &context->flc_lease, flc_list)
		found |= lock->flc_file == file;
	spin_unlock(&context->flc_lock);
	return found;
}

/*
 * What overlayfs writes to: its own inodes have neither pages nor errors. NULL: on
 * another file system, or nothing of it was written to since it was mounted.
 */
static struct inode *inode_below(const struct inode *inode)
{
	struct dentry *upper;

	if (inode->i_sb->s_magic != OVERLAYFS_SUPER_MAGIC)
		return NULL;
	upper = ovl_upperdentry_dereference(container_of(inode, struct ovl_inode, vfs_inode));
	return upper ? d_inode(upper) : NULL;
}

static bool has_content(const struct file *file)
{
	umode_t mode = file_inode(file)->i_mode;

	return !(file->f_mode & FMODE_PATH) && (S_ISREG(mode) || S_ISDIR(mode));
}

/* Has writing failed, and nobody asked by way of @file yet? */
static bool has_write_error(struct file *file)
{
	return has_content(file) &&
	       (errseq_check(&file->f_mapping->wb_err, file->f_wb_err) ||
		errseq_check(&file_inode(file)->i_sb->s_wb_err, file->f_sb_err));
}

/* Likewise below it: who asked is known to an open file of overlayfs's own only. */
static bool has_error_below(struct file *file)
{
	struct inode *below = has_content(file) ? inode_below(file_inode(file)) : NULL;

	return below && errseq_check(&below->i_mapping->wb_err, 0);
}

/* Was it opened in a landlock domain, which holds for as long as it is open? */
static bool is_restricted(struct file *file)
{
#ifdef CONFIG_SECURITY_LANDLOCK
	return landlock_initialized &&
	       landlock_file(file)->allowed_access != LANDLOCK_MASK_ACCESS_FS;
#else
	return false;
#endif
}

/* Is it, or does it lie in, a directory whose name is a number in the root of a procfs? */
static bool is_of_process(const struct dentry *dentry)
{
	if (dentry->d_sb->s_magic != PROC_SUPER_MAGIC || IS_ROOT(dentry))
		return false;
	/* What lies in procfs is never moved; who holds a dentry holds its parents. */
	while (!IS_ROOT(dentry->d_parent))
		dentry = dentry->d_parent;
	return isdigit(dentry->d_name.name[0]);
}

/* What posix_fadvise() has left behind. */
static void get_advice(struct file *file, struct ckpt_file *out)
{
	struct backing_dev_info *bdi = inode_to_bdi(file->f_mapping->host);

	out->random = file->f_mode & FMODE_RANDOM;
	out->no_reuse = file->f_mode & FMODE_NOREUSE;
	out->sequential = bdi->ra_pages && file->f_ra.ra_pages == bdi->ra_pages * 2;
}

/*
 * The bits of f_mode that a reader of this file may wonder about. Given by the
 * flags, the type and the file system at every open: FMODE_READ, WRITE, LSEEK,
 * PREAD, PWRITE, EXEC, WRITE_RESTRICTED, CAN_ATOMIC_WRITE, HAS_METADATA, PATH,
 * ATOMIC_POS, WRITER, CAN_READ, CAN_WRITE, CAN_ODIRECT, OPENED, STREAM, NOWAIT,
 * NONOTIFY_PERM. Without an effect once the file is open by path:
 * NEED_UNMOUNT. Saved: CREATED, RANDOM, NOREUSE. The others make a file odd:
 * nfsd's, fanotify's, and those that file systems open for themselves.
 */
static bool is_odd(const struct file *file)
{
	const fmode_t odd = FMODE_32BITHASH | FMODE_64BITHASH | FMODE_NOCMTIME |
			    FMODE_BACKING | FMODE_NOACCOUNT;

	if (file->f_mode & odd)
		return true;
	return !(file->f_mode & FMODE_PATH) && FMODE_FSNOTIFY_NONE(file->f_mode);
}

/*
 * A terminal, as who sits before it has it; not the other end of a pseudo
 * terminal, and not /dev/tty, which is whatever terminal controls the caller.
 */
static bool is_terminal(struct file *file)
{
#ifdef CONFIG_TTY
	const struct tty_file_private *private = file->private_data;

	return S_ISCHR(file_inode(file)->i_mode) && !(file->f_mode & FMODE_PATH) &&
	       file->f_op->release == tty_release && private &&
	       private->tty->driver->subtype != PTY_TYPE_MASTER &&
	       file_inode(file)->i_rdev != MKDEV(TTYAUX_MAJOR, 0);
#else
	return false;
#endif
}

/* From here on entries of /proc are processes (fs/proc/internal.h). */
#define FIRST_PROCESS 256

/* File systems of other systems that are only passed on. */
#define WSLFS_MAGIC 0x53464846

/* What fs/overlayfs/readdir.c keeps of an open directory. */
struct ovl_dir_file {
	bool is_real;
	bool is_upper;
	struct ovl_dir_cache *cache;
	struct list_head *cursor;
	struct file *realfile;
	struct file *upperfile;
};

/* Does it keep its place between the entries in a cursor among them? */
static bool has_cursor(const struct file *file)
{
	return file->f_op->llseek == dcache_dir_lseek;
}

/* The cursor goes unless something follows; what comes later is put before it. */
static bool is_at_end(struct file *file)
{
	struct dentry *cursor = file->private_data, *next = cursor;
	bool found = false;

	spin_lock(&cursor->d_parent->d_lock);
	hlist_for_each_entry_continue(next, d_sib) {
		found = simple_positive(next);
		if (found)
			break;
	}
	spin_unlock(&cursor->d_parent->d_lock);
	return !found;
}

/* Is the offset in the listing that a server, or a process, has made for this open file? */
static bool is_of_listing(u64 magic)
{
	return magic == CIFS_SUPER_MAGIC || magic == SMB2_SUPER_MAGIC ||
	       magic == FUSE_SUPER_MAGIC || magic == WSLFS_MAGIC;
}

/* The offset behind all entries of a directory of tmpfs, in every one of them (fs/libfs.c). */
#define END_OF_ALL S32_MAX

/* Is the offset of a directory below overlayfs good for this open file, or this boot, only? */
static bool is_fleeting(const struct file *file)
{
	u64 magic = file_inode(file)->i_sb->s_magic;

	return has_cursor(file) || is_of_listing(magic) ||
	       (magic == TMPFS_MAGIC && file->f_pos != END_OF_ALL);
}

/*
 * The offset of most directories leads to an entry, whatever becomes of others.
 * Here it is how many have been read, and those may be gone.
 */
static void get_directory(struct file *file, struct ckpt_file *out)
{
	const struct ovl_dir_file *merged = file->private_data;

	if (has_cursor(file)) {
		/* Before the dots, between them, or before all others. */
		out->counted = file->f_pos > 2;
		out->at_end = out->counted && is_at_end(file);
	} else if (is_of_listing(out->fs_magic)) {
		out->counted = file->f_pos > 0;
	} else if (out->fs_magic == OVERLAYFS_SUPER_MAGIC) {
		out->counted = file->f_pos && (!merged->is_real || is_fleeting(merged->realfile));
	} else if (out->fs_magic == PROC_SUPER_MAGIC) {
		/* At the top processes follow, by their numbers. */
		out->counted = file->f_pos > 2 &&
			       (file->f_pos < FIRST_PROCESS || !IS_ROOT(file->f_path.dentry));
	}
}

/*
 * By what a directory is known while the kernel runs; zero: by nothing. One that is merged
 * from several file systems has another number whenever it is looked up anew, unless each
 * has bits of its own in the number and this one fits beside them: if not, the lowest is set.
 */
u64 ckpt_directory_number(const struct inode *inode)
{
	const struct ovl_fs *merged = inode->i_sb->s_fs_info;
	int bits;

	if (inode->i_sb->s_magic != OVERLAYFS_SUPER_MAGIC)
		return inode->i_ino;
	bits = merged->xino_mode;
	if (bits < 0 || (bits > 0 && inode->i_ino & 1UL << (64 - bits)))
		return 0;
	return inode->i_ino;
}

static u32 number_in(struct fasync_struct *const *list, struct file *file)
{
	struct fasync_struct *entry;
	u32 number = 0;

	rcu_read_lock();
	for (entry = rcu_dereference_raw(*list); entry && !number;
	     entry = READ_ONCE(entry->fa_next)) {
		read_lock_irq(&entry->fa_lock);
		if (entry->fa_file == file)
			number = entry->fa_fd + 1;
		read_unlock_irq(&entry->fa_lock);
	}
	rcu_read_unlock();
	return number;
}

/*
 * The descriptor that O_ASYNC was set by, and one. Zero: it is not set, or of a
 * driver that keeps it to itself.
 */
static u32 async_number(struct file *file, const struct ckpt_file *out)
{
	const struct pipe_inode_info *pipe = file->private_data;
	const struct fsnotify_group *group = file->private_data;
	const struct tty_file_private *terminal = file->private_data;

	if (!(file->f_flags & FASYNC))
		return 0;
	if (out->pipe)
		return number_in(&pipe->fasync_readers, file) ?:
		       number_in(&pipe->fasync_writers, file);
	switch (out->special) {
	case CKPT_SPECIAL_SOCKET:
		return number_in(&sock_from_file(file)->wq.fasync_list, file);
	case CKPT_SPECIAL_WATCHER:
		return number_in(&group->fsn_fa, file);
	case CKPT_SPECIAL_TERMINAL:
		return number_in(&terminal->tty->fasync, file);
	default:
		return 0;
	}
}

/* What tells a file that has no path from others: its file system, or a socket's protocol. */
static const char *family(struct file *file)
{
	struct socket *sock = sock_from_file(file);

	if (sock && sock->sk)
		return sock->sk->sk_prot->name;
	return file_inode(file)->i_sb->s_type->name;
}

/* @task: whose POSIX locks count; NULL for a file that is only mapped. */
int ckpt_file_get(struct file *file, struct task_struct *task, struct ckpt_file *out)
{
	struct inode *inode = file_inode(file);
	struct kstat stat;
	int ret;

	memset(out, 0, sizeof(*out));
	out->fs_magic = inode->i_sb->s_magic;
	strscpy(out->family, family(file), sizeof(out->family));
	out->mode = inode->i_mode;
	/* An inode without a name in any directory: pipes, sockets, anonymous inodes. */
	out->by_path = !(inode->i_sb->s_flags & SB_NOUSER) &&
		       !(file->f_path.dentry->d_op && file->f_path.dentry->d_op->d_dname);
	out->object = ckpt_object(file);
	out->pipe = ckpt_is_pipe(file);
	out->special = ckpt_special(file);
	/* Nor one on the mount of mq_open(), which no mount namespace has. */
	if (out->special == CKPT_SPECIAL_QUEUE && (file->f_path.mnt->mnt_flags & MNT_INTERNAL))
		out->by_path = false;
	out->flags = file->f_flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	out->terminal = is_terminal(file);
	out->locked = task && has_lock(file, task);
	out->notifies = dnotify_is_watching(file);
	out->has_owner = file_f_owner(file);
	out->restricted = is_restricted(file);
	if (!out->by_path && !out->object && !out->pipe && !out->special)
		return 0;
	out->links = inode->i_nlink;
	out->first = out->object && (file->f_mode & (FMODE_WRITE | FMODE_WRITER)) == FMODE_WRITE;
	/* Only pipe() leaves that behind. */
	if (out->pipe)
		out->first = file->f_mode & FMODE_NOWAIT;
	out->awaits_writer = out->pipe && ckpt_pipe_awaits_writer(file);
	out->position = file->f_pos;
	out->device = ckpt_device(inode);
	out->unlinked = d_unlinked(file->f_path.dentry) || !inode->i_nlink;
	out->of_process = is_of_process(file->f_path.dentry);
	out->odd = out->by_path && is_odd(file);
	out->created = file->f_mode & FMODE_CREATED;
	out->write_error = has_write_error(file);
	out->error_below = has_error_below(file);
	if (file->f_mode & FMODE_PATH)
		return 0;
	out->told = ckpt_file_is_told(file);
	get_advice(file, out);
	out->async_number = async_number(file, out);
	if (S_ISDIR(inode->i_mode)) {
		get_directory(file, out);
		out->inode = ckpt_directory_number(inode);
	}

	/* Other special files share an inode. */
	if (!out->special || out->special == CKPT_SPECIAL_PIDFD ||
	    out->special == CKPT_SPECIAL_SOCKET || out->special == CKPT_SPECIAL_QUEUE)
		out->write_hint = READ_ONCE(inode->i_write_hint);
	if (!S_ISREG(inode->i_mode) || out->special)
		return 0;
	out->generated = ckpt_is_generated(file);
	if (out->generated) {
		out->news = ckpt_generated_has_news(file);
		return 0;
	}
	ret = vfs_getattr(&file->f_path, &stat, STATX_SIZE | STATX_MTIME | STATX_INO,
			  AT_STATX_SYNC_AS_STAT);
	if (ret)
		return ret;
	out->size = stat.size;
	out->mtime_s = stat.mtime.tv_sec;
	out->mtime_ns = stat.mtime.tv_nsec;
	out->inode = stat.ino;
	return 0;
}

const struct path *ckpt_file_path(struct file *file)
{
	return &file->f_path;
}

const struct cred *ckpt_file_opener(struct file *file)
{
	return get_cred(file->f_cred);
}

/* In a file that nobody else has. What its file system has made of the old ones stays. */
void ckpt_file_set_opener(struct file *file, const struct cred *cred)
{
	const struct cred *old = file->f_cred;

	file->f_cred = get_cred(cred);
	put_cred(old);
}

int ckpt_file_seek(struct file *file, u64 position)
{
	loff_t ret;

	if (!position || (file->f_flags & O_PATH) || (loff_t)position < 0)
		return (loff_t)position < 0 ? -EINVAL : 0;
	ret = vfs_llseek(file, position, SEEK_SET);
	if (ret < 0)
		return ret;
	return ret == position ? 0 : -EINVAL;
}

/* Nothing is left to be read, wherever that offset is now. */
int ckpt_directory_end(struct file *file, u64 position)
{
	int ret;

	if (!has_cursor(file) || position <= 2 || position > LLONG_MAX)
		return -EINVAL;
	/* Behind all that can be there. */
	ret = ckpt_file_seek(file, LLONG_MAX);
	if (!ret)
		file->f_pos = position;
	return ret;
}

/*
 * Flags that fcntl() shows and that do nothing once a file is open: open(2)
 * would not take all of them again for what it has made once.
 */
void ckpt_file_show(struct file *file, u32 flags, bool created)
{
	u32 shown = O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW | __O_TMPFILE | O_EMPTYPATH;

	if (!file->f_op->fasync)
		shown |= FASYNC;
	spin_lock(&file->f_lock);
	file->f_flags = (file->f_flags & ~shown) | (flags & shown);
	if (created)
		file->f_mode |= FMODE_CREATED;
	spin_unlock(&file->f_lock);
}

/* As posix_fadvise() would, of the whole file. */
int ckpt_file_advise(struct file *file, bool sequential, bool random, bool no_reuse)
{
	int ret = 0;

	/* In this order: each takes back what came before it. */
	if (sequential)
		ret = vfs_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
	if (!ret && random)
		ret = vfs_fadvise(file, 0, 0, POSIX_FADV_RANDOM);
	if (!ret && no_reuse)
		ret = vfs_fadvise(file, 0, 0, POSIX_FADV_NOREUSE);
	return ret;
}

/* As fcntl(@fd, F_SETFL, O_ASYNC) would; nothing happens the second time. */
int ckpt_file_async(struct file *file, u32 fd)
{
	int ret;

	if ((file->f_flags & FASYNC) || !file->f_op->fasync)
		return 0;
	ret = file->f_op->fasync(fd, file, 1);
	return min(ret, 0);
}

/* As fcntl(F_SET_RW_HINT) would, unless it is so already. */
int ckpt_file_hint(struct file *file, u32 hint)
{
	struct inode *inode = file_inode(file);

	if (READ_ONCE(inode->i_write_hint) == hint)
		return 0;
	if (IS_IMMUTABLE(inode) || !inode_owner_or_capable(file_mnt_idmap(file), inode))
		return -EPERM;
	WRITE_ONCE(inode->i_write_hint, hint);
	if (file->f_mapping->host != inode)
		WRITE_ONCE(file->f_mapping->host->i_write_hint, hint);
	return 0;
}

/* As truncate() would; never longer. */
int ckpt_file_cut(struct file *file, u64 size)
{
	struct kstat stat;
	int ret = vfs_getattr(&file->f_path, &stat, STATX_SIZE, AT_STATX_SYNC_AS_STAT);

	if (ret)
		return ret;
	if (stat.size < 0 || stat.size < size)
		return -ESTALE;
	return stat.size == size ? 0 : vfs_truncate(&file->f_path, size);
}

/*
 * What overlayfs writes to, without its fsync(): that would take the error from an
 * open file that cannot be got at. All but the pages is left to ckpt_fs_sync().
 */
static int sync_below(struct inode *below)
{
	struct address_space *mapping = below->i_mapping;
	int ret = filemap_fdatawrite(mapping);
	int waited = filemap_fdatawait_keep_errors(mapping);

	return ret ?: waited ?: errseq_check(&mapping->wb_err, 0);
}

/* To the disk, if it is open for writing; an error is still there for its program to find. */
int ckpt_file_sync(struct file *file)
{
	errseq_t seen = READ_ONCE(file->f_wb_err);
	struct inode *below;
	int ret;

	if (!S_ISREG(file_inode(file)->i_mode) || !(file->f_mode & FMODE_WRITE) ||
	    !file->f_op->fsync)
		return 0;
	below = inode_below(file_inode(file));
	if (below)
		return sync_below(below);
	ret = vfs_fsync(file, 0);
	if (ret) {
		spin_lock(&file->f_lock);
		file->f_wb_err = seen;
		spin_unlock(&file->f_lock);
	}
	return ret;
}

/* Only to be compared, and to be synced while the file is held. */
struct super_block *ckpt_file_fs(struct file *file)
{
	return file_inode(file)->i_sb;
}

void ckpt_fs_name(struct super_block *sb, char *buffer, u32 size)
{
	strscpy(buffer, sb->s_id, size);
}

/* Where errors of writing to @sb are kept: of overlayfs, in the file system below. */
static errseq_t *errors_of(struct super_block *sb)
{
	const struct ovl_fs *merged = sb->s_fs_info;
	const struct vfsmount *upper = NULL;

	if (sb->s_magic == OVERLAYFS_SUPER_MAGIC)
		upper = merged->layers[0].mnt;
	return upper ? &upper->mnt_sb->s_wb_err : &sb->s_wb_err;
}

/* As syncfs() would; the caller holds something that lies on it. */
int ckpt_fs_sync(struct super_block *sb)
{
	errseq_t *errors = errors_of(sb);
	errseq_t since = errseq_sample(errors);
	int ret;

	down_read(&sb->s_umount);
	ret = sync_filesystem(sb);
	up_read(&sb->s_umount);
	return ret ?: errseq_check(errors, since);
}

/* PIDTYPE_* as F_OWNER_*. */
static const u32 owner_kinds[] = {
	[PIDTYPE_PID] = F_OWNER_TID,
	[PIDTYPE_TGID] = F_OWNER_PID,
	[PIDTYPE_PGID] = F_OWNER_PGRP,
};

void ckpt_owner_get(struct file *file, struct ckpt_owner *out)
{
	struct fown_struct *owner = file_f_owner(file);

	memset(out, 0, sizeof(*out));
	if (!owner)
		return;
	read_lock_irq(&owner->lock);
	rcu_read_lock();
	out->pid = owner->pid;
	if (pid_task(owner->pid, owner->pid_type))
		out->nr = pid_vnr(owner->pid) ?: -1;
	rcu_read_unlock();
	out->what = owner_kinds[owner->pid_type];
	out->signal = owner->signum;
	out->uid = from_kuid(current_user_ns(), owner->uid);
	out->euid = from_kuid(current_user_ns(), owner->euid);
	read_unlock_irq(&owner->lock);
}

/* Whoever has come to own it by what was done to it owns it no longer. */
void ckpt_owner_clear(struct file *file)
{
	if (file_f_owner(file))
		f_delown(file);
}

/* @task: the owner, or any that is in the group that is; or NULL. The caller has checked the rights. */
int ckpt_owner_set(struct file *file, struct task_struct *task, const struct ckpt_owner *in)
{
	kuid_t uid = make_kuid(current_user_ns(), in->uid);
	kuid_t euid = make_kuid(current_user_ns(), in->euid);
	struct fown_struct *owner;
	struct pid *pid = NULL;
	enum pid_type type;
	int ret;

	for (type = PIDTYPE_PID; type < PIDTYPE_PGID; type++)
		if (owner_kinds[type] == in->what)
			break;
	if (!uid_valid(uid) || !uid_valid(euid))
		return -EINVAL;
	ret = file_f_owner_allocate(file);
	if (ret)
		return ret;
	rcu_read_lock();
	if (task)
		pid = type == PIDTYPE_PGID ? task_pgrp(task) : task_pid(task);
	__f_setown(file, pid, type, 1);
	rcu_read_unlock();
	owner = file_f_owner(file);
	write_lock_irq(&owner->lock);
	owner->uid = uid;
	owner->euid = euid;
	owner->signum = in->signal;
	write_unlock_irq(&owner->lock);
	return 0;
}
