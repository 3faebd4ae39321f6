# SPDX-License-Identifier: GPL-3.0-or-later
"""Just enough HTTP/1.1 to read messages off a byte stream and keep every byte of them.

Deliberately lenient: it must be able to record what a faulty gateway sends.
"""


class Truncated(Exception):
    """The peer ended the stream inside a message; .seen is what had come."""

    def __init__(self, seen):
        super().__init__(f"stream ended after {seen[-200:]!r}")
        self.seen = seen


class Stream:
    """A buffered byte stream over any recv(n); keeps what it has read in .seen."""

    def __init__(self, recv):
        self._recv = recv
        self._waiting = b""
        self.seen = bytearray()
        self.ended = False

    def _more(self):
        data = self._recv(65536)
        if not data:
            self.ended = True
            raise Truncated(bytes(self.seen + self._waiting))
        self._waiting += data

    def received(self):
        """Every byte so far, read or not."""
        return bytes(self.seen) + self._waiting

    def _take(self, count):
        out, self._waiting = self._waiting[:count], self._waiting[count:]
        self.seen += out
        return out

    def at_end(self):
        """True when the peer closed and nothing is left.  Blocks until there is an answer."""
        if self._waiting:
            return False
        try:
            self._more()
        except Truncated:
            return True
        return False

    def until(self, mark):
        while mark not in self._waiting:
            self._more()
        return self._take(self._waiting.index(mark) + len(mark))

    def exactly(self, count):
        while len(self._waiting) < count:
            self._more()
        return self._take(count)

    def rest(self):
        while True:
            try:
                self._more()
            except Truncated:
                return self._take(len(self._waiting))

    def pieces(self, count):
        """Like exactly(), for bodies that do not fit into memory: yields, keeps nothing."""
        if self._waiting:
            first, self._waiting = self._waiting[:count], self._waiting[count:]
            count -= len(first)
            yield first
        while count > 0:
            data = self._recv(min(count, 262144))
            if not data:
                self.ended = True
                raise Truncated(b"(body not kept)")
            count -= len(data)
            yield data


class Head:
    """A start line and header fields, as received."""

    def __init__(self, raw):
        self.raw = raw
        lines = raw.decode("latin-1").split("\r\n")
        self.start_line = lines[0]
        self.fields = [tuple(part.strip() for part in line.partition(":")[::2]) for line in lines[1:] if line]

    def all(self, name):
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    def names(self):
        return [field.lower() for field, _ in self.fields]


def read_head(stream):
    return Head(stream.until(b"\r\n\r\n"))


def read_chunked(stream):
    """The body of a chunked message: (payload, trailer bytes)."""
    payload = bytearray()
    while True:
        size = int(stream.until(b"\r\n").split(b";")[0], 16)
        if size == 0:
            break
        payload += stream.exactly(size)
        stream.exactly(2)
    trailer = b""
    while True:
        line = stream.until(b"\r\n")
        if line == b"\r\n":
            return bytes(payload), trailer
        trailer += line


def read_body(stream, head, until_close=False):
    """The body that goes with a head: (payload, trailer bytes)."""
    if "chunked" in (head.get("transfer-encoding") or "").lower():
        return read_chunked(stream)
    if head.get("content-length") is not None:
        return stream.exactly(int(head.get("content-length"))), b""
    return (stream.rest() if until_close else b""), b""


def chunked(*pieces, trailer=b""):
    """The wire form of a chunked body."""
    out = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return out + b"0\r\n" + trailer + b"\r\n"
