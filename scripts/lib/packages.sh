# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The packages that building and testing need, and their installation.
# Needs common.sh and steps.sh.

# The releases of Debian whose archive has all of them.
RELEASES='12 (bookworm) and 13 (trixie)'

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
PACKAGES_TEST=(rustfmt-web rust-web-clippy curl openssl)

# The oldest cargo that builds the tools; a newer one in the PATH is used.
CARGO_OLDEST=1.85

# as_root COMMAND...
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# ensure_packages PACKAGE...: installs what is not there yet.
ensure_packages() {
	local package missing=() command
	[ "$(uname -m)" = x86_64 ] || die "this is for x86-64 machines, and here is $(uname -m)"
	if ! command -v dpkg-query >/dev/null; then
		say "not a Debian system: these packages, or what they stand for, must be there: $*"
		return 0
	fi
	for package in "$@"; do
		is_installed "$package" || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	command="apt-get install --no-install-recommends ${missing[*]}"
	[ "${LINUX_CR_INSTALL-yes}" != no ] || die "missing packages: $command"
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || die "packages are missing, and there is no sudo; as root: $command"
		as_root true || die "packages are missing, and sudo refused; as root: $command"
	fi
	step "installing packages: ${missing[*]}" "$CACHE/log/packages" packages_progress install_packages "${missing[@]}" || {
		package=$(not_in_archive "$CACHE/log/packages")
		ADVICE=${package:-$ADVICE}
		give_up "apt-get could not install what is missing" "see above; by hand, as root: $command"
	}
}

# not_in_archive LOG: what to do if apt knows nothing of a package.
not_in_archive() {
	local names release
	names=$(sed -n -E "s/^E: (Unable to locate package|Package) '?([^ ']+).*/\2/p" "$1" | sort -u | xargs)
	# Without lists apt knows nothing.
	[ -n "$names" ] && ! grep -qE '^(Err|W: Failed to fetch|E: Failed to fetch|E: Could not get lock)' "$1" || return 0
	release=$(. /etc/os-release && echo "$PRETTY_NAME") || release='this system'
	echo "$release, with its apt sources, has no $names; Debian $RELEASES have all: run it there"
}

install_packages() {
	# An installation that was interrupted is ended first.
	[ -z "$(dpkg --audit)" ] && [ -z "$(find /var/lib/dpkg/updates -type f)" ] ||
		as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a || true
	# The lists of a fresh system are empty, those of an old one name files
	# that are gone.  For its lists apt does not wait as it does for packages.
	local said
	for _ in $(seq 60); do
		said=$(as_root timeout --foreground 600 apt-get update 2>&1) || true
		echo "$said"
		[[ $said = *'Could not get lock'* ]] || break
		sleep 10
	done
	as_root timeout --foreground 3600 env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
		apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
}

# The last thing that apt said.
packages_progress() { tail -n 1 "$CACHE/log/packages" | tr '\r' '\n' | tail -n 1 | cut -c 1-60; }

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
	ensure_crates
}

# ensure_crates: fetches all that the workspace is made of, once, so that
# whatever is built later can be built without a network.
ensure_crates() {
	local fetched
	fetched=$CACHE/crates-$(content_hash "$REPO/Cargo.lock")
	[ ! -e "$fetched" ] || return 0
	step "fetching the crates" "$CACHE/log/crates" '' with_lock crates fetch_crates ||
		give_up "a crate could not be fetched" "is crates.io in reach? Run this again then"
	rm -f "$CACHE"/crates-*
	touch "$fetched"
}

fetch_crates() { (cd "$REPO" && timeout --foreground 1800 "$(find_cargo)" fetch --locked --target x86_64-unknown-linux-gnu); }

# bindgen_binary: prints the path of the bindgen that the kernel is built with.
bindgen_binary() {
	local root=$CACHE/bindgen/$BINDGEN_VERSION
	[ -x "$root/bin/bindgen" ] || with_lock bindgen build_bindgen "$root"
	echo "$root/bin/bindgen"
}

build_bindgen() {
	local root=$1
	[ ! -x "$root/bin/bindgen" ] || return 0
	ensure_cargo
	rm -rf "$root.tmp"
	step "building bindgen $BINDGEN_VERSION" "$CACHE/log/bindgen" '' \
		timeout --foreground 1800 "$(find_cargo)" install bindgen-cli \
		--version "$BINDGEN_VERSION" --locked --root "$root.tmp" ||
		give_up "bindgen could not be built" "is crates.io in reach? Run this again then"
	rm -rf "$root"
	mv "$root.tmp" "$root"
}
