// SPDX-License-Identifier: GPL-2.0

//! What is mounted where; the cgroup2 hierarchy, and where in it we are.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

use anyhow::{anyhow, Context, Result};

/// A line of /proc/PID/mountinfo.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mount {
    /// Major and minor number of what is mounted.
    pub device: (u64, u64),
    /// What is seen at the mount point, as a path on the device.
    pub root: PathBuf,
    /// The mount point.
    pub point: PathBuf,
    /// The type of the file system.
    pub kind: OsString,
}

impl Mount {
    /// Every mount that a process sees.
    pub fn all(mountinfo: &Path) -> io::Result<Vec<Self>> {
        Ok(Self::parse(&fs::read(mountinfo)?))
    }

    fn parse(table: &[u8]) -> Vec<Self> {
        let lines = table.split(|byte| *byte == b'\n');
        let mounts = lines.filter_map(|line| {
            let fields: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
            let dash = fields.iter().position(|field| *field == b"-")?;
            let device = std::str::from_utf8(fields.get(2)?).ok()?;
            let (major, minor) = device.split_once(':')?;
            Some(Self {
                device: (major.parse().ok()?, minor.parse().ok()?),
                root: unescape(fields.get(3)?),
                point: unescape(fields.get(4)?),
                kind: OsString::from_vec(fields.get(dash + 1)?.to_vec()),
            })
        });
        mounts.collect()
    }
}

/// A mount of the cgroup2 hierarchy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CgroupMount {
    /// The cgroup that is seen at the mount point.
    root: PathBuf,
    /// The mount point.
    pub point: PathBuf,
}

impl CgroupMount {
    /// The one that shows most, of those that this process sees.
    pub fn find() -> Result<Self> {
        let table = fs::read("/proc/self/mountinfo").context("cannot read /proc/self/mountinfo")?;
        Self::parse(&table).ok_or_else(|| {
            anyhow!("no cgroup2 is mounted: mount -t cgroup2 none /sys/fs/cgroup mounts it")
        })
    }

    fn parse(table: &[u8]) -> Option<Self> {
        let mounts = Mount::parse(table).into_iter();
        mounts
            .filter(|mount| mount.kind == "cgroup2")
            .map(|Mount { root, point, .. }| Self { root, point })
            .min_by_key(|mount| mount.root.components().count())
    }

    /// The directory of a cgroup that the kernel calls by this name; none if it is not below us.
    pub fn directory(&self, name: &Path) -> Option<PathBuf> {
        if name.components().any(|part| part == Component::ParentDir) {
            return None;
        }
        let below = name.strip_prefix(&self.root).ok()?;
        Some(self.point.join(below))
    }

    /// The directory of our own cgroup; none if it is not below us.
    pub fn own(&self) -> Result<Option<PathBuf>> {
        let table = fs::read("/proc/self/cgroup").context("cannot read /proc/self/cgroup")?;
        Ok(own_name(&table).and_then(|name| self.directory(&name)))
    }
}

/// What /proc/PID/cgroup says about the cgroup2 hierarchy.
fn own_name(table: &[u8]) -> Option<PathBuf> {
    let mut lines = table.split(|byte| *byte == b'\n');
    let name = lines.find_map(|line| line.strip_prefix(b"0::"))?;
    Some(PathBuf::from(OsString::from_vec(name.to_vec())))
}

/// A field of mountinfo: space, tab, newline and backslash are written as three octal digits.
fn unescape(field: &[u8]) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&byte, after)) = rest.split_first() {
        let octal = after
            .get(..3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(code) if byte == b'\\' => {
                bytes.push(code);
                rest = &after[3..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYBRID: &[u8] = b"25 1 0:22 / /proc rw - proc proc rw\n\
        40 32 0:35 / /sys/fs/cgroup/pids rw shared:9 - cgroup cgroup rw,pids\n\
        41 32 0:36 /a /mnt rw - cgroup2 cgroup2 rw\n\
        42 32 0:36 / /sys/fs/cgroup/my\\040own rw shared:8 master:2 - cgroup2 cgroup2 rw\n";

    #[test]
    fn the_widest_cgroup2_mount_is_found() {
        let mount = CgroupMount::parse(HYBRID).unwrap();
        assert_eq!(mount.point, Path::new("/sys/fs/cgroup/my own"));
        assert_eq!(
            CgroupMount::parse(b"25 1 0:22 / /proc rw - proc proc rw\n"),
            None
        );
    }

    #[test]
    fn mounts_are_told_by_device() {
        let mounts = Mount::parse(HYBRID);
        let devices: Vec<_> = mounts.iter().map(|mount| mount.device).collect();
        assert_eq!(devices, [(0, 22), (0, 35), (0, 36), (0, 36)]);
        assert_eq!(mounts[2].root, Path::new("/a"));
        assert_eq!(mounts[1].kind, "cgroup");
    }

    #[test]
    fn names_become_directories() {
        let mount = CgroupMount {
            root: "/a".into(),
            point: "/mnt".into(),
        };
        assert_eq!(mount.directory(Path::new("/a")), Some("/mnt".into()));
        assert_eq!(mount.directory(Path::new("/a/b")), Some("/mnt/b".into()));
        assert_eq!(mount.directory(Path::new("/b")), None);
        assert_eq!(mount.directory(Path::new("/a/../b")), None);
    }

    #[test]
    fn our_own_cgroup_is_the_line_without_controllers() {
        let table = b"5:memory:/x\n0::/user.slice/a b\n";
        assert_eq!(own_name(table), Some("/user.slice/a b".into()));
        assert_eq!(own_name(b"5:memory:/x\n"), None);
    }
}
