// SPDX-License-Identifier: GPL-2.0

//! The wall clock, for people.

const DAY: u64 = 24 * 60 * 60;

/// `2023-11-14 22:13:20 UTC`, from nanoseconds since 1970.
pub fn utc(nanoseconds: u64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    let (year, month, day) = date(seconds / DAY);
    let (hour, minute, second) = (seconds % DAY / 3600, seconds % 3600 / 60, seconds % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// The Gregorian date of a day since 1970, counted in eras of 400 years that begin in March.
fn date(days: u64) -> (u64, u64, u64) {
    const ERA: u64 = 146_097;
    const FROM_YEAR_ZERO: u64 = 719_468;
    let days = days + FROM_YEAR_ZERO;
    let (era, day) = (days / ERA, days % ERA);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_400_000_000_000), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(1_700_000_000_123_456_789), "2023-11-14 22:13:20 UTC");
        assert_eq!(utc(4_102_444_799_000_000_000), "2099-12-31 23:59:59 UTC");
    }
}
