/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_POLLS_H
#define _KERNEL_CHECKPOINT_POLLS_H

#include <linux/eventpoll.h>
#include <linux/signalfd.h>
#include <linux/timerfd.h>

struct cred;
struct mm_struct;
struct task_struct;

bool ckpt_is_signalfd(struct file *file);
bool ckpt_is_timerfd(struct file *file);
struct file *ckpt_epoll_open(const struct cred *cred);
const void *ckpt_epoll_listener(const struct epoll_item *item);
int ckpt_epoll_add(struct file *file, const struct epoll_item *item, struct task_struct *task,
		   struct mm_struct *payer);

#endif /* _KERNEL_CHECKPOINT_POLLS_H */
