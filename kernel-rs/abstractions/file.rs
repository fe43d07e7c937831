// SPDX-License-Identifier: GPL-2.0

//! Open files, paths, descriptor tables; reading and writing of streams.

use core::ptr::NonNull;

use kernel::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};
use kernel::task::Task;
use kernel::types::Opaque;

use super::cgroup::Cgroup;

pub(crate) use kernel::bindings::ckpt_file as FileState;

/// Room for any path.
const PATH_ROOM: usize = 4096;

/// An open file.
///
/// # Invariants
///
/// Points to a file on which this holds a reference.
pub(crate) struct OpenFile(NonNull<bindings::file>);

// SAFETY: References on a file may be used and dropped from any task.
unsafe impl Send for OpenFile {}
// SAFETY: As above.
unsafe impl Sync for OpenFile {}

impl OpenFile {
    /// The file behind a descriptor of the caller's.
    pub(crate) fn from_fd(fd: i32) -> Result<Self> {
        let fd = u32::try_from(fd).map_err(|_| EBADF)?;
        // SAFETY: Any number may be passed.
        // INVARIANT: fget() returns a reference.
        NonNull::new(unsafe { bindings::fget(fd) })
            .map(Self)
            .ok_or(EBADF)
    }

    /// Opens a file as open(2) would for the caller.
    pub(crate) fn open(path: &CStr, flags: u32) -> Result<Self> {
        // SAFETY: `path` is a C string. Without O_CREAT the mode does not count.
        let file = unsafe { bindings::filp_open(path.as_char_ptr(), flags as i32, 0) };
        // INVARIANT: filp_open() returns a reference.
        NonNull::new(from_err_ptr(file)?).map(Self).ok_or(EIO)
    }

    /// Takes over a reference.
    ///
    /// # Safety
    ///
    /// `file` must be null or a file on which the caller gives up a reference.
    pub(super) unsafe fn from_raw(file: *mut bindings::file) -> Option<Self> {
        // INVARIANT: By the contract of this function.
        NonNull::new(file).map(Self)
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::file {
        self.0.as_ptr()
    }

    /// Tells whether two references are to the same open file, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// What it is. `task`: whose POSIX locks count.
    pub(crate) fn state(&self, task: Option<&Task>) -> Result<KVBox<FileState>> {
        let mut state = super::zeroed::<FileState>()?;
        let task = task.map_or(core::ptr::null_mut(), |task| task.as_ptr());
        // SAFETY: By the type invariant; the other pointers are valid or null as documented.
        to_result(unsafe { bindings::ckpt_file_get(self.as_ptr(), task, &mut *state) })?;
        Ok(state)
    }

    /// How /proc/PID/fd would call it.
    pub(crate) fn label(&self) -> [u8; 64] {
        let mut label = [0; 64];
        // SAFETY: By the type invariant; the size is that of the buffer.
        unsafe { bindings::ckpt_file_label(self.as_ptr(), label.as_mut_ptr().cast(), 64) };
        label
    }

    /// Its path from the root of its mount namespace.
    pub(crate) fn path(&self) -> Result<Path> {
        let mut path = Path::new();
        // SAFETY: By the type invariant; the path is used while the file is held.
        unsafe { path.fill(bindings::ckpt_file_path(self.as_ptr())) }?;
        Ok(path)
    }

    /// Does `path`, looked up for `task`, lead to this file?
    pub(crate) fn is_at(&self, path: &Path, task: &Task) -> bool {
        // SAFETY: All are valid; the path is used while the file is held.
        unsafe {
            let to = bindings::ckpt_file_path(self.as_ptr());
            bindings::ckpt_path_leads(task.as_ptr(), path.as_c_str().as_char_ptr(), to, false)
        }
    }

    /// Number of a task outside the cgroup that has this very open file, or zero.
    pub(crate) fn sharer(&self, cgroup: &Cgroup) -> i32 {
        // SAFETY: Both are valid.
        unsafe { bindings::ckpt_file_sharer(self.as_ptr(), cgroup.as_ptr()) }
    }

    /// Sets the file offset of a file that nobody else has.
    pub(crate) fn seek(&self, position: u64) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_file_seek(self.as_ptr(), position) })
    }

    /// Makes it a descriptor of the caller's.
    pub(crate) fn install(&self, number: u32, close_on_exec: bool) -> Result {
        // SAFETY: By the type invariant; the table takes a reference of its own.
        to_result(unsafe { bindings::ckpt_file_install(number, self.as_ptr(), close_on_exec) })
    }

    /// Writes once, at the file offset; may be short.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize> {
        // SAFETY: By the type invariant; the slice is valid for its length.
        length(unsafe {
            bindings::ckpt_stream_write(self.as_ptr(), bytes.as_ptr().cast(), bytes.len())
        })
    }

    /// Reads once, at the file offset; may be short, zero is the end.
    pub(crate) fn read(&self, bytes: &mut [u8]) -> Result<usize> {
        // SAFETY: By the type invariant; the slice is valid for its length.
        length(unsafe {
            bindings::ckpt_stream_read(self.as_ptr(), bytes.as_mut_ptr().cast(), bytes.len())
        })
    }
}

impl Clone for OpenFile {
    fn clone(&self) -> Self {
        // SAFETY: By the type invariant the count is not zero.
        unsafe { bindings::get_file(self.as_ptr()) };
        // INVARIANT: The reference was taken just now.
        Self(self.0)
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::fput(self.as_ptr()) };
    }
}

/// A length or a negative error.
pub(super) fn length(result: isize) -> Result<usize> {
    usize::try_from(result).map_err(|_| Error::from_errno(result as i32))
}

/// A path as text.
pub(crate) struct Path {
    room: KVVec<u8>,
    start: usize,
    end: usize,
}

impl Path {
    fn new() -> Self {
        Self {
            room: KVVec::new(),
            start: 0,
            end: 0,
        }
    }

    /// # Safety
    ///
    /// `path` must stay valid during the call.
    unsafe fn fill(&mut self, path: *const bindings::path) -> Result {
        self.room.resize(PATH_ROOM, 0, GFP_KERNEL_ACCOUNT)?;
        let buffer = self.room.as_mut_ptr();
        // SAFETY: The buffer has that size, and `path` is valid by the contract of this function.
        let found = unsafe { bindings::ckpt_path_get(path, buffer.cast(), PATH_ROOM as i32) };
        let found = from_err_ptr(found.cast_mut())?;
        // OVERFLOW: The text lies in the buffer.
        self.start = found as usize - buffer as usize;
        let tail = self.room.get(self.start..).ok_or(EIO)?;
        let length = tail.iter().position(|byte| *byte == 0).ok_or(EIO)?;
        self.end = self.start.checked_add(length).ok_or(EIO)?;
        Ok(())
    }

    /// The text, without a zero byte.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.room.get(self.start..self.end).unwrap_or(&[])
    }

    fn as_c_str(&self) -> &CStr {
        let tail = self.room.get(self.start..).unwrap_or(&[]);
        CStr::from_bytes_until_nul(tail).unwrap_or(c"")
    }
}

/// Directories of a task.
pub(crate) struct Directories {
    pub(crate) root: Path,
    pub(crate) cwd: Path,
    pub(crate) umask: u32,
    /// The paths still lead to them.
    pub(crate) root_is_there: bool,
    pub(crate) cwd_is_there: bool,
}

/// Root, working directory and umask of a task.
pub(crate) fn directories(task: &Task) -> Result<Directories> {
    let root = Opaque::<bindings::path>::uninit();
    let cwd = Opaque::<bindings::path>::uninit();
    let mut found = Directories {
        root: Path::new(),
        cwd: Path::new(),
        umask: 0,
        root_is_there: false,
        cwd_is_there: false,
    };
    // SAFETY: On success both paths are filled, with references that are dropped below.
    to_result(unsafe {
        bindings::ckpt_directories_get(task.as_ptr(), root.get(), cwd.get(), &mut found.umask)
    })?;
    // SAFETY: Both paths are held until they are put, and not used after that.
    unsafe {
        let root_text = found.root.fill(root.get());
        let cwd_text = found.cwd.fill(cwd.get());
        let leads = |path: &Path, to| {
            bindings::ckpt_path_leads(task.as_ptr(), path.as_c_str().as_char_ptr(), to, false)
        };
        found.root_is_there = root_text.is_ok() && leads(&found.root, root.get());
        found.cwd_is_there = cwd_text.is_ok() && leads(&found.cwd, cwd.get());
        bindings::ckpt_path_put(root.get());
        bindings::ckpt_path_put(cwd.get());
    }
    Ok(found)
}

/// Sets the caller's working directory.
pub(crate) fn set_cwd(path: &CStr) -> Result {
    // SAFETY: `path` is a C string.
    to_result(unsafe { bindings::ckpt_cwd_set(path.as_char_ptr()) })
}

/// Sets the caller's umask.
pub(crate) fn set_umask(umask: u32) {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_umask_set(umask) };
}

/// The first open descriptor of `task` from `number` on, its file, and whether exec closes it.
pub(crate) fn next_descriptor(task: &Task, number: u32) -> Option<(u32, OpenFile, bool)> {
    let mut number = number;
    // SAFETY: `task` is a valid task; fget_task_next() returns a reference or null.
    let file = unsafe { OpenFile::from_raw(bindings::fget_task_next(task.as_ptr(), &mut number)) }?;
    // SAFETY: `task` is a valid task.
    let close_on_exec = unsafe { bindings::ckpt_fd_close_on_exec(task.as_ptr(), number) } != 0;
    Some((number, file, close_on_exec))
}

/// Closes every descriptor of the caller.
pub(crate) fn close_all() {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_files_close_all() };
}

/// Makes room for so many descriptors, if the caller may have them.
pub(crate) fn raise_limit(count: u32) {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_files_raise_limit(count) };
}
