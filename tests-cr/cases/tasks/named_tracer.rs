// SPDX-License-Identifier: GPL-2.0

//! Fact: whom a process lets trace it (PR_SET_PTRACER) may do so after a restart too, and nobody else.
//!
//! Could break: only Yama knows of it, and none is told when it is lost: a crash handler finds out
//! when it is needed.
//!
//! Runs alone: Yama counts relations for the whole machine, or for nobody.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, must, raw, same};

use super::relatives::{child, end_of, shared_word, wait_until};

const SCOPE: &str = "/proc/sys/kernel/yama/ptrace_scope";
const ORDINARY_USER: u32 = 1000;
const ANYBODY: usize = usize::MAX;

/// Answers end with this bit, so that they are never zero.
const ANSWERED: u32 = 1 << 31;

/// Somebody who tries to trace when he is told to.
struct Tracer {
    pid: i32,
    order: &'static AtomicU32,
    answer: &'static AtomicU32,
}

impl Tracer {
    fn new(tracees: [&'static AtomicU32; 3]) -> Self {
        let (order, answer) = (shared_word(), shared_word());
        let pid = child(|| loop {
            become_ordinary();
            wait_until(order, 1);
            order.store(0, SeqCst);
            let traced = tracees.iter().enumerate();
            let traced = traced.map(|(index, pid)| u32::from(traces(pid)) << index);
            answer.store(traced.sum::<u32>() | ANSWERED, SeqCst);
        });
        Self { pid, order, answer }
    }

    /// Which of them it may trace, a bit for each, if relations count.
    fn tries(&self) -> u32 {
        let usual = std::fs::read(SCOPE).expect("Yama");
        std::fs::write(SCOPE, "1").expect("Yama");
        self.answer.store(0, SeqCst);
        self.order.store(1, SeqCst);
        wait_until(self.answer, ANSWERED);
        std::fs::write(SCOPE, usual).expect("Yama");
        self.answer.load(SeqCst) & !ANSWERED
    }
}

fn become_ordinary() {
    // SAFETY: take no pointer.
    unsafe {
        must("setresuid", libc::setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER));
        must("PR_SET_DUMPABLE", libc::prctl(libc::PR_SET_DUMPABLE, 1));
    }
}

fn traces(pid: &AtomicU32) -> bool {
    let pid = pid.load(SeqCst);
    let ask = |request: u32| raw(libc::SYS_ptrace, &[request as usize, pid as usize, 0, 0]);
    if ask(libc::PTRACE_SEIZE) != 0 {
        return false;
    }
    must("PTRACE_INTERRUPT", ask(libc::PTRACE_INTERRUPT));
    // SAFETY: no status is asked for.
    must("waitpid", unsafe {
        libc::waitpid(pid as i32, std::ptr::null_mut(), libc::__WALL)
    });
    must("PTRACE_DETACH", ask(libc::PTRACE_DETACH));
    true
}

/// A process that lets this one trace it; zero is nobody.
fn tracee(tracer: usize, ready: &AtomicU32) -> i32 {
    child(|| {
        become_ordinary();
        // SAFETY: takes no pointer.
        must("PR_SET_PTRACER", unsafe {
            libc::prctl(libc::PR_SET_PTRACER, tracer)
        });
        ready.fetch_add(1, SeqCst);
        loop {
            // SAFETY: takes no pointer.
            unsafe { libc::pause() };
        }
    })
}

pub fn run() {
    let numbers = [shared_word(), shared_word(), shared_word()];
    let (named, other) = (Tracer::new(numbers), Tracer::new(numbers));
    let ready = shared_word();
    let tracees = [named.pid as usize, ANYBODY, 0].map(|tracer| tracee(tracer, ready));
    for (number, pid) in numbers.iter().zip(tracees) {
        number.store(pid as u32, SeqCst);
    }
    wait_until(ready, 3);
    let tries = || (named.tries(), other.tries());
    same("before", &(0b011, 0b010), &tries());
    checkpoint_here();
    same("now", &(0b011, 0b010), &tries());
    for pid in tracees.into_iter().chain([named.pid, other.pid]) {
        // SAFETY: takes no pointer.
        must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
        end_of(pid);
    }
}
