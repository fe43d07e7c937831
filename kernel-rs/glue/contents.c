// SPDX-License-Identifier: GPL-2.0
/* What is in inodes: pages of shmem and hugetlbfs, and the bytes of any other file. */
#include <linux/fs.h>
#include <linux/falloc.h>
#include <linux/file.h>
#include <linux/folio_batch.h>
#include <linux/hugetlb.h>
#include <linux/memcontrol.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>
#include <linux/uio.h>

#include "../../../mm/internal.h"
#include "glue.h"

/*
 * The inode of @file, to be read without a trace. Who has it open for writing
 * only could not read it; then the caller has to have that right.
 */
struct file *ckpt_contents_open(struct file *file)
{
	if (!(file->f_mode & FMODE_READ)) {
		int ret = file_permission(file, MAY_READ);

		if (ret)
			return ERR_PTR(ret);
	}
	return dentry_open_nonotify(&file->f_path, O_RDONLY | O_LARGEFILE | O_NOATIME, current_cred());
}

/* Are its pages the only place where its content is? */
bool ckpt_is_memory(struct file *file)
{
	return shmem_mapping(file_inode(file)->i_mapping) || ckpt_is_huge(file_inode(file));
}

/* Pages that @index lies among, in one entry. True if there is room for no more of them. */
static bool collect_entry(struct address_space *mapping, struct folio *folio, pgoff_t index,
			  pgoff_t from, struct ckpt_pages *pages)
{
	pgoff_t end_of_file = DIV_ROUND_UP(i_size_read(mapping->host), PAGE_SIZE);
	bool swapped = xa_is_value(folio);
	pgoff_t count = swapped ? 1UL << xa_get_order(&mapping->i_pages, index) :
				  folio_nr_pages(folio);
	pgoff_t first = swapped ? round_down(index, count) : folio->index;
	bool present = !swapped && folio_test_uptodate(folio);

	for (pgoff_t i = max(first, from); i < first + count; i++) {
		/* Of a huge page there may be more than of the file; but fallocate() may reserve more. */
		if (i >= end_of_file && (swapped || present)) {
			if (!ckpt_is_huge(mapping->host))
				return false;
			present = false;
		}
		if (pages->count == CKPT_BATCH) {
			pages->next = (u64)i << PAGE_SHIFT;
			return true;
		}
		pages->address[pages->count] = (u64)i << PAGE_SHIFT;
		pages->absent[pages->count] = swapped;
		pages->page[pages->count] = NULL;
		if (present) {
			pages->page[pages->count] = folio_page(folio, i - first);
			get_page(pages->page[pages->count]);
		}
		pages->count++;
	}
	return false;
}

/* What a memory error has destroyed must not be touched; read(2) says so too. */
static bool is_destroyed(struct folio *folio)
{
	return folio_contain_hwpoisoned_page(folio);
}

/*
 * What memory holds of a file from @start on; CKPT_BATCH pages at most.
 * @pages->next says where to go on. A page that is NULL and not absent was
 * reserved by fallocate() and not written to. -EIO: a memory error has destroyed some.
 */
int ckpt_memory_collect(struct file *file, u64 start, struct ckpt_pages *pages)
{
	struct address_space *mapping = file_inode(file)->i_mapping;
	pgoff_t indices[FOLIO_BATCH_SIZE], from = start >> PAGE_SHIFT, next = from;
	struct folio_batch batch;
	bool full = false;
	int ret = 0;

	pages->count = 0;
	pages->next = U64_MAX;
	folio_batch_init(&batch);
	while (!ret && !full && find_get_entries(mapping, &next, MAX_LFS_FILESIZE >> PAGE_SHIFT, &batch,
					 indices)) {
		for (u32 i = 0; i < folio_batch_count(&batch) && !full && !ret; i++) {
			if (!xa_is_value(batch.folios[i]) && is_destroyed(batch.folios[i]))
				ret = -EIO;
			else
				full = collect_entry(mapping, batch.folios[i], indices[i], from,
						     pages);
		}
		folio_batch_remove_exceptionals(&batch);
		folio_batch_release(&batch);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return ret;
}

/* Reads a page of shmem in. */
int ckpt_shmem_fetch(struct file *file, u64 position, struct page **page)
{
	pgoff_t index = position >> PAGE_SHIFT;
	struct folio *folio;
	int ret = shmem_get_folio(file_inode(file), index, 0, &folio, SGP_READ);

	if (ret)
		return ret;
	*page = NULL;
	if (!folio)
		return 0;
	folio_unlock(folio);
	if (is_destroyed(folio)) {
		folio_put(folio);
		return -EIO;
	}
	*page = folio_file_page(folio, index);
	return 0;
}

/* Whose memory it is that is taken until paid_for(). */
static struct mem_cgroup *pay(struct mm_struct *payer, struct mem_cgroup **before)
{
	struct mem_cgroup *memcg = get_mem_cgroup_from_mm(payer);

	*before = set_active_memcg(memcg);
	return memcg;
}

static void paid_for(struct mem_cgroup *memcg, struct mem_cgroup *before)
{
	set_active_memcg(before);
	mem_cgroup_put(memcg);
}

/* The page of huge memory that @index lies in, there from now on. */
static int huge_get_folio(struct file *file, pgoff_t index, struct folio **folio)
{
	struct address_space *mapping = file_inode(file)->i_mapping;
	int ret;

	*folio = filemap_get_folio(mapping, index);
	if (*folio == ERR_PTR(-ENOENT)) {
		ret = vfs_fallocate(file, FALLOC_FL_KEEP_SIZE, (loff_t)index << PAGE_SHIFT,
				    PAGE_SIZE);
		if (ret)
			return ret;
		*folio = filemap_get_folio(mapping, index);
	}
	return PTR_ERR_OR_ZERO(*folio);
}

/* Pages of memory, ready to be filled; at most CKPT_BATCH. */
int ckpt_memory_pin(struct file *file, struct mm_struct *payer, u64 start, u32 count,
		    struct ckpt_pages *pages)
{
	struct mem_cgroup *before, *memcg = pay(payer, &before);
	int ret = 0;

	pages->count = 0;
	while (pages->count < count) {
		pgoff_t index = (start >> PAGE_SHIFT) + pages->count;
		struct folio *folio;

		if (ckpt_is_huge(file_inode(file))) {
			ret = huge_get_folio(file, index, &folio);
		} else {
			ret = shmem_get_folio(file_inode(file), index, 0, &folio, SGP_CACHE);
			if (!ret)
				folio_unlock(folio);
		}
		if (ret)
			break;
		pages->address[pages->count] = start + pages->count * PAGE_SIZE;
		pages->absent[pages->count] = false;
		pages->page[pages->count++] = folio_file_page(folio, index);
	}
	paid_for(memcg, before);
	return ret;
}

/*
 * The next stretch of huge pages that are there or promised to a file: 1, or 0 if
 * there is none.
 */
int ckpt_promise_find(struct file *file, u64 from, u64 *start, u64 *end)
{
	int found = 0;

#ifdef CONFIG_HUGETLBFS
	struct inode *inode = file_inode(file);
	struct file_region *region;
	struct resv_map *map;
	u32 shift;

	if (!ckpt_is_huge(inode))
		return 0;
	shift = huge_page_shift(hstate_inode(inode));
	map = HUGETLBFS_I(inode)->resv_map;
	spin_lock(&map->lock);
	list_for_each_entry(region, &map->regions, link) {
		*start = max((u64)region->from << shift, from);
		*end = (u64)region->to << shift;
		found = *start < *end;
		if (found)
			break;
	}
	spin_unlock(&map->lock);
#endif
	return found;
}

/* Huge pages for a stretch of a file, as mmap() reserves them. */
int ckpt_promise_make(struct file *file, u64 start, u64 size)
{
#ifdef CONFIG_HUGETLBFS
	struct inode *inode = file_inode(file);
	struct hstate *h;
	long ret;

	if (!ckpt_is_huge(inode))
		return -EINVAL;
	h = hstate_inode(inode);
	if ((start | size) & ~huge_page_mask(h))
		return -EINVAL;
	inode_lock(inode);
	ret = hugetlb_reserve_pages(inode, start >> huge_page_shift(h),
				    (start + size) >> huge_page_shift(h), NULL, EMPTY_VMA_FLAGS);
	inode_unlock(inode);
	return min(ret, 0);
#else
	return -EOPNOTSUPP;
#endif
}

/* hugetlbfs does not tell holes apart. */
static int huge_data_find(struct inode *inode, u64 from, u64 *start, u64 *end)
{
	pgoff_t next = from >> PAGE_SHIFT;
	struct folio_batch batch;
	int found;

	folio_batch_init(&batch);
	found = filemap_get_folios(inode->i_mapping, &next, MAX_LFS_FILESIZE >> PAGE_SHIFT, &batch);
	if (found) {
		*start = folio_pos(batch.folios[0]);
		*end = *start + folio_size(batch.folios[0]);
	}
	folio_batch_release(&batch);
	return found != 0;
}

/* The next stretch of a file that is not a hole: 1, or 0 if there is none. */
int ckpt_data_find(struct file *file, u64 from, u64 *start, u64 *end)
{
	loff_t data, hole;

	if (ckpt_is_huge(file_inode(file)))
		return huge_data_find(file_inode(file), from, start, end);
	data = vfs_llseek(file, from, SEEK_DATA);
	if (data == -ENXIO)
		return 0;
	if (data < 0)
		return data;
	hole = vfs_llseek(file, data, SEEK_HOLE);
	if (hole < 0)
		return hole;
	*start = data;
	*end = hole;
	return 1;
}

/* As fallocate(FALLOC_FL_KEEP_SIZE). */
int ckpt_space_reserve(struct file *file, struct mm_struct *payer, u64 start, u64 size)
{
	struct mem_cgroup *before, *memcg = pay(payer, &before);
	int ret = vfs_fallocate(file, FALLOC_FL_KEEP_SIZE, start, size);

	paid_for(memcg, before);
	return ret;
}

/* Pages of our own, zero, for the bytes from @start on. */
int ckpt_pages_allocate(struct ckpt_pages *pages, u64 start, u32 count)
{
	pages->count = 0;
	while (pages->count < count) {
		struct page *page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);

		if (!page)
			return -ENOMEM;
		pages->address[pages->count] = start + pages->count * PAGE_SIZE;
		pages->absent[pages->count] = false;
		pages->page[pages->count++] = page;
	}
	return 0;
}

/* Reads bytes of a file into pages; @pages->address says from where. May be short. */
ssize_t ckpt_contents_read(struct file *file, struct ckpt_pages *pages, u64 skip, u64 size)
{
	loff_t position = pages->address[0] + skip;
	struct iov_iter iter;

	ckpt_pages_iter(&iter, ITER_DEST, pages, 0, skip, size);
	return vfs_iter_read(file, &iter, &position, 0);
}

/* Likewise, the other way. */
ssize_t ckpt_contents_write(struct file *file, struct mm_struct *payer, struct ckpt_pages *pages,
			    u64 skip, u64 size)
{
	struct mem_cgroup *before, *memcg = pay(payer, &before);
	loff_t position = pages->address[0] + skip;
	struct iov_iter iter;
	ssize_t ret;

	ckpt_pages_iter(&iter, ITER_SOURCE, pages, 0, skip, size);
	ret = vfs_iter_write(file, &iter, &position, 0);
	paid_for(memcg, before);
	return ret;
}
