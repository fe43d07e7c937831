// SPDX-License-Identifier: GPL-2.0

//! The C test: the compiler of C comes to the same offsets, sizes and values.

use super::model::{Declaration, Width};
use super::names;

/// The whole text.
pub fn text(declaration: &Declaration) -> Result<String, String> {
    let mut out = String::from("// SPDX-License-Identifier: GPL-2.0\n");
    out.push_str("/*\n");
    out.push_str(&format!(
        " * Do not edit: generated from {} by\n",
        super::FORMAT
    ));
    out.push_str(&format!(" * {}\n", super::COMMAND));
    out.push_str(" *\n");
    out.push_str(" * Compiles if C sees the layouts that the declaration in Rust says.\n");
    out.push_str(" */\n#include <stddef.h>\n\n#include \"checkpoint.h\"\n\n");
    out.push_str("#define SAME(said, found) _Static_assert((said) == (found), #said)\n");
    out.push_str("#define OFFSET(type, field, said) SAME(said, offsetof(struct type, field))\n");
    out.push_str("#define SIZE(type, field, said) SAME(said, sizeof(((struct type *)0)->field))\n");

    out.push('\n');
    for kind in &declaration.kinds {
        let name = names::kind(&kind.name);
        out.push_str(&format!("SAME({name}, {:#x});\n", kind.number));
    }
    out.push('\n');
    for reason in &declaration.reasons {
        let name = names::reason(&reason.name);
        out.push_str(&format!("SAME({name}, {});\n", reason.number));
    }
    out.push('\n');
    for (_, found) in declaration.constants() {
        if !found.is_public || found.width == Width::Text {
            continue;
        }
        let name = names::constant(&found.name);
        let value = declaration.value(&found.name)?;
        out.push_str(&format!("SAME({name}, {value:#x}ULL);\n"));
    }
    for (_, found) in declaration.structs() {
        let name = names::structure(&found.name);
        out.push_str(&format!("\nSAME(sizeof(struct {name}), {});\n", found.size));
        for field in &found.fields {
            let at = format!("{name}, {}", names::field(&field.name));
            out.push_str(&format!("OFFSET({at}, {});\n", field.offset));
            out.push_str(&format!("SIZE({at}, {});\n", field.size));
        }
    }
    Ok(out)
}
