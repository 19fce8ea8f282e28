"""An open inbox follows what happens: messages that come and go, changed files, a lost connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, expect

from tests.mock.inbox.page import BRUNO, SOURCE, Inbox, shown
from ventia_document import DOCUMENT
from ventia_mock.app import App
from ventia_mock.http.server import listen, running, server
from ventia_mock.journal.journal import Journal
from ventia_mock.stand_in import StandIn


@contextmanager
def running_at(app: StandIn, port: int) -> Iterator[None]:
    """Serve a stand-in on a port of 127.0.0.1."""
    served = server(App(app))
    with listen("127.0.0.1", port) as listening:
        thread = threading.Thread(target=served.run, kwargs={"sockets": [listening]})
        thread.start()
        yield
        served.should_exit = True
        thread.join()


def test_a_lost_connection_is_shown_and_comes_back(context: BrowserContext) -> None:
    before, after = StandIn(SOURCE), StandIn(SOURCE)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with shown(context, before, f"http://127.0.0.1:{port}") as inbox:
        inbox.may_lose_connection = True
        with running_at(before, port):
            inbox.send(text="Before")
            page = inbox.open()
            expect(inbox.threads()).to_contain_text(["Before"])
        expect(page.locator(".banner")).to_contain_text("The connection to the stand-in is lost.")
        expect(page.locator("#kept")).to_have_text("1 message kept, 10,000 at most.")
        with running_at(after, port):
            inbox.send(BRUNO, text="After")
            expect(inbox.threads().locator(".snippet")).to_have_text(["After"])
            expect(page.locator(".banner")).to_have_count(0)
            inbox.send(BRUNO, text="Live again")
            expect(inbox.threads().locator(".snippet")).to_have_text(["Live again"])


def test_messages_that_come_unseen_are_counted_in_the_title(timed: Inbox) -> None:
    """In a hidden page, which holds no connection, and in one beside another window."""
    page = timed.page
    timed.open()
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.isAway, configurable: true })")
    page.evaluate("window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))")
    timed.send(text="a")
    timed.send(text=1)
    page.clock.fast_forward(5000)
    expect(page).to_have_title("(2) Inbox - Ventia stand-in")
    page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("Inbox - Ventia stand-in")
    page.evaluate("document.hasFocus = () => false")
    expect(timed.threads()).to_have_count(1)
    timed.send(text="b")
    expect(page).to_have_title("(1) Inbox - Ventia stand-in")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page).to_have_title("Inbox - Ventia stand-in")


def test_what_is_forgotten_is_gone_from_the_page_too(inbox: Inbox) -> None:
    inbox.send(text="a")
    page = inbox.open()
    expect(inbox.threads()).to_have_count(1)
    inbox.control("DELETE", "messages", None)
    expect(inbox.threads()).to_have_count(0)
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()


def test_all_messages_or_those_that_are_found_are_cleared_by_a_second_click(inbox: Inbox) -> None:
    for text in ("apples", "pears", "apples again"):
        inbox.send(text=text)
    page = inbox.open()
    page.get_by_label("Search messages").fill("apples")
    page.get_by_role("button", name="Clear what is found").click()
    expect(inbox.threads()).to_have_count(1)
    page.get_by_role("button", name="Really clear 2 messages?").click()
    expect(page.locator("#nothing")).to_have_text("No message has “apples”.")
    page.get_by_label("Search messages").fill("")
    expect(inbox.threads().locator(".snippet")).to_have_text(["pears"])
    page.get_by_role("button", name="Clear all").click()
    page.get_by_role("button", name="Really clear 1 message?").click()
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    expect(page.locator("#clear")).to_be_hidden()


def test_the_bound_is_shown_with_the_number_of_dropped_messages(context: BrowserContext) -> None:
    app = StandIn(SOURCE, journal=Journal(most=3))
    with running(App(app)) as url, shown(context, app, url) as inbox:
        page = inbox.open()
        for number in range(5):
            inbox.send(text=str(number))
        expect(page.locator("#kept")).to_have_text("3 messages kept, 3 at most. Dropped: the oldest 2.")
        inbox.threads().first.click()
        expect(page.locator(".bubble")).to_have_text(["2", "3", "4"])


def test_an_invalid_changed_file_is_shown(timed: Inbox) -> None:
    page = timed.open()
    expect(page.locator(".banner")).to_have_count(0)
    timed.app.stay_stale(DOCUMENT, "world.yaml:3: /companies: Must be an array")
    page.clock.fast_forward(5000)
    expect(page.locator(".banner")).to_contain_text("world.yaml:3: /companies: Must be an array")
