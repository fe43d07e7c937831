// SPDX-License-Identifier: GPL-2.0
/* NUMA policies of areas and tasks. */
#include <linux/mempolicy.h>
#include <linux/sched/task.h>

#include "../../../mm/mempolicy.h"
#include "glue.h"

#ifdef CONFIG_NUMA
static_assert(sizeof(nodemask_t) <= CKPT_NODES);

static void policy_get(const struct mempolicy *from, struct ckpt_policy *policy)
{
	struct mpol_told told;

	mpol_tell(from, &told);
	policy->mode = told.mode;
	policy->home_node = told.home_node;
	for (int node = 0; node < MAX_NUMNODES; node++) {
		if (!node_isset(node, told.nodes))
			continue;
		policy->nodes[node / 8] |= 1 << (node % 8);
		policy->size = node / 8 + 1;
	}
}

static int policy_tell(const struct ckpt_policy *policy, struct mpol_told *told)
{
	told->mode = policy->mode;
	told->home_node = policy->home_node;
	nodes_clear(told->nodes);
	for (u32 node = 0; node < policy->size * 8; node++) {
		if (!(policy->nodes[node / 8] & (1 << (node % 8))))
			continue;
		if (node >= MAX_NUMNODES)
			return -ENODEV;
		node_set(node, told->nodes);
	}
	return 0;
}
#endif

/* Of the area at @address; returns 1, or 0 if it has none. */
int ckpt_policy_of_area(struct mm_struct *mm, u64 address, struct ckpt_policy *policy)
{
	int ret = 0;
#ifdef CONFIG_NUMA
	struct vm_area_struct *vma;

	memset(policy, 0, sizeof(*policy));
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = vma_lookup(mm, address);
	if (vma && vma->vm_policy) {
		policy_get(vma->vm_policy, policy);
		ret = 1;
	}
	mmap_read_unlock(mm);
#endif
	return ret;
}

/* Returns 1, or 0 if it has none. */
int ckpt_policy_of_task(struct task_struct *task, struct ckpt_policy *policy)
{
	int ret = 0;
#ifdef CONFIG_NUMA
	memset(policy, 0, sizeof(*policy));
	task_lock(task);
	if (task->mempolicy) {
		policy_get(task->mempolicy, policy);
		policy->last_node = task->il_prev;
		policy->weight = task->il_weight;
		ret = 1;
	}
	task_unlock(task);
#endif
	return ret;
}

int ckpt_policy_set_area(u64 start, u64 end, const struct ckpt_policy *policy)
{
#ifdef CONFIG_NUMA
	struct mpol_told told;
	int ret = policy_tell(policy, &told);

	return ret ?: mpol_take_range(start, end - start, &told);
#else
	return -EOPNOTSUPP;
#endif
}

int ckpt_policy_set_task(const struct ckpt_policy *policy)
{
#ifdef CONFIG_NUMA
	struct mpol_told told;
	int ret = policy_tell(policy, &told);

	if (!ret && (policy->last_node >= MAX_NUMNODES || policy->weight > U8_MAX))
		ret = -EINVAL;
	return ret ?: mpol_take_task(&told, policy->last_node, policy->weight);
#else
	return policy->mode || policy->size ? -EOPNOTSUPP : 0;
#endif
}
