# SPDX-License-Identifier: GPL-3.0-or-later
"""Key pairs of every kind, good and bad, by label: the same label is the same key.  Signing is by python3-cryptography;
RSA is computed here, so that exponents and paddings may be wrong.  RSA keys are made once and kept in a file."""

import hashlib
import json
import math
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

import der

DIGEST_OIDS = {
    "md5": "1.2.840.113549.2.5", "sha1": "1.3.14.3.2.26", "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3",
}
RSA_OIDS = {"md5": 4, "sha1": 5, "sha224": 14, "sha256": 11, "sha384": 12, "sha512": 13}
ECDSA_OIDS = {"sha1": "1", "sha224": "3.1", "sha256": "3.2", "sha384": "3.3", "sha512": "3.4"}
CURVES = {
    "p256": (ec.SECP256R1(), "1.2.840.10045.3.1.7", hashes.SHA256),
    "p384": (ec.SECP384R1(), "1.3.132.0.34", hashes.SHA384),
    "p521": (ec.SECP521R1(), "1.3.132.0.35", hashes.SHA512),
    "p192": (ec.SECP192R1(), "1.2.840.10045.3.1.1", hashes.SHA256),
    "p224": (ec.SECP224R1(), "1.3.132.0.33", hashes.SHA256),
    "k256": (ec.SECP256K1(), "1.3.132.0.10", hashes.SHA256),
    "bp256": (ec.BrainpoolP256R1(), "1.3.36.3.3.2.8.1.1.7", hashes.SHA256),
}
HASHES = {"sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384,
          "sha512": hashes.SHA512}

P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551

# Those that a case has beside 65537, and that a private key belongs to.
RSA_EXPONENTS = (17, 2**32 - 5, 2**32 + 15)
RSA_STORE = None  # a file of primes that outlives one run; set by generate.py
_rsa_primes = {}


def algorithm(oid, *parameters):
    return der.sequence(der.oid(oid), *parameters)


def digest_algorithm(name):
    return algorithm(DIGEST_OIDS[name], der.null())


def explicit_p256(generator=None):
    """SpecifiedECDomain of P-256 (RFC 3279 section 2.3.5, FIPS 186-4 D.1.2.3), or with another point as its generator."""
    prime, order = 2**256 - 2**224 + 2**192 + 2**96 - 1, P256_ORDER
    b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
    generator = generator or ec.derive_private_key(1, ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return der.sequence(der.integer(1), der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(prime)),
                        der.sequence(der.octet_string((prime - 3).to_bytes(32, "big")), der.octet_string(b.to_bytes(32, "big"))),
                        der.octet_string(generator), der.integer(order), der.integer(1))


def sign_by_generator(tbs, point):
    """A signature of ECDSA under P-256 with that public key as the generator, for which its private key is 1."""
    nonce = ec.derive_private_key(7, ec.SECP256R1())
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    r = int.from_bytes(nonce.exchange(ec.ECDH(), public), "big") % P256_ORDER
    digest = int.from_bytes(hashlib.sha256(tbs).digest(), "big")
    return der.sequence(der.integer(r), der.integer(pow(7, -1, P256_ORDER) * (digest + r) % P256_ORDER))


class EcKey:
    def __init__(self, label, curve):
        self.curve, self.curve_oid, self._hash = CURVES[curve]
        scalar = int.from_bytes(hashlib.sha512(f"{curve}/{label}".encode()).digest(), "big")
        self.private = ec.derive_private_key(scalar % (1 << self.curve.key_size - 8) + 1, self.curve)
        self.digest = self._hash.name

    def point(self, compressed=False):
        form = serialization.PublicFormat
        return self.private.public_key().public_bytes(
            serialization.Encoding.X962, form.CompressedPoint if compressed else form.UncompressedPoint)

    def spki(self):
        return der.sequence(algorithm("1.2.840.10045.2.1", der.oid(self.curve_oid)), der.bit_string(self.point()))

    def algorithm(self, digest=None):
        return algorithm(f"1.2.840.10045.4.{ECDSA_OIDS[digest or self.digest]}")

    def sign(self, tbs, digest=None):
        return self.private.sign(tbs, ec.ECDSA(HASHES[digest or self.digest]()))


class EdKey:
    KINDS = {"ed25519": (ed25519.Ed25519PrivateKey, "1.3.101.112", 32), "ed448": (ed448.Ed448PrivateKey, "1.3.101.113", 57)}

    def __init__(self, label, kind):
        cls, self.oid, octets = self.KINDS[kind]
        self.private = cls.from_private_bytes(hashlib.sha512(f"{kind}/{label}".encode()).digest()[:octets].ljust(octets, b"\1"))

    def spki(self):
        raw = self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return der.sequence(algorithm(self.oid), der.bit_string(raw))

    def algorithm(self, digest=None):
        return algorithm(self.oid)

    def sign(self, tbs, digest=None):
        return self.private.sign(tbs)


def _suit(primes):
    """There is a private key for each of RSA_EXPONENTS; for 17 one pair of primes in eight has none."""
    return all(math.gcd(int(prime, 16) - 1, exponent) == 1 for prime in primes for exponent in RSA_EXPONENTS)


def _primes(bits):
    """Two primes whose product has exactly that many bits; all RSA keys of a size share them, for they take long to find."""
    if not _rsa_primes and RSA_STORE and RSA_STORE.exists():
        _rsa_primes.update(json.loads(RSA_STORE.read_text()))
    name = str(bits)
    while name not in _rsa_primes or not _suit(_rsa_primes[name]):
        numbers = rsa.generate_private_key(65537, bits).private_numbers()
        _rsa_primes[name] = [hex(numbers.p), hex(numbers.q)]
        if RSA_STORE:
            RSA_STORE.write_text(json.dumps(_rsa_primes))
    return [int(prime, 16) for prime in _rsa_primes[name]]


def pss_parameters(digest, *, mgf_digest=None, salt=None):
    """RSASSA-PSS-params (RFC 4055 section 3.1)."""
    mgf = algorithm("1.2.840.113549.1.1.8", digest_algorithm(mgf_digest or digest))
    salt = hashlib.new(digest).digest_size if salt is None else salt
    return der.sequence(der.context(0, digest_algorithm(digest)), der.context(1, mgf), der.context(2, der.integer(salt)))


class RsaKey:
    """pss: signs with RSASSA-PSS; restricted: its SubjectPublicKeyInfo says so too (id-RSASSA-PSS), with these parameters, or
    True: with none.  scheme: how it signs CertificateVerify, where that is not rsa_pss_rsae_sha256."""

    def __init__(self, bits, *, exponent=65537, pss=False, restricted=False, salt=None, mgf_digest=None, scheme=None):
        self.p, self.q = _primes(bits)
        self.n, self.e, self.bits = self.p * self.q, exponent, bits
        self.pss, self.restricted, self.salt, self.mgf_digest, self.scheme = pss, restricted, salt, mgf_digest, scheme
        self.digest = "sha256"
        order = math.lcm(self.p - 1, self.q - 1)
        self.d = pow(exponent, -1, order) if math.gcd(exponent, order) == 1 else None

    @property
    def private(self):
        """For a handshake; None where no library takes such a key."""
        if self.d is None or self.e < 3 or self.bits < 512:
            return None
        numbers = rsa.RSAPrivateNumbers(self.p, self.q, self.d, self.d % (self.p - 1), self.d % (self.q - 1),
                                        pow(self.q, -1, self.p), rsa.RSAPublicNumbers(self.e, self.n))
        return numbers.private_key()

    def spki(self):
        if self.restricted:
            kind = algorithm("1.2.840.113549.1.1.10", *([] if self.restricted is True else [self.restricted]))
        else:
            kind = algorithm("1.2.840.113549.1.1.1", der.null())
        return der.sequence(kind, der.bit_string(der.sequence(der.integer(self.n), der.integer(self.e))))

    def algorithm(self, digest=None):
        digest = digest or self.digest
        if not self.pss:
            return algorithm(f"1.2.840.113549.1.1.{RSA_OIDS[digest]}", der.null())
        return algorithm("1.2.840.113549.1.1.10", pss_parameters(digest, mgf_digest=self.mgf_digest, salt=self.salt))

    def _salt(self, digest):
        return hashlib.new(digest).digest_size if self.salt is None else self.salt

    def raw(self, encoded):
        return pow(int.from_bytes(encoded, "big"), self.d, self.n).to_bytes((self.bits + 7) // 8, "big")

    def pkcs1(self, tbs, digest, *, fill=b"\xff", parameters=None):
        info = der.sequence(algorithm(DIGEST_OIDS[digest], der.null() if parameters is None else parameters),
                            der.octet_string(hashlib.new(digest, tbs).digest()))
        octets = (self.bits + 7) // 8
        return b"\0\1" + fill * (octets - len(info) - 3) + b"\0" + info

    def sign(self, tbs, digest=None):
        digest = digest or self.digest
        return self.raw(self._pss(tbs, digest) if self.pss else self.pkcs1(tbs, digest))

    def _pss(self, tbs, digest):
        """EMSA-PSS (RFC 8017 section 9.1.1)."""
        bits, octets = self.bits - 1, (self.bits + 6) // 8
        salt = hashlib.sha512(tbs).digest()[:self._salt(digest)].ljust(self._salt(digest), b"s")
        inner = hashlib.new(digest, bytes(8) + hashlib.new(digest, tbs).digest() + salt).digest()
        block = bytes(octets - len(salt) - len(inner) - 2) + b"\1" + salt
        mask = b"".join(hashlib.new(self.mgf_digest or digest, inner + counter.to_bytes(4, "big")).digest()
                        for counter in range(len(block) // 16 + 1))
        masked = bytearray(a ^ b for a, b in zip(block, mask))
        masked[0] &= 0xFF >> (8 * octets - bits)
        return bytes(masked) + inner + b"\xbc"


_keys = {}


def key(label, kind="p256", **options):
    """kind: p256, p384, ..., ed25519, rsa2048, ..."""
    name = (label, kind, *sorted(options.items()))
    if name not in _keys:
        if kind.startswith("rsa"):
            _keys[name] = RsaKey(int(kind[3:]), **options)
        else:
            _keys[name] = (EdKey if kind.startswith("ed") else EcKey)(label, kind)
    return _keys[name]


def pem(private):
    """PKCS #8 text, empty where there is no private key to be had."""
    if private is None:
        return b""
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
