"""The stand-in: the platform of one document and one world, and its journal. `app.py` serves it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from ventia_document.source import Json, Source
from ventia_mock.journal.har_file import HarFile
from ventia_mock.journal.journal import Journal
from ventia_mock.platform.platform import Platform
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.platform.upstream import TIMEOUT, Upstream
from ventia_mock.world.file import World, read_world


class StandIn:
    """The platform of one document and one world, which can be replaced while it runs, and its journal.

    Args:
        world: the default world if there is none.
        journal: one in memory if there is none.
        limiter: makes the rate limiter of a company from a document, None for no limit.
        upstream: the server that valid requests are passed on to; None for the world to decide them.
        har: a file for every exchange too, without keys.

    Attributes:
        platform: the platform as it is served now.

    Raises:
        DocumentError: the document or the world cannot be served; the message says where.
    """

    def __init__(
        self,
        source: Source,
        world: World | None = None,
        *,
        journal: Journal | None = None,
        limiter: Callable[[Json], RateLimiter | None] = lambda _: None,
        upstream: Upstream | None = None,
        har: HarFile | None = None,
    ) -> None:
        self._source, self._world, self._limiter = source, world or read_world(), limiter
        self.journal, self._upstream, self._har = journal or Journal(), upstream, har
        self._trouble: dict[Path, str] = {}
        self.platform = self._platform(source, self._world)

    @property
    def base_path(self) -> str:
        """The path of the platform on the server: `/api/v1.0`."""
        return self.platform.operations.base_path

    @property
    def upstream(self) -> str | None:
        """The URL of the server that it passes valid messages on to."""
        return self._upstream.url if self._upstream else None

    @property
    def document(self) -> Json:
        """The served document."""
        return self._source.value

    def health(self) -> Json:
        """The served files, the counters of the journal, and what is wrong: `stale`, a changed file cannot be served;
        `unwritten`, the file of the journal or of the record does not have every message.
        """
        unwritten = list(filter(None, [self.journal.trouble, self._har.trouble if self._har else ""]))
        return {
            "status": "stale" if self._trouble else "unwritten" if unwritten else "ok",
            "trouble": "\n".join([*self._trouble.values(), *unwritten]) or None,
            "document": {"path": str(self._source.path), "version": self._source.value["info"]["version"]},
            "world": str(self._world.source.path),
            "upstream": self.upstream,
            "journal": {"newest": self.journal.newest(), **self.journal.counters()},
        }

    def serve_document(self, source: Source) -> None:
        """Serve another document with the world as it is now, and the same planned faults.

        Raises:
            DocumentError: it cannot be served; the old one still is.
        """
        before = list(self.platform.accounts.all())
        self.platform = self._platform(source, World(self._world.source, [account.company for account in before]))
        for account in before:
            with contextlib.suppress(ValueError):  # a plan may name a response that is no longer documented
                self.platform.accounts.of(account.company.id).faults.plan(account.faults.to_json())
        self._source = source
        self._trouble.pop(source.path, None)

    def serve_world(self, world: World) -> None:
        """Serve another world; copied companies stay.

        Raises:
            DocumentError: it cannot be served; the old one still is.
        """
        self.platform.check_response_names(world)
        self.platform.accounts.replace(world.companies)
        self._world = world
        self._trouble.pop(world.source.path, None)

    def stay_stale(self, path: Path, trouble: str) -> None:
        """Keep serving the old content of a file whose new content is not valid."""
        self._trouble[path] = trouble

    @property
    def patience(self) -> float:
        """Seconds that requests under way may take when the server stops: as long as an upstream server may take."""
        return TIMEOUT if self._upstream else 5.0

    async def close(self) -> None:
        """Close the journal, the record and the connections to an upstream server."""
        self.journal.close()
        if self._har:
            self._har.close()
        if self._upstream:
            await self._upstream.close()

    def _platform(self, source: Source, world: World) -> Platform:
        return Platform(source, world, self.journal, lambda: self._limiter(source.value), self._upstream, self._har)
