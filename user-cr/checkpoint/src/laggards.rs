// SPDX-License-Identifier: GPL-2.0

//! Tasks that do not freeze, and what they wait for.

use std::fs;

use ckpt_image::legible;
use ckpt_sys::cgroup::Cgroup;

/// Where tasks wait that are frozen: in the freezer, stopped, or traced.
const FROZEN_IN: [&str; 3] = ["do_freezer_trap", "do_signal_stop", "ptrace_stop"];

/// One line for each task that is not frozen.
pub fn describe(cgroup: &Cgroup) -> String {
    let all: Vec<Task> = cgroup
        .threads()
        .into_iter()
        .filter_map(Task::read)
        .collect();
    let late: Vec<&Task> = all.iter().filter(|task| !task.is_frozen()).collect();
    if late.is_empty() {
        return "    a cgroup below it, or a task that has just ended\n".to_owned();
    }
    late.into_iter().map(Task::line).collect()
}

/// What /proc says about a task.
#[derive(Debug, Eq, PartialEq)]
struct Task {
    id: i32,
    comm: String,
    state: String,
    wait: String,
    call: String,
}

impl Task {
    /// None if it has ended meanwhile.
    fn read(id: i32) -> Option<Self> {
        let file = |name: &str| fs::read(format!("/proc/{id}/{name}"));
        let text =
            |name: &str| String::from_utf8_lossy(&file(name).unwrap_or_default()).into_owned();
        let status = file("status").ok()?;
        let status = String::from_utf8_lossy(&status);
        let state = status
            .lines()
            .find_map(|line| line.strip_prefix("State:"))?;
        Some(Self {
            id,
            comm: legible(text("comm").trim_end().as_bytes()),
            state: state.trim().to_owned(),
            wait: text("wchan"),
            call: text("syscall")
                .split(' ')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned(),
        })
    }

    /// A kernel that does not say where tasks wait: those that only sleep may be frozen.
    fn is_frozen(&self) -> bool {
        match self.wait.as_str() {
            "" | "0" => !self.state.starts_with(['D', 'R']),
            wait => FROZEN_IN.contains(&wait),
        }
    }

    fn line(&self) -> String {
        let mut line = format!("    task {} ({}): {}", self.id, self.comm, self.state);
        if !matches!(self.wait.as_str(), "" | "0") {
            line += &format!(", waits in {}", self.wait);
        }
        if self.call.parse::<u32>().is_ok() {
            line += &format!(", system call {}", self.call);
        }
        line + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(state: &str, wait: &str, call: &str) -> Task {
        Task {
            id: 12,
            comm: "dd".into(),
            state: state.into(),
            wait: wait.into(),
            call: call.into(),
        }
    }

    #[test]
    fn the_late_ones_are_told_from_the_frozen_ones() {
        assert!(task("S (sleeping)", "do_freezer_trap", "35").is_frozen());
        assert!(task("S (sleeping)", "0", "").is_frozen());
        assert!(!task("D (disk sleep)", "0", "").is_frozen());
        assert!(!task("D (disk sleep)", "folio_wait_bit", "0").is_frozen());
        assert!(!task("R (running)", "0", "running").is_frozen());
    }

    #[test]
    fn a_line_says_what_is_known() {
        let known = task("D (disk sleep)", "folio_wait_bit", "0").line();
        let wanted = "    task 12 (dd): D (disk sleep), waits in folio_wait_bit, system call 0\n";
        assert_eq!(known, wanted);
        assert_eq!(
            task("R (running)", "0", "running").line(),
            "    task 12 (dd): R (running)\n"
        );
    }

    #[test]
    fn we_ourselves_can_be_described() {
        let own = Task::read(std::process::id() as i32).unwrap();
        assert!(own
            .line()
            .contains(&format!("task {} (", std::process::id())));
    }
}
