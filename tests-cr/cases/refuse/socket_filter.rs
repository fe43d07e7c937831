// SPDX-License-Identifier: GPL-2.0

//! Fact: a unix socket whose filter is an eBPF program is refused.
//!
//! Could break: it would let everything through.

use ckpt_support::unix::{pair, set_option};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, pipes};

/// `struct bpf_insn`: r0 = -1; exit.
const PROGRAM: [u64; 2] = [0xffff_ffff_0000_00b7, 0x95];

/// The part of `union bpf_attr` that BPF_PROG_LOAD needs.
#[repr(C)]
struct Load {
    kind: u32,
    count: u32,
    program: u64,
    license: u64,
    log: [u64; 2],
    rest: [u64; 4],
}

pub fn run() {
    let [filtered, _other] = pair(libc::SOCK_DGRAM);
    let load = Load {
        // BPF_PROG_TYPE_SOCKET_FILTER
        kind: 1,
        count: PROGRAM.len() as u32,
        program: PROGRAM.as_ptr() as u64,
        license: c"GPL".as_ptr() as u64,
        log: [0; 2],
        rest: [0; 4],
    };
    let call = [5, &raw const load as usize, size_of::<Load>()];
    let program = must("bpf", ckpt_support::raw(libc::SYS_bpf, &call)) as i32;
    set_option(filtered, libc::SO_ATTACH_BPF, program).expect("a filter");
    pipes::close(&[program]);
    expect_refusal_of_fd("SocketState", filtered, "eBPF");
    checkpoint_here();
}
