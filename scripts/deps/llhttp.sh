# SPDX-License-Identifier: GPL-3.0-or-later
# llhttp 9: header and static library out of Debian trixie's package.

# Sets dep_dir to the folder that holds it, fetched if need be.
llhttp_provide()
{
	local key

	key=$(sha256sum "$root/scripts/deps/llhttp.sh" | cut -c 1-12)
	cached llhttp "$key" && return
	cache_lock
	cached llhttp "$key" || llhttp_fetch "$key"
	cached llhttp "$key"
}

llhttp_fetch()
{
	local key=$1 deb version

	say "fetching llhttp"
	cache_scratch
	private_apt_init "$scratch/apt" trixie || die "suite trixie cannot be had"
	(cd "$scratch" && private_apt "$scratch/apt" apt-get -q download libllhttp-dev >&2)
	deb=$(echo "$scratch"/libllhttp-dev_*.deb)
	version=$(dpkg-deb -f "$deb" Version)
	lock_check llhttp trixie "$version" "$deb"

	version=${version%%[~+-]*}
	dpkg-deb -x "$deb" "$scratch/x"
	mkdir -p "$scratch/out/include" "$scratch/out/lib"
	cp "$scratch/x/usr/include/llhttp.h" "$scratch/out/include/"
	cp "$scratch"/x/usr/lib/*/libllhttp.a "$scratch/out/lib/"
	printf 'version %s\nsuite trixie\n' "$version" >"$scratch/out/built"
	cache_store llhttp "$version" "$key" "$scratch/out"
}
