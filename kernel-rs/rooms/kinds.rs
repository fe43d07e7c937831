// SPDX-License-Identifier: GPL-2.0

//! Kinds of files: which can be found again by their path, and what stands against the others.
//!
//! Saves nothing itself: `files` asks it about every open file.
//! Locks: none; the state of a file has been taken already.

use kernel::prelude::*;

use crate::abstractions::file::{oflag, FileState};
use crate::abstractions::specials::kind as special;
use crate::abstractions::until_zero;
use crate::format::reason::Reason;
use crate::log::Refusal;

/// Devices for which opening is all: nothing is kept between one call and the next.
const STATELESS_DEVICES: [u32; 9] = [
    device(1, 3),    // null
    device(1, 5),    // zero
    device(1, 7),    // full
    device(1, 8),    // random
    device(1, 9),    // urandom
    device(10, 183), // hwrng
    device(10, 232), // kvm: machines have files of their own
    device(10, 235), // autofs
    device(10, 237), // loop-control
];

const fn device(major: u32, minor: u32) -> u32 {
    major << 20 | minor
}

/// Flags that open(2) gives back, or that mean nothing once a file is open.
pub(super) const FLAGS: u32 = oflag::O_ACCMODE
    | oflag::O_APPEND
    | oflag::O_NONBLOCK
    | oflag::O_CLOEXEC
    | oflag::O_DSYNC
    | oflag::O_SYNC
    | oflag::O_DIRECT
    | oflag::O_LARGEFILE
    | oflag::O_NOATIME
    | oflag::O_PATH
    | SHOWN;

/// Of those: flags that only fcntl(F_GETFL) can tell. The file may be of a kind by now with which
/// open(2) would not take them: O_TMPFILE and O_DIRECTORY on what has got a name since. O_CLOEXEC is
/// the descriptor's, but for the calls that leave it with the file too (TIOCGPTPEER).
pub(super) const SHOWN: u32 = oflag::O_CLOEXEC
    | oflag::O_DIRECTORY
    | oflag::O_NOFOLLOW
    | oflag::O_TMPFILE
    | oflag::O_EMPTYPATH
    | oflag::FASYNC;

/// Set on the files that exec opens; not a flag of open(2), and without an effect afterwards.
const FMODE_EXEC: u32 = 0x20;

/// File systems whose files are what was written to them.
const STORES: [u64; 29] = [
    0xef53,      // ext2, ext3, ext4
    0x5846_5342, // xfs
    0x9123_683e, // btrfs
    0x0102_1994, // tmpfs, devtmpfs
    0x8584_58f6, // ramfs, rootfs
    0x9584_58f6, // hugetlbfs
    0x0102_1997, // 9p
    0x794c_7630, // overlayfs
    0x6969,      // nfs
    0x6573_5546, // fuse, virtiofs
    0xf2f5_2010, // f2fs
    0x4d44,      // vfat
    0x2011_bab0, // exfat
    0xe0f5_e1e2, // erofs
    0x7371_7368, // squashfs
    0x9660,      // iso9660
    0xca45_1a4e, // bcachefs
    0x5346_4846, // wslfs and others that only pass on
    0xfe53_4d42, // smb2, smb3
    0xff53_4d42, // cifs
    0x00c3_6400, // ceph
    0x0116_1970, // gfs2
    0x7461_636f, // ocfs2
    0x3153_464a, // jfs
    0x7366_746e, // ntfs3
    0x1501_3346, // udf
    0x3434,      // nilfs2
    0x2405_1905, // ubifs
    0x28cd_3d45, // cramfs
];

pub(super) const S_IFMT: u32 = 0o170_000;
pub(super) const S_IFREG: u32 = 0o100_000;
pub(super) const S_IFDIR: u32 = 0o040_000;
pub(super) const S_IFCHR: u32 = 0o020_000;
pub(super) const S_IFLNK: u32 = 0o120_000;
pub(super) const S_IFIFO: u32 = 0o010_000;
pub(super) const S_IFSOCK: u32 = 0o140_000;

/// May a file of this type and device be opened by its path, unseen? Opening a device can do
/// things, and a FIFO waits, unless `pipes` sees to it.
pub(super) fn opens_harmlessly(mode: u32, device: u32) -> bool {
    match mode & S_IFMT {
        S_IFREG | S_IFDIR => true,
        S_IFCHR => STATELESS_DEVICES.contains(&device),
        _ => false,
    }
}

/// Is nothing kept in the open file itself, so that it does not matter who else has it?
pub(super) fn is_stateless(mode: u32, flags: u32) -> bool {
    mode & S_IFMT == S_IFCHR || flags & oflag::O_PATH != 0
}

/// Why a file cannot be found again by its path, if so. `form`: of its storage, which need not be
/// found.
pub(super) fn obstacle(state: &FileState, form: Option<u32>) -> Option<Reason> {
    let is_path = state.flags & oflag::O_PATH != 0;
    let is_special = state.special != special::NONE;
    let is_stored = match state.mode & S_IFMT {
        S_IFREG => {
            STORES.contains(&state.fs_magic)
                || is_path
                || form.is_some()
                || is_special
                || state.generated
        }
        // Made again, if it was removed.
        S_IFDIR => STORES.contains(&state.fs_magic) || form.is_none(),
        _ => true,
    };
    let is_made = state.pipe || is_special;
    let is_known = is_path || is_made || opens_harmlessly(state.mode, state.device);
    let is_somewhere = state.by_path || is_made || form.is_some();
    if !is_somewhere || !is_known || !is_stored || state.of_process {
        return Some(Reason::FileKind);
    }
    // Terminals and queues are made with their names, and may lose them.
    let is_named = matches!(state.special, special::TERMINAL | special::QUEUE);
    if state.unlinked && form.is_none() && !is_named {
        return Some(Reason::FileRemoved);
    }
    if state.write_error {
        return Some(Reason::FileError);
    }
    if state.error_below {
        return Some(Reason::FileErrorBelow);
    }
    if state.told {
        return Some(Reason::FileTold);
    }
    if state.restricted {
        return Some(Reason::FileRestricted);
    }
    if state.counted && !state.at_end {
        return Some(Reason::DirectoryOffset);
    }
    // Nobody is told of what happens at a master, whoever opens it.
    let is_odd = (state.odd && state.special != special::TERMINAL)
        || state.flags & !FLAGS & !FMODE_EXEC != 0;
    is_odd.then_some(Reason::FileFlags)
}

/// A refusal that names a file and, where that is the point, what it lies on or speaks.
pub(super) fn named(refusal: Refusal, name: &[u8], state: &FileState) -> Result<Refusal> {
    let name = until_zero(name);
    let is_elsewhere = state.by_path && !STORES.contains(&state.fs_magic);
    let is_socket = !state.by_path && state.mode & S_IFMT == S_IFSOCK;
    let mut text = KVec::new();
    text.extend_from_slice(name, GFP_KERNEL)?;
    if is_elsewhere || is_socket {
        text.extend_from_slice(b" (", GFP_KERNEL)?;
        text.extend_from_slice(until_zero(&state.family), GFP_KERNEL)?;
        text.extend_from_slice(b")", GFP_KERNEL)?;
    }
    Ok(refusal.text(&text))
}
