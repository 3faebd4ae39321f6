# SPDX-License-Identifier: GPL-3.0-or-later
"""A TLS 1.3 client (RFC 8446) that presents whatever it is told to as its certificates, which no library would: enough of one
for a single request over TLS_AES_128_GCM_SHA256 and X25519.  It believes any server."""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALERT, HANDSHAKE, DATA, CHANGE_CIPHER_SPEC = 21, 22, 23, 20
CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, FINISHED, SERVER_HELLO = 11, 13, 15, 20, 2
# curve name to (scheme, hash)
ECDSA = {"secp256r1": (0x0403, hashes.SHA256), "secp384r1": (0x0503, hashes.SHA384), "secp521r1": (0x0603, hashes.SHA512)}
SCHEMES = [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401]
EMPTY = hashlib.sha256(b"").digest()


class Alert(Exception):
    """The server ended the connection with this alert."""


def vector(octets, body):
    return len(body).to_bytes(octets, "big") + body


def extension(number, body):
    return number.to_bytes(2, "big") + vector(2, body)


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def expand_label(secret, label, context, octets):
    info = octets.to_bytes(2, "big") + vector(1, b"tls13 " + label) + vector(1, context)
    out = block = b""
    for counter in range(1, octets // 32 + 2):
        block = hmac.digest(secret, block + info + bytes([counter]), "sha256")
        out += block
    return out[:octets]


def extract(salt, secret):
    return hmac.digest(salt, secret, "sha256")


class Direction:
    """One direction's key, nonces counted."""

    def __init__(self, secret):
        self.secret = secret
        self._key, self._iv = AESGCM(expand_label(secret, b"key", b"", 16)), expand_label(secret, b"iv", b"", 12)
        self._count = 0

    def _nonce(self):
        nonce = bytes(a ^ b for a, b in zip(self._iv, self._count.to_bytes(12, "big")))
        self._count += 1
        return nonce

    def seal(self, kind, body):
        head = b"\x17\x03\x03" + (len(body) + 17).to_bytes(2, "big")
        return head + self._key.encrypt(self._nonce(), body + bytes([kind]), head)

    def open(self, head, body):
        inner = self._key.decrypt(self._nonce(), body, head).rstrip(b"\0")
        return inner[-1], inner[:-1]


RSA_PSS = {0x0804: hashes.SHA256, 0x0805: hashes.SHA384, 0x0806: hashes.SHA512,
           0x0809: hashes.SHA256, 0x080a: hashes.SHA384, 0x080b: hashes.SHA512}


def sign(key, content, rsa_scheme):
    """(scheme, signature) of CertificateVerify."""
    if callable(key):
        return key(content)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        scheme, digest = ECDSA[key.curve.name]
        return scheme, key.sign(content, ec.ECDSA(digest()))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return 0x0807, key.sign(content)
    assert isinstance(key, rsa.RSAPrivateKey)
    digest = RSA_PSS[rsa_scheme]()
    return rsa_scheme, key.sign(content, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)


class Tls13Client:
    """chain: certificates as bytes, leaf first; key: the leaf's, or another that proves nothing, or a function of what is to be
    signed that returns scheme and signature; rsa_scheme: what it signs by if it is an RSA key."""

    def __init__(self, sock, sni, chain, key, rsa_scheme=0x0804):
        self._sock, self._sni, self._chain, self._key, self._rsa_scheme = sock, sni, chain, key, rsa_scheme
        self._transcript = hashlib.sha256()
        self._pending = b""  # handshake messages
        self._read, self._write = None, None
        self._handshake()

    def _hello(self, share):
        extensions = b"".join((
            extension(0, vector(2, b"\0" + vector(2, self._sni.encode()))),
            extension(10, vector(2, b"\x00\x1d")),
            extension(13, vector(2, b"".join(s.to_bytes(2, "big") for s in SCHEMES))),
            extension(43, vector(1, b"\x03\x04")),
            extension(51, vector(2, b"\x00\x1d" + vector(2, share)))))
        return message(1, b"\x03\x03" + os.urandom(32) + vector(1, os.urandom(32)) + vector(2, b"\x13\x01") + vector(1, b"\0") +
                       vector(2, extensions))

    def _exact(self, count):
        out = b""
        while len(out) < count:
            piece = self._sock.recv(count - len(out))
            if not piece:
                raise EOFError("the server closed the connection")
            out += piece
        return out

    def _record(self):
        """(content type, body) of the next record."""
        head = self._exact(5)
        kind, body = head[0], self._exact(int.from_bytes(head[3:], "big"))
        if kind == CHANGE_CIPHER_SPEC:
            return self._record()
        if self._read is not None and kind == DATA:
            kind, body = self._read.open(head, body)
        if kind == ALERT:
            raise Alert(body[1])
        return kind, body

    def _message(self):
        """The next handshake message, as (type, body); its transcript is the caller's."""
        while len(self._pending) < 4 or len(self._pending) < 4 + int.from_bytes(self._pending[1:4], "big"):
            kind, body = self._record()
            assert kind == HANDSHAKE, f"record type {kind} in the handshake"
            self._pending += body
        end = 4 + int.from_bytes(self._pending[1:4], "big")
        whole, self._pending = self._pending[:end], self._pending[end:]
        return whole[0], whole[4:], whole

    def _send(self, whole):
        self._transcript.update(whole)
        for begin in range(0, len(whole), 16000):
            self._sock.sendall(self._write.seal(HANDSHAKE, whole[begin:begin + 16000]))

    def _finished(self, direction):
        key = expand_label(direction.secret, b"finished", b"", 32)
        return message(FINISHED, hmac.digest(key, self._transcript.digest(), "sha256"))

    def _server_share(self, body):
        at = 34 + 1 + body[34] + 3  # random, session id, suite and compression
        extensions = body[at + 2:]
        while extensions:
            number, size = int.from_bytes(extensions[:2], "big"), int.from_bytes(extensions[2:4], "big")
            if number == 51:
                return extensions[8:4 + size]
            extensions = extensions[4 + size:]
        raise AssertionError("no key share of the server")

    def _handshake(self):
        ours = x25519.X25519PrivateKey.generate()
        hello = self._hello(ours.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        self._transcript.update(hello)
        self._sock.sendall(b"\x16\x03\x01" + vector(2, hello))
        kind, body, whole = self._message()
        assert kind == SERVER_HELLO
        self._transcript.update(whole)
        shared = ours.exchange(x25519.X25519PublicKey.from_public_bytes(self._server_share(body)))
        secret = extract(expand_label(extract(bytes(32), bytes(32)), b"derived", EMPTY, 32), shared)
        context = self._transcript.digest()
        self._read = Direction(expand_label(secret, b"s hs traffic", context, 32))
        self._write = Direction(expand_label(secret, b"c hs traffic", context, 32))
        asked = self._server_flight()
        master = extract(expand_label(secret, b"derived", EMPTY, 32), bytes(32))
        context = self._transcript.digest()
        if asked is not None:
            self._show_certificates(asked)
        self._send(self._finished(self._write))
        self._read = Direction(expand_label(master, b"s ap traffic", context, 32))
        self._write = Direction(expand_label(master, b"c ap traffic", context, 32))

    def _server_flight(self):
        """Up to the server's Finished; the context of its CertificateRequest, None without one."""
        asked = None
        while True:
            kind, body, whole = self._message()
            if kind == CERTIFICATE_REQUEST:
                asked = body[1:1 + body[0]]
            self._transcript.update(whole)
            if kind == FINISHED:
                return asked

    def _show_certificates(self, asked):
        entries = b"".join(vector(3, cert) + b"\0\0" for cert in self._chain)
        self._send(message(CERTIFICATE, vector(1, asked) + vector(3, entries)))
        if self._chain:
            content = b" " * 64 + b"TLS 1.3, client CertificateVerify\0" + self._transcript.digest()
            scheme, signature = sign(self._key, content, self._rsa_scheme)
            self._send(message(CERTIFICATE_VERIFY, scheme.to_bytes(2, "big") + vector(2, signature)))

    def ask(self, request):
        """Sends request; all that the server says until it closes."""
        self._sock.sendall(self._write.seal(DATA, request))
        out = b""
        while True:
            try:
                kind, body = self._record()
            except (EOFError, ConnectionResetError):
                return out
            except Alert as alert:
                if alert.args[0] == 0:
                    return out  # close_notify
                raise
            if kind == DATA:
                out += body


def answer_to(sock, sni, chain, key, target, rsa_scheme=0x0804):
    """GET of target by such a client: the status and the page of the answer, or the alert, or how the connection ended."""
    try:
        answer = Tls13Client(sock, sni, chain, key, rsa_scheme).ask(
            f"GET {target} HTTP/1.1\r\nHost: {sni}\r\nConnection: close\r\n\r\n".encode())
    except Alert as alert:
        return f"alert {alert.args[0]}", ""
    except (EOFError, OSError) as error:
        return f"the connection ended: {error}", ""
    return answer[9:12].decode("latin-1"), answer.decode("latin-1")
