"""A message in the inbox: its outcome, its content, and the request that sent it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.mock.inbox.page import ANA, BRUNO, DIEGO, QUEUE, Inbox, copied, run_in_shell
from tests.support.stride import some, thinned
from ventia_document.source import Json
from ventia_mock.world.file import SAMPLE_KEY

_OUTCOMES: list[tuple[Json, list[str]]] = [
    ({"text": "a"}, ["sent", "200"]),
    ({"text": "a", "channelId": QUEUE}, ["queued", "202"]),
    (
        {"text": 1},
        ["refused", "400", "text: Must be of type string", "Rule: /components/schemas/Message/properties/text/type"],
    ),
    ({"template": "spring_sale"}, ["refused", "400", "Must be an approved template", "Rule: template_is_approved"]),
    (
        {"text": "a", "userId": DIEGO, "medium": "unofficial_wpp"},
        ["refused", "409", "theirs is offline", "Rule: session_is_online"],
    ),
    (
        {"text": "a", "contact": "66f1a2b33c4d5e0067f8a409"},
        ["refused", "409", "session is not online", "Rule: the world's answers of this contact"],
    ),
    ({"text": "a", "contact": "66f1a2b33c4d5e0067f8a500"}, ["failed", "500"]),
    ({"text": "a", "key": "no such key"}, ["refused", "401", "no known API key"]),
]


def test_each_message_shows_its_outcome_with_the_reason_and_the_rule(inbox: Inbox) -> None:
    for sent, _ in _OUTCOMES:
        inbox.send(**sent)
    inbox.open()
    for number, (_, texts) in enumerate(_OUTCOMES, 1):
        inbox.page.goto(f"{inbox.url}/#/message/{number}")
        message = inbox.messages().filter(has=inbox.page.locator(".details"))
        for text in texts:
            expect(message.locator(".meta, .why, .rule").get_by_text(text)).to_have_count(1)


def test_an_unknown_key_is_explained(inbox: Inbox) -> None:
    inbox.send(key="no such key", text="a")
    inbox.open_newest()
    expect(inbox.page.locator(".lost")).to_have_text(
        "The API key of these requests belongs to no company of the world, so each was refused."
    )


def test_injected_faults_are_shown(inbox: Inbox) -> None:
    for fault in ("html_502", "malformed_json"):
        inbox.control("POST", "faults", {"fault": fault})
        inbox.send(text="a")
    inbox.open_newest()
    expect(inbox.page.locator(".fault")).to_have_text(
        [
            "Injected fault html_502: an HTML page with status 502 was answered.",
            "Injected fault malformed_json: the answer was cut, so it is no JSON.",
        ]
    )
    expect(inbox.page.locator(".meta .outcome")).to_have_text(["failed", "sent"])


def test_a_template_shows_its_text(inbox: Inbox) -> None:
    inbox.send(template="order_confirmation")
    expect(inbox.open_newest().locator(".bubble")).to_have_text(
        "Template order_confirmationYour order is confirmed. Thank you!"
    )


def test_a_reply_quotes_a_message_of_the_world_or_an_earlier_one(inbox: Inbox) -> None:
    earlier = inbox.send(BRUNO, text="Shall we deliver?").json()["interactionId"]
    inbox.send(text="Yes.", replyMessage="wamid.HBgLNTUxMTk4NzY1NDMyMQ")
    inbox.send(text="It is on its way.", replyMessage=earlier)
    inbox.open_newest()
    quotes = inbox.page.locator("blockquote")
    expect(quotes).to_have_text(["Do you deliver on Saturdays?", "Shall we deliver?"])
    quotes.last.get_by_role("link").click()
    expect(inbox.page.locator("main h2")).to_have_text("Bruno Lima")


def test_newlines_emoji_and_direction_are_kept(inbox: Inbox) -> None:
    inbox.send(text="مرحبا 👋\nsecond  line")
    text = inbox.open_newest().locator(".text")
    assert ("مرحبا 👋\nsecond  line", "rtl") == (text.inner_text(), text.evaluate("e => getComputedStyle(e).direction"))


@thinned
@pytest.mark.parametrize("text", some(["line\n" * 20, "long " * 200]))
def test_a_long_text_is_folded(inbox: Inbox, text: str) -> None:
    inbox.send(text=text)
    bubble = inbox.open_newest().locator(".bubble")
    box = bubble.bounding_box()
    assert box
    assert box["height"] < 260
    bubble.get_by_role("button", name="Show all").click()
    opened = bubble.bounding_box()
    assert opened
    assert opened["height"] > 300
    bubble.get_by_role("button", name="Show less").click()
    assert box == bubble.bounding_box()


def test_the_raw_request_and_a_curl_without_the_key_that_works(inbox: Inbox) -> None:
    inbox.send(text="It's 5 o'clock")
    page = inbox.page
    newest = inbox.open_newest()
    newest.get_by_role("link", name="Details").click()
    expect(newest.get_by_label("Request, without its key")).to_contain_text('{"text":"It\'s 5 o\'clock"')
    expect(newest.get_by_label("Request, without its key")).to_contain_text(f"POST /api/v1.0/contact/{ANA}/message\n")
    expect(newest.get_by_label("Answer 200")).to_contain_text('"success": true')
    curl = copied(page, newest.get_by_role("button", name="Copy the curl command"))
    assert (False, True) == (SAMPLE_KEY in page.content(), "$VENTIA_API_KEY" in curl)
    assert '"success": true' in run_in_shell(curl, SAMPLE_KEY)
    expect(inbox.messages()).to_have_count(2)
    page.get_by_role("link", name="Hide details").click()
    expect(page.locator(".details")).to_have_count(0)
