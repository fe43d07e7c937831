// SPDX-License-Identifier: GPL-2.0

//! Checkpoints and restarts, measured by the tools themselves (`--stats --json`).

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail, Context, Result};
use ckpt_sys::cgroup::{Cgroup, Waited};
use serde_json::{Map, Value};

use crate::limits::{drain, pipe};
use crate::subject::{Load, READY};

/// Where images and the subject's files are; on tmpfs.
const PLACE: &str = "/tmp/ckpt-bench";
const CGROUPS: &str = "/sys/fs/cgroup";
const IMAGE: &str = "image";

/// cgroup.events is told of at most once in 10 ms: a pause, so that no wait is for that.
const PAUSE: Duration = Duration::from_millis(25);
/// For anything that should take no time.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a tool said with `--stats`: names and numbers.
pub type Stats = Map<String, Value>;

/// All about one load: medians.
#[derive(Debug)]
pub struct Measured {
    pub load: Load,
    /// To freeze and thaw it, and nothing else.
    pub freezer: Duration,
    /// To /dev/null, into a file, into a pipe.
    pub to_null: Stats,
    pub to_file: Stats,
    pub to_pipe: Stats,
    /// From that file.
    pub from_file: Stats,
}

pub struct Bench {
    repeat: u32,
}

impl Bench {
    /// Goes to a new directory on tmpfs.
    pub fn prepare(repeat: u32) -> Result<Self> {
        let _ = fs::remove_dir_all(PLACE);
        fs::create_dir_all(PLACE).with_context(|| format!("cannot make {PLACE}"))?;
        std::env::set_current_dir(PLACE)?;
        fs::write("/proc/sys/vm/max_map_count", "1000000").context("vm.max_map_count")?;
        Ok(Self { repeat })
    }

    /// Starts it, measures it, and lets nothing of it remain.
    pub fn measure(&self, load: Load) -> Result<Measured> {
        let mut subject = Subject::start(load)?;
        let cgroup = &subject.cgroup;
        let median = |what: &dyn Fn() -> Result<Stats>| -> Result<Stats> {
            // The large ones are their own averages.
            let times = if load.bytes() > 256 << 20 {
                2
            } else {
                self.repeat
            };
            let runs = (0..times).map(|_| what()).collect::<Result<Vec<_>>>()?;
            Ok(medians(&runs))
        };
        let freezer = freezer_alone(cgroup, self.repeat * 4)?;
        let to_null = median(&|| checkpoint(load, Sink::Null))?;
        let to_pipe = median(&|| checkpoint(load, Sink::Pipe))?;
        let to_file = median(&|| checkpoint(load, Sink::File))?;
        subject.kill()?;
        let from_file = median(&restart)?;
        fs::remove_file(IMAGE)?;
        Ok(Measured {
            load,
            freezer,
            to_null,
            to_file,
            to_pipe,
            from_file,
        })
    }
}

/// The number in the middle, for each name.
fn medians(runs: &[Stats]) -> Stats {
    let Some(first) = runs.first() else {
        return Stats::new();
    };
    let names = first.keys().cloned();
    names
        .map(|name| {
            let mut numbers: Vec<u64> = runs.iter().map(|run| number(run, &name)).collect();
            numbers.sort_unstable();
            let middle = numbers[numbers.len() / 2];
            (name, middle.into())
        })
        .collect()
}

/// A number that a tool said; zero if it did not.
pub fn number(stats: &Stats, name: &str) -> u64 {
    stats.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// The median time to freeze the cgroup, hear of it, and thaw it.
fn freezer_alone(cgroup: &Cgroup, repeat: u32) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..repeat {
        thread::sleep(PAUSE);
        let start = Instant::now();
        cgroup.set_freezer(true)?;
        match cgroup.wait(|events| events.frozen, PATIENCE, None)? {
            Waited::Done => (),
            _ => bail!("the subject does not freeze"),
        }
        cgroup.set_freezer(false)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[times.len() / 2])
}

#[derive(Clone, Copy)]
enum Sink {
    Null,
    File,
    Pipe,
}

fn cgroup_of(load: Load) -> PathBuf {
    Path::new(CGROUPS).join(format!("ckpt-bench-{load}"))
}

fn checkpoint(load: Load, sink: Sink) -> Result<Stats> {
    thread::sleep(PAUSE);
    let mut command = Command::new("checkpoint");
    command.args(["--stats", "--json"]).arg(cgroup_of(load));
    match sink {
        Sink::Null => run(command.stdout(File::create("/dev/null")?)),
        Sink::File => run(command.args(["-o", IMAGE])),
        Sink::Pipe => {
            let (end, writer) = pipe()?;
            let reader = thread::spawn(move || drain(end));
            let stats = run(command.stdout(Stdio::from(writer)));
            // The command holds the last end to write to.
            drop(command);
            reader.join().map_err(|_| anyhow!("the reader failed"))?;
            stats
        }
    }
}

/// Restarts what the image holds, frozen, and kills it.
fn restart() -> Result<Stats> {
    thread::sleep(PAUSE);
    let path = Path::new(CGROUPS).join("ckpt-bench-restarted");
    let mut command = Command::new("restart");
    command.args(["--pids", "--detach", "--frozen", "--stats", "--json"]);
    command.args(["-i", IMAGE]).arg("--cgroup").arg(&path);
    let stats = run(command.stdout(Stdio::null()))?;
    let cgroup = Cgroup::open(&path)?;
    cgroup.kill()?;
    let start = Instant::now();
    // Whoever waits for it to be empty removes it.
    while path.exists() && start.elapsed() < PATIENCE {
        thread::sleep(PAUSE);
    }
    Ok(stats)
}

/// Runs a tool; gives what it measured.
fn run(command: &mut Command) -> Result<Stats> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn();
    let output = child
        .with_context(|| format!("cannot start {name}"))?
        .wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{name} failed: {said}");
    }
    let objects = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let stats = objects
        .filter_map(|object| object.get("stats")?.as_object().cloned())
        .next_back();
    stats.with_context(|| format!("{name} gave no statistics: {said}"))
}

/// A running subject in a cgroup of its own.
struct Subject {
    cgroup: Cgroup,
    child: Child,
}

impl Subject {
    fn start(load: Load) -> Result<Self> {
        let path = cgroup_of(load);
        if !path.exists() {
            fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        }
        let _ = fs::remove_file(READY);
        let null = || {
            File::options()
                .read(true)
                .write(true)
                .open("/dev/null")
                .map(OwnedFd::from)
        };
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("subject").arg(load.to_string());
        command.stdin(null()?).stdout(null()?);
        let procs = path.join("cgroup.procs");
        let enter = move || {
            fs::write(&procs, "0")?;
            // SAFETY: takes no pointer.
            unsafe { libc::setsid() };
            Ok(())
        };
        // SAFETY: the parent has one thread at this moment, so the child may do as it likes.
        unsafe { command.pre_exec(enter) };
        let mut child = command.spawn().context("cannot start the subject")?;
        let start = Instant::now();
        while !Path::new(READY).exists() {
            if let Some(status) = child.try_wait()? {
                bail!("the subject ended with {status}");
            }
            if start.elapsed() > PATIENCE {
                bail!("the subject is not ready");
            }
            thread::sleep(PAUSE);
        }
        let cgroup = Cgroup::open(&path)?;
        Ok(Self { cgroup, child })
    }

    fn kill(&mut self) -> Result<()> {
        self.cgroup.kill()?;
        self.child.wait()?;
        self.cgroup.remove(PATIENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_counts() {
        let run = |bytes: u64| Stats::from_iter([("bytes".to_owned(), bytes.into())]);
        let of = |runs: &[u64]| {
            let runs: Vec<Stats> = runs.iter().map(|bytes| run(*bytes)).collect();
            number(&medians(&runs), "bytes")
        };
        assert_eq!(of(&[7]), 7);
        assert_eq!(of(&[9, 1, 5]), 5);
        assert_eq!(of(&[]), 0);
    }
}
