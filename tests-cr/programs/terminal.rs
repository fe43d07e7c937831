// SPDX-License-Identifier: GPL-2.0

//! A terminal with a program in it: the driver is the window, the keyboard and the person.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use crate::load::{Doing, Step};
use crate::talk::{must_end_well, Ear};

/// Lines and columns.
pub const SIZE: (u16, u16) = (24, 80);

pub struct Terminal {
    child: Child,
    name: String,
    keys: File,
    /// What the program shows.
    pub screen: Ear<File>,
}

impl Terminal {
    /// Starts a program as the leader of a session at a new terminal.
    pub fn start(command: &mut Command) -> Step<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
        // SAFETY: the path is a C string.
        let master =
            owned(unsafe { libc::open(c"/dev/ptmx".as_ptr(), flags) }).doing("/dev/ptmx")?;
        let size = libc::winsize {
            ws_row: SIZE.0,
            ws_col: SIZE.1,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        // SAFETY: reads one struct; the other takes no pointer.
        let slave = owned(unsafe {
            let unlocked = 0;
            libc::ioctl(master.as_raw_fd(), libc::TIOCSPTLCK, &raw const unlocked);
            libc::ioctl(master.as_raw_fd(), libc::TIOCSWINSZ, &raw const size);
            libc::ioctl(master.as_raw_fd(), libc::TIOCGPTPEER, flags)
        })
        .doing("the other end of a terminal")?;
        let end = || slave.try_clone().doing("dup");
        command.stdin(end()?).stdout(end()?).stderr(end()?);
        command.env("TERM", "vt100").env_remove("GO");
        // SAFETY: only system calls between fork and exec.
        unsafe {
            command.pre_exec(|| match libc::setsid() {
                -1 => Err(std::io::Error::last_os_error()),
                _ if libc::ioctl(0, libc::TIOCSCTTY, 0) < 0 => Err(std::io::Error::last_os_error()),
                _ => Ok(()),
            });
        }
        let child = command.spawn().doing(&name)?;
        // The command has kept its ends.
        for stream in [Command::stdin, Command::stdout, Command::stderr] {
            stream(command, std::process::Stdio::null());
        }
        let keys = File::from(master);
        let screen = Ear::new(keys.try_clone().doing("dup")?);
        Ok(Self {
            child,
            name,
            keys,
            screen,
        })
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) -> Step {
        self.keys.write_all(keys.as_bytes()).doing("the keyboard")
    }

    /// Presses keys, and waits until something is shown.
    pub fn see(&mut self, keys: &str, text: &str) -> Step {
        self.press(keys)?;
        self.screen.until(text)?;
        Ok(())
    }

    /// The program must end now, and well.
    pub fn end(mut self) -> Step {
        // While nobody looks at what it shows, it may wait for that.
        self.screen.rest_until_end()?;
        must_end_well(&mut self.child, &self.name)
    }
}

fn owned(fd: i32) -> std::io::Result<OwnedFd> {
    match fd {
        -1 => Err(std::io::Error::last_os_error()),
        // SAFETY: new, and nobody else's.
        fd => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
    }
}
