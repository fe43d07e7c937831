// SPDX-License-Identifier: GPL-2.0

//! What the processes of a restart tell the tool, through one pipe.

use std::io::{self, Read};

/// Bytes of a report; far below PIPE_BUF, so one write is never torn.
pub const SIZE: usize = 16;

/// One report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Report {
    /// A new task could not take a step.
    Failed {
        /// Its place in the forest; all-ones for the helper init.
        task: u32,
        /// The number of the step, in the reporter's own count.
        step: u32,
        /// Why.
        errno: i32,
    },
    /// The helper init has started every root.
    Built,
    /// The root has ended.
    Ended {
        /// As wait(2) gives it.
        status: i32,
    },
}

const FAILED: u32 = 1;
const BUILT: u32 = 2;
const ENDED: u32 = 3;

impl Report {
    /// As it goes through the pipe.
    pub fn encode(self) -> [u8; SIZE] {
        let words = match self {
            Self::Failed { task, step, errno } => [FAILED, task, step, errno as u32],
            Self::Built => [BUILT, 0, 0, 0],
            Self::Ended { status } => [ENDED, status as u32, 0, 0],
        };
        let mut bytes = [0; SIZE];
        let mut index = 0;
        while index < words.len() {
            let word = words[index].to_ne_bytes();
            bytes[4 * index] = word[0];
            bytes[4 * index + 1] = word[1];
            bytes[4 * index + 2] = word[2];
            bytes[4 * index + 3] = word[3];
            index += 1;
        }
        bytes
    }

    /// The next report; none when nobody is left who could send one.
    pub fn read(source: &mut impl Read) -> io::Result<Option<Self>> {
        let mut bytes = [0; SIZE];
        match source.read(&mut bytes)? {
            0 => return Ok(None),
            SIZE => {}
            _ => return Err(io::Error::other("half a report")),
        }
        let word = |index: usize| {
            let mut word = [0; 4];
            word.copy_from_slice(&bytes[4 * index..4 * index + 4]);
            u32::from_ne_bytes(word)
        };
        Ok(Some(match word(0) {
            FAILED => Self::Failed {
                task: word(1),
                step: word(2),
                errno: word(3) as i32,
            },
            BUILT => Self::Built,
            ENDED => Self::Ended {
                status: word(1) as i32,
            },
            other => return Err(io::Error::other(format!("a report of kind {other}"))),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_comes_out_as_it_went_in() {
        for report in [
            Report::Failed {
                task: u32::MAX,
                step: 3,
                errno: libc::EPERM,
            },
            Report::Built,
            Report::Ended { status: 0x8b },
        ] {
            let bytes = report.encode();
            assert_eq!(Report::read(&mut &bytes[..]).unwrap(), Some(report));
        }
        assert_eq!(Report::read(&mut &[][..]).unwrap(), None);
        assert!(Report::read(&mut &[1, 2][..]).is_err());
    }
}
