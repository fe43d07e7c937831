// SPDX-License-Identifier: GPL-2.0

//! The test programs: where they are, and what facts they know.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::options::Options;

/// Where the programs are, and what they offer.
pub struct Programs {
    /// Static: ckpt-cases, ckpt-programs and ckpt-runner.
    pub statics: PathBuf,
    /// Dynamic: ckpt-cases.
    pub dynamics: Option<PathBuf>,
    /// Each fact, and whether it is run as a static program too.
    pub facts: Vec<(String, bool)>,
    /// Each scenario of the tools.
    pub scenarios: Vec<String>,
}

/// Finds or builds them. With a root of its own: drivers for the programs there.
pub fn find(options: &Options) -> Result<Programs, String> {
    if options.root.is_some() {
        let drivers = lines_of(&options.tests.join("ckpt-programs"), "--list")?;
        return Ok(Programs {
            statics: options.tests.clone(),
            dynamics: None,
            facts: drivers.into_iter().map(|name| (name, false)).collect(),
            scenarios: Vec::new(),
        });
    }
    let dynamics = match &options.dynamic {
        Some(dir) => dir.clone(),
        None => build_dynamic(&options.vm)?,
    };
    let list = lines_of(&options.tests.join("ckpt-cases"), "--list")?;
    let facts = list
        .iter()
        .map(|line| match line.split_once(' ') {
            Some((name, _)) => (name.to_string(), true),
            None => (line.clone(), false),
        })
        .collect();
    let scenarios = lines_of(&options.tests.join("ckpt-runner"), "--list-scenarios")?;
    if lines_of(&dynamics.join("ckpt-cases"), "--list")? != list {
        return Err(format!(
            "{} and {} were not built from the same source",
            dynamics.join("ckpt-cases").display(),
            options.tests.join("ckpt-cases").display()
        ));
    }
    Ok(Programs {
        statics: options.tests.clone(),
        dynamics: Some(dynamics),
        facts,
        scenarios,
    })
}

fn lines_of(program: &Path, argument: &str) -> Result<Vec<String>, String> {
    let output = Command::new(program)
        .arg(argument)
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().map(str::to_string).collect())
}

/// Everything in `--tests` is linked statically; cargo keeps what it links dynamically apart.
fn build_dynamic(vm: &Path) -> Result<PathBuf, String> {
    let repository = vm
        .canonicalize()
        .ok()
        .and_then(|path| path.parent()?.parent().map(Path::to_path_buf))
        .ok_or_else(|| format!("{}: no such file", vm.display()))?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| repository.join("target"), |dir| repository.join(dir));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .args(["build", "--quiet", "--release", "-p", "ckpt-cases"])
        .current_dir(&repository)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("{}: {error}", cargo.to_string_lossy()))?;
    if !status.success() {
        return Err("the dynamically linked programs do not build".into());
    }
    Ok(target.join("release"))
}
