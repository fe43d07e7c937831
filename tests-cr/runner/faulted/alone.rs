// SPDX-License-Identifier: GPL-2.0

//! `ckpt-runner alone`: opens a session, makes one task and restarts it, each call with something that
//! fails from its beginning.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use ckpt_format::calls::RESTART_FROZEN;
use ckpt_sys::attendant::Attendant;
use ckpt_sys::calls;
use ckpt_sys::process::pidfd;
use nix::unistd::Pid;

use super::bare::{tell, tell_success, Fault, Role};
use super::nth::Nth;
use crate::attempts::{kill, reap, serve, until_empty};
use crate::direct::{child, join, open_session};
use crate::wait;

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
            child(directory, &[fault.who], || {
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
                tell_success(left);
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
