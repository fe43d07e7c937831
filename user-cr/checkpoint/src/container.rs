// SPDX-License-Identifier: GPL-2.0

//! The container: the cgroup that it is in, and its end.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::{anyhow, bail, Context, Error, Result};
use ckpt_sys::cgroup::{Cgroup, Waited};
use ckpt_sys::signals::Interrupts;
use ckpt_sys::voice::Stopped;
use nix::unistd::syncfs;

/// How long killed tasks may take to be gone.
const KILL_LIMIT: Duration = Duration::from_secs(30);

/// Finds the cgroup. Refuses one that we are in ourselves: frozen, we could not thaw it again.
pub fn open(name: &Path) -> Result<Cgroup> {
    let cgroup = Cgroup::open(&Cgroup::resolve(name)?).map_err(with_advice)?;
    if cgroup.holds_us()? {
        bail!(
            "checkpoint is itself in the cgroup {}: run it from outside, for it would freeze with it",
            cgroup.path().display()
        );
    }
    Ok(cgroup)
}

fn with_advice(error: Error) -> Error {
    match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::NotFound) => {
            anyhow!("{error:#}; /proc/PID/cgroup says in which one a process is")
        }
        _ => error,
    }
}

/// Brings to the disk what its tasks have written so far, so that less is left to do while they
/// stand still. What fails here fails again then. A signal is heeded between two file systems: none
/// interrupts the wait for one.
pub fn sync(cgroup: &Cgroup, interrupts: &Interrupts) -> Result<()> {
    for task in cgroup.threads() {
        for directory in ["cwd", "root"] {
            if let Some(interrupt) = interrupts.take() {
                return Err(Stopped(interrupt.signal).into());
            }
            if let Ok(directory) = File::open(format!("/proc/{task}/{directory}")) {
                let _ = syncfs(directory);
            }
        }
    }
    Ok(())
}

/// Kills everything in it, and waits until it is gone.
pub fn kill(cgroup: &Cgroup, interrupts: &Interrupts) -> Result<()> {
    const ALIVE: &str = "the image is complete, but the container was not killed";
    if let Some(interrupt) = interrupts.take() {
        return Err(Stopped(interrupt.signal)).context(ALIVE);
    }
    cgroup.kill().context(ALIVE)?;
    match cgroup.wait(|events| !events.populated, KILL_LIMIT, None) {
        Ok(Waited::Done) => Ok(()),
        // Whoever has made it, restart for one, may remove it at once.
        Err(_) if cgroup.is_gone() => Ok(()),
        Err(error) => Err(error).context("the container is saved and was killed"),
        Ok(Waited::Expired | Waited::Interrupted(_)) => bail!(
            "the container is saved and was killed, but {} still has tasks after {KILL_LIMIT:?}: {:?}",
            cgroup.path().display(),
            cgroup.threads()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_names_no_cgroup_is_told_where_to_look() {
        let error = open(Path::new("/nowhere")).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot open the cgroup /nowhere: "),
            "{error}"
        );
        assert!(error.contains("/proc/PID/cgroup"), "{error}");
        let error = open(Path::new("/tmp")).unwrap_err().to_string();
        assert!(error.contains("is not a cgroup of version 2; "), "{error}");
    }
}
