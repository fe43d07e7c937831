// SPDX-License-Identifier: GPL-2.0
/* Inodes whose content an image carries: looked at, made again. */
#include <linux/backing-dev.h>
#include <linux/dax.h>
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/folio_batch.h>
#include <linux/hugetlb.h>
#include <linux/memfd.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pagemap.h>
#include <linux/pid_namespace.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/security.h>
#include <linux/sched/task.h>
#include <linux/shmem_fs.h>
#include <linux/stat.h>
#include <linux/user_namespace.h>
#include <uapi/linux/memfd.h>

#include "glue.h"

/* A file in huge pages, of hugetlbfs. */
bool ckpt_is_huge(const struct inode *inode)
{
	return S_ISREG(inode->i_mode) && (inode->i_fop->fop_flags & FOP_HUGE_PAGES);
}

/*
 * Memory without a name lies on the kernel's own tmpfs or hugetlbfs. What its
 * dentries are called tells what it is; no user chooses that, but for what
 * follows "memfd:".
 */
u32 ckpt_object(struct file *file)
{
	const struct dentry *dentry = file->f_path.dentry;
	const char *shared;

	if (shmem_mapping(file_inode(file)->i_mapping) && (dentry->d_sb->s_flags & SB_NOUSER))
		shared = "dev/zero";
	else if (ckpt_is_huge(file_inode(file)) && (file->f_path.mnt->mnt_flags & MNT_INTERNAL))
		shared = HUGETLB_ANON_FILE;
	else
		return CKPT_OBJECT_NONE;
	if (!strcmp(dentry->d_name.name, shared))
		return CKPT_OBJECT_SHARED_MEMORY;
	if (!strncmp(dentry->d_name.name, "memfd:", 6))
		return CKPT_OBJECT_MEMFD;
	if (!strncmp(dentry->d_name.name, "SYSV", 4))
		return CKPT_OBJECT_SEGMENT;
	return CKPT_OBJECT_NONE;
}

void *ckpt_file_inode(struct file *file)
{
	return file_inode(file);
}

static void shmem_get(struct inode *inode, struct ckpt_storage *out)
{
#ifdef CONFIG_SHMEM
	const struct shmem_inode_info *info = SHMEM_I(inode);

	out->seals = READ_ONCE(info->seals);
	out->no_reserve = info->flags & SHMEM_F_NORESERVE;
	/* SHM_LOCK, which a segment tells too. */
	out->is_odd |= info->flags & ~(SHMEM_F_NORESERVE | SHMEM_F_LOCKED);
#ifdef CONFIG_NUMA
	out->has_policy = S_ISREG(inode->i_mode) && !RB_EMPTY_ROOT(&info->policy.root);
#endif
#endif
}

static void huge_get(struct inode *inode, struct ckpt_storage *out)
{
#ifdef CONFIG_HUGETLBFS
	out->seals = READ_ONCE(HUGETLBFS_I(inode)->seals);
	out->page_shift = huge_page_shift(hstate_inode(inode));
#endif
}

/*
 * Whoever stores to a page of @file through a shared mapping faults from now on,
 * once, and so moves its time of modification: one that could be stored to
 * already, being dirty, tells nobody. Memory keeps no account of that.
 */
int ckpt_storage_catch_stores(struct file *file)
{
	struct address_space *mapping = file->f_mapping;
	struct folio_batch batch;
	pgoff_t index = 0;
	int ret = 0;

	if (!mapping_writably_mapped(mapping) || !mapping_can_writeback(mapping))
		return 0;
	/* There are no folios to ask. */
	if (dax_mapping(mapping))
		return -EOPNOTSUPP;
	folio_batch_init(&batch);
	while (!ret && filemap_get_folios_tag(mapping, &index, ULONG_MAX, PAGECACHE_TAG_DIRTY,
					      &batch)) {
		for (u32 i = 0; !ret && i < folio_batch_count(&batch); i++) {
			struct folio *folio = batch.folios[i];

			ret = ckpt_interrupted_now() ? -EINTR : folio_lock_killable(folio);
			if (ret)
				break;
			/* What the page tables knew of it has to be remembered. */
			if (folio->mapping == mapping && folio_mkclean(folio))
				folio_mark_dirty(folio);
			folio_unlock(folio);
		}
		folio_batch_release(&batch);
		cond_resched();
	}
	return ret;
}

int ckpt_storage_get(struct file *file, struct ckpt_storage *out)
{
	struct inode *inode = file_inode(file);
	struct kstat stat;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = vfs_getattr(&file->f_path, &stat, STATX_BASIC_STATS, AT_STATX_SYNC_AS_STAT);
	if (ret)
		return ret;
	out->size = stat.size;
	out->mode = stat.mode;
	out->uid = from_kuid(current_user_ns(), stat.uid);
	out->gid = from_kgid(current_user_ns(), stat.gid);
	out->atime_s = stat.atime.tv_sec;
	out->atime_ns = stat.atime.tv_nsec;
	out->mtime_s = stat.mtime.tv_sec;
	out->mtime_ns = stat.mtime.tv_nsec;
	out->linkable = inode_state_read_once(inode) & I_LINKABLE;
	ret = ckpt_inode_flags_get(file, &out->inode_flags);
	if (ret)
		return ret;
	out->is_odd = inode->i_flags & (S_DAX | S_ENCRYPTED | S_CASEFOLD | S_VERITY);
	/* Set, though not by chattr(). */
	if (!inode->i_op->fileattr_get)
		out->is_odd |= inode->i_flags & (S_SYNC | S_NOATIME | S_APPEND | S_IMMUTABLE |
						 S_DIRSYNC);
	out->is_written = inode_is_open_for_write(inode) ||
			  mapping_writably_mapped(inode->i_mapping);
	if (shmem_mapping(inode->i_mapping))
		shmem_get(inode, out);
	else if (ckpt_is_huge(inode))
		huge_get(inode, out);
	/* Somebody may rename it meanwhile. */
	snprintf(out->name, sizeof(out->name), "%pd", file->f_path.dentry);
	return 0;
}

static int size_set(struct file *file, u64 size)
{
	struct inode *inode = file_inode(file);
	u64 rest = ckpt_is_huge(inode) ? size & ~huge_page_mask(hstate_inode(inode)) : 0;
	int ret = vfs_truncate(&file->f_path, size - rest);

	if (ret || !rest)
		return ret;
	/* Only fallocate() ends a file of huge pages inside of one, which it also allocates. */
	inode_lock(inode);
	ret = inode_newsize_ok(inode, size);
	if (!ret)
		i_size_write(inode, size);
	inode_unlock(inode);
	return ret;
}

/* Size, owner and mode, as ftruncate(), fchown() and fchmod() give them. */
int ckpt_storage_set(struct file *file, const struct ckpt_storage *in)
{
	struct inode *inode = file_inode(file);
	int ret = 0;

	if (S_ISREG(inode->i_mode) && i_size_read(inode) != in->size)
		ret = size_set(file, in->size);
	if (!ret && (from_kuid(current_user_ns(), inode->i_uid) != in->uid ||
		     from_kgid(current_user_ns(), inode->i_gid) != in->gid))
		ret = vfs_fchown(file, in->uid, in->gid);
	if (!ret && ((inode->i_mode ^ in->mode) & S_IALLUGO))
		ret = vfs_fchmod(file, in->mode & S_IALLUGO);
	/* Who is not of its group may not make a file run with that group's rights. */
	if (!ret && ((inode->i_mode ^ in->mode) & S_IALLUGO))
		ret = -EPERM;
	return ret;
}

int ckpt_storage_set_times(struct file *file, const struct ckpt_storage *in)
{
	struct timespec64 times[2] = {
		{ .tv_sec = in->atime_s, .tv_nsec = in->atime_ns },
		{ .tv_sec = in->mtime_s, .tv_nsec = in->mtime_ns },
	};

	return vfs_utimes(&file->f_path, times);
}

int ckpt_storage_seal(struct file *file, u32 seals)
{
	if (memfd_get_seals(file) == seals)
		return 0;
	return memfd_add_seals(file, seals);
}

/* Where the seals of a memfd are. */
static unsigned int *seals_of(struct inode *inode)
{
#ifdef CONFIG_HUGETLBFS
	if (ckpt_is_huge(inode))
		return &HUGETLBFS_I(inode)->seals;
#endif
#ifdef CONFIG_SHMEM
	return &SHMEM_I(inode)->seals;
#else
	return NULL;
#endif
}

/*
 * F_SEAL_FUTURE_WRITE leaves alone what was mapped before it. Mapping that
 * again takes the seal off, in an object that nobody else can see yet.
 */
u32 ckpt_storage_lift_seal(struct file *file)
{
	struct inode *inode = file_inode(file);
	unsigned int *seals;
	u32 lifted;

	if (ckpt_object(file) != CKPT_OBJECT_MEMFD)
		return 0;
	seals = seals_of(inode);
	inode_lock(inode);
	lifted = *seals & F_SEAL_FUTURE_WRITE;
	*seals &= ~F_SEAL_FUTURE_WRITE;
	inode_unlock(inode);
	return lifted;
}

void ckpt_storage_put_seal(struct file *file, u32 seal)
{
	struct inode *inode = file_inode(file);

	if (!seal)
		return;
	inode_lock(inode);
	*seals_of(inode) |= seal;
	inode_unlock(inode);
}

/*
 * Memory of a process in @cgrp, of which there may be many: if one outside has it
 * too, that stands in the way by itself.
 */
static bool is_of_cgroup(struct mm_struct *mm, struct cgroup *cgrp)
{
#ifdef CONFIG_MEMCG
	struct task_struct *owner = rcu_dereference(mm->owner);

	return owner && task_dfl_cgroup(owner) == cgrp;
#else
	return false;
#endif
}

static bool maps_outside(struct mm_struct *mm, struct cgroup *cgrp, pid_t *nr)
{
	struct task_struct *p, *t;

	/* Leaders may have ended before their threads. */
	for_each_process_thread(p, t) {
		if (READ_ONCE(t->mm) != mm || task_dfl_cgroup(t) == cgrp)
			continue;
		*nr = ckpt_outsider_number(t);
		return true;
	}
	return false;
}

/* Number of a task outside @cgrp that has the inode of @file mapped, or zero. */
pid_t ckpt_storage_mapper(struct file *file, struct cgroup *cgrp)
{
	struct address_space *mapping = file_inode(file)->i_mapping;
	struct mm_struct *last = NULL;
	struct vm_area_struct *vma;
	pid_t nr = 0;

	i_mmap_lock_read(mapping);
	rcu_read_lock();
	vma_interval_tree_foreach(vma, &mapping->i_mmap, 0, ULONG_MAX) {
		if (vma->vm_mm == last)
			continue;
		last = vma->vm_mm;
		if (!is_of_cgroup(last, cgrp) && maps_outside(last, cgrp, &nr))
			break;
	}
	rcu_read_unlock();
	i_mmap_unlock_read(mapping);
	return nr;
}

/*
 * An object like the one that mmap() of shared anonymous memory or memfd_create()
 * makes; one of huge pages is empty.
 */
struct file *ckpt_object_make(u32 object, const char *name, u64 size, bool no_reserve,
			      u32 page_shift)
{
	u32 huge = page_shift ? MFD_HUGETLB | page_shift << MFD_HUGE_SHIFT : 0;

	if (object == CKPT_OBJECT_MEMFD)
		return memfd_alloc_file(name, MFD_ALLOW_SEALING | huge);
	if (huge)
		return hugetlb_file_setup(HUGETLB_ANON_FILE, 0, mk_vma_flags(VMA_NORESERVE_BIT),
					  HUGETLB_ANONHUGE_INODE, page_shift);
	return shmem_kernel_file_setup(name, size, no_reserve ? mk_vma_flags(VMA_NORESERVE_BIT) :
								EMPTY_VMA_FLAGS);
}

/* May memfd_create(2) make for current what can be executed? */
bool ckpt_memfd_may_execute(void)
{
	int scope = pidns_memfd_noexec_scope(task_active_pid_ns(current));

	return scope < MEMFD_NOEXEC_SCOPE_NOEXEC_ENFORCED;
}

/* The inode of @file once more. */
struct file *ckpt_storage_open(struct file *file, int flags)
{
	/* dentry_open() leaves it to those who look up names, and file systems rely on it. */
	if (d_is_dir(file->f_path.dentry) && !(flags & O_PATH) && (flags & O_ACCMODE) != O_RDONLY)
		return ERR_PTR(-EISDIR);
	return dentry_open(&file->f_path, flags, current_cred());
}

/* The file by another name than the one that it was opened by and that is gone. */
struct file *ckpt_storage_other_name(struct file *file)
{
	struct path path = { .mnt = file->f_path.mnt };
	struct file *opened;

	path.dentry = d_find_alias(file_inode(file));
	if (!path.dentry)
		return ERR_PTR(-ENOENT);
	opened = dentry_open(&path, O_PATH, current_cred());
	dput(path.dentry);
	return opened;
}

/*
 * The inode of @file once more, under the name that it had in @directory (NULL:
 * where it is now): its path reads "@directory/@name (deleted)". Where file
 * systems attach state of their own to names, it stays with the name that it has.
 */
struct file *ckpt_storage_open_as(struct file *file, const char *directory, const char *name,
				  int flags)
{
	struct inode *inode = file_inode(file);
	struct path path;
	struct file *opened;
	struct dentry *dentry;

	/* A directory has no second name. */
	if (S_ISDIR(inode->i_mode))
		return ckpt_storage_open(file, flags);
	if (!directory) {
		path.mnt = mntget(file->f_path.mnt);
		path.dentry = dget_parent(file->f_path.dentry);
	} else {
		int ret = kern_path(directory, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

		if (ret == -ENOENT || ret == -ENOTDIR || ret == -EACCES)
			return ckpt_storage_open(file, flags);
		if (ret)
			return ERR_PTR(ret);
	}
	dentry = path.dentry;
	/* By another mount it would have the rights of that one. */
	if (path.mnt != file->f_path.mnt || dentry->d_op || strlen(name) > NAME_MAX) {
		path_put(&path);
		return ckpt_storage_open(file, flags);
	}
	path.dentry = d_alloc(dentry, &QSTR(name));
	dput(dentry);
	if (!path.dentry) {
		mntput(path.mnt);
		return ERR_PTR(-ENOMEM);
	}
	ihold(inode);
	d_instantiate(path.dentry, inode);
	opened = dentry_open(&path, flags, current_cred());
	path_put(&path);
	return opened;
}

/* Opens what has just been made or linked; takes its name away again if it cannot be opened. */
static struct file *open_made(const struct path *parent, struct dentry *dentry, int flags)
{
	struct path made = { .mnt = parent->mnt, .dentry = dentry };
	struct file *file = dentry_open(&made, flags, current_cred());

	if (IS_ERR(file))
		vfs_unlink(mnt_idmap(parent->mnt), d_inode(parent->dentry), dentry, NULL);
	return file;
}

/*
 * Makes a regular file, and opens it for reading and writing, or what else @mode says,
 * and gives it as an O_PATH file.  @straight: by no symbolic link, which somebody else
 * could have laid meanwhile.
 */
struct file *ckpt_inode_make(const char *name, u32 mode, bool straight)
{
	struct path path;
	struct file *file;
	struct dentry *dentry = start_creating_path(AT_FDCWD, name, &path, 0);
	int ret;

	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	ret = straight ? ckpt_path_straight(&path, name) : 0;
	if (!ret)
		ret = security_path_mknod(&path, dentry, mode, 0);
	if (!ret && S_ISREG(mode))
		ret = vfs_create(mnt_idmap(path.mnt), dentry, mode, NULL);
	else if (!ret)
		ret = vfs_mknod(mnt_idmap(path.mnt), d_inode(path.dentry), dentry, mode, 0, NULL);
	file = ERR_PTR(ret);
	if (!ret)
		file = open_made(&path, dentry, S_ISREG(mode) ? O_RDWR | O_LARGEFILE : O_PATH);
	end_creating_path(&path, dentry);
	return file;
}

/* link() of what @file is, by no symbolic link; gives it under its new name as an O_PATH file. */
struct file *ckpt_storage_link(struct file *file, const char *name)
{
	struct dentry *old = file->f_path.dentry;
	struct path path;
	struct dentry *dentry = start_creating_path(AT_FDCWD, name, &path, 0);
	int ret;

	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	ret = path.mnt == file->f_path.mnt ? ckpt_path_straight(&path, name) : -EXDEV;
	if (!ret)
		ret = security_path_link(old, &path, dentry);
	if (!ret)
		ret = vfs_link(old, mnt_idmap(path.mnt), d_inode(path.dentry), dentry, NULL);
	file = ERR_PTR(ret);
	if (!ret)
		file = open_made(&path, dentry, O_PATH);
	end_creating_path(&path, dentry);
	return file;
}

/* mkdir() for its owner only; gives the directory as an O_PATH file. */
struct file *ckpt_directory_make(const char *name)
{
	struct path path, made;
	struct file *file;
	struct dentry *dentry = start_creating_path(AT_FDCWD, name, &path, LOOKUP_DIRECTORY);
	int ret;

	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	ret = security_path_mkdir(&path, dentry, 0700);
	if (!ret) {
		dentry = vfs_mkdir(mnt_idmap(path.mnt), d_inode(path.dentry), dentry, 0700, NULL);
		ret = PTR_ERR_OR_ZERO(dentry);
	}
	file = ERR_PTR(ret);
	if (!ret) {
		made.mnt = path.mnt;
		made.dentry = dentry;
		file = dentry_open(&made, O_PATH | O_DIRECTORY, current_cred());
		if (IS_ERR(file))
			vfs_rmdir(mnt_idmap(path.mnt), d_inode(path.dentry), dentry, NULL);
	}
	end_creating_path(&path, dentry);
	return file;
}

/* Status flags, as fcntl(F_SETFL) sets them in a file that allows them. */
void ckpt_storage_set_flags(struct file *file, u32 flags)
{
	const u32 mask = O_APPEND | O_NONBLOCK | O_NOATIME | O_LARGEFILE;

	spin_lock(&file->f_lock);
	file->f_flags = (file->f_flags & ~mask) | (flags & mask);
	file->f_iocb_flags = iocb_flags(file);
	spin_unlock(&file->f_lock);
}

/* Takes the name of @file away again. */
int ckpt_storage_unlink(struct file *file)
{
	struct vfsmount *mnt = file->f_path.mnt;
	struct dentry *parent, *dentry;
	int ret = mnt_want_write(mnt);

	if (ret)
		return ret;
	parent = dget_parent(file->f_path.dentry);
	dentry = start_removing_dentry(parent, file->f_path.dentry);
	ret = PTR_ERR_OR_ZERO(dentry);
	if (!ret) {
		ret = d_is_dir(dentry) ? vfs_rmdir(mnt_idmap(mnt), d_inode(parent), dentry, NULL) :
					 vfs_unlink(mnt_idmap(mnt), d_inode(parent), dentry, NULL);
		end_removing(dentry);
	}
	dput(parent);
	mnt_drop_write(mnt);
	return ret;
}
