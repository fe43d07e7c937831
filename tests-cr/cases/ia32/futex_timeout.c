// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit futex wait goes on with what remained of its timeout.
 *
 * Could break: address and value are remembered by the kernel, the timeout as a deadline.
 */
#include "support.h"

static void run(void)
{
	struct timespec time = { a_while(), 0 };
	s64 start = milliseconds();
	u32 word = 5;

	print("ready inside 422 for a while\n");
	same("futex", (u64)-ETIMEDOUT, call4(NR_futex, &word, 128, 5, &time));
	over(milliseconds() - start);
	wait_for_go();
}
