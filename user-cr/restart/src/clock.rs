// SPDX-License-Identifier: GPL-2.0

//! The container's clocks, which go on from where they stopped.

use std::fs;

use anyhow::{anyhow, bail, Context, Result};
use ckpt_format::header::Header;
use nix::errno::Errno;
use nix::sched::{unshare, CloneFlags};
use nix::time::{clock_gettime, ClockId};

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;
const OFFSETS: &str = "/proc/self/timens_offsets";

/// How the kernel calls the clocks of a time namespace.
const NAMES: [&str; 2] = ["monotonic", "boottime"];

/// Tries to read both clocks without being interrupted in between.
const TRIES: usize = 100;

/// The children that we make from now on get a time namespace in which the monotonic clocks show what
/// they showed when the container was saved.
pub fn go_on(header: &Header) -> Result<()> {
    let Ok(table) = fs::read_to_string(OFFSETS) else {
        bail!("this kernel has no time namespaces (CONFIG_TIME_NS): the container's clocks would jump");
    };
    unshare(CloneFlags::from_bits_retain(nix::libc::CLONE_NEWTIME)).map_err(
        |error| match error {
            Errno::EPERM => {
                anyhow!("a new time namespace needs CAP_SYS_ADMIN: run restart as root")
            }
            error => anyhow!("cannot make a time namespace: {error}"),
        },
    )?;
    let saved = [header.monotonic_ns.get(), header.boottime_ns.get()];
    let mut lines = String::new();
    for ((name, now), saved) in NAMES.into_iter().zip(now()?).zip(saved) {
        let ours =
            offset(&table, name).with_context(|| format!("{OFFSETS} has no {name} clock"))?;
        lines += &line(name, i128::from(saved) - (now - ours));
    }
    fs::write(OFFSETS, lines).context("cannot set the container's clocks")
}

/// Our monotonic and our boot clock at one moment: they must not move apart by the time that it takes
/// to read one after the other.
fn now() -> Result<[i128; 2]> {
    let read = |clock| {
        let now = clock_gettime(clock).context("cannot read the clock")?;
        Ok::<_, anyhow::Error>(i128::from(now.tv_sec()) * SECOND + i128::from(now.tv_nsec()))
    };
    let mut best: Option<(i128, [i128; 2])> = None;
    for _ in 0..TRIES {
        let before = read(ClockId::CLOCK_MONOTONIC)?;
        let boot = read(ClockId::CLOCK_BOOTTIME)?;
        let took = read(ClockId::CLOCK_MONOTONIC)? - before;
        if best.is_none_or(|(least, _)| took < least) {
            best = Some((took, [before + took / 2, boot]));
        }
    }
    best.map(|(_, now)| now).context("cannot read the clock")
}

/// How far a clock of ours is ahead of the machine's, if we are in a time namespace ourselves.
fn offset(table: &str, name: &str) -> Option<i128> {
    let mut lines = table.lines().map(str::split_whitespace);
    let mut fields = lines.find_map(|mut fields| (fields.next()? == name).then_some(fields))?;
    let seconds: i128 = fields.next()?.parse().ok()?;
    let nanoseconds: i128 = fields.next()?.parse().ok()?;
    Some(seconds * SECOND + nanoseconds)
}

/// As the kernel reads it: the nanoseconds count upwards, also before zero.
fn line(name: &str, offset: i128) -> String {
    let seconds = offset.div_euclid(SECOND);
    let nanoseconds = offset.rem_euclid(SECOND);
    format!("{name} {seconds} {nanoseconds}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_and_written() {
        let table = "monotonic           0         0\nboottime         -12 500000000\n";
        assert_eq!(offset(table, "monotonic"), Some(0));
        assert_eq!(offset(table, "boottime"), Some(-11_500_000_000));
        assert_eq!(offset(table, "realtime"), None);
        assert_eq!(
            line("monotonic", -11_500_000_000),
            "monotonic -12 500000000\n"
        );
        assert_eq!(line("boottime", 1_000_000_007), "boottime 1 7\n");
    }
}
