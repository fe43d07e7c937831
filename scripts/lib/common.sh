# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What every script here needs: where things are, how to say what happens, how
# to fail, and how to keep files in the cache.  Sourced, never run.

shopt -s inherit_errexit

# The checkout, and the cache outside of it.
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
CACHE=${LINUX_CR_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/linux-cr}
PROGRAM=${0##*/}

# All talk goes to standard error; standard output is for results.
say() { printf '%s: %s\n' "$PROGRAM" "$*" >&2; }

die() {
	say "$@"
	exit "${EXIT_CODE:-1}"
}

# end_children: ends what a script leaves running that is ended itself.  A shell
# that is told to end does so at once, and what it waits for would go on.
end_children() {
	local pids
	read -ra pids <<<"$(descendants $$)"
	[ ${#pids[@]} -eq 0 ] || kill -TERM "${pids[@]}" 2>/dev/null || true
}
trap end_children EXIT

# descendants PID: its children, theirs, and so on, without those that ask.
descendants() {
	local pid
	for pid in $(cat "/proc/$1/task"/*/children 2>/dev/null); do
		[ "$pid" = "$BASHPID" ] || echo -n "$pid $(descendants "$pid") "
	done
}

# usage: prints the comment at the top of the running script, without its "# ".
usage() {
	awk 'NR == 1 || /SPDX-License-Identifier/ { next }
	     /^#/ { sub(/^# ?/, ""); if (length || shown) { print; shown = 1 } next } { exit }' "$0"
}

# content_hash FILE...: one short name for what is in these files.
content_hash() { cat -- "$@" | text_hash; }

# text_hash < TEXT: likewise for a text.
text_hash() { sha256sum | cut -c 1-16; }

# with_lock NAME COMMAND...: one at a time among all scripts of this user.
# A second one says that it waits.  The lock ends with the process.
with_lock() {
	local name=$1 fd
	shift
	mkdir -p "$CACHE/lock"
	exec {fd}>"$CACHE/lock/$name"
	if ! flock -n "$fd"; then
		say "waiting for another run that works on the same thing ($name)"
		flock -w 5400 "$fd" || die "gave up waiting; who has the lock: fuser -v $CACHE/lock/$name"
	fi
	# Not "|| status=$?": in what that tests, set -e does not hold.
	"$@"
	local status=$?
	exec {fd}>&-
	return $status
}

# ensure_cache: there is a cache, and we may write there.
ensure_cache() {
	if ! mkdir -p "$CACHE" 2>/dev/null || [ ! -w "$CACHE" ]; then
		die "cannot write to the cache in $CACHE: name another place, LINUX_CR_CACHE=DIR, or make this one yours"
	fi
}

# keep_newest COUNT PATH...: removes all but the newest COUNT of the paths.
keep_newest() {
	local count=$1 path
	shift
	[ $# -gt "$count" ] || return 0
	stat -c '%Y %n' -- "$@" 2>/dev/null | sort -rn | tail -n "+$((count + 1))" | cut -d ' ' -f 2- |
		while IFS= read -r path; do rm -rf -- "$path"; done
}

# need_value OPTION COUNT: fails unless a value follows the option.
need_value() { [ "$2" -ge 2 ] || die "$1 needs a value; see $PROGRAM --help"; }
