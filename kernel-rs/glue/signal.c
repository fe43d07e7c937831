// SPDX-License-Identifier: GPL-2.0
/* Signals, and system calls that were interrupted. */
#include <linux/alarmtimer.h>
#include <linux/futex.h>
#include <linux/restart_block.h>
#include <linux/restart_wait.h>
#include <linux/signal.h>
#include <linux/time_namespace.h>
#include <linux/uaccess.h>

#include "../../futex/futex.h"
#include "glue.h"

int ckpt_actions_get(struct task_struct *task, struct ckpt_action *actions)
{
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return -ESRCH;
	for (int i = 0; i < _NSIG; i++) {
		const struct sigaction *action = &task->sighand->action[i].sa;
		struct ckpt_action *out = &actions[i];

		out->handler = (unsigned long)action->sa_handler;
		out->flags = ckpt_action_flags(action->sa_flags, &out->compat);
		out->restorer = (unsigned long)action->sa_restorer;
		out->mask = action->sa_mask.sig[0];
	}
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
		action->sa_flags = actions[i].flags | ckpt_action_abi(actions[i].compat);
		action->sa_restorer = (__sigrestore_t)(unsigned long)actions[i].restorer;
		action->sa_mask.sig[0] = actions[i].mask;
	}
	spin_unlock_irq(&sighand->siglock);
}

/* Whatever came while building; but not if it is the end of the task. */
void ckpt_pending_clear(bool with_process)
{
	spin_lock_irq(&current->sighand->siglock);
	if (!sigismember(&current->pending.signal, SIGKILL)) {
		flush_sigqueue(&current->pending);
		if (with_process)
			flush_sigqueue(&current->signal->shared_pending);
	}
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}

/* Stops by job control. Consistent with each other, under siglock. */
int ckpt_stop_get(struct task_struct *task, struct ckpt_stop *stop)
{
	struct signal_struct *signal = task->signal;
	unsigned long flags;

	memset(stop, 0, sizeof(*stop));
	if (!lock_task_sighand(task, &flags))
		return -ESRCH;
	stop->continued = signal->flags & SIGNAL_STOP_CONTINUED;
	stop->tell_stopped = signal->flags & SIGNAL_CLD_STOPPED;
	stop->tell_continued = signal->flags & SIGNAL_CLD_CONTINUED;
	if (signal->flags & SIGNAL_STOP_STOPPED) {
		stop->signal = task->jobctl & JOBCTL_STOP_SIGMASK;
		stop->unreported = signal->group_exit_code;
	}
	unlock_task_sighand(task, &flags);
	return 0;
}

/*
 * The process is in a group stop already; current joins it, as a new thread does
 * (task_join_group_stop()), on its way out of the kernel. Nobody is told.
 */
void ckpt_stop_set(const struct ckpt_stop *stop)
{
	struct signal_struct *signal = current->signal;

	spin_lock_irq(&current->sighand->siglock);
	if (!(signal->flags & SIGNAL_GROUP_EXIT)) {
		signal_set_stop_flags(signal,
				      (stop->signal ? SIGNAL_STOP_STOPPED : 0) |
				      (stop->continued ? SIGNAL_STOP_CONTINUED : 0) |
				      (stop->tell_stopped ? SIGNAL_CLD_STOPPED : 0) |
				      (stop->tell_continued ? SIGNAL_CLD_CONTINUED : 0));
		if (stop->signal) {
			signal->group_exit_code = stop->unreported;
			task_set_jobctl_pending(current, (stop->signal & JOBCTL_STOP_SIGMASK) |
						JOBCTL_STOP_PENDING);
		}
	}
	spin_unlock_irq(&current->sighand->siglock);
}

static u32 futex_flags_get(u32 flags)
{
	return (flags & FLAGS_SHARED ? 0 : FUTEX_PRIVATE_FLAG) |
	       (flags & FLAGS_CLOCKRT ? FUTEX_CLOCK_REALTIME : 0);
}

/* Sleeping on an alarm clock remembers the alarm's type, not the clock. */
static clockid_t alarm_clock(enum alarmtimer_type type)
{
	return type == ALARM_BOOTTIME ? CLOCK_BOOTTIME_ALARM : CLOCK_REALTIME_ALARM;
}

static enum alarmtimer_type alarm_type(clockid_t clock)
{
	return clock == CLOCK_BOOTTIME_ALARM ? ALARM_BOOTTIME : ALARM_REALTIME;
}

/* Waits that remember their arguments in a struct restart_wait. */
static const struct {
	enum ckpt_resume what;
	long (*fn)(struct restart_block *block);
} waits[] = {
	{ CKPT_RESUME_SIGTIMEDWAIT, sigtimedwait_restart },
#ifdef CONFIG_EPOLL
	{ CKPT_RESUME_EPOLL_WAIT, ep_wait_restart },
	{ CKPT_RESUME_EPOLL_PWAIT, ep_pwait_restart },
#endif
#ifdef CONFIG_SYSVIPC
	{ CKPT_RESUME_SEMTIMEDOP, semtimedop_restart },
#endif
#ifdef CONFIG_AIO
	{ CKPT_RESUME_IO_GETEVENTS, io_getevents_restart },
	{ CKPT_RESUME_IO_PGETEVENTS, io_pgetevents_restart },
#endif
#ifdef CONFIG_NET
	{ CKPT_RESUME_SOCKET, sock_wait_restart },
#endif
};

static void wait_get(struct restart_block *block, enum ckpt_resume what,
		     struct ckpt_interrupted *in)
{
	const struct restart_wait *wait = restart_wait(block);

	in->what = what;
	in->clock = CLOCK_MONOTONIC;
	in->has_deadline = true;
	in->deadline = ktime_to_ns(wait->end);
	in->address = (unsigned long)wait->data;
	in->value = wait->max;
	in->least = wait->min;
	in->object = wait->object;
	in->mask = wait->mask.sig[0];
}

static void wait_set(struct restart_block *block, const struct ckpt_interrupted *in)
{
	*restart_wait(block) = (struct restart_wait) {
		.end = ns_to_ktime(in->deadline),
		.data = (void __user *)(unsigned long)in->address,
		.max = in->value,
		.min = in->least,
		.object = in->object,
		.mask.sig[0] = in->mask,
	};
}

void ckpt_interrupted_get(struct task_struct *task, struct ckpt_interrupted *in)
{
	struct restart_block *block = &task->restart_block;

	memset(in, 0, sizeof(*in));
	in->compat = ckpt_restart_is_compat(block);
	for (int i = 0; i < ARRAY_SIZE(waits); i++) {
		if (block->fn == waits[i].fn) {
			wait_get(block, waits[i].what, in);
			return;
		}
	}
	if (block->fn == hrtimer_nanosleep_restart ||
	    block->fn == alarm_timer_nsleep_restart ||
	    block->fn == posix_cpu_nsleep_restart) {
		in->what = block->fn == hrtimer_nanosleep_restart ? CKPT_RESUME_NANOSLEEP :
			   block->fn == alarm_timer_nsleep_restart ? CKPT_RESUME_ALARM_NANOSLEEP :
			   CKPT_RESUME_CPU_NANOSLEEP;
		in->clock = in->what == CKPT_RESUME_ALARM_NANOSLEEP ?
			    alarm_clock(block->nanosleep.clockid) : block->nanosleep.clockid;
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
	ckpt_restart_set_compat(block, in->compat);
	for (int i = 0; i < ARRAY_SIZE(waits); i++) {
		if (in->what == waits[i].what) {
			wait_set(block, in);
			block->fn = waits[i].fn;
			return 0;
		}
	}
	switch (in->what) {
	case CKPT_RESUME_NANOSLEEP:
	case CKPT_RESUME_ALARM_NANOSLEEP:
	case CKPT_RESUME_CPU_NANOSLEEP:
		if (in->what == CKPT_RESUME_ALARM_NANOSLEEP && !capable(CAP_WAKE_ALARM))
			return -EPERM;
		if (in->remainder_compat && !in->remainder_native &&
		    !IS_ENABLED(CONFIG_COMPAT_32BIT_TIME))
			return -EOPNOTSUPP;
		block->nanosleep.clockid = in->what == CKPT_RESUME_ALARM_NANOSLEEP ?
					   alarm_type(in->clock) : in->clock;
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
