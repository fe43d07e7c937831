// SPDX-License-Identifier: GPL-2.0

//! The pages of the tools, from their command lines.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::{roff, Product};

/// The tools.
pub fn commands() -> [Command; 3] {
    [
        checkpoint::options::Options::command().name("checkpoint"),
        restart::options::Options::command().name("restart"),
        ckptinfo::options::Arguments::command().name("ckptinfo"),
    ]
}

const SEE_ALSO: &str = "\
.SH \"SEE ALSO\"
.BR checkpoint (1),
.BR restart (1),
.BR ckptinfo (1),
.BR checkpoint (2),
.BR restart (2),
.BR checkpoint\\-image (5),
.BR checkpoint\\-threats (7)
";

/// What `--help` says, as a page.
pub fn page(command: &Command) -> Result<String, String> {
    let mut bytes = Vec::new();
    let page = clap_mangen::Man::new(command.clone())
        .source(format!("Linux-CR {}", env!("CARGO_PKG_VERSION")))
        .manual("User Commands");
    page.render_title(&mut bytes)
        .and_then(|()| page.render_name_section(&mut bytes))
        .and_then(|()| page.render_synopsis_section(&mut bytes))
        .and_then(|()| page.render_description_section(&mut bytes))
        .and_then(|()| page.render_options_section(&mut bytes))
        .map_err(|error| format!("{}: {error}", command.get_name()))?;
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    let after = command.get_after_long_help().map(ToString::to_string);
    Ok(text + &sections(&after.unwrap_or_default()) + SEE_ALSO)
}

/// Longest heading of a paragraph; a longer beginning with a colon is a sentence.
const HEADING: usize = 12;

/// Paragraphs as `--help` has them: `Heading: text` begins a section, what is indented stays as it is.
fn sections(help: &str) -> String {
    let mut out = String::new();
    for paragraph in help.split("\n\n") {
        let heading = paragraph.split_once(':').filter(|(heading, _)| {
            heading.len() <= HEADING && heading.starts_with(|first: char| first.is_uppercase())
        });
        let body = match heading {
            Some((heading, body)) => {
                out.push_str(&format!(".SH \"{}\"\n", heading.to_uppercase()));
                body.strip_prefix([' ', '\n']).unwrap_or(body)
            }
            None => paragraph,
        };
        let body = capitalized(body);
        let lines: Vec<&str> = body.lines().collect();
        for lines in lines.chunk_by(|one, other| one.starts_with(' ') == other.starts_with(' ')) {
            let text = roff::text(&lines.join("\n"));
            out.push_str(&match text.starts_with(' ') {
                true => format!(".P\n.EX\n{text}.EE\n"),
                false => format!(".P\n{text}"),
            });
        }
    }
    out
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    String::from_iter(first) + letters.as_str()
}

/// What a shell reads to complete its arguments, where that shell looks for it below `share`.
pub fn completions(mut command: Command, shell: Shell) -> Product {
    let name = command.get_name().to_owned();
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut command, &name, &mut bytes);
    let path = match shell {
        Shell::Zsh => Path::new("zsh/site-functions").join(format!("_{name}")),
        Shell::Fish => Path::new("fish/vendor_completions.d").join(format!("{name}.fish")),
        _ => Path::new("bash-completion/completions").join(&name),
    };
    Product {
        path,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}
