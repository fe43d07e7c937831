// SPDX-License-Identifier: GPL-2.0

//! `restart`: see the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    restart::main()
}
