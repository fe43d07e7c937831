// SPDX-License-Identifier: GPL-2.0

//! Fact: the running program's file is still "busy" after a restart: nobody may write to it.
//!
//! Could break: the program's file is open in a way of its own, which keeps writers away.

use ckpt_support::{checkpoint_here, same};

pub fn run() {
    let own = std::env::current_exe().expect("own path");
    let open = || {
        std::fs::File::options()
            .write(true)
            .open(&own)
            .err()
            .map(|e| e.raw_os_error())
    };
    let before = open();
    same("error of a writer", &Some(Some(libc::ETXTBSY)), &before);
    checkpoint_here();
    same("error of a writer", &before, &open());
}
