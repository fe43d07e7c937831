// SPDX-License-Identifier: GPL-2.0

use super::*;

fn all() -> Vec<Product> {
    products(&repository()).expect("the pages can be made")
}

fn page(name: &str) -> String {
    let wanted = place(name);
    let found = all().into_iter().find(|product| product.path == wanted);
    found.expect("there is such a page").text
}

#[test]
fn every_reason_and_every_record_is_described() {
    let declaration = uapi::declaration(&repository()).expect("it is sound");
    let call = page("checkpoint.2");
    for reason in &declaration.reasons {
        assert!(
            call.contains(&format!(".BR {} ", reason.name)),
            "{}",
            reason.name
        );
    }
    let image = page("checkpoint-image.5");
    for kind in &declaration.kinds {
        assert!(
            image.contains(&format!(".SS {} (", kind.name)),
            "{}",
            kind.name
        );
    }
}

#[test]
fn an_image_is_known_by_its_page() {
    let page = page("checkpoint-image.5");
    for expected in [
        ".B \"\\e211LnxCR\\er\\en\"\n",
        "describes version 1,",
        "which is 62,",
        ".BR 1 \"\"\nHeader.\n",
        ".BR 4 \" (objects)\"\nPid, PidSpace.\n",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
}

#[test]
fn every_option_is_described() {
    for command in tool::commands() {
        let page = page(&format!("{}.1", command.get_name()));
        for option in command.get_arguments().filter_map(|one| one.get_long()) {
            let option = option.replace('-', "\\-");
            assert!(page.contains(&format!("\\-\\-{option}")), "{option}");
        }
    }
}

/// `compgen -f` alone breaks names at spaces, and ends the name of a directory.
#[test]
fn shells_complete_names_of_files() {
    let all = all();
    let bash = |name: &str| {
        let mut scripts = all.iter().filter(|one| one.path.ends_with(name));
        let is_bash = |one: &&Product| one.path.to_string_lossy().contains("bash-completion");
        &scripts.find(is_bash).expect("there is a script").text
    };
    for (name, option) in [
        ("checkpoint", "--output"),
        ("restart", "--input"),
        ("restart", "--stdout"),
        ("restart", "--terminal"),
    ] {
        let script = bash(name);
        let body = script.split(&format!("{option})\n")).nth(1);
        let body = body.and_then(|rest| rest.split(";;").next());
        let body = body.expect("the option is there");
        assert!(body.contains("compopt -o filenames"), "{name} {option}");
    }
    assert!(bash("ckptinfo").contains("OpenFile"));
}

#[test]
fn nothing_is_left_to_be_filled() {
    for product in all().iter().filter(|one| one.path.starts_with("man/man2")) {
        let open = product.text.lines().find(|line| line.contains('@'));
        assert_eq!(open, None, "{}", product.path.display());
    }
}

#[test]
fn what_is_said_after_a_table_of_rights_is_on_the_page() {
    let rights = fs::read_to_string(repository().join(RIGHTS)).expect("it is there");
    let said = rights.split("The tool `restart` needs ").nth(1);
    let said = said.and_then(|rest| rest.split_whitespace().next());
    let needed = said.expect("what the tool needs besides").replace('`', "");
    let page = page("checkpoint-threats.7");
    assert!(page.contains(&format!("The tool restart needs {needed} ")));
    assert!(!page.contains("## "));
}

#[test]
fn every_page_of_a_tool_has_its_sections() {
    for name in ["checkpoint", "restart", "ckptinfo"] {
        let page = page(&format!("{name}.1"));
        for section in ["EXAMPLES", "JSON", "EXIT STATUS"] {
            assert!(
                page.contains(&format!(".SH \"{section}\"\n")),
                "{name}: {section}"
            );
        }
    }
}

#[test]
fn text_is_never_an_instruction() {
    assert_eq!(roff::text(".SH x\n'y \\z"), "\\&.SH x\n\\&'y \\ez\n");
}

/// Which of the two calls a file of the kernel is about; both if it is about neither alone.
fn calls_of(path: &str) -> &'static [&'static str] {
    const CHECKPOINT: [&str; 4] = ["checkpoint", "census", "capture", "rooms/durability"];
    const RESTART: [&str; 3] = ["restart", "session", "plan"];
    let is = |name: &str| path == format!("{name}.rs") || path.starts_with(&format!("{name}/"));
    if CHECKPOINT.iter().any(|name| is(name)) {
        &["checkpoint.2"]
    } else if RESTART.iter().any(|name| is(name)) {
        &["restart.2"]
    } else {
        &["checkpoint.2", "restart.2"]
    }
}

/// The kernel's Rust without tests, by its place, with the errors that have no name in it by that of C.
fn kernel() -> Vec<(String, String)> {
    let root = repository().join("kernel-rs");
    let named = fs::read_to_string(root.join("abstractions/errno.rs")).expect("text");
    let helpers: Vec<(String, String)> = named
        .split("pub(crate) fn ")
        .filter_map(|text| {
            let call = text.split("()").next()?;
            let errno = text.split("bindings::").nth(1)?.split(' ').next()?;
            Some((format!("errno::{call}()"), errno.to_owned()))
        })
        .collect();
    assert!(helpers.len() > 5, "{helpers:?}");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).expect("text");
                let text = text.split("#[kunit_tests").next().unwrap_or_default();
                let text = helpers.iter().fold(text.to_owned(), |text, (call, errno)| {
                    text.replace(call, errno)
                });
                let place = path.strip_prefix(&root).expect("below it");
                files.push((place.to_string_lossy().into_owned(), text));
            }
        }
    }
    files
}

fn errno_at(text: &str) -> Option<&str> {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric());
    let name = &text[..end.unwrap_or(text.len())];
    let is_errno = name.starts_with('E') && name.chars().all(|letter| !letter.is_ascii_lowercase());
    (is_errno && name.len() > 2).then_some(name)
}

fn describes(page: &str, errno: &str) -> bool {
    let errors = page.split(".SH ERRORS").nth(1).unwrap_or_default();
    let errors = errors.split(".SH ").next().unwrap_or_default();
    let mut tags = errors.split(".TP\n").filter_map(|one| one.lines().next());
    tags.any(|tag| tag.split([' ', '"', ',']).any(|word| word == errno))
}

/// Errors that come with a reason are on the page of the call that gives the reason; where both may, on
/// one of them. Those of arguments, which come alone, are on the page of the call that takes them.
#[test]
fn every_errno_is_described() {
    let declaration = uapi::declaration(&repository()).expect("it is sound");
    let number_of = |name: &str| {
        let mut all = declaration.reasons.iter();
        let found = all.find(|reason| reason.name == name);
        found.map_or(0, |reason| reason.number)
    };
    let pages = ["checkpoint.2", "restart.2"].map(|name| (name, page(name)));
    let is_on = |name: &str, errno: &str| {
        let mut pages = pages.iter();
        pages.any(|(page, text)| *page == name && describes(text, errno))
    };
    let mut seen = std::collections::BTreeSet::new();
    for (path, text) in kernel() {
        for place in text.split("Reason::").skip(1) {
            let Some((reason, rest)) = place.split_once(", ") else {
                continue;
            };
            let Some(errno) = errno_at(rest) else {
                continue;
            };
            // Image, machine and restart.
            let is_restarts = (100..200).contains(&number_of(reason)) && errno != "EINTR";
            let wanted = match is_restarts {
                true => &["restart.2"],
                false => calls_of(&path),
            };
            let found = wanted.iter().any(|page| is_on(page, errno));
            assert!(found, "{path}: {reason}, {errno} is not in {wanted:?}");
            seen.insert(errno.to_owned());
        }
        let takes_arguments = [
            "checkpoint.rs",
            "restart.rs",
            "session.rs",
            "abstractions/user.rs",
        ];
        if takes_arguments.contains(&path.as_str()) {
            for errno in text.split("Err(").skip(1).filter_map(errno_at) {
                for page in calls_of(&path) {
                    assert!(is_on(page, errno), "{path}: {errno} is not in {page}");
                }
                seen.insert(errno.to_owned());
            }
        }
    }
    for errno in [
        "EPERM",
        "EACCES",
        "ESHUTDOWN",
        "ENOTTY",
        "E2BIG",
        "EEXIST",
        "EOPNOTSUPP",
    ] {
        assert!(seen.contains(errno), "{errno} was not found: {seen:?}");
    }
}

/// Who is refused can do something. These only remark.
const REMARKS: [&str; 4] = [
    "HandedShared",
    "HandedOutside",
    "TerminalRelayed",
    "SocketReconnects",
];

#[test]
fn every_reason_says_what_to_do() {
    let declaration = uapi::declaration(&repository()).expect("it is sound");
    let silent: Vec<_> = declaration
        .reasons
        .iter()
        .filter(|reason| reason.advice.is_empty() && !REMARKS.contains(&reason.name.as_str()))
        .map(|reason| reason.name.clone())
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}
