/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the Rust side of checkpoint/restart needs of C: inline functions, static
 * objects, and fields that sit under a lock or an #ifdef.
 *
 * Nothing here decides anything or knows the image. Functions whose name ends
 * in _get fill a plain struct, those in _set take it back and act on current.
 */
#ifndef _KERNEL_CHECKPOINT_GLUE_H
#define _KERNEL_CHECKPOINT_GLUE_H

#include <linux/binfmts.h>
#include <linux/bvec.h>
#include <linux/cgroup.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/ioprio.h>
#include <linux/mm.h>
#include <linux/mnt_namespace.h>
#include <linux/namei.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/types.h>

/* Once, at boot, and the two calls; Rust, entry.rs. */
void ckpt_init(void);
long ckpt_checkpoint(const void __user *args, size_t size);
long ckpt_restart(const void __user *args, size_t size);
extern int ckpt_sysctl;

/* cgroup.c */
void ckpt_cgroup_put(struct cgroup *cgrp);
bool ckpt_cgroup_frozen(struct cgroup *cgrp);
bool ckpt_cgroup_populated(struct cgroup *cgrp);
bool ckpt_task_in_cgroup(struct task_struct *task, struct cgroup *cgrp);

/* task.c */
enum ckpt_fact {
	CKPT_FACT_SECCOMP,
	CKPT_FACT_POSIX_TIMERS,
	CKPT_FACT_ITIMERS,
	CKPT_FACT_IO_URING,
	CKPT_FACT_PERF,
	CKPT_FACT_SEM_UNDO,
	CKPT_FACT_SHM,
	CKPT_FACT_MEMPOLICY,
	CKPT_FACT_UCLAMP,
	CKPT_FACT_CORE_SCHED,
	CKPT_FACT_USER_DISPATCH,
	CKPT_FACT_PI_FUTEX,
	CKPT_FACT_COMPAT_ROBUST_LIST,
	CKPT_FACT_KEYRING,
	CKPT_FACT_LANDLOCK,
	CKPT_FACT_LSM_LABEL,
	CKPT_FACT_SHARED_IO_CONTEXT,
	CKPT_FACT_UPROBES,
	CKPT_FACT_SPECULATION,
	CKPT_FACT_TASK_WORK,
	CKPT_FACT_AUTOREAP,
	CKPT_FACT_AUDIT_TTY,
	CKPT_FACT_DEBUG_REGISTERS,
	CKPT_FACT_IO_PORTS,
	CKPT_FACT_TLS_SEGMENTS,
	CKPT_FACT_SHADOW_STACK,
	CKPT_FACT_DYNAMIC_XSTATE,
	CKPT_FACT_STEPPING,
	CKPT_FACT_COMPAT_MODE,
	CKPT_FACT_TSC_OR_CPUID,
	CKPT_FACT_MM_AIO,
	CKPT_FACT_MM_LDT,
	CKPT_FACT_MM_LAM,
	CKPT_FACT_MM_PKEYS,
	CKPT_FACT_MM_MEMBARRIER,
	CKPT_FACT_MM_LOCK_FUTURE,
	CKPT_FACT_MM_MERGE_ANY,
	CKPT_FACT_MM_THP_DISABLE,
	CKPT_FACT_MM_MDWE,
	CKPT_FACT_MM_UPROBES,
	CKPT_FACT_MAX,
};

u64 ckpt_task_facts(struct task_struct *task);
u64 ckpt_task_facts_arch(struct task_struct *task);
bool ckpt_task_at_rest(struct task_struct *task);
bool ckpt_task_parked(struct task_struct *task);
pid_t ckpt_task_number(struct task_struct *task);
pid_t ckpt_task_process(struct task_struct *task);
void ckpt_blink(void);
bool ckpt_interrupted_now(void);
pid_t ckpt_task_child(struct task_struct *task);
bool ckpt_task_traced(struct task_struct *task);
bool ckpt_task_may_read(struct task_struct *task);

enum ckpt_shared { CKPT_SHARED_MM, CKPT_SHARED_FILES, CKPT_SHARED_FS, CKPT_SHARED_SIGHAND };
pid_t ckpt_task_sharer(struct task_struct *task, struct cgroup *cgrp, enum ckpt_shared what);
pid_t ckpt_file_sharer(struct file *file, struct cgroup *cgrp);

struct ckpt_job {
	u32 threads;
	u32 signal_flags;	/* SIGNAL_* */
	bool stopping;		/* a group stop or a core dump is under way */
	bool has_tty;
	bool group_leader, session_leader;	/* as seen by getpgrp, getsid */
	bool vfork_child;
	bool subreaper;
	pid_t pid;		/* in the task's own namespace */
	u64 start_boottime;
	u32 oom_score_adj_bits, oom_score_adj_min_bits;
};
void ckpt_job_get(struct task_struct *task, struct ckpt_job *job);

struct ckpt_thread {
	char comm[TASK_COMM_LEN];
	u32 personality;
	u32 dumpable;
	u64 clear_child_tid, set_child_tid, robust_list;
	u64 rseq;
	u32 rseq_len, rseq_sig;
	bool rseq_slice, rseq_granted;
	bool no_new_privs, restore_sigmask, forked_no_exec;
	u32 altstack_flags;
	u64 altstack_base, altstack_size;
	u64 blocked, saved_blocked;
	u32 pdeath_signal;
	u64 timer_slack, default_timer_slack;
};
int ckpt_thread_get(struct task_struct *task, struct ckpt_thread *thread);
void ckpt_thread_set(const struct ckpt_thread *thread);

struct ckpt_process {
	struct rlimit limits[RLIM_NLIMITS];
	s16 oom_score_adj, oom_score_adj_min;
	bool subreaper;
};
void ckpt_process_get(struct task_struct *task, struct ckpt_process *process);
void ckpt_process_set(const struct ckpt_process *process);

struct ckpt_sched {
	u32 policy;
	u64 flags;
	s32 nice;
	u32 priority;
	u16 ioprio;
	bool has_affinity;
	u64 runtime;
};
void ckpt_sched_get(struct task_struct *task, struct ckpt_sched *sched);
int ckpt_sched_set(const struct ckpt_sched *sched);
u32 ckpt_affinity_get(struct task_struct *task, u8 *mask, u32 size);
int ckpt_affinity_set(const u8 *mask, u32 size);

/* signal.c */
struct ckpt_action {
	u64 handler, flags, restorer, mask;
};
struct ckpt_signals {
	struct ckpt_action actions[_NSIG];
	u64 pending, shared_pending;
};
int ckpt_signals_get(struct task_struct *task, struct ckpt_signals *signals);
void ckpt_actions_set(const struct ckpt_action *actions);
int ckpt_pending_get(struct task_struct *task, bool shared, u32 index, kernel_siginfo_t *info);
int ckpt_pending_set(const kernel_siginfo_t *info, bool shared);
void ckpt_pending_clear(void);

enum ckpt_resume {
	CKPT_RESUME_NONE,
	CKPT_RESUME_NANOSLEEP,
	CKPT_RESUME_POLL,
	CKPT_RESUME_FUTEX,
	CKPT_RESUME_ALARM_NANOSLEEP,
	CKPT_RESUME_CPU_NANOSLEEP,
	CKPT_RESUME_UNKNOWN,
};
struct ckpt_interrupted {
	u32 what;
	s32 clock;
	u32 flags;		/* FUTEX_* */
	s64 deadline;
	u64 address;
	u32 value;
	u32 bitset;
	bool has_deadline, remainder_native, remainder_compat;
};
void ckpt_interrupted_get(struct task_struct *task, struct ckpt_interrupted *in);
int ckpt_interrupted_set(const struct ckpt_interrupted *in);
void ckpt_leave(void);

/* credentials.c */
struct ckpt_creds {
	u32 uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	u32 securebits;
	u64 inheritable, permitted, effective, bounding, ambient;
	u32 groups;
	u32 login_uid, audit_session;
};
const struct cred *ckpt_cred_of(struct task_struct *task);
void ckpt_cred_put(const struct cred *cred);
int ckpt_creds_get(struct task_struct *task, const struct cred *cred, struct ckpt_creds *out);
int ckpt_creds_group(const struct cred *cred, u32 index, u32 *group);
struct cred *ckpt_creds_prepare(const struct ckpt_creds *in, const u32 *groups);
bool ckpt_creds_same_loginuid(const struct ckpt_creds *in);
void ckpt_creds_commit(struct cred *cred);
void ckpt_creds_abort(struct cred *cred);
struct user_namespace *ckpt_user_ns(void);

/* namespaces.c */
enum ckpt_ns { CKPT_NS_MNT, CKPT_NS_PID, CKPT_NS_TIME, CKPT_NS_UTS, CKPT_NS_IPC, CKPT_NS_NET,
	       CKPT_NS_CGROUP, CKPT_NS_USER, CKPT_NS_MAX };
struct ckpt_namespaces {
	u64 id[CKPT_NS_MAX];
	u64 mnt_event;
	s64 monotonic_offset, boottime_offset;	/* container minus host, ns */
	bool children_differ;	/* children would be in other namespaces */
};
int ckpt_namespaces_get(struct task_struct *task, struct ckpt_namespaces *ns);
s64 ckpt_monotonic(void);
s64 ckpt_boottime(s64 monotonic);
s64 ckpt_realtime(void);
void ckpt_uname(u32 which, char *buffer);

/* memory.c */
struct ckpt_mm {
	u64 start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
	u64 arg_start, arg_end, env_start, env_end;
	u64 mmap_base, mmap_compat_base;
	u64 vdso;
	u32 areas;
	u32 coredump_filter;
	u32 auxv_size;
	bool top_down, no_huge_pages;
	u64 auxv[AT_VECTOR_SIZE];
};
void ckpt_mm_get(struct mm_struct *mm, struct ckpt_mm *out);
int ckpt_mm_set(const struct ckpt_mm *in);
int ckpt_mm_renew(bool top_down);
void ckpt_mm_renew_arch(struct mm_struct *mm);
int ckpt_mm_set_exe(struct file *file);

/* What an area is; one bit each. */
enum {
	CKPT_VM_READ = 1 << 0,
	CKPT_VM_WRITE = 1 << 1,
	CKPT_VM_EXEC = 1 << 2,
	CKPT_VM_SHARED = 1 << 3,
	CKPT_VM_GROWSDOWN = 1 << 4,
	CKPT_VM_NORESERVE = 1 << 5,
	CKPT_VM_LOCKED = 1 << 6,
	CKPT_VM_LOCKONFAULT = 1 << 7,
	CKPT_VM_DONTCOPY = 1 << 8,
	CKPT_VM_WIPEONFORK = 1 << 9,
	CKPT_VM_DONTDUMP = 1 << 10,
	CKPT_VM_HUGEPAGE = 1 << 11,
	CKPT_VM_NOHUGEPAGE = 1 << 12,
	CKPT_VM_MERGEABLE = 1 << 13,
	CKPT_VM_SEQ_READ = 1 << 14,
	CKPT_VM_RAND_READ = 1 << 15,
	CKPT_VM_MAYREAD = 1 << 16,
	CKPT_VM_MAYWRITE = 1 << 17,
	CKPT_VM_MAYEXEC = 1 << 18,
	CKPT_VM_ACCOUNT = 1 << 19,
};

enum ckpt_area_kind {
	CKPT_AREA_OTHER,
	CKPT_AREA_ANON,
	CKPT_AREA_FILE,
	CKPT_AREA_VDSO,
	CKPT_AREA_VVAR,
	CKPT_AREA_VVAR_VCLOCK,
};

struct ckpt_area {
	u64 start, end, offset;
	u32 flags;		/* CKPT_VM_* */
	u32 kind;
	u64 unknown;		/* flags of the kernel's that have no bit above */
	bool has_policy, is_shmem, has_name;
	struct file *file;	/* with a reference */
	char name[80 + 1];
	char obstacle[48];	/* what the unknown flags mean, if they mean something */
};
int ckpt_area_find(struct mm_struct *mm, u64 address, struct ckpt_area *area);
int ckpt_area_map(const struct ckpt_area *area);
u64 ckpt_vdso_size(void);
u64 ckpt_vdso_data_size(void);
const void *ckpt_vdso_image(void);
int ckpt_vdso_map(u64 start);

#define CKPT_BATCH 512

struct ckpt_pages {
	u64 next;		/* where to go on */
	u32 count;
	u64 address[CKPT_BATCH];
	struct page *page[CKPT_BATCH];	/* with a reference; NULL: reads as zero, or see below */
	bool absent[CKPT_BATCH];	/* has to be read in first: swapped, or on its way */
	struct bio_vec vec[CKPT_BATCH];
};
int ckpt_pages_collect(struct mm_struct *mm, u64 start, u64 end, struct ckpt_pages *pages);
int ckpt_page_fetch(struct mm_struct *mm, u64 address, struct page **page);
int ckpt_pages_pin(struct mm_struct *mm, u64 start, u32 count, struct ckpt_pages *pages);
void ckpt_pages_release(struct ckpt_pages *pages, bool dirty);
bool ckpt_page_is_zero(struct page *page);
void ckpt_page_clear(struct page *page);
u32 ckpt_page_checksum(struct page *page, u32 state);
ssize_t ckpt_pages_write(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size);
ssize_t ckpt_pages_read(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size);
ssize_t ckpt_stream_write(struct file *file, const void *data, size_t size);
ssize_t ckpt_stream_read(struct file *file, void *data, size_t size);

/* files.c */
struct ckpt_file {
	u32 mode, flags, device;
	u64 position, size, mtime_s;
	u32 mtime_ns;
	u64 fs_magic;
	bool unlinked, locked, owned, by_path, random_access;
	char fs_name[32];
	char label[64];		/* how /proc/PID/fd would call it, if it has no path */
};
void ckpt_file_label(struct file *file, char *buffer, u32 size);
int ckpt_file_get(struct file *file, struct task_struct *task, struct ckpt_file *out);
const char *ckpt_path_get(const struct path *path, char *buffer, int size);
bool ckpt_path_leads(struct task_struct *task, const char *name, const struct path *to, bool nofollow);
int ckpt_fd_close_on_exec(struct task_struct *task, u32 fd);
void ckpt_files_close_all(void);
void ckpt_files_raise_limit(u32 count);
int ckpt_file_install(u32 fd, struct file *file, bool close_on_exec);
int ckpt_file_seek(struct file *file, u64 position);
const struct path *ckpt_file_path(struct file *file);
int ckpt_directories_get(struct task_struct *task, struct path *root, struct path *cwd, u32 *umask);
int ckpt_cwd_set(const char *name);
void ckpt_umask_set(u32 umask);
void ckpt_path_put(struct path *path);

/* cpu.c */
#define CKPT_REGISTERS 27
bool ckpt_registers_ready(void);
int ckpt_registers_get(struct task_struct *task, u64 *registers);
int ckpt_registers_set(struct task_struct *task, const u64 *registers);
u32 ckpt_xstate_size(void);
u64 ckpt_xstate_features(void);
u64 ckpt_hwcap(u32 which);
int ckpt_xstate_get(struct task_struct *task, void *buffer, u32 size);
int ckpt_xstate_set(struct task_struct *task, const void *buffer, u32 size);
long ckpt_return_value(void);

/* session.c */
int ckpt_session_fd(void *session);
void *ckpt_session_of(struct file *file);
void ckpt_session_flush(void *session);		/* Rust */
void ckpt_session_release(void *session);	/* Rust */
void ckpt_completion_init(struct completion *done);
int ckpt_wait(struct completion *done, bool interruptible, u64 timeout_ms);
bool ckpt_task_gone(struct task_struct *task);

#endif /* _KERNEL_CHECKPOINT_GLUE_H */
