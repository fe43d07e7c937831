// SPDX-License-Identifier: GPL-2.0

//! Where the image goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail, Context, Result};
use nix::errno::Errno;
use nix::fcntl::{fcntl, FcntlArg, OFlag};
use nix::libc::{O_NOCTTY, O_PATH, S_IFBLK, S_IFMT, S_IFREG};
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::unistd::{self, geteuid};

use crate::options::Options;

/// A place for the image.
pub enum Sink {
    /// There will be no image.
    Nowhere,
    /// Standard output, or a device or FIFO that was named.
    Stream(File),
    /// A file that [`Sink::begin`] makes.
    Planned(Place),
    /// A file that gets its name when it is complete.
    File(Unfinished),
    /// It is complete, and as safe as we can make it.
    Complete,
}

/// Where a file will be.
pub struct Place {
    /// What it is called until it is complete, from the root on.
    temporary: PathBuf,
    name: PathBuf,
    /// What it is in; open, so that nothing can be lacking once the image has its name.
    directory: File,
}

/// A file under a temporary name; removed when dropped.
pub struct Unfinished {
    file: File,
    place: Place,
}

impl Sink {
    /// Looks where the image shall go. For a FIFO it waits until somebody reads, if need be until a signal
    /// ends that.
    pub fn open(options: &Options) -> Result<Self> {
        match &options.output {
            _ if options.check => Ok(Self::Nowhere),
            Some(name) if is_stream(name) => OpenOptions::new()
                .write(true)
                .custom_flags(O_NOCTTY)
                .open(name)
                .with_context(|| format!("cannot open {}", name.display()))
                .and_then(Self::stream),
            Some(name) => Place::of(name).map(Self::Planned),
            None => Self::output(),
        }
    }

    /// Makes the file that was planned, under its temporary name. So that it does not stay, signals are held
    /// back by now, and somebody watches who knows [`Sink::temporary`].
    pub fn begin(self) -> Result<Self> {
        match self {
            Self::Planned(place) => Unfinished::create(place).map(Self::File),
            begun => Ok(begun),
        }
    }

    fn stream(file: File) -> Result<Self> {
        if file.is_terminal() {
            bail!("an image is nothing for a terminal: redirect it (> FILE, | COMMAND), or use -o FILE");
        }
        Ok(Self::Stream(file))
    }

    fn output() -> Result<Self> {
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        if is_closed(&output)? {
            bail!("standard output is closed: redirect it (> FILE, | COMMAND), or use -o FILE");
        }
        Self::stream(output)
    }

    /// Images hold secrets: takes the rights of others to a file that the shell has just made for us;
    /// one that holds something, or is somebody else's, stays as it is. Says what there is to say.
    pub fn close_to_others(&self) -> Result<Option<&'static str>> {
        let Self::Stream(file) = self else {
            return Ok(None);
        };
        let found = file.metadata()?;
        if !found.is_file() || found.mode() & 0o077 == 0 {
            return Ok(None);
        }
        let is_new = found.len() == 0 && found.uid() == geteuid().as_raw();
        let closed = fs::Permissions::from_mode(found.mode() & 0o700);
        if is_new && file.set_permissions(closed).is_ok() {
            return Ok(Some(
                "the image holds secrets: the rights of others to the file are taken away",
            ));
        }
        Ok(Some(
            "the image holds secrets, and others have rights to the file that it goes into",
        ))
    }

    /// The descriptor to write to.
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Nowhere | Self::Planned(_) | Self::Complete => None,
            Self::Stream(file) => Some(file.as_fd()),
            Self::File(unfinished) => Some(unfinished.file.as_fd()),
        }
    }

    /// The name that is to be removed if the image remains unfinished.
    pub fn temporary(&self) -> Option<&Path> {
        match self {
            Self::Planned(place) => Some(&place.temporary),
            Self::File(unfinished) => Some(&unfinished.place.temporary),
            Self::Nowhere | Self::Stream(_) | Self::Complete => None,
        }
    }

    /// Brings the image to the disk and gives it its name. Nothing happens the second time.
    pub fn complete(&mut self) -> Result<()> {
        match std::mem::replace(self, Self::Complete) {
            Self::Nowhere | Self::Planned(_) | Self::Complete => Ok(()),
            Self::Stream(file) => sync(&file),
            Self::File(unfinished) => unfinished.finish(),
        }
    }
}

impl Place {
    fn of(name: &Path) -> Result<Self> {
        let name = where_it_leads(name)?;
        let base = name
            .file_name()
            .with_context(|| format!("{} is no file name", name.display()))?;
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(base);
        temporary.push(format!(".{}.unfinished", std::process::id()));
        let parent = match name.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let cannot_open = || format!("cannot open {}", parent.display());
        Ok(Self {
            temporary: fs::canonicalize(parent)
                .with_context(cannot_open)?
                .join(temporary),
            directory: File::open(parent).with_context(cannot_open)?,
            name,
        })
    }
}

impl Unfinished {
    fn create(place: Place) -> Result<Self> {
        let temporary = &place.temporary;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(temporary)
            .inspect_err(|error| {
                // It may have been made, and only the descriptor be lacking.
                if error.kind() != io::ErrorKind::AlreadyExists {
                    let _ = fs::remove_file(temporary);
                }
            })
            .with_context(|| format!("cannot create {}", temporary.display()))?;
        Ok(Self { file, place })
    }

    fn finish(self) -> Result<()> {
        let name = self.place.name.display();
        self.file
            .sync_all()
            .with_context(|| format!("cannot bring {name} to the disk"))?;
        fs::rename(&self.place.temporary, &self.place.name)
            .with_context(|| format!("cannot give {name} its name"))?;
        self.place.directory.sync_all().with_context(|| {
            format!("{name} is complete, but its directory cannot be brought to the disk")
        })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After the rename it is not there any more.
        let _ = fs::remove_file(&self.place.temporary);
    }
}

/// Writes all of it, where the kernel has written what comes before. A signal ends the wait for a
/// slow reader.
pub fn write(image: BorrowedFd<'_>, bytes: &[u8]) -> Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match unistd::write(image, rest) {
            Ok(0) => bail!("writing the image failed: nothing more can be written"),
            Ok(count) => rest = &rest[count..],
            Err(Errno::EAGAIN) => wait_for_room(image)?,
            Err(error) => return Err(error).context("writing the image failed"),
        }
    }
    Ok(())
}

/// Brings to the disk what has been written of the image; waits until a pipe takes the end of it.
pub fn sync_so_far(image: BorrowedFd<'_>) -> Result<()> {
    sync(&File::from(image.try_clone_to_owned()?))?;
    wait_for_room(image)
}

fn wait_for_room(image: BorrowedFd<'_>) -> Result<()> {
    let mut fds = [PollFd::new(image, PollFlags::POLLOUT)];
    let waited = poll(&mut fds, PollTimeout::NONE).context("writing the image failed");
    waited.map(drop)
}

/// What a link leads to is replaced, not the link. The kernel follows it: links of others, where
/// everybody may make them, it refuses to (fs.protected_symlinks).
fn where_it_leads(name: &Path) -> Result<PathBuf> {
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(O_PATH)
        .open(name);
    let file = match opened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(name.to_owned()),
        opened => opened.with_context(|| format!("cannot look at {}", name.display()))?,
    };
    let found = file.metadata()?;
    if !found.is_file() {
        bail!("{} is a directory", name.display());
    }
    match found.nlink() {
        0 => Ok(name.to_owned()),
        _ => Ok(fs::read_link(format!(
            "/proc/self/fd/{}",
            file.as_raw_fd()
        ))?),
    }
}

/// Something that is there and neither a file nor a directory: it cannot be replaced, only written.
fn is_stream(name: &Path) -> bool {
    fs::metadata(name).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Brings a file or what a block device holds to the disk; of pipes and sockets only the reader knows.
fn sync(file: &File) -> Result<()> {
    if !is_on_disk(file.metadata()?.mode()) {
        return Ok(());
    }
    file.sync_all()
        .map_err(|error| anyhow!("cannot bring the image to the disk: {error}"))
}

fn is_on_disk(mode: u32) -> bool {
    matches!(mode & S_IFMT, S_IFREG | S_IFBLK)
}

/// Rust puts /dev/null, open for reading and writing, where a standard descriptor is closed: the
/// image would be lost there, and with --kill the container too.
fn is_closed(output: &File) -> Result<bool> {
    let found = output.metadata()?;
    let null = fs::metadata("/dev/null")
        .map(|null| null.rdev())
        .unwrap_or_default();
    let is_null = found.file_type().is_char_device() && found.rdev() == null;
    let flags = OFlag::from_bits_retain(fcntl(output, FcntlArg::F_GETFL)?);
    Ok(is_null && flags & OFlag::O_ACCMODE == OFlag::O_RDWR)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    struct Directory(PathBuf);

    impl Directory {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect()
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn create(name: &Path) -> Result<Unfinished> {
        Place::of(name).and_then(Unfinished::create)
    }

    #[test]
    fn a_complete_image_gets_its_name() {
        let directory = Directory::new("complete");
        let name = directory.0.join("image");
        fs::write(&name, "old").unwrap();
        let mut unfinished = create(&name).unwrap();
        unfinished.file.write_all(b"new").unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"old");
        unfinished.finish().unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"new");
        assert_eq!(fs::metadata(&name).unwrap().mode() & 0o777, 0o600);
        assert_eq!(directory.names(), ["image"]);
    }

    #[test]
    fn an_unfinished_image_leaves_nothing() {
        let directory = Directory::new("unfinished");
        let name = directory.0.join("image");
        drop(create(&name).unwrap());
        assert!(directory.names().is_empty());
    }

    #[test]
    fn the_kernel_follows_links() {
        let directory = Directory::new("links");
        let (name, link) = (directory.0.join("image"), directory.0.join("link"));
        std::os::unix::fs::symlink("image", &link).unwrap();
        assert_eq!(where_it_leads(&link).unwrap(), link);
        fs::write(&name, "old").unwrap();
        let name = name.canonicalize().unwrap();
        assert_eq!(where_it_leads(&link).unwrap(), name);
        let turn = directory.0.join("turn");
        std::os::unix::fs::symlink("turn", &turn).unwrap();
        assert!(where_it_leads(&turn).is_err());
    }

    #[test]
    fn the_file_of_another_stays_as_it_is() {
        let directory = Directory::new("another");
        let name = directory.0.join("image");
        let file = File::create(&name).unwrap();
        file.set_permissions(fs::Permissions::from_mode(0o644))
            .unwrap();
        if geteuid().is_root() {
            std::os::unix::fs::chown(&name, Some(1), None).unwrap();
            let said = Sink::Stream(file).close_to_others().unwrap();
            assert!(said.is_some_and(|said| said.contains("others have rights")));
            assert_eq!(fs::metadata(&name).unwrap().mode() & 0o777, 0o644);
        }
    }

    #[test]
    fn a_new_file_is_closed_to_others() {
        let directory = Directory::new("closed");
        let name = directory.0.join("image");
        let mut file = File::create(&name).unwrap();
        let rights = |mode| {
            file.set_permissions(fs::Permissions::from_mode(mode))
                .unwrap()
        };
        let mode = || fs::metadata(&name).unwrap().mode() & 0o777;
        rights(0o644);
        let sink = Sink::Stream(file.try_clone().unwrap());
        assert!(sink.close_to_others().unwrap().is_some());
        assert_eq!(mode(), 0o600);
        assert_eq!(sink.close_to_others().unwrap(), None);
        rights(0o644);
        file.write_all(b"older").unwrap();
        assert!(sink.close_to_others().unwrap().is_some());
        assert_eq!(mode(), 0o644);
        let device = File::options().write(true).open("/dev/null").unwrap();
        assert_eq!(Sink::Stream(device).close_to_others().unwrap(), None);
    }

    #[test]
    fn what_is_killed_is_on_the_disk() {
        assert!(is_on_disk(S_IFREG | 0o600));
        assert!(is_on_disk(S_IFBLK | 0o660));
        assert!(!is_on_disk(nix::libc::S_IFCHR | 0o666));
        assert!(!is_on_disk(nix::libc::S_IFIFO | 0o600));
        assert!(!is_on_disk(nix::libc::S_IFSOCK | 0o600));
        let device = File::options().write(true).open("/dev/null").unwrap();
        sync(&device).unwrap();
    }

    #[test]
    fn a_device_is_not_replaced() {
        assert!(is_stream(Path::new("/dev/null")));
        assert!(!is_stream(Path::new("/nowhere")));
        assert!(create(Path::new("/dev/null")).is_err());
        assert!(create(Path::new("/tmp")).is_err());
        assert!(create(Path::new("/nowhere/image")).is_err());
    }
}
