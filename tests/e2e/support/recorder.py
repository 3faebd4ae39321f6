# SPDX-License-Identifier: GPL-3.0-or-later
"""A backend that remembers every byte it was sent, and answers as a test wants, politely or not.

`answer` is a function (connection, request): it is called when the head has arrived, may read the body, sends what
it likes, and says by its return value whether the connection stays open (None counts as yes).
"""

import hashlib
import socket
import threading
import time

from support.http_wire import Stream, Truncated, chunked, read_body, read_head
from support.tap import Failure


class Request:
    def __init__(self, connection, head):
        self.connection = connection
        self.head = head
        self.body = None
        self.trailer = b""
        self.method, self.target, self.version = (head.start_line.split(" ") + ["", ""])[:3]

    def read_body(self):
        if self.body is None:
            self.body, self.trailer = read_body(self.connection.stream, self.head)
        return self.body

    @property
    def raw(self):
        """The exact bytes of the head."""
        return self.head.raw


class Connection:
    def __init__(self, sock, number):
        self.sock = sock
        self.number = number
        self.served = False  # for answers that care
        self.over = False  # closed, by whichever side
        self.stream = Stream(sock.recv)

    def send(self, data):
        self.sock.sendall(data)

    def reset(self):
        """RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()

    def received(self):
        """Every byte so far, in order."""
        return self.stream.received()


def response(body=b"", *, status="200 OK", fields=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answer_ok(connection, request):
    request.read_body()
    body = f"{request.method} {request.target}\n".encode()
    connection.send(response(b"" if request.method == "HEAD" else body))


def answer_bytes(data, keep=True):
    """Reads the request, then sends exactly data."""

    def answer(connection, request):
        request.read_body()
        connection.send(data)
        return keep

    return answer


def answer_chunked(*pieces, trailer=b""):
    return answer_bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(*pieces, trailer=trailer))


def answer_digest(connection, request):
    """The SHA-256 of the body, of which nothing is kept."""
    got = hashlib.sha256()
    for piece in connection.stream.pieces(int(request.head.get("content-length"))):
        got.update(piece)
    request.body = b""
    connection.send(response(got.hexdigest().encode()))


def answer_never(connection, request):
    """Reads the request and says nothing until the gateway gives up."""
    request.read_body()
    connection.stream.at_end()
    return False


def answer_after(delay_s, then=answer_ok):
    def answer(connection, request):
        time.sleep(delay_s)
        return then(connection, request)

    return answer


class Recorder:
    """Listens inside the backend's namespace; one thread a connection."""

    def __init__(self, lab, address, port):
        self.answer = answer_ok
        self.on_accept = None
        self.requests = []
        self.connections = []
        self._changed = threading.Condition()
        self._closing = False
        self._lab = lab
        self._endpoint = (address, port)

    def __enter__(self):
        self._listener = self._lab.socket("backend")
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(self._endpoint)
        self._listener.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._closing = True
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()

    def _accept(self):
        while not self._closing:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(sock, len(self.connections))
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self.on_accept is not None:
                self.on_accept(connection)
            while True:
                request = Request(connection, read_head(connection.stream))
                with self._changed:
                    self.requests.append(request)
                    self._changed.notify_all()
                if self.answer(connection, request) is False:
                    break
                request.read_body()
        except (Truncated, OSError, ValueError):
            pass
        finally:
            connection.sock.close()
            connection.over = True

    def drop_connections(self):
        """Closes every connection from our side."""
        for connection in self.connections:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def forget(self, answer=answer_ok):
        """A clean slate for the next case."""
        self.answer = answer
        self.on_accept = None
        with self._changed:
            self.requests.clear()

    def wait_for(self, count, within_s=5.0):
        """The first count requests, once they have arrived."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, within_s):
                raise Failure(f"the backend saw {len(self.requests)} requests, not {count}")
            return self.requests[:count]

    def saw_any_byte(self):
        return any(connection.received() for connection in self.connections)
