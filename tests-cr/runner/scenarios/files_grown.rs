// SPDX-License-Identifier: GPL-2.0

//! Fact: files open for writing that have only grown stop a restart that names --files; `keep` leaves
//! them, `truncate` cuts them back, and only once all else is well. What shrank, was replaced, is mapped
//! or only read stops it in any case.

use std::fs::{self, File};
use std::io::Write;

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Step};
use crate::{modes, verdict::Outcome};

const SAVED: &str = "saved\n";
const MORE: &str = "much more than before\n";

fn path(stage: &Stage, name: &str) -> std::path::PathBuf {
    stage.container.dir.join(name)
}

fn content(stage: &Stage, name: &str) -> Step<String> {
    fs::read_to_string(path(stage, name)).doing(name)
}

fn grow(stage: &Stage, name: &str) -> Step<()> {
    let file = File::options().append(true).open(path(stage, name));
    file.and_then(|mut file| file.write_all(MORE.as_bytes()))
        .doing(name)
}

/// The restart succeeds, and the program ends well.
fn goes_well(stage: &Stage, mode: &str, log: &str, plain: &str) -> Step<()> {
    stage.reset()?;
    let restart = modes::restart(stage.container, &[mode])?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    modes::verdict(stage.container, ended.status).map_err(|mut outcome: Outcome| {
        outcome.why.push_str(&ended.said);
        outcome
    })?;
    for (name, wanted) in [("log", log), ("plain", plain)] {
        let found = content(stage, name)?;
        let why = format!("{mode}: {name} is {found:?}, not {wanted:?}");
        ensure(found == wanted, &why)?;
    }
    Ok(())
}

/// The modes that allow for logs refuse this too, with this word, and change nothing.
fn never(stage: &Stage, word: &str) -> Step<()> {
    for mode in ["--files=keep", "--files=truncate"] {
        let before = content(stage, "log")?;
        refused(&stage.restart(&[mode])?, word)?;
        stage.nothing_is_left()?;
        ensure(content(stage, "log")? == before, "the log was changed")?;
    }
    Ok(())
}

/// Something happens to a file that must be as it was; afterwards it is so again.
fn must_be_as_it_was(stage: &Stage, name: &str) -> Step<()> {
    let (bytes, times) = (
        fs::read(path(stage, name)).doing(name)?,
        fs::metadata(path(stage, name)).doing(name)?.modified(),
    );
    grow(stage, name)?;
    never(stage, name)?;
    fs::write(path(stage, name), bytes).doing(name)?;
    File::options()
        .write(true)
        .open(path(stage, name))
        .and_then(|file| file.set_modified(times?))
        .doing(name)
}

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_logs")?;
    let grown = format!("{SAVED}{MORE}");
    grow(stage, "log")?;
    grow(stage, "plain")?;
    for mode in ["--json", "--files=strict"] {
        let ended = stage.restart(&[mode])?;
        refused(&ended, "--files=keep")?;
        ensure(ended.said.contains("log"), "the log is not named")?;
        stage.nothing_is_left()?;
    }
    for mode in ["--files=keep", "--files=truncate"] {
        let ended = stage.restart(&[mode, "--verify"])?;
        let why = format!("{mode} --verify\n{}", ended.said);
        ensure(ended.status.success(), &why)?;
        ensure(content(stage, "log")? == grown, "--verify cut the log")?;
    }
    must_be_as_it_was(stage, "both")?;
    must_be_as_it_was(stage, "read")?;

    let log = format!("{grown}after\n");
    let mut plain = grown.clone();
    plain.replace_range(SAVED.len()..SAVED.len() + 6, "after\n");
    goes_well(stage, "--files=keep", &log, &plain)?;
    let both = format!("{SAVED}after\n");
    goes_well(stage, "--files=truncate", &both, &both)?;

    fs::write(path(stage, "log"), "sa").doing("log")?;
    never(stage, "log")?;
    fs::rename(path(stage, "log"), path(stage, "old")).doing("log")?;
    fs::write(path(stage, "log"), &grown).doing("log")?;
    never(stage, "replaced")
}
