# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernel's source: fetched, verified, unpacked, patched.
# Needs common.sh, steps.sh and packages.sh.

PATCHES=$REPO/linux-patches/7.2

# The user's wishes: a tarball, its sum, a server to take the place of Debian.
TARBALL=${LINUX_CR_TARBALL-} SHA256=${LINUX_CR_SHA256-} KERNEL_ORG=${LINUX_CR_KERNEL_ORG-}
KERNEL_ORG_ITSELF=https://cdn.kernel.org/pub/linux/kernel

# A server that sends nothing for so many seconds has stalled; how often it is
# asked again.
STALLED=30 RETRIES=2

# What to do if the source cannot be had in the usual way.
OTHERWISE='name a tarball: LINUX_CR_TARBALL=FILE; or another server: LINUX_CR_KERNEL_ORG=URL'

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
# Signatures count, dates do not: a mirror that stands still will do, for the
# version that is wanted is known.
own_apt() {
	[ $# -gt 0 ] || set -- apt trixie-backports sid
	local dir=$CACHE/$1 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg suite
	shift
	command -v apt-get >/dev/null || die "no apt-get here; $OTHERWISE"
	mirror=$(debian_mirror)
	[ -n "$mirror" ] ||
		die "no Debian mirror among the system's apt sources; $OTHERWISE"
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
		APT::Update::Error-Mode "any";
		Acquire::Check-Valid-Until "false";
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
	[ -n "$found" ] ||
		give_up "Debian's $package could not be had" "it is in neither trixie-backports nor sid; $OTHERWISE"
	if grep -qxF "$wanted" <<<"$found"; then
		version=$wanted
	else
		version=$(sort -V <<<"$found" | tail -n 1)
		[ "$(printf '%s\n' "$wanted" "$version" | sort -V | head -n 1)" = "$wanted" ] ||
			die "Debian has $package $version, older than $wanted; $OTHERWISE"
		say "$package $wanted is gone; trying its successor $version"
	fi
	deb=$dir/deb/$package.deb
	rm -rf "$dir/deb"
	mkdir -p "$dir/deb"
	DOWNLOAD_SIZE=$(apt-get --print-uris download "$package=$version" 2>/dev/null | awk '{ print $3 }')
	DOWNLOAD_FILE=$dir/deb/$package.deb
	step "downloading $package $version ($((DOWNLOAD_SIZE / 1000000)) MB)" "$CACHE/log/download" download_progress \
		download_deb "$dir/deb" "$package=$version" "$deb" ||
		give_up "$package $version could not be had" "run this again; or $OTHERWISE"
	step "taking the tarball out of the package" "$CACHE/log/unpack-deb" '' \
		sh -c 'dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/src/$2.tar.xz" >"$3"' - "$deb" "$package" "$dir/new.tar.xz" ||
		give_up "the package holds no usr/src/$package.tar.xz" "$OTHERWISE"
	local sum
	sum=$(sha256sum "$dir/new.tar.xz" | cut -d ' ' -f 1)
	if [ "$version" = "$wanted" ] && [ "$sum" != "$(base debian_sha256)" ]; then
		die "the tarball of $package $version has the sha256 $sum, and BASE wants another; $OTHERWISE"
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

# fetch_kernel_org SHA256...: prints the path of the tarball, which has one of
# these sums.
fetch_kernel_org() {
	local version file=$CACHE/download/kernel-org.part url status=0 sum
	version=$(base version)
	url=${KERNEL_ORG%/}/v${version%%.*}.x/linux-$version.tar.xz
	if [ "$KERNEL_ORG" = "$KERNEL_ORG_ITSELF" ] && [ -z "${SHA256:-$(base kernel_org_sha256)}" ]; then
		die "the sha256 of linux-$version.tar.xz is not in BASE; take it from kernel.org's signed sha256sums.asc," \
			"and pass it: --sha256 HEX, or LINUX_CR_SHA256=HEX"
	fi
	command -v curl >/dev/null || ensure_packages curl
	command -v curl >/dev/null || die "no curl here: install it, or name a tarball: LINUX_CR_TARBALL=FILE"
	DOWNLOAD_FILE=$file DOWNLOAD_SIZE=155000000
	step "downloading $url" "$CACHE/log/download" download_progress \
		curl --fail --silent --show-error --location --retry "$RETRIES" --connect-timeout "$STALLED" \
		--speed-limit 1 --speed-time "$STALLED" --max-time 3600 -o "$file" "$url" || status=$?
	case $status in
	0) ;;
	1 | 3) ADVICE="that is no address; it is to be like $KERNEL_ORG_ITSELF" ;;
	5 | 6 | 7) ADVICE="the server is out of reach: is the network there, is the name right? Run this again then" ;;
	18 | 52 | 55 | 56 | 92) ADVICE="the server broke off: run this again" ;;
	22) ADVICE="the server refuses it; it is to have what $KERNEL_ORG_ITSELF has" ;;
	28) ADVICE="the server stalled: run this again, later, or with another one" ;;
	35 | 58 | 59 | 60 | 77 | 83) ADVICE="its certificate is not trusted; if you trust who signed it: CURL_CA_BUNDLE=FILE" ;;
	esac
	if [ $status -ne 0 ]; then
		rm -f "$file"
		give_up "$url could not be had" "$OTHERWISE"
	fi
	(check_sum "$file" "$@") || {
		rm -f "$file"
		die "what $url sent was thrown away"
	}
	sum=$(sha256sum "$file" | cut -d ' ' -f 1)
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
	die "$file has the sha256 $sum, which is none of those known ($*): take another;" \
		"if you trust it: --sha256 $sum, or LINUX_CR_SHA256=$sum"
}

# source_tarball: prints "SHA256 PATH" of the source to use.
source_tarball() {
	local known path later sum
	# Without a wish, those that BASE names.
	read -ra known <<<"${SHA256:-$(base debian_sha256) $(base kernel_org_sha256)}"
	mkdir -p "$CACHE/download"
	if [ -n "$TARBALL" ]; then
		[ -r "$TARBALL" ] || die "the tarball $TARBALL is not there, or may not be read"
		check_sum "$TARBALL" "${known[@]}"
		sum=$(sha256sum "$TARBALL" | cut -d ' ' -f 1)
		echo "$sum $TARBALL"
		return
	fi
	later=$CACHE/download/later-than-$(base debian_version)
	[ -n "$KERNEL_ORG" ] || [ ! -s "$later" ] || known+=("$(cat "$later")")
	path=$(cached_tarball "${known[@]}")
	if [ -z "$path" ] && [ -n "$KERNEL_ORG" ]; then
		path=$(fetch_kernel_org "${known[@]}")
	elif [ -z "$path" ]; then
		path=$(fetch_debian)
	fi
	[ -n "$path" ] || exit 1
	touch -c "$path"
	keep_newest 2 "$CACHE"/download/*.tar.xz
	# Files in the cache are named by their sum.
	echo "$(basename "$path" .tar.xz) $path"
}

# cached_tarball SHA256...: the path of the first that is in the cache.
cached_tarball() {
	local sum
	for sum in "$@"; do
		[ ! -s "$CACHE/download/$sum.tar.xz" ] || { echo "$CACHE/download/$sum.tar.xz" && return; }
	done
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
	read -r sum path <<<"$(with_lock download source_tarball)"
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
		tar -xf "$path" -C "$tree.tmp" --strip-components 1 || {
		rm -rf "$tree.tmp"
		give_up "$path does not unpack" "remove it, and run this again"
	}
	version=$(make -s -C "$tree.tmp" kernelversion)
	case $version in
	"$(base version)") ;;
	"$(base version | cut -d . -f 1-2)".*) say "this is Linux $version, a later release of the branch" ;;
	*) die "$path holds Linux $version; the series is for $(base version): name that" ;;
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
			cp -p "$tree/$file" "$pristine/$file" || exit
		fi
	done <"$touched.now"
	# Files of the last series go back to what they were, unless named again.
	sort -u "$touched" "$touched.now" >"$touched.all"
	mv "$touched.all" "$touched"
	cp -a "$pristine/." "$stage/" || exit
	[ -z "$(series)" ] ||
		step "applying $(series | wc -l) patches" "$CACHE/log/patch" '' apply_patches "$stage" ||
		give_up "the series does not apply to Linux $(make -s -C "$tree" kernelversion)" \
			"mend the patch that is named last above; it is made for Linux $(base version)"
	while IFS= read -r file; do
		if [ ! -f "$stage/$file" ]; then
			rm -f "$tree/$file"
		elif ! cmp -s "$stage/$file" "$tree/$file"; then
			mkdir -p "$tree/$(dirname "$file")"
			cp "$stage/$file" "$tree/$file.new" &&
				chmod --reference="$stage/$file" "$tree/$file.new" &&
				mv "$tree/$file.new" "$tree/$file" || exit
		fi
	done <"$touched"
	rm -rf "$stage"
	echo "$wanted" >"$tree/.linux-cr/series.new" || exit
	mv "$tree/.linux-cr/series.new" "$tree/.linux-cr/series"
}

apply_patches() {
	local patch
	for patch in $(series); do
		echo "$patch"
		patch -d "$1" -p1 --fuzz=0 --no-backup-if-mismatch --batch -i "$PATCHES/$patch" || return
	done
}
