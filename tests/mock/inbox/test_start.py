"""An inbox without messages: the first request, and the ids to try."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.mock.inbox.page import DIEGO, SOURCE, Inbox, copied, run_in_shell, shown
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import read_world


def test_the_first_curl_of_the_empty_inbox_works_and_its_message_appears_live(inbox: Inbox) -> None:
    page = inbox.open()
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    curl = copied(page, page.get_by_role("button", name="Copy the curl command"))
    assert page.locator("pre").inner_text() == curl
    page.evaluate("window.isSamePage = true")
    assert '"success": true' in run_in_shell(curl)
    expect(inbox.threads()).to_contain_text(["Hello from curl"])
    expect(page.locator("#news")).to_have_text("New message to The contact of the documentation: sent")
    expect(page.locator("#kept")).to_have_text("1 message kept, 10,000 at most.")
    assert page.evaluate("window.isSamePage")


def test_the_ids_that_lead_to_each_answer_can_be_copied(inbox: Inbox) -> None:
    page = inbox.open("/#/ids")
    headings = page.locator(".provoking h3")
    expect(headings).to_have_text(
        [
            "200 messageSent",
            "202 messageQueued",
            "400 invalidRequestBody",
            "401 invalidApiKey",
            "409 sessionNotOnline",
            "422 noActiveIntegration",
            "429 rateLimitExceeded",
            "500 internalServerError",
            "200 messageSent",
        ]
    )
    for usual in (
        "Contact · Ana Souza",
        "Channel · Support · WhatsApp Business",
        "User · Carla",
        "Integration · Carla",
    ):
        expect(page.locator(".provoking").first).to_contain_text(usual)
    expect(page.locator(".provoking").nth(1)).to_contain_text("Channel · Support with a queue")
    expect(page.locator(".provoking").nth(4)).to_contain_text("User · Diego · session offline")
    expect(page.locator(".provoking").nth(5)).to_contain_text("Integration · Diego · inactive")
    button = page.get_by_role("button", name="Copy the id of User · Diego · session offline")
    assert DIEGO == copied(page, button)


def test_a_world_without_contacts_offers_nothing_to_paste(context: BrowserContext, tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text("companies: [{id: a}]\n", encoding="utf-8")
    app = StandIn(SOURCE, read_world(tmp_path / "world.yaml"))
    with running(App(app)) as url, shown(context, app, url) as inbox:
        page = inbox.open()
        expect(page.locator("main")).to_contain_text("The world has no usual contact or channel to send to.")
        expect(page.locator("main")).not_to_contain_text("paste this")
