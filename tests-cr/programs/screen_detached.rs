// SPDX-License-Identifier: GPL-2.0

//! screen, detached, with a shell in one window and vim in another. They get what they are to do by way
//! of its socket; in the end somebody attaches.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::load::{rounds, same, Doing, Step, PATIENCE};
use crate::screens::{prepare, read, wait_for};
use crate::terminal::Terminal;

/// Has the screen do something.
fn tell(words: &[&str]) -> Step {
    let status = Command::new("screen").args(["-S", "work"]).args(words).status().doing("screen")?;
    same(&words.join(" "), "exit status: 0", status.to_string())
}

fn type_at(window: &str, keys: &str) -> Step {
    tell(&["-p", window, "-X", "stuff", keys])
}

/// It has gone into the background before it listens.
fn wait_until_it_listens() -> Step {
    let start = Instant::now();
    loop {
        let mut ask = Command::new("screen");
        ask.args(["-S", "work", "-X", "echo", "listening"]).stdout(Stdio::null());
        let status = ask.status().doing("screen")?;
        if status.success() || start.elapsed() > PATIENCE {
            return same("screen listens", "exit status: 0", status.to_string());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

pub fn run() -> Step {
    prepare()?;
    let started = Command::new("screen").args(["-d", "-m", "-S", "work"]).status().doing("screen")?;
    same("screen", "exit status: 0", started.to_string())?;
    wait_until_it_listens()?;
    type_at("0", "echo begun >>answers\r")?;
    wait_for("answers", "begun\n")?;
    tell(&["-X", "screen", "vim", "-i", "NONE", "text"])?;
    type_at("1", "i")?;
    let mut lines = (String::new(), String::from("begun\n"));
    rounds(|n| {
        type_at("0", &format!("echo $(({n} * 11)) >>answers\r"))?;
        type_at("1", &format!("line {n}\r"))?;
        lines.0.push_str(&format!("line {n}\n"));
        lines.1.push_str(&format!("{}\n", n * 11));
        wait_for("answers", &lines.1)
    })?;
    type_at("1", "\x1b:wq\r")?;
    lines.0.push('\n');
    wait_for("text", &lines.0)?;
    let mut screen = Terminal::start(Command::new("screen").args(["-r", "work"]))?;
    screen.see("", "answers")?;
    screen.see("echo ans\"\"wer\r", "answer")?;
    screen.press("exit\r")?;
    screen.end()?;
    same("the answers", lines.1, read("answers"))
}
