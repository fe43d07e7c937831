// SPDX-License-Identifier: GPL-2.0

//! redis on a unix socket: a client in mid-pipeline, one inside of a transaction, one that waits for
//! something to be pushed, a subscriber, and redis-cli.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::load::{rounds, same, Doing, Step, PATIENCE};
use crate::talk::{must_end_well, Ear, Partner};

const SOCKET: &str = "redis.sock";

/// Commands that are under way at any time.
const AHEAD: u64 = 100;

struct Client {
    out: UnixStream,
    ear: Ear<UnixStream>,
}

impl Client {
    fn connect() -> Step<Self> {
        let start = Instant::now();
        loop {
            match UnixStream::connect(SOCKET) {
                Ok(out) => {
                    let ear = Ear::new(out.try_clone().doing("dup")?);
                    return Ok(Self { out, ear });
                }
                Err(error) if start.elapsed() > PATIENCE => return Err(format!("redis: {error}")),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn say(&mut self, command: &str) -> Step {
        self.out.write_all(format!("{command}\r\n").as_bytes()).doing(command)
    }

    fn hear(&mut self, wanted: &[&str]) -> Step {
        for wanted in wanted {
            same("redis", wanted, self.ear.line()?)?;
        }
        Ok(())
    }

    fn ask(&mut self, command: &str, wanted: &[&str]) -> Step {
        self.say(command)?;
        self.hear(wanted).map_err(|why| format!("{command}: {why}"))
    }
}

pub fn run() -> Step {
    let _ = std::fs::remove_dir_all("appendonlydir");
    let mut server = Command::new("redis-server");
    server.args(["--port", "0", "--unixsocket", SOCKET, "--logfile", "redis.log", "--dir", "."]);
    server.args(["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]);
    let mut server = server.spawn().doing("redis-server")?;
    let (mut pipe, mut atomic, mut blocked) = (Client::connect()?, Client::connect()?, Client::connect()?);
    let (mut subscriber, mut publisher) = (Client::connect()?, Client::connect()?);
    let mut cli = Partner::start(Command::new("redis-cli").args(["-s", SOCKET]))?;
    subscriber.ask("SUBSCRIBE news", &["*3", "$9", "subscribe", "$4", "news", ":1"])?;
    for _ in 0..AHEAD {
        pipe.say("INCR piped")?;
    }
    let count = rounds(|n| {
        atomic.ask("MULTI", &["+OK"])?;
        blocked.say("BLPOP list 0")?;
        for step in 0..10 {
            pipe.say("INCR piped")?;
            pipe.hear(&[&format!(":{}", n * 10 + step + 1)])?;
            atomic.ask("INCR atomic", &["+QUEUED"])?;
            let news = (n * 10 + step).to_string();
            publisher.ask(&format!("PUBLISH news {news}"), &[":1"])?;
            let length = format!("${}", news.len());
            subscriber.hear(&["*3", "$7", "message", "$4", "news", &length, &news])?;
        }
        same("redis-cli", (n + 1).to_string(), cli.ask("INCR cli")?)?;
        let pushed = n.to_string();
        publisher.ask(&format!("RPUSH list {pushed}"), &[":1"])?;
        blocked.hear(&["*2", "$4", "list", &format!("${}", pushed.len()), &pushed])?;
        atomic.ask("EXEC", &["*10"])?;
        for step in 1..=10 {
            atomic.hear(&[&format!(":{}", n * 10 + step)])?;
        }
        Ok(())
    })?;
    for answer in 0..AHEAD {
        pipe.hear(&[&format!(":{}", count * 10 + answer + 1)])?;
    }
    let all = (count * 10 + AHEAD).to_string();
    pipe.ask("GET piped", &[&format!("${}", all.len()), &all])?;
    same("redis-cli", count.to_string(), cli.ask("GET cli")?)?;
    cli.end()?;
    // It ends without an answer.
    atomic.say("SHUTDOWN")?;
    must_end_well(&mut server, "redis-server")?;
    let mut nothing = Vec::new();
    blocked.out.read_to_end(&mut nothing).doing("the end of a connection")?;
    same("in the end", "", String::from_utf8_lossy(&nothing))
}
