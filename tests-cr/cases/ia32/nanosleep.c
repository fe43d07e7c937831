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
	struct timespec time = { a_while(), 0 };
	s64 start = milliseconds();

	print("ready inside 407 for a while\n");
	same("nanosleep", 0, sleep(&time, 0));
	over(milliseconds() - start);
	wait_for_go();
}
