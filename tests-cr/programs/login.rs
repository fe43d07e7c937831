// SPDX-License-Identifier: GPL-2.0

//! A login shell at a terminal: jobs in the background, stopped and in the foreground, and a line that is
//! typed by half.

use std::process::Command;

use crate::load::{rounds, same, Doing, Step};
use crate::terminal::{Terminal, SIZE};

/// Counts into the file "ticks".
const TICKS: &str = "n=0; while :; do n=$((n + 1)); echo $n; sleep 0.02; done >ticks & tick=$!";

pub fn run() -> Step {
    let here = std::env::current_dir().doing("the directory")?;
    let mut shell = Terminal::start(Command::new("login").args(["-f", "root"]))?;
    // What is typed is shown too, so that answers must look different.
    shell.press("bind 'set enable-bracketed-paste off'; PS1='pro''mpt '\r")?;
    shell.see("", "prompt ")?;
    shell.see(&format!("cd {}\r", here.display()), "\nprompt ")?;
    shell.see("shopt -q login_shell && echo lo\"\"gin\r", "\nlogin\r\n")?;
    shell.see(&format!("{TICKS}\r"), "\nprompt ")?;
    let job = r#"sh -c 'echo re""ady; read word; echo "got $word"'"#;
    shell.see(&format!("{job}\r"), "\nready\r\n")?;
    shell.see("\x1a", "Stopped")?;
    let count = rounds(|n| match n % 2 {
        // The shell and its line editor.
        0 => shell.see(&format!("echo ans\"\"wer $(({n} * 7))\r"), &format!("\nanswer {}\r\n", n * 7)),
        // A job of it in the foreground, and the terminal's own editor.
        _ => {
            // Typed at once it might still be the shell's.
            shell.see("sh -c 'echo re\"\"ady; exec cat'\r", "\nready\r\n")?;
            for line in 0..5 {
                let text = format!("half {n} of line {line}");
                shell.see(&text, &text)?;
                shell.see(", whole\r", &format!("\n{text}, whole\r\n"))?;
            }
            shell.see("\x04", "prompt ")
        }
    })?;
    shell.see("stty size\r", &format!("\n{} {}\r\n", SIZE.0, SIZE.1))?;
    shell.see("tty >where; jobs\r", job)?;
    shell.see("fg %sh\r", &format!("\n{job}\r\n"))?;
    shell.see("hello\r", "\ngot hello\r\n")?;
    shell.see("kill $tick; wait $tick; echo ki\"\"lled $?\r", "\nkilled 143\r\n")?;
    shell.press("exit\r")?;
    shell.end()?;
    let ticks = std::fs::read_to_string("ticks").doing("ticks")?;
    for (line, tick) in ticks.lines().enumerate() {
        same("a tick", (line + 1).to_string(), tick)?;
    }
    match ticks.lines().count() as u64 > count / 10 {
        true => Ok(()),
        false => Err("the job in the background has hardly run".into()),
    }
}
