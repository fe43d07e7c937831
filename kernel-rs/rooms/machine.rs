// SPDX-License-Identifier: GPL-2.0

//! The machine: CPU features, the layout of extended state, the kernel's code page.
//!
//! Saves: what registers and libraries rely on. An image restarts where all of it is there.
//! Locks: none.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::{cpu, space};
use crate::capture::Capture;
use crate::format::header::{Header, MachineX86_64, Vdso, ARCHITECTURE_X86_64, MACHINE_FSGSBASE};
use crate::format::reason::Reason;
use crate::log::Refusal;

/// AT_HWCAP2 bit of user mode FSGSBASE.
const HWCAP2_FSGSBASE: u64 = 1 << 1;

/// Describes this machine.
pub(crate) fn capture(out: &mut Capture<'_>) -> Result {
    let hwcap2 = cpu::hwcap(1);
    let has_fsgsbase = hwcap2 & HWCAP2_FSGSBASE != 0;
    let machine = MachineX86_64 {
        xfeatures: U64::new(cpu::extended_features()),
        xstate_size: U32::new(cpu::extended_size()),
        flags: U32::new(if has_fsgsbase { MACHINE_FSGSBASE } else { 0 }),
        hwcap: U64::new(cpu::hwcap(0)),
        hwcap2: U64::new(hwcap2),
        reserved: U64::ZERO,
    };
    out.record(&machine, &[])?;
    let vdso = Vdso {
        data_size: U32::new(u32::try_from(space::vdso_data_size())?),
        bits: U32::new(64),
    };
    out.record(&vdso, space::vdso())
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
    if machine.xfeatures.get() & !cpu::extended_features() != 0 {
        return lacks("an extended state component (XSAVE)");
    }
    if machine.xstate_size.get() != cpu::extended_size() {
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

/// Is this kernel's code page the one that the programs have called into?
pub(crate) fn check_vdso(vdso: &Vdso, bytes: &[u8]) -> Result<(), Refusal> {
    let same = vdso.bits.get() == 64
        && u64::from(vdso.data_size.get()) == space::vdso_data_size()
        && bytes == space::vdso();
    if same {
        Ok(())
    } else {
        Err(Refusal::new(Reason::MachineVdso, ENOEXEC))
    }
}
