# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of malformed and unusual HTTP, as a table: docs/HTTP.md shows it (http_docs.py) and http_constructs.py
holds the gateway to it, byte for byte.

Requests are those of a client without certificate on a listener that asks for none, so that the head which the backend
sees can be written down whole.
"""

import dataclasses

HOST = b"Host: open.example\r\n"
OURS = b"X-Forwarded-For: 198.18.0.2\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST_CHUNK = b"0\r\n\r\n"

# The limits that http_constructs.py sets.
HEADER_BYTES, HEADER_COUNT, BODY_BYTES = 4096, 20, 10_000


@dataclasses.dataclass
class Request:
    what: str
    sent: object  # bytes, or several: the next is sent once the backend has what it shall have seen
    status: int
    reason: str = ""  # of a refusal: on the page, and the counter without its http_
    seen: bytes = b""  # all that the backend gets
    effect: str = ""  # the same in words
    closes: bool = None  # the client's connection afterwards; unless said, a refusal with 4xx closes it

    @property
    def parts(self):
        return self.sent if isinstance(self.sent, (list, tuple)) else [self.sent]


@dataclasses.dataclass
class Response:
    what: str
    sent: bytes  # by the backend, which then keeps its connection open
    status: int
    reason: str = ""
    got: bytes = b""  # all that the client gets, unless it is a page of ours
    effect: str = ""
    method: str = "GET"
    version: str = "1.1"
    then: str = "stay"  # the backend's connection behind sent: stay, fin, rst
    reused: bool = False  # the backend's connection afterwards


def get(target=b"/", fields=b"", line=None):
    return (line or b"GET " + target + b" HTTP/1.1") + b"\r\n" + HOST + fields + b"\r\n"


def post(fields, body=b""):
    return b"POST / HTTP/1.1\r\n" + HOST + fields + b"\r\n" + body


def forwarded(line=b"GET / HTTP/1.1", fields=b"", framing=b"", body=b"", host=HOST):
    """What the backend sees: the fields that pass, ours, the framing."""
    return line + b"\r\n" + host + fields + OURS + framing + b"\r\n" + body


def raw_host(line):
    return b"GET / HTTP/1.1\r\n" + line + b"\r\n"


CHUNKED_HEAD = forwarded(b"POST / HTTP/1.1", framing=CHUNKED)


def bad_chunk(what, body, reason="bad_chunk", status=400):
    return Request(what, [post(CHUNKED), body], status, reason, CHUNKED_HEAD, "the head, then a reset")


REQUESTS = {
    "Bytes and lines": [
        Request("a bare LF at the end of a line", b"GET / HTTP/1.1\n" + HOST + b"\r\n", 400, "bad_byte"),
        Request("a bare LF as the empty line", b"GET / HTTP/1.1\r\n" + HOST + b"\n", 400, "bad_byte"),
        Request("a bare CR inside a field", get(fields=b"X: a\rb\r\n"), 400, "bad_byte"),
        Request("a NUL inside a field", get(fields=b"X: a\0b\r\n"), 400, "bad_byte"),
        Request("a control character in the target", get(b"/\x01"), 400, "bad_byte"),
        Request("DEL inside a field", get(fields=b"X: a\x7fb\r\n"), 400, "bad_byte"),
        Request("a folded field", get(fields=b"X: a\r\n b\r\n"), 400, "bad_byte"),
        Request("white space before the first field", b"GET / HTTP/1.1\r\n " + HOST + b"\r\n", 400, "bad_byte"),
        Request("two empty lines before the request", b"\r\n\r\n" + get(), 400, "bad_byte"),
        Request("one empty line before the request", b"\r\n" + get(), 200, seen=forwarded(), effect="the request"),
        Request("bytes from 0x80 on in a field", get(fields=b"X: \xc3\xa4\xff\r\n"), 200,
                seen=forwarded(fields=b"X: \xc3\xa4\xff\r\n"), effect="the request, with them"),
        Request("no HTTP at all", bytes(range(128, 256)) + b"\r\n\r\n", 400, "bad_request_line"),
    ],
    "Request line": [
        Request("no version", b"GET /\r\n" + HOST + b"\r\n", 400, "bad_version"),
        Request("HTTP/0.9", get(line=b"GET / HTTP/0.9"), 400, "bad_version"),
        Request("HTTP/1.2", get(line=b"GET / HTTP/1.2"), 400, "bad_version"),
        Request("HTTP/2.0", get(line=b"GET / HTTP/2.0"), 400, "bad_version"),
        Request("`http/1.1` in lower case", get(line=b"GET / http/1.1"), 400, "bad_version"),
        Request("two spaces", get(line=b"GET  / HTTP/1.1"), 400, "bad_request_line"),
        Request("a space at the end", get(line=b"GET / HTTP/1.1 "), 400, "bad_request_line"),
        Request("a tab for a space", get(line=b"GET\t/ HTTP/1.1"), 400, "bad_request_line"),
        Request("a method that is no token", get(line=b"G@T / HTTP/1.1"), 400, "bad_request_line"),
        Request("a method in lower case", get(line=b"get / HTTP/1.1"), 501, "method_not_implemented"),
        Request("a method we do not know", get(line=b"DESCRIBE / HTTP/1.1"), 501, "method_not_implemented"),
        Request("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501, "method_not_implemented"),
        Request("TRACE", get(line=b"TRACE / HTTP/1.1"), 405, "method_not_allowed"),
        Request("CONNECT", get(line=b"CONNECT open.example:443 HTTP/1.1") + SMUGGLED, 405, "method_not_allowed"),
        Request("longer than `limits.header_bytes`", get(b"/" + b"a" * HEADER_BYTES), 414, "target_too_long"),
    ],
    "Target": [
        Request("a fragment", get(b"/#x"), 400, "bad_target"),
        Request("no slash at its beginning", get(b"secret"), 400, "bad_target"),
        Request("a byte from 0x80 on", get(b"/\xc3\xa4"), 400, "bad_target"),
        Request("printable characters that a URI does not have", get(b'/"x"{}|^'), 200, seen=forwarded(b'GET /"x"{}|^ HTTP/1.1'),
                effect="the request, as it is"),
        Request("`*` without OPTIONS", get(b"*"), 400, "bad_target"),
        Request("`OPTIONS *`", get(line=b"OPTIONS * HTTP/1.1"), 200, seen=forwarded(b"OPTIONS * HTTP/1.1"),
                effect="the request"),
        Request("absolute, of our host", get(b"https://open.example/a?b"), 200, seen=forwarded(b"GET /a?b HTTP/1.1"),
                effect="the request, its target without scheme and host"),
        Request("absolute, of another host than Host", get(b"https://api.example/"), 400, "target_not_host"),
        Request("absolute, with user information", get(b"https://u@open.example/"), 400, "target_not_host"),
        Request("absolute, of another scheme", get(b"ftp://open.example/"), 400, "bad_target"),
        Request("a dot segment", get(b"/a/../b"), 400, "unsafe_path"),
        Request("a single dot as a segment", get(b"/./b"), 400, "unsafe_path"),
        Request("a dot segment with a parameter", get(b"/a/..;x=1/b"), 400, "unsafe_path"),
        Request("an escaped dot segment", get(b"/a/%2e%2E/b"), 400, "unsafe_path"),
        Request("`//`", get(b"/a//b"), 400, "unsafe_path"),
        Request("a backslash", get(b"/a\\b"), 400, "unsafe_path"),
        Request("an escaped slash", get(b"/a%2fb"), 400, "unsafe_path"),
        Request("an escaped backslash", get(b"/a%5cb"), 400, "unsafe_path"),
        Request("an escaped NUL", get(b"/a%00b"), 400, "unsafe_path"),
        Request("an escape that is none", get(b"/a%zzb"), 400, "unsafe_path"),
        Request("a slash escaped twice", get(b"/a%252fb"), 400, "unsafe_path"),
        Request("any of these in the query", get(b"/?a=/../%2f//"), 200, seen=forwarded(b"GET /?a=/../%2f// HTTP/1.1"),
                effect="the request, as it is"),
    ],
    "Host": [
        Request("none", raw_host(b""), 400, "no_host"),
        Request("two different ones", raw_host(HOST + b"Host: api.example\r\n"), 400, "several_hosts"),
        Request("the same twice", raw_host(HOST + HOST), 400, "several_hosts"),
        Request("empty", raw_host(b"Host:\r\n"), 400, "bad_host"),
        Request("with a space", raw_host(b"Host: open.example api.example\r\n"), 400, "bad_host"),
        Request("with a slash", raw_host(b"Host: open.example/x\r\n"), 400, "bad_host"),
        Request("with an at sign", raw_host(b"Host: x@open.example\r\n"), 400, "bad_host"),
        Request("a list", raw_host(b"Host: open.example, api.example\r\n"), 400, "bad_host"),
        Request("a port that is no number", raw_host(b"Host: open.example:x\r\n"), 400, "bad_host"),
        Request("another listener's", raw_host(b"Host: api.example\r\n"), 421, "host_mismatch", closes=False),
        Request("with a port, and in upper case", raw_host(b"Host: OPEN.example:443\r\n"), 200,
                seen=forwarded(host=b"Host: OPEN.example:443\r\n"), effect="the request, Host as it is"),
    ],
    "Fields": [
        Request("no colon", get(fields=b"nonsense\r\n"), 400, "bad_header"),
        Request("an empty name", get(fields=b": x\r\n"), 400, "bad_header"),
        Request("a space before the colon", get(fields=b"X : y\r\n"), 400, "bad_header"),
        Request("a name that is no token", get(fields=b"X(y): z\r\n"), 400, "bad_header"),
        Request("more than 16 options in Connection", get(fields=b"Connection: " + b",".join([b"a"] * 17) + b"\r\n"), 400,
                "bad_connection"),
        Request("more than `limits.header_count`", get(fields=b"X: y\r\n" * HEADER_COUNT), 431, "too_many_headers"),
        Request("a head over `limits.header_bytes`", get(fields=b"X: " + b"y" * HEADER_BYTES + b"\r\n"), 431, "head_too_large"),
        Request("an identity header", get(fields=b"X-Client_Certificate-Subject: CN=me\r\nclient-cert: :AA==:\r\nX: y\r\n"), 200,
                seen=forwarded(fields=b"X: y\r\n"), effect="the request without it"),
        Request("`Connection` that names a field", get(fields=b"Connection: X-Secret\r\nX-Secret: 1\r\nX: y\r\n"), 200,
                seen=forwarded(fields=b"X: y\r\n"), effect="the request without both"),
        Request("`Connection` that names a field of ours", get(fields=b"Connection: X-Forwarded-For, Host\r\n"), 200,
                seen=forwarded(), effect="the request, ours in it"),
        Request("`TE`, `Trailer`, `Keep-Alive`, `Proxy-...`",
                get(fields=b"TE: trailers\r\nTrailer: X\r\nKeep-Alive: 1\r\nProxy-Connection: close\r\nProxy-Authorization: x\r\n"),
                200, seen=forwarded(), effect="the request without them"),
        Request("`Upgrade`", get(fields=b"Connection: Upgrade\r\nUpgrade: websocket\r\n"), 200, seen=forwarded(),
                effect="the request without it"),
        Request("`Upgrade: h2c`", get(fields=b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"),
                200, seen=forwarded(), effect="the request without it"),
    ],
    "Length and coding of a body": [
        Request("Content-Length beside chunked", post(b"Content-Length: 5\r\n" + CHUNKED, LAST_CHUNK + SMUGGLED), 400,
                "length_and_encoding"),
        Request("chunked beside Content-Length", post(CHUNKED + b"Content-Length: 5\r\n", LAST_CHUNK + SMUGGLED), 400,
                "length_and_encoding"),
        Request("two Content-Lengths", post(b"Content-Length: 0\r\nContent-Length: 44\r\n", SMUGGLED), 400, "bad_length"),
        Request("the same Content-Length twice", post(b"Content-Length: 0\r\nContent-Length: 0\r\n"), 400, "bad_length"),
        Request("a list of Content-Lengths", post(b"Content-Length: 0, 44\r\n", SMUGGLED), 400, "bad_length"),
        Request("Content-Length with a sign", post(b"Content-Length: +0\r\n", SMUGGLED), 400, "bad_length"),
        Request("a negative Content-Length", post(b"Content-Length: -1\r\n", SMUGGLED), 400, "bad_length"),
        Request("a hexadecimal Content-Length", post(b"Content-Length: 0x10\r\n", SMUGGLED), 400, "bad_length"),
        Request("a space inside Content-Length", post(b"Content-Length: 1 0\r\n", SMUGGLED), 400, "bad_length"),
        Request("an empty Content-Length", post(b"Content-Length: \r\n", SMUGGLED), 400, "bad_length"),
        Request("Content-Length beyond 64 bits", post(b"Content-Length: 99999999999999999999999\r\n", SMUGGLED), 400, "bad_length"),
        Request("Content-Length over `limits.body`", post(b"Content-Length: %d\r\n" % (BODY_BYTES + 1)), 413, "body_too_large"),
        Request("an empty Transfer-Encoding", post(b"Transfer-Encoding:\r\n", SMUGGLED), 400, "bad_encoding"),
        Request("Transfer-Encoding xchunked", post(b"Transfer-Encoding: xchunked\r\n", LAST_CHUNK + SMUGGLED), 400, "bad_encoding"),
        Request("Transfer-Encoding gzip, chunked", post(b"Transfer-Encoding: gzip, chunked\r\n", LAST_CHUNK), 400, "bad_encoding"),
        Request("Transfer-Encoding chunked, identity", post(b"Transfer-Encoding: chunked, identity\r\n", LAST_CHUNK + SMUGGLED), 400,
                "bad_encoding"),
        Request("Transfer-Encoding identity", post(b"Transfer-Encoding: identity\r\n", SMUGGLED), 400, "bad_encoding"),
        Request("Transfer-Encoding in quotes", post(b'Transfer-Encoding: "chunked"\r\n', LAST_CHUNK + SMUGGLED), 400, "bad_encoding"),
        Request("Transfer-Encoding twice", post(CHUNKED + CHUNKED, LAST_CHUNK + SMUGGLED), 400, "bad_encoding"),
        Request("Transfer-Encoding behind a vertical tab", post(b"Transfer-Encoding: \x0bchunked\r\n", LAST_CHUNK + SMUGGLED), 400,
                "bad_byte"),
        Request("a space before the colon of Transfer-Encoding", post(b"Transfer-Encoding : chunked\r\n", LAST_CHUNK), 400, "bad_header"),
        Request("Transfer-Encoding in HTTP/1.0", b"POST / HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n" + LAST_CHUNK, 400, "bad_encoding"),
        Request("`Transfer_Encoding`, which some read as the other", post(b"Transfer_Encoding: chunked\r\n", SMUGGLED), 200,
                seen=forwarded(b"POST / HTTP/1.1", framing=b"Content-Length: 0\r\n") + forwarded(b"GET /smuggled HTTP/1.1"),
                effect="the request without it; what follows is another request"),
        Request("a GET with a body", get(fields=b"Content-Length: 3\r\n") + b"abc", 200,
                seen=forwarded(framing=b"Content-Length: 3\r\n", body=b"abc"), effect="the request, with it"),
        Request("a POST without either", post(b""), 200, seen=forwarded(b"POST / HTTP/1.1", framing=b"Content-Length: 0\r\n"),
                effect="the request, with Content-Length: 0"),
    ],
    "Chunked body": [
        bad_chunk("a size that is not hexadecimal", b"zz\r\n"),
        bad_chunk("no size", b"\r\n"),
        bad_chunk("0x before the size", b"0x5\r\nabcde\r\n" + LAST_CHUNK),
        bad_chunk("a sign before the size", b"+5\r\nabcde\r\n" + LAST_CHUNK),
        bad_chunk("a space behind the size", b"5 \r\nabcde\r\n" + LAST_CHUNK),
        bad_chunk("a size of more than 15 digits", b"0000000000000005\r\nabcde\r\n" + LAST_CHUNK),
        bad_chunk("a bare LF behind the size", b"3\nabc\r\n" + LAST_CHUNK),
        bad_chunk("a NUL in an extension", b"3;\0\r\nabc\r\n" + LAST_CHUNK),
        bad_chunk("extensions of more than 4096 bytes", b"3;" + b"x" * 4097 + b"\r\nabc\r\n" + LAST_CHUNK),
        bad_chunk("a trailer line that is no field", b"0\r\nnon sense\r\n\r\n"),
        bad_chunk("a trailer of more than 4096 bytes", b"0\r\nX: " + b"y" * 4096 + b"\r\n\r\n", "trailer_too_large", 431),
        Request("no CRLF behind a chunk", [post(CHUNKED), b"3\r\nabcXX" + LAST_CHUNK], 400, "bad_chunk", CHUNKED_HEAD,
                "the head, then a reset"),
        Request("content over `limits.body`", [post(CHUNKED), b"%x\r\n" % (BODY_BYTES + 1) + b"x" * (BODY_BYTES + 1)], 413,
                "body_too_large", CHUNKED_HEAD, "the head, then a reset"),
        Request("an extension", post(CHUNKED, b"3;a=b\r\nabc\r\n" + LAST_CHUNK), 200,
                seen=CHUNKED_HEAD + b"3\r\nabc\r\n" + LAST_CHUNK, effect="the request, chunked anew without it"),
        Request("a trailer", post(CHUNKED, b"3\r\nabc\r\n0\r\nX-Client-Cert: me\r\n\r\n"), 200,
                seen=CHUNKED_HEAD + b"3\r\nabc\r\n" + LAST_CHUNK, effect="the request, chunked anew without it"),
    ],
    "Expect": [
        Request("`100-continue`: we send 100 once a backend is there",
                [post(b"Expect: 100-continue\r\nContent-Length: 3\r\n"), b"abc"], 200,
                seen=forwarded(b"POST / HTTP/1.1", framing=b"Content-Length: 3\r\n", body=b"abc"), effect="the request without it"),
        Request("`100-continue` with the body already there: no 100",
                post(b"Expect: 100-continue\r\nContent-Length: 3\r\n", b"abc"), 200,
                seen=forwarded(b"POST / HTTP/1.1", framing=b"Content-Length: 3\r\n", body=b"abc"), effect="the request without it"),
        Request("`100-continue` without a body: no 100", get(fields=b"Expect: 100-continue\r\n"), 200, seen=forwarded(),
                effect="the request without it"),
        Request("`100-continue` in HTTP/1.0: no 100", b"POST / HTTP/1.0\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
                200, seen=forwarded(b"POST / HTTP/1.1", framing=b"Content-Length: 3\r\n", body=b"abc"), effect="the request without it",
                closes=True),
        Request("anything else", post(b"Expect: 200-ok\r\nContent-Length: 3\r\n", b"abc"), 417, "expectation_failed"),
        Request("a list", post(b"Expect: 100-continue, x\r\nContent-Length: 3\r\n", b"abc"), 417, "expectation_failed"),
    ],
    "Connection": [
        Request("`Connection: close`", get(fields=b"Connection: close\r\n"), 200, seen=forwarded(), effect="the request without it",
                closes=True),
        Request("HTTP/1.0", get(line=b"GET / HTTP/1.0"), 200, seen=forwarded(), effect="the request, as HTTP/1.1", closes=True),
        Request("HTTP/1.0 with `Connection: keep-alive`", get(line=b"GET / HTTP/1.0", fields=b"Connection: keep-alive\r\n"), 200,
                seen=forwarded(), effect="the request, as HTTP/1.1", closes=False),
        Request("HTTP/1.0 without Host", b"GET / HTTP/1.0\r\n\r\n", 400, "no_host"),
        Request("two requests at once", get(b"/1") + get(b"/2"), 200,
                seen=forwarded(b"GET /1 HTTP/1.1") + forwarded(b"GET /2 HTTP/1.1"), effect="one after the other's answer"),
        Request("a request behind a refused one", raw_host(b"") + SMUGGLED, 400, "no_host"),
    ],
}


def ok(fields=b"", body=b"", line=b"HTTP/1.1 200 OK"):
    return line + b"\r\n" + fields + b"\r\n" + body


def bad(what, sent, reason="backend_bad_response", **more):
    return Response(what, sent, 502, reason, **more)


def cut(what, sent, then):
    """The backend ends in the middle: by FIN or by a reset."""
    return Response(what, sent, 200, "backend_truncated", effect="the beginning, then a reset", then=then)


LENGTH_3 = b"Content-Length: 3\r\n"
CLOSE = b"Connection: close\r\n"

RESPONSES = {
    "Head": [
        bad("no HTTP at all", b"nonsense\r\n\r\n"),
        bad("HTTP/2.0", ok(LENGTH_3, b"xyz", b"HTTP/2.0 200 OK")),
        bad("a status of two digits", ok(LENGTH_3, b"xyz", b"HTTP/1.1 99 Low")),
        bad("a status over 599", ok(LENGTH_3, b"xyz", b"HTTP/1.1 600 High")),
        bad("a bare LF at the end of a line", b"HTTP/1.1 200 OK\n" + LENGTH_3 + b"\r\nxyz"),
        bad("a folded field", ok(b"X: a\r\n b\r\n" + LENGTH_3, b"xyz")),
        bad("a NUL inside a field", ok(b"X: a\0b\r\n" + LENGTH_3, b"xyz")),
        bad("a field without colon", ok(b"nonsense\r\n" + LENGTH_3, b"xyz")),
        bad("a space before the colon", ok(b"X : y\r\n" + LENGTH_3, b"xyz")),
        bad("more fields than `limits.header_count`", ok(b"X: y\r\n" * (HEADER_COUNT + 1) + LENGTH_3, b"xyz"),
            "backend_head_too_large"),
        bad("a head over `limits.header_bytes`", ok(b"X: " + b"y" * HEADER_BYTES + b"\r\n" + LENGTH_3, b"xyz"),
            "backend_head_too_large"),
        Response("no reason phrase", ok(LENGTH_3, b"xyz", b"HTTP/1.1 200"), 200, got=ok(LENGTH_3, b"xyz", b"HTTP/1.1 200 "),
                 effect="the response", reused=True),
        Response("hop-by-hop fields, and those that Connection names",
                 ok(b"Connection: X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nX: y\r\n" + LENGTH_3,
                    b"xyz"), 200, got=ok(b"X: y\r\n" + LENGTH_3, b"xyz"), effect="the response without them", reused=True),
    ],
    "Length and coding of the body": [
        bad("two Content-Lengths", ok(b"Content-Length: 2\r\nContent-Length: 3\r\n", b"xyz"), "backend_bad_framing"),
        bad("the same Content-Length twice", ok(LENGTH_3 + LENGTH_3, b"xyz"), "backend_bad_framing"),
        bad("a list of Content-Lengths", ok(b"Content-Length: 3, 3\r\n", b"xyz"), "backend_bad_framing"),
        bad("Content-Length with a sign", ok(b"Content-Length: +3\r\n", b"xyz"), "backend_bad_framing"),
        bad("an empty Content-Length", ok(b"Content-Length:\r\n", b"xyz"), "backend_bad_framing"),
        bad("Content-Length beyond 64 bits", ok(b"Content-Length: 99999999999999999999999\r\n", b"xyz"), "backend_bad_framing"),
        bad("Content-Length beside chunked", ok(LENGTH_3 + CHUNKED, LAST_CHUNK), "backend_bad_framing"),
        bad("chunked beside Content-Length", ok(CHUNKED + LENGTH_3, LAST_CHUNK), "backend_bad_framing"),
        bad("an empty Transfer-Encoding", ok(b"Transfer-Encoding:\r\n" + LENGTH_3, b"xyz"), "backend_bad_framing"),
        bad("Transfer-Encoding xchunked", ok(b"Transfer-Encoding: xchunked\r\n", LAST_CHUNK), "backend_bad_framing"),
        bad("Transfer-Encoding gzip, chunked", ok(b"Transfer-Encoding: gzip, chunked\r\n", LAST_CHUNK), "backend_bad_framing"),
        bad("Transfer-Encoding twice", ok(CHUNKED + CHUNKED, LAST_CHUNK), "backend_bad_framing"),
        bad("Transfer-Encoding in HTTP/1.0", ok(CHUNKED, LAST_CHUNK, b"HTTP/1.0 200 OK"), "backend_bad_framing"),
        Response("a chunk size that is not hexadecimal", ok(CHUNKED, b"zz\r\n"), 200, "backend_bad_framing",
                 effect="the head, then a reset"),
        Response("no CRLF behind a chunk", ok(CHUNKED, b"3\r\nxyzXX"), 200, "backend_bad_framing",
                 effect="the beginning, then a reset"),
        Response("an extension and a trailer", ok(CHUNKED, b"3;a=b\r\nxyz\r\n0\r\nX: y\r\n\r\n"), 200,
                 got=ok(CHUNKED, b"3\r\nxyz\r\n" + LAST_CHUNK), effect="the response, chunked anew without them", reused=True),
        Response("neither length nor coding: until it closes", ok(b"", b"xyz"), 200, got=ok(CHUNKED, b"3\r\nxyz\r\n" + LAST_CHUNK),
                 effect="the response, chunked", then="fin"),
        Response("the same, to a client of HTTP/1.0", ok(b"", b"xyz"), 200, got=ok(CLOSE, b"xyz"), version="1.0",
                 effect="the response, until we close", then="fin"),
        Response("chunked, to a client of HTTP/1.0", ok(CHUNKED, b"3\r\nxyz\r\n" + LAST_CHUNK), 200, got=ok(CLOSE, b"xyz"),
                 version="1.0", effect="the response, until we close", reused=True),
        Response("bytes behind the response", ok(LENGTH_3, b"xyz") + ok(LENGTH_3, b"zzz"), 200, got=ok(LENGTH_3, b"xyz"),
                 effect="the response; they reach nobody"),
    ],
    "Responses without a body": [
        Response("HEAD, with a Content-Length", ok(LENGTH_3), 200, got=ok(LENGTH_3), method="HEAD", effect="the head", reused=True),
        Response("HEAD, chunked", ok(CHUNKED), 200, got=ok(), method="HEAD", effect="the head without the coding", reused=True),
        Response("HEAD, answered with a body", ok(LENGTH_3, b"xyz"), 200, got=ok(LENGTH_3), method="HEAD",
                 effect="the head; the body reaches nobody"),
        Response("304 with a Content-Length", ok(LENGTH_3, line=b"HTTP/1.1 304 Not Modified"), 304,
                 got=ok(LENGTH_3, line=b"HTTP/1.1 304 Not Modified"), effect="the head", reused=True),
        Response("304 with a body", ok(LENGTH_3, b"xyz", b"HTTP/1.1 304 Not Modified"), 304,
                 got=ok(LENGTH_3, line=b"HTTP/1.1 304 Not Modified"), effect="the head; the body reaches nobody"),
        Response("204", ok(line=b"HTTP/1.1 204 No Content"), 204, got=ok(line=b"HTTP/1.1 204 No Content"), effect="the head",
                 reused=True),
        Response("204 with a Content-Length and a body", ok(LENGTH_3, b"xyz", b"HTTP/1.1 204 No Content"), 204,
                 got=ok(line=b"HTTP/1.1 204 No Content"), effect="the head without it; the body reaches nobody"),
    ],
    "Interim responses": [
        Response("100", ok(line=b"HTTP/1.1 100 Continue") + ok(LENGTH_3, b"xyz"), 200, got=ok(LENGTH_3, b"xyz"),
                 effect="the final response alone", reused=True),
        Response("103", ok(b"Link: </x>\r\n", line=b"HTTP/1.1 103 Early Hints") + ok(LENGTH_3, b"xyz"), 200, got=ok(LENGTH_3, b"xyz"),
                 effect="the final response alone", reused=True),
        bad("more than 8 of them", ok(line=b"HTTP/1.1 102 Processing") * 9 + ok(LENGTH_3, b"xyz"), "backend_interim_flood"),
        bad("one with a Content-Length", ok(LENGTH_3, b"xyz", b"HTTP/1.1 103 Early Hints") + ok(LENGTH_3, b"xyz"),
            "backend_bad_framing"),
        bad("one, and the backend closes", ok(line=b"HTTP/1.1 103 Early Hints"), "backend_closed", then="fin"),
        bad("101, and bytes of another protocol", ok(b"Upgrade: x\r\nConnection: Upgrade\r\n", b"xyz",
                                                     b"HTTP/1.1 101 Switching Protocols"), "backend_upgrade"),
    ],
    "Connection": [
        Response("`Connection: close`", ok(CLOSE + LENGTH_3, b"xyz"), 200, got=ok(LENGTH_3, b"xyz"), effect="the response"),
        Response("HTTP/1.0", ok(LENGTH_3, b"xyz", b"HTTP/1.0 200 OK"), 200, got=ok(LENGTH_3, b"xyz"), effect="the response"),
        Response("HTTP/1.0 with `Connection: keep-alive`, not believed", ok(b"Connection: keep-alive\r\n" + LENGTH_3, b"xyz",
                                                                            b"HTTP/1.0 200 OK"), 200,
                 got=ok(LENGTH_3, b"xyz"), effect="the response"),
    ],
    "Backends that go away": [
        bad("FIN before the head", b"", "backend_closed", then="fin"),
        bad("reset before the head", b"", "backend_closed", then="rst"),
        bad("FIN inside the head", b"HTTP/1.1 200 OK\r\nContent-", "backend_closed", then="fin"),
        bad("reset inside the head", b"HTTP/1.1 200 OK\r\nContent-", "backend_closed", then="rst"),
        cut("FIN behind the head", ok(LENGTH_3), "fin"),
        cut("reset behind the head", ok(LENGTH_3), "rst"),
        cut("FIN inside a body of known length", ok(LENGTH_3, b"xy"), "fin"),
        cut("reset inside a body of known length", ok(LENGTH_3, b"xy"), "rst"),
        cut("FIN between chunks", ok(CHUNKED, b"2\r\nxy\r\n"), "fin"),
        cut("reset between chunks", ok(CHUNKED, b"2\r\nxy\r\n"), "rst"),
        cut("FIN inside a chunk", ok(CHUNKED, b"3\r\nxy"), "fin"),
        cut("FIN before the end of the last chunk", ok(CHUNKED, b"2\r\nxy\r\n0\r\n"), "fin"),
        cut("reset where the body lasts until it closes", ok(b"", b"xyz"), "rst"),
        Response("reset behind the whole response", ok(LENGTH_3, b"xyz"), 200, got=ok(LENGTH_3, b"xyz"), effect="the response",
                 then="rst"),
    ],
}
