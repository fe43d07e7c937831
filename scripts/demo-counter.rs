// SPDX-License-Identifier: GPL-2.0
//
// What the demo sends across a reboot: a program that counts, and knows
// nothing of checkpoints.  The count is nowhere but in its memory.

use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

fn main() {
    let mut out = std::io::stdout();
    for count in 1u64.. {
        let line = format!("pid {}: count {}\n", std::process::id(), count);
        if out
            .write_all(line.as_bytes())
            .and_then(|_| out.flush())
            .is_err()
        {
            break;
        }
        sleep(Duration::from_millis(300));
    }
}
