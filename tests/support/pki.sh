#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# pki.sh [--all] DIR: writes a small world of certificates, good and bad, into DIR: for each NAME below the certificate
# NAME.pem and its key NAME.key, and for each client NAME-chain.pem as it is presented (leaf first, without the root).
# Names, dates and extensions are always the same, keys are new.  Everything is valid from 2020 to 2049 unless its
# name says otherwise.
#
#   server            for api.example, issued by server-root; server-rsa the same with an RSA key;
#                     server-open is for open.example
#   client-good       issued by partner-int, which is issued by partner-root: the chain that partners use
#   partners.pem      the trust store of that profile: partner-root alone
#   client-NAME       differs from client-good in what its name says; client-other is of an unrelated CA,
#                     client-twin of an unrelated CA with the very name of partner-root
#
# With --all also every other way to be right or wrong that the unit tests know (half a minute).

set -euo pipefail

all=
if [ "${1:-}" = --all ]; then
	all=yes
	shift
fi
[ $# -eq 1 ] || { echo "usage: $0 [--all] DIR" >&2; exit 2; }
mkdir -p "$1"
cd "$1"

begin=20200101000000Z
end=20491231235959Z
ca_usage='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid,issuer'
client_usage='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid,issuer'

cat >ca.cnf <<'END'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
policy = anything
rand_serial = yes
unique_subject = no
default_md = sha256
[anything]
commonName = optional
[req]
distinguished_name = name
[name]
END
: >index.txt

# new_key NAME KIND
new_key()
{
	local kind=$2

	case $kind in
	p256 | p384 | p521) set -- "$1" EC -pkeyopt "ec_paramgen_curve:P-${kind#p}" -pkeyopt ec_param_enc:named_curve ;;
	rsa*) set -- "$1" RSA -pkeyopt "rsa_keygen_bits:${kind#rsa}" ;;
	pss) set -- "$1" RSA-PSS -pkeyopt rsa_keygen_bits:2048 ;;
	pss-*) set -- "$1" RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt "rsa_pss_keygen_md:${kind#pss-}" \
		-pkeyopt "rsa_pss_keygen_mgf1_md:${kind#pss-}" ;;
	explicit) set -- "$1" EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit ;;
	secp256k1) set -- "$1" EC -pkeyopt ec_paramgen_curve:secp256k1 ;;
	*) set -- "$1" "$kind" ;;
	esac
	openssl genpkey -algorithm "${@:2}" -out "$1.key" 2>/dev/null
}

# issue NAME ISSUER SUBJECT KEY_KIND EXTENSIONS [openssl ca OPTION...]
# ISSUER = NAME: signs itself.  No extensions: a version 1 certificate.
issue()
{
	local name=$1 issuer=$2 subject=$3 kind=$4 extensions=$5 digest=sha256 by
	shift 5

	new_key "$name" "$kind"
	case $(openssl pkey -in "$issuer.key" -noout -text) in ED25519* | ED448*) digest=default ;; esac
	openssl req -new -config ca.cnf -utf8 -key "$name.key" -subj "$subject" -multivalue-rdn \
		-out csr.tmp 2>/dev/null
	printf '[x]\n%s\n' "$extensions" >ext.tmp
	by=(-cert "$issuer.pem" -keyfile "$issuer.key")
	[ "$name" != "$issuer" ] || by=(-selfsign -keyfile "$name.key")
	[ -z "$extensions" ] || by+=(-extfile ext.tmp -extensions x)
	openssl ca -config ca.cnf -batch -notext -preserveDN -in csr.tmp -out "$name.pem" -startdate $begin \
		-enddate $end -md $digest "${by[@]}" "$@" 2>log.tmp || { cat log.tmp >&2; exit 1; }
}

root() # NAME SUBJECT KEY_KIND [OPTION...]
{
	issue "$1" "$1" "$2" "$3" "$ca_usage" "${@:4}"
}

# client NAME ISSUER KEY_KIND EXTENSIONS [OPTION...]; presented with its issuer unless that is a root
client()
{
	issue "$1" "$2" "/C=SE/O=Partner/CN=${subject_cn:-$1}" "$3" "$4" "${@:5}"
	chain "$1" "$2"
}

# chain LEAF [ISSUER...]: what the client presents; roots are left out
chain()
{
	local name

	cat "$1.pem" >"$1-chain.pem"
	for name in "${@:2}"; do
		case $name in *root*) ;; *) cat "$name.pem" >>"$1-chain.pem" ;; esac
	done
}

root server-root "/CN=Server Root" p256
server_usage='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:api.example,DNS:www.api.example'
issue server server-root "/CN=api.example" p256 "$server_usage"
issue server-rsa server-root "/CN=api.example" rsa2048 "$server_usage"
issue server-open server-root "/CN=open.example" p256 "${server_usage/DNS:*/DNS:open.example}"

root partner-root "/C=SE/O=Partner/CN=Partner Root" p256
issue partner-int partner-root "/C=SE/O=Partner/CN=Partner Issuing" p256 "$ca_usage"
cp partner-root.pem partners.pem

# clients of the partner
client client-good partner-int p256 "$client_usage"
client client-second partner-int p256 "$client_usage"
client client-expired partner-int p256 "$client_usage" -enddate 20210101000000Z
client client-not-yet-valid partner-int p256 "$client_usage" -startdate 20480101000000Z
client client-server-auth partner-int p256 "${client_usage/clientAuth/serverAuth}"
client client-rsa partner-int rsa2048 "$client_usage"
client client-unknown-critical partner-int p256 "$client_usage
1.3.6.1.4.1.99999.1=critical,DER:0500"
issue client-long-dn partner-int "$(printf '/C=SE/O=Partner'; for i in 1 2 3 4 5 6 7 8; do
	printf '/OU=%s organisational unit with a long name %d' "$i" "$i"; done)/CN=device-7" p256 "$client_usage"
chain client-long-dn partner-int
issue client-odd-dn partner-int '/C=SE/O=Partner, "Inc"+OU=a#b/CN=Käse; <x>' p256 "$client_usage"
chain client-odd-dn partner-int
issue client-below-leaf client-good "/C=SE/O=Partner/CN=client-below-leaf" p256 "$client_usage"
chain client-below-leaf client-good partner-int

# strangers: unrelated, and with the partner's very names
root other-root "/C=SE/O=Other/CN=Other Root" p256
client client-other other-root p256 "$client_usage"
root twin-root "/C=SE/O=Partner/CN=Partner Root" p256
subject_cn=client-good client client-twin twin-root p256 "$client_usage"
issue twin-int twin-root "/C=SE/O=Partner/CN=Partner Issuing" p256 "$ca_usage"
subject_cn=client-good client client-twin-int twin-int p256 "$client_usage"
issue other-int other-root "/C=SE/O=Other/CN=Other Issuing" p256 "$ca_usage"
client client-other-int other-int p256 "$client_usage"
issue client-self-signed client-self-signed "/C=SE/O=Partner/CN=client-good" p256 "$client_usage"
chain client-self-signed

rm_work()
{
	rm -f ./*.tmp index.txt* ca.cnf serial* ./[0-9A-F]*[0-9A-F].pem
}
if [ -z "$all" ]; then
	rm_work
	exit
fi

# more clients of the partner
client client-any-purpose partner-int p256 "${client_usage/clientAuth/anyExtendedKeyUsage}"
client client-no-purpose partner-int p256 "${client_usage/extendedKeyUsage=clientAuth/}"
client client-no-key-usage partner-int p256 "${client_usage/keyUsage=critical,digitalSignature/}"
client client-key-agreement partner-int p256 "${client_usage/digitalSignature/keyAgreement}"
client client-critical-policies partner-int p256 "$client_usage
certificatePolicies=critical,1.3.6.1.4.1.99999.2"
client client-v1 partner-int p256 ''
client client-weak-rsa partner-int rsa1024 "$client_usage"
client client-sha1 partner-int p256 "$client_usage" -md sha1
client client-p384 partner-int p384 "$client_usage"
client client-p521 partner-int p521 "$client_usage"
client client-ed25519 partner-int ed25519 "$client_usage"
client client-ed448 partner-int ed448 "$client_usage"
client client-secp256k1 partner-int secp256k1 "$client_usage"
client client-explicit-curve partner-int explicit "$client_usage"
client client-no-subject partner-int p256 "$client_usage
subjectAltName=critical,DNS:device.example"
client client-direct partner-root p256 "$client_usage"

# issuers that may not issue, each with a client: bad_issuer NAME KEY_KIND EXTENSIONS [OPTION...]
bad_issuer()
{
	issue "$1" partner-root "/C=SE/O=Partner/CN=$1" "$2" "$3" "${@:4}"
	client "client-of-$1" "$1" p256 "$client_usage"
}
bad_issuer int-not-ca p256 "${ca_usage/CA:TRUE/CA:FALSE}"
bad_issuer int-no-constraints p256 "${ca_usage/basicConstraints=critical,CA:TRUE/}"
bad_issuer int-v1 p256 ''
bad_issuer int-no-cert-sign p256 "${ca_usage/keyCertSign,/}"
bad_issuer int-server-auth p256 "$ca_usage
extendedKeyUsage=serverAuth"
bad_issuer int-client-auth p256 "$ca_usage
extendedKeyUsage=clientAuth,serverAuth"
bad_issuer int-expired p256 "$ca_usage" -enddate 20210101000000Z
bad_issuer int-not-yet-valid p256 "$ca_usage" -startdate 20480101000000Z
bad_issuer int-unknown-critical p256 "$ca_usage
1.3.6.1.4.1.99999.1=critical,DER:0500"
bad_issuer int-name-constraints p256 "$ca_usage
nameConstraints=permitted;DNS:example.com"
client client-outside-constraints int-name-constraints p256 "$client_usage
subjectAltName=DNS:example.org"
client client-inside-constraints int-name-constraints p256 "$client_usage
subjectAltName=DNS:device.example.com"
bad_issuer int-explicit-policy p256 "$ca_usage
certificatePolicies=1.3.6.1.4.1.99999.2
policyConstraints=critical,requireExplicitPolicy:0"
client client-of-explicit-policy int-explicit-policy p256 "$client_usage
certificatePolicies=1.3.6.1.4.1.99999.2"
client client-cert-sign partner-int p256 "${client_usage/digitalSignature/digitalSignature,keyCertSign}"
bad_issuer int-weak-rsa rsa1024 "$ca_usage"
bad_issuer int-sha1 p256 "$ca_usage" -md sha1
bad_issuer int-rsa-e3 rsa2048 "$ca_usage"

# path length: int-pathlen0 may issue leaves only
bad_issuer int-pathlen0 p256 "${ca_usage/CA:TRUE/CA:TRUE,pathlen:0}"
issue int-below-pathlen0 int-pathlen0 "/C=SE/O=Partner/CN=Below" p256 "$ca_usage"
issue client-pathlen int-below-pathlen0 "/C=SE/O=Partner/CN=client-pathlen" p256 "$client_usage"
chain client-pathlen int-below-pathlen0 int-pathlen0
# a self-issued certificate does not count
issue int-pathlen0-next int-pathlen0 "/C=SE/O=Partner/CN=int-pathlen0" p256 "$ca_usage"
issue client-self-issued int-pathlen0-next "/C=SE/O=Partner/CN=client-self-issued" p256 "$client_usage"
chain client-self-issued int-pathlen0-next int-pathlen0

# nine intermediates and a leaf are ten certificates, one more is too many
previous=partner-root names=()
for i in 1 2 3 4 5 6 7 8 9 10; do
	issue "int-deep$i" $previous "/C=SE/O=Partner/CN=Deep $i" p256 "$ca_usage"
	previous=int-deep$i names=("$previous" "${names[@]}")
	[ "$i" -lt 9 ] || { client "client-deep$i" "$previous" p256 "$client_usage"; chain "client-deep$i" "${names[@]}"; }
done

# more roots with the partner's names
root expired-twin-root "/C=SE/O=Partner/CN=Partner Root" p256 -enddate 20210101000000Z
root twin-rsa-root "/C=SE/O=Partner/CN=Partner Root" rsa2048

# a partner of each algorithm; the client's certificate carries the signature
root rsa-root "/CN=RSA Root" rsa2048
for digest in sha256 sha384 sha512; do
	client "client-rsa-$digest" rsa-root p256 "$client_usage" -md $digest
	client "client-pss-$digest" rsa-root p256 "$client_usage" -md $digest -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
done
client client-rsa-sha1 rsa-root p256 "$client_usage" -md sha1
client client-rsa-md5 rsa-root p256 "$client_usage" -md md5
client client-rsa-sha224 rsa-root p256 "$client_usage" -md sha224
client client-pss-salt0 rsa-root p256 "$client_usage" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0
# keys for RSASSA-PSS alone: for any digest, for one
client client-pss-key partner-int pss "$client_usage"
client client-pss-key-sha384 partner-int pss-sha384 "$client_usage"
root rsa3072-root "/CN=RSA 3072 Root" rsa3072
client client-rsa3072 rsa3072-root p256 "$client_usage"
root p384-root "/CN=P-384 Root" p384
client client-of-p384 p384-root p256 "$client_usage" -md sha384
root p521-root "/CN=P-521 Root" p521
client client-of-p521 p521-root p256 "$client_usage" -md sha512
root ed25519-root "/CN=Ed25519 Root" ed25519
client client-of-ed25519 ed25519-root p256 "$client_usage"
root sha1-root "/CN=SHA-1 Root" rsa2048 -md sha1
client client-of-sha1-root sha1-root p256 "$client_usage"
root md5-root "/CN=MD5 Root" rsa2048 -md md5
root ed448-root "/CN=Ed448 Root" ed448
root expired-root "/CN=Expired Root" p256 -enddate 20210101000000Z
client client-of-expired-root expired-root p256 "$client_usage"
issue v1-root v1-root "/CN=Version 1 Root" p256 ''
root weak-root "/CN=Weak Root" rsa1024
client client-of-weak-root weak-root p256 "$client_usage"

rm_work
