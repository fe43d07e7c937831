// SPDX-License-Identifier: GPL-2.0

//! Fact: at whatever moment `checkpoint -o` is ended, by SIGKILL or SIGINT, the image is there as a whole or
//! not at all, nothing is there under a temporary name, and the program is thawed: while the file is made,
//! and while the program freezes, and is saved, and while the image is brought to the disk and named.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use ckpt_image::ImageReader;

use super::phases::send;
use super::stage::{fine, Stage};
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// So many moments of the time that it takes, for each signal; and a few after that.
const MOMENTS: u32 = 40;
const LATE: u32 = 5;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let image = stage.container.image();
    let options = ["-o".as_ref(), image.as_os_str()];
    let begun = Instant::now();
    fine(&stage.checkpoint(&options)?)?;
    let time = begun.elapsed();
    fs::remove_file(&image).doing("the image")?;
    let options = ["-o", &*image.to_string_lossy()];
    let mut whole = 0;
    for signal in [libc::SIGKILL, libc::SIGINT] {
        for moment in 0..MOMENTS + LATE {
            let checkpoint = stage.checkpoint_into(Stdio::null(), &options)?;
            std::thread::sleep(time * moment / MOMENTS);
            send(&checkpoint.child, signal);
            checkpoint.end(stage.container)?;
            stage.container.wait_for(&["frozen 0"])?;
            let is_whole = whole_or_not(stage).map_err(|mut outcome| {
                let at = format!("\nsignal {signal}, moment {moment} of {MOMENTS}");
                outcome.why.push_str(&at);
                outcome
            })?;
            whole += u32::from(is_whole);
        }
    }
    stage.goes_on(&mut child)?;
    // Else it has never come as far, or nobody was fast enough.
    match whole {
        0 => Err(Outcome::failed("it has never come to its end")),
        all if all == 2 * (MOMENTS + LATE) => Err(Outcome::failed("it was never ended")),
        _ => Ok(()),
    }
}

/// Is the image there? Then it goes.
fn whole_or_not(stage: &Stage) -> Step<bool> {
    let unfinished = || {
        let entries = fs::read_dir(&stage.container.dir).into_iter().flatten();
        let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.find(|name| name.ends_with(".unfinished"))
    };
    wait::until(Duration::from_secs(20), || {
        unfinished().is_none().then_some(())
    })
    .ok_or_else(|| Outcome::failed(format!("left: {:?}", unfinished())))?;
    if !stage.container.image().exists() {
        return Ok(false);
    }
    let image = stage.image()?;
    let mut reader = ImageReader::new(&image[..]);
    while let Some(_record) = reader
        .next()
        .map_err(|error| Outcome::failed(format!("the image is not whole: {error}")))?
    {}
    fs::remove_file(stage.container.image()).doing("the image")?;
    Ok(true)
}
