// SPDX-License-Identifier: GPL-2.0

//! Fact: of hundreds of tasks either all come back or none, and then none of them has executed anything: with an
//! image whose end is damaged or missing, and when restart is interrupted or killed at any moment. When
//! checkpoint is, they all go on.

use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};

use super::stage::{ensure, fine, refused, Stage};
use crate::verdict::{Doing, Outcome, Step};
use crate::{modes, tool, wait};

/// How long what remains of a tool that was killed may look as if it were there to stay.
const SETTLED: Duration = Duration::from_secs(3);

pub fn run(stage: &Stage) -> Step<()> {
    play(stage, 200, 3)
}

/// With so many tasks, and a tool that ends at so many moments of its work.
pub fn play(stage: &Stage, size: usize, moments: u32) -> Step<()> {
    fs::write(stage.container.dir.join("crowd"), size.to_string()).doing("the number")?;
    let mut child = stage.start("crowd")?;
    checkpoints_that_end_early(stage, moments)?;

    modes::checkpoint(stage.container, &["--kill"])?;
    wait::for_child(&mut child, wait::LIMIT);
    stage.container.end()?;
    let mounts = mounts()?;
    let marks = marks(stage)?;
    let nothing_ran = || -> Step<()> {
        stage.nothing_is_left()?;
        ensure(self::marks(stage)? == marks, "a task has executed something")?;
        ensure(self::mounts()? == mounts, "a mount is left")
    };

    let mut image = stage.image()?;
    let length = image.len();
    let cut = stage.other_image(&image[..length - 1])?;
    refused(&stage.restart_from(cut, &[])?.end(stage.container)?, "")?;
    nothing_ran()?;
    image[length - 1] ^= 1;
    let damaged = stage.other_image(&image)?;
    refused(&stage.restart_from(damaged, &[])?.end(stage.container)?, "")?;
    nothing_ran()?;

    // A whole one, to know how long that takes.
    let start = Instant::now();
    let restart = modes::restart_frozen(stage.container)?;
    let whole = start.elapsed();
    stage.container.end()?;
    let _ = restart.end(stage.container)?;
    nothing_ran()?;

    for moment in 0..moments {
        let restart = modes::restart(stage.container, &["--frozen"])?;
        end_after(restart, whole * moment / moments, moment)?;
        whole_or_not(stage)?;
        stage.container.end()?;
        nothing_ran()?;
    }
    stage.image_is_good()
}

/// The container goes on after each of them.
fn checkpoints_that_end_early(stage: &Stage, moments: u32) -> Step<()> {
    let image = stage.container.dir.join("early");
    let start = |image: &std::path::Path| {
        let log = stage.log("checkpoint");
        let arguments = [stage.cgroup(), "-o".into(), image.to_path_buf()];
        tool::start(tool::command("checkpoint", &arguments, &log)?, &log)
    };
    let begin = Instant::now();
    fine(&start(&image)?.end(stage.container)?)?;
    let whole = begin.elapsed();
    for moment in 0..moments {
        let _ = fs::remove_file(&image);
        end_after(start(&image)?, whole * moment / moments, moment)?;
        stage.container.wait_for(&["frozen 0", "populated 1"])?;
        ensure(tasks(stage) == size(stage), "a task has been lost")?;
        all_go_on(stage)?;
    }
    Ok(())
}

/// Ends a tool after so long, by SIGKILL or by SIGINT, and waits for its end.
fn end_after(mut tool: tool::Running, pause: Duration, moment: u32) -> Step<()> {
    std::thread::sleep(pause);
    let signal = if moment % 2 == 0 { libc::SIGKILL } else { libc::SIGINT };
    send(&tool.child, signal);
    let mut ended = wait::for_child(&mut tool.child, SETTLED);
    if ended.is_none() {
        // It was done, and has passed the signal on to a container that stands still.
        send(&tool.child, libc::SIGKILL);
        ended = wait::for_child(&mut tool.child, wait::LIMIT);
    }
    ensure(ended.is_some(), "the tool does not end")
}

fn send(child: &Child, signal: i32) {
    // SAFETY: takes no pointer. The child has not been waited for.
    unsafe { libc::kill(child.id() as i32, signal) };
}

/// All tasks stand there, or none is left.
fn whole_or_not(stage: &Stage) -> Step<()> {
    let mut since = None;
    let settled = wait::until(wait::LIMIT, || {
        if !stage.container.holds("populated 1") {
            return Some(());
        }
        let is_whole = tasks(stage) == size(stage) && stage.container.holds("frozen 1");
        since = since.filter(|_| is_whole).or(is_whole.then(Instant::now));
        since.is_some_and(|since| since.elapsed() > SETTLED).then_some(())
    });
    settled.ok_or_else(|| {
        let known = crate::hang::what_is_known(stage.container);
        Outcome::failed(format!("{} tasks are left\n{known}", tasks(stage)))
    })
}

/// How many tasks there are to be.
fn size(stage: &Stage) -> usize {
    let text = fs::read_to_string(stage.container.dir.join("crowd"));
    text.ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn tasks(stage: &Stage) -> usize {
    stage.container.pids().len()
}

/// What each task has counted.
fn marks(stage: &Stage) -> Step<Vec<u32>> {
    let bytes = fs::read(stage.container.dir.join("marks")).doing("the marks")?;
    let words = bytes.chunks_exact(4).take(size(stage));
    let number = |word: &[u8]| u32::from_ne_bytes([word[0], word[1], word[2], word[3]]);
    Ok(words.map(number).collect())
}

/// Every task but the first counts on.
fn all_go_on(stage: &Stage) -> Step<()> {
    let before = marks(stage)?;
    let go_on = wait::until(wait::LIMIT, || {
        let now = marks(stage).ok()?;
        let mut pairs = before.iter().zip(&now).skip(1);
        pairs.all(|(before, now)| before != now).then_some(())
    });
    go_on.ok_or_else(|| Outcome::failed("a task does not go on"))
}

fn mounts() -> Step<usize> {
    let text = fs::read_to_string("/proc/self/mountinfo").doing("mountinfo")?;
    Ok(text.lines().count())
}
