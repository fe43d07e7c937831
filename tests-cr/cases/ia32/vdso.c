// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit program can go on calling the vdso: to enter the kernel, and for the time.
 *
 * Could break: there is another vdso for 32-bit programs, and a call that was interrupted
 * while it entered through it goes on at a place inside.
 */
#include "support.h"

#define AT_SYSINFO 32
#define AT_SYSINFO_EHDR 33

static s32 enter(u32 nr, u32 a, u32 b, const void *c)
{
	u32 entry = auxiliary(AT_SYSINFO);
	s32 result;

	asm volatile("call *%1"
		     : "=a" (result)
		     : "D" (entry), "a" (nr), "b" (a), "c" (b), "d" (c), "S" (0)
		     : "memory");
	return result;
}

/* The address of a function of the vdso: its dynamic section is that of any library. */
static u32 function(const char *name)
{
	u32 image = auxiliary(AT_SYSINFO_EHDR), count = 0;
	u32 *header = (u32 *)(image + *(u32 *)(image + 28));
	u32 strings = 0, symbols = 0;

	for (u32 i = *(u16 *)(image + 44); i; i--, header += 8) {
		if (header[0] != 2)
			continue;
		for (u32 *entry = (u32 *)(image + header[2]); entry[0]; entry += 2) {
			if (entry[0] == 5)
				strings = image + entry[1];
			if (entry[0] == 6)
				symbols = image + entry[1];
		}
	}
	/* Symbols lie before their names. */
	if (strings > symbols)
		count = (strings - symbols) / 16;
	for (u32 i = 0; i < count; i++) {
		u32 *symbol = (u32 *)(symbols + i * 16);

		if (equal((const char *)strings + symbol[0], name, length(name) + 1))
			return image + symbol[1];
	}
	return 0;
}

static void run(void)
{
	s32 (*clock)(u32, struct timespec *) = (void *)function("__vdso_clock_gettime64");
	struct timespec time = { a_while(), 0 }, now = { 0, 0 };
	s64 start = milliseconds(), before, after, told;

	check(auxiliary(AT_SYSINFO) != 0 && clock, "there is no vdso");
	if (failed)
		return;
	print("ready inside 407 for a while\n");
	same("nanosleep", 0, enter(NR_clock_nanosleep, MONOTONIC, 0, &time));
	over(milliseconds() - start);
	wait_for_go();
	before = milliseconds();
	same("clock_gettime", 0, clock(1, &now));
	after = milliseconds();
	told = now.seconds * 1000 + (u32)now.nanoseconds / 1000000;
	check(told >= before && told <= after, "the vdso tells another time");
	same("getpid", call1(NR_getpid, 0), enter(NR_getpid, 0, 0, 0));
}
