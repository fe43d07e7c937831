// SPDX-License-Identifier: GPL-2.0
/* Areas: what they are, and mapping them again. */
#include <linux/file.h>
#include <linux/hugetlb.h>
#include <linux/mm_inline.h>
#include <linux/mman.h>
#include <linux/pkeys.h>
#include <linux/rmap.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>
#include <linux/vdso_datastore.h>
#include <asm/tlb.h>
#include <asm/vdso.h>
#include <asm/vdso/vsyscall.h>

#include "../../../arch/x86/entry/vdso/restore.h"
#include "../../../mm/internal.h"
#include "glue.h"

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
	{ VM_SEALED, CKPT_VM_SEALED },
	{ VM_DROPPABLE, CKPT_VM_DROPPABLE },
	{ VM_MAYBE_GUARD, CKPT_VM_GUARDED },
};

#define PKEY_FLAGS (VM_PKEY_BIT0 | VM_PKEY_BIT1 | VM_PKEY_BIT2 | VM_PKEY_BIT3)

/* Flags without a bit of ours that mean something to users. */
static const struct {
	vm_flags_t flags;
	const char *name;
} area_obstacles[] = {
	{ VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR, "userfaultfd" },
	{ VM_SHADOW_STACK, "a shadow stack" },
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
	vm_flags_t rest = vma->vm_flags & ~(AREA_FLAGS_DERIVED | PKEY_FLAGS);

	area->flags = 0;
	area->key = vma_pkey((struct vm_area_struct *)vma);
	for (int i = 0; i < ARRAY_SIZE(area_flags); i++) {
		if (vma->vm_flags & area_flags[i].kernel)
			area->flags |= area_flags[i].ours;
		rest &= ~area_flags[i].kernel;
	}
	area->unknown = rest;
}

/* Private memory from mmap(MAP_HUGETLB), whose file nobody else has and nothing is in. */
static bool is_anon_huge(struct vm_area_struct *vma)
{
	const struct path *path;

	if (!is_vm_hugetlb_page(vma) || (vma->vm_flags & VM_MAYSHARE))
		return false;
	path = &vma->vm_file->f_path;
	return ckpt_object(vma->vm_file) == CKPT_OBJECT_SHARED_MEMORY &&
	       d_count(path->dentry) == 1 && !vma->vm_file->f_mapping->nrpages;
}

static void area_kind_get(struct vm_area_struct *vma, struct ckpt_area *area)
{
	const char *name = NULL;

	if (is_vm_hugetlb_page(vma)) {
		area->page_shift = huge_page_shift(hstate_vma(vma));
		area->unknown &= ~(VM_HUGETLB | VM_DONTEXPAND);
	}
	if (vma->vm_file && ckpt_is_aio_ring(vma->vm_file)) {
		area->kind = CKPT_AREA_RING;
		area->unknown &= ~VM_DONTEXPAND;
		return;
	}
	if (vma->vm_file) {
		area->kind = is_anon_huge(vma) ? CKPT_AREA_HUGE : CKPT_AREA_FILE;
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
	if (vma->anon_vma && !is_vm_hugetlb_page(vma) && !(vma->vm_flags & VM_MAYSHARE) &&
	    (area->kind == CKPT_AREA_ANON || area->kind == CKPT_AREA_FILE))
		area->lineage = (uintptr_t)vma->anon_vma->root;
#ifdef CONFIG_NUMA
	area->has_policy = vma->vm_policy;
#endif
	strscpy_pad(area->obstacle, area_obstacle(area->unknown) ?: "", sizeof(area->obstacle));
	if (vma->vm_file && area->kind == CKPT_AREA_FILE)
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

/*
 * What nobody checks: whether memory is accounted is for this system to decide,
 * and neighbours that are merged both count as guarded.
 */
#define AREA_FLAGS_LOOSE (CKPT_VM_ACCOUNT | CKPT_VM_GUARDED)
/* What programs can choose of the parts of the vdso. */
#define AREA_FLAGS_SPECIAL (CKPT_VM_READ | CKPT_VM_WRITE | CKPT_VM_EXEC | CKPT_VM_DONTCOPY | \
			    CKPT_VM_NOHUGEPAGE | CKPT_VM_SEQ_READ | CKPT_VM_RAND_READ | \
			    CKPT_VM_SEALED)

static bool area_is_special(const struct ckpt_area *area)
{
	return area->kind == CKPT_AREA_VDSO || area->kind == CKPT_AREA_VVAR ||
	       area->kind == CKPT_AREA_VVAR_VCLOCK;
}

/* The area that holds @area's range must be what @area says. */
static int area_check(const struct ckpt_area *area)
{
	u32 strict = area_is_special(area) ? AREA_FLAGS_SPECIAL : ~AREA_FLAGS_LOOSE;
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	struct ckpt_area made = {};
	int ret = -EINVAL;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, area->start);
	if (vma && vma->vm_end >= area->end) {
		area_flags_get(vma, &made);
		area_kind_get(vma, &made);
		if (made.kind == area->kind && made.page_shift == area->page_shift &&
		    made.key == area->key && !((made.flags ^ area->flags) & strict) &&
		    !made.unknown)
			ret = 0;
	}
	mmap_read_unlock(mm);
	return ret;
}

/* The flags of mprotect() and mlock() that @area has. */
static vm_flags_t area_rights(const struct ckpt_area *area)
{
	vm_flags_t flags = (vm_flags_t)area->key << VM_PKEY_SHIFT;

	if (area->flags & CKPT_VM_READ)
		flags |= VM_READ;
	if (area->flags & CKPT_VM_WRITE)
		flags |= VM_WRITE;
	if (area->flags & CKPT_VM_EXEC)
		flags |= VM_EXEC;
	if (area->flags & CKPT_VM_LOCKED)
		flags |= VM_LOCKED;
	if (area->flags & CKPT_VM_LOCKONFAULT)
		flags |= VM_LOCKONFAULT;
	return flags;
}

#define AREA_RWX (CKPT_VM_READ | CKPT_VM_WRITE | CKPT_VM_EXEC)
#define AREA_RIGHTS (VM_ACCESS_FLAGS | PKEY_FLAGS | VM_LOCKED_MASK)

/* mprotect() of what is one area in current's address space, without taking its locks away. */
static int area_protect(const struct ckpt_area *area)
{
	unsigned long prot = area->flags & (PROT_READ | PROT_WRITE | PROT_EXEC);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma, *prev;
	struct vma_iterator vmi;
	struct mmu_gather tlb;
	vma_flags_t now, then;
	vm_flags_t flags;
	int ret = -EINVAL;

	if (area->key >= arch_max_pkey())
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	vma_iter_init(&vmi, mm, area->start);
	vma = vma_find(&vmi, area->end);
	if (!vma || vma->vm_start > area->start || vma->vm_end < area->end)
		goto unlock;
	flags = (vma->vm_flags & ~AREA_RIGHTS) | area_rights(area);
	ret = 0;
	if (((flags ^ vma->vm_flags) & AREA_RIGHTS) == 0)
		goto unlock;
	ret = -EACCES;
	now = vma->flags;
	then = legacy_to_vma_flags(flags);
	if (((flags & ~(flags >> 4)) & VM_ACCESS_FLAGS) || map_deny_write_exec(&now, &then))
		goto unlock;
	ret = security_file_mprotect(vma, prot, prot);
	if (ret)
		goto unlock;
	/* Without an anon_vma there would be nothing to account. */
	ret = -ENOMEM;
	if (vma_is_anonymous(vma) && anon_vma_prepare(vma))
		goto unlock;
	prev = vma_prev(&vmi);
	/* It may have been merged with the area before it. */
	if (vma->vm_start < area->start)
		prev = vma;
	vma_find(&vmi, area->end);
	tlb_gather_mmu(&tlb, mm);
	ret = mprotect_fixup(&vmi, &tlb, vma, &prev, area->start, area->end, flags);
	tlb_finish_mmu(&tlb);
unlock:
	mmap_write_unlock(mm);
	return ret;
}

static const struct vdso_image *vdso_image(bool compat)
{
#ifdef CONFIG_IA32_EMULATION
	if (compat)
		return &vdso32_image;
#endif
	return compat ? NULL : &vdso64_image;
}

static int area_map_special(const struct ckpt_area *area)
{
	static const enum vdso_part parts[] = {
		[CKPT_AREA_VDSO] = VDSO_PART_TEXT,
		[CKPT_AREA_VVAR] = VDSO_PART_VVAR,
		[CKPT_AREA_VVAR_VCLOCK] = VDSO_PART_VCLOCK,
	};

	if (!vdso_image(area->compat))
		return -EOPNOTSUPP;
	return vdso_restore_part(vdso_image(area->compat), parts[area->kind], area->start);
}

/* The file that mmap(MAP_HUGETLB) makes, long enough for where the area begins in it. */
static struct file *huge_file(const struct ckpt_area *area)
{
	u64 size;

	if (check_add_overflow(area->offset, area->end - area->start, &size) ||
	    size > (u64)S64_MAX)
		return ERR_PTR(-EINVAL);
	return hugetlb_file_setup(HUGETLB_ANON_FILE, size, mk_vma_flags(VMA_NORESERVE_BIT),
				  HUGETLB_ANONHUGE_INODE, area->page_shift);
}

/*
 * How much of it one mmap() can get: by default none gets more than the machine
 * has. A program can have got more in pieces, which have become one area.
 */
static unsigned long area_piece(const struct ckpt_area *area)
{
	bool is_accounted = area->flags & CKPT_VM_WRITE &&
			    !(area->flags & (CKPT_VM_SHARED | CKPT_VM_NORESERVE));

	if (!is_accounted || area->kind == CKPT_AREA_HUGE)
		return ULONG_MAX;
	return max(totalram_pages() / 2, 1UL) << PAGE_SHIFT;
}

static int area_map_memory(const struct ckpt_area *area)
{
	unsigned long size = area->end - area->start, piece = area_piece(area), done;
	unsigned long prot = 0, flags = MAP_FIXED_NOREPLACE, address = area->start;
	struct file *file = area->file;
	vm_flags_t locked = 0;

	if (area->kind == CKPT_AREA_HUGE) {
		file = huge_file(area);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	if (area->flags & CKPT_VM_READ)
		prot |= PROT_READ;
	if (area->flags & CKPT_VM_WRITE)
		prot |= PROT_WRITE;
	if (area->flags & CKPT_VM_EXEC)
		prot |= PROT_EXEC;
	if (area->flags & CKPT_VM_DROPPABLE)
		flags |= MAP_DROPPABLE;
	else
		flags |= area->flags & CKPT_VM_SHARED ? MAP_SHARED : MAP_PRIVATE;
	if (!file)
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
	for (done = 0; done < size; done += piece) {
		piece = min(piece, size - done);
		address = vm_mmap(file, area->start + done, piece, prot, flags,
				  file ? area->offset + done : 0);
		if (address != area->start + done)
			break;
	}
	current->mm->def_flags &= ~locked;
	if (area->kind == CKPT_AREA_HUGE)
		fput(file);
	if (IS_ERR_VALUE(address))
		return (int)address;
	return done < size ? -EEXIST : 0;
}

static int area_name(const struct ckpt_area *area)
{
#ifdef CONFIG_ANON_VMA_NAME
	struct anon_vma_name *name;
	int ret;

	if (!area->has_name)
		return 0;
	name = anon_vma_name_alloc(area->name);
	if (!name)
		return -ENOMEM;
	ret = madvise_set_anon_name(current->mm, area->start, area->end - area->start, name);
	anon_vma_name_put(name);
	return ret;
#else
	return area->has_name ? -EOPNOTSUPP : 0;
#endif
}

/* That there may be guard pages shows, even when there are none any longer. */
static int area_mark_guarded(const struct ckpt_area *area)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, area->start);
	if (vma)
		vma_set_atomic_flag(vma, VMA_MAYBE_GUARD_BIT);
	mmap_read_unlock(mm);
	return vma ? 0 : -EINVAL;
}

/*
 * Maps @area into current's address space, where nothing may be yet, as it has
 * to be to be filled; ckpt_area_settle() does the rest.
 *
 * Memory that was writable once stays accounted when it no longer is; mapping
 * it writable first gives the same, and keeps it apart from a neighbour that
 * never was. Locked memory is not populated before it is filled. Nobody can
 * write to huge pages that are not writable, not even by force; but mapping them
 * writable would make their file longer. A key would be
 * in the way of whatever the kernel does for current; what may only be executed
 * is mapped with another right, because mmap() would choose a key for it.
 */
int ckpt_area_map(const struct ckpt_area *area)
{
	bool was_writable = (area->flags & CKPT_VM_ACCOUNT) &&
			    !(area->flags & (CKPT_VM_WRITE | CKPT_VM_SHARED | CKPT_VM_NORESERVE));
	struct ckpt_area first = *area;
	u32 rights;
	int ret;

	first.key = 0;
	first.flags &= ~CKPT_VM_SEALED;
	if (first.flags & CKPT_VM_LOCKED)
		first.flags |= CKPT_VM_LOCKONFAULT;
	if (first.page_shift && !(first.flags & CKPT_VM_SHARED))
		first.flags |= CKPT_VM_READ | CKPT_VM_WRITE;

	rights = first.flags & AREA_RWX;
	if (was_writable && !first.page_shift)
		first.flags |= CKPT_VM_WRITE;
	else if (first.kind == CKPT_AREA_FILE && first.page_shift)
		first.flags &= ~CKPT_VM_WRITE;
	if (rights == CKPT_VM_EXEC || (first.flags & AREA_RWX) == CKPT_VM_EXEC)
		first.flags |= CKPT_VM_READ;
	ret = area_is_special(area) ? area_map_special(&first) : area_map_memory(&first);
	if (ret)
		return ret;

	first.flags &= ~AREA_RWX;
	first.flags |= rights;
	ret = area_protect(&first);
	if (!ret)
		ret = area_advise(&first);
	if (!ret)
		ret = area_name(&first);
	if (!ret && (first.flags & CKPT_VM_GUARDED))
		ret = area_mark_guarded(&first);
	return ret ?: area_check(&first);
}

/* Guard pages in an area of current's that is not filled yet. */
int ckpt_area_guard(u64 start, u64 end)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	vm_flags_t locked;
	int ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, start);
	if (!vma || vma->vm_end < end) {
		mmap_write_unlock(mm);
		return -EINVAL;
	}
	/* Guard pages come before locks, which they may not be installed in. */
	locked = vma->vm_flags & VM_LOCKED_MASK;
	vma_start_write(vma);
	vm_flags_clear(vma, VM_LOCKED_MASK);
	mmap_write_unlock(mm);

	do {
		ret = do_madvise(mm, start, end - start, MADV_GUARD_INSTALL);
	} while (ret == -ERESTARTNOINTR && !fatal_signal_pending(current));

	mmap_write_lock(mm);
	vma = vma_lookup(mm, start);
	if (vma)
		vm_flags_set(vma, locked);
	mmap_write_unlock(mm);
	return ret;
}

/* The last of what @area is, once it has been filled. */
int ckpt_area_settle(const struct ckpt_area *area)
{
	u64 size = area->end - area->start;
	int ret = area_protect(area);

	if (!ret && (area->flags & CKPT_VM_LOCKED) && !(area->flags & CKPT_VM_LOCKONFAULT))
		ret = __mm_populate(area->start, size, 1);
	if (!ret && (area->flags & CKPT_VM_SEALED))
		ret = do_mseal(area->start, size, 0);
	return ret ?: area_check(area);
}

u64 ckpt_vdso_size(bool compat)
{
	return vdso_image(compat) ? vdso_image(compat)->size : 0;
}

u64 ckpt_vdso_data_size(void)
{
	return __VDSO_PAGES * PAGE_SIZE;
}

const void *ckpt_vdso_image(bool compat)
{
	return vdso_image(compat) ? vdso_image(compat)->data : NULL;
}

/* Where the code is, or was. */
int ckpt_vdso_set(u64 base, bool compat)
{
	if (!vdso_image(compat))
		return -EOPNOTSUPP;
	return vdso_restore_base(vdso_image(compat), base);
}
