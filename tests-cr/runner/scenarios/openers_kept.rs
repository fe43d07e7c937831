// SPDX-License-Identifier: GPL-2.0

//! Fact: every open file has been opened by the same one after a restart, whoever restarts it, and
//! files that were opened with the very same credentials have one identity.

use std::collections::BTreeMap;

use serde_json::Value;

use super::stage::{ensure, Stage};
use crate::modes;
use crate::tool;
use crate::verdict::{Outcome, Step};

/// For each path: what its opener may do, and which of the identities that is.
type Openers = BTreeMap<String, (Value, u64)>;

fn openers(stage: &Stage) -> Step<Openers> {
    let arguments = ["--json".into(), stage.container.image()];
    let said = tool::run("ckptinfo", &arguments, stage.container)?.said;
    let records = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let (mut identities, mut openers) = (BTreeMap::new(), Openers::new());
    for mut record in records {
        let kind = record["kind"].take();
        let fields = &mut record["fields"];
        if kind == "Identity" {
            let id = fields["id"].take();
            // Keyrings are objects, and have other numbers each time.
            fields["session_keyring"].take();
            identities.insert(id.to_string(), fields.take());
        } else if kind == "OpenFile" {
            let opener = identities.get(&fields["opener"].to_string());
            let opener = opener.ok_or_else(|| Outcome::failed("a file without opener"))?;
            let path = fields["path"].to_string();
            let number = fields["opener"].as_u64().unwrap_or(0);
            openers.insert(path, (opener.clone(), number));
        }
    }
    Ok(openers)
}

fn of<'a>(openers: &'a Openers, name: &str) -> Step<&'a (Value, u64)> {
    let found = openers.iter().find(|(path, _)| path.contains(name));
    let found = found.map(|(_, opener)| opener);
    found.ok_or_else(|| Outcome::failed(format!("{name} is not in the image")))
}

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("opened_by_others")?;
    let before = openers(stage)?;
    stage.restart(&["--detach"])?;
    modes::checkpoint(stage.container, &[])?;
    let after = openers(stage)?;
    for (path, (opener, _)) in &before {
        let now = after.get(path).map(|(opener, _)| opener);
        ensure(
            Some(opener) == now,
            &format!("{path}: was opened by {opener}, is now {now:?}"),
        )?;
    }
    for all in [&before, &after] {
        let (user, object) = (of(all, "by_user")?, of(all, "memfd:by_user")?);
        ensure(user.0["fsuid"] == 1000, "by_user was not opened by 1000")?;
        ensure(user == object, "not the same have opened both")?;
        let root = of(all, "by_root")?;
        ensure(root.0["fsuid"] == 0, "by_root was not opened by root")?;
        ensure(root.1 != user.1, "the same have opened all")?;
    }
    Ok(())
}
