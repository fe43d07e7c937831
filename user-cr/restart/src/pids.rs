// SPDX-License-Identifier: GPL-2.0

//! Which pid each task gets, and whether it can have it.

use std::fs;

use anyhow::{anyhow, bail, Result};
use ckpt_image::{legible, Prefix};
use ckpt_sys::spawn;

use crate::forest::{plan, Refusal, Step};

/// Where the pids come from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pids {
    /// Whatever is free.
    New,
    /// Those that were saved, in a new pid namespace.
    OwnNamespace,
    /// Those that were saved, in our own pid namespace.
    Ours,
}

/// What is to be made of an image.
#[derive(Clone, Debug)]
pub struct Births {
    /// Whose pids.
    pub pids: Pids,
    /// The processes whose parent is outside.
    pub roots: Vec<Birth>,
}

/// One task to be made.
#[derive(Clone, Debug)]
pub struct Birth {
    /// Its place in the forest.
    pub task: u32,
    /// The pid that it had.
    pub number: i32,
    /// The signal that its parent gets when it ends.
    pub exit_signal: i32,
    /// What it does before it joins.
    pub steps: Vec<spawn::Step>,
}

impl Births {
    /// The root with pid 1, which needs no helper.
    pub fn init(&self) -> Option<&Birth> {
        let is_init = |birth: &&Birth| self.pids == Pids::OwnNamespace && birth.number == 1;
        self.roots.iter().find(is_init)
    }
}

/// Works out what to make; refuses what cannot be made as it was.
pub fn births(prefix: &Prefix, pids: Pids) -> Result<Births> {
    let count = prefix.members.len();
    if pids == Pids::New && count > 1 {
        bail!("the image holds {count} tasks that know each other by their pids: use --pids");
    }
    if count == 0 {
        bail!("the image holds no task");
    }
    let number = |task: usize| match prefix.numbers(task) {
        Some([number]) => Ok(*number),
        Some(numbers) => Err(anyhow!(
            "task {}: it is in {} pid namespaces of the container, which restart cannot make yet",
            numbers[0],
            numbers.len() - 1
        )),
        None => Err(anyhow!("member {task} of the image has no pid")),
    };
    let plan = plan(&prefix.members).map_err(|Refusal { task, what }| match number(task) {
        Ok(number) => anyhow!("task {number} cannot be restarted: {what}"),
        Err(error) => error,
    })?;
    if count > 1 {
        bail!("the image holds {count} tasks; restart can make only one yet");
    }

    let mut roots = Vec::new();
    for &root in &plan.roots {
        let number = number(root)?;
        if pids == Pids::Ours {
            check_free(number)?;
        }
        roots.push(Birth {
            task: root as u32,
            number,
            exit_signal: prefix.members[root].exit_signal.get(),
            steps: steps(&plan.steps[root])
                .ok_or_else(|| anyhow!("task {number}: restart cannot make its relatives yet"))?,
        });
    }
    Ok(Births { pids, roots })
}

/// The steps that a new task can take by itself, so far.
fn steps(steps: &[Step]) -> Option<Vec<spawn::Step>> {
    let step = |step: &Step| match step {
        Step::NewSession => Some(spawn::Step::NewSession),
        Step::NewGroup => Some(spawn::Step::NewGroup),
        Step::Child(_) | Step::Thread(_) | Step::AllThere | Step::EnterGroup(_) => None,
    };
    steps.iter().map(step).collect()
}

/// Refuses a pid that is taken here.
pub fn check_free(number: i32) -> Result<()> {
    if let Some(most) = pid_max().filter(|most| number >= *most) {
        bail!("pid {number} is not below this system's limit of {most}: raise kernel.pid_max");
    }
    match user(number) {
        Some(user) => bail!(
            "pid {number} is taken: {user}. End that, or restart without --no-pidns, \
             in a pid namespace of its own"
        ),
        None => Ok(()),
    }
}

/// Who has this number, for a message.
pub fn user(number: i32) -> Option<String> {
    if let Ok(comm) = fs::read(format!("/proc/{number}/comm")) {
        return Some(format!(
            "task {number} ({})",
            legible(comm.trim_ascii_end())
        ));
    }
    let is_user = |stat: &str| group_and_session(stat).is_some_and(|ids| ids.contains(&number));
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let name = entry.file_name();
        let Some(pid) = name
            .to_str()
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        else {
            continue;
        };
        let stat = fs::read(entry.path().join("stat")).unwrap_or_default();
        if is_user(&String::from_utf8_lossy(&stat)) {
            return Some(format!(
                "it is still the process group or session of task {pid}"
            ));
        }
    }
    None
}

/// The fields of /proc/PID/stat; the name before them may hold anything.
fn group_and_session(stat: &str) -> Option<[i32; 2]> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(2);
    Some([fields.next()?.parse().ok()?, fields.next()?.parse().ok()?])
}

fn pid_max() -> Option<i32> {
    let text = fs::read_to_string("/proc/sys/kernel/pid_max").ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_pid_is_refused_by_name() {
        let own = std::process::id() as i32;
        let error = check_free(own).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("pid {own} is taken: task {own} (")),
            "{error}"
        );
        let error = check_free(i32::MAX).unwrap_err().to_string();
        assert!(error.contains("kernel.pid_max"), "{error}");
    }

    #[test]
    fn a_name_with_brackets_does_not_confuse() {
        let stat = "12 (a) b (c) S 1 40 41 0 -1 4194560";
        assert_eq!(group_and_session(stat), Some([40, 41]));
        assert_eq!(group_and_session("12 (a)"), None);
    }
}
