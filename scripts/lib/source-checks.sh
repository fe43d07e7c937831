# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A part of the family "scripts" of scripts/test: the kernel's source from a
# server that is not as it should be, and scripts that are interrupted.  There
# is a server on this machine, a tarball of a few bytes, and a cache for these
# tests alone: it takes neither a network nor root.
# Needs everything else in this directory.

# check_source: each failure ends with a message that says what to do, and
# leaves nothing that is taken for the source later.
check_source() {
	local dir url
	dir=$(mktemp -d)
	head -c 300000 /dev/urandom >"$dir/tarball"
	stand_in_begins "$dir" "$dir/tarball"
	url=$STAND_IN
	export CURL_CA_BUNDLE=$dir/certificate

	check "source: from an https server" source_comes "$dir" "$url/good"
	check "source: not there" source_fails "$dir" "$url/missing" 'it is to have what https://cdn.kernel.org'
	check "source: no server" source_fails "$dir" https://localhost:1/good 'the server is out of reach'
	check "source: no such host" source_fails "$dir" https://no-host.invalid/good 'the server is out of reach'
	check "source: broken off" source_fails "$dir" "$url/short" 'the server broke off: run this again'
	check "source: stalled" source_fails "$dir" "$url/stalled" 'the server stalled: run this again'
	check "source: another content" source_fails "$dir" "$url/other" 'was thrown away' 'if you trust it: --sha256'
	check "source: a certificate of nobody we know" source_fails_untrusted "$dir" "$url/good"
	check "source: kernel.org, of unknown sum" source_unknown_sum "$dir"
	check "source: a killed download, and again" source_killed "$dir" "$url"
	check "a cache that cannot be written to" cache_fails "$dir"
	check "a script that is ended leaves nothing running" nothing_runs_on "$dir"

	unset CURL_CA_BUNDLE
	stand_in_ends
	rm -rf "$dir"
}

# stand_in_begins DIR FILE: a server for FILE stands in for kernel.org, and
# STAND_IN is its address.  Its certificate is DIR/certificate.
stand_in_begins() {
	local dir=$1
	openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout "$dir/key" -out "$dir/certificate" 2>"$dir/openssl" || cat "$dir/openssl" >&2
	cat "$dir/key" "$dir/certificate" >"$dir/both"
	python3 "$REPO/scripts/lib/stand-in.py" "$dir/both" "$2" >"$dir/port" 2>/dev/null &
	STAND_IN_PID=$!
	for _ in $(seq 100); do [ ! -s "$dir/port" ] || break && sleep 0.1; done
	STAND_IN=https://localhost:$(cat "$dir/port")
}

stand_in_ends() {
	kill "$STAND_IN_PID"
	wait "$STAND_IN_PID" 2>/dev/null || true
}

# source_from DIR URL: source_tarball, as scripts/build calls it.
source_from() (
	CACHE=$1/cache
	KERNEL_ORG=$2 TARBALL='' SHA256=$(sha256sum "$1/tarball" | cut -d ' ' -f 1) STALLED=1 RETRIES=0
	set -e
	with_lock download source_tarball
)

source_comes() {
	local sum path
	rm -rf "$1/cache"
	read -r sum path < <(source_from "$1" "$2")
	echo "sum $sum, path $path"
	cmp "$path" "$1/tarball" && [ "$path" = "$1/cache/download/$sum.tar.xz" ] &&
		# The second time nobody is asked.
		source_from "$1" https://localhost:1/good
}

# source_fails DIR URL TEXT...: with the texts in the last message and before.
source_fails() {
	local dir=$1 url=$2 text
	shift 2
	rm -rf "$dir/cache"
	! source_from "$dir" "$url" 2>"$dir/said" || return
	cat "$dir/said"
	tail -n 1 "$dir/said" | grep -qF -- "$1" || return
	for text in "$@"; do grep -qF -- "$text" "$dir/said" || return; done
	! ls "$dir"/cache/download/* 2>/dev/null
}

source_fails_untrusted() (
	unset CURL_CA_BUNDLE
	source_fails "$@" 'if you trust who signed it: CURL_CA_BUNDLE=FILE'
)

source_unknown_sum() {
	! (CACHE=$1/cache KERNEL_ORG=$KERNEL_ORG_ITSELF SHA256='' && fetch_kernel_org unknown) 2>"$1/said" &&
		cat "$1/said" && grep -q 'pass it: --sha256 HEX' "$1/said"
}

source_killed() {
	local dir=$1 pid
	rm -rf "$dir/cache"
	source_from "$dir" "$2/stalled" 2>/dev/null &
	pid=$!
	for _ in $(seq 50); do [ ! -s "$dir/cache/download/kernel-org.part" ] || break && sleep 0.1; done
	[ -s "$dir/cache/download/kernel-org.part" ] || return
	kill -KILL "$pid"
	# What it had begun ends by itself; the next one waits for that.
	source_from "$dir" "$2/good" && [ ! -e "$dir/cache/download/kernel-org.part" ]
}

cache_fails() {
	! LINUX_CR_CACHE=$1/tarball/cache "$REPO/scripts/build" --tools-only 2>"$1/said" &&
		cat "$1/said" && grep -q 'name another place, LINUX_CR_CACHE=DIR' "$1/said"
}

nothing_runs_on() {
	local pid child
	cat >"$1/script" <<-END
		set -euo pipefail
		. "$REPO/scripts/lib/common.sh"
		. "$REPO/scripts/lib/steps.sh"
		answer=\$(step "sleeping" "$1/log" '' sh -c 'echo \$\$ >"$1/child"; sleep 60; true')
	END
	bash "$1/script" &
	pid=$!
	for _ in $(seq 50); do [ ! -s "$1/child" ] || break && sleep 0.1; done
	child=$(cat "$1/child")
	kill "$pid"
	for _ in $(seq 50); do kill -0 "$child" 2>/dev/null || return 0 && sleep 0.1; done
	echo "its child $child is still there"
	return 1
}
