// SPDX-License-Identifier: GPL-2.0

//! The field table of the tools, in Rust, with assertions that rustc comes to the same layouts.

use super::model::{family_of, Constant, Declaration, Field, Shape, Struct, Width};
use super::names;

const HEAD: &str = r#"// SPDX-License-Identifier: GPL-2.0

//! The fields of every struct of the format, as a table.
//!
//! Do not edit: generated from FORMAT by
//! `COMMAND`

use crate::{decode, Frame, FormatError, Kind};

/// How the bytes of a field are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Type {
    /// Bytes without a meaning of their own.
    Bytes,
    /// Text, zero padded.
    Text,
    /// An unsigned number of as many bytes as the field has.
    Unsigned,
    /// A signed number.
    Signed,
    /// An address.
    Address,
    /// Bits, or a number that is read in hexadecimal.
    Mask,
    /// Rights of a file, read in octal.
    Mode,
    /// The number of an object.
    Object,
    /// The place of a task.
    Task,
    /// Bits with names.
    Bits(&'static [(&'static str, u64)]),
    /// A number with a name.
    One(&'static [(&'static str, u64)]),
    /// Must be zero.
    Reserved,
    /// Fields of its own.
    Struct(&'static Layout),
    /// So many of the same.
    Array(usize, &'static Type),
    /// As many of the same as there are names.
    Named(&'static [&'static str], &'static Type),
}

/// One field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Where it begins in the struct.
    pub offset: usize,
    /// Its bytes.
    pub size: usize,
    /// What they are.
    pub kind: Type,
}

/// One struct.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Layout {
    /// Its name.
    pub name: &'static str,
    /// Its bytes.
    pub size: usize,
    /// Its fields, in order, without gaps.
    pub fields: &'static [Field],
}

const fn field(name: &'static str, offset: usize, size: usize, kind: Type) -> Field {
    Field { name, offset, size, kind }
}
"#;

/// The whole text, but for its layout.
pub fn text(declaration: &Declaration) -> Result<String, String> {
    let mut out = HEAD
        .replace("FORMAT", super::FORMAT)
        .replace("COMMAND", super::COMMAND);
    dispatch(declaration, &mut out);
    for (room, found) in declaration.structs() {
        layout(declaration, found, &mut out)?;
        let path = format!("crate::{}::{}", room.name, found.name);
        let path = if room.name == "record" {
            format!("crate::{}", found.name)
        } else {
            path
        };
        out.push_str("const _: () = {\n");
        out.push_str(&format!(
            "assert!(size_of::<{path}>() == {});\n",
            found.size
        ));
        for field in &found.fields {
            out.push_str(&format!(
                "assert!(core::mem::offset_of!({path}, {}) == {});\n",
                field.name, field.offset
            ));
        }
        out.push_str("};\n");
    }
    values(declaration, &mut out)?;
    Ok(out.replace("size_of::<", "core::mem::size_of::<"))
}

/// What goes from a kind to its struct.
fn dispatch(declaration: &Declaration, out: &mut String) {
    out.push_str(
        "\n/// The fixed part of a kind.\npub const fn of(kind: Kind) -> &'static Layout {\n",
    );
    out.push_str("match kind {\n");
    for kind in &declaration.kinds {
        out.push_str(&format!("Kind::{} => &{},\n", kind.name, table(&kind.name)));
    }
    out.push_str("}\n}\n");
    out.push_str("\n/// Decodes a payload as whatever its envelope says and forgets it: is it well-formed?\n");
    out.push_str("pub fn check(frame: &Frame, payload: &[u8]) -> Result<(), FormatError> {\n");
    out.push_str("let Some(kind) = frame.kind() else {\nreturn Ok(());\n};\nmatch kind {\n");
    for kind in &declaration.kinds {
        let owner = declaration
            .structs()
            .find(|(_, found)| found.name == kind.name);
        let room = owner.map_or("", |(room, _)| &room.name);
        let path = format!("crate::{room}::{}", kind.name);
        out.push_str(&format!(
            "Kind::{} => decode::<{path}>(frame, payload).map(drop),\n",
            kind.name
        ));
    }
    out.push_str("}\n}\n");
}

fn table(name: &str) -> String {
    names::snake(name).to_uppercase()
}

fn layout(declaration: &Declaration, found: &Struct, out: &mut String) -> Result<(), String> {
    out.push_str(&format!(
        "\n/// The fields of `{}`.\npub static {}: Layout = Layout {{\nname: \"{}\",\nsize: {},\nfields: &[\n",
        found.name, table(&found.name), found.name, found.size
    ));
    for field in &found.fields {
        let kind = meaning(declaration, field)?;
        out.push_str(&format!(
            "field(\"{}\", {}, {}, {kind}),\n",
            field.name, field.offset, field.size
        ));
    }
    out.push_str("],\n};\n");
    Ok(())
}

fn meaning(declaration: &Declaration, field: &Field) -> Result<String, String> {
    if field.name.starts_with("reserved") {
        return Ok("Type::Reserved".into());
    }
    for (phrase, bits, word) in [("bits of", true, "Bits"), ("one of", false, "One")] {
        let Some(prefix) = family_of(&field.doc, phrase) else {
            continue;
        };
        let family = declaration.family(&prefix, bits);
        if !family.is_empty() {
            return Ok(format!(
                "Type::{word}(&[{}])",
                named(declaration, &prefix, &family)?
            ));
        }
    }
    if let Shape::Array(element, length) = &field.shape {
        // A comment that is nothing but a name for each element.
        let doc = field.doc.join(" ");
        let words: Vec<&str> = doc.trim_end_matches('.').split_whitespace().collect();
        if words.len() == length.count && **element != Shape::Byte {
            let inner = plain(element, false);
            return Ok(format!("Type::Named(&{words:?}, &{inner})"));
        }
    }
    let is_text = field.doc.join(" ").to_lowercase().contains("zero padded");
    Ok(plain(&field.shape, is_text))
}

fn named(declaration: &Declaration, prefix: &str, family: &[&Constant]) -> Result<String, String> {
    let mut rows = Vec::new();
    for found in family {
        let short = found.name.trim_start_matches(prefix);
        rows.push(format!(
            "(\"{short}\", {:#x})",
            declaration.value(&found.name)?
        ));
    }
    Ok(rows.join(", "))
}

fn plain(shape: &Shape, is_text: bool) -> String {
    let word = match shape {
        Shape::Unsigned(_) => "Unsigned",
        Shape::Signed(_) => "Signed",
        Shape::Address => "Address",
        Shape::Mask(_) => "Mask",
        Shape::Mode(_) => "Mode",
        Shape::Object => "Object",
        Shape::Task => "Task",
        Shape::Byte => "Bytes",
        Shape::Array(element, _) if **element == Shape::Byte && is_text => "Text",
        Shape::Array(element, _) if **element == Shape::Byte => "Bytes",
        Shape::Struct(name) => return format!("Type::Struct(&{})", table(name)),
        Shape::Array(element, length) => {
            let inner = plain(element, is_text);
            return format!("Type::Array({}, &{inner})", length.count);
        }
    };
    format!("Type::{word}")
}

/// The generator's own arithmetic, checked by the compiler.
fn values(declaration: &Declaration, out: &mut String) -> Result<(), String> {
    out.push_str("\nconst _: () = {\n");
    for (room, found) in declaration.constants() {
        // Those of a type are of that type; texts are not numbers.
        if !found.is_public || found.width == Width::Text || found.name.contains("::") {
            continue;
        }
        let value = declaration.value(&found.name)?;
        out.push_str(&format!(
            "assert!(crate::{}::{} == {value:#x});\n",
            room.name, found.name
        ));
    }
    out.push_str("};\n");
    Ok(())
}
