// SPDX-License-Identifier: GPL-2.0

//! Fact: a root directory of its own (chroot) comes back, and paths are those of that root.
//!
//! Could break: what the image says is seen from the root of the mount namespace.

use std::os::unix::fs::FileExt;

use ckpt_support::{check, file_with, ready, same, GoFlag};

pub fn run() {
    let _ = std::fs::remove_dir_all("jail");
    std::fs::create_dir_all("jail/inner").expect("mkdir");
    let outside = file_with("outside", b"outside");
    drop(file_with("jail/inner/file", b"inside"));
    // Nothing outside can be opened any more once the root is another.
    let go = GoFlag::map();
    std::os::unix::fs::chroot("jail").expect("chroot");
    std::env::set_current_dir("/inner").expect("chdir");
    ready();
    while !go.is_set() {
        std::hint::spin_loop();
    }
    let mut content = [0; 7];
    outside.read_exact_at(&mut content, 0).expect("read");
    same("the file that is open", b"outside", &content);
    let inside = std::fs::read_to_string("/inner/file").expect("inside");
    same("the file by its path", &"inside", &inside.as_str());
    let here = std::env::current_dir().expect("the directory");
    same("the directory", &"/inner", &here.to_str().unwrap_or_default());
    check(
        !std::path::Path::new("/proc").exists(),
        "it sees what is outside",
    );
    std::env::set_current_dir("../../..").expect("the way up");
    let here = std::env::current_dir().expect("the directory");
    same("the end of the way up", &"/", &here.to_str().unwrap_or_default());
}
