// SPDX-License-Identifier: GPL-2.0

//! Fact: a job with a terminal as its input, output and error (one open file) goes on at another
//! terminal; or with its output in a file, where its error stays at the terminal.

use std::io::Read;
use std::thread;

use super::login_shell::Shell;
use super::outside::{is_all_talk, says, INSIDE};
use super::stage::{ensure, Stage};
use crate::verdict::{Outcome, Step};
use crate::wait;

pub fn run(stage: &Stage) -> Step<()> {
    let one = Screen::start(stage, "(inside $JOB samples/talker) & wait; sleep 1000")?;
    one.wait_for("99\n")?;
    let said = stage.saves(&[])?;
    for fd in 0..3 {
        says(&said, &[&format!("fd {fd}: /dev/pts/"), "not saved"])?;
    }
    let one = one.close()?;

    let line = "restart --pids --no-pidns --cgroup $CG -i $IMAGE; echo done; sleep 1000";
    let two = Screen::start(stage, line)?;
    two.wait_for("done\n")?;
    let two = two.close()?;
    is_all_talk(&[&one, two.trim_end_matches("done\n")].concat())?;

    let line = "restart --pids --cgroup $CG <$IMAGE >log; echo done; sleep 1000";
    let three = Screen::start(stage, line)?;
    three.wait_for("done\n")?;
    let three = three.close()?;
    is_all_talk(&[&one, &stage.text("log")[..]].concat())?;
    let seen: Vec<&str> = three.lines().filter(|line| *line != "still talking").collect();
    ensure(
        seen == ["done"] && three.contains("still talking"),
        &format!("at the terminal: {three}"),
    )?;
    stage.nothing_is_left()
}

/// A shell at a terminal, and what is seen there.
pub(super) struct Screen {
    pub(super) shell: Shell,
    text: std::sync::Arc<std::sync::Mutex<String>>,
}

impl Screen {
    pub(super) fn start(stage: &Stage, line: &str) -> Step<Self> {
        let program = stage.places.programs.join("dynamic/ckpt-cases");
        let script = format!(
            "cd {}; exec >&0 2>&0; export MODE=tools CG={} IMAGE={} JOB={}; \
             export PROCS=$CG/cgroup.procs\n{INSIDE}{line}",
            stage.container.dir.display(),
            stage.cgroup().display(),
            stage.container.image().display(),
            program.display(),
        );
        let shell = Shell::start(stage, &script)?;
        let text = std::sync::Arc::<std::sync::Mutex<String>>::default();
        let mut master = shell
            .master
            .try_clone()
            .map_err(|error| Outcome::failed(error.to_string()))?;
        let copy = std::sync::Arc::clone(&text);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // It ends with an error when nobody has the other end any more.
            while let Ok(count @ 1..) = master.read(&mut bytes) {
                let more = String::from_utf8_lossy(&bytes[..count]).replace('\r', "");
                if let Ok(mut text) = copy.lock() {
                    let text: &mut String = &mut text;
                    text.push_str(&more);
                }
            }
        });
        Ok(Self { shell, text })
    }

    pub(super) fn seen(&self) -> String {
        self.text.lock().map(|text| text.clone()).unwrap_or_default()
    }

    pub(super) fn wait_for(&self, word: &str) -> Step<()> {
        let there = wait::until(wait::LIMIT, || self.seen().contains(word).then_some(()));
        there.ok_or_else(|| Outcome::failed(format!("no {word:?} in {}", self.seen())))
    }

    /// Everything that was seen.
    fn close(self) -> Step<String> {
        let before = wait::until(wait::LIMIT, || {
            let seen = self.seen();
            thread::sleep(std::time::Duration::from_millis(200));
            (seen == self.seen()).then_some(seen)
        });
        drop(self.shell);
        before.ok_or_else(|| Outcome::failed("it never stops"))
    }
}
