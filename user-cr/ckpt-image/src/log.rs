// SPDX-License-Identifier: GPL-2.0

//! What the kernel has to say: log records as sentences and as JSON.

use std::fmt;
use std::io::{self, Read};
use std::mem::size_of;

use ckpt_format::calls::{LogRecord, LOG_NONE};
use ckpt_format::reason::Reason;
use ckpt_format::Kind;
use serde_json::{json, Map, Value};
use zerocopy::{FromZeros, IntoBytes};

use crate::error::kind_name;
use crate::text::{field_text, fill, unpad};

/// Longest log record that a reader accepts, of this version or a later one.
const LONGEST: usize = 4096;

/// Reads log records until the stream ends. Each says its own size: a shorter one is filled up
/// with zeros, of a longer one the known part is taken.
pub fn read_log(source: &mut impl Read) -> io::Result<Vec<LogRecord>> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    parse_log(&bytes)
}

/// The same, out of memory.
pub fn parse_log(mut bytes: &[u8]) -> io::Result<Vec<LogRecord>> {
    let mut records = Vec::new();
    while let Some(size) = bytes.first_chunk() {
        let size = u32::from_le_bytes(*size) as usize;
        let (stored, rest) = bytes
            .split_at_checked(size)
            .filter(|_| (size_of::<u32>()..=LONGEST).contains(&size))
            .ok_or_else(|| io::Error::other("the kernel's log ends inside a record"))?;
        let known = size.min(size_of::<LogRecord>());
        let mut record = LogRecord::new_zeroed();
        record.as_mut_bytes()[..known].copy_from_slice(&stored[..known]);
        records.push(record);
        bytes = rest;
    }
    if bytes.is_empty() {
        Ok(records)
    } else {
        Err(io::Error::other("the kernel's log ends inside a record"))
    }
}

/// A log record to print: `task 214 (nginx), fd 7: io_uring is not supported`.
#[derive(Clone, Copy, Debug)]
pub struct Sentence<'a>(pub &'a LogRecord);

impl Sentence<'_> {
    /// What the user can do about it; may be empty.
    pub fn advice(&self) -> &'static str {
        self.reason().map_or("", Reason::advice)
    }

    fn reason(&self) -> Option<Reason> {
        Reason::from_number(self.0.reason.get())
    }

    /// Task, descriptor, address, place in the image: where there is one.
    fn places(&self) -> Vec<String> {
        let log = self.0;
        let mut places = Vec::new();
        if log.task.get() != 0 {
            let task = log.task.get();
            places.push(match field_text(&log.comm) {
                comm if comm.is_empty() => format!("task {task}"),
                comm => format!("task {task} ({comm})"),
            });
        }
        if log.fd.get() >= 0 {
            places.push(format!("fd {}", log.fd.get()));
        }
        if log.address.get() != LOG_NONE {
            places.push(format!("address {:#x}", log.address.get()));
        }
        if log.offset.get() != LOG_NONE {
            places.push(format!("image offset {}", log.offset.get()));
        }
        if log.kind.get() != 0 {
            places.push(kind_name(log.kind.get()));
        }
        places
    }

    /// The sentence of the reason, filled in.
    fn what(&self) -> String {
        let log = self.0;
        let name = field_text(&log.name);
        match self.reason() {
            Some(reason) => fill(
                reason.sentence(),
                &name,
                &value_text(reason, log.value.get()),
            ),
            None => format!(
                "reason {} of a newer kernel ({name}, {})",
                log.reason.get(),
                log.value.get()
            ),
        }
    }
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.places();
        if !places.is_empty() {
            write!(f, "{}: ", places.join(", "))?;
        }
        f.write_str(&self.what())?;
        match errno_text(self.0.errno.get()) {
            Some(text) => write!(f, " ({text})"),
            None => Ok(()),
        }
    }
}

/// A log record as one JSON object. What it does not say (no fd, no address, ...) is left out;
/// `message` and `advice` are what a person is shown.
pub fn to_json(log: &LogRecord) -> Value {
    let sentence = Sentence(log);
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("reason", json!(sentence.reason().map(Reason::name)));
    put("number", json!(log.reason.get()));
    if log.errno.get() != 0 {
        put("errno", json!(log.errno.get()));
    }
    if log.task.get() != 0 {
        put("task", json!(log.task.get()));
        put("comm", json!(field_text(&log.comm)));
    }
    if log.fd.get() >= 0 {
        put("fd", json!(log.fd.get()));
    }
    if log.address.get() != LOG_NONE {
        put("address", json!(format!("{:#x}", log.address.get())));
    }
    if log.offset.get() != LOG_NONE {
        put("offset", json!(log.offset.get()));
    }
    if let Some(kind) = Kind::from_number(log.kind.get()) {
        put("kind", json!(kind.name()));
    }
    put("value", json!(log.value.get()));
    if !unpad(&log.name).is_empty() {
        put("name", json!(field_text(&log.name)));
    }
    put("message", json!(sentence.to_string()));
    put("advice", json!(sentence.advice()));
    Value::Object(object)
}

/// Flags and kinds read better in hexadecimal, and a kind with its name.
pub(crate) fn value_text(reason: Reason, value: u64) -> String {
    match reason {
        Reason::AreaFlags | Reason::FileFlags => format!("{value:#x}"),
        Reason::ImageValue if value > 0xffff => format!("{value:#x}"),
        Reason::ImageOrder | Reason::ImageUnknown => {
            let kind = u32::try_from(value).ok().and_then(Kind::from_number);
            match kind {
                Some(kind) => format!("{} ({value:#x})", kind.name()),
                None => format!("{value:#x}"),
            }
        }
        _ if value == 0 && tells_of_outsider(reason) => "0 (it has no pid here)".into(),
        _ => value.to_string(),
    }
}

/// Is the value the number of a task or group outside?
fn tells_of_outsider(reason: Reason) -> bool {
    reason == Reason::TaskChildren || reason.sentence().contains("{value}, which is outside")
}

/// What the system says about an error, unless it only repeats that something was refused.
fn errno_text(errno: i32) -> Option<String> {
    const EBUSY: i32 = 16;
    const EINVAL: i32 = 22;
    const EBADMSG: i32 = 74;
    const EOPNOTSUPP: i32 = 95;
    if errno <= 0 || [EBUSY, EINVAL, EBADMSG, EOPNOTSUPP].contains(&errno) {
        return None;
    }
    let text = io::Error::from_raw_os_error(errno).to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    Some(text[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cannot_be_seen_has_no_number() {
        let text = |reason| value_text(reason, 0);
        assert_eq!(text(Reason::PipeOutside), "0 (it has no pid here)");
        assert_eq!(text(Reason::TaskChildren), "0 (it has no pid here)");
        assert_eq!(text(Reason::TaskMissing), "0");
        assert_eq!(value_text(Reason::PipeOutside, 7), "7");
    }
}
