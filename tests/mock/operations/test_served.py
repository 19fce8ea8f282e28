"""Requests to no operation of the document."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.support.stand_in import (
    BASE,
    DETAILED_PROBLEM,
    KEY,
    OPERATION,
    TEXT,
    VENTIA,
    Send,
    got,
)
from ventia_document.operations import operations

SERVED = [BASE + path for path in VENTIA["paths"]]
METHODS = [each.method for each in operations(VENTIA) if each.path == OPERATION.path]


def is_served(path: str) -> bool:
    patterns = [re.sub(r"\\{.*?\\}", "[^/]+", re.escape(served)) for served in SERVED]
    return any(re.fullmatch(pattern, path) for pattern in patterns)


UNKNOWN = [
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
]


@pytest.mark.parametrize("path", [path for path in UNKNOWN if not is_served(path)])
def test_unknown_path_is_refused_with_the_served_ones(client: httpx.Client, path: str) -> None:
    status, value = got(client.post(path, params=KEY, json=TEXT))
    assert 404 == status
    assert [] == DETAILED_PROBLEM.violations(value)
    assert "Not Found" == value["error"]
    assert f"path: Must be {' or '.join(SERVED)}" == value["details"]


@pytest.mark.parametrize("method", sorted({"GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}.difference(METHODS)))
def test_unknown_method_is_refused_with_the_served_ones(send: Send, method: str) -> None:
    response = send(method=method)
    status, value = got(response)
    assert (405, ", ".join(METHODS)) == (status, response.headers["allow"])
    assert [] == DETAILED_PROBLEM.violations(value)
    assert f"method: Must be {', '.join(METHODS)}" == value["details"]
