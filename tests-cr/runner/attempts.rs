// SPDX-License-Identifier: GPL-2.0

//! Images that one process restarts one after the other, without the tool, as fast as that goes:
//! `ckpt-runner attempts CGROUP` restarts what is in its standard input's file for each line that it
//! reads from descriptor 3, and says what came of it.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use ckpt_format::calls::{RESTART_FROZEN, RESTART_NEW_PIDS};

use crate::direct::{checked, child, join, memory_file, open_session, run_session, tell};
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// How long what an altered image has become may run, now and then.
pub const A_MOMENT: Duration = Duration::from_millis(30);

/// Where the lines come from.
const WORDS: i32 = 3;

/// The last line of what is said of one attempt.
const END: &str = "end";

/// The process, and what leads to it.
pub struct Attempts {
    process: Child,
    cgroup: PathBuf,
    image: File,
    words: File,
    said: Receiver<String>,
}

impl Attempts {
    /// For containers of one task, in a new cgroup; which part of the runner the process is.
    pub fn new(part: &str, cgroup: PathBuf) -> Step<Self> {
        fs::create_dir_all(&cgroup).doing("a cgroup")?;
        let image = memory_file(c"image").doing("a memfd")?;
        let (theirs, words) = crate::scenarios::narrow_pipe()?;
        let mut command = Command::new(std::env::current_exe().doing("our own path")?);
        command.arg(part).arg(&cgroup);
        command.stdin(image.try_clone().doing("a memfd")?);
        let from = theirs.as_raw_fd();
        // SAFETY: one system call, which takes no pointer.
        unsafe {
            command.pre_exec(move || {
                checked("dup2", libc::dup2(from, WORDS).into())?;
                Ok(())
            })
        };
        let mut process = command.stdout(Stdio::piped()).spawn().doing("attempts")?;
        let output = process.stdout.take();
        let (tell, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output
                .into_iter()
                .flat_map(|out| BufReader::new(out).lines())
            {
                let _ = line.map(|line| tell.send(line));
            }
        });
        Ok(Self {
            process,
            cgroup,
            image,
            words,
            said,
        })
    }

    /// What is to be restarted from now on.
    pub fn load(&mut self, image: &[u8]) -> Step<()> {
        self.image.set_len(0).doing("the image")?;
        self.image.rewind().doing("the image")?;
        self.image.write_all(image).doing("the image")
    }

    /// One attempt; gives all that was said of it.
    pub fn ask(&mut self, how: &str) -> Step<Vec<String>> {
        let line = format!("{how}\n");
        self.words.write_all(line.as_bytes()).doing("attempts")?;
        let mut all = Vec::new();
        loop {
            let line = self.said.recv_timeout(wait::LIMIT);
            let why = |error| Outcome::failed(format!("no end: {error}; {}", all.join("\n")));
            let line = line.map_err(why)?;
            if line == END {
                return Ok(all);
            }
            all.push(line);
        }
    }

    /// Restarts an image, lets it run for a moment or not, and ends it. True if it stood there; it
    /// must be explained if not.
    pub fn attempt(&mut self, image: &[u8], runs: bool) -> Step<bool> {
        self.load(image)?;
        let all = self.ask(if runs { "run" } else { "look" })?;
        match all.as_slice() {
            [first] if first == "errno 0" => Ok(true),
            [_, reason, sentence, ..] if reason.starts_with("reason ") && !sentence.is_empty() => {
                Ok(false)
            }
            _ => Err(Outcome::failed(format!(
                "not explained: {}",
                all.join("\n")
            ))),
        }
    }
}

impl Drop for Attempts {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::write(self.cgroup.join("cgroup.kill"), "1");
        wait::until(wait::LIMIT, || fs::remove_dir(&self.cgroup).ok());
    }
}

/// A process that does something for each line. What it says goes to standard output.
pub fn serve(
    arguments: &[String],
    mut deed: impl FnMut(&str, &Path, &File, &File) -> io::Result<()>,
) -> io::Result<()> {
    let [cgroup] = arguments else {
        return Err(io::Error::other("wrong usage"));
    };
    let cgroup = Path::new(cgroup);
    let directory = File::open(cgroup)?;
    // SAFETY: it was put there for us.
    let words = unsafe { File::from_raw_fd(WORDS) };
    for word in BufReader::new(words).lines() {
        // Another one each time: it is read from its start.
        let image = File::open("/proc/self/fd/0")?;
        let done = word.and_then(|word| deed(&word, cgroup, &directory, &image));
        // Whoever asked reads standard output.
        done.inspect_err(|error| println!("{error}\n{END}"))?;
        println!("{END}");
    }
    Ok(())
}

/// Whoever was there is gone from it a little later than waitpid(2) says.
pub fn until_empty(cgroup: &Path) -> io::Result<()> {
    until(cgroup, "populated 0")
}

/// Waits until a cgroup says so.
pub fn until(cgroup: &Path, event: &str) -> io::Result<()> {
    let has_come = || {
        let events = fs::read_to_string(cgroup.join("cgroup.events")).ok()?;
        events.contains(event).then_some(())
    };
    let come = wait::until(wait::LIMIT, has_come);
    come.ok_or_else(|| io::Error::other(format!("never {event}")))
}

/// Kills what stands there frozen.
pub fn kill(cgroup: &Path) -> io::Result<()> {
    fs::write(cgroup.join("cgroup.kill"), "1")?;
    fs::write(cgroup.join("cgroup.freeze"), "0")
}

/// Waits for a child to end.
pub fn reap(pid: i32) -> io::Result<()> {
    let mut status = 0;
    // SAFETY: fills one number.
    checked("waitpid", unsafe {
        libc::waitpid(pid, &raw mut status, libc::__WALL).into()
    })?;
    Ok(())
}

/// A session for an empty cgroup, and the one task that joins it.
pub fn one_joining(cgroup: &Path, directory: &File) -> io::Result<(OwnedFd, i32)> {
    until_empty(cgroup)?;
    let session = open_session(directory)?;
    let pid = child(directory, &[], || {
        // SAFETY: takes no pointer.
        unsafe { libc::setsid() };
        join(&session, 0)
    })?;
    Ok((session, pid))
}

/// The process.
pub fn run(arguments: &[String]) -> io::Result<()> {
    serve(arguments, |word, cgroup, directory, image| {
        let mut log = memory_file(c"log")?;
        let (session, pid) = one_joining(cgroup, directory)?;
        let errno = run_session(&session, image, &log, RESTART_FROZEN | RESTART_NEW_PIDS);
        drop(session);
        if errno == 0 {
            if word == "run" {
                fs::write(cgroup.join("cgroup.freeze"), "0")?;
                std::thread::sleep(A_MOMENT);
            }
            kill(cgroup)?;
        }
        reap(pid)?;
        println!("errno {errno}");
        if errno != 0 {
            tell(&mut log)?;
        }
        Ok(())
    })
}
