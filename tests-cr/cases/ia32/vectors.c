// SPDX-License-Identifier: GPL-2.0
/*
 * Fact: the vector registers of a 32-bit program and their control register come back.
 *
 * Could break: 32-bit code sees half of them, but the kernel keeps all.
 */
#include "support.h"

#define CONTROL 0x7fa0

void hold(const volatile char *go, const u8 *values, u8 *held);
asm("hold:\n\t"
    "mov 4(%esp), %eax\n\t"
    "mov 8(%esp), %ecx\n\t"
    "mov 12(%esp), %edx\n\t"
    "push $0x7fa0\n\t"
    "ldmxcsr (%esp)\n\t"
    "movups (%ecx), %xmm0\n\t"
    "movups 16(%ecx), %xmm1\n\t"
    "movups 32(%ecx), %xmm6\n\t"
    "movups 48(%ecx), %xmm7\n"
    "1: pause\n\t"
    "cmpb $0x31, (%eax)\n\t"
    "jne 1b\n\t"
    "movups %xmm0, (%edx)\n\t"
    "movups %xmm1, 16(%edx)\n\t"
    "movups %xmm6, 32(%edx)\n\t"
    "movups %xmm7, 48(%edx)\n\t"
    "stmxcsr 64(%edx)\n\t"
    "add $4, %esp\n\t"
    "ret\n");

static void run(void)
{
	const volatile char *go = map_go();
	static u8 values[64], held[68];

	for (u32 i = 0; i < sizeof(values); i++)
		values[i] = i * 7 + 1;
	ready();
	hold(go, values, held);
	check(equal(values, held, sizeof(values)), "a vector register");
	same("mxcsr", CONTROL, *(u32 *)(held + 64));
}
