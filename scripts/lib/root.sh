# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A Debian 12 root file system with the real programs that the family
# "programs" of scripts/test runs: an ext4 image for `scripts/vm --root`.
# Needs common.sh, steps.sh and source.sh.
#
# apt, with a configuration of its own, says which packages it takes and
# fetches and verifies them; a virtual machine installs them.  So it takes no
# rights here, nothing here is owned by anybody else, and the maintainers'
# scripts run as on a new machine.

ROOT_SUITE=bookworm
ROOT_PACKAGES=(
	# a login shell, and what is used in it
	login bash procps ncurses-bin screen vim
	# languages, and a build
	python3 make gcc libc6-dev
	# databases
	redis-server sqlite3 postgresql-15
)

# The script that installs them, in the machine.
ROOT_INSTALL=$REPO/scripts/lib/guest-debian

# debian_root KERNEL: prints the path of the image; builds it with a machine
# that runs KERNEL, unless there is one already.  What is in it is what the
# suite had on the day of building; a list of that is beside it.
debian_root() {
	local kernel=$1 image
	image=$CACHE/root/$ROOT_SUITE-$( {
		echo "$ROOT_SUITE ${ROOT_PACKAGES[*]}"
		cat "$ROOT_INSTALL"
	} | text_hash).ext4
	[ -s "$image" ] || with_lock root make_root "$kernel" "$image" || return
	touch -c "$image"
	echo "$image"
}

make_root() {
	local kernel=$1 image=$2 new=$CACHE/root/new config
	[ ! -s "$image" ] || return 0
	rm -rf "$new"
	mkdir -p "$new/share"
	config=$(own_apt "apt-$ROOT_SUITE" "$ROOT_SUITE")
	step "asking Debian for the packages of a root" "$CACHE/log/root-update" '' \
		timeout --foreground 900 env APT_CONFIG="$config" apt-get update ||
		say "not every list could be had; trying with what is there"
	step "fetching the packages of a root" "$CACHE/log/root-fetch" '' \
		root_packages "$config" "$new/share" || return
	cp "$ROOT_INSTALL" "$new/share/install"
	step "installing them in a virtual machine" "$CACHE/log/root-install" root_progress \
		"$REPO/scripts/vm" --kernel "$kernel" --no-build --share "$new/share" --disk "$new/image" \
		--timeout 5400 -- sh /mnt/share/install || return
	mv -f "$new/share/packages" "${image%.ext4}.packages"
	mv -f "$new/image" "$image"
	rm -rf "$new"
	keep_newest 2 "$CACHE/root"/*.ext4
	keep_newest 2 "$CACHE/root"/*.packages
}

# root_packages CONFIG DIRECTORY: fetches them; leaves them in DIRECTORY/debs,
# unpacked as far as this machine can do it better than an emulated one, with
# the names of the essential ones, which come first, in DIRECTORY/essential.
root_packages() {
	local APT_CONFIG=$1 dir=$2 deb
	export APT_CONFIG
	mkdir -p "$dir/debs"
	root_files '?essential' >"$dir/essential" || return
	root_files '?essential' "${ROOT_PACKAGES[@]}" >"$dir/all" || return
	root_apt -y --download-only install '?essential' "${ROOT_PACKAGES[@]}" || return
	while read -r deb; do
		repack_deb "$CACHE/apt-$ROOT_SUITE/cache/archives/$deb" "$dir/debs/$deb" || return
	done <"$dir/all"
}

root_apt() { timeout --foreground 3600 apt-get -q -o APT::Install-Recommends=false "$@"; }

# root_files PACKAGE...: the names of the files that they and theirs are in, as
# they are once fetched.
root_files() {
	root_apt -y --simulate install "$@" |
		sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*\[([a-z0-9]+)\]\).*/\1_\2_\3.deb/p' | sed 's/:/%3a/g' | grep .
}

# repack_deb FILE NEW: the same package, not compressed.
repack_deb() (
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	echo 2.0 >"$work/debian-binary"
	dpkg-deb --ctrl-tarfile "$1" >"$work/control.tar" && dpkg-deb --fsys-tarfile "$1" >"$work/data.tar" &&
		(cd "$work" && ar rcSD new.deb debian-binary control.tar data.tar) && mv "$work/new.deb" "$2"
)

# How many packages were dealt with, of how many: twice each.
root_progress() {
	percent "$(grep -cE '^(Unpacking|Setting up) ' "$CACHE/log/root-install")" \
		"$(($(wc -l <"$CACHE/root/new/share/all") * 2))"
}
