"""The inbox on a phone."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect
from starlette.responses import JSONResponse

from tests.mock.inbox.page import ANA, MEDIA, PHONE, SOURCE, Inbox, shown
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn


def test_on_a_phone_there_is_one_column_and_a_way_back(phone: Inbox) -> None:
    page = phone.open()
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    phone.send(text="x" * 300, **MEDIA | {"mediaUrl": f"https://files.example.com/{'y' * 300}"}, localId="z" * 200)
    phone.threads().first.click()
    expect(page.get_by_role("navigation")).to_be_hidden()
    page.get_by_role("link", name="Details").click()
    expect(page.locator(".details")).to_be_visible()
    for address in ("", "#/ids", "#/message/1"):
        page.goto(f"{phone.url}/{address}")
        expect(page.locator("nav" if not address else "main")).to_be_visible()
        assert 390 == page.evaluate("document.documentElement.scrollWidth")
    page.get_by_role("link", name="All threads").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    expect(page.get_by_role("main")).to_be_hidden()
    page.go_back()
    expect(page.locator(".details")).to_be_visible()


def test_on_a_phone_the_newest_is_in_view_too(phone: Inbox) -> None:
    for number in range(30):
        phone.send(text=f"Number {number}")
    page = phone.open()
    phone.threads().first.click()
    expect(page.locator(".bubble").last).to_be_in_viewport()
    phone.send(text="Number 30")
    expect(page.locator(".bubble").last).to_have_text("Number 30")
    expect(page.locator(".bubble").last).to_be_in_viewport()
    page.get_by_role("link", name="All threads").click()
    expect(phone.threads().first).to_be_in_viewport()


def test_the_header_is_low_on_a_phone(phone: Inbox) -> None:
    page = phone.open()
    box = page.locator("header").bounding_box()
    assert box
    assert box["height"] <= 124
    for name in ("Ids to try", "Reference"):
        link = page.get_by_role("link", name=name, exact=True).bounding_box()
        assert link
        assert link["y"] < 40


def test_the_header_stays_low_on_a_phone_with_a_discrepancy(context: BrowserContext) -> None:
    answer = JSONResponse({"success": True, "interactionId": "x"})
    with running(answer) as server:
        app = StandIn(SOURCE, upstream=Upstream(server, [ANA]))
        with running(App(app)) as url, shown(context, app, url, PHONE) as inbox:
            inbox.send(text="a")
            page = inbox.open()
            expect(page.locator("#discrepancies")).to_have_text("1 discrepancy")
            title, link = (
                page.get_by_role("link", name=name).bounding_box() for name in ("Ventia stand-in", "Reference")
            )
            assert title
            assert link
            assert abs(title["y"] - link["y"]) < 10
