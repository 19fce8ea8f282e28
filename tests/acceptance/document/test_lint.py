"""Stand-in and suite start on what the lint accepts, and what they refuse is a finding of the lint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.oracle.requests import Judge
from contract_tests.rules.drawing import Drawing, Row
from contract_tests.rules.table import table
from contract_tests.target.file import STAND_IN, read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from tests.acceptance.document.built import with_rows
from tests.acceptance.document.rows import Refused, field_of_message, operation, replaced
from tests.acceptance.document.table.some import FOLLOWED, REFUSED
from tests.support.stride import some, thinned
from tools.lint.checks import check_plain, is_for_readers
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_document.source import DocumentError, dump, read
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

pytestmark = thinned

ROWS_AT_ONCE = 50

_BEARER = "    Bearer: {type: http, scheme: bearer, description: A token.}\n"

UNSERVED = [
    Refused(
        "an answer that no example can be made of",
        operation(
            "responses:\n"
            "  '200':\n"
            "    description: It.\n"
            "    content: {application/json: {schema: {type: string, pattern: '^[A-Z]{3}[0-9]$'}}}\n"
        ),
        "application/json: {schema: {type: string, pattern",
        "no example to answer with",
    ),
    Refused(
        "a field that no example can be made of",
        field_of_message("{type: string, description: It., pattern: '^[A-Z]{3}[0-9]$'}", "code"),
        "code: {type",
        "no example of code",
    ),
    Refused(
        "a message without a medium",
        replaced("userId: [medium]", "userId: [userId]"),
        "      description: |",
        "no field that userId requires lists the media",
    ),
    Refused(
        "a message without a body",
        replaced("      requestBody:\n        required: true\n", "      requestBody:\n"),
        "content:",
        "say required: true",
    ),
    Refused(
        "a message that needs no key",
        replaced("      operationId: createMessage\n", "      operationId: createMessage\n      security: []\n"),
        "      security: []",
        "require one API key in one place",
    ),
    Refused(
        "a message with a key in two places",
        lambda text: replaced("  - ApiKey: []\n", "  - ApiKey: []\n  - Bearer: []\n")(
            replaced("  securitySchemes:\n", f"  securitySchemes:\n{_BEARER}")(text)
        ),
        "- ApiKey: []",
        "require one API key in one place",
    ),
    Refused(
        "a kind of thing that the platform does not know",
        replaced("x-identifies: template", "x-identifies: campaign"),
        "x-identifies: campaign",
        "'campaign' is no kind of thing",
    ),
    Refused(
        "an answer of the platform's rules without its name",
        replaced("\n            sessionNotOnline:\n", "\n            sessionIsOffline:\n"),
        "'200':",
        "no example named 'sessionNotOnline'",
    ),
]
"""Edits that are sound and followed, but that nothing can be answered or requested by."""


def lines_of_lint(path: Path) -> list[str]:
    source = read(path)
    found = check_plain(source.value).findings
    return [each.line(source.place(each.at)) for each in found if not is_for_readers(each)]


def start(path: Path, *, thin: bool = True) -> list[Row]:
    """Start the stand-in, and draw the suite's requests, by rows.

    Raises:
        DocumentError: one of them refuses the document.
    """
    source = read_checked(path)
    StandIn(source)
    found = operations(source.value)
    sending = next(each for each in found if each.sends)
    knowledge = Knowledge(sending, read_target(STAND_IN, None))
    return table(Drawing(Messages(knowledge), Judge(found), SAMPLE_KEY, 1, thin=thin))


@pytest.mark.parametrize("first", range(0, len(FOLLOWED), ROWS_AT_ONCE))
def test_stand_in_and_suite_start_on_what_lint_accepts(first: int, tmp_path: Path) -> None:
    """On many edits at once, since each document takes most of a second."""
    path = tmp_path / "ventia.yaml"
    path.write_text(dump(with_rows(FOLLOWED[first : first + ROWS_AT_ONCE])), encoding="utf-8")
    assert [] == lines_of_lint(path)
    assert start(path)


@pytest.mark.parametrize(
    "rule",
    some(["propertyNames: {maxLength: 17}", "additionalProperties: false", "additionalProperties: {type: string}"]),
)
def test_the_suite_starts_on_a_message_that_rules_out_fields(rule: str, tmp_path: Path) -> None:
    path = tmp_path / "ventia.yaml"
    message = "      properties:\n        channelId:"
    edit = replaced(message, f"      {rule}\n{message}")
    path.write_text(edit(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    [unknown] = [row for row in start(path, thin=False) if row.name == "unknown fields"]
    assert unknown.broken


@pytest.mark.parametrize("row", [*REFUSED, *UNSERVED], ids=str)
def test_what_stand_in_or_suite_refuses_is_a_finding_of_lint(row: Refused, tmp_path: Path) -> None:
    path = tmp_path / "ventia.yaml"
    path.write_text(row.edit(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    found = lines_of_lint(path)
    refused = refusals(lambda: start(path))
    assert all(line in found or _is_explained(line, found) for line in refused)
    if row in UNSERVED:
        lines = path.read_text(encoding="utf-8").splitlines()
        [line] = [each for each in refused if row.words in each]
        assert row.at in lines[int(line.partition("ventia.yaml:")[2].partition(":")[0]) - 1]


def _is_explained(line: str, by: list[str]) -> bool:
    """Whether something inside the same part is wrong, so that it has no example."""
    at = line.split(": ")[1]
    return any(each.split(": ")[1].startswith(f"{at}/") for each in by)


def refusals(of: Callable[[], object]) -> list[str]:
    try:
        of()
    except DocumentError as error:
        return str(error).splitlines()
    return []
