# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Steps: one line each that says what happens and how long it took, with
# progress on a terminal while it lasts.  Needs common.sh.

# step TEXT LOG PROGRESS COMMAND...: runs the command with its output in LOG.
# PROGRESS is a function that prints a few words on how far it is, or ''.
# With QUIET set, only steps that take a while are mentioned.  On failure the
# end of the log is shown.
step() {
	local text=$1 log=$2 progress=$3 start=$SECONDS painter='' status=0
	shift 3
	mkdir -p "$(dirname "$log")"
	if [ -t 2 ]; then
		paint "$text" "$progress" "$start" &
		painter=$!
	fi
	"$@" >"$log" 2>&1 || status=$?
	if [ -n "$painter" ]; then
		kill "$painter" 2>/dev/null || true
		wait "$painter" 2>/dev/null || true
		printf '\r\033[K' >&2
	fi
	if [ $status -ne 0 ]; then
		say "$text: FAILED after $((SECONDS - start)) s; the end of $log:"
		tail -n 40 "$log" | sed 's/^/| /' >&2
		return $status
	fi
	[ -n "${QUIET-}" ] && [ $((SECONDS - start)) -lt 3 ] || say "$text: $((SECONDS - start)) s"
}

# paint: rewrites one line on the terminal, twice a second, until killed.
paint() {
	local text=$1 progress=$2 start=$3 parent=$$ line width
	width=$(stty size <&2 2>/dev/null | cut -d ' ' -f 2)
	[ "${width:-0}" -gt 0 ] || width=80
	[ -z "${QUIET-}" ] || sleep 2
	while kill -0 "$parent" 2>/dev/null; do
		line=$([ -z "$progress" ] || "$progress" 2>/dev/null || true)
		line="$PROGRAM: $text ... ${line:+$line, }$((SECONDS - start)) s"
		# A line that wraps could not be rewritten.
		printf '\r\033[K%s' "${line:0:width-1}" >&2
		sleep 0.5
	done
}

# percent PART WHOLE: for progress functions.
percent() {
	local part=$1 whole=$2
	[ "$whole" -gt 0 ] || return 0
	[ "$part" -le "$whole" ] || part=$whole
	echo "$((part * 100 / whole)) %"
}
