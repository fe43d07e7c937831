// SPDX-License-Identifier: GPL-2.0

//! Fuzzing without anything but the stable compiler: altered images for so many seconds.

#![forbid(unsafe_code)]

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ckpt_fuzz::{mutate, target, Random};
use clap::Parser;

/// One image may take this long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Alterations of one image.
const MOST_CHANGES: usize = 6;

/// Alter images and give them to everything that reads images.
///
/// The images come from the writer, the alterations from a random number generator with a fixed
/// seed: the same options try the same images in the same order. Use a release build.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How long.
    #[arg(long, default_value_t = 30)]
    seconds: u64,

    /// Another seed tries other images.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Where to keep an image that a reader failed on.
    #[arg(long, default_value = ".", value_name = "DIRECTORY")]
    keep: PathBuf,

    /// Images to try as they are, instead.
    #[arg(value_name = "IMAGE")]
    images: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = if arguments.images.is_empty() {
        fuzz(&arguments)
    } else {
        again(&arguments.images)
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("ckpt-fuzz: {message}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz(arguments: &Arguments) -> Result<(), String> {
    let corpus: Vec<Vec<u8>> = ckpt_samples::corpus()
        .into_iter()
        .map(|(_, image)| image)
        .collect();
    let mut random = Random::new(arguments.seed);
    let start = Instant::now();
    let limit = Duration::from_secs(arguments.seconds);
    let (mut images, mut whole) = (0_u64, 0_u64);
    while start.elapsed() < limit {
        let image = &corpus[random.below(corpus.len())];
        let other = &corpus[random.below(corpus.len())];
        let altered = mutate(image, other, MOST_CHANGES, &mut random).bytes;
        let begin = Instant::now();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| target(&altered)));
        let what = match outcome {
            Ok(is_whole) if begin.elapsed() < PATIENCE => {
                images += 1;
                whole += u64::from(is_whole);
                continue;
            }
            Ok(_) => "took too long",
            Err(_) => "made a reader panic",
        };
        let path = arguments
            .keep
            .join(format!("crash-{}-{images}.ckpt", arguments.seed));
        fs::write(&path, &altered).map_err(|error| format!("{}: {error}", path.display()))?;
        let path = path.display();
        return Err(format!("{path} {what}; again: ckpt-fuzz {path}"));
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{images} images in {seconds:.0} s, {:.0} a second; {whole} of them were whole; at most {}",
        images as f64 / seconds,
        peak_memory()
    );
    Ok(())
}

fn again(images: &[PathBuf]) -> Result<(), String> {
    for path in images {
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let word = if target(&bytes) { "whole" } else { "refused" };
        println!("{}: {word}", path.display());
    }
    Ok(())
}

/// What the kernel says of this process.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("an unknown amount of memory".into(), |size| {
        format!("{} of memory", size.trim())
    })
}
