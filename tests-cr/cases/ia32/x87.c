// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: the x87 stack of a 32-bit program, its control, status and tag words come back.
 *
 * Could break: 32-bit programs still compute with it.
 */
#include "support.h"

void hold(const volatile char *go, u8 *before, u8 *after);
asm("hold:\n\t"
    "mov 4(%esp), %eax\n\t"
    "mov 8(%esp), %ecx\n\t"
    "mov 12(%esp), %edx\n\t"
    "fninit\n\t"
    "push $0x43f\n\t"
    "fldcw (%esp)\n\t"
    "add $4, %esp\n\t"
    "fldpi; fldl2e; fldlg2; fldz; fld1\n\t"
    "fnsave (%ecx)\n\t"
    "frstor (%ecx)\n"
    "1: pause\n\t"
    "cmpb $0x31, (%eax)\n\t"
    "jne 1b\n\t"
    "fnsave (%edx)\n\t"
    "fninit\n\t"
    "ret\n");

static void run(void)
{
	const volatile char *go = map_go();
	static u8 before[108], after[108];

	ready();
	hold(go, before, after);
	same("control word", 0x43f, before[0] | before[1] << 8);
	check(equal(before, after, 12), "control, status, tag words");
	check(equal(before + 28, after + 28, 80), "the stack");
}
