// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit computation that never enters the kernel goes on as if nothing had
 * happened.
 *
 * Could break: the task that restores it runs 64-bit code; one wrong selector and the
 * same bytes are other instructions.
 */
#include "support.h"

#define FACTOR 1664525u
#define TERM 1013904223u

static u32 after_steps(u32 x, u32 count)
{
	u32 factor = FACTOR, term = TERM;

	for (; count; count >>= 1) {
		if (count & 1)
			x = x * factor + term;
		term = term * factor + term;
		factor *= factor;
	}
	return x;
}

static void run(void)
{
	const volatile char *go = map_go();
	u32 x = 42, steps = 0;

	ready();
	while (*go != '1') {
		for (u32 i = 0; i < 1000; i++)
			x = x * FACTOR + TERM;
		steps += 1000;
	}
	check(steps > 0, "the loop did not run");
	same("result", after_steps(42, steps), x);
}
