# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Counting of tests: one line each on standard output, the time of each
# family, and the verdict.  LOGS is a directory for what they say.

PASSED=0 FAILED=0 FAMILY='' FAMILY_START=0

family_begins() { FAMILY=$1 FAMILY_START=$SECONDS; }
family_ends() { echo "-- $FAMILY: $((SECONDS - FAMILY_START)) s"; }

passed() {
	PASSED=$((PASSED + 1))
	echo "ok $FAMILY: $1"
}

failed() {
	FAILED=$((FAILED + 1))
	echo "FAILED $FAMILY: $1: $2"
}

# check NAME COMMAND...: a test that passes if the command does.
check() {
	local name=$1 log
	shift
	log=$LOGS/$FAMILY-$(tr -c 'A-Za-z0-9\n' - <<<"$name")
	if ("$@") >"$log" 2>&1 </dev/null; then
		passed "$name"
	else
		failed "$name" "the end of $log:"
		tail -n 25 "$log" | sed 's/^/| /'
	fi
}

# verdict: the last line, and the exit status.
verdict() {
	echo "$PASSED passed, $FAILED failed"
	[ "$FAILED" = 0 ] && [ "$PASSED" -gt 0 ]
}
