// SPDX-License-Identifier: GPL-2.0

//! Drivers for programs that no one here wrote: `ckpt-programs programs/NAME`.
//!
//! A driver starts the programs of a Debian system, talks to them, and is checkpointed with them: it is
//! the terminal, the client or the user in front of them. It does not know when that happens. It works
//! without a pause from before it says "ready" until after it was told "go", numbers everything that it
//! says, and ends with an error as soon as an answer is wrong, is missing or comes twice. `--list`
//! prints all of them.

mod load;
mod screens;
mod talk;
mod terminal;

/// Declares the drivers, one module each.
macro_rules! drivers {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        const DRIVERS: &[(&str, fn() -> load::Step)] = &[$((stringify!($name), $name::run),)*];
    };
}

drivers! {
    pipeline, make, sqlite, redis, postgres, editor, login, python, screen_attached, screen_detached,
}

fn main() {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    for (name, run) in DRIVERS {
        let name = format!("programs/{name}");
        if wanted == "--list" {
            println!("{name}");
        } else if wanted == name {
            if let Err(why) = run() {
                ckpt_support::differs(&why);
            }
            ckpt_support::finish();
        }
    }
    if wanted != "--list" {
        eprintln!("ckpt-programs: no driver '{wanted}'; see ckpt-programs --list");
        std::process::exit(2);
    }
}
