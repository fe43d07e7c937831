// SPDX-License-Identifier: GPL-2.0

//! The part of an image that says what to prepare: from the header to the last member.

use std::io::Read;

use ckpt_format::header::{Header, MachineX86_64, Vdso, MAX_VDSO};
use ckpt_format::ipc::IpcSpace;
use ckpt_format::task::{Member, Pid, PidSpace, PID_LIMIT};
use ckpt_format::terminals::TerminalPlace;
use ckpt_format::{Kind, ObjectId, Problem};
use zerocopy::little_endian::I32;
use zerocopy::{FromBytes, IntoBytes};

use crate::{check_forest, find_pid, ImageError, ImageReader, PidEntry, RecordView, Spaces};

/// Longest prefix that restart(2) takes, as kernel-rs/restart.rs has it: what is longer would be refused
/// only when the tasks have been made.
const LONGEST_PREFIX: u64 = 256 * 1024 * 1024 + MAX_VDSO;

/// The header, the machine and the forest, checked.
#[derive(Clone, Debug)]
pub struct Prefix {
    /// Every byte that was read; restart(2) wants them back.
    pub bytes: Vec<u8>,
    /// Who wrote the image and when.
    pub header: Header,
    /// The machine that its registers belong to.
    pub machine: MachineX86_64,
    /// The code pages that the kernel had mapped into its processes; at most one for each `bits`.
    pub vdsos: Vec<VdsoCode>,
    /// The devpts that its terminals lie in: what it was mounted with, and where.
    pub terminals: Option<(TerminalPlace, Vec<u8>)>,
    /// Is there an IPC namespace of its own?
    pub has_ipc_space: bool,
    /// Pid namespaces.
    pub spaces: Spaces,
    /// Process ids, in the order of their objects.
    pub pids: Vec<PidEntry>,
    /// Tasks, in the order of their [`ckpt_format::TaskId`].
    pub members: Vec<Member>,
}

/// A code page of the kernel.
#[derive(Clone, Debug)]
pub struct VdsoCode {
    /// 64 or 32.
    pub bits: u32,
    /// Bytes of data pages that lie before the code.
    pub data_size: u32,
    /// Its bytes.
    pub code: Vec<u8>,
}

impl Prefix {
    /// The numbers of the task at this place, the container's own level first.
    pub fn numbers(&self, task: usize) -> Option<&[i32]> {
        Some(&find_pid(&self.pids, self.members.get(task)?.pid)?.numbers)
    }
}

/// Reads up to the last `Member` record and not one byte further: what follows is for the kernel.
/// The forest is checked ([`check_forest`]).
pub fn read_prefix(source: &mut impl Read) -> Result<Prefix, ImageError> {
    read_prefix_of_at_most(LONGEST_PREFIX, source)
}

fn read_prefix_of_at_most(longest: u64, source: &mut impl Read) -> Result<Prefix, ImageError> {
    let mut reader = ImageReader::new(source);
    let mut bytes = Vec::new();

    let first = take(&mut reader, &mut bytes, longest)?;
    let header: Header = first.decode()?;
    let mut machine = None;
    let mut vdsos = Vec::new();
    let mut terminals = None;
    let mut has_ipc_space = false;
    let mut spaces = Spaces::default();
    let mut pids = Vec::new();
    let mut members = Vec::new();

    while members.len() as u64 != u64::from(header.tasks.get()) {
        let record = take(&mut reader, &mut bytes, longest)?;
        let is_last = members.len() as u64 + 1 == u64::from(header.tasks.get());
        match record.kind {
            Some(Kind::MachineX86_64) => machine = Some(record.decode()?),
            Some(Kind::Vdso) => add_vdso(&mut vdsos, &record)?,
            Some(Kind::TerminalPlace) => {
                let place: TerminalPlace = record.decode()?;
                if terminals.replace((place, record.tail.to_vec())).is_some() {
                    return Err(record
                        .error(Problem::Order(record.header.kind.get()))
                        .into());
                }
            }
            Some(Kind::IpcSpace) => {
                if std::mem::replace(&mut has_ipc_space, true) {
                    return Err(record.error(Problem::Order(Kind::IpcSpace.number())).into());
                }
                record.decode::<IpcSpace>()?;
            }
            Some(Kind::PidSpace) => {
                let space: PidSpace = record.decode()?;
                let added = spaces.add(&space);
                added.map_err(|problem| record.error(problem))?;
                check_id(space.id, spaces.objects() + pids.len(), &record)?;
            }
            Some(Kind::Pid) => add_pid(&mut pids, &spaces, &record, &header)?,
            Some(Kind::Member) => {
                members.push(record.decode()?);
                if is_last {
                    check_forest(&spaces, &pids, &members, &header)
                        .map_err(|problem| record.error(problem))?;
                }
            }
            Some(kind) => return Err(record.error(Problem::Order(kind.number())).into()),
            None => {}
        }
    }
    // The grammar has seen to it that a machine comes before any member.
    let machine = machine.ok_or(ckpt_format::FormatError {
        problem: Problem::Order(Kind::Member.number()),
        offset: reader.offset(),
        kind: Kind::Member.number(),
    })?;
    Ok(Prefix {
        bytes,
        header,
        machine,
        vdsos,
        terminals,
        has_ipc_space,
        spaces,
        pids,
        members,
    })
}

/// The next record, with a copy of its bytes.
fn take<'a>(
    reader: &'a mut ImageReader<impl Read>,
    bytes: &mut Vec<u8>,
    longest: u64,
) -> Result<RecordView<'a>, ImageError> {
    let offset = reader.offset();
    let record = reader.next()?.ok_or(ckpt_format::FormatError {
        problem: Problem::Truncated,
        offset,
        kind: Kind::End.number(),
    })?;
    let size = record.header.as_bytes().len() + record.payload().len();
    if (bytes.len() + size) as u64 > longest {
        return Err(ImageError::LongPrefix {
            offset,
            kind: record.header.kind.get(),
            longest,
        });
    }
    bytes.extend_from_slice(record.header.as_bytes());
    bytes.extend_from_slice(record.payload());
    Ok(record)
}

fn add_vdso(vdsos: &mut Vec<VdsoCode>, record: &RecordView<'_>) -> Result<(), ImageError> {
    let vdso: Vdso = record.decode()?;
    let bits = vdso.bits.get();
    if vdsos.iter().any(|known| known.bits == bits) {
        return Err(record.error(Problem::Value("bits", bits.into())).into());
    }
    vdsos.push(VdsoCode {
        bits,
        data_size: vdso.data_size.get(),
        code: record.tail.to_vec(),
    });
    Ok(())
}

fn add_pid(
    pids: &mut Vec<PidEntry>,
    spaces: &Spaces,
    record: &RecordView<'_>,
    header: &Header,
) -> Result<(), ImageError> {
    let pid: Pid = record.decode()?;
    if pids.len() as u64 == u64::from(header.pids.get()) {
        return Err(record.error(Problem::Order(Kind::Pid.number())).into());
    }
    pids.push(PidEntry::new(&pid, record.tail).map_err(|problem| record.error(problem))?);
    check_id(pid.id, spaces.objects() + pids.len(), record)
}

/// Objects are numbered in their order.
fn check_id(id: ObjectId, count: usize, record: &RecordView<'_>) -> Result<(), ImageError> {
    match u64::from(id.get()) == count as u64 {
        true => Ok(()),
        false => Err(record.error(Problem::Reference("id", id.get())).into()),
    }
}

impl PidEntry {
    /// The numbers of a `Pid` record with its tail.
    pub fn new(pid: &Pid, tail: &[u8]) -> Result<Self, Problem> {
        let numbers: Vec<i32> = tail
            .chunks_exact(size_of::<I32>())
            .filter_map(|chunk| I32::read_from_bytes(chunk).ok())
            .map(I32::get)
            .collect();
        for number in &numbers {
            if !(1..PID_LIMIT as i32).contains(number) {
                return Err(Problem::Value("numbers", *number as u32 as u64));
            }
        }
        Ok(Self {
            id: pid.id,
            space: pid.space,
            numbers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_does_not_take_is_refused_at_once() {
        let image = ckpt_samples::family();
        let length = read_prefix(&mut &image[..]).unwrap().bytes.len() as u64;
        assert!(read_prefix_of_at_most(length, &mut &image[..]).is_ok());
        let error = read_prefix_of_at_most(length - 1, &mut &image[..]).unwrap_err();
        assert!(error.offset() < length, "{error}");
        let wanted = format!(
            ": what says which tasks there are is longer than {} bytes",
            length - 1
        );
        assert!(error.to_string().ends_with(&wanted), "{error}");
        assert!(error.to_string().contains(", Member ("), "{error}");
    }
}
