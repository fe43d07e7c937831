// SPDX-License-Identifier: GPL-2.0

//! The test programs, one fact each, in one executable: `ckpt-cases FAMILY/FACT`.
//!
//! Each sets up a state, says that it is ready, waits until it may go on, checks everything itself
//! and ends with 0 or, after printing what differs, with 1. `--list` prints all of them, and behind
//! each `both` if it is run as a static program too.

#[macro_use]
mod list;

mod aio;
mod clock;
mod cpu;
mod events;
mod files;
mod ia32;
mod identity;
mod inherited;
mod ipc;
mod locks;
mod memory;
mod pidfds;
mod pids;
mod pipes;
mod queues;
mod refuse;
mod samples;
mod signals;
mod sockets;
mod storage;
mod syscalls;
mod tasks;
mod terminals;
mod timers;
mod vfork;
mod watches;

use list::Fact;

const FAMILIES: &[(&str, &[Fact])] = &[
    ("cpu", cpu::FACTS),
    ("ia32", ia32::FACTS),
    ("memory", memory::FACTS),
    ("files", files::FACTS),
    ("storage", storage::FACTS),
    ("pipes", pipes::FACTS),
    ("pidfds", pidfds::FACTS),
    ("events", events::FACTS),
    ("locks", locks::FACTS),
    ("watches", watches::FACTS),
    ("sockets", sockets::FACTS),
    ("terminals", terminals::FACTS),
    ("ipc", ipc::FACTS),
    ("queues", queues::FACTS),
    ("aio", aio::FACTS),
    ("signals", signals::FACTS),
    ("clock", clock::FACTS),
    ("timers", timers::FACTS),
    ("identity", identity::FACTS),
    ("syscalls", syscalls::FACTS),
    ("tasks", tasks::FACTS),
    ("inherited", inherited::FACTS),
    ("vfork", vfork::FACTS),
    ("pids", pids::FACTS),
    ("refuse", refuse::FACTS),
];

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let samples = ("samples", samples::FACTS);
    for (family, facts) in FAMILIES
        .iter()
        .chain((wanted != "--list").then_some(&samples))
    {
        for fact in *facts {
            let name = format!("{family}/{}", fact.name);
            if wanted == "--list" {
                println!("{name}{}", if fact.also_static { " both" } else { "" });
            } else if wanted == name {
                (fact.run)();
                ckpt_support::finish();
            }
        }
    }
    if wanted != "--list" {
        eprintln!("ckpt-cases: no fact '{wanted}'; see ckpt-cases --list");
        std::process::exit(2);
    }
}
