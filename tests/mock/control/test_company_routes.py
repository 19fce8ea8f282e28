"""The control routes about companies and their worlds."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.control import post, texts
from tests.support.stand_in import ANSWERS, BASE, NASTY_KEY, client_of, stand_in
from ventia_mock.world.file import SAMPLE_KEY


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


def test_world_lists_companies_and_responses_but_no_key(http: httpx.Client) -> None:
    http.post("/_mock/companies")
    world = http.get("/_mock/world").json()
    assert ["acme", "globex"] == [company["id"] for company in world["companies"]][:2]
    assert [{"status": status, "name": name} for name, (status, _) in ANSWERS.items()] == world["answers"]
    provoking = {each["answers"] for each in world["companies"][0]["contacts"]}
    assert set(ANSWERS) <= provoking
    assert "EEEEEEE" not in str(world)
    [globex] = http.get("/_mock/world", params={"company": "globex"}).json()["companies"]
    assert "globex" == globex["id"]


def test_sample_key_is_shown_and_a_persons_own_is_not() -> None:
    for key, shown in ((SAMPLE_KEY, SAMPLE_KEY), (NASTY_KEY, "$VENTIA_API_KEY")):
        with client_of(stand_in(key=key)) as http:
            assert shown == http.get("/_mock/world").json()["api_key"]


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
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
def test_invalid_change_of_the_world_is_refused(http: httpx.Client, path: str, body: Any, refusal: str) -> None:
    before = http.get("/_mock/world").json()
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    response = http.patch(path, **content)
    assert 400 == response.status_code
    assert response.json()["details"].startswith(refusal)
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


def test_thing_can_be_added_to_the_world(http: httpx.Client) -> None:
    assert 400 == post(http, text="Hi", channelId="0123456789abcdef01234567").status_code
    http.patch("/_mock/world/channels/0123456789abcdef01234567", json={"type": "fb"})
    assert 200 == post(http, text="Hi", channelId="0123456789abcdef01234567").status_code
