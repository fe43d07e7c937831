// SPDX-License-Identifier: GPL-2.0

//! What the modes that try one fact again and again have tried, all facts together. Their lines say it of
//! each: "ok NAME [MODE] T s: COUNTS".

use std::collections::BTreeMap;
use std::fmt;

/// Images of the mode `altered`.
#[derive(Default)]
pub struct Altered {
    images: usize,
    seconds: f64,
    restarted: usize,
}

/// Points of the mode `faulted`, by what failed there.
#[derive(Default)]
pub struct Faulted(BTreeMap<String, Points>);

#[derive(Default)]
struct Points {
    tried: usize,
    all: usize,
    failed: usize,
    facts: usize,
    whole: usize,
}

/// What the line of a job in this mode counts.
fn counts<'a>(line: &'a str, mode: &str) -> Option<&'a str> {
    let (_, result) = line.split_once(&format!(" [{mode}] "))?;
    result.split_once(": ").map(|(_, counts)| counts)
}

impl Altered {
    /// "N images in S s, R of them restarted; ...".
    pub fn add(&mut self, line: &str) {
        let Some(counts) = counts(line, "altered") else {
            return;
        };
        let words: Vec<&str> = counts.split(' ').collect();
        let number = |place: usize| words.get(place).and_then(|word| word.parse().ok());
        self.images += number(0).unwrap_or(0.0) as usize;
        self.seconds += number(3).unwrap_or(0.0);
        self.restarted += number(5).unwrap_or(0.0) as usize;
    }

    pub fn merge(&mut self, other: Self) {
        self.images += other.images;
        self.seconds += other.seconds;
        self.restarted += other.restarted;
    }
}

impl Faulted {
    /// "WHAT: N of M points, F failed ...; WHAT: ...".
    pub fn add(&mut self, line: &str) {
        let sweeps = counts(line, "faulted")
            .into_iter()
            .flat_map(|all| all.split("; "));
        for (what, points) in sweeps.filter_map(|sweep| sweep.split_once(": ")) {
            let words: Vec<&str> = points.split(' ').collect();
            let number =
                |place: usize| words.get(place).and_then(|word| word.parse::<usize>().ok());
            let (Some(tried), Some(all), Some(failed)) = (number(0), number(2), number(4)) else {
                continue;
            };
            let sum = self.0.entry(what.into()).or_default();
            sum.tried += tried;
            sum.all += all;
            sum.failed += failed;
            sum.facts += 1;
            sum.whole += usize::from(tried == all);
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (what, points) in other.0 {
            let sum = self.0.entry(what).or_default();
            sum.tried += points.tried;
            sum.all += points.all;
            sum.failed += points.failed;
            sum.facts += points.facts;
            sum.whole += points.whole;
        }
    }
}

impl fmt::Display for Altered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.images == 0 {
            return Ok(());
        }
        let rate = self.images as f64 / self.seconds;
        writeln!(
            f,
            "-- {} altered images, {rate:.1} a second for each job at work; {} restarted",
            self.images, self.restarted
        )
    }
}

impl fmt::Display for Faulted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, points) in &self.0 {
            writeln!(
                f,
                "-- {what}: {} of {} points, {} failed; {} of {} facts whole",
                points.tried, points.all, points.failed, points.whole, points.facts
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn altered_images_are_counted_from_what_a_job_says() {
        let mut altered = Altered::default();
        let said = "40 images in 12.5 s, 7 of them restarted; 20 of 900 single alterations";
        altered.add(&format!("ok cpu/flags [altered] 13.20 s: {said}"));
        altered.add("ok cpu/flags [restarted] 0.25 s");
        assert_eq!((altered.images, altered.restarted), (40, 7));
        assert_eq!(altered.seconds, 12.5);
    }

    #[test]
    fn points_are_counted_from_what_a_job_says() {
        let mut faulted = Faulted::default();
        let whole = "checkpoint(2): 300 of 300 points, 290 failed (290 ENOMEM), 10 did not matter";
        let part = "restart: 40 of 900 points, 39 failed (39 with a sentence), 1 did not matter";
        faulted.add(&format!("ok cpu/flags [faulted] 13.20 s: {whole}; {part}"));
        faulted.add(&format!("ok cpu/small [faulted] 13.20 s: {whole}"));
        faulted.add("ok cpu/flags [restarted] 0.25 s");
        assert_eq!(
            faulted.to_string(),
            "-- checkpoint(2): 600 of 600 points, 580 failed; 2 of 2 facts whole\n\
             -- restart: 40 of 900 points, 39 failed; 0 of 1 facts whole\n"
        );
    }
}
