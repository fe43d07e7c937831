// SPDX-License-Identifier: GPL-2.0

//! Programs of ordinary users, opened by nobody else: what may be asked about rights is asked of
//! these.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::fd::{AsRawFd, IntoRawFd};
use std::os::unix::process::CommandExt;

use ckpt_support::{checkpoint_here, must, page_size, pipes, unix, Mapping};

use crate::identity::{confined, keys};

/// One who exists in the machine, and one who does not.
const USER: u32 = 1000;
const OTHER: u32 = 1001;

pub fn of_user() {
    become_and_run(USER, "samples/of_user_ready");
}

pub fn of_other() {
    become_and_run(OTHER, "samples/of_user_ready");
}

pub fn undumpable() {
    become_and_run(USER, "samples/undumpable_ready");
}

pub fn armed() {
    become_and_run(USER, "samples/armed_ready");
}

/// With a session keyring of its own.
pub fn logged_in() {
    become_and_run(USER, "samples/logged_in_ready");
}

pub fn logged_in_ready() {
    keys::log_in(None);
    checkpoint_here();
}

pub fn undumpable_ready() {
    // SAFETY: takes no pointer.
    must("PR_SET_DUMPABLE", unsafe {
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0)
    });
    checkpoint_here();
}

/// Has a directory of the user's, and in it a file and a directory to work in.
pub fn at_own_files() {
    for name in ["own", "own/here"] {
        std::fs::create_dir(name).expect("mkdir");
        std::os::unix::fs::chown(name, Some(USER), Some(USER)).expect("chown");
    }
    become_and_run(USER, "samples/at_own_files_ready");
}

pub fn at_own_files_ready() {
    let mut file = ckpt_support::file_with("own/file", b"mine");
    std::env::set_current_dir("own/here").expect("chdir");
    checkpoint_here();
    file.write_all(b", and nobody else's").expect("write");
    let mut content = String::new();
    file.rewind().expect("seek");
    file.read_to_string(&mut content).expect("read");
    ckpt_support::same("content", &"mine, and nobody else's", &content.as_str());
    let here = std::env::current_dir().expect("getcwd");
    ckpt_support::check(here.ends_with("own/here"), "it works elsewhere");
}

/// Whoever is not root may send to it, and receive nothing.
const SEND_ONLY: libc::c_int = 0o622;
const QUEUE: &CStr = c"/of-root";
const KEY: libc::key_t = 0x6f66_726f;

/// At a POSIX message queue of root's that it may only send to.
pub fn at_queue() {
    // SAFETY: takes no pointer.
    unsafe { libc::umask(0) };
    let attributes: Option<&libc::mq_attr> = None;
    let flags = libc::O_CREAT | libc::O_EXCL | libc::O_WRONLY;
    // SAFETY: a C string, and no attributes.
    let queue = unsafe { libc::mq_open(QUEUE.as_ptr(), flags, SEND_ONLY, attributes) };
    must("mq_open", queue);
    send(queue);
    // SAFETY: it is ours.
    must("mq_close", unsafe { libc::mq_close(queue) });
    become_and_run(USER, "samples/at_queue_ready");
}

pub fn at_queue_ready() {
    // SAFETY: a C string.
    let queue = unsafe { libc::mq_open(QUEUE.as_ptr(), libc::O_WRONLY) };
    must("mq_open", queue);
    checkpoint_here();
    send(queue);
}

fn send(queue: libc::mqd_t) {
    // SAFETY: a byte that is there.
    must("mq_send", unsafe {
        libc::mq_send(queue, c"x".as_ptr(), 1, 0)
    });
}

/// The last who has sent to a System V message queue of root's that it may only send to.
pub fn at_messages() {
    // SAFETY: takes no pointer.
    let queue = unsafe { libc::msgget(KEY, libc::IPC_CREAT | libc::IPC_EXCL | SEND_ONLY) };
    must("msgget", queue);
    send_message(queue);
    become_and_run(USER, "samples/at_messages_ready");
}

pub fn at_messages_ready() {
    // SAFETY: takes no pointer.
    let queue = unsafe { libc::msgget(KEY, 0) };
    must("msgget", queue);
    send_message(queue);
    checkpoint_here();
    send_message(queue);
}

fn send_message(queue: libc::c_int) {
    // Its type, and what is in it.
    let message = [1_u64, 0];
    // SAFETY: a message with one byte.
    must("msgsnd", unsafe {
        libc::msgsnd(queue, message.as_ptr().cast(), 1, libc::IPC_NOWAIT)
    });
}

/// A file with an attribute that only root may read.
const TRUSTED: &CStr = c"/dev/shm/ckpt-trusted";

pub fn with_trusted() {
    // SAFETY: takes no pointer.
    unsafe { libc::umask(0) };
    std::fs::write(TRUSTED.to_str().expect("text"), b"content").expect("a file");
    // SAFETY: C strings, and a byte that is there.
    must("setxattr", unsafe {
        let value = b"x".as_ptr().cast();
        libc::setxattr(TRUSTED.as_ptr(), c"trusted.secret".as_ptr(), value, 1, 0)
    });
    // In a directory like that only its owner may remove it.
    // SAFETY: a C string.
    must("chown", unsafe {
        libc::chown(TRUSTED.as_ptr(), USER, USER)
    });
    become_and_run(USER, "samples/with_trusted_ready");
}

pub fn with_trusted_ready() {
    let file = File::open(TRUSTED.to_str().expect("text")).expect("the file");
    // SAFETY: a C string.
    must("unlink", unsafe { libc::unlink(TRUSTED.as_ptr()) });
    checkpoint_here();
    drop(file);
}

/// In a user namespace of its own, as root of it.
pub fn in_namespace() {
    let write = |name: &str, text: &str| {
        let written = std::fs::write(format!("/proc/self/{name}"), text);
        written.unwrap_or_else(|error| panic!("{name}: {error}"));
    };
    give_up(USER);
    // SAFETY: takes no pointer.
    unsafe {
        must(
            "PR_SET_DUMPABLE",
            libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0),
        );
        must("unshare", libc::unshare(libc::CLONE_NEWUSER));
    }
    write("setgroups", "deny");
    write("uid_map", &format!("0 {USER} 1"));
    write("gid_map", &format!("0 {USER} 1"));
    open_outputs();
    run("samples/of_user_ready");
}

/// Has something of all that an image could lie about.
pub fn armed_ready() {
    // SAFETY: the arguments of each call are right, and live as long as it lasts.
    unsafe {
        must(
            "PR_SET_NO_NEW_PRIVS",
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        );
        let few = libc::rlimit {
            rlim_cur: 256,
            rlim_max: 512,
        };
        must("setrlimit", libc::setrlimit(libc::RLIMIT_NOFILE, &few));
        let mut blocked: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&mut blocked, libc::SIGUSR1);
        libc::sigaddset(&mut blocked, libc::SIGUSR2);
        libc::sigprocmask(libc::SIG_BLOCK, &blocked, std::ptr::null_mut());
        must("kill", libc::kill(libc::getpid(), libc::SIGUSR1));
        let mut timer: libc::timer_t = std::mem::zeroed();
        let mut event: libc::sigevent = std::mem::zeroed();
        event.sigev_notify = libc::SIGEV_SIGNAL;
        event.sigev_signo = libc::SIGUSR2;
        must(
            "timer_create",
            libc::timer_create(libc::CLOCK_MONOTONIC, &mut event, &mut timer),
        );
        let mut in_an_hour: libc::itimerspec = std::mem::zeroed();
        in_an_hour.it_value.tv_sec = 3600;
        must(
            "timer_settime",
            libc::timer_settime(timer, 0, &in_an_hour, std::ptr::null_mut()),
        );
        let mut alarm: libc::itimerval = std::mem::zeroed();
        alarm.it_value.tv_sec = 3600;
        must(
            "setitimer",
            libc::syscall(libc::SYS_setitimer, 0, &alarm, 0) as i32,
        );
        // An entry of the local descriptor table: a data segment.
        let entry = [0_u32, 0, 0xfffff, 0x51];
        must(
            "modify_ldt",
            libc::syscall(libc::SYS_modify_ldt, 1, &entry, 16) as i32,
        );
    }
    let [reader, writer] = pipes::pipe(0);
    pipes::write(writer, b"one").expect("write");
    // SAFETY: takes no pointer.
    must("F_SETOWN", unsafe {
        libc::fcntl(reader, libc::F_SETOWN, libc::getpid())
    });
    let own = ckpt_support::file_with("own", b"own");
    let mapped = Mapping::of_file(&own, page_size(), libc::PROT_READ, libc::MAP_SHARED);
    let null = File::open("/dev/null").expect("/dev/null");
    // Between two others there was an urgent byte.
    let ends = unix::pair(libc::SOCK_STREAM);
    for (bytes, flags) in [(&b"one"[..], 0), (b"!", libc::MSG_OOB), (b"two", 0)] {
        unix::send(ends[0], bytes, flags).expect("send");
    }
    unix::receive(ends[1], 1, libc::MSG_OOB).expect("receive");
    // SAFETY: takes no pointer.
    must("inotify_init1", unsafe { libc::inotify_init1(0) });
    confined::install(libc::SYS_getppid, confined::error(libc::EDOM), 0);
    checkpoint_here();
    drop((mapped, null));
    pipes::write(writer, b"x").expect("write");
}

/// Nothing of the one who has started us is left, but our standard output and error, by their names.
fn become_and_run(user: u32, fact: &str) {
    give_up(user);
    run(fact);
}

fn give_up(user: u32) {
    for name in ["out", "err"] {
        let path = CString::new(name).expect("a name");
        // SAFETY: a string with a zero byte.
        must("chown", unsafe { libc::chown(path.as_ptr(), user, user) });
    }
    // SAFETY: takes no address but that of an empty list.
    unsafe {
        must("setgroups", libc::setgroups(0, std::ptr::null()));
        must("setresgid", libc::setresgid(user, user, user));
        must("setresuid", libc::setresuid(user, user, user));
    }
    open_outputs();
}

/// Standard input, output and error, opened by whom we are.
fn open_outputs() {
    let output = |name: &str| {
        let mut options = File::options();
        options.append(true).open(name).expect(name).into_raw_fd()
    };
    let input = File::open("/dev/null").expect("/dev/null");
    // SAFETY: nobody uses the old ones.
    unsafe {
        libc::dup2(input.as_raw_fd(), 0);
        for (number, name) in [(1, "out"), (2, "err")] {
            let fd = output(name);
            libc::dup2(fd, number);
            libc::close(fd);
        }
    }
}

/// The program is opened anew, as whom we are.
fn run(fact: &str) {
    let own = std::env::current_exe().expect("a program");
    let error = std::process::Command::new(own).arg(fact).exec();
    panic!("{fact}: {error}");
}
