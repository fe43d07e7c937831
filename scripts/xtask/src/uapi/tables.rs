// SPDX-License-Identifier: GPL-2.0

//! The two tables of numbers: `kinds!` and `reasons!`.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitInt, LitStr, Macro, Token};

use super::model::{Kind, Reason};
use super::parse::{doc, Source};

/// `/// Doc.` `Name = 0x01, since 1;`
struct KindRow {
    attributes: Vec<Attribute>,
    name: Ident,
    number: LitInt,
    since: LitInt,
}

impl Parse for KindRow {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        let number = input.parse()?;
        input.parse::<Token![,]>()?;
        let word: Ident = input.parse()?;
        if word != "since" {
            return Err(syn::Error::new(word.span(), "expected `since VERSION`"));
        }
        let since = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self {
            attributes,
            name,
            number,
            since,
        })
    }
}

/// `Name = 1, "sentence", "advice";`
struct ReasonRow {
    name: Ident,
    number: LitInt,
    sentence: LitStr,
    advice: LitStr,
}

impl Parse for ReasonRow {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        let number = input.parse()?;
        input.parse::<Token![,]>()?;
        let sentence = input.parse()?;
        input.parse::<Token![,]>()?;
        let advice = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self {
            name,
            number,
            sentence,
            advice,
        })
    }
}

struct Rows<T>(Vec<T>);

impl<T: Parse> Parse for Rows<T> {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut rows = Vec::new();
        while !input.is_empty() {
            rows.push(input.parse()?);
        }
        Ok(Self(rows))
    }
}

fn rows<T: Parse>(source: &Source, found: &Macro) -> Result<Vec<T>, String> {
    match found.parse_body::<Rows<T>>() {
        Ok(rows) => Ok(rows.0),
        Err(error) => source.refuse(&error.span(), error),
    }
}

/// The kinds of records.
pub fn kinds(source: &Source, found: &Macro) -> Result<Vec<Kind>, String> {
    let mut kinds = Vec::new();
    for row in rows::<KindRow>(source, found)? {
        let number = row.number.base10_parse();
        let since = row.since.base10_parse();
        let (Ok(number), Ok(since)) = (number, since) else {
            return source.refuse(&row.number, "numbers have 32 bits");
        };
        kinds.push(Kind {
            number,
            since,
            doc: doc(&row.attributes),
            place: source.place(&row.name),
            name: row.name.to_string(),
        });
    }
    Ok(kinds)
}

/// The reasons of refusals.
pub fn reasons(source: &Source, found: &Macro) -> Result<Vec<Reason>, String> {
    let mut reasons = Vec::new();
    for row in rows::<ReasonRow>(source, found)? {
        let Ok(number) = row.number.base10_parse() else {
            return source.refuse(&row.number, "numbers have 32 bits");
        };
        let sentence = row.sentence.value();
        let rest = sentence.replace("{name}", "").replace("{value}", "");
        if rest.contains(['{', '}']) || rest.ends_with('.') {
            let why = "a sentence has {name}, {value}, no other braces and no full stop";
            return source.refuse(&row.sentence, why);
        }
        reasons.push(Reason {
            name: row.name.to_string(),
            number,
            sentence,
            advice: row.advice.value(),
        });
    }
    Ok(reasons)
}
