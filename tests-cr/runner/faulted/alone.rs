// SPDX-License-Identifier: GPL-2.0

//! restart(2) of one task with one failing allocation or user copy, without the tool: `ckpt-runner alone`
//! opens the session, makes the task and runs it, for one point after the other. What stands there then
//! is checkpointed again, and must be what an undisturbed restart gives.

use std::fmt;
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ckpt_format::calls::RESTART_FROZEN;
use ckpt_image::log::{parse_log, Sentence};
use ckpt_image::Prefix;
use ckpt_sys::attendant::Attendant;
use ckpt_sys::calls;
use ckpt_sys::process::pidfd;
use nix::unistd::Pid;

use super::call::Call;
use super::images::Reference;
use super::nth::{Nth, NEVER};
use super::sweep::{Came, Sweep};
use super::Remaining;
use crate::attempts::{kill, reap, serve, until_empty, Attempts};
use crate::direct::{child, join, open_session};
use crate::plan::Job;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// Who makes a call in which something fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Open,
    Run,
    Join,
}

/// What is to fail, and which number the task has.
#[derive(Clone, Copy, Debug)]
struct Fault {
    role: Role,
    n: u32,
    pid: i32,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {}", self.role, self.n, self.pid)
    }
}

impl FromStr for Fault {
    type Err = io::Error;

    fn from_str(line: &str) -> io::Result<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [role, n, pid] = words[..] else {
            return Err(io::Error::other("not three words"));
        };
        let all = [Role::Open, Role::Run, Role::Join];
        let role = all.into_iter().find(|one| format!("{one:?}") == role);
        Ok(Self {
            role: role.ok_or_else(|| io::Error::other("no such role"))?,
            n: n.parse().map_err(io::Error::other)?,
            pid: pid.parse().map_err(io::Error::other)?,
        })
    }
}

/// An image of one task that stands for itself.
pub struct Alone {
    attempts: Attempts,
    cgroup: PathBuf,
    call: Call,
    pid: i32,
    reference: Reference,
}

/// What came of a point.
struct Attempted {
    errno: i32,
    left: u32,
    said: Vec<String>,
}

impl Alone {
    /// None if there are other tasks, or if it needs what only the tool does for it.
    pub fn of(image: &[u8], prefix: &Prefix, cgroup: PathBuf) -> Step<Option<Self>> {
        let ([_], Some(pid)) = (&prefix.members[..], prefix.pids.first()) else {
            return Ok(None);
        };
        let [pid] = pid.numbers[..] else {
            return Ok(None);
        };
        let mut attempts = Attempts::new("alone", cgroup.clone())?;
        attempts.load(image)?;
        let mut alone = Self {
            attempts,
            call: Call::prepare(&cgroup)?,
            cgroup,
            pid,
            reference: Reference::default(),
        };
        let mut images = Vec::new();
        for _ in 0..2 {
            if alone.attempt(Role::Run, NEVER)?.errno != 0 {
                return Ok(None);
            }
            images.push(alone.call.whole()?.0);
        }
        alone.reference = Reference::of(&images[0], &images[1])?;
        Ok(Some(alone))
    }

    /// All points of all three roles.
    pub fn sweep(&mut self, job: &Job, remaining: &Remaining) -> Step<Vec<Sweep>> {
        let roles = [
            (Role::Open, "restart(2) that opens", 3),
            (Role::Run, "restart(2) of the tool", 2),
            (Role::Join, "restart(2) of the tasks", 2),
        ];
        let mut sweeps = Vec::new();
        for (role, what, parts) in roles {
            let whole = self.attempt(role, NEVER)?;
            if whole.errno != 0 {
                let said = whole.said.join("\n");
                return Err(Outcome::failed(format!("nothing fails, and {said}")));
            }
            let points = NEVER - whole.left;
            let limit: Duration = remaining.share(parts);
            let sweep = Sweep::run(job, what, points, limit, |point| self.outcome(role, point))?;
            sweeps.push(sweep);
        }
        Ok(sweeps)
    }

    fn outcome(&mut self, role: Role, point: u32) -> Step<Came> {
        let came = self.attempt(role, point)?;
        let said = came.said.join("\n");
        if came.errno == 0 {
            self.reference.is_said_by(&self.call.whole()?.0)?;
            return Ok(Came::without_harm(came.left));
        }
        let events = fs::read_to_string(self.cgroup.join("cgroup.events")).doing("the cgroup")?;
        Ok(match came.errno {
            _ if came.left > 0 => Came::Wrong(format!("nothing has failed yet, and {said}")),
            _ if events != "populated 0\nfrozen 0\n" => Came::Wrong(format!("{said}\n{events}")),
            // The sentence itself may be what could not be written.
            libc::ENOMEM => Came::Failed("ENOMEM".into()),
            libc::EFAULT => Came::Failed("EFAULT".into()),
            _ if came.said.len() > 2 => Came::Failed("with a sentence".into()),
            _ => Came::Wrong(said),
        })
    }

    fn attempt(&mut self, role: Role, n: u32) -> Step<Attempted> {
        let pid = self.pid;
        let said = self.attempts.ask(&Fault { role, n, pid }.to_string())?;
        let number = |name: &str| {
            let found = said.iter().find_map(|line| line.strip_prefix(name));
            let number = found.and_then(|number| number.parse().ok());
            number.ok_or_else(|| Outcome::failed(format!("no {name}: {}", said.join("\n"))))
        };
        let (errno, left): (i64, i64) = (number("errno ")?, number("left ")?);
        Ok(Attempted {
            errno: errno as i32,
            left: left as u32,
            said,
        })
    }
}

/// The process. What has been restarted stands there until the next line comes.
pub fn run(arguments: &[String]) -> io::Result<()> {
    let mut standing = None;
    serve(arguments, |line, cgroup, directory, image| {
        if let Some(pid) = standing.take() {
            kill(cgroup)?;
            reap(pid)?;
        }
        until_empty(cgroup)?;
        let fault: Fault = line.parse()?;
        let mut left = None;
        let opened = fault.around(Role::Open, &mut left, || open_session(directory))?;
        let session = match opened {
            Ok(session) => session,
            Err(error) => return tell(&error, left, &[]),
        };
        let pid = made(|| {
            child(directory, &[fault.pid], || {
                // SAFETY: takes no pointer.
                unsafe { libc::setsid() };
                let armed = match fault.role {
                    Role::Join => Nth::own().and_then(|nth| nth.arm(fault.n)),
                    _ => Ok(()),
                };
                armed.map_or((), |()| join(&session, 0))
            })
        })?;
        let end = pidfd(Pid::from_raw(pid))?;
        let attendant = Attendant {
            heed: vec![(end.as_fd(), GRACE)],
            deadline: None,
            what: "alone",
        };
        let outcome = attendant.attend(|log| {
            fault.around(Role::Run, &mut left, || {
                calls::run_session(
                    session.as_fd(),
                    image.as_fd(),
                    log,
                    &[],
                    &[],
                    RESTART_FROZEN,
                )
            })
        })?;
        drop(session);
        if fault.role == Role::Join {
            let nth = Nth::of(pid)?;
            left = Some(nth.left()?);
            // What was not met this time must not be met when all is over, nor be state of the task.
            nth.arm(0)?;
        }
        match outcome.value? {
            Ok(_) => {
                standing = Some(pid);
                println!("errno 0\nleft {}", left.unwrap_or(0));
                Ok(())
            }
            Err(error) => {
                reap(pid)?;
                until_empty(cgroup)?;
                tell(&error, left, &outcome.log)
            }
        }
    })
}

/// How long a task that has ended is left to the kernel to explain.
const GRACE: Duration = Duration::from_secs(1);

impl Fault {
    /// Does something, in which it happens if it is this one's.
    fn around<T>(
        &self,
        role: Role,
        left: &mut Option<u32>,
        deed: impl FnOnce() -> T,
    ) -> io::Result<T> {
        if role != self.role {
            return Ok(deed());
        }
        let nth = Nth::own()?;
        nth.arm(self.n)?;
        let result = deed();
        *left = Some(nth.left()?);
        nth.arm(0)?;
        Ok(result)
    }
}

fn tell(error: &io::Error, left: Option<u32>, log: &[u8]) -> io::Result<()> {
    println!("errno {}", error.raw_os_error().unwrap_or(-1));
    println!("left {}", left.unwrap_or(0));
    for record in &parse_log(log).unwrap_or_default() {
        println!("{}", Sentence(record));
    }
    Ok(())
}

/// The number may be somebody else's for a moment.
fn made(mut make: impl FnMut() -> io::Result<i32>) -> io::Result<i32> {
    let mut result = make();
    wait::until(wait::LIMIT, || match &result {
        Err(error) if error.raw_os_error() == Some(libc::EEXIST) => {
            result = make();
            None
        }
        _ => Some(()),
    });
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_mean_the_same_fault() {
        for role in [Role::Open, Role::Run, Role::Join] {
            let line = Fault {
                role,
                n: 17,
                pid: 4711,
            }
            .to_string();
            let fault: Fault = line.parse().unwrap();
            assert_eq!((fault.role, fault.n, fault.pid), (role, 17, 4711));
        }
        assert!("Close 1 1".parse::<Fault>().is_err());
        assert!("Open 1".parse::<Fault>().is_err());
    }
}
