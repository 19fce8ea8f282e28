"""Hostile messages do nothing in the inbox: texts are shown as texts, and nothing of another host is fetched."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.mock.inbox.page import BRUNO, MEDIA, SUPPORT, Inbox
from tests.support.stride import some, thinned
from ventia_document.source import Json


def test_hostile_text_is_text(inbox: Inbox) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    inbox.control("PATCH", f"world/contacts/{BRUNO}", {"name": attack})
    names = ("text", "caption", "mediaType", "mediaUrl", "mimetype", "fileName", "template", "replyMessage", "localId")
    inbox.send(BRUNO, **dict.fromkeys(names, attack))
    odd: Json = {name: {attack: [attack]} for name in names}
    inbox.send(BRUNO, **odd)
    inbox.send(BRUNO, **dict.fromkeys(["text", "medium"], attack))
    inbox.open_newest()
    expect(inbox.page.locator("main h2")).to_have_text(attack)
    expect(inbox.messages()).to_have_count(3)
    for number in (1, 2, 3):
        inbox.page.goto(f"{inbox.url}/#/message/{number}")
        expect(inbox.page.locator(".details")).to_contain_text(attack)
    inbox.page.get_by_label("Search messages").fill(attack + "?")
    expect(inbox.page.locator("#nothing")).to_have_text(f"No message has “{attack}?”.")
    assert 0 == inbox.page.locator("img, body script").count()


def test_media_are_a_link_and_never_fetched(inbox: Inbox) -> None:
    inbox.send(**MEDIA, fileName="quote.pdf", caption="The quote you asked for.")
    bubble = inbox.open_newest().locator(".bubble")
    expect(bubble).to_have_text("quote.pdffile · application/pdf · files.example.comThe quote you asked for.")
    link = bubble.get_by_role("link")
    names = ("href", "rel", "target")
    assert (MEDIA["mediaUrl"], "noreferrer noopener", "_blank") == tuple(link.get_attribute(name) for name in names)
    link.hover()
    assert 0 == inbox.page.locator("img, video, audio, iframe, object, link[rel=prefetch]").count()


def test_a_media_url_that_is_no_web_address_is_no_link(inbox: Inbox) -> None:
    for url in ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//files.example.com/a"):
        inbox.send(mediaType="image", mediaUrl=url)
        about = inbox.open_newest().locator(".bubble .note")
        expect(about).to_have_text("image · no web address, so no link")
    assert 0 == inbox.page.locator(".bubble").get_by_role("link").count()


@thinned
@pytest.mark.parametrize("name", some(["__proto__", "constructor", "toString", "hasOwnProperty"]))
def test_names_that_every_object_has_are_names_like_others(inbox: Inbox, name: str) -> None:
    """Nothing that a message or the world names is looked up in the prototype of an object."""
    inbox.control("PATCH", f"world/channels/{SUPPORT}", {"type": "unofficial_wpp", "name": name})
    fields = ("medium", "mediaType", "localId", "template", "replyMessage", "text", "userId", "channelId")
    for each in fields:
        inbox.send(**{"text": "Before", each: name})
    inbox.send(**{name: name})
    inbox.open()
    for number in range(1, 10):
        inbox.page.goto(f"{inbox.url}/#/message/{number}")
        expect(inbox.page.locator(".details")).to_contain_text(name)
        assert "native code" not in inbox.page.locator("body").inner_text()
