// SPDX-License-Identifier: GPL-2.0

//! Fact: files of the machine in procfs, sysfs and cgroupfs stay open, and who has read them halfway
//! reads the other half of the same.
//!
//! Could break: their content is made while they are read, at the first read all of it or record by
//! record. Whoever only goes on at the same offset gets half of what is made later. Some have to do
//! with who opened them.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use ckpt_support::{are_one_open_file, check, checkpoint_here, must, same};

/// Of one record or of many; the same from boot to boot.
const LASTING: [&str; 6] = [
    "/proc/filesystems",
    "/proc/devices",
    "/proc/sys/kernel/ostype",
    "/sys/kernel/mm/transparent_hugepage/enabled",
    "/sys/devices/system/cpu/possible",
    "/sys/fs/cgroup/cgroup.controllers",
];

fn open(name: &str) -> File {
    File::open(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn rest(file: &mut File) -> String {
    let mut text = String::new();
    file.read_to_string(&mut text).expect("read");
    text
}

/// Up to so many bytes, in one call.
fn read(file: &mut File, count: usize) -> String {
    let mut bytes = vec![0; count];
    let count = file.read(&mut bytes).expect("read");
    bytes.truncate(count);
    String::from_utf8(bytes).expect("text")
}

/// What /proc/uptime says, in hundredths of a second, with what the clock says.
fn uptime(text: &str) -> i64 {
    let first = text.split(' ').next().unwrap_or_default();
    first.replace('.', "").parse().unwrap_or(-1)
}

fn now() -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes one timespec.
    unsafe { libc::clock_gettime(libc::CLOCK_BOOTTIME, &mut time) };
    time.tv_sec * 100 + time.tv_nsec / 10_000_000
}

/// A file with the symbols' addresses, opened by somebody who must not know them.
fn symbols() -> Option<File> {
    // SAFETY: takes no pointer.
    unsafe { must("seteuid", libc::seteuid(65534)) };
    let file = File::open("/proc/kallsyms").ok();
    // SAFETY: takes no pointer.
    unsafe { must("seteuid", libc::seteuid(0)) };
    file
}

pub fn run() {
    // Cut at many places, with one byte of buffer or many.
    let mut cut = Vec::new();
    for name in LASTING {
        let whole = rest(&mut open(name));
        for at in [0, 1, 2, 5, 17, 40, 41, whole.len() - 1, whole.len()] {
            let mut file = open(name);
            let at = at.min(whole.len());
            let mut half = String::new();
            while half.len() < at {
                let left = at - half.len();
                let step = if at % 2 == 0 { left } else { left.min(3) };
                half += &read(&mut file, step);
            }
            cut.push((name, whole.clone(), half, file));
        }
    }
    // One that is always new, and whose reader has got only a part.
    let early = now();
    let mut clock = open("/proc/uptime");
    let mut time = read(&mut clock, 2);
    let mut ended = open("/proc/uptime");
    let _ = rest(&mut ended);
    let by_place = open("/proc/uptime");
    let mut head = [0; 2];
    by_place.read_exact_at(&mut head, 0).expect("pread");
    let late = now();
    // At an offset that was not read up to.
    let mut far = open("/proc/filesystems");
    far.seek(SeekFrom::Start(7)).expect("seek");
    let mut both = far.try_clone().expect("dup");
    let mut processors = open("/proc/cpuinfo");
    let first = read(&mut processors, 5);
    // Settings may be open for writing.
    let mut setting = File::options();
    let setting = setting.read(true).write(true);
    let mut setting = setting.open("/proc/sys/vm/swappiness").expect("a setting");
    let value = rest(&mut setting);
    setting.rewind().expect("seek");
    let mut hidden = symbols();
    let some = hidden.as_mut().map(|file| read(file, 30));
    let mut slabs = open("/proc/slabinfo");
    let slab = read(&mut slabs, 8);
    let mut processes = open("/sys/fs/cgroup/cgroup.procs");
    let whole = rest(&mut processes);
    let one = whole.lines().next().map(|line| format!("{line}\n"));
    let one = one.unwrap_or_default();
    let mut line = [0; 1];
    processes.read_exact_at(&mut line, 0).expect("pread");

    checkpoint_here();

    for (name, whole, half, mut file) in cut {
        let all = half.clone() + &rest(&mut file);
        same(&format!("{name} after {} bytes", half.len()), &whole, &all);
        file.rewind().expect("seek");
        same(name, &whole, &rest(&mut file));
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    time += &rest(&mut clock);
    let then = uptime(&time);
    check(
        (early - 1..=late).contains(&then),
        &format!("/proc/uptime: read at {early}..{late}, says {time:?}"),
    );
    same("a file read to its end", &String::new(), &rest(&mut ended));
    let mut tail = [0; 9];
    let count = by_place.read_at(&mut tail, 2).expect("pread");
    let text = String::from_utf8([&head[..], &tail[..count]].concat()).expect("text");
    check(
        (early - 1..=late).contains(&uptime(&text)),
        &format!("read in two parts at {early}..{late}, says {text:?}"),
    );
    check(
        are_one_open_file(far.as_raw_fd(), both.as_raw_fd()),
        "a duplicate is another file",
    );
    let whole = rest(&mut open("/proc/filesystems"));
    same("from an offset", &whole[7..12].to_string(), &read(&mut both, 5));
    same("where the offset is", &12, &far.stream_position().expect("seek"));
    let count = |text: &str| text.matches("processor\t").count();
    let whole = count(&rest(&mut open("/proc/cpuinfo")));
    same("processors", &whole, &count(&(first + &rest(&mut processors))));
    setting.write_all(value.as_bytes()).expect("write");
    setting.rewind().expect("seek");
    same("a setting", &value, &rest(&mut setting));
    if let (Some(mut file), Some(some)) = (hidden, some) {
        let text = some + &read(&mut file, 2000);
        let is_hidden = |line: &&str| line.starts_with("0000000000000000 ");
        let shown: Vec<_> = text.lines().filter(|line| !is_hidden(line)).collect();
        // The last line may be half a line.
        check(shown.len() <= 1, &format!("addresses are shown: {shown:?}"));
    }
    let text = slab + &rest(&mut slabs);
    check(
        text.starts_with("slabinfo - version") && text.contains("\nkmalloc-64 "),
        "/proc/slabinfo differs",
    );
    let mut next = [0; 16];
    let count = processes.read_at(&mut next, 1).expect("pread");
    let text = [&line[..], &next[..count]].concat();
    let text = String::from_utf8_lossy(&text);
    check(
        text.starts_with(&one) && text.len() > one.len(),
        &format!("the processes are {text:?}"),
    );
}
