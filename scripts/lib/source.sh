# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernel's source: fetched, verified, unpacked, patched.
# Needs common.sh and steps.sh.

PATCHES=$REPO/linux-patches/7.2

# base NAME: a value from BASE; empty if it is not there.
base() { sed -n "s/^$1=//p" "$PATCHES/BASE" | head -n 1; }

# series: the patches, in order; "#" begins a comment, as in quilt.
series() {
	[ ! -f "$PATCHES/series" ] || sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$PATCHES/series"
}

# debian_mirror: the mirror from which this system gets Debian.
debian_mirror() {
	local mirror file
	# apt itself knows best, once it has lists.
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
		awk '$2 == "Debian" && $1 ~ /^https?:/ { print $1; exit }') || true
	if [ -z "$mirror" ]; then
		for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
			[ -r "$file" ] || continue
			mirror=$(grep -Eo 'https?://[^] ]+/debian/?( |$)' <(grep -v '^[[:space:]]*#' "$file") | head -n 1) || true
			[ -z "$mirror" ] || break
		done
	fi
	mirror=${mirror%% *}
	echo "${mirror%/}"
}

# own_apt [NAME SUITE...]: sets up an apt configuration of our own, apart from
# the system's, and prints its file for APT_CONFIG.  The system's settings for
# proxies and the like stay in force.  Without a suite, those with the kernel.
own_apt() {
	[ $# -gt 0 ] || set -- apt trixie-backports sid
	local dir=$CACHE/$1 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg suite
	shift
	command -v apt-get >/dev/null || die "no apt-get; name a tarball: scripts/build --tarball FILE"
	mirror=$(debian_mirror)
	[ -n "$mirror" ] ||
		die "no Debian mirror among the system's apt sources; name a tarball: scripts/build --tarball FILE"
	[ -r "$keyring" ] || die "no $keyring; install the package debian-archive-keyring"
	mkdir -p "$dir"/{lists/partial,cache/archives/partial}
	: >"$dir/status"
	for suite in "$@"; do
		echo "deb [signed-by=$keyring] $mirror $suite main"
	done >"$dir/sources.list"
	cat >"$dir/apt.conf" <<-END
		Dir::State "$dir";
		Dir::State::lists "$dir/lists";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir/cache";
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Architecture "amd64";
		APT::Architectures "amd64";
		APT::Sandbox::User "root";
		APT::Get::AllowUnauthenticated "false";
		APT::Update::Post-Invoke "";
		Acquire::Languages "none";
		Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
		Acquire::Retries "3";
		Acquire::http::Timeout "60";
		Acquire::https::Timeout "60";
	END
	echo "$dir/apt.conf"
}

# Progress of a download: DOWNLOAD_FILE grows to DOWNLOAD_SIZE.
download_progress() {
	percent "$(stat -c %s "$DOWNLOAD_FILE" "$DOWNLOAD_FILE".* "$(dirname "$DOWNLOAD_FILE")"/partial/* 2>/dev/null |
		sort -n | tail -n 1)" "$DOWNLOAD_SIZE"
}

# fetch_debian: prints the path of the verified tarball from Debian's package.
fetch_debian() {
	local config package version wanted found dir=$CACHE/download deb
	package=$(base debian_package)
	wanted=$(base debian_version)
	config=$(own_apt)
	export APT_CONFIG=$config
	step "asking Debian for $package" "$CACHE/log/apt-update" '' \
		timeout --foreground 900 apt-get update || say "not every list could be had; trying with what is there"
	found=$(apt-cache madison "$package" | awk -F ' *[|] *' '{ print $2 }')
	[ -n "$found" ] || die "$package is in neither trixie-backports nor sid; name a tarball (--tarball) or use --kernel-org"
	if grep -qxF "$wanted" <<<"$found"; then
		version=$wanted
	else
		version=$(sort -V <<<"$found" | tail -n 1)
		[ "$(printf '%s\n' "$wanted" "$version" | sort -V | head -n 1)" = "$wanted" ] ||
			die "Debian has $package $version, older than $wanted; name a tarball: --tarball FILE"
		say "$package $wanted is gone; trying its successor $version"
	fi
	deb=$dir/deb/$package.deb
	rm -rf "$dir/deb"
	mkdir -p "$dir/deb"
	DOWNLOAD_SIZE=$(apt-get --print-uris download "$package=$version" 2>/dev/null | awk '{ print $3 }')
	DOWNLOAD_FILE=$dir/deb/$package.deb
	step "downloading $package $version ($((DOWNLOAD_SIZE / 1000000)) MB)" "$CACHE/log/download" download_progress \
		download_deb "$dir/deb" "$package=$version" "$deb" || die "the download failed"
	step "taking the tarball out of the package" "$CACHE/log/unpack-deb" '' \
		sh -c 'dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/src/$2.tar.xz" >"$3"' - "$deb" "$package" "$dir/new.tar.xz" ||
		die "the package holds no usr/src/$package.tar.xz"
	local sum
	sum=$(sha256sum "$dir/new.tar.xz" | cut -d ' ' -f 1)
	if [ "$version" = "$wanted" ] && [ "$sum" != "$(base debian_sha256)" ]; then
		die "the tarball of $package $version has the sha256 $sum, and BASE wants another"
	fi
	mv -f "$dir/new.tar.xz" "$dir/$sum.tar.xz"
	rm -rf "$dir/deb"
	# A later release: apt has verified it; remember that.
	[ "$version" = "$wanted" ] || echo "$sum" >"$dir/later-than-$wanted"
	echo "$dir/$sum.tar.xz"
}

# download_deb DIRECTORY PACKAGE=VERSION FILE: apt verifies what it downloads.
download_deb() (
	cd "$1" || exit
	timeout --foreground 3600 apt-get download -q "$2"
	mv ./*_*.deb "$3"
)

# fetch_kernel_org SHA256: prints the path of the verified tarball.
fetch_kernel_org() {
	local sum=$1 version file=$CACHE/download/kernel-org.part url
	version=$(base version)
	url=https://cdn.kernel.org/pub/linux/kernel/v${version%%.*}.x/linux-$version.tar.xz
	[ -n "$sum" ] || die "the sha256 of linux-$version.tar.xz is not in BASE; pass it with --sha256"
	mkdir -p "$CACHE/download"
	DOWNLOAD_FILE=$file DOWNLOAD_SIZE=155000000
	if command -v curl >/dev/null; then
		set -- curl --fail --silent --show-error --location --retry 3 --max-time 3600 -o "$file" "$url"
	elif command -v wget >/dev/null; then
		set -- timeout --foreground 3600 wget -nv -O "$file" "$url"
	else
		die "neither curl nor wget; install one, or name a tarball: --tarball FILE"
	fi
	step "downloading linux-$version from kernel.org" "$CACHE/log/download" download_progress "$@" ||
		die "the download failed"
	check_sum "$file" "$sum"
	mv -f "$file" "$CACHE/download/$sum.tar.xz"
	echo "$CACHE/download/$sum.tar.xz"
}

# check_sum FILE SHA256...: fails unless the file has one of them.
check_sum() {
	local file=$1 sum wanted
	shift
	sum=$(sha256sum "$file" | cut -d ' ' -f 1)
	for wanted in "$@"; do
		[ "$sum" != "$wanted" ] || return 0
	done
	die "$file has the sha256 $sum, which is none of those known ($*); if you trust it: --sha256 $sum"
}

# source_tarball: prints "SHA256 PATH" of the source to use.  TARBALL, SHA256
# and KERNEL_ORG are the user's wishes.
source_tarball() {
	local known path='' later sum=''
	read -ra known <<<"$(base debian_sha256) $(base kernel_org_sha256) ${SHA256-}"
	mkdir -p "$CACHE/download"
	if [ -n "${TARBALL-}" ]; then
		[ -r "$TARBALL" ] || die "--tarball $TARBALL: no such file"
		check_sum "$TARBALL" "${known[@]}"
		path=$TARBALL
		sum=$(sha256sum "$path" | cut -d ' ' -f 1)
	else
		later=$CACHE/download/later-than-$(base debian_version)
		[ ! -s "$later" ] || known+=("$(cat "$later")")
		[ -z "${KERNEL_ORG-}" ] || known=("${SHA256:-$(base kernel_org_sha256)}")
		for sum in "${known[@]}"; do
			[ -z "$sum" ] || [ ! -s "$CACHE/download/$sum.tar.xz" ] || { path=$CACHE/download/$sum.tar.xz && break; }
		done
		if [ -z "$path" ]; then
			if [ -n "${KERNEL_ORG-}" ]; then
				path=$(fetch_kernel_org "${known[0]}")
			else
				path=$(fetch_debian)
			fi
		fi
		[ -n "$path" ] || exit 1
		# Files in the cache are named by their sum.
		sum=$(basename "$path" .tar.xz)
		touch -c "$path"
		keep_newest 2 "$CACHE"/download/*.tar.xz
	fi
	echo "$sum $path"
}

# series_hash: one short name for the series and its patches.
series_hash() {
	local patch
	for patch in $(series); do
		[ -f "$PATCHES/$patch" ] || die "linux-patches/7.2/$patch: named in series, but not there"
		echo "$patch"
		cat "$PATCHES/$patch"
	done | text_hash
}

# patched_source: prints the path of the unpacked, patched tree.  There is one
# tree for each tarball.  When the series changes, only files that end up
# different are written: what make has built of the others stays good.
patched_source() {
	local sum path tree wanted
	wanted=$(series_hash)
	read -r sum path <<<"$(source_tarball)"
	[ -n "$path" ] || exit 1
	tree=$CACHE/source/${sum:0:16}
	if [ "$(cat "$tree/.linux-cr/series" 2>/dev/null)" != "$wanted" ]; then
		with_lock build prepare_source "$sum" "$path" "$tree" "$wanted"
		keep_newest 2 "$CACHE"/source/*/
	fi
	touch -c "$tree"
	echo "$tree"
}

prepare_source() {
	local sum=$1 path=$2 tree=$3 wanted=$4
	[ -d "$tree/.linux-cr" ] || unpack_source "$sum" "$path" "$tree"
	[ "$(cat "$tree/.linux-cr/series" 2>/dev/null)" = "$wanted" ] || apply_series "$tree" "$wanted"
}

unpack_source() {
	local sum=$1 path=$2 tree=$3 version
	rm -rf "$tree" "$tree.tmp"
	mkdir -p "$tree.tmp"
	check_sum "$path" "$sum"
	UNPACK_DIR=$tree.tmp
	step "unpacking the kernel source" "$CACHE/log/unpack" unpack_progress \
		tar -xf "$path" -C "$tree.tmp" --strip-components 1 || die "$path does not unpack"
	version=$(make -s -C "$tree.tmp" kernelversion)
	case $version in
	"$(base version)") ;;
	"$(base version | cut -d . -f 1-2)".*) say "this is Linux $version, a later release of the branch" ;;
	*) die "$path holds Linux $version; the series is for $(base version)" ;;
	esac
	mkdir "$tree.tmp/.linux-cr"
	mv "$tree.tmp" "$tree"
}

unpack_progress() { du -sm "$UNPACK_DIR" | awk '{ print $1 " MB" }'; }

# apply_series TREE HASH: patches pristine copies of the files that the series
# names, and brings what differs into the tree.
apply_series() {
	local tree=$1 wanted=$2 stage=$1/.linux-cr/stage patch file
	local touched=$1/.linux-cr/touched pristine=$1/.linux-cr/pristine
	rm -rf "$tree/.linux-cr/series" "$stage"
	mkdir -p "$stage" "$pristine"
	touch "$touched"
	[ -n "$(series)" ] || say "linux-patches/7.2/series names no patches: the kernel stays as it is"
	# A file that no series has touched so far is still as it came.
	for patch in $(series); do
		sed -n -E 's,^(---|\+\+\+) [ab]/([^[:space:]]+).*,\2,p' "$PATCHES/$patch"
	done | sort -u >"$touched.now"
	while IFS= read -r file; do
		if [ -f "$tree/$file" ] && ! grep -qxF -- "$file" "$touched"; then
			mkdir -p "$pristine/$(dirname "$file")"
			cp -p "$tree/$file" "$pristine/$file"
		fi
	done <"$touched.now"
	# Files of the last series go back to what they were, unless named again.
	sort -u "$touched" "$touched.now" >"$touched.all"
	mv "$touched.all" "$touched"
	cp -a "$pristine/." "$stage/"
	[ -z "$(series)" ] ||
		step "applying $(series | wc -l) patches" "$CACHE/log/patch" '' apply_patches "$stage" ||
		die "the series does not apply to Linux $(make -s -C "$tree" kernelversion)"
	while IFS= read -r file; do
		if [ ! -f "$stage/$file" ]; then
			rm -f "$tree/$file"
		elif ! cmp -s "$stage/$file" "$tree/$file"; then
			mkdir -p "$tree/$(dirname "$file")"
			cp "$stage/$file" "$tree/$file.new"
			chmod --reference="$stage/$file" "$tree/$file.new"
			mv "$tree/$file.new" "$tree/$file"
		fi
	done <"$touched"
	rm -rf "$stage"
	echo "$wanted" >"$tree/.linux-cr/series.new"
	mv "$tree/.linux-cr/series.new" "$tree/.linux-cr/series"
}

apply_patches() {
	local patch
	for patch in $(series); do
		echo "$patch"
		patch -d "$1" -p1 --fuzz=0 --no-backup-if-mismatch --batch -i "$PATCHES/$patch" || return
	done
}
