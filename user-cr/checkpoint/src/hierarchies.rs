// SPDX-License-Identifier: GPL-2.0

//! Cgroups of version 1, beside the one that the container is: where its tasks are in those is in no image.

use std::collections::BTreeSet;
use std::fs;

use ckpt_image::legible;
use ckpt_sys::cgroup::Cgroup;

/// A remark on where tasks are, if that is not at the top: restarted, they are where restart was.
pub fn remark(cgroup: &Cgroup) -> Option<String> {
    let of = |task: &str| fs::read_to_string(format!("/proc/{task}/cgroup")).unwrap_or_default();
    // Without such hierarchies nobody has to be asked.
    if !of("self").lines().any(is_old) {
        return None;
    }
    let mut places = BTreeSet::new();
    for task in cgroup.threads() {
        places.extend(below_the_top(&of(&task.to_string())));
    }
    said(&places)
}

fn said(places: &BTreeSet<String>) -> Option<String> {
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    (!places.is_empty()).then(|| {
        format!(
            "cgroups of version 1 are not in the image: {}; \
             what is restarted is in those that restart is in",
            places.join(", ")
        )
    })
}

/// `NUMBER:CONTROLLERS:PATH`; there are no controllers in the line of version 2.
fn is_old(line: &str) -> bool {
    !line.starts_with("0::")
}

fn below_the_top(text: &str) -> impl Iterator<Item = String> + '_ {
    let places = text.lines().filter(|line| is_old(line));
    let places = places.filter_map(|line| line.split_once(':').map(|(_, place)| place));
    places
        .filter(|place| !place.ends_with(":/"))
        .map(|place| legible(place.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_below_the_top_of_version_1_is_named() {
        let text = "2:net_cls,net_prio:/\n1:name=systemd:/a:b/c\n0::/job\n";
        let places: BTreeSet<String> = below_the_top(text).collect();
        let text = said(&places).unwrap();
        assert!(text.contains("image: name=systemd:/a:b/c; "), "{text}");
        assert_eq!(said(&below_the_top("3:cpu:/\n0::/job\n").collect()), None);
    }
}
