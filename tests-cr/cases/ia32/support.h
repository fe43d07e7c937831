/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a 32-bit test program needs: system calls, a turn, a verdict. There is no
 * library underneath, so that each program holds exactly the state that it is about.
 */
#ifndef CKPT_SUPPORT_H
#define CKPT_SUPPORT_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

enum {
	NR_fork = 2, NR_read = 3, NR_write = 4, NR_open = 5, NR_close = 6, NR_waitpid = 7,
	NR_execve = 11, NR_getpid = 20, NR_kill = 37, NR_brk = 45, NR_sigaction = 67,
	NR_munmap = 91, NR_poll = 168, NR_rt_sigaction = 174, NR_rt_sigprocmask = 175,
	NR_sigaltstack = 186, NR_mmap2 = 192, NR_set_thread_area = 243, NR_get_thread_area = 244,
	NR_exit_group = 252, NR_set_robust_list = 311, NR_get_robust_list = 312, NR_rseq = 386,
	/* With 64-bit times: kernels may lack those with 32-bit ones. */
	NR_clock_gettime = 403, NR_clock_nanosleep = 407, NR_futex = 422,
};

#define EINTR 4
#define ETIMEDOUT 110

static u32 *environment;	/* envp, and behind it the auxiliary vector */
static int failed;

static s32 call6(u32 nr, u32 a, u32 b, u32 c, u32 d, u32 e, u32 f)
{
	s32 result;
	u32 last[2] = { f, nr };

	asm volatile("push %%ebp\n\t"
		     "mov 4(%%eax), %%ebp\n\t"
		     "push %%ebp\n\t"
		     "mov (%%eax), %%ebp\n\t"
		     "pop %%eax\n\t"
		     "int $0x80\n\t"
		     "pop %%ebp"
		     : "=a" (result)
		     : "a" (last), "b" (a), "c" (b), "d" (c), "S" (d), "D" (e)
		     : "memory");
	return result;
}

#define call1(nr, a) call6(nr, (u32)(a), 0, 0, 0, 0, 0)
#define call2(nr, a, b) call6(nr, (u32)(a), (u32)(b), 0, 0, 0, 0)
#define call3(nr, a, b, c) call6(nr, (u32)(a), (u32)(b), (u32)(c), 0, 0, 0)
#define call4(nr, a, b, c, d) call6(nr, (u32)(a), (u32)(b), (u32)(c), (u32)(d), 0, 0)

void *memset(void *to, int byte, u32 size)
{
	for (u32 i = 0; i < size; i++)
		((volatile u8 *)to)[i] = byte;
	return to;
}

void *memcpy(void *to, const void *from, u32 size)
{
	for (u32 i = 0; i < size; i++)
		((volatile u8 *)to)[i] = ((const u8 *)from)[i];
	return to;
}

static int equal(const void *one, const void *other, u32 size)
{
	for (u32 i = 0; i < size; i++) {
		if (((const u8 *)one)[i] != ((const u8 *)other)[i])
			return 0;
	}
	return 1;
}

static u32 length(const char *text)
{
	u32 size = 0;

	while (text[size])
		size++;
	return size;
}

static void print(const char *text)
{
	call3(NR_write, 1, text, length(text));
}

static void print_number(u64 number)
{
	char text[20] = "0x";
	u32 at = 2;

	for (int shift = 60; shift >= 0; shift -= 4) {
		u32 digit = (number >> shift) & 15;

		if (digit || at > 2 || !shift)
			text[at++] = digit < 10 ? '0' + digit : 'a' + digit - 10;
	}
	text[at] = 0;
	print(text);
}

/* @fact is true, or the program has failed. */
static void check(int fact, const char *what)
{
	if (fact)
		return;
	failed = 1;
	print("differs: ");
	print(what);
	print("\n");
}

/* What was sampled before the checkpoint is what is seen now. */
static void same(const char *what, u64 before, u64 now)
{
	if (before == now)
		return;
	failed = 1;
	print("differs: ");
	print(what);
	print(": was ");
	print_number(before);
	print(", is ");
	print_number(now);
	print("\n");
}

static void finish(void)
{
	print(failed ? "failed\n" : "passed\n");
	call1(NR_exit_group, failed);
	__builtin_unreachable();
}

static s32 must(const char *what, s32 result)
{
	if (result >= 0 || result < -4095)
		return result;
	failed = 1;
	print("cannot: ");
	print(what);
	print(": ");
	print_number(-result);
	print("\n");
	finish();
	return result;
}

static const char *variable(const char *name)
{
	u32 size = length(name);

	for (u32 *entry = environment; *entry; entry++) {
		const char *text = (const char *)*entry;

		if (equal(text, name, size) && text[size] == '=')
			return text + size + 1;
	}
	return 0;
}

static int was_checkpointed(void)
{
	const char *mode = variable("MODE");

	return mode && !(length(mode) == 8 && equal(mode, "baseline", 8));
}

static u32 auxiliary(u32 type)
{
	u32 *entry = environment;

	while (*entry)
		entry++;
	for (entry++; entry[0]; entry += 2) {
		if (entry[0] == type)
			return entry[1];
	}
	return 0;
}

/* The go file as a byte in memory, for programs that must not enter the kernel. */
static const volatile char *map_go(void)
{
	s32 fd = must("open the go file", call3(NR_open, variable("GO"), 0, 0));
	s32 address = must("map the go file", call6(NR_mmap2, 0, 4096, 1, 1, fd, 0));

	call1(NR_close, fd);
	(void)*(const volatile char *)address;
	return (const volatile char *)address;
}

static void ready(void)
{
	print("ready\n");
}

struct timespec {
	s64 seconds, nanoseconds;
};

#define MONOTONIC 1

static s32 sleep(const struct timespec *time, struct timespec *remains)
{
	return call4(NR_clock_nanosleep, MONOTONIC, 0, time, remains);
}

/* How long a call has to last to be found in the middle: see waits.rs. */
static u32 a_while(void)
{
	const char *digits = (const char *)variable("WAIT");
	u32 seconds = 0;

	while (digits && *digits >= '0' && *digits <= '9')
		seconds = seconds * 10 + *digits++ - '0';
	return seconds ? seconds : 3;
}

/* Such a call is over; it took so many milliseconds. */
static void over(s64 passed)
{
	s64 least = a_while() * 1000;

	print("over\n");
	check(passed >= least && passed < least + 60000, "it took another time");
}

/* Sleeps until the runner says go. */
static void wait_for_go(void)
{
	for (;;) {
		struct timespec pause = { 0, 20000000 };
		s32 fd = must("open the go file", call3(NR_open, variable("GO"), 0, 0));
		char byte = 0;

		call3(NR_read, fd, &byte, 1);
		call1(NR_close, fd);
		if (byte == '1')
			return;
		sleep(&pause, 0);
	}
}

static void checkpoint_here(void)
{
	ready();
	wait_for_go();
}

static s64 milliseconds(void)
{
	struct timespec now = { 0, 0 };

	must("clock_gettime", call2(NR_clock_gettime, MONOTONIC, &now));
	/* A division by a constant, of a number that fits. */
	return now.seconds * 1000 + (u32)now.nanoseconds / 1000000;
}

/* struct sigaction of the kernel, for 32-bit programs. */
struct action32 {
	u32 handler, flags, restorer;
	u64 mask;
} __attribute__((packed));

#define SIGUSR1 10
#define SIGUSR2 12
#define SIGTERM 15
#define SA_SIGINFO 4

static void handle(u32 signal, u32 handler, u32 flags, u64 mask)
{
	struct action32 action = { handler, flags, 0, mask };

	must("rt_sigaction", call4(NR_rt_sigaction, signal, &action, 0, 8));
}

static void run(void);

__attribute__((used)) static void begin(u32 *stack)
{
	environment = stack + 1 + stack[0] + 1;
	run();
	finish();
}

asm(".global _start\n"
    "_start:\n\t"
    "xor %ebp, %ebp\n\t"
    "mov %esp, %eax\n\t"
    "and $-16, %esp\n\t"
    "sub $12, %esp\n\t"
    "push %eax\n\t"
    "call begin\n\t"
    "hlt\n");

/* Not every program needs all of this. */
__attribute__((used)) static void *const all[] = {
	call6, equal, check, same, must, was_checkpointed, auxiliary, map_go, checkpoint_here,
	milliseconds, handle, over,
};

#endif
