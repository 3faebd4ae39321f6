# SPDX-License-Identifier: GPL-3.0-or-later
"""A writer of DER (X.690) that also writes what is not DER: every part is bytes, and nobody checks them."""

import datetime


def length(octets):
    if octets < 0x80:
        return bytes([octets])
    body = octets.to_bytes((octets.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def tlv(tag, *parts):
    body = b"".join(parts)
    return bytes([tag]) + length(len(body)) + body


def sequence(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    """In the order that DER prescribes."""
    return tlv(0x31, *sorted(parts))


def context(number, *parts, constructed=True):
    return tlv((0xA0 if constructed else 0x80) | number, *parts)


def boolean(value):
    return tlv(0x01, b"\xff" if value else b"\x00")


def integer(value):
    return tlv(0x02, value.to_bytes((value if value >= 0 else ~value).bit_length() // 8 + 1, "big", signed=True))


def bit_string(octets, unused=0):
    return tlv(0x03, bytes([unused]), octets)


def named_bits(*numbers):
    """A BIT STRING whose bits have names, without zeros at its end; bit 0 is the first."""
    if not numbers:
        return bit_string(b"")
    value, octets = 0, max(numbers) // 8 + 1
    for number in numbers:
        value |= 1 << (octets * 8 - 1 - number)
    return bit_string(value.to_bytes(octets, "big"), 7 - max(numbers) % 8)


def octet_string(octets):
    return tlv(0x04, octets)


def null():
    return tlv(0x05)


def oid(dotted):
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    out = b""
    for arc in (first * 40 + second, *rest):
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | arc & 0x7F)
        out += bytes(reversed(digits))
    return tlv(0x06, out)


def utf8(text):
    return tlv(0x0C, text.encode())


def printable(text):
    return tlv(0x13, text.encode("latin-1"))


def ia5(text):
    return tlv(0x16, text.encode("latin-1"))


def utc_time(text):
    return tlv(0x17, text.encode())


def generalized_time(text):
    return tlv(0x18, text.encode())


def moment(when):
    """A Time as RFC 5280 section 4.1.2.5 has it: UTCTime up to 2049."""
    if isinstance(when, bytes):
        return when  # written out by the case
    at = datetime.datetime.fromisoformat(when)
    text = f"{at.year:04}{at:%m%d%H%M%S}Z"
    return utc_time(text[2:]) if 1950 <= at.year < 2050 else generalized_time(text)
