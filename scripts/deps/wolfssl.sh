# SPDX-License-Identifier: GPL-3.0-or-later
# wolfSSL from Debian's source package, static, with our flags and patches (scripts/deps/wolfssl-*.patch).
# Debian 12's own binary is built without the processor's AES instructions and with legacy ciphers.

wolfssl_oldest=5.9.2 # the oldest of suite sid that is accepted

wolfssl_flags=(
	--enable-static --disable-shared --disable-examples --disable-crypttests --disable-sys-ca-certs
	# speed: assembly, and single-precision mathematics up to RSA-4096
	--enable-intelasm --enable-sp=yes,4096 --enable-sp-asm --enable-sp-math-all --enable-smallcache
	# nothing older than TLS 1.2 with ECDHE and AEAD
	--disable-oldtls --disable-dh --disable-aescbc --disable-pkcs12 --enable-harden
	--enable-sni --enable-alpn --enable-session-ticket --enable-keying-material
	--enable-ocsp --enable-ocspstapling --enable-crl
	--enable-curve25519 --enable-ed25519
	--enable-cryptocb --enable-context-extra-user-data
)
wolfssl_flags_sid=( # unknown to 5.7.2
	--enable-mlkem --enable-cryptocbutils=setkey,free
	--disable-sha512-drbg # the generator's other hash is one that processors have instructions for
)

wolfssl_defines=(
	-DWOLFSSL_ALWAYS_VERIFY_CB      # our validator decides, whatever wolfSSL thinks of the chain
	-DWOLFSSL_ALWAYS_KEEP_SNI
	-DWOLFSSL_EXTRA_ALERTS
	-DWOLFSSL_NONBLOCK_OCSP
	-DWOLFSSL_NO_DEF_TICKET_ENC_CB
	-DXMALLOC_USER                  # every program that links it brings XMALLOC, XREALLOC and XFREE
	-DMAX_CRYPTO_DEVID_CALLBACKS=130
	-DWOLFSSL_CTX_RNG               # a generator for each context (wolfssl-context-generator.patch)
	-DWOLFSSL_NO_GETPID             # that no process shares: a child has none of a worker's memory (tls_region.c)
	# above what our validator looks at, so that it is asked about a chain that is too long or too large
	-DMAX_CHAIN_DEPTH=20            # certificates in a peer's chain; one more ends the handshake (-368)
	-DMAX_CERTIFICATE_SZ=69632      # bytes of its Certificate message; more ends the handshake (-404)
)

# wolfssl_provide SUITE: sets dep_dir to the folder that holds it, built if need be; trixie's when sid's cannot be had.
wolfssl_provide()
{
	local suite=$1 key

	case $suite in sid | trixie) ;; *) die "SP_WOLFSSL is sid or trixie, not '$suite'" ;; esac
	key=$(wolfssl_key "$suite")
	cached wolfssl "$key" && return
	if ! sid_missed "$suite"; then
		cache_lock
		cached wolfssl "$key" && return
		if wolfssl_fetch "$suite"; then
			wolfssl_build "$suite" "$key"
			cached wolfssl "$key"
			return
		fi
		[ "$suite" = sid ] || die "suite trixie's wolfSSL cannot be had"
		touch "$cache/.sid-missed"
	fi
	say "suite sid's wolfSSL >= $wolfssl_oldest cannot be had: using trixie's (no X25519MLKEM768, no clients' keys for RSASSA-PSS)"
	wolfssl_provide trixie
}

# A miss is remembered for a day: a machine without sid must not try on every run.
sid_missed()
{
	[ "$1" = sid ] && [ -n "$(find "$cache/.sid-missed" -mmin -1440 2>/dev/null)" ]
}

# Everything that decides what is built.
wolfssl_key()
{
	{
		echo "$1" "${wolfssl_flags[@]}" "${wolfssl_flags_sid[@]}" "${wolfssl_defines[@]}"
		cat "$root"/scripts/deps/wolfssl-*.patch
	} | sha256sum | cut -c 1-12
}

# wolfssl_fetch SUITE: source in $scratch/src, its version in wolfssl_version.  False: cannot be had.
wolfssl_fetch()
{
	local suite=$1

	say "fetching wolfSSL's source from suite $suite"
	cache_scratch
	private_apt_init "$scratch/apt" "$suite" || return 1
	wolfssl_version=$(private_apt "$scratch/apt" apt-cache showsrc --only-source wolfssl |
		sed -n 's/^Version: //p' | sort -V | tail -n 1)
	case $suite in
	sid) # the tarball alone: sid's .dsc may have left the pool already
		dpkg --compare-versions "$wolfssl_version" ge "$wolfssl_oldest" || return 1
		wolfssl_version=${wolfssl_version%-*}
		wolfssl_download --tar-only || return 1
		lock_check wolfssl sid "$wolfssl_version" "$scratch"/wolfssl_*.orig.tar.gz
		mkdir "$scratch/src"
		tar -xf "$scratch"/wolfssl_*.orig.tar.gz -C "$scratch/src" --strip-components 1 || die "cannot unpack"
		;;
	trixie) # with Debian's security patches
		wolfssl_download || return 1
		lock_check wolfssl trixie "$wolfssl_version" "$scratch"/wolfssl_*.dsc
		dpkg-source -x "$scratch"/wolfssl_*.dsc "$scratch/src" >&2 || die "cannot unpack"
		;;
	esac
}

wolfssl_download()
{
	(cd "$scratch" && private_apt "$scratch/apt" apt-get -q source --download-only "$@" wolfssl >&2)
}

# wolfssl_patch PATCH: by content.  One that no longer fits stops the build: look whether upstream has cured the
# fault (the tests in tests/deps/ tell), then drop or renew the patch.
wolfssl_patch()
{
	patch -d "$scratch/src" -p1 --fuzz=0 --no-backup-if-mismatch <"$1" >>"$scratch/log" 2>&1 ||
		die "${1#"$root/"} does not fit wolfSSL $wolfssl_version"
}

# wolfssl_build SUITE KEY
wolfssl_build()
{
	local out=$scratch/out log=$scratch/log p=$root/scripts/deps flags=("${wolfssl_flags[@]}")

	wolfssl_patch "$p/wolfssl-chain-not-read.patch"
	wolfssl_patch "$p/wolfssl-ca-names.patch"
	wolfssl_patch "$p/wolfssl-rsa-schemes.patch"
	wolfssl_patch "$p/wolfssl-context-generator.patch"
	wolfssl_patch "$p/wolfssl-one-transcript.patch"
	wolfssl_patch "$p/wolfssl-sha256-upper-halves.patch"
	# 5.7.2 has not got this code yet.
	if grep -q fe_cmov_table_avx2 "$scratch/src/wolfcrypt/src/fe_x25519_asm.S"; then
		wolfssl_patch "$p/wolfssl-x25519-upper-halves.patch"
	fi
	[ "$1" = trixie ] || flags+=("${wolfssl_flags_sid[@]}")
	say "building wolfSSL $wolfssl_version (a minute)"
	cd "$scratch/src"
	quietly "$log" ./autogen.sh
	quietly "$log" ./configure --prefix="$out" CFLAGS="-O2 -g1 ${wolfssl_defines[*]}" "${flags[@]}"
	quietly "$log" make -j "$(nproc)"
	quietly "$log" make install
	cd "$root"
	rm -rf "$out/bin" "$out/share" "$out/lib"/{*.la,pkgconfig,cmake}
	printf 'version %s\nsuite %s\n' "$wolfssl_version" "$1" >"$out/built"
	cache_store wolfssl "$wolfssl_version" "$2" "$out"
}

# wolfssl_describe DIR, wolfssl_lacks DIR: what --version says of it.
wolfssl_describe()
{
	local version suite

	version=$(sed -n 's/^version //p' "$1/built")
	suite=$(sed -n 's/^suite //p' "$1/built")
	echo "$version (Debian $suite, patched)"
}

wolfssl_lacks()
{
	grep -q WOLFSSL_HAVE_MLKEM "$1/include/wolfssl/options.h" ||
		echo "X25519MLKEM768, clients' keys for RSASSA-PSS alone" # both are of 5.8
}
