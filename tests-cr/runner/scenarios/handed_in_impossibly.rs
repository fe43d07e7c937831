// SPDX-License-Identifier: GPL-2.0

//! Fact: an image that wants impossible things handed in is refused, by the field.

use ckpt_format::handed::Handed;
use ckpt_format::header::Header;
use ckpt_format::{seal, Kind, RecordHeader};
use zerocopy::{FromBytes, IntoBytes};

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Outcome, Step};

/// What is done to the record and to its name.
type Change = fn(&mut Handed, &mut Vec<u8>);

const CHANGES: [(Change, &str); 9] = [
    (|it, _| it.needs = 0.into(), "needs"),
    (|it, _| it.needs = 1.into(), "needs"),
    (|it, _| it.needs = 8.into(), "needs"),
    (|it, _| it.flags = 3.into(), "flags"),
    (|it, _| it.mode = 0o040_755.into(), "mode"),
    (|it, _| it.number = u32::MAX.into(), "number"),
    (|_, name| name.clear(), "name"),
    (|_, name| name.push(0), "name"),
    (|it, _| it.number = 77.into(), "--fd"),
];

pub fn run(stage: &Stage) -> Step<()> {
    let shell = stage.types("inside $JOB samples/talker 2>err | cat >one")?;
    stage.wait_for_lines("one", 10)?;
    stage.saves(&[])?;
    shell.end(stage.container)?;
    let image = stage.image()?;
    ensure(rewrite(&image, |_, _| {})? == image, "not written alike")?;
    for (change, word) in CHANGES {
        let other = stage.other_image(&rewrite(&image, change)?)?;
        let ended = stage.restart_from(other, &[])?.end(stage.container)?;
        refused(&ended, word)?;
        stage.nothing_is_left()?;
    }
    Ok(())
}

/// The image with its `Handed` records changed.
fn rewrite(image: &[u8], change: Change) -> Step<Vec<u8>> {
    const HEADER: usize = size_of::<RecordHeader>();
    let cut = || Outcome::failed("the image is cut");
    let mut sequence = ckpt_format::Sequence::new();
    let mut out = Vec::new();
    let mut rest = image;
    while !rest.is_empty() {
        let (header, after) = rest.split_at_checked(HEADER).ok_or_else(cut)?;
        let header = RecordHeader::read_from_bytes(header).map_err(|_| cut())?;
        let (payload, after) = after
            .split_at_checked(header.length.get() as usize)
            .ok_or_else(cut)?;
        let mut payload = payload.to_vec();
        let kind = Kind::from_number(header.kind.get()).ok_or_else(cut)?;
        if kind == Kind::Handed {
            let mut tail = payload.split_off(size_of::<Handed>());
            let mut handed = Handed::read_from_bytes(&payload).map_err(|_| cut())?;
            change(&mut handed, &mut tail);
            payload = [handed.as_bytes(), &tail].concat();
        }
        let length = payload.len() as u64;
        let sum = |sum: ckpt_format::Crc32c| sum.with(&payload);
        let sealed = seal(&mut sequence, kind, header.fixed.get(), length, sum);
        if kind == Kind::Header {
            let (header, _) = Header::read_from_prefix(&payload).map_err(|_| cut())?;
            sequence.salt(header.image_id);
        }
        out.extend_from_slice(sealed.as_bytes());
        out.extend_from_slice(&payload);
        rest = after;
    }
    Ok(out)
}
