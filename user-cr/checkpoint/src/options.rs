// SPDX-License-Identifier: GPL-2.0

//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueHint};

use crate::duration::parse;
use crate::hand_in::HandIn;

/// Save a running container to an image
///
/// The container is everything in one cgroup (version 2). It is frozen, written out as one stream,
/// and goes on as if nothing had happened. The restart command brings the stream back to life, on this
/// machine after a reboot or on another one.
///
/// The image goes to standard output, through a pipe if you like, or to a file with -o.
///
/// An image holds the memory of programs, with passwords and keys. The file of -o is for its owner alone
/// (mode 0600), and so becomes an empty file of yours that the shell has made for standard output; what
/// goes into a pipe is for you to guard. checkpoint-threats(7) says more.
#[derive(Debug, Parser)]
#[command(version, after_long_help = AFTER, after_help = "--help says more and has examples.")]
pub struct Options {
    /// The cgroup: a path, or a name below the mount point of cgroup2
    ///
    /// "jobs/7" is the cgroup /sys/fs/cgroup/jobs/7, if cgroup2 is mounted at /sys/fs/cgroup.
    /// checkpoint itself must not be in it.
    #[arg(value_name = "CGROUP", value_hint = ValueHint::DirPath)]
    pub cgroup: PathBuf,

    /// Write the image to FILE
    ///
    /// It is written under a temporary name beside it, readable by you alone, and gets its name when it
    /// is complete and on the disk. If anything goes wrong, a FILE that was there before stays as it was.
    /// A device or a FIFO is written to as it is. With "> FILE" instead, the shell empties FILE first, and
    /// what was written until something went wrong stays in it: that is no image, as ckptinfo --verify
    /// and restart find out.
    #[arg(short, long, value_name = "FILE", conflicts_with = "check", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Kill the container once it is saved
    ///
    /// It is killed while still frozen: nothing runs after what was saved. If the image goes to a file or
    /// a block device, it is on the disk first. If it goes into a pipe, make sure that its reader has
    /// kept it: one way is --leave-frozen, and to write 1 to cgroup.kill afterwards.
    ///
    /// What reaches the container from outside while the image is written (signals, messages, what somebody
    /// types) is not in it: if anything has, the checkpoint fails and the container goes on. What comes
    /// in the very last moment, while the end of the image is brought to the disk, is lost with the
    /// container, as when a process is killed.
    #[arg(long, conflicts_with_all = ["leave_frozen", "check"])]
    pub kill: bool,

    /// Leave the container frozen once it is saved
    ///
    /// If the checkpoint fails, the freezer is put back as it was all the same.
    #[arg(long, conflicts_with = "check")]
    pub leave_frozen: bool,

    /// Only look for what stands in the way, and list all of it
    ///
    /// Nothing is written. The container stands still meanwhile: it is frozen, and the freezer then put
    /// back as it was. Ends with 0 if the container can be saved as it is now, else with 1.
    #[arg(long)]
    pub check: bool,

    /// Do not save what is open at these descriptors and belongs to the outside
    ///
    /// LIST is "none", or descriptor numbers with commas between them; "stdio" stands for 0,1,2. What
    /// belongs to the outside is an end of a pipe, or a unix socket, whose other end is open in a
    /// task outside; a terminal; a file that is also open in a task outside. Such a file cannot be
    /// saved. At the descriptors of LIST, of whatever task, it is left out instead, and restart puts
    /// one of its own in its place; checkpoint says of each what it left out and who has it too. At
    /// other descriptors it is refused. A file that only the container has open is saved by its path,
    /// also if it is standard output.
    ///
    /// The terminal that controls a session is not left out, if its leader is in the container: restart
    /// gives the session a new one, with its settings and what was typed and not read, and relays it to
    /// the terminal where it runs itself. With "none", such a session is refused.
    #[arg(long, value_name = "LIST", default_value = "stdio", value_parser = HandIn::parse, value_hint = ValueHint::Other)]
    pub hand_in: HandIn,

    /// Have datagram sockets that are connected to a server outside connected again at restart
    ///
    /// As the socket of a program that writes to the system log is connected to /dev/log. The server
    /// must have a name; at restart it is connected to whatever has that name then, with the rights of
    /// who restarts it. checkpoint says of each what it is connected to. Without this it is refused.
    #[arg(long)]
    pub reconnect: bool,

    /// Run CMD while the container stands still, once its image is written but for the last bytes
    ///
    /// For what has to agree with the image: a snapshot of a file system, an rsync. CMD is a line of the
    /// shell (sh -c); $CHECKPOINT_CGROUP names the cgroup in it. Its standard input is empty and its
    /// output comes out on standard error. If it fails, the checkpoint fails: the container goes on, and
    /// what was written is no image. With --sync, CMD finds everything on the disk.
    #[arg(long, value_name = "CMD", conflicts_with = "check", value_hint = ValueHint::CommandString)]
    pub while_frozen: Option<OsString>,

    /// Bring to the disk what the container was writing, so that it survives a power cut
    ///
    /// While the container stands still: the files that it has open for writing, and all of the file
    /// systems that it has anything open on, its root or its working directory. If that fails, the
    /// checkpoint fails. So that little is left to do then, what its tasks have written is brought to the
    /// disk once before they are asked to freeze.
    #[arg(long, conflicts_with = "check")]
    pub sync: bool,

    /// Give up and thaw if the container would stand still for longer than TIME
    ///
    /// Counts from the moment it is asked to freeze to the end of the stream, with --while-frozen and
    /// what --sync has left to write then: for a container that may not stop for long while the reader
    /// of the image is slow.
    #[arg(long, value_name = "TIME", value_parser = parse, value_hint = ValueHint::Other)]
    pub max_frozen: Option<Duration>,

    /// Give up and thaw if not every task is frozen after TIME
    ///
    /// The tasks that are not are named with what they wait for. TIME is a number with a unit: 500ms,
    /// 10s, 2m; without a unit, seconds.
    #[arg(long, value_name = "TIME", value_parser = parse, default_value = "10s", value_hint = ValueHint::Other)]
    pub freeze_timeout: Duration,

    /// Say how long each part took and how much was written
    ///
    /// "frozen" is the time that the container stood still: from being asked to freeze until it was
    /// thawed or killed, or until the end if it stays frozen. Of it, "freeze" went by until all of it
    /// was frozen, "pin" until it was off its processors, "capture" until everything but memory was
    /// described, "stream" until the last byte was written, "files" to bring to the disk what --sync
    /// says, and "thaw" to let it go on. The command of --while-frozen counts to "frozen" alone. "sync" is
    /// the time until the image was on the disk.
    ///
    /// "tasks" are threads. "records" and "bytes" are those of the image. "pages" were written with what
    /// is in them; "zero pages" are all zero and cost nothing; "inherited pages" are shared with a
    /// relative since a fork, and were written with that. "capture bytes" is the kernel's memory that
    /// the description took.
    ///
    /// They are said after a success, on standard error. With --json the names have _ for a space, the
    /// times are in nanoseconds, and their names end in _ns.
    #[arg(long)]
    pub stats: bool,

    /// Speak JSON, one object a line, instead of sentences
    ///
    /// On standard error, like the sentences.
    #[arg(long)]
    pub json: bool,
}

impl Options {
    /// How long to wait for the freezer.
    pub fn freeze_limit(&self) -> FreezeLimit {
        match self.max_frozen {
            Some(time) if time < self.freeze_timeout => FreezeLimit {
                time,
                option: "--max-frozen",
            },
            _ => FreezeLimit {
                time: self.freeze_timeout,
                option: "--freeze-timeout",
            },
        }
    }
}

/// How long the freezer may take, and which option says so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FreezeLimit {
    pub time: Duration,
    pub option: &'static str,
}

const AFTER: &str = "\
Examples:
  Save the container in the cgroup \"counter\", and let it go on:
      checkpoint counter > counter.img

  Save it to a file, and kill it once that is on the disk:
      checkpoint --kill -o counter.img counter

  Save it compressed, and kill it if that went well:
      set -o pipefail
      checkpoint --leave-frozen counter | zstd > counter.img.zst &&
          echo 1 > /sys/fs/cgroup/counter/cgroup.kill

  Move it to another machine, and end it here once it runs there:
      set -o pipefail
      checkpoint --leave-frozen counter | ssh root@there restart --pids --detach &&
          echo 1 > /sys/fs/cgroup/counter/cgroup.kill
  If checkpoint says that its output belongs to the outside, give it another
  there (restart --stdout, --stderr): else it is that of ssh, which waits for
  its end. If ssh or restart fails, it stays frozen here. Look whether it runs
  there; if it does not, let it go on here:
      echo 0 > /sys/fs/cgroup/counter/cgroup.freeze
  If checkpoint itself is killed with SIGKILL when the end of the image is
  written, the container is thawed here and may run there as well: look at
  both, and kill one.

  Save it together with its files, as they are at that moment:
      checkpoint --sync -o counter.img counter --while-frozen \\
          'btrfs subvolume snapshot -r /srv/counter /srv/counter.saved'

  Save a job that a shell has started in a pipeline; its output goes on
  wherever that of restart goes:
      checkpoint --kill job > job.img
      restart --pids < job.img | grep result

  Encrypt it, for somewhere that others can read:
      checkpoint counter | age -R keys > counter.img.age

  See what stands in the way:
      checkpoint --check counter

A new cgroup is a new directory; a process moves there when its pid is written
to cgroup.procs:
      mkdir /sys/fs/cgroup/counter
      echo $PID > /sys/fs/cgroup/counter/cgroup.procs

Signals: on SIGINT, SIGTERM and SIGHUP the freezer is put back as it was and
what was written of FILE is removed; if checkpoint is killed with SIGKILL, a
small process of its own does that. Only if that is killed too may a container
be left frozen; this thaws it:
      echo 0 > /sys/fs/cgroup/counter/cgroup.freeze
A key that stops checkpoint (^Z, SIGTSTP) does so when the freezer has been put
back: while the container stands still, that and SIGTTIN and SIGTTOU wait.
SIGSTOP cannot wait: the container stands still until SIGCONT, whatever
--max-frozen says.

Rights: run it as root, or with CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN, the
right to trace every task of the container, and to write to cgroup.freeze of
its cgroup (with --kill, to cgroup.kill). checkpoint-threats(7) has tables.

JSON: with --json, standard error has one object a line.
  {\"tool\", \"remark\"}  something worth knowing
  {\"tool\", \"error\"}   why it failed; there always is one then
  {\"tool\", \"stats\"}   the figures of --stats, by name
  {\"reason\", ...}     what the kernel says: an obstacle, or without \"errno\"
                      a remark. \"reason\" and \"number\" are as in
                      checkpoint(2), null that of a newer kernel; \"errno\",
                      \"task\", \"comm\", \"fd\", \"address\" (hexadecimal),
                      \"offset\" and \"kind\" of the record and \"name\" are
                      there if they mean something, \"value\" always;
                      \"message\" and \"advice\" say it in words.
Wrong usage, what the command of --while-frozen says, and that the kernel takes
long to stop are text.

Exit status: 0 saved, or with --check, could be; 1 not saved, or saved and
something went wrong then: the container could not be thawed or killed, or
the image not be brought to the disk. Standard error tells which. 2 wrong
usage; or killed by the signal that stopped it.";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Options::command().debug_assert();
    }

    #[test]
    fn the_shorter_limit_holds() {
        let limit = |args: &[&str]| {
            let args = [&["checkpoint"], args, &["a"]].concat();
            let limit = Options::try_parse_from(args).unwrap().freeze_limit();
            (limit.time.as_secs(), limit.option)
        };
        assert_eq!(limit(&[]), (10, "--freeze-timeout"));
        assert_eq!(limit(&["--max-frozen", "2s"]), (2, "--max-frozen"));
        assert_eq!(limit(&["--max-frozen", "1m"]), (10, "--freeze-timeout"));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let parses =
            |args: &[&str]| Options::try_parse_from([&["checkpoint"], args].concat()).is_ok();
        assert!(parses(&["a"]));
        assert!(parses(&["--kill", "-o", "x", "--max-frozen", "500ms", "a"]));
        assert!(!parses(&[]));
        assert!(!parses(&["--kill", "--leave-frozen", "a"]));
        assert!(!parses(&["--check", "-o", "x", "a"]));
        assert!(parses(&["--sync", "--while-frozen", "true", "a"]));
        assert!(!parses(&["--check", "--sync", "a"]));
        assert!(!parses(&["--check", "--while-frozen", "true", "a"]));
        assert!(!parses(&["--max-frozen", "soon", "a"]));
        assert!(parses(&["--hand-in=none", "a"]));
        assert!(!parses(&["--hand-in=stdout", "a"]));
    }
}
