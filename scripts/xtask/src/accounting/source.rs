// SPDX-License-Identifier: GPL-2.0

//! C, as far as declarations go: words, and under which condition of the preprocessor each stands.
//!
//! Nothing is evaluated: both branches of a condition are read, and every word knows its own.

use std::rc::Rc;

/// A word of C.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub text: String,
    pub line: usize,
    pub under: Rc<str>,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub fn is_name(&self) -> bool {
        self.text.starts_with(is_name_letter)
            && !self.text.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// A macro without parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Define {
    pub name: String,
    pub value: String,
    pub line: usize,
    pub under: Rc<str>,
}

/// A file of C.
#[derive(Default)]
pub struct Source {
    pub tokens: Vec<Token>,
    pub defines: Vec<Define>,
}

impl Source {
    /// Reads a file.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut source = Self::default();
        let mut conditions = Conditions::default();
        for (line, text) in logical_lines(&without_comments(text)) {
            match text.trim_start().strip_prefix('#') {
                Some(directive) => {
                    source.directive(directive.trim(), line, &mut conditions)?;
                }
                None => {
                    let under: Rc<str> = conditions.text().into();
                    source.tokens.extend(words(&text).map(|word| Token {
                        text: word.into(),
                        line,
                        under: under.clone(),
                    }));
                }
            }
        }
        match conditions.0.is_empty() {
            true => Ok(source),
            false => Err("a condition without #endif".into()),
        }
    }

    fn directive(
        &mut self,
        text: &str,
        line: usize,
        conditions: &mut Conditions,
    ) -> Result<(), String> {
        let (word, rest) = text.split_at(text.find(|c| !is_name_letter(c)).unwrap_or(text.len()));
        let rest = rest.trim();
        match word {
            "if" => conditions.open(expression(rest)),
            "ifdef" => conditions.open(rest.into()),
            "ifndef" => conditions.open(negated(rest)),
            "elif" => conditions.otherwise(&expression(rest), line)?,
            "else" => conditions.otherwise("", line)?,
            "endif" => drop(
                conditions
                    .0
                    .pop()
                    .ok_or(format!("line {line}: #endif alone"))?,
            ),
            "define" => {
                let end = rest.find(|c| !is_name_letter(c)).unwrap_or(rest.len());
                let (name, value) = rest.split_at(end);
                conditions.defined(name);
                if !value.starts_with('(') {
                    self.defines.push(Define {
                        name: name.into(),
                        value: value.trim().into(),
                        line,
                        under: conditions.text().into(),
                    });
                }
            }
            _ => (),
        }
        Ok(())
    }
}

/// One #if with its branches so far.
struct Branches {
    before: Vec<String>,
    now: String,
}

#[derive(Default)]
struct Conditions(Vec<Branches>);

impl Conditions {
    fn open(&mut self, now: String) {
        let before = Vec::new();
        self.0.push(Branches { before, now });
    }

    fn otherwise(&mut self, now: &str, line: usize) -> Result<(), String> {
        let top = self
            .0
            .last_mut()
            .ok_or(format!("line {line}: #else alone"))?;
        top.before.push(std::mem::replace(&mut top.now, now.into()));
        Ok(())
    }

    /// #ifndef X with #define X in it guards against a second reading, or lets another file
    /// choose the value: there is an X in any case.
    fn defined(&mut self, name: &str) {
        if let Some(top) = self.0.last_mut().filter(|top| top.now == negated(name)) {
            top.now.clear();
        }
    }

    /// True for every compilation of C in a kernel.
    fn is_always(term: &str) -> bool {
        matches!(term, "" | "__KERNEL__" | "!__ASSEMBLER__" | "!__ASSEMBLY__")
    }

    fn text(&self) -> String {
        let mut terms: Vec<String> = Vec::new();
        for level in &self.0 {
            terms.extend(level.before.iter().map(|before| negated(before)));
            terms.push(level.now.clone());
        }
        terms.retain(|term| !Self::is_always(term));
        match &terms[..] {
            [only] => only.clone(),
            _ => terms
                .iter()
                .map(|term| grouped(term))
                .collect::<Vec<_>>()
                .join(" && "),
        }
    }
}

fn grouped(term: &str) -> String {
    match term.contains("||") && !(term.starts_with("!(") && term.ends_with(')')) {
        true => format!("({term})"),
        false => term.into(),
    }
}

fn negated(term: &str) -> String {
    let is_simple = |term: &str| term.chars().all(is_name_letter);
    match term.strip_prefix('!') {
        Some(rest) if is_simple(rest) => rest.into(),
        None if is_simple(term) => format!("!{term}"),
        _ => format!("!({term})"),
    }
}

/// An expression of #if, `defined(X)` as just `X`.
fn expression(text: &str) -> String {
    let words: Vec<&str> = words(text).collect();
    let mut plain = Vec::new();
    let mut rest = &words[..];
    loop {
        rest = match rest {
            ["defined", "(", name, ")", rest @ ..] | ["defined", name, rest @ ..] => {
                plain.push(*name);
                rest
            }
            [word, rest @ ..] => {
                plain.push(word);
                rest
            }
            [] => break,
        };
    }
    let mut text = String::new();
    for (index, word) in plain.iter().enumerate() {
        let before = index.checked_sub(1).map_or("(", |before| plain[before]);
        let tight = matches!(before, "(" | "!")
            || matches!(*word, ")" | "(") && before.chars().all(is_name_letter)
            || *word == ")";
        if !tight {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Comments become a space; line ends stay, so that lines keep their numbers.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '/' if rest.starts_with("/*") => {
                let length = rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
                plain.push(' ');
                plain.extend(rest[..length].chars().filter(|letter| *letter == '\n'));
                length
            }
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                let length = quoted(rest, letter);
                plain.push_str(&rest[..length]);
                length
            }
            _ => {
                plain.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    plain
}

/// Bytes of the string or character that the text begins with; a lone quote counts for itself.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => break,
            _ if letter == quote => return index + 1,
            _ => (),
        }
    }
    1
}

/// Lines with their numbers; one that ends in a backslash goes on in the next.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (index, line) in text.lines().enumerate() {
        let part = line.strip_suffix('\\');
        match lines.last_mut() {
            Some((_, before)) if goes_on => before.push_str(part.unwrap_or(line)),
            _ => lines.push((index + 1, part.unwrap_or(line).into())),
        }
        goes_on = part.is_some();
    }
    lines
}

/// Names and numbers as a whole, `&&` and `||`, strings as a whole; else letter by letter.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let letter = rest.chars().next()?;
        let length = match letter {
            '"' | '\'' => quoted(rest, letter),
            '&' | '|' | '<' | '>' | '=' if rest[1..].starts_with(letter) => 2,
            _ if is_name_letter(letter) => rest.find(|c| !is_name_letter(c)).unwrap_or(rest.len()),
            _ => letter.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        Some(word)
    })
}
