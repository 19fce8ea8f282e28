"""Second opinions on witnesses: `jsonschema` and `openapi-core`, which share no code with what has found them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import quote, urlsplit

import jsonschema  # type: ignore[import-untyped]  # it has no types
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.tools.diff.edits import MESSAGE, edited
from tools.diff.changes import Witness
from ventia_document.source import Json, lookup

Judge: TypeAlias = Callable[[Json, str, Witness], bool]
"""Says whether a document accepts a witness, by its schema at a JSON pointer."""


def _is_uri(text: object) -> bool:
    return not isinstance(text, str) or bool(urlsplit(text).scheme)


FORMATS = jsonschema.FormatChecker()
FORMATS.checks("uri")(_is_uri)
VALID = '{"channelId": "64f1c2a97b3e4d0012ab34cd", "text": ""}'


def by_jsonschema(document: Json, at: str, witness: Witness) -> bool:
    registry: Registry[Json] = Registry().with_resource("urn:document", DRAFT202012.create_resource(document))
    schema, value = {"$ref": f"urn:document#{quote(at)}"}, witness.value
    return bool(jsonschema.Draft202012Validator(schema, registry=registry, format_checker=FORMATS).is_valid(value))


def by_openapi_core(document: Json, _: str, witness: Witness) -> bool:
    """Sends the request of which the witness is a part, or the answer."""
    from openapi_core import Config, OpenAPI  # importing it takes seconds
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockRequest, MockResponse

    open_document = {**document, "servers": [{"url": "https://x"}], "security": []}
    reading = Config(
        spec_validator_cls=None,
        extra_media_type_deserializers={"text/*": bytes.decode},
        extra_format_validators={"uri": _is_uri},
    )
    api = OpenAPI.from_dict(open_document, config=reading)
    # A parameter has no media type, and only an answer has a status.
    status, kind = re.fullmatch(r".*?(?:, (\d+))?(?: \((.*)\))?", witness.of).groups()  # type: ignore[union-attr]
    body = json.dumps(witness.value) if kind == "application/json" else str(witness.value)
    contact, sent = ("64f1c2a97b3e4d0012ab34cd", body) if kind else (witness.value, VALID)
    path = f"/contact/{contact}/message"
    request = MockRequest("https://x", "post", path, data=sent.encode(), content_type=kind or "application/json")
    try:
        if witness.direction == "request":
            api.validate_request(request)
        else:
            api.validate_response(request, MockResponse(body.encode(), status_code=int(status), content_type=kind))
    except OpenAPIError:
        return False
    return True


def agrees(base: Json, now: Json, witness: Witness, judge: Judge = by_jsonschema) -> bool:
    """Whether a witness shows what it says: as the documents are, or as one who leaves marked fields out reads them."""
    mark = "readOnly" if witness.direction == "request" else "writeOnly"
    return any(_shows(*each, witness, judge) for each in ((base, now), (_without(mark, base), _without(mark, now))))


def _shows(base: Json, now: Json, witness: Witness, judge: Judge) -> bool:
    """As the documents are or, of a request, as one who sends described fields only reads them."""
    old, new = witness.at
    if witness.direction == "response":
        return judge(now, new, witness) and not judge(base, old, witness)
    return (judge(base, old, witness) and not judge(now, new, witness)) or (
        judge(_closed(base), old, witness) and not judge(_closed(now), new, witness)
    )


def _closed(document: Json) -> Json:
    """A document whose messages have described fields only."""
    return edited(document, {MESSAGE: _with_described_fields(lookup(document, MESSAGE))})


def _with_described_fields(schema: Json, *, is_value: bool = True) -> Json:
    if not isinstance(schema, dict):
        return schema
    closed: Json = {"unevaluatedProperties": False} if is_value else {}
    for key, value in schema.items():
        if key in ("properties", "patternProperties"):
            closed[key] = {name: _with_described_fields(part) for name, part in value.items()}
        elif key in ("allOf", "anyOf", "oneOf", "prefixItems"):
            closed[key] = [_with_described_fields(part, is_value=key == "prefixItems") for part in value]
        elif key in ("additionalProperties", "unevaluatedProperties") and value in (True, {}):
            continue  # that others may be anything describes none
        else:
            closed[key] = _with_described_fields(value) if key in ("items", "additionalProperties") else value
    return closed


def _without(mark: str, value: Json) -> Json:
    """A document without the fields that have a mark."""
    if isinstance(value, list):
        return [_without(mark, item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _without(mark, part) for key, part in value.items()}
    if isinstance(fields := value.get("properties"), dict):
        marked = {name for name, field in fields.items() if isinstance(field, dict) and field.get(mark) is True}
        kept["properties"] = {name: field for name, field in kept["properties"].items() if name not in marked}
        kept["required"] = [name for name in value.get("required", []) if name not in marked]
    return kept
