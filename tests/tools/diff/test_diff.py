"""`make diff`: what each change of the document means for its users, and which version covers it."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tools.diff.edits import BASE, FIELD, MESSAGE, POST, REF, REMOVED, SCHEMAS, A, B, C, Edit, N, edited, of
from tests.tools.diff.expected_changes import TABLE
from tests.tools.diff.stories import STORIES
from tools import provenance
from tools.diff import package
from tools.diff.__main__ import _version, main
from tools.diff.changes import Change, Effect
from tools.diff.objects import document
from tools.diff.report import effect
from tools.diff.version import STEPS, judge
from ventia_document import DOCUMENT
from ventia_document.source import DocumentError, Json, lookup, pointer

ROOT = Path(__file__).parents[3]


def changed(*edits: Edit) -> list[Change]:
    return document.compare(BASE, of(edited(BASE.value, *edits)))


@pytest.mark.parametrize(
    ("edits", "name", "requests", "responses", "step"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_change_is_named_and_classed(
    edits: list[Edit], name: str, requests: Effect, responses: Effect, step: str
) -> None:
    changes = changed(*edits)
    reported = [
        (change.effects.requests, change.effects.responses) for change in changes if name in (change.id, *change.also)
    ]
    assert [(requests, responses)] == reported[:1], changes
    assert step == STEPS[effect(changes)], changes


@pytest.mark.parametrize(
    ("before", "edits", "reported"), [story[1:] for story in STORIES], ids=[story[0] for story in STORIES]
)
def test_a_story_has_these_changes_and_no_others(
    before: list[Edit], edits: list[Edit], reported: dict[str, tuple[Effect, Effect]]
) -> None:
    base = edited(BASE.value, *before)
    changes = document.compare(of(base), of(edited(base, *edits)))
    assert reported == {each.id: each.effects[:2] for each in changes}, changes


def test_each_value_that_an_enum_loses_or_gains_is_a_change() -> None:
    base = edited(BASE.value, (f"{FIELD}/new", {"enum": ["a", "b", "c"]}))
    changes = document.compare(of(base), of(edited(base, (f"{FIELD}/new/enum", ["c", "d", "e"]))))
    reported = [re.search(r'can (no longer|also) be "(.)"', change.message) for change in changes]
    assert [("no longer", "a"), ("no longer", "b"), ("also", "d"), ("also", "e")] == [
        each and each.groups() for each in reported
    ]


def test_a_name_of_our_own_is_marked_as_ours() -> None:
    [ours] = changed(("/x-rate-limit/requests", 100))
    [oasdiffs] = changed((f"{FIELD}/text/pattern", "^a"))
    assert ("ventia", "oasdiff") == (ours.named_by, oasdiffs.named_by)


def pointers(value: Json, at: str = "") -> Iterator[str]:
    if at:
        yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield from pointers(part, at + pointer(key))


def another(value: Json) -> Json:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    return value + 1 if isinstance(value, int) else "another"


ALL = list(pointers(BASE.value))


def effects_both_ways(*edits: Edit) -> tuple[Effect, Effect]:
    now = of(edited(BASE.value, *edits))
    return effect(document.compare(BASE, now)), effect(document.compare(now, BASE))


@pytest.mark.parametrize("part", range(4))
def test_no_change_of_any_node_goes_unreported(part: int) -> None:
    """Each node of the document is removed, and each value replaced; the way back is as loud as the way there."""
    for at in ALL[part::4]:
        value = lookup(BASE.value, at)
        for new in (REMOVED,) if isinstance(value, dict | list) else (REMOVED, another(value)):
            there, back = effects_both_ways((at, new))
            assert N not in (there, back), (at, new)
            assert (there > C) == (back > C), (at, new, there, back)


def test_an_unknown_key_counts_as_breaking_in_every_object() -> None:
    """Except in an example, in a tag, or as the name of a component."""
    for at in ("", *ALL):
        if isinstance(lookup(BASE.value, at), dict) and not re.search(r"/tags/0|/examples|^/components/\w+$", at):
            assert C not in effects_both_ways((f"{at}/x-unheard-of", {"a": [1]})), at


def test_a_difference_that_the_walk_does_not_reach_is_reported() -> None:
    """A part of a component that no comparer knows, and that nothing refers to."""
    unused = edited(BASE.value, ("/components/callbacks", {"onSent": {"{$url}": {"post": {"responses": {}}}}}))
    now = edited(unused, ("/components/callbacks/onSent/{$url}/post/responses/200", {"description": "x"}))
    assert [("unclassified-change", B)] == [(each.id, each.effect) for each in document.compare(of(unused), of(now))]


def test_a_difference_that_a_comparer_ignores_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(document._ROOT, "tags", lambda *_: None)
    assert ["unclassified-change"] == [change.id for change in changed(("/tags/0/description", "x"))]


def reordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def test_the_same_document_has_not_changed() -> None:
    assert [] == document.compare(BASE, BASE)
    assert [] == document.compare(BASE, of(copy.deepcopy(BASE.value)))


def test_the_order_of_keys_is_no_change() -> None:
    assert [] == document.compare(BASE, of(reordered(BASE.value)))


@pytest.mark.parametrize("at", [at for at in ALL if at.endswith("/$ref")])
def test_a_reference_and_its_target_are_the_same(at: str) -> None:
    holder, _, _ = at.rpartition("/")
    beside = lookup(BASE.value, holder)
    inlined = {**lookup(BASE.value, beside["$ref"][1:]), **beside}
    del inlined["$ref"]
    assert (N, N) == effects_both_ways((holder, inlined))


def test_a_key_that_stands_beside_a_reference_hides_nothing() -> None:
    short = (f"{SCHEMAS}/Short", {"type": "string", "minLength": 3})
    there = edited(BASE.value, short, (f"{FIELD}/text", {"$ref": f"{REF}/Short", "minLength": 2}))
    now = edited(there, (f"{SCHEMAS}/Short/minLength", 4))
    [change] = document.compare(of(there), of(now))
    assert ("request-property-min-length-increased", B) == (change.id, change.effect)


def test_a_reference_to_a_reference_is_followed() -> None:
    aliases = [(f"{SCHEMAS}/{name}", {"$ref": f"{REF}/{to}"}) for name, to in (("One", "Two"), ("Two", "ObjectId"))]
    base = edited(BASE.value, *aliases)
    assert [] == document.compare(of(base), of(edited(base, (f"{FIELD}/channelId/$ref", f"{REF}/One"))))


TREE = {"type": "object", "properties": {"below": {"$ref": f"{REF}/Tree"}, "name": {"type": "string"}}}
CIRCLE = {"$ref": f"{REF}/Circle"}


def test_a_schema_that_contains_itself_is_compared_once() -> None:
    edits = [(f"{SCHEMAS}/Tree", TREE), (f"{FIELD}/tree", {"$ref": f"{REF}/Tree"})]
    base = edited(BASE.value, *edits)
    now = edited(base, (f"{SCHEMAS}/Tree/properties/name/maxLength", 3))
    [change] = document.compare(of(base), of(now))
    assert ("request-property-max-length-set", f"{SCHEMAS}/Tree/properties/name/maxLength") == (change.id, change.at)


def test_a_reference_to_itself_and_one_to_nowhere_end() -> None:
    assert B == effect(changed((f"{SCHEMAS}/Circle", CIRCLE), (f"{FIELD}/text", CIRCLE)))
    assert B == effect(changed((f"{FIELD}/text", {"$ref": f"{REF}/Nowhere"})))


def test_a_change_of_a_shared_part_is_reported_once_for_both_sides_at_its_own_place() -> None:
    [change] = changed((f"{SCHEMAS}/ObjectId/maxLength", 24))
    assert (B, A, N) == change.effects
    assert f"{SCHEMAS}/ObjectId/maxLength" == change.at
    assert "request-parameter-max-length-set" in (change.id, *change.also)
    assert "response-property-max-length-set" in change.also


def test_a_change_quotes_both_values_and_its_place() -> None:
    line, column = BASE.places[f"{SCHEMAS}/ObjectId/pattern"]
    [change] = changed((f"{SCHEMAS}/ObjectId/pattern", "^x$"))
    assert '`pattern` of ObjectId was "^[0-9a-fA-F]{24}$", is "^x$"' == change.message
    assert f"{DOCUMENT}:{line}:{column}" == change.place


def test_of_long_prose_the_stretch_that_changed_is_quoted() -> None:
    text = lookup(BASE.value, f"{POST}/description")
    [change] = changed((f"{POST}/description", text.replace("no duplicates", "duplicates")))
    assert "removes no duplicates" in change.message
    assert len(change.message) < 220


def test_a_removed_part_is_reported_at_its_place_in_the_base() -> None:
    base = replace(BASE, path=Path("v1:openapi/ventia.yaml"))
    [change] = document.compare(base, of(edited(BASE.value, (f"{FIELD}/caption", REMOVED))))
    assert change.place.startswith("v1:openapi/ventia.yaml:")


def test_a_not_turns_narrower_into_wider() -> None:
    at = f"{MESSAGE}/allOf/5/dependentSchemas/template/properties/medium/not/maxLength"
    [narrower_inside] = changed((at, 3))
    assert A == narrower_inside.effects.requests


def test_several_changes_are_reported_together_the_worst_first() -> None:
    changes = changed((f"{FIELD}/tone", {"type": "string"}), ("/info/title", "x"), (f"{FIELD}/caption", REMOVED))
    assert [B, A, C] == [change.effect for change in changes]


SECTION = "## [{}] - 2026-11-23\n\n### Added\n\n- Something.\n"
VERSIONS = [
    # the worst change, base, now, sections, needed, covered
    (N, "0.1.0", "0.1.0", [], "0.1.0", True),
    (C, "0.1.0", "0.1.0", ["0.1.0"], "0.1.1", False),
    (C, "0.1.0", "0.1.1", ["0.1.1"], "0.1.1", True),
    (A, "0.1.0", "0.1.1", ["0.1.1"], "0.1.1", True),
    (A, "0.1.9", "0.1.10", ["0.1.10"], "0.1.10", True),
    (A, "0.1.0", "0.2.0", ["0.2.0"], "0.1.1", True),
    (B, "0.1.0", "0.1.1", ["0.1.1"], "0.2.0", False),
    (B, "0.1.0", "0.1.1", ["0.2.0"], "0.2.0", False),
    (B, "0.1.4", "0.2.0", ["0.2.0"], "0.2.0", True),
    (B, "0.1.4", "1.0.0", ["1.0.0"], "0.2.0", True),
    (B, "0.2.0", "0.1.0", ["0.1.0"], "0.3.0", False),
    (C, "1.2.3", "1.2.4", ["1.2.4"], "1.2.4", True),
    (A, "1.2.3", "1.2.4", ["1.2.4"], "1.3.0", False),
    (A, "1.2.3", "1.3.0", ["1.2.4"], "1.3.0", False),
    (B, "1.2.3", "1.9.0", ["1.9.0"], "2.0.0", False),
    (B, "1.2.3", "2.0.0", ["2.0.0"], "2.0.0", True),
]


@pytest.mark.parametrize(("worst", "base", "now", "sections", "needed", "covered"), VERSIONS)
def test_a_version_covers_what_changed(
    worst: Effect,
    base: str,
    now: str,
    sections: list[str],
    needed: str,
    covered: bool,  # noqa: FBT001 - a table's row
) -> None:
    verdict = judge(worst, base, now, "# Changelog\n\n" + "\n".join(map(SECTION.format, sections)))
    assert (needed, covered) == (verdict.needed, verdict.is_covered)


@pytest.mark.parametrize(
    "empty",
    [
        "## [0.2.0]\n\n<!-- to do\n\n- what? -->\n",
        "## [0.2.0]\n\n### Added\n\n## [0.1.0]\n\n- Something.\n",
        "## [0.2.0]\n",
        "0.2.0",
        "",
    ],
)
def test_a_section_must_say_something(empty: str) -> None:
    assert not judge(B, "0.1.0", "0.2.0", empty).is_covered


@pytest.mark.parametrize("version", ["1", "1.2", "01.0.0", "1.0.0-rc.1", "next"])
def test_a_version_is_three_numbers(version: str) -> None:
    line, column = BASE.places["/info/version"]
    with pytest.raises(DocumentError, match=rf":{line}:{column}: .*{version}.*write three numbers, such as 0\.2\.0"):
        _version(of(edited(BASE.value, ("/info/version", version))))


def written(folder: Path, **modules: str) -> Path:
    folder = folder / "client"
    folder.mkdir(parents=True)
    for name, code in {"__init__": "", **modules}.items():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    return folder


def test_public_names_of_the_package_are_lost_and_gained(tmp_path: Path) -> None:
    old = written(
        tmp_path / "old", api="def send(text: str) -> None: ...\ndef gone() -> None: ...\n_own = 1\n", _inner="a = 1"
    )
    new = written(
        tmp_path / "new", api="def send(text: str, to: str) -> None: ...\ndef added() -> None: ...\n", more="b = 1"
    )
    changes = package.compare(old, new, ("v1:", ""))
    assert {
        ("object-removed", "griffe", "client.api.gone", B, "v1:client/api.py:2"),
        ("parameter-added-required", "griffe", "client.api.send", B, "client/api.py:1"),
        ("public-name-added", "ventia", "client.api.added", A, "client/api.py:2"),
        ("public-name-added", "ventia", "client.more", A, "client/more.py:1"),
    } == {(each.id, each.named_by, each.at, each.effect, each.place) for each in changes}


def test_a_change_that_no_public_name_shows_is_no_change_of_the_package(tmp_path: Path) -> None:
    old = written(tmp_path / "old", api="def send() -> int:\n    return 1\n_a = 1\n")
    new = written(tmp_path / "new", api="def send() -> int:\n    return 2\n_b = 1\n")
    assert [] == package.compare(old, new, ("v1:", ""))


@pytest.fixture
def repository(committed: Path, tmp_path: Path) -> Path:
    """A git repository with what the command looks at, committed and tagged v1."""
    return shutil.copytree(committed, tmp_path / "repository")


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("committed")
    (root / "openapi").mkdir(parents=True)
    for name in ("openapi/ventia.yaml", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "generated/ventia_client/models", root / "generated/ventia_client/models")
    (root / "generated/ventia_client/__init__.py").touch()
    (root / "CHANGELOG.md").write_text("# Changelog\n\n" + SECTION.format("0.1.0"), encoding="utf-8")
    provenance.write(root, root / "generated/ventia_client")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one")
    git(root, "tag", "v1")
    return root


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def replaced(root: Path, path: str, old: str, new: str) -> None:
    """Change a file, and pass the package off as made from it."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    provenance.write(root, root / "generated/ventia_client")


Captured = pytest.CaptureFixture[str]


def test_nothing_changed_is_covered(repository: Path, capsys: Captured) -> None:
    assert 0 == main(["v1"], repository)
    assert "nothing changed since v1\n" == capsys.readouterr().out


def test_a_breaking_change_fails_until_version_and_changelog_follow(repository: Path, capsys: Captured) -> None:
    replaced(repository, "openapi/ventia.yaml", "enum: [image, audio, video, file]", "enum: [image, audio, file]")
    assert 1 == main(["v1"], repository)
    reported = capsys.readouterr().out.splitlines()
    assert '  MediaType can no longer be "video"' in reported
    assert (
        "1 breaking: 0.1.0 -> 0.2.0 needed; info.version is 0.1.0: not covered; CHANGELOG has no section 0.2.0"
    ) == reported[-1]
    replaced(repository, "openapi/ventia.yaml", "version: 0.1.0", "version: 0.2.0")
    assert 1 == main(["v1"], repository)
    replaced(repository, "CHANGELOG.md", "## [0.1.0]", SECTION.format("0.2.0") + "\n## [0.1.0]")
    assert 0 == main(["v1"], repository)


def test_names_of_the_package_count(repository: Path, capsys: Captured) -> None:
    replaced(repository, "generated/ventia_client/models/__init__.py", '    "Medium",\n', "")
    assert 1 == main(["v1", "--format", "json"], repository)
    reported = json.loads(capsys.readouterr().out)
    assert [] == reported["document"]
    assert ["ventia_client.models.Medium"] == [each["at"] for each in reported["package"]]
    assert ("minor", "0.2.0", False) == tuple(reported["version"][key] for key in ("step", "needed", "covered"))


def test_json_holds_all_that_is_known(repository: Path, capsys: Captured) -> None:
    replaced(repository, "openapi/ventia.yaml", "enum: [image, audio, video, file]", "enum: [image, audio, file]")
    main(["v1", "--format", "json"], repository)
    reported = json.loads(capsys.readouterr().out)
    [change] = reported["document"]
    assert {
        "id": "request-property-enum-value-removed",
        "named_by": "oasdiff",
        "also": [],
        "class": "breaking",
        "requests": "breaking",
        "responses": "none",
        "names": "none",
        "says": 'MediaType can no longer be "video"',
        "at": f"{SCHEMAS}/MediaType/enum",
        "place": "openapi/ventia.yaml:{}:{}".format(*BASE.places[f"{SCHEMAS}/MediaType/enum"]),
    } == change


def test_markdown_is_a_table_that_no_value_breaks(repository: Path, capsys: Captured) -> None:
    replaced(repository, "openapi/ventia.yaml", "title: one sender", "title: one | <b>sender</b>")
    assert 1 == main(["v1", "--format", "markdown"], repository)
    reported = capsys.readouterr().out
    assert reported.startswith("### ❌ 1 cosmetic: 0.1.0")
    rows = [line.replace(r"\|", "") for line in reported.splitlines() if line.startswith("|")]
    assert {7} == {row.count("|") for row in rows}
    assert "<b>" not in reported.replace(r"\<b\>", "")


def test_a_base_without_package_is_said(repository: Path, capsys: Captured) -> None:
    git(repository, "rm", "-rq", "--cached", "generated")
    git(repository, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "two")
    assert 0 == main(["HEAD"], repository)
    assert "HEAD has no generated package to compare the names of." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["v9", "", "--all", "^HEAD", "v1:openapi", "a b", "\x00"])
def test_a_revision_that_is_none_is_quoted(repository: Path, capsys: Captured, name: str) -> None:
    assert 2 == main(["--", name], repository)
    error = capsys.readouterr().err
    assert f"{name!r} is no revision that git knows here; name a commit, a tag or a branch\n" == error


def test_without_git_checkout_there_is_nothing_to_compare(tmp_path: Path, capsys: Captured) -> None:
    assert 2 == main(["v1"], tmp_path)
    assert f"{tmp_path} is no git checkout, so there is no 'v1' in it; run this in a clone\n" == capsys.readouterr().err


def test_a_stale_package_is_refused(repository: Path, capsys: Captured) -> None:
    (repository / "generated/ventia_client/__init__.py").write_text("a = 1\n", encoding="utf-8")
    assert 2 == main(["v1"], repository)
    assert "run make generate" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["openapi: [", "openapi: 3.1.0\ninfo: {}\n", "a"])
def test_an_unreadable_document_is_named_with_its_line(repository: Path, capsys: Captured, text: str) -> None:
    (repository / "openapi/ventia.yaml").write_text(text, encoding="utf-8")
    assert 2 == main(["v1"], repository)
    assert capsys.readouterr().err.startswith("openapi/ventia.yaml:")
    git(repository, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qam", "two")
    shutil.copy(DOCUMENT, repository / "openapi")
    assert 2 == main(["HEAD"], repository)
    assert capsys.readouterr().err.startswith("HEAD:openapi/ventia.yaml:")


def test_a_revision_without_document_is_refused(repository: Path, capsys: Captured) -> None:
    git(repository, "rm", "-q", "--cached", "openapi/ventia.yaml")
    git(repository, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "two")
    assert 2 == main(["HEAD"], repository)
    assert "'HEAD' has no openapi/ventia.yaml; name a revision that has\n" == capsys.readouterr().err
