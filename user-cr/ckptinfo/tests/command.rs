// SPDX-License-Identifier: GPL-2.0

//! The program as its users meet it.

mod run;

use std::io::Write;
use std::process::{Command, Stdio};

use ckpt_samples::{family, records, reseal};
use run::ckptinfo;

#[test]
fn a_whole_image_is_shown_and_verified() {
    let image = family();
    let shown = ckptinfo(&[], &image);
    assert_eq!((shown.status, shown.errors.as_str()), (0, ""));
    for expected in [
        "@0 Header, 280+0 bytes\n",
        "(2023-11-14 22:13:20 UTC)",
        "\n  process 100 (task #0, group 100, session 100)\n    thread 101 ",
        "path=\"/usr/bin/counter\"",
        "flags=GROUP_LEADER|SESSION_LEADER",
        "rip:0x555500000010",
        "cpus=0,2",
    ] {
        assert!(
            shown.output.contains(expected),
            "no {expected:?} in\n{}",
            shown.output
        );
    }
    let verdict = ckptinfo(&["--verify", "-"], &image);
    assert_eq!(verdict.status, 0);
    assert!(
        verdict.output.starts_with("the image is whole: 3 tasks, "),
        "{}",
        verdict.output
    );
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_the_way_out() {
    let mut image = family();
    let page = image.len() - 4000;
    image[page] ^= 4;
    let verdict = ckptinfo(&["--verify"], &image);
    assert_eq!(verdict.status, 1);
    let expected = "Pages (0x40): the checksum does not match\n  the image was damaged or altered";
    assert!(
        verdict
            .errors
            .starts_with("ckptinfo: standard input: offset "),
        "{}",
        verdict.errors
    );
    assert!(verdict.errors.contains(expected), "{}", verdict.errors);
    // What came before it is shown all the same.
    let shown = ckptinfo(&[], &image);
    assert_eq!(shown.status, 1);
    assert!(shown.output.contains(" RegistersX86_64, "));
    let json = ckptinfo(&["--json"], &image);
    let last = json.output.lines().last().unwrap();
    assert!(last.starts_with("{\"error\":"), "{last}");

    let cut = ckptinfo(&["--verify"], &family()[..5000]);
    assert!(
        cut.errors.contains("the image ends too early"),
        "{}",
        cut.errors
    );
    let empty = ckptinfo(&["--verify"], &[]);
    assert!(
        empty.errors.contains("the image ends too early"),
        "{}",
        empty.errors
    );
    let text = ckptinfo(
        &[],
        b"this is a letter to my bank, of more than twenty-four bytes",
    );
    assert!(
        text.errors.contains("this is not a checkpoint image"),
        "{}",
        text.errors
    );
    let missing = ckptinfo(&["/nowhere/img"], &[]);
    assert!(missing
        .errors
        .contains("/nowhere/img: cannot open it: No such file"));
    assert_eq!(missing.status, 1);
}

#[test]
fn programs_are_told_what_failed_whatever_it_was() {
    let family = family();
    for (arguments, image) in [
        (&["--json", "/nowhere/img"][..], &[][..]),
        (&["--json", "--verify", "/nowhere/img"], &[]),
        (&["--json", "--verify"], &family[..5000]),
        (&["--json"], &family[..5000]),
    ] {
        let shown = ckptinfo(arguments, image);
        assert_eq!(shown.status, 1, "{arguments:?}");
        let last = shown.output.lines().last().unwrap_or_default();
        let object: serde_json::Value = serde_json::from_str(last).unwrap();
        assert!(object["error"].is_string(), "{last}");
        assert_eq!(object["offset"].is_null(), image.is_empty(), "{last}");
        assert!(object["advice"].is_string(), "{last}");
    }
}

#[test]
fn a_full_disk_is_told() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    let Ok(full) = full else { return };
    let mut child = Command::new(env!("CARGO_BIN_EXE_ckptinfo"))
        .args(["--json"])
        .stdin(Stdio::piped())
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It may stop reading at any place.
    let _ = stdin.write_all(&family());
    drop(stdin);
    let end = child.wait_with_output().unwrap();
    let errors = String::from_utf8(end.stderr).unwrap();
    assert_eq!(end.status.code(), Some(1));
    assert!(errors.contains("cannot write: "), "{errors}");
}

#[test]
fn an_image_that_was_altered_on_purpose_is_not_whole() {
    let image = family();
    let all = records(&image);
    let mut without = all.clone();
    without.retain(|record| record[0] != 0x34);
    let mut without = without.concat();
    reseal(&mut without);
    assert_eq!(ckptinfo(&[], &without).status, 0);
    let verdict = ckptinfo(&["--verify"], &without);
    assert_eq!(verdict.status, 1);
    assert!(
        verdict.errors.contains("the field task refers to object 0"),
        "{}",
        verdict.errors
    );
}

#[test]
fn only_some_kinds() {
    let shown = ckptinfo(
        &["--kind", "area", "--kind", "OpenFile", "--json"],
        &family(),
    );
    let whole = ckptinfo(&["--json"], &family()).output;
    let is_one = |line: &&str| {
        ["\"Area\"", "\"OpenFile\""]
            .iter()
            .any(|kind| line.contains(&format!("\"kind\":{kind}")))
    };
    let wanted: Vec<&str> = whole.lines().filter(is_one).collect();
    assert!(wanted.len() > 4, "{whole}");
    assert_eq!(shown.output.lines().collect::<Vec<_>>(), wanted);
    let wrong = ckptinfo(&["--kind", "nonsense"], &[]);
    assert!(
        wrong.errors.contains("[possible values: Header, "),
        "{}",
        wrong.errors
    );
    assert_eq!(wrong.status, 2);
}

#[test]
fn a_reader_may_go_away() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ckptinfo"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&family()).unwrap();
    drop(stdin);
    let end = child.wait_with_output().unwrap();
    assert!(end.status.success());
    assert!(end.stderr.is_empty());
}

#[test]
fn the_help_teaches() {
    let help = ckptinfo(&["--help"], &[]);
    for expected in ["Examples:", "zstd -dc", "Exit status:", "--verify"] {
        assert!(help.output.contains(expected), "{expected}");
    }
}
