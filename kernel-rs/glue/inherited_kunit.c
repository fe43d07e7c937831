// SPDX-License-Identifier: GPL-2.0
/* Two address spaces that were built one by one, and one page for both. */
#include <kunit/test.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>

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

static void one_page_for_three(struct kunit *test)
{
	struct ckpt_pages *pages = kunit_kzalloc(test, sizeof(*pages), GFP_KERNEL);
	struct mm_struct *first = space(test), *second = space(test), *third = space(test);
	struct page *shared;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	KUNIT_ASSERT_EQ(test, 0, ckpt_area_join(second, START, first, START));
	KUNIT_ASSERT_EQ(test, 0, ckpt_area_join(third, START, first, START));

	/* It need not be the founder's. */
	write_byte(test, second, pages, 1);
	shared = page_of(test, second);
	KUNIT_EXPECT_FALSE(test, ckpt_page_may_be_inherited(shared));
	KUNIT_ASSERT_EQ(test, 0, ckpt_pages_collect(second, START, START + PAGE_SIZE, pages));
	KUNIT_ASSERT_EQ(test, 1, pages->count);
	KUNIT_EXPECT_EQ(test, 1, ckpt_pages_inherit(first, second, pages));
	KUNIT_EXPECT_EQ(test, 1, ckpt_pages_inherit(third, second, pages));
	KUNIT_EXPECT_EQ(test, 0, ckpt_pages_inherit(third, second, pages));
	KUNIT_EXPECT_EQ(test, 1, ckpt_pages_held(first, pages, 0, 1));
	KUNIT_EXPECT_TRUE(test, ckpt_page_may_be_inherited(shared));
	ckpt_pages_release(pages, false);

	/* One page in memory, mapped by all of them. */
	KUNIT_EXPECT_PTR_EQ(test, shared, page_of(test, first));
	KUNIT_EXPECT_PTR_EQ(test, shared, page_of(test, third));
	KUNIT_EXPECT_EQ(test, 3, folio_mapcount(page_folio(shared)));

	/* After it each write is private, also that of whom it came from. */
	write_byte(test, second, pages, 2);
	KUNIT_EXPECT_PTR_NE(test, shared, page_of(test, second));
	KUNIT_EXPECT_EQ(test, 2, read_byte(page_of(test, second)));
	KUNIT_EXPECT_PTR_EQ(test, shared, page_of(test, first));
	KUNIT_EXPECT_EQ(test, 1, read_byte(page_of(test, first)));
	KUNIT_EXPECT_EQ(test, 2, folio_mapcount(page_folio(shared)));

	/* Nor do they need each other. */
	mmput(second);
	mmput(first);
	KUNIT_EXPECT_EQ(test, 1, read_byte(page_of(test, third)));
	mmput(third);
}

static void strangers_share_nothing(struct kunit *test)
{
	struct ckpt_pages *pages = kunit_kzalloc(test, sizeof(*pages), GFP_KERNEL);
	struct mm_struct *first = space(test), *second = space(test);

	KUNIT_ASSERT_NOT_NULL(test, pages);
	write_byte(test, first, pages, 1);
	KUNIT_ASSERT_EQ(test, 0, ckpt_pages_collect(first, START, START + PAGE_SIZE, pages));
	KUNIT_EXPECT_EQ(test, 0, ckpt_pages_inherit(second, first, pages));
	KUNIT_EXPECT_EQ(test, 0, ckpt_pages_held(second, pages, 0, 1));
	ckpt_pages_release(pages, false);
	mmput(first);
	mmput(second);
}

static struct kunit_case inherited_cases[] = {
	KUNIT_CASE(one_page_for_three),
	KUNIT_CASE(strangers_share_nothing),
	{}
};

static struct kunit_suite inherited_suite = {
	.name = "checkpoint_inherited",
	.test_cases = inherited_cases,
};
kunit_test_suite(inherited_suite);
