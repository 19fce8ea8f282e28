"""A slip in the document is one line, which says what was meant: the same line of generating and of the lint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.lint.defects import Edit, in_text
from tools.generate.errors import GenerationError
from tools.generate.package import build
from tools.lint import redocly
from tools.lint.report import lint
from tools.places import ROOT
from ventia_document import DOCUMENT
from ventia_document.operations import operations
from ventia_document.source import DocumentError, pointer, read

CLIENT = ROOT / "overlays/document/client.yaml"
TYPE = "          description: The message in plain text.\n          type: "
MESSAGE = "components/schemas/Message/properties"
TEXT = f"{MESSAGE}/text"
FIELDS = "      type: object\n      properties:\n"
QUEUED = "required: [success, queued]"
PATH = "  /contact/{idcontact}/message:\n"
RENAMED = PATH.replace("idcontact", "contactId")
OPERATION = "paths/~1contact~1{idcontact}~1message/post"
OTHERS = [each.at for each in operations(read(DOCUMENT).value) if each.at != f"/{OPERATION}"]


def type_of_text(written: str) -> Edit:
    return f"{TYPE}string", f"{TYPE}{written}"


SLIPS: dict[str, tuple[Edit, str]] = {
    "a misspelt keyword": (
        in_text("minimun: 1"),
        f'{TEXT}/minimun: "minimun" is no keyword, and has no effect; write minimum',
    ),
    "a keyword in small letters": (
        in_text("minlength: 1"),
        f'{TEXT}/minlength: "minlength" is no keyword, and has no effect; write minLength',
    ),
    "a misspelt list of required fields": (
        (QUEUED, "requred: [success, queued]"),
        'components/schemas/MessageQueued/requred: "requred" is no keyword, and has no effect; write required',
    ),
    "a keyword of OpenAPI 3.0": (
        in_text("nullable: true"),
        f'{TEXT}/nullable: "nullable" is no keyword, and has no effect; write "null" among the schema\'s types',
    ),
    "a type of another language": (type_of_text("str"), f'{TEXT}/type: "str" is no type; write string'),
    "a misspelt type": (type_of_text("[strng, 'null']"), f'{TEXT}/type: "strng" is no type; write string'),
    "a null that is none of JSON Schema's types": (type_of_text("null"), f'{TEXT}/type: null is no type; write "null"'),
    "a type that is like no other": (
        type_of_text("date"),
        f'{TEXT}/type: "date" is no type; use one of array, boolean, integer, null, number, object, string',
    ),
    "a misspelt key of the document": (
        ("\ntags:\n", "\ntagz:\n"),
        "tagz: 'tagz' is no key of this object; write tags, or leave it out",
    ),
    "a misspelt key of a parameter": (
        ("      in: path\n", "      in: path\n      exlode: false\n"),
        "components/parameters/ContactId/exlode: 'exlode' is no key of this object; write explode, or leave it out",
    ),
    "a misspelt key of an operation": (
        ("      requestBody:\n", "      requestbody:\n"),
        f"{OPERATION}/requestbody: 'requestbody' is no key of this object; write requestBody, or leave it out",
    ),
    "a reference to a misspelt component": (
        ("responses/SessionNotOnline'", "responses/SessionOnline'"),
        f"{OPERATION}/responses/409: $ref: '#/components/responses/SessionOnline' leads nowhere;"
        " write '#/components/responses/SessionNotOnline'",
    ),
    "a reference into a misspelt section": (
        ("              $ref: '#/components/schemas/Message'", "              $ref: '#/component/schema/message'"),
        f"{OPERATION}/requestBody/content/application~1json/schema: $ref: '#/component/schema/message' leads nowhere;"
        " write '#/components/schemas/Message'",
    ),
    "a misspelt variable of a path": (
        (PATH, RENAMED),
        "paths/~1contact~1{contactId}~1message/post/parameters/0: 'idcontact' is not in the path"
        " /contact/{contactId}/message, and no parameter describes {contactId}; give both one name",
    ),
    "a misspelt parameter of a path": (
        ("      name: idcontact\n", "      name: contactid\n"),
        f"{OPERATION}/parameters/0: 'contactid' is not in the path"
        " /contact/{idcontact}/message, and no parameter describes {idcontact}; give both one name",
    ),
    "a misspelt key of the rate limit": (
        ("  requests: 200\n", "  request: 200\n"),
        "x-rate-limit/request: 'request' is no key of x-rate-limit; write requests, or leave it out",
    ),
    "a key of the rate limit that is like no other": (
        ("  requests: 200\n", "  requests: 200\n  burst: 9\n"),
        "x-rate-limit/burst: 'burst' is no key of x-rate-limit; use one of requests, seconds, scope, or leave it out",
    ),
    "types that exclude each other": (
        (FIELDS, f"{FIELDS}        it: {{description: It., type: string, allOf: [{{type: integer}}]}}\n"),
        f"{MESSAGE}/it/allOf/0: no value fits: type is for string, and allOf/0 for integer; mend one",
    ),
    "a misspelt field among the required ones": (
        (QUEUED, "required: [success, queud]"),
        'components/schemas/MessageQueued/required/1: "queud" is required, but no property has the name;'
        ' write "queued", or describe it',
    ),
}
"""The edit of each slip, and its line but for the place in the file."""


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_one_line_of_generating_and_of_the_lint(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old, new), said = SLIPS[name]
    text = DOCUMENT.read_text(encoding="utf-8")
    assert old in text
    document = tmp_path / "ventia.yaml"
    document.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((DocumentError, GenerationError)) as refused:
        build(ROOT, document, tmp_path / "client")
    [line] = of_the_endpoint(str(refused.value).splitlines())
    assert line.startswith(f"{document}:")
    assert line.endswith(f": /{said}")
    monkeypatch.setattr(redocly, "NPX", ("/bin/sh", "-c", "exit 1"))
    found = [each for lines in lint(document, [CLIENT]).findings.values() for each in lines]
    assert [line] == of_the_endpoint(found)


def of_the_endpoint(lines: list[str]) -> list[str]:
    """Lines without those of other operations, which may have the same parameter, and the path that was renamed."""
    others = [*OTHERS, *(at.replace(pointer(PATH.strip(" :\n")), pointer(RENAMED.strip(" :\n"))) for at in OTHERS)]
    return [line for line in lines if not any(f": {at}/" in line for at in others)]
