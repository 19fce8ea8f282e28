"""Inputs that no client can be made of are refused with their place, before anything is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tools.generate.errors import GenerationError
from tools.generate.package import build
from tools.generate.refusals import MEMBERS
from tools.overlay.document import OverlayError
from tools.places import PACKAGE, ROOT
from ventia_client.models import ChannelMessage
from ventia_document.source import DocumentError, read

DOCUMENT = "openapi/ventia.yaml"
CLIENT = "overlays/document/client.yaml"
CONFIG = "overlays/package/config.yaml"
KEY = "overlays/package/runtime/_runtime/key.py"
TEMPLATE = "overlays/package/templates/_runtime/document.py.jinja"

PARAMETERS = "        - $ref: '#/components/parameters/ContactId'\n"
TEXT = "        text:\n"
PATHS = "paths:\n"
OTHER = (
    "  /other:\n    get:\n      operationId: {}\n      tags: [{}]\n      responses: {{'200': {{description: Ok}}}}\n"
)
VERSION = f"  version: {read(ROOT / DOCUMENT).value['info']['version']}\n"
REQUESTS = "  requests: 200\n"
SERVER = "  - url: https://api.getventia.com/api/v1.0\n"
LAST_ACTION = "  - target: $..properties[?@.const == false]\n"
OPERATION = "/paths/~1contact~1{idcontact}~1message/post"

BROKEN: dict[str, tuple[str, str | bytes, str | bytes, str]] = {
    "two operations with one module": (
        DOCUMENT,
        PATHS,
        PATHS + OTHER.format("createMessage", "Interactions"),
        "GET /other",
    ),
    "two operations with like modules": (
        *(DOCUMENT, PATHS, PATHS + OTHER.format("create-message", "interactions")),
        "POST /contact/{idcontact}/message",
    ),
    **{
        f"a field named {name}": (DOCUMENT, TEXT, f"        {name}: {{type: string}}\n{TEXT}", f"properties/{name}")
        for name in ("check", "to_dict", "from-dict", "additionalProperties")
    },
    **{
        f"a parameter with {what}": (DOCUMENT, PARAMETERS, f"        - {parameter}\n{PARAMETERS}", "parameter")
        for what, parameter in {
            "a media type": "{name: r, in: query, content: {application/json: {schema: {type: object}}}}",
            "any value": "{name: q, in: query, schema: {}}",
        }.items()
    },
    "an answer of any value": (
        *(DOCUMENT, "'202':\n          $ref: '#/components/responses/MessageQueued'"),
        *("'202': {description: Queued, content: {application/json: {schema: {}}}}", f"{OPERATION}/responses/202"),
    ),
    "a reference to what is no schema": (DOCUMENT, TEXT, f"        it: {{$ref: '#/info'}}\n{TEXT}", "Message"),
    "an enum of nothing": (DOCUMENT, TEXT, f"        it: {{enum: []}}\n{TEXT}", "it"),
    "a version that is none": (DOCUMENT, VERSION, "  version: v1 beta\n", "/info/version"),
    "a version with a line break": (DOCUMENT, VERSION, '  version: "1.0.0\\n"\n', "/info/version"),
    "a rate limit in words": (DOCUMENT, REQUESTS, "  requests: lots\n", "/x-rate-limit/requests"),
    "a rate limit of nothing": (DOCUMENT, REQUESTS, "  requests: 0\n", "/x-rate-limit/requests"),
    "a server without a host": (DOCUMENT, SERVER, "  - url: /api\n", "/servers/0/url"),
    "a merge key of YAML 1.1": (DOCUMENT, TEXT, f"        <<: &p {{it: {{type: string}}}}\n{TEXT}", "'<<'"),
    "text that is not UTF-8": (DOCUMENT, "  title: Ventia\n", b"  title: V\xe9ntia\n", "UTF-8"),
    "nothing": (DOCUMENT, "", b"", "type"),
    "a reference that an overlay leaves astray": (
        *(CLIENT, LAST_ACTION),
        "  - target: $.components.responses.MessageSent\n    remove: true\n" + LAST_ACTION,
        "leads nowhere",
    ),
    "an overlay that takes out what is required": (
        *(CLIENT, LAST_ACTION),
        *("  - target: $.info\n    remove: true\n" + LAST_ACTION, "info"),
    ),
    "an empty configuration": (CONFIG, "", b"", "settings"),
    "a configuration that is a list": (CONFIG, "", b"- a\n", "settings"),
    "an unknown setting": (CONFIG, "literal_enums", "liberal_enums", "liberal_enums"),
    "a setting of another type": (CONFIG, "literal_enums: true", "literal_enums: [perhaps]", "literal_enums"),
    "a runtime module of broken Python": (KEY, "from __future__", "from from", "syntax"),
    "a runtime module that is not UTF-8": (KEY, '"""', b'"""\xe9', "utf-8"),
    "a template that is not UTF-8": (TEMPLATE, '"""What', b'"""\xe9What', "UTF-8"),
    "a template with a name that is none": (TEMPLATE, "VERSION =", "{{ nope }}VERSION =", "nope"),
    "a template that cannot be worked out": (TEMPLATE, "VERSION =", "{{ 1 // 0 }}VERSION =", "zero"),
}


_IT = """  /it:
    post:
      operationId: tryIt
      tags: [Interactions]
      responses: {'204': {description: Done.}}
"""
_PARAMETERS = _IT + "      parameters:\n" + "        - {name: '%s', in: %s, schema: {type: string}}\n" * 2
_BODY = _IT + "      requestBody: {content: {application/json: {schema: %s}}}\n"
_FIELDS = _BODY % "{type: object, properties: {'%s': {type: string},\n        '%s': {type: string}}}"
SCHEMAS = "  schemas:\n"
_CLASS = "    TryIt%s: {type: object, properties: {a: {type: string}}}\n"

CLASHES: dict[str, tuple[list[tuple[str, str]], str, str]] = {
    **{
        f"{one} in {place} and {other} in {another}": (
            [(PATHS, _PARAMETERS % (one, place, other, another))],
            f"name: '{other}', in: {another}",
            f"'{other}' in {another} would be the same argument of POST /it as '{one}' in {place}",
        )
        for one, place, other, another in (
            *(("it", "query", "it", "header"), ("it", "query", "it", "cookie"), ("it", "header", "it", "cookie")),
            *(("class", "query", "class_", "query"), ("a[]", "query", "a", "query")),
            ("client", "query", "client_", "query"),
        )
    },
    **{
        f"the fields {one} and {other}": (
            [(PATHS, _FIELDS % (one, other))],
            f"'{other}': ",
            f"'{other}' would be the same attribute as '{one}'",
        )
        for one, other in (("class", "class_"), ("$a", "a"), ("@type", "type"))
    },
    "a schema of the name of a body": (
        [(PATHS, _BODY % "{type: object, properties: {a: {type: string}}}"), (SCHEMAS, _CLASS % "Body")],
        *("    TryItBody: ", "TryItBody is the class of a schema inside an operation too"),
    ),
    "a schema of the name of a parameter": (
        [
            (PATHS, _PARAMETERS.replace("type: string", "enum: [a]", 1) % ("color", "query", "b", "query")),
            (SCHEMAS, _CLASS % "Color"),
        ],
        *("    TryItColor: ", "TryItColor is the class of a schema inside an operation too"),
    ),
    "a sender that no class of messages has": (
        [
            ("      type: object\n      properties:\n", "        groupId: {$ref: '#/components/schemas/ObjectId'}\n"),
            ("            - required: [channelId]\n", "            - required: [groupId]\n"),
        ],
        *("        groupId: ", "no class of the client can send 'groupId' with just text"),
    ),
    "a list of itself": (
        [
            (PATHS, _BODY % "{$ref: '#/components/schemas/It'}"),
            (SCHEMAS, "    It: {type: array, items: {$ref: '#/components/schemas/It'}}\n"),
        ],
        *("    It: ", "is a list of itself; put an object between"),
    ),
}
"""Parts that are one in the client: texts after others of the document, the line of the refusal, and its words."""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    for name in ("openapi", "overlays"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("LICENSE", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.mark.parametrize("name", BROKEN)
def test_an_input_that_makes_no_client_is_refused_with_file_and_line(name: str, inputs: Path, tmp_path: Path) -> None:
    file, old, new, said = BROKEN[name]
    path = inputs / file
    before = path.read_bytes()
    assert _bytes(old) in before
    path.write_bytes(before.replace(_bytes(old), _bytes(new), 1) if old else _bytes(new))
    try:
        with pytest.raises((DocumentError, GenerationError, OverlayError)) as refused:
            build(inputs, inputs / DOCUMENT, tmp_path / PACKAGE.name)
    finally:
        path.write_bytes(before)
    first = str(refused.value).splitlines()[0]
    assert re.match(rf"({re.escape(str(inputs))}/)?{re.escape(file)}:[0-9]+", first), first
    assert said in str(refused.value)


@pytest.mark.parametrize("name", CLASHES)
def test_what_is_one_in_the_client_is_refused_in_one_line(name: str, inputs: Path, tmp_path: Path) -> None:
    added, at, said = CLASHES[name]
    text = (inputs / DOCUMENT).read_text(encoding="utf-8")
    for after, new in added:
        text = text.replace(after, after + new, 1)
    path = tmp_path / "ventia.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GenerationError) as refused:
        build(inputs, path, tmp_path / PACKAGE.name)
    [line] = str(refused.value).splitlines()
    assert said in line
    assert at in text.splitlines()[int(line.partition("ventia.yaml:")[2].partition(":")[0]) - 1]


def _bytes(written: str | bytes) -> bytes:
    return written.encode() if isinstance(written, str) else written


def test_members_are_the_names_that_every_class_of_messages_has_of_its_own() -> None:
    fields = {field.name for field in ChannelMessage.__attrs_attrs__} - {"additional_properties"}
    assert {name for name in dir(ChannelMessage) if not name.startswith("_")} - fields == MEMBERS
