"""The guard: whatever a test sends, nobody is messaged who is not named, and no more messages go than allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.run import SOURCE
from contract_tests.target.file import read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from contract_tests.wire.guard import Blocked, BudgetSpent, Guard, Withheld
from contract_tests.wire.ledger import Ledger
from contract_tests.wire.server import NoResponse, Server
from tests.support.stand_in import OPERATION
from ventia_mock.world.file import SAMPLE_KEY as KEY

CONTACT, CHANNEL, USER = "66f1a2b33c4d5e0067f8a9b0", "656b0e1f8e5a2c001f3a9d12", "64f1c2a97b3e4d0012ab34cd"
STRANGER = "0123456789abcdef01234567"
TARGET = f"""
base_url = "{{url}}"
contact = "{CONTACT}"
[channels]
whatsapp_business = "{CHANNEL}"
[users]
online = "{USER}"
[safety]
max_messages = {{most}}
rate = 199
"""
TEXT = {"channelId": CHANNEL, "text": "Hi!"}
TWO_SENDERS = TEXT | {"userId": USER, "medium": "unofficial_wpp"}

Answering = Callable[[httpx.Request], httpx.Response]


class Guarded:
    """A server behind a guard, with the requests that reached it and a clock that sleeping sets forward."""

    def __init__(
        self, folder: Path, most: int = 2, url: str = "https://staging.example.com/api/v1.0", more: str = ""
    ) -> None:
        self.time = 1000.0
        path = folder / "target.toml"
        path.write_text(TARGET.format(most=most, url=url) + more)
        self.target = read_target(path, SOURCE.value["x-rate-limit"])
        self.knowledge = Knowledge(OPERATION, self.target)
        self.messages = Messages(self.knowledge)
        self.ledger = Ledger(folder / "ledger.sqlite", lambda: self.time, self._sleep)
        self.sleeping: Callable[[float], None] | None = None
        self.reached: list[httpx.Request] = []
        self.answering: Answering = lambda _: httpx.Response(200, json={"success": True})
        assert self.target.safety is not None
        guard = Guard(httpx.MockTransport(self._respond), self.knowledge, self.target.safety, self.ledger, KEY)
        self.server = Server(self.target.base_url, KEY, guard)

    def send(self, body: object = TEXT, rule: str = "a rule", **changes: Any) -> int:
        """The status of the response to a request."""
        return self.server.send(replace(self.messages.request(body), **changes), rule).status

    def _sleep(self, seconds: float) -> None:
        self.time += seconds if self.sleeping is None else 0
        if self.sleeping:
            self.sleeping(seconds)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.reached.append(request)
        return self.answering(request)


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    return Guarded(tmp_path)


def status(code: int, **more: Any) -> Answering:
    return lambda _: httpx.Response(code, **more)


def test_a_message_of_named_ones_is_passed_on_as_it_is(guarded: Guarded) -> None:
    assert 200 == guarded.send()
    [request] = guarded.reached
    path = f"/api/v1.0/contact/{CONTACT}/message?api-key={KEY}"
    assert ("staging.example.com", path.encode()) == (request.url.host, request.extensions["target"])
    assert TEXT == json.loads(request.content)


RAW = {
    "another channel": b'{"channelId": "%s", "text": "x"}',
    "another user": b'{"userId": "%s", "medium": "unofficial_wpp", "text": "x"}',
    "another user in capitals": b'{"userId": "0123456789ABCDEF01234567", "medium": "unofficial_wpp", "text": "%s"}',
    "a channel that stands twice": b'{"channelId": "%s", "channelId": "656b0e1f8e5a2c001f3a9d12", "text": "x"}',
    "in an object": b'{"message": {"channelId": "%s", "text": "x"}}',
    "in a list": b'[{"channelId": "%s", "text": "x"}]',
    "in broken JSON": b'{"channelId": "%s", "text": "x"',
    "in a form": b"channelId=%s&text=x",
    "percent-encoded in a form": b"channelId=%30123456789abcdef01234567&text=x",
    "in JSON's escapes": b'{"channelId": "\\u0030123456789abcdef01234567", "text": "x"}',
    "in UTF-16": '{"channelId": "0123456789abcdef01234567", "text": "x"}'.encode("utf-16"),
}


@pytest.mark.parametrize("case", RAW)
def test_no_sender_but_the_named_ones_is_addressed(guarded: Guarded, case: str) -> None:
    with pytest.raises(Blocked, match="names"):
        guarded.server.send(guarded.messages.raw(RAW[case].replace(b"%s", STRANGER.encode())), "a rule")
    assert [] == guarded.reached


@pytest.mark.parametrize("sender", [{"$ne": None}, [CHANNEL, STRANGER], {"$gt": ""}, {"id": CHANNEL}])
def test_a_sender_that_a_database_could_read_as_a_query_is_kept_back(guarded: Guarded, sender: object) -> None:
    with pytest.raises(Blocked):
        guarded.send({"channelId": sender, "text": "x"})
    assert [] == guarded.reached


PATHS = [
    f"/contact/{STRANGER}/message",
    "/contact/string/message",
    f"/contact/{CONTACT}x/message",
    f"/contact/{CONTACT}/message/",
    f"/contact/x%2F..%2F{CONTACT}/message",
    f"/contact/{CONTACT}/../{STRANGER}/message",
    f"/contact/{CONTACT.upper()}/message",
    f"/../contact/{CONTACT}/message",
    f"//evil.example.com/contact/{CONTACT}/message",
    "/",
]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_but_the_named_contact_is_addressed(guarded: Guarded, path: str) -> None:
    with pytest.raises(Blocked):
        guarded.send(path=path)
    assert [] == guarded.reached


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "GET"},
        {"method": "PUT"},
        {"method": "DELETE"},
        {"query": (("api-key", KEY), ("idcontact", STRANGER))},
        {"headers": (("Content-Type", "application/json"), ("Host", "other.example.com"))},
        {"headers": (("Content-Type", "application/json"), ("X-HTTP-Method-Override", "DELETE"))},
        {"headers": (("Content-Type", "application/json"), ("X-Original-URL", f"/contact/{STRANGER}/message"))},
    ],
    ids=str,
)
def test_nothing_that_could_be_read_as_another_request_is_passed_on(guarded: Guarded, changes: dict[str, Any]) -> None:
    with pytest.raises(Blocked):
        guarded.send(**changes)
    assert [] == guarded.reached


def test_another_host_is_not_asked(guarded: Guarded) -> None:
    other = Server("https://api.example.com/api/v1.0", KEY, guarded.server._client._transport)
    with pytest.raises(Blocked, match="host"):
        other.send(guarded.messages.request(TEXT))
    assert [] == guarded.reached


@pytest.mark.parametrize("url", ["https://staging.example.com:443/api/v1.0/", "https://Staging.Example.com/api/v1.0"])
def test_the_named_host_is_asked_however_it_is_written(tmp_path: Path, url: str) -> None:
    guarded = Guarded(tmp_path, url=url)
    assert 200 == guarded.send()


def test_a_near_miss_of_an_identifier_names_nobody_and_may_be_sent(guarded: Guarded) -> None:
    guarded.answering = status(400)
    for miss in (CHANNEL[:-1], CHANNEL + "0", f" {CHANNEL}", CHANNEL[:-1] + "g", "", 7, None):
        assert 400 == guarded.send(TEXT | {"channelId": miss})


def test_no_more_messages_than_allowed_are_sent(guarded: Guarded) -> None:
    guarded.send(), guarded.send()
    with pytest.raises(BudgetSpent, match="2 messages"):
        guarded.send()
    assert 2 == len(guarded.reached)


@pytest.mark.parametrize("code", [409, 422, 500, 200], ids=str)
def test_what_the_document_accepts_counts_whatever_is_answered(guarded: Guarded, code: int) -> None:
    guarded.answering = status(code)
    guarded.send(), guarded.send()
    with pytest.raises(BudgetSpent):
        guarded.send()


def test_a_refusal_of_what_the_document_refuses_costs_nothing(guarded: Guarded) -> None:
    guarded.answering = status(400)
    for _ in range(5):
        guarded.send(TWO_SENDERS)
    assert 0 == guarded.ledger.messages


@pytest.mark.parametrize("code", [200, 202, 302, 500, 503], ids=str)
def test_whatever_else_is_answered_to_it_counts_as_a_message(guarded: Guarded, code: int) -> None:
    guarded.answering = status(code)
    guarded.send(TWO_SENDERS)
    assert 1 == guarded.ledger.messages


def test_a_request_without_an_answer_counts_as_a_message(guarded: Guarded) -> None:
    def reset(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    guarded.answering = reset
    with pytest.raises(NoResponse):
        guarded.send(TWO_SENDERS)
    assert 1 == guarded.ledger.messages


def test_an_unexpected_success_stops_its_rule_at_once_and_no_other(guarded: Guarded) -> None:
    guarded.send(TWO_SENDERS, rule="one sender")
    with pytest.raises(Withheld, match="no more is sent"):
        guarded.send(TWO_SENDERS, rule="one sender")
    guarded.send(TWO_SENDERS, rule="another rule")
    assert 2 == len(guarded.reached)


def test_a_server_that_accepts_everything_gets_no_more_than_the_budget(guarded: Guarded) -> None:
    for rule in range(9):
        try:
            guarded.send(TWO_SENDERS, rule=str(rule))
        except BudgetSpent:
            continue
    assert 2 == len(guarded.reached)


def test_without_a_budget_only_what_the_document_refuses_is_sent(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path, most=0)
    guarded.answering = status(400)
    assert 400 == guarded.send(TWO_SENDERS) == guarded.send(TWO_SENDERS)
    with pytest.raises(BudgetSpent):
        guarded.send()
    guarded.answering = status(200)
    guarded.send(TWO_SENDERS, rule="one")
    with pytest.raises(BudgetSpent):
        guarded.send(TWO_SENDERS, rule="two")
    assert 3 == len(guarded.reached)


def test_no_more_requests_than_allowed_are_sent_of_any_kind(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path, more="max_requests = 3")
    guarded.answering = status(400)
    for _ in range(3):
        guarded.send(TWO_SENDERS)
    for _ in range(9):  # none of which takes a message from the budget of those
        with pytest.raises(BudgetSpent, match="3 requests"):
            guarded.send(TWO_SENDERS)
    assert 3 == len(guarded.reached)


def test_no_request_goes_past_the_guard_over_a_new_connection(guarded: Guarded) -> None:
    """Behind a guard nothing is sent at once, since each new connection would be one without a guard."""
    with pytest.raises(Blocked, match="over one connection"):
        guarded.server.send_at_once([guarded.messages.request(TEXT)], "a rule")
    assert not guarded.reached


def test_a_redirect_is_not_followed(guarded: Guarded) -> None:
    guarded.answering = status(307, headers={"location": "https://staging.example.com/elsewhere"})
    assert 307 == guarded.send()
    assert 1 == len(guarded.reached)


def test_messages_wait_until_all_that_must_be_refused_has_been_sent(tmp_path: Path) -> None:
    """The clock moves on while a message waits; meanwhile another worker sends what must be refused."""
    waiting, other = Guarded(tmp_path), Guarded(tmp_path)
    waiting.ledger.expect(1)
    other.answering = status(400)
    statuses: list[int] = []

    def sleep(seconds: float) -> None:
        if seconds and not statuses:
            assert [] == waiting.reached
            statuses.append(other.send(TWO_SENDERS))
            other.ledger.ended()

    waiting.sleeping = sleep
    assert 200 == waiting.send()
    assert [400] == statuses


def test_a_message_is_withheld_when_what_must_be_refused_never_ends(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path)
    guarded.ledger.expect(1)
    with pytest.raises(Withheld, match="do not end"):
        guarded.send()
    assert [] == guarded.reached


def test_two_workers_share_one_budget(tmp_path: Path) -> None:
    first, second = Guarded(tmp_path), Guarded(tmp_path)
    first.send(), second.send()
    for worker in (first, second):
        with pytest.raises(BudgetSpent):
            worker.send()


def test_two_workers_keep_one_rate(tmp_path: Path) -> None:
    """In any 60 seconds, both ends included, no more requests go than the rate says."""
    sent: list[float] = []
    workers = [Guarded(tmp_path, most=0), Guarded(tmp_path, most=0)]
    for worker in workers:
        worker.answering = status(400)
        # The clock stands still, so that each request waits for all that went before it.
        worker.sleeping = lambda seconds: sent.append(1000.0 + seconds)
    for number in range(400):
        workers[number % 2].send(TWO_SENDERS)
    assert 199 >= max(sum(start <= time_ <= start + 60 for time_ in sent) for start in sent)
