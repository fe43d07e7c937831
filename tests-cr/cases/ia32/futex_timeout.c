// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit futex wait goes on with what remained of its timeout.
 *
 * Could break: address and value are remembered by the kernel, the timeout as a deadline.
 */
#include "support.h"

static void run(void)
{
	struct timespec time = { 5, 0 };
	s64 start = milliseconds(), passed;
	u32 word = 5;

	print("ready inside 422\n");
	same("futex", (u64)-ETIMEDOUT, call4(NR_futex, &word, 128, 5, &time));
	passed = milliseconds() - start;
	check(passed >= 5000 && passed < 12000, "5 seconds took another time");
	wait_for_go();
}
