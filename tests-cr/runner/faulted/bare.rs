// SPDX-License-Identifier: GPL-2.0

//! restart(2) with one failing allocation or user copy, without the tool: a process makes the tasks and
//! the calls, for one point after the other, until it is told of the last.

use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use ckpt_image::log::{parse_log, Sentence};
use ckpt_image::Prefix;

use super::call::Call;
use super::images::Reference;
use super::nth::{Nth, NEVER};
use super::sweep::{Came, Sweep};
use super::Remaining;
use crate::attempts::Attempts;
use crate::container::Container;
use crate::plan::Job;
use crate::snapshot::Snapshot;
use crate::verdict::{Doing, Outcome, Step};

/// Who makes a call in which something fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    Open,
    Run,
    Join,
}

/// What is to fail.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub role: Role,
    pub n: u32,
    /// Of one task: the number that it has. Of several: which of them it is.
    pub who: i32,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {}", self.role, self.n, self.who)
    }
}

impl FromStr for Fault {
    type Err = io::Error;

    fn from_str(line: &str) -> io::Result<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [role, n, who] = words[..] else {
            return Err(io::Error::other("not three words"));
        };
        let all = [Role::Open, Role::Run, Role::Join];
        let role = all.into_iter().find(|one| format!("{one:?}") == role);
        Ok(Self {
            role: role.ok_or_else(|| io::Error::other("no such role"))?,
            n: n.parse().map_err(io::Error::other)?,
            who: who.parse().map_err(io::Error::other)?,
        })
    }
}

impl Fault {
    /// Does something, in which it happens if it is this one's.
    pub fn around<T>(
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

/// What such a process says of a restart that has failed.
pub fn tell(error: &io::Error, left: Option<u32>, log: &[u8]) -> io::Result<()> {
    println!("errno {}", error.raw_os_error().unwrap_or(-1));
    println!("left {}", left.unwrap_or(0));
    for record in &parse_log(log).unwrap_or_default() {
        println!("{}", Sentence(record));
    }
    Ok(())
}

/// What such a process says of one that has succeeded.
pub fn tell_success(left: Option<u32>) {
    println!("errno 0\nleft {}", left.unwrap_or(0));
}

/// The process, and how to tell whether what it has restarted is as good as any.
pub struct Bare<'a> {
    attempts: Attempts,
    cgroup: PathBuf,
    /// In whose calls something can fail, and what the sweep is called.
    roles: Vec<(Role, &'static str, Vec<i32>)>,
    is_good: Box<dyn FnMut() -> Step<()> + 'a>,
}

/// What came of a point.
struct Attempted {
    errno: i32,
    left: u32,
    said: Vec<String>,
}

impl<'a> Bare<'a> {
    /// An image of one task that stands for itself: each call is swept from its beginning, and what is
    /// there is checkpointed. None if there are other tasks, or if it needs what only the tool does for it.
    pub fn alone(image: &[u8], prefix: &Prefix, cgroup: PathBuf) -> Step<Option<Self>> {
        let ([_], Some(pid)) = (&prefix.members[..], prefix.pids.first()) else {
            return Ok(None);
        };
        let [pid] = pid.numbers[..] else {
            return Ok(None);
        };
        let roles = vec![
            (Role::Open, "restart(2) that opens", vec![pid]),
            (Role::Join, "restart(2) of the tasks", vec![pid]),
            (Role::Run, "restart(2) of the tool", vec![pid]),
        ];
        let mut bare = Self::new("alone", image, cgroup, roles)?;
        let mut call = Call::prepare(&bare.cgroup)?;
        let mut images = Vec::new();
        for _ in 0..2 {
            if bare.attempt(Role::Run, pid, NEVER)?.errno != 0 {
                return Ok(None);
            }
            images.push(call.whole()?.0);
        }
        let reference = Reference::of(&images[0], &images[1])?;
        bare.is_good = Box::new(move || reference.is_said_by(&call.whole()?.0));
        Ok(Some(bare))
    }

    /// Any image: the calls are swept from where the tasks wait for the rest of it, and what is there is
    /// looked at.
    pub fn together(
        image: &[u8],
        prefix: &Prefix,
        place: Container,
        before: &'a Snapshot,
        may_fire: u64,
    ) -> Step<Self> {
        let members = (0..prefix.members.len() as i32).collect();
        let roles = vec![
            (Role::Join, "restart(2) of the tasks", members),
            (Role::Run, "restart(2) of the tool", vec![0]),
        ];
        let mut bare = Self::new("together", image, place.cgroup.clone(), roles)?;
        bare.is_good =
            Box::new(move || before.must_equal(&Snapshot::take(&place, true)?, may_fire));
        Ok(bare)
    }

    fn new(
        part: &str,
        image: &[u8],
        cgroup: PathBuf,
        roles: Vec<(Role, &'static str, Vec<i32>)>,
    ) -> Step<Self> {
        let mut attempts = Attempts::new(part, cgroup.clone())?;
        attempts.load(image)?;
        Ok(Self {
            attempts,
            cgroup,
            roles,
            is_good: Box::new(|| Ok(())),
        })
    }

    /// All points of all roles.
    pub fn sweep(&mut self, job: &Job, remaining: &Remaining) -> Step<Vec<Sweep>> {
        let mut sweeps = Vec::new();
        let roles = self.roles.clone();
        let parts = (1..=roles.len() as u32).rev();
        for ((role, what, everyone), parts) in roles.into_iter().zip(parts) {
            let mut points = Vec::new();
            for who in &everyone {
                let whole = self.attempt(role, *who, NEVER)?;
                if whole.errno != 0 {
                    let said = whole.said.join("\n");
                    return Err(Outcome::failed(format!("nothing fails, and {said}")));
                }
                points.push(NEVER - whole.left);
            }
            let (total, limit) = (points.iter().sum(), remaining.share(parts));
            let sweep = Sweep::run(job, what, total, limit, |point| {
                let (index, point) = place_of(point, &points);
                self.outcome(role, everyone[index], point)
            })?;
            sweeps.push(sweep);
        }
        Ok(sweeps)
    }

    fn outcome(&mut self, role: Role, who: i32, point: u32) -> Step<Came> {
        let came = self.attempt(role, who, point)?;
        let said = came.said.join("\n");
        if came.errno == 0 {
            (self.is_good)()?;
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

    fn attempt(&mut self, role: Role, who: i32, n: u32) -> Step<Attempted> {
        let said = self.attempts.ask(&Fault { role, n, who }.to_string())?;
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

/// Whom a point of all of them belongs to, and which of its own it is.
fn place_of(mut point: u32, of_everyone: &[u32]) -> (usize, u32) {
    for (index, count) in of_everyone.iter().enumerate() {
        if point <= *count {
            return (index, point);
        }
        point -= count;
    }
    (0, point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_mean_the_same_fault() {
        for role in [Role::Open, Role::Run, Role::Join] {
            let (n, who) = (17, 4711);
            let line = Fault { role, n, who }.to_string();
            let fault: Fault = line.parse().unwrap();
            assert_eq!((fault.role, fault.n, fault.who), (role, 17, 4711));
        }
        assert!("Close 1 1".parse::<Fault>().is_err());
        assert!("Open 1".parse::<Fault>().is_err());
    }

    #[test]
    fn every_point_is_somebody_s() {
        let all: Vec<_> = (1..=6).map(|point| place_of(point, &[2, 0, 4])).collect();
        assert_eq!(all, [(0, 1), (0, 2), (2, 1), (2, 2), (2, 3), (2, 4)]);
    }
}
