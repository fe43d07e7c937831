// SPDX-License-Identifier: GPL-2.0

//! What the generator refuses, and that a compiler of C agrees with what it makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{parse, products, rules, run, FORMAT};

/// A declaration with one file, in a directory that goes away again.
struct Sample(PathBuf);

impl Sample {
    fn new(test: &str, text: &str) -> Self {
        let name = format!("xtask-uapi-{}-{test}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("mod.rs"), "mod kind;\npub mod sample;\n").unwrap();
        let kinds = "kinds! {\n/// Doc.\nThing = 0x01, since 1;\n}\n";
        fs::write(folder.join("kind.rs"), kinds).unwrap();
        fs::write(folder.join("sample.rs"), text).unwrap();
        Self(folder)
    }

    fn outcome(&self) -> Result<(), String> {
        rules::check(&parse::declaration(&self.0)?)
    }
}

impl Drop for Sample {
    fn drop(&mut self) {
        // Only a temporary directory would be left behind.
        let _ = fs::remove_dir_all(&self.0);
    }
}

const HEAD: &str = "/// A thing.
#[derive(FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
";

fn refusal(test: &str, text: &str) -> String {
    Sample::new(test, text).outcome().unwrap_err()
}

#[test]
fn a_plain_struct_is_fine() {
    let text = format!(
        "{HEAD}pub struct Thing {{
    /// Bits of `THING_*`.
    pub flags: U32,
    /// Must be zero.
    pub reserved: U32,
    /// Numbers.
    pub numbers: [U64; COUNT],
}}
record!(Thing, zero reserved, bits flags = THING_A | THING_B);
/// A.
pub const THING_A: u32 = 1 << 0;
/// B.
pub const THING_B: u32 = 1 << 1;
/// Count.
pub const COUNT: usize = 2 * 3;
"
    );
    assert_eq!(Sample::new("plain", &text).outcome(), Ok(()));
    let forgotten = text.replace(" | THING_B", "");
    assert!(refusal("forgotten", &forgotten).contains("differ in THING_B"));
    let unlisted = text.replace("zero reserved, ", "");
    assert!(refusal("unlisted", &unlisted).contains("sample.rs:8: reserved fields"));
}

#[test]
fn what_c_cannot_say_is_refused_with_its_line() {
    let cases = [
        (
            "order",
            "pub struct Thing {\n/// A.\npub a: u32,\n}",
            "sample.rs:6: u32 has no byte order",
        ),
        (
            "bool",
            "pub struct Thing {\n/// A.\npub a: bool,\n}",
            "sample.rs:6: bool has no byte order",
        ),
        (
            "option",
            "pub struct Thing {\n/// A.\npub a: Option<U32>,\n}",
            "sample.rs:6: C has no generics",
        ),
        (
            "tuple",
            "pub struct Thing(pub U32);",
            "sample.rs:4: fields need names",
        ),
        (
            "reference",
            "pub struct Thing {\n/// A.\npub a: &'static U32,\n}",
            "sample.rs:6: C has no field",
        ),
        (
            "gap",
            "pub struct Thing {\n/// A.\npub a: U32,\n/// B.\npub b: U64,\n}\nrecord!(Thing);",
            "b lies at 4",
        ),
        (
            "end",
            "pub struct Thing {\n/// A.\npub a: U64,\n/// B.\npub b: U32,\n}\nrecord!(Thing);",
            "Thing has 12 bytes",
        ),
        (
            "doc",
            "pub struct Thing {\npub a: U32,\n}",
            "sample.rs:5: a has no doc comment",
        ),
        (
            "unknown",
            "pub struct Thing {\n/// A.\npub a: Other,\n}",
            "sample.rs:6: unknown type",
        ),
    ];
    for (test, text, expected) in cases {
        let said = refusal(test, &format!("{HEAD}{text}\n"));
        assert!(said.contains(expected), "{test}: {said}");
    }
    let loose = refusal("loose", "/// E.\npub enum Thing { A }\n");
    assert!(loose.contains("sample.rs:1: this construct"), "{loose}");
    let bare = refusal(
        "bare",
        "/// A.\npub struct Thing {\n/// A.\npub a: U32,\n}\n",
    );
    assert!(bare.contains("does not derive FromBytes"), "{bare}");
    let layout = HEAD.replace("#[repr(C)]\n", "");
    let layout = refusal(
        "layout",
        &format!("{layout}pub struct Thing {{\n/// A.\npub a: U32,\n}}\n"),
    );
    assert!(layout.contains("is not #[repr(C)]"), "{layout}");
    let value = refusal("value", "/// A.\npub const A: u32 = 3 % 2;\n");
    assert!(value.contains("sample.rs:2: C has no constant"), "{value}");
}

#[test]
fn a_kind_needs_its_struct() {
    assert!(refusal("kind", "").contains("no record!(Thing)"));
}

#[test]
fn what_is_checked_in_is_what_would_be_generated() {
    run(&super::super::repository(), true).unwrap();
}

/// Both as C lays structs out by itself and packed: the same.
#[test]
fn the_compiler_of_c_agrees() {
    let repository = super::super::repository();
    let declaration = parse::declaration(&repository.join(FORMAT)).unwrap();
    let folder = Sample::new("c", "");
    for product in products(&declaration).unwrap() {
        let name = Path::new(product.path).file_name().unwrap();
        fs::write(folder.0.join(name), product.text).unwrap();
    }
    for packing in ["-fno-pack-struct", "-fpack-struct=1"] {
        let compiler = Command::new("cc")
            .args([
                "-std=c11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fsyntax-only",
                packing,
                "-I",
            ])
            .arg(&folder.0)
            .arg(folder.0.join("layout.c"))
            .status();
        match compiler {
            Ok(status) => assert!(status.success(), "{packing}"),
            Err(error) => eprintln!("not tested: cc: {error}"),
        }
    }
}
