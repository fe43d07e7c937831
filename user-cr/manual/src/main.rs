// SPDX-License-Identifier: GPL-2.0

//! Manual pages and completions of shells.
//!
//! What the tools take comes from their own command lines; what the calls and the image hold, from the
//! declaration of the format. `pages/` has the rest, as pages with places to be filled:
//! `@fields STRUCT@`, `@constants PREFIX@`, `@doc CONSTANT@`, `@reasons@`, `@records@`, `@stages@`,
//! `@permissions@`, `@rights HEADING@`, `@CONSTANT@`, `@value CONSTANT@`.

#![forbid(unsafe_code)]

mod page;
mod roff;
#[cfg(test)]
mod tests;
mod tool;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap_complete::Shell;
use xtask::{repository, uapi};

const PAGES: &str = "user-cr/manual/pages";
/// The tables of rights, which the tests read too.
const RIGHTS: &str = "kernel-rs/RIGHTS.md";
const WRITTEN: [&str; 4] = [
    "checkpoint.2",
    "restart.2",
    "checkpoint-image.5",
    "checkpoint-threats.7",
];

/// A file, relative to what can be copied to `share`.
struct Product {
    path: PathBuf,
    text: String,
}

fn main() -> ExitCode {
    let Some(to) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("ckpt-manual: name the directory to write to, or run cargo xtask manual");
        return ExitCode::from(2);
    };
    match products(&repository()).and_then(|products| write(&to, &products)) {
        Ok(()) => {
            println!(
                "wrote {0}; man -M {0}/man checkpoint shows the first page, \
                 cp -r {0}/. /usr/local/share installs them",
                to.display()
            );
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("ckpt-manual: {message}");
            ExitCode::FAILURE
        }
    }
}

fn write(to: &Path, products: &[Product]) -> Result<(), String> {
    for product in products {
        let path = to.join(&product.path);
        let folder = path.parent().unwrap_or(to);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, &product.text))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn products(repository: &Path) -> Result<Vec<Product>, String> {
    let declaration = uapi::declaration(repository)?;
    let folder = repository.join(PAGES);
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let permissions = read("permissions")?;
    let rights = fs::read_to_string(repository.join(RIGHTS))
        .map_err(|error| format!("{RIGHTS}: {error}"))?;
    let mut products = Vec::new();
    for name in WRITTEN {
        let text = page::fill(&read(name)?, (&permissions, &rights), &declaration)
            .map_err(|error| format!("{PAGES}/{name}: {error}"))?;
        products.push(Product {
            path: place(name),
            text,
        });
    }
    for command in tool::commands() {
        let name = command.get_name().to_owned();
        products.push(Product {
            path: place(&format!("{name}.1")),
            text: tool::page(&command)?,
        });
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            products.push(tool::completions(command.clone(), shell));
        }
    }
    Ok(products)
}

/// `checkpoint.2` belongs to `man/man2`.
fn place(name: &str) -> PathBuf {
    let section = name.rsplit('.').next().unwrap_or_default();
    Path::new(&format!("man/man{section}")).join(name)
}
