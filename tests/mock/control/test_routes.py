"""All control routes and pages: who may use them, and what they refuse."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.control import MESSAGES, post
from tests.support.stand_in import KEY, PROBLEM, VENTIA, client_of, stand_in
from ventia_document.check import read_checked
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.world.file import SAMPLE_KEY


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


@pytest.mark.parametrize("path", ["/_mock/health/", "/_mock/messages/", "/_mock/faults%2F"])
def test_route_with_a_slash_too_many_is_no_redirect(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code in (404, 200)


def test_health_names_the_served_files_and_counts_messages(http: httpx.Client) -> None:
    post(http, text="Hi")
    health = http.get("/_mock/health").json()
    assert ("ok", None, None) == (health["status"], health["trouble"], health["upstream"])
    assert {"newest": 1, "kept": 1, "most": 10_000, "dropped": 0} == health["journal"]
    assert health["document"]["path"].endswith("ventia.yaml")


@pytest.mark.parametrize("path", ["/", "/_mock/inbox.js", "/_mock/inbox.css"])
def test_page_is_served_with_a_policy_that_lets_it_load_nothing_else(http: httpx.Client, path: str) -> None:
    response = http.get(path)
    assert 200 == response.status_code
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "nosniff" == response.headers["x-content-type-options"]


@pytest.mark.parametrize("path", ["/openapi.yaml", "/openapi.json"])
def test_document_is_served_with_the_stand_in_as_its_only_server(http: httpx.Client, path: str, tmp_path: Path) -> None:
    response = http.get(path)
    (tmp_path / path[1:]).write_bytes(response.content)
    served = read_checked(tmp_path / path[1:]).value
    assert f"{http.base_url}/api/v1.0" == served["servers"][0]["url"]
    assert {**VENTIA, "servers": served["servers"][:1]} == served
    assert f"application/{path[-4:]}" == response.headers["content-type"].partition(";")[0]


CONTROL = [
    "/",
    "/openapi.yaml",
    "/openapi.json",
    "/_mock/health",
    "/_mock/world",
    MESSAGES,
    "/_mock/faults",
    "/_mock/events",
]


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
    assert [] == PROBLEM.violations(response.json())
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


def test_unknown_route_and_method_are_refused_in_the_same_shape(http: httpx.Client) -> None:
    for response in (http.get("/_mock/nothing"), http.get("/_mock"), http.post("/_mock/health"), http.delete("/")):
        assert response.status_code in (404, 405)
        assert [] == PROBLEM.violations(response.json())


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


@pytest.mark.parametrize(("method", "path"), [("PUT", "/_mock/faults"), ("PATCH", "/_mock/world/users/x")])
def test_request_that_is_cut_off_in_its_body_is_no_fault_of_the_stand_in(
    http: httpx.Client, method: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection((http.base_url.host, http.base_url.port or 80), timeout=5) as connection:
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{{"
        connection.sendall(head.encode())
    assert "ok" == http.get("/_mock/health").json()["status"]
    assert [] == [record for record in caplog.records if record.name != "httpx"]
