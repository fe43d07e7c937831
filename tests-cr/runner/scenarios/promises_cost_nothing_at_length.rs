// SPDX-License-Identifier: GPL-2.0

//! Fact: an image that promises much and brings little (a count, a length, a size, an address altered to
//! something large, checksums right) takes no more memory of whoever restarts it than the whole image does,
//! but for a few MiB: the tool, and what the kernel keeps for it, are in a cgroup of their own.
//!
//! What the tasks of the container have is theirs, and counts to the cgroup of the container.

use std::fs;
use std::path::Path;

use ckpt_fuzz::{every, Random};

use super::stage::{ensure, fine, Stage};
use crate::tool;
use crate::verdict::{Doing, Outcome, Step};

/// More than the whole image takes, in bytes.
const MORE: u64 = 8 << 20;
/// What is less is no promise.
const LARGE: u64 = 1 << 16;
/// Of one image.
const MOST: usize = 100;

pub fn run(stage: &Stage) -> Step<()> {
    let mut tried = Vec::new();
    for sample in ["with_made", "bound_together"] {
        stage.container.make_cgroup()?;
        stage.reset()?;
        stage.saved(sample)?;
        tried.push(promises(stage)?);
    }
    Err(Outcome {
        why: tried.join("; "),
        ..Outcome::passed()
    })
}

fn promises(stage: &Stage) -> Step<String> {
    let image = stage.image()?;
    let path = stage.file("promise");
    fs::write(&path, &image).doing("the image")?;
    let (usual, ended) = taken_by(stage, &path)?;
    fine(&ended)?;
    let mut singles = every(&image);
    singles.retain(|single| single.promises(LARGE));
    Random::new(singles.len() as u64).shuffle(&mut singles);
    singles.truncate(MOST);
    let mut most = 0;
    for single in &singles {
        let altered = single.apply(&image);
        fs::write(&path, &altered.bytes).doing("an image")?;
        let (bytes, ended) = taken_by(stage, &path)?;
        let (what, said) = (altered.what.join("; "), ended.said);
        ensure(
            bytes <= usual + MORE,
            &format!("{what}: {bytes} bytes, not {usual}\n{said}"),
        )?;
        stage.nothing_is_left()?;
        most = most.max(bytes);
    }
    let tried = singles.len();
    let [whole, most] = [usual, most].map(|bytes| bytes >> 10);
    Ok(format!("the whole image took {whole} KiB, {tried} promises at most {most} KiB"))
}

/// What `restart --verify` takes at most, with all that the kernel has for it.
fn taken_by(stage: &Stage, image: &Path) -> Step<(u64, tool::Ended)> {
    let own = stage.cgroup().with_extension("restarter");
    fs::create_dir(&own).doing("a cgroup")?;
    let line = format!(
        "echo 0 >{}/cgroup.procs; exec restart --verify --pids --cgroup $CG -i {}",
        own.display(),
        image.display(),
    );
    let ended = tool::start(stage.shell_for(&line)?, &stage.log("shell"))?.end(stage.container);
    let peak = fs::read_to_string(own.join("memory.peak")).doing("memory.peak");
    let _ = fs::remove_dir(&own);
    let peak = peak?.trim().parse();
    Ok((peak.map_err(|_| Outcome::failed("memory.peak"))?, ended?))
}
