// SPDX-License-Identifier: GPL-2.0

//! What a tool may be put into before it runs. Everything here is called between fork and exec.

use std::io;

fn done(result: i64) -> io::Result<()> {
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// A seccomp filter by which one system call fails with EDOM; the same as in the sample `filtered`.
pub fn filter(call: i64) -> io::Result<()> {
    let instruction = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let mut program = [
        instruction(0x20, 0, 0, 0),
        instruction(0x15, 0, 1, call as u32),
        instruction(0x06, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EDOM as u32),
        instruction(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let filter = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    let mode = libc::SECCOMP_SET_MODE_FILTER;
    // SAFETY: the filter lives until the call has returned.
    done(unsafe { libc::syscall(libc::SYS_seccomp, mode, 0, &raw const filter) })
}

/// PR_SET_NO_NEW_PRIVS.
pub fn no_new_privs() -> io::Result<()> {
    // SAFETY: takes no pointer.
    done(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }.into())
}

/// A capability that no program will have any more.
pub fn without_capability(number: u64) -> io::Result<()> {
    // SAFETY: takes no pointer.
    done(unsafe { libc::prctl(libc::PR_CAPBSET_DROP, number, 0, 0, 0) }.into())
}

/// A session keyring, as a login gives it.
pub fn join_session_keyring() -> io::Result<()> {
    const JOIN_SESSION_KEYRING: i32 = 1;
    // SAFETY: a null name is allowed.
    done(unsafe { libc::syscall(libc::SYS_keyctl, JOIN_SESSION_KEYRING, 0) })
}
