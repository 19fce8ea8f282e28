"""The suite follows an edited document, or says in a line what it cannot test of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_tests.oracle.requests import Judge
from contract_tests.replay import Purpose
from contract_tests.rules.drawing import Drawing, Row
from contract_tests.rules.hollow import left_out
from contract_tests.rules.table import table
from contract_tests.target.file import STAND_IN, read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from contract_tests.trial import Trial
from contract_tests.wire.in_process import InProcess
from contract_tests.wire.server import Server
from tests.support.stand_in import OPERATION, SOURCE
from tests.support.stride import some, thinned
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_document.source import DocumentError, Json, Source, dump
from ventia_mock.app import App
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

pytestmark = pytest.mark.acceptance

Edit = Callable[[Json], None]


def message(document: Json) -> Json:
    return document["components"]["schemas"]["Message"]


def post(document: Json) -> Json:
    return document["paths"][OPERATION.path]["post"]


def renamed(document: Json) -> None:
    post(document)["operationId"] = "sendMessage"


def with_a_required_field(document: Json) -> None:
    message(document)["properties"]["priority"] = {"type": "string", "enum": ["low", "high"]}
    message(document)["required"] = ["priority"]
    for example in post(document)["requestBody"]["content"]["application/json"]["examples"].values():
        example["value"]["priority"] = "low"


def with_a_second_any_of(document: Json) -> None:
    message(document)["allOf"].append({"anyOf": [{"required": ["localId"]}, {"required": ["caption"]}]})
    for example in post(document)["requestBody"]["content"]["application/json"]["examples"].values():
        example["value"]["localId"] = "draft-7"


def with_an_enum_of_integers(document: Json) -> None:
    message(document)["properties"]["urgency"] = {"type": "integer", "enum": [1, 2, 3]}


def with_a_number(document: Json) -> None:
    message(document)["properties"]["price"] = {"type": "number", "multipleOf": 0.25, "examples": [1.5]}


def with_a_date(document: Json) -> None:
    message(document)["properties"]["sendAt"] = {
        "type": "string",
        "format": "date-time",
        "examples": ["2026-01-02T03:04:05Z"],
    }


def with_prose_only(document: Json) -> None:
    message(document)["properties"]["anything"] = {"description": "Anything."}


def with_other_numbers(document: Json) -> None:
    others = {"400": "403", "401": "407", "409": "423", "422": "424", "200": "201", "202": "203"}
    responses = post(document)["responses"]
    post(document)["responses"] = {others.get(status, status): each for status, each in responses.items()}


def with_a_pattern_and_no_example(document: Json) -> None:
    message(document)["properties"]["code"] = {"type": "string", "pattern": "^[A-Z]{3}[0-9]$"}


def with_a_fourth_sender(document: Json) -> None:
    message(document)["properties"]["groupId"] = {"$ref": "#/components/schemas/ObjectId"}
    message(document)["allOf"][0]["oneOf"].append({"required": ["groupId"]})


def without_a_kind(document: Json) -> None:
    del message(document)["properties"]["channelId"]["x-identifies"]


def without_a_medium(document: Json) -> None:
    message(document)["allOf"] = [rule for rule in message(document)["allOf"] if "dependentRequired" not in rule]


@dataclass
class Edited:
    source: Source
    drawing: Drawing
    rows: list[Row]
    judge: Judge


def edited(edit: Edit, folder: Path) -> Edited:
    document = read_checked(SOURCE.path).value
    edit(document)
    path = folder / "edited.yaml"
    path.write_text(dump(document), encoding="utf-8")
    source = read_checked(path)
    found = operations(source.value)
    [operation] = [each for each in found if each.sends]
    judge = Judge(found)
    drawing = Drawing(Messages(Knowledge(operation, read_target(STAND_IN, None))), judge, SAMPLE_KEY, 1, thin=True)
    return Edited(source, drawing, table(drawing), judge)


FOLLOWED = (
    renamed,
    with_a_required_field,
    with_a_second_any_of,
    with_an_enum_of_integers,
    with_a_number,
    with_a_date,
    with_prose_only,
    with_other_numbers,
)


def with_all(document: Json) -> None:
    for edit in FOLLOWED:
        edit(document)


@thinned
@pytest.mark.parametrize("edit", some([with_all, *FOLLOWED]), ids=lambda edit: edit.__name__)
def test_suite_and_stand_in_follow(edit: Edit, tmp_path: Path) -> None:
    made = edited(edit, tmp_path)
    stand_in = StandIn(made.source)
    server = Server("http://127.0.0.1" + stand_in.base_path, SAMPLE_KEY, InProcess(App(stand_in)))
    trial = Trial(server, made.judge, SAMPLE_KEY, "make contract")
    assert [] == list(left_out(made.drawing, made.rows, [], is_own=True))
    for row in made.rows:
        for side, probes in {"kept": row.kept, "broken": row.broken}.items():
            for probe in probes:
                trial.send(Purpose(row.name, row.sentence, side), probe.request, probe.expected)
    server.close()


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (with_a_fourth_sender, "groupId: type: the target file names nothing that a message with groupId can be sent"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_cannot_be_tested_makes_a_run_red_with_the_reason(edit: Edit, reason: str, tmp_path: Path) -> None:
    made = edited(edit, tmp_path)
    assert any(line.startswith(reason) for line in left_out(made.drawing, made.rows, [], is_own=True))


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (with_a_pattern_and_no_example, "/properties/code: no example of code, and its schema makes none"),
        (without_a_kind, "/Message/properties: no field has x-identifies: channel"),
        (without_a_medium, "/Message: no field that userId requires lists the media"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_nothing_can_be_sent_by_is_refused_at_its_line(edit: Edit, reason: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=rf"edited.yaml:\d+:\d+: .*{reason}"):
        edited(edit, tmp_path)


def test_a_document_without_messages_makes_a_run_red() -> None:
    assert ["the document has no operation that sends messages (x-sends), so none of its rules is tested"] == list(
        left_out(None, [], [], is_own=True)
    )
