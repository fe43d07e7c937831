// SPDX-License-Identifier: GPL-2.0

//! Others, outside the container, who end what the sample `endings` watches or uses, and make and end the
//! like beside it.

use std::ffi::CStr;
use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use super::mounts::{mount, text, unmount};

/// How long they have something to end.
pub const LONG: Duration = Duration::from_secs(8);
/// Everybody else gets on too where there are few processors.
const PAUSE: Duration = Duration::from_millis(3);

/// What is done again and again.
type Deed = fn(&Path, u32);
const DEEDS: [(&str, Deed); 4] = [
    ("neighbours", neighbour),
    ("mounts", mount_and_unmount),
    ("System V", system_v),
    ("queues", queue),
];

/// Where they do it, and the System V objects that are to be ended.
pub struct Meddlers<'a> {
    dir: &'a Path,
    ids: &'a str,
}

impl<'a> Meddlers<'a> {
    pub fn new(dir: &'a Path, ids: &'a str) -> Self {
        Self { dir, ids }
    }

    /// Beside something; gives also how often each deed was done.
    pub fn meddle<T>(&self, beside: impl FnOnce() -> T) -> (T, Vec<(&str, usize)>) {
        let is_over = AtomicBool::new(false);
        let again = |deed: Deed| {
            let rounds = (0..).take_while(|round| {
                deed(self.dir, *round);
                thread::sleep(PAUSE);
                !is_over.load(SeqCst)
            });
            rounds.count()
        };
        thread::scope(|scope| {
            let again = &again;
            let others = DEEDS.map(|(name, deed)| (name, scope.spawn(move || again(deed))));
            scope.spawn(|| end_one_by_one(self.dir, self.ids, &is_over));
            let came = beside();
            is_over.store(true, SeqCst);
            let rounds = others
                .into_iter()
                .map(|(name, other)| (name, other.join().unwrap_or(0)));
            (came, rounds.collect())
        })
    }
}

fn unlink_queue(name: &CStr) {
    // SAFETY: a C string.
    unsafe { libc::mq_unlink(name.as_ptr()) };
}

/// A file where the program watches, and a watch where it has one.
fn neighbour(dir: &Path, round: u32) {
    const DN_RENAME: i32 = 0x10;
    let path = dir.join(format!("kept/neighbour-{}", round % 7));
    let _ = fs::write(&path, b"x");
    if let Ok(place) = File::open(dir.join("place")) {
        // SAFETY: takes no pointer.
        unsafe { libc::fcntl(place.as_raw_fd(), libc::F_NOTIFY, DN_RENAME) };
        let _ = fs::remove_file(&path);
    }
}

fn mount_and_unmount(dir: &Path, _: u32) {
    let at = dir.join("mounted");
    if mount(&at).is_ok() {
        let _ = fs::write(at.join("file"), b"x");
        // A checkpoint may be looking at it.
        let _ = unmount(&at, 0) || unmount(&at, libc::MNT_DETACH);
    }
}

/// Objects that are taken from under who sleeps at them, or is killed there.
fn system_v(_: &Path, round: u32) {
    let operation = |sem_num, sem_op| libc::sembuf {
        sem_num,
        sem_op,
        sem_flg: libc::SEM_UNDO as i16,
    };
    let (mut give, mut take) = (operation(0, 1), operation(1, -1));
    let mut message = [0_u64; 2];
    // SAFETY: all that is passed lives; the children make system calls only.
    unsafe {
        let queue = libc::msgget(libc::IPC_PRIVATE, 0o600);
        let semaphores = libc::semget(libc::IPC_PRIVATE, 2, 0o600);
        let segment = libc::shmget(libc::IPC_PRIVATE, 4096, 0o600);
        let memory = libc::shmat(segment, null(), 0);
        let sleepers = [false, true].map(|receives| {
            let child = libc::syscall(libc::SYS_fork) as i32;
            if child == 0 {
                if receives {
                    libc::msgrcv(queue, message.as_mut_ptr().cast(), 8, 0, 0);
                } else {
                    libc::semop(semaphores, &mut give, 1);
                    libc::semop(semaphores, &mut take, 1);
                }
                libc::_exit(0);
            }
            child
        });
        thread::sleep(Duration::from_millis((round % 5).into()));
        for child in sleepers
            .into_iter()
            .filter(|child| *child > 0 && round % 3 == 0)
        {
            libc::kill(child, libc::SIGKILL);
        }
        remove([queue, semaphores, segment]);
        libc::shmdt(memory);
        for child in sleepers.into_iter().filter(|child| *child > 0) {
            libc::waitpid(child, null_mut(), 0);
        }
    }
}

/// A queue, semaphores, memory.
fn remove([queue, semaphores, segment]: [i32; 3]) {
    // SAFETY: nothing is filled.
    unsafe {
        libc::msgctl(queue, libc::IPC_RMID, null_mut());
        libc::semctl(semaphores, 0, libc::IPC_RMID);
        libc::shmctl(segment, libc::IPC_RMID, null_mut());
    }
}

fn queue(_: &Path, _: u32) {
    const NAME: &CStr = c"/ckpt-meddling";
    let none = null_mut::<libc::mq_attr>();
    // SAFETY: a C string, no attributes; a byte that is there.
    unsafe {
        let queue = libc::mq_open(NAME.as_ptr(), libc::O_CREAT | libc::O_RDWR, 0o600, none);
        libc::mq_send(queue, c"x".as_ptr(), 1, 0);
        unlink_queue(NAME);
        libc::mq_close(queue);
    }
}

/// What the program is prepared to lose, over the whole time.
fn end_one_by_one(dir: &Path, ids: &str, is_over: &AtomicBool) {
    let all: Vec<&str> = ids.lines().collect();
    for (number, line) in all.iter().enumerate() {
        let file = dir.join(format!("doomed/{number}"));
        let _ = fs::remove_file(&file).and_then(|()| fs::write(&file, b"again"));
        let ids: Vec<i32> = line.split(' ').filter_map(|id| id.parse().ok()).collect();
        let _ = ids.try_into().map(remove);
        if number % 6 == 5 {
            let which = number / 6;
            let _ = fs::write(dir.join(format!("doomed/in-{which}/file")), b"");
            unmount(&dir.join(format!("mounts/{which}")), 0);
            unlink_queue(&text(Path::new(&format!("/ckpt-doomed-{which}"))));
        }
        if !is_over.load(SeqCst) {
            thread::sleep(LONG / 50);
        }
    }
}
