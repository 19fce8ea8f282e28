"""The table of rules: it has every rule of the document, and each request breaks the rule of its row alone."""

from __future__ import annotations

import re
from functools import cache

import pytest

from contract_tests.report.counters import keywords
from contract_tests.rules.drawing import Drawing, Row
from contract_tests.rules.table import table
from contract_tests.run import JUDGE, SOURCE
from contract_tests.target.file import STAND_IN, Target, read_target
from contract_tests.target.knowledge import Knowledge, narrowed
from contract_tests.target.messages import Messages
from tests.support.stand_in import OPERATION, ROOT
from ventia_document.source import Json
from ventia_mock.world.file import SAMPLE_KEY

pytestmark = pytest.mark.acceptance

TARGET = read_target(STAND_IN, None)
SEVERAL = {"several rules at once", "the key comes first", "the names of fields"}
"""Rows whose requests break more than one rule, as their sentences say."""

NOT_OF_THE_ENDPOINT = ("/info", "/tags", "/servers", "/x-rate-limit", f"{OPERATION.at}/tags", f"{OPERATION.at}/x-sends")
"""What is prose, where the server is, and a limit that a run stays below."""


@cache
def rows(*, thin: bool = False, seed: int = 1, target: Target | None = None) -> list[Row]:
    knowledge = Knowledge(OPERATION, target or TARGET)
    return table(Drawing(Messages(knowledge), JUDGE, SAMPLE_KEY, seed, thin=thin))


def test_every_fact_of_the_evidence_is_tested() -> None:
    """By a row of the table, or by the rules of responses, which check whatever is documented of them."""
    request = [at for row in rows() for at in row.at] + ["/components/responses", OPERATION.at + "/responses"]
    request += [part.at for _, part in OPERATION.numbered_responses] + list(keywords(OPERATION))
    answers = [name for name in SOURCE.value["components"]["schemas"] if name.endswith(("Sent", "Queued", "Problem"))]
    request += [f"/components/schemas/{name}" for name in answers]
    for line in (ROOT / "openapi" / "EVIDENCE.md").read_text(encoding="utf-8").splitlines():
        pointers = re.findall(r"`(/[^`]*)`", line) if line.startswith("| ") else []
        held = [each for each in pointers if not each.startswith(NOT_OF_THE_ENDPOINT)]
        if held:
            assert any(each.startswith(at) or at.startswith(each) for each in held for at in request), line


def test_each_rule_of_the_document_has_requests_that_keep_it_and_such_that_break_it() -> None:
    made = {row.name: row for row in rows()}
    for index, rule in enumerate(SOURCE.value["components"]["schemas"]["Message"]["allOf"]):
        name = rule.get("title", f"/components/schemas/Message/allOf/{index}")
        assert made[name].kept
        assert made[name].broken
    for name in SOURCE.value["components"]["schemas"]["Message"]["properties"]:
        assert made[f"{name}: type"].broken
        assert made[f"{name}: type"].kept


@pytest.mark.parametrize("thin", [False, True])
def test_each_request_breaks_its_rule_and_no_other(*, thin: bool) -> None:
    for row in rows(thin=thin):
        for probe in row.broken:
            verdict = JUDGE.verdict(probe.request)
            assert verdict.is_accepted if row.by_platform else verdict.is_refused, (row.name, probe.name)
            if not row.by_platform and row.name not in SEVERAL | {"the body is an object"}:
                broken = {
                    (each.at.split("/allOf/")[0], each.at.partition("/allOf/")[2][:1]) for each in verdict.violations
                }
                assert 1 == len(broken), (row.name, probe.name, verdict.violations)


def test_each_request_that_keeps_a_rule_keeps_all() -> None:
    for row in rows():
        for probe in row.kept:
            verdict = JUDGE.verdict(probe.request)
            assert verdict.is_accepted or (verdict.open and row.name == "what is left open"), (row.name, probe.name)


def test_the_same_seed_makes_the_same_table_and_another_another() -> None:
    def made(seed: int) -> list[object]:
        rows.cache_clear()
        return [probe for row in rows(thin=True, seed=seed) for probe in (*row.kept, *row.broken)]

    assert made(1) == made(1) != made(2)


def test_a_target_that_knows_one_channel_is_tested_for_what_it_knows() -> None:
    """Nothing that the file does not name is sent through, and what is not tested says why."""
    little = Target(
        TARGET.base_url, TARGET.api_key_env, TARGET.contact, {("channels", "fb"): "656b0e1f8e5a2c001f3a9d15"}, None
    )
    knowledge = Knowledge(OPERATION, little)
    made = table(Drawing(Messages(knowledge), JUDGE, SAMPLE_KEY, 1, thin=True))
    for row in made:
        assert row.why_not or row.kept or row.broken, row.name
        for probe in row.kept:
            body = JUDGE.verdict(probe.request).body
            assert body is None or "656b0e1f8e5a2c001f3a9d15" == body["channelId"].lower(), row.name


def test_the_narrowed_document_names_only_what_the_target_does() -> None:
    found: list[Json] = []

    def walk(value: Json) -> None:
        if isinstance(value, dict):
            found.extend(value["enum"] if "x-identifies" in value else [])
            for part in value.values():
                walk(part)
        if isinstance(value, list):
            for part in value:
                walk(part)

    walk(narrowed(SOURCE.value, TARGET))
    assert set(found) == TARGET.named
