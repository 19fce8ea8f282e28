"""Slips of many kinds in one document: one run of the lint, and one of generating, reports them all, and no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.document.built import inputs
from tests.acceptance.document.rows import DONE, operation, replaced
from tools.generate.errors import GenerationError
from tools.generate.package import build
from tools.lint import redocly
from tools.lint.report import lint
from ventia_document import DOCUMENT

Edit = Callable[[str], str]


def _operation(name: str, written: str, method: str = "get") -> Edit:
    added = operation(written, f"/{name}", method)
    return lambda text: added(text).replace("operationId: tryIt\n", f"operationId: {name}\n", 1)


def _answer(name: str, content: str) -> Edit:
    return _operation(name, f"responses: {{'200': {{description: It., content: {{{content}}}}}}}")


def _body(name: str, schema: str) -> Edit:
    content = f"{{required: true, content: {{application/json: {{schema: {schema}}}}}}}"
    return _operation(name, f"requestBody: {content}\n{DONE}", "post")


def _schema(name: str, written: str, example: str) -> Edit:
    of_answer = _answer(
        f"of{name}", f"application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}, example: {example}}}"
    )
    return lambda text: of_answer(replaced("\n  schemas:\n", f"\n  schemas:\n    {name}: {written}\n")(text))


_IDS = (
    "[{name: id, in: query, description: It., schema: {type: string}}, {name: id, in: header, schema: {type: string}}]"
)
_TEXT = "          description: The message in plain text.\n"
_LEAF = "{title: Leaf, type: object, description: It., properties: {%s: {type: integer, description: It.}}}"

SLIPS: dict[str, tuple[str, Edit]] = {
    "an unknown key of the document": (
        "/info/titel: ",
        replaced("  title: Ventia\n", "  title: Ventia\n  titel: It\n"),
    ),
    "an unknown key": ("~1it~1key/get/sumary: ", _operation("key", f"sumary: It\n{DONE}")),
    "an answer without a description": ("~1it~1bare/get/responses/200: ", _operation("bare", "responses: {'200': {}}")),
    "a broken reference": (
        "~1it~1lost/get/responses/200: ",
        _operation("lost", "responses: {'200': {$ref: '#/components/responses/Lost'}}"),
    ),
    "an invalid example": (
        "~1it~1wrong/get/responses/200/content/application~1json/example: ",
        _answer("wrong", "application/json: {schema: {type: integer}, example: a}"),
    ),
    "a keyword that is misspelt": (
        "/Message/properties/text/maxLenght: ",
        replaced(_TEXT, f"{_TEXT}          maxLenght: 3\n"),
    ),
    "a stream": ("text~1event-stream: ", _answer("stream", "text/event-stream: {schema: {type: string}}")),
    "a method's name": (
        "/properties/to_dict: ",
        _body("member", "{type: object, properties: {to_dict: {type: string}}}"),
    ),
    "one argument": ("~1it~1argument/get/parameters/1: ", _operation("argument", f"parameters: {_IDS}\n{DONE}")),
    "one class": (
        "/properties/b/title: ",
        _body("titled", f"{{type: object, properties: {{a: {_LEAF % 'x'}, b: {_LEAF % 'y'}}}}}"),
    ),
    "one module": (
        "~1it~1module/get: ",
        lambda text: _operation("module", DONE)(text).replace("operationId: module", "operationId: createMessage"),
    ),
    "values of any type": (
        "~1it~1any/get/responses/200: ",
        _answer("any", "application/json: {schema: {type: array}}"),
    ),
    "a list of itself": (
        "/schemas/Loop: is a list of itself",
        _schema("Loop", "{description: It., type: array, items: {$ref: '#/components/schemas/Loop'}}", "[]"),
    ),
    "a name of the client's own": (
        "/schemas/Client: ",
        _schema("Client", "{description: It., type: object, properties: {}}", "{}"),
    ),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slips")
    inputs(folder)
    path, text = folder / "openapi" / "ventia.yaml", DOCUMENT.read_text(encoding="utf-8")
    for _, edit in SLIPS.values():
        text = edit(text)
    path.write_text(text, encoding="utf-8")
    return path


def test_generating_reports_all(written: Path) -> None:
    folder = written.parents[1]
    with pytest.raises(GenerationError) as raised:
        build(folder, written, folder / "client")
    assert_all_are_in(str(raised.value).splitlines())


def test_the_lint_reports_all(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redocly, "NPX", ("/bin/sh", "-c", "exit 1"))  # as without a registry
    report = lint(written, [written.parents[1] / "overlays/document/client.yaml"])
    lines = [line for found in report.findings.values() for line in found]
    assert_all_are_in([line for line in lines if "has no description" not in line])


def assert_all_are_in(lines: list[str]) -> None:
    """Assert that each slip has a line, and each line a slip."""
    assert [] == [name for name, (words, _) in SLIPS.items() if not any(words in line for line in lines)]
    assert [] == [line for line in lines if not any(words in line for words, _ in SLIPS.values())]
