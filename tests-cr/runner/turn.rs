// SPDX-License-Identifier: GPL-2.0

//! What a test program says about itself on standard output.

use std::process::Child;

use crate::container::Container;
use crate::hang::what_is_known;
use crate::verdict::{Outcome, Step};
use crate::wait;

/// Exit status of a program whose state this machine does not have.
const NOT_RUN: i32 = 77;

/// restart_syscall(2) of 64-bit and of 32-bit programs: what an interrupted call looks like once it
/// goes on.
const SYS_RESTART: [i64; 2] = [219, 0];

/// A program that may be checkpointed now.
#[derive(Default)]
pub struct Ready {
    /// The system call that the checkpoint shall find it in.
    pub inside: Option<i64>,
    /// It need not be in this call any more once it has been frozen.
    pub once: bool,
    /// The call ends by itself.
    pub ends: bool,
    /// The signal that ends this call.
    pub signal: Option<i32>,
    /// The signal that it gets while it is frozen.
    pub frozen_signal: Option<i32>,
    /// It is stopped, by itself or by the runner.
    pub stopped: bool,
    /// What a checkpoint has to say about it: a reason and where.
    pub expected: Vec<String>,
    /// Reasons that may be given as well.
    pub allowed: Vec<String>,
    /// Signals that timers may send while it is frozen, one bit each.
    pub may_fire: u64,
}

/// Waits until the program says that it is ready.
pub fn wait_until_ready(container: &Container, child: &mut Child) -> Step<Ready> {
    let ready = wait::until(wait::LIMIT, || {
        let ended = child.try_wait().ok().flatten();
        let output = container.output();
        let is_ready = output.lines().any(|line| line.starts_with("ready"));
        (is_ready || ended.is_some()).then_some((output, ended.filter(|_| !is_ready)))
    });
    match ready {
        Some((output, None)) => Ok(parse(&output)),
        Some((output, Some(status))) if status.code() == Some(NOT_RUN) => {
            let why = output.lines().last().unwrap_or_default();
            Err(Outcome::not_run(
                why.strip_prefix("not run: ").unwrap_or(why),
            ))
        }
        Some((_, Some(status))) => Err(Outcome::failed(format!(
            "ended before it was ready: {status}\n{}",
            container.complaints()
        ))),
        None => Err(Outcome::failed(format!(
            "is never ready\n{}",
            what_is_known(container)
        ))),
    }
}

/// What was announced, in the order of the lines.
pub fn parse(output: &str) -> Ready {
    let mut ready = Ready::default();
    for line in output.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["ready", "stopped"] => {
                ready.stopped = true;
                ready.signal = Some(libc::SIGCONT);
            }
            ["ready", "inside", call, ref how @ ..] => {
                ready.inside = call.parse().ok();
                match *how {
                    ["once"] => ready.once = true,
                    ["for", "a", "while"] => ready.ends = true,
                    ["stopped"] => {
                        ready.stopped = true;
                        ready.signal = Some(libc::SIGCONT);
                    }
                    ["then", "signal", signal] => ready.signal = signal.parse().ok(),
                    ["frozen", "signal", signal] => {
                        ready.frozen_signal = signal.parse().ok();
                        ready.once = true;
                    }
                    ["frozen", "signal", first, "then", "signal", last] => {
                        ready.frozen_signal = first.parse().ok();
                        ready.signal = last.parse().ok();
                    }
                    _ => {}
                }
            }
            ["expect", ..] => ready.expected.push(line["expect ".len()..].to_string()),
            ["may", reason] => ready.allowed.push(reason.to_string()),
            ["may", "fire", signal] => {
                let number: u32 = signal.parse().unwrap_or(0);
                ready.may_fire |= 1 << number.saturating_sub(1);
            }
            _ => {}
        }
    }
    ready
}

fn wait_until_stopped(container: &Container) -> Step<()> {
    let stopped = wait::until(wait::LIMIT, || {
        let pid = *container.pids().first()?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.contains(") T ").then_some(())
    });
    stopped.ok_or_else(|| Outcome::failed("does not stop"))
}

/// The call that ends by itself is over, and so the program is not where it was to be caught.
fn is_over(container: &Container) -> bool {
    container.output().lines().any(|line| line == "over")
}

/// The program was frozen, for the first time, where it wanted to be; else the test begins anew, with
/// calls that take longer.
pub fn must_not_be_over(container: &Container) -> Step<()> {
    match is_over(container) {
        true => Err(Outcome::too_late()),
        false => Ok(()),
    }
}

/// Brings a program that has just said that it is ready where it wants to be checkpointed.
pub fn bring_inside(container: &Container, ready: &Ready) -> Step<()> {
    wait_for_call(container, ready)?;
    if ready.stopped && ready.inside.is_some() {
        container.signal(libc::SIGSTOP);
    }
    wait_until_inside(container, ready)
}

/// Waits until the program is where it wants to be checkpointed.
pub fn wait_until_inside(container: &Container, ready: &Ready) -> Step<()> {
    if ready.stopped {
        wait_until_stopped(container)?;
    }
    if ready.once || ready.ends {
        return Ok(());
    }
    wait_for_call(container, ready)
}

fn wait_for_call(container: &Container, ready: &Ready) -> Step<()> {
    let Some(call) = ready.inside else {
        return Ok(());
    };
    let inside = wait::until(wait::LIMIT, || {
        let pid = *container.pids().first()?;
        let text = std::fs::read_to_string(format!("/proc/{pid}/syscall")).ok()?;
        let number: i64 = text.split(' ').next()?.parse().ok()?;
        let is_inside = number == call || SYS_RESTART.contains(&number);
        (is_inside || is_over(container)).then_some(())
    });
    inside.ok_or_else(|| {
        let known = what_is_known(container);
        let said = container.complaints();
        Outcome::failed(format!(
            "is not inside system call {call} any more\n{said}{known}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_are_understood() {
        let ready = parse("expect FileKind fd=3 says=pipe\nmay TaskMany\nready\nnoise\n");
        assert_eq!(ready.expected, ["FileKind fd=3 says=pipe"]);
        assert_eq!(ready.allowed, ["TaskMany"]);
        assert!(ready.inside.is_none() && ready.signal.is_none() && !ready.stopped);
        assert_eq!(parse("may fire 14\nmay fire 1\nready\n").may_fire, 0x2001);
        let ready = parse("ready inside 35 then signal 10\n");
        assert_eq!((ready.inside, ready.signal), (Some(35), Some(10)));
        let ready = parse("ready inside 35 for a while\n");
        assert!(ready.ends && ready.inside == Some(35));
        assert!(parse("ready stopped\n").stopped);
        let ready = parse("ready inside 35 stopped\n");
        assert!(ready.stopped && ready.inside == Some(35));
    }
}
