// SPDX-License-Identifier: GPL-2.0

//! Writes the family as a hex dump: how `tests-cr/golden/v1.hex` was made.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "# SPDX-License-Identifier: GPL-2.0")?;
    writeln!(out, "# An image of format version 1; see README.md.")?;
    out.write_all(ckpt_samples::dump(&ckpt_samples::family()).as_bytes())
}
