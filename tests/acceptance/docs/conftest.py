from __future__ import annotations

from collections.abc import Iterator

import pytest

from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn


@pytest.fixture
def stand_in() -> Iterator[str]:
    """Where a stand-in listens: `http://127.0.0.1:12345`."""
    with running(App(StandIn(read_checked(DOCUMENT)))) as url:
        yield url
