// SPDX-License-Identifier: GPL-2.0

//! What runs in which mode, and in what order.

use std::fmt;

use crate::options::Options;
use crate::programs::Programs;

/// One test in one mode: a line of the runner's plan.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Planned {
    pub mode: String,
    pub name: String,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.name, self.printed_mode())
    }
}

impl Planned {
    /// The family.
    pub fn family(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// The mode as the user knows it: saving and resuming are two halves of one.
    pub fn printed_mode(&self) -> &str {
        match self.mode.as_str() {
            "resume" => "rebooted",
            mode => mode,
        }
    }
}

/// Modes that try one fact again and again: with `--all`, or by name.
const ATTACKS: [&str; 2] = ["altered", "faulted"];

/// Everything up to the reboot.
pub fn first(programs: &Programs, options: &Options) -> Vec<Planned> {
    let mut names: Vec<String> = Vec::new();
    for (fact, also_static) in &programs.facts {
        names.push(fact.clone());
        if *also_static {
            names.push(format!("{fact}-static"));
        }
    }
    names.extend(programs.scenarios.iter().cloned());
    let mut planned = Vec::new();
    for name in names {
        let family = name.split('/').next().unwrap_or_default();
        // The core tier leaves out the controls, and what adds little to a family's facts.
        let modes: &[&str] = match (family, options.all) {
            ("tools", false) if name.ends_with("_at_length") => &[],
            ("tools", _) => &["tools"],
            ("refuse", false) => &["refused"],
            ("refuse", true) => &["baseline", "refused"],
            ("timers", false) => &["restarted", "thrice", "save"],
            ("syscalls" | "signals", false) => &["thawed", "restarted", "save"],
            (_, false) => &["restarted", "save"],
            (_, true) => &[
                "baseline",
                "frozen",
                "thawed",
                "restarted",
                "thrice",
                "save",
            ],
        };
        let is_attacked =
            !matches!(family, "tools" | "refuse" | "programs") && !name.ends_with("-static");
        let attacks = ATTACKS.iter().filter(|mode| {
            is_attacked && (options.all || options.modes.iter().any(|asked| asked == *mode))
        });
        for mode in modes.iter().chain(attacks) {
            let job = Planned {
                mode: (*mode).to_string(),
                name: name.clone(),
            };
            if wanted(&job, options) {
                planned.push(job);
            }
        }
    }
    planned
}

/// The second half of what was saved for a reboot.
pub fn after_reboot(saved: &[Planned]) -> Vec<Planned> {
    let resume = |job: &Planned| Planned {
        mode: "resume".into(),
        name: job.name.clone(),
    };
    saved
        .iter()
        .filter(|job| job.mode == "save")
        .map(resume)
        .collect()
}

/// The whole of a test of which a half has failed.
pub fn from_start(job: &Planned) -> Planned {
    let mode = match job.mode.as_str() {
        "resume" => "save",
        mode => mode,
    };
    Planned {
        mode: mode.into(),
        name: job.name.clone(),
    }
}

fn wanted(job: &Planned, options: &Options) -> bool {
    let mode = if job.mode == "save" {
        "rebooted"
    } else {
        &job.mode
    };
    let among = |all: &[String], one: &str| all.is_empty() || all.iter().any(|other| other == one);
    let named = |part: &String| match part.strip_suffix('$') {
        Some(end) => job.name.ends_with(end),
        None => job.name.contains(part),
    };
    let named = options.tests_named.is_empty() || options.tests_named.iter().any(named);
    among(&options.families, job.family()) && among(&options.modes, mode) && named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs() -> Programs {
        Programs {
            statics: "".into(),
            dynamics: None,
            facts: vec![
                ("cpu/flags".into(), false),
                ("timers/alarm".into(), false),
                ("memory/vdso".into(), true),
                ("refuse/inotify".into(), false),
            ],
            scenarios: vec!["tools/stats".into()],
        }
    }

    fn lines(options: &Options) -> Vec<String> {
        let planned = first(&programs(), options);
        planned.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_family_has_its_modes() {
        let core = lines(&Options::default());
        assert!(core.contains(&"timers/alarm [thrice]".into()));
        assert!(!core.contains(&"cpu/flags [thrice]".into()));
        assert!(core.contains(&"memory/vdso-static [restarted]".into()));
        assert!(!core.contains(&"memory/vdso [thrice]".into()));
        assert!(core.contains(&"refuse/inotify [refused]".into()));
        assert!(!core.contains(&"refuse/inotify [restarted]".into()));
        assert!(core.contains(&"tools/stats [tools]".into()));
        let all = lines(&Options {
            all: true,
            ..Options::default()
        });
        assert!(all.contains(&"memory/vdso [thrice]".into()));
        assert!(all.contains(&"memory/vdso [frozen]".into()));
    }

    #[test]
    fn what_is_asked_for_is_what_runs() {
        let options = Options {
            families: vec!["memory".into()],
            modes: vec!["rebooted".into()],
            ..Options::default()
        };
        assert_eq!(
            lines(&options),
            ["memory/vdso [save]", "memory/vdso-static [save]"]
        );
        let resumed = after_reboot(&first(&programs(), &options));
        let resumed: Vec<String> = resumed.iter().map(ToString::to_string).collect();
        assert_eq!(
            resumed,
            ["memory/vdso [rebooted]", "memory/vdso-static [rebooted]"]
        );
        let options = Options {
            tests_named: vec!["vdso$".into()],
            modes: vec!["restarted".into()],
            ..Options::default()
        };
        assert_eq!(lines(&options), ["memory/vdso [restarted]"]);
    }
}
