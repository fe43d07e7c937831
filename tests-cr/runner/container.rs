// SPDX-License-Identifier: GPL-2.0

//! A test's container: a cgroup, and a directory with everything that belongs to it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// Where cgroup2 is mounted.
pub const CGROUPS: &str = "/sys/fs/cgroup";

/// A container, running or not.
pub struct Container {
    pub cgroup: PathBuf,
    pub dir: PathBuf,
    /// How long calls last that a checkpoint shall find, in seconds.
    pub wait: u32,
}

impl Container {
    /// A container of this name, with nothing in it.
    pub fn new(work: &Path, name: &str) -> Step<Self> {
        let container = Self::existing(work, name);
        let dir = &container.dir;
        let _ = fs::remove_dir_all(dir);
        fs::create_dir_all(dir).doing("the test's directory")?;
        // Programs that give up their rights write here too.
        for path in [work, dir] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o777)).doing("chmod")?;
        }
        container.take_go_back()?;
        container.make_cgroup()?;
        Ok(container)
    }

    /// A container of this name that an earlier boot has left.
    pub fn existing(work: &Path, name: &str) -> Self {
        Self {
            cgroup: Path::new(CGROUPS).join(name),
            dir: work.join(name),
            wait: 3,
        }
    }

    /// Makes its cgroup, unless it is there.
    pub fn make_cgroup(&self) -> Step<()> {
        fs::create_dir_all(&self.cgroup).doing("the cgroup")
    }

    /// The image of it.
    pub fn image(&self) -> PathBuf {
        self.dir.join("image")
    }

    /// Starts a program in it, as the leader of a session of its own.
    pub fn start(&self, program: &Path, fact: &str, mode: &str) -> Step<Child> {
        let file = |name: &str| File::create(self.dir.join(name)).doing("the output");
        let mut command = Command::new(program);
        command
            .arg(fact)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("GO", self.dir.join("go"))
            .env("MODE", mode)
            .env("WAIT", self.wait.to_string())
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(file("out")?)
            .stderr(file("err")?);
        let procs = self.cgroup.join("cgroup.procs");
        let procs = File::options()
            .write(true)
            .open(procs)
            .doing("cgroup.procs")?;
        // SAFETY: only system calls between fork and exec.
        unsafe {
            command.pre_exec(move || {
                procs.write_at(b"0", 0)?;
                if libc::setsid() < 0 {
                    return Err(io::Error::last_os_error());
                }
                Ok(())
            });
        }
        command.spawn().doing("start of the test program")
    }

    /// What the program printed.
    pub fn output(&self) -> String {
        let bytes = fs::read(self.dir.join("out")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What the program has to complain about.
    pub fn complaints(&self) -> String {
        let output = self.output();
        let mut lines: Vec<&str> = output
            .lines()
            .filter(|line| !line.starts_with("ready"))
            .collect();
        let errors = fs::read(self.dir.join("err")).unwrap_or_default();
        let errors = String::from_utf8_lossy(&errors);
        lines.extend(errors.lines());
        lines.truncate(30);
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Processes in it.
    pub fn pids(&self) -> Vec<i32> {
        let text = fs::read_to_string(self.cgroup.join("cgroup.procs")).unwrap_or_default();
        text.lines().filter_map(|line| line.parse().ok()).collect()
    }

    /// cgroup.events.
    pub fn events(&self) -> String {
        fs::read_to_string(self.cgroup.join("cgroup.events")).unwrap_or_default()
    }

    /// Whether an event of the cgroup, such as `populated 1`, holds now.
    pub fn holds(&self, event: &str) -> bool {
        self.events().lines().any(|line| line == event)
    }

    /// Waits for events of the cgroup.
    pub fn wait_for(&self, events: &[&str]) -> Step<()> {
        let come = wait::until(wait::LIMIT, || {
            events.iter().all(|e| self.holds(e)).then_some(())
        });
        come.ok_or_else(|| {
            let known = crate::hang::what_is_known(self);
            Outcome::failed(format!("never {}\n{known}", events.join(" and ")))
        })
    }

    /// Freezes it and waits until it is.
    pub fn freeze(&self) -> Step<()> {
        fs::write(self.cgroup.join("cgroup.freeze"), "1").doing("cgroup.freeze")?;
        self.wait_for(&["frozen 1"])
    }

    /// Lets it go on.
    pub fn thaw(&self) -> Step<()> {
        fs::write(self.cgroup.join("cgroup.freeze"), "0").doing("cgroup.freeze")?;
        self.wait_for(&["frozen 0"])
    }

    /// Nobody has said go. A program may have been saved just as it looked, so the file must be again
    /// what it was, its time of modification too.
    pub fn take_go_back(&self) -> Step<()> {
        let path = self.dir.join("go");
        let written = fs::write(&path, vec![b'0'; 4096]).and_then(|()| {
            let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
            File::options()
                .write(true)
                .open(&path)?
                .set_modified(long_ago)
        });
        written.doing("the go file")
    }

    /// Says go.
    pub fn say_go(&self) -> Step<()> {
        let file = File::options()
            .write(true)
            .open(self.dir.join("go"))
            .doing("the go file")?;
        file.write_all_at(b"1", 0).doing("the go file")
    }

    /// Sends a signal to every process in it.
    pub fn signal(&self, signal: i32) {
        for pid in self.pids() {
            // SAFETY: takes no pointer.
            unsafe { libc::kill(pid, signal) };
        }
    }

    /// Processes whose command line names our container: tools, and what they have forked.
    pub fn relatives(&self) -> Vec<String> {
        let own = self.cgroup.as_os_str().as_encoded_bytes();
        let names_us = |line: &[u8]| line.split(|byte| *byte == 0).any(|word| word == own);
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter(|entry| {
                fs::read(entry.path().join("cmdline")).is_ok_and(|line| names_us(&line))
            })
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// Kills what is in it.
    pub fn kill(&self) {
        // If it cannot be written it is gone.
        let _ = fs::write(self.cgroup.join("cgroup.kill"), "1");
    }

    /// Kills what is in it, and removes the cgroup.
    pub fn end(&self) -> Step<()> {
        if !self.cgroup.exists() {
            return Ok(());
        }
        self.kill();
        let removed = wait::until(wait::LIMIT, || match fs::remove_dir(&self.cgroup) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => None,
            _ => Some(()),
        });
        removed.ok_or_else(|| {
            let known = crate::hang::what_is_known(self);
            Outcome::failed(format!("the cgroup cannot be removed\n{known}"))
        })
    }
}
