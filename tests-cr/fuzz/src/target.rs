// SPDX-License-Identifier: GPL-2.0

//! What is done with each image, and what must hold whatever it is.

use std::io;

use ckpt_image::log::{parse_log, to_json, Sentence};
use ckpt_image::{read_prefix, verify, ImageReader, ImageWriter};
use ckptinfo::show::{self, Shown};
use restart::pids::{births, Pids};

/// Reads the bytes in every way there is. Panics if something is wrong with a reader. True if the
/// bytes are an image, and a whole one.
pub fn target(bytes: &[u8]) -> bool {
    let verdict = verify(bytes);
    let mut prefix = read_prefix(&mut &bytes[..]);
    if let Ok(prefix) = &mut prefix {
        assert!(
            bytes.starts_with(&prefix.bytes),
            "the prefix is not what was read"
        );
        assert_eq!(
            prefix.members.len() as u64,
            u64::from(prefix.header.tasks.get())
        );
        // What is to be mounted stays for as long as the tool does.
        prefix.terminals = None;
        for pids in [Pids::New, Pids::OwnNamespace] {
            if let Ok(births) = births(prefix, pids) {
                assert!(births.actors.len() >= prefix.members.len());
            }
        }
    }
    for json in [false, true] {
        let shown = Shown {
            json,
            kinds: Vec::new(),
        };
        let outcome = show::image(bytes, &shown, &mut io::sink());
        assert!(
            outcome.is_ok() || verdict.is_err(),
            "whole, but not to be shown: {outcome:?}"
        );
    }
    if let Ok(log) = parse_log(bytes) {
        for record in &log {
            assert!(!Sentence(record).to_string().contains('\u{1b}'));
            assert!(to_json(record).is_object());
        }
    }
    match verdict {
        Ok(summary) => {
            assert_eq!(summary.bytes, bytes.len() as u64);
            assert!(
                prefix.is_ok(),
                "whole, but without a prefix: {:?}",
                prefix.err()
            );
            rewrite(bytes);
            true
        }
        Err(error) => {
            assert!(error.offset() <= bytes.len() as u64, "{error}");
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

/// A whole image, written anew, is the same image.
fn rewrite(bytes: &[u8]) {
    let mut reader = ImageReader::new(bytes);
    let mut writer = ImageWriter::new(Vec::new());
    while let Ok(Some(record)) = reader.next() {
        let Some(kind) = record.kind else {
            // Skipped kinds cannot be written.
            return;
        };
        assert!(writer.write_raw(kind, record.fixed, record.tail).is_ok());
    }
    assert!(
        writer.abandon() == bytes,
        "written anew it is another image"
    );
}
