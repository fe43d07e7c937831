// SPDX-License-Identifier: GPL-2.0

//! Builds by `make -j`, one after the other: a checkpoint hits one with sed, awk, shells and compilers
//! under way. Every step must be done once, in every build, and the program must be right.

use std::fs;
use std::process::Command;

use crate::load::{same, Doing, Step};
use crate::talk::Partner;

const UNITS: u64 = 12;

const MAKEFILE: &str = r#"
.SECONDARY:
units := $(shell seq $(UNITS))
total: main.c $(units:%=unit%.o)
	@gcc -O -o $@ $^ && echo linked
main.c: Makefile
	@{ for n in $(units); do echo "int unit$$n(void);"; done; \
	echo '#include <stdio.h>'; echo 'int main(void) { printf("%d%c", 0'; \
	for n in $(units); do echo "+ unit$$n()"; done; echo ', 10); return 0; }'; } >$@ && echo written
unit%.c: source.in
	@sed 's/NUMBER/$*/g' $< | awk '{ print } END { print "/*", NR, "lines */" }' >$@ && echo made $*
unit%.o: unit%.c
	@gcc -O2 -c -o $@ $< && echo compiled $*
"#;

const UNIT: &str = r#"#include <stdio.h>
static int power(int base, int exponent) { return exponent ? base * power(base, exponent - 1) : 1; }
int unitNUMBER(void) { return power(NUMBER, 3); }
"#;

pub fn run() -> Step {
    let mut first = true;
    loop {
        let _ = fs::remove_dir_all("build");
        fs::create_dir("build").doing("build")?;
        fs::write("build/Makefile", MAKEFILE).doing("the makefile")?;
        fs::write("build/source.in", UNIT).doing("a source")?;
        build(&mut first)?;
        if ckpt_support::was_told_go() {
            return Ok(());
        }
    }
}

fn build(first: &mut bool) -> Step {
    let units = format!("UNITS={UNITS}");
    let mut make = Partner::start(Command::new("make").args(["-C", "build", "-j4", "--no-print-directory", &units]))?;
    let mut steps = Vec::new();
    while steps.last().is_none_or(|step| step != "linked") {
        steps.push(make.output.line()?);
        if std::mem::take(first) {
            ckpt_support::ready();
        }
    }
    make.end()?;
    steps.sort();
    let numbered = |what: &str| (1..=UNITS).map(move |n| format!("{what} {n}")).collect::<Vec<_>>();
    let mut wanted = [numbered("compiled"), numbered("made"), vec!["linked".into(), "written".into()]].concat();
    wanted.sort();
    same("the steps", wanted.join(", "), steps.join(", "))?;
    let mut total = Partner::start(&mut Command::new("build/total"))?;
    let sum: u64 = (1..=UNITS).map(|n| n * n * n).sum();
    same("the sum", sum.to_string(), total.output.line()?)?;
    total.end()
}
