"""A stand-in for each test of the control routes, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.stand_in import client_of, stand_in
from ventia_mock.stand_in import StandIn


@pytest.fixture
def app() -> StandIn:
    return stand_in()


@pytest.fixture
def http(app: StandIn) -> Iterator[httpx.Client]:
    with client_of(app) as http:
        yield http
