// SPDX-License-Identifier: GPL-2.0

//! What scenarios are made of.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::container::Container;
use crate::tool::{self, Ended, Running};
use crate::verdict::{Doing, Outcome, Step};
use crate::{modes, turn, wait, Places};

/// A container to play with.
pub struct Stage<'a> {
    pub container: &'a Container,
    pub places: &'a Places,
}

/// A fact that holds, or the end of the scenario.
pub fn ensure(fact: bool, otherwise: &str) -> Step<()> {
    if fact {
        return Ok(());
    }
    Err(Outcome::failed(otherwise))
}

impl Stage<'_> {
    /// Starts a sample in the container, up to the moment for the checkpoint.
    pub fn start(&self, sample: &str) -> Step<Child> {
        self.start_linked("dynamic", sample)
    }

    /// The same, of the program that needs nobody's libraries.
    pub fn start_static(&self, sample: &str) -> Step<Child> {
        self.start_linked("static", sample)
    }

    fn start_linked(&self, how: &str, sample: &str) -> Step<Child> {
        let program = self.places.programs.join(how).join("ckpt-cases");
        let mut child = self
            .container
            .start(&program, &format!("samples/{sample}"), "tools")?;
        turn::wait_until_ready(self.container, &mut child)?;
        Ok(child)
    }

    /// Takes "go" back, for another program in the same container.
    pub fn reset(&self) -> Step<()> {
        self.container.take_go_back()
    }

    /// A sample that was saved with `--kill`; its cgroup is gone too.
    pub fn saved(&self, sample: &str) -> Step<()> {
        let child = self.start(sample)?;
        self.save(child)
    }

    /// Likewise, one that was started.
    pub fn save(&self, mut child: Child) -> Step<()> {
        modes::checkpoint(self.container, &["--kill"])?;
        wait::for_child(&mut child, wait::LIMIT)
            .ok_or_else(|| Outcome::failed("checkpoint --kill left the program alive"))?;
        self.container.end()
    }

    /// The program goes on, unharmed, to its good end.
    pub fn goes_on(&self, child: &mut Child) -> Step<()> {
        self.container.wait_for(&["frozen 0", "populated 1"])?;
        self.container.say_go()?;
        match wait::for_child(child, wait::LIMIT) {
            Some(status) => modes::verdict(self.container, status),
            None => Err(Outcome::failed("the program does not go on")),
        }
    }

    /// Somebody does something to a program that is frozen, from a cgroup beside it; then it goes on, to
    /// its good end.
    pub fn while_frozen(
        &self,
        child: &mut Child,
        deed: impl FnOnce(&Path) -> Step<()>,
    ) -> Step<()> {
        self.container.freeze()?;
        let from = self.cgroup().with_extension("callers");
        fs::create_dir(&from).doing("a cgroup")?;
        let outcome = deed(&from);
        let _ = fs::remove_dir(&from);
        self.container.thaw()?;
        outcome?;
        self.goes_on(child)?;
        self.container.end()
    }

    /// The image restarts, and the program comes to its good end.
    pub fn image_is_good(&self) -> Step<()> {
        // The program may have been saved with the go file open: it must not change too early.
        let restart = modes::restart_frozen(self.container)?;
        self.container.thaw()?;
        self.container.say_go()?;
        let ended = restart.end(self.container)?;
        modes::verdict(self.container, ended.status).map_err(|mut outcome| {
            outcome.why.push_str(&ended.said);
            outcome
        })
    }

    /// The container's cgroup.
    pub fn cgroup(&self) -> PathBuf {
        self.container.cgroup.clone()
    }

    /// Where a tool's output goes.
    pub fn log(&self, name: &str) -> PathBuf {
        self.container.dir.join(format!("{name}.log"))
    }

    /// `checkpoint CGROUP OPTIONS...`, to its end.
    pub fn checkpoint<I: AsRef<OsStr>>(&self, options: &[I]) -> Step<Ended> {
        let mut arguments = vec![self.cgroup().into_os_string()];
        arguments.extend(options.iter().map(|option| option.as_ref().to_os_string()));
        tool::run("checkpoint", &arguments, self.container)
    }

    /// The same with the image to an open file.
    pub fn checkpoint_into(&self, sink: impl Into<Stdio>, options: &[&str]) -> Step<Running> {
        let log = self.log("checkpoint");
        let mut command = tool::command("checkpoint", options, &log)?;
        command.arg(self.cgroup()).stdout(sink);
        tool::start(command, &log)
    }

    /// `restart --pids --cgroup CGROUP` with the image from an open file.
    pub fn restart_from(&self, source: impl Into<Stdio>, options: &[&str]) -> Step<Running> {
        let log = self.log("restart");
        let mut command = tool::command("restart", &["--pids", "--cgroup"], &log)?;
        command.arg(self.cgroup()).args(options).stdin(source);
        tool::start(command, &log)
    }

    /// `restart --pids --cgroup CGROUP -i IMAGE OPTIONS...`, to its end.
    pub fn restart(&self, options: &[&str]) -> Step<Ended> {
        modes::restart(self.container, options)?.end(self.container)
    }

    /// The same in our own pid namespace, up to where the container stands there, frozen.
    pub fn restart_beside_us(&self) -> Step<Running> {
        let log = self.log("restart");
        let arguments = ["--pids", "--no-pidns", "--frozen", "-i"];
        let mut command = tool::command("restart", &arguments, &log)?;
        command
            .arg(self.container.image())
            .arg("--cgroup")
            .arg(self.cgroup());
        let restart = tool::start(command, &log)?;
        self.container.wait_for(&["populated 1", "frozen 1"])?;
        Ok(restart)
    }

    /// As `restart`, with something done to the tool before it runs.
    pub fn restart_after(
        &self,
        prepare: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
    ) -> Step<Ended> {
        let log = self.log("restart");
        let mut command = tool::command("restart", &["--pids", "--cgroup"], &log)?;
        command
            .arg(self.cgroup())
            .arg("-i")
            .arg(self.container.image());
        // SAFETY: single-threaded between fork and exec; what is prepared makes system calls only.
        unsafe { command.pre_exec(prepare) };
        tool::start(command, &log)?.end(self.container)
    }

    /// A pipe that ends in a process which reads `count` bytes of it and then nothing, until it
    /// is killed. Gives the pipe and the process.
    pub fn stalling_reader(&self, count: usize) -> Step<(Stdio, Child)> {
        let begun = self.begun();
        let _ = fs::remove_file(&begun);
        let begun = begun.display();
        let script = format!("head -c {count} >/dev/null; : >{begun}; exec sleep 1000");
        let mut reader = self
            .shell(&script)
            .stdin(Stdio::piped())
            .spawn()
            .doing("the reader")?;
        let pipe = reader.stdin.take().map(Stdio::from);
        Ok((pipe.ok_or_else(|| Outcome::failed("no pipe"))?, reader))
    }

    fn begun(&self) -> PathBuf {
        self.container.dir.join("begun")
    }

    /// Waits until the stalling reader has read what it reads: a checkpoint is on its way, and stuck.
    pub fn wait_until_stuck(&self) -> Step<()> {
        let begun = wait::until(wait::LIMIT, || self.begun().exists().then_some(()));
        begun.ok_or_else(|| Outcome::failed("nothing was written"))
    }

    /// A pipe out of which come the first `count` bytes of the image, and then nothing, without
    /// an end.
    pub fn stalling_writer(&self, count: usize) -> Step<(Stdio, Child)> {
        let image = self.container.image();
        let script = format!("head -c {count} {}; exec sleep 1000", image.display());
        let mut writer = self
            .shell(&script)
            .stdout(Stdio::piped())
            .spawn()
            .doing("the writer")?;
        let pipe = writer.stdout.take().map(Stdio::from);
        Ok((pipe.ok_or_else(|| Outcome::failed("no pipe"))?, writer))
    }

    fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null());
        command
    }

    /// The bytes of the image.
    pub fn image(&self) -> Step<Vec<u8>> {
        fs::read(self.container.image()).doing("the image")
    }

    /// An image with other bytes, as an open file.
    pub fn other_image(&self, bytes: &[u8]) -> Step<File> {
        let path = self.container.dir.join("other-image");
        fs::write(&path, bytes).doing("the other image")?;
        File::open(&path).doing("the other image")
    }

    /// A restart that has failed left nothing behind: no task, no cgroup, no helper of its own.
    pub fn nothing_is_left(&self) -> Step<()> {
        let gone = wait::until(wait::LIMIT, || {
            (!self.cgroup().exists() && self.container.relatives().is_empty()).then_some(())
        });
        gone.ok_or_else(|| {
            let known = crate::hang::what_is_known(self.container);
            let cgroup = self.cgroup().exists();
            let relatives = self.container.relatives();
            Outcome::failed(format!(
                "left: cgroup {cgroup}, processes {relatives:?}\n{known}"
            ))
        })
    }
}

/// A tool failed in the orderly way: exit status 1, and a word of explanation.
pub fn refused(ended: &Ended, word: &str) -> Step<()> {
    let status = ended.status;
    if status.code() != Some(1) {
        return Err(Outcome::failed(format!(
            "ended with {status}, not 1\n{}",
            ended.said
        )));
    }
    if !ended.said.to_lowercase().contains(&word.to_lowercase()) {
        return Err(Outcome::failed(format!(
            "does not say '{word}'\n{}",
            ended.said
        )));
    }
    Ok(())
}

/// A tool did what it should.
pub fn fine(ended: &Ended) -> Step<()> {
    if ended.status.success() {
        return Ok(());
    }
    Err(Outcome::failed(format!(
        "ended with {}\n{}",
        ended.status, ended.said
    )))
}

/// Ends a process that a scenario started.
pub fn kill(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}
