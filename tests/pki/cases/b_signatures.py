# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures (section 6.1.3 (a)(1), 4.1.1.2, 4.1.1.3)."""

import dataclasses

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

import der
import keys
from certs import ca, leaf, name
from keys import P256_ORDER, key
from table import case

root = ca("Root")
inter = ca("Int", root)
good = leaf(inter)
stranger = key("stranger")


def flipped(cert, at=-1):
    raw = bytearray(cert.der)
    raw[at] ^= 1
    return dataclasses.replace(cert, der=bytes(raw))


case("sig-leaf-flipped", "a bit of the leaf's signature is wrong", "bad_signature", [flipped(good), inter], [root])
case("sig-int-flipped", "a bit of the intermediate's signature is wrong", "bad_signature", [good, flipped(inter)], [root])
case("sig-leaf-subject-changed", "what is signed was changed afterwards", "bad_signature",
     [good.changed(b"client", b"cliena"), inter], [root])
case("sig-int-subject-changed", "the intermediate was changed together with the leaf's issuer", "bad_signature",
     [leaf(dataclasses.replace(inter, subject=name(("O", "Cases"), "Inu"))), inter.changed(b"Int", b"Inu")], [root])
case("sig-leaf-by-stranger", "the right issuer's name, a stranger's key", "bad_signature",
     [leaf(inter, signer=stranger), inter], [root])
case("sig-int-by-stranger", "the intermediate is signed by a stranger under the root's name", "bad_signature",
     [good, ca("Int", root, signer=stranger)], [root])
case("sig-leaf-by-itself", "the leaf signed itself under the intermediate's name", "bad_signature",
     [leaf(inter, signer=key("client")), inter], [root])
case("sig-leaf-by-root", "the root's key, the intermediate's name", "bad_signature", [leaf(inter, signer=root.key), inter],
     [root])
case("sig-empty", "an empty signature", "bad_signature", [leaf(inter, signature=b""), inter], [root])
case("sig-zero-r", "ECDSA with r = 0", "bad_signature",
     [leaf(inter, signature=der.sequence(der.integer(0), der.integer(1))), inter], [root])
case("sig-zero-s", "ECDSA with s = 0", "bad_signature",
     [leaf(inter, signature=der.sequence(der.integer(1), der.integer(0))), inter], [root])
case("sig-zero-both", "ECDSA with r = s = 0", "bad_signature",
     [leaf(inter, signature=der.sequence(der.integer(0), der.integer(0))), inter], [root])
case("sig-r-s-are-order", "ECDSA with r and s equal to the group's order", "bad_signature",
     [leaf(inter, signature=der.sequence(der.integer(P256_ORDER), der.integer(P256_ORDER))), inter], [root])
case("sig-r-s-beyond-order", "ECDSA with r and s above the group's order", "bad_signature",
     [leaf(inter, signature=der.sequence(der.integer(P256_ORDER + 1), der.integer(P256_ORDER + 1))), inter], [root])
case("sig-negative-r", "ECDSA with a negative r", "bad_signature",
     [leaf(inter, signature=der.sequence(der.integer(-1), der.integer(1))), inter], [root])


def longer(tbs):
    return inter.key.sign(tbs) + b"\0"


def long_length(tbs):
    signature = inter.key.sign(tbs)
    return b"\x30\x81" + signature[1:]


case("sig-trailing", "an octet behind the ECDSA signature", "bad_signature", [leaf(inter, signature=longer), inter], [root])
case("sig-long-form-length", "an ECDSA signature in BER, not DER", "bad_signature",
     [leaf(inter, signature=long_length), inter], [root])
case("sig-truncated", "the last octet of the signature is missing", "bad_signature",
     [leaf(inter, signature=lambda tbs: inter.key.sign(tbs)[:-1]), inter], [root])
case("sig-unused-bits", "a signature is a whole number of octets", "parse_error",
     [leaf(inter, signature=lambda tbs: inter.key.sign(tbs) + b"\xf0", signature_bits=4), inter], [root])
case("sig-bits-8", "no BIT STRING leaves eight bits unused", "parse_error", [leaf(inter, signature_bits=8), inter], [root])


def other_s(signature):
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, P256_ORDER - s)


case("sig-high-s", "X9.62 has no rule of the lower s", "ok",
     [leaf(inter, signature=lambda tbs: other_s(inter.key.sign(tbs))), inter], [root])

# The algorithm stands in the certificate twice.
ec384 = keys.algorithm("1.2.840.10045.4.3.3")
case("sig-alg-outer-differs", "the two algorithms of a certificate differ (section 4.1.1.2)", "parse_error",
     [leaf(inter, outer_algorithm=ec384), inter], [root])
case("sig-alg-inner-differs", "the inner algorithm is not the one of the signature", "parse_error",
     [leaf(inter, algorithm=ec384, outer_algorithm=inter.key.algorithm(),
           signature=lambda tbs: inter.key.sign(tbs)), inter], [root])
case("sig-alg-null-differs", "algorithms that differ in their parameters only", "parse_error",
     [leaf(inter, outer_algorithm=keys.algorithm("1.2.840.10045.4.3.2", der.null())), inter], [root])
odd_root = ca("Odd root", outer_algorithm=ec384)
case("sig-alg-root-differs", "the two algorithms of a root differ", "ApplicationGatewayTrustedClientCertificateInvalidData",
     [leaf(odd_root)], [odd_root], store_refused=True, handshake="the start-up file is refused",
     openssl="does not look at an anchor's")
case("sig-alg-other-digest", "signed over SHA-256, both algorithms say SHA-384", "bad_signature",
     [leaf(inter, algorithm=ec384, signature=lambda tbs: inter.key.sign(tbs, "sha256")), inter], [root])
case("sig-alg-other-kind", "an RSA algorithm and a key of a curve", "bad_signature",
     [leaf(inter, algorithm=keys.algorithm("1.2.840.113549.1.1.11", der.null()),
           signature=lambda tbs: inter.key.sign(tbs)), inter], [root])

# RSA paddings.
rsa_root = ca("RSA root", kind="rsa2048")
R = rsa_root.key


def garbage_behind(tbs):
    """What a lax reader of PKCS #1 takes: a short padding, the digest, then whatever makes a cube root."""
    encoded = R.pkcs1(tbs, "sha256")
    return R.raw((encoded[:10] + encoded[encoded.index(b"\0", 2):]).ljust(len(encoded), b"\x55"))


def in_ber(block):
    """The same block with a long length of its DigestInfo, and one octet of fill less."""
    start = block.index(b"\0", 2) + 1
    return block[:2] + block[3:start] + b"\x30\x81" + block[start + 1:]


def rsa_leaf(signature, **options):
    return leaf(rsa_root, signature=signature, **options)


case("sig-rsa", "RSA with PKCS #1 v1.5 and SHA-256", "ok", [leaf(rsa_root)], [rsa_root])
case("sig-rsa-garbage-behind", "octets behind the digest in the PKCS #1 block", "bad_signature", [rsa_leaf(garbage_behind)],
     [rsa_root])
case("sig-rsa-fill", "PKCS #1 fill that is not ff", "bad_signature",
     [rsa_leaf(lambda tbs: R.raw(R.pkcs1(tbs, "sha256", fill=b"\xfe")))], [rsa_root])
case("sig-rsa-block-2", "a PKCS #1 block of type 2", "bad_signature",
     [rsa_leaf(lambda tbs: R.raw(b"\0\2" + R.pkcs1(tbs, "sha256")[2:]))], [rsa_root])
case("sig-rsa-other-digest-info", "the block names SHA-512, the certificate SHA-256", "bad_signature",
     [rsa_leaf(lambda tbs: R.raw(R.pkcs1(tbs, "sha512")))], [rsa_root])
case("sig-rsa-no-digest-info", "the bare digest in the block", "bad_signature",
     [rsa_leaf(lambda tbs: R.raw(R.pkcs1(tbs, "sha256")[:-51] + b"\xff" * 18 + b"\0" + R.pkcs1(tbs, "sha256")[-32:]))],
     [rsa_root])
case("sig-rsa-ber-lengths", "a DigestInfo in BER, whose lengths take more octets than they need", "bad_signature",
     [rsa_leaf(lambda tbs: R.raw(in_ber(R.pkcs1(tbs, "sha256"))))], [rsa_root])
for id, parameters, words in (("absent", b"", "without parameters where NULL stands"),
                              ("octets", der.octet_string(b"\x55" * 100), "with a hundred octets as parameters"),
                              ("integer", der.integer(0), "with a number as parameters")):
    case(f"sig-rsa-digest-parameters-{id}", f"a DigestInfo {words} (RFC 8017 section 9.2)", "bad_signature",
         [rsa_leaf(lambda tbs, parameters=parameters: R.raw(R.pkcs1(tbs, "sha256", parameters=parameters)))], [rsa_root])
case("sig-rsa-short", "an RSA signature without its first octet", "bad_signature", [rsa_leaf(lambda tbs: R.sign(tbs)[1:])],
     [rsa_root])
case("sig-rsa-zero", "an RSA signature of 0", "bad_signature", [rsa_leaf(bytes(256))], [rsa_root])
case("sig-rsa-one", "an RSA signature of 1", "bad_signature", [rsa_leaf(bytes(255) + b"\1")], [rsa_root])
case("sig-rsa-modulus", "an RSA signature equal to the modulus", "bad_signature", [rsa_leaf(R.n.to_bytes(256, "big"))],
     [rsa_root])
case("sig-rsa-no-null", "RSA without parameters must be accepted (RFC 4055 section 5)", "ok",
     [leaf(rsa_root, algorithm=keys.algorithm("1.2.840.113549.1.1.11"))], [rsa_root])
case("sig-rsa-odd-parameters", "RSA with parameters that are not NULL", "unsupported_algorithm",
     [leaf(rsa_root, algorithm=keys.algorithm("1.2.840.113549.1.1.11", der.integer(1)))], [rsa_root],
     openssl="does not look at them")
case("sig-ecdsa-null", "ECDSA has no parameters, not even NULL (RFC 5758 section 3.2)", "unsupported_algorithm",
     [leaf(inter, algorithm=keys.algorithm("1.2.840.10045.4.3.2", der.null())), inter], [root],
     openssl="does not look at them")
