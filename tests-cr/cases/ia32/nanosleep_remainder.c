// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit sleep that a signal ends, after a restart, says how much of it remained,
 * in a 32-bit timespec.
 *
 * Could break: where to write it is part of what the kernel remembers about the call.
 */
#include "support.h"

static void nothing(u32 signal)
{
	(void)signal;
}

static void run(void)
{
	struct timespec time = { 1000, 0 };
	struct {
		struct timespec remains;
		u32 behind[2];
	} out = { { 0, 0 }, { 0x12345678, 0x9abcdef0 } };
	s64 start, sum;

	handle(SIGUSR1, (u32)nothing, 0, 0);
	print("ready inside 407 then signal 10\n");
	start = milliseconds();
	same("nanosleep", (u64)-EINTR, sleep(&time, &out.remains));
	sum = milliseconds() - start + out.remains.seconds * 1000 +
	      (u32)out.remains.nanoseconds / 1000000;
	check(sum >= 999998 && sum < 1060000, "slept and remaining make another time");
	same("behind the remainder", 0x12345678, out.behind[0]);
	same("behind the remainder", 0x9abcdef0, out.behind[1]);
	wait_for_go();
}
