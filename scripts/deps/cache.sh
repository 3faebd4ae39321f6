# SPDX-License-Identifier: GPL-3.0-or-later
# Built dependencies: $cache/NAME-VERSION-KEY/{include,lib,built}, where KEY is a digest of everything that decides
# what is built.  A folder appears whole (by rename) and is never changed afterwards.

cache=${SP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/sallyport}

# cached NAME KEY: true when it is there; the newest version's folder is then in dep_dir.
cached()
{
	dep_dir=$(printf '%s\n' "$cache/$1"-*-"$2" | sort -V | tail -n 1)
	[ -d "$dep_dir" ]
}

# One script at a time builds; the others wait here and then find the result.
cache_lock()
{
	exec 8>"$cache/.lock"
	flock 8
}

# A folder to build in, on the cache's file system; removed when the script ends.
cache_scratch()
{
	scratch=$(mktemp -d "$cache/.build.XXXXXX")
	at_exit+=("rm -rf '$scratch'")
}

# cache_store NAME VERSION KEY DIR: DIR becomes the cached result.
cache_store()
{
	chmod 755 "$4"
	mv -T "$4" "$cache/$1-$2-$3"
	say "$1 $2 is in $cache/$1-$2-$3"
}
