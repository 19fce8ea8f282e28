"""A server on raw sockets: a thread for each connection, in which a plain function does with it what it wants.

It counts the connections, and by `localId` the messages that it took.
"""

from __future__ import annotations

import contextlib
import functools
import json
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import trustme

from tests.support.fault_server import SUCCESS, content_length, encoded

LONGEST = 20.0
"""Seconds after which the server gives a connection up, so that no test hangs."""


@functools.cache
def authority() -> trustme.CA:
    """The certificate authority of all TLS servers of this process."""
    return trustme.CA()


def certificate() -> str:
    """The authority's certificate, as PEM."""
    return authority().cert_pem.bytes().decode()


@functools.cache
def server_tls(version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """A server's TLS settings for one version, with a certificate for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    authority().issue_cert("127.0.0.1", "slow.test").configure_cert(context)
    return context


def answer(status: str = "200 OK", value: object = SUCCESS, *headers: str) -> bytes:
    """The bytes of an answer after which the connection is kept; bytes are a body as it stands."""
    body = value if isinstance(value, bytes) else encoded(value)
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunked(*chunks: bytes, trailers: bytes = b"") -> bytes:
    """The bytes of an answer of success in chunks."""
    parts = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(parts) + b"0\r\n" + trailers + b"\r\n"


REFUSED = {"success": False, "error": "refused", "details": "by the test"}


@dataclass(frozen=True)
class Request:
    """A request as it came in.

    Attributes:
        head: its bytes up to the empty line.
        local_id: of its message.
    """

    head: bytes
    local_id: str

    @property
    def target(self) -> str:
        """The path and query."""
        return self.head.split(b" ", 2)[1].decode()


class Connection:
    """One connection.

    Attributes:
        number: how many the server had before.
        socket: what its bytes go through.
    """

    def __init__(self, server: RawServer, number: int, connected: socket.socket) -> None:
        self.server, self.number, self.socket = server, number, connected
        self._read = b""

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Go on in TLS."""
        encrypted = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.socket = encrypted
        encrypted.do_handshake()

    def read(self) -> Request | None:
        """The next request, whole; None if the client has closed."""
        head, _, rest = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        if not head:
            return None
        size = content_length(head + b"\r\n\r\n")
        while len(rest) < size:
            rest += self._receive()
        self._read = rest[size:]
        request = Request(head, str(json.loads(rest[:size] or b"{}").get("localId")))
        self.server.requests.append(request)
        return request

    def take(self) -> Request | None:
        """The next request, whose message is counted as taken."""
        if (request := self.read()) is not None:
            self.server.taken[request.local_id] += 1
        return request

    def _until(self, end: bytes) -> bytes:
        while end not in self._read:
            received = self.socket.recv(65536)
            if not received:
                return b""
            self._read += received
        return self._read

    def _receive(self) -> bytes:
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionError("the client has closed in the middle of a request")
        return received

    def send(self, *parts: bytes, pause: float = 0.0) -> None:
        """Send parts, each in a segment of its own, with a pause after each."""
        for part in parts:
            self.socket.sendall(part)
            self.server.stopped.wait(pause)

    def drip(self, *parts: bytes, again: bytes = b"", pause: float = 0.05) -> None:
        """Send parts, and then bytes again and again, until the client closes or the server stops."""
        for part in parts:
            self.send(part, pause=pause)
        until = time.monotonic() + LONGEST
        while again and time.monotonic() < until and not self.server.stopped.is_set():
            self.send(again, pause=pause)

    def hang(self) -> None:
        """Do nothing until the client closes, or the server stops."""
        while self.socket.recv(65536):
            pass

    def reset(self) -> None:
        """End it with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


Handler = Callable[[Connection], None]


class RawServer:
    """A server whose handler has each connection in a thread.

    Attributes:
        taken: messages by `localId`.
        requests: all that came in whole.
        accepted: connections until now.
        reached: for handlers, to say that a call is where a test wants it.
        stopped: set when the server ends.
    """

    def __init__(self, handler: Handler, tls: ssl.SSLContext | None = None) -> None:
        self.taken: Counter[str] = Counter()
        self.requests: list[Request] = []
        self.accepted = 0
        self.reached, self.stopped = threading.Event(), threading.Event()
        self._handler, self._tls = handler, tls
        self._open: dict[int, Connection] = {}
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._listening.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"

    @property
    def open(self) -> int:
        """How many connections neither side has closed."""
        return len(self._open)

    def accept(self) -> None:
        """Accept connections until `stop`."""
        while not self.stopped.is_set():
            try:
                connected, _ = self._listening.accept()
            except OSError:
                return
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected.settimeout(LONGEST)
            self._open[self.accepted] = connection = Connection(self, self.accepted, connected)
            self.accepted += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            thread.start()
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]

    def _serve(self, connection: Connection) -> None:
        with contextlib.suppress(OSError):  # whatever the client did, the test tells by what it took
            if self._tls is not None:
                connection.encrypt(self._tls)
            self._handler(connection)
        self._open.pop(connection.number)
        connection.socket.close()

    def stop(self) -> None:
        """End all connections, and wait for their threads."""
        self.stopped.set()
        for each in [self._listening, *[connection.socket for connection in list(self._open.values())]]:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # that of an SSLSocket would let ciphertext be read
        self._listening.close()
        for thread in self._threads:
            thread.join(LONGEST)


@contextmanager
def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Serve with a handler."""
    server = RawServer(handler, tls)
    accepting = threading.Thread(target=server.accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        server.stop()
        accepting.join(LONGEST)


def taking(connection: Connection) -> None:
    """Take every message, and say so."""
    while connection.take():
        connection.send(answer())


AT_ONCE = 100
"""Calls that are under way at the same time, as many as httpx has connections."""


class Gate:
    """Takes every message; once it is closed, none is answered before so many are there.

    Args:
        keeps: whether a connection is kept after an answer; if not, every call connects.
    """

    def __init__(self, *, keeps: bool) -> None:
        self._answer = answer() if keeps else answer("200 OK", SUCCESS, "Connection: close")
        self._keeps = keeps
        self._waiting: list[str] = []
        self.is_closed = False

    def __call__(self, connection: Connection) -> None:
        while request := connection.take():
            if self.is_closed:
                self._waiting.append(request.local_id)
                while len(self._waiting) < AT_ONCE and not connection.server.stopped.wait(0.01):
                    pass
            connection.send(self._answer)
            if not self._keeps:
                return

    def close(self) -> None:
        """Answer nobody before so many are there."""
        self._waiting.clear()
        self.is_closed = True


@contextmanager
def dead_addresses() -> Iterator[int]:
    """A port at which six addresses of this machine accept nobody, and refuse nobody: it is taken as a lost packet."""
    with ExitStack() as stack:
        port = 0
        for number in range(2, 8):
            full = stack.enter_context(socket.socket())
            full.bind((f"127.0.0.{number}", port))
            full.listen(0)
            port = full.getsockname()[1]
            for _ in range(3):  # one more than its backlog takes, and one that shows that
                waiting = stack.enter_context(socket.socket())
                waiting.settimeout(0)
                waiting.connect_ex(("127.0.0." + str(number), port))
        yield port
