from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from contract_tests.oracle.assumptions import Assumption
from ventia_document import DOCUMENT
from ventia_document.evidence import Fact, read_evidence
from ventia_document.operations import Operation, content, operations, resolve
from ventia_document.source import Json, lookup, pointer, read

EVIDENCE = DOCUMENT.with_name("EVIDENCE.md")
VENTIA = read(DOCUMENT).value

HOW_SURE = re.compile(r"(stated|inferred|assumed): (page|platform)(, (page|platform))*")
SAYS_SO = re.compile(r"\b(inferred|assumed|not documented)\b", re.IGNORECASE)


FACTS = read_evidence(EVIDENCE).facts


def line(fact: Fact) -> str:
    return f"{EVIDENCE.name}:{fact.line}"


def leads_somewhere(at: str) -> bool:
    try:
        lookup(VENTIA, at)
    except (LookupError, TypeError):
        return False
    return at.startswith("/")


def described(at: str) -> str:
    """The nearest part with a description, at a pointer or around it; '' if there is none."""
    part = lookup(VENTIA, at)
    if at == "" or (isinstance(part, dict) and isinstance(part.get("description"), str)):
        return at
    return described(at.rpartition("/")[0])


def parts_in_need_of_evidence() -> Iterator[str]:
    yield "/x-rate-limit"
    yield from (pointer("servers", index, "url") for index in range(len(VENTIA["servers"])))
    components: Json = VENTIA["components"]
    yield from (pointer("components", "securitySchemes", name) for name in components["securitySchemes"])
    for name, schema in components["schemas"].items():
        yield from (
            pointer("components", "schemas", name, "properties", field) for field in schema.get("properties", ())
        )
    for operation in operations(VENTIA):
        yield pointer("paths", operation.path)
        yield from (part.at for part in [*operation.parameters, *operation.responses.values()])
        yield from rules_of_body(operation)


def rules_of_body(operation: Operation) -> Iterator[str]:
    for media_type in content(VENTIA, operation.body) if operation.body else ():
        body = resolve(VENTIA, media_type.at + "/schema")
        yield from (body.at + pointer("allOf", index) for index in range(len(body.value.get("allOf", ()))))


@pytest.mark.parametrize("fact", FACTS, ids=line)
def test_row_has_a_fact_a_place_and_a_source(fact: Fact) -> None:
    assert fact.sentence, f"{line(fact)}: say the fact"
    assert fact.at, f"{line(fact)}: point at where the document holds the fact: `/info/title`"
    assert HOW_SURE.fullmatch(fact.how_sure), (
        f"{line(fact)}: {fact.how_sure!r} is not stated, inferred or assumed, a colon, and page, platform or both"
    )


@pytest.mark.parametrize("fact", FACTS, ids=line)
def test_pointers_of_a_row_lead_somewhere(fact: Fact) -> None:
    lost = [at for at in fact.at if not leads_somewhere(at)]
    assert [] == lost, f"{line(fact)}: {lost} lead nowhere in {DOCUMENT.name}; point at where it holds the fact now"


@pytest.mark.parametrize("part", list(dict.fromkeys(parts_in_need_of_evidence())))
def test_part_of_the_document_has_evidence(part: str) -> None:
    pointed_at = {at for fact in FACTS for at in fact.at}
    assert any(at == part or at.startswith(part + "/") for at in pointed_at), (
        f"no row of {EVIDENCE} points at {part}; add one that says what it states and where that comes from"
    )


def test_document_says_of_a_fact_that_it_is_not_stated() -> None:
    unsure = [(fact, at) for fact in FACTS if not fact.is_stated for at in fact.at if leads_somewhere(at)]
    silent = [
        f"{line(fact)}: {at} is {fact.standing}, and {description_of(at)} does not say so: write there inferred, "
        "assumed or not documented, or set the row to stated"
        for fact, at in unsure
        if not SAYS_SO.search(lookup(VENTIA, described(at)).get("description", ""))
    ]
    assert [] == silent, "\n".join(silent)


def description_of(at: str) -> str:
    return f"the description of {described(at)}" if described(at) else "no description of it or around it"


def test_status_numbers_stand_in_the_document_only() -> None:
    numbers = {status for operation in operations(VENTIA) for status in operation.responses}
    sentences = re.sub("`/.*?`", "", EVIDENCE.read_text(encoding="utf-8"))  # a response without a name is pointed at
    repeated = numbers.intersection(re.findall(r"\w+", sentences))
    assert set() == repeated, f"{EVIDENCE} repeats status numbers; name the responses instead: 'SessionNotOnline'"


def test_each_name_that_the_suite_looks_up_names_one_fact() -> None:
    named = [fact.name for fact in FACTS if fact.name]
    assert len(named) == len(set(named))
    responses = [response for operation in operations(VENTIA) for response in operation.responses.values()]
    looked_up = {*Assumption, *(f"status of {response.name}" for response in responses if response.is_component)}
    assert set() == looked_up - set(named), f"{EVIDENCE}: no row has this name"
