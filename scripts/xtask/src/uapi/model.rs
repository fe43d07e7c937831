// SPDX-License-Identifier: GPL-2.0

//! The declaration, understood.

use std::fmt;

use super::evaluate::Expression;

/// Everything that the format declares, in the order of its files.
#[derive(Debug, Default)]
pub struct Declaration {
    pub rooms: Vec<Room>,
    pub kinds: Vec<Kind>,
    pub reasons: Vec<Reason>,
}

/// One file.
#[derive(Debug, Default)]
pub struct Room {
    /// Its name without `.rs`.
    pub name: String,
    pub doc: Doc,
    pub items: Vec<Item>,
    /// What `record!` says.
    pub records: Vec<Checks>,
}

#[derive(Debug)]
pub enum Item {
    Constant(Constant),
    Struct(Struct),
}

/// Paragraphs of a doc comment, still in Rust's words.
pub type Doc = Vec<String>;

#[derive(Clone, Debug)]
pub struct Place {
    pub file: String,
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

#[derive(Debug)]
pub struct Constant {
    /// In Rust; `Type::NAME` if it belongs to a type.
    pub name: String,
    pub doc: Doc,
    pub is_public: bool,
    pub width: Width,
    pub value: Expression,
    pub place: Place,
}

/// The type of a constant, as far as C cares.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Width {
    Bits32,
    Bits64,
    Size,
    Text,
}

#[derive(Debug)]
pub struct Struct {
    pub name: String,
    pub doc: Doc,
    pub fields: Vec<Field>,
    pub size: usize,
    pub place: Place,
}

#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub doc: Doc,
    pub shape: Shape,
    pub offset: usize,
    pub size: usize,
    pub place: Place,
}

/// The type of a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Shape {
    Byte,
    Unsigned(usize),
    Signed(usize),
    /// An address: a number that is read in hexadecimal.
    Address,
    /// A set of bits with meanings from elsewhere: the same.
    Mask(usize),
    /// Rights of a file: read in octal.
    Mode(usize),
    Object,
    Task,
    Struct(String),
    Array(Box<Shape>, Length),
}

/// How many elements: a number, and the constant that says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Length {
    pub count: usize,
    pub name: Option<String>,
}

/// What `record!` says of a struct.
#[derive(Debug)]
pub struct Checks {
    pub name: String,
    pub zero: Vec<String>,
    /// Field and the names of the constants in its mask.
    pub bits: Vec<(String, Vec<String>)>,
    pub one: Vec<(String, Vec<String>)>,
    pub place: Place,
}

#[derive(Debug)]
pub struct Kind {
    pub name: String,
    pub number: u32,
    pub since: u32,
    pub doc: Doc,
    pub place: Place,
}

#[derive(Debug)]
pub struct Reason {
    pub name: String,
    pub number: u32,
    pub sentence: String,
    pub advice: String,
}

impl Declaration {
    pub fn structs(&self) -> impl Iterator<Item = (&Room, &Struct)> {
        self.rooms.iter().flat_map(|room| {
            room.items.iter().filter_map(move |item| match item {
                Item::Struct(found) => Some((room, found)),
                Item::Constant(_) => None,
            })
        })
    }

    pub fn constants(&self) -> impl Iterator<Item = (&Room, &Constant)> {
        self.rooms.iter().flat_map(|room| {
            room.items.iter().filter_map(move |item| match item {
                Item::Constant(found) => Some((room, found)),
                Item::Struct(_) => None,
            })
        })
    }

    pub fn constant(&self, name: &str) -> Option<&Constant> {
        let mut all = self.constants();
        all.find(|(_, found)| found.name == name)
            .map(|(_, found)| found)
    }

    pub fn checks(&self, name: &str) -> Option<&Checks> {
        let mut all = self.rooms.iter().flat_map(|room| &room.records);
        all.find(|checks| checks.name == name)
    }

    /// The value of a constant.
    pub fn value(&self, name: &str) -> Result<u64, String> {
        let found = self.constant(name).ok_or(format!("no constant {name}"))?;
        found
            .value
            .evaluate(self)
            .map_err(|error| format!("{}: {error}", found.place))
    }

    /// Public constants whose names begin so: single bits, or whole values.
    pub fn family(&self, prefix: &str, bits: bool) -> Vec<&Constant> {
        self.constants()
            .map(|(_, found)| found)
            .filter(|found| found.is_public && found.name.starts_with(prefix))
            .filter(|found| found.value.is_single_bit() == bits)
            .collect()
    }
}

impl Shape {
    pub fn align(&self) -> usize {
        match self {
            Self::Byte => 1,
            Self::Unsigned(size) | Self::Signed(size) | Self::Mask(size) | Self::Mode(size) => {
                *size
            }
            Self::Address => 8,
            Self::Object | Self::Task => 4,
            // Each struct is checked to be a multiple of eight, or to hold nothing wider than four.
            Self::Struct(_) => 4,
            Self::Array(element, _) => element.align(),
        }
    }
}

/// `MEMBER_` for a text that says "Bits of `MEMBER_*`".
pub fn family_of(doc: &Doc, phrase: &str) -> Option<String> {
    let text = doc.join(" ");
    let at = text.to_ascii_lowercase().find(phrase)?;
    let name = text.get(at + phrase.len()..)?.strip_prefix(" `")?;
    let (prefix, _) = name.split_once("*`")?;
    prefix.ends_with('_').then(|| prefix.to_owned())
}
