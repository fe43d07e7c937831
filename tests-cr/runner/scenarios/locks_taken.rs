// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart is refused while somebody else holds a lock that stands against one of its own, and
//! nothing of it has run.

use std::fs::File;
use std::os::fd::AsRawFd;

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_locks")?;
    let open = |name: &str| {
        let path = stage.container.dir.join(name);
        File::options().read(true).write(true).open(path).doing(name)
    };
    for name in ["whole", "shared"] {
        let file = open(name)?;
        // SAFETY: takes no pointer.
        let taken = unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) };
        ensure(taken == 0, "the lock has survived its holder")?;
        refused(&stage.restart(&[])?, "holds a lock")?;
        stage.nothing_is_left()?;
    }
    {
        let file = open("record")?;
        // SAFETY: zeros are a value; the last byte of it.
        let taken = unsafe {
            let mut lock: libc::flock = std::mem::zeroed();
            (lock.l_type, lock.l_start, lock.l_len) = (libc::F_RDLCK as i16, 19, 1);
            libc::fcntl(file.as_raw_fd(), libc::F_SETLK, &lock)
        };
        ensure(taken == 0, "the lock has survived its holder")?;
        refused(&stage.restart(&[])?, "holds a lock")?;
        stage.nothing_is_left()?;
    }
    {
        let _reader = open("leased")?;
        refused(&stage.restart(&[])?, "leased")?;
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
