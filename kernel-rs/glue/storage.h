/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_STORAGE_H
#define _KERNEL_CHECKPOINT_STORAGE_H

#include <linux/types.h>

struct cgroup;
struct ckpt_pages;
struct file;
struct inode;
struct mm_struct;
struct page;

/* Memory that has an inode and no name: what it is. */
enum ckpt_object {
	CKPT_OBJECT_NONE,
	CKPT_OBJECT_SHARED_MEMORY,
	CKPT_OBJECT_MEMFD,
	CKPT_OBJECT_SEGMENT,	/* shmget() */
};

struct ckpt_storage {
	u64 size;
	u32 mode, uid, gid;	/* of the caller's user namespace; -1: it has no number there */
	u64 atime_s, mtime_s;
	u32 atime_ns, mtime_ns;
	u32 seals;
	u32 page_shift;		/* of huge pages; zero: of ordinary ones */
	bool no_reserve;	/* MAP_NORESERVE */
	bool linkable;		/* O_TMPFILE without O_EXCL */
	u32 inode_flags;	/* FS_*_FL, as of chattr(1) */
	bool is_odd;		/* what else changes how it works */
	bool has_policy;	/* mbind() of shared memory */
	bool is_written;	/* somebody may change the content */
	char name[256];
};

/* storage.c */
bool ckpt_is_huge(const struct inode *inode);
u32 ckpt_object(struct file *file);
void *ckpt_file_inode(struct file *file);
int ckpt_storage_get(struct file *file, struct ckpt_storage *out);
int ckpt_storage_set(struct file *file, const struct ckpt_storage *in);
int ckpt_storage_set_times(struct file *file, const struct ckpt_storage *in);
int ckpt_storage_seal(struct file *file, u32 seals);
u32 ckpt_storage_lift_seal(struct file *file);
void ckpt_storage_put_seal(struct file *file, u32 seal);
int ckpt_storage_catch_stores(struct file *file);
pid_t ckpt_storage_mapper(struct file *file, struct cgroup *cgrp);
bool ckpt_memfd_may_execute(void);
struct file *ckpt_object_make(u32 object, const char *name, u64 size, bool no_reserve,
			      u32 page_shift);
struct file *ckpt_storage_open(struct file *file, int flags);
struct file *ckpt_storage_other_name(struct file *file);
struct file *ckpt_storage_open_as(struct file *file, const char *directory, const char *name,
				  int flags);
struct file *ckpt_inode_make(const char *name, u32 mode, bool straight);
struct file *ckpt_storage_link(struct file *file, const char *name);
struct file *ckpt_directory_make(const char *name);
void ckpt_storage_set_flags(struct file *file, u32 flags);
int ckpt_storage_unlink(struct file *file);

/* attributes.c */
ssize_t ckpt_attributes_list(struct file *file, char *names, size_t size);
ssize_t ckpt_attribute_get(struct file *file, const char *name, void *value, size_t size);
int ckpt_attribute_set(struct file *file, const char *name, const void *value, size_t size);
int ckpt_attribute_remove(struct file *file, const char *name);
int ckpt_inode_flags_get(struct file *file, u32 *flags);
int ckpt_inode_flags_set(struct file *file, u32 flags);

/* contents.c */
struct file *ckpt_contents_open(struct file *file);
bool ckpt_is_memory(struct file *file);
int ckpt_memory_collect(struct file *file, u64 start, struct ckpt_pages *pages);
int ckpt_shmem_fetch(struct file *file, u64 position, struct page **page);
int ckpt_memory_pin(struct file *file, struct mm_struct *payer, u64 start, u32 count,
		    struct ckpt_pages *pages);
int ckpt_promise_find(struct file *file, u64 from, u64 *start, u64 *end);
int ckpt_promise_make(struct file *file, u64 start, u64 size);
int ckpt_data_find(struct file *file, u64 from, u64 *start, u64 *end);
int ckpt_space_reserve(struct file *file, struct mm_struct *payer, u64 start, u64 size);
int ckpt_pages_allocate(struct ckpt_pages *pages, u64 start, u32 count);
ssize_t ckpt_contents_read(struct file *file, struct ckpt_pages *pages, u64 skip, u64 size);
ssize_t ckpt_contents_write(struct file *file, struct mm_struct *payer, struct ckpt_pages *pages,
			    u64 skip, u64 size);

#endif /* _KERNEL_CHECKPOINT_STORAGE_H */
