// SPDX-License-Identifier: GPL-2.0
/* Address spaces: marks and settings. */
#include <linux/fs.h>
#include <linux/khugepaged.h>
#include <linux/ksm.h>
#include <linux/mm.h>
#include <linux/personality.h>

#include "../../sched/membarrier.h"
#include "glue.h"

static const struct {
	int kernel;
	u32 ours;
} mm_settings[] = {
	{ MMF_TOPDOWN, CKPT_MM_TOP_DOWN },
	{ MMF_DISABLE_THP_COMPLETELY, CKPT_MM_NO_HUGE_PAGES },
	{ MMF_DISABLE_THP_EXCEPT_ADVISED, CKPT_MM_NO_HUGE_PAGES_UNLESS_ADVISED },
	{ MMF_HAS_MDWE, CKPT_MM_MDWE },
	{ MMF_HAS_MDWE_NO_INHERIT, CKPT_MM_MDWE_NO_INHERIT },
	{ MMF_VM_MERGE_ANY, CKPT_MM_MERGE_ANY },
};

void ckpt_mm_get(struct mm_struct *mm, struct ckpt_mm *out)
{
	memset(out, 0, sizeof(*out));
	mmap_read_lock(mm);
	spin_lock(&mm->arg_lock);
	out->start_code = mm->start_code;
	out->end_code = mm->end_code;
	out->start_data = mm->start_data;
	out->end_data = mm->end_data;
	out->start_brk = mm->start_brk;
	out->brk = mm->brk;
	out->start_stack = mm->start_stack;
	out->arg_start = mm->arg_start;
	out->arg_end = mm->arg_end;
	out->env_start = mm->env_start;
	out->env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	out->mmap_base = mm->mmap_base;
#ifdef CONFIG_HAVE_ARCH_COMPAT_MMAP_BASES
	out->mmap_compat_base = mm->mmap_compat_base;
#endif
	out->vdso = (unsigned long)mm->context.vdso;
	out->areas = mm->map_count;
	for (int i = 0; i < ARRAY_SIZE(mm_settings); i++) {
		if (mm_flags_test(mm_settings[i].kernel, mm))
			out->settings |= mm_settings[i].ours;
	}
	if (mm->def_flags & VM_LOCKED)
		out->settings |= CKPT_MM_LOCK_FUTURE;
	if (mm->def_flags & VM_LOCKONFAULT)
		out->settings |= CKPT_MM_LOCK_FUTURE_ON_FAULT;
#ifdef CONFIG_MEMBARRIER
	out->membarrier = membarrier_registrations(mm);
#endif
	ckpt_mm_get_arch(mm, out);
	out->coredump_filter = (__mm_flags_get_word(mm) & MMF_DUMP_FILTER_MASK) >>
			       MMF_DUMP_FILTER_SHIFT;
	/* As /proc/PID/auxv: up to and including AT_NULL. */
	while (out->auxv_size < AT_VECTOR_SIZE) {
		u32 i = out->auxv_size;

		out->auxv_size += 2;
		if (!mm->saved_auxv[i])
			break;
	}
	ckpt_mm_get_arch(mm, out);
	out->auxv_size = min_t(u32, out->auxv_size, AT_VECTOR_SIZE);
	memcpy(out->auxv, mm->saved_auxv, out->auxv_size * sizeof(u64));
	mmap_read_unlock(mm);
}

int ckpt_mm_set(const struct ckpt_mm *in)
{
	struct mm_struct *mm = current->mm;
	unsigned long flags;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	spin_lock(&mm->arg_lock);
	mm->start_code = in->start_code;
	mm->end_code = in->end_code;
	mm->start_data = in->start_data;
	mm->end_data = in->end_data;
	mm->start_brk = in->start_brk;
	mm->brk = in->brk;
	mm->start_stack = in->start_stack;
	mm->arg_start = in->arg_start;
	mm->arg_end = in->arg_end;
	mm->env_start = in->env_start;
	mm->env_end = in->env_end;
	spin_unlock(&mm->arg_lock);
	mm->mmap_base = in->mmap_base;
#ifdef CONFIG_HAVE_ARCH_COMPAT_MMAP_BASES
	mm->mmap_compat_base = in->mmap_compat_base;
#endif
	flags = __mm_flags_get_word(mm) & ~MMF_DUMP_FILTER_MASK;
	__mm_flags_overwrite_word(mm, flags | ((unsigned long)in->coredump_filter <<
					       MMF_DUMP_FILTER_SHIFT));
	memset(mm->saved_auxv, 0, sizeof(mm->saved_auxv));
	memcpy(mm->saved_auxv, in->auxv, in->auxv_size * sizeof(u64));
	mmap_write_unlock(mm);
	return 0;
}

/* As after clone() without CLONE_THREAD and CLONE_VFORK: oom_score_adj is set for all who share it. */
void ckpt_mm_of_processes(void)
{
	mm_flags_set(MMF_MULTIPROCESS, current->mm);
}

/* Each area as mmap() would: they have been made while no huge page could be had. */
static void tell_khugepaged(struct mm_struct *mm)
{
	VMA_ITERATOR(vmi, mm, 0);
	struct vm_area_struct *vma;

	for_each_vma(vmi, vma)
		khugepaged_enter_vma(vma, vma->vm_flags);
}

/* What would be in the way while areas are made and filled. Checked as the calls check it. */
int ckpt_mm_settle(const struct ckpt_mm *in)
{
	struct mm_struct *mm = current->mm;
	u32 lock = in->settings & (CKPT_MM_LOCK_FUTURE | CKPT_MM_LOCK_FUTURE_ON_FAULT);
	u32 settings = in->settings;
	int ret = 0;

	/* What the restarter has, and could not have taken back, stays as it is. */
	if (mm_flags_test(MMF_HAS_MDWE, mm))
		settings = (settings | CKPT_MM_MDWE) & ~CKPT_MM_MDWE_NO_INHERIT;

	if (lock && !can_do_mlock())
		return -EPERM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
#ifdef CONFIG_KSM
	if ((settings & CKPT_MM_MERGE_ANY) && !mm_flags_test(MMF_VM_MERGEABLE, mm))
		ret = __ksm_enter(mm);
#else
	if (settings & CKPT_MM_MERGE_ANY)
		ret = -EOPNOTSUPP;
#endif
	for (int i = 0; !ret && i < ARRAY_SIZE(mm_settings); i++) {
		if (settings & mm_settings[i].ours)
			mm_flags_set(mm_settings[i].kernel, mm);
		else
			mm_flags_clear(mm_settings[i].kernel, mm);
	}
	if (!ret)
		tell_khugepaged(mm);
	if (lock & CKPT_MM_LOCK_FUTURE)
		mm->def_flags |= VM_LOCKED;
	if (lock & CKPT_MM_LOCK_FUTURE_ON_FAULT)
		mm->def_flags |= VM_LOCKONFAULT;
	mmap_write_unlock(mm);
	if (ret)
		return ret;
	if (in->membarrier) {
#ifdef CONFIG_MEMBARRIER
		ret = membarrier_register(in->membarrier);
#else
		ret = -EOPNOTSUPP;
#endif
	}
	return ret ?: ckpt_mm_settle_arch(in);
}

/* An empty address space for current, laid out as asked. */
int ckpt_mm_renew(bool top_down, bool compat)
{
	struct linux_binfmt *binfmt;
	struct rlimit stack = current->signal->rlim[RLIMIT_STACK];
	struct mm_struct *mm = mm_alloc();
	int ret;

	if (!mm)
		return -ENOMEM;
	/* Nothing of the restarter's habits, but what confines it. */
	current->personality &= ~READ_IMPLIES_EXEC;
	mm->def_flags = 0;
	__mm_flags_overwrite_word(mm, __mm_flags_get_word(mm) &
				  (MMF_DUMP_FILTER_MASK | MMF_HAS_MDWE_MASK));
	/* While it is filled: a hole beside a small page stays a hole. */
	mm_flags_set(MMF_DISABLE_THP_COMPLETELY, mm);
	binfmt = ckpt_mm_renew_arch(mm, compat);
	if (!binfmt) {
		mmput(mm);
		return -ENOEXEC;
	}
	arch_pick_mmap_layout(mm, &stack);
	mm->task_size = TASK_SIZE;
	if (top_down)
		mm_flags_set(MMF_TOPDOWN, mm);
	else
		mm_flags_clear(MMF_TOPDOWN, mm);

	ret = exec_replace_mm(mm);
	if (ret) {
		mmput(mm);
		return ret;
	}
	set_binfmt(binfmt);
	/* Its area was in the old one. */
	rseq_execve(current);
	return 0;
}

/* As prctl(PR_SET_MM_MAP) would: nobody can write to a file that is somebody's program. */
int ckpt_mm_set_exe(struct file *file)
{
	int ret;

	if (!S_ISREG(file_inode(file)->i_mode) || path_noexec(&file->f_path))
		return -EACCES;
	ret = file_permission(file, MAY_EXEC);
	return ret ?: set_mm_exe_file(current->mm, file);
}
