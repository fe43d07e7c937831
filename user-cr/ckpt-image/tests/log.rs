// SPDX-License-Identifier: GPL-2.0

//! What the kernel says, in words.

use ckpt_image::format::calls::{LogRecord, LOG_NONE};
use ckpt_image::format::reason::Reason;
use ckpt_image::format::Kind;
use ckpt_image::log::{parse_log, to_json, Sentence};
use zerocopy::{FromZeros, IntoBytes};

fn padded<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut field = [0; N];
    field[..text.len()].copy_from_slice(text);
    field
}

/// A record that names no place.
fn record(reason: Reason) -> LogRecord {
    LogRecord {
        size: (size_of::<LogRecord>() as u32).into(),
        reason: (reason as u32).into(),
        errno: 95.into(),
        fd: (-1).into(),
        address: LOG_NONE.into(),
        offset: LOG_NONE.into(),
        ..LogRecord::new_zeroed()
    }
}

fn open_file(name: &[u8]) -> LogRecord {
    LogRecord {
        task: 214.into(),
        comm: padded(b"nginx"),
        fd: 7.into(),
        name: padded(name),
        ..record(Reason::FileKind)
    }
}

#[test]
fn sentences() {
    let area = LogRecord {
        task: 9.into(),
        address: 0x7f00_0000_1000.into(),
        value: 0x400.into(),
        ..record(Reason::AreaFlags)
    };
    let missing = LogRecord {
        errno: 2.into(),
        task: 5.into(),
        comm: padded(b"sh"),
        name: padded(b"/etc/\x1b[2Jmotd"),
        ..record(Reason::FileMissing)
    };
    let damaged = LogRecord {
        errno: 74.into(),
        kind: Kind::Area.number().into(),
        offset: 4096.into(),
        ..record(Reason::ImageChecksum)
    };
    let unknown = LogRecord {
        reason: 9999.into(),
        name: padded(b"x"),
        value: 3.into(),
        ..record(Reason::Empty)
    };
    for (log, expected) in [
        (
            open_file(b"io_uring"),
            "task 214 (nginx), fd 7: io_uring is not supported",
        ),
        (
            area,
            "task 9, address 0x7f0000001000: memory with kernel flags 0x400 is not supported",
        ),
        (
            missing,
            "task 5 (sh): cannot open /etc/\\x1b[2Jmotd (No such file or directory)",
        ),
        (
            damaged,
            "image offset 4096, Area (0x20): the checksum does not match",
        ),
        (
            LogRecord {
                value: 0x34.into(),
                ..record(Reason::ImageOrder)
            },
            "a record of kind RegistersX86_64 (0x34) may not stand here",
        ),
        (
            LogRecord {
                value: 0x99.into(),
                ..record(Reason::ImageUnknown)
            },
            "a record of the unknown kind 0x99",
        ),
        (record(Reason::Empty), "there is no task in the cgroup"),
        (unknown, "reason 9999 of a newer kernel (x, 3)"),
    ] {
        assert_eq!(Sentence(&log).to_string(), expected);
    }
    assert_eq!(
        Sentence(&open_file(b"x")).advice(),
        Reason::FileKind.advice()
    );
}

#[test]
fn json() {
    let known = concat!(
        r#"{"reason":"FileKind","number":50,"errno":95,"task":214,"comm":"nginx","fd":7,"#,
        r#""value":0,"name":"io_uring","message":"task 214 (nginx), fd 7: io_uring is not "#,
        r#"supported","advice":"#
    );
    let expected = format!("{known}{:?}}}", Reason::FileKind.advice());
    assert_eq!(to_json(&open_file(b"io_uring")).to_string(), expected);
}

#[test]
fn a_log_of_an_older_or_a_newer_kernel_is_read() {
    let whole = open_file(b"pipe");
    let mut older = whole.as_bytes()[..100].to_vec();
    older[..4].copy_from_slice(&100_u32.to_le_bytes());
    let mut newer = [whole.as_bytes(), &[7; 24]].concat();
    let size = newer.len() as u32;
    newer[..4].copy_from_slice(&size.to_le_bytes());
    let bytes = [whole.as_bytes(), &older, &newer, whole.as_bytes()].concat();
    let log = parse_log(&bytes).unwrap();
    assert_eq!(log.len(), 4);
    assert_eq!(log[1].fd.get(), 7);
    assert!(log[2].name == whole.name && log[3].name == whole.name);
}

#[test]
fn a_log_that_makes_no_sense_is_refused() {
    let whole = open_file(b"pipe");
    let bytes = whole.as_bytes();
    for length in 1..bytes.len() {
        assert!(parse_log(&bytes[..length]).is_err(), "{length}");
    }
    for size in [0_u32, 3, u32::MAX] {
        let mut wrong = bytes.to_vec();
        wrong[..4].copy_from_slice(&size.to_le_bytes());
        assert!(parse_log(&wrong).is_err(), "{size}");
    }
    assert!(parse_log(&[]).unwrap().is_empty());
}

#[test]
fn every_reason_reads_as_a_sentence() {
    for reason in Reason::ALL {
        let log = LogRecord {
            value: 12.into(),
            name: padded(b"NAME"),
            ..record(*reason)
        };
        let text = Sentence(&log).to_string();
        assert!(!text.contains(['{', '}']), "{text}");
        assert!(!text.ends_with('.'), "{text}");
    }
}
