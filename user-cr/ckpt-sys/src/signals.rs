// SPDX-License-Identifier: GPL-2.0

//! Signals: catching, passing on, interrupting a thread, dying by one.

#![allow(unsafe_code)]

use std::fs;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::signal::{kill, raise, sigaction, SaFlags, SigAction, SigHandler, SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::{getpid, gettid, Pid};

/// The signals that ask a tool to stop, held back until somebody looks.
#[derive(Debug)]
pub struct Interrupts(SignalFd);

/// One that came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Interrupt {
    /// Which.
    pub signal: Signal,
    /// A key at the terminal sent it, to every process of the foreground group.
    pub from_terminal: bool,
}

impl Interrupts {
    /// From now on these signals wait here; those that our caller wants ignored (nohup, a shell's
    /// background) still are. Threads and children made later hold them back too.
    pub fn hold(signals: &[Signal]) -> nix::Result<Self> {
        let ignored = ignored();
        let is_wanted = |signal: &Signal| ignored & (1 << (*signal as i32 - 1)) == 0;
        let set: SigSet = signals.iter().copied().filter(is_wanted).collect();
        set.thread_block()?;
        let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
        SignalFd::with_flags(&set, flags).map(Self)
    }

    /// The next one, if any came.
    pub fn take(&self) -> Option<Interrupt> {
        let info = self.0.read_signal().ok().flatten()?;
        Some(Interrupt {
            signal: Signal::try_from(info.ssi_signo as i32).ok()?,
            from_terminal: info.ssi_code == libc::SI_KERNEL,
        })
    }
}

impl AsFd for Interrupts {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// The signals of a terminal that stop a process, held back: those that came stop it when this is dropped.
#[derive(Debug)]
pub struct Stops(SigSet);

impl Stops {
    /// From now on, for this thread and those that it makes. Meanwhile no system call is interrupted by
    /// them, and a terminal takes what is written from the background.
    pub fn hold() -> nix::Result<Self> {
        let before = SigSet::thread_get_mask()?;
        let all = [Signal::SIGTSTP, Signal::SIGTTIN, Signal::SIGTTOU];
        let is_ours = |signal: &Signal| !before.contains(*signal);
        let ours: SigSet = all.into_iter().filter(is_ours).collect();
        ours.thread_block()?;
        Ok(Self(ours))
    }
}

impl Drop for Stops {
    fn drop(&mut self) {
        // It cannot fail for a set of signals that there are.
        let _ = self.0.thread_unblock();
    }
}

/// Bit n-1 for each signal n that is ignored.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

/// A thread whose system call can be interrupted.
#[derive(Clone, Copy, Debug)]
pub struct Interruptible(Pid);

impl Interruptible {
    /// The calling thread. SIGUSR1 does nothing from now on but end its system calls early.
    pub fn this_thread() -> nix::Result<Self> {
        extern "C" fn nothing(_: libc::c_int) {}
        let action = SigAction::new(
            SigHandler::Handler(nothing),
            SaFlags::empty(),
            SigSet::empty(),
        );
        // SAFETY: the handler does nothing, so it may run at any point.
        unsafe { sigaction(Signal::SIGUSR1, &action) }?;
        [Signal::SIGUSR1]
            .into_iter()
            .collect::<SigSet>()
            .thread_unblock()?;
        Ok(Self(gettid()))
    }

    /// Interrupts it, if it is in a system call just now.
    pub fn interrupt(self) {
        let args = (getpid().as_raw(), self.0.as_raw(), libc::SIGUSR1);
        // SAFETY: takes no address. The process is our own, and its handler does nothing.
        unsafe { libc::syscall(libc::SYS_tgkill, args.0, args.1, args.2) };
    }
}

/// Gives a signal its default meaning, whatever the caller of this program left behind.
pub fn reset(signal: Signal) -> nix::Result<()> {
    let action = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    // SAFETY: no handler is installed, so none can run at a bad moment.
    unsafe { sigaction(signal, &action) }.map(drop)
}

/// A signal that means nothing from now on, not even to a program that is started; [`reset`] ends that.
pub fn ignore(signal: Signal) -> nix::Result<()> {
    let action = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    // SAFETY: no handler is installed, so none can run at a bad moment.
    unsafe { sigaction(signal, &action) }.map(drop)
}

/// Stops this process as SIGTSTP does by default, until somebody continues it.
pub fn stop() -> nix::Result<()> {
    let set: SigSet = [Signal::SIGTSTP].into_iter().collect();
    set.thread_block()?;
    raise(Signal::SIGTSTP)?;
    set.thread_unblock()?;
    set.thread_block()
}

/// Ends this process as if the signal had hit it, without a core dump of ours. If the signal does
/// not kill, ends with the shell's code for it.
pub fn die_by(signal: i32) -> ! {
    // SAFETY: prctl(PR_SET_DUMPABLE) and setrlimit read at most the struct given; kill takes no
    // address. The signal gets its default action, so no handler runs.
    unsafe {
        let none = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        libc::setrlimit(libc::RLIMIT_CORE, &none);
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
        libc::signal(signal, libc::SIG_DFL);
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, signal);
        libc::sigprocmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut());
        libc::kill(libc::getpid(), signal);
    }
    std::process::exit(128_i32.saturating_add(signal))
}

/// Ends this process at once; whatever watches over it tidies up.
pub fn die_now() -> ! {
    // A process may always kill itself.
    let _ = kill(getpid(), Signal::SIGKILL);
    std::process::abort()
}
