// SPDX-License-Identifier: GPL-2.0

//! A thread beside a long system call: it takes in what the kernel logs, shows progress, and
//! interrupts the call when something happens that ends it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::unistd::pipe2;

use crate::progress::{takes_more, Progress};
use crate::signals::{die_now, Interruptible};
use crate::voice::line;

/// What to look after while the call runs.
#[derive(Debug, Default)]
pub struct Attendant<'a> {
    /// The call is interrupted when one of these becomes readable, some time after that.
    pub heed: Vec<(BorrowedFd<'a>, Duration)>,
    /// The call is interrupted then.
    pub deadline: Option<Instant>,
    /// What is going on, for somebody who waits at a terminal.
    pub what: &'a str,
}

/// Why the call was interrupted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stop {
    /// This one of `heed` became readable.
    Heeded(usize),
    /// The deadline passed.
    Deadline,
}

/// How it went.
#[derive(Debug)]
pub struct Outcome<T> {
    /// What the call gave.
    pub value: T,
    /// What the kernel logged, as it came.
    pub log: Vec<u8>,
    /// Whether it was interrupted.
    pub stop: Option<Stop>,
}

/// Between two attempts to interrupt: the first may come before the call has begun.
const AGAIN: Duration = Duration::from_millis(20);
/// A call that does not end by then ends with its process. The kernel itself takes up to half a minute to
/// see what it has killed go: hundreds of tasks on a slow machine.
const STUCK: Duration = Duration::from_secs(40);

/// Runs a short `call` with a descriptor to log to; gives what it logged besides.
pub fn logged<T>(call: impl FnOnce(BorrowedFd<'_>) -> T) -> io::Result<(T, Vec<u8>)> {
    let (reader, writer) = pipe2(OFlag::O_CLOEXEC)?;
    thread::scope(|scope| {
        let side = thread::Builder::new().spawn_scoped(scope, move || {
            let mut log = Vec::new();
            File::from(reader).read_to_end(&mut log).map(|_| log)
        })?;
        let value = call(writer.as_fd());
        drop(writer);
        let log = side.join();
        let log = log.map_err(|_| io::Error::other("the reader of a log died"))??;
        Ok((value, log))
    })
}

impl Attendant<'_> {
    /// Runs `call` on this thread with a descriptor to log to.
    pub fn attend<T>(self, call: impl FnOnce(BorrowedFd<'_>) -> T) -> io::Result<Outcome<T>> {
        let caller = Interruptible::this_thread()?;
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC)?;
        thread::scope(|scope| {
            let side = thread::Builder::new()
                .name("attendant".into())
                .spawn_scoped(scope, || self.look_after(caller, reader))?;
            let value = call(writer.as_fd());
            // Nobody is left who could log: that is how the attendant learns that the call is over.
            drop(writer);
            let (log, stop) = side
                .join()
                .map_err(|_| io::Error::other("the attendant died"))?;
            Ok(Outcome { value, log, stop })
        })
    }

    fn look_after(self, caller: Interruptible, log: OwnedFd) -> (Vec<u8>, Option<Stop>) {
        let mut watch = Watch::new(&self);
        let mut log = Log(File::from(log), Vec::new());
        let mut progress = Progress::new(self.what);
        loop {
            let wait = watch.next_event().min(progress.next());
            let waiting = watch.waiting();
            let mut fds = vec![PollFd::new(log.0.as_fd(), PollFlags::POLLIN)];
            fds.extend(waiting.iter().map(|index| watch.fd(*index)));
            // An error of poll(2) is a signal or lack of memory: look again, after a while.
            if poll(&mut fds, timeout(wait)).is_err() {
                thread::sleep(AGAIN);
                continue;
            }
            let seen: Vec<_> = fds
                .iter()
                .map(|fd| fd.revents().unwrap_or(PollFlags::empty()))
                .collect();
            if !seen[0].is_empty() && !log.take() {
                return (log.1, watch.stop);
            }
            for (index, seen) in waiting.into_iter().zip(&seen[1..]) {
                watch.note(index, *seen);
            }
            watch.decide();
            if let Some(since) = watch.stopped {
                caller.interrupt();
                if since.elapsed() > STUCK {
                    progress.clear();
                    if takes_more(io::stderr()) {
                        line(&format_args!(
                            "{}: the kernel does not stop; ending by force",
                            self.what
                        ));
                    }
                    die_now();
                }
            }
            progress.show();
        }
    }
}

/// The reasons to stop, and whether one has come.
struct Watch<'a> {
    heed: Vec<(BorrowedFd<'a>, Duration, Heed)>,
    deadline: Option<Instant>,
    stop: Option<Stop>,
    stopped: Option<Instant>,
}

/// What is known of one of them.
#[derive(Clone, Copy)]
enum Heed {
    /// Nothing yet.
    Waiting,
    /// It is readable; the call shall be interrupted then.
    Due(Instant),
    /// It will never be readable.
    Gone,
}

impl<'a> Watch<'a> {
    fn new(attendant: &Attendant<'a>) -> Self {
        let heed = attendant.heed.iter();
        Self {
            heed: heed
                .map(|(fd, grace)| (*fd, *grace, Heed::Waiting))
                .collect(),
            deadline: attendant.deadline,
            stop: None,
            stopped: None,
        }
    }

    /// Those still to be polled; the others would only keep poll(2) from waiting.
    fn waiting(&self) -> Vec<usize> {
        let is_waiting = |index: &usize| matches!(self.heed[*index].2, Heed::Waiting);
        (0..self.heed.len()).filter(is_waiting).collect()
    }

    fn fd(&self, index: usize) -> PollFd<'a> {
        PollFd::new(self.heed[index].0, PollFlags::POLLIN)
    }

    fn next_event(&self) -> Duration {
        if self.stop.is_some() {
            return AGAIN;
        }
        let due = self.heed.iter().filter_map(|(_, _, heed)| match heed {
            Heed::Due(at) => Some(*at),
            Heed::Waiting | Heed::Gone => None,
        });
        let next = due.chain(self.deadline).min();
        next.map_or(Duration::MAX, |at| {
            at.saturating_duration_since(Instant::now())
        })
    }

    fn note(&mut self, index: usize, seen: PollFlags) {
        let (_, grace, heed) = &mut self.heed[index];
        if seen.contains(PollFlags::POLLIN) {
            *heed = Heed::Due(Instant::now() + *grace);
        } else if !seen.is_empty() {
            *heed = Heed::Gone;
        }
    }

    fn decide(&mut self) {
        let now = Instant::now();
        if self.stop.is_some() {
            return;
        }
        let is_due = |heed: &Heed| matches!(heed, Heed::Due(at) if *at <= now);
        if let Some(index) = self.heed.iter().position(|(_, _, heed)| is_due(heed)) {
            self.stop = Some(Stop::Heeded(index));
        } else if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.stop = Some(Stop::Deadline);
        }
        self.stopped = self.stop.map(|_| now);
    }
}

/// What was logged so far.
struct Log(File, Vec<u8>);

impl Log {
    /// Takes what is there; false when that was the last.
    fn take(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.0.read(&mut bytes) {
            Ok(0) => false,
            Ok(count) => {
                self.1.extend_from_slice(&bytes[..count]);
                true
            }
            Err(error) => error.kind() == io::ErrorKind::Interrupted,
        }
    }
}

/// As poll(2) takes it, rounded up so as not to wake too early.
pub(crate) fn timeout(wait: Duration) -> PollTimeout {
    let millis = wait.as_micros().div_ceil(1000);
    PollTimeout::try_from(i32::try_from(millis).unwrap_or(i32::MAX)).unwrap_or(PollTimeout::MAX)
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use nix::unistd::{read, write};

    use super::*;

    #[test]
    fn what_was_logged_is_kept() {
        let outcome = Attendant::default()
            .attend(|log| {
                for _ in 0..100 {
                    write(log, &[7; 4096]).unwrap();
                }
                42
            })
            .unwrap();
        assert_eq!(outcome.value, 42);
        assert_eq!(outcome.log, vec![7; 409_600]);
        assert_eq!(outcome.stop, None);
    }

    #[test]
    fn a_call_is_interrupted_when_something_is_to_be_heeded() {
        let (idle, _held) = pipe2(OFlag::O_CLOEXEC).unwrap();
        let (ready, writer) = pipe2(OFlag::O_CLOEXEC).unwrap();
        write(&writer, b"x").unwrap();
        let attendant = Attendant {
            heed: vec![(ready.as_fd(), Duration::from_millis(30))],
            ..Attendant::default()
        };
        let outcome = attendant.attend(|_| read(&idle, &mut [0])).unwrap();
        assert_eq!(outcome.value, Err(nix::Error::EINTR));
        assert_eq!(outcome.stop, Some(Stop::Heeded(0)));
    }

    #[test]
    fn a_call_is_interrupted_at_the_deadline() {
        let (idle, held) = pipe2(OFlag::O_CLOEXEC).unwrap();
        let attendant = Attendant {
            heed: vec![(held.as_fd(), Duration::ZERO)],
            deadline: Some(Instant::now() + Duration::from_millis(30)),
            ..Attendant::default()
        };
        let outcome = attendant.attend(|_| read(&idle, &mut [0])).unwrap();
        assert_eq!(outcome.value, Err(nix::Error::EINTR));
        assert_eq!(outcome.stop, Some(Stop::Deadline));
        assert!(idle.as_raw_fd() > 2);
    }
}
