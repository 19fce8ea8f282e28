"""The platform as an ASGI application: it reads a request, has it decided, records it, and answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from ventia_document.source import DocumentError, Json, Source
from ventia_mock.http import protocol
from ventia_mock.http.asgi import read_request, respond
from ventia_mock.http.problems import problem
from ventia_mock.journal.har_file import HarFile
from ventia_mock.journal.journal import Journal
from ventia_mock.journal.redaction import redact
from ventia_mock.log import log_request
from ventia_mock.operations.served import NotServed, ServedOperations
from ventia_mock.platform import faults
from ventia_mock.platform.accounts import Account, Accounts
from ventia_mock.platform.decision import Decisions
from ventia_mock.platform.exchange import Exchange
from ventia_mock.platform.faults import Faults
from ventia_mock.platform.har import har_entry
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.platform.recording import draft
from ventia_mock.platform.upstream import Upstream
from ventia_mock.world.file import World
from ventia_mock.world.things import Thing

_log = logging.getLogger("ventia_mock")


class Platform:
    """Serves every operation of a document below the path of its first server.

    Args:
        world: the companies; operations without platform rules are answered with the document's examples.
        journal: keeps every request to an operation.
        limiter: makes the rate limiter of one company; None for no limit.
        upstream: the server that valid requests are passed on to, instead of being answered here.
        har: a file for every exchange too.

    Attributes:
        accounts: the companies of the world as they are now.
        operations: the served operations.

    Raises:
        DocumentError: the document has a part that cannot be served, or the world a name that the document does not
            have; the message says where.
    """

    def __init__(
        self,
        source: Source,
        world: World,
        journal: Journal,
        limiter: Callable[[], RateLimiter | None] = lambda: None,
        upstream: Upstream | None = None,
        har: HarFile | None = None,
    ) -> None:
        self.operations = ServedOperations(source)
        self.check_response_names(world)
        self.accounts = Accounts(world.companies, limiter, lambda: Faults(self.operations.main.responses.find))
        self._journal, self._har = journal, har
        self._decisions = Decisions(self.accounts, journal, upstream)

    def check_response_names(self, world: World) -> None:
        """Refuse a world that names a response which is not documented.

        Raises:
            DocumentError: with the place in the world.
        """
        for at, name in world.response_names() if self.operations.main.has_platform_rules else ():
            try:
                self.operations.main.responses.find(name)
            except ValueError as error:
                raise DocumentError(f"{world.source.place(at)}: {at}: {error}") from None

    def change(self, account: Account, kind: str, identifier: str, changes: Mapping[str, Json]) -> Thing:
        """Change a thing of a company's world, or add it.

        Raises:
            ValueError: it would break a rule of its kind, or name a response which is not documented.
        """
        if name := changes.get("answers"):
            self.operations.main.responses.find(name)
        return account.company.change(kind, identifier, changes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, and write it into the journal and the log, without its key."""
        method, path = scope["method"], scope["raw_path"].decode("ascii", "replace")
        try:
            served, variables = self.operations.find(method, path)
            exchange = await self._decisions.exchange(served, await read_request(scope, receive, variables))
        except NotServed as error:
            _log.info("method=%s path=%s status=%d", method, redact(path, self.accounts.keys), error.response.status)
            await respond(send, error.response)
        except ClientDisconnect:
            return
        except Exception:
            _log.exception("a fault of the stand-in")
            await respond(send, _BUG)
        else:
            self._record(exchange)
            await self._journal.written()
            await _respond(exchange, scope, send)

    def _record(self, exchange: Exchange) -> None:
        """Log and keep an exchange.

        An error here is only logged: the message may have been delivered, and the caller must hear of it.
        """
        try:
            made = draft(exchange, self.accounts.keys)
            log_request(made.time, made.line)
            self._journal.add(made)
            if self._har:
                self._har.add(har_entry(exchange, made))
        except Exception:
            _log.exception("the journal cannot be written")


_BUG = problem(HTTPStatus.INTERNAL_SERVER_ERROR, "the stand-in has a fault; its log says where")


async def _respond(exchange: Exchange, scope: Scope, send: Send) -> None:
    if exchange.delay:
        await asyncio.sleep(exchange.delay)
    if exchange.fault == faults.DROP:
        protocol.reset(scope)
    elif exchange.fault == faults.HALF:
        await protocol.respond_half(exchange.response, scope, send)
    else:
        await respond(send, exchange.response)
