/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has to be in the bindings of the kernel crate: the kernel's own headers that
 * the Rust side reads, and what entry.rs exports to C. All else is in bindings of our
 * own (rust/bindings/checkpoint_generated.rs): an edit there does not rebuild that
 * crate, and an edit here does.
 */
#ifndef _KERNEL_CHECKPOINT_KERNEL_H
#define _KERNEL_CHECKPOINT_KERNEL_H

#include <linux/binfmts.h>
#include <linux/bvec.h>
#include <linux/cgroup.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/eventpoll.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/ioprio.h>
#include <linux/ipc_restore.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mnt_namespace.h>
#include <linux/mqueue_restore.h>
#include <linux/namei.h>
#include <linux/prctl.h>
#include <linux/restart_signal.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seccomp_restore.h>
#include <linux/signalfd.h>
#include <linux/timerfd.h>
#include <linux/types.h>
#include <linux/vfork_restore.h>

/* How a task that restart(2) brings back as a dead one ends. */
struct ckpt_ending {
	bool ends;
	u32 status;
};

/* The two calls. */
long ckpt_checkpoint(const void __user *args, size_t size);
long ckpt_restart(const void __user *args, size_t size, struct ckpt_ending *ending);

/* The file that stands for a session. */
void ckpt_session_flush(void *session);
void ckpt_session_release(void *session);

#endif
