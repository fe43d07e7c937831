// SPDX-License-Identifier: GPL-2.0
/* Registers of x86-64, and what a thread may have asked of its CPU. */
#include <linux/elf.h>
#include <linux/mmu_context.h>
#include <linux/pkeys.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/regset.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <asm/cpuid/api.h>
#include <asm/desc.h>
#include <asm/fpu/api.h>
#include <asm/fpu/sched.h>
#include <asm/fpu/types.h>
#include <asm/fpu/xcr.h>
#include <asm/fpu/xstate.h>
#include <asm/ia32.h>
#include <asm/io_bitmap.h>
#include <asm/prctl.h>
#include <asm/proto.h>
#include <asm/vdso.h>

#include "../../../arch/x86/kernel/process.h"
#include "../../../arch/x86/kernel/tls.h"
#include "glue.h"

static bool has_debug_registers(struct thread_struct *thread)
{
	for (int i = 0; i < HBP_NUM; i++) {
		if (thread->ptrace_bps[i])
			return true;
	}
	return thread->ptrace_dr7;
}

/* Permission is enough: the registers come with their first use. */
static bool has_dynamic_xstate(struct task_struct *task)
{
	struct fpu *process = x86_task_fpu(task->group_leader);

	return (x86_task_fpu(task)->fpstate->user_xfeatures |
		READ_ONCE(process->perm.__state_perm) |
		READ_ONCE(process->guest_perm.__state_perm)) & XFEATURE_MASK_USER_DYNAMIC;
}

/* Has an x32 call set what a signal does? It would find a stack made as x32 has it. */
static bool has_x32_action(struct task_struct *task)
{
	unsigned long flags;
	bool found = false;

	if (!lock_task_sighand(task, &flags))
		return false;
	for (int i = 0; i < _NSIG; i++) {
		if (task->sighand->action[i].sa.sa_flags & SA_X32_ABI)
			found = true;
	}
	unlock_task_sighand(task, &flags);
	return found;
}

u64 ckpt_task_facts_arch(struct task_struct *task)
{
	struct thread_struct *thread = &task->thread;
	unsigned long flags = READ_ONCE(task_thread_info(task)->flags);
	struct mm_struct *mm = get_task_mm(task);
	u64 facts = 0;

	facts |= fact(CKPT_FACT_DEBUG_REGISTERS, has_debug_registers(thread));
	facts |= fact(CKPT_FACT_IO_PORTS, thread->io_bitmap || thread->iopl_emul);
#ifdef CONFIG_X86_USER_SHADOW_STACK
	facts |= fact(CKPT_FACT_SHADOW_STACK, thread->features);
#endif
	facts |= fact(CKPT_FACT_DYNAMIC_XSTATE, has_dynamic_xstate(task));
	facts |= fact(CKPT_FACT_STEPPING,
		      flags & (_TIF_FORCED_TF | _TIF_SINGLESTEP | _TIF_BLOCKSTEP));
	facts |= fact(CKPT_FACT_X32_MODE, has_x32_action(task));
	if (!mm)
		return facts;
	facts |= fact(CKPT_FACT_X32_MODE,
		      (flags & _TIF_ADDR32) &&
		      !test_bit(MM_CONTEXT_UPROBE_IA32, &mm->context.flags));
	mmput(mm);
	return facts;
}

/* What kind of program it is, and keys and tags, as their calls know them. */
void ckpt_mm_get_arch(struct mm_struct *mm, struct ckpt_mm *out)
{
	if (test_bit(MM_CONTEXT_UPROBE_IA32, &mm->context.flags))
		out->settings |= CKPT_MM_COMPAT;
#ifdef CONFIG_IA32_EMULATION
	if (mm->context.vdso_image == &vdso32_image)
		out->settings |= CKPT_MM_COMPAT_VDSO;
#endif
#ifdef CONFIG_X86_INTEL_MEMORY_PROTECTION_KEYS
	if (cpu_feature_enabled(X86_FEATURE_OSPKE)) {
		out->keys = mm->context.pkey_allocation_map & ~1;
		if (!(mm->context.pkey_allocation_map & 1))
			out->settings |= CKPT_MM_KEY_ZERO_FREE;
		out->execute_only_key = mm->context.execute_only_pkey + 1;
	}
#endif
#ifdef CONFIG_ADDRESS_MASKING
	if (mm->context.lam_cr3_mask)
		out->tag_bits = hweight64(~mm->context.untag_mask);
	if (test_bit(MM_CONTEXT_FORCE_TAGGED_SVA, &mm->context.flags))
		out->settings |= CKPT_MM_TAGGED_SVA;
#endif
	if (test_bit(MM_CONTEXT_LOCK_LAM, &mm->context.flags))
		out->settings |= CKPT_MM_TAGS_LOCKED;
}

int ckpt_mm_settle_arch(const struct ckpt_mm *in)
{
	struct mm_struct *mm = current->mm;
	int ret = 0;

	if (in->keys || in->execute_only_key || (in->settings & CKPT_MM_KEY_ZERO_FREE)) {
#ifdef CONFIG_X86_INTEL_MEMORY_PROTECTION_KEYS
		u32 keys = in->keys;

		if (!(in->settings & CKPT_MM_KEY_ZERO_FREE))
			keys |= 1;
		if (keys >> arch_max_pkey() || in->execute_only_key > arch_max_pkey())
			return -EINVAL;
		mmap_write_lock(mm);
		mm->context.pkey_allocation_map = keys;
		mm->context.execute_only_pkey = (int)in->execute_only_key - 1;
		mmap_write_unlock(mm);
#else
		return -EOPNOTSUPP;
#endif
	}
#ifdef CONFIG_ADDRESS_MASKING
	if (in->settings & CKPT_MM_TAGGED_SVA)
		ret = do_arch_prctl_64(current, ARCH_FORCE_TAGGED_SVA, 0);
	if (!ret && in->tag_bits)
		ret = do_arch_prctl_64(current, ARCH_ENABLE_TAGGED_ADDR, in->tag_bits);
#else
	if (in->tag_bits || (in->settings & CKPT_MM_TAGGED_SVA))
		ret = -EOPNOTSUPP;
#endif
	if (!ret && (in->settings & CKPT_MM_TAGS_LOCKED))
		set_bit(MM_CONTEXT_LOCK_LAM, &mm->context.flags);
	return ret;
}

/*
 * What an exec of such a program gives current and its new address space; NULL
 * if this kernel runs none.
 */
struct linux_binfmt *ckpt_mm_renew_arch(struct mm_struct *mm, bool compat)
{
	if (!compat) {
		clear_thread_flag(TIF_ADDR32);
		__set_bit(MM_CONTEXT_HAS_VSYSCALL, &mm->context.flags);
		return &elf_format;
	}
#ifdef CONFIG_IA32_EMULATION
	if (ia32_enabled()) {
		set_thread_flag(TIF_ADDR32);
		__set_bit(MM_CONTEXT_UPROBE_IA32, &mm->context.flags);
		return &compat_elf_format;
	}
#endif
	return NULL;
}

/* Addresses as the one has them whose address space current shares now. */
void ckpt_mm_share_arch(struct task_struct *with)
{
	if (test_tsk_thread_flag(with, TIF_ADDR32))
		set_thread_flag(TIF_ADDR32);
	else
		clear_thread_flag(TIF_ADDR32);
}

/*
 * The caller is in a 64-bit system call, so its view is the 64-bit one: all of
 * the registers, also for a thread that runs 32-bit code at the moment.
 */
static const struct user_regset *find_regset(unsigned int note)
{
	const struct user_regset_view *view = task_user_regset_view(current);

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

/* They lie on the stack of the task, which somebody may kill: -ESRCH once it is gone. */
int ckpt_registers_get(struct task_struct *task, u64 *registers)
{
	unsigned int size = CKPT_REGISTERS * sizeof(u64);
	int ret;

	if (!try_get_task_stack(task))
		return -ESRCH;
	ret = regset_get(task, find_regset(NT_PRSTATUS), size, registers);
	put_task_stack(task);
	return ret < 0 ? ret : ret == size ? 0 : -EIO;
}

int ckpt_registers_set(struct task_struct *task, const u64 *registers)
{
	const struct user_regset *regset = find_regset(NT_PRSTATUS);
	u64 flags = registers[offsetof(struct user_regs_struct, flags) / sizeof(u64)];
	struct pt_regs *regs;
	int ret;

	if (!try_get_task_stack(task))
		return -ESRCH;
	ret = regset->set(task, regset, 0, CKPT_REGISTERS * sizeof(u64), registers, NULL);
	/* Programs can change this one too, debuggers cannot. */
	regs = task_pt_regs(task);
	regs->flags = (regs->flags & ~X86_EFLAGS_ID) | (flags & X86_EFLAGS_ID);
	put_task_stack(task);
	return ret;
}

static_assert(sizeof(struct ckpt_segment) == sizeof(struct user_desc));
static_assert(CKPT_SEGMENTS == GDT_ENTRY_TLS_ENTRIES);

#ifdef CONFIG_MODIFY_LDT_SYSCALL
/* Entries of the table, or -E2BIG if there are more; @entries may be NULL. */
int ckpt_local_descriptors_get(struct mm_struct *mm, struct ckpt_segment *entries, u32 max)
{
	const struct ldt_struct *ldt;
	int count = 0;

	mutex_lock(&mm->context.lock);
	ldt = mm->context.ldt;
	if (ldt)
		count = entries && ldt->nr_entries > max ? -E2BIG : ldt->nr_entries;
	for (int i = 0; entries && i < count; i++)
		fill_user_desc((struct user_desc *)&entries[i], i, &ldt->entries[i]);
	mutex_unlock(&mm->context.lock);
	return count;
}

int ckpt_local_descriptor_set(const struct ckpt_segment *entry)
{
	return ldt_set_entry((const struct user_desc *)entry, 0);
}
#else
int ckpt_local_descriptors_get(struct mm_struct *mm, struct ckpt_segment *entries, u32 max)
{
	return 0;
}

int ckpt_local_descriptor_set(const struct ckpt_segment *entry)
{
	return -EOPNOTSUPP;
}
#endif

/* What a thread has of its CPU besides registers. */
void ckpt_cpu_get(struct task_struct *task, struct ckpt_cpu *cpu)
{
	const struct thread_struct *thread = &task->thread;
	unsigned long flags = READ_ONCE(task_thread_info(task)->flags);
	u32 status = task_thread_info(task)->status;
	struct membuf tls = { .p = cpu->tls, .left = sizeof(cpu->tls) };

	memset(cpu, 0, sizeof(*cpu));
	cpu->no_tsc = flags & _TIF_NOTSC;
	cpu->no_cpuid = flags & _TIF_NOCPUID;
	cpu->compat_call = status & TS_COMPAT;
	cpu->compat_poked = status & TS_I386_REGS_POKED;
	regset_tls_get(task, NULL, tls);
	cpu->trap = thread->trap_nr;
	cpu->error_code = thread->error_code;
	cpu->fault_address = thread->cr2;
	cpu->debug_status = thread->virtual_dr6;
#ifdef CONFIG_X86_USER_SHADOW_STACK
	cpu->locked_features = thread->features_locked;
#endif
}

/* For a thread that is off its CPU; it is loaded when it next runs. */
int ckpt_cpu_set(struct task_struct *task, const struct ckpt_cpu *cpu)
{
	struct thread_struct *thread = &task->thread;
	u32 status = task_thread_info(task)->status & ~(TS_COMPAT | TS_I386_REGS_POKED);
	int ret = regset_tls_set(task, NULL, 0, sizeof(cpu->tls), cpu->tls, NULL);

	if (ret)
		return ret;
	if (cpu->compat_call)
		status |= TS_COMPAT;
	if (cpu->compat_poked)
		status |= TS_I386_REGS_POKED;
	task_thread_info(task)->status = status;
	thread->trap_nr = cpu->trap;
	thread->error_code = cpu->error_code;
	thread->cr2 = cpu->fault_address;
	thread->virtual_dr6 = cpu->debug_status;
#ifdef CONFIG_X86_USER_SHADOW_STACK
	thread->features_locked = cpu->locked_features;
#endif
	return 0;
}

/*
 * For the thread itself: what is switched in the CPU at once. Nothing of the
 * restarter's is inherited.
 */
int ckpt_cpu_prepare(const struct ckpt_cpu *cpu)
{
	long ret;

#ifdef CONFIG_X86_USER_SHADOW_STACK
	/* It lies in the address space that is gone. */
	if (current->thread.features)
		return -EBUSY;
#endif
	if (test_thread_flag(TIF_IO_BITMAP))
		io_bitmap_exit(current);
	set_tsc_mode(cpu->no_tsc ? PR_TSC_SIGSEGV : PR_TSC_ENABLE);
	ret = set_cpuid_mode(!cpu->no_cpuid);
	return cpu->no_cpuid ? ret : 0;
}

/* Without what a program has to ask for: nobody who has asked is saved. */
u32 ckpt_xstate_size(void)
{
	return fpu_user_cfg.default_size;
}

u64 ckpt_xstate_features(void)
{
	return fpu_user_cfg.default_features;
}

/* What a debugger reads and writes as a whole. */
u32 ckpt_xstate_buffer_size(void)
{
	return fpu_user_cfg.max_size;
}

/* eax, ebx, ecx, edx as programs see them; zero beyond the last leaf. */
u32 ckpt_cpuid(u32 leaf, u32 subleaf, u32 which)
{
	u32 regs[4];

	if (cpuid_eax(leaf & 0x80000000) < leaf)
		return 0;
	cpuid_count(leaf, subleaf, &regs[0], &regs[1], &regs[2], &regs[3]);
	return which < ARRAY_SIZE(regs) ? regs[which] : 0;
}

u32 ckpt_signal_frame_size(void)
{
	return get_sigframe_size();
}

u64 ckpt_hwcap(u32 which)
{
	return which ? ELF_HWCAP2 : ELF_HWCAP;
}

/* Where a component lies in the layout of XSAVE; both are zero if there is none. */
void ckpt_xstate_component(u32 component, u32 *offset, u32 *size)
{
	u32 ecx, edx;

	*offset = 0;
	*size = 0;
	if (component >= FIRST_EXTENDED_XFEATURE && component < XFEATURE_MAX &&
	    (fpu_user_cfg.default_features & BIT_ULL(component)))
		cpuid_count(CPUID_LEAF_XSTATE, component, size, offset, &ecx, &edx);
}

/*
 * The rights of protection keys are kept apart from the rest, which may be older
 * than they are. And XSAVE without compaction says that vectors are unused when
 * only their control register is not.
 */
static void complete_xstate(struct task_struct *task, struct xregs_state *state, u32 size)
{
	const struct xregs_state *kept = &x86_task_fpu(task)->fpstate->regs.xsave;
	u32 offset, length;

	if (!cpu_feature_enabled(X86_FEATURE_XCOMPACTED) &&
	    !(state->header.xfeatures & (XFEATURE_MASK_SSE | XFEATURE_MASK_YMM))) {
		state->i387.mxcsr = kept->i387.mxcsr;
		state->header.xfeatures |= XFEATURE_MASK_SSE;
	}
	ckpt_xstate_component(XFEATURE_PKRU, &offset, &length);
	if (offset && offset + sizeof(u32) <= size) {
		*(u32 *)((void *)state + offset) = task->thread.pkru;
		state->header.xfeatures |= XFEATURE_MASK_PKRU;
	}
}

int ckpt_xstate_get(struct task_struct *task, void *buffer, u32 size)
{
	int ret = regset_get(task, find_regset(NT_X86_XSTATE), size, buffer);

	if (ret < 0)
		return ret;
	if (ret != size)
		return -EIO;
	complete_xstate(task, buffer, size);
	return 0;
}

int ckpt_xstate_set(struct task_struct *task, const void *buffer, u32 size)
{
	const struct user_regset *regset = find_regset(NT_X86_XSTATE);

	return regset->set(task, regset, 0, size, buffer, NULL);
}

/*
 * The ABI that an action was set by is among its flags, for the kernel only. Who
 * has one set by x32 is refused (has_x32_action()).
 */
u32 ckpt_action_flags(u32 flags, bool *compat)
{
	*compat = flags & SA_IA32_ABI;
	return flags & ~(SA_IA32_ABI | SA_X32_ABI);
}

u32 ckpt_action_abi(bool compat)
{
	return compat ? SA_IA32_ABI : 0;
}

/* restart_syscall(2) has another number for 32-bit programs. */
bool ckpt_restart_is_compat(const struct restart_block *block)
{
	return block->arch_data & TS_COMPAT;
}

void ckpt_restart_set_compat(struct restart_block *block, bool compat)
{
	block->arch_data = compat ? TS_COMPAT : 0;
}

/* What restart(2) returns, so that the register of the saved task comes back unchanged. */
long ckpt_return_value(void)
{
	return current_pt_regs()->ax;
}
