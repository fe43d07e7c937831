// SPDX-License-Identifier: GPL-2.0
/* Unix sockets, and the messages in them. */
#include <linux/bsearch.h>
#include <linux/cgroup.h>
#include <linux/file.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/net.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/pidfs.h>
#include <linux/sched/mm.h>
#include <linux/sched/user.h>
#include <linux/security.h>
#include <linux/memcontrol.h>
#include <linux/skbuff.h>
#include <linux/user_namespace.h>
#include <net/af_unix.h>
#include <net/busy_poll.h>
#include <net/filter_restore.h>
#include <net/net_namespace.h>
#include <net/scm.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <net/unix_restore.h>

#include "../../../net/unix/af_unix.h"

#include "glue.h"

/* The bits that an image knows: the number of each is its place. */
static const u8 flag_bits[] = {
	SOCK_URGINLINE, SOCK_KEEPOPEN, SOCK_LINGER, SOCK_BROADCAST, SOCK_DBG,
	SOCK_RCVTSTAMP, SOCK_RCVTSTAMPNS, SOCK_TSTAMP_NEW, SOCK_LOCALROUTE,
	SOCK_TIMESTAMPING_RX_SOFTWARE, SOCK_RXQ_OVFL, SOCK_WIFI_STATUS, SOCK_NOFCS,
	SOCK_FILTER_LOCKED, SOCK_SELECT_ERR_QUEUE, SOCK_RCVMARK, SOCK_RCVPRIORITY,
	SOCK_TIMESTAMPING_ANY, SOCK_TIMESTAMP,
};

enum {
	BIT_REUSE = ARRAY_SIZE(flag_bits),
	BIT_NO_CHECK,
	BIT_PASSCRED,
	BIT_PASSSEC,
	BIT_PASSPIDFD,
	BIT_PASSRIGHTS,
	BIT_INQ,
	BIT_SNDBUF_LOCK,
	BIT_RCVBUF_LOCK,
	BIT_NOSPACE,
	BIT_ASYNC_NOSPACE,
	BIT_ASYNC_WAITDATA,
	BIT_TXTIME,
	BIT_TXTIME_DEADLINE,
	BIT_TXTIME_ERRORS,
	BIT_PREFER_BUSY_POLL,
	BITS,
};

/* Those that say nothing by themselves. */
#define SILENT_FLAGS (BIT(SOCK_DEAD) | BIT(SOCK_DONE) | BIT(SOCK_ZAPPED) | BIT(SOCK_FASYNC) | \
		      BIT(SOCK_RCU_FREE) | BIT(SOCK_USE_WRITE_QUEUE))

bool ckpt_is_socket(struct file *file)
{
	return !(file->f_mode & FMODE_PATH) && unix_get_socket(file);
}

/* The unix socket that @file is, with a reference, or NULL. */
struct sock *ckpt_socket_of(struct file *file)
{
	struct unix_sock *u;

	if (file->f_mode & FMODE_PATH)
		return NULL;
	u = unix_get_socket(file);
	if (u)
		sock_hold(&u->sk);
	return u ? &u->sk : NULL;
}

/* Not of one that only its messages keep. */
bool ckpt_sock_hold(struct sock *sk)
{
	return refcount_inc_not_zero(&sk->sk_refcnt);
}

void ckpt_sock_put(struct sock *sk)
{
	sock_put(sk);
}

/* Longer than that, nobody waits. */
#define MOST_JIFFIES (S64_MAX / USEC_PER_SEC - HZ)

static s64 to_us(long timeout)
{
	return timeout > MOST_JIFFIES ? -1 : div_s64((s64)timeout * USEC_PER_SEC, HZ);
}

static long from_us(s64 us)
{
	if (us < 0 || us > S64_MAX / HZ - USEC_PER_SEC)
		return MAX_SCHEDULE_TIMEOUT;
	return div_s64(us * HZ + USEC_PER_SEC - 1, USEC_PER_SEC);
}

/* The classic program of its filter, or NULL; for as long as the RCU read lock is held. */
static const struct sock_fprog_kern *classic(struct sock *sk, bool *has_other)
{
	const struct sk_filter *filter = rcu_dereference(sk->sk_filter);
	const struct sock_fprog_kern *program = filter ? filter->prog->orig_prog : NULL;

	*has_other = filter && !program;
	return program;
}

/* Is whoever is at the other end known by a label that means something (SO_PEERSEC)? */
static bool has_labelled_peer(struct sock *sk)
{
	char label[64] = {};
	struct file *file;
	int size = 0, ret;

	/*
	 * One that nobody has accepted cannot be asked, nor one that is being
	 * closed: only its open file keeps the rest of it.
	 */
	file = ckpt_socket_file(sk);
	if (!file)
		return false;
	ret = security_socket_getpeersec_stream(sock_from_file(file), KERNEL_SOCKPTR(label),
						KERNEL_SOCKPTR(&size), sizeof(label) - 1);
	fput(file);
	if (ret)
		return ret != -ENOPROTOOPT && ret != -EINVAL && ret != -EOPNOTSUPP;
	return label[0] && ckpt_peer_labelled(label);
}

/* What is neither saved nor as it was at first. */
static const char *odd(struct sock *sk)
{
	unsigned long known = SILENT_FLAGS | BIT(SOCK_TXTIME);
	bool has_other;

	for (u32 i = 0; i < ARRAY_SIZE(flag_bits); i++)
		known |= BIT(flag_bits[i]);
	if (sk->sk_flags & ~known)
		return "an option";
#ifdef CONFIG_BPF_SYSCALL
	if (READ_ONCE(sk->sk_prot) != &unix_stream_proto &&
	    READ_ONCE(sk->sk_prot) != &unix_dgram_proto)
		return "a place in a BPF map";
	if (rcu_access_pointer(sk->sk_bpf_storage) || sk->sk_bpf_cb_flags)
		return "BPF storage";
#endif
	rcu_read_lock();
	classic(sk, &has_other);
	rcu_read_unlock();
	if (has_other)
		return "an eBPF program as its filter";
	if (rcu_access_pointer(sk->sk_reuseport_cb) || sk->sk_reuseport)
		return "SO_REUSEPORT";
	if (sk->sk_bound_dev_if)
		return "SO_BINDTODEVICE";
	if (!skb_queue_empty(&sk->sk_error_queue))
		return "queued errors";
	if (READ_ONCE(sk->sk_err_soft))
		return "a soft error";
	if (sk->sk_reserved_mem)
		return "SO_RESERVE_MEM";
	if (READ_ONCE(sk->sk_tsflags) & SOF_TIMESTAMPING_BIND_PHC)
		return "a PTP clock";
	if (sk->sk_user_data)
		return "a user in the kernel";
	if (has_labelled_peer(sk))
		return "a confined peer (SO_PEERSEC)";
	return "";
}

static u64 options_of(struct sock *sk)
{
	const struct socket_wq *wq;
	u64 options = 0;

	for (u32 i = 0; i < ARRAY_SIZE(flag_bits); i++)
		if (sock_flag(sk, flag_bits[i]))
			options |= BIT_ULL(i);
	options |= sk->sk_reuse ? BIT_ULL(BIT_REUSE) : 0;
	options |= sk->sk_no_check_tx ? BIT_ULL(BIT_NO_CHECK) : 0;
	options |= sk->sk_scm_credentials ? BIT_ULL(BIT_PASSCRED) : 0;
	options |= sk->sk_scm_security ? BIT_ULL(BIT_PASSSEC) : 0;
	options |= sk->sk_scm_pidfd ? BIT_ULL(BIT_PASSPIDFD) : 0;
	options |= sk->sk_scm_rights ? BIT_ULL(BIT_PASSRIGHTS) : 0;
	options |= sock_flag(sk, SOCK_TXTIME) ? BIT_ULL(BIT_TXTIME) : 0;
	options |= sk->sk_txtime_deadline_mode ? BIT_ULL(BIT_TXTIME_DEADLINE) : 0;
	options |= sk->sk_txtime_report_errors ? BIT_ULL(BIT_TXTIME_ERRORS) : 0;
#ifdef CONFIG_NET_RX_BUSY_POLL
	options |= READ_ONCE(sk->sk_prefer_busy_poll) ? BIT_ULL(BIT_PREFER_BUSY_POLL) : 0;
#endif
	options |= unix_sk(sk)->recvmsg_inq ? BIT_ULL(BIT_INQ) : 0;
	options |= sk->sk_userlocks & SOCK_SNDBUF_LOCK ? BIT_ULL(BIT_SNDBUF_LOCK) : 0;
	options |= sk->sk_userlocks & SOCK_RCVBUF_LOCK ? BIT_ULL(BIT_RCVBUF_LOCK) : 0;
	rcu_read_lock();
	wq = rcu_dereference(sk->sk_wq);
	if (wq && test_bit(SOCKWQ_ASYNC_NOSPACE, &wq->flags))
		options |= BIT_ULL(BIT_ASYNC_NOSPACE);
	if (wq && test_bit(SOCKWQ_ASYNC_WAITDATA, &wq->flags))
		options |= BIT_ULL(BIT_ASYNC_WAITDATA);
	rcu_read_unlock();
	read_lock_bh(&sk->sk_callback_lock);
	if (sk->sk_socket && test_bit(SOCK_NOSPACE, &sk->sk_socket->flags))
		options |= BIT_ULL(BIT_NOSPACE);
	read_unlock_bh(&sk->sk_callback_lock);
	return options;
}

/* Called with the lock of its state: who closes it drops its path after that. */
static void get_name(struct sock *sk, struct ckpt_socket *out)
{
	/* Pairs with the bind() that has set it. */
	const struct unix_address *addr = smp_load_acquire(&unix_sk(sk)->addr);
	struct dentry *dentry = unix_sk(sk)->path.dentry;
	struct inode *inode;

	if (!addr)
		return;
	out->name_length = min_t(u32, addr->len, sizeof(out->name));
	memcpy(out->name, addr->name, out->name_length);
	if (!addr->name->sun_path[0]) {
		out->found = !out->dead && sk->sk_hash > UNIX_HASH_MOD;
		return;
	}
	if (!dentry || out->dead)
		return;
	inode = d_backing_inode(dentry);
	out->found = !hlist_unhashed(&sk->sk_bind_node);
	out->removed = d_unlinked(dentry) || !inode->i_nlink;
	out->links = inode->i_nlink;
	out->inode_mode = inode->i_mode;
	out->inode_uid = from_kuid(current_user_ns(), inode->i_uid);
	out->inode_gid = from_kgid(current_user_ns(), inode->i_gid);
}

/* Whoever could change it is frozen; but an outsider may send to it. */
int ckpt_socket_get(struct sock *sk, struct ckpt_socket *out)
{
	struct unix_sock *u = unix_sk(sk);
	const struct sock_fprog_kern *filter;
	bool has_other;

	memset(out, 0, sizeof(*out));
	unix_state_lock(sk);
	out->type = sk->sk_type;
	out->state = sk->sk_state;
	out->shutdown = sk->sk_shutdown;
	out->error = sk->sk_err;
	out->dead = sock_flag(sk, SOCK_DEAD);
	out->waiting = !out->dead && u->listener && !sk->sk_socket;
	get_name(sk, out);
	unix_state_unlock(sk);
	if (out->dead)
		return 0;
	out->options = options_of(sk);
	out->send_buffer = READ_ONCE(sk->sk_sndbuf);
	out->receive_buffer = READ_ONCE(sk->sk_rcvbuf);
	out->low_water = READ_ONCE(sk->sk_rcvlowat);
	out->backlog = READ_ONCE(sk->sk_max_ack_backlog);
	out->priority = READ_ONCE(sk->sk_priority);
	out->mark = READ_ONCE(sk->sk_mark);
	out->timestamping = READ_ONCE(sk->sk_tsflags);
	out->peek_offset = READ_ONCE(sk->sk_peek_off);
#ifdef CONFIG_NET_RX_BUSY_POLL
	out->busy_poll = READ_ONCE(sk->sk_ll_usec);
	out->busy_poll_budget = READ_ONCE(sk->sk_busy_poll_budget);
#endif
	out->incoming_cpu = READ_ONCE(sk->sk_incoming_cpu);
	out->pacing_rate = READ_ONCE(sk->sk_max_pacing_rate);
	out->clock = sk->sk_clockid;
	out->receive_timeout = to_us(READ_ONCE(sk->sk_rcvtimeo));
	out->send_timeout = to_us(READ_ONCE(sk->sk_sndtimeo));
	out->linger = to_us(READ_ONCE(sk->sk_lingertime));
	out->messages = skb_queue_len_lockless(&sk->sk_receive_queue);
	rcu_read_lock();
	filter = classic(sk, &has_other);
	out->filter = filter ? filter->len : 0;
	rcu_read_unlock();
	strscpy_pad(out->odd, odd(sk));
	return 0;
}

/* The program of its filter; -ESTALE: it has become another one. */
int ckpt_socket_filter(struct sock *sk, void *program, u32 instructions)
{
	const struct sock_fprog_kern *filter;
	int ret = -ESTALE;
	bool has_other;

	rcu_read_lock();
	filter = classic(sk, &has_other);
	if (filter && filter->len == instructions) {
		memcpy(program, filter->filter, bpf_classic_proglen(filter));
		ret = 0;
	}
	rcu_read_unlock();
	return ret;
}

/* The other end, with a reference. */
struct sock *ckpt_socket_other(struct sock *sk)
{
	return unix_peer_get(sk);
}

/* The open file of it, with a reference. */
struct file *ckpt_socket_file(struct sock *sk)
{
	struct file *file = NULL;

	read_lock_bh(&sk->sk_callback_lock);
	if (sk->sk_socket && sk->sk_socket->file)
		file = get_file_active(&sk->sk_socket->file);
	read_unlock_bh(&sk->sk_callback_lock);
	return file;
}

bool ckpt_socket_is_dead(struct sock *sk)
{
	return sock_flag(sk, SOCK_DEAD);
}

/* What its name leads to, with a reference; false: it has none, or none of that kind. */
bool ckpt_socket_path(struct sock *sk, struct path *path)
{
	unix_state_lock(sk);
	*path = unix_sk(sk)->path;
	path_get(path);
	unix_state_unlock(sk);
	return path->dentry;
}

/* What its name leads to, as O_PATH. */
struct file *ckpt_socket_named(struct sock *sk)
{
	struct file *file;
	struct path path;

	if (!ckpt_socket_path(sk, &path))
		return ERR_PTR(-ENOENT);
	file = dentry_open(&path, O_PATH, current_cred());
	path_put(&path);
	return file;
}

const struct cred *ckpt_socket_peer_cred(struct sock *sk)
{
	const struct cred *cred;

	spin_lock(&sk->sk_peer_lock);
	cred = get_cred(sk->sk_peer_cred);
	spin_unlock(&sk->sk_peer_lock);
	return cred;
}

static void get_pid_state(struct pid *pid, u64 space, struct ckpt_socket_pid *out)
{
	struct pidfs_kept kept;

	if (!pid)
		return;
	out->pid = pid;
	for (u32 i = 0; i <= pid->level; i++)
		if (pid->numbers[i].ns->ns.ns_id == space)
			out->number = pid->numbers[i].nr;
	pidfs_get_kept(pid, &kept);
	out->reaped = kept.reaped;
	out->status = kept.exit_code;
}

/* @space: the id of the pid namespace that counts. */
void ckpt_socket_peer_pid(struct sock *sk, u64 space, struct ckpt_socket_pid *out)
{
	struct pid *pid;

	memset(out, 0, sizeof(*out));
	spin_lock(&sk->sk_peer_lock);
	pid = get_pid(sk->sk_peer_pid);
	spin_unlock(&sk->sk_peer_lock);
	get_pid_state(pid, space, out);
	put_pid(pid);
}

/*
 * What waits in it, with a reference, and a list of the files that come with it, or
 * NULL; gives how many. Somebody outside may have the socket too and take them out;
 * whoever does holds the lock meanwhile.
 */
int ckpt_socket_queue(struct sock *sk, struct sk_buff **messages, struct scm_fp_list **files,
		      u32 max)
{
	struct unix_sock *u = unix_sk(sk);
	struct sk_buff *skb;
	u32 count = 0;
	int ret = 0;

	if (mutex_lock_interruptible(&u->iolock))
		return -EINTR;
	spin_lock(&sk->sk_receive_queue.lock);
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		if (count == max)
			break;
		messages[count++] = skb_get(skb);
	}
	spin_unlock(&sk->sk_receive_queue.lock);
	for (u32 i = 0; i < count; i++) {
		struct scm_fp_list *fp = UNIXCB(messages[i]).fp;

		files[i] = scm_fp_dup(fp);
		if (fp && !files[i])
			ret = -ENOMEM;
	}
	mutex_unlock(&u->iolock);
	return ret ?: count;
}

void ckpt_message_put(struct sk_buff *skb, struct scm_fp_list *files)
{
	struct scm_cookie scm = { .fp = files };

	scm_destroy(&scm);
	consume_skb(skb);
}

/* Only for as long as the message is held. */
struct sock *ckpt_message_sender(struct sk_buff *skb)
{
	return skb->sk;
}

void ckpt_message_get(struct sock *sk, struct sk_buff *skb, const struct scm_fp_list *files,
		      u64 space, struct ckpt_message *out)
{
	const struct unix_skb_parms *parms = &UNIXCB(skb);

	memset(out, 0, sizeof(*out));
	out->length = skb->len - parms->consumed;
	out->consumed = parms->consumed && !out->length;
	out->charge = skb->truesize;
	out->stamp = ktime_to_ns(skb->tstamp);
	out->owner = -1;
	if (files) {
		out->files = files->count;
		out->owner = from_kuid(current_user_ns(), files->user->uid);
	}
	out->uid = out->gid = -1;
	if (parms->pid) {
		out->uid = from_kuid(current_user_ns(), parms->uid);
		out->gid = from_kgid(current_user_ns(), parms->gid);
		get_pid_state(parms->pid, space, &out->pid);
	}
#if IS_ENABLED(CONFIG_AF_UNIX_OOB)
	out->oob = READ_ONCE(unix_sk(sk)->oob_skb) == skb;
#endif
}

struct file *ckpt_message_file(const struct scm_fp_list *files, u32 index)
{
	return files && index < files->count ? get_file(files->fp[index]) : NULL;
}

int ckpt_message_copy(struct sk_buff *skb, u32 offset, void *bytes, u32 length)
{
	return skb_copy_bits(skb, UNIXCB(skb).consumed + offset, bytes, length);
}

/* Open files, or inodes of some, that are looked for in queues; both lists ascend. */
struct looked_for {
	const void *const *sockets;	/* of the container, which do not count */
	u32 socket_count;
	const void *const *objects;
	const void **found;		/* for each: the socket, or rather its open file */
	u32 count;
};

static int compare_addresses(const void *key, const void *element)
{
	const void *address = *(const void *const *)element;

	return key < address ? -1 : key > address;
}

static void note_object(const struct looked_for *all, const void *object, const void *holder)
{
	const void *const *found = bsearch(object, all->objects, all->count, sizeof(*found),
					   compare_addresses);

	if (found)
		all->found[found - all->objects] = holder;
}

static void note_files(const struct looked_for *all, struct sock *sk)
{
	const void *holder = sk;
	struct sk_buff *skb;

	read_lock_bh(&sk->sk_callback_lock);
	if (sk->sk_socket && sk->sk_socket->file)
		holder = sk->sk_socket->file;
	read_unlock_bh(&sk->sk_callback_lock);
	/*
	 * Messages, and the files in them, leave a queue under its lock. Not iolock: who reads from
	 * a stream holds it for as long as the memory that he reads into makes him wait.
	 */
	spin_lock(&sk->sk_receive_queue.lock);
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		const struct scm_fp_list *fp = UNIXCB(skb).fp;

		for (u32 i = 0; fp && i < fp->count; i++) {
			note_object(all, fp->fp[i], holder);
			note_object(all, file_inode(fp->fp[i]), holder);
		}
	}
	spin_unlock(&sk->sk_receive_queue.lock);
}

static void look_through(const struct looked_for *all, struct sock *sk)
{
	if (!bsearch(sk, all->sockets, all->socket_count, sizeof(sk), compare_addresses) &&
	    READ_ONCE(sk->sk_state) != TCP_LISTEN)
		note_files(all, sk);
}

static int look_through_bucket(const struct looked_for *all, struct net *net, u32 slot)
{
	struct sock *sk, **held;
	u32 room = 0, count = 0;
	int ret = 0;

	spin_lock(&net->unx.table.locks[slot]);
	sk_for_each(sk, &net->unx.table.buckets[slot])
		room++;
	spin_unlock(&net->unx.table.locks[slot]);
	if (!room)
		return 0;
	/* Those that come now have nothing of ours in them that is not elsewhere. */
	held = kvmalloc_array(room, sizeof(*held), GFP_KERNEL);
	if (!held)
		return -ENOMEM;
	spin_lock(&net->unx.table.locks[slot]);
	sk_for_each(sk, &net->unx.table.buckets[slot]) {
		if (count == room)
			break;
		sock_hold(sk);
		held[count++] = sk;
	}
	spin_unlock(&net->unx.table.locks[slot]);
	for (u32 i = 0; i < count; i++) {
		if (!ret && ckpt_interrupted_now())
			ret = -EINTR;
		if (!ret)
			look_through(all, held[i]);
		sock_put(held[i]);
		cond_resched();
	}
	kvfree(held);
	return ret;
}

/*
 * The network namespace that comes after @net, or the first, with a reference; takes that of
 * @net. One that nobody has any more has no sockets that hold anything.
 */
static struct net *next_net(struct net *net)
{
	struct net *next = list_prepare_entry(net, &net_namespace_list, list), *found = NULL;

	/* Whoever sets one up or cleans up waits for this. */
	down_read(&net_rwsem);
	list_for_each_entry_continue(next, &net_namespace_list, list) {
		found = maybe_get_net(next);
		if (found)
			break;
	}
	up_read(&net_rwsem);
	if (net)
		put_net(net);
	return found;
}

/*
 * Which of @objects, open files or inodes in ascending order, are on their way
 * through sockets that are not among @sockets: for each of these, what to look for
 * to find who has the socket.
 */
int ckpt_files_in_flight(const void *const *sockets, u32 socket_count, const void *const *objects,
			 const void **found, u32 count)
{
	struct looked_for all = { sockets, socket_count, objects, found, count };
	struct net *net = NULL;
	int ret = 0;

	while (!ret && (net = next_net(net))) {
		for (u32 slot = 0; !ret && slot < UNIX_HASH_SIZE; slot++) {
			ret = look_through_bucket(&all, net, slot);
			cond_resched();
		}
	}
	if (net)
		put_net(net);
	return ret;
}

/* As socket(2) makes one. */
struct file *ckpt_socket_make(u32 type)
{
	struct socket *sock;
	int ret;

	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
		return ERR_PTR(-EINVAL);
	ret = sock_create(AF_UNIX, type, 0, &sock);
	if (ret)
		return ERR_PTR(ret);
	return sock_alloc_file(sock, 0, NULL);
}

struct sock *ckpt_socket_make_waiting(struct sock *listener)
{
	return unix_restore_embryo(listener);
}

/* May current bind to a name that is there, as if it had taken it away and made it again? */
static int may_bind(const struct path *path)
{
	struct mnt_idmap *idmap = mnt_idmap(path->mnt);
	struct dentry *parent = dget_parent(path->dentry);
	int ret = inode_permission(idmap, d_inode(parent), MAY_WRITE | MAY_EXEC);

	dput(parent);
	if (!ret && !inode_owner_or_capable(idmap, d_backing_inode(path->dentry)))
		ret = -EPERM;
	return ret ?: mnt_want_write(path->mnt);
}

/*
 * The inode that a name leads to, as O_PATH; made, if it is not there. By no symbolic
 * link, which somebody else could have laid meanwhile.
 */
struct file *ckpt_socket_inode(const char *name, u32 mode, bool *made)
{
	struct file *file;
	struct path path;
	int ret;

	*made = false;
	ret = kern_path(name, LOOKUP_NO_SYMLINKS, &path);
	if (!ret) {
		ret = -ESTALE;
		if (S_ISSOCK(d_backing_inode(path.dentry)->i_mode))
			ret = may_bind(&path);
		if (!ret) {
			mnt_drop_write(path.mnt);
			file = dentry_open(&path, O_PATH, current_cred());
		} else {
			file = ERR_PTR(ret);
		}
		path_put(&path);
		return file;
	}
	if (ret != -ENOENT)
		return ERR_PTR(ret);
	file = ckpt_inode_make(name, S_IFSOCK | (mode & 0777), true);
	*made = !IS_ERR(file);
	return file;
}

/* @inode: what the name leads to, or NULL. */
int ckpt_socket_name(struct sock *sk, const u8 *name, u32 length, struct file *inode, bool found)
{
	union {
		struct sockaddr_un un;
		u8 bytes[112];
	} addr = {};

	if (length >= sizeof(addr))
		return -EINVAL;
	memcpy(addr.bytes, name, length);
	if (length > offsetof(struct sockaddr_un, sun_path) && addr.un.sun_path[0] &&
	    strlen(addr.bytes + offsetof(struct sockaddr_un, sun_path)) + 1 +
	    offsetof(struct sockaddr_un, sun_path) != length)
		return -EINVAL;
	return unix_restore_name(sk, &addr.un, length, inode ? &inode->f_path : NULL, found);
}

/* What setsockopt(2) would ask of current. */
static int may_set(struct sock *sk, const struct ckpt_socket *in)
{
	struct user_namespace *ns = sock_net(sk)->user_ns;
	u32 most_send = max3(2 * READ_ONCE(sysctl_wmem_max), READ_ONCE(sysctl_wmem_default),
			     (u32)SOCK_MIN_SNDBUF);
	u32 most_receive = max3(2 * READ_ONCE(sysctl_rmem_max), READ_ONCE(sysctl_rmem_default),
				(u32)SOCK_MIN_RCVBUF);
	u32 most_waiting = max_t(u32, READ_ONCE(sock_net(sk)->core.sysctl_somaxconn),
				 READ_ONCE(sock_net(sk)->unx.sysctl_max_dgram_qlen));

	/* Below these no call sets them, and sendmsg() does not expect them. */
	if (in->send_buffer < SOCK_MIN_SNDBUF || in->receive_buffer < SOCK_MIN_RCVBUF ||
	    in->send_buffer > INT_MAX || in->receive_buffer > INT_MAX || !in->low_water ||
	    in->low_water > INT_MAX || in->peek_offset < -1 || in->error > MAX_ERRNO ||
	    in->shutdown & ~SHUTDOWN_MASK || in->options >> BITS ||
	    in->timestamping & ~SOF_TIMESTAMPING_MASK ||
	    in->timestamping & SOF_TIMESTAMPING_BIND_PHC || in->busy_poll > INT_MAX ||
	    in->busy_poll_budget > U16_MAX)
		return -EINVAL;
	if (in->options & BIT_ULL(BIT_TXTIME)) {
		if (in->clock != CLOCK_MONOTONIC && in->clock != CLOCK_REALTIME &&
		    in->clock != CLOCK_TAI)
			return -EINVAL;
		if (in->clock != CLOCK_MONOTONIC && !ns_capable(ns, CAP_NET_ADMIN))
			return -EPERM;
	} else if (in->clock || in->options & (BIT_ULL(BIT_TXTIME_DEADLINE) |
					       BIT_ULL(BIT_TXTIME_ERRORS))) {
		return -EINVAL;
	}
	if ((in->busy_poll_budget || in->options & BIT_ULL(BIT_PREFER_BUSY_POLL)) &&
	    !capable(CAP_NET_ADMIN))
		return -EPERM;
	if ((in->mark || in->priority > 6) && !ns_capable(ns, CAP_NET_RAW) &&
	    !ns_capable(ns, CAP_NET_ADMIN))
		return -EPERM;
	if ((in->send_buffer > most_send || in->receive_buffer > most_receive ||
	     in->backlog > most_waiting) && !ns_capable(ns, CAP_NET_ADMIN))
		return -EPERM;
	for (u32 i = 0; i < ARRAY_SIZE(flag_bits); i++)
		if (flag_bits[i] == SOCK_DBG && in->options & BIT_ULL(i) && !capable(CAP_NET_ADMIN))
			return -EPERM;
	return 0;
}

static void set_options(struct sock *sk, u64 options)
{
	struct socket_wq *wq;

	for (u32 i = 0; i < ARRAY_SIZE(flag_bits); i++)
		sock_valbool_flag(sk, flag_bits[i], !!(options & BIT_ULL(i)));
	sk->sk_reuse = options & BIT_ULL(BIT_REUSE) ? SK_CAN_REUSE : SK_NO_REUSE;
	sk->sk_no_check_tx = !!(options & BIT_ULL(BIT_NO_CHECK));
	sk->sk_scm_credentials = !!(options & BIT_ULL(BIT_PASSCRED));
	sk->sk_scm_security = !!(options & BIT_ULL(BIT_PASSSEC));
	sk->sk_scm_pidfd = !!(options & BIT_ULL(BIT_PASSPIDFD));
	sk->sk_scm_rights = !!(options & BIT_ULL(BIT_PASSRIGHTS));
	sock_valbool_flag(sk, SOCK_TXTIME, !!(options & BIT_ULL(BIT_TXTIME)));
	sk->sk_txtime_deadline_mode = !!(options & BIT_ULL(BIT_TXTIME_DEADLINE));
	sk->sk_txtime_report_errors = !!(options & BIT_ULL(BIT_TXTIME_ERRORS));
#ifdef CONFIG_NET_RX_BUSY_POLL
	WRITE_ONCE(sk->sk_prefer_busy_poll, !!(options & BIT_ULL(BIT_PREFER_BUSY_POLL)));
#endif
	unix_sk(sk)->recvmsg_inq = !!(options & BIT_ULL(BIT_INQ));
	sk->sk_userlocks &= ~(SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK);
	sk->sk_userlocks |= options & BIT_ULL(BIT_SNDBUF_LOCK) ? SOCK_SNDBUF_LOCK : 0;
	sk->sk_userlocks |= options & BIT_ULL(BIT_RCVBUF_LOCK) ? SOCK_RCVBUF_LOCK : 0;
	rcu_read_lock();
	wq = rcu_dereference(sk->sk_wq);
	if (wq && options & BIT_ULL(BIT_ASYNC_NOSPACE))
		set_bit(SOCKWQ_ASYNC_NOSPACE, &wq->flags);
	if (wq && options & BIT_ULL(BIT_ASYNC_WAITDATA))
		set_bit(SOCKWQ_ASYNC_WAITDATA, &wq->flags);
	rcu_read_unlock();
	if (sk->sk_socket && options & BIT_ULL(BIT_NOSPACE))
		set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
}

/* Everything but names, peers and messages. -EPERM: current may not. */
int ckpt_socket_set(struct sock *sk, const struct ckpt_socket *in)
{
	int ret = may_set(sk, in);

	if (ret)
		return ret;
	unix_state_lock(sk);
	sk->sk_state = in->state;
	sk->sk_shutdown = in->shutdown;
	sk->sk_err = in->error;
	sk->sk_max_ack_backlog = in->backlog;
	unix_state_unlock(sk);
	set_options(sk, in->options);
	WRITE_ONCE(sk->sk_sndbuf, in->send_buffer);
	WRITE_ONCE(sk->sk_rcvbuf, in->receive_buffer);
	WRITE_ONCE(sk->sk_rcvlowat, in->low_water);
	WRITE_ONCE(sk->sk_priority, in->priority);
	WRITE_ONCE(sk->sk_mark, in->mark);
	WRITE_ONCE(sk->sk_tsflags, in->timestamping);
	WRITE_ONCE(sk->sk_peek_off, in->peek_offset);
	WRITE_ONCE(sk->sk_rcvtimeo, from_us(in->receive_timeout));
	WRITE_ONCE(sk->sk_sndtimeo, from_us(in->send_timeout));
	WRITE_ONCE(sk->sk_lingertime, from_us(in->linger));
#ifdef CONFIG_NET_RX_BUSY_POLL
	WRITE_ONCE(sk->sk_ll_usec, in->busy_poll);
	WRITE_ONCE(sk->sk_busy_poll_budget, in->busy_poll_budget);
#endif
	WRITE_ONCE(sk->sk_incoming_cpu, in->incoming_cpu);
	sk->sk_clockid = in->clock;
	WRITE_ONCE(sk->sk_max_pacing_rate, in->pacing_rate);
	if (in->pacing_rate != ~0UL)
		cmpxchg(&sk->sk_pacing_status, SK_PACING_NONE, SK_PACING_NEEDED);
	WRITE_ONCE(sk->sk_pacing_rate, min_t(unsigned long, in->pacing_rate, sk->sk_pacing_rate));
	return 0;
}

/* The kernel checks the program as that of SO_ATTACH_FILTER. */
int ckpt_socket_set_filter(struct sock *sk, const void *program, u32 instructions)
{
	struct sock_fprog_kern filter = {
		.len = instructions,
		.filter = (struct sock_filter *)program,
	};
	int ret;

	if (!instructions || instructions > BPF_MAXINSNS)
		return -EINVAL;
	lock_sock(sk);
	ret = sk_attach_filter_image(&filter, sk);
	release_sock(sk);
	return ret;
}

/* As connect(2) does it; only for datagrams. */
int ckpt_socket_connect(struct sock *sk, const u8 *name, u32 length)
{
	struct sockaddr_un addr = {};
	int ret;

	if (sk->sk_type != SOCK_DGRAM || !sk->sk_socket || length > sizeof(addr) ||
	    length <= offsetof(struct sockaddr_un, sun_path))
		return -EINVAL;
	memcpy(&addr, name, length);
	if (addr.sun_family != AF_UNIX)
		return -EINVAL;
	ret = security_socket_connect(sk->sk_socket, (struct sockaddr *)&addr, length);
	return ret ?: kernel_connect(sk->sk_socket, (struct sockaddr_unsized *)&addr, length, 0);
}

/* @peer becomes the other end of @sk, but not yet the other way round. */
int ckpt_socket_join(struct sock *sk, struct sock *peer)
{
	int ret = -EISCONN;

	if (peer->sk_type != sk->sk_type)
		return -EPROTOTYPE;
	unix_state_lock(sk);
	if (!unix_peer(sk)) {
		sock_hold(peer);
		unix_peer(sk) = peer;
		ret = 0;
	}
	unix_state_unlock(sk);
	return ret;
}

/* Whom SO_PEERCRED tells. */
void ckpt_socket_set_peer(struct sock *sk, struct pid *pid, const struct cred *cred)
{
	const struct cred *old_cred;
	struct pid *old_pid;

	spin_lock(&sk->sk_peer_lock);
	old_pid = sk->sk_peer_pid;
	old_cred = sk->sk_peer_cred;
	sk->sk_peer_pid = get_pid(pid);
	sk->sk_peer_cred = get_cred(cred);
	spin_unlock(&sk->sk_peer_lock);
	put_pid(old_pid);
	put_cred(old_cred);
}

/* The process of a task, for pidfds to be made of it. */
struct pid *ckpt_socket_pid_of(struct task_struct *task)
{
	struct pid *pid = get_task_pid(task, PIDTYPE_TGID);
	int ret;

	if (!pid)
		return ERR_PTR(-ESRCH);
	ret = pidfs_register_pid(pid);
	if (ret) {
		put_pid(pid);
		return ERR_PTR(ret);
	}
	return pid;
}

/*
 * May current say of messages and connections that they are of whatever process had a number, in
 * the namespace that is @above that of @task? Whoever chooses the numbers of processes there
 * (clone3() with set_tid, ns_last_pid) can have one send it, and end.
 */
bool ckpt_socket_may_number(struct task_struct *task, u32 above)
{
	struct pid_namespace *ns = ckpt_pid_space_hold(task, above);
	bool may = ns && checkpoint_restore_ns_capable(ns->user_ns);

	if (ns)
		put_pid_ns(ns);
	return may;
}

/*
 * What is left of a process that has gone, or that is outside: its number, in
 * the namespace that is @above that of @task, which lives.
 */
struct pid *ckpt_socket_pid_gone(struct task_struct *task, u32 above, s32 number, u32 status)
{
	struct pidfs_kept kept = { .reaped = true, .exit_code = status };
	struct pid_namespace *ns;
	struct pid *pid;

	if (number < 0 || number > PID_MAX_LIMIT)
		return ERR_PTR(-EINVAL);
	ns = ckpt_pid_space_hold(task, above);
	if (!ns)
		return ERR_PTR(-ESRCH);
	rcu_read_lock();
	kept.cgroupid = cgroup_id(task_dfl_cgroup(task));
	rcu_read_unlock();
	pid = pidfs_alloc_reaped(ns, &kept);
	put_pid_ns(ns);
	/* Nobody looks for it by its number: it is in no table. */
	if (!IS_ERR(pid))
		pid->numbers[pid->level].nr = number;
	return pid;
}

/* As sendmsg() splits it. */
static struct sk_buff *skb_for(u32 type, u32 length)
{
	struct sk_buff *skb;
	u32 paged = 0;
	int ret;

	if (type == SOCK_STREAM && length > SKB_MAX_HEAD(0))
		paged = min_t(u32, length, PAGE_ALIGN(length - SKB_MAX_HEAD(0)));
	else if (type != SOCK_STREAM && length > SKB_MAX_ALLOC)
		paged = PAGE_ALIGN(min_t(u32, length - SKB_MAX_ALLOC, MAX_SKB_FRAGS * PAGE_SIZE));
	paged = min(paged, length);
	skb = alloc_skb_with_frags(length - paged, paged, PAGE_ALLOC_COSTLY_ORDER, &ret,
				   GFP_KERNEL_ACCOUNT);
	if (!skb)
		return NULL;
	skb_put(skb, length - paged);
	skb->data_len = paged;
	skb->len = length;
	return skb;
}

static int fill_skb(struct sk_buff *skb, const void *bytes)
{
	struct kvec kvec = { .iov_base = (void *)bytes, .iov_len = skb->len };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &kvec, 1, skb->len);
	return skb_copy_datagram_from_iter(skb, 0, &iter, skb->len);
}

static struct scm_fp_list *files_for(const struct ckpt_message *in, struct file **files)
{
	kuid_t uid = make_kuid(current_user_ns(), in->owner);
	struct scm_fp_list *fp;

	if (in->files > SCM_MAX_FD || !uid_valid(uid))
		return ERR_PTR(-EINVAL);
	if (!uid_eq(uid, current_user()->uid) && !ns_capable(current_user_ns(), CAP_SETUID))
		return ERR_PTR(-EPERM);
	fp = kzalloc_obj(*fp, GFP_KERNEL_ACCOUNT);
	if (!fp)
		return ERR_PTR(-ENOMEM);
	fp->max = SCM_MAX_FD;
	INIT_LIST_HEAD(&fp->vertices);
	fp->user = alloc_uid(uid);
	if (!fp->user) {
		kfree(fp);
		return ERR_PTR(-ENOMEM);
	}
	for (u32 i = 0; i < in->files; i++) {
		fp->fp[fp->count++] = get_file(files[i]);
		if (unix_get_socket(files[i]))
			fp->count_unix++;
	}
	return fp;
}

/* As scm_check_creds() does. */
static int may_claim(const struct ckpt_message *in, struct pid *pid, struct scm_cookie *scm)
{
	struct user_namespace *ns = current_user_ns();
	const struct cred *cred = current_cred();
	kuid_t uid = make_kuid(ns, in->uid);
	kgid_t gid = make_kgid(ns, in->gid);

	if (!uid_valid(uid) || !gid_valid(gid))
		return -EINVAL;
	if (!uid_eq(uid, cred->uid) && !uid_eq(uid, cred->euid) && !uid_eq(uid, cred->suid) &&
	    !ns_capable(ns, CAP_SETUID))
		return -EPERM;
	if (!gid_eq(gid, cred->gid) && !gid_eq(gid, cred->egid) && !gid_eq(gid, cred->sgid) &&
	    !ns_capable(ns, CAP_SETGID))
		return -EPERM;
	scm->pid = pid;
	scm->creds.uid = uid;
	scm->creds.gid = gid;
	return 0;
}

/* Room of the sender that messages may take: one more than fits, as sendmsg() has it. */
static bool has_room(struct sock *from)
{
	u32 most = max_t(u32, READ_ONCE(from->sk_sndbuf), 2 * READ_ONCE(sysctl_wmem_max));

	if (ns_capable(sock_net(from)->user_ns, CAP_NET_ADMIN))
		most = INT_MAX / 2;
	return sk_wmem_alloc_get(from) < min_t(u32, most, INT_MAX / 2);
}

/* More than its bytes take: a message that was read in part, spliced, or cut by a filter. */
#define MOST_EXTRA (SZ_8M + SZ_256K)

int ckpt_socket_put(struct sock *from, struct sock *to, struct mm_struct *payer,
		    const struct ckpt_message *in, struct pid *pid, const void *bytes,
		    struct file **files)
{
	struct mem_cgroup *memcg, *before;
	struct scm_cookie scm = {};
	struct sk_buff *skb;
	int ret;

	/* What listens must never get anything but connections. */
	if (from->sk_type != to->sk_type ||
	    (to->sk_type != SOCK_DGRAM && to->sk_state != TCP_ESTABLISHED))
		return -EINVAL;
	if (to->sk_type != SOCK_STREAM ? in->oob || in->consumed :
	    in->oob ? in->consumed || in->length != 1 : in->consumed != !in->length)
		return -EINVAL;
	if (!has_room(from))
		return -ENOBUFS;
	if (pid) {
		ret = may_claim(in, pid, &scm);
		if (ret)
			return ret;
	}
	memcg = get_mem_cgroup_from_mm(payer);
	before = set_active_memcg(memcg);
	ret = -ENOMEM;
	skb = skb_for(to->sk_type, in->consumed ? 1 : in->length);
	if (!skb)
		goto out;
	ret = fill_skb(skb, in->consumed ? "" : bytes);
	if (ret)
		goto free;
	if (in->charge > skb->truesize) {
		ret = -EINVAL;
		if (in->charge - skb->truesize > MOST_EXTRA)
			goto free;
		skb->truesize = in->charge;
	}
	UNIXCB(skb).consumed = in->consumed;
	skb->tstamp = ns_to_ktime(in->stamp);
	if (in->files) {
		scm.fp = files_for(in, files);
		if (IS_ERR(scm.fp)) {
			ret = PTR_ERR(scm.fp);
			goto free;
		}
	}
	ret = unix_restore_skb(from, to, skb, &scm, in->oob);
	/* Only the files, if they are still there, are ours. */
	if (scm.fp)
		__scm_destroy(&scm);
	goto out;
free:
	kfree_skb(skb);
out:
	set_active_memcg(before);
	mem_cgroup_put(memcg);
	return ret;
}
