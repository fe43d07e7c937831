// SPDX-License-Identifier: GPL-2.0

//! Working without a pause, before the checkpoint, through it and after it.

use std::time::Duration;

/// How a step ends: with something, or with what is wrong.
pub type Step<T = ()> = Result<T, String>;

/// Rounds before the checkpoint, and after the last restart.
const BEFORE: u64 = 20;
const AFTER: u64 = 20;

/// How long a program may take for an answer; only what never comes takes longer.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// Plays one round after the other, numbered from 0, until enough of them came after the "go". Says how
/// many that were. A round checks all answers itself.
pub fn rounds(round: impl FnMut(u64) -> Step) -> Step<u64> {
    rounds_of(BEFORE, AFTER, round)
}

/// Likewise, with so many before the checkpoint and after the last restart.
pub fn rounds_of(before: u64, after: u64, mut round: impl FnMut(u64) -> Step) -> Step<u64> {
    let mut end = None;
    let mut number = 0;
    while end != Some(number) {
        round(number).map_err(|why| format!("round {number}: {why}"))?;
        number += 1;
        if number == before {
            ckpt_support::ready();
        }
        if number >= before && end.is_none() && ckpt_support::was_told_go() {
            end = Some(number + after);
        }
    }
    Ok(number)
}

/// An answer is what it must be.
pub fn same(what: &str, wanted: impl AsRef<str>, found: impl AsRef<str>) -> Step {
    let (wanted, found) = (wanted.as_ref(), found.as_ref());
    match wanted == found {
        true => Ok(()),
        false => Err(format!("{what}: {found:?} instead of {wanted:?}")),
    }
}

/// An error of the system, with what was being done.
pub trait Doing<T> {
    fn doing(self, what: &str) -> Step<T>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: &str) -> Step<T> {
        self.map_err(|error| format!("{what}: {error}"))
    }
}
