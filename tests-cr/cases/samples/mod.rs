// SPDX-License-Identifier: GPL-2.0

//! Programs for the scenarios of the tools: not facts of their own.

mod busy;
mod crowd;
mod endings;
mod generations;
mod owned;
mod reachable;
mod shared_actions;
mod sockets;

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;

use ckpt_support::{anonymous, checkpoint_here, page_size, Mapping, HUGE};

use crate::identity::confined;
use crate::ipc;
use crate::list::Fact;

/// Every sample.
pub const FACTS: &[Fact] = &[
    Fact::new("exit_42", false, exit_42),
    Fact::new("end_by_signal", false, end_by_signal),
    Fact::new("with_files", false, with_files),
    Fact::new("with_logs", false, with_logs),
    Fact::new("with_locks", false, with_locks),
    Fact::new("with_pipes", false, with_pipes),
    Fact::new("opened_by_others", false, opened_by_others),
    Fact::new("writer", false, writer),
    Fact::new("with_other_name", false, with_other_name),
    Fact::new("with_mapped_file", false, with_mapped_file),
    Fact::new("with_held_mutex", false, with_held_mutex),
    Fact::new("with_shared_file", false, with_shared_file),
    Fact::new("with_promised_pages", false, with_promised_pages),
    Fact::new("with_keys_of_user", false, with_keys_of_user),
    Fact::new("bound_together", false, bound_together),
    Fact::new("with_pidfd_of_parent", false, with_pidfd_of_parent),
    Fact::new("immutable", false, immutable),
    Fact::new("large", false, large),
    Fact::new("with_segment", false, with_segment),
    Fact::new("with_made", false, with_made),
    Fact::new("talker", false, talker),
    Fact::new("listener", false, listener),
    Fact::new("watcher", false, watcher),
    Fact::new("closer", false, closer),
    Fact::new("sleeper", false, checkpoint_here),
    Fact::new("tree", false, tree),
    Fact::new("with_child", false, with_child),
    Fact::new("with_heirs", false, with_heirs),
    Fact::new("shared_actions", false, shared_actions::run),
    Fact::new("busy", false, busy::run),
    Fact::new("crowd", false, crowd::run),
    Fact::new("reachable", false, reachable::run),
    Fact::new("endings", false, endings::run),
    Fact::new("generations", false, generations::run),
    Fact::new("without_timers", false, without_timers),
    Fact::new("at_terminal", false, at_terminal),
    Fact::new("filtered", false, filtered),
    Fact::new("of_user", false, owned::of_user),
    Fact::new("of_user_ready", false, checkpoint_here),
    Fact::new("at_own_files", false, owned::at_own_files),
    Fact::new("at_own_files_ready", false, owned::at_own_files_ready),
    Fact::new("in_volatile_directory", false, in_volatile_directory),
    Fact::new("deep_in_tmpfs", false, deep_in_tmpfs),
    Fact::new("of_other", false, owned::of_other),
    Fact::new("undumpable", false, owned::undumpable),
    Fact::new("undumpable_ready", false, owned::undumpable_ready),
    Fact::new("in_namespace", false, owned::in_namespace),
    Fact::new("at_queue", false, owned::at_queue),
    Fact::new("at_queue_ready", false, owned::at_queue_ready),
    Fact::new("at_messages", false, owned::at_messages),
    Fact::new("at_messages_ready", false, owned::at_messages_ready),
    Fact::new("with_trusted", false, owned::with_trusted),
    Fact::new("with_trusted_ready", false, owned::with_trusted_ready),
    Fact::new("armed", false, owned::armed),
    Fact::new("armed_ready", false, owned::armed_ready),
    Fact::new("logged_in", false, owned::logged_in),
    Fact::new("logged_in_ready", false, owned::logged_in_ready),
    Fact::new("with_option", false, sockets::with_option),
    Fact::new("client", false, sockets::client),
    Fact::new(
        "without_keyring",
        false,
        crate::identity::no_session_keyring,
    ),
];

fn exit_42() {
    checkpoint_here();
    std::process::exit(42);
}

/// Root, who has opened some files as somebody else.
fn opened_by_others() {
    let root = ckpt_support::file_with("by_root", b"root");
    // SAFETY: takes no pointer.
    let become_user = |user| ckpt_support::must("seteuid", unsafe { libc::seteuid(user) });
    drop(ckpt_support::file_with("by_user", b"user"));
    become_user(1000);
    let user = std::fs::File::open("by_user").expect("by_user");
    let object = ckpt_support::memfd(c"by_user", 0);
    become_user(0);
    checkpoint_here();
    drop((root, user, object));
}

/// Some of everything: children in a session of their own, an orphan group, threads, a zombie.
fn tree() {
    use std::sync::atomic::Ordering::SeqCst;

    use ckpt_support::wait_for_go;

    use crate::tasks::relatives::{child, end_of, shared_word, state, wait_until, FINE};

    let there = shared_word();
    for _ in 0..3 {
        std::thread::spawn(wait_for_go);
    }
    let zombie = child(|| 3);
    let branch = child(|| {
        // SAFETY: takes no address.
        unsafe { libc::setsid() };
        let leaf = || {
            there.fetch_add(1, SeqCst);
            wait_for_go();
            FINE
        };
        let leaves: Vec<i32> = (0..20).map(|_| child(leaf)).collect();
        there.fetch_add(1, SeqCst);
        wait_for_go();
        match leaves.into_iter().all(|leaf| end_of(leaf) == FINE) {
            true => FINE,
            false => 1,
        }
    });
    while state(&zombie.to_string()) != 'Z' {
        std::thread::yield_now();
    }
    wait_until(there, 21);
    checkpoint_here();
    ckpt_support::same("the zombie", &3, &end_of(zombie));
    ckpt_support::same("the branch", &FINE, &end_of(branch));
}

fn without_timers() {
    ckpt_support::same("timers", &Vec::new(), &ckpt_support::proc_self("timers"));
}

fn end_by_signal() {
    checkpoint_here();
    // SAFETY: takes no pointer.
    unsafe { libc::raise(libc::SIGUSR2) };
}

/// Is in two seccomp filters, the lower of which its surroundings could have made.
fn filtered() {
    confined::install(libc::SYS_getppid, confined::error(libc::EDOM), 0);
    confined::install(libc::SYS_getpgrp, confined::error(libc::ERANGE), 0);
    checkpoint_here();
    let errors = [libc::SYS_getppid, libc::SYS_getpgrp].map(confined::error_of);
    ckpt_support::same("errors", &[libc::EDOM, libc::ERANGE], &errors);
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    ckpt_support::check(status.contains("Seccomp_filters:\t2\n"), "not two filters");
}

/// Has the file `mapped` mapped and the file `read` open.
fn with_files() {
    let mapped = ckpt_support::file_with("mapped", &vec![b'm'; page_size()]);
    let memory = Mapping::of_file(&mapped, page_size(), libc::PROT_READ, libc::MAP_PRIVATE);
    drop((mapped, ckpt_support::file_with("read", b"content")));
    let read = std::fs::File::open("read").expect("open");
    checkpoint_here();
    ckpt_support::check(memory.page(0)[0] == b'm', "the content is gone");
    drop(read);
}

/// Has locks of each form.
fn with_locks() {
    use crate::locks::locking::{fcntl, flock, open, range};

    let [whole, shared, record, leased] =
        ["whole", "shared", "record", "leased"].map(|name| open(name, libc::O_RDWR));
    ckpt_support::check(flock(whole, libc::LOCK_EX), "whole");
    ckpt_support::check(flock(shared, libc::LOCK_SH), "shared");
    let lock = range(libc::F_WRLCK, 10, 10);
    ckpt_support::same("record", &0, &fcntl(record, libc::F_SETLK, lock));
    // SAFETY: takes no pointer.
    ckpt_support::must("lease", unsafe {
        libc::fcntl(leased, libc::F_SETLEASE, libc::F_WRLCK)
    });
    checkpoint_here();
    let again = open("whole", libc::O_RDWR);
    ckpt_support::check(!flock(again, libc::LOCK_SH), "not locked any more");
}

/// Has something in the FIFO `fifo`, and in a pipe that is larger than everybody may make one.
fn with_pipes() {
    use ckpt_support::pipes::{mkfifo, open, pipe, read, set_room, write};
    mkfifo(c"fifo", 0o600);
    let fifo = open(c"fifo", libc::O_RDWR);
    let [reader, writer] = pipe(0);
    set_room(writer, 4 << 20).expect("F_SETPIPE_SZ");
    write(fifo, b"one").expect("write");
    write(writer, b"two").expect("write");
    checkpoint_here();
    ckpt_support::same("one", &Ok(b"one".to_vec()), &read(fifo, 9));
    ckpt_support::same("two", &Ok(b"two".to_vec()), &read(reader, 9));
}

/// Writes to `log` and `plain`, at the end and where it stands; has `both` open for writing and mapped,
/// and `read` only to be read. Goes on writing after the checkpoint.
fn with_logs() {
    let mut log = std::fs::File::options()
        .append(true)
        .create(true)
        .open("log")
        .expect("open");
    let mut plain = ckpt_support::file_with("plain", b"");
    let both = ckpt_support::file_with("both", &vec![b'b'; page_size()]);
    let memory = Mapping::of_file(&both, page_size(), libc::PROT_READ, libc::MAP_SHARED);
    drop(ckpt_support::file_with("read", b"content"));
    let read = std::fs::File::open("read").expect("open");
    for file in [&mut log, &mut plain] {
        file.write_all(b"saved\n").expect("write");
    }
    checkpoint_here();
    for file in [&mut log, &mut plain] {
        file.write_all(b"after\n").expect("write");
    }
    ckpt_support::check(memory.page(0)[0] == b'b', "the content is gone");
    drop((read, both));
}

/// Has a file open that has lost its name and still has another one, deep down.
fn with_other_name() {
    let _ = std::fs::remove_dir_all("deep");
    std::fs::create_dir_all("deep/down").expect("mkdir");
    let file = ckpt_support::file_with("named", b"one");
    std::fs::hard_link("named", "deep/down/other").expect("link");
    std::fs::remove_file("named").expect("unlink");
    checkpoint_here();
    (&file).write_all(b", two").expect("write");
    let content = std::fs::read_to_string("deep/down/other").expect("the other name");
    ckpt_support::same("by the other name", &"one, two", &content.as_str());
}

/// Has a file mapped, on a disk, that it has stored to; stores to it again after the checkpoint.
fn with_mapped_file() {
    let file = ckpt_support::file_with("stored to", &vec![b'm'; page_size()]);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, page_size(), rights, libc::MAP_SHARED);
    memory.page(0).fill(b'n');
    checkpoint_here();
    ckpt_support::same("what it has", &b'n', &memory.page(0)[0]);
    memory.page(0)[0] = b'o';
}

/// Holds a robust mutex that lies in a file: its end would leave a mark there.
fn with_held_mutex() {
    const WORD: usize = 64;
    let file = ckpt_support::file_with("mutex", &vec![0; page_size()]);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, page_size(), rights, libc::MAP_SHARED);
    drop(file);
    // struct robust_list_head: the first entry, where its word is from there, what is being locked.
    let head: &'static mut [usize; 3] = Box::leak(Box::new([memory.page_address(0), WORD, 0]));
    let address = head.as_ptr() as usize;
    memory.page(0)[..8].copy_from_slice(&address.to_ne_bytes());
    // SAFETY: takes no pointer.
    let owner = unsafe { libc::gettid() }.to_ne_bytes();
    memory.page(0)[WORD..WORD + 4].copy_from_slice(&owner);
    let call = [address, size_of_val(head)];
    ckpt_support::must(
        "set_robust_list",
        ckpt_support::raw(libc::SYS_set_robust_list, &call),
    );
    checkpoint_here();
    ckpt_support::same(
        "the owner",
        &owner.as_slice(),
        &&memory.page(0)[WORD..WORD + 4],
    );
}

/// Has a file on tmpfs mapped: something, zeros, a hole, and something behind them. Stores to it after
/// the checkpoint.
fn with_shared_file() {
    let path = format!("/dev/shm/shared-{}", std::process::id());
    let file = ckpt_support::file_with(&path, &vec![b'm'; page_size()]);
    file.set_len(5 * page_size() as u64 + 7).expect("ftruncate");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 6 * page_size(), rights, libc::MAP_SHARED);
    memory.page(0)[0] = b'n';
    memory.page(1)[0] = 0;
    memory.page(5)[0] = b'o';
    checkpoint_here();
    let has = [0, 1, 3, 5].map(|page| memory.page(page)[0]);
    ckpt_support::same("what it has", &[b'n', 0, 0, b'o'], &has);
    memory.page(0)[0] ^= 1;
}

/// Has a file in a directory of tmpfs.
fn deep_in_tmpfs() {
    let path = format!("/dev/shm/deep-{}", std::process::id());
    std::fs::create_dir(&path).expect("mkdir");
    let file = ckpt_support::file_with(&format!("{path}/file"), b"deep");
    checkpoint_here();
    file.set_len(2).expect("ftruncate");
}

/// Reads a directory of tmpfs, and is in the middle of it.
fn in_volatile_directory() {
    let path = format!("/dev/shm/listed-{}", std::process::id());
    std::fs::create_dir(&path).expect("mkdir");
    for index in 0..100 {
        std::fs::write(format!("{path}/name-{index}"), b"").expect("write");
    }
    let directory = File::open(&path).expect("open");
    let some = || ckpt_support::entries(directory.as_raw_fd(), &mut [0u8; 1000]);
    some();
    checkpoint_here();
    while some() > 0 {}
}

/// Has a file of huge pages of which one is there, and two more are reserved for it.
fn with_promised_pages() {
    let file = ckpt_support::memfd(c"promised", libc::MFD_HUGETLB | libc::MFD_HUGE_2MB);
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 3 * HUGE, rights, libc::MAP_SHARED);
    memory.page(1)[0] = 1;
    memory.unmap(0, memory.pages());
    checkpoint_here();
    let memory = Mapping::of_file(&file, 3 * HUGE, rights, libc::MAP_SHARED);
    ckpt_support::check(memory.page(1)[0] == 1, "the content is gone");
}

/// A user's login: what the user has put into a keyring is found from the session.
fn with_keys_of_user() {
    use crate::identity::keys::{become_user, key_is_found, links, log_in, SESSION, USER};
    become_user(4242);
    log_in(None);
    ckpt_support::check(key_is_found(USER), "the user's key is not found");
    let before = links(SESSION);
    checkpoint_here();
    ckpt_support::same("links", &before, &links(SESSION));
}

/// Has pidfds, an epoll, a thread, and waits for a vfork child.
fn bound_together() {
    use ckpt_support::pidfds::{open, send};
    // SAFETY: takes no pointer.
    let own = open(unsafe { libc::getpid() }, 0);
    let epoll = crate::events::one_that_waits();
    let thread = std::thread::spawn(ckpt_support::wait_for_go);
    crate::vfork::borrowed::vfork(|| {
        checkpoint_here();
        0
    });
    ckpt_support::same("oneself", &0, &send(own, 0));
    crate::events::check_one_that_waits(epoll);
    thread.join().expect("an end");
}

/// Has a pidfd of somebody outside.
fn with_pidfd_of_parent() {
    // SAFETY: takes no pointer.
    ckpt_support::pidfds::open(unsafe { libc::getppid() }, 0);
    checkpoint_here();
}

/// Two processes, one the other's child.
fn with_child() {
    use crate::tasks::relatives::{child, end_of, FINE};
    let child = child(|| {
        ckpt_support::wait_for_go();
        FINE
    });
    checkpoint_here();
    ckpt_support::same("its end", &FINE, &end_of(child));
}

/// Children with pages of their parent's, to the first of which they have written since.
fn with_heirs() {
    use crate::inherited::frames::{pattern, write, written};
    use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};
    const PAGES: usize = 700;
    let memory = written(PAGES);
    let there = shared_word();
    let children = [1, 2, 3].map(|number| {
        child(|| {
            for page in (0..PAGES / 2).filter(|page| page % 8 == number) {
                write(&memory, page, 1, pattern);
            }
            there.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            ckpt_support::wait_for_go();
            FINE
        })
    });
    wait_until(there, 3);
    checkpoint_here();
    for child in children {
        ckpt_support::same("a child", &FINE, &end_of(child));
    }
}

/// Has a removed file open that nobody may change.
fn immutable() {
    let file = ckpt_support::file_with("unchangeable", b"content");
    std::fs::remove_file("unchangeable").expect("unlink");
    ckpt_support::attribute::set_inode_flags(&file, ckpt_support::attribute::FLAGS[0]);
    checkpoint_here();
    ckpt_support::check(file.set_len(0).is_err(), "it can be changed");
}

/// Has written to the disk at `small`: one file is open, one is closed again.
fn writer() {
    let written = ckpt_support::file_with("small/written", &vec![b'w'; 100_000]);
    drop(ckpt_support::file_with("small/closed", &vec![b'c'; 50_000]));
    checkpoint_here();
    drop(written);
}

/// Has more memory than fits into a pipe, or into a small disk.
fn large() {
    let memory = anonymous(1024 * page_size());
    for index in 0..1024 {
        memory.page(index).fill(index as u8 | 1);
    }
    checkpoint_here();
    let fine = (0..1024).all(|index| memory.page(index)[7] == index as u8 | 1);
    ckpt_support::check(fine, "the content differs");
}

/// Has as much in shared memory of System V, which others may attach.
fn with_segment() {
    let size = 1024 * page_size();
    let id = ipc::segment(libc::IPC_PRIVATE, size, 0o600);
    let address = ipc::attach(id, 0);
    // SAFETY: what was attached has this size, and nobody else has it.
    let memory = unsafe { std::slice::from_raw_parts_mut(address, size) };
    memory.fill(7);
    checkpoint_here();
    let fine = memory.chunks(page_size()).all(|page| page[7] == 7);
    ckpt_support::check(fine, "the content differs");
    ipc::control_memory(id, libc::IPC_RMID);
}

/// Has what a restart makes anew, one of each: a terminal, a queue, a segment, a pipe, a file without a
/// name.
fn with_made() {
    use crate::queues::{close, make, name, receive, send, unlink};
    let name = name("made");
    let queue = make(&name, libc::O_RDWR | libc::O_CREAT, 4, 8);
    send(queue, b"in it", 0);
    let [reader, writer] = ckpt_support::pipes::pipe(0);
    ckpt_support::pipes::write(writer, b"in it").expect("write");
    let terminal = ckpt_support::terminals::pair();
    let mut file = ckpt_support::file_with("removed", b"in it");
    std::fs::remove_file("removed").expect("unlink");
    with_segment();
    file.write_all(b", too").expect("write");
    ckpt_support::same(
        "piped",
        &Ok(b"in it".to_vec()),
        &ckpt_support::pipes::read(reader, 9),
    );
    ckpt_support::same("queued", &Ok((0, b"in it".to_vec())), &receive(queue));
    unlink(&name);
    terminal.iter().for_each(|end| close(*end));
}

/// Writes a line, to its end.
fn line(fd: i32, text: &str) {
    let line = format!("{text}\n");
    // SAFETY: as many bytes as there are.
    let written = unsafe { libc::write(fd, line.as_ptr().cast(), line.len()) };
    if written != line.len() as isize {
        std::process::exit(7);
    }
}

/// Says a lot on standard output, a number a line, and a little on standard error.
fn talker() {
    for number in 0..1500 {
        line(1, &number.to_string());
        if number % 100 == 0 {
            line(2, "still talking");
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    std::process::exit(0);
}

/// Writes a line on descriptor 8 for every one that it reads on descriptor 9.
fn listener() {
    loop {
        let mut bytes = [0; 64];
        // SAFETY: as many bytes as there are.
        let count = unsafe { libc::read(9, bytes.as_mut_ptr().cast(), bytes.len()) };
        match usize::try_from(count) {
            Ok(0) => break line(8, "the end"),
            Ok(count) => line(8, String::from_utf8_lossy(&bytes[..count]).trim_end()),
            Err(_) => std::process::exit(8),
        }
    }
    std::process::exit(0);
}

/// Copies its standard input to its standard output, for which it waits with an epoll.
fn watcher() {
    use ckpt_support::{must, pipes};
    // SAFETY: takes no pointer; reads one event.
    let epoll = unsafe {
        let epoll = must("epoll_create1", libc::epoll_create1(0));
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: 1,
        };
        let add = libc::EPOLL_CTL_ADD;
        must("epoll_ctl", libc::epoll_ctl(epoll, add, 0, &mut event));
        epoll
    };
    loop {
        let mut event = libc::epoll_event { events: 0, u64: 0 };
        // SAFETY: there is room for one event.
        let count = unsafe { libc::epoll_wait(epoll, &mut event, 1, -1) };
        ckpt_support::same("epoll_wait", &1, &count);
        match pipes::read(0, 64) {
            Ok(bytes) if bytes.is_empty() => std::process::exit(0),
            Ok(bytes) => line(1, String::from_utf8_lossy(&bytes).trim_end()),
            Err(_) => std::process::exit(8),
        }
    }
}

/// Waits for go, closes its standard output, and lives on until it is killed.
fn closer() {
    line(1, "here");
    ckpt_support::wait_for_go();
    // SAFETY: nobody uses it.
    unsafe { libc::close(1) };
    loop {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

/// Has a terminal to say something at, though none is open.
fn at_terminal() {
    let open = || {
        let mut options = std::fs::File::options();
        options.write(true).open("/dev/tty")
    };
    drop(open().expect("a controlling terminal"));
    checkpoint_here();
    let written = open().and_then(|mut terminal| writeln!(terminal, "hello, terminal"));
    ckpt_support::check(written.is_ok(), &format!("/dev/tty: {written:?}"));
}
