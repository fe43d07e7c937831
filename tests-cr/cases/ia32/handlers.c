// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: handlers of 32-bit programs get 32-bit frames after a restart, of both kinds, and
 * return through the vdso.
 *
 * Could break: which frame a handler gets is remembered for each signal, when its action
 * is set; where it returns to lies in the vdso for 32-bit programs.
 */
#include "support.h"

static volatile u32 seen, plain, by;

static void old_style(u32 signal)
{
	plain += signal;
}

static void with_details(u32 signal, u32 *siginfo, u32 *context)
{
	u16 cs, ds;

	asm("mov %%cs, %0" : "=r" (cs));
	asm("mov %%ds, %0" : "=r" (ds));
	seen += signal;
	by = siginfo[3];
	/* uc_mcontext begins at 20: gs fs es ds edi esi ebp esp ebx edx ecx eax trapno err eip cs */
	same("ds in the frame", ds, context[5 + 3] & 0xffff);
	same("cs in the frame", cs, context[5 + 15] & 0xffff);
}

static void run(void)
{
	u32 self = call1(NR_getpid, 0);
	struct action32 now;
	u64 blocked = 0, mask = 1ull << (SIGTERM - 1), none = 0;

	handle(SIGUSR1, (u32)old_style, 0, 0);
	handle(SIGUSR2, (u32)with_details, SA_SIGINFO, mask);
	call2(NR_kill, self, SIGUSR1);
	call2(NR_kill, self, SIGUSR2);
	checkpoint_here();
	self = call1(NR_getpid, 0);
	call2(NR_kill, self, SIGUSR1);
	call2(NR_kill, self, SIGUSR2);
	same("signals of the plain handler", 2 * SIGUSR1, plain);
	same("signals of the other handler", 2 * SIGUSR2, seen);
	same("sender", self, by);
	must("rt_sigaction", call4(NR_rt_sigaction, SIGUSR2, 0, &now, 8));
	same("handler", (u32)with_details, now.handler);
	same("flags", SA_SIGINFO, now.flags);
	same("mask", mask, now.mask);
	must("rt_sigprocmask", call4(NR_rt_sigprocmask, 0, &none, &blocked, 8));
	same("blocked", 0, blocked);
}
