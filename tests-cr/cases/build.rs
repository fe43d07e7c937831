// SPDX-License-Identifier: GPL-2.0

//! Compiles the 32-bit programs of the family `ia32`: C without a library, which needs nothing but
//! a compiler for x86.

use std::path::{Path, PathBuf};
use std::process::Command;

fn compile(source: &Path, program: &Path) {
    let status = Command::new("cc")
        .args([
            "-m32",
            "-march=i686",
            "-O1",
            "-std=gnu11",
            "-Wall",
            "-Wextra",
            "-Werror",
        ])
        .args([
            "-ffreestanding",
            "-fno-stack-protector",
            "-fno-pic",
            "-fcf-protection=none",
        ])
        .args([
            "-mno-sse",
            "-nostdlib",
            "-static",
            "-no-pie",
            "-Wl,-z,noexecstack",
        ])
        .arg("-o")
        .args([program, source])
        .status()
        .expect("cc runs");
    assert!(status.success(), "{} does not compile", source.display());
}

fn main() {
    let sources = Path::new("ia32");
    let programs = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=ia32");
    for entry in sources.read_dir().expect("the directory ia32") {
        let source = entry.expect("an entry").path();
        if source.extension().is_some_and(|extension| extension == "c") {
            let name = source.file_stem().expect("a name");
            compile(&source, &programs.join(name));
        }
    }
}
