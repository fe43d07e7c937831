// SPDX-License-Identifier: GPL-2.0

//! A terminal with somebody who looks at it.

use std::io::Read;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::login_shell::Shell;
use super::outside::INSIDE;
use super::stage::Stage;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// A shell at a terminal, and what is seen there.
pub(super) struct Screen {
    pub(super) shell: Shell,
    written: Arc<Mutex<Vec<u8>>>,
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
        let written = Arc::<Mutex<Vec<u8>>>::default();
        let mut master = shell.master.try_clone().doing("dup")?;
        let copy = Arc::clone(&written);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // It ends with an error when nobody has the other end any more.
            while let Ok(count @ 1..) = master.read(&mut bytes) {
                if let Ok(mut written) = copy.lock() {
                    written.extend_from_slice(&bytes[..count]);
                }
            }
        });
        Ok(Self { shell, written })
    }

    pub(super) fn seen(&self) -> String {
        let written = self.written.lock();
        written
            .map(|written| as_shown(&written))
            .unwrap_or_default()
    }

    pub(super) fn wait_for(&self, word: &str) -> Step<()> {
        let there = wait::until(wait::LIMIT, || self.seen().contains(word).then_some(()));
        there.ok_or_else(|| Outcome::failed(format!("no {word:?} in {}", self.seen())))
    }

    /// Everything that was seen.
    pub(super) fn close(self) -> Step<String> {
        let before = wait::until(wait::LIMIT, || {
            let seen = self.seen();
            thread::sleep(Duration::from_millis(200));
            (seen == self.seen()).then_some(seen)
        });
        drop(self.shell);
        before.ok_or_else(|| Outcome::failed("it never stops"))
    }
}

/// What a terminal shows of what was written to it: not what was written over, or wiped away.
fn as_shown(written: &[u8]) -> String {
    let written = String::from_utf8_lossy(written);
    let lines: Vec<String> = written.split('\n').map(line_as_shown).collect();
    lines.join("\n")
}

fn line_as_shown(written: &str) -> String {
    const WIPE: &str = "\x1b[K";
    let mut shown = Vec::new();
    for from_the_left in written.split('\r') {
        let mut column = 0;
        for (index, piece) in from_the_left.split(WIPE).enumerate() {
            if index > 0 {
                shown.truncate(column);
            }
            for letter in piece.chars() {
                match shown.get_mut(column) {
                    Some(old) => *old = letter,
                    None => shown.push(letter),
                }
                column += 1;
            }
        }
    }
    shown.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::as_shown;

    #[test]
    fn what_is_written_over_is_not_shown() {
        assert_eq!(as_shown(b"one\r\ntwo\r\n"), "one\ntwo\n");
        assert_eq!(as_shown(b"\rwait: 1 s\rwait: 2 s\r\x1b[Kone\r\n"), "one\n");
        assert_eq!(as_shown(b"wait: 1 s\rone"), "onet: 1 s");
        assert_eq!(as_shown(b"one\r\x1b[K"), "");
    }
}
