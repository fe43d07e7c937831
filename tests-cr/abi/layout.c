// SPDX-License-Identifier: GPL-2.0
/*
 * Do not edit: generated from kernel-rs/format by
 * cargo xtask uapi
 *
 * Compiles if C sees the layouts that the declaration in Rust says.
 */
#include <stddef.h>

#include "checkpoint.h"

#define SAME(said, found) _Static_assert((said) == (found), #said)
#define AT(type, field, offset, size) \
	SAME(offsetof(struct type, field), offset); \
	SAME(sizeof(((struct type *)0)->field), size)

SAME(CKPT_KIND_HEADER, 0x1);
SAME(CKPT_KIND_MACHINE_X86_64, 0x2);
SAME(CKPT_KIND_VDSO, 0x3);
SAME(CKPT_KIND_PID, 0x4);
SAME(CKPT_KIND_MEMBER, 0x5);
SAME(CKPT_KIND_OPEN_FILE, 0x10);
SAME(CKPT_KIND_DESCRIPTOR_TABLE, 0x11);
SAME(CKPT_KIND_DIRECTORIES, 0x12);
SAME(CKPT_KIND_SIGNAL_ACTIONS, 0x13);
SAME(CKPT_KIND_ADDRESS_SPACE, 0x14);
SAME(CKPT_KIND_AREA, 0x20);
SAME(CKPT_KIND_DESCRIPTOR, 0x21);
SAME(CKPT_KIND_PROCESS, 0x30);
SAME(CKPT_KIND_THREAD, 0x31);
SAME(CKPT_KIND_CREDENTIALS, 0x32);
SAME(CKPT_KIND_SCHEDULING, 0x33);
SAME(CKPT_KIND_REGISTERS_X86_64, 0x34);
SAME(CKPT_KIND_EXTENDED_STATE_X86, 0x35);
SAME(CKPT_KIND_INTERRUPTED_SYSCALL, 0x36);
SAME(CKPT_KIND_PENDING_SIGNAL, 0x37);
SAME(CKPT_KIND_INTERVAL_TIMER, 0x38);
SAME(CKPT_KIND_PAGES, 0x40);
SAME(CKPT_KIND_ZERO_PAGES, 0x41);
SAME(CKPT_KIND_END, 0x7f);

SAME(CKPT_REASON_DISABLED, 1);
SAME(CKPT_REASON_NOT_PERMITTED, 2);
SAME(CKPT_REASON_NOT_FROZEN, 3);
SAME(CKPT_REASON_EMPTY, 4);
SAME(CKPT_REASON_CALLER_INSIDE, 5);
SAME(CKPT_REASON_PINNED, 6);
SAME(CKPT_REASON_DESCENDANT_TASKS, 7);
SAME(CKPT_REASON_TOO_MANY_TASKS, 8);
SAME(CKPT_REASON_SINK_FAILED, 9);
SAME(CKPT_REASON_CAPTURE_TOO_LARGE, 10);
SAME(CKPT_REASON_OUT_OF_MEMORY, 11);
SAME(CKPT_REASON_THAWED, 12);
SAME(CKPT_REASON_TASK_ACCESS, 20);
SAME(CKPT_REASON_TASK_TRACED, 21);
SAME(CKPT_REASON_TASK_KERNEL, 22);
SAME(CKPT_REASON_TASK_VFORK, 23);
SAME(CKPT_REASON_TASK_MANY, 24);
SAME(CKPT_REASON_TASK_THREADS, 25);
SAME(CKPT_REASON_TASK_DYING, 26);
SAME(CKPT_REASON_TASK_STOPPED, 27);
SAME(CKPT_REASON_TASK_NOT_QUIET, 28);
SAME(CKPT_REASON_TASK_SHARED_OUTSIDE, 29);
SAME(CKPT_REASON_TASK_NAMESPACE, 30);
SAME(CKPT_REASON_TASK_MODE, 31);
SAME(CKPT_REASON_TASK_FEATURE, 32);
SAME(CKPT_REASON_TASK_CHILDREN, 33);
SAME(CKPT_REASON_TASK_TERMINAL, 34);
SAME(CKPT_REASON_TASK_SIGNAL_PENDING, 35);
SAME(CKPT_REASON_TASK_SCHEDULING, 36);
SAME(CKPT_REASON_TASK_SYSCALL, 37);
SAME(CKPT_REASON_TASK_IDS, 38);
SAME(CKPT_REASON_TASK_REGISTERS, 39);
SAME(CKPT_REASON_FILE_KIND, 50);
SAME(CKPT_REASON_FILE_REMOVED, 51);
SAME(CKPT_REASON_FILE_UNREACHABLE, 52);
SAME(CKPT_REASON_FILE_PATH, 53);
SAME(CKPT_REASON_FILE_FLAGS, 54);
SAME(CKPT_REASON_FILE_LOCK, 55);
SAME(CKPT_REASON_FILE_OWNER, 56);
SAME(CKPT_REASON_FILE_SHARED_OUTSIDE, 57);
SAME(CKPT_REASON_FILE_WATCHED, 58);
SAME(CKPT_REASON_AREA_KIND, 70);
SAME(CKPT_REASON_AREA_FLAGS, 71);
SAME(CKPT_REASON_AREA_FILE, 72);
SAME(CKPT_REASON_PAGE_UNREADABLE, 73);
SAME(CKPT_REASON_ADDRESS_SPACE_FEATURE, 74);
SAME(CKPT_REASON_IMAGE_TRUNCATED, 100);
SAME(CKPT_REASON_IMAGE_CHECKSUM, 101);
SAME(CKPT_REASON_IMAGE_MAGIC, 102);
SAME(CKPT_REASON_IMAGE_VERSION, 103);
SAME(CKPT_REASON_IMAGE_ORDER, 104);
SAME(CKPT_REASON_IMAGE_UNKNOWN, 105);
SAME(CKPT_REASON_IMAGE_VALUE, 106);
SAME(CKPT_REASON_IMAGE_LENGTH, 107);
SAME(CKPT_REASON_IMAGE_REFERENCE, 108);
SAME(CKPT_REASON_IMAGE_TRAILING, 109);
SAME(CKPT_REASON_MACHINE_ARCHITECTURE, 120);
SAME(CKPT_REASON_MACHINE_FEATURES, 121);
SAME(CKPT_REASON_MACHINE_PAGE_SIZE, 122);
SAME(CKPT_REASON_MACHINE_VDSO, 123);
SAME(CKPT_REASON_SESSION_CLOSED, 140);
SAME(CKPT_REASON_SESSION_ROLE, 141);
SAME(CKPT_REASON_TASK_MISSING, 142);
SAME(CKPT_REASON_TASK_DIED, 143);
SAME(CKPT_REASON_FOREST_DIFFERS, 144);
SAME(CKPT_REASON_RESTORE_NOT_PERMITTED, 145);
SAME(CKPT_REASON_FILE_MISSING, 146);
SAME(CKPT_REASON_FILE_CHANGED, 147);
SAME(CKPT_REASON_AREA_NOT_MAPPED, 148);
SAME(CKPT_REASON_LIMIT_NOT_SET, 149);
SAME(CKPT_REASON_DESCRIPTOR_NOT_INSTALLED, 150);
SAME(CKPT_REASON_CGROUP_NOT_EMPTY, 151);
SAME(CKPT_REASON_INTERRUPTED, 152);
SAME(CKPT_REASON_REGISTERS_REFUSED, 153);
SAME(CKPT_REASON_STATE_NOT_RESTORED, 154);

SAME(CKPT_KIND_SKIPPABLE, 0x80000000ULL);
SAME(CKPT_KIND_LONGEST_FIXED, 0x4000ULL);
SAME(CKPT_KIND_LONGEST_SKIPPED, 0x100000ULL);
SAME(__NR_checkpoint, 0x1feULL);
SAME(__NR_restart, 0x1ffULL);
SAME(CHECKPOINT_CHECK, 0x1ULL);
SAME(CKPT_ROLE_OPEN, 0x1ULL);
SAME(CKPT_ROLE_JOIN, 0x2ULL);
SAME(CKPT_ROLE_PLACEHOLDER, 0x3ULL);
SAME(CKPT_ROLE_RUN, 0x4ULL);
SAME(RESTART_FROZEN, 0x1ULL);
SAME(RESTART_NEW_PIDS, 0x2ULL);
SAME(RESTART_VERIFY, 0x4ULL);
SAME(CKPT_LOG_NAME, 0xc0ULL);
SAME(CKPT_LOG_NONE, 0xffffffffffffffffULL);
SAME(CKPT_REGISTERS, 0x1bULL);
SAME(CKPT_TLS_ENTRIES, 0x3ULL);
SAME(CKPT_X86_NO_TSC, 0x1ULL);
SAME(CKPT_X86_NO_CPUID, 0x2ULL);
SAME(CKPT_MAX_XSTATE, 0x10000ULL);
SAME(CKPT_MAX_GROUPS, 0x10000ULL);
SAME(CKPT_MAX_PATH, 0xfffULL);
SAME(CKPT_DESCRIPTOR_CLOSE_ON_EXEC, 0x1ULL);
SAME(CKPT_VERSION, 0x1ULL);
SAME(CKPT_ARCHITECTURE_X86_64, 0x3eULL);
SAME(CKPT_MAX_TASKS, 0x400000ULL);
SAME(CKPT_MAX_PAGE_SIZE, 0x10000ULL);
SAME(CKPT_MACHINE_FSGSBASE, 0x1ULL);
SAME(CKPT_MAX_VDSO, 0x40000ULL);
SAME(CKPT_RESOURCES, 0x10ULL);
SAME(CKPT_MAX_AUXV, 0x400ULL);
SAME(CKPT_SPACE_TOP_DOWN, 0x1ULL);
SAME(CKPT_SPACE_NO_HUGE_PAGES, 0x2ULL);
SAME(CKPT_SPACE_NO_EXEC_GAIN, 0x4ULL);
SAME(CKPT_SPACE_NO_EXEC_GAIN_NO_INHERIT, 0x8ULL);
SAME(CKPT_SPACE_MERGE_ANY, 0x10ULL);
SAME(CKPT_MAX_AREA_NAME, 0x50ULL);
SAME(CKPT_AREA_KIND_ANONYMOUS, 0x1ULL);
SAME(CKPT_AREA_KIND_FILE, 0x2ULL);
SAME(CKPT_AREA_KIND_VDSO, 0x3ULL);
SAME(CKPT_AREA_KIND_VVAR, 0x4ULL);
SAME(CKPT_AREA_KIND_VVAR_VCLOCK, 0x5ULL);
SAME(CKPT_AREA_SHARED, 0x1ULL);
SAME(CKPT_AREA_GROWS_DOWN, 0x2ULL);
SAME(CKPT_AREA_NO_RESERVE, 0x4ULL);
SAME(CKPT_AREA_LOCKED, 0x8ULL);
SAME(CKPT_AREA_LOCKED_ON_FAULT, 0x10ULL);
SAME(CKPT_AREA_DONT_FORK, 0x20ULL);
SAME(CKPT_AREA_WIPE_ON_FORK, 0x40ULL);
SAME(CKPT_AREA_DONT_DUMP, 0x80ULL);
SAME(CKPT_AREA_HUGE_PAGES, 0x100ULL);
SAME(CKPT_AREA_NO_HUGE_PAGES, 0x200ULL);
SAME(CKPT_AREA_MERGEABLE, 0x400ULL);
SAME(CKPT_AREA_SEQUENTIAL, 0x800ULL);
SAME(CKPT_AREA_RANDOM, 0x1000ULL);
SAME(CKPT_AREA_NEVER_READ, 0x2000ULL);
SAME(CKPT_AREA_NEVER_WRITE, 0x4000ULL);
SAME(CKPT_AREA_NEVER_EXEC, 0x8000ULL);
SAME(CKPT_AREA_ACCOUNTED, 0x10000ULL);
SAME(CKPT_AREA_NAMED, 0x20000ULL);
SAME(CKPT_MAX_RUN, 0x200ULL);
SAME(CKPT_OBJECT_ID_NONE, 0x0ULL);
SAME(CKPT_TASK_ID_OUTSIDE, 0xffffffffULL);
SAME(CKPT_SIGNALS, 0x40ULL);
SAME(CKPT_PENDING_SHARED, 0x1ULL);
SAME(CKPT_RESUME_NANOSLEEP, 0x1ULL);
SAME(CKPT_RESUME_POLL, 0x2ULL);
SAME(CKPT_RESUME_FUTEX, 0x3ULL);
SAME(CKPT_RESUME_ALARM_NANOSLEEP, 0x4ULL);
SAME(CKPT_RESUME_CPU_NANOSLEEP, 0x5ULL);
SAME(CKPT_INTERRUPTED_HAS_DEADLINE, 0x1ULL);
SAME(CKPT_INTERRUPTED_REMAINDER_NATIVE, 0x2ULL);
SAME(CKPT_INTERRUPTED_REMAINDER_COMPAT, 0x4ULL);
SAME(CKPT_MAX_PID_LEVELS, 0x20ULL);
SAME(CKPT_MEMBER_GROUP_LEADER, 0x1ULL);
SAME(CKPT_MEMBER_SESSION_LEADER, 0x2ULL);
SAME(CKPT_PROCESS_CHILD_SUBREAPER, 0x1ULL);
SAME(CKPT_PROCESS_DID_EXEC, 0x2ULL);
SAME(CKPT_THREAD_RESTORE_BLOCKED, 0x1ULL);
SAME(CKPT_THREAD_NO_NEW_PRIVS, 0x2ULL);
SAME(CKPT_THREAD_DUMPABLE, 0x4ULL);
SAME(CKPT_THREAD_DUMPABLE_ROOT, 0x8ULL);
SAME(CKPT_THREAD_FORKED_NO_EXEC, 0x10ULL);
SAME(CKPT_RSEQ_SLICE_ENABLED, 0x1ULL);
SAME(CKPT_MAX_AFFINITY, 0x400ULL);

SAME(sizeof(struct checkpoint_args), 40);
AT(checkpoint_args, flags, 0, 8);
AT(checkpoint_args, cgroup_fd, 8, 4);
AT(checkpoint_args, image_fd, 12, 4);
AT(checkpoint_args, log_fd, 16, 4);
AT(checkpoint_args, reserved, 20, 4);
AT(checkpoint_args, stats, 24, 8);
AT(checkpoint_args, stats_size, 32, 8);

SAME(sizeof(struct checkpoint_stats), 72);
AT(checkpoint_stats, pin_ns, 0, 8);
AT(checkpoint_stats, capture_ns, 8, 8);
AT(checkpoint_stats, stream_ns, 16, 8);
AT(checkpoint_stats, tasks, 24, 8);
AT(checkpoint_stats, records, 32, 8);
AT(checkpoint_stats, bytes, 40, 8);
AT(checkpoint_stats, pages, 48, 8);
AT(checkpoint_stats, zero_pages, 56, 8);
AT(checkpoint_stats, capture_bytes, 64, 8);

SAME(sizeof(struct restart_args), 64);
AT(restart_args, role, 0, 4);
AT(restart_args, flags, 4, 4);
AT(restart_args, session_fd, 8, 4);
AT(restart_args, cgroup_fd, 12, 4);
AT(restart_args, image_fd, 16, 4);
AT(restart_args, log_fd, 20, 4);
AT(restart_args, task, 24, 4);
AT(restart_args, reserved, 28, 4);
AT(restart_args, prefix, 32, 8);
AT(restart_args, prefix_size, 40, 8);
AT(restart_args, stats, 48, 8);
AT(restart_args, stats_size, 56, 8);

SAME(sizeof(struct restart_stats), 56);
AT(restart_stats, join_ns, 0, 8);
AT(restart_stats, build_ns, 8, 8);
AT(restart_stats, commit_ns, 16, 8);
AT(restart_stats, tasks, 24, 8);
AT(restart_stats, records, 32, 8);
AT(restart_stats, bytes, 40, 8);
AT(restart_stats, pages, 48, 8);

SAME(sizeof(struct ckpt_log_record), 256);
AT(ckpt_log_record, size, 0, 4);
AT(ckpt_log_record, reason, 4, 4);
AT(ckpt_log_record, error, 8, 4);
AT(ckpt_log_record, task, 12, 4);
AT(ckpt_log_record, fd, 16, 4);
AT(ckpt_log_record, kind, 20, 4);
AT(ckpt_log_record, address, 24, 8);
AT(ckpt_log_record, offset, 32, 8);
AT(ckpt_log_record, value, 40, 8);
AT(ckpt_log_record, comm, 48, 16);
AT(ckpt_log_record, name, 64, 192);

SAME(sizeof(struct ckpt_tls_segment), 16);
AT(ckpt_tls_segment, entry, 0, 4);
AT(ckpt_tls_segment, base, 4, 4);
AT(ckpt_tls_segment, limit, 8, 4);
AT(ckpt_tls_segment, flags, 12, 4);

SAME(sizeof(struct ckpt_registers_x86_64), 272);
AT(ckpt_registers_x86_64, task, 0, 4);
AT(ckpt_registers_x86_64, flags, 4, 4);
AT(ckpt_registers_x86_64, registers, 8, 216);
AT(ckpt_registers_x86_64, tls, 224, 48);

SAME(sizeof(struct ckpt_extended_state_x86), 8);
AT(ckpt_extended_state_x86, task, 0, 4);
AT(ckpt_extended_state_x86, reserved, 4, 4);

SAME(sizeof(struct ckpt_credentials), 96);
AT(ckpt_credentials, task, 0, 4);
AT(ckpt_credentials, uid, 4, 4);
AT(ckpt_credentials, euid, 8, 4);
AT(ckpt_credentials, suid, 12, 4);
AT(ckpt_credentials, fsuid, 16, 4);
AT(ckpt_credentials, gid, 20, 4);
AT(ckpt_credentials, egid, 24, 4);
AT(ckpt_credentials, sgid, 28, 4);
AT(ckpt_credentials, fsgid, 32, 4);
AT(ckpt_credentials, securebits, 36, 4);
AT(ckpt_credentials, inheritable, 40, 8);
AT(ckpt_credentials, permitted, 48, 8);
AT(ckpt_credentials, effective, 56, 8);
AT(ckpt_credentials, bounding, 64, 8);
AT(ckpt_credentials, ambient, 72, 8);
AT(ckpt_credentials, groups, 80, 4);
AT(ckpt_credentials, login_uid, 84, 4);
AT(ckpt_credentials, audit_session, 88, 4);
AT(ckpt_credentials, reserved, 92, 4);

SAME(sizeof(struct ckpt_open_file), 48);
AT(ckpt_open_file, id, 0, 4);
AT(ckpt_open_file, mode, 4, 4);
AT(ckpt_open_file, flags, 8, 4);
AT(ckpt_open_file, device, 12, 4);
AT(ckpt_open_file, position, 16, 8);
AT(ckpt_open_file, size, 24, 8);
AT(ckpt_open_file, mtime_s, 32, 8);
AT(ckpt_open_file, mtime_ns, 40, 4);
AT(ckpt_open_file, reserved, 44, 4);

SAME(sizeof(struct ckpt_descriptor_table), 8);
AT(ckpt_descriptor_table, id, 0, 4);
AT(ckpt_descriptor_table, count, 4, 4);

SAME(sizeof(struct ckpt_descriptor), 16);
AT(ckpt_descriptor, table, 0, 4);
AT(ckpt_descriptor, number, 4, 4);
AT(ckpt_descriptor, file, 8, 4);
AT(ckpt_descriptor, flags, 12, 4);

SAME(sizeof(struct ckpt_directories), 16);
AT(ckpt_directories, id, 0, 4);
AT(ckpt_directories, umask, 4, 4);
AT(ckpt_directories, root_length, 8, 4);
AT(ckpt_directories, cwd_length, 12, 4);

SAME(sizeof(struct ckpt_header), 264);
AT(ckpt_header, magic, 0, 8);
AT(ckpt_header, version, 8, 4);
AT(ckpt_header, architecture, 12, 4);
AT(ckpt_header, image_id, 16, 16);
AT(ckpt_header, page_size, 32, 4);
AT(ckpt_header, tasks, 36, 4);
AT(ckpt_header, pids, 40, 4);
AT(ckpt_header, reserved, 44, 4);
AT(ckpt_header, realtime_ns, 48, 8);
AT(ckpt_header, monotonic_ns, 56, 8);
AT(ckpt_header, boottime_ns, 64, 8);
AT(ckpt_header, kernel_release, 72, 64);
AT(ckpt_header, kernel_version, 136, 64);
AT(ckpt_header, node, 200, 64);

SAME(sizeof(struct ckpt_machine_x86_64), 40);
AT(ckpt_machine_x86_64, xfeatures, 0, 8);
AT(ckpt_machine_x86_64, xstate_size, 8, 4);
AT(ckpt_machine_x86_64, flags, 12, 4);
AT(ckpt_machine_x86_64, hwcap, 16, 8);
AT(ckpt_machine_x86_64, hwcap2, 24, 8);
AT(ckpt_machine_x86_64, reserved, 32, 8);

SAME(sizeof(struct ckpt_vdso), 8);
AT(ckpt_vdso, data_size, 0, 4);
AT(ckpt_vdso, bits, 4, 4);

SAME(sizeof(struct ckpt_end), 40);
AT(ckpt_end, records, 0, 8);
AT(ckpt_end, bytes, 8, 8);
AT(ckpt_end, objects, 16, 4);
AT(ckpt_end, reserved, 20, 4);
AT(ckpt_end, pages, 24, 8);
AT(ckpt_end, zero_pages, 32, 8);

SAME(sizeof(struct ckpt_limit), 16);
AT(ckpt_limit, soft, 0, 8);
AT(ckpt_limit, hard, 8, 8);

SAME(sizeof(struct ckpt_address_space), 144);
AT(ckpt_address_space, id, 0, 4);
AT(ckpt_address_space, exe, 4, 4);
AT(ckpt_address_space, start_code, 8, 8);
AT(ckpt_address_space, end_code, 16, 8);
AT(ckpt_address_space, start_data, 24, 8);
AT(ckpt_address_space, end_data, 32, 8);
AT(ckpt_address_space, start_brk, 40, 8);
AT(ckpt_address_space, brk, 48, 8);
AT(ckpt_address_space, start_stack, 56, 8);
AT(ckpt_address_space, arg_start, 64, 8);
AT(ckpt_address_space, arg_end, 72, 8);
AT(ckpt_address_space, env_start, 80, 8);
AT(ckpt_address_space, env_end, 88, 8);
AT(ckpt_address_space, mmap_base, 96, 8);
AT(ckpt_address_space, mmap_compat_base, 104, 8);
AT(ckpt_address_space, vdso, 112, 8);
AT(ckpt_address_space, areas, 120, 4);
AT(ckpt_address_space, flags, 124, 4);
AT(ckpt_address_space, coredump_filter, 128, 4);
AT(ckpt_address_space, membarrier, 132, 4);
AT(ckpt_address_space, future, 136, 4);
AT(ckpt_address_space, reserved, 140, 4);

SAME(sizeof(struct ckpt_area), 48);
AT(ckpt_area, space, 0, 4);
AT(ckpt_area, file, 4, 4);
AT(ckpt_area, start, 8, 8);
AT(ckpt_area, end, 16, 8);
AT(ckpt_area, offset, 24, 8);
AT(ckpt_area, protection, 32, 4);
AT(ckpt_area, flags, 36, 4);
AT(ckpt_area, kind, 40, 4);
AT(ckpt_area, reserved, 44, 4);

SAME(sizeof(struct ckpt_pages), 16);
AT(ckpt_pages, space, 0, 4);
AT(ckpt_pages, reserved, 4, 4);
AT(ckpt_pages, address, 8, 8);

SAME(sizeof(struct ckpt_zero_pages), 24);
AT(ckpt_zero_pages, space, 0, 4);
AT(ckpt_zero_pages, reserved, 4, 4);
AT(ckpt_zero_pages, address, 8, 8);
AT(ckpt_zero_pages, count, 16, 8);

SAME(sizeof(struct ckpt_record_header), 24);
AT(ckpt_record_header, kind, 0, 4);
AT(ckpt_record_header, fixed, 4, 4);
AT(ckpt_record_header, length, 8, 8);
AT(ckpt_record_header, checksum, 16, 4);
AT(ckpt_record_header, reserved, 20, 4);

SAME(sizeof(struct ckpt_signal_action), 32);
AT(ckpt_signal_action, handler, 0, 8);
AT(ckpt_signal_action, flags, 8, 8);
AT(ckpt_signal_action, restorer, 16, 8);
AT(ckpt_signal_action, mask, 24, 8);

SAME(sizeof(struct ckpt_signal_actions), 2056);
AT(ckpt_signal_actions, id, 0, 4);
AT(ckpt_signal_actions, reserved, 4, 4);
AT(ckpt_signal_actions, actions, 8, 2048);

SAME(sizeof(struct ckpt_pending_signal), 136);
AT(ckpt_pending_signal, task, 0, 4);
AT(ckpt_pending_signal, flags, 4, 4);
AT(ckpt_pending_signal, siginfo, 8, 128);

SAME(sizeof(struct ckpt_interval_timer), 24);
AT(ckpt_interval_timer, task, 0, 4);
AT(ckpt_interval_timer, which, 4, 4);
AT(ckpt_interval_timer, value_ns, 8, 8);
AT(ckpt_interval_timer, interval_ns, 16, 8);

SAME(sizeof(struct ckpt_interrupted_syscall), 48);
AT(ckpt_interrupted_syscall, task, 0, 4);
AT(ckpt_interrupted_syscall, what, 4, 4);
AT(ckpt_interrupted_syscall, clock, 8, 4);
AT(ckpt_interrupted_syscall, flags, 12, 4);
AT(ckpt_interrupted_syscall, deadline_ns, 16, 8);
AT(ckpt_interrupted_syscall, address, 24, 8);
AT(ckpt_interrupted_syscall, value, 32, 4);
AT(ckpt_interrupted_syscall, bitset, 36, 4);
AT(ckpt_interrupted_syscall, options, 40, 4);
AT(ckpt_interrupted_syscall, reserved, 44, 4);

SAME(sizeof(struct ckpt_pid), 8);
AT(ckpt_pid, id, 0, 4);
AT(ckpt_pid, levels, 4, 4);

SAME(sizeof(struct ckpt_member), 32);
AT(ckpt_member, pid, 0, 4);
AT(ckpt_member, leader, 4, 4);
AT(ckpt_member, parent, 8, 4);
AT(ckpt_member, group, 12, 4);
AT(ckpt_member, session, 16, 4);
AT(ckpt_member, exit_signal, 20, 4);
AT(ckpt_member, flags, 24, 4);
AT(ckpt_member, reserved, 28, 4);

SAME(sizeof(struct ckpt_process), 280);
AT(ckpt_process, task, 0, 4);
AT(ckpt_process, oom_score_adj, 4, 4);
AT(ckpt_process, oom_score_adj_min, 8, 4);
AT(ckpt_process, flags, 12, 4);
AT(ckpt_process, start_boottime_ns, 16, 8);
AT(ckpt_process, limits, 24, 256);

SAME(sizeof(struct ckpt_thread), 144);
AT(ckpt_thread, task, 0, 4);
AT(ckpt_thread, address_space, 4, 4);
AT(ckpt_thread, descriptors, 8, 4);
AT(ckpt_thread, directories, 12, 4);
AT(ckpt_thread, signal_actions, 16, 4);
AT(ckpt_thread, personality, 20, 4);
AT(ckpt_thread, comm, 24, 16);
AT(ckpt_thread, clear_child_tid, 40, 8);
AT(ckpt_thread, set_child_tid, 48, 8);
AT(ckpt_thread, robust_list, 56, 8);
AT(ckpt_thread, rseq, 64, 8);
AT(ckpt_thread, rseq_length, 72, 4);
AT(ckpt_thread, rseq_signature, 76, 4);
AT(ckpt_thread, rseq_flags, 80, 4);
AT(ckpt_thread, altstack_flags, 84, 4);
AT(ckpt_thread, altstack_base, 88, 8);
AT(ckpt_thread, altstack_size, 96, 8);
AT(ckpt_thread, blocked, 104, 8);
AT(ckpt_thread, saved_blocked, 112, 8);
AT(ckpt_thread, flags, 120, 4);
AT(ckpt_thread, parent_death_signal, 124, 4);
AT(ckpt_thread, timer_slack_ns, 128, 8);
AT(ckpt_thread, default_timer_slack_ns, 136, 8);

SAME(sizeof(struct ckpt_scheduling), 40);
AT(ckpt_scheduling, task, 0, 4);
AT(ckpt_scheduling, policy, 4, 4);
AT(ckpt_scheduling, flags, 8, 8);
AT(ckpt_scheduling, nice, 16, 4);
AT(ckpt_scheduling, priority, 20, 4);
AT(ckpt_scheduling, io_priority, 24, 2);
AT(ckpt_scheduling, reserved, 26, 6);
AT(ckpt_scheduling, runtime_ns, 32, 8);
