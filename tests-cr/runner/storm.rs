// SPDX-License-Identifier: GPL-2.0

//! Both system calls with arguments at random: `ckpt-runner storm CALLER SECONDS SEED FROM INSIDE FROZEN
//! IMAGE`. Several threads, descriptors of every type, addresses of every sort, sessions that are closed,
//! duplicated, inherited and sent to others, members that are killed while they are parked.

use std::fs::{self, File};
use std::io;
use std::os::fd::IntoRawFd;
use std::path::Path;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use ckpt_format::calls::{
    CheckpointArgs, RestartArgs, ROLE_JOIN, ROLE_OPEN, ROLE_RUN, SYSCALL_CHECKPOINT,
    SYSCALL_RESTART,
};
use ckpt_fuzz::Random;
use zerocopy::{FromZeros, IntoBytes};

use crate::direct::{self, Caller};

const THREADS: usize = 3;
const PAGE: usize = 4096;

/// What all threads share. Descriptors come and go under everybody's hands.
struct Stock {
    descriptors: Vec<AtomicI32>,
    /// A page that can be written, one that can be read, and one that is not there.
    pages: usize,
    calls: AtomicU64,
    over: AtomicBool,
    /// Numbers of the threads that are at work.
    threads: [AtomicI32; THREADS],
    /// The cgroup that sessions are opened for.
    inside: i32,
    kill: i32,
    image: i32,
}

pub fn run(arguments: &[String]) -> io::Result<()> {
    let [caller, seconds, seed, from, inside, frozen, image] = arguments else {
        return Err(io::Error::other("wrong usage"));
    };
    let caller = Caller::from_str(caller).map_err(|()| io::Error::other("no such caller"))?;
    let seconds = Duration::from_secs(seconds.parse().map_err(io::Error::other)?);
    let seed: u64 = seed.parse().map_err(io::Error::other)?;
    fs::write(Path::new(from).join("cgroup.procs"), "0")?;
    let kill = File::options()
        .write(true)
        .open(Path::new(inside).join("cgroup.kill"))?;
    let image = File::open(image)?;
    let stock = Stock {
        descriptors: descriptors(&[from, inside, frozen], &image)?,
        pages: pages()?,
        calls: AtomicU64::new(0),
        over: AtomicBool::new(false),
        threads: Default::default(),
        inside: File::open(inside)?.into_raw_fd(),
        kill: kill.into_raw_fd(),
        image: image.into_raw_fd(),
    };
    direct::become_caller(caller, 0)?;
    let begin = Instant::now();
    let doing_nothing: extern "C" fn(i32) = nothing;
    // SAFETY: the handler does nothing; calls are interrupted by it.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = doing_nothing as usize;
        libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut());
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
    }
    std::thread::scope(|scope| {
        let stock = &stock;
        let workers: Vec<_> = (0..THREADS)
            .map(|number| {
                scope.spawn(move || work(stock, number, Random::new(seed + number as u64)))
            })
            .collect();
        while begin.elapsed() < seconds {
            std::thread::sleep(Duration::from_millis(50));
            interrupt(stock);
        }
        stock.over.store(true, Relaxed);
        while !workers.iter().all(|worker| worker.is_finished()) {
            std::thread::sleep(Duration::from_millis(20));
            interrupt(stock);
        }
    });
    let calls = stock.calls.load(Relaxed);
    let rate = calls as f64 / begin.elapsed().as_secs_f64();
    println!("{calls} calls, {rate:.0} a second, seed {seed}");
    Ok(())
}

extern "C" fn nothing(_signal: i32) {}

/// Ends whatever call they are in.
fn interrupt(stock: &Stock) {
    for thread in &stock.threads {
        let number = thread.load(Relaxed);
        if number != 0 {
            // SAFETY: takes no pointer; the thread is one of ours, or has ended.
            unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), number, libc::SIGUSR1) };
        }
    }
}

/// One of every type; nothing of it ever blocks.
fn descriptors(cgroups: &[&String], image: &File) -> io::Result<Vec<AtomicI32>> {
    let mut all = vec![-1, i32::MAX, i32::MIN, 9999];
    for cgroup in cgroups {
        all.push(File::open(cgroup)?.into_raw_fd());
    }
    let open = |path: &str, flags: i32| {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = File::options();
        options.read(true).custom_flags(flags);
        options.open(path).map(IntoRawFd::into_raw_fd)
    };
    all.push(open("/", libc::O_DIRECTORY)?);
    all.push(open("/", libc::O_PATH)?);
    all.push(open(cgroups[1], libc::O_PATH)?);
    all.push(
        File::options()
            .read(true)
            .write(true)
            .open("/dev/null")?
            .into_raw_fd(),
    );
    all.push(open("/dev/zero", 0)?);
    all.push(image.try_clone()?.into_raw_fd());
    // SAFETY: each makes new descriptors, in places that are large enough.
    unsafe {
        let mut pair = [0; 2];
        libc::pipe2(pair.as_mut_ptr(), libc::O_NONBLOCK);
        all.extend(pair);
        let kind = libc::SOCK_STREAM | libc::SOCK_NONBLOCK;
        libc::socketpair(libc::AF_UNIX, kind, 0, pair.as_mut_ptr());
        all.extend(pair);
        all.push(libc::epoll_create1(0));
        all.push(libc::eventfd(0, libc::EFD_NONBLOCK));
        all.push(libc::memfd_create(c"storm".as_ptr(), 0));
        all.push(libc::syscall(libc::SYS_pidfd_open, libc::getpid(), 0) as i32);
    }
    // Sessions to come.
    all.extend([-1; 6]);
    Ok(all.into_iter().map(AtomicI32::new).collect())
}

fn pages() -> io::Result<usize> {
    let (both, shared) = (
        libc::PROT_READ | libc::PROT_WRITE,
        libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
    );
    // SAFETY: new memory, of which nobody knows.
    unsafe {
        let start = libc::mmap(std::ptr::null_mut(), 3 * PAGE, both, shared, -1, 0);
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        libc::mprotect(start.byte_add(PAGE), PAGE, libc::PROT_READ);
        libc::munmap(start.byte_add(2 * PAGE), PAGE);
        Ok(start as usize)
    }
}

fn work(stock: &Stock, number: usize, mut random: Random) {
    // SAFETY: takes nothing.
    stock.threads[number].store(unsafe { libc::gettid() }, Relaxed);
    while !stock.over.load(Relaxed) {
        match random.below(16) {
            0..7 => checkpoint(stock, &mut random),
            7..12 => {
                restart(stock, &mut random);
            }
            12 => open(stock, &mut random),
            13 => duplicate(stock, &mut random),
            14 => member(stock, &mut random),
            _ => elsewhere(stock, &mut random),
        }
        stock.calls.fetch_add(1, Relaxed);
    }
}

fn descriptor(stock: &Stock, random: &mut Random) -> i32 {
    let place = random.below(stock.descriptors.len());
    stock.descriptors[place].load(Relaxed)
}

fn address(stock: &Stock, random: &mut Random) -> u64 {
    let start = stock.pages as u64;
    let page = PAGE as u64;
    match random.below(9) {
        0 => 0,
        1 => 1,
        2 => u64::MAX - 7,
        3 => 0xffff_8000_0000_0000,
        4 => start + 2 * page,
        5 => start + 2 * page - random.below(64) as u64,
        6 => start + page - random.below(64) as u64,
        7 => start + page,
        _ => start + random.below(PAGE) as u64,
    }
}

fn size(random: &mut Random) -> u64 {
    match random.below(6) {
        0 => random.odd_number(),
        1 => 1 << 20,
        _ => random.below(200) as u64,
    }
}

/// Most are right, or nothing would get far.
fn flags(random: &mut Random) -> u64 {
    match random.below(4) {
        0 => random.odd_number(),
        _ => random.below(32) as u64,
    }
}

/// The arguments themselves: where they should be, or elsewhere.
fn place<T: IntoBytes + zerocopy::Immutable>(
    stock: &Stock,
    random: &mut Random,
    args: &T,
) -> (u64, u64) {
    let own = size_of::<T>() as u64;
    match random.below(8) {
        0 => (address(stock, random), own),
        1 => (
            args.as_bytes().as_ptr() as u64,
            random.below(own as usize + 1) as u64,
        ),
        2 => (address(stock, random), size(random)),
        _ => (args.as_bytes().as_ptr() as u64, own),
    }
}

fn checkpoint(stock: &Stock, random: &mut Random) {
    let mut args = CheckpointArgs::new_zeroed();
    args.flags = flags(random).into();
    args.cgroup_fd = descriptor(stock, random).into();
    args.image_fd = descriptor(stock, random).into();
    args.log_fd = descriptor(stock, random).into();
    if random.once_in(4) {
        (args.stats, args.stats_size) = (address(stock, random).into(), size(random).into());
        (args.end, args.end_size) = (address(stock, random).into(), size(random).into());
        (args.hand_in, args.hand_in_size) = (address(stock, random).into(), size(random).into());
    }
    let (address, size) = place(stock, random, &args);
    // SAFETY: whatever it is: the kernel may only write to our three pages.
    unsafe { libc::syscall(SYSCALL_CHECKPOINT.into(), address, size) };
}

fn restart(stock: &Stock, random: &mut Random) -> i64 {
    let mut args = RestartArgs::new_zeroed();
    args.role = (random.below(6) as u32).into();
    args.session_fd = descriptor(stock, random).into();
    if random.once_in(3) {
        args.flags = (flags(random) as u32).into();
        args.cgroup_fd = descriptor(stock, random).into();
        args.image_fd = descriptor(stock, random).into();
        args.log_fd = descriptor(stock, random).into();
        args.task = (random.odd_number() as u32).into();
    }
    if random.once_in(4) {
        (args.prefix, args.prefix_size) = (address(stock, random).into(), size(random).into());
        (args.stats, args.stats_size) = (address(stock, random).into(), size(random).into());
        (args.given, args.given_size) = (address(stock, random).into(), size(random).into());
        (args.terminals, args.terminals_size) =
            (address(stock, random).into(), size(random).into());
    }
    let (address, size) = place(stock, random, &args);
    // SAFETY: as above.
    unsafe { libc::syscall(SYSCALL_RESTART.into(), address, size) }
}

fn call(args: &RestartArgs) -> i64 {
    // SAFETY: the size is that of the arguments.
    unsafe { libc::syscall(SYSCALL_RESTART.into(), &raw const *args, size_of_val(args)) }
}

fn session_args(role: u32, session: i32) -> RestartArgs {
    let mut args = RestartArgs::new_zeroed();
    args.role = role.into();
    args.session_fd = session.into();
    args
}

/// A session, in place of another one.
fn open(stock: &Stock, random: &mut Random) {
    let mut args = session_args(ROLE_OPEN, 0);
    args.cgroup_fd = stock.inside.into();
    put(stock, random, call(&args) as i32);
}

fn put(stock: &Stock, random: &mut Random, fd: i32) {
    let last = stock.descriptors.len() - 1;
    let old = stock.descriptors[last - random.below(6)].swap(fd, Relaxed);
    if old >= 0 {
        // SAFETY: it is in nobody's place any more; who still uses it finds it closed.
        unsafe { libc::close(old) };
    }
}

fn duplicate(stock: &Stock, random: &mut Random) {
    let last = stock.descriptors.len() - 1;
    let session = stock.descriptors[last - random.below(6)].load(Relaxed);
    // SAFETY: takes no pointer.
    let copy = unsafe { libc::dup(session) };
    put(stock, random, copy);
}

/// A child in the cgroup that joins a session; the session is run, closed, or the child is killed.
fn member(stock: &Stock, random: &mut Random) {
    let last = stock.descriptors.len() - 1;
    let session = stock.descriptors[last - random.below(6)].load(Relaxed);
    let mut clone = libc::clone_args {
        flags: direct::CLONE_INTO_CGROUP,
        exit_signal: libc::SIGCHLD as u64,
        cgroup: stock.inside as u64,
        // SAFETY: numbers.
        ..unsafe { std::mem::zeroed() }
    };
    let mut join = session_args(ROLE_JOIN, session);
    join.task = (random.below(8) as u32 / 6).into();
    let (twice, execs) = (random.once_in(4), random.once_in(8));
    // SAFETY: the child makes system calls only.
    let child = unsafe {
        let child = libc::syscall(libc::SYS_clone3, &raw mut clone, size_of_val(&clone));
        if child == 0 {
            if execs {
                let none: *const libc::c_char = std::ptr::null();
                libc::execv(c"/bin/true".as_ptr(), [c"true".as_ptr(), none].as_ptr());
            }
            call(&join);
            if twice {
                call(&join);
            }
            libc::_exit(0);
        }
        child as i32
    };
    match random.below(4) {
        0 => put(stock, random, -1),
        1 | 2 => {
            let mut run = session_args(ROLE_RUN, session);
            run.flags = (3 | flags(random) as u32 & 0x1f).into();
            run.image_fd = stock.image.into();
            run.log_fd = (-1).into();
            // SAFETY: takes no pointer.
            unsafe { libc::lseek(stock.image, random.below(2) as i64 * 100, libc::SEEK_SET) };
            call(&run);
        }
        _ => (),
    }
    // SAFETY: our own child, which is reaped.
    unsafe {
        if child > 0 {
            libc::kill(child, libc::SIGKILL);
            if random.once_in(2) {
                libc::write(stock.kill, c"1".as_ptr().cast(), 1);
            }
            while libc::waitpid(child, std::ptr::null_mut(), 0) < 0
                && io::Error::last_os_error().raw_os_error() == Some(libc::EINTR)
            {}
        }
    }
}

/// Another process has the session, by birth, or in a message, and does something with it.
fn elsewhere(stock: &Stock, random: &mut Random) {
    let last = stock.descriptors.len() - 1;
    let session = stock.descriptors[last - random.below(6)].load(Relaxed);
    let what = random.below(4);
    // SAFETY: the child makes system calls only; the descriptor is duplicated by the kernel.
    unsafe {
        let child = libc::syscall(libc::SYS_fork) as i32;
        if child == 0 {
            let own = libc::syscall(libc::SYS_pidfd_open, libc::getppid(), 0) as i32;
            let copy = libc::syscall(libc::SYS_pidfd_getfd, own, session, 0) as i32;
            let args = match what {
                0 => session_args(ROLE_RUN, copy),
                1 => session_args(ROLE_JOIN, copy),
                2 => session_args(ROLE_JOIN, session),
                _ => {
                    libc::close(session);
                    libc::_exit(0)
                }
            };
            call(&args);
            libc::_exit(0);
        }
        if child > 0 {
            while libc::waitpid(child, std::ptr::null_mut(), 0) < 0
                && io::Error::last_os_error().raw_os_error() == Some(libc::EINTR)
            {}
        }
    }
}
