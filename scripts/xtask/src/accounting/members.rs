// SPDX-License-Identifier: GPL-2.0

//! The members of structs and unions.
//!
//! Members of an anonymous struct or union are members of what it stands in, as in C; those of a
//! named one are `name.member`. What is not understood is an error, never passed over.

use super::source::Token;

/// A member, or one of a set of flags.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub under: String,
    /// The line; with the file before it, once that is known.
    pub place: String,
}

/// Words that stand at a declaration and say nothing about names.
const ATTRIBUTES: [&str; 13] = [
    "____cacheline_aligned",
    "____cacheline_aligned_in_smp",
    "____cacheline_internodealigned_in_smp",
    "__no_randomize_layout",
    "__packed",
    "__percpu",
    "__private",
    "__randomize_layout",
    "__rcu",
    "__user",
    "__iomem",
    "__force",
    "__bitwise",
];

/// The same, with something in parentheses behind them.
const ATTRIBUTES_WITH_ARGUMENTS: [&str; 6] = [
    "__attribute__",
    "__aligned",
    "__counted_by",
    "__counted_by_ptr",
    "__guarded_by",
    "__pt_guarded_by",
];

/// Lines of a struct that are no members and end in no semicolon.
const MARKS: [&str; 2] = [
    "randomized_struct_fields_start",
    "randomized_struct_fields_end",
];

/// Every member of a struct: `struct NAME`, or `NAME` of a typedef. It may be declared more than
/// once, under different conditions.
pub fn of(tokens: &[Token], name: &str) -> Result<Vec<Field>, String> {
    let mut fields = Vec::new();
    let mut found = false;
    let mut at = 0;
    while at < tokens.len() {
        let mut parser = Parser { tokens, at };
        if let Some(is_wanted) = parser.enter(name) {
            let (tag, start) = is_wanted;
            parser.at = start;
            let inner = parser.members();
            let is_typedef = at > 0 && tokens[at - 1].is("typedef");
            let is_it = tag == Some(name)
                || is_typedef
                    && parser
                        .tokens
                        .get(parser.at)
                        .is_some_and(|next| next.is(name));
            if is_it {
                fields.extend(inner.map_err(|error| format!("{name}: {error}"))?);
                found = true;
            }
        }
        at += 1;
    }
    match found {
        true => Ok(fields),
        false => Err(format!("{name} is not declared")),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Parser<'a> {
    /// If a struct or union begins here that may be the wanted one: its tag, and where its
    /// members begin.
    fn enter(&self, wanted: &str) -> Option<(Option<&'a str>, usize)> {
        let tokens = self.tokens;
        if !tokens[self.at].is("struct") && !tokens[self.at].is("union") {
            return None;
        }
        let mut at = self.at + 1;
        let mut tag = None;
        while let Some(token) = tokens.get(at) {
            if token.is("{") {
                let may_be =
                    tag == Some(wanted) || self.at > 0 && tokens[self.at - 1].is("typedef");
                return may_be.then_some((tag, at + 1));
            }
            if !token.is_name() {
                return None;
            }
            if !ATTRIBUTES.contains(&token.text.as_str()) {
                tag = Some(token.text.as_str());
            }
            at += 1;
        }
        None
    }

    fn error<T>(&self, what: &str) -> Result<T, String> {
        let line = self
            .tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or(0, |token| token.line);
        Err(format!("line {line}: {what}"))
    }

    /// Up to and with the closing brace.
    fn members(&mut self) -> Result<Vec<Field>, String> {
        let mut fields = Vec::new();
        while let Some(token) = self.tokens.get(self.at) {
            if token.is("}") {
                self.at += 1;
                return Ok(fields);
            }
            if token.is(";") || MARKS.contains(&token.text.as_str()) {
                self.at += 1;
                continue;
            }
            fields.extend(self.declaration()?);
        }
        self.error("the end of the file inside a struct")
    }

    /// One declaration with its semicolon: as many members as it has declarators.
    fn declaration(&mut self) -> Result<Vec<Field>, String> {
        let mut words: Vec<&Token> = Vec::new();
        let mut inner = None;
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token.text.as_str() {
                ";" if depth == 0 => return declared(&words, inner, token.line),
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                "{" if depth == 0 => {
                    let kind = words
                        .iter()
                        .find(|word| matches!(word.text.as_str(), "struct" | "union" | "enum"));
                    match kind.map(|kind| kind.text.as_str()) {
                        Some("struct" | "union") => inner = Some(self.members()?),
                        Some(_) => self.skip_braces()?,
                        None => return self.error("a brace that opens nothing known"),
                    }
                    // What stands before the braces is the type; declarators follow.
                    words.clear();
                    if inner.is_none() {
                        words.push(token);
                    }
                    continue;
                }
                "}" => return self.error("a brace too many"),
                _ => (),
            }
            words.push(token);
        }
        self.error("the end of the file inside a declaration")
    }

    fn skip_braces(&mut self) -> Result<(), String> {
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            if token.is("}") {
                return Ok(());
            }
        }
        self.error("an enum without end")
    }
}

/// The members that a declaration declares. `inner`: those of a struct declared on the way.
fn declared(
    words: &[&Token],
    inner: Option<Vec<Field>>,
    line: usize,
) -> Result<Vec<Field>, String> {
    let words = without_attributes(words);
    let Some(inner) = inner else {
        return declarators(&words, line);
    };
    if words.is_empty() {
        return Ok(inner);
    }
    let mut fields = Vec::new();
    for part in split(&words) {
        let Some(named) = declarator(part) else {
            return Err(format!("line {line}: a declarator without a name"));
        };
        fields.push(named.clone());
        fields.extend(inner.iter().map(|field| Field {
            name: format!("{}.{}", named.name, field.name),
            ..field.clone()
        }));
    }
    Ok(fields)
}

/// Without a struct of its own: a type, then one or more declarators.
fn declarators(words: &[&Token], line: usize) -> Result<Vec<Field>, String> {
    let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let field = |word: &Token, name: String| Field {
        name,
        under: word.under.to_string(),
        place: word.line.to_string(),
    };
    match (&text[..], words) {
        ([], _) => return Ok(Vec::new()),
        // Embedded without a name: its members count as ours, and are not to be seen here.
        (["struct" | "union", tag], [_, word]) => {
            return Ok(vec![field(word, format!("{} {tag}", text[0]))])
        }
        // A handle of a file, and the room for it behind it.
        (["DECLARE_BITMAP" | "FANOTIFY_INLINE_FH", "(", name, ..], [_, _, word, ..])
        | (["DECLARE_FLEX_ARRAY", "(", .., name, ")"], [.., word, _]) => {
            return Ok(vec![field(word, (*name).into())])
        }
        // Where cache lines begin: declares nothing.
        (["__cacheline_group_begin" | "__cacheline_group_end", "(", ..], _) => {
            return Ok(Vec::new())
        }
        ([_, "(", ..], _) if text[0] != "typeof" && text.get(2) != Some(&"*") => {
            return Err(format!("line {line}: do not know the macro {}", text[0]))
        }
        _ => (),
    }
    let mut fields = Vec::new();
    for (index, part) in split(words).into_iter().enumerate() {
        let is_padding = part.iter().any(|word| word.is(":"));
        match declarator(part) {
            // The first has the type before its name: a type alone names nothing.
            Some(_) if index == 0 && is_padding && named_words(part) < 2 => (),
            Some(named) if index > 0 || named_words(part) >= 2 => fields.push(named),
            _ if is_padding => (),
            _ => return Err(format!("line {line}: no name in '{}'", text.join(" "))),
        }
    }
    Ok(fields)
}

/// Words before an array or a width: the type and the name, for a plain declarator.
fn named_words(part: &[&Token]) -> usize {
    let end = part
        .iter()
        .position(|word| word.is(":") || word.is("["))
        .unwrap_or(part.len());
    let is_pointer_to_function = part.iter().any(|word| word.is("("));
    if is_pointer_to_function {
        return 2;
    }
    part[..end]
        .iter()
        .filter(|word| word.is_name() || word.is("{"))
        .count()
}

/// The name that a declarator declares.
fn declarator(part: &[&Token]) -> Option<Field> {
    let function = part
        .windows(2)
        .position(|pair| pair[0].is("(") && pair[1].is("*"));
    let words = match function {
        Some(start) => {
            let inside = &part[start + 1..];
            let end = inside
                .iter()
                .position(|word| word.is(")") || word.is("["))?;
            &inside[..end]
        }
        None => {
            let end = part.iter().position(|word| word.is(":") || word.is("["));
            &part[..end.unwrap_or(part.len())]
        }
    };
    let word = words.iter().rev().find(|word| word.is_name())?;
    Some(Field {
        name: word.text.clone(),
        under: word.under.to_string(),
        place: word.line.to_string(),
    })
}

/// At the commas between declarators.
fn split<'a, 'b>(words: &'b [&'a Token]) -> Vec<&'b [&'a Token]> {
    let mut depth = 0usize;
    words
        .split(|word| {
            match word.text.as_str() {
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => (),
            }
            depth == 0 && word.is(",")
        })
        .collect()
}

fn without_attributes<'a>(words: &[&'a Token]) -> Vec<&'a Token> {
    let mut plain = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if ATTRIBUTES_WITH_ARGUMENTS.contains(&text) {
            let mut depth = 0usize;
            for word in rest.by_ref() {
                match word.text.as_str() {
                    "(" => depth += 1,
                    ")" => depth = depth.saturating_sub(1),
                    _ => (),
                }
                if depth == 0 {
                    break;
                }
            }
        } else if !ATTRIBUTES.contains(&text) {
            plain.push(*word);
        }
    }
    plain
}
