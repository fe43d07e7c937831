// SPDX-License-Identifier: GPL-2.0

//! What a thread was told about itself with prctl(2), and what its past left in its flags.
//!
//! Saves: PR_MCE_KILL, PR_SET_SPECULATION_CTRL, PR_SET_IO_FLUSHER, PR_FUTEX_HASH; whether its program
//! was loaded at random addresses, it has used the superuser's rights, and its user had too many
//! processes at the last setuid.
//! Needs, at restart: CAP_SYS_RESOURCE for PR_SET_IO_FLUSHER; a machine that speculates no more than
//! the task has allowed.
//! Locks: those of the futex hash, inside its own functions.

use kernel::prelude::*;
use zerocopy::little_endian::U32;

use crate::abstractions::creds::{capable_initially, CAP_SYS_RESOURCE};
use crate::abstractions::seccomp::{
    self, SettingsState, PR_MCE_KILL_DEFAULT, PR_SPEC_DISABLE, PR_SPEC_ENABLE,
    PR_SPEC_NOT_AFFECTED, PR_SPEC_PRCTL, SPECULATIONS,
};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::confinement::{
    Settings, SETTING_FUTEX_HASH, SETTING_FUTEX_HASH_CHOSEN, SETTING_IO_FLUSHER,
    SETTING_RANDOMIZED, SETTING_TOO_MANY_PROCESSES, SETTING_USED_PRIVILEGE,
};
use crate::format::reason::Reason;
use crate::log::Refusal;

/// Names of what speculation control is about, and what a task has that asked for nothing.
const SPECULATION: [(&str, u32); SPECULATIONS] = [
    ("its control of speculative stores", PR_SPEC_ENABLE),
    ("its control of indirect branches", PR_SPEC_ENABLE),
    ("its flushes of the L1D cache", PR_SPEC_DISABLE),
];

/// Describes what a thread was told.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let state = seccomp::settings(&task.task);
    let [store_bypass, indirect_branches, l1d_flush] = state.speculation.map(is_told);
    let flags = [
        (state.io_flusher, SETTING_IO_FLUSHER),
        (state.futex_hash, SETTING_FUTEX_HASH),
        (state.futex_chosen, SETTING_FUTEX_HASH_CHOSEN),
        (state.randomized, SETTING_RANDOMIZED),
        (state.used_privilege, SETTING_USED_PRIVILEGE),
        (state.too_many_processes, SETTING_TOO_MANY_PROCESSES),
    ];
    let flags = flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    out.record(
        &Settings {
            task: task.id,
            flags: U32::new(flags),
            memory_errors: U32::new(state.memory_errors),
            store_bypass,
            indirect_branches,
            l1d_flush,
            futex_slots: U32::new(state.futex_slots),
            reserved: U32::ZERO,
        },
        &[],
    )
}

/// What PR_GET_SPECULATION_CTRL says; an error is the same as not being affected.
fn is_told(speculation: i32) -> U32 {
    U32::new(u32::try_from(speculation).unwrap_or(PR_SPEC_NOT_AFFECTED))
}

/// Does what can fail and is of no consequence before the task leaves; gives the rest.
pub(crate) fn prepare(record: Option<&Settings>) -> Result<SettingsState, Refusal> {
    let now = seccomp::settings(&task::current());
    let Some(record) = record else {
        return Ok(now);
    };
    let has = |flag| record.flags.get() & flag != 0;
    if has(SETTING_IO_FLUSHER) && !capable_initially(CAP_SYS_RESOURCE) {
        return Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name("PR_SET_IO_FLUSHER"));
    }
    let told = [
        record.store_bypass,
        record.indirect_branches,
        record.l1d_flush,
    ];
    for (which, (saved, now)) in told.iter().zip(now.speculation).enumerate() {
        restore_speculation(which, saved.get(), is_told(now).get())?;
    }
    if has(SETTING_FUTEX_HASH) {
        let (slots, chosen) = (record.futex_slots.get(), has(SETTING_FUTEX_HASH_CHOSEN));
        let is_so = now.futex_hash && now.futex_slots == slots && now.futex_chosen == chosen;
        if !is_so {
            seccomp::set_futex_hash(slots, chosen).map_err(|error| {
                Refusal::new(Reason::StateNotRestored, error).name("its futex hash")
            })?;
        }
    }
    Ok(SettingsState {
        io_flusher: has(SETTING_IO_FLUSHER),
        randomized: has(SETTING_RANDOMIZED),
        used_privilege: has(SETTING_USED_PRIVILEGE),
        too_many_processes: has(SETTING_TOO_MANY_PROCESSES),
        memory_errors: record.memory_errors.get().min(PR_MCE_KILL_DEFAULT),
        ..now
    })
}

/// The machine need not have the same bugs. What the task asked for must hold.
fn restore_speculation(which: usize, saved: u32, now: u32) -> Result<(), Refusal> {
    let (name, unasked) = SPECULATION.get(which).copied().ok_or(EINVAL)?;
    if saved == now || saved & PR_SPEC_PRCTL == 0 {
        return Ok(());
    }
    let refusal = |error| Refusal::new(Reason::StateNotRestored, error).name(name);
    let asked = saved & !PR_SPEC_PRCTL;
    if now & PR_SPEC_PRCTL != 0 {
        return seccomp::set_speculation(which, asked).map_err(refusal);
    }
    let is_safe = now == PR_SPEC_NOT_AFFECTED || now & PR_SPEC_DISABLE != 0;
    if asked == unasked || (is_safe && unasked == PR_SPEC_ENABLE) {
        Ok(())
    } else {
        Err(refusal(ENXIO))
    }
}

/// Takes it on. Cannot fail.
pub(crate) fn commit(state: &SettingsState) {
    seccomp::set_settings(state);
}
