// SPDX-License-Identifier: GPL-2.0

//! Fact: forests that nobody thought of come back as they were: processes that fork, make groups and
//! sessions, join groups, end before or after their children, in an order made by chance.
//!
//! Could break: a way to come to one's place in the forest that the tool does not know.

use std::sync::atomic::{AtomicI32, AtomicU32, Ordering::SeqCst};

use ckpt_support::{check, checkpoint_here, errno, must, page_size, same, Mapping};

use super::relatives::{child, set, sleep_until_set, wait_until, FINE};

/// The numbers that the forests are made from.
const SEEDS: std::ops::Range<u64> = 1..7;
const DEEPEST: usize = 4;
/// What those end with who are not there any longer at the checkpoint.
const EARLY: i32 = 7;

/// What all of them see.
#[repr(C)]
struct Shared {
    born: AtomicU32,
    done: AtomicU32,
    living: AtomicU32,
    settled: AtomicU32,
    recorded: AtomicU32,
    go: AtomicU32,
    ended: AtomicU32,
    /// Those that ended before.
    early: [AtomicI32; 4096],
    /// For each forest: groups that somebody has made.
    groups: [[AtomicI32; 8]; SEEDS.end as usize],
}

/// Numbers by chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ word >> 31) % most
    }
}

/// Parent, group and session.
fn place() -> [i32; 3] {
    // SAFETY: takes no pointer.
    unsafe { [libc::getppid(), libc::getpgid(0), libc::getsid(0)] }
}

/// The life of one process; gives what it ends with.
fn live(seed: u64, forest: usize, depth: usize, all: &Shared) -> i32 {
    let mut chance = Chance(seed);
    let groups = &all.groups[forest];
    let mut children = Vec::new();
    for _ in 0..2 + chance.below(5) {
        let slot = &groups[chance.below(8) as usize];
        // SAFETY: take no pointer.
        unsafe {
            match chance.below(6) {
                0 => {
                    libc::setsid();
                }
                1 => {
                    libc::setpgid(0, 0);
                    slot.store(libc::getpgid(0), SeqCst);
                }
                2 => {
                    // That of somebody else, if that is allowed.
                    libc::setpgid(0, slot.load(SeqCst));
                }
                _ if depth < DEEPEST => {
                    all.born.fetch_add(1, SeqCst);
                    let own = chance.below(u64::MAX);
                    children.push(child(|| live(own, forest, depth + 1, all)));
                }
                _ => (),
            }
        }
    }
    if depth > 0 && chance.below(4) == 0 {
        let place = all.ended.fetch_add(1, SeqCst) as usize;
        all.early[place].store(std::process::id() as i32, SeqCst);
        all.done.fetch_add(1, SeqCst);
        return EARLY;
    }
    all.living.fetch_add(1, SeqCst);
    all.done.fetch_add(1, SeqCst);
    sleep_until_set(&all.settled);
    let before = place();
    all.recorded.fetch_add(1, SeqCst);
    sleep_until_set(&all.go);
    let is_same = place() == before;
    let fine = children.into_iter().all(|child| is_well(end(child)));
    match is_same && fine {
        true => FINE,
        false => {
            println!("seed {seed}, depth {depth}: {before:?} is {:?}", place());
            1
        }
    }
}

fn is_zombie(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it is still there");
    stat.contains(") Z ")
}

fn is_well(end: Option<(i32, i32)>) -> bool {
    matches!(end, Some((_, FINE | EARLY)))
}

/// Waits for a child, or for any of them: which, and what it ended with.
fn end(child: i32) -> Option<(i32, i32)> {
    let mut status = 0;
    // SAFETY: one int for the status.
    let pid = unsafe { libc::waitpid(child, &mut status, 0) };
    let code = if libc::WIFEXITED(status) { libc::WEXITSTATUS(status) } else { -1 };
    (pid > 0).then_some((pid, code))
}

pub fn run() {
    let (rights, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS);
    let size = std::mem::size_of::<Shared>().next_multiple_of(page_size());
    let memory = Mapping::new(size, rights, flags, -1, 0);
    // SAFETY: a mapping that stays, is large enough, and zeros are numbers.
    let all = unsafe { &*(memory.page_address(0) as *const Shared) };
    // SAFETY: takes no pointer.
    must("a subreaper", unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) });
    for seed in SEEDS {
        all.born.fetch_add(1, SeqCst);
        child(|| live(seed, seed as usize, 0, all));
    }
    while all.done.load(SeqCst) < all.born.load(SeqCst) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // Only then do their children have another parent; nobody has waited for them yet.
    for pid in &all.early[..all.ended.load(SeqCst) as usize] {
        while !is_zombie(pid.load(SeqCst)) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
    set(&all.settled);
    wait_until(&all.recorded, all.living.load(SeqCst));
    checkpoint_here();
    set(&all.go);
    let mut ends = 0;
    while let Some((pid, code)) = end(-1) {
        check(is_well(Some((pid, code))), &format!("{pid} ended with {code}"));
        ends += 1;
    }
    same("no child is left", &libc::ECHILD, &errno());
    check(ends >= SEEDS.count(), "some have gone");
}
