// SPDX-License-Identifier: GPL-2.0

//! A process that tidies up if this one is killed in a way that leaves it no time to.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::fcntl::OFlag;
use nix::libc;
use nix::sys::signal::{kill, SigSet, SigmaskHow, Signal};
use nix::sys::wait::waitpid;
use nix::unistd::{chdir, pipe2, setsid, write, Pid};

use crate::process::{fork, Place};

/// It waits until told to go, or until this process is gone.
#[derive(Debug)]
pub struct Watcher {
    pid: Pid,
    leash: OwnedFd,
}

impl Watcher {
    /// Starts it, outside of this process's session, holding nothing open. If this process ends
    /// without [`Watcher::dismiss`], it runs `tidy`.
    pub fn start(tidy: impl FnOnce()) -> io::Result<Self> {
        Self::start_keeping(&[], |_| tidy())
    }

    /// The same, with something to hold open; `tidy` hears whether there was a [`Watcher::tell`].
    pub fn start_keeping(keep: &[BorrowedFd<'_>], tidy: impl FnOnce(bool)) -> io::Result<Self> {
        Self::spawn(keep, |leash| {
            if let Ok(is_told) = wait_for_end(leash) {
                tidy(is_told);
            }
        })
    }

    /// From now on there is something to tidy up.
    pub fn tell(&self) -> io::Result<()> {
        write(&self.leash, &[0])?;
        Ok(())
    }

    /// The same, but it is the watcher that makes what is to be tidied up: there is no moment at which it
    /// is there and nobody watches. The inner error is that of making it, after which nobody does.
    pub fn start_making(
        make: impl FnOnce() -> io::Result<()>,
        tidy: impl FnOnce(),
    ) -> io::Result<io::Result<Self>> {
        let (answer, teller) = pipe2(OFlag::O_CLOEXEC)?;
        let watcher = Self::spawn(&[teller.as_fd()], |leash| {
            let errno = match make() {
                Ok(()) => 0,
                Err(error) => error.raw_os_error().unwrap_or(libc::EIO),
            };
            // If nobody reads it, this process is gone, and it is tidied up at once.
            let _ = write(&teller, &errno.to_ne_bytes());
            if errno == 0 && wait_for_end(leash).is_ok() {
                tidy();
            }
        })?;
        drop(teller);
        let mut errno = [0; 4];
        let told = File::from(answer).read_exact(&mut errno);
        match (told, i32::from_ne_bytes(errno)) {
            (Ok(()), 0) => Ok(Ok(watcher)),
            (Ok(()), errno) => {
                let _ = waitpid(watcher.pid, None);
                Ok(Err(io::Error::from_raw_os_error(errno)))
            }
            (Err(error), _) => Err(error),
        }
    }

    fn spawn(keep: &[BorrowedFd<'_>], live: impl FnOnce(OwnedFd)) -> io::Result<Self> {
        let (reader, leash) = pipe2(OFlag::O_CLOEXEC)?;
        let pid = fork(Place::Here, |inside| {
            inside.close_all_but(&[&[reader.as_fd()], keep].concat());
            // Neither can fail for a new process, and neither is needed for the task itself.
            let _ = setsid();
            let _ = chdir("/");
            let all = SigSet::all();
            let _ = nix::sys::signal::sigprocmask(SigmaskHow::SIG_SETMASK, Some(&all), None);
            live(reader);
            0
        })?;
        Ok(Self { pid, leash })
    }

    /// It tidies up now, on its own, for as long as that takes.
    pub fn take_over(self) {
        drop(self.leash);
    }

    /// All is tidy: it goes. For this nothing is needed that could be lacking.
    pub fn dismiss(self) {
        // If it was killed there is nothing to dismiss. Its pid is its own until it is waited for.
        let _ = kill(self.pid, Signal::SIGKILL);
        let _ = waitpid(self.pid, None);
        drop(self.leash);
    }
}

/// Until nobody is left who could write; says whether somebody has.
fn wait_for_end(source: OwnedFd) -> io::Result<bool> {
    let mut source = File::from(source);
    let mut is_told = false;
    loop {
        match source.read(&mut [0]) {
            Ok(0) => return Ok(is_told),
            Ok(_) => is_told = true,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
