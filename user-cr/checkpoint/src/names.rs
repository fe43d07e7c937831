// SPDX-License-Identifier: GPL-2.0

//! Other names of files that have lost the one that they were opened by.
//!
//! The kernel saves such a file by another name, if it knows one; it only knows names that somebody
//! has used lately. So if that is what stands in the way, we look through the file system for the
//! file, while the container goes on, and try again: whatever is open here, the kernel knows.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirEntryExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Result;
use ckpt_format::calls::LogRecord;
use ckpt_format::reason::Reason;
use ckpt_sys::mounts::Mount;
use ckpt_sys::progress::Progress;
use ckpt_sys::signals::Interrupts;
use ckpt_sys::voice::{Stopped, Voice};
use nix::fcntl::OFlag;
use nix::sys::stat::{major, minor};

/// Most names that are looked at.
const MOST: u64 = 50_000_000;
/// As often we look whether somebody wants us to stop; a power of two.
const BATCH: u64 = 1024;
/// File systems whose directories say the number that stat(2) says of a file.
const EXACT: [&str; 7] = ["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs"];

/// A file: the number of its device, and its own.
type Inode = (u64, u64);

/// Names that were found. The kernel knows them as long as this is there.
#[derive(Debug, Default)]
pub struct Names {
    held: Vec<File>,
    tried: BTreeSet<Inode>,
}

impl Names {
    /// Looks for the files that the kernel could not find another name of. True if one was found that
    /// had not been looked for before: then another attempt may succeed.
    pub fn look_for(
        &mut self,
        log: &[LogRecord],
        interrupts: &Interrupts,
        voice: &Voice,
    ) -> Result<bool> {
        let nameless = |record: &&LogRecord| record.reason.get() == Reason::StorageNameless as u32;
        let mut tasks: Vec<i32> = log
            .iter()
            .filter(nameless)
            .map(|record| record.task.get())
            .collect();
        tasks.dedup();
        let mut found = false;
        for task in tasks {
            let process = PathBuf::from(format!("/proc/{task}"));
            let mut wanted = nameless_files(&process);
            wanted.retain(|inode| self.tried.insert(*inode));
            let devices: BTreeSet<u64> = wanted.iter().map(|(device, _)| *device).collect();
            for device in devices {
                let inodes = wanted.iter().filter(|(other, _)| *other == device);
                let mut search = Search {
                    device,
                    wanted: inodes.map(|(_, inode)| *inode).collect(),
                    looked: 0,
                    held: &mut self.held,
                    interrupts,
                    progress: Progress::new("checkpoint: looking for other names of removed files"),
                };
                let all = search.wanted.len();
                search.everywhere(&process)?;
                found |= search.wanted.len() < all;
                let (looked, missing) = (search.looked, search.wanted.len());
                drop(search);
                if missing > 0 {
                    voice.remark(&format!(
                        "looked at {looked} names of files: {missing} of the removed files have \
                         none among them"
                    ));
                }
            }
        }
        Ok(found)
    }
}

/// Files that a process has open, mapped or runs, whose name is gone though they have one.
fn nameless_files(process: &Path) -> BTreeSet<Inode> {
    let inside = |name: &str| fs::read_dir(process.join(name)).into_iter().flatten();
    let entries = inside("fd").chain(inside("map_files")).flatten();
    let links = entries
        .map(|entry| entry.path())
        .chain([process.join("exe")]);
    let nameless = links.filter(|link| {
        let target = fs::read_link(link).unwrap_or_default();
        target.as_os_str().as_bytes().ends_with(b" (deleted)")
    });
    nameless
        .filter_map(|link| fs::metadata(link).ok())
        .filter(|about| about.is_file() && about.nlink() > 0)
        .map(|about| (about.dev(), about.ino()))
        .collect()
}

/// A search for some files of one device.
struct Search<'a> {
    device: u64,
    wanted: BTreeSet<u64>,
    looked: u64,
    held: &'a mut Vec<File>,
    interrupts: &'a Interrupts,
    progress: Progress<'a>,
}

impl Search<'_> {
    /// Looks wherever the process sees the device.
    fn everywhere(&mut self, process: &Path) -> Result<()> {
        let namespace =
            |process: &Path| fs::metadata(process.join("ns/mnt")).map(|it| it.ino()).ok();
        let own = Path::new("/proc/self");
        // What we see is what it sees, and more if it has a root of its own.
        let (process, root) = match namespace(process) == namespace(own) {
            true => (own, PathBuf::from("/")),
            false => (process, process.join("root")),
        };
        let mounts = Mount::all(&process.join("mountinfo")).unwrap_or_default();
        let place =
            |mount: &Mount| root.join(mount.point.strip_prefix("/").unwrap_or(&mount.point));
        let numbers = (major(self.device), minor(self.device));
        let mut there: Vec<&Mount> = mounts.iter().filter(|it| it.device == numbers).collect();
        if there.is_empty() {
            // Some file systems have several devices, and tell of one.
            let is_it = |at: &Path| fs::metadata(at).is_ok_and(|about| about.dev() == self.device);
            there = mounts.iter().filter(|it| is_it(&place(it))).collect();
        }
        there.sort_by_key(|mount| mount.root.components().count());
        let mut seen: Vec<&Path> = Vec::new();
        for mount in there {
            if seen.iter().any(|root| mount.root.starts_with(root)) {
                continue;
            }
            seen.push(&mount.root);
            let is_exact = EXACT.iter().any(|kind| mount.kind == *kind);
            self.below(place(mount), is_exact)?;
        }
        Ok(())
    }

    /// Looks at every name below a directory, on this device. What cannot be read is passed over.
    fn below(&mut self, top: PathBuf, is_exact: bool) -> Result<()> {
        let mut directories = vec![top];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
                if self.wanted.is_empty() || self.looked >= MOST {
                    return Ok(());
                }
                self.count()?;
                let kind = entry.file_type().ok();
                if kind.is_some_and(|kind| kind.is_dir()) {
                    let path = entry.path();
                    let about = fs::symlink_metadata(&path);
                    if about.is_ok_and(|about| about.dev() == self.device) {
                        directories.push(path);
                    }
                } else if kind.is_some_and(|kind| kind.is_file())
                    && (!is_exact || self.wanted.contains(&entry.ino()))
                {
                    self.hold(&entry.path());
                }
            }
        }
        Ok(())
    }

    fn count(&mut self) -> Result<()> {
        self.looked += 1;
        if self.looked & (BATCH - 1) != 0 {
            return Ok(());
        }
        self.progress.show();
        match self.interrupts.take() {
            Some(interrupt) => Err(Stopped(interrupt.signal).into()),
            None => Ok(()),
        }
    }

    /// Keeps a name, if it is one of those.
    fn hold(&mut self, path: &Path) {
        let flags = (OFlag::O_PATH | OFlag::O_NOFOLLOW).bits();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let Ok(file) = opened else { return };
        let is_wanted =
            |about: fs::Metadata| about.dev() == self.device && self.wanted.remove(&about.ino());
        if file.metadata().is_ok_and(is_wanted) {
            self.held.push(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_is_found() {
        let dir = std::env::temp_dir().join(format!("names-{}", std::process::id()));
        let deep = dir.join("some/where/else");
        fs::create_dir_all(&deep).unwrap();
        let file = File::create_new(dir.join("one")).unwrap();
        fs::hard_link(dir.join("one"), deep.join("other")).unwrap();
        fs::remove_file(dir.join("one")).unwrap();
        let about = file.metadata().unwrap();
        assert!(nameless_files(Path::new("/proc/self")).contains(&(about.dev(), about.ino())));
        let mut held = Vec::new();
        let interrupts = Interrupts::hold(&[]).unwrap();
        let mut search = Search {
            device: about.dev(),
            wanted: [about.ino()].into(),
            looked: 0,
            held: &mut held,
            interrupts: &interrupts,
            progress: Progress::new("looking"),
        };
        search.below(dir.clone(), false).unwrap();
        assert!(search.wanted.is_empty());
        drop(search);
        assert_eq!(held.len(), 1);
        fs::remove_dir_all(dir).unwrap();
    }
}
