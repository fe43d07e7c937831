// SPDX-License-Identifier: GPL-2.0
/* Special files: which kind one is of. */
#include <linux/eventfd_restore.h>
#include <linux/fs.h>
#include <linux/inotify_restore.h>
#include <linux/mqueue_restore.h>

#include "fanotify.h"
#include "glue.h"
#include "pidfds.h"
#include "polls.h"
#include "sockets.h"
#include "specials.h"

u32 ckpt_special(struct file *file)
{
	/* One that was opened with O_PATH is not even that. */
	if (file->f_mode & FMODE_PATH)
		return CKPT_SPECIAL_NONE;
	if (ckpt_is_pidfd(file))
		return CKPT_SPECIAL_PIDFD;
	if (is_file_eventfd(file))
		return CKPT_SPECIAL_EVENTFD;
	if (is_file_inotify(file))
		return CKPT_SPECIAL_WATCHER;
	if (ckpt_is_group(file))
		return CKPT_SPECIAL_GROUP;
	if (ckpt_is_signalfd(file))
		return CKPT_SPECIAL_SIGNALFD;
	if (ckpt_is_timerfd(file))
		return CKPT_SPECIAL_TIMERFD;
	if (is_file_epoll(file))
		return CKPT_SPECIAL_EPOLL;
	if (ckpt_is_socket(file))
		return CKPT_SPECIAL_SOCKET;
	if (is_file_mqueue(file))
		return CKPT_SPECIAL_QUEUE;
	switch (ckpt_tty_kind(file)) {
	case CKPT_TTY_MASTER:
	case CKPT_TTY_SLAVE:
		return CKPT_SPECIAL_TERMINAL;
	default:
		break;
	}
	return CKPT_SPECIAL_NONE;
}

/* The flags that fcntl(2) sets, and those that mean nothing to a file of this kind. */
void ckpt_special_show(struct file *file, u32 flags)
{
	const u32 shown = O_APPEND | O_NONBLOCK | O_NOATIME | O_LARGEFILE;

	spin_lock(&file->f_lock);
	file->f_flags = (file->f_flags & ~shown) | (flags & shown);
	file->f_iocb_flags = iocb_flags(file);
	spin_unlock(&file->f_lock);
}
