// SPDX-License-Identifier: GPL-2.0

//! screen, attached, with a shell in one window and vim in another, and somebody who goes to and fro.

use std::fs;
use std::process::Command;

use crate::load::{rounds, same, Doing, Step};
use crate::screens::{prepare, read, wait_for};
use crate::terminal::Terminal;

pub fn run() -> Step {
    prepare()?;
    let mut screen = Terminal::start(Command::new("screen").args(["-S", "work"]))?;
    screen.see("", "# ")?;
    screen.see("PS1='pro''mpt '\r", "prompt ")?;
    // Another window, with an editor.
    screen.press("\x01:screen vim -i NONE text\r")?;
    screen.see("", "text")?;
    screen.press("i")?;
    let mut lines = (String::new(), String::new());
    rounds(|n| {
        let line = format!("line {n}");
        screen.see(&format!("{line}\r"), &line)?;
        lines.0.push_str(&format!("{line}\n"));
        screen.see("\x01p", "prompt ")?;
        let answer = n * 11;
        screen.press(&format!("echo $(({n} * 11)) >>answers; echo ans\"\"wer $(({n} * 11))\r"))?;
        screen.see("", &format!("answer {answer}"))?;
        lines.1.push_str(&format!("{answer}\n"));
        wait_for("answers", &lines.1)?;
        // The window of the editor is drawn anew.
        screen.see("\x01p", &line)
    })?;
    screen.press("\x1b:wq\r")?;
    lines.0.push('\n');
    wait_for("text", &lines.0)?;
    screen.see("", "prompt ")?;
    screen.press("exit\r")?;
    screen.end()?;
    same("the answers", lines.1, read("answers"))?;
    fs::remove_dir_all("screens").doing("the directory of sockets")
}
