// SPDX-License-Identifier: GPL-2.0
/* Pseudo terminals: both sides, what lies between them, whom they control. */
#include <linux/bitmap.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/mount.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>
#include <linux/tty_ldisc.h>
#include <linux/wait.h>
/* Declares nothing that it uses. */
#include <linux/devpts_fs.h>

#include "../../../drivers/tty/tty.h"

#include "glue.h"

static struct tty_struct *tty_of(struct file *file)
{
	return ((struct tty_file_private *)file->private_data)->tty;
}

static bool is_master(const struct tty_struct *tty)
{
	return tty->driver->type == TTY_DRIVER_TYPE_PTY &&
	       tty->driver->subtype == PTY_TYPE_MASTER;
}

/* A side of the pair that @file is of. */
static struct tty_struct *side_of(struct file *file, bool slave)
{
	struct tty_struct *tty = tty_of(file);

	return is_master(tty) == slave ? tty->link : tty;
}

enum ckpt_tty_kind ckpt_tty_kind(struct file *file)
{
	const struct tty_struct *tty;

	if (!S_ISCHR(file_inode(file)->i_mode) || (file->f_mode & FMODE_PATH) ||
	    file->f_op->release != tty_release || !file->private_data)
		return CKPT_TTY_NONE;
	tty = tty_of(file);
	if (tty->driver->type != TTY_DRIVER_TYPE_PTY || !tty->link)
		return CKPT_TTY_OTHER;
	switch (tty->driver->major) {
	case UNIX98_PTY_MASTER_MAJOR:
		return CKPT_TTY_MASTER;
	case UNIX98_PTY_SLAVE_MAJOR:
		return CKPT_TTY_SLAVE;
	default:
		return CKPT_TTY_OTHER;
	}
}

bool ckpt_tty_hung_up(struct file *file)
{
	return tty_hung_up_p(file);
}

/* Has it been opened as /dev/tty? */
bool ckpt_tty_is_current(struct file *file)
{
	return file_inode(file)->i_rdev == MKDEV(TTYAUX_MAJOR, 0);
}

/* Only to be compared, while the file is held. */
const void *ckpt_tty_pair(struct file *file)
{
	return side_of(file, false);
}

/*
 * Its discipline, held, or NULL. While another one is set there is none for a
 * moment: that is waited for; so are those who take their time to read.
 */
static struct tty_ldisc *hold_discipline(struct tty_struct *tty)
{
	struct tty_ldisc *ld;

	while (!ldsem_down_read(&tty->ldisc_sem, HZ / 10))
		if (signal_pending(current))
			return ERR_PTR(-EINTR);
	/* Read once: without the lock there may be another one at any moment. */
	ld = tty->ldisc;
	if (!ld)
		ldsem_up_read(&tty->ldisc_sem);
	return ld;
}

/* Is it N_TTY, or has it gone? */
static int look_at_discipline(struct tty_struct *tty, bool *has_one, bool *is_odd)
{
	struct tty_ldisc *ld = hold_discipline(tty);

	if (IS_ERR(ld))
		return PTR_ERR(ld);
	*has_one = ld;
	if (ld) {
		*is_odd |= ld->ops->num != N_TTY;
		tty_ldisc_deref(ld);
	}
	return 0;
}

/*
 * What is on its way to where it is read has come there afterwards. Who reads
 * may take his time, and whatever carries it waits for him: a signal ends this.
 */
static int settle_buffers(struct tty_port *port)
{
	while (work_busy(&port->buf.work)) {
		if (ckpt_interrupted_now())
			return -EINTR;
		ckpt_blink();
	}
	return 0;
}

/* As tty_buffer_lock_exclusive(); what carries may have it, and wait as above. */
static int lock_buffers(struct tty_port *port)
{
	struct tty_bufhead *buf = &port->buf;

	atomic_inc(&buf->priority);
	while (!mutex_trylock(&buf->lock)) {
		if (ckpt_interrupted_now()) {
			atomic_dec(&buf->priority);
			tty_buffer_restart_work(port);
			return -EINTR;
		}
		ckpt_blink();
	}
	return 0;
}

/* What is on its way comes to where it stays first. */
int ckpt_tty_get(struct file *file, struct ckpt_tty *out)
{
	struct tty_struct *master = side_of(file, false);
	struct tty_struct *slave = side_of(file, true);
	struct tty_file_private *opened;
	bool has_one, is_odd = false;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = settle_buffers(slave->port) ?: settle_buffers(master->port);
	if (ret)
		return ret;
	out->number = slave->index;
	out->is_console = tty_is_console_redirect(master) || tty_is_console_redirect(slave);
	ret = look_at_discipline(master, &has_one, &is_odd);
	ret = ret ?: look_at_discipline(slave, &has_one, &is_odd);
	if (ret)
		return ret;
	out->is_odd = is_odd;
	out->has_discipline = has_one;
	spin_lock(&master->files_lock);
	out->has_master = !list_empty(&master->tty_files);
	spin_unlock(&master->files_lock);
	spin_lock(&slave->files_lock);
	list_for_each_entry(opened, &slave->tty_files, list)
		out->slaves++;
	spin_unlock(&slave->files_lock);
	out->packet = master->ctrl.packet;
	spin_lock_irq(&slave->ctrl.lock);
	out->packet_status = slave->ctrl.pktstatus;
	out->session = slave->ctrl.session;
	out->group = slave->ctrl.pgrp;
	spin_unlock_irq(&slave->ctrl.lock);
	out->instance = master->driver_data;
	return 0;
}

static const struct {
	u32 ours;
	int theirs;
} flags_of[] = {
	{ CKPT_TTY_THROTTLED, TTY_THROTTLED },
	{ CKPT_TTY_IO_ERROR, TTY_IO_ERROR },
	{ CKPT_TTY_OTHER_CLOSED, TTY_OTHER_CLOSED },
	{ CKPT_TTY_EXCLUSIVE, TTY_EXCLUSIVE },
	{ CKPT_TTY_WAKEUP, TTY_DO_WRITE_WAKEUP },
	{ CKPT_TTY_LOCKED, TTY_PTY_LOCK },
};

static void settings_get(const struct ktermios *from, struct ckpt_tty_settings *to)
{
	BUILD_BUG_ON(CKPT_TTY_SETTINGS_CC != NCCS);
	to->iflag = from->c_iflag;
	to->oflag = from->c_oflag;
	to->cflag = from->c_cflag;
	to->lflag = from->c_lflag;
	to->line = from->c_line;
	to->ispeed = from->c_ispeed;
	to->ospeed = from->c_ospeed;
	memcpy(to->cc, from->c_cc, NCCS);
}

static void settings_put(const struct ckpt_tty_settings *from, struct ktermios *to)
{
	to->c_iflag = from->iflag;
	to->c_oflag = from->oflag;
	to->c_cflag = from->cflag;
	to->c_lflag = from->lflag;
	to->c_line = from->line;
	to->c_ispeed = from->ispeed;
	to->c_ospeed = from->ospeed;
	memcpy(to->c_cc, from->cc, NCCS);
}

/*
 * Nothing goes from the buffers of a side to where it is read while it is held.
 * Gives its discipline, if it has one, which lasts as long. Who flushes a side
 * has the discipline when he waits for the buffers: it comes first here too.
 */
void *ckpt_tty_hold(struct file *file, bool slave)
{
	struct tty_struct *tty = side_of(file, slave);
	struct tty_ldisc *ld = hold_discipline(tty);
	int ret = IS_ERR(ld) ? 0 : lock_buffers(tty->port);

	if (!ret)
		return ld;
	if (ld)
		tty_ldisc_deref(ld);
	return ERR_PTR(ret);
}

/*
 * Who found the side held has given up. What unlocking looks at to start him
 * again is the first buffer alone, and that may be one that was read to its end.
 */
void ckpt_tty_let_go(struct file *file, bool slave, void *discipline)
{
	struct tty_port *port = side_of(file, slave)->port;

	tty_buffer_unlock_exclusive(port);
	tty_buffer_restart_work(port);
	if (discipline)
		tty_ldisc_deref(discipline);
}

/* Of a side that is held, with what that gave; likewise its buffers. */
int ckpt_tty_side_get(struct file *file, bool slave, void *discipline, struct ckpt_tty_side *out)
{
	struct tty_struct *tty = side_of(file, slave);
	struct tty_ldisc *ld = discipline;
	struct n_tty_state *state;
	int ret;

	memset(out, 0, sizeof(*out));
	for (u32 i = 0; i < ARRAY_SIZE(flags_of); i++)
		if (test_bit(flags_of[i].theirs, &tty->flags))
			out->flags |= flags_of[i].ours;
	spin_lock_irq(&tty->flow.lock);
	out->flags |= tty->flow.stopped ? CKPT_TTY_STOPPED : 0;
	out->flags |= tty->flow.tco_stopped ? CKPT_TTY_TCO_STOPPED : 0;
	spin_unlock_irq(&tty->flow.lock);
	ret = down_read_killable(&tty->termios_rwsem);
	if (ret)
		return ret;
	settings_get(&tty->termios, &out->now);
	settings_get(&tty->termios_locked, &out->locked);
	up_read(&tty->termios_rwsem);
	mutex_lock(&tty->winsize_mutex);
	out->rows = tty->winsize.ws_row;
	out->columns = tty->winsize.ws_col;
	out->width = tty->winsize.ws_xpixel;
	out->height = tty->winsize.ws_ypixel;
	mutex_unlock(&tty->winsize_mutex);

	if (!ld)
		return 0;
	/* When the side was looked at it had this one. */
	if (ld->ops->num != N_TTY)
		return -ESTALE;
	state = kvzalloc_obj(*state, GFP_KERNEL_ACCOUNT);
	if (!state)
		return -ENOMEM;
	ret = n_tty_get_state(tty, state);
	if (ret) {
		kvfree(state);
		return ret;
	}

	out->flags |= state->no_room ? CKPT_TTY_NO_ROOM : 0;
	out->flags |= state->lnext ? CKPT_TTY_LITERAL : 0;
	out->flags |= state->erasing ? CKPT_TTY_ERASING : 0;
	out->flags |= state->push ? CKPT_TTY_PUSH : 0;
	out->read_count = state->read_count;
	out->canon_count = state->canon_count;
	out->commit_count = state->commit_count;
	out->echo_count = state->echo_count;
	out->echo_commit = state->echo_commit;
	out->echo_mark = state->echo_mark;
	out->column = state->column;
	out->canon_column = state->canon_column;
	out->lookahead = state->lookahead;
	memcpy(out->read, state->read, sizeof(out->read));
	memcpy(out->echo, state->echo, sizeof(out->echo));
	for (u32 i = 0; i < state->read_count; i++)
		if (test_bit(i, state->ends))
			out->ends[i / 8] |= BIT(i % 8);
	kvfree(state);
	return 0;
}

/*
 * Those that were freed do not count, nor does the one that stands for none.
 * Somebody outside may be writing: what counts is what he has committed. The
 * last one alone may grow, and what he writes into another one from now on
 * comes after what has been saved.
 */
int ckpt_tty_buffer_get(struct file *file, bool slave, u32 index, struct ckpt_tty_buffer *out,
			void *bytes, u32 size)
{
	struct tty_port *port = side_of(file, slave)->port;
	struct tty_buffer *buffer, *next;
	int ret = -ENOENT;

	memset(out, 0, sizeof(*out));
	for (buffer = port->buf.head; buffer; buffer = next) {
		/* Pairs with __tty_buffer_request_room(): who has a next one grows no more. */
		next = smp_load_acquire(&buffer->next);
		if (!buffer->size || index--)
			continue;
		out->size = buffer->size;
		out->read = buffer->read;
		/* Pairs with tty_flip_buffer_commit(): the bytes are there. */
		out->used = smp_load_acquire(&buffer->commit);
		out->lookahead = max(buffer->lookahead, buffer->read);
		out->is_last = !next;
		ret = out->used - out->read;
		/* Nothing that goes through a pair is marked as broken. */
		if (buffer->flags || ret < 0 || ret > size)
			ret = -EINVAL;
		else
			memcpy(bytes, char_buf_ptr(buffer, out->read), ret);
		break;
	}
	return ret;
}

static struct file *file_of_master(struct tty_struct *master)
{
	struct tty_file_private *opened;
	struct file *found = NULL;

	spin_lock(&master->files_lock);
	opened = list_first_entry_or_null(&master->tty_files, struct tty_file_private, list);
	if (opened)
		found = get_file_active(&opened->file);
	spin_unlock(&master->files_lock);
	return found;
}

/* The open file of the master; there is one at most. */
struct file *ckpt_tty_master_of(struct file *file)
{
	return file_of_master(side_of(file, false));
}

/* The slave, wherever it lies, as TIOCGPTPEER does; with O_PATH, its inode. */
struct file *ckpt_tty_open(struct file *master, u32 flags)
{
	struct tty_struct *tty = side_of(master, false);
	struct file *file;
	struct path path;

	path.mnt = devpts_mntget(master, tty->driver_data);
	if (IS_ERR(path.mnt))
		return ERR_CAST(path.mnt);
	path.dentry = tty->link->driver_data;
	file = dentry_open(&path, flags | O_NOCTTY, current_cred());
	mntput(path.mnt);
	return file;
}

/* /dev/tty, as who is controlled by the slave would open it. */
struct file *ckpt_tty_open_current(struct file *master, const char *path, u32 flags)
{
	struct tty_struct *slave = tty_kref_get(side_of(master, true));
	struct tty_struct *before;
	struct file *file;

	spin_lock_irq(&current->sighand->siglock);
	before = current->signal->tty;
	current->signal->tty = slave;
	spin_unlock_irq(&current->sighand->siglock);
	file = filp_open(path, flags | O_NOCTTY, 0);
	spin_lock_irq(&current->sighand->siglock);
	swap(before, current->signal->tty);
	spin_unlock_irq(&current->sighand->siglock);
	tty_kref_put(before);
	if (!IS_ERR(file) && (ckpt_tty_kind(file) != CKPT_TTY_SLAVE || tty_of(file) != slave)) {
		fput(file);
		return ERR_PTR(-ESTALE);
	}
	return file;
}

void ckpt_tty_unlock(struct file *master)
{
	clear_bit(TTY_PTY_LOCK, &side_of(master, false)->flags);
}

/* As vhangup() of whom the slave controls, but that nobody is. */
int ckpt_tty_hang_up(struct file *master)
{
	struct tty_struct *slave = side_of(master, true);

	if (slave->ctrl.session)
		return -EBUSY;
	tty_vhangup(slave);
	return 0;
}

/* All but its flags. */
int ckpt_tty_side_set(struct file *file, bool slave, const struct ckpt_tty_side *in)
{
	struct tty_struct *tty = side_of(file, slave);
	struct ktermios old;
	struct n_tty_state *state;
	struct tty_ldisc *ld;
	int ret;

	if (in->now.line != N_TTY || in->read_count > sizeof(in->read) ||
	    in->echo_count > sizeof(in->echo))
		return -EINVAL;
	ld = tty_ldisc_ref_wait(tty);
	state = ld ? kvzalloc_obj(*state, GFP_KERNEL_ACCOUNT) : NULL;
	if (ld && !state) {
		tty_ldisc_deref(ld);
		return -ENOMEM;
	}
	down_write(&tty->termios_rwsem);
	old = tty->termios;
	settings_put(&in->now, &tty->termios);
	/* As the driver does. */
	tty->termios.c_cflag &= ~(CSIZE | PARENB);
	tty->termios.c_cflag |= CS8 | CREAD;
	settings_put(&in->locked, &tty->termios_locked);
	if (ld && ld->ops->set_termios)
		ld->ops->set_termios(tty, &old);
	up_write(&tty->termios_rwsem);
	mutex_lock(&tty->winsize_mutex);
	tty->winsize = (struct winsize) {
		.ws_row = in->rows,
		.ws_col = in->columns,
		.ws_xpixel = in->width,
		.ws_ypixel = in->height,
	};
	mutex_unlock(&tty->winsize_mutex);
	if (!ld)
		return 0;

	state->read_count = in->read_count;
	state->canon_count = in->canon_count;
	state->commit_count = in->commit_count;
	state->echo_count = in->echo_count;
	state->echo_commit = in->echo_commit;
	state->echo_mark = in->echo_mark;
	state->column = in->column;
	state->canon_column = in->canon_column;
	state->lookahead = in->lookahead;
	state->no_room = in->flags & CKPT_TTY_NO_ROOM;
	state->lnext = in->flags & CKPT_TTY_LITERAL;
	state->erasing = in->flags & CKPT_TTY_ERASING;
	state->push = in->flags & CKPT_TTY_PUSH;
	memcpy(state->read, in->read, sizeof(state->read));
	memcpy(state->echo, in->echo, sizeof(state->echo));
	for (u32 i = 0; i < in->read_count; i++)
		if (in->ends[i / 8] & BIT(i % 8))
			__set_bit(i, state->ends);
	tty_buffer_lock_exclusive(tty->port);
	ret = ld->ops->num == N_TTY ? n_tty_set_state(tty, state) : -EINVAL;
	tty_buffer_unlock_exclusive(tty->port);
	tty_ldisc_deref(ld);
	kvfree(state);
	return ret;
}

/* When all else is as it was. */
int ckpt_tty_flags_set(struct file *file, bool slave, u32 flags)
{
	struct tty_struct *tty = side_of(file, slave);

	if ((flags & CKPT_TTY_LOCKED) && slave)
		return -EINVAL;
	for (u32 i = 0; i < ARRAY_SIZE(flags_of); i++)
		assign_bit(flags_of[i].theirs, &tty->flags, flags & flags_of[i].ours);
	spin_lock_irq(&tty->flow.lock);
	tty->flow.stopped = flags & CKPT_TTY_STOPPED;
	tty->flow.tco_stopped = flags & CKPT_TTY_TCO_STOPPED;
	spin_unlock_irq(&tty->flow.lock);
	return 0;
}

/*
 * Adds a buffer behind the others, as writing to the other side has left it:
 * how much more can be written depends on the sizes of them.
 */
int ckpt_tty_buffer_put(struct file *file, bool slave, const struct ckpt_tty_buffer *in,
			const void *bytes)
{
	struct tty_port *port = side_of(file, slave)->port;
	struct tty_buffer *before, *buffer;
	unsigned long flags;
	size_t room;
	int used, ret = 0;
	u8 *chars;

	/* A buffer that keeps no marks has room for as many bytes again. */
	if (!in->size || in->size > PAGE_SIZE || in->used > 2 * in->size || in->read > in->used ||
	    in->lookahead < in->read || in->lookahead > in->used)
		return -EINVAL;
	tty_buffer_lock_exclusive(port);
	/* Who has opened the other side meanwhile writes to it with this lock. */
	spin_lock_irqsave(&port->lock, flags);
	before = port->buf.tail;
	used = before->used;
	room = tty_prepare_flip_string(port, &chars, in->size);
	buffer = port->buf.tail;
	if (buffer == before) {
		/* What was set apart holds what the memory held before: nobody is to read it. */
		before->used = used;
		ret = room < in->size ? -ENOSPC : -EBUSY;
	} else if (buffer->size != in->size) {
		buffer->used = 0;
		ret = -EINVAL;
	} else {
		memset(char_buf_ptr(buffer, 0), 0, in->read);
		memcpy(char_buf_ptr(buffer, in->read), bytes, in->used - in->read);
		buffer->read = in->read;
		buffer->lookahead = in->lookahead;
		buffer->used = in->used;
		/* As tty_flip_buffer_commit() does: the bytes are there first. */
		smp_store_release(&buffer->commit, in->used);
	}
	spin_unlock_irqrestore(&port->lock, flags);
	tty_buffer_unlock_exclusive(port);
	return ret;
}

/* What there was no room for finds none now either, and waits for it. */
void ckpt_tty_buffers_done(struct file *file, bool slave)
{
	tty_buffer_restart_work(side_of(file, slave)->port);
	tty_buffer_flush_work(side_of(file, slave)->port);
}

void ckpt_tty_packet_set(struct file *file, bool packet, u32 status)
{
	struct tty_struct *master = side_of(file, false);
	struct tty_struct *slave = side_of(file, true);

	spin_lock_irq(&master->ctrl.lock);
	master->ctrl.packet = packet;
	spin_unlock_irq(&master->ctrl.lock);
	spin_lock_irq(&slave->ctrl.lock);
	slave->ctrl.pktstatus = status;
	spin_unlock_irq(&slave->ctrl.lock);
}

/* Is nobody of the group in another session? Called with tasklist_lock. */
static bool is_in_session(struct pid *group, struct task_struct *session)
{
	struct task_struct *task = pid_task(group, PIDTYPE_PGID);

	return !task || task_session(task) == task_session(session);
}

/*
 * The number of the group in the foreground, in the pid namespace with the id
 * @space, if nobody is in it any more; zero: somebody is, or its number means
 * something in a namespace below.
 */
s32 ckpt_tty_group_gone(struct file *file, u64 space)
{
	struct tty_struct *slave = side_of(file, true);
	const struct upid *last;
	struct pid *group;
	s32 number = 0;

	spin_lock_irq(&slave->ctrl.lock);
	group = get_pid(slave->ctrl.pgrp);
	spin_unlock_irq(&slave->ctrl.lock);
	if (!group)
		return 0;
	last = &group->numbers[group->level];
	if (last->ns->ns.ns_id == space && !pid_has_task(group, PIDTYPE_PGID))
		number = last->nr;
	put_pid(group);
	return number;
}

/* The group of a task, with a reference. */
struct pid *ckpt_tty_group_of(struct task_struct *task)
{
	return get_task_pid(task, PIDTYPE_PGID);
}

/* Has the slave control the session of @session, with @group in the foreground. */
int ckpt_tty_control(struct file *file, struct task_struct *session, struct pid *group)
{
	struct tty_struct *slave = side_of(file, true);
	int ret = -EINVAL;

	guard(read_lock)(&tasklist_lock);
	if (!task_session(session) || task_session(session) != task_pid(session) ||
	    !is_in_session(group, session))
		return -EINVAL;
	spin_lock_irq(&slave->ctrl.lock);
	if (!slave->ctrl.session && !slave->ctrl.pgrp) {
		slave->ctrl.session = get_pid(task_session(session));
		slave->ctrl.pgrp = get_pid(group);
		ret = 0;
	}
	spin_unlock_irq(&slave->ctrl.lock);
	return ret;
}

/* The pair whose slave controls it; only to be compared. */
const void *ckpt_task_tty(struct task_struct *task)
{
	const void *pair = NULL;
	unsigned long flags;

	if (lock_task_sighand(task, &flags)) {
		struct tty_struct *tty = task->signal->tty;

		if (tty)
			pair = tty->link && !is_master(tty) ? tty->link : tty;
		unlock_task_sighand(task, &flags);
	}
	return pair;
}

/* Likewise the open file of its master, if devpts knows that pair. */
struct file *ckpt_task_tty_master(struct task_struct *task)
{
	struct tty_struct *master = NULL;
	struct file *found = NULL;
	unsigned long flags;

	/* While it controls somebody its master is not on the way out. */
	if (lock_task_sighand(task, &flags)) {
		struct tty_struct *tty = task->signal->tty;

		if (tty && tty->driver->type == TTY_DRIVER_TYPE_PTY && !is_master(tty) &&
		    tty->driver->major == UNIX98_PTY_SLAVE_MAJOR)
			master = tty_kref_get(tty->link);
		unlock_task_sighand(task, &flags);
	}
	if (master) {
		found = file_of_master(master);
		tty_kref_put(master);
	}
	return found;
}

/* The group that hears of it when this leader of a session ends, whose terminal has gone. */
const struct pid *ckpt_task_tty_old_group(struct task_struct *task)
{
	struct pid *group = NULL;
	unsigned long flags;

	if (lock_task_sighand(task, &flags)) {
		group = task->signal->tty_old_pgrp;
		/* The number may still be that of a task or a session. */
		if (group && !pid_has_task(group, PIDTYPE_PGID))
			group = NULL;
		unlock_task_sighand(task, &flags);
	}
	return group;
}

int ckpt_task_set_tty(struct task_struct *task, struct file *file)
{
	struct tty_struct *tty = side_of(file, true);
	unsigned long flags;
	int ret = -EINVAL;

	guard(read_lock)(&tasklist_lock);
	if (!lock_task_sighand(task, &flags))
		return -ESRCH;
	if (!task->signal->tty && tty->ctrl.session == task_session(task)) {
		task->signal->tty = tty_kref_get(tty);
		ret = 0;
	}
	unlock_task_sighand(task, &flags);
	return ret;
}

int ckpt_task_set_tty_old_group(struct task_struct *task, struct task_struct *group)
{
	unsigned long flags;
	int ret = -EINVAL;

	guard(read_lock)(&tasklist_lock);
	if (!lock_task_sighand(task, &flags))
		return -ESRCH;
	/* Only the end of a session's leader lets go of it. */
	if (task->signal->leader && !task->signal->tty && !task->signal->tty_old_pgrp &&
	    task_session(task) == task_session(group)) {
		task->signal->tty_old_pgrp = get_pid(task_pgrp(group));
		ret = 0;
	}
	unlock_task_sighand(task, &flags);
	return ret;
}

/* What devpts was mounted with, as /proc/mounts tells: a comma before each. */
void ckpt_tty_options(struct file *file, char *buffer, u32 size)
{
	struct tty_struct *master = side_of(file, false);
	struct seq_file options = { .buf = buffer, .size = size };
	const struct path *path = &file->f_path;
	struct vfsmount *mnt = NULL;
	struct super_block *sb;

	if (is_master(tty_of(file)))
		mnt = devpts_mntget(file, master->driver_data);
	sb = IS_ERR_OR_NULL(mnt) ? path->dentry->d_sb : mnt->mnt_sb;
	if (sb->s_magic == DEVPTS_SUPER_MAGIC && sb->s_op->show_options)
		sb->s_op->show_options(&options, sb->s_root);
	buffer[min_t(size_t, options.count, size - 1)] = '\0';
	if (!IS_ERR_OR_NULL(mnt))
		mntput(mnt);
}

/* Where that is mounted. */
int ckpt_tty_place(struct file *file, char *buffer, u32 size)
{
	struct tty_struct *master = side_of(file, false);
	struct path path = { .mnt = file->f_path.mnt };
	const char *found;

	if (is_master(tty_of(file)))
		path.mnt = devpts_mntget(file, master->driver_data);
	else
		mntget(path.mnt);
	if (IS_ERR(path.mnt))
		return PTR_ERR(path.mnt);
	path.dentry = path.mnt->mnt_root;
	found = ckpt_path_get(&path, buffer, size);
	if (!IS_ERR(found) && (path.mnt->mnt_sb->s_magic != DEVPTS_SUPER_MAGIC ||
			       path.dentry != path.mnt->mnt_sb->s_root))
		found = ERR_PTR(-ESTALE);
	mntput(path.mnt);
	if (IS_ERR(found))
		return PTR_ERR(found);
	memmove(buffer, found, strlen(found) + 1);
	return 0;
}
