"""Defects, seeded one at a time into this project's document and its overlays, and what the lint says of each."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.lint.defects import (
    BY_REDOCLY,
    IN_AN_OVERLAY,
    IN_THE_DOCUMENT,
    UNUSED,
    VALID,
    Edit,
    another,
    in_text,
    schema,
)
from tools.lint import __main__ as command
from tools.lint import redocly
from tools.lint.report import lint
from tools.overlay.engine import apply, steps
from ventia_document import DOCUMENT
from ventia_document.source import Json, read

OVERLAYS = sorted((DOCUMENT.parents[1] / "overlays" / "document").glob("*.yaml"))


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No redocly, as without a registry."""
    monkeypatch.setattr(redocly, "NPX", ("/bin/sh", "-c", "echo 'npm error code ENOTFOUND' >&2; exit 1"))


def seeded(folder: Path, path: Path, *edits: Edit) -> tuple[Path, str]:
    """A copy of a file with the edits, and the place of the sign in it."""
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    before, _, after = text.partition("§")
    copy = folder / path.name
    copy.write_text(before + after, encoding="utf-8")
    return copy, f"{copy}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def assert_reported(words: str, place: str, findings: list[str]) -> None:
    """Assert that the finding is reported, and no other, except for examples that it makes invalid."""
    assert [] != [finding for finding in findings if finding.startswith(f"{place}: ") and words in finding], findings
    assert [] == [
        finding
        for finding in findings
        if not finding.startswith(f"{place}: ") and not re.search(r"/value: |/examples/\d: ", finding)
    ]


@pytest.mark.usefixtures("alone")
def test_committed_document_has_no_finding_nor_has_it_under_an_overlay() -> None:
    report = lint(DOCUMENT, OVERLAYS)
    assert {str(DOCUMENT), *(f"{DOCUMENT} with {overlay}" for overlay in OVERLAYS)} == report.findings.keys()
    assert [] == [line for lines in report.findings.values() for line in lines]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("defect", IN_THE_DOCUMENT)
def test_defect_of_the_document_is_found_at_its_place(tmp_path: Path, defect: str) -> None:
    words, *edits = IN_THE_DOCUMENT[defect]
    document, place = seeded(tmp_path, DOCUMENT, *edits)
    assert_reported(words, place, lint(document, []).findings[str(document)])


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("defect", IN_AN_OVERLAY)
def test_defect_of_an_overlay_is_found_at_its_place_in_the_overlay(tmp_path: Path, defect: str) -> None:
    name, words, *edits = IN_AN_OVERLAY[defect]
    [path] = [path for path in OVERLAYS if path.stem == name]
    overlay, place = seeded(tmp_path, path, *edits)
    plain, overlaid = lint(DOCUMENT, [overlay]).findings.values()
    assert [] == plain
    assert_reported(words, place, overlaid)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("valid", VALID)
def test_valid_document_has_no_finding(tmp_path: Path, valid: str) -> None:
    document, _ = seeded(tmp_path, DOCUMENT, *VALID[valid])
    assert [] == lint(document, []).findings[str(document)]


@pytest.mark.usefixtures("alone")
def test_defect_that_an_overlay_copies_is_reported_once(tmp_path: Path) -> None:
    document, place = seeded(tmp_path, DOCUMENT, in_text("nullable: §true"))
    plain, *overlaid = lint(document, OVERLAYS).findings.values()
    assert_reported('"nullable" is no keyword', place, plain)
    assert [[] for _ in OVERLAYS] == overlaid


@pytest.mark.usefixtures("alone")
def test_text_that_an_overlay_takes_off_with_a_reference_is_missing_in_the_document(tmp_path: Path) -> None:
    content = "{content: {application/json: {schema: {$ref: '#/components/schemas/More'}}}}"
    body = another("/else", get="post", more=f"      requestBody: {content}\n")
    field = "properties: {it: {$ref: '#/components/schemas/ObjectId'}}"
    document, _ = seeded(tmp_path, DOCUMENT, body, schema("description: More.", field))
    found = [line for lines in lint(document, OVERLAYS).findings.values() for line in lines]
    assert [True] == [line.startswith(f"{document}:") and "it: has no description" in line for line in found]


@pytest.mark.usefixtures("alone")
def test_defects_of_many_kinds_are_reported_in_one_run(tmp_path: Path) -> None:
    """In the order of their lines."""
    slash = ("getventia.com/api/v1.0\n", "getventia.com/api/v1.0/\n")
    edits = [
        slash,
        schema("description: More."),
        another("/else", tag="Others"),
        in_text("maximum: 5\n          default: 1"),
    ]
    document, _ = seeded(tmp_path, DOCUMENT, *edits)
    findings = lint(document, []).findings[str(document)]
    reported = ("slash at its end", "'Others' is not among", UNUSED, "maximum is for", "Must be of type string")
    assert [True] * len(reported) == [words in finding for words, finding in zip(reported, findings, strict=True)]


@pytest.mark.usefixtures("alone")
def test_broken_reference_hides_nothing_of_other_parts(tmp_path: Path) -> None:
    astray = ("'#/components/responses/InvalidApiKey'", "'#/no'")
    document, _ = seeded(tmp_path, DOCUMENT, in_text("nullable: true\n          default: 1"), astray)
    findings = lint(document, []).findings[str(document)]
    reported = ("'#/no' leads nowhere", '"nullable" is no keyword', "default: the value: Must be of type string")
    assert [True] * len(reported) == [words in finding for words, finding in zip(reported, findings, strict=True)]


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: path.stem)
def test_steps_lead_to_the_result_of_apply(overlay: Path) -> None:
    document, source = read(DOCUMENT).value, read(overlay)
    made = list(steps(document, source, allow_unmatched=True))
    assert [document, *(step.after for step in made)] == [*(step.before for step in made), made[-1].after]
    assert apply(document, source, allow_unmatched=True) == made[-1].after
    assert len(source.value["actions"]) == len(made)


@pytest.mark.usefixtures("alone")
def test_command_prints_each_document_and_that_redocly_was_not_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(DOCUMENT.parents[1])
    assert 0 == command.main()
    assert [
        "openapi/ventia.yaml: nothing wrong",
        *(f"openapi/ventia.yaml with overlays/document/{path.name}: nothing wrong" for path in OVERLAYS),
        f"redocly lint was not run: npx could not run {redocly.PACKAGE}: npm error code ENOTFOUND",
    ] == capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("alone")
def test_command_fails_if_there_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document, place = seeded(tmp_path, DOCUMENT, in_text("nullable: §true"))
    monkeypatch.setattr(command, "DOCUMENT", document)
    monkeypatch.chdir(tmp_path)
    assert 1 == command.main()
    assert capsys.readouterr().out.startswith(
        f"{Path(place).name}: /components/schemas/Message/properties/text/nullable: "
    )
    document.write_text("a: ]")
    assert 1 == command.main()
    assert "ventia.yaml:1:4: not YAML" in capsys.readouterr().out


Fake = Callable[[str], None]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts a line of shell in the place of npx."""
    return lambda npx: monkeypatch.setattr(redocly, "NPX", ("/bin/sh", "-c", npx))


def problem(file: str, pointer: str, message: str = "It is bad.") -> Json:
    return {"ruleId": "bad", "message": message, "location": [{"source": {"ref": file}, "pointer": pointer}]}


def saying(*reports: list[Json]) -> str:
    """A line of shell that says the reports as redocly does: one JSON text for each document, one after another."""
    texts = [json.dumps({"totals": {}, "problems": problems}) for problems in reports]
    return f"echo '{''.join(texts)}'; echo '❌ Validation failed' >&2; exit 1"


def test_problem_of_redocly_is_reported_at_its_place_in_document_and_overlay(fake: Fake) -> None:
    [client] = [path for path in OVERLAYS if path.stem == "client"]
    fake(
        saying(
            [problem("0.json", "#/paths/~1contact~1%7Bidcontact%7D~1message/post/operationId")],
            [
                problem("1.json", "#/components/schemas/Message/oneOf/1"),
                problem("1.json", "#/components/schemas/UserMessage/properties"),
                problem("1.json", "#/paths/~1contact~1{idcontact}~1message/post/operationId"),
            ],
        )
    )
    report = lint(DOCUMENT, [client])
    assert "" == report.not_run
    plain, overlaid = report.findings.values()
    document_lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    lines = client.read_text(encoding="utf-8").splitlines()
    line = 1 + document_lines.index("      operationId: createMessage")
    at = "/paths/~1contact~1{idcontact}~1message/post/operationId"
    assert [f"{DOCUMENT}:{line}:20: {at}: It is bad. (redocly bad)"] == plain
    in_update = 1 + lines.index("          - $ref: '#/components/schemas/UserMessage'")
    [in_target] = [number for number, text in enumerate(lines, 1) if text.endswith("ObjectId']['$ref']")]
    assert {
        f"{client}:{in_update}:13: /components/schemas/Message/oneOf/1: It is bad. (redocly bad)",
        f"{client}:{in_target}:13: /components/schemas/UserMessage/properties: It is bad. (redocly bad)",
    } == set(overlaid)


def test_problem_of_redocly_is_not_reported_where_another_finding_is(fake: Fake, tmp_path: Path) -> None:
    document, place = seeded(tmp_path, DOCUMENT, schema("§description: More."))
    fake(saying([problem("0.json", "#/components/schemas/More"), problem("0.json", "#/components/schemas/Medium")]))
    reported = lint(document, []).findings[str(document)]
    assert 2 == len(reported)
    assert [f"{place}: /components/schemas/More: {UNUSED}"] == [line for line in reported if "/More: " in line]


@pytest.mark.parametrize(
    ("npx", "why"),
    [
        (
            "echo 'npm warn old' >&2; echo 'npm error code ENOTFOUND' >&2; echo 'npm error more' >&2; exit 1",
            f"npx could not run {redocly.PACKAGE}: npm error code ENOTFOUND",
        ),
        ("echo 'Segmentation finding' >&2; exit 139", "Segmentation finding"),
        ("exit 0", "it printed nothing"),
        ("echo '{\"problems\": [{}]}'", "it printed nothing"),
        ("echo '[]'", "it printed nothing"),
    ],
)
def test_redocly_that_does_not_run_is_reported_and_is_no_finding(fake: Fake, npx: str, why: str) -> None:
    fake(npx)
    report = lint(DOCUMENT, [])
    assert why in report.not_run
    assert [f"{DOCUMENT}: nothing wrong", f"redocly lint was not run: {report.not_run}"] == report.lines()


def test_redocly_that_takes_too_long_is_ended_with_all_that_it_started(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redocly, "MOST_SECONDS", 0.3)
    began = time.monotonic()
    fake(f"/bin/sleep 60 & echo $! > {tmp_path}/pid; wait")
    assert f"npx did not come to an end with {redocly.PACKAGE} within 0.3 s" == lint(DOCUMENT, []).not_run
    assert 30 > time.monotonic() - began
    sleeping = Path("/proc", (tmp_path / "pid").read_text().strip(), "stat")
    deadline = time.monotonic() + 5
    while sleeping.exists() and " Z " not in sleeping.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not sleeping.exists() or " Z " in sleeping.read_text()


@pytest.mark.acceptance
def test_redocly_finds_what_is_left_to_it_at_its_place(tmp_path: Path) -> None:
    for index in range(len(BY_REDOCLY)):
        (tmp_path / str(index)).mkdir()
    made = [seeded(tmp_path / str(index), DOCUMENT, *edits) for index, (_, *edits) in enumerate(BY_REDOCLY.values())]
    sources = [read(document) for document, _ in made]
    try:
        with redocly.running([source.value for source in sources]) as run:
            found = run.findings()
    except redocly.NotRun as why:
        pytest.skip(str(why))
    for (rule, *_), (_, place), source, findings in zip(BY_REDOCLY.values(), made, sources, found, strict=True):
        assert_reported(f"(redocly {rule})", place, [each.line(source.place(each.at)) for each in findings])


@pytest.mark.acceptance
def test_redocly_says_once_what_is_in_the_document_under_each_overlay_too(tmp_path: Path) -> None:
    edit = ("/contact/{idcontact}/message:\n    ", "/contact/{idcontact}/message/:\n    §")
    document, place = seeded(tmp_path, DOCUMENT, edit)
    report = lint(document, OVERLAYS)
    if report.not_run:
        pytest.skip(f"redocly lint was not run: {report.not_run}")
    [reported], *overlaid = report.findings.values()
    assert reported.startswith(f"{place}: ")
    assert "(redocly no-path-trailing-slash)" in reported
    assert [[] for _ in OVERLAYS] == overlaid
