// SPDX-License-Identifier: GPL-2.0
/* Address spaces: marks, areas, pages. */
#include <linux/bvec.h>
#include <linux/crc32c.h>
#include <linux/file.h>
#include <linux/highmem.h>
#include <linux/huge_mm.h>
#include <linux/swap.h>
#include <linux/leafops.h>
#include <linux/mempolicy.h>
#include <linux/mm_inline.h>
#include <linux/mman.h>
#include <linux/pagewalk.h>
#include <linux/resource.h>
#include <linux/rmap.h>
#include <linux/shmem_fs.h>
#include <linux/uio.h>
#include <linux/vdso_datastore.h>
#include <asm/tlb.h>
#include <asm/vdso.h>
#include <asm/vdso/vsyscall.h>

#include "../../../mm/internal.h"
#include "glue.h"

void ckpt_mm_get(struct mm_struct *mm, struct ckpt_mm *out)
{
	memset(out, 0, sizeof(*out));
	mmap_read_lock(mm);
	spin_lock(&mm->arg_lock);
	out->start_code = mm->start_code;
	out->end_code = mm->end_code;
	out->start_data = mm->start_data;
	out->end_data = mm->end_data;
	out->start_brk = mm->start_brk;
	out->brk = mm->brk;
	out->start_stack = mm->start_stack;
	out->arg_start = mm->arg_start;
	out->arg_end = mm->arg_end;
	out->env_start = mm->env_start;
	out->env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	out->mmap_base = mm->mmap_base;
#ifdef CONFIG_HAVE_ARCH_COMPAT_MMAP_BASES
	out->mmap_compat_base = mm->mmap_compat_base;
#endif
	out->vdso = (unsigned long)mm->context.vdso;
	out->areas = mm->map_count;
	out->top_down = mm_flags_test(MMF_TOPDOWN, mm);
	out->no_huge_pages = mm_flags_test(MMF_DISABLE_THP_COMPLETELY, mm);
	out->coredump_filter = (__mm_flags_get_word(mm) & MMF_DUMP_FILTER_MASK) >>
			       MMF_DUMP_FILTER_SHIFT;
	/* As /proc/PID/auxv: up to and including AT_NULL. */
	while (out->auxv_size < AT_VECTOR_SIZE) {
		u32 i = out->auxv_size;

		out->auxv_size += 2;
		if (!mm->saved_auxv[i])
			break;
	}
	out->auxv_size = min_t(u32, out->auxv_size, AT_VECTOR_SIZE);
	memcpy(out->auxv, mm->saved_auxv, out->auxv_size * sizeof(u64));
	mmap_read_unlock(mm);
}

int ckpt_mm_set(const struct ckpt_mm *in)
{
	struct mm_struct *mm = current->mm;
	unsigned long flags;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	spin_lock(&mm->arg_lock);
	mm->start_code = in->start_code;
	mm->end_code = in->end_code;
	mm->start_data = in->start_data;
	mm->end_data = in->end_data;
	mm->start_brk = in->start_brk;
	mm->brk = in->brk;
	mm->start_stack = in->start_stack;
	mm->arg_start = in->arg_start;
	mm->arg_end = in->arg_end;
	mm->env_start = in->env_start;
	mm->env_end = in->env_end;
	spin_unlock(&mm->arg_lock);
	mm->mmap_base = in->mmap_base;
#ifdef CONFIG_HAVE_ARCH_COMPAT_MMAP_BASES
	mm->mmap_compat_base = in->mmap_compat_base;
#endif
	flags = __mm_flags_get_word(mm) & ~MMF_DUMP_FILTER_MASK;
	__mm_flags_overwrite_word(mm, flags | ((unsigned long)in->coredump_filter <<
					       MMF_DUMP_FILTER_SHIFT));
	if (in->no_huge_pages)
		mm_flags_set(MMF_DISABLE_THP_COMPLETELY, mm);
	memset(mm->saved_auxv, 0, sizeof(mm->saved_auxv));
	memcpy(mm->saved_auxv, in->auxv, in->auxv_size * sizeof(u64));
	mmap_write_unlock(mm);
	return 0;
}

/* An empty address space for current, laid out as asked. */
int ckpt_mm_renew(bool top_down)
{
	struct linux_binfmt *binfmt = current->mm->binfmt;
	struct rlimit stack = current->signal->rlim[RLIMIT_STACK];
	struct mm_struct *mm = mm_alloc();
	int ret;

	if (!mm)
		return -ENOMEM;
	/* Nothing of the restarter's habits. */
	mm->def_flags = 0;
	__mm_flags_overwrite_word(mm, __mm_flags_get_word(mm) & MMF_DUMP_FILTER_MASK);
	arch_pick_mmap_layout(mm, &stack);
	ckpt_mm_renew_arch(mm);
	if (top_down)
		mm_flags_set(MMF_TOPDOWN, mm);
	else
		mm_flags_clear(MMF_TOPDOWN, mm);

	ret = exec_replace_mm(mm);
	if (ret) {
		mmput(mm);
		return ret;
	}
	set_binfmt(binfmt);
	return 0;
}

int ckpt_mm_set_exe(struct file *file)
{
	return set_mm_exe_file(current->mm, file);
}

static const struct {
	vm_flags_t kernel;
	u32 ours;
} area_flags[] = {
	{ VM_READ, CKPT_VM_READ },
	{ VM_WRITE, CKPT_VM_WRITE },
	{ VM_EXEC, CKPT_VM_EXEC },
	{ VM_MAYSHARE, CKPT_VM_SHARED },
	{ VM_GROWSDOWN, CKPT_VM_GROWSDOWN },
	{ VM_NORESERVE, CKPT_VM_NORESERVE },
	{ VM_LOCKED, CKPT_VM_LOCKED },
	{ VM_LOCKONFAULT, CKPT_VM_LOCKONFAULT },
	{ VM_DONTCOPY, CKPT_VM_DONTCOPY },
	{ VM_WIPEONFORK, CKPT_VM_WIPEONFORK },
	{ VM_DONTDUMP, CKPT_VM_DONTDUMP },
	{ VM_HUGEPAGE, CKPT_VM_HUGEPAGE },
	{ VM_NOHUGEPAGE, CKPT_VM_NOHUGEPAGE },
	{ VM_MERGEABLE, CKPT_VM_MERGEABLE },
	{ VM_SEQ_READ, CKPT_VM_SEQ_READ },
	{ VM_RAND_READ, CKPT_VM_RAND_READ },
	{ VM_MAYREAD, CKPT_VM_MAYREAD },
	{ VM_MAYWRITE, CKPT_VM_MAYWRITE },
	{ VM_MAYEXEC, CKPT_VM_MAYEXEC },
	{ VM_ACCOUNT, CKPT_VM_ACCOUNT },
};

/* Flags without a bit of ours that mean something to users. */
static const struct {
	vm_flags_t flags;
	const char *name;
} area_obstacles[] = {
	{ VM_HUGETLB, "huge pages (MAP_HUGETLB)" },
	{ VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR, "userfaultfd" },
	{ VM_MAYBE_GUARD, "guard pages (MADV_GUARD_INSTALL)" },
	{ VM_SEALED, "sealed memory (mseal)" },
	{ VM_DROPPABLE, "droppable memory (MAP_DROPPABLE)" },
	{ VM_SHADOW_STACK, "a shadow stack" },
	{ VM_PKEY_BIT0 | VM_PKEY_BIT1 | VM_PKEY_BIT2 | VM_PKEY_BIT3, "a protection key" },
	{ VM_IO | VM_PFNMAP | VM_MIXEDMAP, "memory of a device" },
};

static const char *area_obstacle(vm_flags_t flags)
{
	for (int i = 0; i < ARRAY_SIZE(area_obstacles); i++) {
		if (flags & area_obstacles[i].flags)
			return area_obstacles[i].name;
	}
	return NULL;
}

/* Derived by the kernel from the others, or bookkeeping without an effect. */
#define AREA_FLAGS_DERIVED (VM_SHARED | VM_SOFTDIRTY)

static void area_flags_get(const struct vm_area_struct *vma, struct ckpt_area *area)
{
	vm_flags_t rest = vma->vm_flags & ~AREA_FLAGS_DERIVED;

	area->flags = 0;
	for (int i = 0; i < ARRAY_SIZE(area_flags); i++) {
		if (vma->vm_flags & area_flags[i].kernel)
			area->flags |= area_flags[i].ours;
		rest &= ~area_flags[i].kernel;
	}
	area->unknown = rest;
}

static void area_kind_get(struct vm_area_struct *vma, struct ckpt_area *area)
{
	const char *name = NULL;

	if (vma->vm_file) {
		area->kind = CKPT_AREA_FILE;
		area->is_shmem = vma_is_shmem(vma);
		return;
	}
	if (vma_is_anonymous(vma)) {
		area->kind = CKPT_AREA_ANON;
		return;
	}
	area->kind = CKPT_AREA_OTHER;
	if (vma->vm_ops->name)
		name = vma->vm_ops->name(vma);
	strscpy(area->name, name ?: "a device", sizeof(area->name));
	if (!name)
		return;
	/* What the kernel sets on these is no choice of the program's. */
	if (vma_is_special_mapping(vma, &vdso_vvar_mapping)) {
		area->kind = CKPT_AREA_VVAR;
		area->unknown &= ~(VM_IO | VM_MIXEDMAP | VM_PFNMAP | VM_DONTEXPAND);
	} else if (!strcmp(name, "[vvar_vclock]")) {
		area->kind = CKPT_AREA_VVAR_VCLOCK;
		area->unknown &= ~(VM_IO | VM_MIXEDMAP | VM_PFNMAP | VM_DONTEXPAND);
	} else if (!strcmp(name, "[vdso]")) {
		area->kind = CKPT_AREA_VDSO;
		area->unknown &= ~VM_DONTEXPAND;
	}
}

/* The first area that ends above @address; returns 1, or 0 if there is none. */
int ckpt_area_find(struct mm_struct *mm, u64 address, struct ckpt_area *area)
{
	struct anon_vma_name *name;
	struct vm_area_struct *vma;

	memset(area, 0, sizeof(*area));
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, address);
	if (!vma) {
		mmap_read_unlock(mm);
		return 0;
	}
	area->start = vma->vm_start;
	area->end = vma->vm_end;
	area->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	area_flags_get(vma, area);
	area_kind_get(vma, area);
#ifdef CONFIG_NUMA
	area->has_policy = vma->vm_policy;
#endif
	strscpy_pad(area->obstacle, area_obstacle(area->unknown) ?: "", sizeof(area->obstacle));
	if (vma->vm_file)
		area->file = get_file(vma->vm_file);
	name = anon_vma_name(vma);
	if (name) {
		area->has_name = true;
		strscpy(area->name, name->name, sizeof(area->name));
	}
	mmap_read_unlock(mm);
	return 1;
}

static int area_advise(const struct ckpt_area *area)
{
	static const struct {
		u32 flag;
		int advice;
	} advices[] = {
		{ CKPT_VM_DONTCOPY, MADV_DONTFORK },
		{ CKPT_VM_WIPEONFORK, MADV_WIPEONFORK },
		{ CKPT_VM_DONTDUMP, MADV_DONTDUMP },
		{ CKPT_VM_HUGEPAGE, MADV_HUGEPAGE },
		{ CKPT_VM_NOHUGEPAGE, MADV_NOHUGEPAGE },
		{ CKPT_VM_MERGEABLE, MADV_MERGEABLE },
		{ CKPT_VM_SEQ_READ, MADV_SEQUENTIAL },
		{ CKPT_VM_RAND_READ, MADV_RANDOM },
	};

	for (int i = 0; i < ARRAY_SIZE(advices); i++) {
		int ret;

		if (!(area->flags & advices[i].flag))
			continue;
		ret = do_madvise(current->mm, area->start, area->end - area->start,
				 advices[i].advice);
		if (ret)
			return ret;
	}
	return 0;
}

/* The areas of one range must together be what @area says. */
static int area_check(const struct ckpt_area *area)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	struct ckpt_area made = {};
	int ret = -EINVAL;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, area->start);
	if (vma && vma->vm_end >= area->end) {
		area_flags_get(vma, &made);
		/* Whether memory is accounted is for this system to decide. */
		if (!((made.flags ^ area->flags) & ~CKPT_VM_ACCOUNT) && !made.unknown)
			ret = 0;
	}
	mmap_read_unlock(mm);
	return ret;
}

/* mprotect() of what is one area in current's address space. */
static int area_protect(const struct ckpt_area *area)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma, *prev = NULL;
	struct vma_iterator vmi;
	struct mmu_gather tlb;
	vm_flags_t flags;
	int ret = -EINVAL;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	vma_iter_init(&vmi, mm, area->start);
	vma = vma_find(&vmi, area->end);
	/* Without an anon_vma there would be nothing to account. */
	if (vma && vma_is_anonymous(vma) && anon_vma_prepare(vma)) {
		ret = -ENOMEM;
	} else if (vma && vma->vm_start <= area->start && vma->vm_end >= area->end) {
		flags = vma->vm_flags & ~(VM_READ | VM_WRITE | VM_EXEC);
		if (area->flags & CKPT_VM_READ)
			flags |= VM_READ;
		if (area->flags & CKPT_VM_EXEC)
			flags |= VM_EXEC;
		prev = vma_prev(&vmi);
		/* It may have been merged with the area before it. */
		if (vma->vm_start < area->start)
			prev = vma;
		vma_find(&vmi, area->end);
		tlb_gather_mmu(&tlb, mm);
		ret = mprotect_fixup(&vmi, &tlb, vma, &prev, area->start, area->end, flags);
		tlb_finish_mmu(&tlb);
	}
	mmap_write_unlock(mm);
	return ret;
}

/*
 * Maps @area into current's address space, where nothing may be yet.
 *
 * Memory that was writable once stays accounted when it no longer is; mapping
 * it writable first gives the same, and keeps it apart from a neighbour that
 * never was.
 */
int ckpt_area_map(const struct ckpt_area *area)
{
	unsigned long size = area->end - area->start;
	unsigned long prot = 0, flags = MAP_FIXED_NOREPLACE, address;
	bool was_writable = (area->flags & CKPT_VM_ACCOUNT) &&
			    !(area->flags & (CKPT_VM_WRITE | CKPT_VM_SHARED | CKPT_VM_NORESERVE));
	vm_flags_t locked = 0;
	int ret = 0;

	if (area->flags & CKPT_VM_READ)
		prot |= PROT_READ;
	if ((area->flags & CKPT_VM_WRITE) || was_writable)
		prot |= PROT_WRITE;
	if (area->flags & CKPT_VM_EXEC)
		prot |= PROT_EXEC;
	flags |= area->flags & CKPT_VM_SHARED ? MAP_SHARED : MAP_PRIVATE;
	if (!area->file)
		flags |= MAP_ANONYMOUS;
	if (area->flags & CKPT_VM_GROWSDOWN)
		flags |= MAP_GROWSDOWN;
	if (area->flags & CKPT_VM_NORESERVE)
		flags |= MAP_NORESERVE;

	/* As after mlockall(MCL_FUTURE), for this one area. */
	if (area->flags & CKPT_VM_LOCKED)
		locked |= VM_LOCKED;
	if (area->flags & CKPT_VM_LOCKONFAULT)
		locked |= VM_LOCKONFAULT;
	current->mm->def_flags |= locked;
	address = vm_mmap(area->file, area->start, size, prot, flags,
			  area->file ? area->offset : 0);
	current->mm->def_flags &= ~locked;
	if (IS_ERR_VALUE(address))
		return (int)address;
	if (address != area->start)
		return -EEXIST;

	if (was_writable)
		ret = area_protect(area);
	if (!ret)
		ret = area_advise(area);
#ifdef CONFIG_ANON_VMA_NAME
	if (!ret && area->has_name) {
		struct anon_vma_name *name = anon_vma_name_alloc(area->name);

		if (!name)
			return -ENOMEM;
		ret = madvise_set_anon_name(current->mm, area->start, size, name);
		anon_vma_name_put(name);
	}
#endif
	return ret ?: area_check(area);
}

u64 ckpt_vdso_size(void)
{
	return vdso64_image.size;
}

u64 ckpt_vdso_data_size(void)
{
	return __VDSO_PAGES * PAGE_SIZE;
}

const void *ckpt_vdso_image(void)
{
	return vdso64_image.data;
}

/* Data pages at @start, code behind them. */
int ckpt_vdso_map(u64 start)
{
	int ret = map_vdso_once(&vdso64_image, start);

	if (ret)
		return ret;
	if ((unsigned long)current->mm->context.vdso != start + ckpt_vdso_data_size())
		return -EEXIST;
	return 0;
}

static int collect(struct ckpt_pages *pages, unsigned long address, struct page *page, bool absent)
{
	if (pages->count == CKPT_BATCH) {
		pages->next = address;
		return 1;
	}
	if (page)
		get_page(page);
	pages->address[pages->count] = address;
	pages->page[pages->count] = page;
	pages->absent[pages->count] = absent;
	pages->count++;
	return 0;
}

/* An entry that is not empty: is there something that only this process sees? */
static int collect_pte(struct vm_area_struct *vma, unsigned long address, pte_t pte,
		       struct ckpt_pages *pages)
{
	struct page *page;

	if (!pte_present(pte)) {
		softleaf_t entry = softleaf_from_pte(pte);

		if (softleaf_is_swap(entry) || softleaf_is_migration(entry))
			return collect(pages, address, NULL, true);
		return -EIO;
	}
	if (is_zero_pfn(pte_pfn(pte)))
		return vma_is_anonymous(vma) ? 0 : collect(pages, address, NULL, false);
	page = vm_normal_page(vma, address, pte);
	if (!page)
		return -EIO;
	return PageAnon(page) ? collect(pages, address, page, false) : 0;
}

static int collect_huge(struct vm_area_struct *vma, pmd_t pmd, unsigned long address,
			unsigned long end, struct ckpt_pages *pages)
{
	struct page *page = NULL;
	int ret = 0;

	if (pmd_present(pmd)) {
		if (is_huge_zero_pmd(pmd))
			return 0;
		page = pmd_page(pmd) + ((address & ~HPAGE_PMD_MASK) >> PAGE_SHIFT);
		if (!PageAnon(page))
			return 0;
	}
	for (; address < end && !ret; address += PAGE_SIZE) {
		ret = collect(pages, address, page, !page);
		if (page)
			page++;
	}
	return ret;
}

static int collect_pmd(pmd_t *pmd, unsigned long address, unsigned long end, struct mm_walk *walk)
{
	struct vm_area_struct *vma = walk->vma;
	struct ckpt_pages *pages = walk->private;
	pte_t *pte, *first;
	spinlock_t *lock;
	int ret = 0;

	lock = pmd_trans_huge_lock(pmd, vma);
	if (lock) {
		ret = collect_huge(vma, *pmd, address, end, pages);
		spin_unlock(lock);
		return ret;
	}
	first = pte = pte_offset_map_lock(walk->mm, pmd, address, &lock);
	if (!pte) {
		walk->action = ACTION_AGAIN;
		return 0;
	}
	for (; address < end && !ret; pte++, address += PAGE_SIZE) {
		pte_t entry = ptep_get(pte);

		if (!pte_none(entry))
			ret = collect_pte(vma, address, entry, pages);
	}
	pte_unmap_unlock(first, lock);
	cond_resched();
	return ret;
}

static const struct mm_walk_ops collect_ops = {
	.pmd_entry = collect_pmd,
	.walk_lock = PGWALK_RDLOCK,
};

/*
 * The pages between @start and @end, in one area, that are not what its file or
 * an empty area would give; CKPT_BATCH at most. @pages->next says where to go on.
 */
int ckpt_pages_collect(struct mm_struct *mm, u64 start, u64 end, struct ckpt_pages *pages)
{
	struct vm_area_struct *vma;
	int ret = -EFAULT;

	pages->count = 0;
	pages->next = end;
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, start);
	if (vma && vma->vm_end >= end)
		ret = walk_page_range_vma(vma, start, end, &collect_ops, pages);
	mmap_read_unlock(mm);
	return min(ret, 0);
}

/* Reads a page in. */
int ckpt_page_fetch(struct mm_struct *mm, u64 address, struct page **page)
{
	int locked = 1;
	long ret;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	ret = get_user_pages_remote(mm, address, 1, FOLL_FORCE | FOLL_GET, page, &locked);
	if (locked)
		mmap_read_unlock(mm);
	return ret == 1 ? 0 : ret < 0 ? ret : -EFAULT;
}

/* Private pages of the target, ready to be filled; at most CKPT_BATCH. */
int ckpt_pages_pin(struct mm_struct *mm, u64 start, u32 count, struct ckpt_pages *pages)
{
	pages->count = 0;
	while (pages->count < count) {
		int locked = 1;
		long ret;

		if (mmap_read_lock_killable(mm))
			return -EINTR;
		ret = get_user_pages_remote(mm, start + pages->count * PAGE_SIZE,
					    count - pages->count, FOLL_WRITE | FOLL_FORCE | FOLL_GET,
					    pages->page + pages->count, &locked);
		if (locked)
			mmap_read_unlock(mm);
		if (ret <= 0)
			return ret ?: -EFAULT;
		pages->count += ret;
	}
	return 0;
}

void ckpt_pages_release(struct ckpt_pages *pages, bool dirty)
{
	for (u32 i = 0; i < pages->count; i++) {
		if (!pages->page[i])
			continue;
		if (dirty)
			set_page_dirty_lock(pages->page[i]);
		put_page(pages->page[i]);
	}
	pages->count = 0;
}

bool ckpt_page_is_zero(struct page *page)
{
	void *data = kmap_local_page(page);
	bool zero = !memchr_inv(data, 0, PAGE_SIZE);

	kunmap_local(data);
	return zero;
}

u32 ckpt_page_checksum(struct page *page, u32 state)
{
	void *data = kmap_local_page(page);

	state = crc32c(state, data, PAGE_SIZE);
	kunmap_local(data);
	return state;
}

static loff_t *position(struct file *file)
{
	return file->f_mode & FMODE_STREAM ? NULL : &file->f_pos;
}

/* @size bytes of the pages from @first on, after @skip bytes of the first. */
static void pages_iter(struct iov_iter *iter, unsigned int direction, struct ckpt_pages *pages,
		       u32 first, u64 skip, u64 size)
{
	u32 count = DIV_ROUND_UP(skip + size, PAGE_SIZE);

	for (u32 i = first; i < first + count; i++)
		bvec_set_page(&pages->vec[i], pages->page[i], PAGE_SIZE, 0);
	iov_iter_bvec(iter, direction, &pages->vec[first], count, skip + size);
	iov_iter_advance(iter, skip);
}

ssize_t ckpt_pages_write(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size)
{
	struct iov_iter iter;

	pages_iter(&iter, ITER_SOURCE, pages, first, skip, size);
	return vfs_iter_write(file, &iter, position(file), 0);
}

ssize_t ckpt_pages_read(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size)
{
	struct iov_iter iter;

	pages_iter(&iter, ITER_DEST, pages, first, skip, size);
	return vfs_iter_read(file, &iter, position(file), 0);
}

ssize_t ckpt_stream_write(struct file *file, const void *data, size_t size)
{
	struct kvec vec = { .iov_base = (void *)data, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &vec, 1, size);
	return vfs_iter_write(file, &iter, position(file), 0);
}

ssize_t ckpt_stream_read(struct file *file, void *data, size_t size)
{
	struct kvec vec = { .iov_base = data, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	return vfs_iter_read(file, &iter, position(file), 0);
}

void ckpt_page_clear(struct page *page)
{
	clear_highpage(page);
}
