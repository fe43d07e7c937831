// SPDX-License-Identifier: GPL-2.0

//! The cgroup that the container is restarted in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{anyhow, bail, Context, Error, Result};
use ckpt_sys::calls;
use ckpt_sys::cgroup::{is_denied, Cgroup};
use ckpt_sys::mounts::CgroupMount;
use ckpt_sys::voice::Voice;
use ckpt_sys::watcher::Watcher;

use crate::run;

/// An empty cgroup. If it was made for this restart it is removed again, also if we are killed.
pub struct Place {
    /// Where.
    pub cgroup: Cgroup,
    /// If it was made.
    watcher: Option<Watcher>,
    /// Whatever is in it belongs to a restart that has not succeeded.
    is_ours: bool,
}

/// How long the tasks of a failed restart may take to be gone.
const CLEAR_LIMIT: Duration = Duration::from_secs(10);

impl Place {
    /// Finds or makes it.
    pub fn prepare(wanted: Option<&Path>) -> Result<Self> {
        let (path, watcher) = match wanted {
            Some(wanted) => {
                let path = Cgroup::resolve(wanted)?;
                let watcher = make(&path)?;
                (path, watcher)
            }
            None => make_beside_us()?,
        };
        let mut place = Self {
            cgroup: Cgroup::open(&path)?,
            watcher,
            is_ours: false,
        };
        check_empty(&place.cgroup)?;
        check_running(&place.cgroup)?;
        place.is_ours = true;
        Ok(place)
    }

    /// The container runs: what is in the cgroup is not ours to kill any more.
    pub fn let_go(&mut self) {
        self.is_ours = false;
    }

    /// Says how to let a frozen container go.
    pub fn tell_how_to_thaw(&self, voice: &Voice) {
        let path = self.cgroup.path().join("cgroup.freeze");
        let path = path.display();
        voice.remark(&format!(
            "the container is frozen; this lets it go: echo 0 > {path}"
        ));
    }

    /// The root has ended. If others go on, the watcher removes the cgroup when they have ended too.
    pub fn clear(mut self, voice: &Voice) {
        // If it cannot be read it is gone.
        if self.cgroup.events().is_ok_and(|events| events.populated) {
            return;
        }
        if let Err(error) = self.remove() {
            voice.remark(&format!("{error:#}"));
        }
    }

    fn remove(&mut self) -> Result<()> {
        if let Some(watcher) = self.watcher.take() {
            self.cgroup.remove(CLEAR_LIMIT)?;
            watcher.dismiss();
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_ours {
            // The kernel has done that already, unless it never came to a session.
            let _ = self.cgroup.kill();
            // What cannot be removed now is left to the watcher.
            let _ = self.remove();
        }
    }
}

/// Makes a cgroup unless it is there; gives who removes it then.
fn make(path: &Path) -> Result<Option<Watcher>> {
    // In another file system this would make an ordinary directory.
    Cgroup::open(path.parent().unwrap_or(path))?;
    let tidy = || {
        // There is nobody to tell if it cannot be removed.
        let _ = Cgroup::open(path).and_then(|cgroup| cgroup.remove(Duration::MAX));
    };
    let made = Watcher::start_making(|| fs::create_dir(path), tidy)
        .context("cannot start the process that removes the cgroup at the end")?;
    match made {
        Ok(watcher) => Ok(Some(watcher)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => {
            let why = match is_denied(&error) && !calls::may_open_session() {
                true => run::not_permitted(),
                false => error.into(),
            };
            Err(why.context(format!("cannot make the cgroup {}", path.display())))
        }
    }
}

/// Where the system refuses this cgroup, another may do.
fn with_advice(error: Error) -> Error {
    match error.is::<io::Error>() {
        true => anyhow!("{error:#}; name one with --cgroup"),
        false => error,
    }
}

/// Makes one beside our own; below it, if ours is the topmost.
fn make_beside_us() -> Result<(PathBuf, Option<Watcher>)> {
    let mount = CgroupMount::find()?;
    let Some(own) = mount.own()? else {
        bail!("restart is in a cgroup that is not to be seen here: name one with --cgroup");
    };
    let parent = match own.parent() {
        Some(parent) if own != mount.point => parent,
        _ => &own,
    };
    let name = format!("restart-{}", std::process::id());
    for attempt in 1.. {
        let name = match attempt {
            1 => name.clone(),
            _ => format!("{name}-{attempt}"),
        };
        let path = parent.join(name);
        if let Some(watcher) = make(&path).map_err(with_advice)? {
            return Ok((path, Some(watcher)));
        }
    }
    unreachable!("there are more numbers than cgroups")
}

fn check_empty(cgroup: &Cgroup) -> Result<()> {
    if cgroup.events()?.populated {
        let path = cgroup.path().display();
        bail!(
            "there are tasks in the cgroup {path}: name an empty one, or one that is not there yet"
        );
    }
    Ok(())
}

/// In a frozen cgroup no task could even begin.
fn check_running(cgroup: &Cgroup) -> Result<()> {
    for path in cgroup.path().ancestors() {
        let Ok(text) = fs::read_to_string(path.join("cgroup.freeze")) else {
            return Ok(());
        };
        if text.trim() == "1" {
            bail!(
                "{} is frozen: write 0 to its cgroup.freeze, or name another cgroup",
                path.display()
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_cgroup_is_advised_where_that_helps() {
        let full = io::Error::from_raw_os_error(nix::libc::ENOSPC);
        let said = with_advice(Error::from(full).context("cannot make it")).to_string();
        assert!(said.starts_with("cannot make it: No space left"), "{said}");
        assert!(said.ends_with("; name one with --cgroup"), "{said}");
        let refused = run::not_permitted().context("cannot make it");
        assert_eq!(with_advice(refused).to_string(), "cannot make it");
    }
}
