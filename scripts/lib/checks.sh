# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The families of scripts/test.  Needs everything else in this directory.

# ------------------------------------------------------------------- units

check_units() {
	local log=$LOGS/units status=0 good bad
	family_begins units
	(cd "$REPO" && timeout --foreground 1800 "$(find_cargo)" test --workspace --no-fail-fast) >"$log" 2>&1 </dev/null ||
		status=$?
	read -r good bad <<<"$(awk '/^test result:/ { good += $4; bad += $6 } END { print good + 0, bad + 0 }' "$log")"
	PASSED=$((PASSED + good))
	FAILED=$((FAILED + bad))
	echo "$good tests of the workspace passed, $bad failed"
	sed -n 's/^test \(.*\) \.\.\. FAILED$/FAILED units: \1/p' "$log"
	if [ $status -ne 0 ] && [ "$bad" = 0 ]; then
		failed "cargo test" "status $status; the end of $log:"
		tail -n 40 "$log" | sed 's/^/| /'
	elif [ "$good" = 0 ]; then
		failed "cargo test" "there was no test"
	fi
	family_ends
}

# -------------------------------------------------------------------- uapi

check_uapi() {
	local header=$REPO/kernel-rs/uapi/checkpoint.h layout=$REPO/tests-cr/abi/layout.c
	family_begins uapi
	check "header and table are what the declaration says" in_repo "$(find_cargo)" xtask uapi --check
	check "the header compiles (gcc)" compile gcc -xc -std=gnu99 "$header"
	check "the header compiles (clang)" compile "clang-$LLVM_VERSION" -xc -std=gnu11 "$header"
	check "the header compiles (C++)" compile "clang-$LLVM_VERSION" -xc++ -std=c++17 "$header"
	check "C has the layouts of Rust (gcc)" compile gcc -std=gnu11 -I"$(dirname "$header")" "$layout"
	check "C has the layouts of Rust (clang)" compile "clang-$LLVM_VERSION" -std=gnu11 -I"$(dirname "$header")" "$layout"
	family_ends
}

in_repo() { (cd "$REPO" && "$@"); }

compile() { "$@" -Wall -Wextra -Werror -fsyntax-only; }

# -------------------------------------------------------------- accounting

check_accounting() {
	local tree
	family_begins accounting
	if tree=$(patched_source); then
		check "every field and flag of the kernel's structs has a verdict" in_repo \
			"$(find_cargo)" xtask accounting --tree "$tree"
	else
		failed "accounting" "there is no kernel tree"
	fi
	family_ends
}

# -------------------------------------------------------------------- lint

check_lint() {
	local tree patch file files image
	family_begins lint
	if ! tree=$(patched_source); then
		failed "lint" "there is no kernel tree"
		family_ends
		return
	fi
	mapfile -t files < <(in_repo find kernel-rs -name target -prune -o -name fuzz -prune -o -name '*.rs' -print | sort)
	if [ ${#files[@]} -gt 0 ]; then
		check "rustfmt: kernel-rs" in_repo "$(find_rustfmt)" --check --color never --edition 2021 \
			--config-path "$tree/.rustfmt.toml" --config skip_children=true "${files[@]}"
	else
		failed "rustfmt: kernel-rs" "there is no Rust in kernel-rs/"
	fi
	check "rustfmt: the workspace" format_workspace
	[ -z "$PLAIN" ] || check "clippy: kernel-rs" clippy_kernel "$tree"
	[ -n "$(series)" ] || failed "checkpatch" "linux-patches/7.2/series names no patches"
	for patch in $(series); do
		check "checkpatch: $patch" checkpatch "$tree" "$PATCHES/$patch"
	done
	mapfile -t files < <(in_repo find kernel-rs user-cr tests-cr -name target -prune -o -name '*.[ch]' -print | sort)
	for file in "${files[@]}"; do
		# What is no part of a kernel need not do as its headers would have it.
		[[ $file = kernel-rs/* ]] && ignore='' || ignore=$USER_PROGRAMS
		check "checkpatch: $file" checkpatch "$tree" ${ignore:+--ignore "$ignore"} --file "$REPO/$file"
	done
	for image in "$PLAIN" "$DEBUG"; do
		[ -z "$image" ] || check "no warning: the build of $(basename "$(dirname "$image")" | cut -d - -f 1)" \
			no_warnings "$(dirname "$image")/warnings"
	done
	family_ends
}

# clippy_kernel TREE: the compiler's own command line of the last build, with
# clippy in place of the compiler, and so with the lints of the kernel.
clippy_kernel() (
	tree=$1
	folder=$(ls -td "$CACHE"/build/plain-*/ | head -n 1)
	line=$(sed -n 's/^savedcmd_[^:]* := //p' "$folder/kernel/checkpoint/.checkpoint_main.o.cmd")
	line=${line/\/usr\/bin\/rustc/RUSTC_BOOTSTRAP=1 CLIPPY_CONF_DIR=$tree /usr/bin/clippy-driver}
	[[ $line = *clippy-driver* ]] || { echo "no command line in $folder" && exit 1; }
	scratch=$(mktemp -d)
	line=$(sed -E "s#--out-dir [^ ]*##; s#--emit=dep-info=[^ ]*##; s#--emit=obj=[^ ]*#--emit=metadata=$scratch/out.rmeta#" <<<"$line")
	cd "$folder" && eval "$line" 2>&1 | tee "$scratch/said"
	! grep -qE '^(warning|error)' "$scratch/said"
	status=$?
	rm -rf "$scratch"
	exit $status
)

format_workspace() (
	cd "$REPO" || exit
	rustfmt=$(find_rustfmt)
	PATH=$(dirname "$(find_cargo)"):$PATH
	export PATH RUSTFMT=$rustfmt
	"$(dirname "$rustfmt")/cargo-fmt" fmt --all --check -- --color never &&
		"$rustfmt" --check --color never --edition 2021 scripts/*.rs scripts/lib/*.rs
)

find_rustfmt() {
	local rustfmt
	for rustfmt in /usr/bin/rustfmt "$(command -v rustfmt || true)"; do
		[ -x "$rustfmt" ] && echo "$rustfmt" && return
	done
	echo rustfmt
}

# Advice of checkpatch that only holds inside a kernel.
USER_PROGRAMS=VOLATILE,PREFER_DEFINED_ATTRIBUTE_MACRO,MEMORY_BARRIER,STATIC_CONST_CHAR_ARRAY
USER_PROGRAMS+=,EMBEDDED_FUNCTION_NAME,LEADING_SPACE,AVOID_EXTERNS,FUNCTION_ARGUMENTS

checkpatch() {
	local tree=$1
	shift
	# From the tree, which is no git repository: its helper for SPDX lines
	# works in a clone of the kernel only.  Patches here have no Signed-off-by,
	# and new files no maintainer.
	(cd "$tree" && ./scripts/checkpatch.pl --color=never --root="$tree" --no-signoff --summary-file \
		--show-types --ignore FILE_PATH_CHANGES,EMAIL_SUBJECT "$@")
}

no_warnings() {
	cat "$1"
	[ ! -s "$1" ]
}

# ----------------------------------------------------------------- scripts

check_scripts() {
	local script
	family_begins scripts
	for script in bench build demo test vm; do
		check "$script --help" in_tmp "$REPO/scripts/$script" --help
	done
	check_source
	if [ -n "$PLAIN" ]; then
		check "vm: status, streams and arguments" vm_streams
		check "vm: a signal is 128 and its number" vm_status 137 sh -c 'kill -9 $$'
		check "vm: a limit ends it with 124" vm_status 124 --timeout 10 sleep 100
		check "vm: a report of the kernel is 126" vm_status 126 --check-log sh -c 'echo "<1>BUG: a test" >/dev/kmsg'
		check "vm: --share and --disk" vm_share_and_disk
		check "vm: --root" vm_root
	else
		failed "vm" "there is no kernel"
	fi
	family_ends
}

in_tmp() { (cd /tmp && "$@" | grep -q .); }

vm() { LINUX_CR_TOOLS=$(tools_dir) "$REPO/scripts/vm" --no-build --kernel "$PLAIN" "$@"; }

# vm_status STATUS [OPTIONS...] COMMAND...
vm_status() {
	local wanted=$1 status=0 options=()
	shift
	while [[ $1 = --* ]]; do
		options+=("$1")
		[ "$1" = --check-log ] || { options+=("$2") && shift; }
		shift
	done
	vm "${options[@]}" -- "$@" || status=$?
	echo "status $status, wanted $wanted"
	[ $status = "$wanted" ]
}

vm_streams() {
	local dir status=0
	dir=$(mktemp -d)
	head -c 300000 /dev/urandom >"$dir/in"
	vm -- sh -c 'cat; echo "to $1" >&2; exit 7' sh "the  error
stream" <"$dir/in" >"$dir/out" 2>"$dir/err" || status=$?
	cat "$dir/err"
	cmp "$dir/in" "$dir/out" && grep -qx 'to the  error' "$dir/err" && grep -qx stream "$dir/err" && [ $status = 7 ]
	status=$?
	rm -rf "$dir"
	return $status
}

vm_share_and_disk() {
	local dir status
	dir=$(mktemp -d)
	mkdir "$dir/share"
	echo one >"$dir/share/in"
	vm --share "$dir/share" --disk "$dir/disk" -- sh -c 'cp in /mnt/disk/kept' &&
		vm --share "$dir/share" --disk "$dir/disk" -- sh -c 'cp /mnt/disk/kept out' &&
		cmp "$dir/share/in" "$dir/share/out"
	status=$?
	rm -rf "$dir"
	return $status
}

vm_root() {
	local dir status
	dir=$(mktemp -d)
	mkdir -p "$dir/root/bin"
	cp "$(find_busybox)" "$dir/root/bin/busybox"
	ln -s busybox "$dir/root/bin/sh"
	ln -s busybox "$dir/root/bin/test"
	PATH=$PATH:/sbin:/usr/sbin mkfs.ext4 -q -d "$dir/root" "$dir/image" 64M &&
		vm --root "$dir/image" -- sh -c 'echo kept >/kept' &&
		vm --root "$dir/image" --snapshot -- sh -c 'test -s /kept'
	status=$?
	rm -rf "$dir"
	return $status
}

# -------------------------------------------------------------------- demo

check_demo() {
	family_begins demo
	check "a counter goes on after a reboot" timeout --foreground 3600 "$REPO/scripts/demo"
	family_ends
}

# -------------------------------------------------------------------- fuzz

# check_fuzz: the reader in userspace, with images altered in every way.
check_fuzz() {
	family_begins fuzz
	check "the reader withstands altered images for a minute" in_repo \
		timeout --foreground 1800 "$(find_cargo)" run --quiet --release -p ckpt-fuzz -- --seconds 60
	tail -n 3 "$LOGS"/fuzz-* | sed 's/^/| /'
	family_ends
}

# ------------------------------------------------------------------- kunit

# check_kunit: the unit tests in the kernel itself, run at boot.
check_kunit() {
	local log=$LOGS/kunit good bad
	family_begins kunit
	LINUX_CR_TOOLS=$(tools_dir) "$REPO/scripts/vm" --no-build --kernel "$DEBUG" --check-log --log "$log" \
		--append "kunit.enable=1 kunit.filter_glob=checkpoint*" -- true >"$log.err" 2>&1 </dev/null || true
	good=$(grep -cE '^\[[^]]*\]     ok [0-9]+ ' "$log" || true)
	bad=$(grep -cE '^\[[^]]*\]     not ok [0-9]+ ' "$log" || true)
	PASSED=$((PASSED + good))
	FAILED=$((FAILED + bad))
	echo "$good unit tests in the kernel passed, $bad failed"
	[ "$bad" = 0 ] || grep -E '^\[[^]]*\]     not ok |EXPECTATION|ASSERTION' "$log"
	[ "$good" != 0 ] || failed "kunit" "no test ran; see $log.err"
	family_ends
}

# ---------------------------------------------------------------------- vm

# check_vm TIER FAMILY...: hands over to the harness of tests-cr.
check_vm() {
	local tier=$1 limit=4200
	shift
	family_begins vm
	[ "$tier" = core ] || limit=28800
	run_harness "$DEBUG" "$limit" --tier "$tier" "${@/#/--family=}"
	family_ends
}

# check_altered FAMILY...: altered images of one fact after the other.
check_altered() {
	family_begins altered
	run_harness "$DEBUG" 28800 --tier all --mode altered --seconds 30 "${@/#/--family=}"
	family_ends
}

# check_faulted FAMILY...: every point at which something may fail, of the facts
# of these families, or of one fact of each kind of state.
check_faulted() {
	local which=("${@/#/--family=}")
	[ $# -gt 0 ] || which=("${ONE_OF_EACH[@]}")
	family_begins faulted
	run_harness "$FAULTS" 28800 --tier all --mode faulted --seconds 360 \
		--machines "$(nproc)" "${which[@]}"
	family_ends
}

# check_calls: system calls with arguments at random, for a minute.
check_calls() {
	family_begins calls
	run_harness "$DEBUG" 3600 --tier all --test tools/calls_at_random_at_length
	family_ends
}

# One fact of each kind of state, as options of the harness.
ONE_OF_EACH=(cpu/vectors_avx memory/shared_file storage/memfd_sealed files/generated pipes/spliced
	pidfds/relatives events/ready watches/queued locks/waiters sockets/in_flight
	terminals/controlling ipc/undone queues/served aio/events timers/queue_order
	signals/pending_kinds identity/seccomp_filters tasks/zombies inherited/of_generations
	pids/deep vfork/nested)
ONE_OF_EACH=("${ONE_OF_EACH[@]/#/--test=}")
ONE_OF_EACH=("${ONE_OF_EACH[@]/%/\$}")

# check_leaks: what restarts, refused images and what fails leave of the
# kernel's memory.
check_leaks() {
	family_begins leaks
	run_harness "$FAULTS" 14400 --tier all --leaks --mode restarted --mode altered --mode faulted \
		--seconds 15 "${ONE_OF_EACH[@]}"
	family_ends
}

# run_harness KERNEL LIMIT [OPTIONS...]: counts what it counts, as the family
# that has begun.
run_harness() {
	local kernel=$1 limit=$2 log=$LOGS/$FAMILY dir status=0 good bad
	shift 2
	dir=$(tools_dir)
	if [ -z "$kernel" ]; then
		failed "tests-cr" "there is no kernel for it"
		return
	fi
	if [ ! -x "$dir/ckpt-harness" ]; then
		failed "tests-cr" "$dir/ckpt-harness is not there"
		return
	fi
	CARGO=$(find_cargo) LINUX_CR_KERNEL=$kernel LINUX_CR_TOOLS=$dir \
		timeout --foreground "$limit" "$dir/ckpt-harness" \
		--vm "$REPO/scripts/vm" --tests "$dir" "$@" 2>"$log.err" </dev/null | tee "$log" ||
		status=$?
	good=$(grep -c '^ok ' "$log" || true)
	bad=$(grep -c '^FAILED ' "$log" || true)
	PASSED=$((PASSED + good))
	FAILED=$((FAILED + bad))
	if ! grep -qxE '[0-9]+ passed, [0-9]+ failed' "$log"; then
		failed "tests-cr" "the harness gave no verdict (status $status); the end of $log.err:"
		tail -n 25 "$log.err" | sed 's/^/| /'
	elif [ "$(tail -n 1 "$log")" != "$good passed, $bad failed" ]; then
		failed "tests-cr" "the harness counted '$(tail -n 1 "$log")', and its lines say $good passed, $bad failed"
	elif [ $status -ne 0 ] && [ "$bad" = 0 ]; then
		failed "tests-cr" "the harness ended with status $status; see $log.err"
	elif [ "$good" = 0 ] && [ "$bad" = 0 ]; then
		failed "tests-cr" "no test ran"
	fi
}

# ---------------------------------------------------------------- programs

# check_programs: real programs, on a Debian root, checkpointed at work.
check_programs() {
	local root
	family_begins programs
	if [ -z "$PLAIN" ]; then
		failed "programs" "there is no kernel"
	elif root=$(debian_root "$PLAIN"); then
		run_harness "$PLAIN" 14400 --tier all --jobs 2 --root "$root"
	else
		failed "programs" "there is no Debian root; see $CACHE/log/root-*"
	fi
	family_ends
}
