// SPDX-License-Identifier: GPL-2.0

//! Fact: output that ^S or tcflow(TCOOFF) has stopped stays stopped, with the echoes that wait, until
//! ^Q or TCOON.
//!
//! Could break: it is a flag of the terminal, and echoes wait inside.

use ckpt_support::pipes::{drain, events, set_flags, write};
use ckpt_support::terminals::{call, pair};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    let [typed, typed_slave] = pair();
    let [told, told_slave] = pair();
    let [asked, asked_slave] = pair();
    for slave in [typed_slave, told_slave, asked_slave] {
        set_flags(slave, libc::O_RDWR | libc::O_NONBLOCK);
    }
    same("^S", &Ok(1), &write(typed, b"\x13"));
    while events(typed_slave) & libc::POLLOUT != 0 {
        std::thread::yield_now();
    }
    same("wait with echo", &Ok(4), &write(typed, b"abc\n"));
    same("TCOOFF", &Ok(()), &call(told_slave, libc::TCXONC, libc::TCOOFF.into()));
    // The other side is asked to stop.
    same("TCIOFF", &Ok(()), &call(asked_slave, libc::TCXONC, libc::TCIOFF.into()));

    checkpoint_here();

    for slave in [typed_slave, told_slave] {
        same("stopped", &Err(libc::EAGAIN), &write(slave, b"x"));
    }
    same("nothing is out", &Vec::new(), &drain(typed, 10).0);
    same("^Q", &Ok(1), &write(typed, b"\x11"));
    while events(typed_slave) & libc::POLLOUT == 0 {
        std::thread::yield_now();
    }
    same("write", &Ok(1), &write(typed_slave, b"x"));
    same("echo and x", &b"abc\r\nx".to_vec(), &drain(typed, 100).0);
    // It takes more than ^Q.
    same("^Q is not it", &Ok(2), &write(told, b"\x11\n"));
    same("it has come", &libc::POLLIN, &events(told_slave));
    same("still", &Err(libc::EAGAIN), &write(told_slave, b"x"));
    same("TCOON", &Ok(()), &call(told_slave, libc::TCXONC, libc::TCOON.into()));
    same("write", &Ok(1), &write(told_slave, b"y"));
    same("STOP", &b"\x13".to_vec(), &drain(asked, 100).0);
}
