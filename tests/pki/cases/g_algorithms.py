# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys, curves and digests: which are computed with, which are refused and by which name (RFC 3279, 4055, 5480, 8410)."""

import der
import keys
from certs import ca, leaf
from keys import RsaKey, key
from table import case, openssl_differs

root = ca("Root")
STORE_REFUSED = {"store_refused": True, "handshake": "the start-up file is refused"}


def leaf_key(id, rule, reason, a_key, *, spki=None, **options):
    case("alg-leaf-" + id, rule, reason, [leaf(root, key=a_key, spki=spki)], [root], **options)


def int_key(id, rule, reason, a_key, *, digest=None, **options):
    inter = ca("Int", root, key=a_key)
    case("alg-int-" + id, rule, reason, [leaf(inter, digest=digest), inter], [root], **options)


def root_key(id, rule, reason, a_key, *, digest=None, **options):
    top = ca("Root of " + id, key=a_key)
    case("alg-root-" + id, rule, reason, [leaf(top, digest=digest)], [top], **options)


NO_SCHEME = "TLS 1.3 has no signature for such a key"
for kind, words in (("p256", "P-256"), ("p384", "P-384"), ("p521", "P-521"), ("ed25519", "Ed25519")):
    leaf_key(kind, f"a leaf's {words} key", "ok", key("client", kind))
    int_key(kind, f"a {words} intermediate", "ok", key("int", kind))
    root_key(kind, f"a {words} root", "ok", key("root", kind))
for kind, words in (("p192", "P-192"), ("p224", "P-224"), ("k256", "secp256k1"), ("bp256", "brainpoolP256r1"), ("ed448", "Ed448")):
    computes = "" if kind == "p192" else "computes with it"
    leaf_key(kind, f"a leaf's {words} key", "unsupported_algorithm", key("client", kind), handshake=NO_SCHEME,
             openssl=computes)
    int_key(kind, f"a {words} intermediate", "unsupported_algorithm", key("int", kind), openssl=computes)
    root_key(kind, f"a {words} root", "unsupported_algorithm", key("root", kind), openssl=computes, **STORE_REFUSED)
for bits in (2048, 3072, 4096):
    leaf_key(f"rsa{bits}", f"a leaf's RSA key of {bits} bits", "ok", key("client", f"rsa{bits}"))
    int_key(f"rsa{bits}", f"an RSA intermediate of {bits} bits", "ok", key("int", f"rsa{bits}"))
    root_key(f"rsa{bits}", f"an RSA root of {bits} bits", "ok", key("root", f"rsa{bits}"))
for bits in (1024, 1536, 2040):
    leaf_key(f"rsa{bits}", f"a leaf's RSA key of {bits} bits", "weak_key", key("client", f"rsa{bits}"))
int_key("rsa1024", "an RSA intermediate of 1024 bits", "weak_key", key("int", "rsa1024"))
root_key("rsa1024", "an RSA root of 1024 bits", "weak_key", key("root", "rsa1024"), **STORE_REFUSED)
leaf_key("rsa2056", "an RSA key of 2056 bits", "ok", key("client", "rsa2056"))
leaf_key("rsa2052", "an RSA key whose bits do not fill its octets", "ok", key("client", "rsa2052"))
int_key("rsa2052", "an RSA intermediate whose bits do not fill its octets", "ok", key("int", "rsa2052"))
root_key("rsa2052", "an RSA root whose bits do not fill its octets", "ok", key("root", "rsa2052"))


class BigRsa(RsaKey):
    """A modulus of that many bits that nobody can sign with; nobody needs to."""

    def __init__(self, bits, exponent=65537):
        self.n, self.e, self.bits, self.d, self.pss, self.restricted = (1 << bits - 1) + 12345, exponent, bits, None, False, False


leaf_key("rsa512", "an RSA key of 512 bits", "weak_key", BigRsa(512), handshake="there is no private key")
for bits in (4104, 8192, 65536):
    leaf_key(f"rsa{bits}", f"an RSA key of {bits} bits: more than we compute with", "unsupported_algorithm", BigRsa(bits),
             handshake="there is no private key", openssl="computes with it")


def exponent(e, **options):
    """The client's RSA key with another exponent."""
    return key("client", "rsa2048", exponent=e, **options)


NO_KEY = "no library takes it as a key"
leaf_key("exponent-1", "the exponent 1: everybody can sign", "weak_key", exponent(1), handshake=NO_KEY, openssl="does not look")
leaf_key("exponent-2", "an even exponent is no RSA", "weak_key", exponent(2), handshake=NO_KEY, openssl="does not look")
leaf_key("exponent-0", "the exponent 0", "parse_error", exponent(0), handshake=NO_KEY, openssl="does not look")
leaf_key("exponent-17", "the exponent 17", "ok", exponent(17))
leaf_key("exponent-4-octets", "an exponent of four octets", "ok", exponent(2**32 - 5))
leaf_key("exponent-5-octets", "an exponent of five octets: its work would not be bounded", "unsupported_algorithm",
         exponent(2**32 + 15), openssl="computes with it")
leaf_key("exponent-2048-bits", "an exponent as long as the modulus", "unsupported_algorithm", BigRsa(2048, (1 << 2047) + 1),
         handshake=NO_KEY, openssl="computes with it")
exponent_1 = ca("Int", root, key=exponent(1))
case("alg-int-exponent-1", "an intermediate of exponent 1, and a leaf that anybody made for it", "weak_key",
     [leaf(exponent_1, signature=lambda tbs: exponent_1.key.pkcs1(tbs, "sha256")), exponent_1], [root])
leaf_key("rsa-negative", "a negative modulus", "parse_error", key("client", "rsa2048"), handshake=NO_KEY,
         spki=der.sequence(keys.algorithm("1.2.840.113549.1.1.1", der.null()), der.bit_string(
             der.sequence(b"\x02\x82\x01\x00" + key("client", "rsa2048").n.to_bytes(256, "big"), der.integer(65537)))))
leaf_key("rsa-no-null", "an RSA key without parameters (RFC 3279 section 2.3.1: must be NULL)", "parse_error",
         key("client", "rsa2048"), openssl="does not look",
         spki=der.sequence(keys.algorithm("1.2.840.113549.1.1.1"), key("client", "rsa2048").spki()[19:]))
leaf_key("unknown", "a key of a kind nobody knows", "unsupported_algorithm", key("client"), handshake=NO_KEY, spki=der.sequence(keys.algorithm("1.3.6.1.4.1.55555.4"), der.bit_string(b"key")))
leaf_key("rsa-x500", "an RSA key under its name of X.509, 2.5.8.1.1", "unsupported_algorithm", key("client", "rsa2048"),
         spki=der.sequence(keys.algorithm("2.5.8.1.1", der.null()), key("client", "rsa2048").spki()[19:]), handshake=NO_SCHEME,
         openssl="computes with it")
int_unknown = ca("Int", root, spki=der.sequence(keys.algorithm("1.3.6.1.4.1.55555.4"), der.bit_string(b"key")))
case("alg-int-unknown", "an intermediate's key of a kind nobody knows", "unsupported_algorithm", [leaf(int_unknown), int_unknown],
     [root])
leaf_key("dsa", "a DSA key", "unsupported_algorithm", key("client"), handshake=NO_KEY,
         spki=der.sequence(keys.algorithm("1.2.840.10040.4.1", der.sequence(*[der.integer(2**1023 + n) for n in (1, 3, 5)])),
                           der.bit_string(der.integer(7))))
dsa = der.sequence(keys.algorithm("1.2.840.10040.4.1", der.sequence(*[der.integer(2**3071 + n) for n in (1, 3, 5)])),
                   der.bit_string(der.integer(7)))
SIGNED_BY_DSA = {"algorithm": keys.algorithm("2.16.840.1.101.3.4.3.2"), "signature": der.sequence(der.integer(5), der.integer(7))}
int_dsa, root_dsa = ca("Int", root, spki=dsa), ca("DSA root", spki=dsa)
case("alg-int-dsa", "a DSA intermediate", "unsupported_algorithm", [leaf(int_dsa, **SIGNED_BY_DSA), int_dsa], [root])
case("alg-root-dsa", "a DSA root", "unsupported_algorithm", [leaf(root_dsa, **SIGNED_BY_DSA)], [root_dsa], **STORE_REFUSED)
for number, arc, octets, signature_octets in ((44, 17, 1312, 2420), (65, 18, 1952, 3309), (87, 19, 2592, 4627)):
    ml_dsa = keys.algorithm(f"2.16.840.1.101.3.4.3.{arc}")
    leaf_key(f"ml-dsa-{number}", f"an ML-DSA-{number} key (RFC 9881)", "unsupported_algorithm", key("client"), handshake=NO_KEY,
             spki=der.sequence(ml_dsa, der.bit_string(bytes(octets))))
    case(f"alg-sig-ml-dsa-{number}", f"a leaf signed by ML-DSA-{number}", "unsupported_algorithm",
         [leaf(root, algorithm=ml_dsa, signature=bytes(signature_octets))], [root])
client = key("client")
ec_oid = "1.2.840.10045.2.1"
leaf_key("compressed", "a compressed point (RFC 5480 section 2.2: may be supported)", "unsupported_algorithm", client,
         openssl="computes with it",
         spki=der.sequence(keys.algorithm(ec_oid, der.oid(client.curve_oid)), der.bit_string(client.point(compressed=True))))
leaf_key("infinity", "the point at infinity", "unsupported_algorithm", client, handshake=NO_KEY,
         spki=der.sequence(keys.algorithm(ec_oid, der.oid(client.curve_oid)), der.bit_string(b"\0")))
leaf_key("explicit-curve", "a curve written out: whoever chooses the generator owns the key (RFC 5480 section 2.1.1)",
         "unsupported_algorithm", client, handshake=NO_KEY,
         spki=der.sequence(keys.algorithm(ec_oid, der.sequence(der.integer(1), der.sequence(der.oid("1.2.840.10045.1.1"),
                                                                                            der.integer(2**255 + 95)))),
                           der.bit_string(client.point())))
explicit_curve = der.sequence(keys.algorithm(ec_oid, keys.explicit_p256()), der.bit_string(key("int").point()))
int_explicit_curve = ca("Int", root, key=key("int"), spki=explicit_curve)
case("alg-int-explicit-curve", "an intermediate whose curve, P-256, is written out", "unsupported_algorithm",
     [leaf(int_explicit_curve), int_explicit_curve], [root])
root_explicit_curve = ca("Explicit root", key=key("int"), spki=explicit_curve)
case("alg-root-explicit-curve", "a root whose curve, P-256, is written out", "unsupported_algorithm", [leaf(root_explicit_curve)],
     [root_explicit_curve], **STORE_REFUSED)
leaf_key("no-curve", "a key without its curve", "unsupported_algorithm", client, handshake=NO_KEY,
         spki=der.sequence(keys.algorithm(ec_oid), der.bit_string(client.point())))
leaf_key("implicit-curve", "a curve inherited from the issuer (RFC 5480: must not)", "unsupported_algorithm", client,
         handshake=NO_KEY, spki=der.sequence(keys.algorithm(ec_oid, der.null()), der.bit_string(client.point())))
off_curve = bytearray(client.point())
off_curve[-1] ^= 1
off_curve = der.sequence(keys.algorithm(ec_oid, der.oid(client.curve_oid)), der.bit_string(bytes(off_curve)))
int_off_curve = ca("Int", root, spki=off_curve)
case("alg-int-off-curve", "an intermediate whose point is not on its curve", "bad_signature",
     [leaf(int_off_curve), int_off_curve], [root])
leaf_key("ed25519-params", "Ed25519 has no parameters (RFC 8410 section 3)", "parse_error", key("client", "ed25519"), spki=der.sequence(keys.algorithm("1.3.101.112", der.null()), key("client", "ed25519").spki()[9:]))
leaf_key("ed25519-31", "an Ed25519 key of 31 octets", "parse_error", key("client", "ed25519"), handshake=NO_KEY,
         spki=der.sequence(keys.algorithm("1.3.101.112"), der.bit_string(bytes(31))))
leaf_key("x25519", "an X25519 key cannot sign", "unsupported_algorithm", key("client"), handshake=NO_KEY,
         spki=der.sequence(keys.algorithm("1.3.101.110"), der.bit_string(b"x" * 32)))

# Keys for RSASSA-PSS alone, id-RSASSA-PSS (RFC 4055 section 1.2), whose parameters say what they may sign with
def pss_key(label, parameters=True, *, bits=2048, **options):
    return key(label, f"rsa{bits}", restricted=parameters, pss=True, **options)


RSA_PSS_PSS_SHA256, RSA_PSS_PSS_SHA384, RSA_PSS_PSS_SHA512 = 0x809, 0x80A, 0x80B
PSS_SHA384 = keys.pss_parameters("sha384")
leaf_key("pss-only", "a key that is for RSASSA-PSS alone", "ok", pss_key("client", scheme=RSA_PSS_PSS_SHA256))
leaf_key("pss-only-sha512", "such a key may sign with any digest", "ok", pss_key("client", scheme=RSA_PSS_PSS_SHA512))
leaf_key("pss-sha384", "such a key for SHA-384", "ok", pss_key("client", PSS_SHA384, scheme=RSA_PSS_PSS_SHA384))
leaf_key("pss-rsa1024", "such a key of 1024 bits", "weak_key", pss_key("client", bits=1024, scheme=RSA_PSS_PSS_SHA256))
NO_PSS_SCHEME = "no scheme may sign with such a key"
COMPUTES = {"openssl": "computes with it", "handshake": NO_PSS_SCHEME}
leaf_key("pss-sha1", "such a key for SHA-1, which its parameters mean when they are empty", "unsupported_algorithm",
         pss_key("client", der.sequence()), **COMPUTES)
leaf_key("pss-mgf-sha1", "such a key whose mask is made with SHA-1", "unsupported_algorithm",
         pss_key("client", keys.pss_parameters("sha256", mgf_digest="sha1")), **COMPUTES)
leaf_key("pss-salt-33", "such a key for a salt longer than its digest", "unsupported_algorithm",
         pss_key("client", keys.pss_parameters("sha256", salt=33)), **COMPUTES)
leaf_key("pss-null", "such a key whose parameters are NULL (RFC 4055: absent, or RSASSA-PSS-params)", "unsupported_algorithm",
         pss_key("client", der.null()), handshake=NO_PSS_SCHEME)


def pss_int(id, rule, reason, parameters, *, signer=None, digest=None, **options):
    inter = ca("Int", root, key=pss_key("int", parameters))
    case("alg-int-pss-" + id, rule, reason, [leaf(inter, signer=signer, digest=digest), inter], [root], **options)


pss_int("only", "an intermediate whose key is for RSASSA-PSS alone", "ok", True)
pss_int("only-sha512", "such a key signs over any digest", "ok", True, digest="sha512")
pss_int("only-pkcs1", "such a key never signs by PKCS #1 v1.5", "bad_signature", True, signer=key("int", "rsa2048"))
pss_int("sha384", "an intermediate's key for SHA-384", "ok", PSS_SHA384, digest="sha384")
pss_int("sha384-other", "such a key never signs over another digest", "bad_signature", PSS_SHA384, digest="sha256")
pss_int("salt-20", "the salt of a key's parameters is the least (RFC 4055 section 3.3)", "ok",
        keys.pss_parameters("sha256", salt=20))
pss_int("salt-33", "a salt longer than the digest, which we never accept", "unsupported_algorithm",
        keys.pss_parameters("sha256", salt=33))
pss_root = ca("PSS root", key=pss_key("root"))
case("alg-root-pss-only", "a root whose key is for RSASSA-PSS alone", "ok", [leaf(pss_root)], [pss_root])
case("alg-root-pss-only-pkcs1", "such a root never signs by PKCS #1 v1.5", "bad_signature",
     [leaf(pss_root, signer=key("root", "rsa2048"))], [pss_root])
root_key("pss-sha1", "a root's key for RSASSA-PSS over SHA-1", "unsupported_algorithm", pss_key("root", der.sequence()),
         **STORE_REFUSED)

# Digests
weak = {"sha1": "SHA-1", "md5": "MD5"}
for digest, words in weak.items():
    top = ca("RSA root", kind="rsa2048")
    case(f"alg-digest-{digest}-rsa", f"a leaf signed over {words} with RSA", "weak_digest", [leaf(top, digest=digest)], [top])
    inter = ca("Int", top, digest=digest)
    case(f"alg-digest-{digest}-int", f"an intermediate signed over {words}", "weak_digest", [leaf(inter), inter], [top])
case("alg-digest-sha1-ecdsa", "a leaf signed over SHA-1 with ECDSA", "weak_digest", [leaf(root, digest="sha1")], [root])
for kind in ("p256", "rsa2048"):
    top = ca("Root", kind=kind)
    case(f"alg-digest-sha224-{kind}", f"SHA-224 with {kind}: nobody needs it", "unsupported_algorithm",
         [leaf(top, digest="sha224")], [top], openssl="computes with it")
    for digest in ("sha256", "sha384", "sha512"):
        case(f"alg-digest-{digest}-{kind}", f"{digest} with {kind}", "ok", [leaf(top, digest=digest)], [top])
case("alg-digest-sha256-p521", "a digest shorter than the curve's order", "ok", [leaf(ca("Root", kind="p521"), digest="sha256")],
     [ca("Root", kind="p521")])
top = ca("RSA root", kind="rsa2048")
for id, oid, reason, words in (("md2", "1.2.840.113549.1.1.2", "unsupported_algorithm", "MD2 with RSA"),
                               ("md4", "1.2.840.113549.1.1.3", "unsupported_algorithm", "MD4 with RSA"),
                               ("sha1-iso", "1.3.14.3.2.29", "unsupported_algorithm", "SHA-1 with RSA by another name of it")):
    case(f"alg-digest-{id}", f"a leaf signed over {words}", reason,
         [leaf(top, algorithm=keys.algorithm(oid, der.null()), signature=lambda tbs: top.key.sign(tbs, "sha1"))], [top])
top = ca("SHA-1 root", kind="rsa2048", digest="sha1")
case("alg-digest-root-sha1", "a root is trusted for standing in the store, not for its signature by itself", "ok", [leaf(top)],
     [top])
case("alg-digest-sha3", "ECDSA with SHA3-256", "unsupported_algorithm",
     [leaf(root, algorithm=keys.algorithm("2.16.840.1.101.3.4.3.10"), signature=lambda tbs: root.key.sign(tbs))], [root])
case("alg-sig-unknown", "a signature algorithm nobody knows", "unsupported_algorithm",
     [leaf(root, algorithm=keys.algorithm("1.3.6.1.4.1.55555.5"), signature=lambda tbs: root.key.sign(tbs))], [root])
case("alg-sig-ed25519-params", "the Ed25519 signature has no parameters either", "unsupported_algorithm",
     [leaf(ca("Ed root", kind="ed25519"), algorithm=keys.algorithm("1.3.101.112", der.null()))], [ca("Ed root", kind="ed25519")])
case("alg-sig-ed25519-by-p256", "Ed25519 said, ECDSA made", "bad_signature",
     [leaf(root, algorithm=keys.algorithm("1.3.101.112"), signature=lambda tbs: root.key.sign(tbs))], [root])

# RSASSA-PSS (RFC 4055 section 3)
for digest in ("sha256", "sha384", "sha512"):
    top = ca("PSS root", key=key("pss", "rsa2048", pss=True))
    case(f"alg-pss-{digest}", f"RSASSA-PSS over {digest}, salt of its length", "ok", [leaf(top, digest=digest)], [top])
for id, rule, reason, options, openssl in (
        ("salt-0", "RSASSA-PSS without salt", "unsupported_algorithm", {"salt": 0}, "computes with any salt"),
        ("salt-20", "RSASSA-PSS with the salt of another digest", "unsupported_algorithm", {"salt": 20}, "computes with any salt"),
        ("mgf-sha1", "RSASSA-PSS whose mask is made with SHA-1", "unsupported_algorithm", {"mgf_digest": "sha1"},
         "computes with any mask")):
    top = ca("PSS root", key=key("pss", "rsa2048", pss=True))
    signer = key("pss", "rsa2048", pss=True, **options)
    case(f"alg-pss-{id}", rule, reason, [leaf(top, signer=signer)], [top], openssl=openssl)
case("alg-pss-sha1", "RSASSA-PSS over SHA-1", "weak_digest", [leaf(top, digest="sha1")], [top])
case("alg-pss-defaults", "RSASSA-PSS without parameters means SHA-1", "weak_digest",
     [leaf(top, algorithm=keys.algorithm("1.2.840.113549.1.1.10", der.sequence()), signature=lambda tbs: top.key.sign(tbs, "sha1"))],
     [top])
case("alg-pss-no-params", "RSASSA-PSS with no parameters at all", "unsupported_algorithm",
     [leaf(top, algorithm=keys.algorithm("1.2.840.113549.1.1.10"), signature=lambda tbs: top.key.sign(tbs))], [top])
case("alg-pss-said-pkcs1-made", "RSASSA-PSS said, PKCS #1 v1.5 made", "bad_signature",
     [leaf(top, signature=lambda tbs: top.key.raw(top.key.pkcs1(tbs, "sha256")))], [top])

# What a profile may ask for beyond that
rsa_root = ca("RSA root", kind="rsa4096")
STRICTER = "is not asked for it"
case("policy-rsa-3072", "rsa_bits_min 3072 and a key of 3072 bits", "ok", [leaf(rsa_root, kind="rsa3072")], [rsa_root],
     options="--rsa-bits-min 3072")
case("policy-rsa-3072-short", "rsa_bits_min 3072 and a key of 2048 bits", "weak_key", [leaf(rsa_root, kind="rsa2048")], [rsa_root],
     options="--rsa-bits-min 3072", openssl=STRICTER)
case("policy-rsa-3072-int", "rsa_bits_min holds for intermediates", "weak_key",
     [leaf(ca("Int", rsa_root, kind="rsa2048")), ca("Int", rsa_root, kind="rsa2048")], [rsa_root],
     options="--rsa-bits-min 3072", openssl=STRICTER)
case("policy-rsa-3072-root", "rsa_bits_min holds for the root", "weak_key", [leaf(ca("R2", kind="rsa2048"), kind="rsa4096")],
     [ca("R2", kind="rsa2048")], options="--rsa-bits-min 3072", openssl=STRICTER)
case("policy-ec-384", "ec_bits_min 384 and P-384", "ok", [leaf(ca("R384", kind="p384"), kind="p384")], [ca("R384", kind="p384")],
     options="--ec-bits-min 384")
case("policy-ec-384-short", "ec_bits_min 384 and P-256", "weak_key", [leaf(ca("R384", kind="p384"))], [ca("R384", kind="p384")],
     options="--ec-bits-min 384", openssl=STRICTER)
case("policy-digest-384", "digests: sha384 and a leaf signed over SHA-384", "ok", [leaf(ca("R384", kind="p384"))],
     [ca("R384", kind="p384")], options="--digests sha384,sha512")
case("policy-digest-384-short", "digests: sha384 and a leaf signed over SHA-256", "weak_digest", [leaf(root)], [root],
     options="--digests sha384,sha512", openssl=STRICTER)

openssl_differs("takes what is nearly 2048 bits", "alg-leaf-rsa2040")
openssl_differs("does not look", "alg-int-exponent-1", "alg-leaf-rsa-negative", "alg-leaf-infinity", "alg-leaf-x25519",
                "alg-sig-ed25519-params")
