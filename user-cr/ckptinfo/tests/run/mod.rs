// SPDX-License-Identifier: GPL-2.0

//! Runs the program with an image on its standard input.

use std::io::Write;
use std::process::{Command, Stdio};

pub struct Outcome {
    pub status: i32,
    pub output: String,
    pub errors: String,
}

pub fn ckptinfo(arguments: &[&str], image: &[u8]) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ckptinfo"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let image = image.to_vec();
    // It may stop reading at any place.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&image)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Outcome {
        status: output.status.code().expect("not killed"),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}
