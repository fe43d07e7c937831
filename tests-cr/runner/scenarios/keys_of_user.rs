// SPDX-License-Identifier: GPL-2.0

//! Fact: the keys of a user are not saved; if there were some, and after a reboot there are none, the
//! restart is refused by name. In the same boot they are there, or the user has removed them.

use std::thread;

use ckpt_format::Kind;

use super::stage::{fine, refused, Stage};
use crate::direct::checked;
use crate::edit::Change::Set;
use crate::edit::{edited, field};
use crate::verdict::{Doing, Outcome, Step};

/// Of the sample; nobody else's.
const USER: u32 = 4242;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_keys_of_user")?;
    let image = stage.image()?;
    let of_other_boot = edited(&image, Kind::Header, |_| true, Set(field("boot_id"), 1));
    let of_other_boot = of_other_boot.ok_or_else(|| Outcome::failed("no boot_id"))?;
    let attempt = || {
        let image = stage.other_image(&of_other_boot)?;
        stage.restart_from(image, &["--verify"])?.end(stage.container)
    };

    fine(&attempt()?)?;
    thread::spawn(clear).join().expect("no panic").doing("keyctl")?;
    refused(&attempt()?, "the keyrings of user 4242 held keys")?;
    stage.nothing_is_left()?;
    stage.image_is_good()
}

/// By a thread that is the user from now on.
fn clear() -> std::io::Result<()> {
    const CLEAR: i32 = 7;
    const USER_KEYRING: i32 = -4;
    // SAFETY: neither takes a pointer.
    unsafe {
        checked("setresuid", libc::syscall(libc::SYS_setresuid, USER, USER, USER))?;
        checked("clear", libc::syscall(libc::SYS_keyctl, CLEAR, USER_KEYRING))?;
    }
    Ok(())
}
