"""The stand-in as a whole: the platform, and its own routes beside it, of one document and one world."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from pathlib import Path

from starlette.types import Receive, Scope, Send

from ventia_document.source import Json, Source
from ventia_mock.control.events import Changes
from ventia_mock.control.routes import OWN_PAGES, Control
from ventia_mock.journal.journal import Journal
from ventia_mock.platform.platform import Platform
from ventia_mock.platform.rate_limiter import Limiter
from ventia_mock.platform.upstream import TIMEOUT, Upstream
from ventia_mock.world.file import World, read_world


class StandIn:
    """An ASGI application.

    Args:
        world: what it knows, the default world where it is not given.
        journal: in memory where it is not given.
        limiter: makes the rate limit of a company from a document, None for none.
        upstream: the server that valid requests are passed on to; None for the world to answer them.
        hosts: names besides `localhost` under which a browser finds it.

    Raises:
        DocumentError: the document or the world cannot be served; the text says where.
    """

    def __init__(
        self,
        source: Source,
        world: World | None = None,
        *,
        journal: Journal | None = None,
        limiter: Callable[[Json], Limiter | None] = lambda _: None,
        upstream: Upstream | None = None,
        hosts: Collection[str] = (),
    ) -> None:
        self._source, self._world, self._limiter = source, world or read_world(), limiter
        self.journal, self._upstream = journal or Journal(), upstream
        self._trouble: dict[Path, str] = {}
        self.platform = self._platform(source, self._world)
        self._changes = Changes(self.journal)
        self._control = Control(self, self._changes, hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, to the platform or to the stand-in itself."""
        path = scope["path"]
        is_own = path in OWN_PAGES or path.startswith("/_mock")
        await (self._control if is_own else self.platform)(scope, receive, send)

    @property
    def base_path(self) -> str:
        """Where below the server's address the platform is: `/api/v1.0`."""
        return self.platform.operations.base_path

    def health(self) -> Json:
        """What is served, how much is kept, and what keeps a changed file from being served."""
        return {
            "status": "stale" if self._trouble else "ok",
            "trouble": "\n".join(self._trouble.values()) or None,
            "document": {"path": str(self._source.path), "version": self._source.value["info"]["version"]},
            "world": str(self._world.source.path),
            "upstream": self._upstream.url if self._upstream else None,
            "journal": self.journal.shown(),
        }

    def serve_document(self, source: Source) -> None:
        """Serve another document in the same world, as it is now.

        Raises:
            DocumentError: it cannot be served; the old one still is.
        """
        before = list(self.platform.accounts.all())
        self.platform = self._platform(source, World(self._world.source, [account.company for account in before]))
        for account in before:
            with contextlib.suppress(ValueError):  # of an answer that is no longer documented
                self.platform.accounts.of(account.company.id).faults.plan(account.faults.shown())
        self._source = source
        self._trouble.pop(source.path, None)

    def serve_world(self, world: World) -> None:
        """Serve another world; the companies that were copied stay.

        Raises:
            DocumentError: it cannot be served; the old one still is.
        """
        self.platform.check_answers(world)
        self.platform.accounts.replace(world.companies)
        self._world = world
        self._trouble.pop(world.source.path, None)

    def stay_stale(self, path: Path, trouble: str) -> None:
        """Serve what was served, since a changed file is not valid."""
        self._trouble[path] = trouble

    @property
    def patience(self) -> float:
        """Seconds that answers under way may take when the server stops: as long as an upstream server may."""
        return TIMEOUT if self._upstream else 5.0

    def stop(self) -> None:
        """Let everyone go who waits for what comes."""
        self._changes.end()

    async def close(self) -> None:
        """Close the journal and the connections to an upstream server."""
        self.journal.close()
        if self._upstream:
            await self._upstream.close()

    def _platform(self, source: Source, world: World) -> Platform:
        return Platform(source, world, self.journal, lambda: self._limiter(source.value), self._upstream)
