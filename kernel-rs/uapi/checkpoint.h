/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Do not edit: generated from kernel-rs/format by
 *
 * cargo xtask uapi
 */
#ifndef _UAPI_LINUX_CHECKPOINT_H
#define _UAPI_LINUX_CHECKPOINT_H

#include <linux/types.h>

/*
 * The two system calls: numbers, arguments, flags, statistics, log records.
 *
 * Arguments are passed as (struct *args, size). A shorter struct is filled up
 * with zeros; a longer one is refused with E2BIG unless its tail is zero;
 * unknown flags are EINVAL.
 */

/* Number of checkpoint(2), the same on every architecture. */
#ifndef __NR_checkpoint
#define __NR_checkpoint	510
#endif

/* Number of restart(2). */
#ifndef __NR_restart
#define __NR_restart	511
#endif

/**
 * struct checkpoint_args - Arguments of checkpoint(2).
 * @flags: Bits of CHECKPOINT_*.
 * @cgroup_fd: The frozen cgroup: a directory of cgroup v2.
 * @image_fd: Where the image goes; -1 with CHECKPOINT_CHECK.
 * @log_fd: Where struct ckpt_log_records go, or -1.
 * @reserved: Must be zero.
 * @stats: Address of a struct checkpoint_stats to fill, or zero.
 * @stats_size: Its size.
 * @end: Where the last bytes of the image go (CHECKPOINT_HOLD_END), or zero.
 * @end_size: Its size, at least CKPT_END_BYTES.
 * @hand_in: Address of descriptor numbers, 32 bits each: open files that any
 *   task has there, and that belong to the outside, are not saved, but handed
 *   in at restart; or zero: they are refused.
 * @hand_in_size: Its size, at most CKPT_MAX_HAND_IN numbers.
 */
struct checkpoint_args {
	__u64 flags;
	__s32 cgroup_fd;
	__s32 image_fd;
	__s32 log_fd;
	__u32 reserved;
	__u64 stats;
	__u64 stats_size;
	__u64 end;
	__u64 end_size;
	__u64 hand_in;
	__u64 hand_in_size;
};

/* Most descriptor numbers in hand_in, and most files in given. */
#define CKPT_MAX_HAND_IN	1024ULL

/* Look for obstacles only; write no image. */
#define CHECKPOINT_CHECK	(1ULL << 0)

/*
 * Bring to the disk what lies on the file systems that the container uses,
 * before the image is complete.
 */
#define CHECKPOINT_SYNC	(1ULL << 1)

/*
 * Give the last record to the caller instead of writing it: nothing is an image
 * until the caller has written it too.
 */
#define CHECKPOINT_HOLD_END	(1ULL << 2)

/*
 * A datagram socket that is connected to one outside, which has a name, is
 * saved without that: a restart connects it to whatever has the name then.
 */
#define CHECKPOINT_RECONNECT	(1ULL << 3)

/*
 * A session inside may have its terminal outside: a new one is given to whoever
 * restarts it, who relays it to where he is.
 */
#define CHECKPOINT_RELAY	(1ULL << 4)

/* Bytes of an struct ckpt_end record with its header. */
#define CKPT_END_BYTES	72ULL

/**
 * struct checkpoint_stats - What checkpoint(2) did, for --stats.
 * @pin_ns: Time to pin the freezer and wait until every task is off its CPU.
 * @capture_ns: Time to build every record but page contents.
 * @stream_ns: Time to write the stream.
 * @tasks: Tasks (threads) saved.
 * @records: Records written.
 * @bytes: Bytes written.
 * @pages: Pages written with contents.
 * @zero_pages: Pages that were all zero and cost nothing.
 * @capture_bytes: Kernel memory that the capture took at most.
 * @sync_ns: Time to bring files to the disk.
 * @inherited_pages: Pages that relatives share since a fork, beyond the first
 *   of them.
 * @members: Stands for who is in the container, alive or ended, and since when
 *   it has stood still. Two looks differ if one has come, ended or gone in
 *   between, or any has run.
 * @signals: Stands for the signals that wait in the container, but for those of
 *   its own timers and of what files tell. Two looks differ if one was sent to
 *   it in between.
 * @messages: Likewise for what waits in sockets, queues and pipes.
 * @typed: Likewise for what was typed at its terminals.
 */
struct checkpoint_stats {
	__u64 pin_ns;
	__u64 capture_ns;
	__u64 stream_ns;
	__u64 tasks;
	__u64 records;
	__u64 bytes;
	__u64 pages;
	__u64 zero_pages;
	__u64 capture_bytes;
	__u64 sync_ns;
	__u64 inherited_pages;
	__u64 members;
	__u64 signals;
	__u64 messages;
	__u64 typed;
};

/**
 * struct restart_args - Arguments of restart(2).
 * @role: One of CKPT_ROLE_*.
 * @flags: Bits of RESTART_*; only for CKPT_ROLE_RUN.
 * @session_fd: The session; for every role but CKPT_ROLE_OPEN.
 * @cgroup_fd: CKPT_ROLE_OPEN: the cgroup that the tasks are or will be in.
 * @image_fd: CKPT_ROLE_RUN: the image, positioned after the prefix.
 * @log_fd: CKPT_ROLE_RUN: where struct ckpt_log_records go, or -1.
 * @task: CKPT_ROLE_JOIN: which member of the forest the caller becomes.
 * @reserved: Must be zero.
 * @prefix: CKPT_ROLE_RUN: address of the part of the image that was read
 *   already.
 * @prefix_size: Its size.
 * @stats: CKPT_ROLE_RUN: address of a struct restart_stats to fill, or zero.
 * @stats_size: Its size.
 * @given: CKPT_ROLE_RUN: address of struct ckpt_given_files, or zero.
 * @given_size: Its size, at most CKPT_MAX_HAND_IN of them.
 * @terminals: CKPT_ROLE_RUN: address of struct ckpt_taken_terminals to fill, or
 *   zero: the caller takes none.
 * @terminals_size: Its size, at most CKPT_MAX_HAND_IN of them.
 *
 * Which fields count depends on role; the others must be zero (fds: -1).
 */
struct restart_args {
	__u32 role;
	__u32 flags;
	__s32 session_fd;
	__s32 cgroup_fd;
	__s32 image_fd;
	__s32 log_fd;
	__u32 task;
	__u32 reserved;
	__u64 prefix;
	__u64 prefix_size;
	__u64 stats;
	__u64 stats_size;
	__u64 given;
	__u64 given_size;
	__u64 terminals;
	__u64 terminals_size;
};

/**
 * struct ckpt_taken_terminal - The master of a pseudo terminal whose slave
 *   controls a session of the container: it was outside (CHECKPOINT_RELAY).
 * @number: The number of the pair.
 * @fd: A new descriptor of the caller's (close-on-exec); -1: there are no more.
 *
 * When it is closed, that session is hung up.
 */
struct ckpt_taken_terminal {
	__u32 number;
	__s32 fd;
};

/**
 * struct ckpt_given_file - An open file of the caller's that the container gets
 *   in place of one that was not saved.
 * @number: Handed.number of those that it takes the place of; no number comes
 *   twice.
 * @fd: The caller's descriptor.
 * @flags: Bits of CKPT_GIVEN_*.
 * @reserved: Must be zero.
 */
struct ckpt_given_file {
	__u32 number;
	__s32 fd;
	__u32 flags;
	__u32 reserved;
};

/* It is an error if nothing is there whose place it takes. */
#define CKPT_GIVEN_WANTED	(1U << 0)

/* Opens a session; returns its file descriptor (close-on-exec). */
#define CKPT_ROLE_OPEN	1U

/*
 * The caller becomes a task of the container: parks, and leaves as the task
 * that was saved.
 */
#define CKPT_ROLE_JOIN	2U

/* Reads the image, builds everything, and lets the tasks go. */
#define CKPT_ROLE_RUN	4U

/* Leave the container frozen. */
#define RESTART_FROZEN	(1U << 0)

/* Pids need not be the saved ones. */
#define RESTART_NEW_PIDS	(1U << 1)

/* Read and verify everything, then end the tasks: nothing runs. */
#define RESTART_VERIFY	(1U << 2)

/* A file open for writing may have grown; it stays as it is. */
#define RESTART_FILES_KEEP	(1U << 3)

/*
 * A file open for writing may have grown; it is cut back to the size that it
 * had.
 */
#define RESTART_FILES_TRUNCATE	(1U << 4)

/*
 * The tasks are let go when the descriptor of the session is closed: by whoever
 * opened it, or with him. What is written to cgroup.freeze meanwhile counts
 * then. Not with RESTART_FROZEN.
 */
#define RESTART_HELD	(1U << 5)

/**
 * struct restart_stats - What restart(2) did, for --stats.
 * @join_ns: Time to read everything but page contents, and until every member
 *   had joined.
 * @build_ns: Time to open files, and to build address spaces and descriptors.
 * @commit_ns: Time to take on what cannot fail, until the tasks were let go.
 * @tasks: Tasks (threads) restored.
 * @records: Records read.
 * @bytes: Bytes read.
 * @pages: Pages filled with contents.
 * @zero_pages: Pages made zero over a file.
 * @fill_ns: Time to read page contents, to the end of the stream.
 * @inherited_pages: Pages that relatives share since a fork, beyond the first
 *   of them.
 */
struct restart_stats {
	__u64 join_ns;
	__u64 build_ns;
	__u64 commit_ns;
	__u64 tasks;
	__u64 records;
	__u64 bytes;
	__u64 pages;
	__u64 zero_pages;
	__u64 fill_ns;
	__u64 inherited_pages;
};

/* Bytes of text in a struct ckpt_log_record. */
#define CKPT_LOG_NAME	192

/**
 * struct ckpt_log_record - One line for the user, still as data: reason makes a
 *   sentence of it.
 * @size: Bytes of this record; a reader skips what it does not know.
 * @reason: A number of enum ckpt_reason.
 * @error: The error, positive as in <errno.h>, or zero for a remark.
 * @task: Pid in the namespace of the caller, or, of a restart, the number in
 *   the image; zero: no task.
 * @fd: Number of the file descriptor, or -1.
 * @kind: Kind of the record at fault, or zero.
 * @address: An address in the task, or all-ones.
 * @offset: Offset in the stream, or all-ones.
 * @value: A number that the sentence names.
 * @comm: Name of the task, zero padded.
 * @name: A path or a word that the sentence names, zero padded, cut if too
 *   long.
 */
struct ckpt_log_record {
	__u32 size;
	__u32 reason;
	__s32 error;
	__s32 task;
	__s32 fd;
	__u32 kind;
	__u64 address;
	__u64 offset;
	__u64 value;
	__u8 comm[16];
	__u8 name[CKPT_LOG_NAME];
};

/* address, offset: there is none. */
#define CKPT_LOG_NONE	(~0ULL)

/*
 * The one table of record kinds.
 *
 * Numbers are pinned: never changed, never used again for something else. Zero
 * and all-ones are not kinds. A number with CKPT_KIND_SKIPPABLE set may be
 * passed over by a reader that does not know it; every other unknown number
 * stops the reader.
 */

enum ckpt_kind {
	/*
	 * What kind of stream this is, who wrote it, when, and how many tasks
	 * it holds. Always first.
	 */
	CKPT_KIND_HEADER = 0x01,
	/* The machine that the registers belong to, x86-64. */
	CKPT_KIND_MACHINE_X86_64 = 0x02,
	/*
	 * The code page that the kernel mapped into every process; the tail is
	 * its bytes.
	 */
	CKPT_KIND_VDSO = 0x03,
	/*
	 * One process id with its number at each level of the container's pid
	 * namespaces.
	 */
	CKPT_KIND_PID = 0x04,
	/*
	 * One task's place in the forest. All of them come before any object.
	 */
	CKPT_KIND_MEMBER = 0x05,
	/* One open file description, found again by its path. */
	CKPT_KIND_OPEN_FILE = 0x10,
	/* A file descriptor table; its descriptors are links. */
	CKPT_KIND_DESCRIPTOR_TABLE = 0x11,
	/* Working directory, root directory and umask. */
	CKPT_KIND_DIRECTORIES = 0x12,
	/* The 64 signal actions of a process. */
	CKPT_KIND_SIGNAL_ACTIONS = 0x13,
	/* An address space: its marks, auxiliary vector and settings. */
	CKPT_KIND_ADDRESS_SPACE = 0x14,
	/*
	 * One inode whose content the image carries, however many files and
	 * areas share it.
	 */
	CKPT_KIND_STORAGE = 0x15,
	/*
	 * A pipe or FIFO that is open, however many open files are its ends;
	 * the tail is its name.
	 */
	CKPT_KIND_PIPE = 0x16,
	/*
	 * An open file that is not saved, but handed in by whoever restarts;
	 * the tail is its name.
	 */
	CKPT_KIND_HANDED = 0x17,
	/* A seccomp filter, on top of another one; the tail is its program. */
	CKPT_KIND_SECCOMP_FILTER = 0x18,
	/* A keyring without keys; the tail is its name. */
	CKPT_KIND_KEYRING = 0x19,
	/*
	 * User and group ids, capabilities, keyrings; the tail is supplementary
	 * groups.
	 */
	CKPT_KIND_IDENTITY = 0x1a,
	/* A task that pidfds stand for, however many there are. */
	CKPT_KIND_PIDFD_TARGET = 0x1b,
	/*
	 * A pid namespace of the container. It comes before the pids that have
	 * numbers in it.
	 */
	CKPT_KIND_PID_SPACE = 0x1c,
	/* One area of an address space. */
	CKPT_KIND_AREA = 0x20,
	/* One descriptor of a table. */
	CKPT_KIND_DESCRIPTOR = 0x21,
	/* Who is told when something happens to an open file. */
	CKPT_KIND_FILE_OWNER = 0x22,
	/* A run of guard pages in an area. */
	CKPT_KIND_GUARD_PAGES = 0x25,
	/* The NUMA policy of an area; the tail is its nodes. */
	CKPT_KIND_AREA_POLICY = 0x26,
	/* The NUMA policy of a task; the tail is its nodes. */
	CKPT_KIND_TASK_POLICY = 0x27,
	/*
	 * An extended attribute of a storage; the tail is its name and its
	 * value.
	 */
	CKPT_KIND_STORAGE_ATTRIBUTE = 0x2a,
	/* What a process has as a whole: limits, ids of sharing, accounting. */
	CKPT_KIND_PROCESS = 0x30,
	/* What every thread has for itself, and the objects that it uses. */
	CKPT_KIND_THREAD = 0x31,
	/* Who a thread is, and its login. */
	CKPT_KIND_CREDENTIALS = 0x32,
	/* Scheduling: policy, priority, affinity. */
	CKPT_KIND_SCHEDULING = 0x33,
	/* Registers of an x86-64 thread. */
	CKPT_KIND_REGISTERS_X86_64 = 0x34,
	/*
	 * Floating point and vector state of an x86 thread, in the layout of
	 * XSAVE; the tail is its bytes.
	 */
	CKPT_KIND_EXTENDED_STATE_X86 = 0x35,
	/* A system call that was interrupted and remembers how to go on. */
	CKPT_KIND_INTERRUPTED_SYSCALL = 0x36,
	/* One signal that is queued for a thread or for a whole process. */
	CKPT_KIND_PENDING_SIGNAL = 0x37,
	/* An interval timer of a process (setitimer). */
	CKPT_KIND_INTERVAL_TIMER = 0x38,
	/* A run of pages; the tail is their contents. */
	CKPT_KIND_PAGES = 0x40,
	/* A run of pages that read as zero where a hole would not. */
	CKPT_KIND_ZERO_PAGES = 0x41,
	/* A run of pages of a storage; the tail is their contents. */
	CKPT_KIND_CONTENT_PAGES = 0x42,
	/* A run of pages of a storage that are there and read as zero. */
	CKPT_KIND_CONTENT_ZEROS = 0x43,
	/* One buffer of a pipe; the tail is its bytes. */
	CKPT_KIND_PIPE_DATA = 0x44,
	/*
	 * A run of pages that are shared with another address space since a
	 * fork.
	 */
	CKPT_KIND_INHERITED_PAGES = 0x45,
	/* A message in a unix socket; the tail is its files and its bytes. */
	CKPT_KIND_SOCKET_MESSAGE = 0x46,
	/* The classic filter of a unix socket; the tail is its program. */
	CKPT_KIND_SOCKET_FILTER = 0x47,
	/*
	 * What a datagram socket is connected to, by name, that is not saved;
	 * the tail is the name.
	 */
	CKPT_KIND_SOCKET_SERVER = 0x48,
	/*
	 * The devpts that the pseudo terminals of the container lie in; the
	 * tail is where it is mounted.
	 */
	CKPT_KIND_TERMINAL_PLACE = 0x49,
	/* A directory of which changes are told by a signal (F_NOTIFY). */
	CKPT_KIND_DIRECTORY_WATCH = 0x4b,
	/* What an epoll looks at, and whether it is ready. */
	CKPT_KIND_EPOLL_ITEM = 0x4d,
	/*
	 * The local descriptor table of an address space; the tail is its
	 * entries.
	 */
	CKPT_KIND_LOCAL_DESCRIPTORS = 0x50,
	/* The POSIX timers of a process: what they have in common. */
	CKPT_KIND_POSIX_TIMERS = 0x58,
	/* A POSIX timer (timer_create). */
	CKPT_KIND_POSIX_TIMER = 0x59,
	/*
	 * What a thread, or a process, has used: CPU time, faults, input and
	 * output.
	 */
	CKPT_KIND_USAGE = 0x5a,
	/* A stop by job control: in effect, or not told to the parent yet. */
	CKPT_KIND_JOB_CONTROL = 0x5c,
	/* The terminal that controls a process, or did. */
	CKPT_KIND_CONTROLLING_TERMINAL = 0x5d,
	/*
	 * How far the reader of a file has come whose content the kernel makes;
	 * the tail is what was made and not read.
	 */
	CKPT_KIND_FILE_READING = 0x5e,
	/* What a thread may not do: seccomp, syscall user dispatch. */
	CKPT_KIND_CONFINEMENT = 0x60,
	/* What a thread was told about itself with prctl(2). */
	CKPT_KIND_SETTINGS = 0x61,
	/* An event counter (eventfd). */
	CKPT_KIND_EVENT_COUNTER = 0x62,
	/* The signals that a signalfd takes. */
	CKPT_KIND_SIGNALFD = 0x63,
	/* A timer that tells of its expirations through a file (timerfd). */
	CKPT_KIND_TIMERFD = 0x64,
	/* An epoll; what it looks at are links. */
	CKPT_KIND_EPOLL = 0x65,
	/* A unix socket; the tail is its name and the path of that. */
	CKPT_KIND_SOCKET = 0x66,
	/*
	 * The other end of a unix socket, or what it waits in to be accepted.
	 */
	CKPT_KIND_SOCKET_LINK = 0x67,
	/*
	 * A pseudo terminal, both sides of it; the tail is the path of the
	 * device that makes them.
	 */
	CKPT_KIND_TERMINAL = 0x6b,
	/*
	 * One side of a pseudo terminal; the tail is what is to be read from it
	 * and to be echoed.
	 */
	CKPT_KIND_TERMINAL_SIDE = 0x6c,
	/*
	 * A buffer of what one side of a pseudo terminal has still to take in;
	 * the tail is its bytes.
	 */
	CKPT_KIND_TERMINAL_BUFFER = 0x6d,
	/*
	 * A System V object: semaphores, a message queue, shared memory; the
	 * tail is what is in it.
	 */
	CKPT_KIND_IPC_OBJECT = 0x6e,
	/*
	 * What is to be undone in a set of semaphores; the tail is what is to
	 * be added.
	 */
	CKPT_KIND_IPC_UNDO = 0x6f,
	/* An IPC namespace of the container's own. */
	CKPT_KIND_IPC_SPACE = 0x70,
	/* A POSIX message queue; the tail is its name. */
	CKPT_KIND_QUEUE = 0x71,
	/* A message in a POSIX message queue; the tail is its bytes. */
	CKPT_KIND_QUEUE_MESSAGE = 0x72,
	/* Who is told of the next message in a POSIX message queue. */
	CKPT_KIND_QUEUE_NOTICE = 0x73,
	/* One lock or lease that is held on an open file. */
	CKPT_KIND_FILE_LOCK = 0x74,
	/* An inotify instance. */
	CKPT_KIND_WATCHER = 0x75,
	/* What it watches; the tail is the path of it. */
	CKPT_KIND_WATCH = 0x76,
	/* One event that is queued; the tail is its name. */
	CKPT_KIND_WATCH_EVENT = 0x77,
	/* A context for asynchronous I/O (io_setup). */
	CKPT_KIND_AIO_CONTEXT = 0x78,
	/* A page of its ring; the tail is its bytes. */
	CKPT_KIND_AIO_PAGE = 0x79,
	/* A fanotify group. */
	CKPT_KIND_FANOTIFY = 0x7c,
	/* What it has marked; the tail is the handle of that. */
	CKPT_KIND_FANOTIFY_MARK = 0x7d,
	/* One event that is queued; the tail is handles and names. */
	CKPT_KIND_FANOTIFY_EVENT = 0x7e,
	/*
	 * The last record: counts of what came before. A stream without it is
	 * not an image.
	 */
	CKPT_KIND_END = 0x7f,
};

/*
 * Set in the number of kinds that a reader may pass over without knowing them.
 */
#define CKPT_KIND_SKIPPABLE	0x80000000U

/* Longest fixed part that a reader accepts, of this version or a later one. */
#define CKPT_KIND_LONGEST_FIXED	(16U * 1024U)

/* Longest tail of a record that is skipped. */
#define CKPT_KIND_LONGEST_SKIPPED	(1024ULL * 1024ULL)

/* Contexts for asynchronous I/O. */

/**
 * struct ckpt_aio_context - A context (io_setup) of an address space, in the
 *   order of their places.
 * @space: The struct ckpt_address_space.
 * @place: Its place in the table of the address space, which its ring tells
 *   too.
 * @address: Where its ring is; that is its number for programs.
 * @size: Bytes of the ring's area.
 * @requests: What io_setup(2) was asked for.
 * @room: Room in the ring: for so many events, and one that stays free.
 * @tail: Where the next event goes.
 * @completed: Events that still take the place of requests.
 *
 * No request is under way.
 */
struct ckpt_aio_context {
	__le32 space;
	__le32 place;
	__le64 address;
	__le64 size;
	__le32 requests;
	__le32 room;
	__le32 tail;
	__le32 completed;
};

/**
 * struct ckpt_aio_page - A page of the ring of the context that came last.
 * @space: The struct ckpt_address_space.
 * @index: Which page; in ascending order.
 *
 * Pages that are not there are zero.
 */
struct ckpt_aio_page {
	__le32 space;
	__le32 index;
};

/* Bytes of a page of a ring. */
#define CKPT_AIO_PAGE	4096ULL

/* Contexts have places below this. */
#define CKPT_MAX_AIO_PLACE	65536U

/* Longest ring. */
#define CKPT_MAX_AIO_RING	0x10000000ULL

/* What confines a thread, and what it was told with prctl(2). */

/* Bytes of one instruction of a classic BPF program (struct sock_filter). */
#define CKPT_BPF_INSTRUCTION	8ULL

/* Most instructions of a program (BPF_MAXINSNS). */
#define CKPT_MAX_BPF_INSTRUCTIONS	4096U

/**
 * struct ckpt_seccomp_filter - A seccomp filter.
 * @id: The object that this record declares.
 * @below: The struct ckpt_seccomp_filter that was there when it was installed,
 *   or none.
 * @flags: Bits of CKPT_FILTER_*.
 * @instructions: Instructions in the tail, at least one.
 *
 * The tail is its program, as seccomp(2) took it.
 */
struct ckpt_seccomp_filter {
	__le32 id;
	__le32 below;
	__le32 flags;
	__le32 instructions;
};

/* Everything but "allow" is logged (SECCOMP_FILTER_FLAG_LOG). */
#define CKPT_FILTER_LOG	(1U << 0)

/* SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV; its listener has gone. */
#define CKPT_FILTER_WAIT_KILLABLE	(1U << 1)

/**
 * struct ckpt_confinement - What a thread may not do.
 * @task: The thread.
 * @seccomp: One of CKPT_SECCOMP_*.
 * @filter: The struct ckpt_seccomp_filter that was installed last, with
 *   CKPT_SECCOMP_FILTERS.
 * @dispatch: PR_SET_SYSCALL_USER_DISPATCH; one of CKPT_DISPATCH_*.
 * @dispatch_offset: Its second argument.
 * @dispatch_length: Its third.
 * @dispatch_selector: The byte that says whether to dispatch, or zero: always.
 *
 * A thread without this record may do everything.
 */
struct ckpt_confinement {
	__le32 task;
	__le32 seccomp;
	__le32 filter;
	__le32 dispatch;
	__le64 dispatch_offset;
	__le64 dispatch_length;
	__le64 dispatch_selector;
};

/* No seccomp. */
#define CKPT_SECCOMP_OFF	0

/* SECCOMP_MODE_STRICT. */
#define CKPT_SECCOMP_STRICT	1U

/* SECCOMP_MODE_FILTER. */
#define CKPT_SECCOMP_FILTERS	2U

/* PR_SYS_DISPATCH_OFF. */
#define CKPT_DISPATCH_OFF	0

/* PR_SYS_DISPATCH_EXCLUSIVE_ON: calls from elsewhere than the range. */
#define CKPT_DISPATCH_OUTSIDE	1U

/* PR_SYS_DISPATCH_INCLUSIVE_ON: calls from the range. */
#define CKPT_DISPATCH_INSIDE	2U

/**
 * struct ckpt_settings - What a thread was told about itself.
 * @task: The thread.
 * @flags: Bits of CKPT_SETTING_*.
 * @memory_errors: PR_MCE_KILL_GET; one of CKPT_MEMORY_ERROR_*.
 * @store_bypass: PR_GET_SPECULATION_CTRL of PR_SPEC_STORE_BYPASS.
 * @indirect_branches: The same of PR_SPEC_INDIRECT_BRANCH.
 * @l1d_flush: The same of PR_SPEC_L1D_FLUSH.
 * @futex_slots: PR_FUTEX_HASH_GET_SLOTS, with CKPT_SETTING_FUTEX_HASH.
 * @reserved: Must be zero.
 *
 * One without this record was told nothing.
 */
struct ckpt_settings {
	__le32 task;
	__le32 flags;
	__le32 memory_errors;
	__le32 store_bypass;
	__le32 indirect_branches;
	__le32 l1d_flush;
	__le32 futex_slots;
	__le32 reserved;
};

/* PR_SET_IO_FLUSHER. */
#define CKPT_SETTING_IO_FLUSHER	(1U << 0)

/*
 * The address space has a futex hash of its own, or has given it up
 * (futex_slots is zero).
 */
#define CKPT_SETTING_FUTEX_HASH	(1U << 1)

/* It was the user's choice (PR_FUTEX_HASH_SET_SLOTS), not the kernel's. */
#define CKPT_SETTING_FUTEX_HASH_CHOSEN	(1U << 2)

/* The program was loaded at random addresses (PF_RANDOMIZE). */
#define CKPT_SETTING_RANDOMIZED	(1U << 3)

/* It has used the rights of the superuser (PF_SUPERPRIV, accounting's ASU). */
#define CKPT_SETTING_USED_PRIVILEGE	(1U << 4)

/*
 * Its user had too many processes at the last setuid: execve will fail
 * (PF_NPROC_EXCEEDED).
 */
#define CKPT_SETTING_TOO_MANY_PROCESSES	(1U << 5)

/* PR_MCE_KILL_LATE. */
#define CKPT_MEMORY_ERROR_LATE	0

/* PR_MCE_KILL_EARLY. */
#define CKPT_MEMORY_ERROR_EARLY	1U

/* PR_MCE_KILL_DEFAULT. */
#define CKPT_MEMORY_ERROR_DEFAULT	2U

/* Registers of x86-64. */

/* Registers in the order of struct user_regs_struct. */
#define CKPT_REGISTERS	27

/* Thread-local storage segments that set_thread_area(2) can fill. */
#define CKPT_TLS_ENTRIES	3

/**
 * struct ckpt_tls_segment - One thread-local storage segment, as
 *   get_thread_area(2) gives it.
 * @entry: Entry in the descriptor table.
 * @base: Linear base.
 * @limit: Limit.
 * @flags: The bit field of struct user_desc.
 */
struct ckpt_tls_segment {
	__le32 entry;
	__le32 base;
	__le32 limit;
	__le32 flags;
};

/**
 * struct ckpt_registers_x86_64 - What PTRACE_GETREGS gives.
 * @task: The thread.
 * @flags: Bits of CKPT_X86_*.
 * @registers: r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi
 *   orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs.
 * @tls: Segments 12 to 14 of the descriptor table.
 * @trap: The last fault, for the context that a signal handler gets: its
 *   vector.
 * @error_code: The last fault: its error code.
 * @fault_address: The last page fault: its address.
 * @debug_status: The debug status register that a debugger would see, its
 *   reserved bits inverted.
 * @locked_features: Features of shadow stacks that ARCH_SHSTK_LOCK has locked.
 */
struct ckpt_registers_x86_64 {
	__le32 task;
	__le32 flags;
	__le64 registers[CKPT_REGISTERS];
	struct ckpt_tls_segment tls[CKPT_TLS_ENTRIES];
	__le64 trap;
	__le64 error_code;
	__le64 fault_address;
	__le64 debug_status;
	__le64 locked_features;
};

/* PR_SET_TSC PR_TSC_SIGSEGV. */
#define CKPT_X86_NO_TSC	(1U << 0)

/* ARCH_SET_CPUID 0. */
#define CKPT_X86_NO_CPUID	(1U << 1)

/* The thread is inside a 32-bit system call. */
#define CKPT_X86_COMPAT_CALL	(1U << 2)

/* A 32-bit debugger has set the number of the system call. */
#define CKPT_X86_COMPAT_POKED	(1U << 3)

/* Largest extended state. */
#define CKPT_MAX_XSTATE	(64ULL * 1024ULL)

/**
 * struct ckpt_extended_state_x86 - Floating point and vector registers.
 * @task: The thread.
 * @reserved: Must be zero.
 *
 * The tail is what PTRACE_GETREGSET NT_X86_XSTATE gives.
 */
struct ckpt_extended_state_x86 {
	__le32 task;
	__le32 reserved;
};

/* Most entries of a local descriptor table. */
#define CKPT_MAX_LOCAL_DESCRIPTORS	8192U

/**
 * struct ckpt_local_descriptors - A local descriptor table.
 * @space: The struct ckpt_address_space.
 * @entries: Entries of the table, in use or not.
 * @used: Entries in the tail.
 * @reserved: Must be zero.
 *
 * The tail is one struct ckpt_tls_segment for each entry in use, ascending, as
 * modify_ldt(2) takes it.
 */
struct ckpt_local_descriptors {
	__le32 space;
	__le32 entries;
	__le32 used;
	__le32 reserved;
};

/* User and group ids, capabilities. */

/* NGROUPS_MAX. */
#define CKPT_MAX_GROUPS	65536U

/**
 * struct ckpt_identity - What somebody may do: a thread, or whoever has opened
 *   a file.
 * @id: The object that this record declares.
 * @uid: Real user id.
 * @euid: Effective user id.
 * @suid: Saved user id.
 * @fsuid: File system user id.
 * @gid: Real group id.
 * @egid: Effective group id.
 * @sgid: Saved group id.
 * @fsgid: File system group id.
 * @securebits: PR_SET_SECUREBITS.
 * @groups: Supplementary groups in the tail.
 * @requested_keys: Where request_key(2) puts keys; one of CKPT_KEYS_GO_*.
 * @session_keyring: The session struct ckpt_keyring, or none: the user's. Those
 *   who have only opened files have no keyrings.
 * @process_keyring: The process struct ckpt_keyring, or none.
 * @thread_keyring: The thread struct ckpt_keyring, or none.
 * @reserved: Must be zero.
 * @inheritable: Inheritable capabilities.
 * @permitted: Permitted capabilities.
 * @effective: Effective capabilities.
 * @bounding: Bounding set.
 * @ambient: Ambient capabilities.
 *
 * Threads and files that have the same object have the very same credentials.
 * Ids are those of their user namespace. The tail is groups ids (U32).
 */
struct ckpt_identity {
	__le32 id;
	__le32 uid;
	__le32 euid;
	__le32 suid;
	__le32 fsuid;
	__le32 gid;
	__le32 egid;
	__le32 sgid;
	__le32 fsgid;
	__le32 securebits;
	__le32 groups;
	__le32 requested_keys;
	__le32 session_keyring;
	__le32 process_keyring;
	__le32 thread_keyring;
	__le32 reserved;
	__le64 inheritable;
	__le64 permitted;
	__le64 effective;
	__le64 bounding;
	__le64 ambient;
};

/**
 * struct ckpt_credentials - Who a thread is.
 * @task: The thread.
 * @identity: Its struct ckpt_identity.
 * @login_uid: audit login uid, all-ones if unset.
 * @audit_session: audit session, all-ones if unset.
 */
struct ckpt_credentials {
	__le32 task;
	__le32 identity;
	__le32 login_uid;
	__le32 audit_session;
};

/* KEY_REQKEY_DEFL_DEFAULT. */
#define CKPT_KEYS_GO_BY_DEFAULT	0

/* KEY_REQKEY_DEFL_THREAD_KEYRING. */
#define CKPT_KEYS_GO_TO_THREAD	1U

/* KEY_REQKEY_DEFL_PROCESS_KEYRING. */
#define CKPT_KEYS_GO_TO_PROCESS	2U

/* KEY_REQKEY_DEFL_SESSION_KEYRING. */
#define CKPT_KEYS_GO_TO_SESSION	3U

/* KEY_REQKEY_DEFL_USER_KEYRING. */
#define CKPT_KEYS_GO_TO_USER	4U

/* KEY_REQKEY_DEFL_USER_SESSION_KEYRING. */
#define CKPT_KEYS_GO_TO_USER_SESSION	5U

/* KEY_REQKEY_DEFL_REQUESTOR_KEYRING. */
#define CKPT_KEYS_GO_TO_REQUESTOR	7U

/* Longest name of a keyring, without a zero byte. */
#define CKPT_MAX_KEYRING_NAME	4095ULL

/* No key has a lower serial number. */
#define CKPT_FIRST_SERIAL	3U

/**
 * struct ckpt_keyring - A keyring without keys.
 * @id: The object that this record declares.
 * @serial: Its serial number. Signed.
 * @uid: Owner.
 * @gid: Group, all-ones if none.
 * @permissions: KEYCTL_SETPERM.
 * @flags: Bits of CKPT_KEYRING_*.
 * @user: The user whose keyrings flags speak of.
 * @name_length: Bytes in the tail, at least one.
 * @expires_s: KEYCTL_SET_TIMEOUT: seconds since 1970; zero: it stays.
 * @keys_of_user: Keys in the keyrings of user, if flags speak of them.
 * @reserved: Must be zero.
 *
 * The tail is its name.
 */
struct ckpt_keyring {
	__le32 id;
	__le32 serial;
	__le32 uid;
	__le32 gid;
	__le32 permissions;
	__le32 flags;
	__le32 user;
	__le32 name_length;
	__le64 expires_s;
	__le32 keys_of_user;
	__le32 reserved;
};

/* It is the default session keyring of user. */
#define CKPT_KEYRING_IS_USER_SESSION	(1U << 0)

/* It links to the keyring of user. */
#define CKPT_KEYRING_LINKS_USER	(1U << 1)

/* It links to the default session keyring of user. */
#define CKPT_KEYRING_LINKS_USER_SESSION	(1U << 2)

/* It was revoked: the login is over. */
#define CKPT_KEYRING_REVOKED	(1U << 3)

/* What tells of events: eventfds, signalfds, timerfds, epolls. */

/**
 * struct ckpt_event_counter - An event counter (eventfd).
 * @id: The object that this record declares.
 * @flags: Bits of CKPT_EVENT_COUNTER_*.
 * @count: What it has counted; all ones: it has run over.
 *
 * One struct ckpt_open_file refers to it.
 */
struct ckpt_event_counter {
	__le32 id;
	__le32 flags;
	__le64 count;
};

/* Each read takes one (EFD_SEMAPHORE). */
#define CKPT_EVENT_COUNTER_SEMAPHORE	(1U << 0)

/**
 * struct ckpt_signalfd - A signalfd.
 * @id: The object that this record declares.
 * @reserved: Must be zero.
 * @signals: The signals that it takes.
 *
 * One struct ckpt_open_file refers to it; signals that wait are those of the
 * tasks.
 */
struct ckpt_signalfd {
	__le32 id;
	__le32 reserved;
	__le64 signals;
};

/**
 * struct ckpt_timerfd - A timerfd.
 * @id: The object that this record declares.
 * @clock: The clock, as timerfd_create(2) takes it.
 * @flags: Bits of CKPT_TIMERFD_*.
 * @settime_flags: Flags that it was set with, as timerfd_settime(2) takes them;
 *   fdinfo shows them.
 * @expires_ns: When it expires, has or would have expired, on its clock; if it
 *   is relative, on CLOCK_MONOTONIC. Zero: it was never set. Signed.
 * @interval_ns: What it is set to again then; zero: once.
 * @ticks: Expirations that were not read.
 *
 * One struct ckpt_open_file refers to it.
 */
struct ckpt_timerfd {
	__le32 id;
	__le32 clock;
	__le32 flags;
	__le32 settime_flags;
	__le64 expires_ns;
	__le64 interval_ns;
	__le64 ticks;
};

/* It counts down. */
#define CKPT_TIMERFD_ARMED	(1U << 0)

/* It has expired; with an interval it is set again when that is read. */
#define CKPT_TIMERFD_EXPIRED	(1U << 1)

/*
 * CLOCK_REALTIME: set to a time from then on, so it counts on CLOCK_MONOTONIC.
 */
#define CKPT_TIMERFD_RELATIVE	(1U << 2)

/* TFD_TIMER_CANCEL_ON_SET is in force. */
#define CKPT_TIMERFD_CANCELABLE	(1U << 3)

/* The clock was set, and nobody has been told. */
#define CKPT_TIMERFD_CANCELED	(1U << 4)

/**
 * struct ckpt_epoll - An epoll.
 * @id: The object that this record declares.
 * @busy_poll_usecs: How long to poll busily, as EPIOCSPARAMS takes it.
 * @busy_poll_budget: How many packets at once, likewise.
 * @prefer_busy_poll: Whether to prefer that, likewise.
 *
 * One struct ckpt_open_file refers to it; its items are links.
 */
struct ckpt_epoll {
	__le32 id;
	__le32 busy_poll_usecs;
	__le32 busy_poll_budget;
	__le32 prefer_busy_poll;
};

/**
 * struct ckpt_epoll_item - An item of an epoll.
 * @epoll: The struct ckpt_open_file that is an epoll.
 * @file: The struct ckpt_open_file that it looks at, or a struct ckpt_handed
 *   one.
 * @number: The descriptor that it was added by.
 * @ready: Its place among those that are ready, from one on; zero: it is not.
 * @events: Events, as epoll_ctl(2) takes them. None, but bits that say how: it
 *   was disarmed (EPOLLONESHOT).
 * @actions: The struct ckpt_signal_actions of those for whose signals it waits,
 *   if it looks at a signalfd; none: they have ended.
 * @data: What comes with its events.
 *
 * Those that were added first come first, whichever epoll they are of: by that
 * it goes who is woken first.
 */
struct ckpt_epoll_item {
	__le32 epoll;
	__le32 file;
	__le32 number;
	__le32 ready;
	__le32 events;
	__le32 actions;
	__le64 data;
};

/*
 * EPOLLEXCLUSIVE, EPOLLWAKEUP, EPOLLONESHOT, EPOLLET: they say how, not what
 * for.
 */
#define CKPT_EPOLL_HOW	0xf0000000U

/* EPOLLERR and EPOLLHUP, which nobody can do without. */
#define CKPT_EPOLL_ALWAYS	0x18U

/* Who watches files: fanotify. */

/**
 * struct ckpt_fanotify - A fanotify group.
 * @id: The object that this record declares.
 * @flags: As fanotify_init(2) takes them; the highest bit: made without
 *   CAP_SYS_ADMIN.
 * @event_flags: Flags of the files that its events open, as fanotify_init(2)
 *   takes them.
 * @room: Most events that it queues; all ones: no limit.
 *
 * One struct ckpt_open_file refers to it.
 */
struct ckpt_fanotify {
	__le32 id;
	__le32 flags;
	__le32 event_flags;
	__le32 room;
};

/**
 * struct ckpt_fanotify_mark - What a group has marked.
 * @group: The struct ckpt_fanotify.
 * @file: An struct ckpt_open_file of what is marked; of the root of a mount; or
 *   of anything in a file system.
 * @what: One of CKPT_FANOTIFY_TARGET_*.
 * @flags: FAN_MARK_EVICTABLE, FAN_MARK_IGNORE and FAN_MARK_IGNORED_SURV_MODIFY.
 * @mask: What it tells of.
 * @ignored: What it keeps to itself.
 * @fsid: The number of the file system, of a group that tells of handles.
 * @inode: The number of what file is of, in its file system.
 * @handle_type: The type of the handle.
 * @weak: One, if other file systems may have that number too.
 *
 * In the order in which that was done. The tail is the handle that programs
 * know it by, of a group that tells of handles.
 */
struct ckpt_fanotify_mark {
	__le32 group;
	__le32 file;
	__le32 what;
	__le32 flags;
	__le32 mask;
	__le32 ignored;
	__le64 fsid;
	__le64 inode;
	__le32 handle_type;
	__le32 weak;
};

/* An inode. */
#define CKPT_FANOTIFY_TARGET_INODE	1U

/* A mount. */
#define CKPT_FANOTIFY_TARGET_MOUNT	2U

/* A file system. */
#define CKPT_FANOTIFY_TARGET_FILESYSTEM	3U

/**
 * struct ckpt_fanotify_event - One event that was not read so far, in their
 *   order.
 * @group: The struct ckpt_fanotify.
 * @file: An struct ckpt_open_file of what it was done to, or none.
 * @pid: The struct ckpt_pid of who has done it, or none.
 * @number: The number that he had, if nothing else is known of him.
 * @kind: One of CKPT_FANOTIFY_TOLD_*.
 * @mask: What has happened.
 * @error: The error of a file system. Signed.
 * @error_count: How many errors it stands for.
 * @fsid: The number of the file system.
 * @handle_types: Types of the three handles.
 * @handle_lengths: Bytes of each.
 * @name_lengths: Bytes of both names.
 *
 * The tail is the handles of the directory, of the one that it was moved to,
 * and of the object, and the names in these two directories.
 */
struct ckpt_fanotify_event {
	__le32 group;
	__le32 file;
	__le32 pid;
	__le32 number;
	__le32 kind;
	__le32 mask;
	__le32 error;
	__le32 error_count;
	__le64 fsid;
	__u8 handle_types[3];
	__u8 handle_lengths[3];
	__u8 name_lengths[2];
};

/* By a file that reading it opens. */
#define CKPT_FANOTIFY_TOLD_PATH	1U

/* By one handle. */
#define CKPT_FANOTIFY_TOLD_HANDLE	2U

/* By handles and names. */
#define CKPT_FANOTIFY_TOLD_NAME	3U

/* An error of a file system. */
#define CKPT_FANOTIFY_TOLD_ERROR	4U

/* That events were lost. */
#define CKPT_FANOTIFY_TOLD_OVERFLOW	5U

/* All but FAN_REPORT_MNT. */
#define CKPT_FANOTIFY_FLAGS	0x80003fffU

/*
 * O_ACCMODE, O_APPEND, O_NONBLOCK, O_SYNC, O_DSYNC, O_CLOEXEC, O_LARGEFILE,
 * O_NOATIME.
 */
#define CKPT_FANOTIFY_EVENT_FLAGS	0x1c9c03U

/* FAN_MARK_EVICTABLE, FAN_MARK_IGNORE and FAN_MARK_IGNORED_SURV_MODIFY. */
#define CKPT_FANOTIFY_MARK_FLAGS	0x640U

/* All events that do not ask for permission, FAN_ONDIR, FAN_EVENT_ON_CHILD. */
#define CKPT_FANOTIFY_EVENTS	0x58009fffU

/* The same, and FAN_Q_OVERFLOW. */
#define CKPT_FANOTIFY_TOLD	0x5800dfffU

/* Longest handle. */
#define CKPT_MAX_HANDLE	128ULL

/* Longest tail of an event. */
#define CKPT_MAX_FANOTIFY_EVENT	((3ULL * CKPT_MAX_HANDLE) + (2ULL * 255ULL))

/**
 * struct ckpt_directory_watch - A directory of which changes are told by a
 *   signal: fcntl(F_NOTIFY).
 * @file: The struct ckpt_open_file of the directory.
 * @table: The struct ckpt_descriptor_table by which it was asked for.
 * @number: The descriptor that is told.
 * @events: As fcntl(F_NOTIFY) takes it.
 *
 * Of one directory, in the order in which they were asked for.
 */
struct ckpt_directory_watch {
	__le32 file;
	__le32 table;
	__le32 number;
	__le32 events;
};

/*
 * DN_ACCESS, DN_MODIFY, DN_CREATE, DN_DELETE, DN_RENAME, DN_ATTRIB,
 * DN_MULTISHOT.
 */
#define CKPT_DIRECTORY_EVENTS	0x8000003fU

/* Open files, descriptor tables, directories. */

/* Longest path, without its zero byte. */
#define CKPT_MAX_PATH	4095ULL

/**
 * struct ckpt_open_file - An open file description.
 * @id: The object that this record declares.
 * @mode: File type and permissions, as stat(2) gives them; the type is
 *   compared.
 * @flags: Access mode and status flags, as fcntl(F_GETFL) gives them.
 * @device: Device number of a character device (major << 20 | minor); else
 *   zero.
 * @position: File offset.
 * @size: Size of a regular file; compared.
 * @mtime_s: Modification time of a regular file, seconds; compared.
 * @mtime_ns: Nanoseconds of the same.
 * @opener: The struct ckpt_identity of whoever opened it.
 * @storage: The struct ckpt_pipe that it is an end of; or what it is, if that
 *   is a special file: struct ckpt_pidfd_target, struct ckpt_event_counter,
 *   struct ckpt_signalfd, struct ckpt_timerfd, struct ckpt_epoll, struct
 *   ckpt_watcher, struct ckpt_socket, struct ckpt_terminal, struct ckpt_queue;
 *   or the struct ckpt_storage that it is of, if its inode cannot be found by
 *   the path alone; or none.
 * @origin: Bits of CKPT_FILE_*.
 * @inode: Inode number, as stat(2) gives it, of a regular file or a directory.
 *   Compared where a file has changed, or a directory has been read in part, in
 *   the boot of Header.boot_id; and where the opener may not open it any more.
 *   Zero: not known.
 * @marks: Bits of CKPT_OPEN_FILE_*.
 * @write_hint: How long what is written to it will last, as
 *   fcntl(F_GET_RW_HINT) gives it.
 * @async_number: The descriptor that signals for O_ASYNC name (si_fd), and one;
 *   zero: not known.
 * @reserved: Must be zero.
 *
 * The tail is its path from the root of the mount namespace.
 */
struct ckpt_open_file {
	__le32 id;
	__le32 mode;
	__le32 flags;
	__le32 device;
	__le64 position;
	__le64 size;
	__le64 mtime_s;
	__le32 mtime_ns;
	__le32 opener;
	__le32 storage;
	__le32 origin;
	__le64 inode;
	__le32 marks;
	__le32 write_hint;
	__le32 async_number;
	__le32 reserved;
};

/*
 * The very file that memfd_create(2), mmap(2) or pipe(2) made with its inode,
 * not opened later.
 */
#define CKPT_FILE_FIRST	(1U << 0)

/* Opening it has created it: fcntl(F_CREATED_QUERY). */
#define CKPT_OPEN_FILE_CREATED	(1U << 0)

/* posix_fadvise(POSIX_FADV_RANDOM). */
#define CKPT_OPEN_FILE_RANDOM	(1U << 1)

/* posix_fadvise(POSIX_FADV_SEQUENTIAL). */
#define CKPT_OPEN_FILE_SEQUENTIAL	(1U << 2)

/* posix_fadvise(POSIX_FADV_NOREUSE). */
#define CKPT_OPEN_FILE_NO_REUSE	(1U << 3)

/*
 * A FIFO that nobody has had open for writing since this end was opened:
 * poll(2) does not tell of a hangup.
 */
#define CKPT_OPEN_FILE_AWAITS_WRITER	(1U << 4)

/* A pidfd for a thread (PIDFD_THREAD). */
#define CKPT_OPEN_FILE_OF_THREAD	(1U << 8)

/*
 * A pidfd whose end would have killed its process (PIDFD_AUTOKILL), which was
 * reaped.
 */
#define CKPT_OPEN_FILE_AUTOKILL	(1U << 9)

/*
 * The kernel makes its content while it is read (procfs, sysfs, cgroupfs): size
 * and time are not compared.
 */
#define CKPT_OPEN_FILE_GENERATED	(1U << 10)

/* Such a file has changed since it was read last, and poll(2) would tell. */
#define CKPT_OPEN_FILE_NEWS	(1U << 11)

/*
 * A message queue that mq_open(2) has opened, not open(2) on a mount of them.
 */
#define CKPT_OPEN_FILE_BY_NAME	(1U << 12)

/*
 * A directory whose offset counts what was there, of which nothing is left to
 * be read.
 */
#define CKPT_OPEN_FILE_ALL_READ	(1U << 13)

/*
 * It was opened by a name that is gone, and its struct ckpt_storage
 * (STORAGE_FORM_VOLATILE) has another.
 */
#define CKPT_OPEN_FILE_NAME_GONE	(1U << 14)

/* Highest write_hint: RWH_WRITE_LIFE_EXTREME. */
#define CKPT_MAX_WRITE_HINT	5U

/**
 * struct ckpt_file_owner - Who is told when something happens to an open file:
 *   fcntl(F_SETOWN, F_SETSIG).
 * @file: The struct ckpt_open_file.
 * @pid: The struct ckpt_pid of the owner, or none: nobody is told.
 * @what: One of CKPT_FILE_OWNER_*.
 * @signal: The signal, or zero: SIGIO.
 * @uid: User id of the one who set the owner.
 * @euid: Effective user id of the same.
 */
struct ckpt_file_owner {
	__le32 file;
	__le32 pid;
	__le32 what;
	__le32 signal;
	__le32 uid;
	__le32 euid;
};

/* F_OWNER_TID. */
#define CKPT_FILE_OWNER_THREAD	1U

/* F_OWNER_PID. */
#define CKPT_FILE_OWNER_PROCESS	2U

/* F_OWNER_PGRP. */
#define CKPT_FILE_OWNER_GROUP	3U

/**
 * struct ckpt_file_reading - How far the reader of a file has come whose
 *   content the kernel makes (CKPT_OPEN_FILE_GENERATED).
 * @file: The struct ckpt_open_file.
 * @reserved: Zero.
 * @index: The record of the file that is made next, as its iterator counts.
 * @position: The offset at which a read goes on like that; not zero.
 *
 * The tail is what was made and not read so far.
 */
struct ckpt_file_reading {
	__le32 file;
	__le32 reserved;
	__le64 index;
	__le64 position;
};

/* Most bytes that were made and not read. */
#define CKPT_MAX_UNREAD	((4ULL * 1024ULL) * 1024ULL)

/**
 * struct ckpt_descriptor_table - A descriptor table.
 * @id: The object that this record declares.
 * @count: Descriptors in it.
 */
struct ckpt_descriptor_table {
	__le32 id;
	__le32 count;
};

/**
 * struct ckpt_descriptor - One descriptor.
 * @table: The struct ckpt_descriptor_table.
 * @number: Its number; ascending within a table.
 * @file: The struct ckpt_open_file behind it, or a struct ckpt_handed one.
 * @flags: Bits of CKPT_DESCRIPTOR_*.
 */
struct ckpt_descriptor {
	__le32 table;
	__le32 number;
	__le32 file;
	__le32 flags;
};

/* FD_CLOEXEC. */
#define CKPT_DESCRIPTOR_CLOSE_ON_EXEC	(1U << 0)

/**
 * struct ckpt_directories - Directories of a task.
 * @id: The object that this record declares.
 * @umask: umask(2).
 * @root_length: Bytes of the root's path.
 * @cwd_length: Bytes of the working directory's path.
 * @root: The root, if it was removed: an struct ckpt_open_file of a struct
 *   ckpt_storage; else none.
 * @cwd: The working directory, likewise.
 *
 * The tail is the root's path, then the working directory's.
 */
struct ckpt_directories {
	__le32 id;
	__le32 umask;
	__le32 root_length;
	__le32 cwd_length;
	__le32 root;
	__le32 cwd;
};

/* Open files that are not in the image: whoever restarts it hands them in. */

/**
 * struct ckpt_handed - An open file that belongs to the outside: a pipe or
 *   socket with its other end there, a terminal, a file that is shared with a
 *   task there.
 * @id: The object that this record declares.
 * @mode: File type and permissions, as stat(2) gives them.
 * @flags: Access mode and status flags, as fcntl(F_GETFL) gives them.
 * @device: Device number of a character device (major << 20 | minor); else
 *   zero.
 * @number: The descriptor whose place it had: the restarter hands in one by
 *   that number.
 * @needs: Bits of CKPT_HANDED_*.
 *
 * Descriptors refer to it like to an struct ckpt_open_file. The tail is what it
 * was called.
 */
struct ckpt_handed {
	__le32 id;
	__le32 mode;
	__le32 flags;
	__le32 device;
	__le32 number;
	__le32 needs;
};

/* What is handed in must be open for reading. */
#define CKPT_HANDED_READS	(1U << 0)

/* What is handed in must be open for writing. */
#define CKPT_HANDED_WRITES	(1U << 1)

/* The first record and the last, and the machine. */

/*
 * magic of every image: not text, not valid UTF-8, damaged by a transfer that
 * rewrites line ends.
 */
#define CKPT_MAGIC	"\211LnxCR\r\n" /* without a zero byte at the end */

/*
 * The version of the format that this source declares. A reader refuses a newer
 * one.
 */
#define CKPT_VERSION	1U

/* architecture of x86-64 (the ELF machine number). */
#define CKPT_ARCHITECTURE_X86_64	62U

/* Most tasks that an image may hold: the kernel's own limit for pids. */
#define CKPT_MAX_TASKS	((4U * 1024U) * 1024U)

/* Largest page that an architecture may have. */
#define CKPT_MAX_PAGE_SIZE	(64U * 1024U)

/**
 * struct ckpt_header - Who wrote the image, when, and what the reader has to
 *   expect.
 * @magic: CKPT_MAGIC.
 * @version: CKPT_VERSION of the writer.
 * @architecture: ELF machine number: CKPT_ARCHITECTURE_X86_64.
 * @image_id: Random; names the image and salts its checksums.
 * @page_size: Bytes in a page.
 * @tasks: Number of struct ckpt_member records.
 * @pids: Number of struct ckpt_pid records.
 * @reserved: Must be zero.
 * @realtime_ns: Wall clock at the moment of capture, nanoseconds since 1970.
 * @monotonic_ns: The container's CLOCK_MONOTONIC at the moment of capture.
 * @boottime_ns: The container's CLOCK_BOOTTIME at the moment of capture.
 * @kernel_release: uname -r, zero padded.
 * @kernel_version: uname -v, zero padded.
 * @node: uname -n, zero padded.
 * @boot_id: Random; the same in all images of one boot of one kernel. Zero: not
 *   known.
 */
struct ckpt_header {
	__u8 magic[8];
	__le32 version;
	__le32 architecture;
	__u8 image_id[16];
	__le32 page_size;
	__le32 tasks;
	__le32 pids;
	__le32 reserved;
	__le64 realtime_ns;
	__le64 monotonic_ns;
	__le64 boottime_ns;
	__u8 kernel_release[64];
	__u8 kernel_version[64];
	__u8 node[64];
	__u8 boot_id[16];
};

/*
 * Registers of the cpuid instruction that tell what a CPU can do for programs.
 */
#define CKPT_CPUID_REGISTERS	12

/* Components of extended state that an image can describe. */
#define CKPT_XSTATE_COMPONENTS	32

/**
 * struct ckpt_xstate_component - Where a component of extended state lies in
 *   the layout of XSAVE; both zero: nowhere.
 * @offset: Offset in bytes.
 * @size: Bytes.
 */
struct ckpt_xstate_component {
	__le32 offset;
	__le32 size;
};

/**
 * struct ckpt_machine_x86_64 - What the registers need of a machine.
 * @xfeatures: Extended state components in use on the writer (bits of XCR0).
 * @xstate_size: Bytes of a thread's extended state in the layout of XSAVE.
 * @flags: Bits of CKPT_MACHINE_*.
 * @hwcap: AT_HWCAP.
 * @hwcap2: AT_HWCAP2.
 * @reserved: Must be zero.
 * @cpuid: What cpuid gives: leaf 1 ecx edx, 7 ebx ecx edx, 7.1 eax edx, 0xd.1
 *   eax, 0x80000001 ecx edx, 0x80000008 ebx, 0x80000021 eax. All zero: the
 *   writer did not look.
 * @layout: The components that xfeatures names, at their numbers. All zero: the
 *   writer did not look.
 * @signal_frame_size: AT_MINSIGSTKSZ: the most that the kernel puts on a stack
 *   for a signal.
 * @reserved_end: Must be zero.
 */
struct ckpt_machine_x86_64 {
	__le64 xfeatures;
	__le32 xstate_size;
	__le32 flags;
	__le64 hwcap;
	__le64 hwcap2;
	__le64 reserved;
	__le32 cpuid[CKPT_CPUID_REGISTERS];
	struct ckpt_xstate_component layout[CKPT_XSTATE_COMPONENTS];
	__le32 signal_frame_size;
	__le32 reserved_end;
};

/* The CPU has FSGSBASE. */
#define CKPT_MACHINE_FSGSBASE	(1U << 0)

/* Largest tail of a struct ckpt_vdso record. */
#define CKPT_MAX_VDSO	(256ULL * 1024ULL)

/**
 * struct ckpt_vdso - The code page that libraries call into; the tail is its
 *   bytes.
 * @data_size: Bytes of data pages that lie before the code.
 * @bits: 64 for 64-bit programs, 32 for 32-bit ones.
 */
struct ckpt_vdso {
	__le32 data_size;
	__le32 bits;
};

/**
 * struct ckpt_end - Counts of the whole stream.
 * @records: Records before this one.
 * @bytes: Bytes before this record.
 * @objects: Objects declared.
 * @reserved: Must be zero.
 * @pages: Pages stored.
 * @zero_pages: Pages of zero runs.
 * @inherited_pages: Pages of inherited runs.
 */
struct ckpt_end {
	__le64 records;
	__le64 bytes;
	__le32 objects;
	__le32 reserved;
	__le64 pages;
	__le64 zero_pages;
	__le64 inherited_pages;
};

/*
 * System V semaphores, message queues and shared memory; the IPC namespace that
 * they are in.
 */

/**
 * struct ckpt_ipc_space - An IPC namespace of the container's own.
 * @shm_max: kernel.shmmax.
 * @shm_all: kernel.shmall.
 * @shm_mni: kernel.shmmni.
 * @shm_rmid_forced: kernel.shm_rmid_forced.
 * @msg_max: kernel.msgmax.
 * @msg_mnb: kernel.msgmnb.
 * @msg_mni: kernel.msgmni.
 * @sem_set: kernel.sem: semaphores in a set.
 * @sem_all: kernel.sem: semaphores in all.
 * @sem_operations: kernel.sem: operations in a call.
 * @sem_sets: kernel.sem: sets.
 * @queues_max: fs.mqueue.queues_max.
 * @queue_messages_max: fs.mqueue.msg_max.
 * @queue_size_max: fs.mqueue.msgsize_max.
 * @queue_messages: fs.mqueue.msg_default.
 * @queue_size: fs.mqueue.msgsize_default.
 * @sem_sequence: Sets of semaphores: the sequence number of those to come.
 * @sem_last: The place that the last got, plus one.
 * @sem_next: The place to try next.
 * @msg_sequence: The same of message queues.
 * @msg_last: Likewise.
 * @msg_next: Likewise.
 * @shm_sequence: The same of shared memory.
 * @shm_last: Likewise.
 * @shm_next: Likewise.
 * @reserved: Must be zero.
 * @queues_mode: Mode of the directory that POSIX message queues lie in, without
 *   its type.
 * @queues_uid: Its owner.
 * @queues_gid: Its group.
 * @queues_accessed_ns: Nanoseconds of when it was accessed.
 * @queues_accessed_s: When that was, in seconds since 1970. Signed.
 * @queues_modified_s: When it was modified. Signed.
 * @queues_changed_s: When it was changed. Signed.
 * @queues_modified_ns: Nanoseconds of when it was modified.
 * @queues_changed_ns: Nanoseconds of when it was changed.
 *
 * All that is in it is saved, and it is made again. Limits are those of
 * sysctl(8).
 */
struct ckpt_ipc_space {
	__le64 shm_max;
	__le64 shm_all;
	__le32 shm_mni;
	__le32 shm_rmid_forced;
	__le32 msg_max;
	__le32 msg_mnb;
	__le32 msg_mni;
	__le32 sem_set;
	__le32 sem_all;
	__le32 sem_operations;
	__le32 sem_sets;
	__le32 queues_max;
	__le32 queue_messages_max;
	__le32 queue_size_max;
	__le32 queue_messages;
	__le32 queue_size;
	__le32 sem_sequence;
	__le32 sem_last;
	__le32 sem_next;
	__le32 msg_sequence;
	__le32 msg_last;
	__le32 msg_next;
	__le32 shm_sequence;
	__le32 shm_last;
	__le32 shm_next;
	__le32 reserved;
	__le32 queues_mode;
	__le32 queues_uid;
	__le32 queues_gid;
	__le32 queues_accessed_ns;
	__le64 queues_accessed_s;
	__le64 queues_modified_s;
	__le64 queues_changed_s;
	__le32 queues_modified_ns;
	__le32 queues_changed_ns;
};

/**
 * struct ckpt_ipc_object - A System V object.
 * @what: What it is: one of CKPT_IPC_OBJECT_*.
 * @identifier: Its identifier. Signed.
 * @key: Its key. Signed.
 * @mode: Rights, and of memory what else shmctl(IPC_STAT) shows in them.
 * @uid: Its owner.
 * @gid: Its group.
 * @cuid: Who made it.
 * @cgid: The group of whoever made it.
 * @storage: The struct ckpt_storage of memory; or none.
 * @maker: The process that made it. Signed.
 * @last: The one that attached or detached memory last, or sent a message.
 *   Signed.
 * @receiver: The one that received a message last. Signed.
 * @thread: The thread whose end takes memory away that nobody has attached, if
 *   kernel.shm_rmid_forced is set: its number, plus one; zero: none.
 * @reserved: Must be zero.
 * @used_s: When semaphores were operated on, a message sent, memory attached;
 *   seconds since 1970, or zero. Signed.
 * @left_s: When a message was received, memory detached. Signed.
 * @changed_s: When it was made, or IPC_SET changed it. Signed.
 * @size: Semaphores; most bytes that may be in a queue; bytes of memory.
 *
 * The tail: of a set of semaphores, for each its value and the number of the
 * process that changed it last, four bytes each; of a queue, for each message
 * its type and its size, eight bytes each, and its bytes. Processes are called
 * by their numbers in the container's pid namespace, also those that have
 * ended; zero is none, or one from outside of that.
 */
struct ckpt_ipc_object {
	__le32 what;
	__le32 identifier;
	__le32 key;
	__le32 mode;
	__le32 uid;
	__le32 gid;
	__le32 cuid;
	__le32 cgid;
	__le32 storage;
	__le32 maker;
	__le32 last;
	__le32 receiver;
	__le32 thread;
	__le32 reserved;
	__le64 used_s;
	__le64 left_s;
	__le64 changed_s;
	__le64 size;
};

/* A set of semaphores. */
#define CKPT_IPC_OBJECT_SEMAPHORES	1U

/* A message queue. */
#define CKPT_IPC_OBJECT_MESSAGES	2U

/* Shared memory. */
#define CKPT_IPC_OBJECT_MEMORY	3U

/*
 * Mode of shared memory that goes when nobody has attached it any more
 * (SHM_DEST).
 */
#define CKPT_IPC_MODE_REMOVED	512U

/* Mode of shared memory that shmctl(SHM_LOCK) has locked (SHM_LOCKED). */
#define CKPT_IPC_MODE_LOCKED	1024U

/* Longest tail of an object. */
#define CKPT_MAX_IPC_TAIL	((16ULL * 1024ULL) * 1024ULL)

/* Most semaphores in a set. */
#define CKPT_MAX_SEMAPHORES	(64ULL * 1024ULL)

/* Bytes of a semaphore in a tail. */
#define CKPT_SEMAPHORE	8ULL

/* Bytes before those of a message in a tail. */
#define CKPT_MESSAGE	16ULL

/**
 * struct ckpt_ipc_undo - What is to be undone in a set of semaphores when the
 *   last of those ends who share the list.
 * @task: The first thread that has the list.
 * @identifier: Identifier of the set. Signed.
 * @count: Semaphores in it.
 * @reserved: Must be zero.
 *
 * The tail: what is to be added to each, two bytes each.
 */
struct ckpt_ipc_undo {
	__le32 task;
	__le32 identifier;
	__le32 count;
	__le32 reserved;
};

/* Resource limits. */

/* RLIM_NLIMITS. */
#define CKPT_RESOURCES	16

/**
 * struct ckpt_limit - One resource limit; all-ones is RLIM_INFINITY.
 * @soft: What applies.
 * @hard: How far it may be raised.
 */
struct ckpt_limit {
	__le64 soft;
	__le64 hard;
};

/* Locks and leases on open files. */

/**
 * struct ckpt_file_lock - One lock or lease that is held.
 * @file: The struct ckpt_open_file by which it was taken; for all but record
 *   locks also whose it is.
 * @owner: Of a record lock: the struct ckpt_descriptor_table whose it is; else
 *   none.
 * @pid: The struct ckpt_pid of the process that took it; none: it is gone, or
 *   outside.
 * @form: One of CKPT_LOCK_FORM_*.
 * @flags: Bits of CKPT_LOCK_WRITE and CKPT_LEASE_*.
 * @number: Of a lease: the descriptor that is told of when it is broken; else
 *   zero.
 * @start: The first byte of a record lock, and of one of an open file; else
 *   zero.
 * @end: The last byte of it, CKPT_MAX_LOCK_END for whatever is to come; else
 *   zero.
 * @break_ns: Of a lease that is to be given up: nanoseconds, and one, until it
 *   is taken away; zero: it is not.
 * @share_ns: Of one that is to be shared: likewise, until it is.
 *
 * Those of an inode come in the order in which the kernel has them: of two that
 * stand in somebody's way, it is the first that he is told of.
 */
struct ckpt_file_lock {
	__le32 file;
	__le32 owner;
	__le32 pid;
	__le32 form;
	__le32 flags;
	__le32 number;
	__le64 start;
	__le64 end;
	__le64 break_ns;
	__le64 share_ns;
};

/* flock(2). */
#define CKPT_LOCK_FORM_WHOLE	1U

/* fcntl(F_SETLK). */
#define CKPT_LOCK_FORM_RECORD	2U

/* fcntl(F_OFD_SETLK). */
#define CKPT_LOCK_FORM_OPEN_FILE	3U

/* fcntl(F_SETLEASE). */
#define CKPT_LOCK_FORM_LEASE	4U

/* For writing, exclusive; else for reading, shared. */
#define CKPT_LOCK_WRITE	(1U << 0)

/* A lease that somebody wants to be given up. */
#define CKPT_LEASE_BREAKS	(1U << 1)

/* A lease for writing that somebody wants to be made one for reading. */
#define CKPT_LEASE_SHARES	(1U << 2)

/* The end of a lock that has none. */
#define CKPT_MAX_LOCK_END	0x7fffffffffffffffULL

/* Address spaces, areas, pages. */

/* Largest auxiliary vector. */
#define CKPT_MAX_AUXV	1024ULL

/**
 * struct ckpt_address_space - An address space.
 * @id: The object that this record declares.
 * @exe: The program, an struct ckpt_open_file; /proc/PID/exe.
 * @start_code: PR_SET_MM_START_CODE and so on.
 * @end_code: End of the program's code.
 * @start_data: Start of its data.
 * @end_data: End of its data.
 * @start_brk: Where the heap starts.
 * @brk: Where the heap ends.
 * @start_stack: Where the stack started.
 * @arg_start: Arguments.
 * @arg_end: End of the arguments.
 * @env_start: Environment.
 * @env_end: End of the environment.
 * @mmap_base: Where new mappings go.
 * @mmap_compat_base: Where new mappings of 32-bit system calls go.
 * @vdso: Where the vdso's code is, or zero.
 * @areas: Areas that follow.
 * @flags: Bits of CKPT_SPACE_*.
 * @coredump_filter: /proc/PID/coredump_filter.
 * @membarrier: membarrier(2) registrations, bits of MEMBARRIER_CMD_*.
 * @future: Advice that new areas start with: bits of CKPT_AREA_* (mlockall
 *   MCL_FUTURE).
 * @protection_keys: Protection keys that pkey_alloc(2) has given out, one bit
 *   each; key 0 has a flag.
 * @execute_only_key: The key of memory that may only be executed, plus one;
 *   zero: there is none yet.
 * @tag_bits: Bits of pointers that the CPU ignores (ARCH_ENABLE_TAGGED_ADDR).
 *
 * The tail is the auxiliary vector, as /proc/PID/auxv shows it.
 */
struct ckpt_address_space {
	__le32 id;
	__le32 exe;
	__le64 start_code;
	__le64 end_code;
	__le64 start_data;
	__le64 end_data;
	__le64 start_brk;
	__le64 brk;
	__le64 start_stack;
	__le64 arg_start;
	__le64 arg_end;
	__le64 env_start;
	__le64 env_end;
	__le64 mmap_base;
	__le64 mmap_compat_base;
	__le64 vdso;
	__le32 areas;
	__le32 flags;
	__le32 coredump_filter;
	__le32 membarrier;
	__le32 future;
	__le32 protection_keys;
	__le32 execute_only_key;
	__le32 tag_bits;
};

/* New mappings go below mmap_base, not above. */
#define CKPT_SPACE_TOP_DOWN	(1U << 0)

/* PR_SET_THP_DISABLE. */
#define CKPT_SPACE_NO_HUGE_PAGES	(1U << 1)

/* PR_SET_MDWE PR_MDWE_REFUSE_EXEC_GAIN. */
#define CKPT_SPACE_NO_EXEC_GAIN	(1U << 2)

/* PR_MDWE_NO_INHERIT. */
#define CKPT_SPACE_NO_EXEC_GAIN_NO_INHERIT	(1U << 3)

/* PR_SET_MEMORY_MERGE. */
#define CKPT_SPACE_MERGE_ANY	(1U << 4)

/* PR_SET_THP_DISABLE with PR_THP_DISABLE_EXCEPT_ADVISED. */
#define CKPT_SPACE_NO_HUGE_PAGES_UNLESS_ADVISED	(1U << 5)

/* pkey_free(2) was called for key 0. */
#define CKPT_SPACE_KEY_ZERO_FREE	(1U << 6)

/* ARCH_FORCE_TAGGED_SVA. */
#define CKPT_SPACE_TAGGED_SVA	(1U << 8)

/* The program is a 32-bit one: addresses end at 4 GiB. */
#define CKPT_SPACE_32BIT	(1U << 16)

/* Its vdso is the one for 32-bit programs. */
#define CKPT_SPACE_VDSO_32BIT	(1U << 17)

/*
 * x86: it is too late for ARCH_ENABLE_TAGGED_ADDR, because it was called or
 * there was a thread.
 */
#define CKPT_SPACE_TAGS_LOCKED	(1U << 18)

/* Longest name of an area (PR_SET_VMA_ANON_NAME). */
#define CKPT_MAX_AREA_NAME	80ULL

/**
 * struct ckpt_area - One area.
 * @space: The struct ckpt_address_space.
 * @file: The file behind it, or none.
 * @start: First address.
 * @end: First address after it.
 * @offset: Offset of start in the file.
 * @protection: PROT_* bits.
 * @flags: Bits of CKPT_AREA_*.
 * @kind: What it is: one of CKPT_AREA_KIND_*.
 * @protection_key: Its protection key.
 * @page_shift: Of huge pages: the size of one, as the power of two.
 * @lineage: Areas with the same number came from one by fork(2), and may share
 *   private pages. Zero: it has none.
 *
 * Areas of an address space follow it in ascending order without overlap. The
 * tail is its name.
 */
struct ckpt_area {
	__le32 space;
	__le32 file;
	__le64 start;
	__le64 end;
	__le64 offset;
	__le32 protection;
	__le32 flags;
	__le32 kind;
	__le32 protection_key;
	__le32 page_shift;
	__le32 lineage;
};

/* Private memory without a file. */
#define CKPT_AREA_KIND_ANONYMOUS	1U

/* A file. */
#define CKPT_AREA_KIND_FILE	2U

/* The vdso's code. */
#define CKPT_AREA_KIND_VDSO	3U

/* The vdso's data. */
#define CKPT_AREA_KIND_VVAR	4U

/* The vdso's data that hypervisors fill. */
#define CKPT_AREA_KIND_VVAR_VCLOCK	5U

/* Private memory of huge pages without a file (MAP_HUGETLB). */
#define CKPT_AREA_KIND_HUGE	16U

/* MAP_SHARED. */
#define CKPT_AREA_SHARED	(1U << 0)

/* MAP_GROWSDOWN: a stack. */
#define CKPT_AREA_GROWS_DOWN	(1U << 1)

/* MAP_NORESERVE. */
#define CKPT_AREA_NO_RESERVE	(1U << 2)

/* mlock(2). */
#define CKPT_AREA_LOCKED	(1U << 3)

/* mlock2(2) MLOCK_ONFAULT. */
#define CKPT_AREA_LOCKED_ON_FAULT	(1U << 4)

/* MADV_DONTFORK. */
#define CKPT_AREA_DONT_FORK	(1U << 5)

/* MADV_WIPEONFORK. */
#define CKPT_AREA_WIPE_ON_FORK	(1U << 6)

/* MADV_DONTDUMP. */
#define CKPT_AREA_DONT_DUMP	(1U << 7)

/* MADV_HUGEPAGE. */
#define CKPT_AREA_HUGE_PAGES	(1U << 8)

/* MADV_NOHUGEPAGE. */
#define CKPT_AREA_NO_HUGE_PAGES	(1U << 9)

/* MADV_MERGEABLE. */
#define CKPT_AREA_MERGEABLE	(1U << 10)

/* MADV_SEQUENTIAL. */
#define CKPT_AREA_SEQUENTIAL	(1U << 11)

/* MADV_RANDOM. */
#define CKPT_AREA_RANDOM	(1U << 12)

/* mprotect cannot make it readable (never mapped with that right). */
#define CKPT_AREA_NEVER_READ	(1U << 13)

/* mprotect cannot make it writable. */
#define CKPT_AREA_NEVER_WRITE	(1U << 14)

/* mprotect cannot make it executable. */
#define CKPT_AREA_NEVER_EXEC	(1U << 15)

/* Counts against the overcommit limit. */
#define CKPT_AREA_ACCOUNTED	(1U << 16)

/* The name in the tail counts. */
#define CKPT_AREA_NAMED	(1U << 17)

/* mseal(2). */
#define CKPT_AREA_SEALED	(1U << 18)

/* MAP_DROPPABLE. */
#define CKPT_AREA_DROPPABLE	(1U << 19)

/* It has, or had, guard pages. */
#define CKPT_AREA_GUARDED	(1U << 20)

/**
 * struct ckpt_guard_pages - A run of guard pages (MADV_GUARD_INSTALL) in the
 *   area before it.
 * @space: The struct ckpt_address_space.
 * @reserved: Must be zero.
 * @address: Address of the first; ascending within an area.
 * @count: How many.
 */
struct ckpt_guard_pages {
	__le32 space;
	__le32 reserved;
	__le64 address;
	__le64 count;
};

/* Longest mask of NUMA nodes. */
#define CKPT_MAX_NODES	128ULL

/* No node. */
#define CKPT_NODE_NONE	(~0U)

/**
 * struct ckpt_area_policy - The memory policy of the area before it, as
 *   mbind(2) takes it.
 * @space: The struct ckpt_address_space.
 * @mode: MPOL_* with MPOL_F_*.
 * @address: Start of the area.
 * @home_node: set_mempolicy_home_node(2), or CKPT_NODE_NONE.
 * @reserved: Must be zero.
 *
 * The tail is the mask of nodes.
 */
struct ckpt_area_policy {
	__le32 space;
	__le32 mode;
	__le64 address;
	__le32 home_node;
	__le32 reserved;
};

/**
 * struct ckpt_task_policy - The memory policy of a task, as set_mempolicy(2)
 *   takes it.
 * @task: Whose it is.
 * @mode: MPOL_* with MPOL_F_*.
 * @last_node: The node that interleaving has come to.
 * @weight: How many more pages weighted interleaving takes there.
 *
 * The tail is the mask of nodes.
 */
struct ckpt_task_policy {
	__le32 task;
	__le32 mode;
	__le32 last_node;
	__le32 weight;
};

/* Most pages in one struct ckpt_pages record. */
#define CKPT_MAX_RUN	512ULL

/**
 * struct ckpt_pages - Pages with their contents.
 * @space: The struct ckpt_address_space.
 * @flags: Bits of CKPT_PAGES_*.
 * @address: Address of the first; ascending within an address space.
 *
 * The tail is a multiple of the page size.
 */
struct ckpt_pages {
	__le32 space;
	__le32 flags;
	__le64 address;
};

/* They were mapped as parts of transparent huge pages. */
#define CKPT_PAGES_HUGE	(1U << 0)

/**
 * struct ckpt_zero_pages - Pages that read as zero where a hole would not.
 * @space: The struct ckpt_address_space.
 * @reserved: Must be zero.
 * @address: Address of the first.
 * @count: How many.
 */
struct ckpt_zero_pages {
	__le32 space;
	__le32 reserved;
	__le64 address;
	__le64 count;
};

/**
 * struct ckpt_inherited_pages - Pages that an address space has not written to
 *   since fork(2): they are still those of another one, at the same addresses,
 *   and shared with it until one of the two writes.
 * @space: The struct ckpt_address_space.
 * @from: The struct ckpt_address_space whose struct ckpt_pages they are.
 * @address: Address of the first; ascending within an address space.
 * @count: How many.
 */
struct ckpt_inherited_pages {
	__le32 space;
	__le32 from;
	__le64 address;
	__le64 count;
};

/* What pidfds stand for. */

/**
 * struct ckpt_pidfd_target - A task that pidfds stand for.
 * @id: The object that this record declares.
 * @pid: Its struct ckpt_pid, which a member has. Of one that was reaped: that
 *   of the process group which still goes by it; or none: then nothing tells
 *   what its number was.
 * @flags: Bits of CKPT_TARGET_*.
 * @status: Of one that was reaped: how it had ended, as wait(2) tells; else
 *   zero.
 * @cgroup: Of one that was reaped: the id of the cgroup that it was in; zero:
 *   the container's.
 * @core_mask: Of one that has dumped a core: bits of PIDFD_COREDUMP_*; else
 *   zero, as is what follows.
 * @core_signal: The signal for which it has.
 * @core_code: The code of that signal. Signed.
 * @reserved: Must be zero.
 *
 * Every such struct ckpt_open_file refers to this record.
 */
struct ckpt_pidfd_target {
	__le32 id;
	__le32 pid;
	__le32 flags;
	__le32 status;
	__le64 cgroup;
	__le32 core_mask;
	__le32 core_signal;
	__le32 core_code;
	__le32 reserved;
};

/* It has ended and left a core, and what it was told by PIDFD_GET_INFO. */
#define CKPT_TARGET_DUMPED	(1U << 0)

/* It has been waited for already. */
#define CKPT_TARGET_REAPED	(1U << 1)

/* Pipes and FIFOs, and what is on its way through them. */

/**
 * struct ckpt_pipe - What lies between the ends of a pipe or FIFO that is open.
 * @id: The object that this record declares.
 * @storage: The struct ckpt_storage of a FIFO that cannot be found by its path
 *   alone; or none.
 * @flags: Bits of CKPT_PIPE_*.
 * @mode: File type and permissions, as stat(2) gives them; of a FIFO only the
 *   type counts.
 * @uid: Owner of a pipe; zero for a FIFO, as is all else that is said of "a
 *   pipe".
 * @gid: Group of a pipe.
 * @user: The user to whose pipe-user-pages its room counts.
 * @buffers: struct ckpt_pipe_data records that follow: buffers in use.
 * @size: Room for so many bytes, as fcntl(F_GETPIPE_SZ) gives it.
 * @bytes: Bytes in it, as ioctl(FIONREAD) gives them.
 * @atime_s: Time of the last access of a pipe, seconds.
 * @mtime_s: Time of the last modification of a pipe, seconds.
 * @atime_ns: Nanoseconds of the last access.
 * @mtime_ns: Nanoseconds of the last modification.
 *
 * Every end, an struct ckpt_open_file, refers to this record. The tail is its
 * name: a FIFO's path, or what /proc/PID/fd called the pipe.
 */
struct ckpt_pipe {
	__le32 id;
	__le32 storage;
	__le32 flags;
	__le32 mode;
	__le32 uid;
	__le32 gid;
	__le32 user;
	__le32 buffers;
	__le64 size;
	__le64 bytes;
	__le64 atime_s;
	__le64 mtime_s;
	__le32 atime_ns;
	__le32 mtime_ns;
};

/* It has a name in a file system. */
#define CKPT_PIPE_FIFO	(1U << 0)

/*
 * Somebody has polled it: from then on every write wakes who waits for it with
 * epoll.
 */
#define CKPT_PIPE_POLLED	(1U << 1)

/* Largest room that F_SETPIPE_SZ can give. */
#define CKPT_MAX_PIPE_SIZE	(1ULL << 31)

/**
 * struct ckpt_pipe_data - One buffer of a pipe, in the order in which they will
 *   be read.
 * @pipe: The struct ckpt_pipe.
 * @flags: Bits of CKPT_BUFFER_*.
 * @offset: With CKPT_BUFFER_MERGES, how far into its page it begins: what was
 *   there has been read, and only what is left of the page takes more. Else
 *   zero.
 * @reserved: Must be zero.
 *
 * The tail is its bytes.
 */
struct ckpt_pipe_data {
	__le32 pipe;
	__le32 flags;
	__le32 offset;
	__le32 reserved;
};

/* A packet: one read(2) gets it, and no byte of the next one (O_DIRECT). */
#define CKPT_BUFFER_PACKET	(1U << 0)

/*
 * What is written next is added to it, if it fits. Not so what came from a file
 * or another pipe.
 */
#define CKPT_BUFFER_MERGES	(1U << 1)

/*
 * Longest buffer; most are a page at most, but one that a socket has filled can
 * be longer.
 */
#define CKPT_MAX_PIPE_DATA	(64ULL * 1024ULL)

/* POSIX message queues. */

/**
 * struct ckpt_queue - A POSIX message queue.
 * @id: The object that this record declares.
 * @flags: Bits of CKPT_QUEUE_*.
 * @mode: Who may do what.
 * @uid: Its owner.
 * @gid: Its group.
 * @user: The user as whose it counts (RLIMIT_MSGQUEUE).
 * @room: How many messages it takes.
 * @longest: How long they may be.
 * @messages: How many there are.
 * @accessed_ns: Nanoseconds of when it was accessed.
 * @modified_ns: Nanoseconds of when it was modified.
 * @changed_ns: Nanoseconds of when it was changed.
 * @accessed_s: When it was accessed, in seconds since 1970. Signed.
 * @modified_s: When it was modified. Signed.
 * @changed_s: When it was changed. Signed.
 * @size: The size that stat(2) shows.
 *
 * Any number of struct ckpt_open_files may refer to it; none, if it has a name
 * and its IPC namespace is the container's own. The tail is its name, without a
 * slash.
 */
struct ckpt_queue {
	__le32 id;
	__le32 flags;
	__le32 mode;
	__le32 uid;
	__le32 gid;
	__le32 user;
	__le32 room;
	__le32 longest;
	__le32 messages;
	__le32 accessed_ns;
	__le32 modified_ns;
	__le32 changed_ns;
	__le64 accessed_s;
	__le64 modified_s;
	__le64 changed_s;
	__le64 size;
};

/* It has no name any more (mq_unlink); the tail is the one that it had. */
#define CKPT_QUEUE_REMOVED	(1U << 0)

/* Most messages in a queue (HARD_MSGMAX). */
#define CKPT_MAX_QUEUE_MESSAGES	(64U * 1024U)

/* Longest message (HARD_MSGSIZEMAX). */
#define CKPT_MAX_QUEUE_MESSAGE	((16U * 1024U) * 1024U)

/* Longest name. */
#define CKPT_MAX_QUEUE_NAME	255ULL

/* Priorities of messages are below it (MQ_PRIO_MAX). */
#define CKPT_QUEUE_PRIORITIES	32768U

/**
 * struct ckpt_queue_message - A message in a POSIX message queue.
 * @queue: The struct ckpt_queue.
 * @priority: Its priority.
 *
 * Those that come out first come first.
 */
struct ckpt_queue_message {
	__le32 queue;
	__le32 priority;
};

/**
 * struct ckpt_queue_notice - Who is told, once, when a message comes to an
 *   empty POSIX message queue (mq_notify).
 * @queue: The struct ckpt_queue.
 * @owner: The process, by its number in the container's pid namespace, also if
 *   it has ended. Signed.
 * @what: One of CKPT_QUEUE_NOTICE_*.
 * @signal: The signal, if it is one.
 * @same_program: Whether the process still runs the program that asked for it:
 *   else it gets no signal.
 * @reserved: Must be zero.
 * @value: What comes with the signal.
 */
struct ckpt_queue_notice {
	__le32 queue;
	__le32 owner;
	__le32 what;
	__le32 signal;
	__le32 same_program;
	__le32 reserved;
	__le64 value;
};

/* Nobody hears of it, and nobody else can ask to be told (SIGEV_NONE). */
#define CKPT_QUEUE_NOTICE_NONE	1U

/* By a signal (SIGEV_SIGNAL). */
#define CKPT_QUEUE_NOTICE_SIGNAL	2U

/*
 * Why a checkpoint or a restart stopped: the table behind every message.
 *
 * {name} and {value} in a sentence stand for the fields of the log record; the
 * tools put the task, descriptor, address or offset in front. The second text
 * says what to do.
 */

enum ckpt_reason {
	/*
	 * checkpoint and restart are switched off (set the sysctl
	 * kernel.checkpoint_restart to 1)
	 */
	CKPT_REASON_DISABLED = 1,
	/*
	 * not permitted: {name} (run as root, or with CAP_CHECKPOINT_RESTORE)
	 */
	CKPT_REASON_NOT_PERMITTED = 2,
	/*
	 * the cgroup is not frozen (write 1 to its cgroup.freeze and wait for
	 * 'frozen 1' in cgroup.events)
	 */
	CKPT_REASON_NOT_FROZEN = 3,
	/*
	 * there is no task in the cgroup (name the cgroup that the tasks are
	 * in)
	 */
	CKPT_REASON_EMPTY = 4,
	/*
	 * the caller is a task of the container itself (run checkpoint from
	 * outside the cgroup)
	 */
	CKPT_REASON_CALLER_INSIDE = 5,
	/*
	 * another checkpoint or restart of this cgroup is under way (wait until
	 * it is done)
	 */
	CKPT_REASON_PINNED = 6,
	/*
	 * there are tasks in the cgroup {name} below it (move them into the one
	 * cgroup)
	 */
	CKPT_REASON_DESCENDANT_TASKS = 7,
	/*
	 * {value} tasks are more than an image can hold (end some of them, or
	 * divide them among several cgroups)
	 */
	CKPT_REASON_TOO_MANY_TASKS = 8,
	/*
	 * writing the image failed (look whether the file system is full or the
	 * reader has gone)
	 */
	CKPT_REASON_SINK_FAILED = 9,
	/*
	 * the description of the container needs more than {value} bytes of
	 * kernel memory (have the container close files or unmap memory, or
	 * save it in parts)
	 */
	CKPT_REASON_CAPTURE_TOO_LARGE = 10,
	/*
	 * the kernel is out of memory (free memory, or raise the limit of the
	 * memory cgroup of the caller, and try again)
	 */
	CKPT_REASON_OUT_OF_MEMORY = 11,
	/*
	 * the cgroup was thawed or a task in it was killed meanwhile (try
	 * again)
	 */
	CKPT_REASON_THAWED = 12,
	/*
	 * the caller may not write to {name} of the cgroup (run as the owner of
	 * the cgroup, or as root)
	 */
	CKPT_REASON_CGROUP_ACCESS = 15,
	/*
	 * the caller may not trace it (run as the owner of the task or as root)
	 */
	CKPT_REASON_TASK_ACCESS = 20,
	/* it is being traced (detach the debugger) */
	CKPT_REASON_TASK_TRACED = 21,
	/*
	 * it is a kernel thread or an io_uring worker (move it out of the
	 * cgroup, or have the program close its io_uring)
	 */
	CKPT_REASON_TASK_KERNEL = 22,
	/*
	 * it waits for a vfork child, which is outside (try again when the
	 * child has called execve)
	 */
	CKPT_REASON_TASK_VFORK = 23,
	/*
	 * the image holds {value} tasks, which know each other by their pids
	 * (restart it with --pids)
	 */
	CKPT_REASON_TASK_MANY = 24,
	/* it is dying or dead (reap it, or try again) */
	CKPT_REASON_TASK_DYING = 26,
	/* it is about to be stopped by job control (try again) */
	CKPT_REASON_TASK_STOPPED = 27,
	/* it did not come to rest (try again) */
	CKPT_REASON_TASK_NOT_QUIET = 28,
	/*
	 * it shares its {name} with a task outside (move that task into the
	 * cgroup too)
	 */
	CKPT_REASON_TASK_SHARED_OUTSIDE = 29,
	/*
	 * it is in a {name} namespace of its own (start it without that
	 * namespace (unshare, clone); a changed one: leave what is mounted in
	 * it as restart made it)
	 */
	CKPT_REASON_TASK_NAMESPACE = 30,
	/* it runs {name} code (run a 64-bit or 32-bit build of the program) */
	CKPT_REASON_TASK_MODE = 31,
	/*
	 * it uses {name}, which cannot be saved yet (have the program give it
	 * up before the checkpoint, or start it without)
	 */
	CKPT_REASON_TASK_FEATURE = 32,
	/*
	 * it has a child or thread outside the cgroup, task {value} (move that
	 * task into the cgroup too)
	 */
	CKPT_REASON_TASK_CHILDREN = 33,
	/*
	 * it leads a session whose controlling terminal is outside (start it
	 * from a shell, which leads the session then, or with setsid; without
	 * --hand-in=none a pseudo terminal is relayed)
	 */
	CKPT_REASON_TASK_TERMINAL = 34,
	/*
	 * its scheduling policy {value} cannot be saved (give it another policy
	 * (chrt))
	 */
	CKPT_REASON_TASK_SCHEDULING = 36,
	/*
	 * it is inside a system call that cannot be saved: {name} (try again
	 * when the call has ended)
	 */
	CKPT_REASON_TASK_SYSCALL = 37,
	/*
	 * it has a user or group id that has no number in its user namespace
	 * (run checkpoint in a user namespace that has a number for all of its
	 * ids)
	 */
	CKPT_REASON_TASK_IDS = 38,
	/*
	 * its registers cannot be saved: {name} (run it on a machine that has
	 * what is missing)
	 */
	CKPT_REASON_TASK_REGISTERS = 39,
	/*
	 * its timer {value} cannot be saved: {name} (have the program delete
	 * that timer (timer_delete))
	 */
	CKPT_REASON_TASK_TIMER = 42,
	/*
	 * the first process of its pid namespace is not in the cgroup (move
	 * that process into the cgroup too)
	 */
	CKPT_REASON_TASK_PID_SPACE = 43,
	/*
	 * {value} pids of its pid namespace are not of the container (move the
	 * tasks that are in that namespace into the cgroup too)
	 */
	CKPT_REASON_TASK_PID_SPACE_SHARED = 44,
	/*
	 * its children would be in a pid namespace that cannot be made again:
	 * {name} (have the program make a child there, or none)
	 */
	CKPT_REASON_TASK_PID_SPACE_OF_CHILDREN = 45,
	/*
	 * its {name} keyring holds keys or restricts them, which cannot be
	 * saved yet (start it with a session keyring of its own (keyctl
	 * session))
	 */
	CKPT_REASON_TASK_KEYRING = 46,
	/*
	 * {name} is not supported (close it before the checkpoint; a regular
	 * file: put it on another file system)
	 */
	CKPT_REASON_FILE_KIND = 50,
	/*
	 * {name} has been removed or renamed over (close it before the
	 * checkpoint)
	 */
	CKPT_REASON_FILE_REMOVED = 51,
	/*
	 * its path cannot be reached from the root of the mount namespace
	 * (mount what it lies in where the container can reach it, or close it
	 * before the checkpoint)
	 */
	CKPT_REASON_FILE_UNREACHABLE = 52,
	/*
	 * {name} now leads to another file (put the file back under its name,
	 * or have the program open it anew)
	 */
	CKPT_REASON_FILE_PATH = 53,
	/*
	 * {name} is open with flags {value} that cannot be restored (have the
	 * program open it without these flags; restart it where they are known)
	 */
	CKPT_REASON_FILE_FLAGS = 54,
	/*
	 * there is a lock or lease on {name} (have the program unlock it before
	 * the checkpoint)
	 */
	CKPT_REASON_FILE_LOCK = 55,
	/*
	 * {name} sends signals (F_SETOWN, O_ASYNC) to task or group {value},
	 * which is outside (have the program clear its owner, or move that task
	 * into the cgroup too)
	 */
	CKPT_REASON_FILE_OWNER = 56,
	/*
	 * {name} is also open in task {value}, which is outside (close it
	 * there, or move that task into the cgroup too)
	 */
	CKPT_REASON_FILE_SHARED_OUTSIDE = 57,
	/*
	 * {name} is watched through this descriptor (F_NOTIFY) (close it before
	 * the checkpoint)
	 */
	CKPT_REASON_FILE_WATCHED = 58,
	/*
	 * {name} has extended attributes, flags or an owner that cannot be
	 * saved (run checkpoint with the right to read them)
	 */
	CKPT_REASON_STORAGE_ATTRIBUTES = 59,
	/*
	 * {name} is also used by task {value}, which is outside (end that task,
	 * or move it into the cgroup too)
	 */
	CKPT_REASON_STORAGE_SHARED = 60,
	/*
	 * {name} has been removed, and the other name that it still has cannot
	 * be found (give the file a name that can be found, or close it before
	 * the checkpoint)
	 */
	CKPT_REASON_STORAGE_NAMELESS = 61,
	/* {name} changed while it was being saved (try again) */
	CKPT_REASON_STORAGE_CHANGED = 62,
	/*
	 * {name} cannot be read (look for errors of its file system in the log
	 * of the kernel)
	 */
	CKPT_REASON_STORAGE_UNREADABLE = 63,
	/*
	 * the directory {name} has been read in part, and its file system only
	 * counts what has been (try again when the program has read it, or
	 * close it)
	 */
	CKPT_REASON_DIRECTORY_OFFSET = 64,
	/*
	 * its path is longer than {value} bytes: no path that long can be
	 * opened (have the program open it by a shorter path)
	 */
	CKPT_REASON_FILE_PATH_LONG = 65,
	/*
	 * what was written to {name} cannot be brought to the disk (look for
	 * errors of the disk in the kernel's log)
	 */
	CKPT_REASON_NOT_SYNCED = 66,
	/*
	 * {name}, task {value}, which is outside (close it there, or move that
	 * task into the cgroup too)
	 */
	CKPT_REASON_PIPE_OUTSIDE = 67,
	/*
	 * {name} has {value} more ends than all tasks have open (it may be in
	 * flight between processes, or just being closed: try again)
	 */
	CKPT_REASON_PIPE_HELD = 68,
	/*
	 * what is in {name} cannot be saved (have it read before the
	 * checkpoint)
	 */
	CKPT_REASON_PIPE_CONTENT = 69,
	/*
	 * memory of this kind is not supported: {name} (have the program unmap
	 * it before the checkpoint)
	 */
	CKPT_REASON_AREA_KIND = 70,
	/*
	 * memory with kernel flags {value} is not supported (have the program
	 * unmap it before the checkpoint)
	 */
	CKPT_REASON_AREA_FLAGS = 71,
	/*
	 * the page cannot be read (look for errors of memory or swap in the log
	 * of the kernel)
	 */
	CKPT_REASON_PAGE_UNREADABLE = 73,
	/*
	 * writing {name} failed, and nobody was told of it yet (have the
	 * program call fsync, which tells it)
	 */
	CKPT_REASON_FILE_ERROR = 80,
	/*
	 * {name} was opened in a landlock domain (have the program open it
	 * before it restricts itself, or close it)
	 */
	CKPT_REASON_FILE_RESTRICTED = 81,
	/*
	 * {name} was opened by somebody of another user namespace, or with a
	 * user or group id that has no number here (have the program open it
	 * anew as who it is now)
	 */
	CKPT_REASON_FILE_OPENER = 82,
	/*
	 * {name}, task {value}, which is outside: not saved, restart hands in
	 * its own
	 */
	CKPT_REASON_HANDED_SHARED = 83,
	/* {name} belongs to the outside: not saved, restart hands in its own */
	CKPT_REASON_HANDED_OUTSIDE = 84,
	/*
	 * the image goes into {name}, which this task would have to read, and
	 * it is frozen (have the image read by somebody outside the cgroup, or
	 * write it to a file)
	 */
	CKPT_REASON_IMAGE_INSIDE = 85,
	/*
	 * {name} is shared with the outside, and sends signals (F_SETOWN,
	 * O_ASYNC) (have the program clear its owner)
	 */
	CKPT_REASON_HANDED_STATE = 86,
	/*
	 * {name}, task {value}, which is outside (close it, or move that task
	 * into the cgroup too)
	 */
	CKPT_REASON_PIDFD_OUTSIDE = 87,
	/* {name}, which cannot be saved (close it before the checkpoint) */
	CKPT_REASON_PIDFD_TARGET = 88,
	/*
	 * it is a vfork child, and who waits for it is outside (try again when
	 * it has called execve)
	 */
	CKPT_REASON_TASK_VFORK_CHILD = 89,
	/*
	 * the image ends too early (the checkpoint or the copy was interrupted:
	 * use a complete image)
	 */
	CKPT_REASON_IMAGE_TRUNCATED = 100,
	/*
	 * the checksum does not match (the image was damaged or altered: use an
	 * intact copy)
	 */
	CKPT_REASON_IMAGE_CHECKSUM = 101,
	/*
	 * this is not a checkpoint image (name the right file; decompress a
	 * compressed image first)
	 */
	CKPT_REASON_IMAGE_MAGIC = 102,
	/*
	 * the image has format version {value}, which is newer than this
	 * kernel's (convert it, or use a newer kernel)
	 */
	CKPT_REASON_IMAGE_VERSION = 103,
	/*
	 * a record of kind {value} may not stand here (the image was altered,
	 * or its writer has a bug: make a new one)
	 */
	CKPT_REASON_IMAGE_ORDER = 104,
	/* a record of the unknown kind {value} (use a newer kernel) */
	CKPT_REASON_IMAGE_UNKNOWN = 105,
	/*
	 * the field {name} has the impossible value {value} (the image was
	 * altered, or its writer is newer or has a bug: make a new one)
	 */
	CKPT_REASON_IMAGE_VALUE = 106,
	/*
	 * the record has the impossible length {value} (the image was altered,
	 * or its writer is newer or has a bug: make a new one)
	 */
	CKPT_REASON_IMAGE_LENGTH = 107,
	/*
	 * the field {name} refers to object {value}, which is not there or of
	 * another kind (the image was altered, or its writer has a bug: make a
	 * new one)
	 */
	CKPT_REASON_IMAGE_REFERENCE = 108,
	/*
	 * there are {value} unread bytes in the prefix (use the restart tool of
	 * this version)
	 */
	CKPT_REASON_IMAGE_TRAILING = 109,
	/*
	 * the image is of another architecture ({value}) (restart it on a
	 * machine of that architecture)
	 */
	CKPT_REASON_MACHINE_ARCHITECTURE = 120,
	/*
	 * this CPU lacks {name}, which the image needs (restart it on a machine
	 * that has it)
	 */
	CKPT_REASON_MACHINE_FEATURES = 121,
	/*
	 * the image has pages of {value} bytes (restart it on a kernel with
	 * pages of that size)
	 */
	CKPT_REASON_MACHINE_PAGE_SIZE = 122,
	/*
	 * the kernel's vdso differs from the one in the image (restart it on
	 * the kernel that it was saved on, or convert it)
	 */
	CKPT_REASON_MACHINE_VDSO = 123,
	/*
	 * it is in another {name} namespace than the other tasks (use the
	 * restart tool of this version)
	 */
	CKPT_REASON_MEMBER_NAMESPACE = 138,
	/*
	 * the session is over (look for what came before it; begin a new
	 * restart)
	 */
	CKPT_REASON_SESSION_CLOSED = 140,
	/*
	 * the caller has no place in this session: {name} (have who opened the
	 * session do that; use the restart tool of this version)
	 */
	CKPT_REASON_SESSION_ROLE = 141,
	/*
	 * task {value} of the forest has not joined (use the restart tool of
	 * this version; look whether limits of processes (ulimit -u, pids.max)
	 * are in the way)
	 */
	CKPT_REASON_TASK_MISSING = 142,
	/*
	 * a task died while it was being restored (look whether somebody killed
	 * it, or the kernel for want of memory, and try again)
	 */
	CKPT_REASON_TASK_DIED = 143,
	/*
	 * the task does not stand where the image says: {name} is {value} (use
	 * the restart tool of this version; if the image was altered, make a
	 * new one)
	 */
	CKPT_REASON_FOREST_DIFFERS = 144,
	/*
	 * the caller may not give it {name} (run restart with the rights that
	 * the saved task had)
	 */
	CKPT_REASON_RESTORE_NOT_PERMITTED = 145,
	/* cannot open {name} (put the file back where it was) */
	CKPT_REASON_FILE_MISSING = 146,
	/*
	 * not the file that it was: {name} (put the file back as it was at the
	 * checkpoint)
	 */
	CKPT_REASON_FILE_CHANGED = 147,
	/*
	 * cannot map memory there (look at limits (ulimit -v, -l), at
	 * vm.mmap_min_addr and vm.max_map_count, and who may map the file; the
	 * machine may have fewer addresses or protection keys)
	 */
	CKPT_REASON_AREA_NOT_MAPPED = 148,
	/*
	 * cannot give it its {name} limit, {value}, which is above the caller's
	 * (run restart with CAP_SYS_RESOURCE)
	 */
	CKPT_REASON_LIMIT_NOT_SET = 149,
	/*
	 * cannot install the descriptor (raise fs.nr_open or the limit of open
	 * files (ulimit -n))
	 */
	CKPT_REASON_DESCRIPTOR_NOT_INSTALLED = 150,
	/*
	 * the cgroup holds tasks that are not of this restart (name an empty
	 * cgroup)
	 */
	CKPT_REASON_CGROUP_NOT_EMPTY = 151,
	/* interrupted (begin again) */
	CKPT_REASON_INTERRUPTED = 152,
	/*
	 * the saved registers are not possible: {name} (the image was altered,
	 * or its writer has a bug: make a new one)
	 */
	CKPT_REASON_REGISTERS_REFUSED = 153,
	/*
	 * cannot restore {name} (look whether this machine and its limits allow
	 * it; the error says more)
	 */
	CKPT_REASON_STATE_NOT_RESTORED = 154,
	/*
	 * cannot make {name} again (look whether its directory is there,
	 * writable and not full, and whether you may give things to whom it
	 * belonged)
	 */
	CKPT_REASON_STORAGE_NOT_MADE = 155,
	/*
	 * cannot set an attribute: {name} (run restart with the right to set
	 * it, where the file system has such attributes)
	 */
	CKPT_REASON_STORAGE_ATTRIBUTE_NOT_SET = 158,
	/*
	 * {name} is open for writing and has been written to since the
	 * checkpoint: it is {value} bytes longer (restart --files=keep leaves
	 * it as it is; --files=truncate cuts it back to the size that it had)
	 */
	CKPT_REASON_FILE_GREW = 160,
	/*
	 * cannot cut {name} back to the size that it had (look who may write to
	 * it, or use restart --files=keep)
	 */
	CKPT_REASON_FILE_NOT_CUT = 161,
	/*
	 * cannot give {name} room for {value} bytes (raise fs.pipe-max-size or
	 * fs.pipe-user-pages-soft, or run restart with CAP_SYS_RESOURCE)
	 */
	CKPT_REASON_PIPE_SIZE = 162,
	/* {name} is in use already (end whoever has it open) */
	CKPT_REASON_FIFO_IN_USE = 163,
	/*
	 * there are not enough free huge pages of {value} KiB (raise
	 * nr_hugepages)
	 */
	CKPT_REASON_HUGE_PAGES_MISSING = 165,
	/*
	 * its memory policy names NUMA nodes that are not there (restart it
	 * where all of them are)
	 */
	CKPT_REASON_NODE_MISSING = 166,
	/*
	 * the keyrings of user {value} held keys, and in this boot they are
	 * empty (have the user add the keys (keyctl, or log in), then restart)
	 */
	CKPT_REASON_KEYS_MISSING = 167,
	/*
	 * its alternate signal stack of {value} bytes is too small for the
	 * registers of this CPU (restart it on a machine with the registers of
	 * the one that it was saved on)
	 */
	CKPT_REASON_SIGNAL_STACK_SMALL = 170,
	/*
	 * nothing is handed in as descriptor {value}, in place of {name}
	 * (restart --fd N=FILE hands one in, --fd N=&M a descriptor of restart
	 * itself)
	 */
	CKPT_REASON_HANDED_MISSING = 171,
	/*
	 * what is handed in as descriptor {value} is not open for {name} (hand
	 * in another file with restart --stdin, --stdout, --stderr or --fd)
	 */
	CKPT_REASON_HANDED_ACCESS = 172,
	/*
	 * what is handed in as descriptor {value} is {name} (hand in another
	 * file with restart --stdin, --stdout, --stderr or --fd)
	 */
	CKPT_REASON_HANDED_KIND = 173,
	/*
	 * the image has nothing in whose place descriptor {value} could be
	 * handed in (leave out --stdin, --stdout, --stderr or --fd: what the
	 * container had there was saved, or it had nothing)
	 */
	CKPT_REASON_HANDED_UNWANTED = 174,
	/*
	 * restart is itself confined by {name}, and the saved task was not (run
	 * restart without it)
	 */
	CKPT_REASON_RESTARTER_CONFINED = 185,
	/*
	 * this epoll looks at {name}, task {value}, which is outside (remove it
	 * from the epoll, or move that task into the cgroup too)
	 */
	CKPT_REASON_EPOLL_OUTSIDE = 200,
	/*
	 * this epoll looks at {name}, which no task has open (it may be in
	 * flight between processes, or just being closed: try again)
	 */
	CKPT_REASON_EPOLL_TARGET = 201,
	/*
	 * this epoll waits for the signals of a process outside, which added
	 * the signalfd {value} to it (add it again, or move that process into
	 * the cgroup too)
	 */
	CKPT_REASON_EPOLL_SIGNALS = 202,
	/*
	 * cannot add {name}, descriptor {value}, to an epoll (where it was
	 * handed in, hand in what can be polled; or look at
	 * fs.epoll.max_user_watches)
	 */
	CKPT_REASON_EPOLL_NOT_ADDED = 203,
	/*
	 * {name}, task {value}, which is outside (close it there, move that
	 * task into the cgroup too, hand it in (--hand-in), or, where a
	 * datagram socket is connected to a name, have it connected again
	 * (--reconnect))
	 */
	CKPT_REASON_SOCKET_OUTSIDE = 210,
	/*
	 * {name} is connected to a socket that no task has open (it may be in
	 * flight between processes outside, or just being closed: try again)
	 */
	CKPT_REASON_SOCKET_PEER_HELD = 211,
	/*
	 * a socket has {name}, which cannot be saved (close it before the
	 * checkpoint)
	 */
	CKPT_REASON_SOCKET_STATE = 212,
	/*
	 * {name}, to which a socket is bound, has been moved or has another
	 * name (put the socket back where it was, or have the program bind it
	 * anew)
	 */
	CKPT_REASON_SOCKET_NAME = 213,
	/*
	 * a message in {name} cannot be saved (have it received before the
	 * checkpoint)
	 */
	CKPT_REASON_SOCKET_MESSAGE = 214,
	/* a socket is bound to {name} already (end whoever has bound it) */
	CKPT_REASON_SOCKET_NAME_IN_USE = 215,
	/*
	 * cannot make a socket again: {name} (look at the error, at the limits
	 * of sockets (sysctl net.core, net.unix), and who may set such options)
	 */
	CKPT_REASON_SOCKET_NOT_MADE = 216,
	/*
	 * {name}, task {value}, which is outside (close it there, or move that
	 * task into the cgroup too)
	 */
	CKPT_REASON_TERMINAL_OUTSIDE = 230,
	/*
	 * {name} is open more often than by all tasks (it may be in flight
	 * between processes, or just being closed: try again)
	 */
	CKPT_REASON_TERMINAL_HELD = 231,
	/*
	 * {name} has a line discipline other than N_TTY (set N_TTY again, or
	 * close it before the checkpoint)
	 */
	CKPT_REASON_TERMINAL_DISCIPLINE = 232,
	/*
	 * {name} controls a session that is outside (have that session end, or
	 * leave its terminal (TIOCNOTTY))
	 */
	CKPT_REASON_TERMINAL_SESSION = 233,
	/*
	 * the process group in the foreground of {name} is outside, or has
	 * ended in a pid namespace below (try again when the shell has noticed)
	 */
	CKPT_REASON_TERMINAL_FOREGROUND = 234,
	/*
	 * {name} lies in another devpts than other terminals of the container,
	 * or nowhere (have all terminals in one devpts)
	 */
	CKPT_REASON_TERMINAL_PLACE = 235,
	/*
	 * {name} was hung up, and then opened again, and is still open from
	 * before that (close it where it reads as ended)
	 */
	CKPT_REASON_TERMINAL_HUNG_UP = 236,
	/*
	 * the number of {name} is taken (close the terminal that has it, or
	 * restart with namespaces of its own (--pids))
	 */
	CKPT_REASON_TERMINAL_TAKEN = 237,
	/*
	 * cannot make {name} again (look whether devpts is mounted where it
	 * was, and at kernel.pty.max)
	 */
	CKPT_REASON_TERMINAL_NOT_MADE = 238,
	/*
	 * its IPC namespace is also that of task {value}, which is outside
	 * (move that task into the cgroup too, or end it)
	 */
	CKPT_REASON_IPC_NAMESPACE_SHARED = 240,
	/*
	 * {name} is also used by task {value}, which is outside (end that task,
	 * or move it into the cgroup too)
	 */
	CKPT_REASON_IPC_OUTSIDE = 241,
	/*
	 * {name} cannot be saved (remove it (ipcs, ipcrm), or have the program
	 * do so, or run checkpoint with the right to read it)
	 */
	CKPT_REASON_IPC_UNREADABLE = 242,
	/*
	 * the identifier or key of {name} is taken (remove what has it (ipcs,
	 * ipcrm), or end who uses it)
	 */
	CKPT_REASON_IPC_TAKEN = 243,
	/*
	 * cannot make {name} again (look at the limits of sysctl kernel.sem,
	 * kernel.msg* and kernel.shm*)
	 */
	CKPT_REASON_IPC_NOT_MADE = 244,
	/*
	 * the tasks are not in an IPC namespace as the image has it: {name}
	 * (restart it with the restart tool of this version)
	 */
	CKPT_REASON_IPC_NAMESPACE = 245,
	/*
	 * {name} is locked, and its file system keeps locks of that kind
	 * elsewhere (have the program unlock it before the checkpoint)
	 */
	CKPT_REASON_LOCK_ELSEWHERE = 255,
	/*
	 * there is a lock or lease on {name} that is no program's (end what
	 * exports or shares the file (NFS, SMB))
	 */
	CKPT_REASON_LOCK_KIND = 256,
	/*
	 * somebody else holds a lock on {name}, or has it open against its
	 * lease (end whoever does)
	 */
	CKPT_REASON_LOCK_TAKEN = 257,
	/*
	 * cannot lock {name} again (look at the error and at the limit of locks
	 * (ulimit -x))
	 */
	CKPT_REASON_LOCK_NOT_TAKEN = 258,
	/*
	 * what it watches (inotify) as {value} has no path, and the container
	 * has no open file of it (have the program remove that watch)
	 */
	CKPT_REASON_WATCHED_UNREACHABLE = 259,
	/* cannot watch {name} again (run restart with the right to read it) */
	CKPT_REASON_WATCH_NOT_PLACED = 260,
	/*
	 * the program has changed the ring of a context for asynchronous I/O
	 * (have the program destroy that context (io_destroy))
	 */
	CKPT_REASON_AIO_RING = 261,
	/*
	 * {value} requests for asynchronous I/O do not complete (have the
	 * program wait for them, or cancel them)
	 */
	CKPT_REASON_AIO_PENDING = 262,
	/*
	 * cannot make a context for {value} requests of asynchronous I/O again
	 * (raise fs.aio-max-nr; restart it on a machine with as many possible
	 * CPUs)
	 */
	CKPT_REASON_AIO_NOT_MADE = 263,
	/*
	 * of {name} more was made for its reader than can be saved (have the
	 * program read on, or close it)
	 */
	CKPT_REASON_FILE_UNREAD = 265,
	/* {name} lies in another IPC namespace (have the program close it) */
	CKPT_REASON_QUEUE_ELSEWHERE = 270,
	/*
	 * {name}, task {value}, which is outside (close it there, or move that
	 * task into the cgroup too)
	 */
	CKPT_REASON_QUEUE_OUTSIDE = 271,
	/*
	 * {name} is open {value} times more than by all tasks (it may be in
	 * flight between processes, or just being closed: try again)
	 */
	CKPT_REASON_QUEUE_HELD = 272,
	/*
	 * who is to be told of a message in {name} is outside, or told by a
	 * thread or socket (SIGEV_THREAD) (have the program ask for a signal,
	 * or for nothing (mq_notify))
	 */
	CKPT_REASON_QUEUE_NOTICE = 273,
	/*
	 * {name} cannot be saved (have the program close it before the
	 * checkpoint, or run checkpoint with the right to read it)
	 */
	CKPT_REASON_QUEUE_UNREADABLE = 274,
	/*
	 * {name} is in an IPC namespace of its own, and was opened through a
	 * mount of that (open it with mq_open)
	 */
	CKPT_REASON_QUEUE_MOUNTED = 275,
	/*
	 * {value} message queues of its IPC namespace have no name any more,
	 * and are only open outside (close them there)
	 */
	CKPT_REASON_QUEUE_LOST = 276,
	/*
	 * there is {name} already, and it is not as it was or somebody has it
	 * open (remove it (mq_unlink, or rm in /dev/mqueue), or end who uses
	 * it)
	 */
	CKPT_REASON_QUEUE_TAKEN = 277,
	/*
	 * cannot make {name} again (look at the limits: ulimit -q, sysctl
	 * fs.mqueue)
	 */
	CKPT_REASON_QUEUE_NOT_MADE = 278,
	/*
	 * what {name} was opened through is no mount of its message queues
	 * (mount mqueue there)
	 */
	CKPT_REASON_QUEUE_NOT_MOUNTED = 279,
	/*
	 * {name}, which controls its session, is outside: restart makes a new
	 * one and relays it to the terminal where it runs
	 */
	CKPT_REASON_TERMINAL_RELAYED = 280,
	/*
	 * {name} controls a session and was outside: nobody takes a new one in
	 * its place (restart relays one of them; save sessions at several
	 * terminals one by one)
	 */
	CKPT_REASON_TERMINAL_NOT_TAKEN = 281,
	/*
	 * a fanotify group has {name}, which cannot be saved (have the program
	 * remove it, or answer it)
	 */
	CKPT_REASON_FANOTIFY_KIND = 285,
	/*
	 * no path leads to what a fanotify group has marked as number {value},
	 * and the container has no open file of it (have the program remove
	 * that mark)
	 */
	CKPT_REASON_FANOTIFY_UNREACHABLE = 286,
	/*
	 * an event of a fanotify group cannot be saved: {name} (have the
	 * program read its events)
	 */
	CKPT_REASON_FANOTIFY_EVENT = 287,
	/*
	 * cannot mark {name} again (fanotify) (run restart with the rights that
	 * fanotify_mark(2) asks for)
	 */
	CKPT_REASON_FANOTIFY_NOT_PLACED = 288,
	/*
	 * {name}, of which fanotify tells by its handle, has another one than
	 * it had (restart it where the file system is the very same, or have
	 * the program mark it anew)
	 */
	CKPT_REASON_FANOTIFY_HANDLE = 289,
	/*
	 * cannot watch {name} again (F_NOTIFY) (look at sysctl
	 * fs.dir-notify-enable)
	 */
	CKPT_REASON_DIRECTORY_NOT_WATCHED = 290,
	/*
	 * {name}, task {value}, which is outside (have it received there before
	 * the checkpoint)
	 */
	CKPT_REASON_FILE_IN_FLIGHT = 295,
	/*
	 * {name} is also on its way through a unix socket outside that no task
	 * has open (try again when it has been received)
	 */
	CKPT_REASON_FILE_IN_FLIGHT_HELD = 296,
	/*
	 * what is written to the console goes to {name} (TIOCCONS) (give the
	 * console back, by TIOCCONS on /dev/console)
	 */
	CKPT_REASON_TERMINAL_CONSOLE = 297,
	/*
	 * {name}, task {value}, which is outside: it is connected to that name
	 * again at restart
	 */
	CKPT_REASON_SOCKET_RECONNECTS = 298,
	/*
	 * cannot connect a socket to {name} again (start what has that name
	 * before restart, and look who may write to it)
	 */
	CKPT_REASON_SOCKET_NOT_RECONNECTED = 299,
	/*
	 * something else than descriptors uses an eventfd: an io_uring outside,
	 * or a virtual machine (have it let the eventfd go)
	 */
	CKPT_REASON_EVENTFD_HELD = 300,
	/*
	 * it lets task {value}, which is outside, trace it (PR_SET_PTRACER)
	 * (move that task into the cgroup too, or have the program take that
	 * back)
	 */
	CKPT_REASON_TASK_TRACER = 301,
	/*
	 * the kernel holds {name} beside all descriptors: for an io_uring or a
	 * mount outside, or a request that is not done (have it let go, or try
	 * again)
	 */
	CKPT_REASON_FILE_HELD = 302,
	/*
	 * {name} can be stored to without the kernel's knowledge (DAX): whether
	 * it is still the same at restart cannot be found out (have the program
	 * unmap it, or map it for reading only)
	 */
	CKPT_REASON_FILE_DIRECT = 303,
	/*
	 * {name} is in an atomic write, or has a mode or priority that ioctl(2)
	 * gave it (f2fs, Ceph) (have the program end the atomic write, or close
	 * it (f2fs: F2FS_IOC_IO_PRIO with 0))
	 */
	CKPT_REASON_FILE_TOLD = 308,
	/*
	 * writing {name} has failed at some time: overlayfs does not tell
	 * whether its program knows (have the program write what it needs to a
	 * new file, and close this one)
	 */
	CKPT_REASON_FILE_ERROR_BELOW = 309,
	/*
	 * {name} had {value} names, has to be made again, and open files do not
	 * know all of them (restart while the file is still there (a reboot
	 * takes it), or keep it where it outlives the kernel)
	 */
	CKPT_REASON_STORAGE_NAMES = 310,
	/*
	 * tasks outside are born faster than they can be asked what they share
	 * with the container (try again when less is started; find out who
	 * forks all the time)
	 */
	CKPT_REASON_OUTSIDE_EVER_NEW = 311,
};

/*
 * What every record has in common.
 *
 * An image is a sequence of records: a struct ckpt_record_header, then length
 * bytes of payload. The payload is a fixed part (one of the structs of this
 * directory) and, for some kinds, a tail of variable size (a path, page
 * contents, an array). Nothing is aligned or padded between records.
 */

/**
 * struct ckpt_record_header - The envelope of a record.
 * @kind: A number of enum ckpt_kind.
 * @fixed: Bytes of the fixed part, as the writer knew it; the tail is what
 *   follows it.
 * @length: Bytes of the payload: fixed part and tail, without this header.
 * @checksum: CRC-32C over the image's salt, the record's number in the stream,
 *   this header with this field zero, and the payload. A record moved, doubled,
 *   dropped or taken from another image fails it just as a flipped bit does.
 * @reserved: Must be zero.
 *
 * Readable by every version, for ever.
 */
struct ckpt_record_header {
	__le32 kind;
	__le32 fixed;
	__le64 length;
	__le32 checksum;
	__le32 reserved;
};

/* No object. */
#define CKPT_OBJECT_ID_NONE	0

/* A task outside the container; in a restart, the restarter's. */
#define CKPT_TASK_ID_OUTSIDE	(~0U)

/* Signal actions, queued signals, job control. */

/* Signals 1 to 64. */
#define CKPT_SIGNALS	64

/**
 * struct ckpt_signal_action - One signal action, as rt_sigaction gives it.
 * @handler: SIG_DFL, SIG_IGN or the handler.
 * @flags: SA_* bits.
 * @restorer: Where the handler returns to.
 * @mask: Signals blocked while it runs.
 */
struct ckpt_signal_action {
	__le64 handler;
	__le64 flags;
	__le64 restorer;
	__le64 mask;
};

/**
 * struct ckpt_signal_actions - All actions of a process.
 * @id: The object that this record declares.
 * @reserved: Must be zero.
 * @actions: Signal n at index n - 1.
 * @compat: Bit n - 1: the action for signal n was set by a 32-bit system call,
 *   so that its handler gets a 32-bit frame.
 */
struct ckpt_signal_actions {
	__le32 id;
	__le32 reserved;
	struct ckpt_signal_action actions[CKPT_SIGNALS];
	__le64 compat;
};

/**
 * struct ckpt_pending_signal - A queued signal.
 * @task: Whom it waits for.
 * @flags: Bits of CKPT_PENDING_*.
 * @siginfo: The siginfo_t that its handler gets.
 */
struct ckpt_pending_signal {
	__le32 task;
	__le32 flags;
	__u8 siginfo[128];
};

/* Queued for the whole process, not for one thread. */
#define CKPT_PENDING_SHARED	(1U << 0)

/* The signal of a POSIX timer, the one that si_timerid names. */
#define CKPT_PENDING_TIMER	(1U << 1)

/*
 * The timer has been set again since: the signal is dropped when it is taken.
 */
#define CKPT_PENDING_STALE	(1U << 2)

/* The timer was periodic when it fired. */
#define CKPT_PENDING_PERIODIC	(1U << 3)

/* Not queued, but put aside for as long as it is ignored. */
#define CKPT_PENDING_IGNORED	(1U << 4)

/* The timer has been deleted since; its id may be another's by now. */
#define CKPT_PENDING_DELETED	(1U << 5)

/*
 * Only the number counts: the queue was full when it came, or the kernel out of
 * memory.
 */
#define CKPT_PENDING_WITHOUT_ENTRY	(1U << 8)

/**
 * struct ckpt_job_control - A process that job control has stopped, or
 *   continued, and what its parent has not heard of that.
 * @task: The process.
 * @flags: Bits of CKPT_JOB_*.
 * @stop_signal: The signal that stopped it, SIGSTOP to SIGTTOU; zero: it is not
 *   stopped.
 * @unreported: What waitpid(WUNTRACED) of its parent will still report: that
 *   signal, or zero.
 *
 * Written only for those.
 */
struct ckpt_job_control {
	__le32 task;
	__le32 flags;
	__le32 stop_signal;
	__le32 unreported;
};

/*
 * It was continued, and waitid(WCONTINUED) of its parent will still report
 * that.
 */
#define CKPT_JOB_CONTINUED	(1U << 0)

/* Its parent gets SIGCHLD for the stop as soon as it runs. */
#define CKPT_JOB_TELL_STOPPED	(1U << 1)

/* Its parent gets SIGCHLD for the end of the stop as soon as it runs. */
#define CKPT_JOB_TELL_CONTINUED	(1U << 2)

/* Unix sockets, and what is on its way through them. */

/**
 * struct ckpt_socket - A unix socket, whether an open file is of it or not.
 * @id: The object that this record declares.
 * @kind: One of CKPT_SOCKET_STREAM and so on, as socket(2) has it.
 * @flags: Bits of CKPT_SOCKET_*.
 * @state: One of CKPT_SOCKET_CLOSED and so on.
 * @shutdown: What shutdown(2) has done, from either end: 1 for reading, 2 for
 *   writing.
 * @error: What the next call will fail with (SO_ERROR); or zero.
 * @options: Options that are on or off, by the table in glue/sockets.c.
 * @send_buffer: SO_SNDBUF, as getsockopt(2) gives it.
 * @receive_buffer: SO_RCVBUF, likewise.
 * @low_water: SO_RCVLOWAT.
 * @backlog: Connections, or datagrams of strangers, that may wait, but for one.
 * @priority: SO_PRIORITY.
 * @mark: SO_MARK.
 * @timestamping: SO_TIMESTAMPING.
 * @peek_offset: SO_PEEK_OFF. Signed.
 * @receive_timeout_us: SO_RCVTIMEO in microseconds; all ones: none.
 * @send_timeout_us: SO_SNDTIMEO, likewise.
 * @linger_us: How long SO_LINGER lasts, likewise.
 * @peer_pid: The struct ckpt_pid of whoever is at the other end (SO_PEERCRED),
 *   if it is a member; or none.
 * @peer: The struct ckpt_identity of the same; none: nobody is told.
 * @peer_number: Its number, if it is no member.
 * @peer_status: How it has ended, as wait(2) tells, if it was reaped.
 * @mode: File type and permissions of the open file, as fstat(2) gives them;
 *   else zero, as is what is said of that.
 * @uid: Its owner.
 * @gid: Its group.
 * @name_length: Bytes of the name.
 * @atime_s: Time of the last access, seconds.
 * @mtime_s: Time of the last modification, seconds.
 * @atime_ns: Nanoseconds of the last access.
 * @mtime_ns: Nanoseconds of the last modification.
 * @inode_mode: Permissions of the inode of its name, with the type; or zero: it
 *   has none.
 * @inode_uid: Owner of that.
 * @inode_gid: Group of that.
 * @messages: struct ckpt_socket_message records that follow.
 * @busy_poll_us: SO_BUSY_POLL.
 * @busy_poll_budget: SO_BUSY_POLL_BUDGET.
 * @incoming_cpu: SO_INCOMING_CPU. Signed.
 * @clock: The clock of SO_TXTIME, if that is among the options; else zero.
 * @pacing_rate: SO_MAX_PACING_RATE; all ones: none.
 * @inode_flags: Flags of the inode of its name, as chattr(1) sets them
 *   (FS_*_FL).
 * @reserved: Must be zero.
 *
 * The tail is the bytes of its name, as getsockname(2) gives them, then the
 * path of the inode that they lead to.
 */
struct ckpt_socket {
	__le32 id;
	__le32 kind;
	__le32 flags;
	__le32 state;
	__le32 shutdown;
	__le32 error;
	__le64 options;
	__le32 send_buffer;
	__le32 receive_buffer;
	__le32 low_water;
	__le32 backlog;
	__le32 priority;
	__le32 mark;
	__le32 timestamping;
	__le32 peek_offset;
	__le64 receive_timeout_us;
	__le64 send_timeout_us;
	__le64 linger_us;
	__le32 peer_pid;
	__le32 peer;
	__le32 peer_number;
	__le32 peer_status;
	__le32 mode;
	__le32 uid;
	__le32 gid;
	__le32 name_length;
	__le64 atime_s;
	__le64 mtime_s;
	__le32 atime_ns;
	__le32 mtime_ns;
	__le32 inode_mode;
	__le32 inode_uid;
	__le32 inode_gid;
	__le32 messages;
	__le32 busy_poll_us;
	__le32 busy_poll_budget;
	__le32 incoming_cpu;
	__le32 clock;
	__le64 pacing_rate;
	__le32 inode_flags;
	__le32 reserved;
};

/* It was closed, but something still refers to it: its name counts. */
#define CKPT_SOCKET_DEAD	(1U << 0)

/* It waits to be accepted. */
#define CKPT_SOCKET_WAITING	(1U << 1)

/* Connecting to its name leads to it. */
#define CKPT_SOCKET_FOUND	(1U << 2)

/* peer_number tells who is at the other end. */
#define CKPT_SOCKET_HAS_PEER_NUMBER	(1U << 3)

/* SOCK_STREAM. */
#define CKPT_SOCKET_STREAM	1U

/* SOCK_DGRAM. */
#define CKPT_SOCKET_DATAGRAM	2U

/* SOCK_SEQPACKET. */
#define CKPT_SOCKET_SEQUENCED	5U

/* Socket.state: connected, or, for datagrams, somebody's other end. */
#define CKPT_SOCKET_CONNECTED	1U

/* Socket.state: neither connected nor listening. */
#define CKPT_SOCKET_CLOSED	7U

/* Socket.state: listening. */
#define CKPT_SOCKET_LISTENS	10U

/* Longest name: a struct sockaddr_un, and a zero byte. */
#define CKPT_MAX_SOCKET_NAME	111U

/**
 * struct ckpt_socket_link - How a socket hangs together with others, which may
 *   come before it or behind it.
 * @socket: The struct ckpt_socket.
 * @peer: The struct ckpt_socket at its other end; or none.
 * @listener: The struct ckpt_socket by which it waits to be accepted; or none.
 *
 * Of connections that wait to be accepted, the struct ckpt_socket records come
 * in the order in which they will be.
 */
struct ckpt_socket_link {
	__le32 socket;
	__le32 peer;
	__le32 listener;
};

/**
 * struct ckpt_socket_filter - The filter of a socket (SO_ATTACH_FILTER).
 * @socket: The struct ckpt_socket.
 * @instructions: Instructions in the tail, at least one.
 *
 * The tail is its program, as setsockopt(2) took it.
 */
struct ckpt_socket_filter {
	__le32 socket;
	__le32 instructions;
};

/**
 * struct ckpt_socket_server - A datagram socket is connected to one outside,
 *   and is connected again to what has that name then.
 * @socket: The struct ckpt_socket.
 * @name_length: Bytes of the name.
 *
 * The tail is the name, as connect(2) takes it.
 */
struct ckpt_socket_server {
	__le32 socket;
	__le32 name_length;
};

/* Longest name that connect(2) takes: a struct sockaddr_un. */
#define CKPT_MAX_SERVER_NAME	110U

/**
 * struct ckpt_socket_message - A message, in the order in which they will be
 *   received.
 * @to: The struct ckpt_socket that it waits in.
 * @from: The struct ckpt_socket that has sent it.
 * @flags: Bits of CKPT_MESSAGE_*.
 * @charge: What counts against the room of the sender.
 * @pid: The struct ckpt_pid of the process that has sent it, if it is a member;
 *   or none.
 * @number: Its number, if it is no member.
 * @status: How it has ended, if it was reaped.
 * @uid: The user that has sent it.
 * @gid: The group.
 * @owner: To whom the files count while they are on their way.
 * @files: Files that come with it.
 * @reserved: Must be zero.
 * @stamp: When it was sent, in nanoseconds of CLOCK_REALTIME; or zero.
 *
 * The tail is its files, each the object of an struct ckpt_open_file, then its
 * bytes.
 */
struct ckpt_socket_message {
	__le32 to;
	__le32 from;
	__le32 flags;
	__le32 charge;
	__le32 pid;
	__le32 number;
	__le32 status;
	__le32 uid;
	__le32 gid;
	__le32 owner;
	__le32 files;
	__le32 reserved;
	__le64 stamp;
};

/* The byte that MSG_OOB was for. */
#define CKPT_MESSAGE_URGENT	(1U << 0)

/* The place of an urgent byte that has been read: reading stops there. */
#define CKPT_MESSAGE_CONSUMED	(1U << 1)

/* It says by whom it was sent (SCM_CREDENTIALS). */
#define CKPT_MESSAGE_HAS_SENDER	(1U << 2)

/* Most files that come with one. */
#define CKPT_MAX_MESSAGE_FILES	253U

/* Longest message. */
#define CKPT_MAX_MESSAGE	((8ULL * 1024ULL) * 1024ULL)

/* Inodes whose content the image carries, and that content. */

/**
 * struct ckpt_storage - One inode.
 * @id: The object that this record declares.
 * @form: What it is: one of CKPT_STORAGE_FORM_*.
 * @mode: File type and permissions, as stat(2) gives them.
 * @uid: Its owner.
 * @gid: Its group.
 * @seals: Seals of a memfd, as fcntl(F_GET_SEALS) gives them.
 * @flags: Bits of CKPT_STORAGE_*.
 * @page_shift: Size of its pages as a power of two, if they are huge
 *   (hugetlbfs); or zero.
 * @size: Size in bytes; need not be a multiple of the page size.
 * @atime_s: Time of the last access, seconds.
 * @mtime_s: Time of the last modification, seconds.
 * @atime_ns: Nanoseconds of the last access.
 * @mtime_ns: Nanoseconds of the last modification.
 * @inode_flags: What chattr(1) sets: FS_*_FL of the kernel's interface.
 * @links: How many names it had, where nothing outlives the kernel; or zero.
 *
 * Every open file of it, and so every area that maps it, refers to this record.
 * The tail is its name: a path from the root of the mount namespace, or what a
 * memfd is called.
 */
struct ckpt_storage {
	__le32 id;
	__le32 form;
	__le32 mode;
	__le32 uid;
	__le32 gid;
	__le32 seals;
	__le32 flags;
	__le32 page_shift;
	__le64 size;
	__le64 atime_s;
	__le64 mtime_s;
	__le32 atime_ns;
	__le32 mtime_ns;
	__le32 inode_flags;
	__le32 links;
};

/* Huge pages are not larger than this, as a power of two. */
#define CKPT_MAX_PAGE_SHIFT	40U

/* Shared anonymous memory. */
#define CKPT_STORAGE_FORM_SHARED_MEMORY	1U

/* memfd_create(2). */
#define CKPT_STORAGE_FORM_MEMFD	2U

/*
 * A file or directory that has no name any longer, or never had one
 * (O_TMPFILE).
 */
#define CKPT_STORAGE_FORM_REMOVED	3U

/*
 * A file on a file system that does not outlive the kernel. If it is still
 * there as it was, it is used, else made again. Of its open files some may have
 * been opened by names that are gone.
 */
#define CKPT_STORAGE_FORM_VOLATILE	4U

/*
 * A file that was opened by a name which it has lost, and that still has the
 * one in the tail; on a file system that outlives the kernel.
 */
#define CKPT_STORAGE_FORM_OTHER_NAME	5U

/*
 * System V shared memory; its name is "/SYSV" and the key that it was made
 * with. An struct ckpt_ipc_object tells the rest.
 */
#define CKPT_STORAGE_FORM_SEGMENT	6U

/* Shared memory that was mapped with MAP_NORESERVE. */
#define CKPT_STORAGE_NO_RESERVE	(1U << 0)

/* Without a name, and may be given one: O_TMPFILE without O_EXCL. */
#define CKPT_STORAGE_LINKABLE	(1U << 1)

/*
 * FS_FL_USER_MODIFIABLE, FS_NOCOMP_FL, FS_JOURNAL_DATA_FL, FS_NOCOW_FL,
 * FS_PROJINHERIT_FL.
 */
#define CKPT_INODE_FLAGS	0x2083c4ffU

/**
 * struct ckpt_storage_attribute - An extended attribute of a storage, or of a
 *   socket.
 * @storage: The struct ckpt_storage, or the struct ckpt_socket.
 * @name_length: Bytes of the name.
 * @value_length: Bytes of the value.
 * @flags: Bits of CKPT_ATTRIBUTE_*.
 *
 * The tail is its name, then its value.
 */
struct ckpt_storage_attribute {
	__le32 storage;
	__le32 name_length;
	__le32 value_length;
	__le32 flags;
};

/* Not of the socket itself: of the inode that its name leads to. */
#define CKPT_ATTRIBUTE_OF_NAME	(1U << 0)

/* Longest name of an extended attribute. */
#define CKPT_MAX_ATTRIBUTE_NAME	255U

/* Longest value of one. */
#define CKPT_MAX_ATTRIBUTE_VALUE	(64U * 1024U)

/* Most bytes of names and values that a storage has. */
#define CKPT_MAX_ATTRIBUTES	(1024U * 1024U)

/**
 * struct ckpt_content_pages - Pages of a storage with their contents.
 * @storage: The struct ckpt_storage.
 * @reserved: Must be zero.
 * @offset: Offset of the first in the file; ascending within a storage.
 *
 * The tail is a multiple of the page size; what lies beyond the end of the file
 * is zero.
 */
struct ckpt_content_pages {
	__le32 storage;
	__le32 reserved;
	__le64 offset;
};

/**
 * struct ckpt_content_zeros - Pages of a storage that take room and read as
 *   zero.
 * @storage: The struct ckpt_storage.
 * @flags: Bits of CKPT_CONTENT_*.
 * @offset: Offset of the first in the file; ascending within a storage.
 * @count: How many.
 *
 * What no record tells of is a hole. Where the storage is of huge pages, the
 * stretches that are promised come first, and need not be apart from the
 * others.
 */
struct ckpt_content_zeros {
	__le32 storage;
	__le32 flags;
	__le64 offset;
	__le64 count;
};

/*
 * Reserved with fallocate(2) and never written to; may lie beyond the end of
 * the file.
 */
#define CKPT_CONTENT_RESERVED	(1U << 0)

/*
 * Huge pages that are the file's, as mmap(2) reserves them, there or not; may
 * lie beyond its end.
 */
#define CKPT_CONTENT_PROMISED	(1U << 1)

/* Interrupted system calls that remember how to go on. */

/* clock_nanosleep, nanosleep. */
#define CKPT_RESUME_NANOSLEEP	1U

/* poll. */
#define CKPT_RESUME_POLL	2U

/* futex FUTEX_WAIT. */
#define CKPT_RESUME_FUTEX	3U

/* clock_nanosleep on an alarm clock. */
#define CKPT_RESUME_ALARM_NANOSLEEP	4U

/* clock_nanosleep on a CPU-time clock. */
#define CKPT_RESUME_CPU_NANOSLEEP	5U

/* rt_sigtimedwait. */
#define CKPT_RESUME_SIGTIMEDWAIT	6U

/* epoll_wait, or epoll_pwait without a mask. */
#define CKPT_RESUME_EPOLL_WAIT	7U

/* epoll_pwait, epoll_pwait2 with a mask. */
#define CKPT_RESUME_EPOLL_PWAIT	8U

/* semtimedop. */
#define CKPT_RESUME_SEMTIMEDOP	9U

/* io_getevents, or io_pgetevents without a mask. */
#define CKPT_RESUME_IO_GETEVENTS	10U

/* io_pgetevents with a mask. */
#define CKPT_RESUME_IO_PGETEVENTS	11U

/*
 * A call on a socket with SO_RCVTIMEO or SO_SNDTIMEO. It is made again;
 * restart_syscall(2) has no part in it.
 */
#define CKPT_RESUME_SOCKET	12U

/**
 * struct ckpt_interrupted_syscall - What the call needs to go on.
 * @task: The thread.
 * @what: One of CKPT_RESUME_*.
 * @clock: nanosleep: the clock that it sleeps on. Signed.
 * @flags: futex: operation flags, FUTEX_* of futex(2) (private, clock
 *   realtime).
 * @deadline_ns: When it ends, on the container's clock; nanoseconds. Signed.
 * @address: nanosleep: where to write what remains; poll: the array; futex: the
 *   word; sigtimedwait: where to write the siginfo; semtimedop: the operations;
 *   epoll_wait, io_getevents: the room for events; socket: the stack pointer of
 *   the call.
 * @value: futex: value expected; poll, semtimedop: entries in the array;
 *   epoll_wait, io_getevents: room in it.
 * @bitset: futex: bit set.
 * @options: Bits of CKPT_INTERRUPTED_*.
 * @least: io_getevents: events to wait for.
 * @object: epoll_wait: its descriptor; semtimedop: the semaphores' id;
 *   io_getevents: the context; socket: the instruction after the call.
 * @mask: sigtimedwait: signals that it waits for; epoll_pwait, io_pgetevents:
 *   signals blocked meanwhile.
 *
 * Which fields count depends on what; the others are zero.
 */
struct ckpt_interrupted_syscall {
	__le32 task;
	__le32 what;
	__le32 clock;
	__le32 flags;
	__le64 deadline_ns;
	__le64 address;
	__le32 value;
	__le32 bitset;
	__le32 options;
	__le32 least;
	__le64 object;
	__le64 mask;
};

/* deadline_ns counts; without it the call waits without limit. */
#define CKPT_INTERRUPTED_HAS_DEADLINE	(1U << 0)

/* nanosleep: the remainder is written as a native timespec. */
#define CKPT_INTERRUPTED_REMAINDER_NATIVE	(1U << 1)

/* nanosleep: the remainder is written as a 32-bit timespec. */
#define CKPT_INTERRUPTED_REMAINDER_COMPAT	(1U << 2)

/*
 * It was a 32-bit system call, and goes on through the restart_syscall(2) of
 * 32-bit programs.
 */
#define CKPT_INTERRUPTED_COMPAT	(1U << 3)

/* Pids, the forest, processes and threads. */

/* Most levels of pid namespaces (the kernel's limit). */
#define CKPT_MAX_PID_LEVELS	32U

/*
 * Most that a pid can be, and one more (the kernel's limit for kernel.pid_max).
 */
#define CKPT_PID_LIMIT	((4U * 1024U) * 1024U)

/**
 * struct ckpt_pid_space - A pid namespace: the container's own, which is the
 *   first of them, or one inside of it.
 * @id: The object that this record declares.
 * @parent: The one that it lies in; none: it is the container's own.
 * @most: kernel.pid_max.
 * @next: The number that the next new task gets, if it is free;
 *   kernel.ns_last_pid and one more.
 * @memfd_noexec: vm.memfd_noexec.
 * @flags: Bits of CKPT_PID_SPACE_*.
 *
 * Each has a first process, number 1, unless nobody is in it: then it is only
 * for children to come.
 */
struct ckpt_pid_space {
	__le32 id;
	__le32 parent;
	__le32 most;
	__le32 next;
	__le32 memfd_noexec;
	__le32 flags;
};

/* Its first process has ended: nobody comes into it any more. */
#define CKPT_PID_SPACE_CLOSED	(1U << 0)

/**
 * struct ckpt_pid - A process id.
 * @id: The object that this record declares.
 * @levels: Numbers in the tail, at least one.
 * @space: The struct ckpt_pid_space of the last number; none: the container's
 *   own.
 *
 * The tail is levels numbers (I32), the container's own level first.
 */
struct ckpt_pid {
	__le32 id;
	__le32 levels;
	__le32 space;
};

/**
 * struct ckpt_member - A task's place among the others.
 * @pid: Its struct ckpt_pid object.
 * @leader: Thread group leader; itself for a leader.
 * @parent: The very thread that made or adopted its process, or outside.
 * @group: Process group, a struct ckpt_pid object, or none: the restarter's. No
 *   member needs to have that pid: a group outlives its leader.
 * @session: Session, a struct ckpt_pid object, or none: the restarter's.
 * @exit_signal: Signal that its parent gets when its process ends; SIGCHLD, if
 *   the parent is outside. Signed.
 * @flags: Bits of CKPT_MEMBER_*.
 * @status: How it has ended, as wait(2) tells.
 * @space_of_children: The struct ckpt_pid_space that its children will be in
 *   (unshare(2), setns(2)); none: its own.
 *
 * The record's position among the members is its TaskId. The threads of a
 * process follow their leader; children come after all threads of their parent,
 * and those of one thread in the order in which wait(2) finds them. All threads
 * of a process have the same parent, group and session.
 */
struct ckpt_member {
	__le32 pid;
	__le32 leader;
	__le32 parent;
	__le32 group;
	__le32 session;
	__le32 exit_signal;
	__le32 flags;
	__le32 status;
	__le32 space_of_children;
};

/* The member leads its process group. */
#define CKPT_MEMBER_GROUP_LEADER	(1U << 0)

/* The member leads its session. */
#define CKPT_MEMBER_SESSION_LEADER	(1U << 1)

/*
 * The member has ended: it has no more than a struct ckpt_thread without
 * objects, struct ckpt_credentials and struct ckpt_usage, and what its process
 * has if other threads of it live.
 */
#define CKPT_MEMBER_ENDED	(1U << 2)

/**
 * struct ckpt_process - What a process has as a whole.
 * @task: The thread group leader.
 * @oom_score_adj: /proc/PID/oom_score_adj. Signed.
 * @oom_score_adj_min: Lowest value that an unprivileged writer may still set.
 *   Signed.
 * @flags: Bits of CKPT_PROCESS_*.
 * @start_boottime_ns: When it started, on the container's CLOCK_BOOTTIME.
 * @limits: Soft and hard limit of each resource, as getrlimit gives them.
 * @tracer: The member that may trace it, with its descendants
 *   (CKPT_PROCESS_TRACER); zero without.
 * @reserved: Zero.
 */
struct ckpt_process {
	__le32 task;
	__le32 oom_score_adj;
	__le32 oom_score_adj_min;
	__le32 flags;
	__le64 start_boottime_ns;
	struct ckpt_limit limits[CKPT_RESOURCES];
	__le32 tracer;
	__le32 reserved;
};

/* PR_SET_CHILD_SUBREAPER. */
#define CKPT_PROCESS_CHILD_SUBREAPER	(1U << 0)

/*
 * tracer and its descendants may trace it, whatever Yama's scope says
 * (PR_SET_PTRACER).
 */
#define CKPT_PROCESS_TRACER	(1U << 1)

/* Anybody may (PR_SET_PTRACER_ANY). */
#define CKPT_PROCESS_TRACER_ANY	(1U << 2)

/**
 * struct ckpt_thread - What a thread has for itself.
 * @task: The thread.
 * @address_space: Its struct ckpt_address_space.
 * @descriptors: Its struct ckpt_descriptor_table.
 * @directories: Its struct ckpt_directories.
 * @signal_actions: Its struct ckpt_signal_actions.
 * @personality: personality(2).
 * @comm: Name, zero padded (PR_SET_NAME).
 * @clear_child_tid: set_tid_address(2).
 * @set_child_tid: CLONE_CHILD_SETTID address, as the kernel remembers it.
 * @robust_list: set_robust_list(2).
 * @rseq: rseq(2): address of the area, or zero.
 * @rseq_length: rseq(2): registered length.
 * @rseq_signature: rseq(2): signature before abort handlers.
 * @rseq_flags: rseq(2): bits of CKPT_RSEQ_*.
 * @altstack_flags: sigaltstack(2): flags.
 * @altstack_base: sigaltstack(2): address.
 * @altstack_size: sigaltstack(2): size.
 * @blocked: Blocked signals.
 * @saved_blocked: Mask to put back when an interrupted sigsuspend, ppoll,
 *   pselect or epoll_pwait ends.
 * @flags: Bits of CKPT_THREAD_*.
 * @parent_death_signal: PR_SET_PDEATHSIG.
 * @timer_slack_ns: PR_SET_TIMERSLACK, nanoseconds.
 * @default_timer_slack_ns: The value that PR_SET_TIMERSLACK 0 goes back to.
 * @compat_robust_list: set_robust_list(2) by a 32-bit system call.
 * @io_context: The first thread that has the same I/O context (CLONE_IO):
 *   itself, unless it shares one.
 * @vfork_child: The thread behind this one whose execve(2) or end it waits for,
 *   in the middle of vfork(2); its registers are those of that call. Zero: it
 *   does not wait.
 * @undo_list: The list of what System V semaphores get back when the last
 *   thread that shares it ends (CLONE_SYSVSEM): the place of the first thread
 *   with this number, and one. Zero: none.
 * @reserved: Must be zero.
 */
struct ckpt_thread {
	__le32 task;
	__le32 address_space;
	__le32 descriptors;
	__le32 directories;
	__le32 signal_actions;
	__le32 personality;
	__u8 comm[16];
	__le64 clear_child_tid;
	__le64 set_child_tid;
	__le64 robust_list;
	__le64 rseq;
	__le32 rseq_length;
	__le32 rseq_signature;
	__le32 rseq_flags;
	__le32 altstack_flags;
	__le64 altstack_base;
	__le64 altstack_size;
	__le64 blocked;
	__le64 saved_blocked;
	__le32 flags;
	__le32 parent_death_signal;
	__le64 timer_slack_ns;
	__le64 default_timer_slack_ns;
	__le64 compat_robust_list;
	__le32 io_context;
	__le32 vfork_child;
	__le32 undo_list;
	__le32 reserved;
};

/* saved_blocked counts. */
#define CKPT_THREAD_RESTORE_BLOCKED	(1U << 0)

/* PR_SET_NO_NEW_PRIVS. */
#define CKPT_THREAD_NO_NEW_PRIVS	(1U << 1)

/* PR_SET_DUMPABLE 1. */
#define CKPT_THREAD_DUMPABLE	(1U << 2)

/* Dumpable by root only (fs.suid_dumpable 2). */
#define CKPT_THREAD_DUMPABLE_ROOT	(1U << 3)

/*
 * The task was forked and has not called execve (PF_FORKNOEXEC, accounting's
 * AFORK).
 */
#define CKPT_THREAD_FORKED_NO_EXEC	(1U << 4)

/* The time slice extension is enabled. */
#define CKPT_RSEQ_SLICE_ENABLED	(1U << 0)

/**
 * struct ckpt_scheduling - nice, policy, affinity.
 * @task: The thread.
 * @policy: SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR,
 *   SCHED_DEADLINE.
 * @flags: Flags of struct sched_attr.
 * @nice: nice(2). Signed.
 * @priority: Real-time priority.
 * @io_priority: ioprio_set(2).
 * @reserved: Must be zero.
 * @runtime_ns: sched_setattr(2): slice, zero for the default; of
 *   SCHED_DEADLINE: runtime.
 * @deadline_ns: SCHED_DEADLINE: relative deadline.
 * @period_ns: SCHED_DEADLINE: period.
 * @least_utilisation: sched_setattr(2): least utilisation that it is taken for,
 *   if flags say so.
 * @most_utilisation: The same, most.
 * @granted_length: Bytes of the tail that are the mask it got; zero: it got all
 *   that it asked for.
 * @later_slice_ns: Of SCHED_DEADLINE: the slice that it will have under an
 *   ordinary policy, zero for the default.
 *
 * The tail is the mask of CPUs that it asked for, bit n of byte n/8 for CPU n,
 * and after it the mask that it got; empty: any CPU.
 */
struct ckpt_scheduling {
	__le32 task;
	__le32 policy;
	__le64 flags;
	__le32 nice;
	__le32 priority;
	__le16 io_priority;
	__le16 reserved[3];
	__le64 runtime_ns;
	__le64 deadline_ns;
	__le64 period_ns;
	__le32 least_utilisation;
	__le32 most_utilisation;
	__le32 granted_length;
	__le32 later_slice_ns;
};

/* Largest tail of a struct ckpt_scheduling record: two masks of 8192 CPUs. */
#define CKPT_MAX_AFFINITY	2048ULL

/*
 * Pseudo terminals: pairs with both sides inside, and whom they control; and
 * those that control sessions inside and whose master is outside.
 */

/**
 * struct ckpt_terminal_place - The devpts that the pairs of the container lie
 *   in.
 * @flags: Bits of CKPT_PLACE_*.
 * @uid: Mount option uid, with CKPT_PLACE_UID.
 * @gid: Mount option gid, with CKPT_PLACE_GID.
 * @mode: Mount option mode.
 * @ptmx_mode: Mount option ptmxmode.
 * @most: Mount option max.
 *
 * The tail is where it is mounted. Whoever gives the container mounts of its
 * own mounts a new one there, in which every number is free.
 */
struct ckpt_terminal_place {
	__le32 flags;
	__le32 uid;
	__le32 gid;
	__le32 mode;
	__le32 ptmx_mode;
	__le32 most;
};

/* New pairs belong to a certain user. */
#define CKPT_PLACE_UID	(1U << 0)

/* New pairs belong to a certain group. */
#define CKPT_PLACE_GID	(1U << 1)

/*
 * There are pairs with CKPT_TERMINAL_RELAYED: who restarts needs a terminal to
 * relay them to.
 */
#define CKPT_PLACE_RELAYED	(1U << 2)

/* One more than the highest number that a pair can have. */
#define CKPT_MAX_TERMINALS	(1U << 20)

/**
 * struct ckpt_terminal - A pair.
 * @id: The object that this record declares.
 * @number: Its number: the slave is /dev/pts/ and this.
 * @flags: Bits of CKPT_TERMINAL_*.
 * @packet_status: What a read in packet mode gets next; zero: what was written.
 * @session: The struct ckpt_pid of the session that the slave controls, or
 *   none.
 * @group: The struct ckpt_pid of the group in the foreground, with a session;
 *   none: nobody is in it any more.
 * @mode: Permissions of the slave.
 * @uid: Its owner.
 * @gid: Its group.
 * @group_number: The number of a group in the foreground that nobody is in;
 *   else zero.
 * @atime_s: When it was read from last, seconds.
 * @mtime_s: When it was written to last, seconds.
 * @atime_ns: Nanoseconds of the first.
 * @mtime_ns: Nanoseconds of the second.
 *
 * Every open file of either side refers to this record. The tail is the path of
 * the device that opening made it (/dev/ptmx).
 */
struct ckpt_terminal {
	__le32 id;
	__le32 number;
	__le32 flags;
	__le32 packet_status;
	__le32 session;
	__le32 group;
	__le32 mode;
	__le32 uid;
	__le32 gid;
	__le32 group_number;
	__le64 atime_s;
	__le64 mtime_s;
	__le32 atime_ns;
	__le32 mtime_ns;
};

/* Packet mode (TIOCPKT). */
#define CKPT_TERMINAL_PACKET	(1U << 0)

/* The slave was hung up, and not opened again. */
#define CKPT_TERMINAL_HUNG_UP	(1U << 1)

/* The master is closed, and the slave hung up therefore. */
#define CKPT_TERMINAL_ABANDONED	(1U << 2)

/*
 * The master is outside, and nothing of it is saved: that of a new pair is
 * given to who restarts.
 */
#define CKPT_TERMINAL_RELAYED	(1U << 3)

/* Bytes that one side can have ready to be read, or to be echoed. */
#define CKPT_TERMINAL_QUEUE	4096U

/* Special characters of a terminal. */
#define CKPT_SPECIAL_CHARACTERS	19

/**
 * struct ckpt_terminal_side - One side of a pair.
 * @terminal: The struct ckpt_terminal.
 * @side: One of CKPT_WHICH_*.
 * @flags: Bits of CKPT_SIDE_*.
 * @input_modes: Input modes, as tcgetattr(3) gives them; likewise what follows.
 * @output_modes: Output modes.
 * @control_modes: Control modes.
 * @local_modes: Local modes.
 * @input_speed: Speed of input.
 * @output_speed: Speed of output.
 * @locked_input_modes: Input modes that are locked (TIOCSLCKTRMIOS); likewise
 *   what follows.
 * @locked_output_modes: Output modes that are locked.
 * @locked_control_modes: Control modes that are locked.
 * @locked_local_modes: Local modes that are locked.
 * @characters: Special characters.
 * @locked_characters: Those that are locked: not zero.
 * @locked_line: Whether the discipline is locked.
 * @reserved: Must be zero.
 * @rows: Size of the window: rows.
 * @columns: Columns of the window.
 * @width: Its width in pixels.
 * @height: Its height in pixels.
 * @read_count: Bytes to be read.
 * @canon_count: Of these, up to the end of the last line (ICANON).
 * @commit_count: Of these, to be had without ICANON.
 * @echo_count: Bytes to be echoed.
 * @echo_commit: Of these, to be written at the next occasion.
 * @echo_mark: Of these, up to the last mark.
 * @column: Where output stands.
 * @canon_column: Where the line that is being edited began.
 * @lookahead: Bytes of the buffers in which flow control has been looked for.
 *
 * The tail: bytes to be read; one bit for each of them, whether it ends a line,
 * the first in the lowest bit of a byte; what is to be echoed, as N_TTY keeps
 * it.
 */
struct ckpt_terminal_side {
	__le32 terminal;
	__le32 side;
	__le32 flags;
	__le32 input_modes;
	__le32 output_modes;
	__le32 control_modes;
	__le32 local_modes;
	__le32 input_speed;
	__le32 output_speed;
	__le32 locked_input_modes;
	__le32 locked_output_modes;
	__le32 locked_control_modes;
	__le32 locked_local_modes;
	__u8 characters[CKPT_SPECIAL_CHARACTERS];
	__u8 locked_characters[CKPT_SPECIAL_CHARACTERS];
	__u8 locked_line;
	__u8 reserved[1];
	__le16 rows;
	__le16 columns;
	__le16 width;
	__le16 height;
	__le32 read_count;
	__le32 canon_count;
	__le32 commit_count;
	__le32 echo_count;
	__le32 echo_commit;
	__le32 echo_mark;
	__le32 column;
	__le32 canon_column;
	__le32 lookahead;
};

/* side of the one that /dev/ptmx gives. */
#define CKPT_WHICH_MASTER	1U

/* side of the one that programs have as their terminal. */
#define CKPT_WHICH_SLAVE	2U

/* The other side is told when there is room again. */
#define CKPT_SIDE_THROTTLED	(1U << 0)

/* Calls fail, until it is opened again. */
#define CKPT_SIDE_IO_ERROR	(1U << 1)

/* The other side was open, and is not. */
#define CKPT_SIDE_OTHER_CLOSED	(1U << 2)

/* Nobody may open it (TIOCEXCL). */
#define CKPT_SIDE_EXCLUSIVE	(1U << 3)

/* Whoever wants signals gets one when there is room. */
#define CKPT_SIDE_WAKEUP	(1U << 4)

/* Of a master: the slave cannot be opened (TIOCSPTLCK). */
#define CKPT_SIDE_LOCKED	(1U << 5)

/* Output is stopped (IXON). */
#define CKPT_SIDE_STOPPED	(1U << 6)

/* Output is stopped (TCOOFF). */
#define CKPT_SIDE_TCO_STOPPED	(1U << 7)

/* More is in the buffers than there was room for. */
#define CKPT_SIDE_NO_ROOM	(1U << 8)

/* The next character is taken literally (VLNEXT). */
#define CKPT_SIDE_LITERAL	(1U << 9)

/* Characters are being erased (ECHOPRT). */
#define CKPT_SIDE_ERASING	(1U << 10)

/* The last line ends where ICANON was set, not with a character. */
#define CKPT_SIDE_PUSH	(1U << 11)

/**
 * struct ckpt_terminal_buffer - A buffer of what one side has still to take in,
 *   as writing to the other has left it.
 * @terminal: The struct ckpt_terminal.
 * @side: The side that is to read it: one of CKPT_WHICH_*.
 * @size: Bytes that it counts for.
 * @read: Bytes that were in it and have been taken.
 * @lookahead: Bytes in which flow control has been looked for.
 * @used: Bytes that have been put into it.
 *
 * The tail is what was not taken yet.
 */
struct ckpt_terminal_buffer {
	__le32 terminal;
	__le32 side;
	__le32 size;
	__le32 read;
	__le32 lookahead;
	__le32 used;
};

/* Largest size. */
#define CKPT_MAX_TERMINAL_BUFFER	4096U

/**
 * struct ckpt_controlling_terminal - What controls a process: of one that is in
 *   a session of the container.
 * @task: The task: the leader of its process.
 * @terminal: Its struct ckpt_terminal, or none.
 * @old_group: Of the leader of a session whose terminal has gone: the struct
 *   ckpt_pid of the group that was in the foreground, and hears of the end of
 *   this process; or none.
 */
struct ckpt_controlling_terminal {
	__le32 task;
	__le32 terminal;
	__le32 old_group;
};

/*
 * Interval timers and POSIX timers.
 *
 * An expiry is a time on the clock that the timer counts on, which is the
 * container's own: so it needs no correction for the time that an image lay
 * about. CPU-time clocks go on from the struct ckpt_usage of the process.
 */

/**
 * struct ckpt_interval_timer - An interval timer.
 * @task: The process.
 * @which: ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF.
 * @expires_ns: When it fires, or has fired: on CLOCK_MONOTONIC, on the user
 *   time of the process, on its user and system time. Zero: it is not set.
 * @interval_ns: What it is set to again then; zero: once.
 * @flags: Bits of CKPT_INTERVAL_TIMER_*.
 * @reserved: Must be zero.
 */
struct ckpt_interval_timer {
	__le32 task;
	__le32 which;
	__le64 expires_ns;
	__le64 interval_ns;
	__le32 flags;
	__le32 reserved;
};

/* ITIMER_REAL has fired, and is set again when a SIGALRM is taken. */
#define CKPT_INTERVAL_TIMER_FIRED	(1U << 0)

/**
 * struct ckpt_posix_timers - What the POSIX timers of a process have in common.
 * @task: The process.
 * @next_id: The id that the next timer gets, if it is free.
 * @flags: Bits of CKPT_POSIX_TIMERS_*.
 * @reserved: Must be zero.
 *
 * Without this record there are none, and never were.
 */
struct ckpt_posix_timers {
	__le32 task;
	__le32 next_id;
	__le32 flags;
	__le32 reserved;
};

/* PR_TIMER_CREATE_RESTORE_IDS. */
#define CKPT_POSIX_TIMERS_CHOSEN_IDS	(1U << 0)

/**
 * struct ckpt_posix_timer - A POSIX timer.
 * @task: The process.
 * @id: Its id.
 * @clock: The clock, as timer_create takes it; a CPU-time clock without the
 *   process id in it. Signed.
 * @clock_task: The process or thread whose time a CPU-time clock counts; of
 *   another clock: outside.
 * @notify: SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID.
 * @signal: The signal; with SIGEV_NONE any number. Signed.
 * @target: Who gets it: the process, or with SIGEV_THREAD_ID the thread.
 * @flags: Bits of CKPT_POSIX_TIMER_*.
 * @value: sigev_value.
 * @expires_ns: When it expires, or has expired. Signed.
 * @interval_ns: What it is set to again then; zero: once.
 * @overruns: Expiries that its next signal will have missed, less one. Signed.
 * @last_overruns: timer_getoverrun(2). Signed.
 *
 * Older ones come first.
 */
struct ckpt_posix_timer {
	__le32 task;
	__le32 id;
	__le32 clock;
	__le32 clock_task;
	__le32 notify;
	__le32 signal;
	__le32 target;
	__le32 flags;
	__le64 value;
	__le64 expires_ns;
	__le64 interval_ns;
	__le64 overruns;
	__le64 last_overruns;
};

/*
 * It counts down. (With SIGEV_NONE nothing happens then; only timer_gettime
 * tells.)
 */
#define CKPT_POSIX_TIMER_ARMED	(1U << 0)

/* It has expired and is set again when its signal is taken. */
#define CKPT_POSIX_TIMER_WAITING	(1U << 1)

/*
 * CLOCK_REALTIME: set to a time from then on, so it counts on CLOCK_MONOTONIC.
 */
#define CKPT_POSIX_TIMER_RELATIVE	(1U << 2)

/*
 * A CPU-time clock that was given by its task's number, not as that of whoever
 * asks.
 */
#define CKPT_POSIX_TIMER_NAMES_TASK	(1U << 3)

/* What tasks have used: CPU time, faults, switches, input and output. */

/**
 * struct ckpt_usage - What somebody has used so far.
 * @task: The thread; of a whole process its leader.
 * @whose: One of CKPT_USAGE_*.
 * @start_boottime_ns: CKPT_USAGE_THREAD: when it started, on the container's
 *   CLOCK_BOOTTIME.
 * @start_monotonic_ns: CKPT_USAGE_THREAD: the same moment on its
 *   CLOCK_MONOTONIC.
 * @user_ns: Time in user space, as the clock tick saw it.
 * @system_ns: Time in the kernel, as the clock tick saw it.
 * @guest_ns: Part of user_ns: virtual machines.
 * @runtime_ns: Time on a CPU, as the scheduler counted it.
 * @told_user_ns: The user time that was told last: it never falls.
 *   CKPT_USAGE_ENDED: of the whole process.
 * @told_system_ns: The system time that was told last; likewise.
 * @minor_faults: Page faults without input or output.
 * @major_faults: Page faults that had to wait for it.
 * @voluntary_switches: Times that it slept.
 * @involuntary_switches: Times that another was given the CPU.
 * @blocks_in: getrusage(2): blocks of 512 bytes read. (Those of a living thread
 *   follow from read_bytes.)
 * @blocks_out: getrusage(2): blocks written.
 * @peak_bytes: Most memory that was resident at once.
 * @read_chars: /proc/PID/io: rchar.
 * @write_chars: /proc/PID/io: wchar.
 * @read_calls: /proc/PID/io: syscr.
 * @write_calls: /proc/PID/io: syscw.
 * @read_bytes: /proc/PID/io: read_bytes.
 * @write_bytes: /proc/PID/io: write_bytes.
 * @cancelled_bytes: /proc/PID/io: cancelled_write_bytes.
 * @waited_ns: /proc/PID/schedstat: time that it could have run, but waited for
 *   a CPU.
 * @slices: /proc/PID/schedstat: times that it was given one.
 * @peak_space_bytes: CKPT_USAGE_THREAD: most address space that was mapped at
 *   once.
 *
 * What is not counted for them is zero.
 */
struct ckpt_usage {
	__le32 task;
	__le32 whose;
	__le64 start_boottime_ns;
	__le64 start_monotonic_ns;
	__le64 user_ns;
	__le64 system_ns;
	__le64 guest_ns;
	__le64 runtime_ns;
	__le64 told_user_ns;
	__le64 told_system_ns;
	__le64 minor_faults;
	__le64 major_faults;
	__le64 voluntary_switches;
	__le64 involuntary_switches;
	__le64 blocks_in;
	__le64 blocks_out;
	__le64 peak_bytes;
	__le64 read_chars;
	__le64 write_chars;
	__le64 read_calls;
	__le64 write_calls;
	__le64 read_bytes;
	__le64 write_bytes;
	__le64 cancelled_bytes;
	__le64 waited_ns;
	__le64 slices;
	__le64 peak_space_bytes;
};

/* A thread's own. */
#define CKPT_USAGE_THREAD	1U

/* Of threads of the process that have ended. */
#define CKPT_USAGE_ENDED	2U

/* Of children that it has waited for. */
#define CKPT_USAGE_CHILDREN	3U

/* Longest time, also of all threads of a process together. Seventy years. */
#define CKPT_LONGEST	(1ULL << 61)

/* Who watches files: inotify. */

/**
 * struct ckpt_watcher - An inotify instance.
 * @id: The object that this record declares.
 * @next: The watch descriptor that it tries next.
 * @room: Most events that it queues.
 *
 * One struct ckpt_open_file refers to it.
 */
struct ckpt_watcher {
	__le32 id;
	__le32 next;
	__le32 room;
};

/**
 * struct ckpt_watch - What an instance watches.
 * @watcher: The struct ckpt_watcher.
 * @file: An struct ckpt_open_file of what is watched; none: the path leads
 *   there.
 * @number: The watch descriptor.
 * @mask: As inotify_add_watch(2) takes it.
 * @inode: Its number in its file system.
 *
 * In the order of their descriptors. The tail is the path of it, if no open
 * file leads there.
 */
struct ckpt_watch {
	__le32 watcher;
	__le32 file;
	__le32 number;
	__le32 mask;
	__le64 inode;
};

/**
 * struct ckpt_watch_event - One event that was not read so far, in their order.
 * @watcher: The struct ckpt_watcher.
 * @number: The watch descriptor. Signed.
 * @mask: What has happened, as the kernel keeps it.
 * @cookie: What belongs together.
 *
 * The tail is the name that belongs to it.
 */
struct ckpt_watch_event {
	__le32 watcher;
	__le32 number;
	__le32 mask;
	__le32 cookie;
};

/* What may be asked for: all events, IN_EXCL_UNLINK, IN_ONESHOT. */
#define CKPT_WATCH_MASK	0x84000fffU

/* Longest name of an event. */
#define CKPT_MAX_EVENT_NAME	1024ULL

#endif /* _UAPI_LINUX_CHECKPOINT_H */
