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
 */
struct checkpoint_args {
	__u64 flags;
	__s32 cgroup_fd;
	__s32 image_fd;
	__s32 log_fd;
	__u32 reserved;
	__u64 stats;
	__u64 stats_size;
};

/* Look for obstacles only; write no image. */
#define CHECKPOINT_CHECK	(1ULL << 0)

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
};

/**
 * struct restart_args - Arguments of restart(2).
 * @role: One of CKPT_ROLE_*.
 * @flags: Bits of RESTART_*; only for CKPT_ROLE_RUN.
 * @session_fd: The session; for every role but CKPT_ROLE_OPEN.
 * @cgroup_fd: CKPT_ROLE_OPEN: the cgroup that the tasks are or will be in.
 * @image_fd: CKPT_ROLE_RUN: the image, positioned after the prefix.
 * @log_fd: CKPT_ROLE_RUN: where struct ckpt_log_records go, or -1.
 * @task: CKPT_ROLE_JOIN, CKPT_ROLE_PLACEHOLDER: which member of the forest the
 *   caller becomes.
 * @reserved: Must be zero.
 * @prefix: CKPT_ROLE_RUN: address of the part of the image that was read
 *   already.
 * @prefix_size: Its size.
 * @stats: CKPT_ROLE_RUN: address of a struct restart_stats to fill, or zero.
 * @stats_size: Its size.
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
};

/* Opens a session; returns its file descriptor (close-on-exec). */
#define CKPT_ROLE_OPEN	1U

/*
 * The caller becomes a task of the container: parks, and leaves as the task
 * that was saved.
 */
#define CKPT_ROLE_JOIN	2U

/* The caller only holds a pid and ends when the others run. */
#define CKPT_ROLE_PLACEHOLDER	3U

/* Reads the image, builds everything, and lets the tasks go. */
#define CKPT_ROLE_RUN	4U

/* Leave the container frozen. */
#define RESTART_FROZEN	(1U << 0)

/* Pids need not be the saved ones. */
#define RESTART_NEW_PIDS	(1U << 1)

/* Read and verify everything, then end the tasks: nothing runs. */
#define RESTART_VERIFY	(1U << 2)

/**
 * struct restart_stats - What restart(2) did, for --stats.
 * @join_ns: Time until every member had joined.
 * @build_ns: Time to read the stream and build from it.
 * @commit_ns: Time from the last byte until the tasks were let go.
 * @tasks: Tasks (threads) restored.
 * @records: Records read.
 * @bytes: Bytes read.
 * @pages: Pages filled.
 */
struct restart_stats {
	__u64 join_ns;
	__u64 build_ns;
	__u64 commit_ns;
	__u64 tasks;
	__u64 records;
	__u64 bytes;
	__u64 pages;
};

/* Bytes of text in a struct ckpt_log_record. */
#define CKPT_LOG_NAME	192

/**
 * struct ckpt_log_record - One line for the user, still as data: reason makes a
 *   sentence of it.
 * @size: Bytes of this record; a reader skips what it does not know.
 * @reason: A number of enum ckpt_reason.
 * @error: The error, positive as in <errno.h>, or zero for a remark.
 * @task: Pid in the namespace of the caller; zero: no task.
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
	/* One area of an address space. */
	CKPT_KIND_AREA = 0x20,
	/* One descriptor of a table. */
	CKPT_KIND_DESCRIPTOR = 0x21,
	/* What a process has as a whole: limits, ids of sharing, accounting. */
	CKPT_KIND_PROCESS = 0x30,
	/* What every thread has for itself, and the objects that it uses. */
	CKPT_KIND_THREAD = 0x31,
	/* User and group ids, capabilities, supplementary groups. */
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
 */
struct ckpt_registers_x86_64 {
	__le32 task;
	__le32 flags;
	__le64 registers[CKPT_REGISTERS];
	struct ckpt_tls_segment tls[CKPT_TLS_ENTRIES];
};

/* PR_SET_TSC PR_TSC_SIGSEGV. */
#define CKPT_X86_NO_TSC	(1U << 0)

/* ARCH_SET_CPUID 0. */
#define CKPT_X86_NO_CPUID	(1U << 1)

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

/* User and group ids, capabilities. */

/* NGROUPS_MAX. */
#define CKPT_MAX_GROUPS	65536U

/**
 * struct ckpt_credentials - Who a thread is.
 * @task: The thread.
 * @uid: Real user id.
 * @euid: Effective user id.
 * @suid: Saved user id.
 * @fsuid: File system user id.
 * @gid: Real group id.
 * @egid: Effective group id.
 * @sgid: Saved group id.
 * @fsgid: File system group id.
 * @securebits: PR_SET_SECUREBITS.
 * @inheritable: Inheritable capabilities.
 * @permitted: Permitted capabilities.
 * @effective: Effective capabilities.
 * @bounding: Bounding set.
 * @ambient: Ambient capabilities.
 * @groups: Supplementary groups in the tail.
 * @login_uid: audit login uid, all-ones if unset.
 * @audit_session: audit session, all-ones if unset.
 * @reserved: Must be zero.
 *
 * Ids are those of its user namespace. The tail is groups ids (U32).
 */
struct ckpt_credentials {
	__le32 task;
	__le32 uid;
	__le32 euid;
	__le32 suid;
	__le32 fsuid;
	__le32 gid;
	__le32 egid;
	__le32 sgid;
	__le32 fsgid;
	__le32 securebits;
	__le64 inheritable;
	__le64 permitted;
	__le64 effective;
	__le64 bounding;
	__le64 ambient;
	__le32 groups;
	__le32 login_uid;
	__le32 audit_session;
	__le32 reserved;
};

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
	__le32 reserved;
};

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
 * @file: The struct ckpt_open_file (or another kind of file) behind it.
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
 *
 * The tail is the root's path, then the working directory's.
 */
struct ckpt_directories {
	__le32 id;
	__le32 umask;
	__le32 root_length;
	__le32 cwd_length;
};

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
};

/**
 * struct ckpt_machine_x86_64 - What the registers need of a machine.
 * @xfeatures: Extended state components in use on the writer (bits of XCR0).
 * @xstate_size: Bytes of a thread's extended state in the layout of XSAVE.
 * @flags: Bits of CKPT_MACHINE_*.
 * @hwcap: AT_HWCAP.
 * @hwcap2: AT_HWCAP2.
 * @reserved: Must be zero.
 */
struct ckpt_machine_x86_64 {
	__le64 xfeatures;
	__le32 xstate_size;
	__le32 flags;
	__le64 hwcap;
	__le64 hwcap2;
	__le64 reserved;
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
 */
struct ckpt_end {
	__le64 records;
	__le64 bytes;
	__le32 objects;
	__le32 reserved;
	__le64 pages;
	__le64 zero_pages;
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
 * @reserved: Must be zero.
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
	__le32 reserved;
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
 * @reserved: Must be zero.
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
	__le32 reserved;
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

/* Most pages in one struct ckpt_pages record. */
#define CKPT_MAX_RUN	512ULL

/**
 * struct ckpt_pages - Pages with their contents.
 * @space: The struct ckpt_address_space.
 * @reserved: Must be zero.
 * @address: Address of the first; ascending within an address space.
 *
 * The tail is a multiple of the page size.
 */
struct ckpt_pages {
	__le32 space;
	__le32 reserved;
	__le64 address;
};

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
	 * tasks in the cgroup below it, {name} (move them into the one cgroup)
	 */
	CKPT_REASON_DESCENDANT_TASKS = 7,
	/* {value} tasks are more than an image can hold */
	CKPT_REASON_TOO_MANY_TASKS = 8,
	/*
	 * writing the image failed (look whether the file system is full or the
	 * reader has gone)
	 */
	CKPT_REASON_SINK_FAILED = 9,
	/*
	 * the description of the container needs more than {value} bytes of
	 * kernel memory
	 */
	CKPT_REASON_CAPTURE_TOO_LARGE = 10,
	/* the kernel is out of memory */
	CKPT_REASON_OUT_OF_MEMORY = 11,
	/*
	 * the cgroup was thawed or a task in it was killed meanwhile (try
	 * again)
	 */
	CKPT_REASON_THAWED = 12,
	/*
	 * the caller may not trace it (run as the owner of the task or as root)
	 */
	CKPT_REASON_TASK_ACCESS = 20,
	/* it is being traced (detach the debugger) */
	CKPT_REASON_TASK_TRACED = 21,
	/* it is a kernel thread or an io_uring worker */
	CKPT_REASON_TASK_KERNEL = 22,
	/*
	 * it waits for a vfork child (try again when the child has called
	 * execve)
	 */
	CKPT_REASON_TASK_VFORK = 23,
	/* the cgroup holds {value} tasks; only one can be saved yet */
	CKPT_REASON_TASK_MANY = 24,
	/* the process has {value} threads; only one can be saved yet */
	CKPT_REASON_TASK_THREADS = 25,
	/* it is dying or dead (reap it, or try again) */
	CKPT_REASON_TASK_DYING = 26,
	/* it is stopped by job control (send it SIGCONT first) */
	CKPT_REASON_TASK_STOPPED = 27,
	/* it did not come to rest (try again) */
	CKPT_REASON_TASK_NOT_QUIET = 28,
	/*
	 * it shares its {name} with a task outside (move that task into the
	 * cgroup too)
	 */
	CKPT_REASON_TASK_SHARED_OUTSIDE = 29,
	/* it is in a {name} namespace of its own */
	CKPT_REASON_TASK_NAMESPACE = 30,
	/* it runs {name} code */
	CKPT_REASON_TASK_MODE = 31,
	/* it uses {name}, which cannot be saved yet */
	CKPT_REASON_TASK_FEATURE = 32,
	/*
	 * it has a child or thread outside the cgroup, task {value} (move that
	 * task into the cgroup too)
	 */
	CKPT_REASON_TASK_CHILDREN = 33,
	/* its session has a controlling terminal (start it with setsid) */
	CKPT_REASON_TASK_TERMINAL = 34,
	/*
	 * signal {value} is queued for it, of a kind that cannot be saved yet
	 */
	CKPT_REASON_TASK_SIGNAL_PENDING = 35,
	/* its scheduling policy {value} cannot be saved */
	CKPT_REASON_TASK_SCHEDULING = 36,
	/* it is inside a system call that cannot be saved: {name} */
	CKPT_REASON_TASK_SYSCALL = 37,
	/* it has a user or group id that has no number in its user namespace */
	CKPT_REASON_TASK_IDS = 38,
	/* its registers cannot be saved: {name} */
	CKPT_REASON_TASK_REGISTERS = 39,
	/* {name} is not supported (close it before the checkpoint) */
	CKPT_REASON_FILE_KIND = 50,
	/* {name} has been removed or renamed over */
	CKPT_REASON_FILE_REMOVED = 51,
	/* its path cannot be reached from the root of the mount namespace */
	CKPT_REASON_FILE_UNREACHABLE = 52,
	/* {name} now leads to another file */
	CKPT_REASON_FILE_PATH = 53,
	/* {name} is open with flags {value} that cannot be restored */
	CKPT_REASON_FILE_FLAGS = 54,
	/* there is a lock or lease on {name} */
	CKPT_REASON_FILE_LOCK = 55,
	/* {name} sends signals (F_SETOWN, O_ASYNC) */
	CKPT_REASON_FILE_OWNER = 56,
	/*
	 * {name} is also open in task {value}, which is outside (close it
	 * there, or move that task into the cgroup too)
	 */
	CKPT_REASON_FILE_SHARED_OUTSIDE = 57,
	/* {name} is being watched (inotify, fanotify) */
	CKPT_REASON_FILE_WATCHED = 58,
	/* memory of this kind is not supported: {name} */
	CKPT_REASON_AREA_KIND = 70,
	/* memory with kernel flags {value} is not supported */
	CKPT_REASON_AREA_FLAGS = 71,
	/* the file mapped there has been removed: {name} */
	CKPT_REASON_AREA_FILE = 72,
	/* the page cannot be read */
	CKPT_REASON_PAGE_UNREADABLE = 73,
	/* its address space uses {name}, which cannot be saved yet */
	CKPT_REASON_ADDRESS_SPACE_FEATURE = 74,
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
	/* there are {value} unread bytes in the prefix */
	CKPT_REASON_IMAGE_TRAILING = 109,
	/* the image is of another architecture ({value}) */
	CKPT_REASON_MACHINE_ARCHITECTURE = 120,
	/*
	 * this CPU lacks {name}, which the image needs (restart it on a machine
	 * that has it)
	 */
	CKPT_REASON_MACHINE_FEATURES = 121,
	/* the image has pages of {value} bytes */
	CKPT_REASON_MACHINE_PAGE_SIZE = 122,
	/*
	 * the kernel's vdso differs from the one in the image (restart it on
	 * the kernel that it was saved on, or convert it)
	 */
	CKPT_REASON_MACHINE_VDSO = 123,
	/* the session is over */
	CKPT_REASON_SESSION_CLOSED = 140,
	/* the caller has no place in this session: {name} */
	CKPT_REASON_SESSION_ROLE = 141,
	/* task {value} of the forest has not joined */
	CKPT_REASON_TASK_MISSING = 142,
	/* a task died while it was being restored */
	CKPT_REASON_TASK_DIED = 143,
	/* the task does not stand where the image says: {name} is {value} */
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
	/* cannot map memory there */
	CKPT_REASON_AREA_NOT_MAPPED = 148,
	/* cannot set the resource limit {value} */
	CKPT_REASON_LIMIT_NOT_SET = 149,
	/* cannot install the descriptor */
	CKPT_REASON_DESCRIPTOR_NOT_INSTALLED = 150,
	/*
	 * the cgroup holds tasks that are not of this restart (name an empty
	 * cgroup)
	 */
	CKPT_REASON_CGROUP_NOT_EMPTY = 151,
	/* interrupted */
	CKPT_REASON_INTERRUPTED = 152,
	/* the saved registers are not possible: {name} */
	CKPT_REASON_REGISTERS_REFUSED = 153,
	/* cannot restore {name} */
	CKPT_REASON_STATE_NOT_RESTORED = 154,
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

/* Signal actions, queued signals, interval timers. */

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
 */
struct ckpt_signal_actions {
	__le32 id;
	__le32 reserved;
	struct ckpt_signal_action actions[CKPT_SIGNALS];
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

/**
 * struct ckpt_interval_timer - An interval timer.
 * @task: The process.
 * @which: ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF.
 * @value_ns: What remains until it fires.
 * @interval_ns: What it is set to again then; zero: once.
 */
struct ckpt_interval_timer {
	__le32 task;
	__le32 which;
	__le64 value_ns;
	__le64 interval_ns;
};

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

/**
 * struct ckpt_interrupted_syscall - What restart_syscall(2) needs.
 * @task: The thread.
 * @what: One of CKPT_RESUME_*.
 * @clock: nanosleep: the clock that it sleeps on. Signed.
 * @flags: futex: operation flags, FUTEX_* of futex(2) (private, clock
 *   realtime).
 * @deadline_ns: When it ends, on the container's clock; nanoseconds. Signed.
 * @address: nanosleep: where to write what remains; poll: the array; futex: the
 *   word.
 * @value: futex: value expected; poll: entries in the array.
 * @bitset: futex: bit set.
 * @options: Bits of CKPT_INTERRUPTED_*.
 * @reserved: Must be zero.
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
	__le32 reserved;
};

/* deadline_ns counts; without it the call waits without limit. */
#define CKPT_INTERRUPTED_HAS_DEADLINE	(1U << 0)

/* nanosleep: the remainder is written as a native timespec. */
#define CKPT_INTERRUPTED_REMAINDER_NATIVE	(1U << 1)

/* nanosleep: the remainder is written as a 32-bit timespec. */
#define CKPT_INTERRUPTED_REMAINDER_COMPAT	(1U << 2)

/* Pids, the forest, processes and threads. */

/* Most levels of pid namespaces (the kernel's limit). */
#define CKPT_MAX_PID_LEVELS	32U

/**
 * struct ckpt_pid - A process id.
 * @id: The object that this record declares.
 * @levels: Numbers in the tail, at least one.
 *
 * The tail is levels numbers (I32), the container's own level first.
 */
struct ckpt_pid {
	__le32 id;
	__le32 levels;
};

/**
 * struct ckpt_member - A task's place among the others.
 * @pid: Its struct ckpt_pid object.
 * @leader: Thread group leader; itself for a leader.
 * @parent: Parent process (its leader), or outside.
 * @group: Process group, a struct ckpt_pid object, or none: the restarter's.
 * @session: Session, a struct ckpt_pid object, or none: the restarter's.
 * @exit_signal: Signal that its parent gets when it ends. Signed.
 * @flags: Bits of CKPT_MEMBER_*.
 * @reserved: Must be zero.
 *
 * The record's position among the members is its TaskId; a parent or leader
 * comes before its children or threads.
 */
struct ckpt_member {
	__le32 pid;
	__le32 leader;
	__le32 parent;
	__le32 group;
	__le32 session;
	__le32 exit_signal;
	__le32 flags;
	__le32 reserved;
};

/* The member leads its process group. */
#define CKPT_MEMBER_GROUP_LEADER	(1U << 0)

/* The member leads its session. */
#define CKPT_MEMBER_SESSION_LEADER	(1U << 1)

/**
 * struct ckpt_process - What a process has as a whole.
 * @task: The thread group leader.
 * @oom_score_adj: /proc/PID/oom_score_adj. Signed.
 * @oom_score_adj_min: Lowest value that an unprivileged writer may still set.
 *   Signed.
 * @flags: Bits of CKPT_PROCESS_*.
 * @start_boottime_ns: When it started, on the container's CLOCK_BOOTTIME.
 * @limits: Soft and hard limit of each resource, as getrlimit gives them.
 */
struct ckpt_process {
	__le32 task;
	__le32 oom_score_adj;
	__le32 oom_score_adj_min;
	__le32 flags;
	__le64 start_boottime_ns;
	struct ckpt_limit limits[CKPT_RESOURCES];
};

/* PR_SET_CHILD_SUBREAPER. */
#define CKPT_PROCESS_CHILD_SUBREAPER	(1U << 0)

/*
 * The process has called execve since its fork (setpgid by its parent fails).
 */
#define CKPT_PROCESS_DID_EXEC	(1U << 1)

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
 * @policy: SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR.
 * @flags: Flags of struct sched_attr.
 * @nice: nice(2). Signed.
 * @priority: Real-time priority.
 * @io_priority: ioprio_set(2).
 * @reserved: Must be zero.
 * @runtime_ns: sched_setattr(2): slice, zero for the default.
 *
 * The tail is the affinity mask, bit n of byte n/8 for CPU n; empty: any CPU.
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
};

/* Largest tail of a struct ckpt_scheduling record: 8192 CPUs. */
#define CKPT_MAX_AFFINITY	1024ULL

#endif /* _UAPI_LINUX_CHECKPOINT_H */
