// SPDX-License-Identifier: GPL-2.0

//! Fact: a sink that takes no more after any record, for whatever reason, fails the checkpoint with that
//! reason, and the program goes on; one that takes little at a time, or makes its writer ask again, gets the
//! whole image.

use std::ffi::CString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::{AsFd, AsRawFd, FromRawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use ckpt_sys::calls::{self, End, Target};

use super::phases::{borders, narrow_pipe, read_some, some};
use super::stage::{ensure, refused, Stage};
use crate::direct::{sentences, OUTSIDE};
use crate::verdict::{Doing, Outcome, Step};
use crate::{modes, tool};

/// What a pipe or a terminal takes although nobody reads it.
const ROOM: usize = 128 * 1024;

/// The other end, and this one.
type Sink = (File, File);

/// Records after which a disk is full; anything else ends after each.
const DISKS: usize = 40;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("tree")?;
    modes::checkpoint(stage.container, &[])?;
    let all = borders(&stage.image()?)?;
    let before_end = &all[..all.len() - 1];
    let whole = all[all.len() - 1];

    stage.container.freeze()?;
    for border in before_end {
        ends_early(stage, narrow_pipe()?, (*border, whole), libc::EPIPE)?;
        ends_early(stage, terminal()?, (*border, whole), libc::EIO)?;
    }
    for size in [61, 4095, 4097, 60_000] {
        for flags in [0, libc::O_NONBLOCK] {
            takes_little(stage, size, flags)?;
        }
    }
    ensure(stage.container.holds("frozen 1"), "it was thawed")?;
    stage.container.thaw()?;

    let disks = small_disks(stage, &some(before_end, DISKS))?;
    stage.goes_on(&mut child)?;
    Err(Outcome {
        why: format!(
            "{} records, {disks} disks, and 8 slow readers",
            before_end.len()
        ),
        ..Outcome::passed()
    })
}

/// The call alone, of the frozen container: nobody but the sink can fail.
fn call(stage: &Stage, sink: &File) -> Step<(io::Result<End>, String)> {
    let cgroup = File::open(stage.cgroup()).doing("the cgroup")?;
    let path = stage.log("call");
    let log = File::create(&path).doing("the log")?;
    let target = Target {
        image: sink.as_fd(),
        sync: false,
    };
    let result = calls::checkpoint(cgroup.as_fd(), Some(target), OUTSIDE, log.as_fd());
    let said = sentences(&fs::read(path).doing("the log")?).doing("the log")?;
    Ok((result.map(|(_, end)| end), said.join("; ")))
}

/// Whoever reads goes away after so much of the whole.
fn ends_early(
    stage: &Stage,
    (mut reader, writer): Sink,
    (border, whole): (usize, usize),
    errno: i32,
) -> Step<()> {
    let gone = thread::spawn(move || read_some(&mut reader, border).map(drop));
    let (result, said) = call(stage, &writer)?;
    gone.join()
        .map_err(|_| Outcome::failed("the reader died"))??;
    if result.is_ok() && border + ROOM > whole {
        return Ok(());
    }
    let found = result.err().and_then(|error| error.raw_os_error());
    let why = format!("errno {found:?}, not {errno}, after {border} bytes; {said}");
    ensure(found == Some(errno) && !said.is_empty(), &why)
}

/// Whoever reads takes a little at a time, and a rest now and then.
fn takes_little(stage: &Stage, size: usize, flags: i32) -> Step<()> {
    let (mut reader, writer) = narrow_pipe()?;
    // SAFETY: takes no pointer.
    unsafe { libc::fcntl(writer.as_raw_fd(), libc::F_SETFL, flags) };
    let reading = thread::spawn(move || -> io::Result<Vec<u8>> {
        let (mut image, mut part) = (Vec::new(), vec![0; size]);
        loop {
            let count = reader.read(&mut part)?;
            if count == 0 {
                return Ok(image);
            }
            image.extend_from_slice(&part[..count]);
            if image.len() / 500_000 != (image.len() - count) / 500_000 {
                thread::sleep(Duration::from_millis(20));
            }
        }
    });
    let (result, said) = call(stage, &writer)?;
    drop(writer);
    let read = reading.join();
    let read = read.map_err(|_| Outcome::failed("the reader died"))?;
    let mut image = read.doing("reading the image")?;
    let end = result.map_err(|error| Outcome::failed(format!("{error}; {said}")))?;
    image.extend_from_slice(&end);
    let path = stage.container.dir.join("slow");
    fs::write(&path, image).doing("the image")?;
    tool::succeed("ckptinfo", &["--verify".into(), path], stage.container).map(drop)
}

/// A pseudo terminal that changes no byte; when its master is closed, writing fails.
fn terminal() -> Step<Sink> {
    // SAFETY: opening takes no pointer but a C string; the settings are filled and read.
    unsafe {
        let master = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC);
        if master < 0 || libc::unlockpt(master) < 0 {
            return Err(io::Error::last_os_error()).doing("a terminal");
        }
        let master = File::from_raw_fd(master);
        const TIOCGPTPEER: libc::c_ulong = 0x5441;
        let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
        let slave = libc::ioctl(master.as_raw_fd(), TIOCGPTPEER, flags);
        if slave < 0 {
            return Err(io::Error::last_os_error()).doing("a terminal");
        }
        let mut settings = std::mem::zeroed();
        libc::tcgetattr(slave, &raw mut settings);
        libc::cfmakeraw(&raw mut settings);
        libc::tcsetattr(slave, libc::TCSANOW, &raw const settings);
        Ok((master, File::from_raw_fd(slave)))
    }
}

/// Disks that are full after so much; gives how many there were.
fn small_disks(stage: &Stage, sizes: &[usize]) -> Step<usize> {
    let mount = stage.container.dir.join("small");
    fs::create_dir_all(&mount).doing("mkdir")?;
    let target = CString::new(mount.as_os_str().as_bytes())
        .map_err(|_| Outcome::failed("an odd directory"))?;
    let mut tried = 0;
    for size in sizes {
        // A disk of no size would be one without a limit.
        let options = CString::new(format!("size={}", (*size).max(1)));
        let options = options.map_err(|_| Outcome::failed("odd options"))?;
        // SAFETY: C strings.
        let mounted = unsafe {
            let kind = c"tmpfs".as_ptr();
            libc::mount(kind, target.as_ptr(), kind, 0, options.as_ptr().cast())
        };
        ensure(mounted == 0, "a small disk cannot be mounted")?;
        let result = into_small_disk(stage, &mount);
        // SAFETY: a C string.
        unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) };
        tried += usize::from(result?);
    }
    Ok(tried)
}

/// Neither into a file nor into standard output; false if the last page had room for the rest.
fn into_small_disk(stage: &Stage, mount: &Path) -> Step<bool> {
    let image = mount.join("image");
    let ended = stage.checkpoint(&["-o".as_ref(), image.as_os_str()])?;
    if ended.status.success() {
        return Ok(false);
    }
    refused(&ended, "no space")?;
    let left = fs::read_dir(mount).doing("the small disk")?.count();
    ensure(left == 0, "the failed checkpoint left a file")?;
    let file = File::create(&image).doing("a file on the small disk")?;
    let ended = stage.checkpoint_into(file, &[])?.end(stage.container)?;
    refused(&ended, "no space")?;
    stage.container.wait_for(&["frozen 0", "populated 1"])?;
    Ok(true)
}
