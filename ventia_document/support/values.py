"""The table of the values that OpenAPI 3.1 lets a field choose from, by the object and the field."""

from __future__ import annotations

from ventia_document.support.standing import Entry, annotation, followed, refused

_SCHEME = "describe the API key, with type: apiKey and in: query"
_FORM = "leave style out, which is then form"
_SIMPLE = "leave style out, which is then simple"
_JSON = "answer with application/json"
_STATUS = "list the responses by their statuses"

_TABLE: dict[tuple[str, str], list[list[Entry]]] = {
    ("parameter", "in"): [
        followed("query", "header", "path"),
        refused("cookie", instead="put it into the query or a header"),
    ],
    ("parameter in path", "style"): [followed("simple"), refused("matrix", "label", instead=_SIMPLE)],
    ("parameter in query", "style"): [
        followed("form"),
        refused("spaceDelimited", "pipeDelimited", "deepObject", instead=_FORM),
    ],
    ("parameter in header", "style"): [followed("simple")],
    ("parameter in cookie", "style"): [refused("form", instead="put it into the query or a header")],
    ("header", "style"): [followed("simple")],
    ("security-scheme", "type"): [
        followed("apiKey"),
        refused("http", "mutualTLS", "oauth2", "openIdConnect", instead=_SCHEME),
    ],
    ("security-scheme", "in"): [followed("query"), refused("header", "cookie", instead=_SCHEME)],
    ("request-body", "content"): [
        followed("application/json"),
        refused("*", instead="send application/json"),
    ],
    ("response", "content"): [followed("application/json"), refused("*", instead=_JSON)],
    ("operation", "responses"): [followed("200"), refused("default", "4XX", instead=_STATUS)],
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

For `responses`, `200` stands for every single status, and `4XX` for every range.
"""
