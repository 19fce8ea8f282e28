"""The stand-in's inbox, in a headless Chromium: what a person sees and does there."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, expect
from starlette.responses import JSONResponse

from tests.support.browser import faint_texts, in_a_browser
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.source import Json
from ventia_mock.app import App
from ventia_mock.http.server import listen, running, server
from ventia_mock.journal.journal import Journal
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY, read_world

pytestmark = [pytest.mark.acceptance, in_a_browser]

_SOURCE = read_checked(DOCUMENT)
_GLOBEX_KEY = "EEEEEEE-FFFFFFF-GGGGGGG-HHHHHHH"

ANA, BRUNO, HUGO = "66f1a2b33c4d5e0067f8a9b0", "66f1a2b33c4d5e0067f8a9b1", "66f1a2b33c4d5e0067f8b0a1"
SUPPORT, QUEUE, SALES = "656b0e1f8e5a2c001f3a9d12", "656b0e1f8e5a2c001f3a9d13", "656b0e1f8e5a2c001f3a9d14"
GLOBEX_CHANNEL = "656b0e1f8e5a2c001f3b0d12"
DIEGO = "64f1c2a97b3e4d0012ab34ce"
MEDIA = {"mediaType": "file", "mediaUrl": "https://files.example.com/quotes/1042.pdf", "mimetype": "application/pdf"}


@dataclass
class Inbox:
    """The page of a stand-in, and what the browser did and complained of."""

    app: StandIn
    url: str
    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    may_lose_connection: bool = False
    http: httpx.Client = field(
        default_factory=lambda: httpx.Client(
            verify=False,  # noqa: S501 - there is no TLS, and its setup takes long
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
    )

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.url + path)
        self.page.wait_for_selector("#kept:not(:empty)", state="attached")
        return self.page

    def send(self, contact: str = ANA, key: str = SAMPLE_KEY, **body: Json) -> httpx.Response:
        """Send a message, through the support channel where no sender is given."""
        if not body.keys() & {"channelId", "userId", "userIntegrationId"}:
            body["channelId"] = SUPPORT
        path = f"{self.url}{self.app.base_path}/contact/{contact}/message"
        return self.http.post(path, params={"api-key": key}, json=body)

    def control(self, method: str, path: str, value: Json) -> None:
        self.http.request(method, f"{self.url}/_mock/{path}", json=value).raise_for_status()

    def messages(self) -> Locator:
        return self.page.locator(".message")

    def threads(self) -> Locator:
        return self.page.locator("#threads a")

    def open_newest(self, path: str = "/") -> Locator:
        """The newest message, in its thread."""
        self.open(path)
        self.threads().first.click()
        return self.messages().last

    def watch(self) -> None:
        def hear(message: ConsoleMessage) -> None:
            if not (self.may_lose_connection and "net::ERR_" in message.text):
                self.complaints.append(message.text)

        def dismiss(dialog: Dialog) -> None:
            self.complaints.append(dialog.message)
            dialog.dismiss()

        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("console", hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", dismiss)


@contextmanager
def shown(browser: Browser, app: StandIn, url: str, **options: Json) -> Iterator[Inbox]:
    """An inbox; the browser must have asked no other host, and complained of nothing."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(5000)
    inbox = Inbox(app, url, context.new_page())
    inbox.watch()
    with inbox.http:
        yield inbox
    context.close()
    assert ([], {urlsplit(url).netloc}) == (inbox.complaints, inbox.hosts)


@pytest.fixture
def inbox(browser: Browser) -> Iterator[Inbox]:
    app = StandIn(_SOURCE)
    with running(App(app)) as url, shown(browser, app, url) as inbox:
        yield inbox


@pytest.fixture
def phone(browser: Browser) -> Iterator[Inbox]:
    app = StandIn(_SOURCE)
    with running(App(app)) as url, shown(browser, app, url, viewport={"width": 390, "height": 844}) as inbox:
        yield inbox


def run_in_shell(command: str, key: str = "") -> str:
    environment = {**os.environ, "VENTIA_API_KEY": key, "no_proxy": "*"}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def copied(page: Page, button: Locator) -> str:
    button.click()
    expect(button).to_have_text("Copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


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


def test_newlines_emoji_and_direction_are_kept(inbox: Inbox) -> None:
    inbox.send(text="مرحبا 👋\nsecond  line")
    text = inbox.open_newest().locator(".text")
    assert ("مرحبا 👋\nsecond  line", "rtl") == (text.inner_text(), text.evaluate("e => getComputedStyle(e).direction"))


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_in_light_and_dark(browser: Browser, scheme: str) -> None:
    app = StandIn(_SOURCE)
    app.stay_stale(DOCUMENT, "world.yaml:3: is wrong")
    with running(App(app)) as url, shown(browser, app, url, color_scheme=scheme) as inbox:
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


def test_one_company_can_be_chosen(inbox: Inbox) -> None:
    inbox.send(text="Of Acme")
    inbox.send(HUGO, _GLOBEX_KEY, channelId=GLOBEX_CHANNEL, text="Of Globex")
    inbox.send(HUGO, "no such key", channelId=GLOBEX_CHANNEL, text="Of nobody")
    page = inbox.open()
    snippets = inbox.threads().locator(".snippet")
    expect(snippets).to_have_text(["Of nobody", "Of Globex", "Of Acme"])
    expect(inbox.threads().first).to_contain_text("unknown API key")
    page.locator("#company").select_option("Globex")
    expect(snippets).to_have_text(["Of Globex"])
    inbox.send(text="Of Acme again")
    inbox.send(HUGO, _GLOBEX_KEY, channelId=GLOBEX_CHANNEL, text="Of Globex again")
    expect(snippets).to_have_text(["Of Globex again"])
    page.go_back()
    expect(snippets).to_have_text(["Of Globex again", "Of Acme again", "Of nobody"])
    inbox.open("/?company=globex")
    expect(snippets).to_have_text(["Of Globex again"])
    expect(page.locator("#company")).to_have_value("globex")


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


def test_the_bound_is_shown_with_the_number_of_dropped_messages(browser: Browser) -> None:
    app = StandIn(_SOURCE, journal=Journal(most=3))
    with running(App(app)) as url, shown(browser, app, url) as inbox:
        page = inbox.open()
        for number in range(5):
            inbox.send(text=str(number))
        expect(page.locator("#kept")).to_have_text("3 messages kept, 3 at most. Dropped: the oldest 2.")
        inbox.threads().first.click()
        expect(page.locator(".bubble")).to_have_text(["2", "3", "4"])


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


def test_what_is_forgotten_is_gone_from_the_page_too(inbox: Inbox) -> None:
    inbox.send(text="a")
    page = inbox.open()
    expect(inbox.threads()).to_have_count(1)
    inbox.control("DELETE", "messages", None)
    expect(inbox.threads()).to_have_count(0)
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()


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


def test_discrepancies_are_shown_with_the_message_and_counted(browser: Browser) -> None:
    """The stand-in passes messages on to a server that does not answer as the document says."""
    with running(JSONResponse({"success": "yes"}, 418)) as wrong:
        app = StandIn(_SOURCE, upstream=Upstream(wrong, [ANA]))
        with running(App(app)) as url, shown(browser, app, url) as inbox:
            page = inbox.open()
            expect(page.locator(".banner")).to_have_text(f"Valid messages are passed on to {wrong}, and really sent.")
            inbox.send(text="a")
            inbox.send(text="b")
            expect(inbox.threads()).to_contain_text(["2 discrepancies"])
            page.get_by_role("banner").get_by_role("link", name="2 discrepancies").click()
            expect(inbox.messages().last.locator(".discrepancies")).to_contain_text("status: Must be one of 200, 202")
            expect(page.locator(".details")).to_be_visible()


def test_an_invalid_changed_file_is_shown(inbox: Inbox) -> None:
    inbox.page.clock.install()
    page = inbox.open()
    expect(page.locator(".banner")).to_have_count(0)
    inbox.app.stay_stale(DOCUMENT, "world.yaml:3: /companies: Must be an array")
    page.clock.fast_forward(5000)
    expect(page.locator(".banner")).to_contain_text("world.yaml:3: /companies: Must be an array")


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


def test_a_lost_connection_is_shown_and_comes_back(browser: Browser) -> None:
    before, after = StandIn(_SOURCE), StandIn(_SOURCE)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with shown(browser, before, f"http://127.0.0.1:{port}") as inbox:
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


def test_messages_that_come_unseen_are_counted_in_the_title(inbox: Inbox) -> None:
    """In a hidden page, which holds no connection, and in one beside another window."""
    page = inbox.page
    page.clock.install()
    inbox.open()
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.isAway, configurable: true })")
    page.evaluate("window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))")
    inbox.send(text="a")
    inbox.send(text=1)
    page.clock.fast_forward(5000)
    expect(page).to_have_title("(2) Inbox - Ventia stand-in")
    page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("Inbox - Ventia stand-in")
    page.evaluate("document.hasFocus = () => false")
    expect(inbox.threads()).to_have_count(1)
    inbox.send(text="b")
    expect(page).to_have_title("(1) Inbox - Ventia stand-in")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page).to_have_title("Inbox - Ventia stand-in")


@pytest.mark.parametrize("text", ["long " * 200, "line\n" * 20])
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


@pytest.mark.parametrize("name", ["constructor", "toString", "__proto__", "hasOwnProperty"])
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


def test_each_media_type_has_an_icon_of_its_own(inbox: Inbox) -> None:
    for kind in ("image", "audio", "video", "file", "hologram"):
        inbox.send(**MEDIA | {"mediaType": kind})
    inbox.open_newest()
    drawn = inbox.page.locator(".bubble .icon path").evaluate_all("all => all.map(each => each.getAttribute('d'))")
    assert 5 == len(set(drawn))
    expect(inbox.threads().first.locator(".icon")).to_be_visible()


def test_refused_failed_and_unknown_differ_in_word_colour_and_sign(browser: Browser) -> None:
    app = StandIn(_SOURCE)
    with running(App(app)) as url, shown(browser, app, url) as inbox:
        inbox.send(text=1)
        inbox.send("66f1a2b33c4d5e0067f8a500", text="a")
        looks = looks_of(inbox)
    with running(JSONResponse({"success": False, "error": "e", "details": "d"}, 500)) as failing:
        app = StandIn(_SOURCE, upstream=Upstream(failing, [ANA]))
        with running(App(app)) as url, shown(browser, app, url) as inbox:
            inbox.send(text="a")
            looks |= looks_of(inbox)
            inbox.page.goto(f"{url}/#/message/1")
            expect(inbox.page.locator(".details")).to_contain_text("perhaps sent: look at the platform")
    assert {"refused", "failed", "unknown"} == looks.keys()
    assert 3 == len({colour for colour, _ in looks.values()}) == len({sign for _, sign in looks.values()})


def top_of(place: Locator) -> float:
    return float(place.evaluate("e => e.getBoundingClientRect().top"))


def looks_of(inbox: Inbox) -> dict[str, tuple[str, str]]:
    inbox.open()
    expect(inbox.threads().locator(".outcome").first).to_be_visible()
    look = "e => [e.innerText, getComputedStyle(e).color, getComputedStyle(e, '::before').content]"
    looks = [each.evaluate(look) for each in inbox.threads().locator(".outcome").all()]
    return {word: (colour, sign) for word, colour, sign in looks}


def test_the_header_is_low_on_a_phone(phone: Inbox) -> None:
    page = phone.open()
    box = page.locator("header").bounding_box()
    assert box
    assert box["height"] <= 124
    for name in ("Ids to try", "Reference"):
        link = page.get_by_role("link", name=name, exact=True).bounding_box()
        assert link
        assert link["y"] < 40


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


def test_an_unknown_key_is_explained(inbox: Inbox) -> None:
    inbox.send(key="no such key", text="a")
    inbox.open_newest()
    expect(inbox.page.locator(".lost")).to_have_text(
        "The API key of these requests belongs to no company of the world, so each was refused."
    )


def test_what_was_not_passed_on_is_known_not_to_be_sent(browser: Browser) -> None:
    """Behind a proxy: a server that cannot be reached, and a fault that was planned."""
    with listen("127.0.0.1", 0) as nobody:
        port = nobody.getsockname()[1]
    app = StandIn(_SOURCE, upstream=Upstream(f"http://127.0.0.1:{port}", [ANA]))
    with running(App(app)) as url, shown(browser, app, url) as inbox:
        inbox.send(text="Out of reach")
        for planned in ({"fault": "html_502"}, {"answer": 500}):
            inbox.control("POST", "faults", planned)
            inbox.send(text="Planned")
        inbox.open_newest()
        expect(inbox.messages().locator(".outcome")).to_have_text(["failed"] * 3)
        expect(inbox.messages().locator(".why")).to_contain_text(["nothing was sent", "as planned", "as planned"])


def test_a_proxy_offers_no_ids_of_the_sample_world(browser: Browser) -> None:
    app = StandIn(_SOURCE, upstream=Upstream("http://127.0.0.1:1", [ANA]))
    with running(App(app)) as url, shown(browser, app, url) as inbox:
        page = inbox.open()
        expect(page.locator("main")).to_contain_text("--allow-contact is passed on, any other refused.")
        expect(page.locator("pre, .provoking")).to_have_count(0)
        expect(page.get_by_role("link", name="Ids to try")).to_be_hidden()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_a_conversation_says_whose_it_is_wherever_it_is_read(browser: Browser, size: tuple[int, int]) -> None:
    app = StandIn(_SOURCE)
    viewport = {"width": size[0], "height": size[1]}
    with running(App(app)) as url, shown(browser, app, url, viewport=viewport) as inbox:
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


def test_the_header_stays_low_on_a_phone_with_a_discrepancy(browser: Browser) -> None:
    answer = JSONResponse({"success": True, "interactionId": "x"})
    with running(answer) as server:
        app = StandIn(_SOURCE, upstream=Upstream(server, [ANA]))
        with running(App(app)) as url, shown(browser, app, url, viewport={"width": 390, "height": 844}) as inbox:
            inbox.send(text="a")
            page = inbox.open()
            expect(page.locator("#discrepancies")).to_have_text("1 discrepancy")
            title, link = (
                page.get_by_role("link", name=name).bounding_box() for name in ("Ventia stand-in", "Reference")
            )
            assert title
            assert link
            assert abs(title["y"] - link["y"]) < 10


def test_a_world_without_contacts_offers_nothing_to_paste(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text("companies: [{id: a}]\n", encoding="utf-8")
    app = StandIn(_SOURCE, read_world(tmp_path / "world.yaml"))
    with running(App(app)) as url, shown(browser, app, url) as inbox:
        page = inbox.open()
        expect(page.locator("main")).to_contain_text("The world has no usual contact or channel to send to.")
        expect(page.locator("main")).not_to_contain_text("paste this")
