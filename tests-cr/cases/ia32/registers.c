// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: every register, selector and flag of a 32-bit task that was stopped in user code
 * comes back.
 *
 * Could break: registers are saved in the layout of 64-bit ones, and the way back to user
 * space must be the one for 32-bit code.
 */
#include "support.h"

struct held {
	u32 ax, bx, cx, dx, si, bp, flags;
	u16 cs, ss, ds, es, fs, gs;
};

/* Direction, overflow, carry; what else is set then is compared as it is. */
#define FLAGS 0xc03

void hold(const volatile char *go, struct held *held, u32 flags);
asm("hold:\n\t"
    "push %ebp; push %ebx; push %esi; push %edi\n\t"
    "mov 20(%esp), %edi\n\t"
    "pushl 28(%esp)\n\t"
    "mov $0x11010101, %eax\n\t"
    "mov $0x22020202, %ebx\n\t"
    "mov $0x33030303, %ecx\n\t"
    "mov $0x44040404, %edx\n\t"
    "mov $0x55050505, %esi\n\t"
    "mov $0x66060606, %ebp\n\t"
    "popf\n"
    "1: pause\n\t"
    "push %ecx\n\t"
    "movzbl (%edi), %ecx\n\t"
    "lea -0x31(%ecx), %ecx\n\t"
    "jecxz 2f\n\t"
    "pop %ecx\n\t"
    "jmp 1b\n"
    "2: pop %ecx\n\t"
    "mov 24(%esp), %edi\n\t"
    "mov %eax, (%edi)\n\t"
    "pushf\n\t"
    "popl 24(%edi)\n\t"
    "cld\n\t"
    "mov %ebx, 4(%edi)\n\t"
    "mov %ecx, 8(%edi)\n\t"
    "mov %edx, 12(%edi)\n\t"
    "mov %esi, 16(%edi)\n\t"
    "mov %ebp, 20(%edi)\n\t"
    "movw %cs, 28(%edi)\n\t"
    "movw %ss, 30(%edi)\n\t"
    "movw %ds, 32(%edi)\n\t"
    "movw %es, 34(%edi)\n\t"
    "movw %fs, 36(%edi)\n\t"
    "movw %gs, 38(%edi)\n\t"
    "pop %edi; pop %esi; pop %ebx; pop %ebp\n\t"
    "ret\n");

static void run(void)
{
	const volatile char *go = map_go();
	static struct held held;
	u16 cs, ss, ds, es;

	asm("mov %%cs, %0" : "=r" (cs));
	asm("mov %%ss, %0" : "=r" (ss));
	asm("mov %%ds, %0" : "=r" (ds));
	asm("mov %%es, %0" : "=r" (es));
	ready();
	hold(go, &held, FLAGS);
	same("eax", 0x11010101, held.ax);
	same("ebx", 0x22020202, held.bx);
	same("ecx", 0x33030303, held.cx);
	same("edx", 0x44040404, held.dx);
	same("esi", 0x55050505, held.si);
	same("ebp", 0x66060606, held.bp);
	same("flags", FLAGS, held.flags & ~0x200u);
	same("cs", cs, held.cs);
	same("ss", ss, held.ss);
	same("ds", ds, held.ds);
	same("es", es, held.es);
	same("fs", 0, held.fs);
	same("gs", 0, held.gs);
}
