// SPDX-License-Identifier: GPL-2.0

//! Programs for the scenarios of the tools: not facts of their own.

use ckpt_support::{anonymous, checkpoint_here, page_size, Mapping};

use crate::list::Fact;

/// Every sample.
pub const FACTS: &[Fact] = &[
    Fact::new("exit_42", false, exit_42),
    Fact::new("end_by_signal", false, end_by_signal),
    Fact::new("with_files", false, with_files),
    Fact::new("large", false, large),
    Fact::new("sleeper", false, checkpoint_here),
];

fn exit_42() {
    checkpoint_here();
    std::process::exit(42);
}

fn end_by_signal() {
    checkpoint_here();
    // SAFETY: takes no pointer.
    unsafe { libc::raise(libc::SIGUSR2) };
}

/// Has the file `mapped` mapped and the file `read` open.
fn with_files() {
    let mapped = ckpt_support::file_with("mapped", &vec![b'm'; page_size()]);
    let memory = Mapping::of_file(&mapped, page_size(), libc::PROT_READ, libc::MAP_PRIVATE);
    drop((mapped, ckpt_support::file_with("read", b"content")));
    let read = std::fs::File::open("read").expect("open");
    checkpoint_here();
    ckpt_support::check(memory.page(0)[0] == b'm', "the content is gone");
    drop(read);
}

/// Has more memory than fits into a pipe, or into a small disk.
fn large() {
    let memory = anonymous(1024 * page_size());
    for index in 0..1024 {
        memory.page(index).fill(index as u8 | 1);
    }
    checkpoint_here();
    let fine = (0..1024).all(|index| memory.page(index)[7] == index as u8 | 1);
    ckpt_support::check(fine, "the content differs");
}
