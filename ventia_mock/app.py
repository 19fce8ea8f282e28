"""The stand-in as an ASGI application: its own routes, and the platform beside them."""

from __future__ import annotations

from collections.abc import Collection

from starlette.types import Receive, Scope, Send

from ventia_mock.control.events import Changes
from ventia_mock.control.routes import Control, is_own
from ventia_mock.log import flush_log
from ventia_mock.stand_in import StandIn


class App:
    """An ASGI application that serves a stand-in.

    Args:
        hosts: names besides `localhost` under which a browser may reach it.
    """

    def __init__(self, stand_in: StandIn, hosts: Collection[str] = ()) -> None:
        self._stand_in, self._changes = stand_in, Changes(stand_in.journal)
        self._control = Control(stand_in, self._changes, hosts)
        self.patience = stand_in.patience
        """Seconds that requests under way may take when the server stops."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, to the platform or to the stand-in itself."""
        # The platform is looked up for each request, since a changed document replaces it.
        await (self._control if is_own(scope["path"]) else self._stand_in.platform)(scope, receive, send)

    def stop(self) -> None:
        """End all waits and event streams."""
        self._changes.end()

    async def close(self) -> None:
        """Close the stand-in, and write the rest of the log before a signal ends the process."""
        await self._stand_in.close()
        flush_log()
