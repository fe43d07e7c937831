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
fn text_is_never_an_instruction() {
    assert_eq!(roff::text(".SH x\n'y \\z"), "\\&.SH x\n\\&'y \\ez\n");
}

/// The errors of the table of reasons are for whoever calls, and so are those of the arguments.
#[test]
fn every_errno_is_described() {
    let source = repository().join("kernel-rs");
    let mut used = std::collections::BTreeSet::new();
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).expect("text");
                for place in text.split("Refusal::new(Reason::").skip(1) {
                    let arguments = place.split(')').next().unwrap_or_default();
                    let errno = arguments.split(", ").nth(1).unwrap_or_default();
                    if errno.starts_with('E') {
                        used.insert(errno.to_owned());
                    }
                }
            }
        }
    }
    assert!(used.contains("EPERM") && used.len() > 5, "{used:?}");
    let pages = page("checkpoint.2") + &page("restart.2");
    for errno in used {
        assert!(pages.contains(&errno), "{errno}");
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
