// SPDX-License-Identifier: GPL-2.0

//! What is set for the cgroup, and so for whatever is in it: that is the user's, and in no image.

use std::fs;
use std::path::Path;

/// Files of a cgroup, and what is in them if nobody has set anything.
const DEFAULTS: [(&str, &str); 24] = [
    ("cpu.idle", "0"),
    ("cpu.max", "max 100000"),
    ("cpu.max.burst", "0"),
    ("cpu.uclamp.max", "max"),
    ("cpu.uclamp.min", "0.00"),
    ("cpu.weight", "100"),
    ("cpuset.cpus", ""),
    ("cpuset.cpus.exclusive", ""),
    ("cpuset.cpus.partition", "member"),
    ("cpuset.mems", ""),
    ("io.latency", ""),
    ("io.max", ""),
    ("io.prio.class", "no-change"),
    ("io.weight", "default 100"),
    ("memory.high", "max"),
    ("memory.low", "0"),
    ("memory.max", "max"),
    ("memory.min", "0"),
    ("memory.oom.group", "0"),
    ("memory.swap.high", "max"),
    ("memory.swap.max", "max"),
    ("memory.zswap.max", "max"),
    ("memory.zswap.writeback", "1"),
    ("pids.max", "max"),
];

/// Files with a line for each device or resource, and what every value in it is then.
const LISTS: [(&str, &str); 5] = [
    ("dmem.low", "0"),
    ("dmem.max", "max"),
    ("dmem.min", "0"),
    ("misc.max", "max"),
    ("rdma.max", "max"),
];

/// A remark on what is set, if anything is: another cgroup will not have it.
pub fn remark(cgroup: &Path) -> Option<String> {
    let read = |file: &str| fs::read_to_string(cgroup.join(file)).ok();
    let is_set = |file: &str, default: &str| read(file).is_some_and(|text| text.trim() != default);
    let mut set: Vec<String> = huge(cgroup)
        .into_iter()
        .filter(|file| is_set(file, "max"))
        .collect();
    let plain = DEFAULTS.iter().filter(|entry| is_set(entry.0, entry.1));
    let lists = LISTS
        .iter()
        .filter(|entry| read(entry.0).is_some_and(|text| lists_other_than(&text, entry.1)));
    set.extend(plain.chain(lists).map(|entry| entry.0.to_owned()));
    set.sort_unstable();
    (!set.is_empty()).then(|| {
        format!(
            "what is set for the cgroup is not in the image: {}; \
             restart it in a cgroup where that is set (restart --cgroup)",
            set.join(", ")
        )
    })
}

/// The limits of huge pages: a file for each size.
fn huge(cgroup: &Path) -> Vec<String> {
    let names = fs::read_dir(cgroup).into_iter().flatten().flatten();
    names
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with("hugetlb.") && name.ends_with(".max"))
        .collect()
}

/// `name value` or `name key=value key=value`, a line each.
fn lists_other_than(text: &str, default: &str) -> bool {
    let values = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        words.any(|word| word.rsplit('=').next() != Some(default))
    };
    text.lines().any(values)
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
        let huge = path.join("hugetlb.2MB.max");
        fs::write(&huge, "max\n").unwrap();
        let rdma = path.join("rdma.max");
        fs::write(&rdma, "mlx4_0 hca_handle=max hca_object=max\n").unwrap();
        fs::write(path.join("dmem.low"), "drm/0000:03:00.0/vram0 0\n").unwrap();
        assert_eq!(remark(&path), None);
        fs::write(&huge, "4194304\n").unwrap();
        fs::write(&rdma, "mlx4_0 hca_handle=2 hca_object=max\n").unwrap();
        let said = remark(&path).unwrap();
        assert!(
            said.contains("image: hugetlb.2MB.max, rdma.max; "),
            "{said}"
        );
        fs::remove_file(&huge).unwrap();
        fs::remove_file(&rdma).unwrap();
        fs::write(path.join("pids.max"), "20\n").unwrap();
        fs::write(path.join("cpuset.cpus"), "0-1\n").unwrap();
        let said = remark(&path).unwrap();
        fs::remove_dir_all(&path).unwrap();
        assert!(said.contains("image: cpuset.cpus, pids.max; "), "{said}");
        assert_eq!(remark(&path), None);
    }
}
