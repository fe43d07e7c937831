// SPDX-License-Identifier: GPL-2.0
/*
 * Timers of a process and the signals that are queued for it: at one moment,
 * because an expiry is in the one or in the other.
 */
#include <linux/cred.h>
#include <linux/hrtimer.h>
#include <linux/posix-timers.h>
#include <linux/sched/cputime.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "../../time/posix-timers.h"
#include "glue.h"

static bool is_alarm(const struct k_itimer *timer)
{
	return timer->it_clock == CLOCK_REALTIME_ALARM || timer->it_clock == CLOCK_BOOTTIME_ALARM;
}

static struct hrtimer *hrtimer_of(struct k_itimer *timer)
{
	return is_alarm(timer) ? &timer->it.alarm.alarmtimer.timer : &timer->it.real.timer;
}

/* Will it still send its signal? Under siglock, which it takes to do so. */
static bool is_to_fire(struct hrtimer *timer)
{
	if (hrtimer_is_queued(timer))
		return true;
	/* In this order: its callback counts as running before it leaves the queue. */
	smp_rmb();
	return hrtimer_callback_running(timer);
}

/* The timer's signal, in the queue or put aside, is of its present setting. */
static bool has_fired(const struct k_itimer *timer)
{
	return timer->it_signal_seq == timer->it_sigqueue_seq &&
	       (!list_empty(&timer->sigq.list) || !hlist_unhashed(&timer->ignored_list));
}

static void queued_get(struct sigqueue *sigq, struct ckpt_queued *out)
{
	struct k_itimer *timer;

	memset(out, 0, sizeof(*out));
	copy_siginfo(&out->info, &sigq->info);
	if (!(sigq->flags & SIGQUEUE_PREALLOC) || sigq->info.si_code != SI_TIMER)
		return;
	timer = container_of(sigq, struct k_itimer, sigq);
	out->timer = true;
	out->deleted = !posixtimer_valid(timer);
	out->stale = timer->it_signal_seq != timer->it_sigqueue_seq;
	out->periodic = timer->it_sig_periodic;
}

static void queue_get(struct sigpending *pending, bool shared, u32 thread,
		      struct ckpt_moment *moment)
{
	struct sigqueue *sigq;

	list_for_each_entry(sigq, &pending->list, list) {
		if (moment->queued < moment->queued_room) {
			queued_get(sigq, &moment->queue[moment->queued]);
			moment->queue[moment->queued].shared = shared;
			moment->queue[moment->queued].thread = thread;
		}
		moment->queued++;
	}
}

/* Those that are ignored, the last one first. Whose they are is found when no lock is held. */
static void ignored_get(struct signal_struct *signal, struct ckpt_moment *moment)
{
	struct k_itimer *timer;

	hlist_for_each_entry(timer, &signal->ignored_posix_timers, ignored_list) {
		if (moment->queued < moment->queued_room) {
			struct ckpt_queued *out = &moment->queue[moment->queued];

			queued_get(&timer->sigq, out);
			out->shared = timer->it_pid_type != PIDTYPE_PID;
			out->target = timer->it_pid;
			out->ignored = true;
		}
		moment->queued++;
	}
}

static void cpu_timer_get(struct k_itimer *timer, struct ckpt_timer *out)
{
	out->names_task = CPUCLOCK_PID(timer->it_clock);
	out->clock = make_process_cpuclock(0, timer->it_clock & 7);
	out->clock_pid = timer->it.cpu.pid;
	out->expires = cpu_timer_getexpires(&timer->it.cpu);
	if (timer->it_sigev_notify == SIGEV_NONE)
		out->armed = out->expires;
	else
		out->armed = cpu_timer_queued(&timer->it.cpu) || !list_empty(&timer->it.cpu.elist);
}

static void real_timer_get(struct k_itimer *timer, struct ckpt_timer *out)
{
	struct hrtimer *hrtimer = hrtimer_of(timer);

	out->relative = timer->it_clock == CLOCK_REALTIME &&
			hrtimer->base->clockid == CLOCK_MONOTONIC;
	out->expires = is_alarm(timer) ? timer->it.alarm.alarmtimer.node.expires :
					 hrtimer_get_expires(hrtimer);
	if (timer->it_sigev_notify == SIGEV_NONE)
		out->armed = out->expires;
	else
		out->armed = !has_fired(timer) && is_to_fire(hrtimer);
}

/*
 * What is read here changes only by the process itself, which is frozen, or
 * under siglock; but it_status, which is therefore not looked at.
 */
static void timer_get(struct k_itimer *timer, struct ckpt_timer *out)
{
	memset(out, 0, sizeof(*out));
	out->id = timer->it_id;
	out->clock = timer->it_clock;
	out->notify = timer->it_sigev_notify;
	out->signal = timer->sigq.info.si_signo;
	out->value = (unsigned long)timer->sigq.info.si_value.sival_ptr;
	out->target = timer->it_pid;
	out->interval = timer->it_interval;
	out->overruns = timer->it_overrun;
	out->last_overruns = timer->it_overrun_last;
	if (timer->it_clock < 0)
		cpu_timer_get(timer, out);
	else
		real_timer_get(timer, out);
	out->waiting = timer->it_interval && has_fired(timer);
}

/* false: ITIMER_REAL is just about to send its signal, or just has. */
static bool itimers_get(struct signal_struct *signal, struct ckpt_itimer *timers)
{
	struct hrtimer *real = &signal->real_timer;

	timers[ITIMER_REAL].armed = hrtimer_is_queued(real);
	if (!timers[ITIMER_REAL].armed && is_to_fire(real))
		return false;
	timers[ITIMER_REAL].expires = hrtimer_get_expires(real);
	timers[ITIMER_REAL].interval = signal->it_real_incr;
	for (int i = 0; i < ARRAY_SIZE(signal->it); i++) {
		struct ckpt_itimer *out = &timers[i == CPUCLOCK_VIRT ? ITIMER_VIRTUAL : ITIMER_PROF];

		out->expires = signal->it[i].expires;
		out->interval = signal->it[i].incr;
		out->armed = signal->it[i].expires;
	}
	return true;
}

/*
 * All of it at one moment. Says how many there are also if there is no room
 * for them; then the caller makes room and asks again.
 */
int ckpt_moment_get(struct task_struct *task, struct ckpt_moment *moment)
{
	struct signal_struct *signal = task->signal;
	struct task_struct *thread;
	struct k_itimer *timer;
	unsigned long flags;

	for (;;) {
		if (!lock_task_sighand(task, &flags))
			return -ESRCH;
		if (itimers_get(signal, moment->itimers))
			break;
		unlock_task_sighand(task, &flags);
		cpu_relax();
	}
	moment->queued = 0;
	moment->threads = 0;
	for_each_thread(task, thread) {
		if (moment->threads < moment->threads_room) {
			moment->pending[moment->threads] = thread->pending.signal.sig[0];
			moment->thread[moment->threads] = task_pid(thread);
		}
		queue_get(&thread->pending, false, moment->threads++, moment);
	}
	moment->shared_pending = signal->shared_pending.signal.sig[0];
	queue_get(&signal->shared_pending, true, 0, moment);
	ignored_get(signal, moment);
	moment->timers = 0;
	hlist_for_each_entry(timer, &signal->posix_timers, list) {
		if (moment->timers < moment->timers_room)
			timer_get(timer, &moment->timer[moment->timers]);
		moment->timers++;
	}
	moment->next_id = atomic_read(&signal->next_posix_timer_id) & INT_MAX;
	moment->chosen_ids = signal->timer_create_restore_ids;
	unlock_task_sighand(task, &flags);
	return 0;
}

/* Drop the timers that current came with, as execve would. */
void ckpt_timers_drop(void)
{
	struct signal_struct *signal = current->signal;

	exit_itimers(current);
	hrtimer_cancel(&signal->real_timer);
	spin_lock_irq(&current->sighand->siglock);
	signal->it_real_incr = 0;
	memset(signal->it, 0, sizeof(signal->it));
	spin_unlock_irq(&current->sighand->siglock);
}

/* Its signal counts for the user that it is going to belong to. */
static int charge(struct k_itimer *timer, const struct cred *cred, u64 limit)
{
	long count = inc_rlimit_get_ucounts(cred->ucounts, UCOUNT_RLIMIT_SIGPENDING, false);

	if (!count)
		return -EAGAIN;
	if (count > limit) {
		dec_rlimit_put_ucounts(cred->ucounts, UCOUNT_RLIMIT_SIGPENDING);
		return -EAGAIN;
	}
	dec_rlimit_put_ucounts(timer->sigq.ucounts, UCOUNT_RLIMIT_SIGPENDING);
	timer->sigq.ucounts = cred->ucounts;
	return 0;
}

/* As timer_create(2), with its rights; not yet set. It lives as long as current's process. */
struct k_itimer *ckpt_timer_create(const struct ckpt_timer *in, const struct cred *cred, u64 limit)
{
	struct sigevent event = {
		.sigev_notify = in->notify,
		.sigev_signo = in->signal,
		.sigev_value.sival_ptr = (void __user *)(unsigned long)in->value,
	};
	clockid_t clock = in->clock;
	struct k_itimer *timer;
	int ret;

	if (in->notify & SIGEV_THREAD_ID)
		event.sigev_notify_thread_id = in->target_nr;
	if (clock < 0)
		clock = make_process_cpuclock(in->clock_nr, clock & 7);
	timer = posix_timer_restore(clock, &event, in->id);
	if (IS_ERR(timer))
		return timer;
	if (clock < 0 && !in->names_task)
		timer->it_clock = in->clock;
	ret = charge(timer, cred, min_t(u64, limit, LONG_MAX));
	return ret ? ERR_PTR(ret) : timer;
}

static void queue_signal(struct k_itimer *timer, struct task_struct *thread)
{
	struct sigpending *pending = thread ? &thread->pending : &current->signal->shared_pending;

	list_add_tail(&timer->sigq.list, &pending->list);
	sigaddset(&pending->signal, timer->sigq.info.si_signo);
}

/* Its signal has been sent; where it is, and whether it is still to be delivered. */
void ckpt_timer_fired(struct k_itimer *timer, const struct ckpt_queued *in)
{
	guard(spinlock_irq)(&timer->it_lock);
	guard(spinlock)(&current->sighand->siglock);

	timer->it_sig_periodic = in->periodic;
	if (in->stale)
		timer->it_signal_seq = timer->it_sigqueue_seq + 1;
	posixtimer_sigqueue_getref(&timer->sigq);
	if (in->ignored)
		hlist_add_head(&timer->ignored_list, &current->signal->ignored_posix_timers);
	else
		queue_signal(timer, timer->it_pid_type == PIDTYPE_PID ? current : NULL);
}

/* The signal of a timer that was deleted since. */
int ckpt_timer_deleted(const struct ckpt_queued *in)
{
	struct k_itimer *timer = posix_timer_restore_deleted();

	if (IS_ERR(timer))
		return PTR_ERR(timer);
	copy_siginfo(&timer->sigq.info, &in->info);
	timer->sigq.info.si_code = SI_TIMER;
	spin_lock_irq(&current->sighand->siglock);
	queue_signal(timer, in->shared ? NULL : current);
	spin_unlock_irq(&current->sighand->siglock);
	return 0;
}

/* Sets a CPU-time timer; starts it if it is armed. */
static void cpu_timer_start(struct k_itimer *timer, const struct ckpt_timer *in, bool start)
{
	struct itimerspec64 setting = {
		.it_value = ns_to_timespec64(in->expires),
		.it_interval = ns_to_timespec64(in->interval),
	};

	/* Cannot fail: the process is current's own, and nothing is firing. */
	if (start)
		timer->kclock->timer_set(timer, TIMER_ABSTIME, &setting, NULL);
	else
		cpu_timer_setexpires(&timer->it.cpu, in->expires);
}

/* Likewise a timer on another clock. One whose time has passed fires now. */
static void real_timer_start(struct k_itimer *timer, const struct ckpt_timer *in, bool start)
{
	ktime_t expires = start ? max_t(ktime_t, in->expires, 0) : in->expires;
	bool started;

	if (in->relative) {
		/* So it comes to count on CLOCK_MONOTONIC. */
		timer->kclock->timer_arm(timer, 0, false, true);
		hrtimer_set_expires(hrtimer_of(timer), expires);
		started = start && hrtimer_start_expires_user(hrtimer_of(timer), HRTIMER_MODE_ABS);
	} else {
		started = timer->kclock->timer_arm(timer, expires, true, !start);
	}
	if (start && started)
		timer->it_status = POSIX_TIMER_ARMED;
	else if (start)
		posix_timer_queue_signal(timer);
}

/* Everything else of a timer; from here on it runs. */
void ckpt_timer_start(struct k_itimer *timer, const struct ckpt_timer *in)
{
	const bool start = in->armed && timer->it_sigev_notify != SIGEV_NONE;

	guard(spinlock_irq)(&timer->it_lock);
	timer->it_interval = in->interval;
	timer->it_status = in->waiting ? POSIX_TIMER_REQUEUE_PENDING : POSIX_TIMER_DISARMED;
	if (in->armed || in->waiting) {
		if (timer->it_clock < 0)
			cpu_timer_start(timer, in, start);
		else
			real_timer_start(timer, in, start);
	}
	timer->it_overrun = in->overruns;
	timer->it_overrun_last = in->last_overruns;
}

void ckpt_timers_set(u32 next_id, bool chosen_ids)
{
	atomic_set(&current->signal->next_posix_timer_id, next_id);
	current->signal->timer_create_restore_ids = chosen_ids;
}

static void cpu_itimer_start(unsigned int clock, const struct ckpt_itimer *in)
{
	struct cpu_itimer *timer = &current->signal->it[clock];
	u64 expires = in->expires;

	timer->expires = in->expires;
	timer->incr = in->interval;
	if (expires)
		set_process_cpu_timer(current, clock, &expires, NULL);
}

/* The sums that CPU-time timers of the process look at, if somebody looks already. */
static void cputime_sync(void)
{
	struct task_cputime_atomic *sums = &current->signal->cputimer.cputime_atomic;
	struct task_cputime sum;

	if (!READ_ONCE(current->signal->posix_cputimers.timers_active))
		return;
	thread_group_cputime(current, &sum);
	atomic64_set(&sums->utime, sum.utime);
	atomic64_set(&sums->stime, sum.stime);
	atomic64_set(&sums->sum_exec_runtime, sum.sum_exec_runtime);
}

/* Interval timers, and the limit of CPU time, which is one too. Before POSIX timers start. */
void ckpt_itimers_start(const struct ckpt_itimer *timers)
{
	struct signal_struct *signal = current->signal;
	const struct ckpt_itimer *real = &timers[ITIMER_REAL];

	spin_lock_irq(&current->sighand->siglock);
	cputime_sync();
	cpu_itimer_start(CPUCLOCK_VIRT, &timers[ITIMER_VIRTUAL]);
	cpu_itimer_start(CPUCLOCK_PROF, &timers[ITIMER_PROF]);
	signal->it_real_incr = real->interval;
	hrtimer_set_expires(&signal->real_timer, (s64)real->expires);
	if (real->armed)
		hrtimer_start(&signal->real_timer, max_t(ktime_t, real->expires, 0),
			      HRTIMER_MODE_ABS);
	spin_unlock_irq(&current->sighand->siglock);
	if (rlimit(RLIMIT_CPU) != RLIM_INFINITY)
		update_rlimit_cpu(current, rlimit(RLIMIT_CPU));
}
