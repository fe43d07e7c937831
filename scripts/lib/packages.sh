# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The packages that building and testing need, and their installation.
# Needs common.sh and steps.sh.

# One version of LLVM, one of bindgen, in one place.
LLVM_VERSION=19
BINDGEN_VERSION=0.72.1

PACKAGES_BUILD=(
	# the kernel
	make gcc libc6-dev flex bison bc libelf-dev libssl-dev cpio kmod python3 perl
	patch rsync xz-utils zstd ca-certificates
	"clang-$LLVM_VERSION" "lld-$LLVM_VERSION" "llvm-$LLVM_VERSION" "libclang-$LLVM_VERSION-dev"
	rustc-web rust-web-src
	# the virtual machine
	qemu-system-x86 busybox-static e2fsprogs
)
PACKAGES_TEST=(rustfmt-web rust-web-clippy)

# The oldest cargo that builds the tools; a newer one in the PATH is used.
CARGO_OLDEST=1.85

# as_root COMMAND...
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "this needs root, and there is no sudo: $*"
	fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# ensure_packages PACKAGE...: installs what is not there yet.
ensure_packages() {
	local package missing=()
	if ! command -v dpkg-query >/dev/null; then
		say "not a Debian system: these packages, or what they stand for, must be there: $*"
		return 0
	fi
	for package in "$@"; do
		is_installed "$package" || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	if [ "${LINUX_CR_INSTALL-yes}" = no ]; then
		die "missing packages: apt-get install --no-install-recommends ${missing[*]}"
	fi
	as_root true
	step "installing packages: ${missing[*]}" "$CACHE/log/packages" '' install_packages "${missing[@]}" ||
		die "apt-get could not install: ${missing[*]}"
}

install_packages() {
	# The lists of a fresh system are empty, those of an old one name files
	# that are gone.
	as_root timeout --foreground 600 apt-get update || true
	as_root timeout --foreground 3600 env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
		apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
}

# find_cargo: prints the cargo to use; one that is new enough.
find_cargo() {
	local cargo version
	for cargo in "$(command -v cargo || true)" "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" /usr/bin/cargo; do
		[ -x "$cargo" ] || continue
		version=$("$cargo" --version 2>/dev/null | cut -d ' ' -f 2) || continue
		if [ "$(printf '%s\n' "$CARGO_OLDEST" "$version" | sort -V | head -n 1)" = "$CARGO_OLDEST" ]; then
			echo "$cargo"
			return
		fi
	done
	return 1
}

ensure_cargo() {
	find_cargo >/dev/null || ensure_packages cargo-web
	find_cargo >/dev/null || die "no cargo of $CARGO_OLDEST or later; install the package cargo-web"
}

# bindgen_binary: prints the path of the bindgen that the kernel is built with.
bindgen_binary() {
	local root=$CACHE/bindgen/$BINDGEN_VERSION
	if [ ! -x "$root/bin/bindgen" ]; then
		ensure_cargo
		rm -rf "$root.tmp"
		step "building bindgen $BINDGEN_VERSION" "$CACHE/log/bindgen" '' \
			timeout --foreground 1800 "$(find_cargo)" install bindgen-cli \
			--version "$BINDGEN_VERSION" --locked --root "$root.tmp" ||
			die "bindgen could not be built; is the package registry in reach?"
		rm -rf "$root"
		mv "$root.tmp" "$root"
	fi
	echo "$root/bin/bindgen"
}
