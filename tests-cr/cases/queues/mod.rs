// SPDX-License-Identifier: GPL-2.0

//! POSIX message queues: what is in them, who is told, who sleeps, and namespaces of them.

facts! {
    both: contents;
    dynamic:
        asleep_polling, asleep_receiving, asleep_sending, asleep_until, left, many, mounted, namespace,
        owners, polled, served, told, waiters,
}

use std::ffi::CString;
use std::os::fd::RawFd;

use ckpt_support::must;

/// A name that no other program here has, with a slash.
pub fn name(which: &str) -> CString {
    // SAFETY: takes no pointer.
    let pid = unsafe { libc::getpid() };
    // In a pid namespace of its own many have the same.
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).expect("clock");
    CString::new(format!("/{which}.{pid}.{}", now.as_nanos())).expect("no zero")
}

/// A user that no other program here is.
pub fn some_user() -> u32 {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).expect("clock");
    1_000_000 + now.subsec_nanos()
}

/// mq_open(2) of one that is there; below zero: why not.
pub fn try_open(name: &CString, flags: i32) -> RawFd {
    let none = std::ptr::null_mut::<libc::mq_attr>();
    // SAFETY: a C string; nothing is made.
    let fd = unsafe { libc::mq_open(name.as_ptr(), flags, 0, none) };
    match fd {
        -1 => -ckpt_support::errno(),
        fd => fd,
    }
}

/// The same, which has to be there.
pub fn open(name: &CString, flags: i32) -> RawFd {
    must("mq_open", try_open(name, flags).max(-1))
}

/// A new one for so many messages of this length.
pub fn make(name: &CString, flags: i32, most: i64, longest: i64) -> RawFd {
    // SAFETY: zeros are a value.
    let mut attr: libc::mq_attr = unsafe { std::mem::zeroed() };
    attr.mq_maxmsg = most;
    attr.mq_msgsize = longest;
    let flags = flags | libc::O_CREAT | libc::O_EXCL;
    // SAFETY: a C string and attributes.
    must("mq_open", unsafe {
        libc::mq_open(name.as_ptr(), flags, 0o600, &raw mut attr)
    })
}

/// mq_unlink(2).
pub fn unlink(name: &CString) {
    // SAFETY: a C string.
    must("mq_unlink", unsafe { libc::mq_unlink(name.as_ptr()) });
}

/// mq_timedsend(2) without an end; gives 0, or why not.
pub fn send(fd: RawFd, bytes: &[u8], priority: u32) -> i32 {
    // SAFETY: the bytes are there.
    let sent = unsafe { libc::mq_send(fd, bytes.as_ptr().cast(), bytes.len(), priority) };
    match sent {
        -1 => ckpt_support::errno(),
        _ => 0,
    }
}

/// mq_timedreceive(2) without an end: priority and bytes, or why not.
pub fn receive(fd: RawFd) -> Result<(u32, Vec<u8>), i32> {
    let mut buffer = vec![0u8; 64 * 1024];
    let mut priority = 0;
    // SAFETY: there is so much room, and a number.
    let length = unsafe {
        libc::mq_receive(
            fd,
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            &raw mut priority,
        )
    };
    match usize::try_from(length) {
        Ok(length) => Ok((priority, buffer[..length].to_vec())),
        Err(_) => Err(ckpt_support::errno()),
    }
}

/// Flags, most messages, their length, how many there are.
pub fn attributes(fd: RawFd) -> [i64; 4] {
    // SAFETY: zeros are a value; the kernel fills it.
    let attr: libc::mq_attr = unsafe {
        let mut attr = std::mem::zeroed();
        must("mq_getattr", libc::mq_getattr(fd, &raw mut attr));
        attr
    };
    [
        attr.mq_flags,
        attr.mq_maxmsg,
        attr.mq_msgsize,
        attr.mq_curmsgs,
    ]
}

/// What fstat(2) tells, but for the inode number, in text.
pub fn stat_text(fd: RawFd) -> String {
    // SAFETY: zeros are a value; the kernel fills it.
    let stat: libc::stat = unsafe {
        let mut stat = std::mem::zeroed();
        must("fstat", libc::fstat(fd, &raw mut stat));
        stat
    };
    format!(
        "{:o} {} {} links {} size {} times {}.{} {}.{} {}.{}",
        stat.st_mode,
        stat.st_uid,
        stat.st_gid,
        stat.st_nlink,
        stat.st_size,
        stat.st_atime,
        stat.st_atime_nsec,
        stat.st_mtime,
        stat.st_mtime_nsec,
        stat.st_ctime,
        stat.st_ctime_nsec
    )
}

/// How it is called in /proc.
pub fn link(fd: RawFd) -> String {
    let link = std::fs::read_link(format!("/proc/self/fd/{fd}")).expect("readlink");
    link.to_string_lossy().into_owned()
}

/// What the file of an open queue says of it.
pub fn status(fd: RawFd) -> String {
    let mut buffer = [0u8; 200];
    // SAFETY: there is so much room.
    let length = must("pread", unsafe {
        libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), 0)
    });
    String::from_utf8_lossy(&buffer[..length as usize]).into_owned()
}

/// mq_notify(2) by a signal with this value; zero: SIGEV_NONE. Gives 0, or why not.
pub fn ask(fd: RawFd, signal: i32, value: usize) -> i32 {
    // SAFETY: zeros are a value; the kernel only reads it.
    let asked = unsafe {
        let mut event: libc::sigevent = std::mem::zeroed();
        event.sigev_notify = match signal {
            0 => libc::SIGEV_NONE,
            _ => libc::SIGEV_SIGNAL,
        };
        event.sigev_signo = signal;
        event.sigev_value.sival_ptr = value as *mut libc::c_void;
        libc::mq_notify(fd, &raw const event)
    };
    match asked {
        -1 => ckpt_support::errno(),
        _ => 0,
    }
}

/// Asks no longer.
pub fn ask_no_more(fd: RawFd) {
    // SAFETY: a null pointer means that.
    must("mq_notify", unsafe {
        libc::mq_notify(fd, std::ptr::null())
    });
}

/// The signal that waits, its code, value and sender; zeros: none.
pub fn signal_taken(signal: i32) -> (i32, i32, usize, i32) {
    // SAFETY: zeros are values; the kernel fills the second.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&raw mut set, signal);
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let none: libc::timespec = std::mem::zeroed();
        match libc::sigtimedwait(&raw const set, &raw mut info, &raw const none) {
            -1 => (0, 0, 0, 0),
            taken => (
                taken,
                info.si_code,
                info.si_value().sival_ptr as usize,
                info.si_pid(),
            ),
        }
    }
}

/// Closes it.
pub fn close(fd: RawFd) {
    // SAFETY: takes no pointer.
    must("close", unsafe { libc::close(fd) });
}
