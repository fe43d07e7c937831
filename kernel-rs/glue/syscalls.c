// SPDX-License-Identifier: GPL-2.0
/* The system calls themselves, and the sysctl that says who may use them. */
#include <linux/syscalls.h>
#include <linux/sysctl.h>

#include "glue.h"

SYSCALL_DEFINE2(checkpoint, struct checkpoint_args __user *, args, size_t, size)
{
	return ckpt_checkpoint(args, size);
}

SYSCALL_DEFINE2(restart, struct restart_args __user *, args, size_t, size)
{
	struct ckpt_ending ending = {};
	long ret = ckpt_restart(args, size, &ending);

	/* One that had ended before the checkpoint: it only came to be what is waited for. */
	if (ending.ends)
		do_exit(ending.status);
	return ret;
}

/* 0: off, 1: initial user namespace, 2: the user namespace that owns the tasks. */
int ckpt_sysctl __read_mostly = 1;

static const struct ctl_table ckpt_table[] = {
	{
		.procname = "checkpoint_restart",
		.data = &ckpt_sysctl,
		.maxlen = sizeof(ckpt_sysctl),
		.mode = 0644,
		.proc_handler = proc_dointvec_minmax,
		.extra1 = SYSCTL_ZERO,
		.extra2 = SYSCTL_TWO,
	},
};

static int __init ckpt_setup(void)
{
	register_sysctl_init("kernel", ckpt_table);
	return 0;
}
subsys_initcall(ckpt_setup);
