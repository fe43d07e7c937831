// SPDX-License-Identifier: GPL-2.0

//! Fact: a background job of a login shell, its input and output in files, can be saved; restarted from
//! a shell at another terminal it belongs to that shell's session, and its terminal is that one.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Outcome, Step};
use crate::{modes, turn, wait};

pub fn run(stage: &Stage) -> Step<()> {
    let shell = Shell::start(stage, &program(stage))?;
    let ready = wait::until(wait::LIMIT, || {
        let output = stage.container.output();
        output
            .lines()
            .any(|line| line == "ready")
            .then(|| turn::parse(&output))
    });
    ready.ok_or_else(|| Outcome::failed(stage.container.complaints()))?;
    let before = Place::of(stage)?;
    ensure(before.is_in(&shell), "the shell's job is not in its session")?;
    ensure(before.leads_its_group(), "the shell has no job control")?;
    modes::checkpoint(stage.container, &["--kill"])?;
    stage.container.wait_for(&["populated 0"])?;
    drop(shell);

    let shell = Shell::start(stage, &restart(stage))?;
    stage.container.wait_for(&["populated 1", "frozen 1"])?;
    let after = Place::of(stage)?;
    ensure(after.is_in(&shell), "it is not in the other shell's session")?;
    ensure(after.leads_its_group(), "it does not lead its process group")?;
    stage.container.thaw()?;
    stage.container.say_go()?;
    let ended = wait::until(wait::LIMIT, || {
        let output = stage.container.output();
        output.lines().any(|line| line == "passed").then_some(())
    });
    ended.ok_or_else(|| Outcome::failed(stage.container.complaints()))?;
    let said = shell.read()?;
    ensure(
        said.contains("hello, terminal"),
        &format!("the other terminal got {said:?}"),
    )
}

/// What the first shell does: starts the program as a background job.
fn program(stage: &Stage) -> String {
    let dir = stage.container.dir.display();
    let program = stage.places.programs.join("dynamic/ckpt-cases");
    format!(
        "cd {dir}; (echo 0 > {}/cgroup.procs; GO={dir}/go MODE=tools exec {} samples/at_terminal \
         </dev/null >out 2>err) & wait; sleep 1000",
        stage.cgroup().display(),
        program.display(),
    )
}

/// What the second does: restarts it.
fn restart(stage: &Stage) -> String {
    format!(
        "cd {}; restart --pids --no-pidns --frozen --cgroup {} -i {} </dev/null >restart.log 2>&1; sleep 1000",
        stage.container.dir.display(),
        stage.cgroup().display(),
        stage.container.image().display(),
    )
}

/// A shell with job control at a terminal of its own. It hangs up when dropped.
pub(super) struct Shell {
    child: Child,
    pub(super) master: File,
    terminal: libc::dev_t,
}

impl Shell {
    pub(super) fn start(stage: &Stage, script: &str) -> Step<Self> {
        let (master, slave) = pseudo_terminal()?;
        let log = File::create(stage.log("shell")).doing("the shell's log")?;
        let mut command = Command::new("sh");
        command.args(["-m", "-c", script]);
        command.stdin(slave.try_clone().doing("dup")?);
        command.stdout(log.try_clone().doing("dup")?).stderr(log);
        // SAFETY: only system calls between fork and exec.
        unsafe {
            command.pre_exec(|| match libc::setsid() {
                -1 => Err(std::io::Error::last_os_error()),
                _ if libc::ioctl(0, libc::TIOCSCTTY, 0) < 0 => {
                    Err(std::io::Error::last_os_error())
                }
                _ => Ok(()),
            });
        }
        let child = command.spawn().doing("start of a shell")?;
        Ok(Self {
            child,
            master,
            terminal: device(&slave)?,
        })
    }

    /// What was written to its terminal.
    fn read(mut self) -> Step<String> {
        let mut bytes = [0; 256];
        // Something to read, if nobody wrote: the terminal echoes.
        self.master.write_all(b"\n").doing("the terminal")?;
        let count = self.master.read(&mut bytes).doing("the terminal")?;
        Ok(String::from_utf8_lossy(&bytes[..count]).into_owned())
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pseudo_terminal() -> Step<(File, File)> {
    let open = |fd: i32| match fd {
        -1 => Err(std::io::Error::last_os_error()),
        // SAFETY: new, and nobody else's.
        fd => Ok(unsafe { File::from_raw_fd(fd) }),
    };
    let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
    // SAFETY: the path is a C string.
    let master = open(unsafe { libc::open(c"/dev/ptmx".as_ptr(), flags) }).doing("/dev/ptmx")?;
    // SAFETY: takes no pointer.
    let slave = unsafe {
        libc::unlockpt(master.as_raw_fd());
        libc::ioctl(master.as_raw_fd(), libc::TIOCGPTPEER, flags)
    };
    Ok((master, open(slave).doing("the other end")?))
}

fn device(terminal: &File) -> Step<libc::dev_t> {
    use std::os::unix::fs::MetadataExt;
    Ok(terminal.metadata().doing("the terminal")?.rdev())
}

/// Where job control sees the one process of the container: fields of /proc/PID/stat.
struct Place {
    pid: i64,
    group: i64,
    session: i64,
    terminal: i64,
}

impl Place {
    fn of(stage: &Stage) -> Step<Self> {
        let pids = stage.container.pids();
        let [pid] = pids[..] else {
            return Err(Outcome::failed(format!("{pids:?} are in the cgroup")));
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).doing("its stat")?;
        let fields = stat.rsplit_once(") ").map_or("", |(_, after)| after);
        let field = |number: usize| {
            let text = fields.split(' ').nth(number - 3);
            text.and_then(|text| text.parse().ok()).unwrap_or(-1)
        };
        Ok(Self {
            pid: pid.into(),
            group: field(5),
            session: field(6),
            terminal: field(7),
        })
    }

    fn is_in(&self, shell: &Shell) -> bool {
        let terminal = shell.terminal;
        // As new_encode_dev() does it.
        let (major, minor) = (libc::major(terminal), libc::minor(terminal));
        let encoded = minor & 0xff | major << 8 | (minor & !0xff) << 12;
        self.session == i64::from(shell.child.id()) && self.terminal == i64::from(encoded)
    }

    fn leads_its_group(&self) -> bool {
        self.group == self.pid
    }
}
