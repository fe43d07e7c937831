// SPDX-License-Identifier: GPL-2.0

//! python's interactive interpreter at a terminal: threads that hand numbers to each other, a program
//! that it talks to, and one that it starts for every answer.

use std::process::Command;

use crate::load::{rounds, Doing, Step};
use crate::terminal::Terminal;

const MODULE: &str = r#"
import queue, subprocess, threading, time

links = [queue.Queue() for _ in range(5)]
def link(number):
    while True:
        links[number + 1].put(links[number].get() + 1)
threads = [threading.Thread(target=link, args=(n,), daemon=True) for n in range(4)]

ticks = 0
def tick():
    global ticks
    while True:
        ticks += 1
        time.sleep(0.01)
threads.append(threading.Thread(target=tick, daemon=True))
for thread in threads:
    thread.start()

sed = subprocess.Popen(["sed", "-u", "s/$/0/"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

def ask(number):
    links[0].put(number)
    print(links[4].get(), file=sed.stdin)
    tenfold = int(sed.stdout.readline())
    return int(subprocess.run(["expr", str(tenfold), "+", "1"], capture_output=True, check=True).stdout)

def end():
    sed.stdin.close()
    return sed.wait(), ticks > 10, all(thread.is_alive() for thread in threads), all(link.empty() for link in links)
"#;

pub fn run() -> Step {
    std::fs::write("talk.py", MODULE).doing("talk.py")?;
    let mut python = Terminal::start(Command::new("python3").args(["-q", "-B"]))?;
    python.see("", ">>> ")?;
    python.see("import sys; sys.path.insert(0, ''); from talk import *\r", ">>> ")?;
    rounds(|n| {
        let answer = (n + 4) * 10 + 1;
        python.see(&format!("_answer = ask({n}); print('ans' 'wer', _answer)\r"), &format!("\nanswer {answer}\r\n"))?;
        python.see("", ">>> ")
    })?;
    python.see("print('e' 'nd', *end())\r", "\nend 0 True True True\r\n")?;
    python.press("exit()\r")?;
    python.end()
}
