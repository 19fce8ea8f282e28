"""The reference page of the API: what it shows in a headless Chromium, and that its samples do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import faint_texts, in_a_browser
from tools.publish import reference
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_document.source import DocumentError, Json
from ventia_mock.app import App
from ventia_mock.control import pages
from ventia_mock.http.server import running
from ventia_mock.platform.upstream import Upstream
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[3]
OVERLAY = ROOT / "overlays/document/reference.yaml"
SOURCE = read_checked(DOCUMENT)
SAMPLES = reference.code_samples()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(App(StandIn(SOURCE))) as url:
        yield url


def delivered(url: str) -> int:
    return int(httpx.get(f"{url}/_mock/messages").json()["count"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["label"])
def test_each_code_sample_sends_its_message(sample: Json, url: str) -> None:
    [server] = [server["url"] for server in SOURCE.value["servers"]]
    base_url = url + StandIn(SOURCE).base_path
    command = {"python": [sys.executable, "-c"], "shell": ["bash", "-c"]}[sample["lang"]]
    environment = {**os.environ, "VENTIA_API_KEY": SAMPLE_KEY, "VENTIA_BASE_URL": base_url}
    environment["PYTHONPATH"] = str(ROOT / "generated")
    before = delivered(url)
    code = sample["source"].replace(server, base_url)
    done = subprocess.run([*command, code], env=environment, capture_output=True, text=True, check=False)
    assert (0, True) == (done.returncode, "MessageSent(" in done.stdout or '"success": true' in done.stdout), done
    assert before < delivered(url)


def test_python_and_curl_stand_beside_each_other() -> None:
    assert {"python", "shell"} == {sample["lang"] for sample in SAMPLES}


def test_the_rules_between_fields_are_on_the_page_in_words() -> None:
    page = reference.page(DOCUMENT, OVERLAY)
    [body] = operations(SOURCE.value)[0].media_types
    message = SOURCE.value["components"]["schemas"][body.value["schema"]["$ref"].rpartition("/")[2]]
    for rule in message["allOf"]:
        title = f"{rule['title']}: " if "title" in rule else ""
        assert f"- {title}{rule['x-rule']}" in page


def test_the_key_and_the_rate_limit_are_on_the_page_in_words() -> None:
    page = reference.page(DOCUMENT, OVERLAY)
    limit, [scheme] = SOURCE.value["x-rate-limit"], SOURCE.value["components"]["securitySchemes"].values()
    assert f"`{scheme['name']}` in the {scheme['in']}: {scheme['description']}" in page
    assert f"{limit['requests']} requests are accepted in {limit['seconds']} seconds" in page


def test_an_overlay_that_does_not_fit_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "reference.yaml"
    stale.write_text(OVERLAY.read_text(encoding="utf-8").replace("$.info.description", "$.info.foreword"))
    monkeypatch.setattr(reference, "_OVERLAY", stale)
    out = tmp_path / "page.html"
    out.write_text("old", encoding="utf-8")
    assert 1 == reference.main(["-o", str(out)])
    assert f"{stale}:" in capsys.readouterr().err
    assert "old" == out.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["$.info", "$.info.title", "$.components.responses.MessageSent"])
def test_an_overlay_that_leaves_no_sound_document_is_refused_with_its_place(target: str, tmp_path: Path) -> None:
    over = tmp_path / "reference.yaml"
    action = f"  - target: {target}\n    description: Take it out.\n    remove: true\n"
    over.write_text(OVERLAY.read_text(encoding="utf-8") + action, encoding="utf-8")
    with pytest.raises(DocumentError, match=rf"^{over}:[0-9]+:[0-9]+: "):
        reference.page(DOCUMENT, over)


def test_a_document_without_keys_and_limits_has_a_page(tmp_path: Path) -> None:
    over = tmp_path / "reference.yaml"
    actions = "".join(
        f"  - target: {target}\n    description: Take it out.\n    remove: true\n"
        for target in ("$.info.description", "$.security", "$.components.securitySchemes", "$['x-rate-limit']")
    )
    over.write_text(OVERLAY.read_text(encoding="utf-8") + actions, encoding="utf-8")
    assert "requests are accepted in" not in reference.page(DOCUMENT, over)


def test_a_rule_that_is_a_boolean_has_no_words(tmp_path: Path) -> None:
    document = tmp_path / "ventia.yaml"
    rules = "      allOf:\n"
    written = DOCUMENT.read_text(encoding="utf-8")
    assert rules in written
    document.write_text(written.replace(rules, f"{rules}        - true\n"), encoding="utf-8")
    assert "Must have exactly one of channelId" in reference.page(document, OVERLAY)


def test_a_stand_in_without_the_page_says_how_to_make_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    with running(App(StandIn(SOURCE))) as url:
        answer = httpx.get(f"{url}/reference")
    assert (404, True) == (answer.status_code, "make reference" in answer.json()["details"])


Serve: TypeAlias = Callable[[StandIn], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def served_by(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serves the page by a stand-in, at its URL."""
    folder = tmp_path_factory.mktemp("page")
    assert 0 == reference.main(["-o", str(folder / "reference.html")])

    @contextmanager
    def serve(app: StandIn) -> Iterator[str]:
        with running(App(app)) as url:
            yield f"{url}/reference"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "FOLDER", folder)
        yield serve


@pytest.fixture(scope="module")
def served(served_by: Serve) -> Iterator[str]:
    """The page of a stand-in."""
    with served_by(StandIn(SOURCE)) as url:
        yield url


def opened(browser: Browser, url: str, scheme: str = "light", width: int = 1280) -> tuple[Page, list[str]]:
    """The page, and its requests and errors."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type] # one of the words
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("console", lambda message: seen.append(message.text) if message.type == "error" else None)
    page.goto(url)
    expect(page.get_by_role("heading", name="Send a message to a contact").first).to_be_visible()
    return page, [each for each in seen if each not in (url, "data:,", url.replace("reference", "_mock/world"))]


Opened = tuple[Page, list[str]]


@pytest.fixture(scope="module")
def read(browser: Browser, served: str) -> Opened:
    """The page as it is opened, for tests that change nothing of it: each opening takes seconds of processor time."""
    return opened(browser, served)


@in_a_browser
def test_no_text_of_the_document_ends_a_script(browser: Browser, tmp_path: Path) -> None:
    document, page = tmp_path / "ventia.yaml", tmp_path / "page.html"
    text = "Production </SCRIPT><ScRiPt>document.title=666</sCrIpT> <!-- <script>"
    written = DOCUMENT.read_text(encoding="utf-8").replace("description: Production", f"description: {text}")
    assert text in written
    document.write_text(written, encoding="utf-8")
    page.write_text(reference.page(document, OVERLAY), encoding="utf-8")
    shown, _ = opened(browser, page.as_uri())
    assert "666" not in shown.title()
    shown.close()


@in_a_browser
def test_a_request_is_tried_on_the_stand_in(browser: Browser, served: str) -> None:
    """One that is valid, with the sample key, by a button and a keystroke."""
    page, _ = opened(browser, served)
    here = served.removesuffix("/reference")
    before = delivered(here)
    page.get_by_role("button", name=re.compile("Test Request")).first.click()
    expect(page.get_by_text("Request Body").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("200 OK")).to_be_visible()
    assert before + 1 == delivered(here)
    page.close()


@in_a_browser
def test_no_request_is_tried_where_it_would_reach_a_person(browser: Browser, served_by: Serve) -> None:
    """Neither from a file, nor behind a stand-in that passes it on."""
    with served_by(StandIn(SOURCE, upstream=Upstream("http://127.0.0.1:1", ["string"]))) as url:
        for address in (url, pages.FOLDER.joinpath("reference.html").as_uri()):
            page, _ = opened(browser, address)
            expect(page.get_by_role("button", name=re.compile("Test Request"))).to_have_count(0)
            page.close()


@in_a_browser
def test_the_description_of_a_body_is_shown_once(read: Opened) -> None:
    page, _ = read
    [body] = operations(SOURCE.value)[0].media_types
    message = SOURCE.value["components"]["schemas"][body.value["schema"]["$ref"].rpartition("/")[2]]
    [line, *_] = message["description"].split(".")
    expect(page.get_by_text(line).first).to_be_visible()
    assert 1 == page.locator("body").inner_text().count(line)


@in_a_browser
def test_the_page_asks_for_nothing_but_the_sample_key_and_shows_fields_rules_and_samples(read: Opened) -> None:
    page, seen = read
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 1200)
    for text in ("userIntegrationId", "Must have exactly one of", "from ventia_client import Client"):
        expect(page.get_by_text(text).first).to_be_attached()
    page.wait_for_timeout(300)
    expect(page.locator(".scalar-reference-intro-auth")).to_be_hidden()
    assert [] == seen


@in_a_browser
def test_the_page_fits_its_window_in_light_and_dark(browser: Browser, served: str, read: Opened) -> None:
    dark = opened(browser, served, "dark", 390)
    for (page, seen), width, is_light in ((read, 1280, True), (dark, 390, False)):
        assert (width, []) == (page.evaluate("document.documentElement.scrollWidth"), seen)
        count, _ = faint_texts(page)
        assert count > 10
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert is_light == (sum(map(int, ground.strip("rgba()").split(", ")[:3])) > 3 * 128)
    dark[0].close()
