// SPDX-License-Identifier: GPL-2.0

//! The program that is saved: has a lot of one thing, and sleeps.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::mem;
use std::ptr;
use std::str::FromStr;

use anyhow::{bail, Context, Result};

/// Written by the subject when it has everything.
pub const READY: &str = "ready";

const PAGE: usize = 4096;

/// What the subject has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Load {
    /// Nothing but itself.
    Small,
    /// So many MiB of memory, every page written.
    Memory(usize),
    /// So many areas, none of them touched.
    Areas(usize),
    /// So many open files.
    Files(usize),
    /// So many children.
    Processes(usize),
    /// So many threads more.
    Threads(usize),
    /// So many MiB of memory, and children that share all of it.
    Family(usize),
}

/// The children of a family.
pub const CHILDREN: usize = 16;

impl Load {
    /// What is measured, the small things first.
    pub fn all(quick: bool) -> Vec<Self> {
        let mut all = vec![
            Self::Small,
            Self::Memory(1),
            Self::Memory(64),
            Self::Areas(10_000),
            Self::Files(1000),
            Self::Processes(10),
            Self::Processes(100),
            Self::Threads(100),
            Self::Family(16),
        ];
        if !quick {
            all.extend([
                Self::Memory(512),
                Self::Areas(100_000),
                Self::Files(10_000),
                Self::Processes(1000),
                Self::Threads(10_000),
                Self::Family(512),
            ]);
        }
        all
    }

    /// Bytes of memory that the stream has to carry.
    pub fn bytes(self) -> u64 {
        match self {
            Self::Memory(mib) | Self::Family(mib) => (mib as u64) << 20,
            _ => 0,
        }
    }

    /// What it has many of, for costs of one.
    pub fn things(self) -> Option<(&'static str, usize)> {
        match self {
            Self::Areas(count) => Some(("area", count)),
            Self::Files(count) => Some(("descriptor", count)),
            Self::Processes(count) => Some(("process", count)),
            Self::Threads(count) => Some(("thread", count)),
            _ => None,
        }
    }

    /// The whole life of the subject.
    pub fn live(self) -> Result<()> {
        let _files = match self {
            Self::Small => Vec::new(),
            Self::Memory(mib) => {
                fill(mib << 20)?;
                Vec::new()
            }
            Self::Areas(count) => {
                divide(count)?;
                Vec::new()
            }
            Self::Files(count) => open(count)?,
            Self::Processes(count) => {
                have_children(count)?;
                Vec::new()
            }
            Self::Threads(count) => {
                have_threads(count)?;
                Vec::new()
            }
            Self::Family(mib) => {
                fill(mib << 20)?;
                have_children(CHILDREN)?;
                Vec::new()
            }
        };
        close_standard_error();
        fs::write(READY, "").context("cannot say that it is ready")?;
        loop {
            // SAFETY: takes no pointer.
            unsafe { libc::pause() };
        }
    }
}

/// New memory, not touched.
pub fn map(size: usize, protection: i32) -> Result<*mut u8> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a new mapping, wherever the kernel likes.
    let address = unsafe { libc::mmap(ptr::null_mut(), size, protection, flags, -1, 0) };
    if address == libc::MAP_FAILED {
        return Err(io::Error::last_os_error()).context("mmap");
    }
    Ok(address.cast())
}

/// Memory without a zero page and without two pages alike.
fn fill(size: usize) -> Result<()> {
    let start = map(size, libc::PROT_READ | libc::PROT_WRITE)?.cast::<u64>();
    for index in 0..size / mem::size_of::<u64>() {
        let word = (index as u64 | 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // SAFETY: within the mapping, which is ours and writable.
        unsafe { start.add(index).write(word) };
    }
    Ok(())
}

/// One range of pages that differ in their protection from their neighbours.
fn divide(count: usize) -> Result<()> {
    let start = map(count * PAGE, libc::PROT_NONE)?;
    for index in (1..count).step_by(2) {
        // SAFETY: one page within the mapping.
        let result =
            unsafe { libc::mprotect(start.add(index * PAGE).cast(), PAGE, libc::PROT_READ) };
        if result != 0 {
            return Err(io::Error::last_os_error()).context("mprotect (vm.max_map_count?)");
        }
    }
    Ok(())
}

/// Standard error may be a pipe, which could not be saved; standard input is /dev/null.
fn close_standard_error() {
    // SAFETY: takes no pointer.
    unsafe { libc::dup2(0, 2) };
}

/// Children that do nothing.
fn have_children(count: usize) -> Result<()> {
    for _ in 0..count {
        // SAFETY: the child only sleeps.
        match unsafe { libc::fork() } {
            0 => {
                close_standard_error();
                loop {
                    // SAFETY: takes no pointer.
                    unsafe { libc::pause() };
                }
            }
            -1 => return Err(io::Error::last_os_error()).context("fork"),
            _ => {}
        }
    }
    Ok(())
}

/// Threads that do nothing.
fn have_threads(count: usize) -> Result<()> {
    for _ in 0..count {
        let thread = std::thread::Builder::new().stack_size(16 * 1024);
        let body = || loop {
            std::thread::park();
        };
        thread.spawn(body).context("a thread")?;
    }
    Ok(())
}

/// One file, opened again and again.
fn open(count: usize) -> Result<Vec<File>> {
    let most = count as u64 + 64;
    let limit = libc::rlimit {
        rlim_cur: most,
        rlim_max: most,
    };
    // SAFETY: reads one struct.
    if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) } != 0 {
        return Err(io::Error::last_os_error()).context("setrlimit");
    }
    fs::write("opened", "often").context("cannot make the file to be opened")?;
    let files = (0..count)
        .map(|_| File::open("opened"))
        .collect::<io::Result<_>>();
    files.context("open")
}

impl FromStr for Load {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (kind, number) = text.split_once('-').unwrap_or((text, "0"));
        let number = number.parse()?;
        Ok(match kind {
            "small" => Self::Small,
            "memory" => Self::Memory(number),
            "areas" => Self::Areas(number),
            "files" => Self::Files(number),
            "processes" => Self::Processes(number),
            "threads" => Self::Threads(number),
            "family" => Self::Family(number),
            _ => bail!("do not know '{text}'"),
        })
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small => f.pad("small"),
            Self::Memory(mib) => f.pad(&format!("memory-{mib}")),
            Self::Areas(count) => f.pad(&format!("areas-{count}")),
            Self::Files(count) => f.pad(&format!("files-{count}")),
            Self::Processes(count) => f.pad(&format!("processes-{count}")),
            Self::Threads(count) => f.pad(&format!("threads-{count}")),
            Self::Family(mib) => f.pad(&format!("family-{mib}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_understood() {
        for load in Load::all(false) {
            assert_eq!(load.to_string().parse::<Load>().unwrap(), load);
        }
        assert!("memory-x".parse::<Load>().is_err());
        assert!("large-1".parse::<Load>().is_err());
    }
}
