// SPDX-License-Identifier: GPL-2.0

//! A shell that makes a pipeline of programs for each line that it reads: tasks begin, run and end all
//! the time.

use std::process::Command;

use crate::load::{rounds, same, Step};
use crate::talk::Partner;

const SCRIPT: &str = r#"
while read -r number; do
    printf '%s\n' "$number" | sed 's/^/<'"$((number * 3))"' /' | awk '{ print $0, $2 * $2 ">" }' | tr '<>' '()'
done
"#;

pub fn run() -> Step {
    let mut shell = Partner::start(Command::new("bash").args(["-c", SCRIPT]))?;
    // A few lines ahead of the answers: something is under way in every pipe.
    const AHEAD: u64 = 4;
    for number in 0..AHEAD {
        shell.say(&format!("{number}\n"))?;
    }
    let mut last = 0;
    let check = |shell: &mut Partner, n: u64| same("the answer", format!("({} {n} {})", n * 3, n * n), shell.output.line()?);
    rounds(|number| {
        last = number + AHEAD;
        shell.say(&format!("{last}\n"))?;
        check(&mut shell, number)
    })?;
    for number in last + 1 - AHEAD..=last {
        check(&mut shell, number)?;
    }
    shell.end()
}
