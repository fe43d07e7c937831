// SPDX-License-Identifier: GPL-2.0

//! Talking to a program: over pipes, a socket or a terminal, with patience that has an end.

use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use crate::load::{Doing, Step, PATIENCE};

/// What comes from a program, as far as it was not used yet.
pub struct Ear<F> {
    from: F,
    heard: Vec<u8>,
}

impl<F: Read + AsFd> Ear<F> {
    pub fn new(from: F) -> Self {
        let heard = Vec::new();
        Self { from, heard }
    }

    /// The next line, without its end.
    pub fn line(&mut self) -> Step<String> {
        let line = self.until("\n")?;
        Ok(line.trim_end_matches(['\r', '\n']).to_string())
    }

    /// Everything up to and with `text`.
    pub fn until(&mut self, text: &str) -> Step<String> {
        let wanted = text.as_bytes();
        let start = Instant::now();
        loop {
            let at = self
                .heard
                .windows(wanted.len())
                .position(|part| part == wanted);
            if let Some(at) = at {
                let used: Vec<u8> = self.heard.drain(..at + wanted.len()).collect();
                return Ok(String::from_utf8_lossy(&used).into_owned());
            }
            self.hear(start)
                .map_err(|why| format!("waiting for {text:?}: {why}; heard {:?}", self.rest()))?;
        }
    }

    /// Everything up to its end.
    pub fn rest_until_end(&mut self) -> Step<String> {
        let start = Instant::now();
        while self.hear(start).map_or_else(
            |why| if why == END { Ok(false) } else { Err(why) },
            |()| Ok(true),
        )? {}
        Ok(self.rest())
    }

    /// The end of what was not used.
    fn rest(&self) -> String {
        let from = self.heard.len().saturating_sub(4096);
        String::from_utf8_lossy(&self.heard[from..]).into_owned()
    }

    /// Waits for more.
    fn hear(&mut self, since: Instant) -> Step {
        let mut poll = libc::pollfd {
            fd: self.from.as_fd().as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let left = PATIENCE.saturating_sub(since.elapsed());
        // SAFETY: one struct.
        if unsafe { libc::poll(&raw mut poll, 1, left.as_millis() as i32) } == 0 {
            return Err("nothing comes".into());
        }
        let mut bytes = [0; 4096];
        match self.from.read(&mut bytes) {
            Ok(0) => Err(END.into()),
            Ok(count) => {
                self.heard.extend_from_slice(&bytes[..count]);
                Ok(())
            }
            // A terminal that nobody has open any more.
            Err(error) if error.raw_os_error() == Some(libc::EIO) => Err(END.into()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

const END: &str = "it has ended";

/// A program at the other end of two pipes.
pub struct Partner {
    child: Child,
    input: Option<ChildStdin>,
    pub output: Ear<ChildStdout>,
    name: String,
}

impl Partner {
    pub fn start(command: &mut Command) -> Step<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().doing(&name)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = Ear::new(output.ok_or("no pipe")?);
        Ok(Self {
            child,
            input,
            output,
            name,
        })
    }

    /// Says something.
    pub fn say(&mut self, text: &str) -> Step {
        let input = self.input.as_mut().ok_or("nothing more was to be said")?;
        input.write_all(text.as_bytes()).doing(&self.name)
    }

    /// Says a line, and hears one.
    pub fn ask(&mut self, text: &str) -> Step<String> {
        self.say(&format!("{text}\n"))?;
        self.output
            .line()
            .map_err(|why| format!("{} on {text:?}: {why}", self.name))
    }

    /// Says nothing more; it must end well, and have said nothing more either.
    pub fn end(mut self) -> Step {
        drop(self.input.take());
        let rest = self.output.rest_until_end()?;
        must_end_well(&mut self.child, &self.name)?;
        crate::load::same(&format!("what {} says in the end", self.name), "", rest)
    }
}

/// Waits for the end of a program, which must be a good one.
pub fn must_end_well(child: &mut Child, name: &str) -> Step {
    let status = child.wait().doing(name)?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{name} ended with {status}")),
    }
}
