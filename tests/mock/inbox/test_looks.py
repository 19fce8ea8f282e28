"""The inbox can be read by everybody: contrast, signs beside colours, headings in view, the keyboard."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, expect
from starlette.responses import JSONResponse

from tests.mock.inbox.page import ANA, BRUNO, MEDIA, PHONE, QUEUE, SCREEN, SOURCE, Inbox, shown, top_of
from tests.support.browser import faint_texts
from tests.support.stride import some, thinned
from ventia_document import DOCUMENT
from ventia_mock.app import App
from ventia_mock.http.server import running
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_in_light_and_dark(context: BrowserContext, scheme: Literal["light", "dark"]) -> None:
    app = StandIn(SOURCE)
    app.stay_stale(DOCUMENT, "world.yaml:3: is wrong")
    with running(App(app)) as url, shown(context, app, url, scheme=scheme) as inbox:
        inbox.send(channelId=QUEUE, text="a")
        inbox.control("POST", "faults", {"fault": "html_502"})
        for body in (
            {**MEDIA, "caption": "c"},
            {"replyMessage": "gone", "template": "gone"},
            {"text": 1},
            {"text": "a"},
        ):
            inbox.send(**body)
        page = inbox.open()
        grounds = set()
        for address in ("#/ids", "#/message/5"):
            page.goto(f"{url}/{address}")
            page.wait_for_selector(".provoking" if address == "#/ids" else ".details")
            grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            count, faint = faint_texts(page)
            assert (True, []) == (count > 40, faint)
        assert {"rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 23, 26)"} == grounds


def test_refused_failed_and_unknown_differ_in_word_colour_and_sign(context: BrowserContext) -> None:
    app = StandIn(SOURCE)
    with running(App(app)) as url, shown(context, app, url) as inbox:
        inbox.send(text=1)
        inbox.send("66f1a2b33c4d5e0067f8a500", text="a")
        looks = looks_of(inbox)
    with running(JSONResponse({"success": False, "error": "e", "details": "d"}, 500)) as failing:
        app = StandIn(SOURCE, upstream=Upstream(failing, [ANA]))
        with running(App(app)) as url, shown(context, app, url) as inbox:
            inbox.send(text="a")
            looks |= looks_of(inbox)
            inbox.page.goto(f"{url}/#/message/1")
            expect(inbox.page.locator(".details")).to_contain_text("perhaps sent: look at the platform")
    assert {"refused", "failed", "unknown"} == looks.keys()
    assert 3 == len({colour for colour, _ in looks.values()}) == len({sign for _, sign in looks.values()})


def looks_of(inbox: Inbox) -> dict[str, tuple[str, str]]:
    inbox.open()
    expect(inbox.threads().locator(".outcome").first).to_be_visible()
    look = "e => [e.innerText, getComputedStyle(e).color, getComputedStyle(e, '::before').content]"
    looks = [each.evaluate(look) for each in inbox.threads().locator(".outcome").all()]
    return {word: (colour, sign) for word, colour, sign in looks}


def test_each_media_type_has_an_icon_of_its_own(inbox: Inbox) -> None:
    for kind in ("image", "audio", "video", "file", "hologram"):
        inbox.send(**MEDIA | {"mediaType": kind})
    inbox.open_newest()
    drawn = inbox.page.locator(".bubble .icon path").evaluate_all("all => all.map(each => each.getAttribute('d'))")
    assert 5 == len(set(drawn))
    expect(inbox.threads().first.locator(".icon")).to_be_visible()


@thinned
@pytest.mark.parametrize("size", some([PHONE, SCREEN]))
def test_a_conversation_says_whose_it_is_wherever_it_is_read(context: BrowserContext, size: tuple[int, int]) -> None:
    app = StandIn(SOURCE)
    with running(App(app)) as url, shown(context, app, url, size) as inbox:
        for number in range(40):
            inbox.send(text=f"Number {number}")
        inbox.control("PATCH", f"world/contacts/{ANA}", {"name": "Ana " * 100})
        inbox.open_newest()
        heading = inbox.page.locator("main h2")
        expect(heading).to_be_in_viewport()
        box = heading.bounding_box()
        assert box
        assert box["height"] < 40
        inbox.page.goto(f"{url}/#/message/20")
        opened = inbox.messages().filter(has=inbox.page.locator(".details")).locator(".bubble")
        expect(opened).to_be_in_viewport()
        assert top_of(opened) >= top_of(heading) + box["height"]
        above = (
            "e => document.elementFromPoint(e.getBoundingClientRect().x, e.getBoundingClientRect().y - 10).className"
        )
        assert "top" == heading.evaluate(above)


def test_the_keyboard_suffices(inbox: Inbox) -> None:
    inbox.send(text="a")
    inbox.send(BRUNO, text="b")
    page = inbox.open()

    def focused() -> str:
        return str(page.evaluate("document.activeElement.innerText || document.activeElement.id"))

    def tab_to(name: str) -> None:
        for _ in range(20):
            page.keyboard.press("Tab")
            if name in focused():
                return
        pytest.fail(f"{name} cannot be reached")

    tab_to("search")
    tab_to("Ana Souza")
    assert "none" != page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    inbox.send(BRUNO, text="c")
    inbox.send(text="d")
    expect(inbox.threads().first).to_contain_text("Ana Souza")
    assert "Ana Souza" in focused()
    page.keyboard.press("Enter")
    expect(page.locator("main h2")).to_be_focused()
    tab_to("Details")
    page.keyboard.press("Enter")
    expect(page.locator(".details")).to_be_visible()
    assert "Hide details" == focused()
    tab_to("Copy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy the request")).to_have_text("Copied")
