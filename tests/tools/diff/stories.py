"""Documents, edits of them, and all changes that the diff must report: the stories of `test_diff.py`."""

from __future__ import annotations

from tests.tools.diff.edits import (
    BASE,
    BODY,
    FIELD,
    MESSAGE,
    POST,
    PROBLEM,
    REF,
    REMOVED,
    RESPONSES,
    SCHEMAS,
    A,
    B,
    C,
    Edit,
    N,
)
from tools.diff.changes import Effect
from ventia_document.source import lookup

NEW = f"{FIELD}/new"
ANSWER = f"{PROBLEM}/properties/new"
OWN = [{"url": "https://other.example.com/v9", "description": "Another."}]
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
CLOSED = {"type": "object", "additionalProperties": False}
TUPLE = {"type": "array", "items": False}
QUERY = f"{POST}/parameters/-"
FILTER = {"name": "filter", "in": "query"}
AS_TEXT, AS_JSON = {"schema": {"type": "object"}}, {"content": {"application/json": {"schema": {"type": "object"}}}}

EVENT = {"type": "object", "properties": {"a": TEXT, "b": TEXT}}
TAKES = {"requestBody": {"content": {"application/json": {"schema": {"$ref": f"{REF}/Event"}}}}}
ANSWERS = {"responses": {"200": {"description": "Ok."}}}

Story = tuple[str, list[Edit], list[Edit], dict[str, tuple[Effect, Effect]]]

STORIES: list[Story] = [
    # The document before, the edits, and all changes that are reported.
    ("an operation has a server of its own", [], [(f"{POST}/servers", OWN)], {"api-server-changed": (B, B)}),
    (
        "a path has a server of its own",
        [],
        [("/paths/~1contact~1{idcontact}~1message/servers", OWN)],
        {"api-server-changed": (B, B)},
    ),
    (
        "an operation names the server of the document",
        [],
        [(f"{POST}/servers", lookup(BASE.value, "/servers"))],
        {"api-rewritten": (C, C)},
    ),
    (
        "a parameter's schema becomes a media type",
        [(QUERY, FILTER | AS_TEXT)],
        [(f"{POST}/parameters/1", FILTER | AS_JSON)],
        {"request-parameter-media-type-added": (B, N), "request-parameter-schema-removed": (A, N)},
    ),
    (
        "a style is written that was meant",
        [(QUERY, FILTER | AS_TEXT)],
        [(f"{POST}/parameters/1/style", "form"), (f"{POST}/parameters/1/explode", True)],
        {"request-parameter-rewritten": (C, N)},
    ),
    (
        "a style is another than was meant",
        [(QUERY, FILTER | AS_TEXT)],
        [(f"{POST}/parameters/1/explode", False)],
        {"request-parameter-explode-added": (B, N)},
    ),
    ("a parameter is new", [], [(QUERY, FILTER | AS_TEXT)], {"new-optional-request-parameter": (A, N)}),
    (
        "a part of all that describes a field is removed",
        [(NEW, {"allOf": [{"properties": {"a": TEXT}}, {"properties": {"b": TEXT}}]})],
        [(f"{NEW}/allOf/1", REMOVED)],
        {"request-property-all-of-removed": (B, N)},
    ),
    (
        "a pattern of names is removed from a closed object",
        [(NEW, CLOSED | {"patternProperties": {"^a": TEXT}})],
        [(f"{NEW}/patternProperties", REMOVED)],
        {"request-property-pattern-property-removed": (B, N)},
    ),
    (
        "a pattern of names is added to a closed object that is answered",
        [(ANSWER, CLOSED)],
        [(f"{ANSWER}/patternProperties", {"^a": TEXT})],
        {"response-property-pattern-property-added": (N, B)},
    ),
    (
        "a closed tuple becomes shorter",
        [(NEW, TUPLE | {"prefixItems": [TEXT, TEXT]})],
        [(f"{NEW}/prefixItems", [TEXT])],
        {"request-property-prefix-items-removed": (B, N)},
    ),
    (
        "at least one item must fit again",
        [(NEW, {"type": "array", "contains": TEXT, "minContains": 0})],
        [(f"{NEW}/minContains", REMOVED)],
        {"request-property-min-contains-increased": (B, N)},
    ),
    (
        "no item needs to fit any more",
        [(NEW, {"type": "array", "contains": TEXT})],
        [(f"{NEW}/minContains", 0)],
        {"request-property-min-contains-decreased": (A, N)},
    ),
    (
        "a required field is new in an answer",
        [(f"{PROBLEM}/required", ["success"])],
        [(ANSWER, TEXT), (f"{PROBLEM}/required", ["success", "new"])],
        {"response-required-property-added": (N, A)},
    ),
    (
        "a required field of a request is removed",
        [(NEW, TEXT), (f"{MESSAGE}/required", ["new"])],
        [(NEW, REMOVED), (f"{MESSAGE}/required", REMOVED)],
        {"request-property-removed": (B, N)},
    ),
    (
        "a required field that is only answered is new in a request",
        [(f"{MESSAGE}/required", [])],
        [(NEW, TEXT | {"readOnly": True}), (f"{MESSAGE}/required", ["new"])],
        {"new-required-request-property": (C, N)},
    ),
    (
        "a field that is only sent is removed from an answer",
        [(ANSWER, TEXT | {"writeOnly": True})],
        [(ANSWER, REMOVED)],
        {"response-optional-property-removed": (N, C)},
    ),
    (
        "numbers are written otherwise",
        [(NEW, NUMBER | {"minimum": 1, "maximum": 9, "default": 2, "enum": [2, 3]})],
        [(NEW, NUMBER | {"minimum": 1.0, "maximum": 9.0, "default": 2.0, "enum": [2.0, 3]})],
        {},
    ),
    (
        "what holds anyway is written",
        [(NEW, TEXT), (f"{FIELD}/old", True)],
        [(f"{NEW}/minLength", 0), (f"{NEW}/additionalProperties", {}), (f"{FIELD}/old", {})],
        {"request-property-rewritten": (C, N), "request-property-additional-properties-added": (C, N)},
    ),
    (
        "definitions that nothing uses are added",
        [],
        [(f"{MESSAGE}/$defs", {"Short": TEXT})],
        {"request-body-defs-added": (C, N)},
    ),
    (
        "the dialect is written that was meant",
        [],
        [("/jsonSchemaDialect", "https://spec.openapis.org/oas/3.1/dialect/base")],
        {"api-rewritten": (C, C)},
    ),
    (
        "alternatives are described anew and change places",
        [(NEW, {"anyOf": [TEXT | {"description": "a"}, NUMBER | {"description": "b"}]})],
        [(NEW, {"anyOf": [NUMBER | {"description": "c"}, TEXT | {"description": "d"}]})],
        {"request-property-description-changed": (C, N)},
    ),
    (
        "a field refers to another component",
        [(NEW, {"$ref": f"{REF}/One"}), (f"{SCHEMAS}/One", TEXT), (f"{SCHEMAS}/Two", TEXT | {"maxLength": 3})],
        [(f"{NEW}/$ref", f"{REF}/Two")],
        {"request-property-max-length-set": (B, N), "request-property-reference-changed": (C, N)},
    ),
    (
        "a type of an answer becomes narrower",
        [(ANSWER, {"type": "number"})],
        [(f"{ANSWER}/type", "integer")],
        {"response-property-type-specialized": (N, A)},
    ),
    (
        "an answer leads on",
        [],
        [(f"{RESPONSES}/MessageSent/links", {"next": {"operationId": "createMessage"}})],
        {"response-link-added": (N, A)},
    ),
    (
        "a path moves into the components",
        [],
        [
            ("/components/pathItems", {"Send": lookup(BASE.value, "/paths/~1contact~1{idcontact}~1message")}),
            ("/paths/~1contact~1{idcontact}~1message", {"$ref": "#/components/pathItems/Send"}),
        ],
        {"api-path-item-added": (C, C)},
    ),
    *(
        (
            f"{name}, of which a rule speaks, is removed",
            [],
            [(f"{FIELD}/{name}", REMOVED)],
            {"request-property-removed": (B, N)},
        )
        for name in ("mediaType", "mediaUrl", "medium")
    ),
    (
        "a field of a message that a webhook sends is removed",
        [(f"{SCHEMAS}/Event", EVENT), ("/webhooks", {"sent": {"post": TAKES | ANSWERS}})],
        [(f"{SCHEMAS}/Event/properties/b", REMOVED)],
        {"component-property-removed": (B, B)},
    ),
    (
        "a field of what a discriminator maps to is removed",
        [
            (f"{SCHEMAS}/Event", EVENT),
            (NEW, {"type": "object", "discriminator": {"propertyName": "k", "mapping": {"e": "Event"}}}),
        ],
        [(f"{SCHEMAS}/Event/properties/b", REMOVED)],
        {"component-property-removed": (B, B)},
    ),
    (
        "what a field of the name mapping refers to narrows",
        [(f"{SCHEMAS}/Event", EVENT), (f"{FIELD}/mapping", {"$ref": f"{REF}/Event"})],
        [(f"{SCHEMAS}/Event/properties/b/maxLength", 3)],
        {"request-property-max-length-set": (B, N)},
    ),
    (
        "the middle of three references narrows",
        [
            (f"{SCHEMAS}/C3", TEXT),
            (f"{SCHEMAS}/B3", {"$ref": f"{REF}/C3", "minLength": 2}),
            (f"{SCHEMAS}/A3", {"$ref": f"{REF}/B3", "minLength": 1}),
            (NEW, {"$ref": f"{REF}/A3"}),
        ],
        [(f"{SCHEMAS}/B3/minLength", 9)],
        {"request-property-min-length-increased": (B, N)},
    ),
    *(
        (
            f"{what} anything is {'a rule' if there is REMOVED else 'no rule'} where it stands",
            [(NEW, around | ({} if there is REMOVED else {key: there}))],
            [(f"{NEW}/{key}", {} if there is REMOVED else REMOVED)],
            {f"request-property-{name}-{'added' if there is REMOVED else 'removed'}": (effect, N)},
        )
        for what, around, key, name, there, effect in (
            ("not", TEXT, "not", "not", REMOVED, B),
            ("not", TEXT, "not", "not", {}, A),
            ("contains", {"type": "array"}, "contains", "contains", REMOVED, B),
            ("if", {"then": {"required": ["z"]}}, "if", "if", REMOVED, B),
        )
    ),
    (
        "a pattern of names that may be anything is removed from a closed object",
        [(NEW, CLOSED | {"patternProperties": {"^x-": True}})],
        [(f"{NEW}/patternProperties", REMOVED)],
        {"request-property-pattern-property-removed": (B, N)},
    ),
    (
        "items are no longer evaluated where what is unevaluated is refused",
        [(NEW, {"type": "array", "items": True, "unevaluatedItems": False})],
        [(f"{NEW}/items", REMOVED)],
        {"request-property-items-removed": (B, N)},
    ),
    (
        "a required field is no longer of answers alone",
        [(NEW, {"properties": {"id": TEXT | {"readOnly": True}}, "required": ["id"]})],
        [(f"{NEW}/properties/id/readOnly", REMOVED)],
        {"request-required-property-became-not-read-only": (B, N)},
    ),
    (
        "a default goes with the schema that says it",
        [(NEW, {"allOf": [TEXT | {"default": "x"}]})],
        [(f"{NEW}/allOf", [])],
        {"request-property-all-of-removed": (B, N)},
    ),
    (
        "fields go with the alternatives that tell of them",
        [(NEW, {"anyOf": [{"properties": {"a": TEXT}}, {"properties": {"b": TEXT}}]})],
        [(f"{NEW}/anyOf", REMOVED)],
        {"request-property-any-of-removed": (B, N)},
    ),
    (
        "a media type is distinguished from its range",
        [(f"{BODY}/content/text~1*", {"schema": TEXT})],
        [(f"{BODY}/content/text~1plain", {"schema": TEXT | {"maxLength": 3}})],
        {"request-body-media-type-added": (B, N)},
    ),
    (
        "a status is distinguished from its range, with another body",
        [(f"{POST}/responses/4XX", {"$ref": "#/components/responses/InvalidRequestBody"})],
        [(f"{POST}/responses/404", {"description": "None.", "content": {"text/plain": {"schema": TEXT}}})],
        {"response-non-success-status-added": (N, B)},
    ),
    (
        "a status is distinguished from its range, with the same body",
        [(f"{POST}/responses/4XX", {"$ref": "#/components/responses/InvalidRequestBody"})],
        [(f"{POST}/responses/404", {"$ref": "#/components/responses/InvalidRequestBody"})],
        {"response-non-success-status-added": (N, A)},
    ),
    (
        "what fits more often is counted",
        [(NEW, {"type": "array", "contains": {"enum": ["a"]}, "maxContains": 1})],
        [(f"{NEW}/contains/enum", ["a", "b"])],
        {"request-property-enum-value-added": (B, N)},
    ),
    (
        "a condition has one more field",
        [(ANSWER, {"if": {"properties": {"a": {"const": 1}}}, "else": {"required": ["z"]}})],
        [(f"{ANSWER}/if/properties/b", {"const": 2})],
        {"response-property-restricted": (N, B)},
    ),
    (
        "items that were refused may be given",
        [(ANSWER, {"type": "array", "items": False})],
        [(f"{ANSWER}/items", TEXT)],
        {"response-property-allowed": (N, B)},
    ),
    (
        "a field that was one of many of a type has a type of its own",
        [(ANSWER, {"type": "object", "additionalProperties": NUMBER})],
        [(f"{ANSWER}/properties", {"a": TEXT})],
        {"response-optional-property-added": (N, B)},
    ),
    (
        "one of several may be anything, which the others are too",
        [(NEW, {"oneOf": [{"required": ["a"]}]})],
        [(f"{NEW}/oneOf/-", {})],
        {"request-property-one-of-added": (B, N)},
    ),
    (
        "an enum beside a constant leaves it out",
        [(NEW, {"const": "a", "enum": ["a", "b"]})],
        [(f"{NEW}/enum", ["b"])],
        {"request-property-enum-changed": (B, N)},
    ),
]
