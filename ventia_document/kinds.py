"""What kind of thing stands where in a document."""

from __future__ import annotations

ONE_SCHEMA = frozenset(
    (
        *("additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
LISTED_SCHEMAS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
NAMED_SCHEMAS = frozenset(("$defs", "dependentSchemas", "patternProperties", "properties"))
"""Keywords of a schema that hold schemas."""

_OF_KEY = {**dict.fromkeys((*ONE_SCHEMA, "schema"), "schema"), "requestBody": "request body"}
"""What stands at a key."""

_IN_KEY = {
    **dict.fromkeys((*LISTED_SCHEMAS, *NAMED_SCHEMAS, "schemas"), "schema"),
    **dict.fromkeys(("pathItems", "paths", "webhooks"), "path item"),
    "callbacks": "callback",
    "content": "media type",
    "examples": "example",
    "headers": "header",
    "links": "link",
    "parameters": "parameter",
    "requestBodies": "request body",
    "responses": "response",
    "securitySchemes": "security scheme",
}
"""What stands in the object or list at a key, by name or index."""


def kind(at: str) -> str:
    """What a JSON pointer leads to: `schema`, `response` and so on; empty if it is none of what a `$ref` can name."""
    found, around = "", ""
    for key in at.split("/")[1:]:
        if around:
            found, around = _IN_KEY[around], ""
        elif key in _IN_KEY:
            found, around = "", key
        else:
            found = _OF_KEY.get(key, "")
    return found
