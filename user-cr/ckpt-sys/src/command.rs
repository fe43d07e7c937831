// SPDX-License-Identifier: GPL-2.0

//! A command of the user's beside us: in a process group of its own, and no longer than we.

#![allow(unsafe_code)]

use std::ffi::OsStr;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{self, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{killpg, Signal};
use nix::sys::wait::{waitpid, WaitPidFlag, WaitStatus};
use nix::unistd::Pid;

/// How long a command that is to end may take to tidy up.
const GRACE: Duration = Duration::from_secs(1);

/// A command that is running; ended when dropped, with all that is in its process group.
#[derive(Debug)]
pub struct Command {
    pid: Pid,
    runs: bool,
}

impl Command {
    /// Starts a line of the shell. Its standard input is empty, and what it prints comes out on our
    /// standard error: our standard output may be an image.
    pub fn start(script: &OsStr, variables: &[(&str, &OsStr)]) -> io::Result<Self> {
        let error = io::stderr().as_fd().try_clone_to_owned()?;
        let parent = process::id();
        let mut command = process::Command::new("/bin/sh");
        command
            .arg("-c")
            .arg(script)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(error)
            .process_group(0);
        // SAFETY: between fork and exec, only system calls that touch nothing but the new process.
        unsafe {
            command.pre_exec(move || {
                let mut none = std::mem::zeroed();
                libc::sigemptyset(&mut none);
                libc::sigprocmask(libc::SIG_SETMASK, &none, std::ptr::null_mut());
                libc::signal(libc::SIGXFSZ, libc::SIG_DFL);
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                // We may have died before it was asked to die with us.
                match libc::getppid() as u32 == parent {
                    true => Ok(()),
                    false => Err(io::ErrorKind::Interrupted.into()),
                }
            });
        }
        let pid = Pid::from_raw(command.spawn()?.id() as i32);
        Ok(Self { pid, runs: true })
    }

    /// Waits for its end; none: a signal has interrupted the calling thread.
    pub fn wait(&mut self) -> io::Result<Option<ExitStatus>> {
        match waitpid(self.pid, None) {
            Ok(status) => {
                self.runs = false;
                Ok(Some(status_of(status)))
            }
            Err(Errno::EINTR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn has_ended(&self) -> bool {
        !matches!(
            waitpid(self.pid, Some(WaitPidFlag::WNOHANG)),
            Ok(WaitStatus::StillAlive) | Err(Errno::EINTR)
        )
    }
}

impl Drop for Command {
    fn drop(&mut self) {
        if !self.runs {
            return;
        }
        // Until it is waited for, its number is the group's and nobody else's.
        let _ = killpg(self.pid, Signal::SIGTERM);
        let limit = Instant::now() + GRACE;
        while !self.has_ended() {
            if Instant::now() > limit {
                let _ = killpg(self.pid, Signal::SIGKILL);
                let _ = waitpid(self.pid, None);
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// As std has it, which says in words how a process has ended.
fn status_of(status: WaitStatus) -> ExitStatus {
    ExitStatus::from_raw(match status {
        WaitStatus::Exited(_, code) => code << 8,
        WaitStatus::Signaled(_, signal, _) => signal as i32,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_and_says_how() {
        let variables = [("CKPT_TEST", OsStr::new("7"))];
        let script = OsStr::new("test -z \"$(cat)\" && exit $CKPT_TEST");
        let mut command = Command::start(script, &variables).unwrap();
        assert_eq!(command.wait().unwrap().unwrap().code(), Some(7));
        let mut command = Command::start(OsStr::new("kill -9 $$"), &[]).unwrap();
        assert_eq!(command.wait().unwrap().unwrap().signal(), Some(9));
    }

    #[test]
    fn a_command_ends_with_all_its_children_when_dropped() {
        let start = Instant::now();
        let script = OsStr::new("trap '' TERM; sleep 100 & sleep 100; sleep 100");
        let command = Command::start(script, &[]).unwrap();
        let group = command.pid;
        drop(command);
        assert!(start.elapsed() < Duration::from_secs(20));
        // The orphans are killed too, and gone when init has waited for them.
        let limit = Instant::now() + Duration::from_secs(20);
        while killpg(group, None).is_ok() && Instant::now() < limit {
            let still_runs = std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
                let stat = std::fs::read_to_string(entry.path().join("stat"));
                let stat = stat.unwrap_or_default();
                let fields: Vec<_> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
                fields.get(2) == Some(&group.to_string().as_str()) && fields[0] != "Z"
            });
            if !still_runs {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}
