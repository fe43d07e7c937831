// SPDX-License-Identifier: GPL-2.0

//! Fact: a directory that has been read in part is refused where its offset only counts what has been
//! read: those entries may be gone when others are counted. One that nobody has read is not.
//!
//! Could break: such an offset looks like any other.

use std::os::fd::RawFd;

use ckpt_support::{checkpoint_here, entries, expect_refusal_of_fd, must};

fn open(path: &std::ffi::CStr) -> RawFd {
    // SAFETY: the path is a C string.
    must("open", unsafe { libc::open(path.as_ptr(), libc::O_RDONLY) })
}

/// Reads the dots and a name or two: there is no room for more.
fn read_some(fd: RawFd) {
    entries(fd, &mut [0u8; 100]);
}

fn mount(kind: &std::ffi::CStr, on: &std::ffi::CStr, options: &std::ffi::CStr) {
    // SAFETY: all of them are C strings.
    must("mount", unsafe {
        let (from, options) = (kind.as_ptr(), options.as_ptr().cast());
        libc::mount(from, on.as_ptr(), kind.as_ptr(), 0, options)
    });
}

fn fill(directory: &str) {
    for name in 0..5 {
        std::fs::write(format!("{directory}/{directory}-{name}"), b"").expect("write");
    }
}

pub fn run() {
    for name in ["memory", "layers", "layers/lower", "layers/upper", "layers/work", "merged"] {
        std::fs::create_dir(name).expect("mkdir");
    }
    mount(c"ramfs", c"memory", c"");
    fill("memory");
    mount(c"tmpfs", c"layers", c"");
    for name in ["layers/lower", "layers/upper", "layers/work"] {
        std::fs::create_dir(name).expect("mkdir");
    }
    mount(
        c"overlay",
        c"merged",
        c"lowerdir=layers/lower,upperdir=layers/upper,workdir=layers/work",
    );
    fill("merged");
    let [counted, merged, unread] = [c"memory", c"merged", c"merged"].map(open);
    read_some(counted);
    read_some(merged);
    expect_refusal_of_fd("DirectoryOffset", counted, "memory");
    expect_refusal_of_fd("DirectoryOffset", merged, "merged");
    checkpoint_here();
    for fd in [counted, merged, unread] {
        // SAFETY: takes no address.
        must("close", unsafe { libc::close(fd) });
    }
    for name in [c"merged", c"layers", c"memory"] {
        // SAFETY: the path is a C string.
        must("umount", unsafe { libc::umount(name.as_ptr()) });
    }
}
