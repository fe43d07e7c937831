// SPDX-License-Identifier: GPL-2.0

//! A session whose terminal was outside: it has a new one, and we are between that and the terminal
//! where we run, as a terminal window is between its programs and a screen.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{bail, Context, Result};
use ckpt_format::terminals::PLACE_RELAYED;
use ckpt_image::Prefix;
use ckpt_sys::signals::{die_by, stop, Interrupts};
use ckpt_sys::terminal::Size;
use ckpt_sys::watcher::Watcher;
use nix::fcntl::{fcntl, FcntlArg, OFlag};
use nix::libc::{O_NOCTTY, O_NONBLOCK};
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::sys::signal::Signal::{SIGCONT, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH};
use nix::sys::termios::{cfmakeraw, tcgetattr, tcsetattr, SetArg, Termios};

use crate::ending::{pass_on, Ending};
use crate::options::Options;
use crate::tree::Tree;

/// How much is read at once.
const ROOM: usize = 4096;
/// As much as a pseudo terminal holds, and more: what was written before the end is shown.
const LAST_WORDS: usize = 256 * 1024;
/// How long to look away from a pair whose slave nobody has open, in milliseconds.
const REST: u8 = 100;

/// The terminal where we run. Its settings are put back when it is dropped, and also if we are killed.
pub struct Screen {
    file: File,
    settings: Termios,
    is_raw: bool,
    /// It is there before there are threads or tasks: later nothing may fail.
    watcher: Option<Watcher>,
}

impl Screen {
    /// Looks for it, if the image needs one; before anything is built.
    pub fn find(prefix: &Prefix, options: &Options) -> Result<Option<Self>> {
        let place = prefix.terminals.as_ref();
        if place.is_none_or(|(place, _)| place.flags.get() & PLACE_RELAYED == 0) {
            if options.terminal.is_some() {
                bail!("--terminal: the image has no session whose terminal was outside");
            }
            return Ok(None);
        }
        if options.verify {
            return Ok(None);
        }
        const NEED: &str = "a session of the container had its terminal outside";
        if options.detach {
            bail!(
                "{NEED}, and restart has to stay to relay a new one: leave out --detach, and run \
                 restart in screen or tmux"
            );
        }
        let path = options.terminal.as_deref();
        let path = path.unwrap_or(Path::new("/dev/tty"));
        let shown = path.display();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(O_NOCTTY | O_NONBLOCK)
            .open(path)
            .with_context(|| {
                format!(
                    "{NEED}, and there is none here to relay a new one to ({shown}): run restart at \
                     a terminal, or in screen, tmux or script; or name one with --terminal"
                )
            })?;
        let settings = tcgetattr(&file).with_context(|| format!("{shown} is no terminal"))?;
        // In the background of a shell this stops us until somebody brings us to the foreground.
        tcsetattr(&file, SetArg::TCSADRAIN, &settings)
            .with_context(|| format!("cannot have {shown}, which belongs to others"))?;
        let tidy = |is_raw| {
            if is_raw {
                // There is nobody to tell if it has gone.
                let _ = tcsetattr(&file, SetArg::TCSANOW, &settings);
            }
        };
        let watcher = Watcher::start_keeping(&[file.as_fd()], tidy)
            .context("cannot start the process that puts the settings of the terminal back")?;
        Ok(Some(Self {
            file,
            settings,
            is_raw: false,
            watcher: Some(watcher),
        }))
    }

    /// Every key is for the container from now on.
    fn make_raw(&mut self) -> Result<()> {
        if let (false, Some(watcher)) = (self.is_raw, &self.watcher) {
            let what = "the process that puts the settings of the terminal back is gone";
            watcher.tell().context(what)?;
        }
        self.is_raw = true;
        let mut raw = self.settings.clone();
        cfmakeraw(&mut raw);
        tcsetattr(&self.file, SetArg::TCSADRAIN, &raw).context("the terminal")
    }

    fn put_back(&self) {
        // If it has gone there is nothing to put back.
        let _ = tcsetattr(&self.file, SetArg::TCSADRAIN, &self.settings);
    }

    /// Stops as every program at a terminal does; returns when somebody has continued us.
    fn stop(&mut self) -> Result<()> {
        self.put_back();
        stop().context("cannot stop")?;
        self.settings = tcgetattr(&self.file).context("the terminal")?;
        self.make_raw()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.is_raw {
            self.put_back();
        }
        if let Some(watcher) = self.watcher.take() {
            watcher.dismiss();
        }
    }
}

/// Relays until the root has ended.
pub fn relay(
    screen: Screen,
    master: OwnedFd,
    tree: &mut Tree,
    interrupts: &Interrupts,
) -> Result<Ending> {
    let signals = Interrupts::hold(&[SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).context("fcntl")?;
    let mut relay = Relay {
        screen: Some(screen),
        master: Some(File::from(master)),
        keys: Vec::new(),
        shown: Vec::new(),
        rests: false,
    };
    relay.take_over()?;
    loop {
        let ready = relay.wait(tree, [interrupts, &signals])?;
        pass_on(tree, interrupts);
        while let Some(interrupt) = signals.take() {
            match interrupt.signal {
                SIGWINCH => relay.fit(),
                SIGCONT => relay.take_over()?,
                SIGTSTP => {
                    if let Some(screen) = &mut relay.screen {
                        screen.stop()?;
                    }
                    relay.fit();
                }
                other => {
                    // The session is hung up with us.
                    drop(relay);
                    die_by(other as i32);
                }
            }
        }
        relay.carry(&ready);
        if ready.has_ended {
            relay.show_the_rest([interrupts, &signals]);
            drop(relay);
            return Ok(Ending::Like(tree.status()?));
        }
    }
}

/// What is to be done.
struct Ready {
    has_ended: bool,
    screen: bool,
    /// Nothing was to be read from it or written to it, and yet it had something to say.
    screen_has_gone: bool,
    master: bool,
}

/// Both terminals, and what is on its way.
struct Relay {
    /// None: it has gone.
    screen: Option<Screen>,
    /// That of the container's; it is hung up when this is closed.
    master: Option<File>,
    keys: Vec<u8>,
    shown: Vec<u8>,
    /// Nobody has the slave open: it says so all the time.
    rests: bool,
}

impl Relay {
    /// The container's terminal is this one from now on, and as large.
    fn take_over(&mut self) -> Result<()> {
        if let Some(screen) = &mut self.screen {
            screen.make_raw()?;
        }
        self.fit();
        Ok(())
    }

    fn fit(&self) {
        if let (Some(screen), Some(master)) = (&self.screen, &self.master) {
            // A terminal that has gone is noticed elsewhere.
            if let Some(size) = Size::of(&screen.file).ok().filter(Size::is_known) {
                let _ = size.give(master);
            }
        }
    }

    /// Until there is something to do.
    fn wait(&mut self, tree: &Tree, signals: [&Interrupts; 2]) -> Result<Ready> {
        let mut fds = vec![PollFd::new(tree.end(), PollFlags::POLLIN)];
        fds.extend(signals.map(|signals| PollFd::new(signals.as_fd(), PollFlags::POLLIN)));
        let wants = |reads: bool, writes: bool| {
            let mut flags = PollFlags::empty();
            flags.set(PollFlags::POLLIN, reads);
            flags.set(PollFlags::POLLOUT, writes);
            flags
        };
        let (no_keys, none_shown) = (self.keys.is_empty(), self.shown.is_empty());
        let screen = self.screen.as_ref().map(|screen| {
            fds.push(PollFd::new(
                screen.file.as_fd(),
                wants(no_keys, !none_shown),
            ));
            fds.len() - 1
        });
        let flags = wants(none_shown, !no_keys);
        let master = self.master.as_ref().filter(|_| !self.rests);
        let master = master.filter(|_| !flags.is_empty()).map(|master| {
            fds.push(PollFd::new(master.as_fd(), flags));
            fds.len() - 1
        });
        let limit = match std::mem::take(&mut self.rests) {
            true => PollTimeout::from(REST),
            false => PollTimeout::NONE,
        };
        match poll(&mut fds, limit) {
            Ok(_) | Err(nix::Error::EINTR) => {}
            Err(error) => return Err(error).context("poll"),
        }
        let any = |at: Option<usize>| {
            let fd = at.and_then(|at| fds.get(at));
            fd.and_then(PollFd::any).unwrap_or(false)
        };
        Ok(Ready {
            has_ended: any(Some(0)),
            screen: any(screen),
            screen_has_gone: any(screen) && !no_keys && none_shown,
            master: any(master),
        })
    }

    /// Whatever can be read and written just now.
    fn carry(&mut self, ready: &Ready) {
        if ready.screen_has_gone {
            return self.hang_up();
        }
        if ready.screen && self.keys.is_empty() {
            let screen = self.screen.as_mut().map(|screen| &mut screen.file);
            match screen.map(|file| take(file, &mut self.keys)) {
                Some(Taken::End) => return self.hang_up(),
                Some(Taken::Nothing | Taken::Some) | None => {}
            }
        }
        if let Some(master) = self.master.as_mut().filter(|_| !self.keys.is_empty()) {
            // Nobody has the terminal open: what is typed there is lost.
            if give(master, &mut self.keys).is_err() {
                self.keys.clear();
            }
        }
        if ready.master && self.shown.is_empty() {
            let master = self.master.as_mut();
            let taken = master.map(|master| take(master, &mut self.shown));
            self.rests = matches!(taken, Some(Taken::End));
        }
        self.show();
    }

    fn show(&mut self) {
        if self.shown.is_empty() {
            return;
        }
        let screen = self.screen.as_mut();
        if screen.is_some_and(|screen| give(&mut screen.file, &mut self.shown).is_err()) {
            self.hang_up();
        }
    }

    /// Our terminal has gone, and so does the container's.
    fn hang_up(&mut self) {
        self.screen = None;
        self.master = None;
        self.keys.clear();
        self.shown.clear();
    }

    /// What was written before the end, unless somebody wants us to go.
    fn show_the_rest(&mut self, signals: [&Interrupts; 2]) {
        let mut count = 0;
        while count < LAST_WORDS {
            while !self.shown.is_empty() {
                let Some(screen) = &self.screen else {
                    return;
                };
                let mut fds = vec![PollFd::new(screen.file.as_fd(), PollFlags::POLLOUT)];
                fds.extend(signals.map(|signals| PollFd::new(signals.as_fd(), PollFlags::POLLIN)));
                let is_told = match poll(&mut fds, PollTimeout::NONE) {
                    Ok(_) => fds[1..].iter().any(|fd| fd.any().unwrap_or(false)),
                    Err(error) => error != nix::Error::EINTR,
                };
                if is_told {
                    return;
                }
                self.show();
            }
            let master = self.master.as_mut();
            match master.map(|master| take(master, &mut self.shown)) {
                Some(Taken::Some) => count += self.shown.len(),
                Some(Taken::Nothing | Taken::End) | None => return,
            }
        }
    }
}

enum Taken {
    Some,
    Nothing,
    End,
}

/// Reads what there is.
fn take(from: &mut File, to: &mut Vec<u8>) -> Taken {
    let mut bytes = [0; ROOM];
    match from.read(&mut bytes) {
        Ok(0) => Taken::End,
        Ok(count) => {
            to.extend_from_slice(&bytes[..count]);
            Taken::Some
        }
        Err(error) if is_passing(&error) => Taken::Nothing,
        Err(_) => Taken::End,
    }
}

/// Writes as much as there is room for.
fn give(to: &mut File, from: &mut Vec<u8>) -> io::Result<()> {
    match to.write(from) {
        Ok(count) => drop(from.drain(..count)),
        Err(error) if is_passing(&error) => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
