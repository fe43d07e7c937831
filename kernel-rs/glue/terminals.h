/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERNEL_CHECKPOINT_TERMINALS_H
#define _KERNEL_CHECKPOINT_TERMINALS_H

#include <linux/types.h>

struct file;
struct pid;
struct task_struct;

enum ckpt_tty_kind {
	CKPT_TTY_NONE,
	CKPT_TTY_MASTER,
	CKPT_TTY_SLAVE,
	CKPT_TTY_OTHER,		/* none of a pair that devpts knows */
};

/* Of the flags of a side, and of its flow. */
#define CKPT_TTY_THROTTLED	BIT(0)
#define CKPT_TTY_IO_ERROR	BIT(1)
#define CKPT_TTY_OTHER_CLOSED	BIT(2)
#define CKPT_TTY_EXCLUSIVE	BIT(3)
#define CKPT_TTY_WAKEUP		BIT(4)
#define CKPT_TTY_LOCKED		BIT(5)
#define CKPT_TTY_STOPPED	BIT(6)	/* by ^S ... */
#define CKPT_TTY_TCO_STOPPED	BIT(7)	/* ... by TCOOFF */
#define CKPT_TTY_NO_ROOM	BIT(8)
#define CKPT_TTY_LITERAL	BIT(9)
#define CKPT_TTY_ERASING	BIT(10)
#define CKPT_TTY_PUSH		BIT(11)

/* A pair. */
struct ckpt_tty {
	u32 number;
	bool has_master;
	u32 slaves;		/* open files of the slave */
	bool packet;
	u32 packet_status;
	bool has_discipline;	/* the slave has not been hung up */
	bool is_console;	/* what is written to the console goes to a side */
	bool is_odd;		/* a side has another discipline than N_TTY */
	const struct pid *session, *group;	/* only to be compared */
	const void *instance;	/* of devpts; only to be compared */
};

#define CKPT_TTY_SETTINGS_CC 19
struct ckpt_tty_settings {
	u32 iflag, oflag, cflag, lflag;
	u32 ispeed, ospeed;
	u8 line, cc[CKPT_TTY_SETTINGS_CC];
};

/* What belongs to one side of a pair. */
struct ckpt_tty_side {
	u32 flags;
	struct ckpt_tty_settings now, locked;
	u16 rows, columns, width, height;
	u32 read_count, canon_count, commit_count;
	u32 echo_count, echo_commit, echo_mark;
	u32 column, canon_column;
	u32 lookahead;
	u8 read[4096], ends[512], echo[4096];
};

/* A buffer of what a side has still to take in. */
struct ckpt_tty_buffer {
	u32 size, read, lookahead, used;
	bool is_last;		/* when it is looked at */
};

enum ckpt_tty_kind ckpt_tty_kind(struct file *file);
bool ckpt_tty_hung_up(struct file *file);
bool ckpt_tty_is_current(struct file *file);
const void *ckpt_tty_pair(struct file *file);
int ckpt_tty_get(struct file *file, struct ckpt_tty *out);
void *ckpt_tty_hold(struct file *file, bool slave);
void ckpt_tty_let_go(struct file *file, bool slave, void *discipline);
int ckpt_tty_side_get(struct file *file, bool slave, void *discipline, struct ckpt_tty_side *out);
int ckpt_tty_buffer_get(struct file *file, bool slave, u32 index, struct ckpt_tty_buffer *out,
			void *bytes, u32 size);
struct file *ckpt_tty_master_of(struct file *file);
void ckpt_tty_options(struct file *file, char *buffer, u32 size);
int ckpt_tty_place(struct file *file, char *buffer, u32 size);
struct file *ckpt_tty_open(struct file *master, u32 flags);
struct file *ckpt_tty_open_current(struct file *master, const char *path, u32 flags);
void ckpt_tty_unlock(struct file *master);
int ckpt_tty_hang_up(struct file *master);
int ckpt_tty_side_set(struct file *file, bool slave, const struct ckpt_tty_side *in);
int ckpt_tty_flags_set(struct file *file, bool slave, u32 flags);
int ckpt_tty_buffer_put(struct file *file, bool slave, const struct ckpt_tty_buffer *in,
			const void *bytes);
void ckpt_tty_buffers_done(struct file *file, bool slave);
void ckpt_tty_packet_set(struct file *file, bool packet, u32 status);
s32 ckpt_tty_group_gone(struct file *file, u64 space);
int ckpt_tty_control(struct file *file, struct task_struct *session, struct pid *group);
struct pid *ckpt_tty_group_of(struct task_struct *task);
const void *ckpt_task_tty(struct task_struct *task);
struct file *ckpt_task_tty_master(struct task_struct *task);
const struct pid *ckpt_task_tty_old_group(struct task_struct *task);
int ckpt_task_set_tty(struct task_struct *task, struct file *file);
int ckpt_task_set_tty_old_group(struct task_struct *task, struct task_struct *group);

#endif /* _KERNEL_CHECKPOINT_TERMINALS_H */
