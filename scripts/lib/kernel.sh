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

# fragments VARIANT: the lists of options, plain or debug.
fragments() {
	echo "$OPTIONS/options.config"
	[ "$1" = plain ] || echo "$OPTIONS/debug.config"
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
	printf '%s\n' make -C "$1" O="$2" "LLVM=-$LLVM_VERSION" RUSTC=/usr/bin/rustc HOSTRUSTC=/usr/bin/rustc \
		"RUST_LIB_SRC=$(rust_library_source)" "BINDGEN=$(bindgen_binary)" \
		KBUILD_BUILD_USER=linux-cr KBUILD_BUILD_HOST=linux-cr
}

# rs_files: what of kernel-rs/ goes into the tree, relative, in order.
rs_files() {
	[ -d "$KERNEL_RS" ] || return 0
	(cd "$KERNEL_RS" && find . -name target -prune -o -name fuzz -prune -o -type f -print | LC_ALL=C sort)
}

rs_hash() { (cd "$KERNEL_RS" 2>/dev/null && rs_files | tr '\n' '\0' | xargs -0 -r sha256sum) | text_hash; }

# place_rs TREE: makes kernel/checkpoint/ in the tree equal to kernel-rs/.
# What does not change keeps its time.
place_rs() {
	local tree=$1
	[ -d "$KERNEL_RS" ] || return 0
	mkdir -p "$tree/$PLACE"
	rsync -r --links --perms --checksum --delete --exclude target --exclude fuzz "$KERNEL_RS/" "$tree/$PLACE/"
}

# build_kernel VARIANT: builds plain or debug; prints the path of the bzImage.
build_kernel() {
	local variant=$1 tree folder key image line=()
	tree=$(patched_source)
	mapfile -t line < <(make_line "$tree" @)
	[ ${#line[@]} -gt 5 ] || exit 1
	folder=$CACHE/build/$variant-$( {
		printf '%s\n' "${line[@]}"
		/usr/bin/rustc -V
		"clang-$LLVM_VERSION" --version
		"ld.lld-$LLVM_VERSION" --version
	} | text_hash)
	key=$( {
		echo "$folder"
		series_hash
		rs_hash
		fragments "$variant" | xargs cat
	} | text_hash)
	image=$CACHE/kernel/$variant-$key/bzImage
	if [ ! -e "$image" ]; then
		with_lock build make_kernel "$variant" "$tree" "$folder" "$image"
		keep_newest 2 "$CACHE/build/$variant"-*/
		keep_newest 4 "$CACHE/kernel/$variant"-*/
	fi
	touch -c "$(dirname "$image")" "$folder" "$tree"
	ln -sfn "$image" "$CACHE/last-kernel$([ "$variant" = plain ] || echo "-$variant")"
	echo "$image"
}

make_kernel() {
	local variant=$1 tree=$2 out=$3 image=$4 line=() log=$CACHE/log/kernel-$1 configured
	[ ! -e "$image" ] || return 0
	# Another checkout may have been here while we waited for the lock.
	[ "$(cat "$tree/.linux-cr/series")" = "$(series_hash)" ] || die "the tree was changed meanwhile; please run this again"
	mkdir -p "$out"
	mapfile -t line < <(make_line "$tree" "$out")
	place_rs "$tree"
	redo_warned "$tree" "$out"
	# A configuration is good for as long as the options and Kconfig are.
	configured=$( {
		fragments "$variant" | xargs cat
		find "$tree/$PLACE" -name 'Kconfig*' -exec cat {} + 2>/dev/null
	} | text_hash)
	if [ "$(cat "$out/.linux-cr-configured" 2>/dev/null)" != "$configured" ]; then
		rm -f "$out/.linux-cr-configured"
		step "configuring the $variant kernel" "$log-config" '' configure "$variant" "$tree" "$out" "${line[@]}" ||
			die "the kernel could not be configured"
		check_options "$variant" "$out"
		echo "$configured" >"$out/.linux-cr-configured"
	fi
	KERNEL_LOG=$log
	KERNEL_OBJECTS=$(cat "$out/.linux-cr-objects" 2>/dev/null || cat "$CACHE/objects-$variant" 2>/dev/null || echo 2450)
	[ ! -e "$out/arch/x86/boot/bzImage" ] || KERNEL_OBJECTS=0
	step "building the $variant kernel" "$log" kernel_progress \
		timeout --foreground 7200 nice "${line[@]}" "-j$(nproc)" bzImage || {
		note_warnings "$log" "$out"
		die "the kernel does not build"
	}
	[ "$KERNEL_OBJECTS" = 0 ] || count_objects >"$CACHE/objects-$variant"
	note_warnings "$log" "$out"
	# The result leaves the build folder, which the next build changes.
	local new
	mkdir -p "$CACHE/kernel"
	rm -rf "$CACHE"/kernel/tmp.*
	new=$(mktemp -d "$CACHE/kernel/tmp.XXXXXX")
	cp "$out/arch/x86/boot/bzImage" "$out/System.map" "$new/"
	cp "$out/.config" "$new/config"
	cp "$out/.linux-cr-warnings" "$new/warnings"
	rm -rf "$(dirname "$image")"
	mv -T "$new" "$(dirname "$image")"
}

configure() {
	local variant=$1 tree=$2 out=$3 files
	shift 3
	mapfile -t files < <(fragments "$variant")
	"$@" tinyconfig
	(cd "$tree" && "$tree/scripts/kconfig/merge_config.sh" -m -O "$out" "$out/.config" "${files[@]}")
	"$@" olddefconfig
}

# check_options VARIANT OUT: each option asked for is as asked for.
check_options() {
	local variant=$1 out=$2 line name wrong=()
	while IFS= read -r line; do
		name=${line%%=*}
		case $line in
		*=n) ! grep -q "^$name=" "$out/.config" || wrong+=("$line") ;;
		*) grep -qxF -- "$line" "$out/.config" || wrong+=("$line") ;;
		esac
	done < <(fragments "$variant" | xargs awk -F = '/^CONFIG_/ { sub(/[ \t]+#.*/, ""); value[$1] = $0; if (!($1 in at)) { at[$1] = ++n; name[n] = $1 } }
		END { for (i = 1; i <= n; i++) print value[name[i]] }')
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
	grep -oE '[A-Za-z0-9_./-]+\.(c|h|rs|S):[0-9]+' "$out/.linux-cr-warnings" | sed 's/:[0-9]*$//' | sort -u |
		while IFS= read -r file; do
			case $file in
			"$tree"/*) touch -c "$file" ;;
			/*) ;;
			*) touch -c "$tree/${file#../}" ;;
			esac
		done
}
