// SPDX-License-Identifier: GPL-2.0

//! Manual pages. Another package makes them: it knows the command lines of the tools, and this one must
//! be there before the tools can be compiled.

use std::path::Path;
use std::process::Command;

pub fn run(repository: &Path, to: Option<&Path>) -> Result<(), String> {
    let to = to.map_or_else(|| repository.join("target/share"), Path::to_path_buf);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .args(["run", "--quiet", "--package", "ckpt-manual", "--"])
        .arg(std::path::absolute(to).map_err(|error| error.to_string())?)
        .current_dir(repository)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("ckpt-manual ended with {status}")),
        Err(error) => Err(format!("{}: {error}", cargo.to_string_lossy())),
    }
}
