// SPDX-License-Identifier: GPL-2.0

//! Fact: a datagram socket that is connected to a server outside is refused, or, if that is wanted, saved
//! without it: it is connected to whatever has the name at restart, and a restart without anything that
//! has it is refused.

use std::fs;
use std::os::unix::net::UnixDatagram;

use super::outside::says;
use super::stage::{ensure, fine, refused, Stage};
use crate::verdict::{Doing, Step};
use crate::wait;

pub fn run(stage: &Stage) -> Step<()> {
    let path = stage.container.dir.join("server");
    let server = UnixDatagram::bind(&path).doing("the server")?;
    let mut child = stage.start("client")?;
    heard(&server, b"before")?;
    let without = stage.checkpoint(&["--check"])?;
    refused(&without, "is connected to")?;
    says(&without.said, &["--reconnect"])?;
    fine(&stage.checkpoint(&["--check", "--reconnect"])?)?;
    let image = stage.container.image();
    let image = image.to_string_lossy();
    let saved = stage.checkpoint(&["--kill", "--reconnect", "-o", &image])?;
    fine(&saved)?;
    says(&saved.said, &["/server", "belongs to", "again at restart"])?;
    let _ = wait::for_child(&mut child, wait::LIMIT);
    stage.container.end()?;

    drop(server);
    refused(&stage.restart(&[])?, "cannot connect a socket to")?;
    stage.nothing_is_left()?;
    fs::remove_file(&path).doing("the server")?;
    refused(&stage.restart(&[])?, "cannot connect a socket to")?;
    stage.nothing_is_left()?;
    let server = UnixDatagram::bind(&path).doing("the server")?;
    stage.image_is_good()?;
    heard(&server, b"after")
}

fn heard(server: &UnixDatagram, what: &[u8]) -> Step<()> {
    server
        .set_read_timeout(Some(wait::LIMIT))
        .doing("the server")?;
    let mut bytes = [0; 100];
    let (length, from) = server.recv_from(&mut bytes).doing("the server")?;
    ensure(&bytes[..length] == what, "something else was sent")?;
    let name = from.as_pathname().map(|path| path.ends_with("client"));
    ensure(name == Some(true), "by somebody else")
}
