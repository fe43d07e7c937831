// SPDX-License-Identifier: GPL-2.0

//! What is set for the cgroup, and so for whatever is in it: that is the user's, and in no image.

use std::fs;
use std::path::Path;

/// Files of a cgroup, and what is in them if nobody has set anything.
const DEFAULTS: [(&str, &str); 20] = [
    ("cpu.idle", "0"),
    ("cpu.max", "max 100000"),
    ("cpu.uclamp.max", "max"),
    ("cpu.uclamp.min", "0.00"),
    ("cpu.weight", "100"),
    ("cpuset.cpus", ""),
    ("cpuset.mems", ""),
    ("io.latency", ""),
    ("io.max", ""),
    ("io.weight", "default 100"),
    ("memory.high", "max"),
    ("memory.low", "0"),
    ("memory.max", "max"),
    ("memory.min", "0"),
    ("memory.oom.group", "0"),
    ("memory.swap.high", "max"),
    ("memory.swap.max", "max"),
    ("memory.zswap.max", "max"),
    ("misc.max", ""),
    ("pids.max", "max"),
];

/// A remark on what is set, if anything is: another cgroup will not have it.
pub fn remark(cgroup: &Path) -> Option<String> {
    let is_set = |(file, default): &(&str, &str)| {
        fs::read_to_string(cgroup.join(file)).is_ok_and(|text| text.trim() != *default)
    };
    let set: Vec<&str> = DEFAULTS
        .iter()
        .filter(|entry| is_set(entry))
        .map(|(file, _)| *file)
        .collect();
    (!set.is_empty()).then(|| {
        format!(
            "what is set for the cgroup is not in the image: {}; \
             restart it in a cgroup where that is set (restart --cgroup)",
            set.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_named() {
        let path = std::env::temp_dir().join(format!("limits-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        for (file, default) in DEFAULTS {
            fs::write(path.join(file), format!("{default}\n")).unwrap();
        }
        assert_eq!(remark(&path), None);
        fs::write(path.join("pids.max"), "20\n").unwrap();
        fs::write(path.join("cpuset.cpus"), "0-1\n").unwrap();
        let said = remark(&path).unwrap();
        fs::remove_dir_all(&path).unwrap();
        assert!(said.contains("image: cpuset.cpus, pids.max; "), "{said}");
        assert_eq!(remark(&path), None);
    }
}
