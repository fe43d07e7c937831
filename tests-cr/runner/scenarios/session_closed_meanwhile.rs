// SPDX-License-Identifier: GPL-2.0

//! Fact: a session that another thread of its opener closes while restart(2) runs, also in its last moments,
//! is over, and nothing is left; or it stands there. The cgroup is as good as before.

use ckpt_fuzz::Random;

use super::stage::{ensure, Stage};
use crate::attempts::Attempts;
use crate::verdict::{Outcome, Step};

const ROUNDS: usize = 100;
const SEED: u64 = 12;

/// Whether it stands, and how many microseconds it took.
fn attempt(closer: &mut Attempts, word: &str) -> Step<(bool, usize)> {
    let all = closer.ask(word)?;
    let number = |word: &str| {
        let found = all.iter().find_map(|line| line.strip_prefix(word));
        found.and_then(|number| number.parse::<usize>().ok())
    };
    let came = number("errno ").zip(number("took "));
    let (errno, took) = came.ok_or_else(|| Outcome::failed(all.join("\n")))?;
    let is_explained = errno == 0 || number("reason ").is_some();
    ensure(is_explained, &format!("not explained: {}", all.join("\n")))?;
    Ok((errno == 0, took))
}

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let image = stage.image()?;
    let mut closer = Attempts::new("closer", stage.cgroup())?;
    closer.load(&image)?;
    let mut longest = 0;
    for _ in 0..5 {
        let (stands, took) = attempt(&mut closer, "never")?;
        ensure(stands, "it does not restart")?;
        longest = longest.max(took);
    }
    let mut random = Random::new(SEED);
    let mut stood = 0;
    for round in 0..ROUNDS {
        // Most of them towards the end.
        let delay = match round % 4 {
            0 => random.below(longest),
            _ => longest / 2 + random.below(longest / 2 + 1),
        };
        let (stands, _) = attempt(&mut closer, &delay.to_string())?;
        stood += usize::from(stands);
    }
    let (stands, _) = attempt(&mut closer, "never")?;
    ensure(stands, "it does not restart any more")?;
    let why = format!("{stood} of {ROUNDS} restarts succeeded");
    ensure(stood < ROUNDS, &why)?;
    Err(Outcome {
        why,
        ..Outcome::passed()
    })
}
