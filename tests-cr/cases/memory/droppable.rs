// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that the kernel may drop (MAP_DROPPABLE) comes back as such, and a restart has dropped it.
//!
//! Could break: it is a type of mapping, not advice, and cannot be given later. An image with its content
//! could be restarted twice: random numbers would repeat.

use ckpt_support::pipes::pipe;
use ckpt_support::{check, checkpoint_here, page_size, same, Mapping};

fn flags(address: usize) -> String {
    let smaps = String::from_utf8(ckpt_support::proc_self("smaps")).expect("text");
    let start = format!("{address:x}-");
    let area = smaps.lines().skip_while(|line| !line.starts_with(&start));
    let mut lines = area.skip(1).filter(|line| line.starts_with("VmFlags:"));
    lines.next().unwrap_or_default().replace(" sd", "")
}

pub fn run() {
    const MAP_DROPPABLE: i32 = 8;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(4 * page_size(), rights, MAP_DROPPABLE | libc::MAP_ANONYMOUS, -1, 0);
    memory.page(1).fill(b'd');
    let before = flags(memory.page_address(0));
    // A pipe gets another number when it is made again.
    let [reader, _writer] = pipe(0);
    let number = || {
        std::fs::read_link(format!("/proc/self/fd/{reader}")).expect("the pipe")
    };
    let first_number = number();
    checkpoint_here();
    let is_restarted = number() != first_number;
    same("flags", &before, &flags(memory.page_address(0)));
    match memory.page(1)[3] {
        0 => (),
        b'd' if !is_restarted => (),
        other => same("the content", &0, &other),
    }
    memory.page(2).fill(b'e');
    // SAFETY: the child only looks at its memory and ends.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            libc::_exit(i32::from(memory.page(2)[0] != 0));
        }
        let mut status = 0;
        libc::waitpid(child, &raw mut status, 0);
        check(status == 0, "a child has the content");
    }
}
