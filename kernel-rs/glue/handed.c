// SPDX-License-Identifier: GPL-2.0
/* Open files that belong to the outside, and are handed in at restart. */
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <net/af_unix.h>
#include <net/sock.h>

#include "../../../net/unix/af_unix.h"

#include "glue.h"

/* Bit 0: it can be read from; bit 1: written to. Not so O_PATH. */
u32 ckpt_file_access(struct file *file)
{
	return (file->f_mode & FMODE_READ ? 1 : 0) | (file->f_mode & FMODE_WRITE ? 2 : 0);
}

/*
 * The open file at the other end of a unix socket, only to be compared; NULL:
 * there is none, or it was not accepted yet, or nobody knows.
 */
const void *ckpt_socket_peer(struct file *file)
{
	struct socket *sock = sock_from_file(file);
	const void *found = NULL;
#ifdef CONFIG_UNIX
	struct sock *peer;

	if (!sock || !sock->sk || sock->sk->sk_family != AF_UNIX)
		return NULL;
	peer = unix_peer_get(sock->sk);
	if (!peer)
		return NULL;
	read_lock_bh(&peer->sk_callback_lock);
	if (peer->sk_socket)
		found = peer->sk_socket->file;
	read_unlock_bh(&peer->sk_callback_lock);
	sock_put(peer);
#endif
	return found;
}

/* Makes it a descriptor of current, as if it had come through a socket. */
int ckpt_file_receive(u32 fd, struct file *file, bool close_on_exec)
{
	int ret = receive_fd_replace(fd, file, close_on_exec ? O_CLOEXEC : 0);

	return min(ret, 0);
}

/* As fcntl(F_SETFL) would. */
void ckpt_file_set_nonblock(struct file *file, bool nonblock)
{
	spin_lock(&file->f_lock);
	file->f_flags = (file->f_flags & ~O_NONBLOCK) | (nonblock ? O_NONBLOCK : 0);
	file->f_iocb_flags = iocb_flags(file);
	spin_unlock(&file->f_lock);
}
