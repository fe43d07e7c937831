// SPDX-License-Identifier: GPL-2.0

//! From the bytes of a field to its meaning, by the generated field table.

use ckpt_image::format::fields::{Field, Layout, Type};
use ckpt_image::format::{ObjectId, TaskId};
use ckpt_image::{field_text, legible};
use serde_json::{json, Map, Value as Json};

/// What a field says.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(u64),
    Signed(i64),
    Hexadecimal(u64),
    Octal(u64),
    Nanoseconds(u64),
    /// All ones: no limit, not set.
    AllOnes(u64),
    Text(String),
    Bytes(Vec<u8>),
    /// A named number, or names of bits.
    Word(String),
    Words(Vec<String>),
    /// A reference; none leads nowhere, and says how.
    Reference(Option<u32>, &'static str),
    Numbers(Vec<u64>),
    /// By name or place; what is all zero is left out.
    List(Vec<(String, Value)>),
    Struct(Fields),
}

pub type Fields = Vec<(&'static str, Value)>;

/// The fields of a fixed part; what it is too short for is zero.
pub fn fields(layout: &Layout, fixed: &[u8]) -> Fields {
    let mut bytes = vec![0; layout.size];
    let known = fixed.len().min(layout.size);
    bytes[..known].copy_from_slice(&fixed[..known]);
    inside(layout, &bytes)
}

fn inside(layout: &Layout, bytes: &[u8]) -> Fields {
    let mut fields = Fields::new();
    for field in layout.fields {
        let part = &bytes[field.offset..field.offset + field.size];
        let is_nothing = part.iter().all(|byte| *byte == 0);
        if field.kind != Type::Reserved || !is_nothing {
            fields.push((field.name, value(field, &field.kind, part)));
        }
    }
    fields
}

fn value(field: &Field, kind: &Type, bytes: &[u8]) -> Value {
    match kind {
        Type::Bytes | Type::Reserved => Value::Bytes(bytes.to_vec()),
        Type::Text => Value::Text(field_text(bytes)),
        Type::Unsigned if field.name.ends_with("_ns") => Value::Nanoseconds(number(bytes)),
        Type::Unsigned if bytes.iter().all(|byte| *byte == 0xff) => Value::AllOnes(number(bytes)),
        Type::Unsigned => Value::Number(number(bytes)),
        Type::Signed => Value::Signed(signed(bytes)),
        Type::Address | Type::Mask => Value::Hexadecimal(number(bytes)),
        Type::Mode => Value::Octal(number(bytes)),
        Type::Object => {
            let id = number(bytes) as u32;
            Value::Reference((id != ObjectId::NONE.get()).then_some(id), "none")
        }
        Type::Task => {
            let task = number(bytes) as u32;
            Value::Reference((task != TaskId::OUTSIDE.get()).then_some(task), "outside")
        }
        Type::Bits(names) => bits(names, number(bytes)),
        Type::One(names) => {
            let number = number(bytes);
            match names.iter().find(|(_, value)| *value == number) {
                Some((name, _)) => Value::Word((*name).to_owned()),
                None => Value::Number(number),
            }
        }
        Type::Struct(layout) => Value::Struct(inside(layout, bytes)),
        Type::Array(count, element) => {
            list(field, *count, element, bytes, |index| index.to_string())
        }
        Type::Named(names, element) => list(field, names.len(), element, bytes, |index| {
            names[index].to_owned()
        }),
    }
}

fn list(
    field: &Field,
    count: usize,
    element: &Type,
    bytes: &[u8],
    name: impl Fn(usize) -> String,
) -> Value {
    let parts = bytes.chunks_exact((bytes.len() / count.max(1)).max(1));
    let shown = parts
        .enumerate()
        .filter(|(_, part)| part.iter().any(|byte| *byte != 0));
    Value::List(
        shown
            .map(|(index, part)| (name(index), value(field, element, part)))
            .collect(),
    )
}

fn bits(names: &[(&str, u64)], number: u64) -> Value {
    let mut words = Vec::new();
    let mut unknown = number;
    for (name, bit) in names {
        if number & bit != 0 {
            words.push((*name).to_owned());
            unknown &= !bit;
        }
    }
    if unknown != 0 {
        words.push(format!("{unknown:#x}"));
    }
    Value::Words(words)
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn signed(bytes: &[u8]) -> i64 {
    let unused = 64 - 8 * bytes.len().clamp(1, 8) as u32;
    (number(bytes) << unused) as i64 >> unused
}

impl Value {
    /// For people, in one line.
    pub fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Signed(number) => number.to_string(),
            Self::Hexadecimal(number) => format!("{number:#x}"),
            Self::Octal(number) => format!("{number:04o}"),
            Self::Numbers(numbers) => numbers
                .iter()
                .map(u64::to_string)
                .collect::<Vec<_>>()
                .join(","),
            Self::Nanoseconds(number) => {
                format!("{}.{:09}s", number / 1_000_000_000, number % 1_000_000_000)
            }
            Self::AllOnes(_) => "all-ones".into(),
            Self::Text(text) => format!("\"{}\"", text.replace('"', "\\x22")),
            Self::Bytes(bytes) => shortened(bytes),
            Self::Word(word) => word.clone(),
            Self::Words(words) if words.is_empty() => "-".into(),
            Self::Words(words) => words.join("|"),
            Self::Reference(Some(number), _) => format!("#{number}"),
            Self::Reference(None, word) => (*word).to_owned(),
            Self::List(items) if items.is_empty() => "-".into(),
            Self::List(items) => {
                let items = items
                    .iter()
                    .map(|(name, value)| format!("{name}:{}", value.text()));
                items.collect::<Vec<_>>().join(" ")
            }
            Self::Struct(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.text()));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(" "))
            }
        }
    }

    /// For programs.
    pub fn json(&self) -> Json {
        match self {
            Self::Number(number) | Self::Nanoseconds(number) | Self::AllOnes(number) => {
                json!(number)
            }
            Self::Signed(number) => json!(number),
            Self::Hexadecimal(_) => json!(self.text()),
            Self::Octal(number) => json!(format!("{number:04o}")),
            Self::Bytes(bytes) => json!(hexadecimal(bytes)),
            Self::Numbers(numbers) => json!(numbers),
            Self::Text(text) | Self::Word(text) => json!(text),
            Self::Words(words) => json!(words),
            Self::Reference(number, _) => json!(number),
            Self::List(items) => {
                let items = items
                    .iter()
                    .map(|(name, value)| (name.clone(), value.json()));
                Json::Object(items.collect())
            }
            Self::Struct(fields) => json_fields(fields),
        }
    }
}

/// Fields as one object.
pub fn json_fields(fields: &Fields) -> Json {
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert((*name).to_owned(), value.json());
    }
    Json::Object(object)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A path.
pub fn path(bytes: &[u8]) -> Value {
    Value::Text(legible(bytes))
}

/// Little-endian numbers of 32 bits.
pub fn numbers(bytes: &[u8]) -> Value {
    Value::Numbers(bytes.chunks_exact(4).map(number).collect())
}

/// Pairs of 64-bit numbers: the first says what the second is.
pub fn pairs(bytes: &[u8]) -> Value {
    let pair = |pair: &[u8]| {
        let (what, value) = pair.split_at(8);
        (number(what).to_string(), Value::Hexadecimal(number(value)))
    };
    Value::List(bytes.chunks_exact(16).map(pair).collect())
}

/// Without the zeros at the end.
fn shortened(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    match bytes.len() - end {
        0..=8 => hexadecimal(bytes),
        zeros => format!("{}+{zeros}*00", hexadecimal(&bytes[..end])),
    }
}
