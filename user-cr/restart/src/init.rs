// SPDX-License-Identifier: GPL-2.0

//! The helper init of a new pid namespace, where the container has none of its own.
//!
//! It is outside the container's cgroup and holds nothing open but two pipes. A byte on one tells it that the
//! tool knows of all tasks, and its end that the container runs, or that the tool is gone; on the other it
//! tells how the root ended. It waits for orphans until none is left.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use ckpt_sys::process::{wait, Inside};
use ckpt_sys::report::Report;
use ckpt_sys::spawn::{Brood, Step};
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::sys::prctl::{set_name, set_pdeathsig};
use nix::sys::signal::Signal::SIGKILL;
use nix::unistd::{chdir, setpgid, Pid};

use crate::ipc::Home;
use crate::pids::Births;

/// `task` of a report about the helper itself.
pub const HELPER: u32 = u32::MAX;
/// `step` of a report about a task that could not even be made.
pub const NOT_MADE: u32 = u32::MAX;

/// What it does before there is anybody else.
pub fn steps(births: &Births) -> Vec<Step> {
    let mut steps = vec![Step::OwnMounts, Step::MountProc];
    steps.extend(births.terminals.map(Step::MountTerminals));
    steps
}

/// The life of the helper; gives its exit code.
pub fn live(
    inside: &Inside,
    (brood, births, home): (&Brood<'_>, &Births, Option<&Home>),
    (control, leash): (OwnedFd, &OwnedFd),
    reports: OwnedFd,
) -> i32 {
    if go_with_the_tool(inside, &control, leash).is_err() {
        return 1;
    }
    // Without the name it would only be harder to recognize.
    let _ = set_name(c"restart-init");
    let mut tool = Tool(File::from(reports));
    if let Err(report) = make(brood, births) {
        tool.tell(report);
        return 1;
    }
    if let Some(Err(error)) = home.map(Home::come_back) {
        tool.tell(Report::Failed {
            task: HELPER,
            step: NOT_MADE,
            errno: error.raw_os_error().unwrap_or(0),
        });
        return 1;
    }
    // Whoever kills the process group of the tool does not mean the container. Not a new session: a task that
    // is in the tool's has a parent in it.
    let _ = setpgid(Pid::from_raw(0), Pid::from_raw(0));
    inside.close_all_but(&[control.as_fd(), tool.0.as_fd()]);
    // Not to hold a mount that somebody may want to be rid of.
    let _ = chdir("/");
    tool.tell(Report::Built);
    let mut control = File::from(control);
    match control.read(&mut [0]) {
        // It was there when all of them were in the cgroup: the kernel sees to them from now on.
        Ok(1) => drop(set_pdeathsig(None)),
        _ => return 1,
    }
    // To close it takes nothing that could be lacking. If the tool has gone before the container ran, the
    // kernel kills all tasks; if that was just after, they go on. In either case they are waited for.
    let _ = control.read(&mut [0]);
    reap(births.root(), tool);
    0
}

/// If the tool is killed while there are still roots to be made, all of this goes at once: the kernel
/// kills those in the cgroup, and who came into it afterwards would wait there for ever.
fn go_with_the_tool(inside: &Inside, control: &OwnedFd, leash: &OwnedFd) -> io::Result<()> {
    inside.close(leash.as_fd());
    set_pdeathsig(SIGKILL)?;
    // It may have died before that was asked for.
    let mut fds = [PollFd::new(control.as_fd(), PollFlags::POLLIN)];
    match poll(&mut fds, PollTimeout::ZERO)? {
        0 => Ok(()),
        _ => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

/// Makes the roots.
fn make(brood: &Brood<'_>, births: &Births) -> Result<(), Report> {
    let failed = |task: u32, step: u32, error: &io::Error| Report::Failed {
        task,
        step,
        errno: error.raw_os_error().unwrap_or(0),
    };
    for (index, step) in steps(births).into_iter().enumerate() {
        step.perform()
            .map_err(|error| failed(HELPER, index as u32, &error))?;
    }
    for root in &births.roots {
        brood
            .spawn(*root)
            .map_err(|error| failed(*root as u32, NOT_MADE, &error))?;
    }
    Ok(())
}

/// Until the last has ended; tells how the first process of the image did.
fn reap(first: i32, tool: Tool) {
    let mut tool = Some(tool);
    while let Ok((pid, status)) = wait(None) {
        if pid.as_raw() == first {
            if let Some(mut tool) = tool.take() {
                tool.tell(Report::Ended { status });
            }
        }
    }
}

/// The way to the tool.
struct Tool(File);

impl Tool {
    fn tell(&mut self, report: Report) {
        // If the tool has gone nobody wants to know.
        let _ = self.0.write_all(&report.encode());
    }
}
