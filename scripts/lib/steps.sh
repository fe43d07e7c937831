# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Steps: one line each that says what happens and how long it took, with
# progress on a terminal while it lasts.  Needs common.sh.

# step TEXT LOG PROGRESS COMMAND...: runs the command with its output in LOG.
# PROGRESS is a function that prints a few words on how far it is, or ''.
# With QUIET set, only steps that take a while are mentioned.  On failure the
# end of the log is shown; give_up then ends the script.
step() {
	local text=$1 log=$2 progress=$3 start=$SECONDS painter='' status=0
	shift 3
	ADVICE=''
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
		end_of "$log" | sed 's/^/| /' >&2
		ADVICE=$(advice "$log")
		return $status
	fi
	[ -n "${QUIET-}" ] && [ $((SECONDS - start)) -lt 3 ] || say "$text: $((SECONDS - start)) s"
}

# end_of LOG: its last lines, and before them the first error of a compiler: a
# parallel build goes on for a while.
end_of() {
	local log=$1 first
	first=$(grep -nm 1 -E '(^|: )(fatal )?error(\[E[0-9]+\])?: ' "$log" | cut -d : -f 1) || true
	if [ -n "$first" ] && [ "$first" -le $(($(wc -l <"$log") - 40)) ]; then
		tail -n "+$first" "$log" | head -n 25
		echo '...'
		tail -n 10 "$log"
	else
		tail -n 40 "$log"
	fi
}

# give_up WHAT TODO: fails after a failed step, and says what to do: about its
# cause if its log tells, else TODO.
give_up() { die "$1: ${ADVICE:-$2}"; }

# advice LOG: what to do about causes that have nothing to do with the step.
advice() {
	local text
	text=$(tail -n 100 "$1")
	# Without room there may be no log either.
	[ "$(df --output=avail "$CACHE" | tail -n 1)" -ge 1024 ] || text='No space left on device'
	case $text in
	*'No space left on device'* | *'have enough free space'* | *'Disk quota exceeded'*)
		echo "there is no room left ($(free_space)): make some, or name another place, LINUX_CR_CACHE=DIR, and run it again"
		;;
	*'Read-only file system'*) echo "a file system is read-only: name another place, LINUX_CR_CACHE=DIR" ;;
	*'Could not get lock'* | *'Unable to acquire the dpkg frontend lock'* | *'Unable to lock'*)
		echo "another program is installing packages: let it end, and run this again"
		;;
	*'a password is required'* | *'a terminal is required'* | *'not in the sudoers file'*)
		echo "sudo refused: run it as root, or have somebody install the packages"
		;;
	*'Temporary failure resolving'* | *'Could not resolve'* | *'Network is unreachable'* | *'Could not connect'* | \
		*'Connection failed'* | *'Unable to connect'* | *'Failed to connect'* | *'failed to download'* | *'Failed to fetch'*)
		echo "the network is out of reach: connect it (a proxy? http_proxy, /etc/apt/apt.conf.d) and run this again"
		;;
	*'Cannot allocate memory'* | *'out of memory'* | *'Killed signal'* | *'signal: 9, SIGKILL'*)
		echo "the memory did not suffice ($(awk '/^MemTotal/ { print int($2 / 1024) " MiB" }' /proc/meminfo); a build takes 2 GiB): end what else runs, or add some, and run it again"
		;;
	*'Permission denied'*) echo "a file may not be written or read; its name is above: make it yours" ;;
	esac
}

# free_space: what is left where things are kept.
free_space() { df -h --output=avail,target "$CACHE" "${TMPDIR:-/tmp}" | awk 'NR > 1 { printf "%s%s in %s", sep, $1, $2; sep = ", " }'; }

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
