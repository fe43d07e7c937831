// SPDX-License-Identifier: GPL-2.0

//! Chores of this repository. `cargo xtask --help` lists them; one module for each.

#![forbid(unsafe_code)]

mod accounting;
mod manual;
mod miri;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{repository, uapi};

/// Chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Generate what follows from the declaration of the image format: the C header, the C test of
    /// its layout and the field table of the tools.
    Uapi {
        /// Write nothing; fail if a generated file is not what it would be.
        #[arg(long)]
        check: bool,
    },
    /// Compare the tables of what becomes of the kernel's state with the kernel's headers.
    Accounting {
        /// A kernel tree; without it, the one that the scripts have in their cache.
        #[arg(long, value_name = "DIR")]
        tree: Option<PathBuf>,
    },
    /// Write the manual pages, and completions for bash, zsh and fish.
    Manual {
        /// Where to; without it, target/share.
        #[arg(value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Run the tests of the image format under Miri, if a toolchain here has it.
    Miri,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Uapi { check } => uapi::run(&repository(), check),
        Chore::Accounting { tree } => accounting::run(&repository(), tree.as_deref()),
        Chore::Manual { to } => manual::run(&repository(), to.as_deref()),
        Chore::Miri => miri::run(&repository()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
