// SPDX-License-Identifier: GPL-2.0

//! The pages of the tools, from their command lines.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::Product;

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
    page.render(&mut bytes)
        .map_err(|error| format!("{}: {error}", command.get_name()))?;
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    Ok(text + SEE_ALSO)
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
