// SPDX-License-Identifier: GPL-2.0

//! Images of every released version are read for ever (see tests-cr/golden/README.md).

mod run;

use std::env;
use std::fs;
use std::path::Path;

use run::ckptinfo;

fn golden(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests-cr/golden")
        .join(name)
}

#[test]
fn version_1() {
    let text = fs::read_to_string(golden("v1.hex")).unwrap();
    let image = ckpt_samples::undump(&text).expect("v1.hex is a hex dump");
    let verdict = ckptinfo(&["--verify"], &image);
    assert_eq!((verdict.status, verdict.errors.as_str()), (0, ""));

    let shown = ckptinfo(&["--json"], &image);
    assert_eq!((shown.status, shown.errors.as_str()), (0, ""));
    let expected = golden("v1.jsonl");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&expected, &shown.output).unwrap();
    }
    let expected = fs::read_to_string(expected).unwrap();
    for (line, (said, expected)) in shown.output.lines().zip(expected.lines()).enumerate() {
        assert_eq!(said, expected, "line {}", line + 1);
    }
    assert_eq!(shown.output.lines().count(), expected.lines().count());
}
