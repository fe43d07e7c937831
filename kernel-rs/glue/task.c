// SPDX-License-Identifier: GPL-2.0
/* Tasks: what they are, what they have, and whom they share it with. */
#include <linux/binfmts.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/iocontext.h>
#include <linux/pid_namespace.h>
#include <linux/posix-timers.h>
#include <linux/ptrace.h>
#include <linux/sched/coredump.h>
#include <linux/sched/cputime.h>
#include <linux/sched/exec_state.h>
#include <linux/sem.h>
#include <uapi/linux/sched/types.h>

#include "glue.h"

static u64 signal_facts(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;
	u64 facts = fact(CKPT_FACT_AUTOREAP, signal->autoreap);
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return facts;
#ifdef CONFIG_AUDIT
	facts |= fact(CKPT_FACT_AUDIT_TTY, signal->audit_tty);
#endif
	unlock_task_sighand(task, &flags);
	return facts;
}

/* Saved, refused, or the kernel's own. */
#define MM_FLAGS_KNOWN (MMF_INIT_LEGACY_MASK | BIT(MMF_VM_MERGEABLE) | BIT(MMF_VM_HUGEPAGE) |	\
			BIT(MMF_HUGE_ZERO_FOLIO) | BIT(MMF_HAS_UPROBES) | BIT(MMF_RECALC_UPROBES) | \
			BIT(MMF_OOM_SKIP) | BIT(MMF_UNSTABLE) | BIT(MMF_OOM_REAP_QUEUED) |	\
			BIT(MMF_MULTIPROCESS) | BIT(MMF_HAS_PINNED) |				\
			BIT(MMF_HAS_MDWE_NO_INHERIT))

static u64 mm_facts(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	u64 facts = 0;

	if (!mm)
		return 0;
	/* Parts of it may be gone. */
	facts |= fact(CKPT_FACT_MM_REAPED,
		      mm_flags_test(MMF_UNSTABLE, mm) || mm_flags_test(MMF_OOM_SKIP, mm));
	facts |= fact(CKPT_FACT_MM_FLAGS,
		      (__mm_flags_get_word(mm) & ~MM_FLAGS_KNOWN) ||
		      (mm->def_flags & ~VM_LOCKED_MASK));
	facts |= fact(CKPT_FACT_MM_UPROBES, mm_flags_test(MMF_HAS_UPROBES, mm));
	mmput(mm);
	return facts;
}

/*
 * Work that somebody is waiting for. Not what the clock tick leaves behind: to
 * look for CPU-time timers that have expired, or for pages that are far away.
 */
static bool has_task_work(struct task_struct *task)
{
	struct callback_head *work;

	guard(raw_spinlock_irqsave)(&task->pi_lock);
	for (work = READ_ONCE(task->task_works); work; work = READ_ONCE(work->next)) {
#ifdef CONFIG_POSIX_CPU_TIMERS_TASK_WORK
		if (work == &task->posix_cputimers_work.work)
			continue;
#endif
#ifdef CONFIG_NUMA_BALANCING
		if (work == &task->numa_work)
			continue;
#endif
		return true;
	}
	return false;
}

/* All the things of a task that are there or not. */
u64 ckpt_task_facts(struct task_struct *task)
{
	u64 facts = ckpt_task_facts_arch(task);

	facts |= signal_facts(task);
	facts |= mm_facts(task);
	facts |= ckpt_task_facts_monitoring(task);
	facts |= fact(CKPT_FACT_LSM_LABEL, ckpt_task_labelled(task));
	facts |= fact(CKPT_FACT_LANDLOCK, ckpt_task_landlocked(task));
#ifdef CONFIG_IO_URING
	facts |= fact(CKPT_FACT_IO_URING, task->io_uring);
	facts |= fact(CKPT_FACT_IO_URING_RULES, task->io_uring_restrict);
#endif
#ifdef CONFIG_PERF_EVENTS
	facts |= fact(CKPT_FACT_PERF, task->perf_event_ctxp);
#endif
#ifdef CONFIG_SCHED_CORE
	facts |= fact(CKPT_FACT_CORE_SCHED, task->core_cookie);
#endif
	facts |= fact(CKPT_FACT_PI_FUTEX, !list_empty(&task->futex.pi_state_list));
#ifdef CONFIG_BPF_SYSCALL
	facts |= fact(CKPT_FACT_BPF_STORAGE, rcu_access_pointer(task->bpf_storage));
#endif
	facts |= fact(CKPT_FACT_TASK_WORK, has_task_work(task));
	return facts;
}

/* Only to be compared. */
const struct pid *ckpt_task_pid(struct task_struct *task)
{
	return task_pid(task);
}

/*
 * Frozen, and off its CPU: in the one place where a frozen task sleeps, or where
 * one that job control had stopped before stays. A signal wakes it, but it goes
 * back there: that takes a moment.
 */
bool ckpt_task_at_rest(struct task_struct *task)
{
	for (int tries = 0; tries < 100; tries++) {
		if (!cgroup_task_frozen(task) ||
		    !(READ_ONCE(task->jobctl) & JOBCTL_TRAP_FREEZE))
			return false;
		if (wait_task_inactive(task, TASK_INTERRUPTIBLE | TASK_FREEZABLE) ||
		    wait_task_inactive(task, __TASK_STOPPED))
			return true;
		ckpt_blink();
	}
	return false;
}

bool ckpt_task_traced(struct task_struct *task)
{
	bool traced;

	read_lock(&tasklist_lock);
	traced = task->ptrace || !list_empty(&task->ptraced);
	read_unlock(&tasklist_lock);
	return traced;
}

bool ckpt_task_may_read(struct task_struct *task)
{
	return ptrace_may_access(task, PTRACE_MODE_ATTACH_REALCREDS);
}

void ckpt_job_get(struct task_struct *task, struct ckpt_job *job)
{
	struct signal_struct *signal = task->signal;
	unsigned long flags;

	memset(job, 0, sizeof(*job));
	scoped_guard(rcu)
		job->pid = task_pid_nr_ns(task, task_active_pid_ns(task));
	job->start_boottime = task->start_boottime;
	job->vfork_child = READ_ONCE(task->vfork_done);

	read_lock(&tasklist_lock);
	/* The relatives of one that was reaped may be gone themselves. */
	if (pid_alive(task)) {
		job->exit_signal = task->group_leader->exit_signal;
		/* A parent that has called execve since gets SIGCHLD, whatever was asked for. */
		if (task->group_leader->parent_exec_id != task->real_parent->self_exec_id)
			job->exit_signal = SIGCHLD;
	}
	job->exit_code = task->exit_code;
	if (lock_task_sighand(task, &flags)) {
		job->threads = signal->nr_threads;
		job->signal_flags = signal->flags;
		job->stopping = signal->group_stop_count || signal->core_state ||
				signal->group_exec_task ||
				(task->jobctl & (JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME |
						 JOBCTL_TRAPPING | JOBCTL_TRAP_STOP |
						 JOBCTL_TRAP_NOTIFY));
		job->has_tty = signal->tty || signal->tty_old_pgrp;
		job->group = task_pgrp(task);
		job->session = task_session(task);
		unlock_task_sighand(task, &flags);
	}
	read_unlock(&tasklist_lock);
}

int ckpt_thread_get(struct task_struct *task, struct ckpt_thread *thread)
{
	unsigned long flags;

	memset(thread, 0, sizeof(*thread));
	get_task_comm(thread->comm, task);
	thread->personality = task->personality;
	thread->dumpable = task_exec_state_get_dumpable(task);
	thread->clear_child_tid = (unsigned long)task->clear_child_tid;
	thread->set_child_tid = (unsigned long)task->set_child_tid;
	thread->robust_list = (unsigned long)task->futex.robust_list;
#ifdef CONFIG_COMPAT
	thread->compat_robust_list = (unsigned long)task->futex.compat_robust_list;
#endif
#ifdef CONFIG_RSEQ
	thread->rseq = (unsigned long)task->rseq.usrptr;
	thread->rseq_len = task->rseq.len;
	thread->rseq_sig = task->rseq.sig;
#ifdef CONFIG_RSEQ_SLICE_EXTENSION
	thread->rseq_slice = task->rseq.slice.state.enabled;
	thread->rseq_granted = task->rseq.slice.state.granted;
#endif
#endif
	thread->no_new_privs = task_no_new_privs(task);
	thread->forked_no_exec = task->flags & PF_FORKNOEXEC;
	thread->altstack_flags = task->sas_ss_flags;
	thread->altstack_base = task->sas_ss_sp;
	thread->altstack_size = task->sas_ss_size;
	thread->pdeath_signal = task->pdeath_signal;
	thread->timer_slack = task->timer_slack_ns;
	thread->default_timer_slack = task->default_timer_slack_ns;

	if (!lock_task_sighand(task, &flags))
		return -ESRCH;
	thread->blocked = task->blocked.sig[0];
	thread->saved_blocked = task->saved_sigmask.sig[0];
	thread->restore_sigmask = task->restore_sigmask;
	unlock_task_sighand(task, &flags);
	return 0;
}

/* Does exec make some programs dumpable by root only (fs.suid_dumpable 2)? */
bool ckpt_dumps_as_root(void)
{
	return READ_ONCE(suid_dumpable) == TASK_DUMPABLE_ROOT;
}

/* The last of the thread's own state but for its addresses: nothing here fails. */
void ckpt_thread_set(const struct ckpt_thread *thread)
{
	sigset_t blocked = { .sig = { thread->blocked } };

	__set_task_comm(current, thread->comm, false);
	current->personality = thread->personality;
	task_exec_state_set_dumpable(thread->dumpable);
	ckpt_addresses_set(current, 0, 0, 0);
	current->set_child_tid = (int __user *)(unsigned long)thread->set_child_tid;
	if (thread->no_new_privs)
		task_set_no_new_privs(current);
	if (thread->forked_no_exec)
		current->flags |= PF_FORKNOEXEC;
	else
		current->flags &= ~PF_FORKNOEXEC;
	current->sas_ss_flags = thread->altstack_flags;
	current->sas_ss_sp = thread->altstack_base;
	current->sas_ss_size = thread->altstack_size;
	current->pdeath_signal = thread->pdeath_signal;
	current->timer_slack_ns = thread->timer_slack;
	current->default_timer_slack_ns = thread->default_timer_slack;
	set_current_blocked(&blocked);
	current->saved_sigmask.sig[0] = thread->saved_blocked;
	current->restore_sigmask = thread->restore_sigmask;
}

/*
 * Where a thread writes to when it ends: for current, or for one that goes no
 * further than the freezer. Zero: nowhere.
 */
void ckpt_addresses_set(struct task_struct *task, u64 clear_child_tid, u64 robust_list,
			u64 compat_robust_list)
{
	WRITE_ONCE(task->clear_child_tid, (int __user *)(unsigned long)clear_child_tid);
	WRITE_ONCE(task->futex.robust_list,
		   (struct robust_list_head __user *)(unsigned long)robust_list);
#ifdef CONFIG_COMPAT
	WRITE_ONCE(task->futex.compat_robust_list,
		   (struct compat_robust_list_head __user *)(unsigned long)compat_robust_list);
#endif
}

/*
 * Inside of a system call no critical section is looked at, as when the call
 * had not been interrupted: what is left of an old one may not even be mapped.
 */
int ckpt_rseq_set(const struct ckpt_thread *thread, bool in_call)
{
#ifdef CONFIG_RSEQ
	struct rseq __user *area = (struct rseq __user *)(unsigned long)thread->rseq;
	int ret = rseq_restore(area, thread->rseq_len, thread->rseq_sig, thread->rseq_slice);

	if (!ret)
		current->rseq.event.user_irq = !in_call;
	return ret;
#else
	return -EOPNOTSUPP;
#endif
}

void ckpt_process_get(struct task_struct *task, struct ckpt_process *process)
{
	struct signal_struct *signal = task->signal;

	task_lock(task->group_leader);
	memcpy(process->limits, signal->rlim, sizeof(process->limits));
	task_unlock(task->group_leader);
	process->oom_score_adj = signal->oom_score_adj;
	process->oom_score_adj_min = signal->oom_score_adj_min;
	process->subreaper = signal->is_child_subreaper;
}

/* As PR_SET_CHILD_SUBREAPER does: their orphans look for one above. */
static int tell_of_subreaper(struct task_struct *p, void *unused)
{
	if (is_child_reaper(task_pid(p)))
		return 0;
	p->signal->has_child_subreaper = 1;
	return 1;
}

/* All descendants are there: what they would have had from birth is told to them now. */
void ckpt_process_set(const struct ckpt_process *process)
{
	struct signal_struct *signal = current->signal;

	task_lock(current->group_leader);
	memcpy(signal->rlim, process->limits, sizeof(signal->rlim));
	task_unlock(current->group_leader);
	signal->oom_score_adj = process->oom_score_adj;
	signal->oom_score_adj_min = process->oom_score_adj_min;
	signal->is_child_subreaper = process->subreaper;
	if (process->subreaper)
		walk_process_tree(current, tell_of_subreaper, NULL);
}

/* Those that stand in the way of building something; the CPU does not. */
void ckpt_limits_widen(bool without_end)
{
	static const int widened[] = {
		RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS,
		RLIMIT_LOCKS, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE,
	};

	task_lock(current->group_leader);
	for (int i = 0; i < ARRAY_SIZE(widened); i++) {
		struct rlimit *limit = &current->signal->rlim[widened[i]];

		/* Descriptors have an end of their own, fs.nr_open. */
		if (without_end && widened[i] != RLIMIT_NOFILE)
			limit->rlim_max = RLIM_INFINITY;
		limit->rlim_cur = limit->rlim_max;
	}
	task_unlock(current->group_leader);
}

void ckpt_task_kill(struct task_struct *task)
{
	send_sig(SIGKILL, task, 1);
}

u32 ckpt_limit_of_descriptors(void)
{
	return READ_ONCE(sysctl_nr_open);
}

void ckpt_sched_get(struct task_struct *task, struct ckpt_sched *sched)
{
	unsigned long flags;

	memset(sched, 0, sizeof(*sched));
	/* Somebody outside may be setting all of it at once (sched_setattr). */
	raw_spin_lock_irqsave(&task->pi_lock, flags);
	sched->policy = task->policy;
	sched->flags = task->sched_reset_on_fork ? SCHED_FLAG_RESET_ON_FORK : 0;
	sched->nice = task_nice(task);
	sched->priority = task->rt_priority;
	if (task->policy == SCHED_DEADLINE) {
		sched->runtime = task->dl.dl_runtime;
		sched->deadline = task->dl.dl_deadline;
		sched->period = task->dl.dl_period;
		sched->flags |= task->dl.flags;
	}
	if (task->se.custom_slice)
		sched->slice = task->se.slice;
#ifdef CONFIG_UCLAMP_TASK
	if (task->uclamp_req[UCLAMP_MIN].user_defined) {
		sched->flags |= SCHED_FLAG_UTIL_CLAMP_MIN;
		sched->util_min = task->uclamp_req[UCLAMP_MIN].value;
	}
	if (task->uclamp_req[UCLAMP_MAX].user_defined) {
		sched->flags |= SCHED_FLAG_UTIL_CLAMP_MAX;
		sched->util_max = task->uclamp_req[UCLAMP_MAX].value;
	}
#endif
	raw_spin_unlock_irqrestore(&task->pi_lock, flags);
	task_lock(task);
	sched->ioprio = task->io_context ? task->io_context->ioprio : IOPRIO_DEFAULT;
	task_unlock(task);
}

/* As the system calls would do it, with the rights of current. */
int ckpt_sched_set(const struct ckpt_sched *sched)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = sched->policy,
		.sched_flags = sched->flags,
		.sched_nice = sched->nice,
		.sched_priority = sched->priority,
		.sched_runtime = sched->runtime ?: sched->slice,
		.sched_deadline = sched->deadline,
		.sched_period = sched->period,
		.sched_util_min = sched->util_min,
		.sched_util_max = sched->util_max,
	};
	int ret;

#ifdef CONFIG_UCLAMP_TASK
	/* Clamps that the restarter has and the saved task had not go back to the default. */
	if (!(sched->flags & SCHED_FLAG_UTIL_CLAMP_MIN) &&
	    current->uclamp_req[UCLAMP_MIN].user_defined) {
		attr.sched_flags |= SCHED_FLAG_UTIL_CLAMP_MIN;
		attr.sched_util_min = -1;
	}
	if (!(sched->flags & SCHED_FLAG_UTIL_CLAMP_MAX) &&
	    current->uclamp_req[UCLAMP_MAX].user_defined) {
		attr.sched_flags |= SCHED_FLAG_UTIL_CLAMP_MAX;
		attr.sched_util_max = -1;
	}
#endif
	/* The real-time policies keep the nice value and the slice that they found. */
	if (sched->priority || sched->policy == SCHED_DEADLINE) {
		struct sched_attr normal = {
			.size = sizeof(normal),
			.sched_policy = SCHED_NORMAL,
			.sched_flags = sched->flags & SCHED_FLAG_RESET_ON_FORK,
			.sched_nice = sched->nice,
			.sched_runtime = sched->slice,
		};

		ret = sched_setattr(current, &normal);
		if (ret)
			return ret;
	}
	ret = sched_setattr(current, &attr);
	if (ret)
		return ret;
	if (sched->ioprio == IOPRIO_DEFAULT && !current->io_context)
		return 0;
	ret = ioprio_check_cap(sched->ioprio);
	return ret ?: set_task_ioprio(current, sched->ioprio);
}

static u32 mask_bytes(const struct cpumask *cpus, u8 *mask, u32 size)
{
	u32 used = 0;
	int cpu;

	memset(mask, 0, size);
	for_each_cpu(cpu, cpus) {
		if (cpu / 8 >= size)
			break;
		mask[cpu / 8] |= 1 << (cpu % 8);
		used = cpu / 8 + 1;
	}
	return used;
}

/* The CPUs that the task may use; returns the bytes that they take. */
u32 ckpt_affinity_get(struct task_struct *task, u8 *mask, u32 size)
{
	return mask_bytes(&task->cpus_mask, mask, size);
}

/* The CPUs that it asked for; zero: it did not ask. */
u32 ckpt_affinity_wanted(struct task_struct *task, u8 *mask, u32 size)
{
	unsigned long flags;
	u32 used = 0;

	raw_spin_lock_irqsave(&task->pi_lock, flags);
	if (task->user_cpus_ptr)
		used = mask_bytes(task->user_cpus_ptr, mask, size);
	raw_spin_unlock_irqrestore(&task->pi_lock, flags);
	return used;
}

int ckpt_affinity_set(const u8 *mask, u32 size)
{
	cpumask_var_t cpus;
	int ret;

	if (!zalloc_cpumask_var(&cpus, GFP_KERNEL))
		return -ENOMEM;
	for (u32 cpu = 0; cpu < size * 8 && cpu < nr_cpu_ids; cpu++) {
		if (mask[cpu / 8] & (1 << (cpu % 8)))
			cpumask_set_cpu(cpu, cpus);
	}
	ret = sched_setaffinity(0, cpus);
	free_cpumask_var(cpus);
	return ret;
}

/* Parked in restart(2): the only place where one that has joined sleeps unkillably but for death. */
bool ckpt_task_parked(struct task_struct *task)
{
	return wait_task_inactive(task, TASK_KILLABLE);
}

pid_t ckpt_task_number(struct task_struct *task)
{
	return task_pid_vnr(task);
}

/*
 * The number of a task outside that is to be told of. Negative: it has none in
 * current's pid namespace, where nobody is to learn more of it than that it is.
 */
pid_t ckpt_outsider_number(struct task_struct *task)
{
	return task_pid_vnr(task) ?: -1;
}

/* Its name, of TASK_COMM_LEN bytes, likewise. */
void ckpt_outsider_name(struct task_struct *task, char *name)
{
	strscpy_pad(name, task_pid_vnr(task) ? task->comm : "somebody", TASK_COMM_LEN);
}

pid_t ckpt_task_process(struct task_struct *task)
{
	return task_tgid_nr(task);
}

void ckpt_blink(void)
{
	usleep_range(50, 200);
}

/* That its cgroup is to be frozen is no reason for a task to give up what it builds. */
bool ckpt_interrupted_now(void)
{
	return signal_pending(current) && (fatal_signal_pending(current) ||
					   !(READ_ONCE(current->jobctl) & JOBCTL_TRAP_FREEZE));
}
