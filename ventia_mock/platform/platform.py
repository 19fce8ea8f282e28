"""The ASGI application that stands in for the platform: receives a request, has it decided, writes it down, answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from ventia_document.source import DocumentError, Json, Source
from ventia_mock.http import protocol
from ventia_mock.http.asgi import received, respond
from ventia_mock.journal.journal import Journal
from ventia_mock.operations.authentication import redact
from ventia_mock.operations.refusals import outside
from ventia_mock.operations.served import NotServed, Operations
from ventia_mock.platform import faults
from ventia_mock.platform.accounts import Account, Accounts
from ventia_mock.platform.decision import Decision
from ventia_mock.platform.exchange import Exchange, record
from ventia_mock.platform.faults import Faults
from ventia_mock.platform.rate_limiter import Limiter
from ventia_mock.platform.upstream import Upstream
from ventia_mock.world.file import Thing, World

_log = logging.getLogger("ventia_mock")


class Platform:
    """Serves every operation of a document below the path of its first server.

    Args:
        world: what the platform knows; operations without rules of its own are answered with the document's examples.
        journal: where every request to an operation is written down.
        limiter: makes the rate limit of one company; None for none.
        upstream: the server that valid requests are passed on to, instead of being answered.

    Attributes:
        accounts: the companies of the world as they are now.
        operations: what is served.

    Raises:
        DocumentError: the document has a part that cannot be served, or the world one that the document does not know;
            the text says where.
    """

    def __init__(
        self,
        source: Source,
        world: World,
        journal: Journal,
        limiter: Callable[[], Limiter | None] = lambda: None,
        upstream: Upstream | None = None,
    ) -> None:
        self.operations = Operations(source)
        self.check_answers(world)
        self.accounts = Accounts(world.companies, limiter, lambda: Faults(self.operations.main.answers.find))
        self._journal = journal
        self._decision = Decision(self.accounts, journal, upstream)

    def check_answers(self, world: World) -> None:
        """Refuse a world that has something answered as the document does not know.

        Raises:
            DocumentError: with the place in the world.
        """
        for at, name in world.answers() if self.operations.main.has_platform_rules else ():
            try:
                self.operations.main.answers.find(name)
            except ValueError as error:
                raise DocumentError(f"{world.source.place(at)}: {at}: {error}") from None

    def change(self, account: Account, kind: str, identifier: str, changes: Mapping[str, Json]) -> Thing:
        """Change a thing of a company's world, or add it.

        Raises:
            ValueError: it would not have the form of its kind, or be answered as the document does not know.
        """
        if name := changes.get("answers"):
            self.operations.main.answers.find(name)
        return account.company.change(kind, identifier, changes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, write it into the journal and log it, all without its key."""
        method, path = scope["method"], scope["raw_path"].decode("ascii", "replace")
        try:
            served, variables = self.operations.find(method, path)
            exchange = await self._decision.exchange(served, await received(scope, receive, variables))
        except NotServed as elsewhere:
            _log.info("method=%s path=%s status=%d", method, redact(path, self.accounts.keys), elsewhere.answer.status)
            await respond(send, elsewhere.answer)
        except ClientDisconnect:
            return
        except Exception:
            _log.exception("a fault of the stand-in")
            await respond(send, _FAULT)
        else:
            self._write_down(exchange)
            await _answer(exchange, scope, send)

    def _write_down(self, exchange: Exchange) -> None:
        """Log and keep an exchange; whatever happens here, the caller hears what became of the message."""
        made = record(exchange, self.accounts.keys)
        if _log.isEnabledFor(logging.INFO):
            _log.info(made.line())
        try:
            self._journal.add(made)
        except Exception:
            _log.exception("the journal cannot be written")


_FAULT = outside(HTTPStatus.INTERNAL_SERVER_ERROR, "the stand-in has a fault; its log says where")


async def _answer(exchange: Exchange, scope: Scope, send: Send) -> None:
    if exchange.delay:
        await asyncio.sleep(exchange.delay)
    if exchange.fault == faults.DROP:
        protocol.drop(scope)
    elif exchange.fault == faults.HALF:
        await protocol.respond_half(exchange.out, scope, send)
    else:
        await respond(send, exchange.out)
