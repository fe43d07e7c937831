// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in write(2) on a full pipe goes on sleeping until there is room.
//!
//! Could break: the call is between "nothing yet" and "interrupted".

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{fill_up, pipe, waiting, write};
use ckpt_support::signals::handle;
use ckpt_support::{page_size, ready_inside_until_signal, same, wait_for_go};

static READER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn read_some(_: i32) {
    let mut page = [0u8; 4096];
    // SAFETY: fills the buffer.
    unsafe { libc::read(READER.load(Ordering::Relaxed), page.as_mut_ptr().cast(), 4096) };
}

pub fn run() {
    let [reader, writer] = pipe(0);
    READER.store(reader, Ordering::Relaxed);
    let count = fill_up(writer);
    handle(libc::SIGUSR1, libc::SA_RESTART, read_some);
    ready_inside_until_signal(libc::SYS_write, libc::SIGUSR1);
    same("write", &Ok(6), &write(writer, b"patien"));
    wait_for_go();
    same("page size", &4096, &page_size());
    same("bytes in it", &(count as i32 - 4096 + 6), &waiting(reader));
}
