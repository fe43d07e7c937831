// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: memory of a 32-bit program comes back, and new mappings go where it can reach them:
 * below 4 GiB, and as far up as before.
 *
 * Could break: the end of the address space and the place for new mappings are those of the
 * program, not of the task that restores it.
 */
#include "support.h"

#define PAGE 4096
#define MAP_PRIVATE_ANONYMOUS 0x22
#define MAP_FIXED 0x10

static s32 map(u32 address, u32 flags)
{
	return call6(NR_mmap2, address, PAGE, 3, MAP_PRIVATE_ANONYMOUS | flags, ~0u, 0);
}

static void run(void)
{
	u32 break_before = call1(NR_brk, 0), high = 0xffff0000, first, second;
	s32 beyond, beyond_now;

	must("brk", call1(NR_brk, break_before + 3 * PAGE));
	*(volatile u32 *)(break_before + PAGE) = 0x62726b31;
	/* As high as it goes, above 3 GiB. */
	must("mmap", map(high, MAP_FIXED));
	*(volatile u32 *)high = 0x68696768;
	beyond = map(0xffffe000, MAP_FIXED);
	first = must("mmap", map(0, 0));
	*(volatile u32 *)first = 0x66697273;
	checkpoint_here();
	same("brk", break_before + 3 * PAGE, (u32)call1(NR_brk, 0));
	same("word in the heap", 0x62726b31, *(volatile u32 *)(break_before + PAGE));
	same("word near 4 GiB", 0x68696768, *(volatile u32 *)high);
	same("word in a mapping", 0x66697273, *(volatile u32 *)first);
	beyond_now = map(0xffffe000, MAP_FIXED);
	same("a mapping at the end", beyond, beyond_now);
	/* Top down: right below the last one. */
	second = must("mmap", map(0, 0));
	same("the next mapping", first - PAGE, second);
	*(volatile u32 *)second = 1;
	must("brk", call1(NR_brk, break_before + 5 * PAGE));
	*(volatile u32 *)(break_before + 4 * PAGE) = 1;
	must("munmap", call2(NR_munmap, second, PAGE));
}
