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

#[test]
fn nothing_is_left_to_be_filled() {
    for product in all().iter().filter(|one| one.path.starts_with("man2")) {
        let open = product.text.lines().find(|line| line.contains('@'));
        assert_eq!(open, None, "{}", product.path.display());
    }
}

#[test]
fn text_is_never_an_instruction() {
    assert_eq!(roff::text(".SH x\n'y \\z"), "\\&.SH x\n\\&'y \\ez\n");
}
