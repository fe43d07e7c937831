// SPDX-License-Identifier: GPL-2.0

//! Records from a stream.

use std::io::Read;
use std::mem::size_of;

use ckpt_format::header::Header;
use ckpt_format::{decode, FormatError, Frame, Grammar, Kind, Problem, Record, RecordHeader};
use zerocopy::{FromZeros, IntoBytes};

use crate::checksum::extend;
use crate::ImageError;

/// Reads an image record by record: never a byte further than the record that it was asked for, so
/// that what follows can be read by someone else. Whoever reads all of it may put a
/// [`std::io::BufReader`] underneath.
///
/// Each record that it gives has the right checksum and a place where it may stand. The memory in
/// use stays in proportion to the bytes that were received, whatever lengths they claim.
#[derive(Debug)]
pub struct ImageReader<R> {
    source: R,
    sequence: ckpt_format::Sequence,
    grammar: Grammar,
    payload: Vec<u8>,
    ended: bool,
}

/// One record, as it stands in the stream.
#[derive(Clone, Copy, Debug)]
pub struct RecordView<'a> {
    /// Its checked envelope.
    pub frame: Frame,
    /// The envelope as it was read.
    pub header: RecordHeader,
    /// Its kind; none if it is unknown and may be skipped.
    pub kind: Option<Kind>,
    /// Where it begins.
    pub offset: u64,
    /// The fixed part, as long as the writer knew it.
    pub fixed: &'a [u8],
    /// What follows the fixed part.
    pub tail: &'a [u8],
    payload: &'a [u8],
}

impl<'a> RecordView<'a> {
    /// The fixed part as a struct.
    pub fn decode<T: Record>(&self) -> Result<T, FormatError> {
        Ok(decode::<T>(&self.frame, self.payload)?.0)
    }

    /// Fixed part and tail.
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Something is wrong with this record.
    pub const fn error(&self, problem: Problem) -> FormatError {
        self.frame.error(problem)
    }
}

impl<R: Read> ImageReader<R> {
    /// Starts at the first byte of an image.
    pub const fn new(source: R) -> Self {
        Self {
            source,
            sequence: ckpt_format::Sequence::new(),
            grammar: Grammar::new(),
            payload: Vec::new(),
            ended: false,
        }
    }

    /// Bytes read so far.
    pub const fn offset(&self) -> u64 {
        self.sequence.offset()
    }

    /// Records read so far.
    pub const fn records(&self) -> u64 {
        self.sequence.records()
    }

    /// The stream, to go on with whatever follows.
    pub fn into_inner(self) -> R {
        self.source
    }

    /// The next record; none after `End`. A stream that stops before `End` is an error.
    // Not an Iterator: what it gives is borrowed from it.
    #[expect(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Option<RecordView<'_>>, ImageError> {
        if self.ended {
            return Ok(None);
        }
        let offset = self.sequence.offset();
        self.fill(size_of::<RecordHeader>() as u64, |problem| FormatError {
            problem,
            offset,
            kind: 0,
        })?;
        let mut header = RecordHeader::new_zeroed();
        header.as_mut_bytes().copy_from_slice(&self.payload);
        let frame = self.sequence.open(&header)?;
        self.fill(frame.length(), |problem| frame.error(problem))?;
        frame.verify(extend(frame.seed(), &self.payload))?;
        self.grammar.accept(&frame)?;

        match frame.kind() {
            Some(Kind::Header) => {
                let (first, _) = decode::<Header>(&frame, &self.payload)?;
                self.sequence.salt(first.image_id);
            }
            Some(Kind::End) => self.ended = true,
            _ => {}
        }
        let (fixed, tail) = self
            .payload
            .split_at_checked(frame.fixed() as usize)
            .ok_or(frame.error(Problem::Truncated))?;
        Ok(Some(RecordView {
            frame,
            header,
            kind: frame.kind(),
            offset: frame.offset(),
            fixed,
            tail,
            payload: &self.payload,
        }))
    }

    /// After the last record: is that really the end?
    pub fn expect_end_of_stream(&mut self) -> Result<(), ImageError> {
        let offset = self.sequence.offset();
        self.payload.clear();
        match (&mut self.source).take(1).read_to_end(&mut self.payload) {
            Ok(0) => Ok(()),
            Ok(_) => Err(ImageError::Trailing { offset }),
            Err(error) => Err(ImageError::Read { offset, error }),
        }
    }

    /// Reads exactly so many bytes; the buffer grows with what comes, not with what is promised.
    fn fill(
        &mut self,
        length: u64,
        fail: impl Fn(Problem) -> FormatError,
    ) -> Result<(), ImageError> {
        self.payload.clear();
        match (&mut self.source)
            .take(length)
            .read_to_end(&mut self.payload)
        {
            Ok(read) if read as u64 == length => Ok(()),
            Ok(_) => Err(fail(Problem::Truncated).into()),
            Err(error) => Err(ImageError::Read {
                offset: fail(Problem::Truncated).offset,
                error,
            }),
        }
    }
}
