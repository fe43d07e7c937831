// SPDX-License-Identifier: GPL-2.0
/* Pages: which ones are a process's own, and what is in them. */
#include <linux/bvec.h>
#include <linux/crc32c.h>
#include <linux/highmem.h>
#include <linux/huge_mm.h>
#include <linux/hugetlb.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/leafops.h>
#include <linux/pagewalk.h>
#include <linux/workqueue.h>

#include "../../../mm/internal.h"
#include "glue.h"

/* Why there is no page here, or what kind it is. */
enum found { FOUND, FOUND_ABSENT, FOUND_HUGE };

static int collect(struct ckpt_pages *pages, unsigned long address, struct page *page,
		   enum found found)
{
	if (pages->count == CKPT_BATCH) {
		pages->next = address;
		return 1;
	}
	if (page)
		get_page(page);
	pages->address[pages->count] = address;
	pages->page[pages->count] = page;
	pages->absent[pages->count] = found == FOUND_ABSENT;
	pages->huge[pages->count] = found == FOUND_HUGE;
	pages->passed[pages->count] = false;
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
			return collect(pages, address, NULL, FOUND_ABSENT);
		return softleaf_is_guard_marker(entry) ? 0 : -EIO;
	}
	if (is_zero_pfn(pte_pfn(pte)))
		return vma_is_anonymous(vma) ? 0 : collect(pages, address, NULL, FOUND);
	page = vm_normal_page(vma, address, pte);
	if (!page)
		return -EIO;
	return PageAnon(page) ? collect(pages, address, page, FOUND) : 0;
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
		ret = collect(pages, address, page, page ? FOUND_HUGE : FOUND_ABSENT);
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

#ifdef CONFIG_HUGETLB_PAGE
/* A huge page of private memory, from @address to @end. */
static int collect_hugetlb(pte_t *pte, unsigned long hmask, unsigned long address,
			   unsigned long end, struct mm_walk *walk)
{
	struct ckpt_pages *pages = walk->private;
	struct page *page = NULL;
	spinlock_t *lock;
	pte_t entry;
	int ret = 0;

	lock = huge_pte_lock(hstate_vma(walk->vma), walk->mm, pte);
	entry = huge_ptep_get(walk->mm, address & hmask, pte);
	if (pte_present(entry))
		page = pte_page(entry) + ((address & ~hmask) >> PAGE_SHIFT);
	if (page ? PageAnon(page) : !huge_pte_none(entry)) {
		for (; address < end && !ret; address += PAGE_SIZE) {
			ret = collect(pages, address, page, page ? FOUND : FOUND_ABSENT);
			if (page)
				page++;
		}
	}
	spin_unlock(lock);
	cond_resched();
	return ret;
}
#else
#define collect_hugetlb NULL
#endif

static const struct mm_walk_ops collect_ops = {
	.pmd_entry = collect_pmd,
	.hugetlb_entry = collect_hugetlb,
	.walk_lock = PGWALK_RDLOCK,
};

/* Walks through what is one area from @start to @end. */
static int walk(struct mm_struct *mm, u64 start, u64 end, const struct mm_walk_ops *ops,
		void *private)
{
	struct vm_area_struct *vma;
	int ret = -EFAULT;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, start);
	if (vma && vma->vm_end >= end)
		ret = walk_page_range_vma(vma, start, end, ops, private);
	mmap_read_unlock(mm);
	return min(ret, 0);
}

/*
 * The pages between @start and @end, in one area, that are not what its file or
 * an empty area would give; CKPT_BATCH at most. @pages->next says where to go on.
 */
int ckpt_pages_collect(struct mm_struct *mm, u64 start, u64 end, struct ckpt_pages *pages)
{
	pages->count = 0;
	pages->next = end;
	return walk(mm, start, end, &collect_ops, pages);
}

/* What a page table entry says that no page contents can say. */
static const char *entry_obstacle(struct vm_area_struct *vma, unsigned long address, pte_t pte)
{
	softleaf_t entry;

	if (pte_present(pte)) {
		if (is_zero_pfn(pte_pfn(pte)) || vm_normal_page(vma, address, pte))
			return NULL;
		return "memory of a device";
	}
	entry = softleaf_from_pte(pte);
	if (softleaf_is_swap(entry) || softleaf_is_migration(entry))
		return NULL;
	if (softleaf_is_hwpoison(entry))
		return "a page with a memory error";
	if (softleaf_is_device_private(entry) || softleaf_is_device_exclusive(entry))
		return "a page in the memory of a device";
	if (softleaf_is_poison_marker(entry))
		return "a page that was poisoned";
	if (softleaf_is_uffd_wp_marker(entry))
		return "a page that userfaultfd protects";
	return "a page of an unknown kind";
}

static int guards_add(struct ckpt_guards *guards, unsigned long address)
{
	u32 last = guards->count - 1;

	if (guards->count && guards->end[last] == address) {
		guards->end[last] += PAGE_SIZE;
		return 0;
	}
	if (guards->count == CKPT_GUARDS) {
		guards->next = address;
		return 1;
	}
	guards->start[guards->count] = address;
	guards->end[guards->count] = address + PAGE_SIZE;
	guards->count++;
	return 0;
}

static int guards_pmd(pmd_t *pmd, unsigned long address, unsigned long end, struct mm_walk *walk)
{
	struct ckpt_guards *guards = walk->private;
	struct vm_area_struct *vma = walk->vma;
	pte_t *pte, *first;
	spinlock_t *lock;
	int ret = 0;

	lock = pmd_trans_huge_lock(pmd, vma);
	if (lock) {
		if (!pmd_present(*pmd) && !pmd_is_migration_entry(*pmd)) {
			guards->obstacle = "a page in the memory of a device";
			guards->strange = address;
			ret = 1;
		}
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

		if (pte_none(entry))
			continue;
		if (!pte_present(entry) && softleaf_is_guard_marker(softleaf_from_pte(entry))) {
			ret = guards_add(guards, address);
			continue;
		}
		guards->obstacle = entry_obstacle(vma, address, entry);
		if (guards->obstacle) {
			guards->strange = address;
			ret = 1;
		}
	}
	pte_unmap_unlock(first, lock);
	cond_resched();
	return ret;
}

#ifdef CONFIG_HUGETLB_PAGE
static int guards_hugetlb(pte_t *pte, unsigned long hmask, unsigned long address,
			  unsigned long end, struct mm_walk *walk)
{
	struct ckpt_guards *guards = walk->private;
	spinlock_t *lock;
	pte_t entry;

	lock = huge_pte_lock(hstate_vma(walk->vma), walk->mm, pte);
	entry = huge_ptep_get(walk->mm, address & hmask, pte);
	if (!huge_pte_none(entry) && !pte_present(entry))
		guards->obstacle = entry_obstacle(walk->vma, address, entry);
	spin_unlock(lock);
	guards->strange = address;
	return guards->obstacle ? 1 : 0;
}
#else
#define guards_hugetlb NULL
#endif

static const struct mm_walk_ops guards_ops = {
	.pmd_entry = guards_pmd,
	.hugetlb_entry = guards_hugetlb,
	.walk_lock = PGWALK_RDLOCK,
};

/*
 * The guard pages between @start and @end, in one area, up to the first page
 * that cannot be saved; CKPT_GUARDS runs at most. @guards->next says where to
 * go on.
 */
int ckpt_guards_collect(struct mm_struct *mm, u64 start, u64 end, struct ckpt_guards *guards)
{
	guards->count = 0;
	guards->next = end;
	guards->obstacle = NULL;
	return walk(mm, start, end, &guards_ops, guards);
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

/*
 * Has one huge page stand where @address is, if one may be there and can be
 * had; else small ones will.
 */
void ckpt_page_make_huge(struct mm_struct *mm, u64 address)
{
	int locked = 1;

	if (mmap_read_lock_killable(mm))
		return;
	mm_flags_clear(MMF_DISABLE_THP_COMPLETELY, mm);
	get_user_pages_remote(mm, address, 1, FOLL_WRITE | FOLL_FORCE, NULL, &locked);
	mm_flags_set(MMF_DISABLE_THP_COMPLETELY, mm);
	if (locked)
		mmap_read_unlock(mm);
}

/*
 * Private pages of the target, ready to be filled; at most CKPT_BATCH. None is
 * a huge page of its own accord: see ckpt_mm_renew().
 */
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
	memset(pages->passed, 0, sizeof(pages->passed));
	return 0;
}

static bool is_zero(struct page *page)
{
	void *data = kmap_local_page(page);
	bool zero = !memchr_inv(data, 0, PAGE_SIZE);

	kunmap_local(data);
	return zero;
}

static u32 checksum(struct page *page, u32 state)
{
	void *data = kmap_local_page(page);

	state = crc32c(state, data, PAGE_SIZE);
	kunmap_local(data);
	return state;
}

/* What a page of zeros makes of each bit of a checksum: the rest is linear. */
static u32 past_page[32] __ro_after_init;

static int __init past_page_init(void)
{
	for (int bit = 0; bit < ARRAY_SIZE(past_page); bit++)
		past_page[bit] = checksum(ZERO_PAGE(0), BIT(bit));
	return 0;
}
late_initcall(past_page_init);

static u32 checksum_join(u32 state, u32 page)
{
	for (int bit = 0; bit < ARRAY_SIZE(past_page); bit++) {
		if (state & BIT(bit))
			page ^= past_page[bit];
	}
	return page;
}

/* What another processor finds out about pages. */
struct ckpt_examination {
	struct work_struct work;
	u32 count;		/* zero: nothing was asked */
	struct page *page[CKPT_BATCH];
	bool zero[CKPT_BATCH];
	u32 checksum[CKPT_BATCH];
};

static void examine(struct work_struct *work)
{
	struct ckpt_examination *found = container_of(work, struct ckpt_examination, work);

	for (u32 i = 0; i < found->count; i++) {
		if (!found->page[i])
			continue;
		found->zero[i] = is_zero(found->page[i]);
		if (!found->zero[i])
			found->checksum[i] = checksum(found->page[i], 0);
	}
}

/*
 * Has another processor look at every page, while this one reads or writes
 * others. Whoever asks about one of the pages waits until that is done.
 * Without memory for it, whoever asks has to look.
 */
void ckpt_pages_examine(struct ckpt_pages *pages)
{
	struct ckpt_examination *found = pages->examination;

	if (!pages->count)
		return;
	if (!found)
		found = pages->examination = kmalloc_obj(*found, GFP_KERNEL);
	if (!found)
		return;
	INIT_WORK(&found->work, examine);
	found->count = pages->count;
	for (u32 i = 0; i < pages->count; i++)
		found->page[i] = pages->passed[i] ? NULL : pages->page[i];
	queue_work(system_dfl_wq, &found->work);
}

/* What was found out, or NULL. */
static const struct ckpt_examination *examined(const struct ckpt_pages *pages)
{
	struct ckpt_examination *found = pages->examination;

	if (!found || !found->count)
		return NULL;
	flush_work(&found->work);
	return found;
}

bool ckpt_page_is_zero(const struct ckpt_pages *pages, u32 index)
{
	const struct ckpt_examination *found = examined(pages);

	return found ? found->zero[index] : is_zero(pages->page[index]);
}

u32 ckpt_page_checksum(const struct ckpt_pages *pages, u32 index, u32 state)
{
	const struct ckpt_examination *found = examined(pages);

	if (found && !found->zero[index])
		return checksum_join(state, found->checksum[index]);
	return checksum(pages->page[index], state);
}

void ckpt_pages_forget(struct ckpt_pages *pages)
{
	kfree(pages->examination);
	pages->examination = NULL;
}

void ckpt_pages_release(struct ckpt_pages *pages, bool dirty)
{
	if (examined(pages))
		pages->examination->count = 0;
	for (u32 i = 0; i < pages->count; i++) {
		if (!pages->page[i])
			continue;
		if (dirty)
			set_page_dirty_lock(pages->page[i]);
		put_page(pages->page[i]);
	}
	pages->count = 0;
}

void ckpt_page_clear(struct page *page)
{
	clear_highpage(page);
}
