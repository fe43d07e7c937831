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

# cargo_build ARGS...: a release build of static programs.
cargo_build() {
	(
		cd "$REPO" || exit
		# Proc macros cannot be static, so the flag is for the target alone.
		export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS="-C target-feature=+crt-static"
		export CARGO_PROFILE_RELEASE_STRIP=symbols
		timeout --foreground 1800 "$(find_cargo)" build --release --target "$TARGET" "$@"
	)
}

# build_tools: builds checkpoint, restart and ckptinfo; prints name=path lines.
build_tools() {
	local tool args=(--workspace) dir
	if [ -n "${LINUX_CR_TOOLS-}" ]; then
		say "LINUX_CR_TOOLS is set: taking the tools from there"
	else
		[ -f "$REPO/Cargo.toml" ] || die "no Cargo.toml in $REPO: is this the whole checkout?"
		ensure_cargo
		for tool in "${TOOLS[@]}"; do args+=(--bin "$tool"); done
		step "building the tools" "$CACHE/log/tools" '' cargo_build "${args[@]}" ||
			give_up "the tools do not build" "see above; all of it is in $CACHE/log/tools"
	fi
	dir=$(tools_dir)
	for tool in "${TOOLS[@]}"; do
		[ -x "$dir/$tool" ] || die "$dir/$tool is not there"
		echo "$tool=$dir/$tool"
	done
}
