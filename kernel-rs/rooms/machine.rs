// SPDX-License-Identifier: GPL-2.0

//! The machine: its architecture and features, the kernel's code pages.
//!
//! Saves: what registers and libraries rely on. An image restarts where all of it is there.
//! Locks: none.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::cpu;
use crate::abstractions::space::{self, setting, Program, Space};
use crate::capture::{Capture, FrozenTask};
use crate::format::header::{Header, MachineX86_64, Vdso, ARCHITECTURE_X86_64, MACHINE_FSGSBASE};
use crate::format::reason::Reason;
use crate::format::task::Thread;
use crate::log::Refusal;
use crate::rooms::features;

/// AT_HWCAP2 bit of user mode FSGSBASE.
const HWCAP2_FSGSBASE: u64 = 1 << 1;

/// Describes this machine, and the code pages that tasks may have called into.
pub(crate) fn capture(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let hwcap2 = cpu::hwcap(1);
    let has_fsgsbase = hwcap2 & HWCAP2_FSGSBASE != 0;
    let machine = MachineX86_64 {
        xfeatures: U64::new(cpu::extended_features()),
        xstate_size: U32::new(cpu::extended_size()),
        flags: U32::new(if has_fsgsbase { MACHINE_FSGSBASE } else { 0 }),
        hwcap: U64::new(cpu::hwcap(0)),
        hwcap2: U64::new(hwcap2),
        reserved: U64::ZERO,
        cpuid: features::cpuid(),
        layout: features::layout(),
        signal_frame_size: U32::new(cpu::signal_frame_size()),
        reserved_end: U32::ZERO,
    };
    out.record(&machine, &[])?;
    let mut has_32bit = false;
    for task in tasks {
        has_32bit = has_32bit || is_32bit(task)?;
    }
    for program in Program::ALL {
        if program.is_32bit() && !has_32bit {
            continue;
        }
        let vdso = Vdso {
            data_size: U32::new(u32::try_from(space::vdso_data_size())?),
            bits: U32::new(program.bits()),
        };
        out.record(&vdso, space::vdso(program))?;
    }
    Ok(())
}

fn is_32bit(task: &FrozenTask) -> Result<bool> {
    // What has ended has none.
    let Ok(space) = Space::of(&task.task) else {
        return Ok(false);
    };
    Ok(space.marks()?.settings & (setting::COMPAT | setting::COMPAT_VDSO) != 0)
}

/// Can an image with this header be restarted here at all?
pub(crate) fn check_header(header: &Header) -> Result<(), Refusal> {
    let architecture = header.architecture.get();
    if architecture != ARCHITECTURE_X86_64 {
        return Err(Refusal::new(Reason::MachineArchitecture, ENOEXEC).value(architecture.into()));
    }
    let page_size = header.page_size.get();
    if u64::from(page_size) != space::PAGE {
        return Err(Refusal::new(Reason::MachinePageSize, ENOEXEC).value(page_size.into()));
    }
    Ok(())
}

/// Has this CPU what the saved one had?
pub(crate) fn check_machine(machine: &MachineX86_64) -> Result<(), Refusal> {
    let lacks = |name| Err(Refusal::new(Reason::MachineFeatures, ENOEXEC).name(name));
    features::check(machine)?;
    // Frames on the stacks of programs say how large they are, and larger ones are not taken back.
    let (size, here) = (machine.xstate_size.get(), cpu::extended_size());
    if size > here || (size != here && machine.signal_frame_size.get() == 0) {
        return lacks("the layout of extended state (XSAVE)");
    }
    if machine.hwcap.get() & !cpu::hwcap(0) != 0 {
        return lacks("a feature of AT_HWCAP");
    }
    if machine.hwcap2.get() & !cpu::hwcap(1) != 0 {
        return lacks("a feature of AT_HWCAP2");
    }
    Ok(())
}

/// Does a frame of this CPU fit on a thread's signal stack, if one of the saved machine did?
pub(crate) fn check_signal_stack(machine: &MachineX86_64, thread: &Thread) -> Result<(), Refusal> {
    let size = thread.altstack_size.get();
    let fit_before = size >= machine.signal_frame_size.get().into();
    if size == 0 || !fit_before || size >= cpu::signal_frame_size().into() {
        return Ok(());
    }
    Err(Refusal::new(Reason::SignalStackSmall, ENOEXEC).value(size))
}

/// Is this kernel's code page the one that the programs have called into?
pub(crate) fn check_vdso(vdso: &Vdso, bytes: &[u8]) -> Result<(), Refusal> {
    let mut programs = Program::ALL.into_iter();
    let program = programs.find(|program| program.bits() == vdso.bits.get());
    let same = program.is_some_and(|program| bytes == space::vdso(program))
        && u64::from(vdso.data_size.get()) == space::vdso_data_size();
    if same {
        Ok(())
    } else {
        Err(Refusal::new(Reason::MachineVdso, ENOEXEC))
    }
}
