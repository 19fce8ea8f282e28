"""The judge's verdicts are those of openapi-core, which shares no code with it, or a standard says why not."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

from contract_tests.mutants.stand_in_run import stand_in_run
from contract_tests.oracle.requests import Verdict
from contract_tests.run import JUDGE, SOURCE
from contract_tests.wire.request import Request

pytestmark = pytest.mark.acceptance

MOST = 2_000


@cache
def openapi() -> OpenAPI:
    return OpenAPI.from_file_path(str(SOURCE.path))


@cache
def drawn() -> list[Request]:
    """Requests of every row of the table, and the same ones with a field or a character changed by chance."""
    chance = random.Random(1)  # noqa: S311 - a seed is no secret
    rows = stand_in_run(1).rows
    portions = [[probe.request for probe in (*row.kept, *row.broken)] for row in rows]
    some = [request for portion in portions for request in chance.sample(portion, min(len(portion), 30))]
    changed = [each.with_json(_changed(each.fields, chance)) for each in some if each.fields]
    chance.shuffle(changed)
    return [*some, *changed][:MOST]


def _changed(fields: dict[str, object], chance: random.Random) -> dict[str, object]:
    values: tuple[object, ...] = (
        None,
        1,
        "",
        "image",
        "64f1c2a97b3e4d0012ab34cd",
        "whatsapp_business",
        [],
        "https://files.example.com/a",
    )
    names = ("channelId", "userId", "medium", "text", "mediaType", "mediaUrl", "template", "userIntegrationId")
    kept = {name: value for name, value in fields.items() if chance.random() > 0.2}
    return kept | {chance.choice(names): chance.choice(values) for _ in range(chance.randrange(3))}


def accepted_elsewhere(request: Request) -> bool:
    """Whether openapi-core accepts a request."""
    path = unquote(request.path) if unquote(request.path).isprintable() else request.path
    query = {name: value if isinstance(value, str) else "key" for name, value in request.query}
    theirs = MockRequest(
        SOURCE.value["servers"][0]["url"].removesuffix("/api/v1.0"),
        request.method.lower(),
        "/api/v1.0" + path,
        args=query,
        data=request.body,
        content_type=request.header("content-type"),
    )
    try:
        openapi().validate_request(theirs)
    except (OpenAPIError, RecursionError):
        return False
    return True


def differences_of_the_standards(request: Request, verdict: Verdict) -> Iterator[str]:
    """Why the two may differ, each by the text of a standard."""
    if verdict.open:
        yield "the standards leave it open: a field that stands twice, a byte order mark, half of a surrogate pair"
    rules = {violation.at.rpartition("/")[2] for violation in verdict.violations}
    if rules == {"security"} and request.query:
        yield "OpenAPI 3.1, Security Requirement Object: that a key is given is described, and not which keys are known"
    if rules <= {"pattern", "ContactId"} and any(text.endswith(("\n", "\n/message")) for text in _texts(request)):
        yield "ECMA-262, 22.2.2.4: `$` is the very end; in Python it is before a last line break too"
    if rules == {"format"}:
        yield "JSON Schema 2020-12, 7.2.1: a format need not be checked"
    if "application~1json" in rules or not verdict.violations:
        yield from _of_json(request)


def _texts(request: Request) -> list[str]:
    return [unquote(request.path), *(value for value in request.fields.values() if isinstance(value, str))]


def _of_json(request: Request) -> Iterator[str]:
    try:
        json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError):
        yield "RFC 8259, 8.1: JSON is exchanged in UTF-8; theirs reads whatever Python reads"
        return
    if b"NaN" in request.body or b"Infinity" in request.body:
        yield "RFC 8259, 6: JSON has no NaN"


def test_verdicts_agree_or_a_standard_explains_the_difference() -> None:
    counted: Counter[str] = Counter()
    for request in drawn():
        verdict = JUDGE.verdict(request)
        if accepted_elsewhere(request) == verdict.is_accepted:
            counted["accepted" if verdict.is_accepted else "refused"] += 1
            continue
        reasons = [reason for reason in differences_of_the_standards(request, verdict) if reason]
        assert reasons, (request, verdict.violations)
        counted["explained"] += 1
    assert MOST == counted.total()
    assert min(counted["accepted"], counted["refused"]) > 400
    assert counted["explained"] < 250, counted


def test_a_judge_that_overlooks_a_rule_is_noticed() -> None:
    """The comparison is one: without the rules between fields there are differences that nothing explains."""
    request = next(each for each in drawn() if len({"channelId", "userId"} & each.fields.keys()) == 2)
    verdict = JUDGE.verdict(request)
    assert not accepted_elsewhere(request)
    assert not verdict.is_accepted
    overlooked = Verdict(verdict.operation, (), "", verdict.body)
    assert overlooked.is_accepted != accepted_elsewhere(request)
    assert [] == list(differences_of_the_standards(request, overlooked))
