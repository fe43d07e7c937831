// SPDX-License-Identifier: GPL-2.0

//! 32-bit programs on the 64-bit kernel. Each is a program of its own, in C without a library
//! (`support.h`), that this executable carries with it and executes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Becomes the program.
fn execute(name: &str, program: &[u8]) {
    let path = format!("./{name}");
    let _ = fs::remove_file(&path);
    fs::write(&path, program).expect("room for the program");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode");
    let error = Command::new(&path).exec();
    panic!("{path}: {error}");
}

/// Declares the programs, and the table `FACTS`.
macro_rules! programs {
    ($($name:ident),* $(,)?) => {
        $(fn $name() {
            let program = include_bytes!(concat!(env!("OUT_DIR"), "/", stringify!($name)));
            execute(stringify!($name), program);
        })*

        /// Every fact of this family.
        pub const FACTS: &[crate::list::Fact] = &[
            $(crate::list::Fact::new(stringify!($name), false, $name),)*
        ];
    };
}

programs! {
    busy, exec_later, fork_later, futex_timeout, handlers, inside_handler, memory, nanosleep,
    nanosleep_remainder, poll_timeout, registers, robust_list, rseq_area, segments, sixty_four_bit,
    vdso, vectors, x87,
}
