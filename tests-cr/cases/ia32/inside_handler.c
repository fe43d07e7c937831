// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit program that is checkpointed inside a handler, on an alternate stack,
 * returns to where it was.
 *
 * Could break: sigreturn takes selectors and x87 state from the frame, and the stub that
 * calls it is in the vdso.
 */
#include "support.h"

static u8 stack[65536] __attribute__((aligned(16)));
static volatile u32 depth;

static void wait_inside(u32 signal)
{
	u32 here = (u32)&signal;

	check(here >= (u32)stack && here < (u32)stack + sizeof(stack), "not on the other stack");
	checkpoint_here();
	depth = signal;
}

static void run(void)
{
	long double value = 3.140625L, back;
	u32 alternate[3] = { (u32)stack, 0, sizeof(stack) }, now[3];
	u32 self = call1(NR_getpid, 0);
	u32 ax = NR_kill, bx = self, cx = SIGUSR1, dx = 0x44040404, si = 0x55050505, di = 0x77070707;

	must("sigaltstack", call2(NR_sigaltstack, alternate, 0));
	handle(SIGUSR1, (u32)wait_inside, 0x08000000, 0);
	asm volatile("fldt %7\n\t"
		     "int $0x80\n\t"
		     "fstpt %6"
		     : "+a" (ax), "+b" (bx), "+c" (cx), "+d" (dx), "+S" (si), "+D" (di), "=m" (back)
		     : "m" (value)
		     : "memory");
	same("handler ran", SIGUSR1, depth);
	same("eax", 0, ax);
	same("ebx", self, bx);
	same("ecx", SIGUSR1, cx);
	same("edx", 0x44040404, dx);
	same("esi", 0x55050505, si);
	same("edi", 0x77070707, di);
	check(back == value, "the x87 stack");
	must("sigaltstack", call2(NR_sigaltstack, 0, now));
	same("alternate stack", alternate[0], now[0]);
	same("its size", alternate[2], now[2]);
	same("its flags", 0, now[1]);
}
