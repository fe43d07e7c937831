// SPDX-License-Identifier: GPL-2.0

//! vim at a terminal, with somebody who types without a pause.

use std::process::Command;

use crate::load::{rounds, same, Doing, Step};
use crate::terminal::Terminal;

pub fn run() -> Step {
    let _ = std::fs::remove_file("text");
    let mut vim = Terminal::start(Command::new("vim").args(["-i", "NONE", "text"]))?;
    vim.see("", "text")?;
    vim.press("i")?;
    let mut text = String::new();
    rounds(|n| {
        let line = format!("line {n}");
        vim.see(&format!("{line}\r"), &line)?;
        text.push_str(&format!("{line}\n"));
        if n % 8 == 7 {
            vim.see("\x1b:w\r", "written")?;
            // The last line is empty so far.
            same("the text", format!("{text}\n"), std::fs::read_to_string("text").doing("the text")?)?;
            vim.press("Gi")?;
        }
        Ok(())
    })?;
    vim.press("\x1b:wq\r")?;
    vim.end()?;
    text.push('\n');
    same("the text in the end", text, std::fs::read_to_string("text").doing("the text")?)
}
