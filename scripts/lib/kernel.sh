# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernel: its configuration and its build.  The result is named by all that
# went into it.  The folder that it is built in is named by the tarball and the
# compilers: series, kernel-rs/ and options are brought into it file by file,
# only where they differ, so that an edit rebuilds what depends on it and
# nothing else.
# Needs common.sh, steps.sh, packages.sh and source.sh.

KERNEL_RS=$REPO/kernel-rs
PLACE=kernel/checkpoint
OPTIONS=$REPO/scripts/kernel

# fragments VARIANT: the lists of options; each variant has those of the one before.
fragments() {
	local fragment
	for fragment in options faults debug sanitized; do
		echo "$OPTIONS/$fragment.config"
		[ "$fragment" != "${1/plain/options}" ] || break
	done
}

rust_library_source() {
	local dir
	dir=$(dpkg -L rust-web-src 2>/dev/null | grep -m 1 -E '^/usr/src/rustc-[^/]*/library$') ||
		dir=$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library
	[ -d "$dir/core" ] || die "the source of Rust's core library is not there; install rust-web-src"
	echo "$dir"
}

# make_line TREE OUT: the words with which the kernel is made.
make_line() {
	local library bindgen
	library=$(rust_library_source) || return
	bindgen=$(bindgen_binary) || return
	printf '%s\n' make -C "$1" O="$2" "LLVM=-$LLVM_VERSION" RUSTC=/usr/bin/rustc HOSTRUSTC=/usr/bin/rustc \
		"RUST_LIB_SRC=$library" "BINDGEN=$bindgen" \
		KBUILD_BUILD_USER=linux-cr KBUILD_BUILD_HOST=linux-cr
}

# rs_files DIRECTORY: what of kernel-rs/ goes into the tree, relative, in order.
rs_files() {
	[ -d "$1" ] || return 0
	(cd "$1" && find . -name target -prune -o -name fuzz -prune -o -type f -print | LC_ALL=C sort)
}

# rs_hash DIRECTORY: one short name for what is there.
rs_hash() { (cd "$1" 2>/dev/null && rs_files "$1" | tr '\n' '\0' | xargs -0 -r sha256sum) | text_hash; }

# place_rs TREE: makes kernel/checkpoint/ in the tree equal to kernel-rs/.
# What does not change keeps its time.
place_rs() {
	local tree=$1
	[ -d "$KERNEL_RS" ] || return 0
	mkdir -p "$tree/$PLACE"
	rsync -r --links --perms --checksum --delete --exclude target --exclude fuzz "$KERNEL_RS/" "$tree/$PLACE/"
	# The header is for users: it is installed with the others.
	rsync --checksum "$KERNEL_RS/uapi/checkpoint.h" "$tree/include/uapi/linux/checkpoint.h"
}

# build_kernel VARIANT: builds plain, faults, debug or sanitized; prints the path of the bzImage.
build_kernel() {
	local variant=$1 tree folder image line=()
	tree=$(patched_source)
	mapfile -t line < <(make_line "$tree" @)
	[ ${#line[@]} -gt 0 ] || exit 1
	folder=$CACHE/build/$variant-$( {
		printf '%s\n' "${line[@]}"
		/usr/bin/rustc -V
		"clang-$LLVM_VERSION" --version
		"ld.lld-$LLVM_VERSION" --version
	} | text_hash)
	image=$(image_path "$variant" "$folder" "$(series_hash)" "$KERNEL_RS" "$(options "$variant")")
	if [ ! -e "$image" ]; then
		image=$(with_lock build make_kernel "$variant" "$tree" "$folder" "$image")
		[ -e "$image" ] || exit 1
		keep_newest 2 "$CACHE/build/$variant"-*/
		keep_newest 4 "$CACHE/kernel/$variant"-*/
	fi
	touch -c "$(dirname "$image")" "$folder" "$tree"
	ln -sfn "$image" "$CACHE/last-kernel$([ "$variant" = plain ] || echo "-$variant")"
	echo "$image"
}

# image_path VARIANT FOLDER SERIES RUST OPTIONS: where the kernel made of these
# is kept: a folder to build in, a hash, a directory, a text.
image_path() {
	local key
	key=$(printf '%s\n' "$2" "$3" "$(rs_hash "$4")" "$5" | text_hash)
	echo "$CACHE/kernel/$1-$key/bzImage"
}

# options VARIANT: the options without the comments; the later one counts.
options() { fragments "$1" | xargs cat | sed -n -E 's/^(CONFIG_[A-Za-z0-9_]+=[^[:space:]]*).*/\1/p'; }

# make_kernel VARIANT TREE OUT IMAGE: builds, unless IMAGE is there by now, and
# prints the path of what it has built.  That may be another one: the name says
# what was built, not what the checkout held when we began to wait for the lock.
make_kernel() {
	local variant=$1 tree=$2 out=$3 image=$4 line=() log=$CACHE/log/kernel-$1 series wanted configured new
	if [ -e "$image" ]; then
		echo "$image"
		return
	fi
	mkdir -p "$out" "$CACHE/kernel"
	mapfile -t line < <(make_line "$tree" "$out")
	forget_torn "$out"
	series=$(series_hash)
	[ "$(cat "$tree/.linux-cr/series" 2>/dev/null)" = "$series" ] || apply_series "$tree" "$series"
	place_rs "$tree"
	wanted=$(options "$variant")
	image=$(image_path "$variant" "$out" "$series" "$tree/$PLACE" "$wanted")
	redo_warned "$tree" "$out"
	# A configuration is good for as long as the options and Kconfig are.
	configured=$( {
		echo "$series $wanted"
		find "$tree/$PLACE" -name 'Kconfig*' -exec cat {} + 2>/dev/null
	} | text_hash)
	if [ "$(cat "$out/.linux-cr-configured" 2>/dev/null)" != "$configured" ]; then
		rm -f "$out/.linux-cr-configured"
		echo "$wanted" >"$out/.linux-cr-options"
		step "configuring the $variant kernel" "$log-config" '' configure "$tree" "$out" "${line[@]}" ||
			give_up "the kernel could not be configured" "see above; all of it is in $log-config"
		check_options "$out"
		echo "$configured" >"$out/.linux-cr-configured"
	fi
	KERNEL_LOG=$log
	KERNEL_OBJECTS=$(cat "$CACHE/objects-$variant" 2>/dev/null || echo 2450)
	[ ! -e "$out/arch/x86/boot/bzImage" ] || KERNEL_OBJECTS=0
	touch "$out/.linux-cr-busy"
	step "building the $variant kernel" "$log" kernel_progress \
		timeout --foreground 7200 nice "${line[@]}" "-j$(jobs)" bzImage || {
		rm -f "$out/.linux-cr-busy"
		note_warnings "$log" "$out"
		give_up "the kernel does not build" "see above; all of it is in $log"
	}
	rm -f "$out/.linux-cr-busy"
	[ "$KERNEL_OBJECTS" = 0 ] || count_objects >"$CACHE/objects-$variant"
	note_warnings "$log" "$out"
	# The result leaves the build folder, which the next build changes.
	rm -rf "$CACHE"/kernel/tmp.*
	new=$(mktemp -d "$CACHE/kernel/tmp.XXXXXX")
	cp "$out/arch/x86/boot/bzImage" "$out/System.map" "$new/"
	cp "$out/.config" "$new/config"
	cp "$out/.linux-cr-warnings" "$new/warnings"
	rm -rf "$(dirname "$image")"
	mv -T "$new" "$(dirname "$image")"
	echo "$image"
}

# jobs: how many compilers at a time: one for each processor, if there is 1 GiB
# of memory for it.
jobs() {
	local gib processors
	gib=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
	processors=$(nproc)
	echo $((gib < 1 ? 1 : gib < processors ? gib : processors))
}

# forget_torn OUT: if the last build was killed, what it wrote in its last
# moments may be half a file: that is made again.
forget_torn() {
	local out=$1 last
	[ -e "$out/.linux-cr-busy" ] || return 0
	last=$(find "$out" -type f -printf '%T@\n' | sort -n | tail -n 1 | cut -d . -f 1)
	find "$out" -type f -newermt "@$((last - 15))" -delete
	rm -f "$out/.linux-cr-busy"
}

# configure TREE OUT MAKE...: tinyconfig and our options.
configure() {
	local tree=$1 out=$2
	shift 2
	"$@" tinyconfig &&
		(cd "$tree" && scripts/kconfig/merge_config.sh -m -O "$out" "$out/.config" "$out/.linux-cr-options") &&
		"$@" olddefconfig
}

# check_options OUT: each option is as asked for.
check_options() {
	local out=$1 line name wrong=() asked=()
	declare -A value=()
	while IFS='=' read -r name line; do
		[ -n "${value[$name]-}" ] || asked+=("$name")
		value[$name]=$line
	done <"$out/.linux-cr-options"
	for name in "${asked[@]}"; do
		case ${value[$name]} in
		n) ! grep -q "^$name=" "$out/.config" || wrong+=("$name=n") ;;
		*) grep -qxF -- "$name=${value[$name]}" "$out/.config" || wrong+=("$name=${value[$name]}") ;;
		esac
	done
	if [ "${wrong[*]-}" = CONFIG_CHECKPOINT=y ] && [ -z "$(series)" ]; then
		say "CONFIG_CHECKPOINT is not there: a kernel without the series"
		return
	fi
	[ ${#wrong[@]} -eq 0 ] || die "not as asked for after olddefconfig (a dependency?): ${wrong[*]}"
}

count_objects() { grep -cE '^  [A-Z]' "$KERNEL_LOG" || true; }

kernel_progress() {
	local done_so_far
	done_so_far=$(count_objects)
	if [ "$KERNEL_OBJECTS" -gt 0 ]; then
		echo "$done_so_far of about $KERNEL_OBJECTS objects"
	else
		echo "$done_so_far objects"
	fi
}

# A warning shows only when its file is compiled.  So it is kept beside the
# build, and its file is compiled again the next time.

note_warnings() {
	local log=$1 out=$2
	grep -E -A 3 '(^|[^A-Za-z_-])[Ww]arning(\[|:)' "$log" >"$out/.linux-cr-warnings" || true
	[ ! -s "$out/.linux-cr-warnings" ] || say "the build gave warnings; see $log"
}

redo_warned() {
	local tree=$1 out=$2 file
	[ -s "$out/.linux-cr-warnings" ] || return 0
	grep -oE '[A-Za-z0-9_./-]+\.(c|rs|S):[0-9]+' "$out/.linux-cr-warnings" | sed 's/:[0-9]*$//' | sort -u |
		while IFS= read -r file; do
			case $file in
			"$tree"/*) touch -c "$file" ;;
			/*) ;;
			*) touch -c "$tree/${file#../}" ;;
			esac
		done
}
