"""Threads of the inbox: their order, what finds them, and the addresses of messages in them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.mock.inbox.page import ANA, BRUNO, GLOBEX_CHANNEL, GLOBEX_KEY, HUGO, SALES, SUPPORT, Inbox, top_of


def test_messages_are_threads_by_contact_and_channel_newest_first(inbox: Inbox) -> None:
    for contact, channel, text in ((ANA, SUPPORT, "1"), (BRUNO, SUPPORT, "2"), (ANA, SALES, "3"), (ANA, SUPPORT, "4")):
        inbox.send(contact, channelId=channel, text=text)
    page = inbox.open()
    expect(inbox.threads().locator("strong")).to_have_text(["Ana Souza", "Ana Souza", "Bruno Lima"])
    expect(inbox.threads().locator(".via")).to_contain_text(["Support · WhatsApp Business", "Sales", "Support"])
    inbox.threads().first.click()
    expect(page.locator("main h2")).to_have_text("Ana Souza")
    expect(page.locator(".bubble")).to_have_text(["1", "4"])
    inbox.send(BRUNO, text="5")
    expect(inbox.threads().locator(".snippet")).to_have_text(["5", "4", "3"])
    inbox.send(text="6")
    expect(page.locator(".bubble")).to_have_text(["1", "4", "6"])


def test_search_asks_the_server_and_says_when_nothing_is_found(inbox: Inbox) -> None:
    inbox.send(text="About apples")
    inbox.send(BRUNO, text="About pears")
    page = inbox.open()
    page.get_by_label("Search messages").fill("APPLES")
    expect(inbox.threads().locator(".snippet")).to_have_text(["About apples"])
    inbox.send(BRUNO, text="More apples")
    inbox.send(BRUNO, text="More pears")
    expect(inbox.threads().locator(".snippet")).to_have_text(["More apples", "About apples"])
    page.get_by_label("Search messages").fill("plums")
    expect(page.locator("#nothing")).to_have_text("No message has “plums”.")
    page.get_by_label("Search messages").fill("")
    expect(inbox.threads()).to_have_count(2)


def test_one_company_can_be_chosen(inbox: Inbox) -> None:
    inbox.send(text="Of Acme")
    inbox.send(HUGO, GLOBEX_KEY, channelId=GLOBEX_CHANNEL, text="Of Globex")
    inbox.send(HUGO, "no such key", channelId=GLOBEX_CHANNEL, text="Of nobody")
    page = inbox.open()
    snippets = inbox.threads().locator(".snippet")
    expect(snippets).to_have_text(["Of nobody", "Of Globex", "Of Acme"])
    expect(inbox.threads().first).to_contain_text("unknown API key")
    page.locator("#company").select_option("Globex")
    expect(snippets).to_have_text(["Of Globex"])
    inbox.send(text="Of Acme again")
    inbox.send(HUGO, GLOBEX_KEY, channelId=GLOBEX_CHANNEL, text="Of Globex again")
    expect(snippets).to_have_text(["Of Globex again"])
    page.go_back()
    expect(snippets).to_have_text(["Of Globex again", "Of Acme again", "Of nobody"])
    inbox.open("/?company=globex")
    expect(snippets).to_have_text(["Of Globex again"])
    expect(page.locator("#company")).to_have_value("globex")


def test_outcomes_can_be_chosen_and_searched_for(inbox: Inbox) -> None:
    inbox.send(text="Taken")
    inbox.send(BRUNO, text=1)
    inbox.send("66f1a2b33c4d5e0067f8a500", text="Failing")
    page = inbox.open()
    snippets = inbox.threads().locator(".snippet")
    page.get_by_label("Outcome").select_option("Refused")
    expect(snippets).to_have_text(["1"])
    page.get_by_label("Outcome").select_option("Queued")
    expect(page.locator("#nothing")).to_have_text("No message has the outcome queued.")
    page.go_back()
    expect(snippets).to_have_text(["1"])
    inbox.open("/?outcome=failed")
    expect(snippets).to_have_text(["Failing"])
    expect(page.get_by_label("Outcome")).to_have_value("failed")
    page.get_by_label("Outcome").select_option("All outcomes")
    for words, found in (("refused", ["1"]), ("must be of type", ["1"]), ("internal server", ["Failing"])):
        page.get_by_label("Search messages").fill(words)
        expect(snippets).to_have_text(found)


def test_an_address_names_a_message_and_the_back_button_goes_back(inbox: Inbox) -> None:
    inbox.send(text="First")
    inbox.send(BRUNO, text="Second")
    page = inbox.open("/#/message/1")
    expect(page.locator(".details")).to_contain_text("First")
    page.goto(f"{inbox.url}/#/message/2")
    expect(page.locator("main h2")).to_have_text("Bruno Lima")
    page.go_back()
    expect(page.locator("main h2")).to_have_text("Ana Souza")
    page.goto(f"{inbox.url}/#/message/77")
    expect(page.locator("main")).to_contain_text("This address names a message or a thread that is not kept here.")


def test_a_link_scrolls_to_its_message_from_anywhere(inbox: Inbox) -> None:
    for number in range(60):
        inbox.send(text=f"Number {number}")
    inbox.send(BRUNO, text="Elsewhere")
    page = inbox.open("/#/message/3")
    opened = page.locator(".message").filter(has=page.locator(".details"))
    expect(opened).to_be_in_viewport()
    page.locator("main").evaluate("main => main.scrollTop = main.scrollHeight")
    expect(opened).not_to_be_in_viewport()
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('a'), { href: '#/message/3', id: 'again' }))"
    )
    page.evaluate("document.getElementById('again').click()")
    expect(opened).to_be_in_viewport()
    page.get_by_label("Search messages").fill("Elsewhere")
    expect(inbox.threads()).to_have_count(1)
    page.goto(f"{inbox.url}/#/message/5")
    expect(opened).to_contain_text("Number 4")
    expect(page.get_by_label("Search messages")).to_have_value("")


def test_many_messages_are_shown_by_and_by(inbox: Inbox) -> None:
    for number in range(230):
        inbox.send(text=str(number))
    page = inbox.open()
    expect(page.locator("#kept")).to_have_text("230 messages kept, 10,000 at most. Listed: the newest 200.")
    inbox.threads().first.click()
    expect(inbox.messages()).to_have_count(50)
    for count in (100, 150, 200, 230):
        page.locator("main").get_by_role("button", name="Show older").click()
        expect(inbox.messages()).to_have_count(count)
    expect(page.get_by_role("button", name="Show older")).to_have_count(0)
    inbox.open("/#/message/1")
    page.reload()
    expect(page.locator(".details")).to_be_in_viewport()
    expect(inbox.messages()).to_have_count(1)
    page.get_by_role("link", name="Show newer").click()
    expect(inbox.messages()).to_have_count(50)


def test_the_newest_is_in_view_and_what_is_read_stays_where_it_is(inbox: Inbox) -> None:
    for number in range(70):
        inbox.send(text=f"Number {number}")
    page = inbox.open()
    inbox.threads().first.click()
    expect(page.get_by_text("Number 69", exact=True).last).to_be_in_viewport()
    inbox.send(text="Number 70")
    expect(page.locator(".bubble").last).to_have_text("Number 70")
    expect(page.locator(".bubble").last).to_be_in_viewport()
    page.locator("main").evaluate("main => main.scrollTop = 300")
    read = page.get_by_text("Number 26", exact=True)
    before = top_of(read)
    page.locator(".conversation .older").evaluate("button => button.click()")  # without Playwright's own scrolling
    expect(inbox.messages()).to_have_count(71)
    inbox.send(text="Number 71")
    expect(page.locator(".bubble").last).to_have_text("Number 71")
    assert before == pytest.approx(top_of(read), abs=1)
    page.get_by_role("button", name="New messages").click()
    expect(page.locator(".bubble").last).to_be_in_viewport()
    expect(page.get_by_role("button", name="New messages")).to_be_hidden()
