# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The family "configs" of scripts/test: what the series touches also compiles
# with CONFIG_CHECKPOINT=n and under Debian's own configuration.
# Needs everything that a kernel build needs.

check_configs() {
	family_begins configs
	check "it compiles with CONFIG_CHECKPOINT=n" with_lock build compile_off
	check "it compiles under Debian's configuration" with_lock build compile_debian
	family_ends
}

# touched_objects TREE: the objects of the C files that the series names.
touched_objects() { sed -n 's/\.c$/.o/p' "$1/.linux-cr/touched"; }

# compile_touched TREE OUT OBJECT...: with the .config that is in OUT.
compile_touched() {
	local tree=$1 out=$2 line=()
	shift 2
	mapfile -t line < <(make_line "$tree" "$out")
	"${line[@]}" olddefconfig &&
		timeout --foreground 7200 nice "${line[@]}" "-j$(jobs)" KCFLAGS=-Werror "$@"
}

compile_off() {
	local tree out=$CACHE/build/off line=() objects
	tree=$(patched_source_unlocked) || return
	mkdir -p "$out"
	place_rs "$tree"
	mapfile -t line < <(make_line "$tree" "$out")
	{ options plain && echo CONFIG_CHECKPOINT=n; } >"$out/.linux-cr-options"
	configure "$tree" "$out" "${line[@]}" && check_options "$out" || return
	mapfile -t objects < <(touched_objects "$tree")
	# Apart from each other: single objects keep make from the rest of a directory.
	compile_touched "$tree" "$out" "${objects[@]}" &&
		compile_touched "$tree" "$out" kernel/ || return
	# No code of ours, and nothing that only our code calls.
	[ ! -e "$out/$PLACE/built-in.a" ] || [ -z "$(ar t "$out/$PLACE/built-in.a")" ]
}

compile_debian() {
	local tree out=$CACHE/build/debian objects option
	# Those after the first are what some of our code is compiled with, and no kernel of ours has.
	local options=(CONFIG_CHECKPOINT=y CONFIG_CEPH_FS=m CONFIG_F2FS_FS=m CONFIG_SECURITY_TOMOYO=y)
	tree=$(patched_source_unlocked) || return
	mkdir -p "$out"
	place_rs "$tree"
	debian_config >"$out/.config.debian" || return
	# Signatures and BTF need keys and tools that only a full build has.
	{
		grep -vE '^CONFIG_(DEBUG_INFO|MODULE_SIG|SYSTEM_TRUSTED|SYSTEM_REVOCATION|BUILD_SALT)' "$out/.config.debian"
		printf '%s\n' CONFIG_DEBUG_INFO_NONE=y CONFIG_RUST=y "${options[@]}"
	} >"$out/.config"
	mapfile -t objects < <(touched_objects "$tree")
	compile_touched "$tree" "$out" "${objects[@]}" "$PLACE/" || return
	for option in "${options[@]}"; do
		grep -x "$option" "$out/.config" || return
	done
}

# patched_source_unlocked: as patched_source, for one who holds its lock.
patched_source_unlocked() { (
	with_lock() { shift && "$@"; }
	patched_source
); }

# debian_config: prints Debian's configuration for amd64.
debian_config() {
	local package file
	package=$(base debian_package)
	package=linux-config-${package##*-}
	file=$CACHE/download/$package.config
	if [ ! -s "$file" ]; then
		APT_CONFIG=$(own_apt)
		export APT_CONFIG
		timeout --foreground 900 apt-get update >&2 || true
		rm -rf "$file.d"
		mkdir -p "$file.d"
		(cd "$file.d" && timeout --foreground 900 apt-get download -q "$package" >&2 &&
			dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards '*/config.amd64_none_amd64.xz') || return
		find "$file.d" -name 'config.amd64_none_amd64.xz' -exec xz -dc {} + >"$file.new" || return
		mv "$file.new" "$file"
		rm -rf "$file.d"
	fi
	cat "$file"
}
