// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that relatives still share since a fork.
 *
 * An anonymous page can only be mapped by areas that are linked with its
 * anon_vma, which is how the kernel finds whoever maps it. fork() links the
 * child's areas with the parent's; here areas that were built one by one are
 * linked the same way, before the first page is in them. Then every page of one
 * of them can be mapped by the others, as fork() would.
 */
#include <linux/hugetlb.h>
#include <linux/ksm.h>
#include <linux/leafops.h>
#include <linux/mm.h>
#include <linux/pagewalk.h>
#include <linux/rmap.h>

#include "../../../mm/internal.h"
#include "glue.h"

/* Who could have it too; that nobody else has is for PageAnonExclusive() to say. */
bool ckpt_page_may_be_inherited(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!folio_test_anon(folio) || folio_test_ksm(folio) || folio_test_hugetlb(folio))
		return false;
	if (folio_test_large(folio) && folio_entire_mapcount(folio))
		page = &folio->page;
	return !PageAnonExclusive(page);
}

/* How many of @count pages from @first on @mm has too, at their addresses. */
u32 ckpt_pages_held(struct mm_struct *mm, const struct ckpt_pages *pages, u32 first, u32 count)
{
	struct vm_area_struct *vma = NULL;
	struct folio_walk fw;
	u32 held = 0;

	if (mmap_read_lock_killable(mm))
		return 0;
	for (; held < count; held++) {
		unsigned long address = pages->address[first + held];
		bool same;

		if (!vma || address >= vma->vm_end)
			vma = vma_lookup(mm, address);
		if (!vma || !folio_walk_start(&fw, vma, address, 0))
			break;
		same = fw.page == pages->page[first + held];
		folio_walk_end(&fw, vma);
		if (!same)
			break;
	}
	mmap_read_unlock(mm);
	return held;
}

/* Both for writing; the caller is the only one that ever holds two. */
static int lock_both(struct mm_struct *mm, struct mm_struct *other)
{
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (mm != other)
		mmap_write_lock_nested(other, SINGLE_DEPTH_NESTING);
	return 0;
}

static void unlock_both(struct mm_struct *mm, struct mm_struct *other)
{
	if (mm != other)
		mmap_write_unlock(other);
	mmap_write_unlock(mm);
}

/* An area that neighbours were merged into may belong to another family already. */
static bool has_kin(const struct vm_area_struct *vma)
{
	const struct anon_vma *own = vma->anon_vma;

	return own && (own->root != own || (own->num_active_vmas == 1 && own->num_children > 1));
}

/* Only guards do not have to be found. */
static int is_page(pte_t *pte, unsigned long address, unsigned long next, struct mm_walk *walk)
{
	pte_t entry = ptep_get(pte);

	return !pte_none(entry) &&
	       (pte_present(entry) || !softleaf_is_marker(softleaf_from_pte(entry)));
}

static int is_huge(pmd_t *pmd, unsigned long address, unsigned long next, struct mm_walk *walk)
{
	return pmd_trans_huge(pmdp_get_lockless(pmd)) || !pmd_present(pmdp_get_lockless(pmd));
}

/* Nothing that a process of its own has written there, or a probe. */
static bool is_empty(struct vm_area_struct *vma)
{
	static const struct mm_walk_ops ops = {
		.pmd_entry = is_huge,
		.pte_entry = is_page,
		.walk_lock = PGWALK_WRLOCK_VERIFY,
	};

	return !walk_page_vma(vma, &ops, NULL);
}

static int join(struct vm_area_struct *vma, struct vm_area_struct *founder)
{
	int ret;

	if ((vma->vm_flags | founder->vm_flags) & (VM_MAYSHARE | VM_HUGETLB))
		return 0;
	ret = anon_vma_prepare(founder);
	if (ret)
		return ret;
	if (vma == founder || has_kin(vma) ||
	    (vma->anon_vma && vma->anon_vma->root == founder->anon_vma->root))
		return 0;
	vma_start_write(vma);
	if (!is_empty(vma))
		return 0;
	unlink_anon_vmas(vma);
	/* As in fork(), nobody may look at it meanwhile. */
	vma_mark_detached(vma);
	ret = anon_vma_fork(vma, founder);
	vma_mark_attached(vma);
	return ret;
}

/*
 * Makes the area at @address, which no page is in yet, a relative of the one at
 * @from in the address space @founder.
 */
int ckpt_area_join(struct mm_struct *mm, u64 address, struct mm_struct *founder, u64 from)
{
	struct vm_area_struct *vma, *first;
	int ret;

	ret = lock_both(founder, mm);
	if (ret)
		return ret;
	vma = vma_lookup(mm, address);
	first = vma_lookup(founder, from);
	ret = vma && first ? join(vma, first) : -EINVAL;
	unlock_both(founder, mm);
	return ret;
}

/*
 * Whoever is linked with the root can find what is there. @folio: mapped by @vma,
 * under the lock of its table; so it is neither a file's nor about to be.
 */
static bool move_to_root(struct folio *folio, struct vm_area_struct *vma)
{
	void *root = (void *)vma->anon_vma->root + FOLIO_MAPPING_ANON;
	bool own;

	if (READ_ONCE(folio->mapping) == root)
		return true;
	if (!folio_trylock(folio))
		return false;
	/* KSM makes a page its own under the lock of the folio. */
	own = folio_test_anon(folio) && !folio_test_ksm(folio);
	if (own)
		WRITE_ONCE(folio->mapping, root);
	folio_unlock(folio);
	return own;
}

/* Maps what @from has at @address there in @to too, if that is @page. */
static int inherit(struct vm_area_struct *to, struct vm_area_struct *from, unsigned long address,
		   struct page *page, bool *write_protected)
{
	struct folio *folio = page_folio(page);
	spinlock_t *lock, *from_lock;
	pte_t *pte, *from_pte, entry;
	int ret = -EAGAIN;
	pmd_t *pmd, seen;

	pte = get_locked_pte(to->vm_mm, address, &lock);
	if (!pte)
		return -ENOMEM;
	pmd = mm_find_pmd(from->vm_mm, address);
	from_pte = pmd ? pte_offset_map_rw_nolock(from->vm_mm, pmd, address, &seen, &from_lock) : NULL;
	if (!from_pte)
		goto unlock;
	spin_lock_nested(from_lock, SINGLE_DEPTH_NESTING);
	entry = ptep_get(from_pte);
	if (!pte_none(ptep_get(pte)) || !pte_present(entry) || pte_pfn(entry) != page_to_pfn(page) ||
	    !move_to_root(folio, from))
		goto unlock_both;
	folio_get(folio);
	if (folio_try_dup_anon_rmap_pte(folio, page, to, from)) {
		folio_put(folio);
		goto unlock_both;
	}
	if (pte_write(entry)) {
		ptep_set_wrprotect(from->vm_mm, address, from_pte);
		*write_protected = true;
	}
	entry = pte_mkold(pte_mkdirty(mk_pte(page, to->vm_page_prot)));
	set_pte_at(to->vm_mm, address, pte, entry);
	inc_mm_counter(to->vm_mm, MM_ANONPAGES);
	if (!folio_test_large(folio))
		mlock_vma_folio(folio, to);
	ret = 0;
unlock_both:
	pte_unmap_unlock(from_pte, from_lock);
unlock:
	pte_unmap_unlock(pte, lock);
	return ret;
}

static bool are_kin(const struct vm_area_struct *to, const struct vm_area_struct *from,
		    u64 start, u64 end)
{
	return to && from && to->vm_end >= end && from->vm_end >= end &&
	       !((to->vm_flags | from->vm_flags) & (VM_MAYSHARE | VM_HUGETLB)) &&
	       to->anon_vma && from->anon_vma && to->anon_vma->root == from->anon_vma->root &&
	       linear_page_index(to, start) == linear_page_index(from, start);
}

/*
 * Maps pages of @from, which lie one after the other, at the same addresses in
 * @mm, where nothing is yet. Returns how many: the area may be no relative after
 * all, or the page on its way to swap.
 */
int ckpt_pages_inherit(struct mm_struct *mm, struct mm_struct *from,
		       const struct ckpt_pages *pages)
{
	u64 start = pages->address[0], end = start + (u64)pages->count * PAGE_SIZE;
	struct vm_area_struct *vma, *from_vma;
	bool write_protected = false;
	u32 count = 0;
	int ret;

	if (mm == from)
		return -EINVAL;
	ret = lock_both(from, mm);
	if (ret)
		return ret;
	vma = vma_lookup(mm, start);
	from_vma = vma_lookup(from, start);
	if (!are_kin(vma, from_vma, start, end))
		goto unlock;
	vma_start_write(vma);
	vma_start_write(from_vma);
	for (u64 address = start; address < end; address = ALIGN(address + 1, HPAGE_PMD_SIZE)) {
		split_huge_pmd_address(from_vma, address, false);
		split_huge_pmd_address(vma, address, false);
	}
	raw_write_seqcount_begin(&from->write_protect_seq);
	for (; count < pages->count && !ret; count++)
		ret = inherit(vma, from_vma, pages->address[count], pages->page[count],
			      &write_protected);
	raw_write_seqcount_end(&from->write_protect_seq);
	if (ret)
		count--;
	if (write_protected)
		flush_tlb_range(from_vma, start, end);
unlock:
	unlock_both(from, mm);
	return ret && ret != -EAGAIN ? ret : count;
}

/* Copies @count pages from @first on, for those who could not inherit them. */
void ckpt_pages_copy(struct ckpt_pages *to, const struct ckpt_pages *from, u32 first, u32 count)
{
	for (u32 i = 0; i < count; i++)
		copy_highpage(to->page[i], from->page[first + i]);
}
