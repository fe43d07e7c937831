/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_IPC_H
#define _KERNEL_CHECKPOINT_IPC_H

#include <linux/ipc_restore.h>
#include <linux/types.h>

#include "queues.h"

struct cgroup;
struct ipc_namespace;
struct pid;
struct task_struct;

#define CKPT_IPC_KINDS 3	/* IPC_SEM_IDS, IPC_MSG_IDS, IPC_SHM_IDS */

/* What sysctl(8) shows of an IPC namespace, and where the next identifiers are looked for. */
struct ckpt_ipc_space {
	u64 shm_max, shm_all;
	u32 shm_mni, shm_rmid_forced;
	u32 msg_max, msg_mnb, msg_mni;
	u32 sem[4];
	u32 queues;		/* POSIX message queues that there are */
	u32 queues_max, queue_messages_max, queue_size_max;
	u32 queue_messages, queue_size;
	u32 sequence[CKPT_IPC_KINDS], last[CKPT_IPC_KINDS], next[CKPT_IPC_KINDS];
	u32 place_mode, place_uid, place_gid;	/* the directory of POSIX message queues */
	struct ckpt_times place_times;
};

struct ipc_namespace *ckpt_ipc_of(struct task_struct *task);
void ckpt_ipc_put(struct ipc_namespace *ns);
bool ckpt_ipc_may_choose(struct ipc_namespace *ns);
bool ckpt_ipc_is_ours(struct ipc_namespace *ns);
bool ckpt_ipc_is_readable(struct ipc_namespace *ns, u32 kind, int id);
int ckpt_ipc_outsider(struct ipc_namespace *ns, struct cgroup *cgrp, pid_t *outsider);
bool ckpt_ipc_is_empty(struct ipc_namespace *ns);
void ckpt_ipc_space_get(struct ipc_namespace *ns, struct ckpt_ipc_space *out);
int ckpt_ipc_space_set(struct ipc_namespace *ns, const struct ckpt_ipc_space *in);
void ckpt_ipc_next_set(struct ipc_namespace *ns, const struct ckpt_ipc_space *in);
int ckpt_ipc_undo_outsider(int id, struct ipc_namespace *ns, struct cgroup *cgrp, pid_t *outsider);

pid_t ckpt_pid_number(struct pid *pid, struct task_struct *viewer);
pid_t ckpt_pid_outside(struct pid *pid, struct cgroup *cgrp);
struct pid *ckpt_pid_of(struct task_struct *task);
struct pid *ckpt_pid_numbered(struct task_struct *viewer, pid_t number);
void ckpt_pid_drop(struct pid *pid);

#endif /* _KERNEL_CHECKPOINT_IPC_H */
