// SPDX-License-Identifier: GPL-2.0
//
// vmlink: both ends of the line between `scripts/vm` and the command that it
// runs inside the virtual machine.
//
// One virtio-serial port carries frames in both directions, so that standard
// input, output and error stay separate, binary-safe and apart from the
// kernel's console.
//
//   vmlink host [OPTIONS] -- QEMU ARGS...      on the host; starts QEMU
//   vmlink guest PORT                          in the virtual machine
//
// Only std is used, and the few libc calls below: it is compiled by a plain
// `rustc` in a second or two.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{channel, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

mod c {
    extern "C" {
        pub fn prctl(option: i32, arg: u64, a: u64, b: u64, c: u64) -> i32;
        pub fn poll(fds: *mut PollFd, count: u64, timeout_ms: i32) -> i32;
        pub fn setsid() -> i32;
        pub fn ioctl(fd: i32, request: u64, ...) -> i32;
        pub fn signal(signum: i32, handler: usize) -> usize;
        pub fn sync();
        pub fn getppid() -> i32;
    }
    #[repr(C)]
    pub struct PollFd {
        pub fd: i32,
        pub events: i16,
        pub revents: i16,
    }
    pub const PR_SET_PDEATHSIG: i32 = 1;
    pub const SIGHUP: i32 = 1;
    pub const SIGINT: i32 = 2;
    pub const SIGTERM: i32 = 15;
    pub const SIGKILL: u64 = 9;
    pub const SIGPIPE: i32 = 13;
    pub const SIG_DFL: usize = 0;
    pub const SIG_IGN: usize = 1;
    pub const TIOCSCTTY: u64 = 0x540e;
    pub const TIOCSWINSZ: u64 = 0x5414;
    pub const POLLIN: i16 = 1;
}

// Exit codes of `scripts/vm` itself, beside those of the command.
const EXIT_TIMEOUT: i32 = 124;
const EXIT_BROKEN: i32 = 125;
const EXIT_REPORT: i32 = 126;

// Frames: one byte of kind, four of length (little-endian), the payload.
const HELLO: u8 = b'H'; // guest to host: the machine is up
const COMMAND: u8 = b'C'; // host to guest: NUL-separated: mode, TERM, argv...
const STDIN: u8 = b'I'; // host to guest; an empty one is the end of the input
const STDOUT: u8 = b'1';
const STDERR: u8 = b'2';
const EXIT: u8 = b'X'; // guest to host: four bytes, the exit code

/// What guest-init says when it was only asked to show that it runs.
const PROBE_SIGN: &str = "linux-cr: the machine works";

const CHUNK: usize = 32 * 1024;

fn send(to: &mut impl Write, kind: u8, payload: &[u8]) -> io::Result<()> {
    let mut frame = Vec::with_capacity(payload.len() + 5);
    frame.push(kind);
    frame.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    frame.extend_from_slice(payload);
    to.write_all(&frame)
}

fn receive(from: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0u8; 5];
    from.read_exact(&mut head)?;
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
    if length > 1 << 24 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "frame too long"));
    }
    let mut payload = vec![0u8; length];
    from.read_exact(&mut payload)?;
    Ok((head[0], payload))
}

fn main() {
    let mut args = env::args_os().skip(1);
    let end = args.next();
    let rest: Vec<OsString> = args.collect();
    let code = match end.as_deref().and_then(OsStr::to_str) {
        Some("host") => host(rest),
        Some("guest") => guest(&rest[0]),
        _ => {
            eprintln!("usage: vmlink host [OPTIONS] -- QEMU ARGS... | vmlink guest PORT");
            EXIT_BROKEN
        }
    };
    std::process::exit(code);
}

// ---------------------------------------------------------------- the host

#[derive(Default)]
struct HostOptions {
    run_dir: OsString,     // holds the socket and the console log; removed at the end
    log: Option<OsString>, // where a copy of the console log is kept
    timeout: Option<Duration>,
    boot_timeout: Duration,
    tty: bool,
    probe: bool, // the machine only boots and powers off
    check_log: bool,
    command: Vec<u8>,
}

/// The signal that asked us to stop.
static STOPPED_BY: AtomicI32 = AtomicI32::new(0);

extern "C" fn stop(signal: i32) {
    STOPPED_BY.store(signal, Ordering::Relaxed);
}

enum Event {
    Hello,
    Exit(i32),
    LinkDown,
    OutputBroken,
}

fn host(args: Vec<OsString>) -> i32 {
    let mut options = HostOptions {
        boot_timeout: Duration::from_secs(180),
        ..HostOptions::default()
    };
    let mut args = args.into_iter();
    let mut argv: Vec<OsString> = Vec::new();
    while let Some(arg) = args.next() {
        let seconds = |v: Option<OsString>| {
            let s = v.unwrap_or_default();
            Duration::from_secs(s.to_str().and_then(|s| s.parse().ok()).unwrap_or(0))
        };
        match arg.to_str() {
            Some("--run-dir") => options.run_dir = args.next().unwrap_or_default(),
            Some("--log") => options.log = args.next(),
            Some("--timeout") => options.timeout = Some(seconds(args.next())),
            Some("--boot-timeout") => options.boot_timeout = seconds(args.next()),
            Some("--tty") => options.tty = true,
            Some("--probe") => options.probe = true,
            Some("--check-log") => options.check_log = true,
            Some("--arg") => argv.push(args.next().unwrap_or_default()),
            _ => break, // the "--"
        }
    }
    let qemu: Vec<OsString> = args.collect();
    let term = env::var_os("TERM").unwrap_or_else(|| "dumb".into());
    let mode: &[u8] = if options.tty { b"tty" } else { b"pipe" };
    let mut parts: Vec<&[u8]> = vec![mode, term.as_bytes()];
    parts.extend(argv.iter().map(|a| a.as_bytes()));
    options.command = parts.join(&0u8);

    let code = match run_machine(&options, &qemu) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("vm: {}: {error}", qemu[0].to_string_lossy());
            EXIT_BROKEN
        }
    };
    let code = judge_console(&options, code);
    let _ = fs::remove_dir_all(&options.run_dir);
    code
}

fn run_machine(options: &HostOptions, qemu: &[OsString]) -> io::Result<i32> {
    let dir = std::path::Path::new(&options.run_dir);
    let listener = UnixListener::bind(dir.join("link"))?;
    let started = Instant::now();
    let own_pid = std::process::id() as i32;
    let mut command = Command::new(&qemu[0]);
    command.args(&qemu[1..]);
    if !options.tty {
        command.stdin(Stdio::null()).stdout(Stdio::null());
    }
    // QEMU must not outlive us, however we end.
    unsafe {
        command.pre_exec(move || {
            c::prctl(c::PR_SET_PDEATHSIG, c::SIGKILL, 0, 0, 0);
            if c::getppid() != own_pid {
                return Err(io::Error::new(io::ErrorKind::Other, "parent is gone"));
            }
            Ok(())
        });
    }
    let handler = stop as extern "C" fn(i32) as usize;
    unsafe {
        c::signal(c::SIGHUP, handler);
        c::signal(c::SIGTERM, handler);
        // On a terminal Ctrl-C belongs to the guest.
        c::signal(c::SIGINT, if options.tty { c::SIG_IGN } else { handler });
    }
    let mut machine = command.spawn()?;

    let (events, inbox) = channel();
    {
        let command = options.command.clone();
        let tty = options.tty;
        thread::spawn(move || match listener.accept() {
            Ok((stream, _)) => serve_link(stream, &command, tty, events),
            Err(_) => drop(events.send(Event::LinkDown)),
        });
    }

    let mut up = false;
    let mut outcome: Option<i32> = None;
    let mut stop_after: Option<Instant> = None; // grace for the power-off
    loop {
        let signal = STOPPED_BY.load(Ordering::Relaxed);
        if signal != 0 {
            end(&mut machine);
            return Ok(128 + signal);
        }
        if let Some(ended) = machine.try_wait()? {
            // What the link still holds comes before the verdict.
            while let Ok(event) = inbox.recv_timeout(Duration::from_millis(500)) {
                match event {
                    Event::Exit(code) => outcome = Some(code),
                    Event::LinkDown => break,
                    _ => {}
                }
            }
            if options.probe {
                let console = fs::read(dir.join("console")).unwrap_or_default();
                let fine = String::from_utf8_lossy(&console).contains(PROBE_SIGN);
                return Ok(if fine { 0 } else { EXIT_BROKEN });
            }
            return Ok(outcome.unwrap_or_else(|| {
                match ended.code() {
                    Some(0) => eprintln!("vm: the machine went down before the command had ended"),
                    _ => eprintln!(
                        "vm: QEMU could not run the machine ({ended}), it says above why; \
                         it can have less: --memory M, --cpus N; and do without KVM: LINUX_CR_ACCEL=tcg"
                    ),
                }
                EXIT_BROKEN
            }));
        }
        match inbox.recv_timeout(Duration::from_millis(20)) {
            Ok(Event::Hello) => up = true,
            Ok(Event::Exit(code)) => {
                outcome = Some(code);
                stop_after = Some(Instant::now() + Duration::from_secs(30));
            }
            Ok(Event::OutputBroken) => {
                // Nobody reads our output any more: as SIGPIPE would.
                end(&mut machine);
                return Ok(128 + c::SIGPIPE);
            }
            Ok(Event::LinkDown) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => thread::sleep(Duration::from_millis(20)),
        }
        let spent = started.elapsed();
        if let Some(limit) = stop_after {
            if Instant::now() > limit {
                eprintln!("vm: the machine did not power off within 30 s; it was switched off");
                end(&mut machine);
                return Ok(outcome.unwrap_or(EXIT_BROKEN));
            }
        } else if !up && spent > options.boot_timeout {
            if !options.probe {
                eprintln!(
                    "vm: not up after {} s: run it again when less runs here, \
                     or do without KVM: LINUX_CR_ACCEL=tcg",
                    options.boot_timeout.as_secs()
                );
            }
            end(&mut machine);
            return Ok(EXIT_TIMEOUT);
        } else if options.timeout.is_some_and(|limit| spent > limit) {
            eprintln!(
                "vm: the limit of {} s is over (see --timeout)",
                options.timeout.unwrap().as_secs()
            );
            end(&mut machine);
            return Ok(EXIT_TIMEOUT);
        }
    }
}

fn end(machine: &mut Child) {
    let _ = machine.kill();
    let _ = machine.wait();
}

fn serve_link(stream: UnixStream, command: &[u8], tty: bool, events: Sender<Event>) {
    let mut from_guest = match stream.try_clone() {
        Ok(stream) => stream,
        Err(_) => return,
    };
    let mut to_guest = stream;
    while let Ok((kind, payload)) = receive(&mut from_guest) {
        let written = match kind {
            HELLO => {
                let _ = events.send(Event::Hello);
                if send(&mut to_guest, COMMAND, command).is_err() {
                    break;
                }
                if !tty {
                    if let Ok(to_guest) = to_guest.try_clone() {
                        thread::spawn(move || pass_stdin(to_guest));
                    }
                }
                Ok(())
            }
            STDOUT => io::stdout()
                .write_all(&payload)
                .and_then(|_| io::stdout().flush()),
            STDERR => io::stderr().write_all(&payload),
            EXIT if payload.len() == 4 => {
                let code = i32::from_le_bytes([payload[0], payload[1], payload[2], payload[3]]);
                let _ = events.send(Event::Exit(code));
                Ok(())
            }
            _ => Ok(()),
        };
        if written.is_err() {
            let _ = events.send(Event::OutputBroken);
            return;
        }
    }
    let _ = events.send(Event::LinkDown);
}

fn pass_stdin(mut to_guest: UnixStream) {
    let mut buffer = [0u8; CHUNK];
    loop {
        let count = match io::stdin().read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => 0,
        };
        if send(&mut to_guest, STDIN, &buffer[..count]).is_err() || count == 0 {
            return;
        }
    }
}

/// Shows the end of the console log when the machine failed, and looks for
/// reports of the kernel when that was asked for.
fn judge_console(options: &HostOptions, code: i32) -> i32 {
    let path = std::path::Path::new(&options.run_dir).join("console");
    let console = fs::read(&path).unwrap_or_default();
    if let Some(log) = &options.log {
        if let Err(error) = fs::write(log, &console) {
            eprintln!("vm: {}: {error}", log.to_string_lossy());
        }
    }
    if options.probe {
        return code;
    }
    let text = String::from_utf8_lossy(&console);
    let lines: Vec<&str> = text.lines().map(|l| l.trim_end_matches('\r')).collect();
    if options.check_log {
        if let Some(first) = lines.iter().position(|line| is_report(line)) {
            eprintln!("vm: the kernel reported a problem (exit code of the run: {code}):");
            for line in &lines[first.saturating_sub(3)..lines.len().min(first + 80)] {
                eprintln!("vm| {line}");
            }
            return EXIT_REPORT;
        }
    }
    if code == EXIT_TIMEOUT || code == EXIT_BROKEN {
        eprintln!("vm: the last lines of the console:");
        for line in &lines[lines.len().saturating_sub(40)..] {
            eprintln!("vm| {line}");
        }
    }
    code
}

/// Does this line of the console begin a report of the kernel?
fn is_report(line: &str) -> bool {
    const SIGNS: &[&str] = &[
        "WARNING: ",
        "BUG: ",
        "pagealloc: ",
        "kernel BUG at",
        "Oops: ",
        "Oops[",
        "general protection fault",
        "Unable to handle kernel",
        "Kernel panic",
        "INFO: task ",
        "INFO: possible ",
        "INFO: trying to register non-static key",
        "INFO: rcu",
        "INFO: lockdep",
        "rcu: INFO:",
        "BUG kmalloc",
        "=== BUG ",
        "possible recursive locking",
        "possible circular locking",
        "suspicious RCU usage",
        "inconsistent lock state",
        "bad unlock balance",
        "held lock freed",
        "lock held when returning to user space",
        "scheduling while atomic",
        "sleeping function called from invalid context",
        "UBSAN:",
        "KASAN:",
        "KCSAN:",
        "KFENCE:",
        "kmemleak:",
        "refcount_t:",
        "list_add corruption",
        "list_del corruption",
        "Bad page state",
        "Bad page map",
        "Bad rss-counter",
        "watchdog: ",
        "rust_kernel: panicked",
        "panicked at",
    ];
    // Said by machines in good health.
    const HARMLESS: &[&str] = &[
        "watchdog: Delayed init",
        "watchdog: NMI not fully supported",
        "watchdog: Hard watchdog permanently disabled",
        "kmemleak: Kernel memory leak detector",
        "kmemleak: Automatic memory scanning",
        "KASAN: KernelAddressSanitizer initialized",
        "kasan: KernelAddressSanitizer initialized",
    ];
    SIGNS.iter().any(|sign| line.contains(sign))
        && !HARMLESS.iter().any(|phrase| line.contains(phrase))
}

// --------------------------------------------------------------- the guest

fn guest(port: &OsStr) -> i32 {
    match run_command(port) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("vmlink: {}: {error}", port.to_string_lossy());
            EXIT_BROKEN
        }
    }
}

fn run_command(port: &OsStr) -> io::Result<i32> {
    let mut line = OpenOptions::new().read(true).write(true).open(port)?;
    send(&mut line, HELLO, b"")?;
    let command = loop {
        if let (COMMAND, payload) = receive(&mut line)? {
            break payload;
        }
    };
    let mut parts = command
        .split(|&byte| byte == 0)
        .map(|part| OsString::from_vec(part.to_vec()));
    let tty = parts.next().is_some_and(|mode| mode == "tty");
    let term = parts.next().unwrap_or_default();
    let argv: Vec<OsString> = parts.collect();

    let mut command = Command::new(&argv[0]);
    command.args(&argv[1..]);
    if tty {
        command.env("TERM", term);
        let console = OpenOptions::new()
            .read(true)
            .write(true)
            .open("/dev/hvc0")?;
        // guest-init says how big the terminal of the host is.
        let number = |name| {
            env::var(name)
                .ok()
                .and_then(|v| v.parse::<u16>().ok())
                .unwrap_or(0)
        };
        let size = [number("LINES"), number("COLUMNS"), 0, 0];
        unsafe { c::ioctl(console.as_raw_fd(), c::TIOCSWINSZ, size.as_ptr()) };
        command.env_remove("LINES").env_remove("COLUMNS");
        command
            .stdin(console.try_clone()?)
            .stdout(console.try_clone()?)
            .stderr(console);
    } else {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    }
    // A session of its own, default signals, and nothing open but 0, 1 and 2:
    // what a command finds at the start of a login.
    unsafe {
        command.pre_exec(move || {
            c::setsid();
            if tty {
                c::ioctl(0, c::TIOCSCTTY, 0u64);
            }
            c::signal(c::SIGPIPE, c::SIG_DFL);
            Ok(())
        });
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let text = format!("vm: {}: {error}\n", argv[0].to_string_lossy());
            send(&mut line, STDERR, text.as_bytes())?;
            let code = if error.kind() == io::ErrorKind::NotFound {
                127
            } else {
                126
            };
            return finish(line, code);
        }
    };

    if tty {
        let status = child.wait()?;
        return finish(line, exit_code(status));
    }

    // Input: frames become writes to the pipe, for as long as somebody reads.
    let mut input = child.stdin.take();
    let mut from_host = line.try_clone()?;
    thread::spawn(move || {
        while let Ok((kind, payload)) = receive(&mut from_host) {
            if kind != STDIN {
                continue;
            }
            if payload.is_empty() {
                input = None;
            } else if let Some(pipe) = &mut input {
                if pipe.write_all(&payload).is_err() {
                    input = None;
                }
            }
        }
    });

    // Output: one loop over both pipes, until the command has ended and what
    // it left in the pipes is passed on.  Children that it left behind may
    // keep the pipes open for ever; they are not waited for.
    let (ended, end) = channel();
    let mut out: Vec<(u8, File)> = Vec::new();
    if let Some(pipe) = child.stdout.take() {
        out.push((STDOUT, File::from(std::os::fd::OwnedFd::from(pipe))));
    }
    if let Some(pipe) = child.stderr.take() {
        out.push((STDERR, File::from(std::os::fd::OwnedFd::from(pipe))));
    }
    thread::spawn(move || drop(ended.send(child.wait())));

    let mut status = None;
    let mut buffer = vec![0u8; CHUNK];
    loop {
        if status.is_none() {
            status = end.try_recv().ok();
        }
        let mut fds: Vec<c::PollFd> = out
            .iter()
            .map(|(_, file)| c::PollFd {
                fd: file.as_raw_fd(),
                events: c::POLLIN,
                revents: 0,
            })
            .collect();
        let wait = if status.is_some() { 0 } else { 10 };
        let ready = unsafe { c::poll(fds.as_mut_ptr(), fds.len() as u64, wait) };
        if ready <= 0 {
            if status.is_some() {
                break;
            }
            continue;
        }
        for index in (0..fds.len()).rev() {
            if fds[index].revents == 0 {
                continue;
            }
            match out[index].1.read(&mut buffer) {
                Ok(0) => drop(out.remove(index)),
                Ok(count) => send(&mut line, out[index].0, &buffer[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => drop(out.remove(index)),
            }
        }
    }
    let code = match status {
        Some(Ok(status)) => exit_code(status),
        _ => EXIT_BROKEN,
    };
    finish(line, code)
}

fn exit_code(status: std::process::ExitStatus) -> i32 {
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

fn finish(mut line: File, code: i32) -> io::Result<i32> {
    unsafe { c::sync() };
    send(&mut line, EXIT, &code.to_le_bytes())?;
    Ok(code)
}
