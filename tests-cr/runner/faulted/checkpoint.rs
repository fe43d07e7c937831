// SPDX-License-Identifier: GPL-2.0

//! `checkpoint`, of which one allocation or user copy fails, from its first instruction to its last; of a
//! container that is frozen, and of one that runs, and runs on.

use std::fs;
use std::time::Duration;

use super::images::Reference;
use super::sweep::{Came, Sweep};
use super::watched::{Prepared, Watched, TIDY};
use crate::container::Container;
use crate::plan::Job;
use crate::verdict::{Outcome, Step};
use crate::wait;

/// `reference`: what images of it say, if it is frozen.
pub fn sweep(
    container: &Container,
    job: &Job,
    reference: Option<&Reference>,
    limit: Duration,
) -> Step<Sweep> {
    let was_frozen = container.holds("frozen 1");
    let what = match was_frozen {
        true => "checkpoint",
        false => "checkpoint of what runs",
    };
    let points = Watched::whole(command(container)?)?;
    Sweep::run(job, what, points, limit, |point| {
        let _ = fs::remove_file(container.image());
        let Some(ended) = Watched::run(command(container)?, point)? else {
            return Ok(Came::Failed("not started".into()));
        };
        let left = match ended.has_succeeded() {
            true => {
                let image = fs::read(container.image());
                let image = image.map_err(|error| Outcome::failed(format!("no image: {error}")))?;
                match reference {
                    Some(reference) => reference.is_said_by(&image)?,
                    None => is_whole(&image)?,
                }
                None
            }
            false => left_over(container),
        };
        let came = match left {
            // The image may have been whole when it could not tell the time any more.
            Some(name) if !ended.lacked_the_time() => {
                Came::Wrong(format!("{name} is left\n{}", ended.ended.said))
            }
            _ => ended.came(),
        };
        goes_on(container, was_frozen)?;
        Ok(came)
    })
}

fn is_whole(image: &[u8]) -> Step<()> {
    let verified = ckpt_image::verify(&mut &*image);
    let verified = verified.map_err(|error| Outcome::failed(format!("image {error}")));
    verified.map(drop)
}

fn command(container: &Container) -> Step<Prepared<'_>> {
    let arguments = [container.cgroup.clone(), "-o".into(), container.image()];
    Prepared::new("checkpoint", &arguments, container)
}

/// An image or a part of one that stays there. It is removed.
fn left_over(container: &Container) -> Option<String> {
    let is_ours = |name: &str| name == "image" || name.ends_with(".unfinished");
    let left = || {
        let entries = fs::read_dir(&container.dir).into_iter().flatten().flatten();
        let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.find(|name| is_ours(name))
    };
    // It may be killed, and have somebody who tidies up after it.
    wait::until(TIDY, || left().is_none().then_some(()));
    let left = left()?;
    let _ = fs::remove_file(container.dir.join(&left));
    Some(left)
}

/// As it was before, soon.
fn goes_on(container: &Container, was_frozen: bool) -> Step<()> {
    let frozen = if was_frozen { "frozen 1" } else { "frozen 0" };
    container.wait_for(&[frozen, "populated 1"])
}
