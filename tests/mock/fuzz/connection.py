"""A connection that sends requests and reads responses at the same time."""

from __future__ import annotations

import re
import select
import socket
import struct
from typing import NamedTuple

HANG = 10.0
"""Seconds without a byte after which an answer counts as never given."""


class RawResponse(NamedTuple):
    """One answer as it came in."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Hung(Exception):
    """Nothing came for HANG seconds."""


class Unreadable(Exception):
    """The bytes that came are no HTTP response."""


class Connection:
    """One connection, that sends and reads at the same time.

    Attributes:
        ended: the server has hung up.
    """

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=HANG)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0)
        self._came = bytearray()
        self.interim = 0
        self.ended = False

    def send(self, data: bytes) -> None:
        """Send, and keep what comes meanwhile."""
        rest = memoryview(data)
        while rest and not self.ended:
            self._read(0, writing=True)
            try:
                rest = rest[self._socket.send(rest) :]
            except BlockingIOError:
                continue
            except OSError:
                return  # what it said before is still to be read

    def answer(self, method: str) -> RawResponse | None:
        """The next answer; None if the server hung up instead.

        Raises:
            Hung: none came.
            Unreadable: what came is none.
        """
        while not (answer := self._cut(method)):
            if self.ended:
                if self._came:
                    raise Unreadable(bytes(self._came[:200]))
                return None
            self._read(HANG)
        return answer

    def wait_for_interim(self) -> bool:
        """Whether `100 Continue` came, and no final answer."""
        while not self.ended:
            if self._came.startswith(CONTINUE):
                return True
            if b"\r\n\r\n" in self._came:
                return False
            self._read(HANG)
        return False

    def no_more(self) -> None:
        """End the sending half of the connection."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.ended = True

    def left(self) -> bytes:
        """Bytes that came besides the answers."""
        return bytes(self._came)

    def close(self, *, reset: bool = False) -> None:
        if reset:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def _read(self, seconds: float, *, writing: bool = False) -> None:
        readable, writable, _ = select.select([self._socket], [self._socket] if writing else [], [], seconds or HANG)
        if not readable and not writable:
            raise Hung
        if readable:
            try:
                part = self._socket.recv(1 << 16)
            except OSError:
                part = b""
            self._came += part
            self.ended = not part

    def _cut(self, method: str) -> RawResponse | None:
        while self._came.startswith(CONTINUE):
            del self._came[: len(CONTINUE)]
            self.interim += 1
        lines, end, _ = bytes(self._came).partition(b"\r\n\r\n")
        if not end:
            return None
        first, *others = lines.decode("latin-1").split("\r\n")
        status = re.fullmatch(r"HTTP/1\.1 ([2-5]\d\d) [\w '-]+", first)
        headers = [re.fullmatch(r"([\w-]+): ([^\x00-\x1f]*)", line) for line in others]
        lengths = [each[2] for each in headers if each and each[1] == "content-length"]
        if not status or not all(headers) or len(lengths) != 1 or not lengths[0].isdecimal():
            raise Unreadable(lines[:300])
        begin = len(lines) + len(end)
        stop = begin + (0 if method == "HEAD" else int(lengths[0]))
        if len(self._came) < stop:
            return None
        body = bytes(self._came[begin:stop])
        del self._came[:stop]
        return RawResponse(int(status[1]), [(each[1], each[2]) for each in headers if each], body)


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
