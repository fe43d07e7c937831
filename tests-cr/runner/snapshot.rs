// SPDX-License-Identifier: GPL-2.0

//! What /proc shows of a frozen task, as lines that can be compared.
//!
//! Everything is compared but what is listed here, with the reason why it may differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::container::Container;
use crate::verdict::{Outcome, Step};

/// Lines of /proc/PID/status that may differ.
const STATUS_MAY_DIFFER: &[(&str, &str)] = &[
    ("State", "a frozen task sleeps, or is just about to"),
    ("PPid", "a parent outside becomes the restarter"),
    (
        "Tgid",
        "a number of the outer pid namespace; the others are compared as NSpid",
    ),
    ("Ngid", "NUMA balancing decides"),
    ("Pid", "as Tgid"),
    (
        "FDSize",
        "room in the descriptor table, which grows in steps",
    ),
    (
        "VmHWM",
        "the highest value ever, and maybe higher during the restart",
    ),
    (
        "VmRSS",
        "pages of files are resident or not as the kernel likes",
    ),
    ("RssAnon", "the same: zero pages need not be resident"),
    ("RssFile", "as VmRSS"),
    ("RssShmem", "as VmRSS"),
    ("HugetlbPages", "as VmRSS"),
    ("VmPTE", "page tables are made when pages are touched"),
    ("VmSwap", "as VmRSS"),
    ("SigQ", "counts the signals of all processes of the user"),
    ("Cpus_allowed_list", "the same as Cpus_allowed"),
    ("Mems_allowed", "belongs to the cgroup"),
    ("Mems_allowed_list", "belongs to the cgroup"),
    ("voluntary_ctxt_switches", "counts what really happened"),
    ("nonvoluntary_ctxt_switches", "as above"),
];

/// Fields of /proc/PID/stat, numbered as in proc(5), that may differ.
const STAT_MAY_DIFFER: &[(usize, &str)] = &[
    (1, "a number of the outer pid namespace"),
    (3, "the state, as above"),
    (4, "the parent is the restarter"),
    (5, "a number of the outer pid namespace; compared as NSpgid"),
    (6, "likewise; compared as NSsid"),
    (
        8,
        "a number of the outer pid namespace; the facts of terminals ask for it",
    ),
    (9, "bits of the kernel's own"),
    (10, "minor faults: counts what really happened"),
    (11, "the same of children"),
    (12, "major faults"),
    (13, "the same of children"),
    (14, "user time: as near as the kernel allows"),
    (15, "system time"),
    (16, "user time of children"),
    (17, "system time of children"),
    (22, "start time: seen from outside, by the host's clock"),
    (24, "resident pages: as VmRSS"),
    (35, "where in the kernel it sleeps: frozen, both times"),
    (39, "the CPU that it ran on"),
    (42, "time waited for disks"),
    (43, "guest time"),
    (44, "guest time of children"),
];

/// Field of /proc/PID/stat with the process group that is in the foreground of the terminal.
const FOREGROUND: usize = 8;

/// Lines of /proc/PID/fdinfo/N that may differ.
const FDINFO_MAY_DIFFER: &[(&str, &str)] = &[
    (
        "mnt_id",
        "the restarted container has a mount namespace of its own",
    ),
    ("eventfd-id", "numbered by the machine"),
    ("it_value", "of a timerfd: what is left of it"),
    (
        "ticks",
        "of a timerfd: it goes on, and others set the clock",
    ),
    ("Pid", "of a pidfd: the number that the host has given it"),
    (
        "NSpid",
        "the same; and the container has a pid namespace of its own",
    ),
];

/// Flags of areas in /proc/PID/smaps that may differ.
const AREA_FLAGS_MAY_DIFFER: &[(&str, &str)] = &[
    ("sd", "soft-dirty: everything was written anew"),
    (
        "gu",
        "there were guard pages once: areas that are merged share the flag",
    ),
];

/// Files whose content is compared as it is.
const WHOLE: &[&str] = &[
    "cmdline",
    "environ",
    "auxv",
    "comm",
    "personality",
    "timerslack_ns",
    "oom_score_adj",
    "coredump_filter",
    "limits",
    "loginuid",
    "sessionid",
    "timers",
    "uid_map",
    "attr/current",
];

/// Links whose targets are compared.
const LINKS: &[&str] = &["cwd", "exe", "root"];

/// Tasks as /proc shows them.
pub struct Snapshot(Vec<String>);

/// Of a process, so many threads are looked at one by one.
const THREADS: usize = 32;

impl Snapshot {
    /// Of a frozen container. Inode numbers count within one boot only.
    pub fn take(container: &Container, same_boot: bool) -> Step<Self> {
        let dirs = || {
            let pids = container.pids().into_iter();
            pids.map(|pid| PathBuf::from(format!("/proc/{pid}")))
        };
        // Namespaces around the container's own, which some process is in.
        let levels = |dir: PathBuf| {
            // A name need not be text.
            let status = fs::read(dir.join("status")).unwrap_or_default();
            let status = String::from_utf8_lossy(&status);
            pids_of(&status).len()
        };
        let outer = dirs().map(levels).min().unwrap_or(1).saturating_sub(1);
        let mut processes: Vec<(i32, Task)> =
            dirs().map(|dir| Task::at(dir, same_boot, outer)).collect();
        if processes.is_empty() {
            return Err(Outcome::failed("nobody is in the cgroup"));
        }
        processes.sort_by_key(|(number, _)| *number);
        let mut all = Vec::new();
        for (number, process) in &processes {
            let lines = process.lines();
            all.extend(lines.into_iter().map(|line| format!("{number}: {line}")));
            for (thread, lines) in process.threads() {
                all.extend(lines.into_iter().map(|line| format!("{thread}: {line}")));
            }
        }
        Ok(Self(all))
    }

    pub fn to_text(&self) -> String {
        self.0.join("\n")
    }

    pub fn from_text(text: &str) -> Self {
        Self(text.lines().map(str::to_string).collect())
    }

    /// Fails with the lines that are in one of the two only. Whether a signal of `may_fire` is
    /// pending does not count.
    pub fn must_equal(&self, after: &Self, may_fire: u64) -> Step<()> {
        let without = |lines: &[String]| -> Vec<String> {
            let lines = lines.iter();
            lines.map(|line| without_signals(line, may_fire)).collect()
        };
        let comparable = |lines: &[String], other: &[String]| {
            let other: BTreeSet<&String> = other.iter().collect();
            lines
                .iter()
                .filter(|line| !other.contains(line))
                .cloned()
                .collect::<Vec<String>>()
        };
        let (before, after) = (without(&self.0), without(&after.0));
        let gone = comparable(&before, &after);
        let new = comparable(&after, &before);
        if gone.is_empty() && new.is_empty() {
            return Ok(());
        }
        let mut text = String::from("/proc shows something else than before\n");
        gone.iter()
            .take(20)
            .for_each(|line| text.push_str(&format!("was {line}\n")));
        new.iter()
            .take(20)
            .for_each(|line| text.push_str(&format!("is  {line}\n")));
        Err(Outcome::failed(text))
    }
}

struct Task {
    dir: PathBuf,
    same_boot: bool,
    outer: usize,
}

/// The numbers of a task, from the outermost namespace that is seen to its own.
fn pids_of(status: &str) -> Vec<i32> {
    let line = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    let numbers = line.unwrap_or_default().split_whitespace();
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// A lock: its kind, who took it, by his number in his own namespace, and its range. The inode is
/// that of the file.
fn lock(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [kind @ .., taker, _inode, start, end] = &words[..] else {
        return line.to_string();
    };
    let status = fs::read(format!("/proc/{taker}/status")).unwrap_or_default();
    let numbers = pids_of(&String::from_utf8_lossy(&status));
    let taker = match (numbers.last(), *taker) {
        (Some(number), _) => number.to_string(),
        (None, "-1") => "the open file".to_string(),
        (None, _) => "gone".to_string(),
    };
    format!("{} {taker} {start} {end}", kind.join(" "))
}

impl Task {
    /// With its number in the container's own pid namespace.
    fn at(dir: PathBuf, same_boot: bool, outer: usize) -> (i32, Self) {
        let task = Self {
            dir,
            same_boot,
            outer,
        };
        let numbers = pids_of(&task.text("status"));
        (numbers.get(outer).copied().unwrap_or(0), task)
    }

    /// Everything that is compared.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.status(&mut lines);
        self.stat(&mut lines);
        for name in WHOLE {
            lines.extend(
                readable(&self.bytes(name))
                    .lines()
                    .map(|line| format!("{name}: {}", without_outer_pid(line))),
            );
        }
        for name in LINKS {
            lines.push(format!("{name}: {}", self.link(name)));
        }
        self.descriptors(&mut lines);
        self.areas(&mut lines);
        lines
    }

    /// The other threads of a process, and what they have for themselves.
    fn threads(&self) -> Vec<(i32, Vec<String>)> {
        let Ok(entries) = fs::read_dir(self.dir.join("task")) else {
            return Vec::new();
        };
        let entries = entries.flatten().skip(1).take(THREADS);
        let threads = entries.map(|entry| {
            let (number, thread) = Self::at(entry.path(), self.same_boot, self.outer);
            let mut lines = Vec::new();
            thread.status(&mut lines);
            thread.stat(&mut lines);
            (number, lines)
        });
        threads.collect()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.dir.join(name)).unwrap_or_default()
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(&self.bytes(name)).into_owned()
    }

    fn link(&self, name: &str) -> String {
        match fs::read_link(self.dir.join(name)) {
            // On one line, whatever bytes are in it.
            Ok(target) => target.as_os_str().as_bytes().escape_ascii().to_string(),
            Err(error) => error.to_string(),
        }
    }

    fn status(&self, lines: &mut Vec<String>) {
        for line in self.text("status").lines() {
            let name = line.split(':').next().unwrap_or_default();
            if STATUS_MAY_DIFFER.iter().any(|(other, _)| *other == name) {
                continue;
            }
            if name.starts_with("NS") {
                // The container's own level, and those inside.
                let numbers: Vec<&str> = line.split_whitespace().skip(1 + self.outer).collect();
                lines.push(format!("status: {name}: {}", numbers.join(" ")));
            } else {
                lines.push(format!("status: {line}"));
            }
        }
    }

    fn stat(&self, lines: &mut Vec<String>) {
        let text = self.text("stat");
        // The name may contain anything, also parentheses.
        let after_name = text.rsplit_once(") ").map_or("", |(_, after)| after);
        for (index, field) in after_name.split_whitespace().enumerate() {
            let number = index + 3;
            if number == FOREGROUND {
                // One who is gone has no number on the host after a restart.
                let group = match field {
                    "0" => "somebody who is gone".to_string(),
                    field => self.number_of(field),
                };
                lines.push(format!("stat: in the foreground: {group}"));
            } else if !STAT_MAY_DIFFER.iter().any(|(other, _)| *other == number) {
                lines.push(format!("stat: field {number}: {field}"));
            }
        }
    }

    /// The number of a process in the container's own pid namespace, of one that the host has given it.
    fn number_of(&self, pid: &str) -> String {
        let status = fs::read(format!("/proc/{pid}/status")).unwrap_or_default();
        let numbers = pids_of(&String::from_utf8_lossy(&status));
        let number = numbers.get(self.outer).map(ToString::to_string);
        number.unwrap_or_else(|| match pid {
            "-1" | "0" => "nobody".to_string(),
            _ => "somebody who is gone".to_string(),
        })
    }

    fn descriptors(&self, lines: &mut Vec<String>) {
        let Ok(entries) = fs::read_dir(self.dir.join("fd")) else {
            return;
        };
        // In the order of their numbers.
        let mut pipes: BTreeMap<String, String> = BTreeMap::new();
        for entry in entries.flatten() {
            let fd = entry.file_name().to_string_lossy().into_owned();
            let link = self.link(&format!("fd/{fd}"));
            if is_pipe(&link) {
                let first = pipes.entry(link.clone()).or_insert(fd.clone());
                lines.push(format!("fd {fd}: the pipe of fd {first}"));
            } else {
                lines.push(format!("fd {fd}: {}", without_number(&link)));
            }
            let text = self.text(&format!("fdinfo/{fd}"));
            // What an epoll looks at: without the inode, and in no order.
            let (mut items, rest): (Vec<&str>, Vec<&str>) =
                text.lines().partition(|line| line.starts_with("tfd:"));
            items.sort_unstable();
            let items = items.iter().map(|item| item.split(" ino:").next());
            lines.extend(items.flatten().map(|item| format!("fd {fd}: {item}")));
            for line in rest {
                let name = line.split(':').next().unwrap_or_default();
                if let Some(watch) = line.strip_prefix("inotify ") {
                    // What is watched may have been removed; then it is made anew.
                    let mut words = watch.split(' ');
                    let is_known = |word: &&str| {
                        let (name, _) = word.split_once(':').unwrap_or_default();
                        matches!(name, "wd" | "mask" | "ignored_mask")
                    };
                    let words: Vec<&str> = words.by_ref().filter(is_known).collect();
                    lines.push(format!("fd {fd}: watches {}", words.join(" ")));
                    continue;
                }
                if let Some(mark) = line.strip_prefix("fanotify ") {
                    // Likewise; and mounts have numbers of their own in another namespace.
                    let is_known = |word: &&str| {
                        let (name, _) = word.split_once(':').unwrap_or_default();
                        !matches!(name, "ino" | "sdev" | "mnt_id") && !name.contains("handle")
                    };
                    let words: Vec<&str> = mark.split(' ').filter(is_known).collect();
                    lines.push(format!("fd {fd}: marks {}", words.join(" ")));
                    continue;
                }
                if name == "lock" {
                    lines.push(format!("fd {fd}: {}", lock(line)));
                    continue;
                }
                let inode = name == "ino" && (!self.same_boot || is_nameless(&link));
                if !inode && !FDINFO_MAY_DIFFER.iter().any(|(other, _)| *other == name) {
                    lines.push(format!("fd {fd}: {}", line.replace('\t', " ")));
                }
            }
        }
    }

    /// Areas with their flags. Adjacent anonymous ones that are alike count as one: when the
    /// kernel merges them depends on how they came to be.
    fn areas(&self, lines: &mut Vec<String>) {
        let smaps = self.text("smaps");
        let mut areas: Vec<(u64, u64, String)> = Vec::new();
        let mut current = None;
        for line in smaps.lines() {
            if let Some(area) = self.area(line) {
                current = Some(area);
            } else if let (Some(flags), Some((start, end, rest))) = (
                line.strip_prefix("VmFlags:"),
                current.take_if(|_| line.starts_with("VmFlags:")),
            ) {
                let mut flags: Vec<&str> = flags.split_whitespace().collect();
                flags.retain(|flag| !AREA_FLAGS_MAY_DIFFER.iter().any(|(other, _)| other == flag));
                let rest = format!("{rest} ({})", flags.join(" "));
                match areas.last_mut() {
                    Some(last) if last.1 == start && last.2 == rest && rest.contains(" anon ") => {
                        last.1 = end;
                    }
                    _ => areas.push((start, end, rest)),
                }
            }
        }
        lines.extend(
            areas
                .iter()
                .map(|(start, end, rest)| format!("{start:x}-{end:x} {rest}")),
        );
    }

    /// `START-END RIGHTS OFFSET DEVICE INODE   NAME`, if the line is one.
    fn area(&self, line: &str) -> Option<(u64, u64, String)> {
        let mut words = line.splitn(6, ' ');
        let (start, end) = words.next()?.split_once('-')?;
        let (start, end) = (hex(start)?, hex(end)?);
        let (rights, offset) = (words.next()?, words.next()?);
        let (device, inode) = (words.next()?, words.next()?);
        let name = words.next().unwrap_or_default().trim_start();
        // A heap that lies against the program's data is one area with it, or another: what begins
        // and ends it is told by stat.
        let name = if name == "[heap]" { "" } else { name };
        // What mmap makes for huge pages is a new file each time.
        let is_new = is_nameless(name) || name == "/anon_hugepage (deleted)";
        let rest = match (inode, self.same_boot && !is_new) {
            ("0", _) => format!("{rights} anon {name}"),
            (_, true) => format!("{rights} {offset} {device} {inode} {name}"),
            (_, false) => format!("{rights} {offset} {name}"),
        };
        Some((start, end, rest))
    }
}

/// What has no name is made again, and gets an inode number as any new file does.
fn is_nameless(link: &str) -> bool {
    let starts = ["[anon_shmem:", "anon_inode:[pidfd]", "/proc/sys/"];
    link.ends_with(" (deleted)")
        || starts.iter().any(|start| link.starts_with(start))
        || is_pipe(link)
        || is_queue(link)
}

/// A message queue that mq_open has opened is called by its name, where no file is.
fn is_queue(link: &str) -> bool {
    link.starts_with('/') && link.rfind('/') == Some(0) && fs::symlink_metadata(link).is_err()
}

/// A pipe or socket is called by its inode number, and that is new.
fn is_pipe(link: &str) -> bool {
    link.starts_with("pipe:[") || link.starts_with("socket:[")
}

/// A file that never had a name is called by its inode number.
fn without_number(link: &str) -> &str {
    match link.rsplit_once("/#") {
        Some((directory, number)) if is_nameless(number) => directory,
        _ => link,
    }
}

fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

/// A set of pending signals without some of them.
fn without_signals(line: &str, signals: u64) -> String {
    let pending = line.split_once("Pnd:\t");
    match pending.and_then(|(name, set)| Some((name, hex(set)?))) {
        Some((name, set)) => format!("{name}Pnd: {:016x}", set & !signals),
        None => line.to_string(),
    }
}

/// Whom a timer notifies is shown by a number of the outer pid namespace.
fn without_outer_pid(line: &str) -> &str {
    match line.strip_prefix("notify: ") {
        Some(_) => line.trim_end_matches(|digit: char| digit.is_ascii_digit()),
        None => line,
    }
}

/// Bytes as text on as many lines as they have; zero bytes end a line too.
fn readable(bytes: &[u8]) -> String {
    let is_text = bytes
        .iter()
        .all(|&byte| byte == 0 || byte == b'\n' || (32..127).contains(&byte));
    if is_text {
        return String::from_utf8_lossy(bytes).replace('\0', "\n");
    }
    bytes
        .chunks(16)
        .map(|line| format!("{line:02x?}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(same_boot: bool) -> Task {
        Task {
            dir: PathBuf::from("/proc/self"),
            same_boot,
            outer: 0,
        }
    }

    #[test]
    fn every_difference_is_found() {
        let snapshot = |text: &str| Snapshot::from_text(text);
        assert!(snapshot("a\nb").must_equal(&snapshot("a\nb"), 0).is_ok());
        let outcome = snapshot("a\nb").must_equal(&snapshot("b\nc"), 0).err();
        let why = outcome.map(|outcome| outcome.why).unwrap_or_default();
        assert!(why.contains("was a\n") && why.contains("is  c\n") && !why.contains(" b\n"));
    }

    #[test]
    fn timers_may_fire_meanwhile() {
        let snapshot = |text: &str| Snapshot::from_text(text);
        let (before, after) = ("status: ShdPnd:\t0000", "status: ShdPnd:\t2001");
        let equal = |may_fire| {
            let verdict = snapshot(before).must_equal(&snapshot(after), may_fire);
            verdict.is_ok()
        };
        assert!(equal(0x2001) && !equal(0x2000) && !equal(0));
    }

    #[test]
    fn areas_are_read() {
        let file = "7f00-8f00 r-xp 00002000 fe:01 1234    /usr/lib/some lib.so";
        let area = |same_boot: bool, line: &str| task(same_boot).area(line);
        let here = "r-xp 00002000 fe:01 1234 /usr/lib/some lib.so".to_string();
        assert_eq!(area(true, file), Some((0x7f00, 0x8f00, here)));
        let elsewhere = "r-xp 00002000 /usr/lib/some lib.so".to_string();
        assert_eq!(area(false, file), Some((0x7f00, 0x8f00, elsewhere)));
        let stack = "7000-8000 rw-p 00000000 00:00 0    [stack]";
        assert_eq!(
            area(true, stack),
            Some((0x7000, 0x8000, "rw-p anon [stack]".into()))
        );
        assert_eq!(area(true, "VmFlags: rd wr"), None);
        assert_eq!(area(true, "Size:       4 kB"), None);
    }

    #[test]
    fn our_own_areas_have_flags_and_names() {
        let mut lines = Vec::new();
        task(true).areas(&mut lines);
        assert!(lines
            .iter()
            .any(|line| line.contains("[stack]") && line.contains("rd wr")));
        assert!(lines.iter().all(|line| line.contains('(')));
    }
}
