// SPDX-License-Identifier: GPL-2.0

//! Fact: what was typed is there to be read: whole lines, an end of file between them, a line that is
//! still being edited, and its column; what was written is there to be read at the other side.
//!
//! Could break: typing it again would echo it again, and interpret it twice.

use ckpt_support::pipes::{events, read, waiting, write};
use ckpt_support::terminals::{change, make_raw, pair};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    // Lines, an end of file, a line that has only begun.
    let [master, slave] = pair();
    same("type", &Ok(14), &write(master, b"one\ntwo\x04\x04th\tr\n"));
    same("edit", &Ok(8), &write(master, b"half\x16\x03x\x7f"));
    // A part of a line has been read.
    let [cut, cut_slave] = pair();
    same("type", &Ok(10), &write(cut, b"some long\n"));
    same("read a part", &Ok(b"some".to_vec()), &read(cut_slave, 4));
    // The next character is taken literally.
    let [literal, literal_slave] = pair();
    same("quote", &Ok(2), &write(literal, b"a\x16"));
    // Without lines.
    let [bytes, bytes_slave] = pair();
    make_raw(bytes_slave);
    same("bytes", &Ok(5), &write(bytes, b"\x03\x04\0\xff\n"));
    // From lines to bytes and back: what was there counts as a line.
    let [pushed, pushed_slave] = pair();
    change(pushed_slave, |settings| settings.c_lflag &= !libc::ICANON);
    same("push", &Ok(3), &write(pushed, b"abc"));
    same("has come", &(libc::POLLIN | libc::POLLOUT), &events(pushed_slave));
    same("all of it", &3, &waiting(pushed_slave));
    change(pushed_slave, |settings| settings.c_lflag |= libc::ICANON);
    // Output with a column: a tab comes after.
    let [output, output_slave] = pair();
    change(output_slave, |settings| settings.c_oflag |= libc::XTABS);
    same("write", &Ok(6), &write(output_slave, b"a\nbcde"));
    // Nothing at all.
    let [empty, empty_slave] = pair();
    let fds = [
        master, slave, cut_slave, bytes_slave, pushed_slave, output, empty, empty_slave,
    ];
    let look = || (fds.map(events), fds.map(waiting));
    let before = look();

    checkpoint_here();

    same("as ready", &before, &look());
    same("echoes", &b"one\r\ntwoth\tr\r\nhalf^\x08^Cx\x08 \x08".to_vec(), &all(master));
    same("the first line", &Ok(b"one\n".to_vec()), &read(slave, 100));
    same("the second", &Ok(b"two".to_vec()), &read(slave, 100));
    same("an end", &Ok(Vec::new()), &read(slave, 100));
    same("the third", &Ok(b"th\tr\n".to_vec()), &read(slave, 100));
    same("no more", &libc::POLLOUT, &events(slave));
    // Erases the quoted character and the f, and ends the line.
    same("go on", &Ok(5), &write(master, b"\x7f\x7flt\n"));
    same("the last", &Ok(b"hallt\n".to_vec()), &read(slave, 100));
    same("the rest", &Ok(b" long\n".to_vec()), &read(cut_slave, 100));
    same("quoted", &Ok(2), &write(literal, b"\x03\n"));
    same("so it is", &Ok(b"a\x03\n".to_vec()), &read(literal_slave, 9));
    same("all bytes", &Ok(b"\x03\x04\0\xff\n".to_vec()), &read(bytes_slave, 9));
    same("pushed", &Ok(b"abc".to_vec()), &read(pushed_slave, 9));
    same("a tab", &Ok(1), &write(output_slave, b"\t"));
    same("to column eight", &b"a\r\nbcde    ".to_vec(), &all(output));
    same("type", &Ok(2), &write(empty, b"x\n"));
    same("read", &Ok(b"x\n".to_vec()), &read(empty_slave, 100));
    let _ = (cut, bytes, pushed);
}

/// Everything that is there.
fn all(fd: i32) -> Vec<u8> {
    ckpt_support::pipes::drain(fd, 1000).0
}
