// SPDX-License-Identifier: GPL-2.0

//! What the kernel reports while tests run: a report fails the test that sees it.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

/// What a report begins with, or says in its first lines.
const SIGNS: &[&str] = &[
    "WARNING: ",
    "BUG: ",
    "pagealloc: ",
    "kernel BUG at",
    "Oops: ",
    "general protection fault",
    "INFO: task ",
    "INFO: possible ",
    "INFO: trying to register",
    "rcu: INFO",
    "UBSAN",
    "KASAN",
    "kmemleak: ",
    "refcount_t: ",
    "list_add corruption",
    "list_del corruption",
    "Bad page",
    "Bad rss-counter",
    "=====[ BUG",
    "possible circular locking",
    "suspicious RCU usage",
    "sleeping function called",
    "panicked",
];

/// Lines that follow the sign and belong to the report.
const LINES: usize = 45;

static LOG: LazyLock<Mutex<Option<File>>> = LazyLock::new(|| {
    let mut options = File::options();
    options.read(true).custom_flags(libc::O_NONBLOCK);
    Mutex::new(options.open("/dev/kmsg").ok())
});

/// Forgets what was there before.
pub fn drain() {
    lines();
}

/// Reports since the last time.
pub fn reports() -> Vec<String> {
    let mut lines = lines();
    let is_sign = |line: &String| SIGNS.iter().any(|sign| line.contains(sign));
    if !lines.iter().any(is_sign) {
        return Vec::new();
    }
    // The rest of it may be under way.
    std::thread::sleep(Duration::from_millis(500));
    lines.extend(self::lines());
    let first = lines.iter().position(is_sign).unwrap_or(0);
    lines.drain(first..).take(LINES).collect()
}

/// What kmemleak finds once everything is over, if it is on: memory to which nothing points any more.
pub fn leaks() -> Option<String> {
    const KMEMLEAK: &str = "/sys/kernel/debug/kmemleak";
    // What is younger may still be on its way into a structure.
    const AGE: Duration = Duration::from_secs(6);
    let is_on = |line: String| line.split_whitespace().any(|word| word == "kmemleak=on");
    if !fs::read_to_string("/proc/cmdline").is_ok_and(is_on) {
        return None;
    }
    // A pointer may move from what is not scanned yet to what has been: only what two scans miss is lost.
    for _ in 0..2 {
        std::thread::sleep(AGE);
        if let Err(error) = fs::write(KMEMLEAK, "scan") {
            return Some(format!("kmemleak does not scan: {error}"));
        }
    }
    match fs::read_to_string(KMEMLEAK) {
        Ok(found) => Some(found),
        Err(error) => Some(format!("kmemleak tells nothing: {error}")),
    }
}

/// The last lines, for a test that hangs.
pub fn tail() -> Vec<String> {
    let mut all = Vec::new();
    if let Ok(mut log) = File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open("/dev/kmsg")
    {
        read_all(&mut log, &mut all);
    }
    all.split_off(all.len().saturating_sub(15))
}

fn lines() -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(log) = LOG.lock().expect("no panic").as_mut() {
        read_all(log, &mut lines);
    }
    lines
}

/// Each read gives one record: `priority,number,time,flags;text`.
fn read_all(log: &mut File, lines: &mut Vec<String>) {
    let mut buffer = [0u8; 8192];
    loop {
        match log.read(&mut buffer) {
            Ok(count) if count > 0 => {
                let record = String::from_utf8_lossy(&buffer[..count]);
                let text = record.split_once(';').map_or("", |(_, text)| text);
                lines.push(text.lines().next().unwrap_or_default().to_string());
            }
            // Records were overwritten: the next read goes on behind the gap.
            Err(error) if error.raw_os_error() == Some(libc::EPIPE) => {}
            _ => return,
        }
    }
}
