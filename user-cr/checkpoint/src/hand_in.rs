// SPDX-License-Identifier: GPL-2.0

//! Descriptors whose open files are left to the restarter: `stdio,9`.

/// Which descriptors.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HandIn(Vec<u32>);

impl HandIn {
    /// Reads a list as the command line has it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut numbers = Vec::new();
        if text != "none" {
            for word in text.split(',') {
                match word {
                    "stdio" => numbers.extend([0, 1, 2]),
                    _ => match word.parse::<i32>() {
                        Ok(number @ 0..) => numbers.push(number as u32),
                        _ => return Err(format!("{word:?} is no descriptor, nor stdio or none")),
                    },
                }
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(Self(numbers))
    }

    /// Their numbers, ascending.
    pub fn numbers(&self) -> &[u32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        let numbers = |text| HandIn::parse(text).map(|list| list.0).ok();
        assert_eq!(numbers("none"), Some(vec![]));
        assert_eq!(numbers("stdio"), Some(vec![0, 1, 2]));
        assert_eq!(numbers("9,stdio,1"), Some(vec![0, 1, 2, 9]));
        for wrong in ["", "stdout", "1,", "-1", "none,1", "4294967296"] {
            assert_eq!(numbers(wrong), None, "{wrong}");
        }
    }
}
