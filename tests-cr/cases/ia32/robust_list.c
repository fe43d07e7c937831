// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: the robust list of a 32-bit program stays registered, and is not the one of 64-bit
 * programs.
 *
 * Could break: a thread has two, one for each kind of program.
 */
#include "support.h"

static void run(void)
{
	static u32 head[3];
	u32 now = 0, size = 0;

	head[0] = (u32)head;
	must("set_robust_list", call2(NR_set_robust_list, head, sizeof(head)));
	checkpoint_here();
	must("get_robust_list", call3(NR_get_robust_list, 0, &now, &size));
	same("robust list", (u32)head, now);
	same("its size", sizeof(head), size);
}
