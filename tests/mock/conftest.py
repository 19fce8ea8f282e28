"""The stand-in that the tests of `ventia_mock` share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support import stand_in
from tests.support.stand_in import (
    BASE,
    JSON_TYPE,
    KEY,
    OPERATION,
    TEXT,
    Send,
    unkept,
)
from ventia_mock.fixture import Mock, StandInServer, serve


@pytest.fixture(scope="session")
def server() -> Iterator[StandInServer]:
    """The one stand-in of all tests that need no other; it has no rate limit."""
    with serve(stand_in.stand_in()) as server:
        yield server


@pytest.fixture
def company(server: StandInServer) -> Iterator[Mock]:
    """A company of the test's own."""
    company = server.open()
    yield company
    company.close()


@pytest.fixture(scope="session")
def client(server: StandInServer) -> Iterator[httpx.Client]:
    """A client without a key, each of whose requests has a connection of its own."""
    with unkept(server.url.removesuffix(BASE)) as client:
        yield client


@pytest.fixture(scope="session")
def send(client: httpx.Client) -> Send:
    """Sends a request to the operation: the sample key, a valid body and a valid contact, but for what is given."""

    def send_request(contact: str = "string", *, key: Any = None, method: str = "POST", **more: Any) -> httpx.Response:
        if "content" not in more:
            more.setdefault("json", TEXT)
        more.setdefault("headers", JSON_TYPE)
        path = BASE + OPERATION.path.format_map(dict.fromkeys(OPERATION.path_names, contact))
        return client.request(method, path, params=KEY if key is None else key, **more)

    return send_request
