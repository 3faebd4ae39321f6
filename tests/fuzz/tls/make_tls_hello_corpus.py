#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fuzz/corpus/tls_hello: one accepted ClientHello of each kind, and one input for each refusal."""

import pathlib
import struct

OUT = pathlib.Path(__file__).resolve().parent.parent / "corpus" / "tls_hello"


def vec(length_bytes, data):
    return len(data).to_bytes(length_bytes, "big") + data


def ext(kind, data=b""):
    return struct.pack(">H", kind) + vec(2, data)


def sni(*names, kind=0):
    return ext(0, vec(2, b"".join(bytes([kind]) + vec(2, n) for n in names)))


def message(extensions=b"", version=b"\x03\x03", session_id=b"", suites=b"\x13\x01\xc0\x2b", compression=b"\0",
            kind=1, tail=b"", with_extensions=True):
    body = version + bytes(range(32)) + vec(1, session_id) + vec(2, suites) + vec(1, compression)
    if with_extensions:
        body += vec(2, extensions)
    return bytes([kind]) + vec(3, body + tail)


def records(msg, size=16384, version=b"\x03\x01"):
    return b"".join(b"\x16" + version + vec(2, msg[i:i + size]) for i in range(0, len(msg), size))


GOOD = message(sni(b"api.example") + ext(23) + ext(43, b"\x02\x03\x04"))

OFFER = (ext(10, vec(2, b"\x00\x1d\x00\x17\x00\x18")) +
         ext(13, vec(2, b"\x04\x03\x05\x03\x06\x03\x08\x04\x04\x01\x02\x01")))

INPUTS = {
    "ok_sni": records(GOOD),
    "ok_sni_upper_case": records(message(sni(b"API.Example"))),
    "ok_no_sni": records(message(ext(23))),
    "ok_no_extensions": records(message(with_extensions=False)),
    "ok_three_fragments": records(GOOD, 30),
    "ok_byte_fragments": records(message(with_extensions=False), 1),
    "ok_followed_by_record": records(GOOD) + b"\x14\x03\x03\x00\x01\x01",
    "ok_offer_13": records(message(OFFER + ext(43, b"\x04\x03\x04\x03\x03"))),
    "ok_offer_12": records(message(OFFER, suites=b"\xc0\x2b\xc0\x2f\xcc\xa9")),
    "malformed_no_groups": records(message(ext(10, vec(2, b"")))),
    "malformed_odd_schemes": records(message(ext(13, vec(2, b"\x04\x03\x05")))),
    "malformed_schemes_past_end": records(message(ext(13, b"\x00\x04\x04\x03"))),
    "malformed_bytes_behind_versions": records(message(ext(43, b"\x02\x03\x04\x00"))),
    "more_header": b"\x16\x03\x01",
    "more_half_record": records(GOOD)[:40],
    "more_second_fragment": records(GOOD, 30)[:40],
    "plain_http_get": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "plain_http2_preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "sslv2_hello": b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10",
    "not_a_record_ssh": b"SSH-2.0-OpenSSH\r\n",
    "not_a_record_version": records(GOOD, version=b"\x02\x00"),
    "unexpected_alert": b"\x15\x03\x01\x00\x02\x02\x28",
    "unexpected_server_hello": records(message(kind=2)),
    "unexpected_between_fragments": records(GOOD, 30)[:35] + b"\x15\x03\x01\x00\x02\x01\x00",
    "too_large_record": b"\x16\x03\x01\x40\x01" + GOOD,
    "too_large_message": records(b"\x01\x00\x40\x00" + b"\x03\x03"),
    "too_large_by_fragments": b"\x16\x03\x01\x00\x01\x01" + b"\x16\x03\x01\x40\x00",
    "too_fragmented": records(message(ext(23) + ext(24) + ext(25) + ext(26)), 1),
    "malformed_empty_record": b"\x16\x03\x01\x00\x00" + records(GOOD),
    "malformed_bytes_behind_message": records(GOOD + b"\0"),
    "malformed_tail": records(message(ext(23), tail=b"\0")),
    "malformed_version": records(message(version=b"\x02\x03")),
    "malformed_session_id": records(message(session_id=bytes(33))),
    "malformed_no_suites": records(message(suites=b"")),
    "malformed_odd_suites": records(message(suites=b"\x13\x01\xc0")),
    "malformed_no_compression": records(message(compression=b"")),
    "malformed_not_null_compression": records(message(compression=b"\x01")),
    "malformed_extension_past_end": records(message(b"\x00\x17\x00\x01")),
    "malformed_extension_twice": records(message(ext(23) + ext(23))),
    "malformed_too_many_extensions": records(message(b"".join(ext(1000 + i) for i in range(65)))),
    "bad_sni_two_names": records(message(sni(b"a", b"b"))),
    "bad_sni_other_type": records(message(sni(b"a", kind=1))),
    "bad_sni_empty_list": records(message(sni())),
    "bad_sni_empty_name": records(message(sni(b""))),
    "bad_sni_nul": records(message(sni(b"api.example\0.evil"))),
    "bad_sni_address": records(message(sni(b"198.18.0.1"))),
    "bad_sni_trailing_dot": records(message(sni(b"api.example."))),
    "bad_sni_hyphen": records(message(sni(b"-a"))),
    "bad_sni_long_label": records(message(sni(b"a" * 64))),
    "bad_sni_long_name": records(message(sni(b"a." * 127 + b"a"))),
    "bad_sni_bytes_behind_list": records(message(ext(0, vec(2, b"\0" + vec(2, b"a")) + b"x"))),
}

OUT.mkdir(parents=True, exist_ok=True)
for name, data in INPUTS.items():
    (OUT / name).write_bytes(data)
