from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.mock.inbox.page import SOURCE, Inbox, shown
from tests.support.browser import in_a_browser
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder: they run in a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.acceptance)
            item.add_marker(in_a_browser)


@pytest.fixture
def inbox(browser: Browser) -> Iterator[Inbox]:
    app = StandIn(SOURCE)
    with running(App(app)) as url, shown(browser, app, url) as inbox:
        yield inbox


@pytest.fixture
def phone(browser: Browser) -> Iterator[Inbox]:
    app = StandIn(SOURCE)
    with running(App(app)) as url, shown(browser, app, url, viewport={"width": 390, "height": 844}) as inbox:
        yield inbox
