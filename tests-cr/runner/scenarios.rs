// SPDX-License-Identifier: GPL-2.0

//! How the tools behave, one fact each: what they take, what they give, what they leave behind.

use crate::container::Container;
use crate::verdict::{Outcome, Step};
use crate::Places;

/// A scenario: a container to play with, and where the programs are.
pub type Scenario = fn(&Container, &Places) -> Step<()>;

/// Every scenario.
pub const ALL: &[(&str, Scenario)] = &[];

/// Runs one by name.
pub fn run(name: &str, container: &Container, places: &Places) -> Step<()> {
    match ALL.iter().find(|(other, _)| *other == name) {
        Some((_, scenario)) => scenario(container, places),
        None => Err(Outcome::failed("there is no such scenario")),
    }
}
