"""Tells browsers of changes as they come (Server-Sent Events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from ventia_mock.journal.journal import Journal

_PAUSE = 0.1  # seconds between two events, so that a flood of messages is no flood of events
_PING = 15.0  # seconds of silence, after which one finds out whether the browser is still there


class Changes:
    """The changes of a journal, for those who wait for them in the event loop of the server."""

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
        """Let all who wait go on, and end all streams."""
        self.is_over = True
        self._wake()

    def stream(self) -> StreamingResponse:
        """An event with the number of the newest message now, and after each change."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(), media_type="text/event-stream", headers=headers)

    async def _events(self) -> AsyncIterator[str]:
        told = None
        while not self.is_over:
            state = {"newest": self._journal.newest(), **self._journal.shown()}
            yield f"data: {json.dumps(state)}\n\n" if state != told else ": still here\n\n"
            told = state
            await asyncio.sleep(_PAUSE)
            if state == {"newest": self._journal.newest(), **self._journal.shown()}:
                await self.next(_PING)

    def _wake(self) -> None:
        if self._loop:
            for changed in list(self._waiting):
                self._loop.call_soon_threadsafe(changed.set)
