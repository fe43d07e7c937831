// SPDX-License-Identifier: GPL-2.0

//! Rules that hold for every record, checked over the generated field table.

use ckpt_format::fields::{check, of, Layout, Type};
use ckpt_format::{seal, Frame, Kind, Problem, RecordHeader, Sequence};
use ckpt_image::ImageReader;

/// The first record of each kind in the family, fixed part and tail.
fn examples() -> Vec<(Kind, Vec<u8>, Vec<u8>)> {
    let image = ckpt_samples::family();
    let mut reader = ImageReader::new(&image[..]);
    let mut examples: Vec<(Kind, Vec<u8>, Vec<u8>)> = Vec::new();
    while let Some(record) = reader.next().unwrap() {
        let kind = record.kind.unwrap();
        if examples.iter().all(|(known, ..)| *known != kind) {
            examples.push((kind, record.fixed.to_vec(), record.tail.to_vec()));
        }
    }
    assert_eq!(examples.len(), Kind::ALL.len());
    examples
}

fn frame(kind: Kind, fixed: u32, tail: u64) -> Frame {
    let mut sequence = Sequence::new();
    if kind != Kind::Header {
        seal(&mut sequence, Kind::Header, 0, 0, |checksum| checksum);
    }
    let header = RecordHeader {
        kind: kind.number().into(),
        fixed: fixed.into(),
        length: (u64::from(fixed) + tail).into(),
        checksum: 0.into(),
        reserved: 0.into(),
    };
    sequence.open(&header).unwrap()
}

fn problem(kind: Kind, fixed: &[u8], tail: &[u8]) -> Option<Problem> {
    let frame = frame(kind, fixed.len() as u32, tail.len() as u64);
    check(&frame, &[fixed, tail].concat())
        .err()
        .map(|error| error.problem)
}

#[test]
fn every_reserved_byte_is_refused() {
    for (kind, fixed, tail) in examples() {
        assert_eq!(problem(kind, &fixed, &tail), None, "{kind:?}");
        for field in of(kind)
            .fields
            .iter()
            .filter(|field| field.kind == Type::Reserved)
        {
            for byte in field.offset..field.offset + field.size {
                let mut wrong = fixed.clone();
                wrong[byte] = 0x80;
                let expected = Some(Problem::Value(field.name, 0x80));
                assert_eq!(
                    problem(kind, &wrong, &tail),
                    expected,
                    "{kind:?}, byte {byte}"
                );
            }
        }
    }
}

#[test]
fn every_bit_without_a_name_is_refused() {
    for (kind, fixed, tail) in examples() {
        for field in of(kind).fields {
            let Type::Bits(names) = field.kind else {
                continue;
            };
            let known = names.iter().fold(0, |known, (_, bit)| known | bit);
            for bit in 0..field.size * 8 {
                let mut other = fixed.clone();
                other[field.offset + bit / 8] |= 1 << (bit % 8);
                let is_refused = problem(kind, &other, &tail).is_some();
                let name = field.name;
                assert_eq!(
                    is_refused,
                    known & 1 << bit == 0,
                    "{kind:?}, {name}, bit {bit}"
                );
            }
        }
    }
}

#[test]
fn every_number_without_a_name_is_refused() {
    for (kind, fixed, tail) in examples() {
        for field in of(kind).fields {
            let Type::One(names) = field.kind else {
                continue;
            };
            let most = names.iter().map(|(_, value)| *value).max().unwrap();
            let nameless = |value: &u64| !names.iter().any(|(_, named)| named == value);
            let values = [0, most + 1, u64::from(u32::MAX)];
            for value in values.into_iter().filter(nameless) {
                let mut other = fixed.clone();
                let place = field.offset..field.offset + field.size;
                other[place].copy_from_slice(&value.to_le_bytes()[..field.size]);
                assert!(
                    problem(kind, &other, &tail).is_some(),
                    "{kind:?}, {}",
                    field.name
                );
            }
        }
    }
}

#[test]
fn fields_leave_no_gaps() {
    fn walk(layout: &Layout) {
        let mut offset = 0;
        for field in layout.fields {
            assert_eq!(field.offset, offset, "{}.{}", layout.name, field.name);
            offset += field.size;
            if let Type::Struct(inner) | Type::Array(_, &Type::Struct(inner)) = field.kind {
                walk(inner);
            }
        }
        assert_eq!(layout.size, offset, "{}", layout.name);
    }
    for kind in Kind::ALL {
        walk(of(*kind));
        assert!(of(*kind).size <= Kind::LONGEST_FIXED as usize);
    }
}

#[test]
fn a_declared_object_is_the_first_field() {
    for kind in Kind::ALL {
        let first = of(*kind).fields[0];
        let declares = first.name == "id" && first.kind == Type::Object;
        assert_eq!(kind.declares_object(), declares, "{kind:?}");
    }
}

#[test]
fn longer_and_shorter_fixed_parts_of_every_kind() {
    for (kind, fixed, tail) in examples() {
        let longer = [&fixed[..], &[0; 8]].concat();
        assert_eq!(problem(kind, &longer, &tail), None, "{kind:?}");
        let unknown = [&fixed[..], &[0, 0, 0, 1]].concat();
        assert_eq!(
            problem(kind, &unknown, &tail),
            Some(Problem::UnknownTail),
            "{kind:?}"
        );
        // Whatever is missing is zero, which may not be allowed there; but nothing worse happens.
        for length in 0..fixed.len() {
            let _ = problem(kind, &fixed[..length], &tail);
        }
    }
}
