// SPDX-License-Identifier: GPL-2.0

//! What this machine can do at best.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::slice;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::subject::map;

/// As long as the longest run of pages in a stream.
pub const BLOCK: usize = 2 << 20;

/// Bytes of each plain copy.
const BYTES: usize = 64 << 20;

/// Rates, in bytes a second.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From memory to memory, both touched before.
    pub memcpy: f64,
    /// CRC-32C over memory, which every byte of a stream goes through.
    pub checksum: f64,
    /// `dd if=/dev/zero of=/dev/null bs=2M`.
    pub zero_to_null: f64,
    /// The same into a new file of the tmpfs that images are written to.
    pub zero_to_file: f64,
    /// The same into a pipe, of which somebody reads.
    pub zero_to_pipe: f64,
    /// From such a file into memory that was never touched.
    pub file_to_memory: f64,
    /// From such a pipe into memory that was never touched.
    pub pipe_to_memory: f64,
}

/// Measures each `repeat` times; the fastest counts.
pub fn measure(repeat: u32) -> Result<Limits> {
    let best = |work: &dyn Fn() -> Result<Duration>| -> Result<f64> {
        let mut best = Duration::MAX;
        for _ in 0..repeat {
            best = best.min(work()?);
        }
        Ok(BYTES as f64 / best.as_secs_f64())
    };
    let limits = Limits {
        memcpy: best(&|| Ok(memcpy()))?,
        checksum: best(&|| Ok(checksum()))?,
        zero_to_null: best(&|| zeros_to(&mut File::create("/dev/null")?))?,
        zero_to_file: best(&|| {
            let _ = fs::remove_file("plain");
            zeros_to(&mut File::create("plain")?)
        })?,
        zero_to_pipe: best(&zeros_to_pipe)?,
        file_to_memory: best(&|| into_new_memory(&mut File::open("plain")?))?,
        pipe_to_memory: best(&pipe_to_memory)?,
    };
    fs::remove_file("plain").context("cannot remove the plain copy")?;
    Ok(limits)
}

fn memcpy() -> Duration {
    let from = vec![1u8; BYTES];
    let mut to = vec![2u8; BYTES];
    let start = Instant::now();
    for (to, from) in to.chunks_mut(BLOCK).zip(from.chunks(BLOCK)) {
        to.copy_from_slice(from);
    }
    let time = start.elapsed();
    black_box(to);
    time
}

fn checksum() -> Duration {
    let bytes = vec![1u8; BYTES];
    let start = Instant::now();
    let sum = bytes.chunks(BLOCK).fold(0, crc32c::crc32c_append);
    let time = start.elapsed();
    black_box(sum);
    time
}

/// As dd does it.
fn zeros_to(sink: &mut File) -> Result<Duration> {
    let mut zeros = File::open("/dev/zero")?;
    let mut block = vec![1u8; BLOCK];
    let start = Instant::now();
    for _ in 0..BYTES / BLOCK {
        zeros.read_exact(&mut block)?;
        sink.write_all(&block)?;
    }
    Ok(start.elapsed())
}

fn into_new_memory(source: &mut File) -> Result<Duration> {
    let memory = map(BYTES, libc::PROT_READ | libc::PROT_WRITE)?;
    // SAFETY: a new mapping of that size, writable, and nobody else's until it is unmapped below.
    let bytes = unsafe { slice::from_raw_parts_mut(memory, BYTES) };
    let start = Instant::now();
    for block in bytes.chunks_mut(BLOCK) {
        source.read_exact(block)?;
    }
    let time = start.elapsed();
    // SAFETY: the mapping from above; nothing refers to it any longer.
    unsafe { libc::munmap(memory.cast(), BYTES) };
    Ok(time)
}

/// Reads to the end and throws away; what every measured pipe ends in.
pub fn drain(mut end: File) {
    let mut block = vec![0; BLOCK];
    while end.read(&mut block).is_ok_and(|count| count > 0) {}
}

/// Both ends of a new pipe.
pub fn pipe() -> Result<(File, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: writes two numbers.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(io::Error::last_os_error()).context("pipe");
    }
    // SAFETY: both descriptors are new and nobody else's.
    Ok(unsafe { (File::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

fn zeros_to_pipe() -> Result<Duration> {
    let (end, sink) = pipe()?;
    thread::scope(|scope| {
        scope.spawn(move || drain(end));
        zeros_to(&mut File::from(sink))
    })
}

fn pipe_to_memory() -> Result<Duration> {
    let (mut end, sink) = pipe()?;
    thread::scope(|scope| {
        let writer = scope.spawn(move || zeros_to(&mut File::from(sink)));
        let time = into_new_memory(&mut end);
        writer.join().expect("the writer does not panic")?;
        time
    })
}
