// SPDX-License-Identifier: GPL-2.0

//! Fact: where the kernel says that code, data, heap, stack, arguments and environment are, is as
//! before; so are the arguments, the environment and the program.
//!
//! Could break: these are numbers in the address space that nothing but /proc and brk looks at.

use ckpt_support::{checkpoint_here, proc_self, same};

/// startcode, endcode, startstack; start_data, end_data, start_brk, arg_*, env_*: fields 26 to 28
/// and 45 to 51.
fn marks() -> Vec<String> {
    let stat = String::from_utf8(proc_self("stat")).expect("text");
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split(' ').collect();
    // The first of them is field 3.
    (26..=28)
        .chain(45..=51)
        .map(|number| fields[number - 3].to_string())
        .collect()
}

pub fn run() {
    let link = |name: &str| std::fs::read_link(format!("/proc/self/{name}")).expect("a link");
    let before = (
        marks(),
        proc_self("cmdline"),
        proc_self("environ"),
        link("exe"),
    );
    let arguments: Vec<String> = std::env::args().collect();
    let path = std::env::var("PATH").ok();
    checkpoint_here();
    let after = (
        marks(),
        proc_self("cmdline"),
        proc_self("environ"),
        link("exe"),
    );
    same("marks", &before.0, &after.0);
    same("arguments in /proc", &before.1, &after.1);
    same("environment in /proc", &before.2, &after.2);
    same("program", &before.3, &after.3);
    same("arguments", &arguments, &std::env::args().collect());
    same("environment", &path, &std::env::var("PATH").ok());
}
