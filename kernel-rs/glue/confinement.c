// SPDX-License-Identifier: GPL-2.0
/* What confines a task, and what it was told with prctl(2). */
#include <linux/futex.h>
#include <linux/nospec.h>
#include <linux/sched/mm.h>
#include <linux/seccomp_restore.h>
#include <linux/syscall_user_dispatch.h>

#include "glue.h"

#ifndef CONFIG_SECCOMP_FILTER
struct seccomp_filter *seccomp_filter_of(struct task_struct *task)
{
	return NULL;
}

struct seccomp_filter *seccomp_filter_below(struct seccomp_filter *filter)
{
	return NULL;
}

void seccomp_filter_drop(struct seccomp_filter *filter)
{
}

const struct sock_fprog_kern *seccomp_filter_program(struct seccomp_filter *filter,
						     unsigned int *flags, bool *has_listener)
{
	return NULL;
}

struct seccomp_filter *seccomp_filter_make(struct sock_fprog_kern *fprog, unsigned int flags,
					   struct seccomp_filter *below)
{
	return ERR_PTR(-EOPNOTSUPP);
}

int seccomp_restore(int mode, struct seccomp_filter *filter)
{
	return -EOPNOTSUPP;
}
#endif

/* The program of a filter, as bytes; NULL if it is not a classic one. */
const void *ckpt_filter_program(struct seccomp_filter *filter, u32 *size, u32 *flags,
				bool *has_listener)
{
	const struct sock_fprog_kern *program;

	program = seccomp_filter_program(filter, flags, has_listener);
	if (!program)
		return NULL;
	*size = bpf_classic_proglen(program);
	return program->filter;
}

struct seccomp_filter *ckpt_filter_make(const void *program, u32 size, u32 flags,
					struct seccomp_filter *below)
{
	struct sock_fprog_kern kernel_program = {
		.len = size / sizeof(struct sock_filter),
		.filter = (struct sock_filter *)program,
	};

	return seccomp_filter_make(&kernel_program, flags, below);
}

void ckpt_confinement_get(struct task_struct *task, struct ckpt_confinement *out)
{
	struct syscall_user_dispatch *dispatch = &task->syscall_dispatch;

	memset(out, 0, sizeof(*out));
#ifdef CONFIG_SECCOMP
	out->seccomp = task->seccomp.mode;
#endif
	out->dispatched = dispatch->on_dispatch;
	if (!test_task_syscall_work(task, SYSCALL_USER_DISPATCH))
		return;
	out->selector = (unsigned long)dispatch->selector;
	/* The inclusive mode is kept as a range that wraps around. */
	if (dispatch->offset && dispatch->offset + dispatch->len <= dispatch->offset) {
		out->dispatch = PR_SYS_DISPATCH_INCLUSIVE_ON;
		out->offset = dispatch->offset + dispatch->len;
		out->length = -dispatch->len;
	} else {
		out->dispatch = PR_SYS_DISPATCH_EXCLUSIVE_ON;
		out->offset = dispatch->offset;
		out->length = dispatch->len;
	}
}

int ckpt_dispatch_set(const struct ckpt_confinement *in)
{
	return set_syscall_user_dispatch(in->dispatch, in->offset, in->length,
					 (char __user *)(unsigned long)in->selector);
}

#define IO_FLUSHER (PF_MEMALLOC_NOIO | PF_LOCAL_THROTTLE)

static const unsigned long speculation[CKPT_SPECULATION] = {
	PR_SPEC_STORE_BYPASS, PR_SPEC_INDIRECT_BRANCH, PR_SPEC_L1D_FLUSH,
};

void ckpt_settings_get(struct task_struct *task, struct ckpt_settings *out)
{
	struct mm_struct *mm = get_task_mm(task);

	memset(out, 0, sizeof(*out));
	out->io_flusher = (task->flags & IO_FLUSHER) == IO_FLUSHER;
	out->randomized = task->flags & PF_RANDOMIZE;
	out->used_privilege = task->flags & PF_SUPERPRIV;
	out->too_many_processes = task->flags & PF_NPROC_EXCEEDED;
	if (!(task->flags & PF_MCE_PROCESS))
		out->memory_errors = PR_MCE_KILL_DEFAULT;
	else if (task->flags & PF_MCE_EARLY)
		out->memory_errors = PR_MCE_KILL_EARLY;
	else
		out->memory_errors = PR_MCE_KILL_LATE;
	for (int i = 0; i < CKPT_SPECULATION; i++)
		out->speculation[i] = arch_prctl_spec_ctrl_get(task, speculation[i]);
	if (!mm)
		return;
#ifdef CONFIG_FUTEX_PRIVATE_HASH
	out->futex_hash = futex_hash_state(mm, &out->futex_slots, &out->futex_chosen);
#endif
	mmput(mm);
}

/* All of it that cannot fail. */
void ckpt_settings_set(const struct ckpt_settings *in)
{
	unsigned int flags = 0;

	if (in->io_flusher)
		flags |= IO_FLUSHER;
	if (in->randomized)
		flags |= PF_RANDOMIZE;
	if (in->used_privilege)
		flags |= PF_SUPERPRIV;
	if (in->too_many_processes)
		flags |= PF_NPROC_EXCEEDED;
	if (in->memory_errors != PR_MCE_KILL_DEFAULT)
		flags |= PF_MCE_PROCESS;
	if (in->memory_errors == PR_MCE_KILL_EARLY)
		flags |= PF_MCE_EARLY;
	current->flags &= ~(IO_FLUSHER | PF_RANDOMIZE | PF_SUPERPRIV | PF_NPROC_EXCEEDED |
			    PF_MCE_PROCESS | PF_MCE_EARLY);
	current->flags |= flags;
}

int ckpt_speculation_set(u32 which, u32 control)
{
	return arch_prctl_spec_ctrl_set(current, speculation[which], control);
}

int ckpt_futex_hash_set(u32 slots, bool chosen)
{
#ifdef CONFIG_FUTEX_PRIVATE_HASH
	return futex_hash_restore(slots, chosen);
#else
	return slots ? -EOPNOTSUPP : 0;
#endif
}
