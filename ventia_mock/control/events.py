"""Sends changes of the journal to browsers as they come (Server-Sent Events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from ventia_document.source import Json
from ventia_mock.journal.journal import Journal

_PAUSE = 0.1  # seconds between two events
_FLOOD = 50  # changes between two events, after which the next one comes after
_LONG_PAUSE = 1.0  # seconds, since nobody reads that fast, and each event makes a page fetch what is new
_PING = 15.0  # seconds of silence, after which a write shows whether the browser is still there


class Changes:
    """The changes of a journal, for tasks of the server's event loop.

    Attributes:
        is_over: whether the server stops.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_over = False
        journal.listen(self._wake)

    async def next(self, seconds: float) -> None:
        """Wait for the next change, the end, or so many seconds."""
        self._loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            await asyncio.wait_for(changed.wait(), 0 if self.is_over else seconds)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(changed)

    def end(self) -> None:
        """End all waits and streams."""
        self.is_over = True
        self._wake()

    def stream(self) -> StreamingResponse:
        """Events with the newest number and the counters of the journal: one at once, and one after each change."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(), media_type="text/event-stream", headers=headers)

    async def _events(self) -> AsyncIterator[str]:
        sent = None
        while not self.is_over:
            state = self._state()
            yield f"data: {json.dumps(state)}\n\n" if state != sent else ": still here\n\n"
            is_flood = sent is not None and state["newest"] - sent["newest"] > _FLOOD
            sent = state
            await asyncio.sleep(_LONG_PAUSE if is_flood else _PAUSE)
            if state == self._state():
                await self.next(_PING)

    def _state(self) -> Json:
        return {"newest": self._journal.newest(), **self._journal.counters()}

    def _wake(self) -> None:
        if self._loop:
            for changed in list(self._waiting):
                self._loop.call_soon_threadsafe(changed.set)
