// SPDX-License-Identifier: GPL-2.0

//! Fact: checkpoint(2) refuses what it does not know, and a cgroup that is not frozen, without
//! writing anything.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;

use ckpt_format::calls::{
    CheckpointArgs, CHECKPOINT_CHECK, CHECKPOINT_HOLD_END, CHECKPOINT_SYNC, SYSCALL_CHECKPOINT,
};

use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Step};

fn call(arguments: *const libc::c_void, size: usize) -> i32 {
    // SAFETY: a bad address or size is what the call is asked about.
    let result = unsafe { libc::syscall(SYSCALL_CHECKPOINT.into(), arguments, size) };
    match result {
        0 => 0,
        _ => io::Error::last_os_error().raw_os_error().unwrap_or(-1),
    }
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let cgroup = File::open(stage.cgroup()).doing("the cgroup")?;
    let image = File::create(stage.container.image()).doing("the image")?;
    let read_only = File::open(stage.container.image()).doing("the image")?;
    let good = CheckpointArgs {
        flags: 0.into(),
        cgroup_fd: cgroup.as_raw_fd().into(),
        image_fd: image.as_raw_fd().into(),
        log_fd: (-1).into(),
        reserved: 0.into(),
        stats: 0.into(),
        stats_size: 0.into(),
        end: 0.into(),
        end_size: 0.into(),
        hand_in: 0.into(),
        hand_in_size: 0.into(),
    };
    let size = size_of_val(&good);
    let with = |change: fn(&mut CheckpointArgs)| {
        let mut arguments = good;
        change(&mut arguments);
        call((&raw const arguments).cast(), size)
    };
    let expect = |what: &str, allowed: &[i32], errno: i32| {
        ensure(
            allowed.contains(&errno),
            &format!("{what}: errno {errno}, not of {allowed:?}"),
        )
    };
    // Larger than the kernel's own, with something in the tail.
    let mut longer = [0u8; 4096];
    longer[4000] = 1;

    let not_frozen = call((&raw const good).cast(), size);
    ensure(not_frozen != 0, "a cgroup that is not frozen was saved")?;
    stage.container.freeze()?;
    expect(
        "unknown flag",
        &[libc::EINVAL],
        with(|a| a.flags = (1 << 40).into()),
    )?;
    expect(
        "reserved field",
        &[libc::EINVAL],
        with(|a| a.reserved = 1.into()),
    )?;
    // The end is given to who asks for it and has room for it.
    let end = [0u8; 64];
    let mut held = good;
    held.flags = CHECKPOINT_HOLD_END.into();
    held.end = (end.as_ptr() as u64).into();
    for (size_of_end, address, flags) in [
        (63, held.end, CHECKPOINT_HOLD_END),
        (64, 0.into(), CHECKPOINT_HOLD_END),
        (64, held.end, 0),
        (64, held.end, CHECKPOINT_HOLD_END | CHECKPOINT_CHECK),
        (0, 0.into(), CHECKPOINT_SYNC | CHECKPOINT_CHECK),
    ] {
        (held.end, held.end_size, held.flags) = (address, size_of_end.into(), flags.into());
        let errno = call((&raw const held).cast(), size);
        expect("end and flags", &[libc::EINVAL], errno)?;
    }
    // Descriptors to be handed in: whole numbers that a descriptor can have.
    let numbers = [1u32, u32::MAX];
    let mut odd = good;
    for (address, size_of_list, errno) in [
        (0, 4, libc::EINVAL),
        (numbers.as_ptr() as u64, 3, libc::EINVAL),
        (numbers.as_ptr() as u64, 8, libc::EINVAL),
        (numbers.as_ptr() as u64, 1 << 20, libc::E2BIG),
        (1, 4, libc::EFAULT),
    ] {
        (odd.hand_in, odd.hand_in_size) = (address.into(), size_of_list.into());
        expect("hand_in", &[errno], call((&raw const odd).cast(), size))?;
    }
    expect(
        "no cgroup",
        &[libc::EBADF],
        with(|a| a.cgroup_fd = (-1).into()),
    )?;
    expect(
        "not open",
        &[libc::EBADF],
        with(|a| a.cgroup_fd = 9999.into()),
    )?;
    expect(
        "no image",
        &[libc::EBADF, libc::EINVAL],
        with(|a| a.image_fd = (-1).into()),
    )?;
    let check_with_image = with(|a| a.flags = CHECKPOINT_CHECK.into());
    expect("check with an image", &[libc::EINVAL, 0], check_with_image)?;
    let mut odd = good;
    odd.image_fd = read_only.as_raw_fd().into();
    expect(
        "image read-only",
        &[libc::EBADF],
        call((&raw const odd).cast(), size),
    )?;
    odd.image_fd = cgroup.as_raw_fd().into();
    expect(
        "image a directory",
        &[libc::EBADF, libc::EISDIR],
        call((&raw const odd).cast(), size),
    )?;
    odd = good;
    odd.cgroup_fd = image.as_raw_fd().into();
    let no_cgroup = [libc::EBADF, libc::EINVAL, libc::ENOTDIR];
    expect(
        "cgroup a file",
        &no_cgroup,
        call((&raw const odd).cast(), size),
    )?;
    expect(
        "no arguments",
        &[libc::EFAULT],
        call(std::ptr::null(), size),
    )?;
    expect(
        "too short",
        &[libc::EINVAL],
        call((&raw const good).cast(), 4),
    )?;
    expect(
        "too long",
        &[libc::E2BIG],
        call(longer.as_ptr().cast(), longer.len()),
    )?;
    expect(
        "much too long",
        &[libc::E2BIG],
        call((&raw const good).cast(), 1 << 30),
    )?;
    let length = fs::metadata(stage.container.image())
        .doing("the image")?
        .len();
    ensure(length == 0, "something was written")?;
    expect(
        "everything right",
        &[0],
        call((&raw const good).cast(), size),
    )?;
    stage.container.thaw()?;
    stage.goes_on(&mut child)
}
