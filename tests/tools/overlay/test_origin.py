"""The overlay action that a finding comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.overlay.origin import CheckResult, Overlaid
from ventia_document.source import Finding, Json, Source, read

LONG = Finding("/title", "is long")
DOCUMENT = {"title": "Pets", "tags": ["a"], "info": {"a/b": {"c": 1}}}


def check(document: Json) -> CheckResult:
    """A title of more than four characters is long; a document that is a draft cannot be checked."""
    if document.get("draft"):
        return CheckResult([], is_complete=False)
    return CheckResult([LONG] if len(document["title"]) > 4 else [], is_complete=True)


def written(folder: Path, *actions: Json) -> Source:
    """An overlay with an action a line."""
    path = folder / "overlay.yaml"
    lines = [f"  - {json.dumps(action)}" for action in actions]
    path.write_text("overlay: 1.1.0\ninfo: {title: Try, version: 1.0.0}\nactions:\n" + "\n".join(lines) + "\n")
    return read(path)


def retitled(title: str, **more: Json) -> Json:
    return {"target": "$", "update": {"title": title, **more}}


@pytest.mark.parametrize(
    ("actions", "line"),
    [
        ([retitled("Animals"), retitled("Wild animals")], 4),
        ([retitled("Animals"), retitled("Cats"), retitled("Animals", again=1), {"target": "$", "update": {"x": 1}}], 6),
        ([retitled("Animals", draft=True), {"target": "$.draft", "remove": True}], 5),
        ([retitled("Animals"), retitled("Animals", draft=True), {"target": "$.draft", "remove": True}], 4),
    ],
    ids=["the first of two", "after it was gone once", "when it could be checked", "before it could not be checked"],
)
def test_a_finding_comes_from_the_action_since_which_it_has_been_there(
    actions: list[Json], line: int, tmp_path: Path
) -> None:
    overlay = written(tmp_path, *actions)
    place = Overlaid(DOCUMENT, overlay, check).place(LONG)
    assert place.startswith(f"{overlay.path}:{line}:")


@pytest.mark.parametrize(
    ("at", "action", "found"),
    [
        ("/info/a~1b/d", {"target": "$.info", "update": {"a/b": {"d": 2}}}, "2}}}"),
        ("/tags/1", {"target": "$.tags", "update": "b"}, '"b"}'),
        ("/tags/2", {"target": "$.tags", "update": ["b", "c"]}, '"c"]}'),
    ],
    ids=["a merged key", "an appended item", "an item of an appended array"],
)
def test_a_part_comes_from_its_place_in_the_update(at: str, action: Json, found: str, tmp_path: Path) -> None:
    overlay = written(tmp_path, action)
    place = Overlaid(DOCUMENT, overlay, check).place(Finding(at, "is strange"))
    column = int(place.rpartition(":")[2])
    assert overlay.path.read_text().splitlines()[3][column - 1 :] == found


def test_a_removed_part_comes_from_the_target_of_its_removal(tmp_path: Path) -> None:
    overlay = written(tmp_path, {"target": "$.title", "remove": True})
    place = Overlaid(DOCUMENT, overlay, lambda _: CheckResult([LONG], is_complete=True)).place(LONG)
    column = int(place.rpartition(":")[2])
    assert overlay.path.read_text().splitlines()[3][column - 1 :].startswith('"$.title"')
