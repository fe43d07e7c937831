// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that was mapped piece by piece until it was more than the machine has comes back, in one
//! piece as far as anybody can see.
//!
//! Could break: no single mmap(2) gets as much as all of the pieces, which the kernel has joined.

use ckpt_support::{checkpoint_here, page_size, same, Mapping};

const PIECES: usize = 5;

/// Memory and swap space of the machine, in bytes.
fn all_memory() -> usize {
    // SAFETY: fills the struct.
    let info = unsafe {
        let mut info: libc::sysinfo = std::mem::zeroed();
        ckpt_support::must("sysinfo", libc::sysinfo(&mut info));
        info
    };
    (info.totalram + info.totalswap) as usize * info.mem_unit as usize
}

pub fn run() {
    let piece = all_memory() / 4 / page_size() * page_size();
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    let place = Mapping::new(PIECES * piece, libc::PROT_NONE, flags, -1, 0);
    for index in 0..PIECES {
        // SAFETY: lies over what nobody uses yet.
        let part = unsafe {
            let address = place.pointer().byte_add(index * piece);
            libc::mmap(address, piece, rights, flags | libc::MAP_FIXED, -1, 0)
        };
        assert_ne!(part, libc::MAP_FAILED, "a piece");
    }
    let each = piece / page_size();
    let touched = |index: usize| [index * each, index * each + each - 1];
    for index in 0..PIECES {
        for page in touched(index) {
            place.page(page).fill(index as u8 + 1);
        }
    }
    let line = place.maps_line();

    checkpoint_here();

    same("the mapping", &line, &place.maps_line());
    for index in 0..PIECES {
        let right = vec![index as u8 + 1; page_size()];
        for page in touched(index) {
            same("a page", &right, &place.page(page).to_vec());
        }
    }
    same("between", &0, &place.page(each / 2)[0]);
}
