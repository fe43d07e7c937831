/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_VFORK_H
#define _KERNEL_CHECKPOINT_VFORK_H

#include <linux/types.h>
#include <linux/vfork_restore.h>

struct task_struct;

bool ckpt_task_awaits_vfork(struct task_struct *task);
bool ckpt_task_awaits(struct task_struct *task, struct task_struct *child);

#endif /* _KERNEL_CHECKPOINT_VFORK_H */
