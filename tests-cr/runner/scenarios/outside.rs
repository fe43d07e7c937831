// SPDX-License-Identifier: GPL-2.0

//! Jobs that a shell has started, with their input and output outside of the container.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::stage::{ensure, fine, Stage};
use crate::tool::{self, Ended, Running};
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// What the shell calls to become something in the container: `inside COMMAND...`.
pub const INSIDE: &str = "inside() { exec sh -c 'echo 0 >$PROCS; exec \"$@\"' inside \"$@\"; }\n";

impl Stage<'_> {
    /// A file in the directory of the test.
    pub fn file(&self, name: &str) -> PathBuf {
        self.container.dir.join(name)
    }

    /// What is in such a file so far.
    pub fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.file(name)).unwrap_or_default()).into_owned()
    }

    /// What somebody types at a shell outside of the container. It knows `inside`, `$CG`, `$IMAGE`
    /// and `$JOB`, the program with the samples.
    pub fn types(&self, line: &str) -> Step<Running> {
        tool::start(self.shell_for(line)?, &self.log("shell"))
    }

    /// The shell for that.
    pub fn shell_for(&self, line: &str) -> Step<Command> {
        let log = self.log("shell");
        let text = fs::File::create(&log).doing("the shell's log")?;
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{INSIDE}{line}")])
            .env("PROCS", self.cgroup().join("cgroup.procs"))
            .env("CG", self.cgroup())
            .env("IMAGE", self.container.image())
            .env("JOB", self.places.programs.join("dynamic/ckpt-cases"))
            .env("GO", self.file("go"))
            .env("MODE", "tools")
            .current_dir(&self.container.dir)
            .stdin(Stdio::null())
            .stdout(text.try_clone().doing("dup")?)
            .stderr(text);
        Ok(command)
    }

    /// The same, to its good end.
    pub fn has_typed(&self, line: &str) -> Step<Ended> {
        let ended = self.types(line)?.end(self.container)?;
        fine(&ended)?;
        Ok(ended)
    }

    /// Waits until so many lines are in a file.
    pub fn wait_for_lines(&self, name: &str, count: usize) -> Step<()> {
        let there = wait::until(wait::LIMIT, || {
            (self.text(name).lines().count() >= count).then_some(())
        });
        there.ok_or_else(|| {
            let (text, said) = (self.text(name), self.text("shell.log"));
            Outcome::failed(format!("{name} has not {count} lines\n{text}\n{said}"))
        })
    }

    /// Saves and kills the container. Gives what was said.
    pub fn saves(&self, options: &[&str]) -> Step<String> {
        let image = self.container.image();
        let mut all = vec!["--kill", "-o", image.to_str().unwrap_or_default()];
        all.extend(options);
        let ended = self.checkpoint(&all)?;
        fine(&ended)?;
        // Unless a restart has done that.
        self.container.end()?;
        Ok(ended.said)
    }
}

/// Something was said.
pub fn says(said: &str, words: &[&str]) -> Step<()> {
    match words.iter().find(|word| !said.contains(**word)) {
        None => Ok(()),
        Some(word) => Err(Outcome::failed(format!("does not say {word:?}\n{said}"))),
    }
}

/// The numbers that the sample `talker` writes, all and in their order.
pub fn is_all_talk(text: &str) -> Step<()> {
    let wanted: Vec<String> = (0..1500).map(|number| number.to_string()).collect();
    let found: Vec<&str> = text
        .lines()
        .filter(|line| *line != "still talking")
        .collect();
    let first = wanted.iter().zip(&found).find(|(one, other)| one != other);
    ensure(
        first.is_none() && wanted.len() == found.len(),
        &format!("{} lines, the first wrong one is {first:?}", found.len()),
    )
}
