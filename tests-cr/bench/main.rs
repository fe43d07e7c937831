// SPDX-License-Identifier: GPL-2.0

//! `ckpt-bench`: how fast checkpoint and restart are, against the limits of the same machine.
//!
//! Times of an emulated machine say little; ratios within one run say much. So every figure stands
//! beside what the machine can do at best: the freezer alone, memcpy, and plain copies of zeros
//! into the same file system and the same kind of pipe, with blocks as long as a run of pages.

mod limits;
mod measure;
mod report;
mod subject;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use report::Report;
use subject::Load;

/// Measure checkpoint and restart against the limits of this machine
///
/// Runs as root on a machine with the patched kernel, with checkpoint and restart in the PATH.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,

    /// How often each thing is measured; the median counts
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,

    /// Leave out what takes longest: half a GiB, 100,000 areas, 10,000 descriptors, 1,000 processes, 10,000
    /// threads
    #[arg(long)]
    quick: bool,

    /// Only this, such as threads-1000; may be repeated
    #[arg(long, value_name = "LOAD")]
    load: Vec<Load>,

    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// The program that is saved; started by the bench itself
    #[command(hide = true)]
    Subject {
        /// small, memory-MIB, areas-N, files-N, processes-N or threads-N
        load: Load,
    },
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match &options.role {
        Some(Role::Subject { load }) => load.live(),
        None => bench(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ckpt-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Result<()> {
    let bench = measure::Bench::prepare(options.repeat)?;
    let mut report = Report::new(limits::measure(options.repeat)?);
    let loads = match options.load.is_empty() {
        true => Load::all(options.quick),
        false => options.load.clone(),
    };
    for load in loads {
        if !options.json {
            eprintln!("measuring {load}");
        }
        report.add(bench.measure(load)?);
    }
    if options.json {
        println!("{}", report.json());
    } else {
        print!("{report}");
    }
    Ok(())
}
