// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart marks the namespaces that it has made, and no others. What was restarted in those of its
//! restarter is not saved from a mount namespace elsewhere, where paths may lead to other files; and in a
//! namespace that a restart has made, another one does not hide what was mounted since.

use std::ffi::CString;
use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::ptr::null;

use super::stage::{fine, refused, Stage};
use crate::container::Container;
use crate::direct::checked;
use crate::verdict::{Doing, Outcome, Step};
use crate::{modes, tool};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    in_those_of_the_restarter(stage)?;
    in_those_of_a_restart(stage)?;
    stage.image_is_good()
}

fn in_those_of_the_restarter(stage: &Stage) -> Step<()> {
    fine(&restart(stage, &stage.cgroup(), || Ok(()))?)?;
    let here = stage.checkpoint(&["-o", "/dev/null"])?;
    let elsewhere = checkpoint_elsewhere(stage)?;
    stage.container.end()?;
    fine(&here)?;
    refused(&elsewhere, "mount namespace")
}

fn in_those_of_a_restart(stage: &Stage) -> Step<()> {
    let first = modes::restart_frozen(stage.container)?;
    let pids = stage.container.pids();
    let pid = pids.first().ok_or_else(|| Outcome::failed("nothing was restarted"))?;
    let spaces = ["mnt", "pid"].map(|space| File::open(format!("/proc/{pid}/ns/{space}")));
    let [mounts, pids] = spaces;
    let (mounts, pids) = (mounts.doing("its mounts")?, pids.doing("its pids")?);
    let second = Container {
        cgroup: stage.cgroup().with_extension("second"),
        dir: stage.container.dir.clone(),
        wait: stage.container.wait,
    };
    let upon = stage.container.dir.join("upon");
    fs::create_dir_all(&upon).doing("a directory")?;
    let upon = CString::new(upon.into_os_string().into_encoded_bytes()).expect("no zero byte");
    let restarted = restart(stage, &second.cgroup, move || {
        // SAFETY: the names end in a zero byte and are there. This process has one thread, and only waits
        // for its child, which goes on.
        unsafe {
            checked("setns", libc::setns(pids.as_raw_fd(), 0).into())?;
            checked("setns", libc::setns(mounts.as_raw_fd(), 0).into())?;
            let kind = c"tmpfs".as_ptr();
            checked("mount", libc::mount(kind, upon.as_ptr(), kind, 0, null()).into())?;
            let child = checked("fork", libc::fork().into())?;
            if child > 0 {
                let mut status = 0;
                libc::waitpid(child as i32, &raw mut status, 0);
                libc::_exit(libc::WEXITSTATUS(status));
            }
        }
        Ok(())
    })?;
    let saved = stage.checkpoint(&["-o", "/dev/null"])?;
    second.end()?;
    stage.container.end()?;
    let _ = first.end(stage.container)?;
    fine(&restarted)?;
    refused(&saved, "changed mount")
}

/// Without --pids; the container stands there. Something is done to the tool before it runs.
fn restart(
    stage: &Stage,
    cgroup: &Path,
    prepare: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) -> Step<tool::Ended> {
    let log = stage.log("restart-in-ours");
    let mut command = tool::command("restart", &["--frozen", "--detach", "--cgroup"], &log)?;
    // The image is opened before: something may be mounted over it.
    let image = File::open(stage.container.image()).doing("the image")?;
    command.arg(cgroup).stdin(image);
    // SAFETY: single-threaded between fork and exec; what is prepared makes system calls only.
    unsafe { command.pre_exec(prepare) };
    tool::start(command, &log)?.end(stage.container)
}

/// As a service does that has a /tmp of its own.
fn checkpoint_elsewhere(stage: &Stage) -> Step<tool::Ended> {
    let log = stage.log("checkpoint-elsewhere");
    let mut command = tool::command("checkpoint", &["-o", "/dev/null"], &log)?;
    command.arg(stage.cgroup());
    let unshare = || {
        // SAFETY: takes no pointer.
        checked("unshare", unsafe { libc::unshare(libc::CLONE_NEWNS) }.into()).map(drop)
    };
    // SAFETY: single-threaded between fork and exec; a system call only.
    unsafe { command.pre_exec(unshare) };
    tool::start(command, &log)?.end(stage.container)
}
