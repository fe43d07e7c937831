// SPDX-License-Identifier: GPL-2.0

//! How a family lists its facts.

/// One test program.
pub struct Fact {
    /// Its file's name.
    pub name: &'static str,
    /// Run as a static program too.
    pub also_static: bool,
    /// The program.
    pub run: fn(),
}

/// `facts! { both: a, b; dynamic: c, d }`: declares the modules and the table `FACTS`.
macro_rules! facts {
    (both: $($both:ident),*; dynamic: $($dynamic:ident),* $(,)?) => {
        $(mod $both;)*
        $(mod $dynamic;)*

        /// Every fact of this family.
        pub const FACTS: &[crate::list::Fact] = &[
            $(crate::list::Fact { name: stringify!($both), also_static: true, run: $both::run },)*
            $(crate::list::Fact { name: stringify!($dynamic), also_static: false, run: $dynamic::run },)*
        ];
    };
}
