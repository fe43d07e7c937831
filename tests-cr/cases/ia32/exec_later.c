// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a restarted 32-bit program can execute a program again.
 *
 * Could break: execve takes the restored address space down, and its kind with it.
 */
#include "support.h"

static void run(void)
{
	const char *argv[] = { "/proc/self/exe", "again", 0 };

	if (environment[-2] == 0 || !equal((const char *)environment[-2], "again", 6)) {
		checkpoint_here();
		call3(NR_execve, argv[0], argv, environment);
		check(0, "execve failed");
	}
	check(auxiliary(6) == 4096, "the new program has no auxiliary vector");
}
