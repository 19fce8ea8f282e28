"""The entry of one call in a ledger: written before anything goes out, and again when the call has ended."""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar, cast

import httpx
from attrs import evolve

from ...events import LOG
from ...types import Response
from ..call import Call
from ..key import Key
from ..outcomes import AlreadyTried, AnswerError, DifferentMessage, LedgerUnavailable, VentiaError
from ..sending import Sending
from . import fingerprints
from .records import TAKEN, Record, iso
from .stores import Store

T = TypeVar("T")
Read = Callable[[Response[Any]], T]


class Entry:
    """The entry of a call, which runs the call.

    Args:
        request: the arguments of `httpx.Client.build_request`, with the body as `json`.
        key: the API key, which is not kept.
        keeps_body: whether the message itself is kept.
    """

    def __init__(
        self,
        store: Store,
        call: Call,
        message: Sending,
        request: Mapping[str, Any],
        key: Key,
        *,
        keeps_body: bool,
    ) -> None:
        self._store, self._call = store, call
        contact = str(message.contact)
        contacts = {"operation": message.operation, message.parameter: contact}
        self._parts = fingerprints.parts(contacts, request.get("json"), request.get("params"))
        now = time.time()
        call.expires = now + call.remaining()
        self._record = Record(
            key=str(message.once),
            state="under way",
            began=now,
            until=call.expires,
            call=secrets.token_hex(8),
            by=f"{socket.gethostname()}:{os.getpid()}",
            operation=message.operation,
            contact=key.hidden_in(contact),
            prints=fingerprints.of(self._parts),
            body=json.loads(key.hidden_in(json.dumps(request.get("json")))) if keeps_body else None,
        )
        self._is_ours = False

    def run(self, exchange: Callable[[], Response[Any]], read: Read[T]) -> T:
        """Send the message and note its end; if it was sent before, return what was answered then.

        Raises:
            AlreadyTried: how an earlier call ended is unknown, or not known yet.
            DifferentMessage: the key is that of a different message.
            LedgerUnavailable: the entry could not be written, and nothing was sent.
            VentiaError: what the call ends in.
        """
        answer = None
        try:
            with self._call:
                answer = self._claim() or exchange()
                result = read(answer)
        except BaseException as error:
            self._end(answer, error)
            raise
        self._end(answer, None)
        return result

    async def run_async(self, exchange: Callable[[], Awaitable[Response[Any]]], read: Read[T]) -> T:
        """Send the message and note its end, see `run`; the steps of the store are made in threads."""
        answer = None
        try:
            with self._call:
                answer = await _in_thread(self._claim) or await exchange()
                result = read(answer)
        except GeneratorExit as error:  # after which nothing can be awaited
            self._end(answer, error)
            raise
        except BaseException as error:
            await _in_thread(self._end, answer, error)
            raise
        await _in_thread(self._end, answer, None)
        return result

    def _claim(self) -> Response[Any] | None:
        """Write that the call is under way; the answer if the message was sent before."""
        self._is_ours = True  # perhaps, until the store has said so
        try:
            found = self._store.add(self._record)
        except self._store.failures as error:
            raise unavailable(error, " (nothing was sent)") from error
        if found is None or found.call == self._record.call:  # as after a step that was made twice
            return None
        self._is_ours = False
        return self._answer(found.seen(time.time()))

    def _answer(self, found: Record) -> Response[Any]:
        if fields := fingerprints.differing(self._parts, found.prints):
            raise DifferentMessage(found.key, fields, iso(found))
        if found.state not in TAKEN or found.answer is None:
            raise AlreadyTried(found.key, found.state, iso(found), found.by)
        kept = found.answer
        content = str(kept["content"]).encode(errors="surrogateescape")
        headers = httpx.Headers([(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept["headers"]])
        return Response(kept["status"], content, headers, None, kept["complete"])

    def _end(self, answer: Response[Any] | None, error: BaseException | None) -> None:
        """Write what became of the message; twice, if the first time fails or is interrupted."""
        if not self._is_ours:
            return
        ended, failed = self._ended(answer, error), None
        for _ in range(2):
            try:
                self._store.change(self._record, ended)
            except BaseException as failure:
                failed = failure
            else:
                break
        else:
            LOG.warning("the ledger could not be written, so that a key in it counts as unknown: %s", failed)
            if error is not None:
                error.add_note("ventia_client: the ledger could not be written, so that it counts the key as unknown")
        if failed is not None and not isinstance(failed, self._store.failures):
            failed.add_note(self._call.note())
            raise failed

    def _ended(self, answer: Response[Any] | None, error: BaseException | None) -> Record | None:
        """The record at the end of the call; None if nothing was sent, so that the key is free again."""
        if error is None and answer is not None and self._call.is_success:
            kept = {
                "status": answer.status_code,
                "headers": [[each.decode("latin-1") for each in pair] for pair in httpx.Headers(answer.headers).raw],
                "content": answer.content.decode(errors="surrogateescape"),
                "complete": answer.complete,
            }
            return evolve(self._record, state="queued" if _is_queued(answer) else "sent", answer=kept)
        is_not_sent = error.outcome == "not_sent" if isinstance(error, VentiaError) else not self._call.may_be_sent
        return None if is_not_sent else evolve(self._record, state="unknown", note=_note(self._call, error))


def unavailable(error: Exception, said: str = "") -> LedgerUnavailable:
    """The error of a call, or of a ledger, whose store has failed."""
    return LedgerUnavailable(f"{_text(error)}{said}", getattr(error, "is_transient", True))


def _text(error: Exception) -> str:
    text = str(error)
    return text if hasattr(error, "is_transient") else f"the ledger failed: {type(error).__name__}: {text}"


def _is_queued(answer: Response[Any]) -> bool:
    """Whether a success says that the message waits to be sent."""
    try:
        value = answer.json()
    except (RecursionError, ValueError):
        return False
    return isinstance(value, dict) and cast("dict[str, Any]", value).get("queued") is True


def _note(call: Call, error: BaseException | None) -> str:
    """How a call ended, without a text of its message."""
    cause = error.__cause__ if error is not None and not isinstance(error, AnswerError) else None
    name = type(cause or error).__name__ if error is not None else "an error of the document"
    return f"{name}, status {call.status}" if call.status is not None else name


async def _in_thread(step: Callable[..., T], *arguments: Any) -> T:
    """Make a step in a thread, to its end even if the call is cancelled meanwhile, which is raised then."""
    import asyncio  # here, since it takes long to import, and who awaits has it already

    done = asyncio.get_running_loop().run_in_executor(None, step, *arguments)
    cancelled: asyncio.CancelledError | None = None
    while not done.done():
        try:
            await asyncio.wait([done])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        done.exception()  # read, or asyncio logs it
        raise cancelled
    return done.result()
