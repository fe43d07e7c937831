// SPDX-License-Identifier: GPL-2.0

//! Fact: a pipe, or a FIFO, of which an end is open in a task outside is refused, with that task's
//! name and pid.
//!
//! Could break: the container itself has no open file in common with it.

use ckpt_support::pipes::{close, mkfifo, open, pipe};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

/// A grandchild, which is nobody's child any more, outside of the cgroup, with only these open.
fn outsider(fds: &[i32]) {
    // SAFETY: single-threaded; the children only make system calls.
    unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            if libc::fork() == 0 {
                let moved = std::fs::write("/sys/fs/cgroup/cgroup.procs", "0");
                for other in (0..20).filter(|other| !fds.contains(other)) {
                    libc::close(other);
                }
                libc::prctl(libc::PR_SET_NAME, c"other-end".as_ptr());
                if moved.is_ok() {
                    std::fs::write("outsider", libc::getpid().to_string()).expect("write");
                }
                libc::sleep(600);
            }
            libc::_exit(0);
        }
        libc::waitpid(child, std::ptr::null_mut(), 0);
    }
}

/// Its pid, once it is where it should be.
fn pid_of_outsider() -> i32 {
    loop {
        let text = std::fs::read_to_string("outsider").unwrap_or_default();
        if let Ok(pid) = text.parse() {
            return pid;
        }
        std::thread::yield_now();
    }
}

pub fn run() {
    let [reader, writer] = pipe(0);
    mkfifo(c"fifo", 0o600);
    let theirs = open(c"fifo", libc::O_RDWR);
    outsider(&[writer, theirs]);
    let pid = pid_of_outsider();
    close(&[writer, theirs]);
    let ours = open(c"fifo", libc::O_RDWR);
    for (fd, name) in [(reader, "pipe:["), (ours, "/fifo")] {
        for says in [name, "other-end,", &format!("{pid},")] {
            expect_refusal_of_fd("PipeOutside", fd, says);
        }
    }
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
