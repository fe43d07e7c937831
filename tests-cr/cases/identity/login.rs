// SPDX-License-Identifier: GPL-2.0

//! Fact: the user that the program logged in as comes back, and the session of that login.
//!
//! Could break: both are written once, by the login, and stay the same whoever the program becomes.

use ckpt_support::{checkpoint_here, proc_self, same};

pub fn run() {
    std::fs::write("/proc/self/loginuid", "1234").expect("loginuid");
    let login = || (proc_self("loginuid"), proc_self("sessionid"));
    let before = login();
    same("login", &b"1234".to_vec(), &before.0);
    checkpoint_here();
    same("login", &before, &login());
}
