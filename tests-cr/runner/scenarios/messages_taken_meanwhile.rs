// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint bears that somebody outside, who shares a socket with the container, takes messages
//! with files out of it, and closes who has sent them, at every moment; it refuses to save the socket.

use std::fs::{self, File};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use ckpt_sys::calls::{self, Outside};

use super::stage::{ensure, Stage};
use crate::direct::memory_file;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// For each type of sockets.
const LONG: Duration = Duration::from_secs(6);
const NAME: &[u8] = b"ckpt-taken";

pub fn run(stage: &Stage) -> Step<()> {
    let mut said = Vec::new();
    for kind in [libc::SOCK_STREAM, libc::SOCK_DGRAM] {
        said.push(taken(stage, kind)?);
    }
    Err(Outcome {
        why: said.join(", "),
        ..Outcome::passed()
    })
}

fn taken(stage: &Stage, kind: i32) -> Step<String> {
    let [ours, theirs] = pair(kind)?;
    stage.container.make_cgroup()?;
    stage.reset()?;
    let mut shell = stage.shell_for("exec 5<&0 0</dev/null >/dev/null 2>&1; inside $JOB samples/sleeper")?;
    shell.stdin(theirs.try_clone().doing("dup")?);
    let mut child = shell.spawn().doing("the job")?;
    drop(shell);
    stage.container.wait_for(&["populated 1"])?;
    thread::sleep(Duration::from_millis(300));
    stage.container.freeze()?;

    let cgroup = File::open(stage.cgroup()).doing("the cgroup")?;
    let (is_over, messages) = (AtomicBool::new(false), AtomicU32::new(0));
    let checks = thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(SeqCst) {
                talk(kind, &ours, &theirs);
                messages.fetch_add(1, SeqCst);
            }
        });
        let checks = check_for_long(&cgroup);
        is_over.store(true, SeqCst);
        checks
    })?;
    stage.has_typed("echo 1 >$CG/cgroup.kill; echo 0 >$CG/cgroup.freeze")?;
    let _ = wait::for_child(&mut child, wait::LIMIT);
    stage.container.end()?;
    Ok(format!("{checks} checkpoints of {} messages", messages.into_inner()))
}

fn check_for_long(cgroup: &File) -> Step<u32> {
    const OUTSIDE: Outside = Outside {
        hand_in: &[],
        reconnect: false,
        relay: false,
    };
    let (begin, mut checks) = (Instant::now(), 0);
    while begin.elapsed() < LONG {
        let log = memory_file(c"log").doing("a memfd")?;
        let came = calls::checkpoint(cgroup.as_fd(), None, OUTSIDE, log.as_fd());
        ensure(came.is_err(), "a socket is saved that somebody outside has too")?;
        checks += 1;
    }
    Ok(checks)
}

/// A message with a file comes and goes; another comes from somebody who is gone at once.
fn talk(kind: i32, from: &OwnedFd, to: &OwnedFd) {
    let mut bytes = [0; 8];
    let mut take = || {
        // SAFETY: room for so many bytes; without room for files, these are closed.
        unsafe { libc::recv(to.as_raw_fd(), bytes.as_mut_ptr().cast(), 8, libc::MSG_DONTWAIT) };
    };
    send(from.as_raw_fd(), from.as_raw_fd());
    take();
    if kind == libc::SOCK_DGRAM {
        let sender = std::env::temp_dir().join(format!("sender-{}", std::process::id()));
        let bound = UnixDatagram::bind(&sender);
        let _ = fs::remove_file(&sender);
        // Both may fail for want of memory, or of room.
        let _ = bound.and_then(|sender| {
            sender.connect_addr(&SocketAddr::from_abstract_name(NAME)?)?;
            sender.set_nonblocking(true)?;
            sender.send(b"x")
        });
        take();
    }
}

/// A byte, and an open file.
fn send(socket: i32, file: i32) {
    let mut byte = 0u8;
    let mut bytes = libc::iovec {
        iov_base: (&raw mut byte).cast(),
        iov_len: 1,
    };
    // Its length, SOL_SOCKET and SCM_RIGHTS, the file.
    let mut control = [20_u64, 1 << 32 | libc::SOL_SOCKET as u64, file as u64];
    // SAFETY: zeros are a message without anything.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut bytes;
    message.msg_iovlen = 1;
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = 24;
    // SAFETY: all of it lives until the call has returned.
    unsafe { libc::sendmsg(socket, &raw const message, libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL) };
}

fn pair(kind: i32) -> Step<[OwnedFd; 2]> {
    if kind == libc::SOCK_STREAM {
        let (ours, theirs) = UnixStream::pair().doing("socketpair")?;
        return Ok([ours.into(), theirs.into()]);
    }
    let name = SocketAddr::from_abstract_name(NAME).doing("a name")?;
    let theirs = UnixDatagram::bind_addr(&name).doing("bind")?;
    let ours = UnixDatagram::unbound().doing("socket")?;
    ours.connect_addr(&name).doing("connect")?;
    Ok([ours.into(), theirs.into()])
}
