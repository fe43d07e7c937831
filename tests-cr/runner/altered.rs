// SPDX-License-Identifier: GPL-2.0

//! The mode `altered`: the image of a program, altered in hundreds of ways, is refused or restarted,
//! and either way nothing is left of it. What the kernel reports meanwhile fails the test.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::catch_unwind;
use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use ckpt_format::Kind;
use ckpt_fuzz::{every, mutate, target, Random};
use ckpt_image::read_prefix;

use crate::attempts::{Attempts, A_MOMENT};
use crate::container::Container;
use crate::edit::{rewritten, Other};
use crate::hang::what_is_known;
use crate::plan::Job;
use crate::verdict::{Doing, Outcome, Step};
use crate::{kernel_log, modes, say, tool, wait, Places};

/// Alterations of one image: the first that is found ends the restart.
const MOST_CHANGES: usize = 2;

/// The image of another program, which parts are taken from.
static ANOTHER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

pub fn altered(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = modes::started(container, job, places)?;
    modes::freeze(container, &ready)?;
    modes::kill_and_checkpoint(container, &mut child)?;
    container.end()?;
    let image = fs::read(container.image()).doing("the image")?;
    let thin = thin(&image).unwrap_or_else(|| image.clone());
    let another = std::mem::replace(&mut *ANOTHER.lock().expect("no panic"), image.clone());
    let another = if another.is_empty() { &image } else { &another };
    let mut attempts = Attempts::new("attempts", container.cgroup.with_extension("attempts"))?;
    // Some need what only the tool does for them; for tasks that nobody builds the kernel would wait.
    let prefix = read_prefix(&mut &thin[..]);
    let prefix = prefix.map_err(|error| Outcome::failed(format!("image {error}")))?;
    let is_alone = prefix.members.len() == 1 && attempts.attempt(&thin, false)?;
    let mut random = Random::new(seed(job));
    let mut singles = every(&thin);
    random.shuffle(&mut singles);
    let all = singles.len();
    let begin = Instant::now();
    let (mut tried, mut restarted) = (0_u32, 0_u32);
    while begin.elapsed() < places.altered {
        // Each by itself, in a new order, as many as there is time for; several at once in between.
        let single = if tried % 3 == 2 { None } else { singles.pop() };
        // Only a whole image runs for long, and only the tool meets it as its users do.
        let is_whole = tried % 20 == 11;
        let other = match single {
            Some(single) => single.apply(&thin),
            None if is_whole => mutate(&image, another, MOST_CHANGES, &mut random),
            None => mutate(&thin, another, MOST_CHANGES, &mut random),
        };
        let what = format!("image {tried}: {}", other.what.join("; "));
        // If it takes the machine down, this is all that is left of it.
        say(&format!("trying {job}: {what}"));
        let outcome = readers(&other.bytes).and_then(|()| match is_alone && !is_whole {
            true => attempts.attempt(&other.bytes, random.once_in(3)),
            false => attempt(container, &other.bytes, random.once_in(3)),
        });
        let outcome = outcome.and_then(|stood| {
            let reports = kernel_log::reports().join("\n");
            match reports.is_empty() {
                true => Ok(stood),
                false => Err(Outcome::failed(format!("the kernel reported:\n{reports}"))),
            }
        });
        restarted += u32::from(outcome.map_err(|mut outcome| {
            outcome.why = format!("{what}: {}", outcome.why);
            outcome
        })?);
        tried += 1;
    }
    let (seconds, done) = (begin.elapsed().as_secs_f64(), all - singles.len());
    Err(Outcome {
        why: format!(
            "{tried} images in {seconds:.1} s, {restarted} of them restarted; \
             {done} of {all} single alterations"
        ),
        ..Outcome::passed()
    })
}

/// Everything outside the kernel that reads images.
fn readers(image: &[u8]) -> Step<()> {
    let read = catch_unwind(|| target(image));
    read.map(drop)
        .map_err(|_| Outcome::failed("a reader of images panicked"))
}

/// The image without its many pages, if it has many: every kind is there, and it is read at once.
fn thin(image: &[u8]) -> Option<Vec<u8>> {
    /// Records of a few pages may stay, as many.
    const FEW: usize = 16 << 10;
    const MOST: usize = 5;
    let mut left = MOST;
    rewritten(image, |record| {
        if !matches!(record.kind, Some(Kind::Pages | Kind::ContentPages)) {
            return None;
        }
        let stays = record.tail.len() <= FEW && left > 0;
        left -= usize::from(stays);
        (!stays).then(Other::nothing)
    })
}

/// The same program meets the same alterations on the same day, and others on another.
fn seed(job: &Job) -> u64 {
    const DAY: u64 = 24 * 60 * 60;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let day = now.map_or(0, |now| now.as_secs() / DAY);
    let mut hasher = DefaultHasher::new();
    (&job.name, day).hash(&mut hasher);
    hasher.finish()
}

/// Restarts the image, lets it run for a moment or not, and ends it. True if it stood there.
fn attempt(container: &Container, image: &[u8], runs: bool) -> Step<bool> {
    fs::write(container.image(), image).doing("the altered image")?;
    let mut restart = modes::restart(container, &["--frozen"])?;
    let stands = wait::until(wait::LIMIT, || {
        let ended = matches!(restart.child.try_wait(), Ok(Some(_)));
        let stands = container.holds("populated 1") && container.holds("frozen 1");
        (ended || stands).then_some(!ended)
    });
    let Some(stands) = stands else {
        let (said, known) = (restart.said(), what_is_known(container));
        let _ = restart.child.kill();
        return Err(Outcome::failed(format!("restart hangs\n{said}{known}")));
    };
    if stands && runs {
        // It may be gone by now.
        let _ = fs::write(container.cgroup.join("cgroup.freeze"), "0");
        std::thread::sleep(A_MOMENT);
    }
    if stands {
        container.end()?;
    }
    let ended = restart.end(container)?;
    if !stands {
        explained(&ended)?;
        gone(container)?;
    }
    Ok(stands)
}

/// A tool that refuses says why, and ends with 1.
fn explained(ended: &tool::Ended) -> Step<()> {
    if ended.status.code() == Some(1) && !ended.said.trim().is_empty() {
        return Ok(());
    }
    Err(Outcome::failed(format!(
        "restart ended with {}\n{}",
        ended.status, ended.said
    )))
}

/// What a restart that failed has made is gone.
fn gone(container: &Container) -> Step<()> {
    let gone = wait::until(wait::LIMIT, || (!container.cgroup.exists()).then_some(()));
    gone.ok_or_else(|| {
        let known = what_is_known(container);
        Outcome::failed(format!("the cgroup is left\n{known}"))
    })
}
