// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit sleep goes on with what remained of it.
 *
 * Could break: it goes on through restart_syscall(2), whose number is another one for
 * 32-bit programs.
 */
#include "support.h"

static void run(void)
{
	struct timespec time = { 5, 0 };
	s64 start = milliseconds(), passed;

	print("ready inside 407\n");
	same("nanosleep", 0, sleep(&time, 0));
	passed = milliseconds() - start;
	check(passed >= 5000 && passed < 12000, "5 seconds took another time");
	wait_for_go();
}
