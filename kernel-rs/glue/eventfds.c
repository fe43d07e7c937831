// SPDX-License-Identifier: GPL-2.0
/* Event counters. */
#include <linux/eventfd.h>
#include <linux/eventfd_restore.h>

#include "eventfds.h"
#include "glue.h"

/* @file: an eventfd. */
void ckpt_eventfd_get(struct file *file, struct ckpt_eventfd *out)
{
	unsigned int flags;

	out->held = eventfd_get_state(file, &out->count, &flags);
	out->semaphore = flags & EFD_SEMAPHORE;
}

struct file *ckpt_eventfd_make(const struct ckpt_eventfd *in)
{
	return eventfd_file_create(in->count, in->semaphore ? EFD_SEMAPHORE : 0);
}
