"""The checks of a document: defects, seeded one at a time, and the finding of each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import openapi_spec_validator
import pytest

from ventia_document import DOCUMENT
from ventia_document.check import check, errors, read_checked
from ventia_document.operations import content, examples, operations, resolve
from ventia_document.source import DocumentError, dump, lookup, read
from ventia_document.validation import Schema

VENTIA = read(DOCUMENT).value

Write = Callable[..., Path]

SHOP = """\
openapi: 3.1.0
info:
  title: Shop
  version: '1'
paths:
  /pets/{id}:
    put:
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: integer
          example: 7
        - $ref: '#/components/parameters/Color'
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Pet'
            examples:
              cat:
                value: {name: Tom}
              dog:
                $ref: '#/components/examples/Dog'
      responses:
        '200':
          description: Changed.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Pet'
              examples:
                changed:
                  value: {name: Kitty}
components:
  examples:
    Dog:
      value: {name: Rex}
  parameters:
    Color:
      name: color
      in: query
      schema:
        $ref: '#/components/schemas/Color'
      examples:
        night:
          value: black
  schemas:
    Color:
      type: string
      enum: [black, white]
      default: white
    Pet:
      type: object
      required: [name]
      properties:
        name:
          type: string
          maxLength: 20
          pattern: ^[A-Z]
          default: Kitty
          examples: [Kitty, Felix]
        mother:
          $ref: '#/components/schemas/Pet'
        age:
          type: integer
          minimum: 0
          example: 3
        color:
          $ref: '#/components/schemas/Color'
          default: black
"""


def _referring(to: str) -> tuple[str, str]:
    return "    Pet:\n", f"    No:\n      $ref: {to}  # here\n    Pet:\n"


DEFECTS = {
    "no OpenAPI document": (SHOP, "{}  # here\n", '"openapi" is a required property'),
    "a list": (SHOP, "- a  # here\n", 'is not of type "object"'),
    "a text": (SHOP, "a  # here\n", 'is not of type "object"'),
    "OpenAPI 3.0": ("openapi: 3.1.0", "openapi: 3.0.3  # here", '"3.0.3" does not match'),
    "OpenAPI 4": ("openapi: 3.1.0", "openapi: 4.0.0  # here", '"4.0.0" does not match'),
    "a version that is a number": ("openapi: 3.1.0", "openapi: 3.1  # here", '3.1 is not of type "string"'),
    "Swagger": ("openapi: 3.1.0", "swagger: '2.0'  # here", "'swagger' is no key of this object"),
    "no info": (
        "openapi: 3.1.0\ninfo:\n  title: Shop\n  version: '1'\n",
        "openapi: 3.1.0  # here\n",
        '"info" is a req',
    ),
    "no version": ("  title: Shop\n  version: '1'\n", "  title: Shop  # here\n", '"version" is a required property'),
    "responses misspelled": (
        "    put:\n",
        "    put:\n      answers: {}  # here\n",
        "'answers' is no key of this object",
    ),
    "a response without a description": (
        "          description: Changed.\n          content:\n",
        "          content:  # here\n",
        '"description" is a required property',
    ),
    "a list of parameters that is none": (
        "      requestBody:\n",
        "      tags: x  # here\n      requestBody:\n",
        'not of type "array"',
    ),
    "a parameter in no place": ("          in: path", "          in: paths  # here", '"paths" is not one of'),
    "an optional path parameter": ("required: true", "required: false  # here", "true was expected"),
    "an unknown type": (
        "in: path\n          required: true\n          schema:\n            type: integer",
        "in: path\n          required: true\n          schema:\n            type: int  # here",
        '"int" is no type; write integer',
    ),
    "a type in capitals": ("      type: object", "      type: Object  # here", '"Object" is no type; write object'),
    "an enum that is no list": ("enum: [black, white]", "enum: black  # here", '"black" is not of type "array"'),
    "a limit that is a text": ("maxLength: 20", "maxLength: '20'  # here", '"20" is not of type "integer"'),
    "properties that are a list": ("required: [name]", "patternProperties: []  # here", 'is not of type "object"'),
    "required that is no list": ("required: [name]", "required: true  # here", 'not of type "array"'),
    "a broken regular expression": ("pattern: ^[A-Z]", "pattern: ^[A-Z  # here", 'is not a "regex"'),
    "a regular expression of an unknown class": ("pattern: ^[A-Z]", r"pattern: ^\p{Cat}  # here", "regex"),
    "a broken regular expression that nothing needs": (
        "    Pet:\n",
        "    No:\n      pattern: '['  # here\n    Pet:\n",
        'is not a "regex"',
    ),
    "a reference that is a number": (*_referring("1"), 'not of type "string"'),
    "a reference to nothing": (*_referring("'#/components/schemas/Dog'"), "'#/components/schemas/Dog' leads nowhere"),
    "a reference through a list": (*_referring("'#/components/schemas/Color/enum/a'"), "leads nowhere"),
    "a reference through a text": (*_referring("'#/info/title/a'"), "leads nowhere"),
    "a reference to an anchor": (*_referring("'#Pet'"), "'#Pet' leads nowhere"),
    "a reference to a web page": (*_referring("https://example.com/pet"), "leads out of the document"),
    "a reference to another file": (*_referring("pet.yaml#/Pet"), "leads out of the document"),
    "a reference to itself": (*_referring("'#/components/schemas/No'"), "leads back to itself"),
    "a parameter that is nowhere": (
        "$ref: '#/components/parameters/Color'",
        "$ref: '#/components/parameters/Size'  # here",
        "leads nowhere",
    ),
    "an unknown security scheme": (
        "components:\n",
        "security:\n  - {}\n  - Key: []  # here\ncomponents:\n",
        "'Key' is no security scheme",
    ),
    "a default of a property with the name of a keyword": (
        "        mother:\n",
        "        default:\n          type: string\n          default: 1  # here\n        mother:\n",
        "/properties/default/default: the value: Must be of type string",
    ),
    "a body example of a wrong type": (
        "value: {name: Tom}",
        "value: {name: 1}  # here",
        "/examples/cat/value: name: Must be of type string",
    ),
    "a body example without a field": (
        "value: {name: Tom}",
        "value: {nom: Tom}  # here",
        "/examples/cat/value: name: Must be given",
    ),
    "a shared body example": ("value: {name: Rex}", "value: {name: rex}  # here", "name: Must match ^[A-Z]"),
    "a response example": (
        "value: {name: Kitty}",
        "value: {name: kitty}  # here",
        "/examples/changed/value: name: Must match ^[A-Z]",
    ),
    "a part of an example": (
        "value: {name: Tom}",
        "value: {name: Tom, mother: {name: 1}}  # here",
        "mother.name: Must be of type string",
    ),
    "a parameter's one example": ("example: 7", "example: seven  # here", "Must be of type integer"),
    "a parameter's named example": (
        "          value: black",
        "          value: red  # here",
        "/examples/night/value: the value: Must be one of black, white",
    ),
    "a schema's example": ("examples: [Kitty, Felix]", "examples: [Kitty, felix]  # here", "/1: the value: Must match"),
    "a schema's one example": ("example: 3", "example: -3  # here", "Must be at least 0"),
    "a default of a wrong type": (
        "default: Kitty",
        "default: 1  # here",
        "/default: the value: Must be of type string",
    ),
    "a default that breaks a rule": ("default: Kitty", "default: kitty  # here", "Must match ^[A-Z]"),
    "a default that is not in the enum": ("default: white", "default: red  # here", "Must be one of black, white"),
    "a default beside a reference": ("default: black", "default: red  # here", "Must be one of black, white"),
}
"""A text of SHOP, its replacement, and words of the only finding, which is in the line `# here`, by name."""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str, name: str = "document.yaml") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write_file


def shop(*changes: tuple[str, str]) -> str:
    text = SHOP
    for old, new in changes:
        assert 1 == text.count(old), old
        text = text.replace(old, new)
    return text


def test_the_projects_document_has_no_finding() -> None:
    assert [] == check(read(DOCUMENT))


def test_another_validator_agrees_that_the_projects_document_is_valid() -> None:
    openapi_spec_validator.validate(VENTIA)


def test_document_of_these_tests_has_no_finding(write: Write) -> None:
    source = read(write(SHOP))
    assert [] == check(source)
    openapi_spec_validator.validate(source.value)


EXAMPLES = [
    (part.at, name)
    for operation in operations(VENTIA)
    for owner in [operation.body, *operation.responses.values(), *operation.parameters]
    if owner
    for part in ([owner] if "schema" in owner.value else content(VENTIA, owner))
    for name in examples(VENTIA, part)
]


@pytest.mark.parametrize(("at", "name"), EXAMPLES)
def test_named_example_is_valid(at: str, name: str) -> None:
    assert name
    assert [] == Schema(VENTIA, at + "/schema").violations(examples(VENTIA, resolve(VENTIA, at))[name])


@pytest.mark.parametrize("defect", DEFECTS)
def test_defect_is_found_at_its_place(write: Write, defect: str) -> None:
    old, new, words = DEFECTS[defect]
    text = shop((old, new))
    [line] = [number for number, line in enumerate(text.splitlines(), 1) if "# here" in line]
    path = write(text)
    findings = check(read(path))
    assert [] != [
        finding
        for finding in findings
        if re.match(rf"{re.escape(str(path))}:{line}:\d+: ", finding) and words in finding
    ], findings
    places = {finding.partition(": ")[0] for finding in findings} - ({f"{path}:1:1"} if line == 1 else set())
    assert len(places) <= 1, "all that is reported is reported of the one place"


def test_finding_names_file_line_column_pointer_and_rule(write: Write) -> None:
    path = write(shop(("enum: [black, white]", "enum: black")))
    assert [f'{path}:52:13: /components/schemas/Color/enum: "black" is not of type "array"'] == check(read(path))


def test_every_finding_of_a_kind_is_reported(write: Write) -> None:
    text = shop(
        ("value: {name: Tom}", "value: {name: 1}"), ("value: {name: Kitty}", "value: {}"), ("example: 7", "example: x")
    )
    places = [re.sub(r"^.*/(\w+/\w+): .*", r"\1", finding) for finding in check(read(write(text)))]
    assert ["0/example", "cat/value", "changed/value"] == places


def test_two_references_to_each_other_lead_to_themselves(write: Write) -> None:
    loop = "    Egg:\n      $ref: '#/components/schemas/Hen'\n    Hen:\n      $ref: '#/components/schemas/Egg'\n"
    findings = check(read(write(SHOP + loop)))
    assert 2 == len(findings)
    assert all("leads back to itself" in finding for finding in findings)


def test_reference_in_a_schema_that_contains_itself_is_no_finding(write: Write) -> None:
    text = shop(("value: {name: Tom}", "value: {name: Tom, mother: {name: Ada, mother: {name: Eve}}}"))
    assert [] == check(read(write(text)))


def test_reference_may_be_percent_encoded(write: Write) -> None:
    more = "    Path:\n      $ref: '#/paths/~1pets~1%7Bid%7D/put/parameters/0/schema'\n"
    assert [] == errors(read(write(SHOP + more)).value)


@pytest.mark.parametrize(
    "example",
    [
        "{name: Tom, $ref: pets.yaml}",
        "{name: Tom, type: cat, default: 1}",
        "{name: Tom, type: cat, examples: [1]}",
        "{name: Tom, schema: {$ref: '#/nowhere'}, example: 1}",
    ],
)
def test_field_of_an_example_may_have_the_name_of_a_keyword(write: Write, example: str) -> None:
    """Names in an example are data, no keywords."""
    assert [] == check(read(write(shop(("{name: Tom}", example)))))


@pytest.mark.parametrize("name", ["type", "default", "example", "examples", "schema", "$ref", "properties", "required"])
def test_property_may_have_the_name_of_a_keyword(write: Write, name: str) -> None:
    fields = dict.fromkeys([name, "type"], "{type: string}")
    more = "".join(f"        {field}: {schema}\n" for field, schema in fields.items())
    assert [] == check(read(write(SHOP + more)))


def test_example_of_a_schema_may_look_like_a_reference(write: Write) -> None:
    more = "        link:\n          examples: [{$ref: '#/nowhere'}]\n"
    assert [] == check(read(write(SHOP + more)))


def test_parameters_of_one_name_in_two_places_are_two(write: Write) -> None:
    more = "        - {name: color, in: header, schema: {type: integer}}\n      requestBody:\n"
    [operation] = operations(read(write(shop(("      requestBody:\n", more)))).value)
    places = [(part.value["in"], part.value["name"]) for part in operation.parameters]
    assert [("path", "id"), ("query", "color"), ("header", "color")] == places


def test_example_nested_deeper_than_the_validator_supports_is_a_finding(write: Write) -> None:
    value = read(write(SHOP)).value
    cat = lookup(value, "/paths/~1pets~1{id}/put/requestBody/content/application~1json/examples/cat")
    cat["value"] = json.loads("[" * 300 + "]" * 300)
    path = write(dump(value, as_json=True), "document.json")
    [finding] = check(read(path))
    assert finding.startswith(f"{path}: ")


def test_document_in_json_is_checked_too(write: Write) -> None:
    path = write(dump(read(write(SHOP)).value, as_json=True), "document.json")
    assert [] == check(read(path))
    path.write_text(path.read_text().replace('"3.1.0"', '"3.0.0"'))
    [finding] = check(read(path))
    assert finding.startswith(f'{path}: /openapi: "3.0.0" does not match')


def test_read_checked_returns_the_document(write: Write) -> None:
    path = write(SHOP)
    assert read(path) == read_checked(path)


def test_read_checked_refuses_a_document_with_all_its_findings(write: Write) -> None:
    path = write(shop(("type: object", "type: thing"), ("required: true", "required: false")))
    with pytest.raises(DocumentError) as caught:
        read_checked(path)
    assert "\n".join(check(read(path))) == str(caught.value)
    assert 2 == str(caught.value).count(f"{path}:")
