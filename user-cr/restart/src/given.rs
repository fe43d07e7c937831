// SPDX-License-Identifier: GPL-2.0

//! What takes the place of open files that were not saved: our own, or what the command line names.
//!
//! Which of them the image wants is for the kernel to find out.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{bail, Context, Result};
use ckpt_sys::calls;
use ckpt_sys::process::inherited;
use nix::libc::O_NOCTTY;
use nix::unistd::{dup2_stdin, dup2_stdout};

use crate::options::Options;

/// Open files, by the number of the descriptor that they are given for.
pub struct Given {
    files: Vec<(u32, OwnedFd)>,
    /// Those that the command line names: somebody has to take them.
    wanted: Vec<u32>,
}

/// What stands behind `--fd`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Assignment {
    number: u32,
    source: Source,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Source {
    /// A descriptor of ours.
    Own(u32),
    /// To be opened for reading and writing.
    File(OsString),
}

impl Assignment {
    /// Reads `N=FILE` or `N=&M`.
    pub fn parse(text: &OsStr) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither N=FILE nor N=&M");
        let bytes = text.as_bytes();
        let at = bytes
            .iter()
            .position(|byte| *byte == b'=')
            .ok_or_else(wrong)?;
        let number = descriptor(&bytes[..at]).ok_or_else(wrong)?;
        let source = match &bytes[at + 1..] {
            [] => return Err(wrong()),
            [b'&', own @ ..] => Source::Own(descriptor(own).ok_or_else(wrong)?),
            path => Source::File(OsStr::from_bytes(path).to_owned()),
        };
        Ok(Self { number, source })
    }
}

fn descriptor(digits: &[u8]) -> Option<u32> {
    let number: i32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    u32::try_from(number).ok()
}

impl Given {
    /// Opens what is named, and takes our own standard descriptors for the rest; but nothing in place
    /// of a standard input that the image comes from. Before any descriptor of ours is made.
    pub fn gather(options: &Options) -> Result<Self> {
        let mut files = Vec::new();
        // Descriptors that we were started with come first, all of them: what is made here is not among
        // them.
        let own = adopt(&options.fd)?;
        for assignment in &options.fd {
            let Source::Own(number) = assignment.source else {
                continue;
            };
            let file = match own.get(&number) {
                Some(file) => file.try_clone(),
                None => standard(number),
            };
            add(&mut files, assignment.number, file.context("descriptor")?)?;
        }
        for assignment in &options.fd {
            let Source::File(path) = &assignment.source else {
                continue;
            };
            add(
                &mut files,
                assignment.number,
                open_both(assignment.number, path)?,
            )?;
        }
        let mut wanted: Vec<u32> = files.iter().map(|(number, _)| *number).collect();
        let all_standard = [
            (0, "--stdin", options.stdin.as_deref()),
            (1, "--stdout", options.stdout.as_deref()),
            (2, "--stderr", options.stderr.as_deref()),
        ];
        for (number, option, path) in all_standard {
            let is_there = files.iter().any(|(other, _)| *other == number);
            let file = match path {
                None if is_there => continue,
                None if number == 0 && options.image().is_none() => {
                    File::open("/dev/null").context("/dev/null")?.into()
                }
                None => standard(number).context("a standard descriptor")?,
                Some(path) => {
                    wanted.push(number);
                    open_one(option, number, path)?
                }
            };
            add(&mut files, number, file)?;
        }
        Ok(Self { files, wanted })
    }

    /// For the kernel.
    pub fn list(&self) -> Vec<calls::Given<'_>> {
        let all = self.files.iter();
        all.map(|(number, file)| calls::Given {
            number: *number,
            file: file.as_fd(),
            is_wanted: self.wanted.contains(number),
        })
        .collect()
    }

    /// The container has them. Whoever reads what it writes shall see the end when it has closed
    /// them, and not only when we end; what we still have to say goes to standard error.
    pub fn let_go(&mut self) {
        self.files.clear();
    }
}

/// What takes the place of standard input and output when these are not ours any more. It is there before
/// anything runs: then nothing may fail.
pub struct Nothing(File);

impl Nothing {
    /// Opens it.
    pub fn open() -> Result<Self> {
        let null = OpenOptions::new().read(true).write(true).open("/dev/null");
        null.map(Self).context("/dev/null")
    }

    /// From now on.
    pub fn take_over(&self) -> Result<()> {
        dup2_stdin(&self.0).context("dup2")?;
        dup2_stdout(&self.0).context("dup2")
    }
}

/// Ours that are to be handed in, and are not standard ones.
fn adopt(assignments: &[Assignment]) -> Result<BTreeMap<u32, OwnedFd>> {
    let mut own = BTreeMap::new();
    for assignment in assignments {
        match assignment.source {
            Source::Own(number @ 3..) if !own.contains_key(&number) => {
                let file = inherited(number).with_context(|| {
                    let wanted = assignment.number;
                    format!("--fd {wanted}=&{number}: restart has no descriptor {number}")
                })?;
                own.insert(number, file);
            }
            Source::Own(_) | Source::File(_) => {}
        }
    }
    Ok(own)
}

/// One of ours that is a standard one, once more.
fn standard(number: u32) -> io::Result<OwnedFd> {
    match number {
        0 => io::stdin().as_fd().try_clone_to_owned(),
        1 => io::stdout().as_fd().try_clone_to_owned(),
        _ => io::stderr().as_fd().try_clone_to_owned(),
    }
}

fn add(files: &mut Vec<(u32, OwnedFd)>, number: u32, file: OwnedFd) -> Result<()> {
    if files.iter().any(|(other, _)| *other == number) {
        bail!("descriptor {number} is handed in twice");
    }
    files.push((number, file));
    Ok(())
}

/// As `<`, `>>` and `2>>` of a shell do: nothing that was there is lost.
fn open_one(option: &str, number: u32, path: &Path) -> Result<OwnedFd> {
    let mut options = OpenOptions::new();
    match number {
        0 => options.read(true),
        _ => options.append(true).create(true),
    };
    let opened = options.custom_flags(O_NOCTTY).open(path);
    opened
        .map(OwnedFd::from)
        .with_context(|| format!("{option}: cannot open {}", path.display()))
}

fn open_both(number: u32, path: &OsStr) -> Result<OwnedFd> {
    let path = Path::new(path);
    let shown = path.display();
    let context = |error: io::Error| {
        anyhow::Error::from(error).context(format!(
            "--fd {number}={shown}: cannot open it for reading and writing"
        ))
    };
    let is_fifo = path.metadata().map_err(context)?.file_type().is_fifo();
    if is_fifo {
        bail!(
            "--fd {number}={shown}: open for both, a FIFO never ends; open the end that is wanted \
             and hand it in: --fd {number}=&M M<{shown}"
        );
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(O_NOCTTY);
    options.open(path).map(OwnedFd::from).map_err(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_read() {
        let read = |text: &str| Assignment::parse(OsStr::new(text)).ok();
        let file = |number, name: &str| Assignment {
            number,
            source: Source::File(name.into()),
        };
        assert_eq!(read("9=/tmp/x=y"), Some(file(9, "/tmp/x=y")));
        let own = Assignment {
            number: 7,
            source: Source::Own(3),
        };
        assert_eq!(read("7=&3"), Some(own));
        for wrong in ["", "9", "9=", "=x", "x=y", "9=&", "9=&x", "-1=x", "9=&-1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
