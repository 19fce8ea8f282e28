"""The API key in a header, or as a bearer token: client, stand-in and suite have it there and nowhere else."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from contract_tests.replay import Purpose
from contract_tests.rules.drawing import Drawing, Row, messages_of_each_sender
from contract_tests.rules.table import table
from contract_tests.target.file import STAND_IN, read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from contract_tests.trial import ContractViolation, Trial
from contract_tests.wire.in_process import call
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response
from tests.acceptance.document.built import VENTIA, Built, built_of
from tests.acceptance.document.wire import Between, between
from ventia_document.operations import operations
from ventia_document.source import Json
from ventia_mock.app import App
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

PURPOSE = Purpose("the key", "The key stands where the document says", "kept")
SCHEMES: dict[str, Json] = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Own-Key"},
    "bearer": {"type": "http", "scheme": "bearer"},
}
HEADERS = {"header": ("x-own-key", SAMPLE_KEY), "bearer": ("authorization", f"Bearer {SAMPLE_KEY}")}


@pytest.fixture(scope="module", params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(scheme: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    document = copy.deepcopy(VENTIA)
    document["components"]["securitySchemes"]["ApiKey"] = {"description": "A key.", **SCHEMES[scheme]}
    with built_of(document, tmp_path_factory.mktemp("security")) as each:
        yield each


@pytest.fixture
def wire(made: Built) -> Iterator[Between]:
    with between(made.app) as server:
        yield server


def drawn(made: Built) -> Drawing:
    """What draws the suite's requests."""
    operation = next(each for each in operations(made.source.value) if each.sends)
    return Drawing(Messages(Knowledge(operation, read_target(STAND_IN, None))), made.judge, SAMPLE_KEY, 1, thin=True)


def sent(made: Built, wire: Between, key: str = SAMPLE_KEY, **more: Any) -> Any:
    drawing = drawn(made)
    body = made.package.create_message.body_from_dict(messages_of_each_sender(drawing)[0].body)
    with made.package.Client(key, base_url=wire.url + made.base_path, retries=0, rate_limit=None) as client:
        return made.package.create_message.sync(drawing.knowledge.target.contact, client=client, body=body, **more)


def test_the_client_sends_the_key_in_its_header_alone(scheme: str, made: Built, wire: Between) -> None:
    name, value = HEADERS[scheme]
    sent(made, wire, headers={name: "another"})
    [request] = wire.requests
    assert value == request.headers[name]
    assert 1 == request.head.lower().count(f"\r\n{name}: ".encode())
    assert 1 == request.head.count(SAMPLE_KEY.encode())


def test_the_stand_in_knows_the_key_in_its_header_and_shows_it_to_nobody(made: Built, wire: Between) -> None:
    with pytest.raises(made.package.errors.InvalidApiKey):
        sent(made, wire, "another-key")
    wire.instead = Response(500, (("x-echo", SAMPLE_KEY),), SAMPLE_KEY.encode())
    with pytest.raises(made.package.errors.VentiaError) as raised:
        sent(made, wire)
    assert SAMPLE_KEY not in f"{raised.value} {vars(raised.value)}"


@dataclass
class Serving:
    """A server of an application, in this process."""

    app: ASGIApp
    base_path: str
    base_url: str = "http://localhost"

    def send(self, request: Request, _rule: str = "") -> Response:
        target = self.base_path + request.target(SAMPLE_KEY)
        headers = request.sent_headers(SAMPLE_KEY)
        return asyncio.run(call(self.app, request.method, target.encode(), headers, request.sent_body(SAMPLE_KEY)))


@pytest.fixture(scope="module")
def rows(made: Built) -> list[Row]:
    return table(drawn(made))


def complaints(made: Built, rows: list[Row], app: ASGIApp) -> dict[str, str]:
    """The suite's complaints about a server, by the rows of its rules."""
    found: dict[str, str] = {}
    for row in rows:
        trial = Trial(Serving(app, made.base_path), made.judge, SAMPLE_KEY, "again", measures=False)  # type: ignore[arg-type]  # a server
        for probe in (*row.kept, *row.broken):
            try:
                trial.send(PURPOSE, probe.request, probe.expected)
            except ContractViolation as violation:
                found.setdefault(row.name, f"{probe.name}: {violation}")
    return found


def test_the_suite_wants_the_key_in_its_header(made: Built, rows: list[Row]) -> None:
    assert {} == complaints(made, rows, made.app)
    in_query = complaints(made, rows, App(StandIn(dataclasses.replace(made.source, value=VENTIA))))
    assert "a key is needed" in in_query
    anywhere = complaints(made, rows, Lenient(made.app))
    assert ["the key stands where the document says"] == [name for name in anywhere if "stands" in name]


@dataclass
class Lenient:
    """A stand-in that finds the key in the query too."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if SAMPLE_KEY.encode() in scope["query_string"]:
            scope["headers"] = [
                *scope["headers"],
                *((name.encode(), value.encode()) for name, value in HEADERS.values()),
            ]
        await self.app(scope, receive, send)
