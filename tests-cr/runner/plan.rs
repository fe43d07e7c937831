// SPDX-License-Identifier: GPL-2.0

//! What is to be run: jobs, read from the plan, and the programs for them.

use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::Places;

/// One test in one mode.
pub struct Job {
    pub mode: String,
    /// As printed: `FAMILY/FACT`, with `-static` behind it for the static program.
    pub name: String,
}

impl Job {
    /// The fact, as the program is told.
    pub fn fact(&self) -> &str {
        self.name.strip_suffix("-static").unwrap_or(&self.name)
    }

    /// The program for it.
    pub fn program(&self, places: &Places) -> PathBuf {
        if self.name.starts_with("programs/") {
            return places.programs.join("static/ckpt-programs");
        }
        let linked = if self.name.ends_with("-static") {
            "static"
        } else {
            "dynamic"
        };
        places.programs.join(linked).join("ckpt-cases")
    }

    /// A name for its cgroup and its directory; the same before and after a reboot.
    pub fn label(&self) -> String {
        let mode = if self.mode == "resume" {
            "save"
        } else {
            &self.mode
        };
        format!("{mode}-{}", self.name.replace('/', "-"))
    }
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.mode == "resume" {
            "rebooted"
        } else {
            &self.mode
        };
        write!(f, "{} [{mode}]", self.name)
    }
}

/// The jobs, one a line.
pub fn read(plan: impl Read) -> VecDeque<Job> {
    BufReader::new(plan)
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| {
            let (mode, name) = line.split_once(' ')?;
            Some(Job {
                mode: mode.to_string(),
                name: name.to_string(),
            })
        })
        .collect()
}

/// Copies the programs to the disk that outlives the machine, unless they are there: a restart
/// wants the very file that was running. With a Debian root there are drivers only.
pub fn copy_programs(places: &Places, statics: &Path, dynamics: &Path) {
    let drivers = ("static", "ckpt-programs", statics);
    let cases = [
        ("static", "ckpt-cases", statics),
        ("dynamic", "ckpt-cases", dynamics),
    ];
    let wanted = match statics.join(drivers.1).exists() {
        true => &[drivers][..],
        false => &cases,
    };
    for &(linked, name, from) in wanted {
        let to = places.programs.join(linked);
        let (from, to_file) = (from.join(name), to.join(name));
        if to_file.exists() {
            continue;
        }
        let copied = std::fs::create_dir_all(&to).and_then(|()| std::fs::copy(&from, &to_file));
        if let Err(error) = copied {
            eprintln!(
                "ckpt-runner: {} to {}: {error}",
                from.display(),
                to.display()
            );
            std::process::exit(2);
        }
    }
}
