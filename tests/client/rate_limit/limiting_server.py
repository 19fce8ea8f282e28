"""A server that enforces a rate limit: no more requests in any period of so many seconds."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.fault_server import LIMITED, SUCCESS, answer, encoded


class Limited:
    """What a server saw.

    Attributes:
        accepted: when each request was accepted, by time.monotonic().
        refused: how many were not.
    """

    def __init__(self, requests: int, seconds: float) -> None:
        self.url = ""
        self.accepted: list[float] = []
        self.refused = 0
        self.retry_after = "1"
        self._window: deque[float] = deque()
        self._requests, self._seconds = requests, seconds

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                [length] = [
                    int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
                ]
                await reader.readexactly(length)
                writer.write(self._answer().replace(b"Connection: close\r\n", b""))
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    def _answer(self) -> bytes:
        now = time.monotonic()
        while self._window and self._window[0] <= now - self._seconds:
            self._window.popleft()
        if len(self._window) >= self._requests:
            self.refused += 1
            return answer("429 Too Many Requests", LIMITED, f"Retry-After: {self.retry_after}")
        self._window.append(now)
        self.accepted.append(now)
        return answer("200 OK", encoded(SUCCESS))

    def share_used(self) -> float:
        """How much of the allowed rate was used: the time that so many requests need, of the time that they took."""
        periods = (len(self.accepted) - 1) // self._requests
        return periods * self._seconds / (self.accepted[periods * self._requests] - self.accepted[0])


@contextmanager
def limiting(requests: int, seconds: float) -> Iterator[Limited]:
    """Serve in a thread of its own."""
    server, loop, started, stop = (
        Limited(requests, seconds),
        asyncio.new_event_loop(),
        threading.Event(),
        asyncio.Event(),
    )

    async def main() -> None:
        listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
        server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        started.set()
        await stop.wait()
        listening.close()
        if left := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(left, timeout=2)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),))
    thread.start()
    started.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
