/* SPDX-License-Identifier: GPL-2.0 */
/* Address spaces, areas, pages: a part of glue.h. */
#ifndef _KERNEL_CHECKPOINT_MEMORY_H
#define _KERNEL_CHECKPOINT_MEMORY_H

#include <linux/bvec.h>
#include <linux/mm.h>

/* memory.c */

/* Settings of an address space, one bit each. */
enum {
	CKPT_MM_TOP_DOWN = 1 << 0,
	CKPT_MM_NO_HUGE_PAGES = 1 << 1,
	CKPT_MM_NO_HUGE_PAGES_UNLESS_ADVISED = 1 << 2,
	CKPT_MM_MDWE = 1 << 3,
	CKPT_MM_MDWE_NO_INHERIT = 1 << 4,
	CKPT_MM_MERGE_ANY = 1 << 5,
	CKPT_MM_KEY_ZERO_FREE = 1 << 6,
	CKPT_MM_TAGS_LOCKED = 1 << 7,
	CKPT_MM_TAGGED_SVA = 1 << 8,
	CKPT_MM_LOCK_FUTURE = 1 << 9,
	CKPT_MM_LOCK_FUTURE_ON_FAULT = 1 << 10,
	CKPT_MM_COMPAT = 1 << 11,	/* a 32-bit program */
	CKPT_MM_COMPAT_VDSO = 1 << 12,	/* with the vdso of one */
};

struct ckpt_mm {
	u64 start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
	u64 arg_start, arg_end, env_start, env_end;
	u64 mmap_base, mmap_compat_base;
	u64 vdso;
	u32 areas;
	u32 coredump_filter;
	u32 auxv_size;
	u32 settings;		/* CKPT_MM_* */
	u32 membarrier;		/* MEMBARRIER_CMD_REGISTER_* */
	u32 keys;		/* protection keys in use, but for key 0 */
	u32 execute_only_key;	/* plus one; zero: none */
	u32 tag_bits;
	u64 auxv[AT_VECTOR_SIZE];
};
void ckpt_mm_get(struct mm_struct *mm, struct ckpt_mm *out);
void ckpt_mm_get_arch(struct mm_struct *mm, struct ckpt_mm *out);
int ckpt_mm_renew(bool top_down, bool compat);
struct linux_binfmt *ckpt_mm_renew_arch(struct mm_struct *mm, bool compat);
void ckpt_mm_share_arch(struct task_struct *with);
int ckpt_mm_set(const struct ckpt_mm *in);
void ckpt_mm_of_processes(void);
int ckpt_mm_settle(const struct ckpt_mm *in);
int ckpt_mm_settle_arch(const struct ckpt_mm *in);
int ckpt_mm_set_exe(struct file *file);

/* areas.c */

/* What an area is; one bit each. */
enum {
	CKPT_VM_READ = 1 << 0,
	CKPT_VM_WRITE = 1 << 1,
	CKPT_VM_EXEC = 1 << 2,
	CKPT_VM_SHARED = 1 << 3,
	CKPT_VM_GROWSDOWN = 1 << 4,
	CKPT_VM_NORESERVE = 1 << 5,
	CKPT_VM_LOCKED = 1 << 6,
	CKPT_VM_LOCKONFAULT = 1 << 7,
	CKPT_VM_DONTCOPY = 1 << 8,
	CKPT_VM_WIPEONFORK = 1 << 9,
	CKPT_VM_DONTDUMP = 1 << 10,
	CKPT_VM_HUGEPAGE = 1 << 11,
	CKPT_VM_NOHUGEPAGE = 1 << 12,
	CKPT_VM_MERGEABLE = 1 << 13,
	CKPT_VM_SEQ_READ = 1 << 14,
	CKPT_VM_RAND_READ = 1 << 15,
	CKPT_VM_MAYREAD = 1 << 16,
	CKPT_VM_MAYWRITE = 1 << 17,
	CKPT_VM_MAYEXEC = 1 << 18,
	CKPT_VM_ACCOUNT = 1 << 19,
	CKPT_VM_SEALED = 1 << 20,
	CKPT_VM_DROPPABLE = 1 << 21,
	CKPT_VM_GUARDED = 1 << 22,	/* has, or had, guard pages */
};

enum ckpt_area_kind {
	CKPT_AREA_OTHER,
	CKPT_AREA_ANON,
	CKPT_AREA_FILE,
	CKPT_AREA_VDSO,
	CKPT_AREA_VVAR,
	CKPT_AREA_VVAR_VCLOCK,
	CKPT_AREA_RING,		/* of asynchronous I/O */
	CKPT_AREA_HUGE,
};

struct ckpt_area {
	u64 start, end, offset;
	u32 flags;		/* CKPT_VM_* */
	u32 kind;
	u64 unknown;		/* flags of the kernel's that have no bit above */
	u32 key;		/* protection key */
	u32 page_shift;		/* of huge pages */
	u64 lineage;		/* the same in all areas that may share private pages, or zero */
	bool has_policy, has_name;
	bool compat;		/* of the vdso: that of 32-bit programs */
	struct file *file;	/* with a reference */
	char name[80 + 1];
	char obstacle[48];	/* what the unknown flags mean, if they mean something */
};
int ckpt_area_find(struct mm_struct *mm, u64 address, struct ckpt_area *area);
int ckpt_area_map(const struct ckpt_area *area);
int ckpt_area_guard(u64 start, u64 end);
int ckpt_area_settle(const struct ckpt_area *area);
u64 ckpt_vdso_size(bool compat);
u64 ckpt_vdso_data_size(void);
const void *ckpt_vdso_image(bool compat);
int ckpt_vdso_set(u64 base, bool compat);

/* policy.c */
#define CKPT_NODES 128		/* bytes */

struct ckpt_policy {
	u32 mode;		/* MPOL_*, with MPOL_F_* */
	u32 home_node;		/* or all ones */
	u32 last_node, weight;	/* of a task that interleaves */
	u32 size;		/* bytes of the mask that count */
	u8 nodes[CKPT_NODES];
};
int ckpt_policy_of_area(struct mm_struct *mm, u64 address, struct ckpt_policy *policy);
int ckpt_policy_of_task(struct task_struct *task, struct ckpt_policy *policy);
int ckpt_policy_set_area(u64 start, u64 end, const struct ckpt_policy *policy);
int ckpt_policy_set_task(const struct ckpt_policy *policy);

/* pages.c */
#define CKPT_BATCH 256

struct ckpt_pages {
	u64 next;		/* where to go on */
	u32 count;
	u64 address[CKPT_BATCH];
	struct page *page[CKPT_BATCH];	/* with a reference; NULL: reads as zero, or see below */
	bool absent[CKPT_BATCH];	/* has to be read in first: swapped, or on its way */
	bool passed[CKPT_BATCH];	/* nobody will ask what is in it */
	bool huge[CKPT_BATCH];		/* a part of a transparent huge page */
	struct bio_vec vec[CKPT_BATCH];
	struct ckpt_examination *examination;	/* or NULL */
};
#define CKPT_GUARDS 64

/* Guard pages in an area, and what in it could not be read. */
struct ckpt_guards {
	u64 next;		/* where to go on */
	u32 count;
	u64 start[CKPT_GUARDS], end[CKPT_GUARDS];
	u64 strange;		/* address of the page with ... */
	const char *obstacle;	/* ... or NULL */
};
int ckpt_guards_collect(struct mm_struct *mm, u64 start, u64 end, struct ckpt_guards *guards);

int ckpt_pages_collect(struct mm_struct *mm, u64 start, u64 end, struct ckpt_pages *pages);
int ckpt_page_fetch(struct mm_struct *mm, u64 address, struct page **page);
void ckpt_page_make_huge(struct mm_struct *mm, u64 address);
int ckpt_pages_pin(struct mm_struct *mm, u64 start, u32 count, struct ckpt_pages *pages);
void ckpt_pages_release(struct ckpt_pages *pages, bool dirty);
void ckpt_pages_examine(struct ckpt_pages *pages);
bool ckpt_page_is_zero(const struct ckpt_pages *pages, u32 index);
void ckpt_page_clear(struct page *page);
u32 ckpt_page_checksum(const struct ckpt_pages *pages, u32 index, u32 state);
void ckpt_pages_forget(struct ckpt_pages *pages);
void ckpt_pages_iter(struct iov_iter *iter, unsigned int direction, struct ckpt_pages *pages,
		     u32 first, u64 skip, u64 size);

/* inherited.c */
bool ckpt_page_may_be_inherited(struct page *page);
u32 ckpt_pages_held(struct mm_struct *mm, const struct ckpt_pages *pages, u32 first, u32 count);
int ckpt_area_join(struct mm_struct *mm, u64 address, struct mm_struct *founder, u64 from);
int ckpt_pages_inherit(struct mm_struct *mm, struct mm_struct *from,
		       const struct ckpt_pages *pages);
void ckpt_pages_copy(struct ckpt_pages *to, const struct ckpt_pages *from, u32 first, u32 count);

#endif /* _KERNEL_CHECKPOINT_MEMORY_H */
