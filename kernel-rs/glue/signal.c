// SPDX-License-Identifier: GPL-2.0
/* Signals, and system calls that were interrupted. */
#include <linux/futex.h>
#include <linux/restart_block.h>
#include <linux/signal.h>
#include <linux/time_namespace.h>
#include <linux/uaccess.h>

#include "../../futex/futex.h"
#include "glue.h"

int ckpt_signals_get(struct task_struct *task, struct ckpt_signals *signals)
{
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return -ESRCH;
	for (int i = 0; i < _NSIG; i++) {
		const struct sigaction *action = &task->sighand->action[i].sa;

		signals->actions[i] = (struct ckpt_action) {
			.handler = (unsigned long)action->sa_handler,
			.flags = action->sa_flags,
			.restorer = (unsigned long)action->sa_restorer,
			.mask = action->sa_mask.sig[0],
		};
	}
	signals->pending = task->pending.signal.sig[0];
	signals->shared_pending = task->signal->shared_pending.signal.sig[0];
	unlock_task_sighand(task, &flags);
	return 0;
}

void ckpt_actions_set(const struct ckpt_action *actions)
{
	struct sighand_struct *sighand = current->sighand;

	spin_lock_irq(&sighand->siglock);
	for (int i = 0; i < _NSIG; i++) {
		struct sigaction *action = &sighand->action[i].sa;

		action->sa_handler = (__sighandler_t)(unsigned long)actions[i].handler;
		action->sa_flags = actions[i].flags;
		action->sa_restorer = (__sigrestore_t)(unsigned long)actions[i].restorer;
		action->sa_mask.sig[0] = actions[i].mask;
	}
	spin_unlock_irq(&sighand->siglock);
}

/*
 * Queued signal number @index. Returns 1 for one of them, 0 past the last, and
 * -EOPNOTSUPP for one that belongs to a timer.
 */
int ckpt_pending_get(struct task_struct *task, bool shared, u32 index, kernel_siginfo_t *info)
{
	struct sigpending *pending = shared ? &task->signal->shared_pending : &task->pending;
	struct sigqueue *queued;
	unsigned long flags;
	int ret = 0;

	if (!lock_task_sighand(task, &flags))
		return -ESRCH;
	list_for_each_entry(queued, &pending->list, list) {
		if (index--)
			continue;
		copy_siginfo(info, &queued->info);
		ret = queued->flags & SIGQUEUE_PREALLOC ? -EOPNOTSUPP : 1;
		break;
	}
	unlock_task_sighand(task, &flags);
	return ret;
}

int ckpt_pending_set(const kernel_siginfo_t *info, bool shared)
{
	kernel_siginfo_t copy;
	unsigned long flags;
	int ret;

	copy_siginfo(&copy, info);
	if (!lock_task_sighand(current, &flags))
		return -ESRCH;
	ret = send_signal_locked(copy.si_signo, &copy, current,
				 shared ? PIDTYPE_TGID : PIDTYPE_PID);
	unlock_task_sighand(current, &flags);
	return ret;
}

/* Whatever came while building; but not if it is the end of the task. */
void ckpt_pending_clear(void)
{
	spin_lock_irq(&current->sighand->siglock);
	if (!sigismember(&current->pending.signal, SIGKILL)) {
		flush_sigqueue(&current->pending);
		flush_sigqueue(&current->signal->shared_pending);
	}
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}

static u32 futex_flags_get(u32 flags)
{
	return (flags & FLAGS_SHARED ? 0 : FUTEX_PRIVATE_FLAG) |
	       (flags & FLAGS_CLOCKRT ? FUTEX_CLOCK_REALTIME : 0);
}

void ckpt_interrupted_get(struct task_struct *task, struct ckpt_interrupted *in)
{
	const struct restart_block *block = &task->restart_block;

	memset(in, 0, sizeof(*in));
	if (block->fn == hrtimer_nanosleep_restart ||
	    block->fn == alarm_timer_nsleep_restart ||
	    block->fn == posix_cpu_nsleep_restart) {
		in->what = block->fn == hrtimer_nanosleep_restart ? CKPT_RESUME_NANOSLEEP :
			   block->fn == alarm_timer_nsleep_restart ? CKPT_RESUME_ALARM_NANOSLEEP :
			   CKPT_RESUME_CPU_NANOSLEEP;
		in->clock = block->nanosleep.clockid;
		in->deadline = ktime_to_ns(block->nanosleep.expires);
		in->has_deadline = true;
		in->remainder_native = block->nanosleep.type == TT_NATIVE;
		in->remainder_compat = block->nanosleep.type == TT_COMPAT;
		if (block->nanosleep.type != TT_NONE)
			in->address = (unsigned long)block->nanosleep.rmtp;
	} else if (block->fn == do_restart_poll) {
		in->what = CKPT_RESUME_POLL;
		in->clock = CLOCK_MONOTONIC;
		in->address = (unsigned long)block->poll.ufds;
		in->value = block->poll.nfds;
		in->has_deadline = block->poll.has_timeout;
		if (in->has_deadline)
			in->deadline = timespec64_to_ns(&block->poll.end_time);
	} else if (block->fn == futex_wait_restart) {
		in->what = (block->futex.flags & ~(FLAGS_SHARED | FLAGS_CLOCKRT | FLAGS_HAS_TIMEOUT)) ==
			   FLAGS_SIZE_32 ? CKPT_RESUME_FUTEX : CKPT_RESUME_UNKNOWN;
		in->address = (unsigned long)block->futex.uaddr;
		in->value = block->futex.val;
		in->bitset = block->futex.bitset;
		in->flags = futex_flags_get(block->futex.flags);
		in->clock = block->futex.flags & FLAGS_CLOCKRT ? CLOCK_REALTIME : CLOCK_MONOTONIC;
		in->has_deadline = block->futex.flags & FLAGS_HAS_TIMEOUT;
		in->deadline = in->has_deadline ? ktime_to_ns(block->futex.time) : 0;
	} else {
		in->what = block->fn == do_no_restart_syscall ? CKPT_RESUME_NONE : CKPT_RESUME_UNKNOWN;
	}
}

int ckpt_interrupted_set(const struct ckpt_interrupted *in)
{
	struct restart_block *block = &current->restart_block;

	memset(block, 0, sizeof(*block));
	switch (in->what) {
	case CKPT_RESUME_NANOSLEEP:
	case CKPT_RESUME_ALARM_NANOSLEEP:
	case CKPT_RESUME_CPU_NANOSLEEP:
		block->nanosleep.clockid = in->clock;
		block->nanosleep.expires = ns_to_ktime(in->deadline);
		block->nanosleep.type = in->remainder_native ? TT_NATIVE :
					in->remainder_compat ? TT_COMPAT : TT_NONE;
		block->nanosleep.rmtp = (struct __kernel_timespec __user *)(unsigned long)in->address;
		block->fn = in->what == CKPT_RESUME_NANOSLEEP ? hrtimer_nanosleep_restart :
			    in->what == CKPT_RESUME_ALARM_NANOSLEEP ? alarm_timer_nsleep_restart :
			    posix_cpu_nsleep_restart;
		return 0;
	case CKPT_RESUME_POLL:
		block->poll.ufds = (struct pollfd __user *)(unsigned long)in->address;
		block->poll.nfds = in->value;
		block->poll.has_timeout = in->has_deadline;
		block->poll.end_time = ns_to_timespec64(in->deadline);
		block->fn = do_restart_poll;
		return 0;
	case CKPT_RESUME_FUTEX:
		block->futex.uaddr = (u32 __user *)(unsigned long)in->address;
		block->futex.val = in->value;
		block->futex.bitset = in->bitset;
		block->futex.flags = FLAGS_SIZE_32 |
			(in->flags & FUTEX_PRIVATE_FLAG ? 0 : FLAGS_SHARED) |
			(in->flags & FUTEX_CLOCK_REALTIME ? FLAGS_CLOCKRT : 0) |
			(in->has_deadline ? FLAGS_HAS_TIMEOUT : 0);
		block->futex.time = ns_to_ktime(in->deadline);
		block->fn = futex_wait_restart;
		return 0;
	case CKPT_RESUME_NONE:
		block->fn = do_no_restart_syscall;
		return 0;
	}
	return -EINVAL;
}

/*
 * The way out of restart(2): take the path through signal handling, where an
 * interrupted system call is sent back, and the freezer waits.
 */
void ckpt_leave(void)
{
	set_thread_flag(TIF_SIGPENDING);
}
