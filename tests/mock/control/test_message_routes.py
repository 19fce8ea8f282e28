"""The control routes about messages: search, wait, forget."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading
import time
from urllib.parse import unquote, unquote_plus

import httpx
import pytest

from tests.support.control import CONTACT, MESSAGES, OTHER, found, post, texts
from tests.support.stand_in import BASE, KEY, MESSAGE, NASTY_KEY, PROBLEM, TEXT, client_of, encodings, stand_in
from ventia_document.source import Json
from ventia_mock.app import App
from ventia_mock.control import messages
from ventia_mock.control.curl import KEY_VARIABLE
from ventia_mock.http.server import running
from ventia_mock.journal.matching import checked
from ventia_mock.journal.search import Search
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY


def test_messages_are_found_by_any_field_newest_first(http: httpx.Client) -> None:
    post(http, text="a")
    post(http, OTHER, text="b", localId="1")
    post(http, text="c", localId="1")
    assert ["c", "b", "a"] == texts(http)
    assert ["c", "b"] == texts(http, localId="1")
    assert ["c", "a"] == texts(http, contact=CONTACT)
    assert ["c"] == texts(http, contact=CONTACT, localId="1")
    assert ["b"] == texts(http, text="b", status=200, outcome="sent")
    assert [] == texts(http, text="d")
    assert 3 == found(http, limit=1)["count"]
    assert ["c"] == texts(http, limit=1)


def test_a_query_without_outcome_finds_only_messages_that_the_platform_took(http: httpx.Client) -> None:
    post(http, text="sent")
    post(http, text=1)
    post(http, key="wrong-key", text="unknown")
    assert ["sent"] == texts(http)
    assert 2 == found(http, outcome="refused")["count"]
    assert 3 == found(http, outcome="any")["count"]


def test_words_are_searched_everywhere_in_any_case(http: httpx.Client) -> None:
    post(http, text="Der Größe nach")
    post(http, text="b", localId="größer")
    post(http, OTHER, text="c")
    assert ["b", "Der Größe nach"] == texts(http, q="GRÖSSE")
    assert ["c"] == texts(http, q=OTHER)
    assert [] == texts(http, q="nope")


def test_messages_since_a_number_are_only_the_later_ones(http: httpx.Client) -> None:
    post(http, text="a")
    number = found(http)["messages"][0]["id"]
    post(http, text="b")
    assert ["b"] == texts(http, since=number)


def test_waiting_ends_as_soon_as_the_message_comes(http: httpx.Client) -> None:
    url = str(http.base_url)

    def later() -> None:
        time.sleep(0.2)
        with httpx.Client(base_url=url, trust_env=False) as other:
            post(other, text="not this")
            post(other, text="this")

    thread = threading.Thread(target=later)
    thread.start()
    began = time.monotonic()
    assert ["this"] == texts(http, text="this", wait=20)
    assert time.monotonic() - began < 10
    thread.join()


def test_waiting_counts_what_was_there_before(http: httpx.Client) -> None:
    for _ in range(3):
        post(http, text="a")
    assert 3 == found(http, text="a", wait=20, at_least=3)["count"]


def test_message_counts_once_however_often_is_looked(app: StandIn) -> None:
    search = Search(app.journal, None, checked({"outcome": "any"}, []))
    with client_of(app) as http:
        for number in range(1, 4):
            post(http, text=str(number))
            assert number == len(search.go_on())
            assert number == len(search.go_on())


def test_waiting_in_vain_ends_after_its_time_with_the_near_misses(http: httpx.Client) -> None:
    post(http, text="Your order 41 is ready.")
    post(http, text="Hello!")
    post(http, OTHER, text="Your order 42 is ready.")
    answer = found(http, contact=CONTACT, text="Your order 42 is ready.", wait=0.2)
    assert 0 == answer["count"]
    differences = [near["differences"] for near in answer["near"]]
    assert [{"field": "text", "expected": "Your order 42 is ready.", "got": "Your order 41 is ready."}] in differences
    assert [{"field": "contact", "expected": CONTACT, "got": OTHER}] in differences[:2]


def test_near_miss_that_was_refused_says_why(http: httpx.Client) -> None:
    post(http, text="Hi", template="order_confirmation", mediaUrl="https://example.com/a")
    [near] = found(http, text="Hi")["near"]
    [difference] = near["differences"]
    assert ("outcome", "sent or queued", "refused") == tuple(difference[name] for name in ("field", "expected", "got"))
    assert difference["why"].startswith("mediaUrl: Must not be given with template")


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ({"txt": "Hi"}, "txt: Must be one of "),
        ({"outcome": "lost"}, "outcome: Must be one of sent, queued, answered, refused, failed or any; got 'lost'"),
        ({"wait": "soon"}, "wait: Must be a number from 0 to 60; got 'soon'"),
        ({"wait": "61"}, "wait: Must be a number from 0 to 60; got '61'"),
        ({"at_least": "nan"}, "at_least: Must be a number"),
        ({"limit": "-1"}, "limit: Must be a number"),
        ({"company": "nobody"}, "company: Must be one of acme, globex; got 'nobody'"),
        ({"text": ["a", "b"]}, "query: Must have each parameter once"),
    ],
)
def test_invalid_query_is_refused_and_not_ignored(http: httpx.Client, query: Json, refusal: str) -> None:
    """A misspelt field would else find nothing, or everything."""
    response = http.get(MESSAGES, params=query)
    assert 400 == response.status_code
    assert [] == PROBLEM.violations(response.json())
    assert response.json()["details"].startswith(refusal)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in ("/_mock/world", "/_mock/faults")),
        *(("DELETE", path) for path in (MESSAGES, "/_mock/faults")),
    ],
)
def test_misspelt_company_is_not_all_companies(http: httpx.Client, method: str, path: str) -> None:
    post(http, text="kept")
    response = http.request(method, path, params={"compnay": "acme"})
    assert (400, True) == (response.status_code, response.json()["details"].startswith("compnay: Must be "))
    assert ["kept"] == texts(http)


def test_messages_that_a_query_finds_are_forgotten_and_no_others(http: httpx.Client) -> None:
    for text in ("apples", "pears", "apples again"):
        post(http, text=text)
    post(http, text=1)
    assert {"forgotten": 2} == http.delete(MESSAGES, params={"q": "apples"}).json()
    assert ["pears"] == texts(http)
    assert {"forgotten": 1} == http.delete(MESSAGES, params={"outcome": "refused", "company": "acme"}).json()
    assert {"forgotten": 1} == http.delete(MESSAGES, params={"company": "acme"}).json()
    assert 0 == http.get("/_mock/health").json()["journal"]["kept"]


@pytest.mark.parametrize(
    ("words", "outcomes"),
    [("refused", ["refused"]), ("409", ["refused"]), ("NOT ONLINE", ["refused"]), ("must be of type", ["refused"])],
)
def test_words_of_an_outcome_and_its_reason_are_found(http: httpx.Client, words: str, outcomes: list[str]) -> None:
    post(http, text="Hi")
    post(http, "66f1a2b33c4d5e0067f8a409", text="Hi") if "type" not in words else post(http, text=1)
    messages = found(http, q=words, outcome="any")["messages"]
    assert outcomes == [message["outcome"] for message in messages]


def test_word_any_is_looked_for_like_any_other(http: httpx.Client) -> None:
    post(http, text="Hi")
    assert [] == texts(http, text="any")


def test_planned_success_is_no_message_unless_it_is_processed(http: httpx.Client) -> None:
    http.put("/_mock/faults", json={"queue": [{"answer": 200}, {"answer": 202}, {"answer": 202, "processed": True}]})
    assert [200, 202, 202] == [post(http, text=text).status_code for text in "abc"]
    assert ["c"] == texts(http)
    assert 2 == found(http, outcome="failed")["count"]


@pytest.mark.parametrize("name", ["apikey", "API-KEY", "api_key", "x-api-key"])
def test_key_under_a_name_that_is_almost_right_is_not_kept(http: httpx.Client, name: str) -> None:
    secret = "SECRET1-SECRET2-SECRET3"  # noqa: S105 - of this test alone
    path = f"{BASE}/contact/string/message"
    http.post(path, params={name: secret, "other": "1"}, headers={name: secret}, json=TEXT)
    [message] = found(http, outcome="any")["messages"]
    assert secret not in str(message)
    assert f"{path}?other=1" == message["request"]["url"]


def test_one_who_no_longer_waits_is_forgotten() -> None:
    app = App(stand_in())
    with running(app) as url:
        for _ in range(3):
            with pytest.raises(httpx.ReadTimeout):
                httpx.get(url + MESSAGES, params={"text": "never", "wait": 50}, timeout=0.1, trust_env=False)
        end = time.monotonic() + 10
        while app._changes._waiting:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_query_knows_every_field_of_the_document(http: httpx.Client) -> None:
    for name in MESSAGE.value["properties"]:
        assert 0 == found(http, **{name: "x"})["count"]


def test_one_message_is_found_by_its_number(http: httpx.Client) -> None:
    post(http, text="a")
    post(http, text="b")
    [newest, oldest] = found(http)["messages"]
    assert oldest == http.get(f"{MESSAGES}/{oldest['id']}").json()
    assert newest == http.get(f"{MESSAGES}/{newest['id']}").json()
    assert 404 == http.get(f"{MESSAGES}/{newest['id'] + 1}").status_code


def test_message_has_the_whole_request_and_response(http: httpx.Client) -> None:
    answer = post(http, text="Hi", localId="1")
    [message] = found(http)["messages"]
    assert {"kind": "channel", "id": TEXT["channelId"]} == message["sender"]
    assert ("acme", CONTACT, "sent", 200) == tuple(
        message[name] for name in ("company", "contact", "outcome", "status")
    )
    assert answer.json() == message["answer"]
    assert answer.json()["interactionId"] == message["interaction"]
    assert answer.request.content.decode() == message["request"]["body"]
    assert "application/json" == message["request"]["headers"]["content-type"]
    assert (
        abs(time.time() - time.mktime(time.strptime(message["time"][:19], "%Y-%m-%dT%H:%M:%S")) + time.timezone) < 100
    )


def forms(key: str) -> list[str]:
    return [form for form in encodings(key) if key in (unquote(form), unquote_plus(form))]


def test_key_is_in_no_message_log_or_answer(caplog: pytest.LogCaptureFixture) -> None:
    """Anywhere in a request, in any encoding, valid or not."""
    caplog.set_level("DEBUG", "ventia_mock")
    unknown = "UNKNOWN-KEY-OF-PRODUCTION"
    with client_of(stand_in(key=NASTY_KEY)) as http:
        for key in (NASTY_KEY, unknown):
            for form in forms(key):
                path = f"{BASE}/contact/{form}/message?api-key={form}&again={form}"
                http.post(path, json=TEXT | {"text": key}, headers={"x-key": form, "authorization": f"Bearer {form}"})
                http.post(f"{BASE}/contact/string/message?api-key={form}", json=TEXT | {"text": key, "localId": [key]})
                http.post(f"{BASE}/contact/string/message?api-key={form}", content=ascii(key).encode())
        output = http.get(MESSAGES, params={"outcome": "any", "limit": 999}).text + http.get("/_mock/world").text
    output += "\n".join(record.getMessage() for record in caplog.records if record.name == "ventia_mock")
    for key in (NASTY_KEY, unknown):
        for form in [key, *forms(key)]:
            assert form not in output
    assert "Bearer" not in output


def test_message_that_holds_half_of_a_surrogate_pair_is_shown_like_any_other(http: httpx.Client) -> None:
    content = rb'{"channelId": "656b0e1f8e5a2c001f3a9d12", "text": "\ud800", "\udc00": "656b\ud800"}'
    headers = {"content-type": "application/json"}
    http.post(f"{BASE}/contact/string/message", params={"api-key": SAMPLE_KEY}, content=content, headers=headers)
    http.post(f"{BASE}/contact/string/message", params={"api-key": SAMPLE_KEY}, content=b'{"channelId": "\\ud800"}')
    assert 2 == found(http, outcome="any")["count"]
    assert 1 == found(http, outcome="any", q="body: Must hold both halves")["count"]


def test_messages_can_be_forgotten_of_one_company_or_all(http: httpx.Client) -> None:
    other = http.post("/_mock/companies").json()
    post(http, text="a")
    post(http, text="b", key=other["api_key"])
    assert {"forgotten": 1} == http.delete(MESSAGES, params={"company": "acme"}).json()
    assert ["b"] == texts(http)
    assert {"forgotten": 1} == http.delete(MESSAGES).json()
    assert 400 == http.delete(MESSAGES, params={"company": "nobody"}).status_code


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "x", "9" * 18, "9" * 5000, "%D9%A1"])
def test_number_of_no_message_is_refused(http: httpx.Client, number: str) -> None:
    assert 404 == http.get(f"{MESSAGES}/{number}").status_code


@pytest.mark.parametrize("query", ["?a={1,2,3}", "?a=[1-3]", "?a=%7B1,2%7D", "/../message?a=1"])
def test_curl_of_a_message_repeats_its_request_once_and_as_it_was(http: httpx.Client, query: str) -> None:
    head = f"POST {BASE}/contact/string/message{query}".replace("string/message/..", "..")
    with socket.create_connection((http.base_url.host, http.base_url.port or 80), timeout=5) as connection:
        connection.sendall(f"{head} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        assert connection.recv(999).startswith(b"HTTP/1.1 401")
    [message] = found(http, outcome="any")["messages"]
    shell = {**os.environ, KEY_VARIABLE: SAMPLE_KEY}
    done = subprocess.run(["sh", "-c", message["curl"]], env=shell, capture_output=True, check=True, timeout=20)
    assert b"Invalid request body" in done.stdout
    repeated = found(http, outcome="any")["messages"][:-1]
    assert [message["request"]["url"]] == [each["request"]["url"] for each in repeated]


def test_long_lists_leave_turns_to_other_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or ten lists of all messages would hold each other request up for seconds."""
    monkeypatch.setattr(messages, "_SLICE", 0.0)
    app, turns = App(stand_in()), 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def ask() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            path = f"{BASE}/contact/string/message"
            for _ in range(40):
                assert 200 == (await http.post(path, params=KEY, json=TEXT)).status_code
            counting = asyncio.create_task(count())
            answers = await asyncio.gather(*(http.get(MESSAGES, params={"q": "Hi"}) for _ in range(3)))
            counting.cancel()
            assert [40] * 3 == [len(answer.json()["messages"]) for answer in answers]

    asyncio.run(ask())
    assert turns > 3 * 2 * 40, "one for each message, in the search and in the list"
