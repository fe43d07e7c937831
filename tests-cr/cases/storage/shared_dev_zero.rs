// SPDX-License-Identifier: GPL-2.0

//! Fact: a shared mapping of /dev/zero is shared memory of its own, not the device.
//!
//! Could break: its path says "/dev/zero (deleted)".

use std::fs::File;

use ckpt_support::{check, checkpoint_here, page_size, same, Mapping};

pub fn run() {
    let zero = File::options()
        .read(true)
        .write(true)
        .open("/dev/zero")
        .expect("/dev/zero");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let one = Mapping::of_file(&zero, 2 * page_size(), rights, libc::MAP_SHARED);
    let two = Mapping::of_file(&zero, 2 * page_size(), rights, libc::MAP_SHARED);
    one.page(0)[0] = 1;
    two.page(0)[0] = 2;
    let lines = (one.maps_line(), two.maps_line());
    checkpoint_here();
    same(
        "the lines in maps",
        &lines,
        &(one.maps_line(), two.maps_line()),
    );
    check(one.page(0)[0] == 1, "the first is not what it was");
    check(two.page(0)[0] == 2, "the second is not what it was");
}
