// SPDX-License-Identifier: GPL-2.0

//! Programs that cannot be saved: every obstacle is named, nothing is written, nothing is harmed.

use std::fs;

use serde_json::Value;

use crate::container::Container;
use crate::plan::Job;
use crate::tool;
use crate::turn::{self, Ready};
use crate::verdict::{Outcome, Step};
use crate::{modes, wait, Places};

/// Checks what `checkpoint` says about a program, and that the program goes on.
pub fn refused(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let (mut child, ready) = modes::started(container, job, places)?;
    if ready.expected.is_empty() {
        return Err(Outcome::failed("the program expects no refusal"));
    }
    let cgroup = container.cgroup.clone();
    let check = tool::run(
        "checkpoint",
        &["--check".into(), "--json".into(), cgroup],
        container,
    )?;
    turn::must_not_be_over(container)?;
    if check.status.code() != Some(1) {
        let why = format!("checkpoint --check ended with {}", check.status);
        return Err(Outcome::failed(format!("{why}\n{}", check.said)));
    }
    compare(&ready, &check.said)?;
    nothing_is_written(container)?;
    if ready.frozen_signal.is_some() {
        modes::freeze(container, &ready)?;
        container.thaw()?;
    }
    container.wait_for(&["frozen 0", "populated 1"])?;
    modes::release(container, &ready)?;
    match wait::for_child(&mut child, wait::LIMIT) {
        Some(status) => modes::verdict(container, status),
        None => Err(Outcome::failed(
            "the program does not go on after a refused checkpoint",
        )),
    }
}

/// A checkpoint for good fails too, and leaves no file behind.
fn nothing_is_written(container: &Container) -> Step<()> {
    let arguments = [container.cgroup.clone(), "-o".into(), container.image()];
    let ended = tool::run("checkpoint", &arguments, container)?;
    if ended.status.code() != Some(1) {
        let why = format!("checkpoint ended with {}", ended.status);
        return Err(Outcome::failed(format!("{why}\n{}", ended.said)));
    }
    let left: Vec<String> = fs::read_dir(&container.dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("image"))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(Outcome::failed(format!(
        "a refused checkpoint left {left:?}"
    )))
}

/// What was expected is what was said, no more and no less.
fn compare(ready: &Ready, said: &str) -> Step<()> {
    let reported: Vec<Value> = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|object: &Value| object.get("reason").is_some())
        .collect();
    let missing: Vec<&String> = ready
        .expected
        .iter()
        .filter(|expected| !reported.iter().any(|object| matches(object, expected)))
        .collect();
    let surprising: Vec<&Value> = reported
        .iter()
        .filter(|object| {
            let allowed = ready
                .allowed
                .iter()
                .any(|reason| object["reason"] == reason.as_str());
            !allowed
                && !ready
                    .expected
                    .iter()
                    .any(|expected| matches(object, expected))
        })
        .collect();
    if missing.is_empty() && surprising.is_empty() {
        return Ok(());
    }
    let mut why = String::from("the obstacles are not those expected\n");
    missing
        .iter()
        .for_each(|expected| why.push_str(&format!("not named: {expected}\n")));
    surprising
        .iter()
        .for_each(|object| why.push_str(&format!("unexpected: {object}\n")));
    why.push_str(said);
    Err(Outcome::failed(why))
}

/// Whether a reported obstacle is `REASON[|REASON] [fd=N] [address=0xN] says=WORD`.
fn matches(object: &Value, expected: &str) -> bool {
    let mut words = expected.split(' ');
    let mut reasons = words.next().unwrap_or_default().split('|');
    reasons.any(|reason| object["reason"] == reason)
        && words.all(|word| match word.split_once('=') {
            Some(("fd", number)) => object["fd"].as_i64() == number.parse().ok(),
            Some(("address", address)) => object["address"] == address,
            Some(("says", said)) => {
                let message = object["message"].as_str().unwrap_or_default();
                message.to_lowercase().contains(&said.to_lowercase())
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_obstacle_is_compared_by_all_that_is_expected_of_it() {
        let object = json!({"reason": "FileKind", "fd": 7, "message": "fd 7: an EventFD"});
        assert!(matches(&object, "FileKind fd=7 says=eventfd"));
        assert!(matches(&object, "AreaKind|FileKind says="));
        assert!(!matches(&object, "FileKind fd=8 says="));
        assert!(!matches(&object, "FileKind fd=7 says=pipe"));
        assert!(!matches(&object, "FileRemoved fd=7 says="));
        assert!(!matches(&object, "FileKind address=0x7000 says="));
    }

    #[test]
    fn a_missing_and_a_surprising_obstacle_are_found() {
        let ready = |expected: &[&str], allowed: &[&str]| Ready {
            expected: expected.iter().map(ToString::to_string).collect(),
            allowed: allowed.iter().map(ToString::to_string).collect(),
            ..Ready::default()
        };
        let said = "{\"reason\": \"FileKind\", \"fd\": 3, \"message\": \"\"}\nno JSON\n";
        assert!(compare(&ready(&["FileKind fd=3 says="], &[]), said).is_ok());
        assert!(compare(
            &ready(&["FileKind fd=3 says=", "TaskMany says="], &[]),
            said
        )
        .is_err());
        assert!(compare(&ready(&[], &[]), said).is_err());
        assert!(compare(&ready(&[], &["FileKind"]), said).is_ok());
    }
}
