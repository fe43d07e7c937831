// SPDX-License-Identifier: GPL-2.0

//! What is done to a program between "ready" and "go": nothing, a checkpoint, restarts, a reboot.

use std::fs;
use std::process::{Child, ExitStatus};

use crate::container::Container;
use crate::hang::what_is_known;
use crate::plan::Job;
use crate::snapshot::Snapshot;
use crate::tool::{self, Running};
use crate::turn::{self, Ready};
use crate::verdict::{Doing, Outcome, Step, Verdict};
use crate::{altered, faulted, refusal, scenarios, wait, Places};

/// Runs one job; whatever comes of it, nothing of it is left running. How long a call has to last so that
/// a checkpoint finds it depends on the machine.
pub fn run(job: &Job, places: &Places) -> Outcome {
    let mut outcome = Outcome::too_late();
    for wait in [3, 20, 120] {
        outcome = run_with(job, places, wait);
        if !matches!(outcome.verdict, Verdict::TooLate) {
            break;
        }
    }
    outcome
}

fn run_with(job: &Job, places: &Places, wait: u32) -> Outcome {
    let container = match job.mode.as_str() {
        "resume" => Ok(Container::existing(&places.work, &job.label())),
        _ => Container::new(&places.work, &job.label()),
    };
    let container = match container {
        Ok(container) => Container { wait, ..container },
        Err(outcome) => return outcome,
    };
    let result = match job.mode.as_str() {
        "baseline" => baseline(&container, job, places),
        "frozen" => frozen(&container, job, places),
        "thawed" => thawed(&container, job, places),
        "restarted" => restarted(&container, job, places),
        "thrice" => thrice(&container, job, places),
        "save" => save(&container, job, places),
        "resume" => resume(&container),
        "altered" => altered::altered(&container, job, places),
        "faulted" => faulted::faulted(&container, job, places),
        "refused" => refusal::refused(&container, job, places),
        "tools" => scenarios::run(job.name.trim_start_matches("tools/"), &container, places),
        other => Err(Outcome::failed(format!("there is no mode {other}"))),
    };
    let outcome = result.err().unwrap_or_else(Outcome::passed);
    match container.end() {
        Err(left) if !matches!(outcome.verdict, Verdict::Failed) => left,
        _ => outcome,
    }
}

/// Removes what a test that did not fail has left on the disk.
pub fn clean(job: &Job, places: &Places) {
    if job.mode != "save" {
        let _ = fs::remove_dir_all(places.work.join(job.label()));
    }
}

/// The program as it is started, up to the moment for the checkpoint.
pub fn started(container: &Container, job: &Job, places: &Places) -> Step<(Child, Ready)> {
    let mut child = container.start(&job.program(places), job.fact(), &job.mode)?;
    let ready = turn::wait_until_ready(container, &mut child)?;
    turn::bring_inside(container, &ready)?;
    Ok((child, ready))
}

/// Lets the program check itself.
pub fn release(container: &Container, ready: &Ready) -> Step<()> {
    turn::wait_until_inside(container, ready)?;
    if let Some(signal) = ready.signal {
        container.signal(signal);
    }
    container.say_go()
}

/// The program's own verdict.
pub fn verdict(container: &Container, status: ExitStatus) -> Step<()> {
    let passed = container.output().lines().any(|line| line == "passed");
    if status.success() && passed {
        return Ok(());
    }
    Err(Outcome::failed(format!(
        "ended with {status}\n{}",
        container.complaints()
    )))
}

/// Waits for its end, and asks it for that.
pub fn end_of_program(container: &Container, child: &mut Child) -> Step<()> {
    match wait::for_child(child, wait::LIMIT) {
        Some(status) => verdict(container, status),
        None => {
            let said = container.complaints();
            Err(Outcome::failed(format!(
                "does not end\n{said}{}",
                what_is_known(container)
            )))
        }
    }
}

fn end_of_restart(container: &Container, restart: Running) -> Step<()> {
    let ended = restart.end(container)?;
    verdict(container, ended.status).map_err(|mut outcome| {
        outcome.why.push_str(&ended.said);
        outcome
    })
}

fn baseline(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = started(container, job, places)?;
    if let Some(signal) = ready.frozen_signal {
        container.signal(signal);
    }
    release(container, &ready)?;
    end_of_program(container, &mut child)
}

/// Frozen and thawed by the kernel alone: what differs already then is not our doing.
fn frozen(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = started(container, job, places)?;
    freeze(container, &ready)?;
    turn::must_not_be_over(container)?;
    container.thaw()?;
    release(container, &ready)?;
    end_of_program(container, &mut child)
}

fn thawed(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = started(container, job, places)?;
    if ready.frozen_signal.is_some() {
        freeze(container, &ready)?;
        checkpoint(container, &[])?;
        container.thaw()?;
    } else {
        checkpoint(container, &[])?;
    }
    turn::must_not_be_over(container)?;
    container.wait_for(&["frozen 0", "populated 1"])?;
    tool::succeed(
        "ckptinfo",
        &["--verify".into(), container.image()],
        container,
    )?;
    release(container, &ready)?;
    end_of_program(container, &mut child)
}

fn restarted(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = started(container, job, places)?;
    // It stands still from the snapshot to the checkpoint: every difference counts.
    let before = frozen_snapshot(container, &ready, true)?;
    kill_and_checkpoint(container, &mut child)?;
    container.end()?;
    let restart = restart_frozen(container)?;
    let after = Snapshot::take(container, true)?;
    container.thaw()?;
    release(container, &ready)?;
    both(
        end_of_restart(container, restart),
        before.must_equal(&after, ready.may_fire),
    )
}

/// Without the freezer in our hands (but where a signal has to come meanwhile), and with every
/// generation made from the one before.
fn thrice(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = started(container, job, places)?;
    let stays_frozen = ready.frozen_signal.is_some();
    if stays_frozen {
        freeze(container, &ready)?;
    }
    let options: &[&str] = match stays_frozen {
        true => &["--detach", "--frozen"],
        false => &["--detach"],
    };
    kill_and_checkpoint(container, &mut child)?;
    turn::must_not_be_over(container)?;
    if stays_frozen {
        container.thaw()?;
    }
    for _ in 0..2 {
        restart(container, options)?
            .end(container)
            .and_then(|ended| {
                if ended.status.success() {
                    return Ok(());
                }
                Err(Outcome::failed(format!(
                    "restart: {}\n{}",
                    ended.status, ended.said
                )))
            })?;
        turn::wait_until_inside(container, &ready)?;
        checkpoint(container, &["--kill"])?;
        container.wait_for(&["populated 0"])?;
        if stays_frozen {
            container.thaw()?;
        }
    }
    let restart = restart_frozen(container)?;
    container.thaw()?;
    release(container, &ready)?;
    end_of_restart(container, restart)
}

fn save(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = started(container, job, places)?;
    let before = frozen_snapshot(container, &ready, false)?;
    fs::write(container.dir.join("before"), before.to_text()).doing("the snapshot")?;
    fs::write(container.dir.join("announced"), container.output()).doing("what was announced")?;
    kill_and_checkpoint(container, &mut child)
}

fn resume(container: &Container) -> Step<()> {
    let ready = turn::parse(
        &fs::read_to_string(container.dir.join("announced")).doing("what was announced")?,
    );
    let before = fs::read_to_string(container.dir.join("before")).doing("the snapshot")?;
    let restart = restart_frozen(container)?;
    let after = Snapshot::take(container, false)?;
    container.thaw()?;
    release(container, &ready)?;
    let equal = Snapshot::from_text(&before).must_equal(&after, ready.may_fire);
    both(end_of_restart(container, restart), equal)
}

/// What the program says and what /proc shows; if both are wrong, both are told.
fn both(program: Step<()>, proc: Step<()>) -> Step<()> {
    match (program, proc) {
        (Err(mut first), Err(second)) => {
            first.why.push_str(&second.why);
            Err(first)
        }
        (first, second) => first.and(second),
    }
}

/// Freezes the program, and notes what /proc shows of it.
pub fn frozen_snapshot(container: &Container, ready: &Ready, same_boot: bool) -> Step<Snapshot> {
    freeze(container, ready)?;
    turn::must_not_be_over(container)?;
    Snapshot::take(container, same_boot)
}

/// Freezes the program, and sends it the signal that it wants to have then.
pub fn freeze(container: &Container, ready: &Ready) -> Step<()> {
    container.freeze()?;
    if let Some(signal) = ready.frozen_signal {
        container.signal(signal);
    }
    Ok(())
}

/// `checkpoint CGROUP -o IMAGE`.
pub fn checkpoint(container: &Container, options: &[&str]) -> Step<()> {
    let image = container.image();
    let _ = fs::remove_file(&image);
    let mut arguments: Vec<_> = options.iter().map(Into::into).collect();
    arguments.extend([container.cgroup.clone(), "-o".into(), image]);
    tool::succeed("checkpoint", &arguments, container).map(|_| ())
}

pub fn kill_and_checkpoint(container: &Container, child: &mut Child) -> Step<()> {
    checkpoint(container, &["--kill"])?;
    // It says that it returns when the cgroup is empty.
    if !container.holds("populated 0") {
        return Err(Outcome::failed(
            "checkpoint --kill returned, and the cgroup is populated",
        ));
    }
    wait::for_child(child, wait::LIMIT)
        .map(|_| ())
        .ok_or_else(|| Outcome::failed("checkpoint --kill returned, and the program lives on"))
}

/// `restart --pids --cgroup CGROUP -i IMAGE`, in the background.
pub fn restart(container: &Container, options: &[&str]) -> Step<Running> {
    let log = container.dir.join("restart.log");
    let mut arguments: Vec<_> = options.iter().map(Into::into).collect();
    arguments.extend(["--pids".into(), "--cgroup".into(), container.cgroup.clone()]);
    arguments.extend(["-i".into(), container.image()]);
    tool::start(tool::command("restart", &arguments, &log)?, &log)
}

/// Restarts, and returns when everything is there and stands still.
pub fn restart_frozen(container: &Container) -> Step<Running> {
    let mut restart = restart(container, &["--frozen"])?;
    let there = wait::until(wait::LIMIT, || {
        let is_there = container.holds("populated 1") && container.holds("frozen 1");
        // What may see the restart itself is put in place last, when all stand there frozen.
        let is_done = is_there && !restarts_still(&restart);
        (is_done || matches!(restart.child.try_wait(), Ok(Some(_)))).then_some(is_there)
    });
    match there {
        Some(true) => Ok(restart),
        Some(false) => {
            let ended = restart.end(container)?;
            let said = ended.said + &container.complaints();
            Err(Outcome::failed(format!(
                "restart failed: {}\n{said}",
                ended.status
            )))
        }
        None => {
            let known = what_is_known(container);
            let said = restart.said();
            let _ = restart.child.kill();
            let _ = restart.child.wait();
            Err(Outcome::failed(format!(
                "restart does not come to an end\n{said}{known}"
            )))
        }
    }
}

/// Is a thread of the tool still in restart(2)?
fn restarts_still(restart: &Running) -> bool {
    let threads = fs::read_dir(format!("/proc/{}/task", restart.child.id()));
    let numbers = threads.into_iter().flatten().flatten();
    let mut numbers = numbers.filter_map(|thread| thread.file_name().to_str()?.parse().ok());
    numbers.any(is_restarting)
}

/// Is a thread in restart(2)?
pub fn is_restarting(thread: i32) -> bool {
    const RESTART: &str = "511";
    let call = fs::read_to_string(format!("/proc/{thread}/syscall"));
    call.is_ok_and(|call| call.split(' ').next() == Some(RESTART))
}
