# SPDX-License-Identifier: GPL-3.0-or-later
# Files of newer Debian suites through an apt configuration of our own: the system's apt is not touched.
# Signatures are checked with Debian's own keyring.  The mirror is the one the system itself uses.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The address the system gets Debian's main archive from.
debian_mirror()
{
	local uri

	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
		'Label: Debian' | head -n 1)
	if [ -z "$uri" ] && [ "$(id -u)" -eq 0 ]; then
		apt-get -q update >&2
		uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
			'Label: Debian' | head -n 1)
	fi
	[ -n "$uri" ] || die "the system's apt sources name no Debian archive (try apt-get update)"
	echo "$uri"
}

# private_apt_init DIR SUITE: prepares DIR for private_apt and fetches the suite's indexes.
# Fails when the suite cannot be had or its signature does not verify.
private_apt_init()
{
	local dir=$1 suite=$2 mirror

	mirror=$(debian_mirror)
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	cat >"$dir/sources.list" <<-END
		deb [signed-by=$keyring] $mirror $suite main
		deb-src [signed-by=$keyring] $mirror $suite main
	END
	# A suite that moves may be older than its own Valid-Until; the pinned digests decide what is accepted.
	cat >"$dir/apt.conf" <<-END
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::State::lists "$dir/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$dir/cache";
		APT::Sandbox::User "root";
		Acquire::Check-Valid-Until "false";
		Acquire::Languages "none";
		Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
		APT::Update::Post-Invoke-Success "";
		APT::Update::Post-Invoke "";
	END
	private_apt "$dir" apt-get -q update --error-on=any >&2
}

# private_apt DIR COMMAND ARGUMENT...
private_apt()
{
	APT_CONFIG=$1/apt.conf "${@:2}"
}

# lock_check NAME SUITE VERSION FILE: FILE is what the tests passed on, or another version (warned of).
# The same version with other bytes is refused.
lock_check()
{
	local name=$1 suite=$2 version=$3 digest locked

	digest=$(sha256sum "$4" | cut -d ' ' -f 1)
	locked=$(awk -v n="$name" -v s="$suite" -v v="$version" '$1 == n && $2 == s && $3 == v { print $4 }' \
		"$root/scripts/deps.lock")
	if [ -z "$locked" ]; then
		say "WARNING: $name $version of suite $suite is not what the tests passed on (scripts/deps.lock);"
		say "WARNING: its sha256 is $digest. Run scripts/test before trusting it."
	elif [ "$locked" != "$digest" ]; then
		die "$name $version: sha256 is $digest, scripts/deps.lock says $locked"
	fi
}
