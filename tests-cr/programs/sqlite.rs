// SPDX-License-Identifier: GPL-2.0

//! sqlite3, three times on one database: one is in a transaction and holds its locks, one waits for
//! those, one reads.

use std::process::Command;

use crate::load::{rounds, same, Doing, Step};
use crate::talk::Partner;

fn client() -> Step<Partner> {
    // Line by line, although it talks to a pipe.
    let mut client = Partner::start(Command::new("stdbuf").args(["-oL", "sqlite3", "-bail", "base.db"]))?;
    same("the timeout", "600000", client.ask("pragma busy_timeout = 600000;")?)?;
    Ok(client)
}

pub fn run() -> Step {
    let _ = std::fs::remove_file("base.db");
    let (mut writer, mut waiter, mut reader) = (client()?, client()?, client()?);
    writer.say("create table t (n integer primary key, square integer);\n")?;
    writer.say("insert into t values (-1, 1);\n")?;
    same("one", "1", writer.ask("select count(*) from t;")?)?;
    writer.say("begin immediate;\n")?;
    same("begun", "begun", writer.ask("select 'begun';")?)?;
    // This one waits until the other has done, and answers then.
    waiter.say("begin immediate; select 'mine', count(*) from t; insert into t values (-2, 4); commit; select 'done';\n")?;
    let count = rounds(|n| {
        writer.say(&format!("insert into t values ({n}, {});\n", n * n))?;
        let sum = (0..=n).map(|n| n * n).sum::<u64>() + 1;
        same("the sum inside", sum.to_string(), writer.ask("select sum(square) from t;")?)?;
        same("the sum outside", "1|1", reader.ask("select count(*), sum(square) from t;")?)
    })?;
    writer.say("commit;\n")?;
    same("the waiter", format!("mine|{}", count + 1), waiter.output.line()?)?;
    same("the waiter", "done", waiter.output.line()?)?;
    for client in [&mut writer, &mut reader, &mut waiter] {
        let found = client.ask("select count(*), count(distinct n), min(n), max(n) from t;")?;
        same("all", format!("{0}|{0}|-2|{1}", count + 2, count - 1), found)?;
        same("the database", "ok", client.ask("pragma integrity_check;")?)?;
    }
    for client in [writer, waiter, reader] {
        client.end()?;
    }
    std::fs::metadata("base.db").doing("base.db").map(|_| ())
}
