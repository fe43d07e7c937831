// SPDX-License-Identifier: GPL-2.0

//! Fact: /dev/null, zero, full, random and urandom, open before, work after a restart.
//!
//! Could break: device nodes are opened by path, and must be the same device.

use std::fs::File;
use std::io::{Read, Write};

use ckpt_support::{check, checkpoint_here, same};

pub fn run() {
    let open = |name: &str| {
        let path = format!("/dev/{name}");
        let file = File::options().read(true).write(true).open(&path);
        file.unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let (mut null, mut zero) = (open("null"), open("zero"));
    let (mut random, mut urandom) = (open("random"), open("urandom"));
    checkpoint_here();
    let mut bytes = [1u8; 64];
    same("read of null", &0, &null.read(&mut bytes).expect("null"));
    same("write to null", &64, &null.write(&bytes).expect("null"));
    same("read of zero", &64, &zero.read(&mut bytes).expect("zero"));
    check(bytes == [0; 64], "zero gives something else");
    random.read_exact(&mut bytes).expect("random");
    let first = bytes;
    check(first != [0; 64], "random gives zeros");
    urandom.read_exact(&mut bytes).expect("urandom");
    check(bytes != first && bytes != [0; 64], "urandom repeats itself");
}
