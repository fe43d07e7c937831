// SPDX-License-Identifier: GPL-2.0
/* What tasks have used, and when they started. */
#include <linux/mm.h>
#include <linux/sched/cputime.h>
#include <linux/sched/mm.h>
#include <linux/seqlock.h>

#include "glue.h"

static void io_get(const struct task_io_accounting *io, struct ckpt_usage *out)
{
#ifdef CONFIG_TASK_XACCT
	out->read_chars = io->rchar;
	out->write_chars = io->wchar;
	out->read_calls = io->syscr;
	out->write_calls = io->syscw;
#endif
#ifdef CONFIG_TASK_IO_ACCOUNTING
	out->read_bytes = io->read_bytes;
	out->write_bytes = io->write_bytes;
	out->cancelled_bytes = io->cancelled_write_bytes;
#endif
}

static void io_set(struct task_io_accounting *io, const struct ckpt_usage *in)
{
#ifdef CONFIG_TASK_XACCT
	io->rchar = in->read_chars;
	io->wchar = in->write_chars;
	io->syscr = in->read_calls;
	io->syscw = in->write_calls;
#endif
#ifdef CONFIG_TASK_IO_ACCOUNTING
	io->read_bytes = in->read_bytes;
	io->write_bytes = in->write_bytes;
	io->cancelled_write_bytes = in->cancelled_bytes;
#endif
}

static void told_get(struct prev_cputime *told, struct ckpt_usage *out)
{
#ifndef CONFIG_VIRT_CPU_ACCOUNTING_NATIVE
	guard(raw_spinlock_irqsave)(&told->lock);
	out->told_user = told->utime;
	out->told_system = told->stime;
#endif
}

static void told_set(struct prev_cputime *told, const struct ckpt_usage *in)
{
#ifndef CONFIG_VIRT_CPU_ACCOUNTING_NATIVE
	guard(raw_spinlock_irqsave)(&told->lock);
	told->utime = in->told_user;
	told->stime = in->told_system;
#endif
}

static void peak_get(struct task_struct *task, struct ckpt_usage *out)
{
	struct mm_struct *mm = get_task_mm(task);

	if (!mm)
		return;
	out->peak_pages = get_mm_hiwater_rss(mm);
	out->peak_space_pages = get_mm_hiwater_vm(mm);
	mmput(mm);
}

static void peak_set(struct task_struct *task, const struct ckpt_usage *in)
{
	struct mm_struct *mm = get_task_mm(task);

	if (!mm)
		return;
	if (mm->hiwater_rss < in->peak_pages)
		mm->hiwater_rss = in->peak_pages;
	mm->hiwater_vm = in->peak_space_pages;
	mmput(mm);
}

/* Of a frozen thread. */
static void thread_get(struct task_struct *task, struct ckpt_usage *out)
{
	task_cputime(task, &out->user, &out->system);
	out->start_boottime = task->start_boottime;
	out->start_monotonic = task->start_time;
	out->guest = task_gtime(task);
	out->runtime = task_sched_runtime(task);
	told_get(&task->prev_cputime, out);
	out->minor_faults = task->min_flt;
	out->major_faults = task->maj_flt;
	out->voluntary_switches = task->nvcsw;
	out->involuntary_switches = task->nivcsw;
#ifdef CONFIG_SCHED_INFO
	out->waited = task->sched_info.run_delay;
	out->slices = task->sched_info.pcount;
#endif
	io_get(&task->ioac, out);
	peak_get(task, out);
}

static void cputime_set(struct task_struct *task, const struct ckpt_usage *in)
{
#ifdef CONFIG_VIRT_CPU_ACCOUNTING_GEN
	guard(preempt)();
	write_seqcount_begin(&task->vtime.seqcount);
	task->vtime.utime = 0;
	task->vtime.stime = 0;
	task->vtime.gtime = 0;
#endif
	task->utime = in->user;
	task->stime = in->system;
	task->gtime = in->guest;
#ifdef CONFIG_VIRT_CPU_ACCOUNTING_GEN
	write_seqcount_end(&task->vtime.seqcount);
#endif
}

/* Of a parked thread, by another: so nothing is added to it meanwhile. */
static void thread_set(struct task_struct *task, const struct ckpt_usage *in)
{
	cputime_set(task, in);
	task->se.sum_exec_runtime = in->runtime;
	told_set(&task->prev_cputime, in);
	task->min_flt = in->minor_faults;
	task->maj_flt = in->major_faults;
	task->nvcsw = in->voluntary_switches;
	task->nivcsw = in->involuntary_switches;
#ifdef CONFIG_SCHED_INFO
	task->sched_info.run_delay = in->waited;
	task->sched_info.pcount = in->slices;
#endif
	io_set(&task->ioac, in);
	peak_set(task, in);
}

static void ended_get(struct signal_struct *signal, struct ckpt_usage *out)
{
	told_get(&signal->prev_cputime, out);
	read_seqlock_excl_irq(&signal->stats_lock);
	out->user = signal->utime;
	out->system = signal->stime;
	out->guest = signal->gtime;
	out->runtime = signal->sum_sched_runtime;
	out->minor_faults = signal->min_flt;
	out->major_faults = signal->maj_flt;
	out->voluntary_switches = signal->nvcsw;
	out->involuntary_switches = signal->nivcsw;
	out->blocks_in = signal->inblock;
	out->blocks_out = signal->oublock;
	out->peak_pages = signal->maxrss;
	io_get(&signal->ioac, out);
	read_sequnlock_excl_irq(&signal->stats_lock);
}

static void ended_set(struct signal_struct *signal, const struct ckpt_usage *in)
{
	told_set(&signal->prev_cputime, in);
	write_seqlock_irq(&signal->stats_lock);
	signal->utime = in->user;
	signal->stime = in->system;
	signal->gtime = in->guest;
	signal->sum_sched_runtime = in->runtime;
	signal->min_flt = in->minor_faults;
	signal->maj_flt = in->major_faults;
	signal->nvcsw = in->voluntary_switches;
	signal->nivcsw = in->involuntary_switches;
	signal->inblock = in->blocks_in;
	signal->oublock = in->blocks_out;
	signal->maxrss = in->peak_pages;
	io_set(&signal->ioac, in);
	write_sequnlock_irq(&signal->stats_lock);
}

static void children_get(struct signal_struct *signal, struct ckpt_usage *out)
{
	read_seqlock_excl_irq(&signal->stats_lock);
	out->user = signal->cutime;
	out->system = signal->cstime;
	out->guest = signal->cgtime;
	out->minor_faults = signal->cmin_flt;
	out->major_faults = signal->cmaj_flt;
	out->voluntary_switches = signal->cnvcsw;
	out->involuntary_switches = signal->cnivcsw;
	out->blocks_in = signal->cinblock;
	out->blocks_out = signal->coublock;
	out->peak_pages = signal->cmaxrss;
	read_sequnlock_excl_irq(&signal->stats_lock);
}

static void children_set(struct signal_struct *signal, const struct ckpt_usage *in)
{
	write_seqlock_irq(&signal->stats_lock);
	signal->cutime = in->user;
	signal->cstime = in->system;
	signal->cgtime = in->guest;
	signal->cmin_flt = in->minor_faults;
	signal->cmaj_flt = in->major_faults;
	signal->cnvcsw = in->voluntary_switches;
	signal->cnivcsw = in->involuntary_switches;
	signal->cinblock = in->blocks_in;
	signal->coublock = in->blocks_out;
	signal->cmaxrss = in->peak_pages;
	write_sequnlock_irq(&signal->stats_lock);
}

void ckpt_usage_get(struct task_struct *task, enum ckpt_usage_of whose, struct ckpt_usage *out)
{
	memset(out, 0, sizeof(*out));
	switch (whose) {
	case CKPT_USAGE_THREAD:
		thread_get(task, out);
		break;
	case CKPT_USAGE_ENDED:
		ended_get(task->signal, out);
		break;
	case CKPT_USAGE_CHILDREN:
		children_get(task->signal, out);
		break;
	}
}

/* When a parked thread began, or one that has ended: with its pid, what it is known by. */
void ckpt_start_set(struct task_struct *task, u64 boottime, u64 monotonic)
{
	task->start_boottime = boottime;
	task->start_time = monotonic;
}

void ckpt_usage_set(struct task_struct *task, enum ckpt_usage_of whose, const struct ckpt_usage *in)
{
	switch (whose) {
	case CKPT_USAGE_THREAD:
		thread_set(task, in);
		break;
	case CKPT_USAGE_ENDED:
		ended_set(task->signal, in);
		break;
	case CKPT_USAGE_CHILDREN:
		children_set(task->signal, in);
		break;
	}
}
