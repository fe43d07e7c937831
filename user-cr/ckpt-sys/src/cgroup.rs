// SPDX-License-Identifier: GPL-2.0

//! The cgroup that the container is in.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Error, Result};
use ckpt_format::reason::Reason;
use nix::poll::{poll, PollFd, PollFlags};
use nix::sys::statfs::{fstatfs, CGROUP2_SUPER_MAGIC};

use crate::attendant::timeout;
use crate::mounts::CgroupMount;
use crate::signals::{Interrupt, Interrupts};
use crate::voice::explain;

/// A directory of cgroup v2.
#[derive(Debug)]
pub struct Cgroup {
    path: PathBuf,
    directory: File,
}

/// What cgroup.events says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Events {
    /// There is a task in it, or below it.
    pub populated: bool,
    /// All of them are frozen.
    pub frozen: bool,
}

/// How waiting for an event ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Waited {
    /// It has come.
    Done,
    /// It has not come in time.
    Expired,
    /// A signal came first.
    Interrupted(Interrupt),
}

/// How long to trust in being woken: the kernel tells of events some milliseconds late, and not any more if
/// somebody removes the cgroup in between.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How often removing is tried when there are no tasks any more, and how long between.
const REMOVE_TRIES: u32 = 100;
const REMOVE_PAUSE: Duration = Duration::from_millis(10);

impl Cgroup {
    /// The path that a name stands for: an absolute one itself, another one below the mount point.
    pub fn resolve(name: &Path) -> Result<PathBuf> {
        if name.is_absolute() {
            return Ok(name.to_owned());
        }
        Ok(CgroupMount::find()?.point.join(name))
    }

    /// Opens an existing one.
    pub fn open(path: &Path) -> Result<Self> {
        let cgroup = Self::at(path)?;
        let kind = fstatfs(&cgroup.directory)
            .context("statfs")?
            .filesystem_type();
        if kind != CGROUP2_SUPER_MAGIC {
            let place = CgroupMount::find().map_or_else(
                |error| error.to_string(),
                |mount| format!("those are the directories below {}", mount.point.display()),
            );
            bail!("{} is not a cgroup of version 2; {place}", path.display());
        }
        Ok(cgroup)
    }

    /// Opens a directory without asking what file system it is on.
    fn at(path: &Path) -> Result<Self> {
        let directory = OpenOptions::new()
            .read(true)
            .custom_flags(nix::libc::O_DIRECTORY)
            .open(path)
            .with_context(|| format!("cannot open the cgroup {}", path.display()))?;
        let path = path
            .canonicalize()
            .with_context(|| format!("cannot resolve {}", path.display()))?;
        Ok(Self { path, directory })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this process is in it, or in one below it. The kernel is asked in two ways: where we
    /// are may not be to be seen from here, and who is there not from another pid namespace.
    pub fn holds_us(&self) -> Result<bool> {
        let own = CgroupMount::find()?.own()?;
        let is_below = own.is_some_and(|own| own.starts_with(&self.path));
        Ok(is_below || self.threads().contains(&nix::unistd::getpid().as_raw()))
    }

    /// What cgroup.events says now.
    pub fn events(&self) -> Result<Events> {
        let path = self.path.join("cgroup.events");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Events::parse(&text))
    }

    /// Waits until the events are as wanted.
    pub fn wait(
        &self,
        wanted: impl Fn(Events) -> bool,
        limit: Duration,
        interrupts: Option<&Interrupts>,
    ) -> Result<Waited> {
        let path = self.path.join("cgroup.events");
        let read = || format!("cannot read {}", path.display());
        let mut file = File::open(&path).with_context(read)?;
        let start = Instant::now();
        loop {
            let mut text = String::new();
            file.rewind().with_context(read)?;
            file.read_to_string(&mut text).with_context(read)?;
            if wanted(Events::parse(&text)) {
                return Ok(Waited::Done);
            }
            if let Some(interrupt) = interrupts.and_then(Interrupts::take) {
                return Ok(Waited::Interrupted(interrupt));
            }
            let left = limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(Waited::Expired);
            }
            let mut fds = vec![PollFd::new(file.as_fd(), PollFlags::POLLPRI)];
            fds.extend(interrupts.map(|held| PollFd::new(held.as_fd(), PollFlags::POLLIN)));
            match poll(&mut fds, timeout(left.min(LOOK_AGAIN))) {
                Ok(_) | Err(nix::Error::EINTR) => {}
                Err(error) => return Err(error).context("poll"),
            }
        }
    }

    /// Whether it was asked to freeze; its own switch, not that of a cgroup above it.
    pub fn freezer(&self) -> Result<bool> {
        let path = self.path.join("cgroup.freeze");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(text.trim() == "1")
    }

    /// Asks it to freeze or to thaw. While the kernel saves it, it says EBUSY: waits for a while.
    pub fn set_freezer(&self, frozen: bool) -> Result<()> {
        self.set_freezer_within(frozen, Duration::from_secs(5))
    }

    /// Thaws it, and waits until it can be thawed: a checkpoint of somebody else's may take long.
    pub fn thaw_at_last(&self) -> Result<()> {
        self.set_freezer_within(false, Duration::MAX)
    }

    fn set_freezer_within(&self, frozen: bool, limit: Duration) -> Result<()> {
        let value = if frozen { "1" } else { "0" };
        let start = Instant::now();
        while let Err(error) = self.write("cgroup.freeze", value) {
            let busy = error.raw_os_error() == Some(nix::libc::EBUSY);
            if !busy || start.elapsed() > limit {
                return Err(self.not_written("cgroup.freeze", value, error));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Whether it has been removed, or is being removed: its files go a little earlier than it.
    pub fn is_gone(&self) -> bool {
        self.path.join("cgroup.events").symlink_metadata().is_err()
    }

    /// Kills everything in it and below it.
    pub fn kill(&self) -> Result<()> {
        self.write("cgroup.kill", "1")
            .map_err(|error| self.not_written("cgroup.kill", "1", error))
    }

    /// The threads in it and in those below it, by their numbers here.
    pub fn threads(&self) -> Vec<i32> {
        let mut threads = Vec::new();
        let mut places = vec![self.path.clone()];
        while let Some(place) = places.pop() {
            // One that was removed meanwhile has no threads; the threads of a threaded one are
            // listed where its domain is.
            let text = fs::read_to_string(place.join("cgroup.threads")).unwrap_or_default();
            threads.extend(text.lines().filter_map(|line| line.parse::<i32>().ok()));
            let entries = fs::read_dir(&place).into_iter().flatten().flatten();
            let below = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
            places.extend(below.map(|entry| entry.path()));
        }
        threads
    }

    /// Removes it, once it is empty. That it is gone already is fine; that there are cgroups below
    /// it is not.
    pub fn remove(&self, limit: Duration) -> Result<()> {
        let start = Instant::now();
        let mut tries_when_empty = 0;
        loop {
            let error = match fs::remove_dir(&self.path) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) => error,
            };
            let busy = error.raw_os_error() == Some(nix::libc::EBUSY);
            let left = limit.saturating_sub(start.elapsed());
            if !busy || left.is_zero() || tries_when_empty == REMOVE_TRIES {
                return Err(error)
                    .with_context(|| format!("cannot remove {}", self.path.display()));
            }
            match self.wait(|events| !events.populated, left, None) {
                // Tasks leave a little after they have ended.
                Ok(Waited::Done) => {
                    tries_when_empty += 1;
                    std::thread::sleep(REMOVE_PAUSE);
                }
                Err(error) if !self.is_gone() => return Err(error),
                Ok(_) | Err(_) => (),
            }
        }
    }

    fn write(&self, file: &str, value: &str) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .open(self.path.join(file))
            .and_then(|mut file| io::Write::write_all(&mut file, value.as_bytes()))
    }

    fn not_written(&self, file: &str, value: &str, error: io::Error) -> Error {
        let why = match is_denied(&error) {
            true => explain(Reason::CgroupAccess, file),
            false => error.into(),
        };
        let path = self.path.join(file);
        why.context(format!("cannot write {value} to {}", path.display()))
    }
}

/// Is it a matter of rights?
pub fn is_denied(error: &io::Error) -> bool {
    let denials = [nix::libc::EACCES, nix::libc::EPERM, nix::libc::EROFS];
    error
        .raw_os_error()
        .is_some_and(|number| denials.contains(&number))
}

impl AsFd for Cgroup {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }
}

impl Events {
    fn parse(text: &str) -> Self {
        let is_set = |name: &str| {
            text.lines()
                .filter_map(|line| line.split_once(' '))
                .any(|(key, value)| key == name && value.trim() == "1")
        };
        Self {
            populated: is_set("populated"),
            frozen: is_set("frozen"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory that looks like a cgroup.
    struct Fake(PathBuf);

    impl Fake {
        fn new(name: &str) -> (Self, Cgroup) {
            let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
            fs::create_dir_all(path.join("below")).unwrap();
            fs::write(path.join("cgroup.events"), "populated 1\nfrozen 0\n").unwrap();
            fs::write(path.join("cgroup.freeze"), "0\n").unwrap();
            fs::write(path.join("cgroup.threads"), "12\n7\n").unwrap();
            fs::write(path.join("below/cgroup.threads"), "99\n").unwrap();
            let cgroup = Cgroup::at(&path).unwrap();
            (Self(path), cgroup)
        }
    }

    impl Drop for Fake {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn files_are_read_and_written() {
        let (_fake, cgroup) = Fake::new("files");
        let events = cgroup.events().unwrap();
        assert_eq!((events.populated, events.frozen), (true, false));
        assert!(!cgroup.freezer().unwrap());
        cgroup.set_freezer(true).unwrap();
        assert!(cgroup.freezer().unwrap());
        assert_eq!(cgroup.threads(), [12, 7, 99]);
    }

    #[test]
    fn waiting_ends() {
        let (_fake, cgroup) = Fake::new("waiting");
        let soon = Duration::from_millis(10);
        let done = cgroup.wait(|events| events.populated, soon, None).unwrap();
        assert_eq!(done, Waited::Done);
        let expired = cgroup.wait(|events| events.frozen, soon, None).unwrap();
        assert_eq!(expired, Waited::Expired);
    }

    #[test]
    fn what_is_being_removed_counts_as_gone() {
        let (fake, cgroup) = Fake::new("removed");
        assert!(!cgroup.is_gone());
        fs::remove_file(fake.0.join("cgroup.events")).unwrap();
        assert!(cgroup.is_gone());
        assert!(fake.0.exists());
    }

    #[test]
    fn who_lacks_rights_is_told_what_to_do() {
        let (fake, cgroup) = Fake::new("denied");
        let said = |number| {
            let error = io::Error::from_raw_os_error(number);
            format!("{:#}", cgroup.not_written("cgroup.freeze", "1", error))
        };
        let path = fake.0.canonicalize().unwrap();
        let denied = said(nix::libc::EACCES);
        let begin = format!("cannot write 1 to {}/cgroup.freeze: ", path.display());
        assert!(denied.starts_with(&begin), "{denied}");
        assert!(denied.ends_with(Reason::CgroupAccess.advice()), "{denied}");
        assert!(!denied.contains("{name}"), "{denied}");
        let gone = said(nix::libc::ENODEV);
        assert!(gone.contains("No such device"), "{gone}");
    }

    #[test]
    fn an_ordinary_directory_is_no_cgroup() {
        let (fake, _cgroup) = Fake::new("ordinary");
        let error = Cgroup::open(&fake.0).unwrap_err().to_string();
        let begin = format!("{} is not a cgroup of version 2; ", fake.0.display());
        assert!(error.starts_with(&begin), "{error}");
    }
}
