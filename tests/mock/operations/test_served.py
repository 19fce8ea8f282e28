"""Requests to no operation of the document."""

from __future__ import annotations

import httpx
import pytest

from tests.support.stand_in import (
    BASE,
    DETAILED_PROBLEM,
    KEY,
    OPERATION,
    TEXT,
    Send,
    got,
)


@pytest.mark.parametrize(
    "path",
    [
        BASE,
        f"{BASE}/contact",
        f"{BASE}/contact/string",
        f"{BASE}/contact/string/message/",
        f"{BASE}/contact//message",
        f"{BASE}/contact/a/b/message",
        f"{BASE}/contact/string/messages",
        f"{BASE}/Contact/string/message",
        f"/x{BASE}/contact/string/message",
        "/api/v1x0/contact/string/message",
        "/contact/string/message",
        f"{BASE}/contact/string%2Fmessage",
        f"{BASE}/contact/string/message%0A",
        "/docs",
        "/openapi",
    ],
)
def test_unknown_path_is_refused_with_the_served_one(client: httpx.Client, path: str) -> None:
    status, value = got(client.post(path, params=KEY, json=TEXT))
    assert 404 == status
    assert [] == DETAILED_PROBLEM.violations(value)
    assert "Not Found" == value["error"]
    assert f"path: Must be {BASE}{OPERATION.path}" == value["details"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_unknown_method_is_refused_with_the_served_one(send: Send, method: str) -> None:
    response = send(method=method)
    status, value = got(response)
    assert (405, "POST") == (status, response.headers["allow"])
    assert [] == DETAILED_PROBLEM.violations(value)
    assert "method: Must be POST" == value["details"]
