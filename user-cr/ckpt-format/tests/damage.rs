// SPDX-License-Identifier: GPL-2.0

//! Whatever happens to an image on its way, somebody notices.

use ckpt_format::{Kind, Problem};
use ckpt_image::{verify, ImageError, ImageReader};
use ckpt_samples::{counter, family, records, reseal, Shape};

/// Reads all envelopes and nothing else: what the kernel's reader finds by itself.
fn walk(image: &[u8]) -> Result<u64, ImageError> {
    let mut reader = ImageReader::new(image);
    while reader.next()?.is_some() {}
    reader.expect_end_of_stream()?;
    Ok(reader.records())
}

fn problem(image: &[u8]) -> Option<Problem> {
    match walk(image) {
        Err(ImageError::Format(error)) => Some(error.problem),
        _ => None,
    }
}

#[test]
fn the_samples_are_whole() {
    for (name, image) in ckpt_samples::corpus() {
        let summary = verify(&image[..]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(summary.bytes, image.len() as u64, "{name}");
        assert_eq!(summary.records, records(&image).len() as u64, "{name}");
    }
}

#[test]
fn every_kind_occurs_in_the_family() {
    let image = family();
    let mut reader = ImageReader::new(&image[..]);
    let mut seen = Vec::new();
    while let Some(record) = reader.next().unwrap() {
        seen.extend(record.kind);
    }
    for kind in Kind::ALL {
        assert!(seen.contains(kind), "add a {kind:?} to tests-cr/samples");
    }
}

#[test]
fn an_image_may_end_nowhere_but_at_its_end() {
    let image = Shape::SMALL_PAGES.image();
    for length in 0..image.len() {
        let problem = problem(&image[..length]);
        assert_eq!(
            problem,
            Some(Problem::Truncated),
            "cut after {length} bytes"
        );
    }
}

#[test]
fn nothing_may_follow_the_end() {
    let mut image = counter();
    image.push(0);
    assert!(matches!(
        verify(&image[..]),
        Err(ImageError::Trailing { .. })
    ));
}

#[test]
fn every_flipped_bit_is_found() {
    let image = Shape::SMALL_PAGES.image();
    let mut damaged = image.clone();
    for bit in 0..image.len() * 8 {
        let (byte, mask) = (bit / 8, 1 << (bit % 8));
        damaged[byte] ^= mask;
        assert!(walk(&damaged).is_err(), "bit {bit} of byte {byte}");
        damaged[byte] ^= mask;
    }
}

#[test]
fn every_dropped_record_is_found() {
    let image = Shape::SMALL_PAGES.image();
    let all = records(&image);
    for index in 0..all.len() {
        let mut others = all.clone();
        let dropped = others.remove(index);
        let mut rest = others.concat();
        let is_last = index == all.len() - 1;
        let found = if is_last {
            Problem::Truncated
        } else {
            Problem::Checksum
        };
        assert!(
            problem(&rest) == Some(found) || index == 0,
            "record {index}: {:?}",
            problem(&rest)
        );
        // Whoever drops it on purpose can make the checksums right, but not the counts.
        reseal(&mut rest);
        assert!(
            verify(&rest[..]).is_err(),
            "record {index}, {} bytes",
            dropped.len()
        );
    }
}

#[test]
fn every_doubled_record_is_found() {
    let image = Shape::SMALL_PAGES.image();
    let all = records(&image);
    for index in 0..all.len() - 1 {
        let mut more = all.clone();
        more.insert(index, all[index]);
        let mut more = more.concat();
        assert_eq!(problem(&more), Some(Problem::Checksum), "record {index}");
        reseal(&mut more);
        assert!(verify(&more[..]).is_err(), "record {index}");
    }
}

#[test]
fn every_pair_of_swapped_records_is_found() {
    let image = Shape::SMALL_PAGES.image();
    let all = records(&image);
    for left in 0..all.len() {
        for right in left + 1..all.len() {
            let mut swapped = all.clone();
            swapped.swap(left, right);
            assert!(
                walk(&swapped.concat()).is_err(),
                "records {left} and {right}"
            );
        }
    }
}

#[test]
fn a_record_of_another_image_is_found() {
    let image = Shape::SMALL_PAGES.image();
    let other = Shape::ANOTHER.image();
    let (mine, theirs) = (records(&image), records(&other));
    assert_eq!(mine.len(), theirs.len());
    for index in 1..mine.len() {
        let mut mixed = mine.clone();
        mixed[index] = theirs[index];
        assert_eq!(
            problem(&mixed.concat()),
            Some(Problem::Checksum),
            "record {index}"
        );
    }
}

#[test]
fn something_else_is_not_an_image() {
    for other in [
        &b"#!/bin/sh\necho hello world, this is not an image"[..],
        &[0; 64],
        &[0xff; 64],
    ] {
        assert_eq!(problem(other), Some(Problem::Magic));
    }
}
