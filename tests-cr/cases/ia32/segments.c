// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: thread-local storage of 32-bit programs comes back: segments of set_thread_area(2),
 * and the selectors that point to them.
 *
 * Could break: the segments are in a table that the CPU reads when a selector is loaded, so
 * they have to be there first; each task has its own.
 */
#include "support.h"

struct user_desc {
	u32 entry, base, limit, flags;
};

#define SEG_32BIT 1
#define READ_ONLY (1 << 3)
#define LIMIT_IN_PAGES (1 << 4)
#define NOT_PRESENT (1 << 5)
#define USEABLE (1 << 6)

static u32 behind_gs[4] = { 0x67730001, 0x67730002, 0x67730003, 0x67730004 };
static u32 behind_fs[4] = { 0x66730001, 0x66730002, 0x66730003, 0x66730004 };

static u32 word(int of_fs, u32 offset)
{
	u32 value;

	if (of_fs)
		asm volatile("mov %%fs:(%1), %0" : "=r" (value) : "r" (offset));
	else
		asm volatile("mov %%gs:(%1), %0" : "=r" (value) : "r" (offset));
	return value;
}

static void compare(const char *what, const struct user_desc *before)
{
	struct user_desc now = { .entry = before->entry };

	must("get_thread_area", call1(NR_get_thread_area, &now));
	same(what, before->base, now.base);
	same(what, before->limit, now.limit);
	same(what, before->flags, now.flags);
}

static void run(void)
{
	struct user_desc gs = { ~0u, (u32)behind_gs, 0xfffff, SEG_32BIT | LIMIT_IN_PAGES | USEABLE };
	struct user_desc fs = { ~0u, (u32)behind_fs, 15, SEG_32BIT | READ_ONLY };
	struct user_desc none = { 0, 0, 0, READ_ONLY | NOT_PRESENT };
	const volatile char *go = map_go();
	u32 at_fs, at_gs;

	must("set_thread_area", call1(NR_set_thread_area, &gs));
	must("set_thread_area", call1(NR_set_thread_area, &fs));
	none.entry = fs.entry + 1;
	asm volatile("mov %w0, %%gs" :: "r" (gs.entry << 3 | 3));
	asm volatile("mov %w0, %%fs" :: "r" (fs.entry << 3 | 3));
	ready();
	while (*go != '1')
		asm volatile("pause");
	asm volatile("mov %%fs, %0" : "=r" (at_fs));
	asm volatile("mov %%gs, %0" : "=r" (at_gs));
	same("fs", fs.entry << 3 | 3, at_fs & 0xffff);
	same("gs", gs.entry << 3 | 3, at_gs & 0xffff);
	for (u32 i = 0; i < 4; i++) {
		same("word behind gs", behind_gs[i], word(0, i * 4));
		same("word behind fs", behind_fs[i], word(1, i * 4));
	}
	compare("segment of gs", &gs);
	compare("segment of fs", &fs);
	compare("unused segment", &none);
	/* They can be loaded again, and the next free one is the one that was free. */
	asm volatile("mov %w0, %%gs" :: "r" (0));
	asm volatile("mov %w0, %%gs" :: "r" (gs.entry << 3 | 3));
	same("word behind gs, loaded again", behind_gs[1], word(0, 4));
	fs.entry = ~0u;
	must("set_thread_area", call1(NR_set_thread_area, &fs));
	same("next free segment", none.entry, fs.entry);
}
