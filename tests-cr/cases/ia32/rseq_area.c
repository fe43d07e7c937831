// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: the rseq area of a 32-bit program stays registered, and the kernel goes on writing
 * to it.
 *
 * Could break: what the kernel remembers of the area has to agree with what is in it.
 */
#include "support.h"

struct area {
	u32 cpu_start, cpu;
	u64 critical_section;
	u32 flags, node, concurrency, end;
} __attribute__((aligned(32)));

#define SIGNATURE 0x53053053

static void run(void)
{
	static struct area area;
	s32 again;

	must("rseq", call4(NR_rseq, &area, 32, 0, SIGNATURE));
	checkpoint_here();
	check(area.cpu < 4096 && area.cpu == area.cpu_start, "the number of the CPU is not there");
	area.cpu = area.cpu_start = 4096;
	for (int i = 0; i < 100 && area.cpu >= 4096; i++) {
		struct timespec pause = { 0, 1000000 };

		sleep(&pause, 0);
	}
	check(area.cpu < 4096, "the kernel no longer writes the number of the CPU");
	again = call4(NR_rseq, &area, 32, 0, SIGNATURE);
	same("registering it again", (u64)-16, again);
	must("rseq", call4(NR_rseq, &area, 32, 1, SIGNATURE));
}
