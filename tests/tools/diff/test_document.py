"""What each change of the document means for its users, and the witnesses that show it."""

from __future__ import annotations

import copy
import re
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.support.stride import some, thinned
from tests.tools.diff import edits as e
from tests.tools.diff.edits import BASE, FIELD, POST, REMOVED, SCHEMAS, A, B, C, Edits, N, edited, of, read_edits, table
from tests.tools.diff.outside import agrees, by_openapi_core
from tools.diff import document
from tools.diff.changes import Change, Effect
from tools.diff.objects import rules
from ventia_document import DOCUMENT
from ventia_document.source import Json, lookup

ROWS = table("changes.yaml")
LETTERS = {"-": N, "C": C, "A": A, "B": B}
WITHOUT_VALIDATOR = re.compile(r"(default|x-unheard-of)-|component-|all-of-changed$|schema-removed$")
"""Names of changes that rules of their own class, or may: of defaults, unknown keywords and unknown uses."""


def effect(changes: list[Change]) -> Effect:
    return max((each.effect for each in changes), default=N)


def changed(edits: Edits) -> list[Change]:
    return document.compare(BASE, of(edited(BASE.value, edits)))


def worst(changes: list[Change]) -> list[Effect]:
    return [max((change.effects[side] for change in changes), default=N) for side in range(3)]


@pytest.mark.parametrize("name", ROWS)
def test_a_change_is_classed_named_and_shown(name: str) -> None:
    row, (base, now, changes) = ROWS[name], compared(name)
    assert [LETTERS[each] for each in row["is"]] == worst(changes)[:2], changes
    assert ("B" == row.get("names")) == (worst(changes)[2] is B)
    assert {row["by"]} <= {each.id for each in changes} if "by" in row else not changes
    for change in changes:
        if change.effect is B and is_judged(change):
            directions = [
                side for side, each in zip(("request", "response"), change.effects, strict=False) if each is B
            ]
            assert directions == [witness.direction for witness in change.witnesses], change
        for witness in change.witnesses:
            assert agrees(base, now, witness), witness


@thinned
@pytest.mark.acceptance
@pytest.mark.parametrize("name", some(ROWS))
def test_openapi_core_agrees_with_each_witness(name: str) -> None:
    base, now, changes = compared(name)
    for witness in (witness for change in changes for witness in change.witnesses):
        assert agrees(base, now, witness, by_openapi_core), witness


def is_judged(change: Change) -> bool:
    return "/schema" in change.at and change.named_by == "ventia" and not WITHOUT_VALIDATOR.search(change.id)


@cache
def compared(name: str) -> tuple[Json, Json, list[Change]]:
    """The documents of a row, and the changes."""
    base = edited(BASE.value, read_edits(ROWS[name].get("base", {})))
    now = edited(base, read_edits(ROWS[name]["edits"]))
    return base, now, document.compare(of(base), of(now))


REWRITES = table("rewrites.yaml")


@thinned
@pytest.mark.acceptance
@pytest.mark.parametrize("name", some(REWRITES))
def test_a_rewrite_breaks_nothing_and_adds_nothing(name: str) -> None:
    one, other = REWRITES[name]
    for at in (e.NEW, e.ANSWER):
        for before, after in ((one, other), (other, one)):
            base, now = (of(edited(BASE.value, {at: schema})) for schema in (before, after))
            assert [] == [each for each in document.compare(base, now) if each.effect > C], (before, after)


def test_a_witness_is_the_least_and_says_the_rule_that_it_breaks() -> None:
    [change] = changed({f"{FIELD}/text/maxLength": 100})
    [witness] = change.witnesses
    assert {"channelId", "text"} == witness.value.keys()
    assert 101 == len(witness.value["text"])
    assert f"the body of POST {'/contact/{idcontact}/message'} (application/json)" == witness.of
    assert "text: Must have at most 100 characters" == witness.says


def test_of_several_changes_each_has_its_own_witness() -> None:
    changes = changed(
        {f"{FIELD}/text/maxLength": 9, f"{FIELD}/caption/pattern": "^a", f"{FIELD}/fileName/minLength": 0}
    )
    assert [B, B, C] == [change.effect for change in changes]
    shown = {each.at.split("/")[-2]: {*each.witnesses[0].value} for each in changes[:2]}
    assert {"text": {"channelId", "text"}, "caption": {"channelId", "text", "caption"}} == shown


def test_a_change_is_seen_beside_one_that_refuses_nearly_all() -> None:
    changes = changed({f"{FIELD}/text/pattern": "^[A-Z]", f"{FIELD}/text/maxLength": 4096})
    assert [B, B] == [change.effect for change in changes]


def test_a_change_without_a_witness_says_how_many_values_were_drawn() -> None:
    [change] = changed({f"{FIELD}/text/minLength": 0})
    assert re.fullmatch(r"equivalent as far as \d{3,} drawn values show", change.proof)


@pytest.mark.parametrize(
    ("keyword", "old", "new"),
    [("format", REMOVED, "phone"), ("pattern", r"^\p{Script=Greek}", r"^\p{Script=Cyrillic}")],
)
def test_what_no_value_can_be_drawn_for_is_undecided_and_counts_as_breaking(keyword: str, old: Json, new: str) -> None:
    base = BASE.value if old is REMOVED else edited(BASE.value, {f"{FIELD}/text/{keyword}": old})
    [change] = document.compare(of(base), of(edited(base, {f"{FIELD}/text/{keyword}": new})))
    assert (B, "undecided", ()) == (change.effect, change.proof.partition(":")[0], change.witnesses)


def test_a_name_of_our_own_is_marked_as_ours() -> None:
    [ours] = changed({"/x-rate-limit/requests": 100})
    [oasdiffs] = changed({f"{POST}/deprecated": True})
    assert ("ventia", "oasdiff") == (ours.named_by, oasdiffs.named_by)


def another(value: Json) -> Json:
    if isinstance(value, bool):
        return not value
    return value + "x" if isinstance(value, str) else value + 1


ALL = some([at for at in BASE.places if at])


def effects_both_ways(edits: Edits) -> tuple[Effect, Effect]:
    now = of(edited(BASE.value, edits))
    return effect(document.compare(BASE, now)), effect(document.compare(now, BASE))


@thinned
@pytest.mark.acceptance
@pytest.mark.parametrize("part", range(8))
def test_no_change_of_any_node_goes_unreported(part: int) -> None:
    """Each node of the document is removed, and each value replaced; the way back is as loud as the way there."""
    for at in ALL[part::8]:
        value = lookup(BASE.value, at)
        for new in (REMOVED,) if isinstance(value, dict | list) else (REMOVED, another(value)):
            there, back = effects_both_ways({at: new})
            assert N not in (there, back), (at, new)
            assert (there > C) == (back > C), (at, new, there, back)


@thinned
@pytest.mark.acceptance
def test_an_unknown_key_counts_as_breaking_in_every_object() -> None:
    """Except in an example, in a tag, or as the name of a component or a field."""
    for at in ("", *ALL):
        if isinstance(lookup(BASE.value, at), dict) and not re.search(
            r"/tags/0|/examples|/dependentSchemas$|/properties$|^/components/\w+$", at
        ):
            assert C not in effects_both_ways({f"{at}/x-unheard-of": {"a": [1]}}), at


def test_a_difference_that_the_walk_does_not_reach_is_reported() -> None:
    unused = edited(BASE.value, {"/components/callbacks": {"onSent": {"{$url}": {"post": {"responses": {}}}}}})
    now = edited(unused, {"/components/callbacks/onSent/{$url}/post/responses/200": {"description": "x"}})
    assert [("unclassified-change", B)] == [(each.id, each.effect) for each in document.compare(of(unused), of(now))]


def test_a_key_that_lost_its_rule_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(rules._KEYS, "info")
    assert ["unclassified-change"] == [change.id for change in changed({"/info/description": "x"})]


def reordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def test_the_same_document_has_not_changed_whatever_the_order_of_its_keys() -> None:
    assert [] == document.compare(BASE, of(reordered(BASE.value)))


@pytest.mark.parametrize("at", [at for at in ALL if at.endswith("/$ref")])
def test_a_reference_and_its_target_mean_the_same(at: str) -> None:
    holder, _, _ = at.rpartition("/")
    beside = lookup(BASE.value, holder)
    inlined = {**lookup(BASE.value, beside["$ref"][1:]), **beside}
    del inlined["$ref"]
    assert (C, C) == effects_both_ways({holder: inlined})


def test_a_change_of_a_shared_part_is_reported_once_for_both_sides_at_its_own_place() -> None:
    line, column = BASE.places[f"{SCHEMAS}/ObjectId/pattern"]
    [change] = changed({f"{SCHEMAS}/ObjectId/pattern": "^x$"})
    assert (B, B, N) == change.effects
    assert ["request", "response"] == [witness.direction for witness in change.witnesses]
    assert '`pattern` of ObjectId was "^[0-9a-fA-F]{24}$", is "^x$"' == change.message
    assert f"{DOCUMENT}:{line}:{column}" == change.place


def test_of_long_prose_the_stretch_that_changed_is_quoted() -> None:
    text = lookup(BASE.value, f"{POST}/description")
    [change] = changed({f"{POST}/description": text.replace("no duplicates", "duplicates")})
    assert "removes no duplicates" in change.message
    assert len(change.message) < 220


def test_of_a_list_the_lost_and_gained_items_are_quoted() -> None:
    [change] = changed({f"{SCHEMAS}/MediaType/enum": ["image", "audio", "file", "sticker"]})
    assert '`enum` of MediaType loses "video" and gains "sticker"' == change.message


def test_a_removed_part_is_reported_at_its_place_in_the_base() -> None:
    base = replace(BASE, path=Path("v1:openapi/ventia.yaml"))
    [change] = document.compare(base, of(edited(BASE.value, {f"{FIELD}/caption": REMOVED})))
    assert change.place.startswith("v1:openapi/ventia.yaml:")


def test_several_changes_are_reported_together_the_worst_first() -> None:
    changes = changed({f"{FIELD}/tone": {"type": "string"}, "/info/title": "x", f"{FIELD}/caption": REMOVED})
    assert [B, A, C] == [change.effect for change in changes]


def large(operations: int) -> Json:
    """The document with many operations, each with a body of its own."""
    value, at = copy.deepcopy(BASE.value), "requestBody/content/application~1json/schema/$ref"
    for index in range(operations):
        value["components"]["schemas"][f"Message{index}"] = lookup(value, e.MESSAGE)
        item = edited(lookup(value, POST.rpartition("/")[0]), {f"/post/{at}": f"#/components/schemas/Message{index}"})
        value["paths"][f"/contact/{{idcontact}}/message{index}"] = item
    return value


def test_one_change_of_a_hundred_operations_takes_seconds() -> None:
    base = large(100)
    start = time.process_time()
    changes = document.compare(of(base), of(edited(base, {f"{SCHEMAS}/Message7/properties/text/maxLength": 9})))
    assert [B] == [change.effect for change in changes]
    assert time.process_time() - start < 3
