/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_SOCKETS_H
#define _KERNEL_CHECKPOINT_SOCKETS_H

#include <linux/types.h>

struct cred;
struct file;
struct mm_struct;
struct path;
struct pid;
struct scm_fp_list;
struct sk_buff;
struct sock;
struct task_struct;

/* What an image calls the bits of a socket; their order is that of the table in sockets.c. */
struct ckpt_socket {
	u32 type, state, shutdown, error;
	u64 options;
	u32 send_buffer, receive_buffer, low_water, backlog, priority, mark, timestamping;
	u32 busy_poll, busy_poll_budget, clock;
	s32 peek_offset, incoming_cpu;
	u64 pacing_rate;
	s64 receive_timeout, send_timeout, linger;	/* in microseconds; -1: for ever */
	bool dead;		/* closed, but for who still refers to it */
	bool waiting;		/* to be accepted */
	bool found;		/* by its name */
	bool removed;		/* what it was found by */
	u32 links;		/* that are left of that */
	u32 name_length;
	u8 name[112];		/* struct sockaddr_un, and a zero byte */
	u32 inode_mode, inode_uid, inode_gid;	/* of its name */
	u32 messages;
	u32 filter;		/* instructions; zero: none */
	char odd[32];		/* what cannot be saved */
};

/* Who is at the other end, or has sent something. */
struct ckpt_socket_pid {
	const struct pid *pid;	/* only to be compared */
	s32 number;		/* in the container's own pid namespace; zero: it has none there */
	bool reaped;
	u32 status;
};

struct ckpt_message {
	u32 length, charge, files, owner;
	u32 uid, gid;		/* -1: none */
	u64 stamp;
	bool oob, consumed;
	struct ckpt_socket_pid pid;
};

struct sock *ckpt_socket_of(struct file *file);
bool ckpt_is_socket(struct file *file);
bool ckpt_sock_hold(struct sock *sk);
void ckpt_sock_put(struct sock *sk);
int ckpt_socket_get(struct sock *sk, struct ckpt_socket *out);
struct sock *ckpt_socket_other(struct sock *sk);
struct file *ckpt_socket_file(struct sock *sk);
bool ckpt_socket_is_dead(struct sock *sk);
bool ckpt_socket_path(struct sock *sk, struct path *path);
struct file *ckpt_socket_named(struct sock *sk);
const struct cred *ckpt_socket_peer_cred(struct sock *sk);
void ckpt_socket_peer_pid(struct sock *sk, u64 space, struct ckpt_socket_pid *out);
int ckpt_socket_queue(struct sock *sk, struct sk_buff **messages, struct scm_fp_list **files,
		      u32 max);
void ckpt_message_put(struct sk_buff *skb, struct scm_fp_list *files);
struct sock *ckpt_message_sender(struct sk_buff *skb);
void ckpt_message_get(struct sock *sk, struct sk_buff *skb, const struct scm_fp_list *files,
		      u64 space, struct ckpt_message *out);
struct file *ckpt_message_file(const struct scm_fp_list *files, u32 index);
int ckpt_socket_filter(struct sock *sk, void *program, u32 instructions);
int ckpt_files_in_flight(const void *const *sockets, u32 socket_count, const void *const *objects,
			 const void **found, u32 count);
int ckpt_message_copy(struct sk_buff *skb, u32 offset, void *bytes, u32 length);

struct file *ckpt_socket_make(u32 type);
struct sock *ckpt_socket_make_waiting(struct sock *listener);
struct file *ckpt_socket_inode(const char *name, u32 mode, bool *made);
int ckpt_socket_name(struct sock *sk, const u8 *name, u32 length, struct file *inode, bool found);
int ckpt_socket_set(struct sock *sk, const struct ckpt_socket *in);
int ckpt_socket_set_filter(struct sock *sk, const void *program, u32 instructions);
int ckpt_socket_connect(struct sock *sk, const u8 *name, u32 length);
int ckpt_socket_join(struct sock *sk, struct sock *peer);
void ckpt_socket_set_peer(struct sock *sk, struct pid *pid, const struct cred *cred);
struct pid *ckpt_socket_pid_of(struct task_struct *task);
bool ckpt_socket_may_number(struct task_struct *task, u32 above);
struct pid *ckpt_socket_pid_gone(struct task_struct *task, u32 above, s32 number, u32 status);
int ckpt_socket_put(struct sock *from, struct sock *to, struct mm_struct *payer,
		    const struct ckpt_message *in, struct pid *pid, const void *bytes,
		    struct file **files);

#endif /* _KERNEL_CHECKPOINT_SOCKETS_H */
