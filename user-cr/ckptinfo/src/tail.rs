// SPDX-License-Identifier: GPL-2.0

//! What follows the fixed part of a record.

use ckpt_image::format::files::Directories;
use ckpt_image::format::storage::StorageAttribute;
use ckpt_image::format::Kind;
use ckpt_image::RecordView;

use crate::value::{numbers, pairs, path, Fields, Value};

/// The tail, decoded; bulk data only by its length.
pub fn fields(record: &RecordView<'_>) -> Fields {
    let tail = record.tail;
    if tail.is_empty() {
        return Fields::new();
    }
    match record.kind {
        Some(Kind::Pid) => vec![("numbers", numbers(tail))],
        Some(Kind::OpenFile) => vec![("path", path(tail))],
        Some(Kind::Storage | Kind::Pipe | Kind::Handed) => vec![("name", path(tail))],
        Some(Kind::Area) => vec![("name", path(tail))],
        Some(Kind::Identity) => vec![("group_ids", numbers(tail))],
        Some(Kind::AddressSpace) => vec![("auxiliary_vector", pairs(tail))],
        Some(Kind::Scheduling) => vec![("cpus", cpus(tail))],
        Some(Kind::Directories) => directories(record),
        Some(Kind::StorageAttribute) => attribute(record),
        _ => vec![("bytes", Value::Number(tail.len() as u64))],
    }
}

fn directories(record: &RecordView<'_>) -> Fields {
    let lengths = record.decode::<Directories>();
    let root = lengths.map_or(0, |record| record.root_length.get() as usize);
    match record.tail.split_at_checked(root) {
        Some((root, cwd)) => vec![("root", path(root)), ("cwd", path(cwd))],
        None => vec![("paths", path(record.tail))],
    }
}

fn attribute(record: &RecordView<'_>) -> Fields {
    let lengths = record.decode::<StorageAttribute>();
    let name = lengths.map_or(0, |record| record.name_length.get() as usize);
    match record.tail.split_at_checked(name) {
        Some((name, value)) => vec![("name", path(name)), ("value", path(value))],
        None => vec![("bytes", Value::Number(record.tail.len() as u64))],
    }
}

/// `0-3,8`, as in `taskset -c`.
fn cpus(mask: &[u8]) -> Value {
    let is_set = |cpu: usize| {
        mask.get(cpu / 8)
            .is_some_and(|byte| byte >> (cpu % 8) & 1 == 1)
    };
    let mut ranges = Vec::new();
    let mut cpu = 0;
    while cpu < mask.len() * 8 {
        let first = cpu;
        while is_set(cpu) {
            cpu += 1;
        }
        match cpu - first {
            0 => {}
            1 => ranges.push(first.to_string()),
            _ => ranges.push(format!("{first}-{}", cpu - 1)),
        }
        cpu += 1;
    }
    Value::Word(ranges.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpus_read_like_taskset() {
        assert_eq!(cpus(&[0b0000_1111, 0b1]), Value::Word("0-3,8".into()));
        assert_eq!(cpus(&[0xff, 0xff]), Value::Word("0-15".into()));
    }
}
