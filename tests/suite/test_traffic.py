"""Recorded traffic: a run writes it without the key, and any record is held to the document in both directions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.check.__main__ import main
from contract_tests.wire.request import API_KEY, KeyPlaceholder, Request
from contract_tests.wire.server import Server
from contract_tests.wire.traffic import Recorder, joined, read_har
from tests.support.stand_in import INVALID_BODY, INVALID_KEY, SENT, TEXT

KEY = "s3cret-Key-of-the-test"
BASE = "https://a.example/any/base"
PATH = "/contact/66f1a2b33c4d5e0067f8a9b0/message"


def har(*exchanges: tuple[Any, int, Any], key: str = KEY, url: str = BASE + PATH) -> str:
    """A HAR as a browser writes it, of bodies with the status and body of their answers."""
    headers = [{"name": "Content-Type", "value": "application/json"}]
    entries = [
        {
            "request": {
                "method": "POST",
                "url": f"{url}?api-key={key}",
                "headers": headers,
                "postData": {"mimeType": "application/json", "text": json.dumps(sent)},
            },
            "response": {"status": status, "headers": headers, "content": {"text": json.dumps(answer)}},
        }
        for sent, status, answer in exchanges
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *options: str) -> tuple[int, str]:
    path = tmp_path / "traffic.har"
    path.write_text(text)
    code = main([str(path), *options])
    printed = "".join(capsys.readouterr())
    assert KEY not in printed
    return code, printed


NOTHING: dict[str, Any] = {}
TRAFFIC = {
    "what keeps the document": (har((TEXT, *SENT)), 0, "No violation in what was recorded"),
    "a refusal of what must be refused": (har((NOTHING, *INVALID_BODY)), 1, "the client's request"),
    "an unknown key": (har((TEXT, *INVALID_KEY), key="another-key-of-nobody"), 1, "Must have the known key"),
    "a message that must be refused": (har((NOTHING, *SENT)), 1, "answered 200, and must answer 400"),
    "an answer without what it must have": (har((TEXT, 200, {"success": True})), 1, "interactionId"),
    "an answer with the key": (har((TEXT, 400, {**INVALID_BODY[1], "details": f"text: {KEY}"})), 1, "has the API key"),
    "one interaction for two messages": (
        har((TEXT, *SENT), (TEXT | {"text": "Another"}, *SENT)),
        1,
        "of an earlier response",
    ),
}


@pytest.mark.parametrize("name", TRAFFIC)
def test_traffic_of_any_origin_is_held_to_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text, code, words = TRAFFIC[name]
    found, printed = checked(tmp_path, capsys, text)
    assert (code, True) == (found, words in printed), printed


def test_one_side_alone_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = har((NOTHING, *INVALID_BODY))
    assert 0 == checked(tmp_path, capsys, refused, "--only=server")[0]
    assert 1 == checked(tmp_path, capsys, refused, "--only=client")[0]
    delivered = har((TEXT, 200, {"success": True}))
    assert 0 == checked(tmp_path, capsys, delivered, "--only=client")[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nonsense", "no HAR 1.2"),
        ('{"log": {"entries": [5]}}', "no HAR 1.2"),
        ("[" * 100_000, "no HAR 1.2"),
        ('{"log": {"entries": []}}', "none of its 0 requests"),
        (har((TEXT, *SENT), url="https://a.example/elsewhere"), "none of its 1 requests"),
    ],
    ids=["no JSON", "no entry", "too deep", "empty", "of another service"],
)
def test_a_file_that_cannot_be_checked_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    code, printed = checked(tmp_path, capsys, text)
    assert (4, True, 1) == (code, why in printed, printed.count("\n"))


def test_a_run_is_recorded_without_the_key(tmp_path: Path) -> None:
    """Each spelling of it is hidden; what is nearly the key stays apart from it; bodies of any bytes come back."""

    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"error": KEY}, headers={"x-echo": KEY.lower()})

    server = Server(BASE, KEY, httpx.MockTransport(respond), recorder=Recorder(tmp_path, BASE, KEY))
    near = KeyPlaceholder(before="x")
    for key, body in ((API_KEY, b'{"text": "\xc3\xa4"}'), (near, b"\xff\x00"), (API_KEY, KEY.encode())):
        server.send(Request("POST", PATH, (("api-key", key),), (("Content-Type", "application/json"),), body))
    text = joined(tmp_path)
    assert KEY.lower() not in text.lower()
    requests = [request for _, request, _ in read_har(text).exchanges]
    assert ["***", "***-1", "***"] == [str(value) for request in requests for _, value in request.query]
    assert [b'{"text": "\xc3\xa4"}', b"\xff\x00", b"***"] == [request.body for request in requests]


def test_only_the_answers_are_checked_of_a_run_which_breaks_rules_on_purpose(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = json.loads(har((NOTHING, *INVALID_BODY)))
    recorded["log"]["creator"] = json.loads(joined(tmp_path))["log"]["creator"]
    code, printed = checked(tmp_path, capsys, json.dumps(recorded))
    assert (0, True) == (code, "only the answers were checked" in printed)
    code, printed = checked(tmp_path, capsys, json.dumps(recorded), "--only=client")
    assert (1, False) == (code, "only the answers were checked" in printed)
