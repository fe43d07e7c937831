// SPDX-License-Identifier: GPL-2.0

//! A pseudo terminal: both sides of it, what lies between them, whom it controls.

use std::io;

use ckpt_image::format::files::OpenFile;
use ckpt_image::format::terminals::{
    ControllingTerminal, Terminal, TerminalBuffer, TerminalPlace, TerminalSide, PLACE_GID,
    SIDE_THROTTLED, WHICH_MASTER, WHICH_SLAVE,
};
use ckpt_image::format::{ObjectId, TaskId};
use ckpt_image::ImageWriter;
use zerocopy::FromZeros;

/// Where it lies.
pub(crate) fn place<W: io::Write>(out: &mut ImageWriter<W>) -> io::Result<()> {
    let place = TerminalPlace {
        flags: PLACE_GID.into(),
        gid: 5.into(),
        mode: 0o620.into(),
        ptmx_mode: 0o666.into(),
        most: 1024.into(),
        ..TerminalPlace::new_zeroed()
    };
    out.write(&place, b"/dev/pts")
}

/// The pair, which controls this session, and an open file of each side.
pub(crate) fn write<W: io::Write>(
    out: &mut ImageWriter<W>,
    mut declare: impl FnMut() -> ObjectId,
    opener: ObjectId,
    session: ObjectId,
) -> io::Result<ObjectId> {
    let id = declare();
    let terminal = Terminal {
        id,
        number: 4.into(),
        session,
        group: session,
        mode: 0o620.into(),
        gid: 5.into(),
        atime_s: 1_700_000_000.into(),
        mtime_s: 1_700_000_001.into(),
        ..Terminal::new_zeroed()
    };
    out.write(&terminal, b"/dev/ptmx")?;
    for (device, path) in [(5 << 20 | 2, "/dev/ptmx"), (136 << 20 | 4, "/dev/pts/4")] {
        let file = OpenFile {
            id: declare(),
            opener,
            mode: 0o020_620.into(),
            flags: 0o2.into(),
            device: device.into(),
            storage: id,
            ..OpenFile::new_zeroed()
        };
        out.write(&file, path.as_bytes())?;
    }
    Ok(id)
}

/// What its sides have.
pub(crate) fn links<W: io::Write>(out: &mut ImageWriter<W>, id: ObjectId) -> io::Result<()> {
    let side = TerminalSide {
        terminal: id,
        side: WHICH_MASTER.into(),
        flags: SIDE_THROTTLED.into(),
        control_modes: 0o277.into(),
        input_speed: 38400.into(),
        output_speed: 38400.into(),
        ..TerminalSide::new_zeroed()
    };
    out.write(&side, &[])?;
    let side = TerminalSide {
        side: WHICH_SLAVE.into(),
        input_modes: 0o2400.into(),
        output_modes: 0o5.into(),
        local_modes: 0o105_073.into(),
        rows: 24.into(),
        columns: 80.into(),
        read_count: 4.into(),
        canon_count: 4.into(),
        echo_count: 1.into(),
        ..side
    };
    out.write(&side, b"ls -\x08l")?;
    let buffer = TerminalBuffer {
        terminal: id,
        side: WHICH_MASTER.into(),
        size: 256.into(),
        read: 2.into(),
        lookahead: 2.into(),
        used: 5.into(),
    };
    out.write(&buffer, b"out")
}

/// A task that it controls.
pub(crate) fn control<W: io::Write>(
    out: &mut ImageWriter<W>,
    task: TaskId,
    terminal: ObjectId,
) -> io::Result<()> {
    let control = ControllingTerminal {
        task,
        terminal,
        old_group: ObjectId::NONE,
    };
    out.write(&control, &[])
}
