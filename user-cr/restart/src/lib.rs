// SPDX-License-Identifier: GPL-2.0

//! `restart`: brings a saved container back to life. A library so that its manual page can be made
//! of its options, and so that tests can make a forest as it does.

#![forbid(unsafe_code)]

mod clock;
mod ending;
mod forest;
mod given;
pub mod image;
mod init;
mod ipc;
pub mod options;
pub mod pids;
pub mod place;
mod relay;
mod run;
pub mod tree;
pub mod waiting;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{bail, Result};
use ckpt_sys::calls;
use ckpt_sys::signals::{reset, Interrupts};
use ckpt_sys::voice::Voice;
use clap::Parser;
use nix::sys::signal::Signal::{SIGCHLD, SIGINT, SIGTERM};

use given::{Given, Nothing};
use image::Image;
use options::Options;
use pids::births;
use relay::Screen;
use waiting::Waiting;

/// The program.
pub fn main() -> ExitCode {
    let options = Options::parse();
    let voice = Voice::new("restart", options.json);
    match restart(&options, &voice) {
        Ok(ending) => ending.take(),
        Err(error) => voice.fail(&error),
    }
}

fn restart(options: &Options, voice: &Voice) -> Result<ending::Ending> {
    let start = Instant::now();
    if !calls::are_there() {
        bail!(calls::NOT_THERE);
    }
    let mut given = Given::gather(options)?;
    let nothing = Nothing::open()?;
    let image = Image::open(options.image())?;
    let screen = Screen::find(&image.prefix, options)?;
    let births = births(&image.prefix, options.pids())?;
    let prefix = start.elapsed();

    reset(SIGCHLD)?;
    let interrupts = Interrupts::hold(&[SIGINT, SIGTERM])?;
    // What comes later goes first, if something fails.
    let Waiting {
        image,
        mut place,
        session,
        mut tree,
    } = Waiting::make(image, &births, options.cgroup.as_deref(), &interrupts)?;
    let forest = start.elapsed() - prefix;

    let (stats, master) = run::run(
        session,
        image,
        &given,
        &mut tree,
        options,
        &interrupts,
        voice,
    )?;
    let running = start.elapsed();
    if options.stats {
        let times = run::Times {
            prefix,
            forest,
            running,
        };
        run::tell(&stats, &times, voice);
    }
    if options.verify {
        voice.remark("the image is whole, and this machine can restart it");
        return Ok(ending::Ending::Fine);
    }
    place.let_go();
    tree.let_go();
    given.let_go();
    if options.frozen {
        place.tell_how_to_thaw(voice);
    }
    if options.detach {
        // The container runs, whether somebody reads this or not.
        let _ = writeln!(io::stdout(), "{}", tree.root());
        return Ok(ending::Ending::Fine);
    }
    nothing.take_over()?;
    let ending = match (screen, master) {
        (Some(screen), Some(master)) => relay::relay(screen, master, &mut tree, &interrupts)?,
        _ => ending::wait(&mut tree, &interrupts)?,
    };
    place.clear(voice);
    Ok(ending)
}
