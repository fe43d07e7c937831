// SPDX-License-Identifier: GPL-2.0

//! A tool in which something fails: started so, and looked at before it is forgotten.

use std::env;
use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::Command;
use std::ptr;
use std::time::Duration;

use super::nth::{Nth, NEVER};
use super::sweep::Came;
use crate::container::Container;
use crate::hang::what_is_known;
use crate::tool::{self, Ended, Running};
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// How long tidying up after it may take.
pub const TIDY: Duration = Duration::from_secs(60);

/// A tool, ready to be started.
pub struct Prepared<'a> {
    pub command: Command,
    log: PathBuf,
    container: &'a Container,
}

impl<'a> Prepared<'a> {
    pub fn new(name: &str, arguments: &[PathBuf], container: &'a Container) -> Step<Self> {
        let log = container.dir.join(format!("{name}.log"));
        Ok(Self {
            command: tool::command(name, arguments, &log)?,
            log,
            container,
        })
    }

    /// Starts it; what it is given to read and write it alone has then.
    pub fn start(self) -> Step<Running> {
        tool::start(self.command, &self.log)
    }
}

/// A tool that has ended, and how much of what it was to fail at was left then.
pub struct Watched {
    pub ended: Ended,
    pub left: u32,
}

impl Watched {
    /// How many points there are in a run in which nothing fails.
    pub fn whole(tool: Prepared<'_>) -> Step<u32> {
        let Some(watched) = Self::run(tool, NEVER)? else {
            return Err(Outcome::failed("it cannot be started"));
        };
        if !watched.ended.status.success() {
            let Ended { status, said } = &watched.ended;
            return Err(Outcome::failed(format!(
                "nothing fails, and it {status}\n{said}"
            )));
        }
        Ok(NEVER - watched.left)
    }

    /// Runs a tool of which the n-th point fails; none if not even execve(2) succeeded.
    pub fn run(mut tool: Prepared<'_>, n: u32) -> Step<Option<Self>> {
        let words = words_of(&tool.command)?;
        // SAFETY: what it does after the fork it does by system calls, and with memory of its own.
        unsafe { tool.command.pre_exec(move || execute(&words, n)) };
        let container = tool.container;
        match tool.start() {
            Ok(running) => Self::end(running, container).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Waits for the end of a tool.
    pub fn end(running: Running, container: &Container) -> Step<Self> {
        let pid = running.child.id();
        let nth = Nth::of(pid as i32);
        if wait::until(wait::LIMIT, || has_ended(pid).then_some(())).is_none() {
            let known = what_is_known(container);
            let said = running.said();
            return Err(Outcome::failed(format!("the tool hangs\n{said}{known}")));
        }
        let left = nth.and_then(|nth| nth.left()).doing("fail-nth")?;
        let ended = running.end(container)?;
        Ok(Self { ended, left })
    }

    pub fn has_succeeded(&self) -> bool {
        self.ended.status.success()
    }

    /// The kernel could not copy the time to where it has always fitted: no program expects that.
    pub fn lacked_the_time(&self) -> bool {
        self.ended.status.code() == Some(101) && self.ended.said.contains("sys/pal/unix/time.rs")
    }

    /// What came of it. A failure is one if it says why, or could not: what lacks memory may die of that;
    /// then it is as if it had been killed.
    pub fn came(&self) -> Came {
        let Ended { status, said } = &self.ended;
        match (status.code(), status.signal()) {
            (Some(0), _) => Came::without_harm(self.left),
            _ if self.left > 0 => {
                Came::Wrong(format!("nothing has failed yet, and it {status}\n{said}"))
            }
            (Some(1), _) if !said.trim().is_empty() => Came::Failed("with a sentence".into()),
            _ if self.lacked_the_time() => Came::Failed("for want of the time".into()),
            (None, Some(signal)) => Came::Failed(format!("by signal {signal}")),
            _ => Came::Wrong(format!("it ended with {status}\n{said}")),
        }
    }
}

/// The path of a program, and its arguments.
fn words_of(command: &Command) -> Step<Vec<CString>> {
    let name = command.get_program();
    let all = env::var_os("PATH").unwrap_or_default();
    let mut paths = env::split_paths(&all).map(|directory| directory.join(name));
    let path = paths.find(|path| path.is_file());
    let path = path.ok_or_else(|| Outcome::failed(format!("no {name:?} in PATH")))?;
    let words = [path.as_os_str()].into_iter().chain(command.get_args());
    let words: Result<_, _> = words.map(|word| CString::new(word.as_bytes())).collect();
    words.map_err(|error| Outcome::failed(error.to_string()))
}

/// Becomes the program, of which the n-th point fails. By itself: what the C library cannot execute it
/// gives to a shell.
fn execute(words: &[CString], n: u32) -> io::Result<()> {
    let mut pointers: Vec<_> = words.iter().map(|word| word.as_ptr()).collect();
    pointers.push(ptr::null());
    Nth::own()?.arm(n)?;
    // SAFETY: strings that end in zero, and a null pointer after the last.
    unsafe { libc::execv(pointers[0], pointers.as_ptr()) };
    Err(io::Error::last_os_error())
}

/// It can still be looked at.
fn has_ended(pid: u32) -> bool {
    // SAFETY: fills the struct.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let how = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        let result = libc::waitid(libc::P_PID, pid, &raw mut info, how);
        result < 0 && io::Error::last_os_error().raw_os_error() == Some(libc::ECHILD)
            || result == 0 && info.si_pid() != 0
    }
}
