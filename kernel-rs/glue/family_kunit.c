// SPDX-License-Identifier: GPL-2.0
/*
 * How relatives will get their shared pages back: a proof that the way is open.
 *
 * An anonymous page may only be mapped by areas of one anon_vma ancestry, so
 * two address spaces that are built one by one cannot simply map the same one.
 * A third one can be their parent for a moment: its page is filled once, both
 * take their ancestry and their page table entries from it as fork() does, and
 * it is dropped. No task has to be forked, and none has to be current.
 */
#include <kunit/test.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>

#include "../../../mm/internal.h"
#include "glue.h"

#define START	0x10000000UL
#define SIZE	(4 * PAGE_SIZE)

static struct mm_struct *space(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;

	KUNIT_ASSERT_NOT_NULL(test, mm);
	vma = vm_area_alloc(mm);
	KUNIT_ASSERT_NOT_NULL(test, vma);
	vma_set_anonymous(vma);
	vma->vm_start = START;
	vma->vm_end = START + SIZE;
	vm_flags_init(vma, VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC);
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	mmap_write_lock(mm);
	KUNIT_ASSERT_EQ(test, 0, insert_vm_struct(mm, vma));
	mm->total_vm += SIZE >> PAGE_SHIFT;
	mmap_write_unlock(mm);
	return mm;
}

/* What fork() does for one area, between two address spaces that have it. */
static int adopt(struct mm_struct *child, struct mm_struct *parent)
{
	struct vm_area_struct *from, *to;
	int ret;

	mmap_write_lock(parent);
	mmap_write_lock_nested(child, SINGLE_DEPTH_NESTING);
	from = vma_lookup(parent, START);
	to = vma_lookup(child, START);
	vma_start_write(from);
	vma_start_write(to);
	ret = anon_vma_fork(to, from);
	if (!ret)
		ret = copy_page_range(to, from);
	mmap_write_unlock(child);
	mmap_write_unlock(parent);
	return ret;
}

static struct page *page_of(struct kunit *test, struct mm_struct *mm)
{
	struct page *page = NULL;

	KUNIT_ASSERT_EQ(test, 0, ckpt_page_fetch(mm, START, &page));
	put_page(page);	/* The address space holds it. */
	return page;
}

static void write_byte(struct kunit *test, struct mm_struct *mm, struct ckpt_pages *pages, u8 byte)
{
	KUNIT_ASSERT_EQ(test, 0, ckpt_pages_pin(mm, START, 1, pages));
	memset_page(pages->page[0], 0, byte, 1);
	ckpt_pages_release(pages, true);
}

static u8 read_byte(struct page *page)
{
	u8 byte;

	memcpy_from_page(&byte, page, 0, 1);
	return byte;
}

static void one_page_for_two(struct kunit *test)
{
	struct ckpt_pages *pages = kunit_kzalloc(test, sizeof(*pages), GFP_KERNEL);
	struct mm_struct *seed = space(test), *first = space(test), *second = space(test);
	struct page *shared;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	write_byte(test, seed, pages, 1);
	shared = page_of(test, seed);
	KUNIT_EXPECT_EQ(test, 0, adopt(first, seed));
	KUNIT_EXPECT_EQ(test, 0, adopt(second, seed));
	mmput(seed);

	/* One page in memory, mapped by both. */
	KUNIT_EXPECT_PTR_EQ(test, shared, page_of(test, first));
	KUNIT_EXPECT_PTR_EQ(test, shared, page_of(test, second));
	KUNIT_EXPECT_EQ(test, 2, folio_mapcount(page_folio(shared)));

	/* After it each write is private. */
	write_byte(test, second, pages, 2);
	KUNIT_EXPECT_PTR_NE(test, shared, page_of(test, second));
	KUNIT_EXPECT_EQ(test, 2, read_byte(page_of(test, second)));
	KUNIT_EXPECT_PTR_EQ(test, shared, page_of(test, first));
	KUNIT_EXPECT_EQ(test, 1, read_byte(page_of(test, first)));
	KUNIT_EXPECT_EQ(test, 1, folio_mapcount(page_folio(shared)));

	mmput(first);
	mmput(second);
}

static struct kunit_case family_cases[] = {
	KUNIT_CASE(one_page_for_two),
	{}
};

static struct kunit_suite family_suite = {
	.name = "checkpoint_family",
	.test_cases = family_cases,
};
kunit_test_suite(family_suite);
