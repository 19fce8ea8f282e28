"""Every sample of the README and of the pages in `docs/` is run, prints what is shown, and type-checks."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import httpx
import pytest
import yaml

from contract_tests.target.file import read_target
from tests.acceptance.docs.pages import PAGES, ROOT, blocks_in, operation_shown, programs, without_blocks
from tests.acceptance.docs.running import run_python
from tests.acceptance.document.built import built_of
from tools.diff import accepted
from tools.lint.checks import check_plain
from ventia_client import Client, Ledger, RateLimit
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.source import read
from ventia_mock.http.server import running
from ventia_mock.world.file import SAMPLE_KEY

PROGRAMS = list(programs())
TESTS = [example for example in blocks_in("python") if "def test_" in example]
BASE = "/api/v1.0"
PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(("example", "output"), PROGRAMS, ids=range(len(PROGRAMS)))
def test_a_program_prints_what_is_shown(example: str, output: str | None, stand_in: str, tmp_path: Path) -> None:
    if "asyncio.timeout" in example:
        httpx.put(f"{stand_in}/_mock/faults", json={"latency": {"seconds": 20}}).raise_for_status()
    # A host that does not exist is reached through the proxy alone, which the stand-in plays.
    server = "http://ventia.invalid" if PROXY in example else stand_in
    program = tmp_path / "example.py"
    program.write_text(example.replace(PROXY, stand_in), encoding="utf-8")
    said = run_python(program, cwd=tmp_path, VENTIA_API_KEY=SAMPLE_KEY, VENTIA_BASE_URL=server + BASE)
    assert without_interactions(output or "sent: 66f3a9b11c4d8e0023b7c9a1\n") == without_interactions(said)


def without_interactions(text: str) -> str:
    """An output in which every interaction looks the same, since each is new."""
    return re.sub(r"(?<=sent: )[0-9a-f]{24}|(?<=interaction_id=')[0-9a-f]{24}", "...", text)


@pytest.mark.parametrize("example", TESTS, ids=range(len(TESTS)))
def test_the_test_of_an_application_passes(example: str, tmp_path: Path) -> None:
    program = tmp_path / "test_application.py"
    program.write_text(example, encoding="utf-8")
    said = run_python("-m", "pytest", "-q", "-p", "no:cacheprovider", program, cwd=tmp_path)
    assert "2 passed" in said


def test_every_program_type_checks(tmp_path: Path) -> None:
    for number, example in enumerate([*TESTS, *(example for example, _ in PROGRAMS)]):
        (tmp_path / f"sample_{number}.py").write_text(example, encoding="utf-8")
    assert "no issues" in run_python("-m", "mypy", *sorted(tmp_path.glob("*.py")))  # with the checkout's settings


def test_every_client_that_is_named_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENTIA_API_KEY", SAMPLE_KEY)
    named = {name for page in PAGES for name in re.findall(r"`(Client\([^`]+\))`", without_blocks(page))}
    assert 3 <= len(named)
    for name in named:
        assert isinstance(eval(name, {"Client": Client, "Ledger": Ledger, "RateLimit": RateLimit}), Client)  # noqa: S307 - our own pages


@pytest.mark.parametrize("page", PAGES)
def test_a_page_imports_from_the_package_itself(page: str) -> None:
    for module in re.findall(r"^from (ventia_client\S*) import", PAGES[page], re.M):
        assert module in ("ventia_client", "ventia_client.ledger")  # which has what a store is made of


REFUSAL, *PLANS = (json.loads(text) for text in blocks_in("json"))


def test_the_refusal_shown_is_what_the_stand_in_answers(stand_in: str) -> None:
    url = f"{stand_in}{BASE}/contact/string/message?api-key={SAMPLE_KEY}"
    assert REFUSAL == httpx.post(url, json={"channelId": "12345", "text": "Hi!"}).json()


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_shown_is_one(plan: dict[str, object], stand_in: str) -> None:
    assert 200 == httpx.put(f"{stand_in}/_mock/faults", json=plan).status_code
    assert plan.items() <= httpx.get(f"{stand_in}/_mock/faults").json().items()


def test_the_target_file_shown_is_one_and_says_all_that_one_can(tmp_path: Path) -> None:
    [text] = [re.sub(r"^# (?=\w+ = )", "", block, flags=re.M) for block in blocks_in("toml")]
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    assert read_target(path, read_checked(DOCUMENT).value["x-rate-limit"]).safety
    tables = read(ROOT / "contract_tests" / "target" / "target.schema.yaml").value["Target"]["properties"]
    known = tomllib.loads(text)
    assert tables.keys() == known.keys()
    assert all(
        tables[name].get("properties", {}).keys() == known[name].keys()
        for name in tables
        if "properties" in tables[name]
    )


def test_the_accepted_change_shown_is_one(tmp_path: Path) -> None:
    [text] = [block for block in blocks_in("yaml") if block.startswith("accepted:")]
    path = tmp_path / "accepted-changes.yaml"
    path.write_text(text, encoding="utf-8")
    [entry] = accepted.entries(path)
    assert ("request-max-length-added", "The platform has never accepted longer texts.") == (entry.change, entry.reason)


def test_the_operation_shown_passes_the_lint_and_is_served_and_called(tmp_path: Path) -> None:
    document = read(DOCUMENT).value
    document["paths"] |= yaml.safe_load(operation_shown())
    assert [] == check_plain(document).findings
    with built_of(document, tmp_path) as built, running(built.app) as url:
        list_tags, contact = built.package.list_tags, "66f1a2b33c4d5e0067f8a9b0"
        with built.package.Client(SAMPLE_KEY, base_url=url + built.base_path) as client:
            assert ["vip"] == list_tags.sync(contact, client=client, limit=5)
            with pytest.raises(built.package.errors.InvalidMessage, match="limit: Must be at most 100"):
                list_tags.sync(contact, client=client, limit=500)


def test_every_block_is_run() -> None:
    """Blocks in other languages would be run by no test."""
    languages = set(re.findall(r"^```(\w+)$", "".join(PAGES.values()), re.M))
    assert {"json", "markdown", "python", "sh", "text", "toml", "yaml"} == languages
    shown = [output for _, output in PROGRAMS if output]
    assert len(blocks_in("text")) == len(shown)
