// SPDX-License-Identifier: GPL-2.0

//! The parser with all that the kernel's headers do, and tables that say too little or too much.

use super::bits::{self, Style};
use super::judge::{differences, hollow, Known};
use super::members;
use super::source::Source;
use super::table;

/// Members of `struct thing`, as `name` or `name: condition`.
fn parsed(text: &str) -> Result<Vec<String>, String> {
    let source = Source::new(text)?;
    Ok(shown(&members::of(&source.tokens, "thing")?))
}

fn shown(fields: &[members::Field]) -> Vec<String> {
    let both = |field: &members::Field| match &field.under[..] {
        "" => field.name.clone(),
        under => format!("{}: {under}", field.name),
    };
    fields.iter().map(both).collect()
}

fn members_of(body: &str) -> Vec<String> {
    parsed(&format!(
        "struct other {{ int no; }};\nstruct thing {{\n{body}\n}};\n"
    ))
    .unwrap()
}

#[test]
fn plain_members() {
    assert_eq!(
        members_of(
            "int a; /* int no; */ unsigned long b, *c, d[4];\n// int no;\n\
             const struct other *e; char f[sizeof(int) * 2][3]; struct list_head g;\n\
             enum kind h; void __user *i; struct cred __rcu *j; u64 k __aligned(8);"
        ),
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
    );
}

#[test]
fn names_that_look_like_attributes() {
    assert_eq!(
        members_of(
            "u8 __pad; struct path __f_path; int __state ____cacheline_aligned_in_smp;\n\
             int a __attribute__((aligned(16), unused)), b __counted_by(a);"
        ),
        ["__pad", "__f_path", "__state", "a", "b"]
    );
}

#[test]
fn bit_fields() {
    assert_eq!(
        members_of("unsigned a:1, b : 2; unsigned :0; u64 c:1,\n:3, d:60; bool e:1;"),
        ["a", "b", "c", "d", "e"]
    );
}

#[test]
fn pointers_to_functions() {
    assert_eq!(
        members_of(
            "long (*a)(struct restart_block *); void (*b[3])(int c, int d);\n\
             int (*const e)(void (*f)(int), int g), h;"
        ),
        ["a", "b", "e", "h"]
    );
}

#[test]
fn nested_structs_and_unions() {
    assert_eq!(
        members_of(
            "struct { int a; union { int b; struct { int c; } d; }; } __randomize_layout;\n\
             union { struct { int e; } real; struct tag { int f; } cpu; } it[2];\n\
             enum { X, Y } g; struct embedded;"
        ),
        [
            "a",
            "b",
            "d",
            "d.c",
            "it",
            "it.real",
            "it.real.e",
            "it.cpu",
            "it.cpu.f",
            "g",
            "struct embedded"
        ]
    );
}

#[test]
fn macros_that_declare() {
    assert_eq!(
        members_of(
            "randomized_struct_fields_start\nDECLARE_BITMAP(a, 8);\nDECLARE_FLEX_ARRAY(struct x, b);\n\
             #define MAX 48\nint c[MAX];\nrandomized_struct_fields_end\n\
             __cacheline_group_begin(some); __cacheline_group_end(some);"
        ),
        ["a", "b", "c"]
    );
    let unknown = parsed("struct thing {\nint a;\nSOME_MACRO(b);\n};").unwrap_err();
    assert!(
        unknown.contains("line 3: do not know the macro SOME_MACRO"),
        "{unknown}"
    );
}

#[test]
fn conditions() {
    assert_eq!(
        members_of(
            "#ifdef CONFIG_A\nint a;\n# ifndef CONFIG_B\nint b;\n# else\nint c;\n# endif\n#endif\n\
             #if defined(CONFIG_A) && !defined(CONFIG_B)\nint d;\n#elif IS_ENABLED(CONFIG_C) /* why */\n\
             int e;\n#else\nint f;\n#endif\n#if defined CONFIG_A || \\\n    defined(CONFIG_B)\nint g;\n\
             #ifdef CONFIG_C\nint h;\n#endif\n#endif\nint i;"
        ),
        [
            "a: CONFIG_A",
            "b: CONFIG_A && !CONFIG_B",
            "c: CONFIG_A && CONFIG_B",
            "d: CONFIG_A && !CONFIG_B",
            "e: !(CONFIG_A && !CONFIG_B) && IS_ENABLED(CONFIG_C)",
            "f: !(CONFIG_A && !CONFIG_B) && !(IS_ENABLED(CONFIG_C))",
            "g: CONFIG_A || CONFIG_B",
            "h: (CONFIG_A || CONFIG_B) && CONFIG_C",
            "i",
        ]
    );
}

#[test]
fn guards_are_no_conditions() {
    let text = "#ifndef _THING_H\n#define _THING_H\n#ifndef __ASSEMBLER__\nstruct thing *forward;\n\
                #ifdef CONFIG_A\nstruct thing { int a; };\n#else\nstruct thing { };\n#endif\n#endif\n#endif\n";
    assert_eq!(parsed(text).unwrap(), ["a: CONFIG_A"]);
}

#[test]
fn typedefs() {
    let text = "typedef struct { int no; } other;\ntypedef struct {\nint a;\n} thing;\n";
    assert_eq!(parsed(text).unwrap(), ["a"]);
}

#[test]
fn what_is_not_there_or_not_whole_is_an_error() {
    assert!(parsed("struct other { int a; };")
        .unwrap_err()
        .contains("not declared"));
    assert!(parsed("struct thing { int a;").is_err());
    assert!(parsed("#ifdef A\nstruct thing { int a; };").is_err());
    assert!(parsed("#endif\nstruct thing { int a; };").is_err());
    assert!(parsed("struct thing { int; };").is_err());
}

#[test]
fn sets_of_flags() {
    let text = "#define F_A 0x1 /* one */\n#define F_B\t(1 << 1)\n#define F_MASK (F_A | F_B)\n\
                #define F_GUARD\n#define F_CALL(x) ((x) & F_A)\n#define G_A 1\n\
                #ifndef F_C\n#define F_C 4\n#endif\n#ifdef CONFIG_A\n#define F_D 8\n#endif\n\
                enum { E_A = F_A, E_B,\n#ifdef CONFIG_A\nE_C\n#endif\n};\n\
                enum { DECLARE_BIT(ONE, 1),\nDECLARE_BIT(ONE, 1), DECLARE_BIT(TWO, 2) };\n";
    let source = Source::new(text).unwrap();
    let of = |style| shown(&bits::of(&source, style));
    assert_eq!(
        of(Style::Macros(&["F_"])),
        ["F_A", "F_B", "F_C", "F_D: CONFIG_A"]
    );
    assert_eq!(
        of(Style::Enumerators("E_")),
        ["E_A", "E_B", "E_C: CONFIG_A"]
    );
    assert_eq!(of(Style::Calls(&["DECLARE_BIT"])), ["ONE", "TWO"]);
}

/// What is said about a table with these rows, for a struct with these members.
fn said(body: &str, rows: &str) -> Vec<String> {
    let source = Source::new(&format!("struct thing {{\n{body}\n}};")).unwrap();
    let declared = members::of(&source.tokens, "thing").unwrap();
    let text = format!("# Things\n\n## thing\n\n| field | under | verdict | by | why |\n|---|---|---|---|---|\n{rows}");
    let tables = table::read("t.md", &text).unwrap();
    let known = Known {
        rooms: vec!["files".into()],
        reasons: vec!["FileKind".into()],
        facts: vec!["CKPT_FACT_X".into()],
        tables: vec!["thing".into()],
    };
    let mut all = differences("thing", &declared, &tables[0]);
    all.extend(hollow(&tables[0], &known));
    all
}

#[test]
fn a_table_that_is_right_says_nothing() {
    let rows = "| `a` | | saved | `files` | offset |\n\
                | `b` | `CONFIG_A \\|\\| CONFIG_B` | refused | `FileKind`, `CKPT_FACT_X` | pipes |\n\
                | c | CONFIG_A | derived | | from a |\n| c | !CONFIG_A | harmless | | lock |\n";
    let body = "int a;\n#if defined(CONFIG_A) || defined(CONFIG_B)\nint b;\n#endif\n\
                #ifdef CONFIG_A\nint c;\n#else\nlong c;\n#endif";
    assert_eq!(said(body, rows), [""; 0]);
}

#[test]
fn a_table_that_is_wrong_says_what_is_wrong() {
    let one = "| a | | harmless | | lock |\n";
    let only = |body: &str, rows: &str| {
        let said = said(body, rows);
        assert_eq!(said.len(), 1, "{said:?}");
        said.into_iter().next().unwrap()
    };
    assert!(only("int a, b;", one).contains("nobody accounted for b"));
    assert!(only("#ifdef CONFIG_A\nint a;\n#endif", one).contains("a is there if CONFIG_A"));
    assert!(only("int a;", &format!("{one}| b | | harmless | | x |\n"))
        .contains("b (always there) is not declared"));
    assert!(only(
        "int a;",
        &format!("{one}| a | CONFIG_A | harmless | | x |\n")
    )
    .contains("is not declared"));
    assert!(only("int a;", "| a | | saved | | offset |\n").contains("the room that saves it"));
    assert!(only("int a;", "| a | | refused | files | x |\n").contains("the reason or fact"));
    assert!(only("int a;", "| a | | parts | | x |\n").contains("the table of its parts"));
    assert!(only("int a;", "| a | | derived | cellar | x |\n").contains("'cellar' names something"));
    assert_eq!(said("int a;", &format!("{one}{one}")).len(), 2);
}

#[test]
fn rows_that_say_nothing_are_errors() {
    let error = |row: &str| table::read("t.md", &format!("## thing\n{row}\n")).unwrap_err();
    assert!(error("| a | | maybe | | x |").contains("t.md:2: a: 'maybe' is no verdict"));
    assert!(error("| a | | harmless | | |").contains("no word about why"));
    assert!(error("| a | harmless | lock |").contains("3 cells"));
}
