// SPDX-License-Identifier: GPL-2.0

//! The command line.

use std::path::PathBuf;

const USAGE: &str = "\
ckpt-harness --vm PATH --tests DIR [OPTIONS]

Runs the test programs of DIR in virtual machines started by PATH (scripts/vm).

  --dynamic DIR   where the dynamically linked programs are; built if not given
  --kernel FILE   boot this kernel; else $LINUX_CR_KERNEL, else the debug kernel
  --tier TIER     core (the default) or all
  --family NAME   only this family; may be repeated
  --test NAME     only tests whose name contains this, or ends with it if a $
                  follows; may be repeated
  --mode MODE     only this mode: baseline, frozen, thawed, restarted, thrice,
                  rebooted, refused, altered, faulted, tools; may be repeated
  --seconds N     how long altered images of one program are tried, and a fifth of
                  how long what may fail of it does
  --root IMAGE    run real programs, the family programs, on a copy of this
                  root file system, and nothing else
  --jobs N        tests at a time in one machine
  --machines N    so many machines side by side, each with one processor and one
                  test at a time: the fastest for what tries one test for long
  --leaks         look for lost memory of the kernel when all is over: kmemleak,
                  which the sanitized kernel has, and which takes its time
  --list          print what would run, and run nothing
  --help          this text";

/// What was asked for.
#[derive(Clone, Default)]
pub struct Options {
    pub vm: PathBuf,
    pub tests: PathBuf,
    pub dynamic: Option<PathBuf>,
    pub kernel: Option<PathBuf>,
    pub root: Option<PathBuf>,
    pub all: bool,
    pub families: Vec<String>,
    pub tests_named: Vec<String>,
    pub modes: Vec<String>,
    pub jobs: usize,
    /// None: one, with several processors, for all tests.
    pub machines: Option<usize>,
    pub seconds: usize,
    pub leaks: bool,
    pub list: bool,
}

impl Options {
    /// From the arguments; ends the program if they make no sense.
    pub fn parse() -> Self {
        let kernel = std::env::var_os("LINUX_CR_KERNEL").filter(|path| !path.is_empty());
        let mut options = Self {
            jobs: 4,
            seconds: 3,
            kernel: kernel.map(PathBuf::from),
            ..Self::default()
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (argument.as_str(), None),
            };
            match name {
                "--leaks" => {
                    options.leaks = true;
                    continue;
                }
                "--list" => {
                    options.list = true;
                    continue;
                }
                "--help" | "-h" => {
                    println!("{USAGE}");
                    std::process::exit(0);
                }
                _ => (),
            }
            let Some(value) = value.or_else(|| arguments.next()) else {
                wrong(&format!("{name} needs a value"))
            };
            match name {
                "--vm" => options.vm = value.into(),
                "--tests" => options.tests = value.into(),
                "--dynamic" => options.dynamic = Some(value.into()),
                "--kernel" => options.kernel = Some(value.into()),
                "--root" => options.root = Some(value.into()),
                "--tier" if value == "core" => options.all = false,
                "--tier" if value == "all" => options.all = true,
                "--family" => options.families.push(value),
                "--test" => options.tests_named.push(value),
                "--mode" => options.modes.push(value),
                "--jobs" if value.parse::<usize>().is_ok() => {
                    options.jobs = value.parse().unwrap_or(1);
                }
                "--machines" if value.parse::<usize>().is_ok_and(|count| count > 0) => {
                    options.machines = value.parse().ok();
                }
                "--seconds" if value.parse::<usize>().is_ok() => {
                    options.seconds = value.parse().unwrap_or(1);
                }
                _ => wrong(&format!("do not know {name} {value}")),
            }
        }
        if options.vm.as_os_str().is_empty() || options.tests.as_os_str().is_empty() {
            wrong("--vm and --tests are needed");
        }
        options
    }
}

fn wrong(what: &str) -> ! {
    eprintln!("ckpt-harness: {what}; see --help");
    std::process::exit(2);
}
