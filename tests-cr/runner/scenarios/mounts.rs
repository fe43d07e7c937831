// SPDX-License-Identifier: GPL-2.0

//! File systems in memory that come and go.

use std::ffi::CString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::ptr::null;

use crate::direct::checked;
use crate::verdict::{Doing, Step};

/// Those in which the sample `endings` watches something, and one for others to mount upon; they are gone with
/// this.
pub struct Mounts(Vec<PathBuf>);

impl Mounts {
    pub fn new(dir: &Path) -> Step<Self> {
        let doomed = (0..8).map(|number| format!("mounts/{number}"));
        let names = ["kept".into(), "mounted".into()].into_iter().chain(doomed);
        let mut mounts = Self(Vec::new());
        for name in names {
            let at = dir.join::<String>(name);
            fs::create_dir_all(&at).doing("a directory")?;
            mount(&at).doing("mount")?;
            mounts.0.push(at);
        }
        Ok(mounts)
    }
}

impl Drop for Mounts {
    fn drop(&mut self) {
        for at in &self.0 {
            unmount(at, libc::MNT_DETACH);
        }
    }
}

pub fn text(path: &Path) -> CString {
    CString::new(path.as_os_str().as_encoded_bytes()).unwrap_or_default()
}

pub fn mount(at: &Path) -> io::Result<()> {
    let (at, kind) = (text(at), c"tmpfs".as_ptr());
    // SAFETY: C strings, and no options.
    let mounted = unsafe { libc::mount(kind, at.as_ptr(), kind, 0, null()) };
    checked("mount", mounted.into()).map(drop)
}

pub fn unmount(at: &Path, flags: i32) -> bool {
    // SAFETY: a C string.
    unsafe { libc::umount2(text(at).as_ptr(), flags) == 0 }
}
