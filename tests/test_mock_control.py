"""The stand-in's own routes: what tests ask, and who may ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

import httpx
import pytest

from tests.stand_in import ANSWERS, BASE, KEY, MESSAGE, NASTY_KEY, PROBLEM, TEXT, client_of, encodings, stand_in
from ventia_document.source import Json
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.journal.matching import checked
from ventia_mock.journal.search import Search
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

MESSAGES = "/_mock/messages"
CONTACT, OTHER = "66f1a2b33c4d5e0067f8a9b0", "66f1a2b33c4d5e0067f8a9b1"


@pytest.fixture
def app() -> StandIn:
    return stand_in()


@pytest.fixture
def http(app: StandIn) -> Iterator[httpx.Client]:
    with client_of(app) as http:
        yield http


def post(http: httpx.Client, contact: str = CONTACT, key: str = SAMPLE_KEY, **fields: Json) -> httpx.Response:
    body = {"channelId": TEXT["channelId"], **fields}
    return http.post(f"{BASE}/contact/{contact}/message", params={"api-key": key}, json=body)


def found(http: httpx.Client, **looked_for: Any) -> Json:
    response = http.get(MESSAGES, params=looked_for)
    assert 200 == response.status_code, response.text
    return response.json()


def texts(http: httpx.Client, **looked_for: Any) -> list[str]:
    return [each["body"]["text"] for each in found(http, **looked_for)["messages"]]


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


def test_only_messages_that_the_platform_took_are_found_unless_others_are_asked_for(http: httpx.Client) -> None:
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


def test_waiting_in_vain_ends_after_its_time_and_tells_the_near_misses(http: httpx.Client) -> None:
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
    ("query", "told"),
    [
        ({"txt": "Hi"}, "txt: Must be one of "),
        ({"outcome": "lost"}, "outcome: Must be one of sent, queued, refused, failed or any; got 'lost'"),
        ({"wait": "soon"}, "wait: Must be a number from 0 to 60; got 'soon'"),
        ({"wait": "61"}, "wait: Must be a number from 0 to 60; got '61'"),
        ({"at_least": "nan"}, "at_least: Must be a number"),
        ({"limit": "-1"}, "limit: Must be a number"),
        ({"company": "nobody"}, "company: Must be one of acme, globex; got 'nobody'"),
        ({"text": ["a", "b"]}, "query: Must have each parameter once"),
    ],
)
def test_query_that_is_none_is_refused_and_not_passed_over(http: httpx.Client, query: Json, told: str) -> None:
    """A misspelt field would else find nothing, or everything."""
    response = http.get(MESSAGES, params=query)
    assert 400 == response.status_code
    assert [] == PROBLEM.broken(response.json())
    assert response.json()["details"].startswith(told)


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
    assert (400, "compnay: Must be no parameter but company") == (response.status_code, response.json()["details"])
    assert ["kept"] == texts(http)


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


def test_message_tells_all_that_was_asked_and_answered(http: httpx.Client) -> None:
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
    """Wherever it stands in a request, in whatever form, known or not."""
    caplog.set_level("DEBUG", "ventia_mock")
    unknown = "UNKNOWN-KEY-OF-PRODUCTION"
    with client_of(stand_in(key=NASTY_KEY)) as http:
        for key in (NASTY_KEY, unknown):
            for form in forms(key):
                path = f"{BASE}/contact/{form}/message?api-key={form}&again={form}"
                http.post(path, json=TEXT | {"text": key}, headers={"x-key": form, "authorization": f"Bearer {form}"})
                http.post(f"{BASE}/contact/string/message?api-key={form}", json=TEXT | {"text": key, "localId": [key]})
                http.post(f"{BASE}/contact/string/message?api-key={form}", content=ascii(key).encode())
        told = http.get(MESSAGES, params={"outcome": "any", "limit": 999}).text + http.get("/_mock/world").text
    told += "\n".join(record.getMessage() for record in caplog.records if record.name == "ventia_mock")
    for key in (NASTY_KEY, unknown):
        for form in [key, *forms(key)]:
            assert form not in told
    assert "Bearer" not in told


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


def test_company_of_ones_own_has_the_first_ones_world_and_an_inbox_of_its_own(http: httpx.Client) -> None:
    one, two = http.post("/_mock/companies").json(), http.post("/_mock/companies").json()
    assert 200 == post(http, text="one", key=one["api_key"]).status_code
    assert ["one"] == texts(http, company=one["company"])
    assert [] == texts(http, company=two["company"])
    http.patch(f"/_mock/world/users/64f1c2a97b3e4d0012ab34cd?company={one['company']}", json={"session": "offline"})
    body = {"userId": "64f1c2a97b3e4d0012ab34cd", "medium": "unofficial_wpp", "text": "Hi"}
    path = f"{BASE}/contact/string/message"
    statuses = [http.post(path, params={"api-key": each["api_key"]}, json=body).status_code for each in (one, two)]
    assert [ANSWERS["sessionNotOnline"][0], 200] == statuses
    assert {"forgotten": 2} == http.delete(f"/_mock/companies/{one['company']}").json()
    assert 401 == post(http, text="one", key=one["api_key"]).status_code


def test_world_tells_what_is_known_and_which_answers_there_are_but_no_key(http: httpx.Client) -> None:
    http.post("/_mock/companies")
    world = http.get("/_mock/world").json()
    assert ["acme", "globex"] == [company["id"] for company in world["companies"]][:2]
    assert [{"status": status, "name": name} for name, (status, _) in ANSWERS.items()] == world["answers"]
    provoking = {each["answers"] for each in world["companies"][0]["contacts"]}
    assert set(ANSWERS) <= provoking
    assert "EEEEEEE" not in str(world)
    [globex] = http.get("/_mock/world", params={"company": "globex"}).json()["companies"]
    assert "globex" == globex["id"]


def test_sample_key_is_told_and_a_persons_own_is_not() -> None:
    for key, shown in ((SAMPLE_KEY, SAMPLE_KEY), (NASTY_KEY, "$VENTIA_API_KEY")):
        with client_of(stand_in(key=key)) as http:
            assert shown == http.get("/_mock/world").json()["api_key"]


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/_mock/world/users/u", {"session": "asleep"}, "/session: Must be one of online, offline, none"),
        ("/_mock/world/users/u", {"mood": "good"}, "body: Must not have the fields mood"),
        ("/_mock/world/pets/u", {}, "kind: Must be one of contacts, channels, users"),
        ("/_mock/world/contacts/u", {"answers": "teapot"}, "answer: Must be a documented one"),
        ("/_mock/world/contacts/u?company=nobody", {}, "company: Must be one of acme, globex"),
        ("/_mock/world/contacts/u", {"id": "v"}, "/id: Must stay 'u'; got 'v'"),
        ("/_mock/world/integrations/u", {"user": "nobody"}, "/user: Must be one of the company's users; got 'nobody'"),
        ("/_mock/world/contacts/u", b'{"name": "a", "name": "b"}', "body: Must have each field once"),
        ("/_mock/world/contacts/u", [], "body: Must be a JSON object"),
        ("/_mock/world/contacts/u", b"{", "body: Must be JSON"),
        ("/_mock/world/contacts/u", b"[" * 100_000, "body: Must be JSON"),
        ("/_mock/world/contacts/u", b" " * 3_000_000, "body: Must have at most"),
    ],
)
def test_change_of_the_world_that_is_none_is_refused(http: httpx.Client, path: str, body: Any, told: str) -> None:
    before = http.get("/_mock/world").json()
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    response = http.patch(path, **content)
    assert 400 == response.status_code
    assert response.json()["details"].startswith(told)
    assert before == http.get("/_mock/world").json()


@pytest.mark.parametrize("body", [b'{"name": "\\ud800"}', b'{"name": NaN}', b'{"name": 1e999}'])
def test_what_no_json_can_say_is_kept_out_of_the_world(http: httpx.Client, body: bytes) -> None:
    assert 400 == http.patch("/_mock/world/contacts/x", content=body).status_code
    assert 200 == http.get("/_mock/world").status_code


def test_company_of_the_world_stays(http: httpx.Client) -> None:
    response = http.delete("/_mock/companies/acme")
    assert 400 == response.status_code
    assert "company: Must be one that was copied; 'acme' is the world's" == response.json()["details"]
    assert 200 == post(http, text="Hi").status_code


def test_refusal_quotes_no_key(http: httpx.Client) -> None:
    asked = [
        http.get(f"/_mock/{SAMPLE_KEY}"),
        http.get("/_mock/messages", params={SAMPLE_KEY: "1"}),
        http.get("/_mock/messages", params={"limit": SAMPLE_KEY}),
        http.get("/_mock/faults", params={"company": SAMPLE_KEY}),
        http.patch(f"/_mock/world/{SAMPLE_KEY}/x", json={}),
        http.get("/_mock/world", headers={"Host": SAMPLE_KEY}),
        http.get("/_mock/world", headers={"Origin": SAMPLE_KEY}),
        post(http, template=SAMPLE_KEY),
        post(http, text="Hi", replyMessage=SAMPLE_KEY),
    ]
    assert {400, 403, 404} == {response.status_code for response in asked}
    for response in asked:
        assert SAMPLE_KEY not in response.text
        assert "***" in response.text


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "x", "9" * 18, "9" * 5000, "%D9%A1"])
def test_number_of_no_message_is_refused(http: httpx.Client, number: str) -> None:
    assert 404 == http.get(f"{MESSAGES}/{number}").status_code


@pytest.mark.parametrize("path", ["/_mock/health/", "/_mock/messages/", "/_mock/faults%2F"])
def test_route_with_a_slash_too_many_is_no_redirect(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code in (404, 200)


def test_thing_can_be_added_to_the_world(http: httpx.Client) -> None:
    assert 400 == post(http, text="Hi", channelId="0123456789abcdef01234567").status_code
    http.patch("/_mock/world/channels/0123456789abcdef01234567", json={"type": "fb"})
    assert 200 == post(http, text="Hi", channelId="0123456789abcdef01234567").status_code


def test_health_tells_what_is_served_and_kept(http: httpx.Client) -> None:
    post(http, text="Hi")
    health = http.get("/_mock/health").json()
    assert ("ok", None, None) == (health["status"], health["trouble"], health["upstream"])
    assert {"kept": 1, "most": 10_000, "dropped": 0} == health["journal"]
    assert health["document"]["path"].endswith("ventia.yaml")


@pytest.mark.parametrize("path", ["/", "/_mock/inbox.js", "/_mock/inbox.css"])
def test_page_is_served_with_a_policy_that_lets_it_load_nothing_else(http: httpx.Client, path: str) -> None:
    response = http.get(path)
    assert 200 == response.status_code
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "nosniff" == response.headers["x-content-type-options"]


CONTROL = ["/", "/_mock/health", "/_mock/world", MESSAGES, "/_mock/faults", "/_mock/events"]


@pytest.mark.parametrize("path", CONTROL)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": ""},
        {"Host": "[::1"},
    ],
    ids=str,
)
def test_page_of_another_site_can_neither_read_nor_steer(
    http: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    response = http.get(path, headers=headers)
    assert 403 == response.status_code
    assert [] == PROBLEM.broken(response.json())
    assert "access-control-allow-origin" not in response.headers


def test_preflight_of_another_site_is_refused(http: httpx.Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    assert 403 == http.options("/_mock/faults", headers=asked).status_code


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:1", "[::1]:8080", "10.0.0.7", "mock.internal:8080", "Mock.Internal"]
)
def test_own_page_and_own_names_are_let_in(host: str) -> None:
    with running(App(stand_in(), hosts=["mock.Internal"])) as url:
        own = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        assert 200 == httpx.get(url + "/_mock/health", headers=own, trust_env=False).status_code


def test_events_tell_the_state_at_once_and_after_each_change(http: httpx.Client) -> None:
    with http.stream("GET", "/_mock/events") as stream:
        assert "text/event-stream; charset=utf-8" == stream.headers["content-type"]
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        assert 'data: {"newest": 0, "kept": 0, "most": 10000, "dropped": 0}' == next(lines)
        with httpx.Client(base_url=http.base_url, trust_env=False) as other:
            post(other, text="Hi")
        assert 'data: {"newest": 1, "kept": 1, "most": 10000, "dropped": 0}' == next(lines)


def test_server_stops_at_once_while_browsers_listen_and_tests_wait() -> None:
    app = stand_in()
    ended: list[int] = []

    def wait(url: str) -> None:
        ended.append(httpx.get(url + MESSAGES, params={"wait": 50}, timeout=60, trust_env=False).json()["count"])

    with running(App(app)) as url:
        thread = threading.Thread(target=wait, args=[url])
        thread.start()
        stream = httpx.stream("GET", url + "/_mock/events", trust_env=False)
        stream.__enter__()
        time.sleep(0.3)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    thread.join()
    stream.__exit__(None, None, None)
    assert [0] == ended


def test_unknown_route_and_method_are_refused_in_the_same_shape(http: httpx.Client) -> None:
    for response in (http.get("/_mock/nothing"), http.get("/_mock"), http.post("/_mock/health"), http.delete("/")):
        assert response.status_code in (404, 405)
        assert [] == PROBLEM.broken(response.json())


def test_stand_in_never_asks_for_a_media_url() -> None:
    asked: list[str] = []

    async def spy(scope: Any, *_: Any) -> None:
        asked.append(scope["path"])

    with running(spy) as elsewhere, client_of(stand_in()) as http:
        assert 200 == post(http, mediaType="image", mediaUrl=elsewhere + "/a.png").status_code
        http.get("/")
        time.sleep(0.1)
    assert [] == asked
    assert KEY == {"api-key": SAMPLE_KEY}
