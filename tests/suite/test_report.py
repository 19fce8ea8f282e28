"""The report of a run: on the terminal, in Markdown, and as a page in a headless Chromium."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Dialog, Page, expect

from contract_tests.report.model import Difference, Failure, PartCoverage, RuleResult, RunReport, Tally
from contract_tests.report.renderings import words
from contract_tests.report.renderings.faults import faults
from contract_tests.report.renderings.junit import junit
from contract_tests.report.renderings.markdown import markdown
from contract_tests.report.renderings.page import page
from contract_tests.report.renderings.screen import screen
from tests.support.browser import faint_texts, in_a_browser

_MESSAGE = "/components/schemas/Message"
_SENDERS = "Must have exactly one of channelId, userId and userIntegrationId"
_OBJECT_ID = "Must be a valid ObjectId"
ALL = Tally(120, 120)


def rule(name: str, sentence: str = "", *at: str, **more: Any) -> RuleResult:
    return RuleResult(name, sentence, at or (f"{_MESSAGE}/properties/{name.partition(':')[0]}",), ALL, ALL, **more)


RULES = (
    rule("one sender", _SENDERS, f"{_MESSAGE}/allOf/0"),
    rule("user with medium", "Must be given with userId", f"{_MESSAGE}/allOf/1"),
    rule("some content", "Must have text, mediaType with mediaUrl, or template", f"{_MESSAGE}/allOf/2"),
    rule("template without media", "Must not be given with template", f"{_MESSAGE}/allOf/4", is_inferred=True),
    rule("template on WhatsApp Business", "Must not be unofficial_wpp when template is given", f"{_MESSAGE}/allOf/5"),
    rule("medium: enum", "Must be one of unofficial_wpp, whatsapp_business", "/components/schemas/Medium/enum"),
    rule("channelId: pattern", _OBJECT_ID, "/components/schemas/ObjectId/pattern", is_inferred=True),
    rule("idcontact: anyOf", _OBJECT_ID, "/components/parameters/ContactId/schema/anyOf"),
    rule("key: is needed", "The key of the company's account", "/security/0", "/paths/~1contact/post", "/servers/0"),
    rule("session is not online", "Personal WhatsApp session is not online", "/components/responses/SessionNotOnline"),
)
RESPONSES = tuple(
    RuleResult(name, sentence, ("/paths/~1contact~1{idcontact}~1message/post/responses",), Tally(4812, 4812), Tally())
    for name, sentence in (
        ("a documented status", "Each answer has a status that the document lists for the operation"),
        ("JSON in UTF-8", "Each answer with content is application/json, in UTF-8"),
        ("the documented shape", "Each answer is as the schema of its status says"),
        ("the key is never echoed", "No response names the API key of its request"),
        ("an interactionId is never the same twice", "Each message that was sent is an interaction of its own"),
    )
)
HOLDS = RunReport(
    server="http://127.0.0.1:8080/api/v1.0",
    version="0.1.0",
    seed=3151946710,
    started="2025-11-22T20:53:07+00:00",
    seconds=83.4,
    requests=4812,
    messages=312,
    most=400,
    rules=RULES,
    responses=RESPONSES,
    fields=tuple(
        PartCoverage(name, 120, 96) for name in ("channelId", "userId", "medium", "text", "mediaUrl", "localId")
    ),
    values=(PartCoverage("medium: unofficial_wpp", 40, 31), PartCoverage("mediaType: image", 12, 9)),
    keywords=(
        PartCoverage(f"{_MESSAGE}/allOf/0/oneOf", 312, 96),
        PartCoverage(f"{_MESSAGE}/properties/text/type", 201, 33),
    ),
    statuses=(("200", 280, ""), ("202", 32, ""), ("400", 4200, ""), ("401", 300, "")),
    other=(("messages of the client on the wire as given", 100), ("answers read back", 100)),
    notes=("The target file leaves out sessions, so no rule of them is held against the server.",),
)
_OFFLINE = "the target file names no user whose session is offline"
FAILS = dataclasses.replace(
    HOLDS,
    rules=(
        dataclasses.replace(RULES[0], broken=Tally(118, 97)),
        *RULES[1:5],
        dataclasses.replace(RULES[5], broken=Tally(96, 0)),
        dataclasses.replace(RULES[6], why_not="the budget of messages ended first", broken=Tally(12, 12)),
        *RULES[7:9],
        dataclasses.replace(RULES[9], kept=Tally(), broken=Tally(), why_not=_OFFLINE),
    ),
    responses=(*RESPONSES[:2], dataclasses.replace(RESPONSES[2], kept=Tally(4812, 4790)), *RESPONSES[3:]),
    values=(PartCoverage("medium: unofficial_wpp", 0, 31, _OFFLINE), *HOLDS.values[1:]),
    statuses=(*HOLDS.statuses, ("409", 0, _OFFLINE), ("429", 0, "the run keeps the documented rate limit")),
    failures=tuple(
        Failure(
            name,
            sentence,
            f"contract_tests/test_server.py::test_rules[{name}]",
            complaint,
            (
                'curl -X POST "http://127.0.0.1:8080/api/v1.0/contact/66f1a2b33c4d5e0067f8a9b0/message'
                '?api-key=$VENTIA_API_KEY" \\\n'
                "  -H 'Content-Type: application/json' \\\n"
                f"  --data-raw '{body}'",
            )
            * count,
            'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"success": true}',
            f"make contract URL=http://127.0.0.1:8080/api/v1.0 REPLAY={number}:3151946710",
        )
        for number, (name, sentence, complaint, body, count) in enumerate(
            (
                (
                    "one sender",
                    _SENDERS,
                    "answered 200, and must answer 400",
                    '{"channelId": "656b0e1f8e5a2c001f3a9d12", "userId": "64f1c2a97b3e4d0012ab34cd", "text": ""}',
                    1,
                ),
                (
                    "medium: enum",
                    "Must be one of unofficial_wpp, whatsapp_business",
                    "answered 200, and must answer 400",
                    '{"userId": "64f1c2a97b3e4d0012ab34cd", "medium": "", "text": ""}',
                    1,
                ),
                (
                    "the documented shape",
                    "Each answer is as the schema of its status says",
                    "The answer has no interactionId, which is required (/components/schemas/MessageSent/required).",
                    '{"channelId": "656b0e1f8e5a2c001f3a9d12", "text": ""}',
                    2,
                ),
            )
        )
    ),
)

OTHERS = (
    Failure("test_a_call", "", "contract_tests/test_client.py::test_a_call", "AssertionError: no", (), "", "make"),
)
DIFFERS = dataclasses.replace(
    HOLDS,
    differences=(
        Difference(
            "409 for a session that is not online",
            "inferred",
            ("/paths/~1contact~1{idcontact}~1message/post/responses/409",),
            19,
            dataclasses.replace(FAILS.failures[0], complaint="answered 412, and must answer 409", name="a text"),
        ),
    ),
)
SILENT = dataclasses.replace(
    HOLDS, ended="1 request got no answer", silences=FAILS.failures[:1], of_the_client=OTHERS, of_the_suite=OTHERS
)

_ATTACK = "<img src=x onerror=alert(1)></pre></code><script>alert(2)</script> | a | `b` ``` @octocat #1 {{ 7*7 }} &lt;"
_TURNED = "\u202eturned\x1b[31m\x00\ud800"
HOSTILE = f"{_ATTACK}\n\n# not a heading\n- [x](javascript:alert(3)) https://evil.example\n```\n````\n{_TURNED}"


def hostile() -> RunReport:
    """A run in which every text is an attack."""
    attacked = RuleResult(HOSTILE, HOSTILE, (HOSTILE,) * 3, Tally(2, 1), Tally(), HOSTILE, is_inferred=True)
    untested = dataclasses.replace(attacked, name=HOSTILE + "2", kept=Tally())
    seen = (PartCoverage(HOSTILE, 0, 1, HOSTILE),)
    failure = Failure(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE, HOSTILE), HOSTILE, HOSTILE, HOSTILE)
    return dataclasses.replace(
        HOLDS,
        server=HOSTILE,
        version=HOSTILE,
        started=HOSTILE,
        ended=HOSTILE,
        rules=(attacked, untested),
        responses=(attacked, untested),
        fields=seen,
        values=seen,
        keywords=seen,
        statuses=((HOSTILE, 0, HOSTILE),),
        other=((HOSTILE, 1),),
        failures=(failure,),
        differences=(Difference(HOSTILE, HOSTILE, (HOSTILE,), 2, failure),),
        silences=(failure,),
        of_the_client=(failure,),
        of_the_suite=(failure,),
        notes=(HOSTILE,),
    )


def large() -> RunReport:
    """A run against a server that does nothing right with large requests, of a document with many rules."""
    failure = dataclasses.replace(FAILS.failures[0], requests=("<'\"&" * 16_000,) * 2, response="é\x01" * 30_000)
    many = tuple(rule(f"field{number}: type", _OBJECT_ID) for number in range(400))
    keywords = tuple(PartCoverage(f"{_MESSAGE}/properties/field{number}/type", number, 0) for number in range(800))
    failures = tuple(
        dataclasses.replace(failure, complaint=f"answered 200, and must answer {number}") for number in range(300)
    )
    return dataclasses.replace(FAILS, failures=failures, rules=many, keywords=keywords)


def texts(report: RunReport) -> set[str]:
    """Every text and number that the model holds, but for the seed and the time, which are written otherwise."""

    def walk(value: Any) -> Iterator[str]:
        if dataclasses.is_dataclass(value):
            yield from walk([getattr(value, each.name) for each in dataclasses.fields(value)])
        elif isinstance(value, list | tuple):
            for item in value:
                yield from walk(item)
        elif isinstance(value, str):
            yield from value.replace("\r", "").split("\n")
        elif isinstance(value, int) and not isinstance(value, bool):
            yield f"{value:,}"

    others = [each.name for each in dataclasses.fields(report) if each.name not in ("seed", "started")]
    return set(walk([getattr(report, name) for name in others]))


def plain(html: str) -> str:
    """The words of a piece of HTML that a browser shows, with the title."""
    return unescape(re.sub(r"<(script|style)>.*?</\1>|<[^>]+>", "", html, flags=re.S))


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


@pytest.mark.parametrize(
    ("expected", "report"),
    [
        ("Holds the contract", HOLDS),
        ("3 violations", FAILS),
        ("1 violation", dataclasses.replace(HOLDS, failures=FAILS.failures[:1])),
        ("1 violation", dataclasses.replace(HOLDS, rules=FAILS.rules[:1])),
        (
            "Not everything was tested (the budget is spent): no violation so far",
            dataclasses.replace(HOLDS, ended="the budget is spent"),
        ),
        (
            "3 violations. Not everything was tested (interrupted)",
            dataclasses.replace(FAILS, ended="interrupted"),
        ),
        ("Holds the contract; 1 failure of the client", dataclasses.replace(HOLDS, of_the_client=OTHERS)),
        ("Holds the contract, and differs in 1 of its assumptions", DIFFERS),
        ("1 violation", dataclasses.replace(HOLDS, failures=FAILS.failures[:1] * 27)),
        ("Nothing was tested", dataclasses.replace(HOLDS, rules=FAILS.rules[-1:], responses=())),
    ],
    ids=[
        *("holds", "violations", "one violation", "a violation without a failure", "ended", "violations and ended"),
        *("the client", "differs", "one fault of many failures", "nothing tested"),
    ],
)
def test_the_headline_comes_first(expected: str, report: RunReport) -> None:
    assert f"<title>{expected} - http://127.0.0.1:8080/api/v1.0</title>" in page(report)
    assert f"<h1>{expected}</h1>" in page(report)
    assert f"<h1>{expected}</h1>" in rendered(markdown(report).split("\n")[0])
    assert expected == ET.fromstring(junit(report))[0].get("name")  # noqa: S314  # of our own making
    assert expected == screen(report, 80).split("\n")[0]


def test_junit_has_a_case_for_each_rule_and_says_what_failed_and_what_was_not_asked() -> None:
    suite = ET.fromstring(junit(dataclasses.replace(FAILS, ended="interrupted")))[0]  # noqa: S314  # of our own making
    cases = {(case.get("classname"), case.get("name")): case for case in suite}
    assert {each.name for each in (*FAILS.rules, *FAILS.responses)} < {name for _, name in cases}
    assert "interrupted" == cases["run", "everything that was planned was asked"][0].get("message")
    failed = cases["requests", "one sender"][0]
    assert ("failure", True) == (failed.tag, "REPLAY=" in (failed.text or ""))
    assert "skipped" == cases["requests", "session is not online"][0].tag
    assert [] == list(cases["requests", "some content"])
    assert "3" == suite.get("failures")
    assert "failure" not in {each.tag for each in ET.fromstring(junit(DIFFERS)).iter()}  # noqa: S314  # as above
    assert len(junit(hostile())) < 200_000


def test_one_cause_is_one_fault_with_the_smallest_request() -> None:
    """However many rules it was found by; identifiers in a complaint are no other cause, and other statuses are."""
    one = dataclasses.replace(FAILS.failures[2], complaint="has the interactionId '66f3a9b11c4d8e0023b7c9a1' again")
    same = dataclasses.replace(one, complaint=one.complaint.replace("66f3", "77a4"), requests=("curl",), test="another")
    other = dataclasses.replace(one, complaint="answered 500, and must answer 400")
    third = dataclasses.replace(one, complaint="answered 200, and must answer 400")
    found = faults([other, one, one, same, third])
    assert [(same, 3), (other, 1), (third, 1)] == [(fault.first, fault.count) for fault in found]


def test_a_status_that_breaks_many_rules_is_one_fault_and_names_them_in_a_line() -> None:
    """Of a few rules, each is a fault of its own, since each may have its own cause."""
    failed = [
        dataclasses.replace(FAILS.failures[2], rule=f"rule {n}", complaint=f"answered 500, and must answer {status}")
        for n, status in enumerate([400, 401, 200, "200 or 202", 400, 400, 400, 400])
    ]
    assert 7 == len(faults(failed[:7]))
    [fault] = faults(failed)
    assert ("8 rules", 8) == (fault.title, fault.count)
    shown = screen(dataclasses.replace(FAILS, failures=tuple(failed)), 200)
    assert f"1. 8 rules (8 x): breaks {', '.join(f'rule {n}' for n in range(8))}" in shown


def test_a_complaint_that_is_the_same_for_several_rules_is_one_fault_whatever_its_numbers() -> None:
    first = dataclasses.replace(FAILS.failures[2], complaint="delivered the text 'a' of 4,096 characters", rule="one")
    second = dataclasses.replace(first, complaint="delivered the text 'b' of 512 characters", rule="another")
    shape = dataclasses.replace(first, complaint="success: Must be given; queued: Must be given", rule="the shape")
    same = dataclasses.replace(shape, complaint="success: Must be given; error: Must be given")
    assert [("one", "another"), ("the shape",)] == [fault.rules for fault in faults([first, second, shape, same])]


def test_thirty_faults_stay_readable_on_the_terminal() -> None:
    """Each in a few lines, below a first screen that names them all."""
    named = tuple(
        dataclasses.replace(FAILS.failures[0], rule=f"rule {n}", name="a byte", complaint=f"It accepted {'x' * n}")
        for n in range(30)
        for _ in "ab"
    )
    lines = screen(dataclasses.replace(FAILS, failures=named), 100).splitlines()
    assert "33 violations" == lines[0]
    assert [f"{n:>4}. " for n in range(1, 31)] == [
        line[:6] for line in lines if line.startswith(" ") and ". rule " in line
    ][:30]
    assert len(lines) < 30 * 12 + 40
    assert 30 == sum("(2 x)" in line for line in lines)
    assert 30 == sum(line.startswith("   a byte: It accepted") for line in lines)


def test_a_rule_is_in_one_of_four_states() -> None:
    shown = {each.name: words.state(FAILS, each) for each in (*FAILS.rules, *FAILS.responses)}
    assert "violated" == shown["one sender"] == shown["the documented shape"]
    assert ("partly", "not tested") == (shown["channelId: pattern"], shown["session is not online"])
    assert "holds" == shown["some content"] == shown["JSON in UTF-8"]


def test_a_rule_that_a_failure_names_is_violated_whatever_was_counted() -> None:
    assert "violated" == words.state(dataclasses.replace(HOLDS, failures=FAILS.failures[:1]), HOLDS.rules[0])


@pytest.mark.parametrize("report", [HOLDS, FAILS, DIFFERS, SILENT], ids=["holds", "fails", "differs", "silent"])
def test_the_page_and_the_markdown_hold_all_that_the_report_holds(report: RunReport) -> None:
    for rendering in (plain(page(report)), plain(rendered(markdown(report)))):
        assert set() == {text for text in texts(report) if text not in rendering}
        assert "inferred" in rendering
        assert str(report.seed) in rendering
        assert "2025-11-22 20:53:07+00:00" in rendering


def test_the_screen_tells_what_failed_and_what_was_not_tested() -> None:
    shown = screen(FAILS, 100)
    for failure in FAILS.failures:
        assert f"   {failure.complaint}\n" in shown
        assert all(request in shown for request in failure.requests)
        assert f"replay: {failure.replay}" in shown
    shown = " ".join(shown.split())
    assert f"not tested, or not in full: session is not online: {_OFFLINE}" in shown
    assert "VIOLATED one sender (kept 120/120, broken 97/118)" in shown
    assert "answered: 200 x 280, 202 x 32" in shown
    assert "not answered: 429: the run keeps the documented rate limit" in shown


@pytest.mark.parametrize("width", [80, 100, 160])
def test_a_run_that_holds_fits_one_screen(width: int) -> None:
    rules = tuple(dataclasses.replace(each, name=f"{each.name} {n}") for n in range(5) for each in RULES[:9])
    lines = screen(dataclasses.replace(HOLDS, rules=rules), width).splitlines()
    assert 45 == len(rules)
    assert len(lines) <= 40
    assert max(map(len, lines)) <= width


def test_hostile_text_does_nothing_to_a_terminal() -> None:
    assert set() == {each for each in screen(hostile(), 80) if each != "\n" and not each.isprintable()}


def test_hostile_text_is_text_in_markdown() -> None:
    text = markdown(hostile())
    fenced = [token.content for token in MarkdownIt().parse(text) if token.type == "fence"]
    assert {words.visible(HOSTILE) + "\n"} == set(fenced)
    assert len(fenced) > 10
    own = {"blockquote", "br", "code", "details", "h1", "h2", "li", "p", "pre", "strong", "summary", "ul"}
    own |= {"table", "tbody", "td", "th", "thead", "tr"}
    assert own == set(re.findall(r"<(\w+)", rendered(text)))


@pytest.mark.parametrize(
    "start", ["- a", "1. a", "1) a", "# a", "> a", "=== a", "+ a", "* a", "    a", "| a |", "```a"]
)
def test_a_text_starts_nothing_in_markdown(start: str) -> None:
    html = rendered(markdown(dataclasses.replace(HOLDS, notes=(start,))))
    assert f"<li>{escape(start.strip())}</li>\n</ul>\n" == html[html.rindex("<li>") :].replace("\u200b", "")


def test_nothing_is_mentioned_or_linked_by_markdown() -> None:
    outside = plain(re.sub(r"<pre>.*?</pre>", "", rendered(markdown(hostile())), flags=re.S))
    assert "octocat" in outside
    assert not re.search("@octocat|#1", outside)
    source = re.sub(r"^(`{3,}).*?^\1$", "", markdown(hostile()), flags=re.S | re.M)
    assert "evil.example" in source
    assert "://" not in source


def test_the_markdown_of_a_large_run_is_below_githubs_limit_and_tells_what_is_left_out() -> None:
    text = markdown(large())
    assert len(text.encode()) < 2**20
    assert re.search(r"^\d+ more failures are left out here\.$", text, re.M)
    assert re.search(r"^\d+ more rows are left out here\.$", text, re.M)
    assert "<summary>Coverage</summary>" in text


@pytest.mark.acceptance
def test_the_page_of_a_large_run_is_below_a_megabyte_and_tells_what_is_left_out() -> None:
    html = page(large())
    assert len(html.encode()) < 1_000_000
    assert "250 more faults are left out here." in html
    assert re.search(r"\.\.\. \[[\d,]+ more characters\]", html)


@contextmanager
def shown(browser: Browser, path: Path, report: RunReport, **options: Any) -> Iterator[Page]:
    """The page in a browser, which must have requested nothing else, and reported no error."""
    path.joinpath("report.html").write_text(page(report), encoding="utf-8")
    context = browser.new_context(**options)
    context.set_default_timeout(5000)
    tab = context.new_page()
    requested: list[str] = []
    complaints: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    tab.on("request", lambda request: requested.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("dialog", dismiss)
    url = path.joinpath("report.html").as_uri()
    tab.goto(url)
    yield tab
    context.close()
    assert ([], {url}) == (complaints, set(requested) - {"data:,"})


@pytest.mark.acceptance
@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_in_light_and_dark(browser: Browser, tmp_path: Path, scheme: str) -> None:
    for report in (HOLDS, FAILS, dataclasses.replace(HOLDS, ended="the server is gone")):
        with shown(browser, tmp_path, report, color_scheme=scheme) as tab:
            count, faint = faint_texts(tab)
            assert (True, []) == (count > 80, faint)
            ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 23, 26)") == ground


@pytest.mark.acceptance
@in_a_browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_no_wider_than_its_window(browser: Browser, tmp_path: Path, width: int) -> None:
    unbroken = dataclasses.replace(FAILS.failures[0], complaint="a" * 65_000)
    for report in (FAILS, dataclasses.replace(hostile(), failures=(*hostile().failures, unbroken))):
        with shown(browser, tmp_path, report, viewport={"width": width, "height": 800}) as tab:
            tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            assert width == tab.evaluate("document.documentElement.scrollWidth")


@pytest.mark.acceptance
@in_a_browser
def test_hostile_text_is_text_on_the_page(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, hostile()) as tab:
        assert 0 == tab.locator("img, body script:not(:last-child), a[href^=javascript]").count()
        expect(tab.locator("#fault-1-request-1")).to_have_text(words.visible(HOSTILE), use_inner_text=True)
        expect(tab.locator("#fault-1").get_by_text("only the replay repeats it exactly")).to_have_count(2)


@pytest.mark.acceptance
@in_a_browser
def test_what_repeats_a_failure_can_be_copied(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, FAILS) as tab:
        tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button = tab.locator("#fault-1 button").first
        button.click()
        expect(button).to_have_text("Copied")
        assert FAILS.failures[0].requests[0] == tab.evaluate("navigator.clipboard.readText()")


@pytest.mark.acceptance
@in_a_browser
def test_a_rule_leads_to_the_failure_that_broke_it(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, FAILS) as tab:
        broken = tab.get_by_role("row").filter(has_text="Each answer is as the schema of its status says")
        broken.get_by_role("link", name="fault 3").click()
        expect(tab.locator(":target h3")).to_have_text("3. the documented shape")


@pytest.mark.acceptance
@in_a_browser
def test_without_scripts_everything_is_there_but_the_buttons(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, FAILS, java_script_enabled=False) as tab:
        expect(tab.get_by_role("heading", name="3 violations")).to_be_visible()
        expect(tab.locator("#fault-3-replay")).to_be_visible()
        expect(tab.get_by_role("button", name="Copy")).to_have_count(0)
