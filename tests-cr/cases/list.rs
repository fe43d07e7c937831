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

impl Fact {
    /// A fact for the table.
    pub const fn new(name: &'static str, also_static: bool, run: fn()) -> Self {
        Self {
            name,
            also_static,
            run,
        }
    }
}

/// `facts! { both: a, b; dynamic: c, d }`: declares the modules and the table `FACTS`.
macro_rules! facts {
    (both: $($both:ident),*; dynamic: $($dynamic:ident),* $(,)?) => {
        $(mod $both;)*
        $(mod $dynamic;)*

        /// Every fact of this family.
        pub const FACTS: &[crate::list::Fact] = &[
            $(crate::list::Fact::new(stringify!($both), true, $both::run),)*
            $(crate::list::Fact::new(stringify!($dynamic), false, $dynamic::run),)*
        ];
    };
}
