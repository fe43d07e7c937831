// SPDX-License-Identifier: GPL-2.0

//! From the declaration in `kernel-rs/format` to everything that restates it.
//!
//! The declaration is Rust, so it is parsed as Rust, with syn. What C cannot express, and what the
//! rules of the format forbid, is refused with file and line.

mod evaluate;
mod fields;
pub mod header;
mod layout;
pub mod model;
pub mod names;
mod parse;
mod record;
mod rules;
mod structs;
mod tables;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use model::Declaration;

const FORMAT: &str = "kernel-rs/format";
const COMMAND: &str = "cargo xtask uapi";

/// A generated file.
struct Product {
    path: &'static str,
    text: String,
}

/// What the format declares, found to be sound.
pub fn declaration(repository: &Path) -> Result<Declaration, String> {
    let declaration = parse::declaration(&repository.join(FORMAT))?;
    rules::check(&declaration)?;
    Ok(declaration)
}

/// Generates or checks every product.
pub fn run(repository: &Path, check: bool) -> Result<(), String> {
    let declaration = declaration(repository)?;
    let mut stale = Vec::new();
    for product in products(&declaration)? {
        let path = repository.join(product.path);
        let old = fs::read_to_string(&path).unwrap_or_default();
        if same(&old, &product.text) {
            continue;
        }
        if check {
            stale.push(product.path);
            continue;
        }
        let folder = path.parent().unwrap_or(repository);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, product.text))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {}", product.path);
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "not what {FORMAT} says: {}\nrun `{COMMAND}` and look at the difference",
        stale.join(", ")
    ))
}

fn products(declaration: &Declaration) -> Result<Vec<Product>, String> {
    Ok(vec![
        Product {
            path: "kernel-rs/uapi/checkpoint.h",
            text: header::text(declaration)?,
        },
        Product {
            path: "tests-cr/abi/layout.c",
            text: layout::text(declaration)?,
        },
        Product {
            path: "user-cr/ckpt-format/src/fields.rs",
            text: formatted(fields::text(declaration)?)?,
        },
    ])
}

/// Through rustfmt, if there is one.
fn formatted(text: String) -> Result<String, String> {
    let child = Command::new("rustfmt")
        .args(["--edition", "2021"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        return Ok(text);
    };
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(text.as_bytes())
            .map_err(|error| format!("rustfmt: {error}"))?;
    }
    let output = child
        .wait_with_output()
        .map_err(|error| format!("rustfmt: {error}"))?;
    match String::from_utf8(output.stdout) {
        Ok(formatted) if output.status.success() => Ok(formatted),
        // As it is installed but not for this toolchain, or does not like the text.
        _ => Ok(text),
    }
}

/// Equal but for layout: so that a machine without rustfmt comes to the same answer.
fn same(left: &str, right: &str) -> bool {
    let essence = |text: &str| -> String {
        let dense: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        dense
            .replace(",]", "]")
            .replace(",)", ")")
            .replace(",}", "}")
    };
    left == right || (!left.is_empty() && essence(left) == essence(right))
}
