"""The table of the values that OpenAPI 3.1 lets a field choose from, by the object and the field."""

from __future__ import annotations

from ventia_document.support.standing import Entry, annotation, followed, refused
from ventia_document.wire.media import BINARY, FORM, JSON, TEXT

_SCHEME = "describe a key, with type: apiKey and in: query or header, or with type: http and scheme: bearer"

_TABLE: dict[tuple[str, str], list[list[Entry]]] = {
    ("parameter", "in"): [followed("query", "header", "path", "cookie")],
    ("parameter in path", "style"): [followed("simple", "matrix", "label")],
    ("parameter in query", "style"): [followed("form", "spaceDelimited", "pipeDelimited", "deepObject")],
    ("parameter in header", "style"): [followed("simple")],
    ("parameter in cookie", "style"): [followed("form")],
    ("header", "style"): [followed("simple")],
    ("security-scheme", "type"): [
        followed("apiKey", "http"),
        refused("mutualTLS", "oauth2", "openIdConnect", instead=_SCHEME),
    ],
    ("security-scheme", "in"): [followed("query", "header"), refused("cookie", instead=_SCHEME)],
    ("security-scheme", "scheme"): [followed("bearer", "Bearer"), refused("*", instead=_SCHEME)],
    ("request-body", "content"): [followed(JSON, FORM), refused("*", instead=f"send {JSON} or {FORM}")],
    ("response", "content"): [
        followed(JSON, TEXT, BINARY),
        refused("*", instead=f"answer with {JSON}, {TEXT} or {BINARY}, or with another type of these kinds"),
    ],
    ("operation", "responses"): [followed("200", "default", "4XX")],
    ("schema", "type"): [followed("array", "boolean", "integer", "null", "number", "object", "string")],
    ("schema", "format"): [
        followed("date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "json-pointer"),
        followed("relative-json-pointer", "time", "uri", "uri-reference", "uri-template", "uuid"),
        refused("idn-email", "idn-hostname", "iri", "iri-reference", "regex", instead="say it with a pattern"),
        annotation("*"),
    ],
}

VALUES = {field: {entry.name: entry for entries in listed for entry in entries} for field, listed in _TABLE.items()}
"""The entries of the values of a field; that of `*` is for all other values.

For `responses`, `200` stands for every single status, and `4XX` for every range; for `content`, `application/json`,
`text/plain` and `application/octet-stream` for every type of their kinds.
"""
