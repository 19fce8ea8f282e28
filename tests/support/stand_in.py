"""What the tests of the stand-in share: the document's examples, and a client of a stand-in that runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
from httpx import URL

from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import content, examples, operations, resolve
from ventia_document.source import Json, Source
from ventia_document.validation import Schema
from ventia_mock.app import App
from ventia_mock.fixture import Mock
from ventia_mock.http.server import running
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY, read_world

ROOT = Path(__file__).parents[2]
SOURCE = read_checked(DOCUMENT)
VENTIA = SOURCE.value
OPERATION = next(operation for operation in operations(VENTIA) if operation.sends)
BASE = "/api/v1.0"
JSON_TYPE = {"content-type": "application/json"}
KEY = {"api-key": SAMPLE_KEY}
PROBLEM = Schema(VENTIA, "/components/schemas/Problem")
DETAILED_PROBLEM = Schema(VENTIA, "/components/schemas/DetailedProblem")

assert OPERATION.body
[BODY] = content(VENTIA, OPERATION.body)
REQUESTS = examples(VENTIA, BODY)
MESSAGE = resolve(VENTIA, BODY.at + "/schema")
ANSWERS = {
    name: (int(status), value)
    for status, response in OPERATION.responses.items()
    for media_type in content(VENTIA, response)
    for name, value in examples(VENTIA, media_type).items()
}
"""The documented answers by the name of the example: status and body."""
TEXT = {"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "Hi! Just following up on your inquiry."}
OBJECT_ID = re.compile(VENTIA["components"]["schemas"]["ObjectId"]["pattern"])
RULES = {rule["title"]: rule["x-rule"] for rule in MESSAGE.value["allOf"] if {"title", "x-rule"} <= rule.keys()}

# What the endpoint's own page shows.
CURL = (
    "https://api.getventia.com/api/v1.0/contact/string/message",
    '{    "channelId": "656b0e1f8e5a2c001f3a9d12",    "text": "Hi! Just following up on your inquiry."  }',
    {"success": True, "interactionId": "66f3a9b11c4d8e0023b7c9a1"},
)

PETS = (ROOT / "tests" / "support" / "pets.yaml").read_text(encoding="utf-8")
"""Another document, of all that the project's has not."""

Send = Callable[..., httpx.Response]


def answer_named(component: str) -> tuple[int, Json]:
    """The status and the body of a documented answer, by the name of its component."""
    [(status, response)] = [each for each in OPERATION.responses.items() if each[1].name == component]
    [media_type] = content(VENTIA, response)
    [value] = examples(VENTIA, media_type).values()
    return int(status), value


INVALID_KEY = answer_named("InvalidApiKey")
INVALID_BODY = answer_named("InvalidRequestBody")
SENT = answer_named("MessageSent")


def got(response: httpx.Response) -> tuple[int, Json]:
    """Status and body of an answer, which is JSON and says so; every interaction counts as the documented one."""
    assert "application/json" == response.headers["content-type"]
    value = response.json()
    if isinstance(value, dict) and "interactionId" in value:
        assert OBJECT_ID.fullmatch(value["interactionId"])
        value |= {"interactionId": SENT[1]["interactionId"]}
    return response.status_code, value


def explained(response: httpx.Response) -> str:
    """The details of a refusal that is in all else the documented one of an invalid body."""
    status, value = got(response)
    assert DETAILED_PROBLEM.violations(value) == []
    assert (INVALID_BODY[0], INVALID_BODY[1] | {"details": value["details"]}) == (status, value)
    return str(value["details"])


def details(response: httpx.Response) -> str:
    """The same without what arrived and what would do: the fields and the rules that they break."""
    return without_mends(explained(response))


def without_mends(text: str) -> str:
    """The rules of a refusal's details, without what stands behind them in parentheses."""
    return re.sub(r" \(.*?\)(?=; [\w.-]+: |$)", "", text, flags=re.DOTALL)


def stand_in(
    source: Source = SOURCE,
    key: str = SAMPLE_KEY,
    limiter: Callable[[Json], RateLimiter | None] = lambda _: None,
) -> StandIn:
    """A stand-in whose first company has a key."""
    return StandIn(source, read_world(key=key), limiter=limiter)


def unkept(url: str) -> httpx.Client:
    """A client each of whose requests has a connection of its own, as curl's have."""
    return httpx.Client(base_url=url, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False)


@contextmanager
def client_of(app: StandIn) -> Iterator[httpx.Client]:
    """A client of a stand-in that runs for the length of the `with`."""
    with running(App(app)) as url, unkept(url) as client:
        yield client


class CompanyClient(httpx.Client):
    """A client of one company: its requests have the company's API key or, for control routes, its identifier."""

    def __init__(self, company: Mock) -> None:
        super().__init__(base_url=company.url.removesuffix(BASE), trust_env=False)
        self._key, self._id = {"api-key": company.api_key}, {"company": company.inbox.rpartition("=")[2]}

    def request(self, method: str, url: URL | str, *, params: Json = None, **more: Any) -> httpx.Response:
        own = self._id if str(url).startswith("/_mock") else self._key
        return super().request(method, url, params={**own, **(params or {})}, **more)


NASTY_KEY = "sch/lüssel +&=?#%41"


def encodings(key: str) -> list[str]:
    """The forms in which a key can stand in a URL."""
    every = "".join(f"%{byte:02X}" for byte in key.encode())
    return [
        quote(key, safe=""),
        quote(key, safe="").swapcase(),
        quote_plus(key),
        every,
        every.lower(),
        quote(key, safe="-"),
    ]
