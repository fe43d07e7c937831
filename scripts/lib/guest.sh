# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The parts of the virtual machine that are built here: vmlink, the initramfs,
# and the verdict on KVM.  Needs common.sh.

# What programs that were linked on this machine need in order to run.
GUEST_LIBRARIES=(libc.so.6 libm.so.6 libgcc_s.so.1 libpthread.so.0 libdl.so.2 librt.so.1 libutil.so.1)

# find_rustc: the compiler for small programs of our own.
find_rustc() {
	local rustc
	for rustc in /usr/bin/rustc "$(command -v rustc || true)" "${CARGO_HOME:-$HOME/.cargo}/bin/rustc"; do
		[ -x "$rustc" ] && echo "$rustc" && return
	done
	die "no rustc here; scripts/build installs it"
}

# rust_program SOURCE: prints the path of the static program built from it.
rust_program() {
	local source=$1 rustc name out
	rustc=$(find_rustc)
	name=$(basename "$source" .rs)
	out=$CACHE/programs/$name-$( { "$rustc" -V; cat "$source"; } | text_hash)
	if [ ! -x "$out" ]; then
		mkdir -p "$CACHE/programs"
		"$rustc" --edition 2021 -C opt-level=2 -C panic=abort -C strip=symbols \
			-C target-feature=+crt-static --crate-name "${name//-/_}" \
			-o "$out.$$" "$source" >&2 || die "$source does not compile"
		mv -f "$out.$$" "$out"
		keep_newest 3 "$CACHE/programs/$name"-*
	fi
	touch -c "$out"
	echo "$out"
}

# find_busybox: the static busybox of the package busybox-static.
find_busybox() {
	local busybox=${LINUX_CR_BUSYBOX:-/bin/busybox}
	[ -x "$busybox" ] || die "no $busybox; install the package busybox-static (scripts/build does)"
	# A dynamic one would find no libraries in the initramfs.
	! grep -aq /ld-linux "$busybox" ||
		die "$busybox is not static; install the package busybox-static (scripts/build does)"
	echo "$busybox"
}

# library NAME: where the dynamic loader of this machine finds it.
library() {
	local dir
	for dir in /lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib64 /usr/lib64; do
		[ -e "$dir/$1" ] && readlink -f "$dir/$1" && return
	done
	return 1
}

# base_initramfs: prints the path of the archive with init, busybox, vmlink
# and the skeleton of the small root.
base_initramfs() {
	local vmlink busybox init=$REPO/scripts/lib/guest-init name file files=() out
	vmlink=$(rust_program "$REPO/scripts/lib/vmlink.rs")
	busybox=$(find_busybox)
	for name in ld-linux-x86-64.so.2 "${GUEST_LIBRARIES[@]}"; do
		file=$(library "$name") && files+=("$name=$file")
	done
	out=$CACHE/initramfs/base-$( {
		content_hash "$init" "$busybox" "${files[@]#*=}" "${BASH_SOURCE[0]}"
		echo "$vmlink ${files[*]}"
	} | text_hash)
	if [ ! -s "$out" ]; then
		mkdir -p "$CACHE/initramfs"
		find "$CACHE/initramfs" -maxdepth 1 -name 'tmp.*' -mmin +60 -exec rm -rf {} +
		local tree
		tree=$(mktemp -d "$CACHE/initramfs/tmp.XXXXXX")
		base_tree "$tree" "$vmlink" "$busybox" "$init" "${files[@]}"
		archive "$tree" >"$tree.cpio"
		mv -f "$tree.cpio" "$out"
		rm -rf "$tree"
		keep_newest 3 "$CACHE/initramfs"/base-*
	fi
	touch -c "$out"
	echo "$out"
}

base_tree() {
	local tree=$1 vmlink=$2 busybox=$3 init=$4 entry
	shift 4
	local root=$tree/skeleton
	chmod 755 "$tree"
	install -D -m 755 "$init" "$tree/init"
	install -D -m 755 "$busybox" "$tree/lcr/bin/busybox"
	install -D -m 755 "$vmlink" "$tree/lcr/bin/vmlink"
	mkdir -p "$tree/dev" "$root"/{bin,sbin,etc,root,home/user,lib/x86_64-linux-gnu,lib64,usr/bin,usr/sbin,var/tmp,mnt,opt,srv}
	chmod 1777 "$root/var/tmp"
	chmod 700 "$root/root"
	ln -s ../run "$root/var/run"
	for entry in "$@"; do
		install -m 755 "${entry#*=}" "$root/lib/x86_64-linux-gnu/${entry%%=*}"
	done
	ln -s ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 "$root/lib64/ld-linux-x86-64.so.2"
	cat >"$root/etc/passwd" <<-'END'
		root:x:0:0:root:/root:/bin/sh
		user:x:1000:1000:user:/home/user:/bin/sh
		nobody:x:65534:65534:nobody:/:/bin/false
	END
	cat >"$root/etc/group" <<-'END'
		root:x:0:
		tty:x:5:
		user:x:1000:
		nogroup:x:65534:
	END
	echo linux-cr >"$root/etc/hostname"
	echo '127.0.0.1 localhost linux-cr' >"$root/etc/hosts"
	echo '::1 localhost' >>"$root/etc/hosts"
	printf '%s\n' 'passwd: files' 'group: files' 'hosts: files' >"$root/etc/nsswitch.conf"
	printf '%s\n' 'PS1="\u@\h:\w\\$ "' >"$root/etc/profile"
}

# archive TREE: a cpio archive for the kernel, everything owned by root.
archive() { (cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio --null --quiet -o -H newc -R 0:0); }

# tools_archive FILE...: an archive that puts these files into the PATH.
tools_archive() {
	local tree file status=0
	tree=$(mktemp -d "$CACHE/initramfs/tmp.XXXXXX")
	mkdir -p "$tree/lcr/bin"
	for file in "$@"; do
		install -m 755 "$file" "$tree/lcr/bin/" || status=1
	done
	archive "$tree"
	rm -rf "$tree"
	return $status
}

# qemu_binary: the emulator.
qemu_binary() {
	command -v qemu-system-x86_64 ||
		die "no qemu-system-x86_64; install the package qemu-system-x86 (scripts/build does)"
}

# choose_accel KERNEL: prints kvm or tcg.  /dev/kvm proves nothing, so a
# kernel has to boot and power off under it.  The verdict holds until this
# machine is rebooted.
choose_accel() {
	local kernel=$1 verdict qemu
	case ${LINUX_CR_ACCEL-} in
	kvm | tcg) echo "$LINUX_CR_ACCEL" && return ;;
	'') ;;
	*) die "LINUX_CR_ACCEL is '$LINUX_CR_ACCEL'; it may be kvm or tcg" ;;
	esac
	if ! { : <>/dev/kvm; } 2>/dev/null; then
		echo tcg
		return
	fi
	qemu=$(qemu_binary)
	verdict=$CACHE/accel-$( {
		cat /proc/sys/kernel/random/boot_id
		"$qemu" --version
	} | text_hash)
	if [ ! -s "$verdict" ]; then
		with_lock accel probe_kvm "$kernel" "$verdict"
	fi
	cat "$verdict"
}

probe_kvm() {
	local kernel=$1 verdict=$2 run answer=tcg vmlink base
	[ ! -s "$verdict" ] || return 0
	vmlink=$(rust_program "$REPO/scripts/lib/vmlink.rs")
	base=$(base_initramfs)
	run=$(mktemp -d "${TMPDIR:-/tmp}/linux-cr.XXXXXX")
	say "trying whether KVM works here (at most 20 s, once per boot of this machine)"
	if "$vmlink" host --run-dir "$run" --probe --boot-timeout 20 -- \
		"$(qemu_binary)" -machine q35,accel=kvm -cpu host -m 512M -nodefaults -no-user-config \
		-display none -no-reboot -serial "file:$run/console" -kernel "$kernel" -initrd "$base" \
		-append "console=ttyS0 panic=-1 lcr.probe" >/dev/null 2>&1; then
		answer=kvm
	fi
	say "KVM: $([ $answer = kvm ] && echo works || echo 'does not work, emulating (TCG)')"
	rm -f "$CACHE"/accel-*
	echo $answer >"$verdict.$$"
	mv -f "$verdict.$$" "$verdict"
}
