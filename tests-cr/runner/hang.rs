// SPDX-License-Identifier: GPL-2.0

//! What is known about tasks that do not do what they should.

use std::fs;

use crate::container::Container;
use crate::kernel_log;

/// The tasks of a container and every tool: state, what they wait for, their kernel stacks, and
/// the end of the kernel's log.
pub fn what_is_known(container: &Container) -> String {
    let mut text = String::new();
    let mut pids = container.pids();
    text.push_str(&format!(
        "cgroup.events: {}\n",
        container.events().replace('\n', ", ")
    ));
    text.push_str(&format!("tasks in the cgroup: {pids:?}\n"));
    pids.extend(tools());
    for pid in pids {
        let read = |name: &str| {
            let content = fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap_or_default();
            content.trim_end().to_string()
        };
        let status = read("status");
        let state = status
            .lines()
            .find(|line| line.starts_with("State"))
            .unwrap_or_default();
        let (name, wchan, call) = (read("comm"), read("wchan"), read("syscall"));
        text.push_str(&format!(
            "task {pid} ({name}): {state}, wchan {wchan}, syscall {call}\n"
        ));
        for line in read("stack").lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    for line in kernel_log::tail() {
        text.push_str(&format!("kernel: {line}\n"));
    }
    text
}

/// Pids of running tools.
fn tools() -> Vec<i32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &i32| {
            let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            name.starts_with("checkpoint") || name.starts_with("restart")
        })
        .collect()
}
