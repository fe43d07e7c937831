// SPDX-License-Identifier: GPL-2.0

//! The command line.

use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Parser, ValueEnum, ValueHint};

use crate::given::Assignment;
use crate::pids::Pids;

/// Bring a saved container back to life
///
/// Reads an image that checkpoint wrote, builds the processes in it and lets them go on where they were.
/// Either all of it comes back, or nothing, and the reason is told.
///
/// restart waits for the root of the container and ends as it does: with its exit status, or by the same
/// signal. SIGINT and SIGTERM that restart gets in the meantime are passed on to the root.
///
/// Run it as root: besides the right to restart at all, it takes CAP_SYS_ADMIN to make namespaces.
#[derive(Debug, Parser)]
#[command(version, after_long_help = AFTER, after_help = "--help says more and has examples.")]
pub struct Options {
    /// Read the image from FILE instead of standard input; "-" is standard input
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub input: Option<PathBuf>,

    /// Give every task the pid that it had
    ///
    /// In a pid namespace of its own, with a /proc that fits: there no pid is taken. Unless the container
    /// has its own pid 1, a small helper is that: it only waits for orphans. Without --pids only a
    /// container of one task, one process with one thread, can be restarted; it gets a new pid.
    ///
    /// The /proc takes a mount namespace: a private copy of the mounts that are here. What is mounted or
    /// unmounted outside later is not seen in the container, and the other way round. A later checkpoint
    /// saves the container only as long as nothing was mounted or unmounted in that namespace.
    #[arg(long)]
    pub pids: bool,

    /// With --pids: no namespace, the pids that the tasks had in ours
    ///
    /// If one of them is taken, nothing is restarted.
    #[arg(long, requires = "pids")]
    pub no_pidns: bool,

    /// Restart in this cgroup: a path, or a name below the mount point of cgroup2
    ///
    /// If it exists, it must be empty; if it does not, it is made, and removed at the end. Without this
    /// option, one is made beside the cgroup that restart itself is in. Limits, weights and BPF programs
    /// are those of this cgroup: what was set for the one that was saved is in no image.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub cgroup: Option<PathBuf>,

    /// What to do with files that are open for writing and have only grown since the checkpoint
    ///
    /// All files must have the size and the modification time that they had. Log files often are longer
    /// by now, because the container went on after the checkpoint, or others wrote on. A file that is
    /// shorter, or was replaced, and files that are mapped or open only for reading are refused in any
    /// case.
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Files::Strict)]
    pub files: Files,

    /// What the container reads from as standard input, if it had one that was not saved
    ///
    /// checkpoint leaves out what belongs to the outside: a pipe to a program outside, a terminal, a
    /// file that a task outside has open too; it says so (--hand-in). In place of such a standard
    /// input the container gets that of restart itself; but if the image comes from there, it reads
    /// nothing (/dev/null). This option names a file instead. If standard input was saved, or there was none, it
    /// is an error.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub stdin: Option<PathBuf>,

    /// Where the container writes to as standard output, if that was not saved, instead of to the
    /// standard output of restart
    ///
    /// FILE is made if it is not there; what is in it stays, and is added to.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub stdout: Option<PathBuf>,

    /// The same for standard error
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub stderr: Option<PathBuf>,

    /// What the container gets in place of descriptor N, if that was not saved (checkpoint --hand-in)
    ///
    /// N=FILE opens FILE for reading and writing. N=&M is descriptor M of restart itself, opened as the
    /// shell was told: restart --fd '9=&4' 4<in. All that belonged to the outside at descriptor N, in
    /// whatever task, gets it.
    #[arg(long, value_name = "N=FILE", value_hint = ValueHint::Other, value_parser = OsStringValueParser::new().try_map(|text| Assignment::parse(&text)))]
    pub fd: Vec<Assignment>,

    /// The terminal for a session whose terminal was outside, instead of the one where restart runs
    ///
    /// If the container has a session of its own, and its terminal belonged to the outside (a window,
    /// sshd, script), it gets a new one, with the old number, settings and what was typed and not read.
    /// restart relays that to its own terminal, whose settings it puts back in the end, and passes the
    /// size of the window on. If the terminal here hangs up, or restart is killed, the session is hung
    /// up. There can be one such terminal; without any, or with --detach, nothing is restarted.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub terminal: Option<PathBuf>,

    /// Leave the container frozen
    ///
    /// Everything is restored and nothing has run; writing 0 to the cgroup's cgroup.freeze lets it go.
    #[arg(long)]
    pub frozen: bool,

    /// Do not wait: print the pid of the root and end when the container runs
    ///
    /// The container is left to init, or to the nearest subreaper, and its cgroup is removed when
    /// it is empty, if restart made it. It keeps what it was handed in: where somebody waits for the
    /// end of the output of restart, as ssh and $(...) do, give the container a --stdout of its own.
    #[arg(long)]
    pub detach: bool,

    /// Restore everything, then throw it away: nothing runs
    ///
    /// Ends with 0 if the image is whole and this machine can restart it, else with 1.
    #[arg(long, conflicts_with_all = ["detach", "frozen"])]
    pub verify: bool,

    /// Say how long each part took and how much was read
    ///
    /// "running" is the time from the start of restart to the first instruction of the container (with
    /// --frozen: until it was ready for that). Of it, "prefix" went to the first part of the image,
    /// "forest" to making the tasks, "join" to the descriptions in the image and until all tasks were
    /// there, "build" to files, address spaces and descriptors, "fill" to the contents of memory, and
    /// "commit" to the rest.
    ///
    /// "tasks" are threads. "records" and "bytes" are those of the image. "pages" were filled with what is
    /// in them; "zero pages" were made zero over a file; "inherited pages" are shared with a relative
    /// since a fork, and came with that.
    ///
    /// They are said when the container runs, on standard error. With --json the names have _ for a
    /// space, the times are in nanoseconds, and their names end in _ns.
    #[arg(long)]
    pub stats: bool,

    /// Speak JSON, one object a line, instead of sentences
    ///
    /// On standard error, like the sentences.
    #[arg(long)]
    pub json: bool,
}

/// What may have happened to files that are open for writing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Files {
    /// Nothing: refuse to restart
    Strict,
    /// Leave them as they are; the container goes on writing where it stood, or at the end with
    /// O_APPEND
    Keep,
    /// Cut them back to the size that they had, once everything else is restored; there is no way back
    Truncate,
}

impl Options {
    /// The file that the image is in; none if it comes through standard input.
    pub fn image(&self) -> Option<&Path> {
        let input = self.input.as_deref();
        input.filter(|input| input.as_os_str() != "-")
    }

    /// Which pids the tasks get.
    pub fn pids(&self) -> Pids {
        match (self.pids, self.no_pidns) {
            (false, _) => Pids::New,
            (true, false) => Pids::OwnNamespace,
            (true, true) => Pids::Ours,
        }
    }
}

const AFTER: &str = "\
Examples:
  Restart a container with the pids that it had:
      restart --pids < counter.img

  From a compressed image, in a cgroup of a given name, in the background:
      zstd -dc counter.img.zst | restart --pids --detach --cgroup counter

  Restart a job of a pipeline: what it had as standard output, and checkpoint
  did not save, is now that of restart:
      restart --pids < job.img > job.log
      restart --pids -i job.img --stdin words | sort

  Go on with a login shell and what runs in it, at this terminal:
      restart --pids -i shell.img

  See whether an image could be restarted here:
      restart --pids --verify -i counter.img

Files: those that have a name are not in the image. They must be where they
were, as they were, but for what --files allows. Each is opened with the rights
of who had opened it, which the caller must be able to take on. The container's
clocks (CLOCK_MONOTONIC, CLOCK_BOOTTIME) go on from where they stopped, in a
time namespace of its own.

Rights: run it as root, or with CAP_CHECKPOINT_RESTORE and CAP_SYS_ADMIN, or
with the latter alone. It is for namespaces: of time always, of pids and mounts
with --pids. Both may be those of a user namespace of your own if the sysctl
kernel.checkpoint_restart is 2. The cgroup must be one that restart may make,
or whose files it may write to. What the image asks for takes the rights that
ordinary calls ask for: checkpoint-threats(7) has tables.

Afterwards: restart ends when the root has ended, also if others of the
container run on; a cgroup that it made is removed when the last of them has
ended. If restart is stopped before the container runs, nothing of it remains.
When it runs it does without: if restart is killed then, with SIGKILL or SIGHUP
for instance, the container goes on as with --detach; so it does if that hits
the whole process group of restart, but for tasks that were in a process group
outside and are in that one now. But a session whose terminal restart relays is
hung up. With --pids, a process of restart's own, restart-init, is pid 1 of the
container if it had none: it ends when all others have ended, and the container
with it if it is killed. That and the processes that tidy up after restart stay
in the cgroup that restart was started in: to kill that cgroup kills them, and
with restart-init the container.

JSON: with --json, standard error has one object a line.
  {\"tool\", \"remark\"}  something worth knowing
  {\"tool\", \"error\"}   why restart failed; there always is one then
  {\"tool\", \"stats\"}   the figures of --stats, by name
  {\"reason\", ...}     what the kernel says, as checkpoint(1) describes it
Wrong usage is text. What the container writes to standard error comes out
there too, if it was handed that in.

Exit status: that of the root, or the signal that killed it. 0 also with
--detach and --verify, if all went well. 1 also if nothing was restarted, or if
restart lost track of a container that runs; 2 also wrong usage. As the root
may end so too, look at standard error: there restart says why it failed (with
--json, in an object with \"error\"), and nothing if the root has ended.";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Options::command().debug_assert();
    }

    #[test]
    fn which_pids() {
        let pids = |args: &[&str]| {
            let args = [&["restart"], args].concat();
            Options::try_parse_from(args)
                .map(|options| options.pids())
                .ok()
        };
        assert_eq!(pids(&[]), Some(Pids::New));
        assert_eq!(pids(&["--pids"]), Some(Pids::OwnNamespace));
        assert_eq!(pids(&["--pids", "--no-pidns"]), Some(Pids::Ours));
        assert_eq!(pids(&["--no-pidns"]), None);
        assert_eq!(pids(&["--verify", "--detach"]), None);
    }

    #[test]
    fn where_the_image_is() {
        let image = |args: &[&str]| {
            let args = [&["restart"], args].concat();
            let options = Options::try_parse_from(args).unwrap();
            options.image().map(Path::to_owned)
        };
        assert_eq!(image(&[]), None);
        assert_eq!(image(&["-i", "-"]), None);
        assert_eq!(image(&["-i", "./-"]), Some("./-".into()));
    }

    #[test]
    fn what_may_have_happened_to_files() {
        let files = |args: &[&str]| {
            let args = [&["restart"], args].concat();
            Options::try_parse_from(args)
                .map(|options| options.files)
                .ok()
        };
        assert_eq!(files(&[]), Some(Files::Strict));
        assert_eq!(files(&["--files=keep"]), Some(Files::Keep));
        assert_eq!(files(&["--files", "truncate"]), Some(Files::Truncate));
        assert_eq!(files(&["--files=maybe"]), None);
    }
}
