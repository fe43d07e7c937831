// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: a 32-bit program that has jumped into 64-bit code comes back there, with all
 * sixteen registers, and jumps back afterwards.
 *
 * Could break: the kernel shows registers of a task in the layout of the code that it runs
 * at the moment, which is not that of its program.
 */
#include "support.h"

void hold64(const volatile char *go, u32 *held);
asm("hold64:\n\t"
    "push %ebp; push %ebx; push %esi; push %edi\n\t"
    "mov 20(%esp), %edi\n\t"
    "mov 24(%esp), %esi\n\t"
    "ljmp $0x33, $1f\n"
    ".code64\n"
    "1: movabs $0x8888888877777777, %r8\n\t"
    "movabs $0x9999999966666666, %r9\n\t"
    "movabs $0xffffffff11111111, %r15\n\t"
    "movabs $0x1234567800000000, %rax\n"
    "2: pause\n\t"
    "cmpb $0x31, (%rdi)\n\t"
    "jne 2b\n\t"
    "mov %r8, (%rsi)\n\t"
    "mov %r9, 8(%rsi)\n\t"
    "mov %r15, 16(%rsi)\n\t"
    "mov %rax, 24(%rsi)\n\t"
    "sub $16, %rsp\n\t"
    "movl $3f, (%rsp)\n\t"
    "movl $0x23, 4(%rsp)\n\t"
    "ljmp *(%rsp)\n"
    ".code32\n"
    "3: add $16, %esp\n\t"
    "pop %edi; pop %esi; pop %ebx; pop %ebp\n\t"
    "ret\n");

static void run(void)
{
	const volatile char *go = map_go();
	static u32 held[8];

	ready();
	hold64(go, held);
	same("r8", 0x8888888877777777, (u64)held[1] << 32 | held[0]);
	same("r9", 0x9999999966666666, (u64)held[3] << 32 | held[2]);
	same("r15", 0xffffffff11111111, (u64)held[5] << 32 | held[4]);
	same("rax", 0x1234567800000000, (u64)held[7] << 32 | held[6]);
}
