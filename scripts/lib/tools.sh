# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The programs of user space: cargo, where it comes from, how it is called and
# where its results are.  Needs common.sh.

TOOLS=(checkpoint restart ckptinfo)
TARGET=x86_64-unknown-linux-gnu

# The static programs, in the checkout's own target directory.
tools_dir() { echo "${LINUX_CR_TOOLS:-${CARGO_TARGET_DIR:-$REPO/target}/$TARGET/release}"; }

# last_tools: prints the paths of the tools that are there, built or given.
last_tools() {
	local dir tool
	dir=$(tools_dir)
	for tool in "${TOOLS[@]}"; do
		[ ! -x "$dir/$tool" ] || echo "$dir/$tool"
	done
}

# last_kernel DEBUG: prints the path of the kernel that was built last.
last_kernel() {
	local link=$CACHE/last-kernel${1:+-debug}
	[ ! -e "$link" ] || readlink -f "$link"
}

# test_programs: prints the directory of the test programs, if there are any.
test_programs() {
	local dir
	dir=$(tools_dir)
	[ ! -x "$dir/ckpt-harness" ] || echo "$dir"
}
