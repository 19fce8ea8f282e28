"""A transport that makes fewer system calls than uvicorn asks for."""

from __future__ import annotations

import asyncio
from typing import Any


class GatheringTransport:
    """Sends together what is written in one turn of the event loop.

    uvicorn writes the head and the body of a response apart, and a system call takes longer than all that decides a
    request.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._written: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send bytes at the end of this turn."""
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(data)

    def close(self) -> None:
        """Send what is written, and hang up."""
        self._send()
        self._transport.close()

    def abort(self) -> None:
        """Reset the connection, whatever is written."""
        self._written.clear()
        self._transport.abort()

    def _send(self) -> None:
        written = b"".join(self._written)
        self._written.clear()
        if written and not self._transport.is_closing():  # as it is when the caller has hung up
            self._transport.write(written)
