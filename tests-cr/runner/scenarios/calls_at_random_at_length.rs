// SPDX-License-Identifier: GPL-2.0

//! Fact: as `calls_at_random`, for minutes, and other calls each time.

use std::time::{SystemTime, UNIX_EPOCH};

use super::calls_at_random::storm;
use super::stage::Stage;
use crate::verdict::{Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| Outcome::failed("it is before 1970"))?;
    storm(stage, 60, now.as_secs())
}
