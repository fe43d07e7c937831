// SPDX-License-Identifier: GPL-2.0
/* Registers of x86-64, and what a thread may have asked of its CPU. */
#include <linux/elf.h>
#include <linux/mmu_context.h>
#include <linux/ptrace.h>
#include <linux/regset.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <asm/desc.h>
#include <asm/fpu/api.h>
#include <asm/fpu/sched.h>
#include <asm/fpu/types.h>
#include <asm/fpu/xcr.h>
#include <asm/fpu/xstate.h>

#include "glue.h"

static u64 fact(enum ckpt_fact which, bool is)
{
	return is ? BIT_ULL(which) : 0;
}

static bool has_debug_registers(struct thread_struct *thread)
{
	for (int i = 0; i < HBP_NUM; i++) {
		if (thread->ptrace_bps[i])
			return true;
	}
	return thread->ptrace_dr7;
}

static bool has_tls_segments(struct thread_struct *thread)
{
	for (int i = 0; i < GDT_ENTRY_TLS_ENTRIES; i++) {
		if (thread->tls_array[i].p || thread->tls_array[i].limit0)
			return true;
	}
	return false;
}

u64 ckpt_task_facts_arch(struct task_struct *task)
{
	struct thread_struct *thread = &task->thread;
	unsigned long flags = READ_ONCE(task_thread_info(task)->flags);
	struct mm_struct *mm = get_task_mm(task);
	u64 facts = 0;

	facts |= fact(CKPT_FACT_DEBUG_REGISTERS, has_debug_registers(thread));
	facts |= fact(CKPT_FACT_IO_PORTS, thread->io_bitmap || thread->iopl_emul);
	facts |= fact(CKPT_FACT_TLS_SEGMENTS, has_tls_segments(thread));
#ifdef CONFIG_X86_USER_SHADOW_STACK
	facts |= fact(CKPT_FACT_SHADOW_STACK, thread->features || thread->features_locked);
#endif
	facts |= fact(CKPT_FACT_DYNAMIC_XSTATE,
		      x86_task_fpu(task)->fpstate->user_xfeatures & XFEATURE_MASK_USER_DYNAMIC);
	facts |= fact(CKPT_FACT_STEPPING,
		      flags & (_TIF_FORCED_TF | _TIF_SINGLESTEP | _TIF_BLOCKSTEP));
	facts |= fact(CKPT_FACT_SPECULATION,
		      flags & (_TIF_SPEC_L1D_FLUSH | _TIF_SPEC_FORCE_UPDATE));
	facts |= fact(CKPT_FACT_COMPAT_MODE,
		      (flags & _TIF_ADDR32) || !user_64bit_mode(task_pt_regs(task)) ||
		      (task_thread_info(task)->status & TS_COMPAT));
	facts |= fact(CKPT_FACT_TSC_OR_CPUID, flags & (_TIF_NOTSC | _TIF_NOCPUID));
	if (!mm)
		return facts;
#ifdef CONFIG_MODIFY_LDT_SYSCALL
	facts |= fact(CKPT_FACT_MM_LDT, READ_ONCE(mm->context.ldt));
#endif
#ifdef CONFIG_ADDRESS_MASKING
	facts |= fact(CKPT_FACT_MM_LAM, mm->context.lam_cr3_mask);
#endif
#ifdef CONFIG_X86_INTEL_MEMORY_PROTECTION_KEYS
	facts |= fact(CKPT_FACT_MM_PKEYS,
		      cpu_feature_enabled(X86_FEATURE_OSPKE) &&
		      (mm->context.pkey_allocation_map & ~1));
#endif
	mmput(mm);
	return facts;
}

/* What an exec of a 64-bit program gives its address space. */
void ckpt_mm_renew_arch(struct mm_struct *mm)
{
	__set_bit(MM_CONTEXT_HAS_VSYSCALL, &mm->context.flags);
}

static const struct user_regset *find_regset(struct task_struct *task, unsigned int note)
{
	const struct user_regset_view *view = task_user_regset_view(task);

	for (unsigned int i = 0; i < view->n; i++) {
		if (view->regsets[i].core_note_type == note)
			return &view->regsets[i];
	}
	return NULL;
}

/* Without XSAVE there is no complete picture of the registers. */
bool ckpt_registers_ready(void)
{
	return cpu_feature_enabled(X86_FEATURE_XSAVE);
}

int ckpt_registers_get(struct task_struct *task, u64 *registers)
{
	unsigned int size = CKPT_REGISTERS * sizeof(u64);
	int ret = regset_get(task, find_regset(task, NT_PRSTATUS), size, registers);

	return ret < 0 ? ret : ret == size ? 0 : -EIO;
}

int ckpt_registers_set(struct task_struct *task, const u64 *registers)
{
	const struct user_regset *regset = find_regset(task, NT_PRSTATUS);

	return regset->set(task, regset, 0, CKPT_REGISTERS * sizeof(u64), registers, NULL);
}

u32 ckpt_xstate_size(void)
{
	return fpu_user_cfg.max_size;
}

u64 ckpt_xstate_features(void)
{
	return fpu_user_cfg.max_features;
}

u64 ckpt_hwcap(u32 which)
{
	return which ? ELF_HWCAP2 : ELF_HWCAP;
}

int ckpt_xstate_get(struct task_struct *task, void *buffer, u32 size)
{
	int ret = regset_get(task, find_regset(task, NT_X86_XSTATE), size, buffer);

	return ret < 0 ? ret : ret == size ? 0 : -EIO;
}

int ckpt_xstate_set(struct task_struct *task, const void *buffer, u32 size)
{
	const struct user_regset *regset = find_regset(task, NT_X86_XSTATE);

	return regset->set(task, regset, 0, size, buffer, NULL);
}

/* What restart(2) returns, so that the register of the saved task comes back unchanged. */
long ckpt_return_value(void)
{
	return current_pt_regs()->ax;
}
