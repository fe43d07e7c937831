// SPDX-License-Identifier: GPL-2.0

//! Fact: the start time of the program, by which it is told from a later one with the same pid, is
//! what it was, on the container's boot clock.
//!
//! Could break: the task that takes its place was made just now, and maybe after a reboot.

use ckpt_support::{checkpoint_here, proc_self, same};

/// Field 22 of /proc/PID/stat.
fn start() -> u64 {
    let text = String::from_utf8_lossy(&proc_self("stat")).into_owned();
    let (_, after_name) = text.rsplit_once(") ").expect("a name in parentheses");
    let field = after_name.split_whitespace().nth(22 - 3);
    field.and_then(|field| field.parse().ok()).expect("a number")
}

pub fn run() {
    let before = start();
    checkpoint_here();
    same("start", &before, &start());
    let task = format!("task/{}/stat", std::process::id());
    let text = String::from_utf8_lossy(&proc_self(&task)).into_owned();
    let whole = String::from_utf8_lossy(&proc_self("stat")).into_owned();
    let field = |text: &str| text.split_whitespace().rev().nth(52 - 22).map(str::to_string);
    same("start of the thread", &field(&whole), &field(&text));
}
