# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The family "fresh" of scripts/test: both commands of the README in clean
# roots of both releases, as root and as a user with sudo: interrupted, whole,
# and again without a network.  The user has the kernel's source from a server
# on this machine.  It takes root, the mirror of this system, 20 GB in the
# cache, and the time of four builds from nothing and of all tests in between.
# Needs everything else in this directory.

FRESH_SUITES=(bookworm trixie)

check_fresh() {
	local suite user root name command dir sum tarball
	family_begins fresh
	if [ "$(id -u)" != 0 ]; then
		failed "clean roots" "making them takes root"
		family_ends
		return
	fi
	ensure_packages debootstrap
	dir=$(mktemp -d)
	read -r sum tarball < <(with_lock download source_tarball)
	stand_in_begins "$dir" "$tarball"
	for suite in "${FRESH_SUITES[@]}"; do
		for user in root user; do
			root=$CACHE/fresh/$suite-$user name="$suite, as $user" FRESH_WISHES=''
			rm -rf --one-file-system "$root"
			[ "$user" = root ] ||
				FRESH_WISHES="CURL_CA_BUNDLE=/etc/stand-in LINUX_CR_KERNEL_ORG=$STAND_IN/good LINUX_CR_SHA256=$sum"
			check "$name: a clean root" fresh_root "$suite" "$root" "$dir/certificate"
			for command in demo test; do
				check "$name: $command, interrupted" cut_short fresh_run "$root" $user online \
					timeout --signal INT 240 "./scripts/$command"
				check "$name: $command" fresh_run "$root" $user online "./scripts/$command"
			done
			check "$name: demo again, offline" fresh_run "$root" $user offline ./scripts/demo
			check "$name: test again, offline" fresh_run "$root" $user offline ./scripts/test units uapi accounting lint
			rm -rf --one-file-system "$root"
		done
	done
	stand_in_ends
	rm -rf "$dir"
	family_ends
}

# cut_short COMMAND...: is at work until timeout(1) ends it.
cut_short() {
	local status=0
	"$@" || status=$?
	echo "status $status, wanted 124"
	[ $status = 124 ]
}

# fresh_root SUITE ROOT CERTIFICATE: what debootstrap makes, sudo, a user, the
# checkout, and the certificate of the server that stands in for kernel.org.
# What this machine needs to reach the network, it gets as well.
fresh_root() {
	local root=$2 home file
	mkdir -p "$root" &&
		debootstrap --variant=minbase --include=sudo,ca-certificates "$1" "$root" "$(debian_mirror)" || return
	for file in /etc/resolv.conf /etc/hosts /etc/apt/apt.conf.d/*proxy* /usr/local/share/ca-certificates/*.crt; do
		[ ! -e "$file" ] || cp "$file" "$root$file" || return
	done
	chroot "$root" update-ca-certificates &&
		chroot "$root" useradd --create-home --shell /bin/bash user || return
	cp "$3" "$root/etc/stand-in" || return
	echo 'user ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/user"
	for home in root home/user; do
		mkdir "$root/$home/linux-cr" &&
			tar -C "$REPO" --exclude ./target --exclude ./.git -c . |
			tar -C "$root/$home/linux-cr" -x --no-same-owner || return
	done
	chroot "$root" chown -R user: /home/user
}

# fresh_run ROOT USER NETWORK COMMAND...: with FRESH_WISHES in its environment.
fresh_run() {
	local root=$1 user=$2 apart=()
	[ "$3" = online ] || apart=(--net)
	shift 3
	# shellcheck disable=SC2016 # for the shell in there
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		unshare --mount --pid --fork --kill-child "${apart[@]}" sh -c '
		mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
			exec chroot "$1" su -l "$2" -c "cd linux-cr && env $3"' - "$root" "$user" "${FRESH_WISHES-} $*"
}
