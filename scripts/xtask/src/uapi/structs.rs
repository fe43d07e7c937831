// SPDX-License-Identifier: GPL-2.0

//! Structs: which types a field may have, and where it lies.

use std::collections::HashMap;

use quote::ToTokens;
use syn::{Fields, ItemStruct, Type};

use super::model::{Declaration, Field, Item, Length, Shape, Struct};
use super::parse::{doc, Source};

/// Without these a struct may have padding, or cannot be read from bytes.
const DERIVES: [&str; 5] = [
    "FromBytes",
    "Immutable",
    "IntoBytes",
    "KnownLayout",
    "Unaligned",
];

/// A struct of the image or of the system calls; none for the references, which are numbers.
pub fn parse(source: &Source, found: &ItemStruct) -> Result<Option<Struct>, String> {
    let attributes: Vec<String> = found
        .attrs
        .iter()
        .map(|attribute| attribute.to_token_stream().to_string().replace(' ', ""))
        .collect();
    let has = |text: &str| attributes.iter().any(|attribute| attribute == text);
    let derives: String = attributes
        .iter()
        .filter(|one| one.contains("derive("))
        .cloned()
        .collect();
    let missing = DERIVES.iter().find(|name| !derives.contains(*name));
    if let Some(missing) = missing {
        return source.refuse(
            &found.ident,
            format!("{} does not derive {missing}", found.ident),
        );
    }
    if !found.generics.params.is_empty() {
        return source.refuse(&found.ident, "C has no generics");
    }
    if has("#[repr(transparent)]")
        && ["ObjectId", "TaskId"].contains(&found.ident.to_string().as_str())
    {
        return Ok(None);
    }
    if !has("#[repr(C)]") {
        return source.refuse(&found.ident, format!("{} is not #[repr(C)]", found.ident));
    }
    let Fields::Named(named) = &found.fields else {
        return source.refuse(&found.ident, "fields need names");
    };
    let mut fields = Vec::new();
    for field in &named.named {
        let name = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let built = Field {
            doc: doc(&field.attrs),
            shape: shape(source, &field.ty)?,
            offset: 0,
            size: 0,
            place: source.place(&field.ident),
            name,
        };
        if built.doc.is_empty() {
            return source.refuse(&field.ident, format!("{} has no doc comment", built.name));
        }
        fields.push(built);
    }
    let built = Struct {
        name: found.ident.to_string(),
        doc: doc(&found.attrs),
        fields,
        size: 0,
        place: source.place(&found.ident),
    };
    if built.doc.is_empty() {
        return source.refuse(&found.ident, format!("{} has no doc comment", built.name));
    }
    Ok(Some(built))
}

fn shape(source: &Source, kind: &Type) -> Result<Shape, String> {
    match kind {
        Type::Path(path) => {
            let last = path.path.segments.last().map(|last| last.ident.to_string());
            Ok(match last.as_deref().unwrap_or_default() {
                "u8" => Shape::Byte,
                "U16" => Shape::Unsigned(2),
                "U32" => Shape::Unsigned(4),
                "U64" => Shape::Unsigned(8),
                "I16" => Shape::Signed(2),
                "I32" => Shape::Signed(4),
                "I64" => Shape::Signed(8),
                "Address" => Shape::Address,
                "Mode" => Shape::Mode(4),
                "Mask32" => Shape::Mask(4),
                "Mask64" => Shape::Mask(8),
                "ObjectId" => Shape::Object,
                "TaskId" => Shape::Task,
                plain @ ("bool" | "char" | "i8" | "u16" | "u32" | "u64" | "i16" | "i32" | "i64"
                | "usize" | "isize" | "f32" | "f64") => {
                    let why =
                        format!("{plain} has no byte order or no fixed layout: use U32, I64, ...");
                    return source.refuse(kind, why);
                }
                name if path
                    .path
                    .segments
                    .iter()
                    .all(|part| part.arguments.is_none()) =>
                {
                    Shape::Struct(name.to_owned())
                }
                _ => return source.refuse(kind, "C has no generics"),
            })
        }
        Type::Array(array) => {
            let text = array.len.to_token_stream().to_string().replace(' ', "");
            let name = text.rsplit("::").next().unwrap_or_default();
            let length = match text.parse() {
                Ok(count) => Length { count, name: None },
                Err(_) => Length {
                    count: 0,
                    name: Some(name.to_owned()),
                },
            };
            Ok(Shape::Array(Box::new(shape(source, &array.elem)?), length))
        }
        _ => source.refuse(
            kind,
            format!("C has no field of type `{}`", kind.to_token_stream()),
        ),
    }
}

/// Gives every array its length, every field its place and every struct its size.
pub fn lay_out(declaration: &mut Declaration) -> Result<(), String> {
    let mut lengths = HashMap::new();
    for (_, constant) in declaration.constants() {
        if let Ok(value) = constant.value.evaluate(declaration) {
            lengths.insert(constant.name.clone(), value as usize);
        }
    }
    // Structs inside of structs may be declared later: go on until nothing is missing.
    let mut sizes: HashMap<String, usize> = HashMap::new();
    let total = declaration.structs().count();
    let mut problem = None;
    for _ in 0..=total {
        problem = None;
        for room in &mut declaration.rooms {
            for item in &mut room.items {
                let Item::Struct(found) = item else {
                    continue;
                };
                match place_fields(found, &lengths, &sizes) {
                    Ok(()) => {
                        sizes.insert(found.name.clone(), found.size);
                    }
                    Err(why) => problem = Some(why),
                }
            }
        }
        if problem.is_none() {
            break;
        }
    }
    problem.map_or(Ok(()), Err)
}

fn place_fields(
    found: &mut Struct,
    lengths: &HashMap<String, usize>,
    sizes: &HashMap<String, usize>,
) -> Result<(), String> {
    let mut offset = 0;
    for field in &mut found.fields {
        let size = measure(&mut field.shape, lengths, sizes)
            .ok_or_else(|| format!("{}: unknown type or length", field.place))?;
        field.offset = offset;
        field.size = size;
        offset += size;
    }
    found.size = offset;
    Ok(())
}

fn measure(
    shape: &mut Shape,
    lengths: &HashMap<String, usize>,
    sizes: &HashMap<String, usize>,
) -> Option<usize> {
    match shape {
        Shape::Struct(name) => sizes.get(name).copied(),
        Shape::Array(element, length) => {
            if let Some(name) = &length.name {
                length.count = *lengths.get(name)?;
            }
            Some(measure(element, lengths, sizes)? * length.count)
        }
        _ => Some(shape.align()),
    }
}
