// SPDX-License-Identifier: GPL-2.0

//! Fact: shared memory that is attached comes back with its identifier, key, owners, rights, times and
//! last processes: several times, read only, in part, locked, removed already.
//!
//! Could break: each area would be memory of its own; what is removed would stay for ever.

use ckpt_support::{can_write, check, checkpoint_here, must, same};

use super::{attach, control_memory, key, memory_state, memory_text, segment};

const PAGE: usize = 4096;

fn fill(address: *mut u8, pages: usize, seed: u8) {
    for page in 0..pages {
        // SAFETY: within what was attached.
        unsafe { address.add(page * PAGE).write_bytes(seed + page as u8, PAGE) };
    }
}

fn byte(address: *mut u8, page: usize) -> u8 {
    // SAFETY: within what was attached.
    unsafe { address.add(page * PAGE + 17).read_volatile() }
}

pub fn run() {
    let key = key(1);
    let named = segment(key, 8 * PAGE + 100, libc::IPC_CREAT | libc::IPC_EXCL | 0o640);
    let first = attach(named, 0);
    fill(first, 8, 1);
    let second = attach(named, 0);
    let reader = attach(named, libc::SHM_RDONLY);
    // In part: a hole in the middle, and other rights behind it.
    // SAFETY: pages of what was attached.
    unsafe {
        must("munmap", libc::munmap(second.add(2 * PAGE).cast(), PAGE));
        let from = second.add(5 * PAGE).cast();
        must("mprotect", libc::mprotect(from, PAGE, libc::PROT_READ));
    }
    let removed = segment(key + 1, 3 * PAGE, libc::IPC_CREAT | 0o600);
    let gone = attach(removed, 0);
    fill(gone, 2, 50);
    control_memory(removed, libc::IPC_RMID);
    let sparse = segment(libc::IPC_PRIVATE, 64 * PAGE, 0o600 | libc::SHM_NORESERVE);
    let wide = attach(sparse, 0);
    fill(wide, 1, 9);
    control_memory(sparse, libc::SHM_LOCK);
    // SAFETY: a state that the kernel gave.
    unsafe {
        let mut state = memory_state(named);
        state.shm_perm.mode = 0o604;
        state.shm_perm.uid = 1234;
        state.shm_perm.gid = 4321;
        must("IPC_SET", libc::shmctl(named, libc::IPC_SET, &mut state));
    }
    let all = [named, removed, sparse];
    let maps = || {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("maps");
        let own = maps.lines().filter(|line| line.contains("/SYSV"));
        own.collect::<Vec<_>>().join("\n")
    };
    let areas = maps();
    let before = all.map(memory_text);
    checkpoint_here();
    let now = all.map(memory_text);
    for (before, now) in before.iter().zip(&now) {
        same("state", before, now);
    }
    same("areas", &areas, &maps());
    same("by its key", &named, &segment(key, 0, 0));
    for page in 0..8 {
        same("content", &(1 + page as u8), &byte(first, page));
        same("content, read only", &(1 + page as u8), &byte(reader, page));
    }
    // SAFETY: within what was attached.
    unsafe { second.add(3 * PAGE).write_volatile(99) };
    // SAFETY: as above.
    same("one memory", &99, &unsafe { reader.add(3 * PAGE).read_volatile() });
    check(!can_write(reader as usize), "read only");
    check(!can_write(second as usize + 5 * PAGE), "the part is read only");
    same("removed", &51, &byte(gone, 1));
    same("sparse", &9, &byte(wide, 0));
    same("empty", &0, &byte(wide, 40));
    let attached = |id| memory_state(id).shm_nattch;
    // SAFETY: what was attached.
    unsafe { must("shmdt", libc::shmdt(first.cast())) };
    same("attached", &5, &attached(named));
    // SAFETY: what was attached.
    unsafe { must("shmdt", libc::shmdt(gone.cast())) };
    // SAFETY: zeros are a value.
    let result = unsafe {
        let mut state = std::mem::zeroed();
        libc::shmctl(removed, libc::IPC_STAT, &mut state)
    };
    same("what was removed is gone", &-1, &result);
    control_memory(sparse, libc::SHM_UNLOCK);
    control_memory(sparse, libc::IPC_RMID);
    control_memory(named, libc::IPC_RMID);
}
