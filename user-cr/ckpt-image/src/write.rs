// SPDX-License-Identifier: GPL-2.0

//! Records to a stream.

use std::io::{self, Write};

use ckpt_format::header::{End, Header};
use ckpt_format::memory::{InheritedPages, ZeroPages};
use ckpt_format::storage::ContentZeros;
use ckpt_format::{seal, Kind, Record, Sequence};
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, FromZeros, IntoBytes};

use crate::checksum::extend;

/// Writes an image record by record, with the envelopes and the counts that belong to them. What
/// the records say, and in which order they come, is the caller's business.
#[derive(Debug)]
pub struct ImageWriter<W> {
    sink: W,
    sequence: Sequence,
    page_size: u64,
    objects: u32,
    pages: u64,
    zero_pages: u64,
    inherited_pages: u64,
}

impl<W: Write> ImageWriter<W> {
    /// An image that begins at the sink's next byte.
    pub const fn new(sink: W) -> Self {
        Self {
            sink,
            sequence: Sequence::new(),
            page_size: 4096,
            objects: 0,
            pages: 0,
            zero_pages: 0,
            inherited_pages: 0,
        }
    }

    /// Writes a record.
    pub fn write<R: Record>(&mut self, record: &R, tail: &[u8]) -> io::Result<()> {
        self.write_raw(R::KIND, record.as_bytes(), tail)
    }

    /// Writes a record whose fixed part is given as bytes.
    pub fn write_raw(&mut self, kind: Kind, fixed: &[u8], tail: &[u8]) -> io::Result<()> {
        self.count(kind, fixed, tail);
        let fixed_length = u32::try_from(fixed.len()).map_err(io::Error::other)?;
        let length = u64::from(fixed_length) + tail.len() as u64;
        let header = seal(&mut self.sequence, kind, fixed_length, length, |checksum| {
            extend(extend(checksum, fixed), tail)
        });
        self.sink.write_all(header.as_bytes())?;
        self.sink.write_all(fixed)?;
        self.sink.write_all(tail)?;
        if let (Kind::Header, Ok((header, _))) = (kind, Header::read_from_prefix(fixed)) {
            self.sequence.salt(header.image_id);
            self.page_size = header.page_size.get().max(1).into();
        }
        Ok(())
    }

    /// Writes `End` with the counts of what came before and gives the sink back.
    pub fn end(mut self) -> io::Result<W> {
        let end = End {
            records: U64::new(self.sequence.records()),
            bytes: U64::new(self.sequence.offset()),
            objects: U32::new(self.objects),
            pages: U64::new(self.pages),
            zero_pages: U64::new(self.zero_pages),
            inherited_pages: U64::new(self.inherited_pages),
            ..End::new_zeroed()
        };
        self.write(&end, &[])?;
        self.sink.flush()?;
        Ok(self.sink)
    }

    fn count(&mut self, kind: Kind, fixed: &[u8], tail: &[u8]) {
        if kind.declares_object() {
            self.objects += 1;
        }
        match kind {
            Kind::Pages | Kind::ContentPages => self.pages += tail.len() as u64 / self.page_size,
            Kind::ZeroPages => {
                if let Ok((run, _)) = ZeroPages::read_from_prefix(fixed) {
                    self.zero_pages = self.zero_pages.saturating_add(run.count.get());
                }
            }
            Kind::ContentZeros => {
                if let Ok((run, _)) = ContentZeros::read_from_prefix(fixed) {
                    self.zero_pages = self.zero_pages.saturating_add(run.count.get());
                }
            }
            Kind::InheritedPages => {
                if let Ok((run, _)) = InheritedPages::read_from_prefix(fixed) {
                    self.inherited_pages = self.inherited_pages.saturating_add(run.count.get());
                }
            }
            _ => {}
        }
    }

    /// The sink as it is, without an `End`.
    pub fn abandon(self) -> W {
        self.sink
    }
}
