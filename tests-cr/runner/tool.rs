// SPDX-License-Identifier: GPL-2.0

//! Running checkpoint, restart and ckptinfo.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::container::Container;
use crate::hang::what_is_known;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// A tool that is running; what it says goes to a file.
pub struct Running {
    pub child: Child,
    name: String,
    log: PathBuf,
}

/// What a tool said, and how it ended.
#[derive(Clone)]
pub struct Ended {
    pub status: ExitStatus,
    pub said: String,
}

impl Running {
    /// What it said so far, on standard output and error.
    pub fn said(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits for its end.
    pub fn end(mut self, container: &Container) -> Step<Ended> {
        match wait::for_child(&mut self.child, wait::LIMIT) {
            Some(status) => Ok(Ended {
                status,
                said: self.said(),
            }),
            None => {
                let known = what_is_known(container);
                let _ = self.child.kill();
                let _ = self.child.wait();
                let said = self.said();
                Err(Outcome::failed(format!(
                    "{} hangs\n{said}{known}",
                    self.name
                )))
            }
        }
    }
}

/// A tool with its arguments, its standard input empty, all its output in one file.
pub fn command<I: AsRef<OsStr>>(name: &str, arguments: &[I], log: &Path) -> Step<Command> {
    let out = File::create(log).doing("the tool's log")?;
    let err = out.try_clone().doing("the tool's log")?;
    let mut command = Command::new(name);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err);
    Ok(command)
}

/// Starts a tool.
pub fn start(mut command: Command, log: &Path) -> Step<Running> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.spawn().doing(&format!("start of {name}"))?;
    Ok(Running {
        child,
        name,
        log: log.to_path_buf(),
    })
}

/// Runs a tool to its end.
pub fn run<I: AsRef<OsStr>>(name: &str, arguments: &[I], container: &Container) -> Step<Ended> {
    let log = container.dir.join(format!("{name}.log"));
    start(command(name, arguments, &log)?, &log)?.end(container)
}

/// Runs a tool that must succeed.
pub fn succeed<I: AsRef<OsStr>>(name: &str, arguments: &[I], container: &Container) -> Step<Ended> {
    let ended = run(name, arguments, container)?;
    if ended.status.success() {
        return Ok(ended);
    }
    Err(Outcome::failed(format!(
        "{name} ended with {}\n{}",
        ended.status, ended.said
    )))
}
