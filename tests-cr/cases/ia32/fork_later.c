// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a restarted 32-bit program can fork, and the child is a 32-bit program too.
 *
 * Could break: what makes a task run 32-bit code is inherited, flag by flag.
 */
#include "support.h"

static u32 data = 1;

static void run(void)
{
	s32 child;
	u32 status = 0;

	checkpoint_here();
	child = must("fork", call1(NR_fork, 0));
	if (!child) {
		u32 address = call6(NR_mmap2, 0, 4096, 3, 0x22, ~0u, 0);

		*(volatile u32 *)address = 7;
		data = 2;
		call1(NR_exit_group, *(volatile u32 *)address + 30 + data);
	}
	same("waitpid", child, must("waitpid", call3(NR_waitpid, child, &status, 0)));
	same("status of the child", 39 << 8, status);
	same("data", 1, data);
}
