// SPDX-License-Identifier: GPL-2.0

//! What the command does where there is nothing to save.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

#[test]
fn it_fails_in_order_also_if_nobody_hears_why() {
    let (hearer, speaker) = UnixStream::pair().unwrap();
    drop(hearer);
    let mut command = Command::new(env!("CARGO_BIN_EXE_checkpoint"));
    command.args(["-o", "/nowhere/image", "/nowhere"]);
    let status = command
        .stdout(Stdio::null())
        .stderr(OwnedFd::from(speaker))
        .status();
    assert_eq!(status.unwrap().code(), Some(1));
}
