"""Every name that Python or the client uses itself works in each position of a document, or is refused there."""

from __future__ import annotations

import ast
import builtins
import copy
import importlib
import keyword
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openapi_python_client.strings import ClassName, PythonIdentifier

from tests.acceptance.document.built import VENTIA, inputs
from tests.acceptance.document.wire import Received, between
from tests.support.stride import some, thinned
from tools.generate.errors import GenerationError
from tools.generate.package import build
from tools.generate.refusals import MEMBERS
from tools.places import PACKAGE
from ventia_document.source import DocumentError, Json, dump

pytestmark = thinned

NAME = "client_of_names"
Make = Callable[[list[str]], Json]

STATUSES = [status for status in range(402, 600) if status != 408]
OF_HTTP = {"accept", "authorization", "connection", "content_length", "host"}
"""Headers that are no parameters."""


def flat(name: str) -> str:
    return re.sub(r"[_\W]", "", name).lower()


def class_name(name: str) -> str:
    return str(ClassName(name, "field_"))


def names_of_the_package() -> set[str]:
    """Every name, argument, attribute and module of the generated client, and the words of its string literals."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_bytes())):
            found |= {
                getattr(node, each)
                for each in ("id", "arg", "attr", "name", "asname")
                if isinstance(getattr(node, each, None), str)
            }
    return {name for name in found if name.isidentifier() and flat(name)}


NAMES = sorted({*some(keyword.kwlist, keyword.softkwlist, dir(builtins), sorted(names_of_the_package()))})
"""Names in one spelling: those that differ by case only are tested by themselves."""


def once(names: list[str], key: Callable[[str], str]) -> list[str]:
    return list({key(name): name for name in names}.values())


@contextmanager
def client_of(document: Json, folder: Path) -> Iterator[ModuleType]:
    """The client of a document."""
    folder.mkdir(exist_ok=True)
    inputs(folder)
    path = folder / "openapi" / "ventia.yaml"
    path.write_text(dump(document), encoding="utf-8")
    build(folder, path, folder / NAME)
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(NAME)
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
            del sys.modules[name]


def operation(**fields: Json) -> Json:
    return {
        "summary": "Try it",
        "description": "Try it.",
        "tags": ["Interactions"],
        "operationId": "tryIt",
        "responses": {"204": {"description": "Done."}},
        **fields,
    }


def document(path: str = "/it", method: str = "get", **fields: Json) -> Json:
    made = copy.deepcopy(VENTIA)
    made["paths"][path] = {method: operation(**fields)}
    return made


@pytest.mark.parametrize("place", ["query", "header", "path"])
def test_a_parameter_of_any_name_is_sent(place: str, tmp_path: Path) -> None:
    names = [name for name in once(NAMES, flat) if not (place == "header" and name.lower() in OF_HTTP)]
    portions = [names[number : number + 50] for number in range(0, len(names), 50)]
    made = document()
    for number, portion in enumerate(portions):
        path = f"/it{number}" + "".join(f"/{{{name}}}" for name in portion if place == "path")
        made["paths"][path] = {"get": operation(operationId=f"getIt{number}", parameters=parameters(place, portion))}
    with client_of(made, tmp_path) as package, between(accepting) as server:
        for number, portion in enumerate(portions):
            function = importlib.import_module(f"{NAME}.api.interactions.get_it_{number}").sync
            own = ("client", "timeout", "headers", "return")
            arguments = [each for each in function.__annotations__ if each not in own]
            values = {argument: f"v{index}" for index, argument in enumerate(arguments)}
            with package.Client("key", base_url=server.url, retries=0, rate_limit=None) as client:
                function(client=client, **values)
            assert len(portion) == len(values)
            assert set(values.values()) == read(place, portion, server.requests[-1])


def parameters(place: str, names: list[str]) -> list[Json]:
    common = {"in": place, "required": place == "path", "description": "It.", "schema": {"type": "string"}}
    return [{"name": name, **common} for name in names]


def read(place: str, names: list[str], request: Received) -> set[str]:
    """The values of parameters in a request."""
    target, _, query = request.target.decode().partition("?")
    if place == "path":
        return set(target.split("/")[2:])
    sent = dict(parse_qsl(query)) if place == "query" else request.headers
    return {sent[name if place == "query" else name.lower()] for name in names}


def test_a_field_of_any_name_is_sent_and_read(tmp_path: Path) -> None:
    names = [name for name in once(NAMES, flat) if PythonIdentifier(name, "field_") not in MEMBERS]
    fields = {name: {"description": "It.", "type": "string"} for name in names}
    made = document(method="post", requestBody=content("#/components/schemas/Thing"))
    made["components"]["schemas"]["Thing"] = {"description": "It.", "type": "object", "properties": fields}
    with client_of(made, tmp_path):
        thing = importlib.import_module(f"{NAME}.models.thing").Thing
        attributes = [each.name for each in thing.__attrs_attrs__ if each.name != "additional_properties"]
        message = thing(**{name: name for name in attributes})
        assert len(names) == len(attributes)
        assert set(names) == message.to_dict().keys()
        assert message == thing.from_dict(message.to_dict())
        assert set(attributes) == set(message.to_dict().values())


def content(ref: str) -> Json:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": ref}}}}


def test_a_schema_of_any_name_makes_a_class_or_is_refused_at_its_line(tmp_path: Path) -> None:
    made = {path.stem.replace("_", "") for path in (PACKAGE / "models").glob("*.py")}
    names = once([name for name in NAMES if class_name(name).lower() not in made], class_name)
    assert_works_or_is_refused("schemas", names, with_schemas, tmp_path)


def with_schemas(names: list[str]) -> Json:
    it = {"description": "It.", "type": "object", "properties": {"it": {"type": "string", "description": "It."}}}
    one_of = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}
    answer = {"200": {"description": "It.", "content": {"application/json": {"schema": one_of}}}}
    made = document(responses=answer)
    made["components"]["schemas"] |= dict.fromkeys(names, it)
    return made


def test_a_response_of_any_name_makes_an_error_or_is_refused_at_its_line(tmp_path: Path) -> None:
    known = VENTIA["components"]["responses"]
    names = once([name for name in NAMES if class_name(name) not in known], class_name)
    assert_works_or_is_refused("responses", names, with_responses, tmp_path)


def with_responses(names: list[str]) -> Json:
    made = document()
    for number in range(0, len(names), len(STATUSES)):
        some = {str(status): name for status, name in zip(STATUSES, names[number:], strict=False)}
        referring = {status: {"$ref": f"#/components/responses/{name}"} for status, name in some.items()}
        answers = {"204": {"description": "Done."}, **referring}
        made["paths"][f"/it/{number}"] = {"get": operation(operationId=f"getIt{number}", responses=answers)}
    made["components"]["responses"] |= {name: {"description": "It."} for name in names}
    return made


def assert_works_or_is_refused(kind: str, names: list[str], make: Make, folder: Path) -> None:
    """Assert that each name is refused at its own line, or that the client of all others can be imported whole."""
    at, kept = f"/components/{kind}/", names
    for number in range(2):  # what makes no model is refused before what would hide a name
        lines = refusals(make(kept), folder / str(number))
        refused = {line.split(at)[1].partition(":")[0] for line in lines if f": {at}" in line}
        assert refused < set(names)
        kept = [name for name in kept if name not in refused]
    with client_of(make(kept), folder / "kept") as package:
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            importlib.import_module(".".join([NAME, *path.relative_to(root).with_suffix("").parts]))
        errors, models, types = [importlib.import_module(f"{NAME}.{each}") for each in ("errors", "models", "types")]
        for name in kept:
            if kind == "schemas":
                assert issubclass(getattr(models, class_name(name)), types.Model)
            else:
                assert issubclass(getattr(errors, class_name(name)), errors.AnswerError)


def refusals(made: Json, folder: Path) -> list[str]:
    folder.mkdir()
    try:
        with client_of(made, folder):
            return []
    except (DocumentError, GenerationError) as error:
        return str(error).splitlines()


async def accepting(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_an_operation_named_like_a_part_of_the_package_is_refused_at_its_line(tmp_path: Path) -> None:
    names = ["errors", "models", "client", "limits", "api"]
    made = document()
    for name in names:
        made["paths"][f"/{name}"] = {"get": operation(operationId=name)}
    found = refusals(made, tmp_path / "it")
    assert [] == [name for name in names if not any(f"/paths/~1{name}/get/operationId: " in line for line in found)]


@pytest.mark.parametrize(
    ("kind", "make", "pairs"),
    [
        ("schemas", with_schemas, [("One", "ONE"), ("Two", "two"), ("aThree", "a-three")]),
        ("responses", with_responses, [("Two", "two"), ("aThree", "a-three")]),
    ],
)
def test_names_that_make_one_class_or_module_are_refused(
    kind: str, make: Make, pairs: list[tuple[str, str]], tmp_path: Path
) -> None:
    found = refusals(make([name for pair in pairs for name in pair]), tmp_path / "it")
    for pair in pairs:
        assert any(f"/components/{kind}/{name}" in line for line in found for name in pair), (pair, found)


def test_a_response_named_like_an_error_below_another_is_refused_at_its_line(tmp_path: Path) -> None:
    endings = ["NotSent", "Unknown", "-not-sent", "_Unknown", ".NotSent"]
    made = document()
    for number, ending in enumerate(endings):
        names = [f"Sorry{number}", f"Sorry{number}{ending}"]
        one, other = [{"$ref": f"#/components/responses/{name}"} for name in names]
        answers = {"204": {"description": "Done."}, "4XX": one, "500": other}
        made["paths"][f"/it/{number}"] = {"post": operation(operationId=f"tryIt{number}", responses=answers)}
        made["components"]["responses"] |= {name: {"description": "It."} for name in names}
    refused = [line.split(": ")[1] for line in refusals(made, tmp_path / "it")]
    assert [f"/components/responses/Sorry{number}{ending}" for number, ending in enumerate(endings)] == refused


def test_an_operation_of_any_name_is_a_module_of_the_package(tmp_path: Path) -> None:
    names = ["class", "import", "None", "1st", "__init__", "send-it", "a b", "sync", "__getattr__", "_PACKAGES"]
    made = document()
    for number, name in enumerate(names):
        made["paths"][f"/it/{number}"] = {"get": operation(operationId=name)}
    with client_of(made, tmp_path / "it") as package:
        for name in names:
            module = PythonIdentifier(PythonIdentifier(name, "field_"), "field_")  # as the generator does
            assert callable(getattr(package, str(module)).sync)
