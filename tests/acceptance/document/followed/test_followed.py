"""Each operation of the table, from the client's arguments over a raw socket to the stand-in, and back."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest

from contract_tests.oracle.requests import Verdict
from contract_tests.replay import Purpose
from contract_tests.rules.drawing import refusals
from contract_tests.trial import ContractViolation, Trial
from contract_tests.wire.request import API_KEY, Request
from contract_tests.wire.response import Response
from tests.acceptance.document.built import Built, built
from tests.acceptance.document.rows import Followed
from tests.acceptance.document.table.some import FOLLOWED
from tests.acceptance.document.wire import Between, Received, between, called, json_response, respond
from tests.support.stride import thinned
from ventia_mock.world.file import SAMPLE_KEY

pytestmark = thinned

PURPOSE = Purpose("the table", "Each row is followed", "kept")


@pytest.fixture(scope="module")
def all_rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    with built(FOLLOWED, tmp_path_factory.mktemp("rows")) as made:
        yield made


@pytest.fixture(scope="module")
def stand_in(all_rows: Built) -> Iterator[Between]:
    with between(all_rows.app) as server:
        yield server


@pytest.fixture
def wire(stand_in: Between) -> Between:
    stand_in.requests.clear()
    stand_in.responses.clear()
    stand_in.instead = None
    return stand_in


def plain(value: Any) -> Any:
    """A value of the client's as JSON."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if hasattr(value, "payload"):
        return value.payload.read()
    return value.to_dict() if hasattr(value, "to_dict") else value


@pytest.mark.parametrize("row", FOLLOWED, ids=str)
def test_a_row_is_on_the_wire_what_the_document_says_and_is_answered_and_read(
    row: Followed, all_rows: Built, wire: Between
) -> None:
    returned = called(row, all_rows, wire, row.arguments(all_rows.package))
    [request], [response] = wire.requests, wire.responses
    target = row.target(all_rows.base_path, row.sent, SAMPLE_KEY)
    assert (row.method.upper(), target, row.body) == (request.method, request.target.decode(), request.body)
    assert row.headers == {name: request.headers.get(name) for name in row.headers}
    assert row.received.items() <= dict(response.headers).items()
    assert (row.status, repr(row.returned)) == (response.status, repr(plain(returned))), response.text


@pytest.mark.parametrize("row", [row for row in FOLLOWED if row.refused], ids=str)
def test_a_request_that_breaks_a_rule_of_a_row_is_refused_by_the_stand_in_and_the_suite_wants_it(
    row: Followed, all_rows: Built, wire: Between
) -> None:
    called(row, all_rows, wire, row.arguments(all_rows.package))
    for changed in row.refused:
        request = spoilt(row, all_rows, wire.requests[0], changed)
        assert 400 == asyncio.run(respond(all_rows.app, request)).status, changed
        assert not judged(all_rows, request, asyncio.run(respond(all_rows.app, request))), changed
        assert judged(all_rows, request, wire.responses[0]), f"{changed!r} may be accepted"


@pytest.mark.parametrize("row", [row for row in FOLLOWED if row.invalid], ids=str)
def test_arguments_that_break_a_rule_of_a_row_are_refused_without_a_request(
    row: Followed, all_rows: Built, wire: Between
) -> None:
    for arguments in row.invalid:
        with pytest.raises((all_rows.package.errors.InvalidMessage, TypeError)):
            called(row, all_rows, wire, arguments(all_rows.package))
    assert [] == wire.requests


@pytest.mark.parametrize("row", FOLLOWED, ids=str)
def test_the_suite_believes_the_stand_in_and_no_stand_in_that_is_wrong_in_a_row(
    row: Followed, all_rows: Built, wire: Between
) -> None:
    called(row, all_rows, wire, row.arguments(all_rows.package))
    [request], [right] = wire.requests, wire.responses
    assert "" == judged(all_rows, request, right)
    refusal = Response(
        400, (("content-type", "application/json"),), b'{"success": false, "error": "x", "details": "y"}'
    )
    assert judged(all_rows, request, refusal)
    for wrong in row.wrong:
        assert judged(all_rows, request, wrong_response(row, wrong)), wrong


@pytest.mark.parametrize("row", [row for row in FOLLOWED if row.received], ids=str)
def test_the_suite_wants_each_header_of_a_row(row: Followed, all_rows: Built, wire: Between) -> None:
    called(row, all_rows, wire, row.arguments(all_rows.package))
    [request], [right] = wire.requests, wire.responses
    for name in row.received:
        without = tuple(pair for pair in right.headers if pair[0] != name)
        assert name in judged(all_rows, request, dataclasses.replace(right, headers=without)).lower()
        broken = right.with_header(name, "no, such, value")
        assert name in judged(all_rows, request, broken).lower()


@pytest.mark.parametrize("row", [row for row in FOLLOWED if row.wrong], ids=str)
def test_the_client_believes_no_wrong_answer(row: Followed, all_rows: Built, wire: Between) -> None:
    for wrong in row.wrong:
        wire.instead = wrong_response(row, wrong)
        with pytest.raises(all_rows.package.errors.VentiaError):
            called(row, all_rows, wire, row.arguments(all_rows.package))


def wrong_response(row: Followed, wrong: bytes | tuple[int, str, bytes]) -> Response:
    if isinstance(wrong, bytes):
        return json_response(row.status, wrong)
    status, media_type, content = wrong
    return json_response(status, content, media_type)


def spoilt(row: Followed, made: Built, request: Received, changed: str | bytes) -> Received:
    """A request with another target, after the row's path, or another body."""
    if isinstance(changed, bytes):
        return dataclasses.replace(request, body=changed)
    target = row.target(made.base_path, changed, SAMPLE_KEY).encode()
    return dataclasses.replace(request, head=request.head.replace(request.target, target, 1))


def judged(made: Built, received: Received, response: Response) -> str:
    """The suite's complaint about a response to a request; empty if it has none."""
    path, _, query = received.target.decode().partition("?")
    pairs = tuple(pair.partition("=")[::2] for pair in query.split("&")) if query else ()
    decoded = [(unquote_plus(name), unquote_plus(value)) for name, value in pairs]
    request = Request(
        received.method,
        path.removeprefix(made.base_path),
        tuple((name, API_KEY if value == SAMPLE_KEY else value) for name, value in decoded),
        tuple(received.headers.items()),
        received.body,
    )
    trial = Trial(Fixed(response), made.judge, SAMPLE_KEY, "again", measures=False)  # type: ignore[arg-type]  # a server
    try:
        trial.send(PURPOSE, request, expected(made, trial.verdict(request)))
    except ContractViolation as violation:
        return str(violation)
    return ""


def expected(made: Built, verdict: Verdict) -> frozenset[int]:
    if verdict.is_refused:
        return refusals(made.source.value, verdict)
    assert verdict.operation
    return verdict.operation.successes


@dataclasses.dataclass
class Fixed:
    """A server that answers with one response."""

    response: Response
    base_url: str = "http://localhost"

    def send(self, _request: Request, _rule: str = "") -> Response:
        return self.response
