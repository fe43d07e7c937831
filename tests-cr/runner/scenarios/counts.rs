// SPDX-License-Identifier: GPL-2.0

//! What the whole machine has: objects of the kernel, memory, processes, files, mounts.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// What may be there without being the container's: less than one for each generation of the fewest.
const FEW: i64 = 6;

/// Objects of the kernel that make up a container, by the names of their caches. Those that the kernel has
/// merged with others of the same size are left out, and counted with all memory in objects.
const OBJECTS: &[&str] = &[
    "task_struct",
    "signal_cache",
    "sighand_cache",
    "files_cache",
    "fs_cache",
    "mm_struct",
    "vm_area_struct",
    "anon_vma",
    "anon_vma_chain",
    "pid",
    "pid_namespace",
    "nsproxy",
    "cred",
    "cred_jar",
    "filp",
    "dentry",
    "inode_cache",
    "shmem_inode_cache",
    "proc_inode_cache",
    "mnt_cache",
    "posix_timers_cache",
    "sigqueue",
    "key_jar",
];

/// The kernel lets go of vmalloc()'s addresses in thousands: these come and go for reasons of their own.
const LET_GO_LATE: &str = "vmap_area";

const CACHES: &str = "/sys/kernel/slab";

/// Memory in objects of every kind, in KiB. Not that of their caches: their pages are never quite full.
const ALL_OBJECTS: &str = "memory in objects";

/// Pages that are neither free nor anybody's of whom /proc/meminfo knows, in KiB.
const OTHER_PAGES: &str = "other pages";

/// In KiB.
const PAGE: i64 = 4;

/// By name.
pub type Counts = BTreeMap<String, i64>;

/// Waits until nothing is more than it was: much goes a while after the container has.
pub fn must_not_have_grown(before: &Counts, generations: usize) -> Step<()> {
    let mut grown = Vec::new();
    let gone = wait::until(Duration::from_secs(60), || {
        let now = take().ok()?;
        grown = before
            .iter()
            .map(|(name, before)| (name, *before, now.get(name).copied().unwrap_or(0)))
            .filter(|(name, before, now)| *now > *before + tolerance(name))
            .map(|(name, before, now)| format!("{name}: {before}, then {now}\n"))
            .collect();
        grown.is_empty().then_some(())
    });
    let list = || {
        format!(
            "more is there after {generations} generations\n{}",
            grown.concat()
        )
    };
    gone.ok_or_else(|| Outcome::failed(list()))
}

fn tolerance(name: &str) -> i64 {
    match name {
        "mounts" | "cgroups" => 0,
        ALL_OBJECTS => 128,
        // Less than a page for each generation at length.
        OTHER_PAGES => 3072,
        "KernelStack" | "Percpu" | "VmallocUsed" => 256,
        // With the kernel's own, which has one for each 2 MiB of the addresses that it lets go late.
        "PageTables" => 512,
        "AnonPages" | "Shmem" => 1024,
        _ => FEW,
    }
}

/// What the machine has, when it has forgotten what it can.
pub fn take() -> Step<Counts> {
    let caches = "/proc/sys/vm/drop_caches";
    // What was used since the last time is only marked as old by the first, and goes with a later one.
    for _ in 0..4 {
        fs::write(caches, "3").doing(caches)?;
    }
    let mut counts = objects()?;
    let read = |path: &str| fs::read_to_string(path).doing(path);
    let numbers = |path: &str| -> Step<Vec<i64>> {
        let text = read(path)?;
        Ok(text
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect())
    };
    let files = numbers("/proc/sys/fs/file-nr")?;
    let inodes = numbers("/proc/sys/fs/inode-nr")?;
    let mut add = |name: &str, count: i64| counts.insert(name.into(), count);
    add("files", files[0]);
    add("inodes in use", inodes[0] - inodes[1]);
    add(
        "mounts",
        read("/proc/self/mountinfo")?.lines().count() as i64,
    );
    let cgroups = numbers(&format!("{}/cgroup.stat", crate::container::CGROUPS))?;
    add("cgroups", cgroups[0]);
    add("dying cgroups", cgroups[1]);
    let meminfo = read("/proc/meminfo")?;
    let kibibytes = |name: &str| -> i64 {
        let mut lines = meminfo.lines();
        let rest = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let number = rest.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.unwrap_or(0)
    };
    for name in [
        "KernelStack",
        "PageTables",
        "Percpu",
        "VmallocUsed",
        "AnonPages",
        "Shmem",
    ] {
        add(name, kibibytes(name));
    }
    let known = ["MemFree", "Buffers", "Cached", "Slab", "AnonPages"].map(kibibytes);
    let known = known.iter().sum::<i64>() + ready_pages(&read("/proc/zoneinfo")?) * PAGE;
    add(OTHER_PAGES, kibibytes("MemTotal") - known);
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let all = fs::read_dir("/proc").doing("/proc")?.flatten();
    let processes = all.filter(|entry| entry.file_name().to_str().is_some_and(is_number));
    add("processes", processes.count() as i64);
    Ok(counts)
}

/// Free pages that lie ready for a CPU, which count as taken: tens of MiB after much work.
fn ready_pages(zones: &str) -> i64 {
    let counts = zones
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("count:"));
    counts
        .filter_map(|count| count.trim().parse::<i64>().ok())
        .sum()
}

/// Objects in use: exact, when those that lie ready for each CPU have been given back.
fn objects() -> Step<Counts> {
    for cache in fs::read_dir(CACHES).doing(CACHES)?.flatten() {
        let _ = fs::write(cache.path().join("shrink"), "1");
    }
    let text = fs::read_to_string("/proc/slabinfo").doing("/proc/slabinfo")?;
    // Two lines say what the columns are: a name, how many are in use, how many there are, how large.
    let lines = text.lines().skip(2).filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |column: usize| words.get(column)?.parse::<i64>().ok();
        Some((words.first()?.to_string(), number(1)?, number(3)?))
    });
    let caches: Vec<_> = lines.filter(|(name, ..)| name != LET_GO_LATE).collect();
    let bytes: i64 = caches.iter().map(|(_, count, size)| count * size).sum();
    let named = caches
        .into_iter()
        .filter(|(name, ..)| OBJECTS.contains(&name.as_str()));
    let mut counts: Counts = named.map(|(name, count, _)| (name, count)).collect();
    counts.insert(ALL_OBJECTS.into(), bytes / 1024);
    Ok(counts)
}
