#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the corpora of the fuzz targets in this folder, one small file an input, named by what it is."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"


def get(target):
    return b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n"


def line(text):
    return POST + text + b"\r\n\r\n"


REQUEST = {
    "ok_get": GET + b"Accept: */*\r\n\r\n",
    "ok_absolute_target": b"GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n",
    "ok_options_asterisk": b"OPTIONS * HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
    "ok_http_1_0_keep_alive": b"GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
    "ok_empty_line_before": b"\r\n" + GET + b"\r\n",
    "ok_length": POST + b"Content-Length: 5\r\n\r\nabcde",
    "ok_chunked": POST + CHUNKED + b"5;e=f\r\nabcde\r\n0\r\nTrailer: t\r\n\r\n",
    "ok_pipelined": GET + b"\r\n" + POST + b"Content-Length: 1\r\n\r\nx",
    "ok_expect": POST + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
    "ok_upgrade": GET + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "ok_stripped": GET + b"Client-Cert: x\r\nclient_cert: y\r\nX-Forwarded-For: z\r\n"
                   b"Connection: client-cert, b\r\nB: c\r\nD: e\r\n\r\n",
    "more_half_head": GET,
    "more_half_body": POST + b"Content-Length: 5\r\n\r\nab",
    "bad_byte_bare_lf": line(b"A: b\nC: d"),
    "bad_byte_bare_cr": line(b"A: b\rC: d"),
    "bad_byte_fold": line(b"A: b\r\n c"),
    "bad_byte_nul": line(b"A: \0"),
    "bad_byte_tls": b"\x16\x03\x01\x00\x05\x01",
    "bad_request_line_two_spaces": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "bad_request_line_method": b"G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
    "bad_version_none": b"GET /\r\n\r\n",
    "bad_version_2_0": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "method_not_allowed_trace": b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
    "method_not_allowed_connect": b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "method_not_implemented": b"PLAY / HTTP/1.1\r\nHost: a\r\n\r\n",
    "bad_header_space_before_colon": line(b"A : b"),
    "bad_header_no_colon": line(b"Ab"),
    "bad_connection": line(b"Connection: " + b",".join([b"a"] * 17)),
    "target_too_long": get(b"/" + b"a" * 2100),
    "head_too_large": line(b"A: " + b"a" * 2100),
    "too_many_headers": line(b"\r\n".join([b"A: b"] * 48)),
    "bad_target_fragment": get(b"/a#b"),
    "bad_target_form": get(b"a"),
    "unsafe_path_dots": get(b"/a/../b"),
    "unsafe_path_double_slash": get(b"//a"),
    "unsafe_path_encoded_slash": get(b"/a%2fb"),
    "unsafe_path_encoded_twice": get(b"/a%252fb"),
    "no_host": b"GET / HTTP/1.1\r\n\r\n",
    "several_hosts": line(b"Host: a"),
    "bad_host": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "target_not_host": get(b"http://b/"),
    "bad_length_sign": line(b"Content-Length: +1"),
    "bad_length_twice": line(b"Content-Length: 1\r\nContent-Length: 1"),
    "bad_length_overflow": line(b"Content-Length: 18446744073709551616"),
    "bad_encoding_empty": line(b"Transfer-Encoding:"),
    "bad_encoding_list": line(b"Transfer-Encoding: gzip, chunked"),
    "length_and_encoding": POST + b"Content-Length: 1\r\n" + CHUNKED + b"0\r\n\r\n",
    "expectation_failed": line(b"Expect: x"),
    "body_too_large_by_length": line(b"Content-Length: 1025"),
    "body_too_large_by_chunks": POST + CHUNKED + b"401\r\n" + b"a" * 1025,
    "bad_chunk_size": POST + CHUNKED + b"x\r\n",
    "bad_chunk_digits": POST + CHUNKED + b"0" * 16,
    "bad_chunk_end": POST + CHUNKED + b"1\r\nabc",
    "bad_chunk_trailer": POST + CHUNKED + b"0\r\nA : b\r\n\r\n",
    "trailer_too_large": POST + CHUNKED + b"0\r\nA: " + b"a" * 4100,
}

# One byte in front: bit 0: HEAD, bit 1: HTTP/1.0 client, bit 2: no end of stream behind.
RESPONSE = {
    "ok_length": b"4" + OK + b"Content-Length: 3\r\n\r\nabc",
    "ok_chunked": b"4" + OK + CHUNKED + b"3;e\r\nabc\r\n0\r\nA: b\r\n\r\n",
    "ok_chunked_for_http_1_0": b"6" + OK + CHUNKED + b"3\r\nabc\r\n0\r\n\r\n",
    "ok_until_close": b"0" + OK + b"\r\nabc",
    "ok_until_close_for_http_1_0": b"2" + OK + b"\r\nabc",
    "ok_head": b"5" + OK + b"Content-Length: 3\r\n\r\n",
    "ok_head_chunked": b"5" + OK + CHUNKED,
    "ok_204": b"4HTTP/1.1 204 No Content\r\n\r\n",
    "ok_204_with_length": b"4HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n",
    "ok_304_with_length": b"4HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n",
    "ok_interim": b"4HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 H\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n",
    "ok_http_1_0_backend": b"0HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
    "ok_hop_by_hop": b"4" + OK + b"Connection: a, close\r\nA: b\r\nKeep-Alive: c\r\nContent-Length: 0\r\n\r\n",
    "ok_bytes_behind": b"4" + OK + b"Content-Length: 1\r\n\r\nabc",
    "ok_no_reason": b"4HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
    "more_half_head": b"4" + OK,
    "more_half_body": b"4" + OK + b"Content-Length: 3\r\n\r\nab",
    "backend_closed": b"0" + OK,
    "backend_closed_at_once": b"0",
    "backend_bad_response_status": b"4HTTP/1.1 2000 OK\r\n\r\n",
    "backend_bad_response_version": b"4HTTP/2.0 200 OK\r\n\r\n",
    "backend_bad_response_bare_lf": b"4" + OK + b"A: b\nC: d\r\n\r\n",
    "backend_bad_response_fold": b"4" + OK + b"A: b\r\n c\r\n\r\n",
    "backend_bad_framing_both": b"4" + OK + b"Content-Length: 1\r\n" + CHUNKED,
    "backend_bad_framing_two_lengths": b"4" + OK + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
    "backend_bad_framing_encoding": b"4" + OK + b"Transfer-Encoding: xchunked\r\n\r\n",
    "backend_bad_framing_chunk": b"4" + OK + CHUNKED + b"1\r\nab\r\n",
    "backend_head_too_large": b"4" + OK + b"A: " + b"a" * 2100,
    "backend_head_too_large_count": b"4" + OK + b"A: b\r\n" * 49 + b"\r\n",
    "backend_upgrade": b"4HTTP/1.1 101 S\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n",
    "backend_interim_flood": b"4" + b"HTTP/1.1 103 H\r\n\r\n" * 9,
    "backend_truncated_length": b"0" + OK + b"Content-Length: 3\r\n\r\nab",
    "backend_truncated_chunks": b"0" + OK + CHUNKED + b"3\r\nabc\r\n",
}


def exchange_corpus():
    """Some of both: piece and sink sizes, the client's bytes, "\\n--\\n", the backend's."""
    good = REQUEST["ok_get"]
    for name, request in REQUEST.items():
        yield name, b"\x01\x00" + request + b"\n--\n" + OK + b"Content-Length: 3\r\n\r\nabc"
    for name, response in RESPONSE.items():
        yield "response_" + name, b"\x03\x02" + good + b"\n--\n" + response[1:]


def write(parser, inputs):
    folder = os.path.join(HERE, "..", "corpus", parser)
    os.makedirs(folder, exist_ok=True)
    for name, data in inputs:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


write("http_request", REQUEST.items())
write("http_response", RESPONSE.items())
write("exchange", exchange_corpus())
