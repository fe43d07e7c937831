// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit poll goes on with what remained of its timeout.
 *
 * Could break: as a 32-bit call it goes on through another number than a 64-bit one.
 */
#include "support.h"

static void run(void)
{
	s64 start = milliseconds();

	print("ready inside 168 for a while\n");
	same("poll", 0, call3(NR_poll, 0, 0, a_while() * 1000));
	over(milliseconds() - start);
	wait_for_go();
}
