// SPDX-License-Identifier: GPL-2.0

//! Fact: a request for asynchronous I/O that does not complete is refused.
//!
//! Could break: it is forgotten, and its program waits for it for ever.

use ckpt_support::pipes::pipe;
use ckpt_support::{checkpoint_here, expect_refusal_at, may_also_refuse};

use crate::aio::context::{request, setup, submit, POLL};

pub fn run() {
    let [reader, _writer] = pipe(0);
    let context = setup(8);
    let events = libc::POLLIN as u64;
    submit(context, &mut request(1, POLL, reader, events, 0, -1));
    // And that is what the request waits for.
    may_also_refuse("FileHeld");
    expect_refusal_at("AioPending", context, "asynchronous");
    checkpoint_here();
}
