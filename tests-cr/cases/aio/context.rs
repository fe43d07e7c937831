// SPDX-License-Identifier: GPL-2.0

//! Contexts for asynchronous I/O.

use std::os::fd::RawFd;

use ckpt_support::{must, raw};

/// IOCB_CMD_PREAD.
pub const READ: u16 = 0;
/// IOCB_CMD_POLL.
pub const POLL: u16 = 5;

/// A struct iocb.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Request {
    pub data: u64,
    key: u32,
    rw_flags: u32,
    opcode: u16,
    priority: i16,
    fd: u32,
    buffer: u64,
    size: u64,
    offset: i64,
    reserved: u64,
    flags: u32,
    tells: u32,
}

/// A struct io_event: what the request said, the request, and how it ended.
pub type Event = [u64; 4];

/// A context for so many requests; its number.
pub fn setup(requests: u32) -> usize {
    let mut context = 0usize;
    must(
        "io_setup",
        raw(
            libc::SYS_io_setup,
            &[requests as usize, &raw mut context as usize],
        ),
    );
    context
}

/// Ends it.
pub fn destroy(context: usize) {
    must("io_destroy", raw(libc::SYS_io_destroy, &[context]));
}

/// What to do with a file; `tells`: an eventfd that counts it, or -1.
pub fn request(data: u64, opcode: u16, fd: RawFd, buffer: u64, size: u64, tells: RawFd) -> Request {
    Request {
        data,
        opcode,
        fd: fd as u32,
        buffer,
        size,
        flags: u32::from(tells >= 0),
        tells: tells.max(0) as u32,
        ..Request::default()
    }
}

/// Submits a request.
pub fn submit(context: usize, request: &mut Request) {
    let one = [&raw mut *request];
    let submitted = raw(libc::SYS_io_submit, &[context, 1, one.as_ptr() as usize]);
    assert_eq!(1, submitted, "io_submit: {}", ckpt_support::errno());
}

/// What has completed, at most so much, without waiting: what the requests said, and how they ended.
pub fn completed(context: usize, most: usize) -> Vec<(u64, i64)> {
    let mut events: Vec<Event> = vec![[0; 4]; most];
    let time = [0u64; 2];
    let call = [
        context,
        0,
        most,
        events.as_mut_ptr() as usize,
        time.as_ptr() as usize,
    ];
    let count = must("io_getevents", raw(libc::SYS_io_getevents, &call));
    let events = events.into_iter().take(count as usize);
    events.map(|event| (event[0], event[2] as i64)).collect()
}
