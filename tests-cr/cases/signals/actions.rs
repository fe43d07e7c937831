// SPDX-License-Identifier: GPL-2.0

//! Fact: the actions of all 64 signals come back: handler, flags, restorer, mask.
//!
//! Could break: flags that only the kernel's call knows, not the C library's.

use ckpt_support::{checkpoint_here, must, raw, same};

/// struct sigaction as the kernel has it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
struct Action {
    handler: usize,
    flags: u64,
    restorer: usize,
    mask: u64,
}

const SA_EXPOSE_TAGBITS: i32 = 0x800;

const RESTORER: u64 = 0x0400_0000;

fn action(signal: usize, new: Option<&Action>) -> Action {
    let mut old = Action::default();
    let new = new.map_or(0, |action| action as *const Action as usize);
    let call = [signal, new, &raw mut old as usize, 8];
    must("rt_sigaction", raw(libc::SYS_rt_sigaction, &call));
    old
}

pub fn run() {
    let flag_sets = [
        libc::SA_RESTART,
        libc::SA_NODEFER | libc::SA_SIGINFO,
        libc::SA_ONSTACK,
        libc::SA_RESETHAND | libc::SA_NOCLDSTOP,
        libc::SA_NOCLDWAIT,
        SA_EXPOSE_TAGBITS,
    ];
    for signal in 1..=64usize {
        if signal == libc::SIGKILL as usize || signal == libc::SIGSTOP as usize {
            continue;
        }
        action(
            signal,
            Some(&Action {
                // Handlers that are never called: only their addresses are compared.
                handler: if signal % 7 == 0 {
                    libc::SIG_IGN
                } else {
                    0x1000 + signal
                },
                flags: flag_sets[signal % flag_sets.len()] as u64 | RESTORER,
                restorer: 0x2000 + signal,
                mask: 0x1_0001 << (signal % 30),
            }),
        );
    }
    let all = || {
        (1..=64)
            .map(|signal| action(signal, None))
            .collect::<Vec<Action>>()
    };
    let before = all();
    checkpoint_here();
    for (index, (before, now)) in before.iter().zip(all()).enumerate() {
        same(&format!("action of signal {}", index + 1), before, &now);
    }
}
