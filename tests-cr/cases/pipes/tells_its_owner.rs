// SPDX-License-Identifier: GPL-2.0

//! Fact: a pipe that signals its owner (O_ASYNC) does so, at both ends, and not because it was made
//! anew.
//!
//! Could break: whoever fills it and lets go of it wakes those that are to be told.

use ckpt_support::pipes::{flags, pipe, read, set_flags, write};
use ckpt_support::signals::{note_signal, signals_seen};
use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    note_signal(libc::SIGIO);
    let [reader, writer] = pipe(0);
    for fd in [reader, writer] {
        // SAFETY: takes no pointer.
        must("F_SETOWN", unsafe {
            libc::fcntl(fd, libc::F_SETOWN, libc::getpid())
        });
    }
    set_flags(reader, libc::O_ASYNC);
    write(writer, b"before").expect("write");
    let before = (signals_seen(), flags(reader), flags(writer));
    same("signals", &1, &before.0);

    checkpoint_here();

    same("flags", &before, &(signals_seen(), flags(reader), flags(writer)));
    write(writer, b"after").expect("write");
    same("signals", &2, &signals_seen());
    set_flags(reader, 0);
    set_flags(writer, libc::O_ASYNC);
    same("content", &Ok(b"beforeafter".to_vec()), &read(reader, 100));
    same("signals", &3, &signals_seen());
}
