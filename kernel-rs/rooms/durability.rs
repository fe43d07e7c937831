// SPDX-License-Identifier: GPL-2.0

//! Durability: what the container was writing survives a power cut as the image does.
//!
//! Does: brings to the disk every regular file that is open for writing (who writes to a mapping
//! has its file open so), and then all of the file systems on which the container has anything
//! open, its root or its working directory: so also what it has written and closed, and the names.
//! Refuses: an error of the disk that nobody has been told yet, an old one too: something is not
//! on it. The container's own files keep such an error for their program; what overlayfs writes to is
//! looked at directly, as its fsync(2) would tell the error to an open file of its own.
//! Locks: s_umount (read), and what file systems take.

use kernel::prelude::*;
use kernel::rbtree::RBTree;

use crate::abstractions::file::{FileSystem, OpenFile};
use crate::abstractions::path;
use crate::abstractions::task;
use crate::capture::FrozenTask;
use crate::format::reason::Reason;
use crate::log::Refusal;

/// Returns when it is on the disk. `files`: those that are saved, and those that are not.
pub(crate) fn sync(tasks: &[FrozenTask], files: [&[OpenFile]; 2]) -> Result<(), Refusal> {
    for file in files.into_iter().flatten() {
        file.sync().map_err(|error| failed(error, &file.label()))?;
        heed()?;
    }
    let mut done = RBTree::new();
    let mut once = |fs: FileSystem<'_>| -> Result<(), Refusal> {
        if done.get(&fs.identity()).is_some() {
            return Ok(());
        }
        done.try_create_and_insert(fs.identity(), (), GFP_KERNEL)?;
        fs.sync().map_err(|error| failed(error, &fs.name()))?;
        heed()
    };
    for file in files.into_iter().flatten() {
        once(file.file_system())?;
    }
    for task in tasks.iter().filter(|task| !task.ended) {
        for directory in path::held_directories(&task.task)? {
            once(directory.file_system())?;
        }
    }
    Ok(())
}

fn failed(error: Error, name: &[u8]) -> Refusal {
    Refusal::new(Reason::NotSynced, error).text(name)
}

/// A signal or the limit of time may have come meanwhile.
fn heed() -> Result<(), Refusal> {
    if task::is_interrupted() {
        return Err(Refusal::new(Reason::Interrupted, EINTR));
    }
    Ok(())
}
