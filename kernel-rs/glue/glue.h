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

#include "kernel.h"

extern int ckpt_sysctl;

/* cgroup.c */
struct cgroup *ckpt_cgroup_of(struct file *directory);
bool ckpt_cgroup_is_topmost(struct cgroup *cgrp);
void ckpt_cgroup_put(struct cgroup *cgrp);
bool ckpt_cgroup_frozen(struct cgroup *cgrp);
u64 ckpt_cgroup_frozen_since(struct cgroup *cgrp);
bool ckpt_cgroup_populated(struct cgroup *cgrp);
void ckpt_cgroup_populated_below(struct cgroup *cgrp, char *path, size_t size);
bool ckpt_task_in_cgroup(struct task_struct *task, struct cgroup *cgrp);
int ckpt_cgroup_may_write(struct file *directory, const char *name);

/* task.c */
enum ckpt_fact {
	CKPT_FACT_IO_URING,
	CKPT_FACT_IO_URING_RULES,
	CKPT_FACT_PERF,
	CKPT_FACT_CORE_SCHED,
	CKPT_FACT_PI_FUTEX,
	CKPT_FACT_LANDLOCK,
	CKPT_FACT_LSM_LABEL,
	CKPT_FACT_TASK_WORK,
	CKPT_FACT_AUTOREAP,
	CKPT_FACT_BPF_STORAGE,
	CKPT_FACT_AUDIT_TTY,
	CKPT_FACT_USER_EVENTS,
	CKPT_FACT_KCOV,
	CKPT_FACT_FAULT_INJECTION,
	CKPT_FACT_RESCTRL,
	CKPT_FACT_AUTOGROUP,
	CKPT_FACT_DEBUG_REGISTERS,
	CKPT_FACT_IO_PORTS,
	CKPT_FACT_SHADOW_STACK,
	CKPT_FACT_DYNAMIC_XSTATE,
	CKPT_FACT_STEPPING,
	CKPT_FACT_X32_MODE,
	CKPT_FACT_MM_REAPED,
	CKPT_FACT_MM_FLAGS,
	CKPT_FACT_MM_UPROBES,
	CKPT_FACT_MAX,
};

static inline u64 fact(enum ckpt_fact which, bool is)
{
	return is ? BIT_ULL(which) : 0;
}

u64 ckpt_task_facts(struct task_struct *task);
u64 ckpt_task_facts_arch(struct task_struct *task);
bool ckpt_task_at_rest(struct task_struct *task);
bool ckpt_task_parked(struct task_struct *task);
pid_t ckpt_task_number(struct task_struct *task);
pid_t ckpt_outsider_number(struct task_struct *task);
void ckpt_outsider_name(struct task_struct *task, char *name);
const struct pid *ckpt_task_pid(struct task_struct *task);
pid_t ckpt_task_process(struct task_struct *task);
void ckpt_blink(void);
bool ckpt_interrupted_now(void);
bool ckpt_task_traced(struct task_struct *task);
bool ckpt_task_may_read(struct task_struct *task);

struct ckpt_job {
	u32 threads;
	u32 signal_flags;	/* SIGNAL_* */
	bool stopping;		/* a group stop or a core dump is under way */
	bool has_tty;		/* or had one, which has hung up */
	/* Process group and session: only to be compared. */
	const struct pid *group, *session;
	int exit_signal;	/* of the process */
	u32 exit_code;		/* of the thread */
	bool vfork_child;
	pid_t pid;		/* in the task's own namespace */
	u64 start_boottime;
};
void ckpt_job_get(struct task_struct *task, struct ckpt_job *job);

/* family.c */
struct ckpt_tasks {
	u32 count, room;		/* how many there are, and fit */
	struct task_struct **task;	/* with a reference each, as many as fit */
};
void ckpt_threads(struct task_struct *task, struct ckpt_tasks *tasks);
void ckpt_children(struct task_struct *task, struct ckpt_tasks *tasks);
struct task_struct *ckpt_leader(struct task_struct *task);
struct task_struct *ckpt_parent(struct task_struct *task);
bool ckpt_group_outsider(struct task_struct *member, bool is_session, struct cgroup *cgrp);
bool ckpt_child_arrange(struct task_struct *child, struct task_struct *parent, int exit_signal);
bool ckpt_task_ended(struct task_struct *task);

enum ckpt_shared {
	CKPT_SHARED_MM,
	CKPT_SHARED_FILES,
	CKPT_SHARED_FS,
	CKPT_SHARED_SIGHAND,
	CKPT_SHARED_IO,
	CKPT_SHARED_UNDO,
};
const void *ckpt_shared_get(struct task_struct *task, enum ckpt_shared what, u32 *users);
int ckpt_task_sharer(struct task_struct *task, struct cgroup *cgrp, enum ckpt_shared what);
bool ckpt_share(struct task_struct *with, enum ckpt_shared what);
int ckpt_unshare(enum ckpt_shared what);
void ckpt_undo_drop(void);

struct ckpt_thread {
	char comm[TASK_COMM_LEN];
	u32 personality;
	u32 dumpable;
	u64 clear_child_tid, set_child_tid, robust_list, compat_robust_list;
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
void ckpt_addresses_set(struct task_struct *task, u64 clear_child_tid, u64 robust_list,
			u64 compat_robust_list);
bool ckpt_dumps_as_root(void);
int ckpt_rseq_set(const struct ckpt_thread *thread, bool in_call);

struct ckpt_process {
	struct rlimit limits[RLIM_NLIMITS];
	s16 oom_score_adj, oom_score_adj_min;
	bool subreaper;
};
void ckpt_process_get(struct task_struct *task, struct ckpt_process *process);
void ckpt_process_set(const struct ckpt_process *process);
void ckpt_limits_widen(bool without_end);
u32 ckpt_limit_of_descriptors(void);
void ckpt_task_kill(struct task_struct *task);

struct ckpt_sched {
	u32 policy;
	u64 flags;		/* SCHED_FLAG_* */
	s32 nice;
	u32 priority;
	u16 ioprio;
	u64 runtime, deadline, period;	/* of SCHED_DEADLINE */
	u64 slice;		/* of the others, which it keeps; zero: the default */
	u32 util_min, util_max;
};
void ckpt_sched_get(struct task_struct *task, struct ckpt_sched *sched);
int ckpt_sched_set(const struct ckpt_sched *sched);
u32 ckpt_affinity_get(struct task_struct *task, u8 *mask, u32 size);
u32 ckpt_affinity_wanted(struct task_struct *task, u8 *mask, u32 size);
int ckpt_affinity_set(const u8 *mask, u32 size);

/* signal.c */
struct ckpt_action {
	u64 handler, flags, restorer, mask;
	bool compat;		/* set by a 32-bit system call */
};
int ckpt_actions_get(struct task_struct *task, struct ckpt_action *actions);
void ckpt_actions_set(const struct ckpt_action *actions);
void ckpt_pending_clear(bool with_process);

struct ckpt_stop {
	u32 signal;		/* that stopped it; zero: it is not stopped */
	u32 unreported;
	bool continued, tell_stopped, tell_continued;
};
int ckpt_stop_get(struct task_struct *task, struct ckpt_stop *stop);
void ckpt_stop_set(const struct ckpt_stop *stop);

enum ckpt_resume {
	CKPT_RESUME_NONE,
	CKPT_RESUME_NANOSLEEP,
	CKPT_RESUME_POLL,
	CKPT_RESUME_FUTEX,
	CKPT_RESUME_ALARM_NANOSLEEP,
	CKPT_RESUME_CPU_NANOSLEEP,
	CKPT_RESUME_SIGTIMEDWAIT,
	CKPT_RESUME_EPOLL_WAIT,
	CKPT_RESUME_EPOLL_PWAIT,
	CKPT_RESUME_SEMTIMEDOP,
	CKPT_RESUME_IO_GETEVENTS,
	CKPT_RESUME_IO_PGETEVENTS,
	CKPT_RESUME_SOCKET,
	CKPT_RESUME_UNKNOWN,
};
struct ckpt_interrupted {
	u32 what;
	s32 clock;
	u32 flags;		/* FUTEX_* */
	s64 deadline;
	u64 address;
	u32 value, least;
	u32 bitset;
	u64 object, mask;
	bool has_deadline, remainder_native, remainder_compat;
	bool compat;		/* by way of the 32-bit restart_syscall() */
};
void ckpt_interrupted_get(struct task_struct *task, struct ckpt_interrupted *in);
int ckpt_interrupted_set(const struct ckpt_interrupted *in);
void ckpt_leave(void);

/* timers.c */
struct ckpt_queued {
	kernel_siginfo_t info;
	u32 thread;		/* place of its thread, if it is not: */
	bool shared;		/* for the process */
	bool timer;		/* a POSIX timer's, and then: */
	bool stale;		/* of an earlier setting */
	bool periodic;
	bool ignored;		/* not queued, but put aside */
	bool deleted;		/* the timer is */
	/* Of one that is put aside: the thread, if it is not for the process; only to be compared. */
	const struct pid *target;
};
struct ckpt_timer {
	s32 id, clock, notify, signal;
	bool names_task;	/* a CPU-time clock that has a pid in it */
	/* Whose time it counts, if it does, and who gets the signal; only to be compared. */
	const struct pid *clock_pid, *target;
	pid_t clock_nr, target_nr;	/* the same, in current's namespace, to create one */
	bool armed;		/* counts down */
	bool waiting;		/* until its signal is taken */
	bool relative;		/* CLOCK_REALTIME, but counts on CLOCK_MONOTONIC */
	u64 value;
	s64 expires, interval;	/* on the host's clock */
	s64 overruns, last_overruns;
};
struct ckpt_itimer {
	u64 expires, interval;
	bool armed;
};
#define CKPT_ITIMERS 3
struct ckpt_moment {
	u32 queued, queued_room;	/* how many there are, and fit */
	u32 timers, timers_room;
	struct ckpt_queued *queue;
	struct ckpt_timer *timer;
	struct ckpt_itimer itimers[CKPT_ITIMERS];
	u32 threads, threads_room;
	u64 *pending;			/* of each thread, in their order */
	const struct pid **thread;	/* likewise; only to be compared */
	u64 shared_pending;
	u32 next_id;
	bool chosen_ids;
};
int ckpt_moment_get(struct task_struct *task, struct ckpt_moment *moment);
void ckpt_timers_drop(void);
struct k_itimer *ckpt_timer_create(const struct ckpt_timer *in, const struct cred *cred, u64 limit);
void ckpt_timer_fired(struct k_itimer *timer, const struct ckpt_queued *in);
int ckpt_timer_deleted(const struct ckpt_queued *in);
void ckpt_timer_start(struct k_itimer *timer, const struct ckpt_timer *in);
void ckpt_timers_set(u32 next_id, bool chosen_ids);
void ckpt_itimers_start(const struct ckpt_itimer *timers);

/* usage.c */
enum ckpt_usage_of { CKPT_USAGE_THREAD, CKPT_USAGE_ENDED, CKPT_USAGE_CHILDREN };
struct ckpt_usage {
	u64 start_boottime, start_monotonic;
	u64 user, system, guest, runtime, told_user, told_system;
	u64 minor_faults, major_faults, voluntary_switches, involuntary_switches;
	u64 blocks_in, blocks_out, peak_pages, peak_space_pages;
	u64 read_chars, write_chars, read_calls, write_calls;
	u64 read_bytes, write_bytes, cancelled_bytes;
	u64 waited, slices;
};
void ckpt_usage_get(struct task_struct *task, enum ckpt_usage_of whose, struct ckpt_usage *out);
void ckpt_usage_set(struct task_struct *task, enum ckpt_usage_of whose,
		    const struct ckpt_usage *in);
void ckpt_start_set(struct task_struct *task, u64 boottime, u64 monotonic);

/* credentials.c */
struct ckpt_creds {
	u32 uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	u32 securebits;
	u64 inheritable, permitted, effective, bounding, ambient;
	u32 groups;
	u32 requested_keys;	/* KEY_REQKEY_DEFL_* */
};
const struct cred *ckpt_cred_of(struct task_struct *task);
void ckpt_cred_put(const struct cred *cred);
bool ckpt_cred_is_here(const struct cred *cred);
int ckpt_creds_get(const struct cred *cred, struct ckpt_creds *out);
int ckpt_login_get(struct task_struct *task, const struct cred *cred, u32 *uid, u32 *session);
int ckpt_creds_group(const struct cred *cred, u32 index, u32 *group);
struct cred *ckpt_creds_prepare(const struct ckpt_creds *in, const u32 *groups,
				struct key *const *keyrings);
bool ckpt_securebits_known(u32 bits);
u32 ckpt_securebits_free(void);
bool ckpt_may_raise_ambient(void);
int ckpt_login_set(u32 uid, u32 session);
bool ckpt_task_labelled(struct task_struct *task);
bool ckpt_peer_labelled(const char *label);
bool ckpt_task_landlocked(struct task_struct *task);
void ckpt_creds_commit(struct cred *cred);
struct user_namespace *ckpt_user_ns(void);

/* keyrings.c */
enum ckpt_keyring_which {
	CKPT_KEYRING_SESSION,
	CKPT_KEYRING_PROCESS,
	CKPT_KEYRING_THREAD,
	CKPT_KEYRINGS,
};
struct ckpt_keyring {
	s32 serial;
	u32 uid, gid, permissions;
	s64 expires;			/* seconds since 1970; zero: never */
	bool user_session, revoked;	/* it is the one of @user; */
	bool links_user, links_user_session;
	u32 user;			/* whose keyrings these are */
	bool holds_keys, restricted;	/* what cannot be made again */
	char name[4096];
};
struct key *ckpt_keyring_of(const struct cred *cred, enum ckpt_keyring_which which);
bool ckpt_cred_has_authority(const struct cred *cred);
int ckpt_keyring_get(struct key *keyring, struct user_namespace *ns, struct ckpt_keyring *out);
struct key *ckpt_keyring_find(const struct ckpt_keyring *wanted);
struct key *ckpt_keyring_make(const struct ckpt_keyring *in);
u32 ckpt_keys_of_user(u32 number);
void ckpt_keyring_put(struct key *keyring);
void ckpt_keyrings_replace(struct cred *cred, u32 requested_keys, struct key *const *keyrings);

/* confinement.c */
struct ckpt_confinement {
	u32 seccomp;		/* SECCOMP_MODE_* */
	u32 dispatch;		/* PR_SYS_DISPATCH_* */
	u64 offset, length, selector;
	bool dispatched;	/* in the middle of it */
};
void ckpt_confinement_get(struct task_struct *task, struct ckpt_confinement *out);
int ckpt_dispatch_set(const struct ckpt_confinement *in);
const void *ckpt_filter_program(struct seccomp_filter *filter, u32 *size, u32 *flags,
				bool *has_listener);
struct seccomp_filter *ckpt_filter_make(const void *program, u32 size, u32 flags,
					struct seccomp_filter *below);

#define CKPT_SPECULATION 3	/* store bypass, indirect branches, L1D flush */
struct ckpt_settings {
	bool io_flusher, randomized, used_privilege, too_many_processes;
	u32 memory_errors;	/* PR_MCE_KILL_* */
	s32 speculation[CKPT_SPECULATION];
	bool futex_hash, futex_chosen;
	u32 futex_slots;
};
void ckpt_settings_get(struct task_struct *task, struct ckpt_settings *out);
void ckpt_settings_set(const struct ckpt_settings *in);
int ckpt_speculation_set(u32 which, u32 control);
int ckpt_futex_hash_set(u32 slots, bool chosen);

/* namespaces.c */
enum ckpt_ns { CKPT_NS_MNT, CKPT_NS_PID, CKPT_NS_TIME, CKPT_NS_UTS, CKPT_NS_IPC, CKPT_NS_NET,
	       CKPT_NS_CGROUP, CKPT_NS_USER, CKPT_NS_MAX };
struct ckpt_namespaces {
	u64 id[CKPT_NS_MAX];
	s64 monotonic_offset, boottime_offset;	/* container minus host, ns */
	bool time_made, mnt_made;	/* a restart has made it */
	bool mnt_changed;	/* somebody has mounted or unmounted in it since */
	bool children_differ;	/* children would be in another time namespace */
};
int ckpt_namespaces_get(struct task_struct *task, struct ckpt_namespaces *ns);
int ckpt_namespaces_mark(struct task_struct *task, u64 pid_ns_id);
s64 ckpt_monotonic(void);
s64 ckpt_boottime(s64 monotonic);
s64 ckpt_realtime(void);
void ckpt_boot_id(u8 *buffer);
void ckpt_uname(u32 which, char *buffer);

#include "aio.h"
#include "eventfds.h"
#include "fanotify.h"
#include "generated.h"
#include "ipc.h"
#include "locks.h"
#include "memory.h"
#include "pidfds.h"
#include "pids.h"
#include "pipes.h"
#include "polls.h"
#include "queues.h"
#include "sockets.h"
#include "specials.h"
#include "storage.h"
#include "terminals.h"
#include "tracers.h"
#include "vfork.h"
#include "watches.h"

/* stream.c */
ssize_t ckpt_pages_write(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size);
ssize_t ckpt_pages_read(struct file *file, struct ckpt_pages *pages, u32 first, u64 skip, u64 size);
ssize_t ckpt_stream_write(struct file *file, const void *data, size_t size);
ssize_t ckpt_stream_read(struct file *file, void *data, size_t size);

/* files.c */
struct ckpt_file {
	u32 mode, flags, device;
	u64 position, size, mtime_s;
	u32 mtime_ns;
	u64 inode;
	u32 write_hint;
	u64 fs_magic;
	bool by_path;		/* else, but for pipes, special files and objects, nothing but mode, flags and file system */
	bool terminal;		/* but no master of one, and not /dev/tty */
	bool unlinked, locked;
	bool of_process;	/* in the /proc directory of a process */
	bool generated;		/* its content is made while it is read */
	bool news;		/* likewise, and poll() would tell of a change */
	bool notifies;		/* fcntl(F_NOTIFY) */
	bool write_error;	/* one that fsync() has not told yet */
	bool error_below;	/* one below overlayfs; who was told is not known */
	bool told;		/* something by ioctl(2) that no open(2) tells again */
	bool restricted;	/* by a landlock domain */
	bool odd;		/* not as any open(2) leaves it */
	bool counted;		/* a directory's offset that only counts what was there */
	bool at_end;		/* likewise, and nothing is left to be read */
	bool created, random, sequential, no_reuse;
	bool has_owner;		/* it has, or had, somebody to signal */
	u32 async_number;	/* the descriptor that signals of O_ASYNC name, and one */
	u32 object;		/* enum ckpt_object */
	u32 links;
	bool first;		/* the file that the object or pipe was made with */
	bool pipe;		/* an end of a pipe or FIFO */
	u32 special;		/* enum ckpt_special */
	bool awaits_writer;	/* which nobody has had open for writing since */
	char family[32];
	char label[64];		/* how /proc/PID/fd would call it, if it has no path */
};
u64 ckpt_directory_number(const struct inode *inode);

static inline u32 ckpt_device(const struct inode *inode)
{
	return S_ISCHR(inode->i_mode) || S_ISBLK(inode->i_mode) ?
		MAJOR(inode->i_rdev) << 20 | MINOR(inode->i_rdev) : 0;
}
void ckpt_file_label(struct file *file, char *buffer, u32 size);
int ckpt_file_get(struct file *file, struct task_struct *task, struct ckpt_file *out);
const struct path *ckpt_file_path(struct file *file);
const struct cred *ckpt_file_opener(struct file *file);
void ckpt_file_set_opener(struct file *file, const struct cred *cred);
int ckpt_file_seek(struct file *file, u64 position);
int ckpt_directory_end(struct file *file, u64 position);
void ckpt_file_show(struct file *file, u32 flags, bool created);
int ckpt_file_advise(struct file *file, bool sequential, bool random, bool no_reuse);
int ckpt_file_async(struct file *file, u32 fd);
int ckpt_file_hint(struct file *file, u32 hint);
int ckpt_file_cut(struct file *file, u64 size);
int ckpt_file_sync(struct file *file);
struct super_block *ckpt_file_fs(struct file *file);
void ckpt_fs_name(struct super_block *sb, char *buffer, u32 size);
int ckpt_fs_sync(struct super_block *sb);

struct ckpt_owner {
	const struct pid *pid;	/* only to be compared */
	pid_t nr;		/* for the caller; zero: it is gone */
	u32 what;		/* F_OWNER_* */
	u32 signal, uid, euid;
};
void ckpt_owner_get(struct file *file, struct ckpt_owner *out);
void ckpt_owner_clear(struct file *file);
int ckpt_owner_set(struct file *file, struct task_struct *task, const struct ckpt_owner *in);

/* descriptors.c */
int ckpt_fd_close_on_exec(struct task_struct *task, u32 fd);
void ckpt_files_close_all(void);
void ckpt_files_raise_limit(u32 count);
struct ckpt_suspect {
	const void *object;	/* an open file, or the inode of open files */
	pid_t outsider;		/* ckpt_outsider_number() of a task that has it, or zero */
	bool unused_too;	/* an inode that was only found counts (O_PATH) */
	char comm[TASK_COMM_LEN];
};
int ckpt_files_outside(struct cgroup *cgrp, struct ckpt_suspect *suspects, u32 count);
u64 ckpt_file_references(struct file *file);
int ckpt_file_install(u32 fd, struct file *file, bool close_on_exec);

/* handed.c */
u32 ckpt_file_access(struct file *file);
const void *ckpt_socket_peer(struct file *file);
int ckpt_file_receive(u32 fd, struct file *file, bool close_on_exec);
void ckpt_file_set_nonblock(struct file *file, bool nonblock);

/* opened.c */
bool ckpt_file_is_told(struct file *file);

/* paths.c */
const char *ckpt_path_get(const struct path *path, char *buffer, int size);
int ckpt_path_leads(struct task_struct *task, const char *name, const struct path *to, bool nofollow);
struct file *ckpt_path_open(const char *name, u32 flags, const struct cred *opener, u64 number);
bool ckpt_path_readable_by(const struct path *path, const struct cred *reader);
int ckpt_path_straight(const struct path *directory, const char *name);
int ckpt_path_kind(const char *name, u32 *mode, u32 *device);
int ckpt_directories_get(struct task_struct *task, struct path *root, struct path *cwd, u32 *umask);
int ckpt_cwd_set(const char *name, const struct cred *visitor);
void ckpt_cwd_enter(const struct path *path);
int ckpt_root_set(const char *name, const struct cred *visitor);
int ckpt_root_enter(const struct path *path);
struct file *ckpt_directory_open(struct task_struct *task, bool is_root);
void ckpt_umask_set(u32 umask);
void ckpt_path_put(struct path *path);
struct super_block *ckpt_path_fs(const struct path *path);

/* monitoring.c */
u64 ckpt_task_facts_monitoring(struct task_struct *task);

/* cpu.c */
#define CKPT_REGISTERS 27
#define CKPT_SEGMENTS 3

/* A struct user_desc without bit fields. */
struct ckpt_segment {
	u32 entry, base, limit, flags;
};
struct ckpt_cpu {
	bool no_tsc, no_cpuid;
	bool compat_call, compat_poked;
	struct ckpt_segment tls[CKPT_SEGMENTS];
	u64 trap, error_code, fault_address, debug_status;
	u64 locked_features;
};
int ckpt_local_descriptors_get(struct mm_struct *mm, struct ckpt_segment *entries, u32 max);
int ckpt_local_descriptor_set(const struct ckpt_segment *entry);
void ckpt_cpu_get(struct task_struct *task, struct ckpt_cpu *cpu);
int ckpt_cpu_set(struct task_struct *task, const struct ckpt_cpu *cpu);
int ckpt_cpu_prepare(const struct ckpt_cpu *cpu);
bool ckpt_registers_ready(void);
u32 ckpt_action_flags(u32 flags, bool *compat);
u32 ckpt_action_abi(bool compat);
bool ckpt_restart_is_compat(const struct restart_block *block);
void ckpt_restart_set_compat(struct restart_block *block, bool compat);
int ckpt_registers_get(struct task_struct *task, u64 *registers);
int ckpt_registers_set(struct task_struct *task, const u64 *registers);
u32 ckpt_xstate_size(void);
u32 ckpt_xstate_buffer_size(void);
u32 ckpt_cpuid(u32 leaf, u32 subleaf, u32 which);
u32 ckpt_signal_frame_size(void);
u64 ckpt_xstate_features(void);
void ckpt_xstate_component(u32 component, u32 *offset, u32 *size);
u64 ckpt_hwcap(u32 which);
int ckpt_xstate_get(struct task_struct *task, void *buffer, u32 size);
int ckpt_xstate_set(struct task_struct *task, const void *buffer, u32 size);
long ckpt_return_value(void);

/* session.c */
int ckpt_session_fd(void *session);
void *ckpt_session_of(struct file *file);
void ckpt_completion_init(struct completion *done);
int ckpt_wait(struct completion *done, bool interruptible, u64 timeout_ms);
bool ckpt_task_gone(struct task_struct *task);

#endif /* _KERNEL_CHECKPOINT_GLUE_H */
