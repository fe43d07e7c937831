// SPDX-License-Identifier: GPL-2.0

//! postgres, its clients connected by unix sockets: one inside of a long transaction, one that waits for
//! a row which the first has locked, one with short transactions, one with prepared statements.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::load::{rounds, same, Doing, Step, PATIENCE};
use crate::talk::{must_end_well, Partner};

const BIN: &str = "/usr/lib/postgresql/15/bin";
const CLUSTER: &str = "/var/lib/postgresql/15/main";
const CONFIG: &str = "listen_addresses = ''
unix_socket_directories = '.'
shared_buffers = 16MB
max_connections = 10
logging_collector = off
";

/// A command of the user postgres.
fn postgres(program: &str) -> Step<Command> {
    use std::os::unix::fs::MetadataExt;
    let owner = fs::metadata(CLUSTER).doing(CLUSTER)?;
    let mut command = Command::new(program);
    command.uid(owner.uid()).gid(owner.gid()).env("PGHOST", data()?).env("PGUSER", "postgres");
    Ok(command)
}

fn data() -> Step<String> {
    let here = std::env::current_dir().doing("the directory")?;
    Ok(here.join("data").display().to_string())
}

fn start() -> Step<Child> {
    use std::os::unix::fs::MetadataExt;
    let data = data()?;
    let _ = fs::remove_dir_all(&data);
    let copied = Command::new("cp").args(["-a", CLUSTER, &data]).status().doing("cp")?;
    same("the copy", "exit status: 0", copied.to_string())?;
    let owner = fs::metadata(CLUSTER).doing(CLUSTER)?;
    for (name, text) in [("postgresql.conf", CONFIG), ("pg_hba.conf", "local all all trust\n"), ("pg_ident.conf", "")] {
        let file = format!("{data}/{name}");
        fs::write(&file, text).doing(&file)?;
        chown(&file, Some(owner.uid()), Some(owner.gid())).doing(&file)?;
    }
    let log = fs::File::create("postgres.log").doing("the log")?;
    let mut server = postgres(&format!("{BIN}/postgres"))?;
    server.args(["-D", &data]).stdin(Stdio::null());
    server.stdout(log.try_clone().doing("dup")?).stderr(log);
    let mut child = server.spawn().doing("postgres")?;
    let begun = Instant::now();
    loop {
        let mut ask = postgres(&format!("{BIN}/pg_isready"))?;
        if ask.stdout(Stdio::null()).status().doing("pg_isready")?.success() {
            return Ok(child);
        }
        if begun.elapsed() > PATIENCE || child.try_wait().doing("postgres")?.is_some() {
            let said = fs::read_to_string("postgres.log").unwrap_or_default();
            return Err(format!("postgres does not start: {said}"));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn client() -> Step<Partner> {
    let mut client = postgres(&format!("{BIN}/psql"))?;
    Partner::start(client.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]))
}

pub fn run() -> Step {
    // Whoever waits for a row asks after a while whether that will ever end.
    ckpt_support::may_fire(libc::SIGALRM);
    let mut server = start()?;
    let (mut long, mut waiting, mut short, mut prepared) = (client()?, client()?, client()?, client()?);
    long.say("create table t (n bigint primary key, square bigint);\n")?;
    long.say("create table counters (name text primary key, value bigint);\n")?;
    long.say("insert into counters values ('short', 0), ('locked', 0), ('prepared', 0);\n")?;
    same("three", "3", long.ask("select count(*) from counters;")?)?;
    long.say("begin isolation level repeatable read;\n")?;
    let locked = "update counters set value = value + 1 where name = 'locked' returning value;";
    same("locked", "1", long.ask(locked)?)?;
    // This one waits until the other has done, and answers then.
    waiting.say(&format!("{locked}\n"))?;
    prepared.say("prepare next (bigint) as update counters set value = value + $1 where name = 'prepared' returning value;\n")?;
    let count = rounds(|n| {
        let insert = format!("insert into t values ({n}, {n} * {n}) returning n;");
        same("inserted", n.to_string(), long.ask(&insert)?)?;
        let sum: u64 = (0..=n).map(|n| n * n).sum();
        same("the sum inside", sum.to_string(), long.ask("select sum(square) from t;")?)?;
        same("the count outside", "0", short.ask("select count(*) from t;")?)?;
        short.say("begin;\n")?;
        let next = "update counters set value = value + 1 where name = 'short' returning value;";
        same("short", (n + 1).to_string(), short.ask(next)?)?;
        same("prepared", ((n + 1) * 2).to_string(), prepared.ask("execute next(2);")?)?;
        // In the transaction's eyes nothing has happened since it began.
        let seen = "select value from counters where name = 'short';";
        same("a snapshot", "0", long.ask(seen)?)?;
        short.say("commit;\n")
    })?;
    long.say("commit;\n")?;
    same("the one that waited", "2", waiting.output.line()?)?;
    for client in [&mut long, &mut waiting, &mut short, &mut prepared] {
        let found = client.ask("select count(*), min(n), max(n) from t;")?;
        same("all", format!("{count}|0|{}", count - 1), found)?;
        let found = client.ask("select string_agg(name || value, ' ' order by name) from counters;")?;
        same("the counters", format!("locked2 prepared{} short{count}", count * 2), found)?;
    }
    for client in [long, waiting, short, prepared] {
        client.end()?;
    }
    // SAFETY: takes no pointer.
    unsafe { libc::kill(server.id() as i32, libc::SIGINT) };
    must_end_well(&mut server, "postgres")?;
    let log = fs::read_to_string("postgres.log").doing("the log")?;
    let words = ["ERROR", "FATAL", "PANIC", "WARNING"];
    // It was asked too early whether it is there.
    let mut lines = log.lines().filter(|line| !line.contains("starting up"));
    let bad = lines.find(|line| words.iter().any(|word| line.contains(word)));
    same("a complaint in the log", "", bad.unwrap_or_default())
}
