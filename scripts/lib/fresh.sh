# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The family "fresh" of scripts/test: both commands of the README in clean
# roots of both releases, as root and as a user with sudo: interrupted, whole,
# and again without a network.  It takes root, the mirror of this system, 20 GB
# in the cache, and the time of four builds from nothing.
# Needs everything else in this directory.

FRESH_SUITES=(bookworm trixie)

check_fresh() {
	local suite user root name
	family_begins fresh
	if [ "$(id -u)" != 0 ]; then
		failed "clean roots" "making them takes root"
		family_ends
		return
	fi
	ensure_packages debootstrap
	for suite in "${FRESH_SUITES[@]}"; do
		for user in root user; do
			root=$CACHE/fresh/$suite-$user name="$suite, as $user"
			rm -rf --one-file-system "$root"
			check "$name: a clean root" fresh_root "$suite" "$root"
			check "$name: demo, interrupted" cut_short fresh_run "$root" $user online \
				timeout --signal INT 240 ./scripts/demo
			check "$name: demo" fresh_run "$root" $user online ./scripts/demo
			check "$name: test" fresh_run "$root" $user online ./scripts/test units uapi accounting lint
			check "$name: demo again, offline" fresh_run "$root" $user offline ./scripts/demo
			check "$name: test again, offline" fresh_run "$root" $user offline ./scripts/test units uapi
			rm -rf --one-file-system "$root"
		done
	done
	family_ends
}

# cut_short COMMAND...: is at work until timeout(1) ends it.
cut_short() {
	local status=0
	"$@" || status=$?
	echo "status $status, wanted 124"
	[ $status = 124 ]
}

# fresh_root SUITE ROOT: what debootstrap makes, sudo, a user and the checkout.
# What this machine needs to reach the network, it gets as well.
fresh_root() (
	set -e
	mkdir -p "$2"
	debootstrap --variant=minbase --include=sudo,ca-certificates "$1" "$2" "$(debian_mirror)"
	for file in /etc/resolv.conf /etc/hosts /etc/apt/apt.conf.d/*proxy* /usr/local/share/ca-certificates/*.crt; do
		[ ! -e "$file" ] || cp "$file" "$2$file"
	done
	chroot "$2" update-ca-certificates
	chroot "$2" useradd --create-home --shell /bin/bash user
	echo 'user ALL=(ALL) NOPASSWD: ALL' >"$2/etc/sudoers.d/user"
	for home in root home/user; do
		mkdir "$2/$home/linux-cr"
		tar -C "$REPO" --exclude ./target --exclude ./.git -c . | tar -C "$2/$home/linux-cr" -x --no-same-owner
	done
	chroot "$2" chown -R user: /home/user
)

# fresh_run ROOT USER NETWORK COMMAND...
fresh_run() {
	local root=$1 user=$2 apart=()
	[ "$3" = online ] || apart=(--net)
	shift 3
	# shellcheck disable=SC2016 # for the shell in there
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		unshare --mount --pid --fork --kill-child "${apart[@]}" sh -c '
		mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
			exec chroot "$1" su -l "$2" -c "cd linux-cr && $3"' - "$root" "$user" "$*"
}
