// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file has its extended attributes again: user's, trusted and security ones, capabilities,
//! a list of rights; also one that belongs to somebody else and that nobody may write to.
//!
//! Could break: writing content takes capabilities away, a list of rights and the mode change each
//! other, and user's attributes want the right to write.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{fchown, FileExt, MetadataExt, PermissionsExt};

use ckpt_support::attribute::{attributes, rights_of_another, set_attribute};
use ckpt_support::{check, checkpoint_here, link_of, same};

/// CAP_NET_RAW, permitted and effective, as version 2.
const CAPABILITIES: [u32; 5] = [0x0200_0001, 1 << 13, 0, 0, 0];

fn removed(path: &str) -> File {
    let _ = std::fs::remove_file(path);
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(path)
        .expect("a new file");
    file.write_all_at(b"content", 0).expect("write");
    fchown(&file, Some(1234), Some(4321)).expect("fchown");
    file
}

pub fn run() {
    // Not every file system of a disk stores what is of security.
    let disk = removed("attributes");
    let path = format!("/dev/shm/attributes-{}", std::process::id());
    let memory = removed(&path);
    let capabilities = CAPABILITIES.map(u32::to_le_bytes).concat();
    let rights = rights_of_another(0);
    for (file, name, value) in [
        (&disk, c"user.origin", &b"here"[..]),
        (&disk, c"user.empty", b""),
        (&disk, c"user.binary", b"\0\xff\0"),
        (&disk, c"user.long", &[b'l'; 1500]),
        (&disk, c"trusted.secret", b"trust"),
        (&disk, c"system.posix_acl_access", &rights),
        (&memory, c"security.mark", b"marked"),
        (&memory, c"security.capability", &capabilities),
        (&memory, c"system.posix_acl_access", &rights),
    ] {
        set_attribute(file, name, value);
    }
    for (file, mode) in [(&disk, 0o2450), (&memory, 0o4750)] {
        file.set_permissions(std::fs::Permissions::from_mode(mode))
            .expect("fchmod");
    }
    std::fs::remove_file("attributes").expect("unlink");
    std::fs::remove_file(&path).expect("unlink");
    let seen = || {
        [&disk, &memory].map(|file| {
            let about = file.metadata().expect("fstat");
            let times = (about.mtime(), about.mtime_nsec());
            let link = link_of(file.as_raw_fd());
            (attributes(file), about.mode(), about.uid(), times, link)
        })
    };
    let before = seen();
    same(
        "attributes",
        &[6, 3],
        &before.each_ref().map(|all| all.0.len()),
    );
    checkpoint_here();
    same("what they have", &before, &seen());
    let mut content = [0; 7];
    disk.read_exact_at(&mut content, 0).expect("read");
    check(&content == b"content", "the content is gone");
}
