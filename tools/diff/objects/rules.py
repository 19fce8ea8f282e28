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
from ventia_document.structure import kind

_KEYS: Mapping[str, str] = {
    **dict.fromkeys(("contact", "description", "example", "examples", "externalDocs", "license"), "noted"),
    **dict.fromkeys(("summary", "termsOfService", "title", "version"), "noted"),
    **dict.fromkeys(("bearerFormat", "explode", "flows", "in", "jsonSchemaDialect", "name"), "altered"),
    **dict.fromkeys(("openIdConnectUrl", "scheme", "scope", "style", "url", "variables"), "altered"),
    **dict.fromkeys(("requests", "seconds"), "count"),
    **dict.fromkeys(METHODS, "operation"),
    **{
        key: key
        for key in ("components", "content", "deprecated", "headers", "info", "links", "openapi", "operationId")
    },
    **{
        key: key
        for key in ("paths", "required", "responses", "schema", "security", "servers", "tags", "type", "x-sends")
    },
    "parameters": "elsewhere",
    "requestBody": "request body",
    "x-rate-limit": "rate limit",
}
"""The rule of a part by its key: a name in `VALUES` or `LISTS`, or the kind of object that it is."""

MAPS = {
    "component group": "component",
    "components": "component group",
    "content": "media type",
    "headers": "header",
    "links": "link",
    "paths": "path",
    "responses": "response",
}
"""The kind of the objects in a map."""

_NAMED = {**MAPS, "link": "altered", "security requirement": "security scheme"}
"""The rule of all parts of an object, by its kind."""

LISTS = {"parameters": "parameter", "security": "security requirement", "servers": "server", "tags": "tag"}
"""The kind of the items of lists."""


def rule(kind: str, key: str) -> str | None:
    """The rule of a part of an object of some kind; None if its effects are unknown."""
    if kind in ("components", "paths", "responses") and (key.startswith("x-") or key == "callbacks"):
        return None
    return "noted" if (kind, key) == ("document", "tags") else _NAMED.get(kind) or _KEYS.get(key)


PREFIXES: Mapping[str, str] = {
    "header": "response-header",
    "info": "api-info",
    "parameter": "request-parameter",
    "rate limit": "request-rate-limit",
    "request body": "request-body",
    "response": "response",
    "responses": "response",
    **dict.fromkeys(("security requirement", "first security requirement"), "request"),
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
    "operationId": lambda pair, _: (f"api-operation-id-{'added' if pair.verb == 'added' else 'removed'}", RENAMES),
    "required": _required,
    "type": lambda _, __: ("api-security-component-type-changed", CHANGES),
    "x-sends": lambda pair, _: (f"api-sends-{pair.verb}", CHANGES if pair.verb == "changed" else NOTES),
}
"""Rules for values that differ: the change of a pair, by the prefix of its name."""


FIRST: Mapping[str, Named] = {
    "servers": ("api-server-changed", CHANGES),
    "tags": ("api-first-tag-changed", RENAMES),
}
"""The change of the first item of a list, which clients use."""


def _component(pair: Pair) -> Named:
    """The name of a component, which a class may have; plain texts and numbers have none."""
    group, value = kind(pair.part.at), pair.part.value
    plain = ("string", "integer", "number", "boolean", "null", "array")
    is_class = isinstance(value, dict) and ("enum" in value or value.get("type") not in plain)
    is_named = group == "response" or (group == "schema" and is_class)
    name = f"api-{kebab(group).replace('security-scheme', 'security-component')}-{pair.verb}"
    return name, (RENAMES if pair.verb == "removed" else NAMES) if is_named else NOTES


def presence(of: str, pair: Pair, prefix: str) -> Named:
    """The change of an object that only one of the documents has."""
    if of == "component":
        return _component(pair)
    value = pair.part.value if isinstance(pair.part.value, dict) else {}
    need = "required" if value.get("required") is True else "optional"
    adds = NARROWS if need == "required" else ADDS
    was_deprecated = any(isinstance(each, dict) and each.get("deprecated") is True for each in (value, *value.values()))
    fate = f"{'with' if was_deprecated else 'without'}-deprecation"
    status = "success" if pair.name.startswith("2") else "non-success"
    parameter = "request-path-parameter" if value.get("in") == "path" else f"{need}-request-parameter"
    tag = RENAMES if pair.part.at.endswith("/0") else NOTES
    security = f"api-{'global-' if pair.part.at.startswith('/security/') else ''}security"
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
        "security requirement": ((f"{security}-added", WIDENS), (f"{security}-removed", CHANGES)),
        "first security requirement": ((f"{security}-added", NARROWS), UNCLASSIFIED),
        "schema": ((f"{prefix}{inside}-schema-added", NARROWS), (f"{prefix}{inside}-schema-removed", CHANGES)),
        "server": (("api-server-added", ADDS), ("api-server-removed", CHANGES)),
        "tag": (("api-tag-added", tag), ("api-tag-removed", tag)),
    }.get(of, (UNCLASSIFIED, UNCLASSIFIED))  # fmt: skip
    return removed if pair.verb == "removed" else added
