from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.mock.inbox.page import PHONE, SOURCE, Inbox, inbox_context, shown
from tests.support.browser import chromium, in_a_browser
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


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    with inbox_context(browser) as context:
        yield context


@pytest.fixture
def inbox(context: BrowserContext) -> Iterator[Inbox]:
    app = StandIn(SOURCE)
    with running(App(app)) as url, shown(context, app, url) as inbox:
        yield inbox


@pytest.fixture
def timed(browser: Browser) -> Iterator[Inbox]:
    """An inbox whose clock a test moves: all pages of its context have that clock."""
    app = StandIn(SOURCE)
    with inbox_context(browser) as own, running(App(app)) as url, shown(own, app, url) as inbox:
        own.clock.install()
        yield inbox


@pytest.fixture
def phone(context: BrowserContext) -> Iterator[Inbox]:
    app = StandIn(SOURCE)
    with running(App(app)) as url, shown(context, app, url, PHONE) as inbox:
        yield inbox
