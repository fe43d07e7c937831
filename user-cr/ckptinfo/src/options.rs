// SPDX-License-Identifier: GPL-2.0

//! The command line.

use std::path::PathBuf;

use ckpt_image::format::Kind;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, ValueHint};

/// Show what is in a checkpoint image, or check it.
///
/// Without options, every record of the image is shown: where it begins, its kind, the bytes of its
/// fixed part and its tail, and its fields. Object numbers and places of tasks are written #N;
/// addresses and masks in hexadecimal. After the last task comes the forest, as a tree.
///
/// Nothing of the image is run, and no rights are needed.
#[derive(Debug, Parser)]
#[command(
    version,
    after_long_help = "\
Examples:
  ckptinfo img                          everything that is in img
  zstd -dc img.zst | ckptinfo           the same of a compressed image
  ckptinfo --kind Area img              the address spaces
  ckptinfo --verify img && restart --pids < img
                                        look before the leap
  ckptinfo --json img | jq -r 'select(.kind == \"OpenFile\").fields.path'
                                        the files that must be there on restart

Text: bytes that cannot be printed and backslashes are written \\xNN.

JSON: one object per line and record, with `record` (its number), `offset`, `kind`, `fixed` and
`length` (bytes) and `fields`, and `error` if the record breaks a rule of its own. Addresses, masks
and bytes are strings in hexadecimal, file modes in octal; flags are lists of names; a reference to
nothing or to a task outside is null; times are in nanoseconds; an array is an object with places or
names as keys, without the elements that are all zero. With --verify there is one object instead,
with `whole` (true), `tasks`, `objects`, `pages`, `records` and `bytes`. If something is wrong, also
if the image cannot be opened, the last line is an object with `error`, `offset` (null if it is at no
place of the image) and `advice` (may be empty). Standard error says it in a sentence all the same.

Exit status: 0 if the image could be read to its end, or whoever reads the output has gone before
(ckptinfo img | head); 1 if it could not, if something in it is wrong or the output cannot be written;
2 wrong usage. Without --verify only each record for itself and their order are checked; --verify also
checks every reference and every count."
)]
pub struct Arguments {
    /// The image; without it, or with `-`, standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,

    /// Check the whole image and show only the outcome.
    #[arg(long, conflicts_with = "kinds")]
    pub verify: bool,

    /// Write JSON, one object per line.
    #[arg(long)]
    pub json: bool,

    /// Show only records of this kind; may be given more than once.
    ///
    /// checkpoint-image(5) describes them; what is none of them is answered with a list.
    #[arg(
        long = "kind",
        value_name = "KIND",
        ignore_case = true,
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.name())).try_map(kind)
    )]
    pub kinds: Vec<Kind>,
}

fn kind(name: String) -> Result<Kind, &'static str> {
    let mut all = Kind::ALL.iter();
    let found = all.find(|kind| kind.name().eq_ignore_ascii_case(&name));
    found.copied().ok_or("there is no such kind")
}
