"""The inbox as a person uses it, in a headless Chromium."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator, Page, expect

from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.source import Json
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

SOURCE = read_checked(DOCUMENT)
GLOBEX_KEY = "EEEEEEE-FFFFFFF-GGGGGGG-HHHHHHH"

ANA, BRUNO, HUGO = "66f1a2b33c4d5e0067f8a9b0", "66f1a2b33c4d5e0067f8a9b1", "66f1a2b33c4d5e0067f8b0a1"
SUPPORT, QUEUE, SALES = "656b0e1f8e5a2c001f3a9d12", "656b0e1f8e5a2c001f3a9d13", "656b0e1f8e5a2c001f3a9d14"
GLOBEX_CHANNEL = "656b0e1f8e5a2c001f3b0d12"
DIEGO = "64f1c2a97b3e4d0012ab34ce"
MEDIA = {"mediaType": "file", "mediaUrl": "https://files.example.com/quotes/1042.pdf", "mimetype": "application/pdf"}

SCREEN, PHONE = (1280, 800), (390, 844)


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

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note what the browser does and complains of."""

        def hear(message: ConsoleMessage) -> None:
            if not (self.may_lose_connection and "net::ERR_" in message.text):
                self.complaints.append(message.text)

        def dismiss(dialog: Dialog) -> None:
            self.complaints.append(dialog.message)
            dialog.dismiss()

        listeners: dict[Any, Any] = {
            "request": lambda request: self.hosts.add(urlsplit(request.url).netloc),
            "console": hear,
            "pageerror": lambda error: self.complaints.append(str(error)),
            "dialog": dismiss,
        }
        for event, listener in listeners.items():
            self.page.on(event, listener)
        yield
        for event, listener in listeners.items():
            self.page.remove_listener(event, listener)


@contextmanager
def inbox_context(browser: Browser) -> Iterator[BrowserContext]:
    """A page for many tests, since each costs a second of the processor's time."""
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(5000)
    context.new_page()
    with context:
        yield context


@contextmanager
def shown(
    context: BrowserContext,
    app: StandIn,
    url: str,
    size: tuple[int, int] = SCREEN,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Inbox]:
    """An inbox; the browser must have asked no other host, and complained of nothing."""
    [page] = context.pages
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    inbox = Inbox(app, url, page)
    with inbox.http, inbox.watched():
        yield inbox
    page.goto("about:blank")  # which ends its connection
    assert ([], {urlsplit(url).netloc}) == (inbox.complaints, inbox.hosts)


def run_in_shell(command: str, key: str = "") -> str:
    environment = {**os.environ, "VENTIA_API_KEY": key, "no_proxy": "*"}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def copied(page: Page, button: Locator) -> str:
    button.click()
    expect(button).to_have_text("Copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


def top_of(place: Locator) -> float:
    return float(place.evaluate("e => e.getBoundingClientRect().top"))
