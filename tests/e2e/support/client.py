# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that speak from inside the lab: a TLS client that shows every byte, and curl."""

import socket
import ssl

from support.http_wire import Stream, Truncated, read_body, read_head
from support.lab import GATEWAY_FRONT
from support.tap import Failure

PORT = 443


class Response:
    def __init__(self, head, body, trailer):
        self.head = head
        self.body = body
        self.trailer = trailer
        self.status = int(head.start_line.split(" ")[1])

    def get(self, name):
        return self.head.get(name)

    @property
    def text(self):
        return self.body.decode("latin-1")


def context(pki, identity=None, *, version=None):
    """A client that trusts the lab's server CA, with the certificate and key files of identity."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.load_verify_locations(pki.server_ca)
    if version is not None:
        tls.minimum_version = tls.maximum_version = version
    if identity is not None:
        tls.load_cert_chain(identity.chain, identity.key)
    return tls


def connect(lab, *, timeout_s=10, rx_buffer_bytes=None, port=PORT):
    """A plain TCP connection to the gateway's front."""
    sock = lab.socket("client")
    if rx_buffer_bytes is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rx_buffer_bytes)
    sock.settimeout(timeout_s)
    sock.connect((GATEWAY_FRONT, port))
    return sock


class TlsClient:
    """One TLS connection; requests are bytes, responses are read strictly."""

    def __init__(self, lab, tls, *, sni="api.example", session=None, any_name=False, **options):
        """any_name: a certificate for another name than sni will do."""
        raw = connect(lab, **options)
        tls.check_hostname = sni is not None and not any_name
        try:
            self.sock = tls.wrap_socket(raw, server_hostname=sni, suppress_ragged_eofs=False, session=session)
        except BaseException:
            raw.close()
            raise
        self.stream = Stream(self._recv)
        self.reset = False  # the peer ended with RST, not with close_notify or FIN
        self.ragged = False  # FIN without close_notify

    def _recv(self, count):
        try:
            return self.sock.recv(count)
        except ssl.SSLEOFError:
            self.ragged = True
        except ConnectionResetError:
            self.reset = True
        except ssl.SSLZeroReturnError:
            pass
        return b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def read(self, *, head_only=False):
        """The next response, whole.  head_only: the answer to HEAD."""
        try:
            head = read_head(self.stream)
            status = int(head.start_line.split(" ")[1])
            if head_only or status in (204, 304) or status < 200:
                return Response(head, b"", b"")
            body, trailer = read_body(self.stream, head, until_close=True)
            return Response(head, body, trailer)
        except Truncated as error:
            raise Failure(f"no whole response: {error}{' (reset)' if self.reset else ''}") from error
        except TimeoutError as error:
            raise Failure(f"no response in time after {bytes(self.stream.seen)[-200:]!r}") from error

    def ask(self, data, **options):
        self.send(data)
        return self.read(**options)

    def closed_by_peer(self):
        return self.stream.at_end()


def get(target="/", *, host="api.example", method="GET", fields=(), body=b"", version="1.1"):
    """The bytes of a request."""
    lines = [f"{method} {target} HTTP/{version}", f"Host: {host}", *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
