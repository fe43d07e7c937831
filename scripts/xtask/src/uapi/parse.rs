// SPDX-License-Identifier: GPL-2.0

//! From the files of the declaration to the model.

use std::fs;
use std::path::Path;

use syn::spanned::Spanned;
use syn::{Attribute, Expr, ImplItem, Item as Rust, Lit, Meta, Type};

use super::evaluate::Expression;
use super::model::{Constant, Declaration, Doc, Item, Place, Room, Width};
use super::{record, structs, tables};

/// Files that hold code, not layouts.
const CODE: [&str; 4] = ["checksum", "error", "reader", "writer"];

/// One file while it is read.
pub struct Source {
    name: String,
}

impl Source {
    pub fn place(&self, spanned: &impl Spanned) -> Place {
        Place {
            file: self.name.clone(),
            line: spanned.span().start().line,
        }
    }

    /// The refusal of a construct.
    pub fn refuse<T>(
        &self,
        spanned: &impl Spanned,
        why: impl std::fmt::Display,
    ) -> Result<T, String> {
        Err(format!("{}: {why}", self.place(spanned)))
    }
}

/// Reads every file that `mod.rs` names.
pub fn declaration(folder: &Path) -> Result<Declaration, String> {
    let mut declaration = Declaration::default();
    let list = read(&folder.join("mod.rs"))?;
    for item in &list.items {
        let Rust::Mod(module) = item else {
            continue;
        };
        let name = module.ident.to_string();
        if module.content.is_some() || CODE.contains(&name.as_str()) {
            continue;
        }
        let path = folder.join(format!("{name}.rs"));
        let file = read(&path)?;
        let source = Source {
            name: format!("{}/{name}.rs", super::FORMAT),
        };
        let room = Room {
            doc: doc(&file.attrs),
            name,
            ..Room::default()
        };
        declaration.rooms.push(room);
        for item in &file.items {
            understand(&source, item, &mut declaration)?;
        }
    }
    structs::lay_out(&mut declaration)?;
    record::resolve_masks(&mut declaration);
    Ok(declaration)
}

fn read(path: &Path) -> Result<syn::File, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    syn::parse_file(&text)
        .map_err(|error| format!("{}:{}: {error}", path.display(), error.span().start().line))
}

fn understand(source: &Source, item: &Rust, declaration: &mut Declaration) -> Result<(), String> {
    if let Rust::Macro(found) = item {
        let name = found
            .mac
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string());
        return match name.as_deref() {
            // The definition of a macro.
            Some("macro_rules") => Ok(()),
            Some("kinds") => {
                declaration.kinds = tables::kinds(source, &found.mac)?;
                Ok(())
            }
            Some("reasons") => {
                declaration.reasons = tables::reasons(source, &found.mac)?;
                Ok(())
            }
            Some("record") => {
                let checks = record::parse(source, &found.mac)?;
                room(declaration).records.push(checks);
                Ok(())
            }
            _ => source.refuse(item, "this macro has no meaning in C"),
        };
    }
    let room = room(declaration);
    match item {
        Rust::Const(found) if found.ident == "_" => Ok(()),
        Rust::Const(found) => {
            let is_public = matches!(found.vis, syn::Visibility::Public(_));
            let name = found.ident.to_string();
            let built = constant(
                source,
                name,
                &found.attrs,
                is_public,
                &found.ty,
                &found.expr,
            );
            room.items.push(Item::Constant(built?));
            Ok(())
        }
        Rust::Struct(found) => {
            if let Some(built) = structs::parse(source, found)? {
                room.items.push(Item::Struct(built));
            }
            Ok(())
        }
        Rust::Impl(found) if found.trait_.is_none() => constants_of(source, found, room),
        // Code: C has no need of it. An alias is known by its name where it is used.
        Rust::Fn(_) | Rust::Impl(_) | Rust::Trait(_) | Rust::Use(_) | Rust::Type(_) => Ok(()),
        _ => source.refuse(item, "this construct has no counterpart in C"),
    }
}

fn room(declaration: &mut Declaration) -> &mut Room {
    let last = declaration.rooms.len().saturating_sub(1);
    &mut declaration.rooms[last]
}

/// Public constants of a type that are plain values.
fn constants_of(source: &Source, found: &syn::ItemImpl, room: &mut Room) -> Result<(), String> {
    let Type::Path(owner) = &*found.self_ty else {
        return source.refuse(found, "an impl of something without a name");
    };
    let owner = owner
        .path
        .segments
        .last()
        .map(|last| last.ident.to_string());
    for item in &found.items {
        let ImplItem::Const(item) = item else {
            continue;
        };
        let is_public = matches!(item.vis, syn::Visibility::Public(_));
        // Tables of the type itself.
        if !is_public || matches!(item.ty, Type::Reference(_)) {
            continue;
        }
        let name = format!("{}::{}", owner.clone().unwrap_or_default(), item.ident);
        let built = constant(source, name, &item.attrs, true, &item.ty, &item.expr)?;
        room.items.push(Item::Constant(built));
    }
    Ok(())
}

fn constant(
    source: &Source,
    name: String,
    attributes: &[Attribute],
    is_public: bool,
    kind: &Type,
    value: &Expr,
) -> Result<Constant, String> {
    let width = match kind {
        Type::Array(_) => Width::Text,
        Type::Path(path) if path.path.is_ident("u64") => Width::Bits64,
        Type::Path(path) if path.path.is_ident("u32") || path.path.is_ident("Self") => {
            Width::Bits32
        }
        Type::Path(path) if path.path.is_ident("usize") => Width::Size,
        _ => return source.refuse(kind, "constants are u32, u64, usize or bytes"),
    };
    let doc = doc(attributes);
    if is_public && doc.is_empty() {
        return source.refuse(value, format!("{name} has no doc comment"));
    }
    Ok(Constant {
        doc,
        is_public,
        width,
        value: Expression::parse(value).or_else(|why| source.refuse(value, why))?,
        place: source.place(value),
        name,
    })
}

/// The paragraphs of a doc comment; the lines of each are one.
pub fn doc(attributes: &[Attribute]) -> Doc {
    let mut paragraphs = Doc::new();
    let mut open = false;
    for attribute in attributes {
        let Meta::NameValue(pair) = &attribute.meta else {
            continue;
        };
        let Expr::Lit(literal) = &pair.value else {
            continue;
        };
        let (true, Lit::Str(text)) = (pair.path.is_ident("doc"), &literal.lit) else {
            continue;
        };
        let text = text.value();
        let text = text.trim();
        match paragraphs.last_mut() {
            _ if text.is_empty() => open = false,
            Some(last) if open && !text.starts_with("- ") => {
                last.push(' ');
                last.push_str(text);
            }
            _ => {
                paragraphs.push(text.to_owned());
                open = true;
            }
        }
    }
    paragraphs
}
