"""The inbox of a stand-in that passes messages on."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect
from starlette.responses import JSONResponse

from tests.mock.inbox.page import ANA, SOURCE, shown
from ventia_mock.app import App
from ventia_mock.http.server import listen, running
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn


def test_discrepancies_are_shown_with_the_message_and_counted(context: BrowserContext) -> None:
    """The stand-in passes messages on to a server that does not answer as the document says."""
    with running(JSONResponse({"success": "yes"}, 418)) as wrong:
        app = StandIn(SOURCE, upstream=Upstream(wrong, [ANA]))
        with running(App(app)) as url, shown(context, app, url) as inbox:
            page = inbox.open()
            expect(page.locator(".banner")).to_have_text(f"Valid messages are passed on to {wrong}, and really sent.")
            inbox.send(text="a")
            inbox.send(text="b")
            expect(inbox.threads()).to_contain_text(["2 discrepancies"])
            page.get_by_role("banner").get_by_role("link", name="2 discrepancies").click()
            expect(inbox.messages().last.locator(".discrepancies")).to_contain_text("status: Must be one of 200, 202")
            expect(page.locator(".details")).to_be_visible()


def test_what_was_not_passed_on_is_known_not_to_be_sent(context: BrowserContext) -> None:
    """Behind a proxy: a server that cannot be reached, and a fault that was planned."""
    with listen("127.0.0.1", 0) as nobody:
        port = nobody.getsockname()[1]
    app = StandIn(SOURCE, upstream=Upstream(f"http://127.0.0.1:{port}", [ANA]))
    with running(App(app)) as url, shown(context, app, url) as inbox:
        inbox.send(text="Out of reach")
        for planned in ({"fault": "html_502"}, {"answer": 500}):
            inbox.control("POST", "faults", planned)
            inbox.send(text="Planned")
        inbox.open_newest()
        expect(inbox.messages().locator(".outcome")).to_have_text(["failed"] * 3)
        expect(inbox.messages().locator(".why")).to_contain_text(["nothing was sent", "as planned", "as planned"])


def test_a_proxy_offers_no_ids_of_the_sample_world(context: BrowserContext) -> None:
    app = StandIn(SOURCE, upstream=Upstream("http://127.0.0.1:1", [ANA]))
    with running(App(app)) as url, shown(context, app, url) as inbox:
        page = inbox.open()
        expect(page.locator("main")).to_contain_text("--allow-contact is passed on, any other refused.")
        expect(page.locator("pre, .provoking")).to_have_count(0)
        expect(page.get_by_role("link", name="Ids to try")).to_be_hidden()
