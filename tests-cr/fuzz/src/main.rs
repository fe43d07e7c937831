// SPDX-License-Identifier: GPL-2.0

//! Fuzzing without anything but the stable compiler: altered images for so many seconds.

#![forbid(unsafe_code)]

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use ckpt_fuzz::{every, mutate, target, Random};
use clap::Parser;

/// One image may take this long.
const PATIENCE: Duration = Duration::from_secs(2);

/// It takes too long if it does so this many times.
const TRIES: u32 = 3;

/// Memory, in KiB: many times the corpus, and little beside what an image could make a reader believe.
const MOST_MEMORY: u64 = 128 << 10;

/// Alterations of one image.
const MOST_CHANGES: usize = 6;

/// Alter images and give them to everything that reads images.
///
/// The images come from the writer. Every single alteration of each is tried first, each field, bit,
/// length and record; then, for some time, several at once from a random number generator: the same
/// seed tries the same images in the same order. Use a release build.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How long, after every single alteration
    #[arg(long, default_value_t = 30)]
    seconds: u64,

    /// Try the images of this seed; without, of another one each time, which is said
    #[arg(long)]
    seed: Option<u64>,

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
    let start = Instant::now();
    let mut tried = Tried::default();
    for (_, image) in ckpt_samples::corpus() {
        for single in every(&image) {
            tried.image(&single.apply(&image).bytes, arguments)?;
        }
    }
    println!(
        "{} single alterations, all there are of the corpus",
        tried.images
    );
    let seed = arguments.seed.unwrap_or_else(seed_of_now);
    println!("at random: --seed {seed}");
    let mut random = Random::new(seed);
    let (limit, begin) = (Duration::from_secs(arguments.seconds), Instant::now());
    while begin.elapsed() < limit {
        let image = &corpus[random.below(corpus.len())];
        let other = &corpus[random.below(corpus.len())];
        tried.image(
            &mutate(image, other, MOST_CHANGES, &mut random).bytes,
            arguments,
        )?;
    }
    let Tried { images, whole } = tried;
    let seconds = start.elapsed().as_secs_f64();
    let memory = peak_memory().ok_or("nothing is known of its memory")?;
    println!(
        "{images} images in {seconds:.0} s, {:.0} a second; {whole} of them were whole; at most {memory} KiB",
        images as f64 / seconds,
    );
    match memory {
        0..=MOST_MEMORY => Ok(()),
        _ => Err(format!("it took more than {MOST_MEMORY} KiB of memory")),
    }
}

/// Images so far, and those of them that were whole.
#[derive(Default)]
struct Tried {
    images: u64,
    whole: u64,
}

impl Tried {
    fn image(&mut self, bytes: &[u8], arguments: &Arguments) -> Result<(), String> {
        // A machine that is busy with something else is slow once.
        let what = match (0..TRIES).map(|_| attempt(bytes)).find_map(Result::ok) {
            Some(Some(is_whole)) => {
                self.images += 1;
                self.whole += u64::from(is_whole);
                return Ok(());
            }
            Some(None) => "made a reader panic",
            None => "took too long",
        };
        let name = format!("crash-{}-{}.ckpt", std::process::id(), self.images);
        let path = arguments.keep.join(name);
        fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        let path = path.display();
        Err(format!("{path} {what}; again: ckpt-fuzz {path}"))
    }
}

/// Was it a whole image; none: a reader panicked; or it took too long.
fn attempt(bytes: &[u8]) -> Result<Option<bool>, Duration> {
    let begin = Instant::now();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| target(bytes))).ok();
    match begin.elapsed() {
        took if took > PATIENCE => Err(took),
        _ => Ok(outcome),
    }
}

fn again(images: &[PathBuf]) -> Result<(), String> {
    for path in images {
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let word = if target(&bytes) { "whole" } else { "refused" };
        println!("{}: {word}", path.display());
    }
    Ok(())
}

/// Memory that was in use at most, in KiB: a reader that believed a length would show.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn seed_of_now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(1, |now| now.as_secs())
}
