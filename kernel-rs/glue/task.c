// SPDX-License-Identifier: GPL-2.0
/* Tasks: what they are, what they have, and whom they share it with. */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/iocontext.h>
#include <linux/key.h>
#include <linux/lsm_hooks.h>
#include <linux/pid_namespace.h>
#include <linux/posix-timers.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/sched/coredump.h>
#include <linux/sched/cputime.h>
#include <linux/sched/exec_state.h>
#include <linux/security.h>
#include <linux/sem.h>
#include <linux/slab.h>
#include <uapi/linux/lsm.h>
#include <uapi/linux/sched/types.h>

#ifdef CONFIG_SECURITY_LANDLOCK
#include "../../../security/landlock/cred.h"
#endif

#include "glue.h"

static u64 fact(enum ckpt_fact which, bool is)
{
	return is ? BIT_ULL(which) : 0;
}

/* Does a security module know the task by a label that means something? */
static bool has_lsm_label(struct task_struct *task)
{
	static const int modules[] = { LSM_ID_SELINUX, LSM_ID_SMACK, LSM_ID_APPARMOR };
	bool labelled = false;

	for (int i = 0; i < ARRAY_SIZE(modules); i++) {
		char *label = NULL;
		int size = security_getprocattr(task, modules[i], "current", &label);

		if (size > 0 && strncmp(label, "unconfined", strlen("unconfined")))
			labelled = true;
		kfree(label);
	}
	return labelled;
}

static u64 cred_facts(struct task_struct *task)
{
	const struct cred *cred = get_task_cred(task);
	u64 facts = 0;

#ifdef CONFIG_KEYS
	facts |= fact(CKPT_FACT_KEYRING,
		      cred->session_keyring || cred->process_keyring ||
		      cred->thread_keyring || cred->request_key_auth);
#endif
#ifdef CONFIG_SECURITY_LANDLOCK
	facts |= fact(CKPT_FACT_LANDLOCK, landlock_initialized && landlock_cred(cred)->domain);
#endif
	put_cred(cred);
	return facts;
}

static u64 signal_facts(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;
	u64 facts = fact(CKPT_FACT_AUTOREAP, signal->autoreap);
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return facts;
	facts |= fact(CKPT_FACT_POSIX_TIMERS,
		      !hlist_empty(&signal->posix_timers) ||
		      !hlist_empty(&signal->ignored_posix_timers) ||
		      signal->timer_create_restore_ids);
	facts |= fact(CKPT_FACT_ITIMERS,
		      hrtimer_active(&signal->real_timer) || signal->it_real_incr ||
		      signal->it[0].expires || signal->it[0].incr ||
		      signal->it[1].expires || signal->it[1].incr);
#ifdef CONFIG_AUDIT
	facts |= fact(CKPT_FACT_AUDIT_TTY, signal->audit_tty);
#endif
	unlock_task_sighand(task, &flags);
	return facts;
}

static u64 mm_facts(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	u64 facts = 0;

	if (!mm)
		return 0;
#ifdef CONFIG_AIO
	facts |= fact(CKPT_FACT_MM_AIO, rcu_access_pointer(mm->ioctx_table));
#endif
#ifdef CONFIG_MEMBARRIER
	facts |= fact(CKPT_FACT_MM_MEMBARRIER, atomic_read(&mm->membarrier_state));
#endif
	facts |= fact(CKPT_FACT_MM_LOCK_FUTURE, mm->def_flags & (VM_LOCKED | VM_LOCKONFAULT));
	facts |= fact(CKPT_FACT_MM_MERGE_ANY, mm_flags_test(MMF_VM_MERGE_ANY, mm));
	facts |= fact(CKPT_FACT_MM_THP_DISABLE,
		      mm_flags_test(MMF_DISABLE_THP_EXCEPT_ADVISED, mm) ||
		      (mm->def_flags & (VM_HUGEPAGE | VM_NOHUGEPAGE)));
	facts |= fact(CKPT_FACT_MM_MDWE,
		      mm_flags_test(MMF_HAS_MDWE, mm) ||
		      mm_flags_test(MMF_HAS_MDWE_NO_INHERIT, mm));
	facts |= fact(CKPT_FACT_MM_UPROBES, mm_flags_test(MMF_HAS_UPROBES, mm));
	mmput(mm);
	return facts;
}

/* All the things of a task that are there or not. */
u64 ckpt_task_facts(struct task_struct *task)
{
	u64 facts = ckpt_task_facts_arch(task);

	facts |= cred_facts(task);
	facts |= signal_facts(task);
	facts |= mm_facts(task);
	facts |= fact(CKPT_FACT_LSM_LABEL, has_lsm_label(task));
#ifdef CONFIG_SECCOMP
	facts |= fact(CKPT_FACT_SECCOMP, task->seccomp.mode);
#endif
#ifdef CONFIG_IO_URING
	facts |= fact(CKPT_FACT_IO_URING, task->io_uring);
#endif
#ifdef CONFIG_PERF_EVENTS
	facts |= fact(CKPT_FACT_PERF, task->perf_event_ctxp);
#endif
#ifdef CONFIG_SYSVIPC
	facts |= fact(CKPT_FACT_SEM_UNDO, sem_has_undo(task));
	facts |= fact(CKPT_FACT_SHM, !list_empty(&task->sysvshm.shm_clist));
#endif
#ifdef CONFIG_NUMA
	facts |= fact(CKPT_FACT_MEMPOLICY, task->mempolicy);
#endif
#ifdef CONFIG_UCLAMP_TASK
	facts |= fact(CKPT_FACT_UCLAMP,
		      task->uclamp_req[UCLAMP_MIN].user_defined ||
		      task->uclamp_req[UCLAMP_MAX].user_defined);
#endif
#ifdef CONFIG_SCHED_CORE
	facts |= fact(CKPT_FACT_CORE_SCHED, task->core_cookie);
#endif
	facts |= fact(CKPT_FACT_USER_DISPATCH,
		      test_task_syscall_work(task, SYSCALL_USER_DISPATCH));
	facts |= fact(CKPT_FACT_PI_FUTEX, !list_empty(&task->futex.pi_state_list));
#ifdef CONFIG_COMPAT
	facts |= fact(CKPT_FACT_COMPAT_ROBUST_LIST, task->futex.compat_robust_list);
#endif
#ifdef CONFIG_UPROBES
	facts |= fact(CKPT_FACT_UPROBES, task->utask && task->utask->active_uprobe);
#endif
	facts |= fact(CKPT_FACT_SPECULATION,
		      READ_ONCE(task->atomic_flags) & ~BIT(PFA_NO_NEW_PRIVS));
	facts |= fact(CKPT_FACT_TASK_WORK, READ_ONCE(task->task_works));
	task_lock(task);
	facts |= fact(CKPT_FACT_SHARED_IO_CONTEXT,
		      task->io_context && atomic_read(&task->io_context->active_ref) > 1);
	task_unlock(task);
	return facts;
}

/* Frozen, and off its CPU for good: the one place where a frozen task sleeps. */
bool ckpt_task_at_rest(struct task_struct *task)
{
	return cgroup_task_frozen(task) &&
	       wait_task_inactive(task, TASK_INTERRUPTIBLE | TASK_FREEZABLE) &&
	       (READ_ONCE(task->jobctl) & JOBCTL_TRAP_FREEZE);
}

/* The number of one child process, dead or alive; zero: there is none. */
pid_t ckpt_task_child(struct task_struct *task)
{
	struct task_struct *child;
	pid_t nr = 0;

	read_lock(&tasklist_lock);
	child = list_first_entry_or_null(&task->children, struct task_struct, sibling);
	if (child)
		nr = task_pid_vnr(child) ?: task_pid_nr(child);
	read_unlock(&tasklist_lock);
	return nr;
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

/* A task outside @cgrp that has the same address space (or table, ...), or zero. */
pid_t ckpt_task_sharer(struct task_struct *task, struct cgroup *cgrp, enum ckpt_shared what)
{
	struct task_struct *p, *t;
	pid_t nr = 0;

	rcu_read_lock();
	for_each_process_thread(p, t) {
		bool same = false;

		if (t == task || task_dfl_cgroup(t) == cgrp || (t->flags & PF_KTHREAD))
			continue;
		switch (what) {
		case CKPT_SHARED_MM:
			same = task->mm && READ_ONCE(t->mm) == task->mm;
			break;
		case CKPT_SHARED_FILES:
			same = task->files && READ_ONCE(t->files) == task->files;
			break;
		case CKPT_SHARED_FS:
			same = task->fs && READ_ONCE(t->fs) == task->fs;
			break;
		case CKPT_SHARED_SIGHAND:
			same = rcu_access_pointer(t->sighand) == rcu_access_pointer(task->sighand);
			break;
		}
		if (same) {
			nr = task_pid_vnr(t) ?: task_pid_nr(t);
			break;
		}
	}
	rcu_read_unlock();
	return nr;
}

static int is_file(const void *wanted, struct file *file, unsigned int fd)
{
	return file == wanted;
}

/* A task outside @cgrp that has @file among its descriptors, or zero. */
pid_t ckpt_file_sharer(struct file *file, struct cgroup *cgrp)
{
	struct task_struct *p;
	pid_t nr = 0;

	read_lock(&tasklist_lock);
	for_each_process(p) {
		if (task_dfl_cgroup(p) == cgrp || (p->flags & PF_KTHREAD))
			continue;
		task_lock(p);
		if (p->files && iterate_fd(p->files, 0, is_file, file))
			nr = task_pid_vnr(p) ?: task_pid_nr(p);
		task_unlock(p);
		if (nr)
			break;
	}
	read_unlock(&tasklist_lock);
	return nr;
}

void ckpt_job_get(struct task_struct *task, struct ckpt_job *job)
{
	struct signal_struct *signal = task->signal;
	unsigned long flags;

	memset(job, 0, sizeof(*job));
	job->pid = task_pid_nr_ns(task, task_active_pid_ns(task));
	job->start_boottime = task->start_boottime;
	job->vfork_child = READ_ONCE(task->vfork_done);

	read_lock(&tasklist_lock);
	if (lock_task_sighand(task, &flags)) {
		job->threads = signal->nr_threads;
		job->signal_flags = signal->flags;
		job->stopping = signal->group_stop_count || signal->core_state ||
				signal->group_exec_task ||
				(task->jobctl & (JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME |
						 JOBCTL_TRAPPING | JOBCTL_TRAP_STOP |
						 JOBCTL_TRAP_NOTIFY));
		job->has_tty = signal->tty;
		job->subreaper = signal->is_child_subreaper;
		job->group_leader = task_pgrp(task) == task_pid(task);
		job->session_leader = task_session(task) == task_pid(task);
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

/* The last of the thread's own state: nothing here fails. */
void ckpt_thread_set(const struct ckpt_thread *thread)
{
	sigset_t blocked = { .sig = { thread->blocked } };

	__set_task_comm(current, thread->comm, false);
	current->personality = thread->personality;
	task_exec_state_set_dumpable(thread->dumpable);
	current->clear_child_tid = (int __user *)(unsigned long)thread->clear_child_tid;
	current->set_child_tid = (int __user *)(unsigned long)thread->set_child_tid;
	current->futex.robust_list = (struct robust_list_head __user *)(unsigned long)thread->robust_list;
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

void ckpt_process_set(const struct ckpt_process *process)
{
	struct signal_struct *signal = current->signal;

	task_lock(current->group_leader);
	memcpy(signal->rlim, process->limits, sizeof(signal->rlim));
	task_unlock(current->group_leader);
	if (process->limits[RLIMIT_CPU].rlim_cur != RLIM_INFINITY)
		update_rlimit_cpu(current, process->limits[RLIMIT_CPU].rlim_cur);
	signal->oom_score_adj = process->oom_score_adj;
	signal->oom_score_adj_min = process->oom_score_adj_min;
	signal->is_child_subreaper = process->subreaper;
}

void ckpt_sched_get(struct task_struct *task, struct ckpt_sched *sched)
{
	memset(sched, 0, sizeof(*sched));
	sched->policy = task->policy;
	sched->flags = task->sched_reset_on_fork ? SCHED_FLAG_RESET_ON_FORK : 0;
	sched->nice = task_nice(task);
	sched->priority = task->rt_priority;
	if (task->se.custom_slice)
		sched->runtime = task->se.slice;
	task_lock(task);
	sched->ioprio = task->io_context ? task->io_context->ioprio : IOPRIO_DEFAULT;
	task_unlock(task);
	sched->has_affinity = task->user_cpus_ptr;
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
		.sched_runtime = sched->runtime,
	};
	int ret;

	ret = sched_setattr(current, &attr);
	if (ret)
		return ret;
	if (sched->ioprio == IOPRIO_DEFAULT && !current->io_context)
		return 0;
	ret = ioprio_check_cap(sched->ioprio);
	return ret ?: set_task_ioprio(current, sched->ioprio);
}

/* The mask that the task chose; returns the bytes that it takes. */
u32 ckpt_affinity_get(struct task_struct *task, u8 *mask, u32 size)
{
	u32 used = 0;
	int cpu;

	memset(mask, 0, size);
	for_each_cpu(cpu, &task->cpus_mask) {
		if (cpu / 8 >= size)
			break;
		mask[cpu / 8] |= 1 << (cpu % 8);
		used = cpu / 8 + 1;
	}
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

pid_t ckpt_task_process(struct task_struct *task)
{
	return task_tgid_nr(task);
}

void ckpt_blink(void)
{
	usleep_range(50, 200);
}

bool ckpt_interrupted_now(void)
{
	return signal_pending(current);
}
