// SPDX-License-Identifier: GPL-2.0
/* Contexts for asynchronous I/O. */
#include <linux/aio_restore.h>
#include <linux/errno.h>
#include <linux/kconfig.h>

#include "aio.h"

bool ckpt_is_aio_ring(const struct file *file)
{
	return IS_ENABLED(CONFIG_AIO) && is_aio_ring(file);
}

/* The first context from @place on. */
bool ckpt_aio_next(struct mm_struct *mm, u32 place, struct ckpt_aio *out)
{
	struct aio_kept kept = { .id = place };

	if (!IS_ENABLED(CONFIG_AIO) || !aio_get_context(mm, &kept))
		return false;
	out->address = kept.address;
	out->size = kept.size;
	out->requests = kept.max_reqs;
	out->place = kept.id;
	out->room = kept.nr;
	out->tail = kept.tail;
	out->completed = kept.completed;
	out->pending = kept.pending;
	return true;
}

int ckpt_aio_page_get(struct mm_struct *mm, u32 place, u32 index, void *page)
{
	return IS_ENABLED(CONFIG_AIO) ? aio_get_page(mm, place, index, page) : -EINVAL;
}

/* For current. */
int ckpt_aio_make(const struct ckpt_aio *in)
{
	struct aio_kept kept = {
		.address = in->address,
		.size = in->size,
		.max_reqs = in->requests,
		.id = in->place,
		.nr = in->room,
		.tail = in->tail,
		.completed = in->completed,
	};

	return IS_ENABLED(CONFIG_AIO) ? aio_restore_context(&kept) : -EINVAL;
}

int ckpt_aio_page_set(u32 place, u32 index, const void *page)
{
	return IS_ENABLED(CONFIG_AIO) ? aio_restore_page(place, index, page) : -EINVAL;
}
