"""Rules for what is no schema: the parts of each object, and what a change of each means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from tools.diff.changes import ADDS, CHANGES, NAMES, NARROWS, NOTES, RENAMES, WIDENS, Effects
from tools.diff.objects.parts import Pair
from tools.diff.schemas.differences import MISSING
from tools.diff.words import kebab
from ventia_document.operations import METHODS
from ventia_document.source import Json

_PROSE = dict.fromkeys(("summary", "description", "externalDocs"), "noted")
_EXAMPLES = dict.fromkeys(("example", "examples"), "noted")
_VALUED = {
    **_PROSE,
    **_EXAMPLES,
    "content": "content",
    "deprecated": "deprecated",
    "required": "required",
    "schema": "schema",
    **dict.fromkeys(("explode", "style"), "altered"),
}

MAPS = {
    "content": "media type",
    "headers": "header",
    "links": "link",
    "paths": "path",
    "responses": "response",
}
"""What the parts of objects are that have names for keys."""

OBJECTS: Mapping[str, Mapping[str, str]] = {
    "document": {
        "components": "components",
        "externalDocs": "noted",
        "info": "info",
        "jsonSchemaDialect": "altered",
        "openapi": "openapi",
        "paths": "paths",
        "security": "security",
        "servers": "servers",
        "tags": "noted",
        "x-rate-limit": "rate limit",
    },
    "info": {**_PROSE, **dict.fromkeys(("contact", "license", "termsOfService", "title", "version"), "noted")},
    "path": {**_PROSE, **dict.fromkeys(METHODS, "operation"), "parameters": "elsewhere", "servers": "servers"},
    "operation": {
        **_PROSE,
        "deprecated": "deprecated",
        "operationId": "operationId",
        "parameters": "elsewhere",
        "requestBody": "request body",
        "responses": "responses",
        "security": "security",
        "servers": "servers",
        "tags": "tags",
        "x-sends": "x-sends",
    },
    "request body": {**_PROSE, "content": "content", "required": "required"},
    "response": {**_PROSE, "content": "content", "headers": "headers", "links": "links"},
    "parameter": {**_VALUED, "in": "altered", "name": "altered"},
    "header": _VALUED,
    "media type": {**_EXAMPLES, "schema": "schema"},
    "server": {**_PROSE, "url": "altered", "variables": "altered"},
    "rate limit": {"requests": "count", "scope": "altered", "seconds": "count"},
    "security scheme": {
        **_PROSE,
        **dict.fromkeys(("bearerFormat", "flows", "in", "name", "openIdConnectUrl", "scheme"), "altered"),
        "type": "type",
    },
    "link": {"*": "altered"},
    **{kind: {"*": inner} for kind, inner in MAPS.items()},
}
"""The rule of each part of an object, by the object's kind and the part's key or `*`; others have unknown effects."""

PREFIXES: Mapping[str, str] = {
    "header": "response-header",
    "info": "api-info",
    "parameter": "request-parameter",
    "rate limit": "request-rate-limit",
    "request body": "request-body",
    "response": "response",
    "responses": "response",
    "security scheme": "request-security-scheme",
    "server": "api-server",
}
"""What the names of changes within an object begin with; others have the prefix of the object around them."""


def default(key: str, owner: Json) -> Json:
    """What the absence of a part means; MISSING if it means nothing else."""
    style = "form" if owner.get("in") in ("query", "cookie") else "simple"
    return {
        "deprecated": False,
        "explode": owner.get("style", style) == "form",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "required": False,
        "style": style,
    }.get(key, MISSING)


Named: TypeAlias = tuple[str, Effects]
"""The name of a change, and its effects."""

UNCLASSIFIED: Named = ("unclassified-change", CHANGES)


def _required(pair: Pair, prefix: str) -> Named:
    is_so = pair.now.value is True
    return f"{prefix}-became-{'required' if is_so else 'optional'}", NARROWS if is_so else WIDENS


def _deprecated(pair: Pair, prefix: str) -> Named:
    return f"{prefix.replace('api', 'endpoint')}-{'deprecated' if pair.now.value is True else 'reactivated'}", ADDS


def _count(pair: Pair, prefix: str) -> Named:
    """More requests widen, more seconds narrow."""
    if not all(isinstance(side.value, int | float) for side in (pair.base, pair.now)):
        return UNCLASSIFIED
    is_more = pair.now.value > pair.base.value
    widens = is_more is (pair.name == "requests")
    return f"{prefix}-{pair.name}-{'increased' if is_more else 'decreased'}", WIDENS if widens else NARROWS


def _openapi(pair: Pair, prefix: str) -> Named:
    """The third number of the standard's version changes nothing for documents."""
    old, new = (str(side.value).rpartition(".")[0] for side in (pair.base, pair.now))
    return (f"{prefix}-openapi-changed", NOTES) if old == new else UNCLASSIFIED


VALUES: Mapping[str, Callable[[Pair, str], Named]] = {
    "altered": lambda pair, prefix: (f"{prefix}-{kebab(pair.name)}-{pair.verb}", CHANGES),
    "count": _count,
    "deprecated": _deprecated,
    "noted": lambda pair, prefix: (f"{prefix}-{kebab(pair.name)}-{pair.verb}", NOTES),
    "openapi": _openapi,
    # A module of the client is named after it.
    "operationId": lambda pair, _: (f"api-operation-id-{'added' if pair.is_added else 'removed'}", RENAMES),
    "required": _required,
    "type": lambda _, __: ("api-security-component-type-changed", CHANGES),
    "x-sends": lambda pair, _: (f"api-sends-{pair.verb}", CHANGES if pair.verb == "changed" else NOTES),
}
"""Rules for values that differ: the change of a pair, by the prefix of its name."""


COMPONENTS: Mapping[str, str] = {
    "examples": "api-example",
    "headers": "api-header",
    "parameters": "api-parameter",
    "pathItems": "api-path-item",
    "requestBodies": "api-request-body",
    "responses": "api-response",
    "schemas": "api-schema",
    "securitySchemes": "api-security-component",
}
"""The names of components by kind, as names of changes have them."""


def component_effects(kind: str, pair: Pair) -> Effects:
    """The effects of the name of a component, which a class may have; plain texts and numbers have none."""
    value = pair.part.value
    plain = ("string", "integer", "number", "boolean", "null", "array")
    is_schema = kind == "schemas" and isinstance(value, dict)
    is_class = is_schema and ("enum" in value or value.get("type") not in plain)
    return (RENAMES if pair.is_removed else NAMES) if is_class or kind == "responses" else NOTES


def presence(kind: str, pair: Pair, prefix: str) -> Named:
    """The change of an object that only one of the documents has."""
    value = pair.part.value if isinstance(pair.part.value, dict) else {}
    need = "required" if value.get("required") is True else "optional"
    adds = NARROWS if need == "required" else ADDS
    was_deprecated = any(isinstance(each, dict) and each.get("deprecated") is True for each in (value, *value.values()))
    fate = f"{'with' if was_deprecated else 'without'}-deprecation"
    status = "success" if pair.name.startswith("2") else "non-success"
    parameter = "request-path-parameter" if value.get("in") == "path" else f"{need}-request-parameter"
    inside = {"request-body": "-media-type", "response": "-body-media-type"}.get(prefix, "")
    added, removed = {
        "header": (("response-header-added", ADDS), (f"{need}-response-header-removed", CHANGES)),
        "link": (("response-link-added", ADDS), ("response-link-removed", CHANGES)),
        # A parameter or header has a single media type.
        "media type": (
            (f"{prefix}-media-type-added", ADDS if inside else CHANGES), (f"{prefix}-media-type-removed", CHANGES)
        ),
        "operation": (("endpoint-added", ADDS), (f"api-removed-{fate}", CHANGES)),
        "parameter": ((f"new-{parameter}", adds), ("request-parameter-removed", CHANGES)),
        "path": (("api-path-added", ADDS), (f"api-path-removed-{fate}", CHANGES)),
        "rate limit": (("request-rate-limit-added", NARROWS), ("request-rate-limit-removed", WIDENS)),
        "request body": ((f"request-body-added-{need}", adds), ("request-body-removed", CHANGES)),
        # As oasdiff classes it: clients must expect undocumented statuses anyway, so one more breaks nothing;
        # one less makes code that handles it meaningless.
        "response": ((f"response-{status}-status-added", ADDS), (f"response-{status}-status-removed", CHANGES)),
        "schema": ((f"{prefix}{inside}-schema-added", NARROWS), (f"{prefix}{inside}-schema-removed", CHANGES)),
        "server": (("api-server-added", ADDS), ("api-server-removed", CHANGES)),
    }.get(kind, (UNCLASSIFIED, UNCLASSIFIED))  # fmt: skip
    return removed if pair.is_removed else added
