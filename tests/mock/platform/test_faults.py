"""What goes wrong on demand, as a client of the platform sees it that knows nothing of the stand-in."""

from __future__ import annotations

import contextlib
import json
import socket
import statistics
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.support.stand_in import ANSWERS, SENT, SOURCE, TEXT, CompanyClient, client_of, explained, got, stand_in
from ventia_client import Client, errors
from ventia_client.api.interactions import create_message
from ventia_client.models import ChannelMessage, MessageSent
from ventia_document.source import Json
from ventia_mock.fixture import Mock, StandInServer
from ventia_mock.platform.rate_limiter import RateLimiter
from ventia_mock.world.file import SAMPLE_KEY, read_world

FAULTS = "/_mock/faults"


@pytest.fixture
def http(company: Mock) -> Iterator[httpx.Client]:
    with CompanyClient(company) as http:
        yield http


@pytest.fixture
def client(company: Mock) -> Iterator[Client]:
    with Client(company.api_key, base_url=company.url, backoff=0.001, rate_limit=None) as client:
        yield client


def send(client: Client) -> str:
    """How a call ends: its outcome, and the class of what it returned or raised."""
    try:
        answer = create_message.sync("string", client=client, body=ChannelMessage(TEXT["channelId"], text="Hi"))
    except errors.VentiaError as error:
        return f"{error.outcome} {type(error).__name__}"
    return f"accepted {type(answer).__name__}"


def plan(http: httpx.Client, **faults: Json) -> Json:
    response = http.put(FAULTS, json=faults)
    assert 200 == response.status_code, response.text
    return response.json()


def records(company: Mock) -> list[tuple[str, int | None, str | None]]:
    """Outcome, status and fault of every request, in order."""
    return [(each["outcome"], each["status"], each["fault"]) for each in company.requests]


def test_nothing_goes_wrong_unless_it_is_planned(http: httpx.Client, client: Client) -> None:
    assert {"seed": 0, "queue": []} == http.get(FAULTS).json()
    assert {"accepted MessageSent"} == {send(client) for _ in range(20)}


def test_429_twice_and_then_200_is_one_message(company: Mock, http: httpx.Client, client: Client) -> None:
    plan(http, queue=[{"answer": 429, "times": 2}])
    assert "accepted MessageSent" == send(client)
    assert [("refused", 429, "answer"), ("refused", 429, "answer"), ("sent", 200, None)] == records(company)


@pytest.mark.parametrize(
    ("fault", "ending", "kept"),
    [
        ({"fault": "drop"}, "unknown DeliveryUnknown", ("failed", None, "drop")),
        ({"fault": "drop", "processed": True}, "unknown DeliveryUnknown", ("sent", 200, "drop")),
        ({"fault": "half"}, "unknown DeliveryUnknown", ("sent", 200, "half")),
        ({"fault": "half", "processed": False}, "unknown DeliveryUnknown", ("failed", None, "half")),
        ({"fault": "html_502"}, "unknown UnexpectedStatus", ("failed", 502, "html_502")),
        ({"fault": "html_502", "processed": True}, "unknown UnexpectedStatus", ("sent", 200, "html_502")),
        ({"fault": "malformed_json"}, "unknown DeliveryUnknown", ("sent", 200, "malformed_json")),
        ({"answer": "internalServerError"}, "unknown InternalServerError", ("failed", 500, "answer")),
        ({"answer": 500, "processed": True}, "unknown InternalServerError", ("sent", 200, "answer")),
        ({"answer": "sessionNotOnline"}, "not_sent SessionNotOnline", ("refused", 409, "answer")),
    ],
)
def test_fault_ends_a_call_and_is_in_the_journal(
    company: Mock,
    http: httpx.Client,
    client: Client,
    fault: Json,
    ending: str,
    kept: tuple[str, int | None, str | None],
) -> None:
    """Whether the message was delivered is in the journal: `processed` decides it, where the caller cannot know."""
    plan(http, queue=[fault])
    outcome, name = send(client).split()
    assert ending.split()[0] == outcome
    assert ending.split()[1] in [each.__name__ for each in getattr(errors, name).__mro__]
    assert [kept] == records(company)
    assert "accepted MessageSent" == send(client), "the fault was for one request"


@pytest.mark.parametrize("name", ANSWERS)
def test_every_documented_answer_can_be_planned(http: httpx.Client, client: Client, name: str) -> None:
    status, _ = ANSWERS[name]
    plan(http, queue=[{"answer": name}, {"answer": status}])
    ends = [send(client) for _ in range(2 if status != 429 else 1)]
    assert 1 == len(set(ends))


def test_broken_connection_is_reset_and_half_an_answer_is_a_prefix_of_it(company: Mock, http: httpx.Client) -> None:
    url, key = "/api/v1.0/contact/string/message", {"api-key": company.api_key}
    plan(http, queue=[{"fault": "drop"}, {"fault": "half"}, {"fault": "malformed_json"}])
    with pytest.raises(httpx.ReadError):
        http.post(url, params=key, json=TEXT)
    with http.stream("POST", url, params=key, json=TEXT) as half, pytest.raises(httpx.RemoteProtocolError):
        half.read()
    assert int(half.headers["content-length"]) > 0
    malformed = http.post(url, params=key, json=TEXT)
    assert (200, "application/json") == (malformed.status_code, malformed.headers["content-type"])
    with pytest.raises(ValueError, match="Expecting"):
        malformed.json()


def test_broken_connection_ends_pipelined_requests_too() -> None:
    """And the server stops at once after it, waiting for nobody."""
    app = stand_in()
    content = json.dumps(TEXT).encode()
    head = f"POST {app.base_path}/contact/string/message?api-key={SAMPLE_KEY} HTTP/1.1\r\nHost: x\r\n"
    one = f"{head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
    with client_of(app) as http:
        for fault in ("drop", "half"):
            plan(http, queue=[{"fault": fault}])
            with socket.create_connection((http.base_url.host, http.base_url.port or 80), timeout=5) as connection:
                connection.sendall(one * 3)
                with contextlib.suppress(ConnectionResetError):
                    while connection.recv(9999):
                        pass
        began = time.monotonic()
    assert time.monotonic() - began < 1


def test_plan_outlives_another_document() -> None:
    app = stand_in()
    with client_of(app) as http:
        left = plan(http, queue=[{"answer": 429, "times": 2}], seed=7, latency={"seconds": 0.01})
        app.serve_document(SOURCE)
        assert left == http.get(FAULTS).json()


def test_plan_and_rate_limit_outlive_another_world() -> None:
    app = stand_in(limiter=lambda _: RateLimiter(1, 60))
    with client_of(app) as http:
        left = plan(http, queue=[{"answer": 409, "times": 2}])
        path, params = f"{app.base_path}/contact/string/message", {"api-key": SAMPLE_KEY}
        assert 409 == http.post(path, params=params, json=TEXT).status_code
        app.serve_world(read_world())
        assert [{"answer": 409, "times": 1}] == http.get(FAULTS).json()["queue"]
        assert 429 == http.post(path, params=params, json=TEXT).status_code
    assert 2 == left["queue"][0]["times"]


RANDOM = [
    {"fault": "drop", "probability": 0.2},
    {"answer": 500, "probability": 0.2},
    {"fault": "half", "probability": 0.1},
]


def run(server: StandInServer, seed: int, requests: int = 60) -> list[tuple[str, int | None, str | None]]:
    company = server.open()
    company.plan_faults(seed=seed, random=RANDOM)
    with Client(company.api_key, base_url=company.url, rate_limit=None) as client:
        for _ in range(requests):
            send(client)
    made = records(company)
    company.close()
    return made


def test_same_seed_gives_the_same_faults_and_another_seed_others(server: StandInServer) -> None:
    first = run(server, 7)
    assert first == run(server, 7)
    assert first != run(server, 8)
    assert {None, "drop", "answer", "half"} == {fault for _, _, fault in first}


@pytest.mark.parametrize(
    "latency",
    [{"seconds": 0.03}, {"uniform": [0.02, 0.06]}, {"lognormal": {"median": 0.03, "sigma": 0.3}}],
    ids=lambda latency: next(iter(latency)),
)
def test_answers_are_late_as_planned_and_the_message_is_recorded_at_once(
    company: Mock, http: httpx.Client, client: Client, latency: Json
) -> None:
    plan(http, latency=latency)
    took = []
    for _ in range(8):
        began = time.perf_counter()
        send(client)
        took.append(time.perf_counter() - began)
    assert statistics.median(took) > 0.02
    http.put(FAULTS, json={"latency": {"seconds": 5}})
    with pytest.raises(httpx.ReadTimeout):
        http.post("/api/v1.0/contact/string/message", json=TEXT, timeout=0.2)
    assert 9 == len(records(company))


def test_delays_follow_the_distribution() -> None:
    faults = stand_in().platform.accounts.first.faults
    faults.plan({"latency": {"lognormal": {"median": 0.2, "sigma": 0.5}}, "seed": 1})
    drawn = [faults.next()[0] for _ in range(4000)]
    assert 0.19 < statistics.median(drawn) < 0.21
    faults.plan({"latency": {"uniform": [1, 3]}, "seed": 1})
    drawn = [faults.next()[0] for _ in range(4000)]
    assert min(drawn) >= 1
    assert max(drawn) <= 3
    assert 1.9 < statistics.mean(drawn) < 2.1


@pytest.mark.parametrize(
    ("faults", "refusal"),
    [
        ({"queue": [{"answer": 418}]}, "answer: Must be a documented one, by status or by name: 200 messageSent"),
        ({"queue": [{"fault": "explode"}]}, "/queue/0/fault: Must be one of drop, half, html_502, malformed_json"),
        ({"queue": [{}]}, "/queue/0: Must have exactly one of answer and fault"),
        ({"queue": [{"fault": "drop", "time": 2}]}, "/queue/0: Must not have the fields time"),
        ({"random": [{"fault": "drop"}]}, "/random/0/probability: Must be given"),
        (
            {"random": [{"fault": "drop", "probability": 0.6}, {"fault": "half", "probability": 0.6}]},
            "/random: Must have probabilities of 1 at most in all",
        ),
        ({"latency": {"seconds": -1}}, "/latency/seconds: Must be at least 0; got -1"),
        ({"latency": {}}, "/latency: Must have exactly one of seconds, uniform and lognormal"),
        ({"seeds": 1}, "body: Must not have the fields seeds"),
    ],
)
def test_invalid_plan_is_refused_with_the_place_and_changes_nothing(
    http: httpx.Client, faults: Json, refusal: str
) -> None:
    before = plan(http, queue=[{"fault": "drop"}])
    response = http.put(FAULTS, json=faults)
    assert 400 == response.status_code
    assert refusal in response.json()["details"]
    assert before == http.get(FAULTS).json()


def test_of_a_large_plan_the_first_violation_is_reported(http: httpx.Client) -> None:
    """All of them would hold up every other request for a minute."""
    content = f'{{"queue":[{",".join(["{}"] * 300_000)}]}}'  # `json=` has blanks in some httpx, which are too much
    response = http.put(FAULTS, content=content, headers={"Content-Type": "application/json"})
    assert (400, "/queue/0: Must have exactly one of answer and fault") == (
        response.status_code,
        response.json()["details"],
    )


def test_faults_can_be_added_one_by_one_are_counted_down_and_taken_back(http: httpx.Client, client: Client) -> None:
    http.post(FAULTS, json={"answer": 409, "times": 3})
    http.post(FAULTS, json={"fault": "half"})
    send(client)
    left = [{"answer": 409, "times": 2}, {"fault": "half", "times": 1}]
    assert left == http.get(FAULTS).json()["queue"]
    assert [] == http.delete(FAULTS).json()["queue"]
    assert "accepted MessageSent" == send(client)


def test_faults_of_one_company_are_no_others(http: httpx.Client, client: Client) -> None:
    other = http.post("/_mock/companies").json()
    http.put(FAULTS, params={"company": other["company"]}, json={"queue": [{"answer": 500, "times": 9}]})
    assert "accepted MessageSent" == send(client)
    path, key = "/api/v1.0/contact/string/message", {"api-key": other["api_key"]}
    assert 500 == http.post(path, params=key, json=TEXT).status_code


def test_fault_comes_before_the_rules_and_after_key_and_rate_limit(http: httpx.Client) -> None:
    plan(http, queue=[{"answer": 500}])
    url = "/api/v1.0/contact/string/message"
    assert 401 == http.post(url, params={"api-key": "wrong"}, json=TEXT).status_code
    assert 500 == http.post(url, json={}).status_code
    assert explained(http.post(url, json={}))


def test_sent_answer_that_is_planned_has_an_interaction_of_its_own(http: httpx.Client) -> None:
    plan(http, queue=[{"answer": "messageSent", "times": 2}])
    answers = [http.post("/api/v1.0/contact/string/message", json=TEXT) for _ in range(2)]
    assert [SENT, SENT] == [got(answer) for answer in answers]
    assert answers[0].json() != answers[1].json()


def test_message_sent_is_what_the_client_reads(client: Client) -> None:
    answer = create_message.sync("string", client=client, body=ChannelMessage(TEXT["channelId"], text="Hi"))
    assert isinstance(answer, MessageSent)
