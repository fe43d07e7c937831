// SPDX-License-Identifier: GPL-2.0

//! Fact: an interactive shell, saved with its jobs from outside of its terminal, goes on at the terminal
//! where `restart` runs: same name, settings, what was typed and not read, jobs, foreground; keys, the
//! size of the window and the exit status come through; that terminal has its settings in the end. And
//! once more, from there, with a key that stops `restart` itself, and hanging up.

use std::fs;
use std::os::fd::AsRawFd;

use super::outside::says;
use super::screen::Screen;
use super::stage::{ensure, Stage};
use crate::verdict::Step;
use crate::wait;

const SHELL: &str = "echo 0 >$PROCS; exec env PS1='pro''mpt ' sh -i";
const RESTART: &str = "stty -g >before; restart --pids --cgroup $CG <$IMAGE 2>restart.log; \
     echo ended $?; stty -g >after; echo compared; sleep 1000";

pub fn run(stage: &Stage) -> Step<()> {
    play(stage).map_err(|mut outcome| {
        outcome.why.push_str(&stage.text("restart.log"));
        outcome
    })
}

fn play(stage: &Stage) -> Step<()> {
    let one = Screen::start(stage, SHELL)?;
    one.resize(24, 80)?;
    one.see("", "prompt ")?;
    one.see("tty >name; echo na''med\r", "named\n")?;
    one.see("sh -c 'echo re\"\"ady; exec sleep 1234'\r", "ready\n")?;
    one.see("\x1a", "Stopped")?;
    // The last of these are read by nobody yet.
    one.see(
        "stty intr ^X noflsh; sh -c 'echo asl\"\"eep; exec sleep 4321'\r",
        "asleep\n",
    )?;
    one.press("echo que''ued $((6 * 7))\r")?;
    let said = stage.saves(&[])?;
    says(&said, &["/dev/pts/", "restart makes a new one"])?;
    drop(one);

    let two = Screen::start(stage, RESTART)?;
    two.resize(33, 99)?;
    wait_for_job(stage, "4321")?;
    two.see("\x18", "queued 42\n")?;
    two.see("tty >name2; cmp name name2 && echo sa''me\r", "same\n")?;
    two.see("stty -a | grep -o 'intr = ^X'; echo sh''own\r", "intr = ^X\nshown\n")?;
    two.see("stty size\r", "33 99\n")?;
    two.resize(44, 111)?;
    two.see_again("stty size\r", "44 111\n")?;
    // A shell names the job before it has put it in front.
    two.see("fg\r", "sleep 1234")?;
    two.see_again("\x1a", "Stopped")?;
    let said = stage.saves(&[])?;
    says(&said, &["/dev/pts/", "restart makes a new one"])?;
    two.wait_for("ended 137\n")?;
    two.wait_for("compared\n")?;
    let file = |name: &str| fs::read_to_string(stage.file(name)).unwrap_or_default();
    ensure(
        !file("before").is_empty() && file("before") == file("after"),
        "the terminal has other settings than before",
    )?;
    drop(two);

    let three = Screen::start(stage, RESTART)?;
    three.resize(33, 99)?;
    wait_for_job(stage, "1234")?;
    three.see("jobs; echo ja''wohl\r", "jawohl\n")?;
    let seen = three.seen();
    says(&seen, &["Stopped", "sleep 1234"])?;
    // It may still know of that job the first time.
    three.press("kill -9 %1\r")?;
    three.see_again("exit 7\r", "ended 7\n")?;
    three.wait_for("compared\n")?;
    ensure(
        !file("before").is_empty() && file("before") == file("after"),
        "the terminal has other settings than before",
    )?;
    drop(three);

    let four = Screen::start(stage, RESTART)?;
    wait_for_job(stage, "1234")?;
    // The window is closed.
    drop(four);
    stage.nothing_is_left()
}

/// Waits until a sleeper with this argument runs in the container.
fn wait_for_job(stage: &Stage, argument: &str) -> Step<()> {
    let there = wait::until(wait::LIMIT, || {
        let pids = stage.container.pids();
        let runs = |pid: &i32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(argument)
        };
        pids.iter().any(runs).then_some(())
    });
    ensure(
        there.is_some(),
        &format!("no sleep {argument}\n{}", stage.text("restart.log")),
    )
}

impl Screen {
    pub(super) fn press(&self, keys: &str) -> Step<()> {
        use crate::verdict::Doing;
        use std::io::Write;
        (&self.shell.master)
            .write_all(keys.as_bytes())
            .doing("the keyboard")
    }

    pub(super) fn see(&self, keys: &str, text: &str) -> Step<()> {
        self.press(keys)?;
        self.wait_for(text)
    }

    /// Again and again, until the answer is this one.
    pub(super) fn see_again(&self, keys: &str, text: &str) -> Step<()> {
        for _ in 0..100 {
            self.press(keys)?;
            std::thread::sleep(std::time::Duration::from_millis(100));
            if self.seen().contains(text) {
                return Ok(());
            }
        }
        self.wait_for(text)
    }

    /// Somebody makes the window larger or smaller.
    pub(super) fn resize(&self, rows: u16, columns: u16) -> Step<()> {
        let size = libc::winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let master = self.shell.master.as_raw_fd();
        // SAFETY: reads one struct.
        let done = unsafe { libc::ioctl(master, libc::TIOCSWINSZ, &raw const size) };
        ensure(done == 0, "TIOCSWINSZ")
    }
}
