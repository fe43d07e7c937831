// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! The two ends of a stream that cannot seek. Short reads and writes end here.

use kernel::prelude::*;
use zerocopy::{FromZeros, IntoBytes};

use crate::abstractions::file::OpenFile;
use crate::abstractions::pages::Pages;
use crate::abstractions::space::PAGE;
use crate::abstractions::task;
use crate::format::reason::Reason;
use crate::format::{seal, Frame, Grammar, Kind, Problem, RecordHeader, Sequence};
use crate::log::Refusal;

/// Bytes that are gathered before they are written: records are small, writes are dear.
const BUFFER: usize = 64 * 1024;

/// Where an image goes.
pub(crate) struct Sink {
    file: OpenFile,
    sequence: Sequence,
    buffer: KVVec<u8>,
}

impl Sink {
    pub(crate) fn new(file: OpenFile) -> Result<Self> {
        Ok(Self {
            file,
            sequence: Sequence::new(),
            buffer: KVVec::with_capacity(BUFFER, GFP_KERNEL)?,
        })
    }

    /// From the second record on.
    pub(crate) fn salt(&mut self, image_id: [u8; 16]) {
        self.sequence.salt(image_id);
    }

    /// Records and bytes so far.
    pub(crate) fn position(&self) -> (u64, u64) {
        (self.sequence.records(), self.sequence.offset())
    }

    /// Writes a record whose payload is in memory.
    pub(crate) fn record(&mut self, kind: Kind, fixed: u32, payload: &[u8]) -> Result<(), Refusal> {
        let length = payload.len() as u64;
        let header = seal(&mut self.sequence, kind, fixed, length, |checksum| {
            checksum.with(payload)
        });
        self.put(header.as_bytes())?;
        self.put(payload)
    }

    /// Writes a record whose tail is `count` whole pages, from `first` on.
    pub(crate) fn pages(
        &mut self,
        kind: Kind,
        fixed: &[u8],
        pages: &mut Pages,
        first: usize,
        count: usize,
    ) -> Result<(), Refusal> {
        let size = (count as u64).checked_mul(PAGE).ok_or(EOVERFLOW)?;
        let length = size.checked_add(fixed.len() as u64).ok_or(EOVERFLOW)?;
        let last = first.checked_add(count).ok_or(EOVERFLOW)?;
        let header = seal(
            &mut self.sequence,
            kind,
            fixed.len() as u32,
            length,
            |checksum| {
                (first..last).fold(checksum.with(fixed), |checksum, index| {
                    pages.checksum(index, checksum)
                })
            },
        );
        self.put(header.as_bytes())?;
        self.put(fixed)?;
        self.flush()?;
        let mut done = 0;
        while done < size {
            let index = first.checked_add((done / PAGE) as usize).ok_or(EOVERFLOW)?;
            let wrote = pages.write(&self.file, index, done % PAGE, size.saturating_sub(done));
            done = done.saturating_add(progress(wrote)? as u64);
        }
        Ok(())
    }

    /// Writes out what is gathered.
    pub(crate) fn flush(&mut self) -> Result<(), Refusal> {
        let mut rest: &[u8] = &self.buffer;
        while !rest.is_empty() {
            let wrote = progress(self.file.write(rest))?;
            rest = rest.get(wrote..).unwrap_or(&[]);
        }
        self.buffer.clear();
        Ok(())
    }

    /// What is gathered and not written, if it is of this size: for somebody else to write.
    pub(crate) fn held<const SIZE: usize>(&self) -> Option<[u8; SIZE]> {
        self.buffer.as_slice().try_into().ok()
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if self.buffer.len().saturating_add(bytes.len()) > BUFFER {
            self.flush()?;
        }
        if bytes.len() <= BUFFER {
            self.buffer.extend_from_slice(bytes, GFP_KERNEL)?;
            return Ok(());
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let wrote = progress(self.file.write(rest))?;
            rest = rest.get(wrote..).unwrap_or(&[]);
        }
        Ok(())
    }
}

/// What one write achieved. A sink that is not ready is waited for, until a signal comes.
fn progress(wrote: Result<usize>) -> Result<usize, Refusal> {
    match wrote {
        Ok(0) => Err(Refusal::new(Reason::SinkFailed, EIO)),
        // A regular file never makes its writer wait, so it would not see a signal.
        Ok(_) if task::is_interrupted() => Err(Refusal::new(Reason::Interrupted, EINTR)),
        Ok(count) => Ok(count),
        Err(error) if error == EAGAIN => {
            pause()?;
            Ok(0)
        }
        Err(error) if error == ERESTARTSYS => Err(Refusal::new(Reason::Interrupted, EINTR)),
        Err(error) => Err(Refusal::new(Reason::SinkFailed, error)),
    }
}

/// Sleeps for a moment; fails if a signal came.
fn pause() -> Result<(), Refusal> {
    if crate::abstractions::task::nap() {
        Ok(())
    } else {
        Err(Refusal::new(Reason::Interrupted, EINTR))
    }
}

/// Where an image comes from: first the part that the tool has read, then a file.
pub(crate) struct Source {
    prefix: KVVec<u8>,
    taken: usize,
    file: OpenFile,
    sequence: Sequence,
    grammar: Grammar,
}

/// A record as it came: its frame, and its payload (without a tail that is pages).
pub(crate) struct Arrived {
    pub(crate) frame: Frame,
    pub(crate) payload: KVVec<u8>,
}

impl Source {
    pub(crate) fn new(prefix: KVVec<u8>, file: OpenFile) -> Self {
        Self {
            prefix,
            taken: 0,
            file,
            sequence: Sequence::new(),
            grammar: Grammar::new(),
        }
    }

    /// From the second record on.
    pub(crate) fn salt(&mut self, image_id: [u8; 16]) {
        self.sequence.salt(image_id);
    }

    /// Records and bytes so far.
    pub(crate) fn position(&self) -> (u64, u64) {
        (self.sequence.records(), self.sequence.offset())
    }

    /// Bytes of the prefix that have not been read.
    pub(crate) fn unread_prefix(&self) -> usize {
        self.prefix.len().saturating_sub(self.taken)
    }

    /// Reads the next record. If its tail is page contents, only the fixed part is read; the tail
    /// is for [`Source::pages`], and [`Frame::verify`] is for the caller.
    pub(crate) fn next(&mut self) -> Result<Arrived, Refusal> {
        // What has arrived already is read without waiting, and what is made of it may take long.
        if task::is_interrupted() {
            return Err(Refusal::new(Reason::Interrupted, EINTR));
        }
        let offset = self.sequence.offset();
        let mut header = RecordHeader::new_zeroed();
        self.fill(header.as_mut_bytes(), offset)?;
        let frame = self.sequence.open(&header)?;
        self.grammar.accept(&frame)?;
        let is_pages = matches!(frame.kind(), Some(Kind::Pages | Kind::ContentPages));
        let length = if is_pages {
            u64::from(frame.fixed())
        } else {
            frame.length()
        };
        let payload = self.bytes(length, offset)?;
        if !is_pages {
            frame.verify(frame.seed().with(&payload))?;
        }
        Ok(Arrived { frame, payload })
    }

    /// Reads `count` whole pages into place. Their checksum is for the caller.
    pub(crate) fn pages(
        &mut self,
        frame: &Frame,
        pages: &mut Pages,
        count: usize,
    ) -> Result<(), Refusal> {
        let size = (count as u64).checked_mul(PAGE).ok_or(EOVERFLOW)?;
        let mut done = 0;
        while done < size {
            let index = (done / PAGE) as usize;
            let got = pages.read(&self.file, index, done % PAGE, size.saturating_sub(done));
            done = done.saturating_add(received(got, frame.offset())? as u64);
        }
        Ok(())
    }

    /// Reads bytes; takes memory only as they arrive.
    fn bytes(&mut self, length: u64, offset: u64) -> Result<KVVec<u8>, Refusal> {
        let length = usize::try_from(length).map_err(|_| EOVERFLOW)?;
        let mut bytes = KVVec::new();
        while bytes.len() < length {
            let from = bytes.len();
            let to = length.min(from.saturating_add(BUFFER));
            bytes.resize(to, 0, GFP_KERNEL_ACCOUNT)?;
            let part = bytes.get_mut(from..to).ok_or(EINVAL)?;
            self.fill(part, offset)?;
        }
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8], offset: u64) -> Result<(), Refusal> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let got = self.some(rest, offset)?;
            rest = rest.get_mut(got..).ok_or(EINVAL)?;
        }
        Ok(())
    }

    fn some(&mut self, bytes: &mut [u8], offset: u64) -> Result<usize, Refusal> {
        let prefix = self.prefix.get(self.taken..).unwrap_or(&[]);
        if prefix.is_empty() {
            return received(self.file.read(bytes), offset);
        }
        let count = prefix.len().min(bytes.len());
        if let (Some(to), Some(from)) = (bytes.get_mut(..count), prefix.get(..count)) {
            to.copy_from_slice(from);
        }
        self.taken = self.taken.saturating_add(count);
        Ok(count)
    }
}

/// What one read achieved; the end of the stream inside a record is an error.
fn received(got: Result<usize>, offset: u64) -> Result<usize, Refusal> {
    match got {
        Ok(0) => Err(Refusal::new(Reason::ImageTruncated, EINVAL)
            .record(offset, 0)
            .name(Problem::Truncated.field())),
        Ok(count) => Ok(count),
        Err(error) if error == EAGAIN => {
            pause()?;
            Ok(0)
        }
        Err(error) if error == ERESTARTSYS => Err(Refusal::new(Reason::Interrupted, EINTR)),
        Err(error) => Err(Refusal::new(Reason::ImageTruncated, error).record(offset, 0)),
    }
}
