// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint to a full disk or device, or to a file that may not be so large, fails, says so, leaves no file, and the program goes
//! on.

use std::ffi::CString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Outcome, Step};

fn into_small_disk(stage: &Stage, mount: &std::path::Path) -> Step<()> {
    let image = mount.join("image");
    refused(&stage.checkpoint(&["-o".as_ref(), image.as_os_str()])?, "")?;
    let left = fs::read_dir(mount).doing("the small disk")?.count();
    ensure(left == 0, "the failed checkpoint left a file")
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .doing("/dev/full")?;
    refused(
        &stage.checkpoint_into(full, &[])?.end(stage.container)?,
        "full",
    )?;

    let too_large = stage.types("ulimit -f 8; checkpoint -o too_large $CG")?;
    refused(&too_large.end(stage.container)?, "too large")?;
    ensure(!stage.file("too_large").exists(), "a part of the image was left")?;

    let mount = stage.container.dir.join("small");
    fs::create_dir_all(&mount).doing("mkdir")?;
    let target = CString::new(mount.as_os_str().as_bytes())
        .map_err(|_| Outcome::failed("an odd directory"))?;
    // SAFETY: C strings.
    let mounted = unsafe {
        let kind = c"tmpfs".as_ptr();
        libc::mount(kind, target.as_ptr(), kind, 0, c"size=1m".as_ptr().cast())
    };
    ensure(mounted == 0, "the small disk cannot be mounted")?;
    let result = into_small_disk(stage, &mount);
    // SAFETY: a C string.
    unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) };
    result?;
    stage.goes_on(&mut child)
}
