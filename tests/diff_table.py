"""Changes of this document, and what each must be called and mean: the table of `tests/test_diff.py`."""

from __future__ import annotations

from dataclasses import replace

from tools.diff.changes import Effect
from ventia_document import DOCUMENT
from ventia_document.source import Json, Source, lookup, pointer, read

BASE = read(DOCUMENT)
N, C, A, B = Effect.NONE, Effect.COSMETIC, Effect.ADDITIVE, Effect.BREAKING

POST = pointer("paths", "/contact/{idcontact}/message", "post")
SCHEMAS, RESPONSES = "/components/schemas", "/components/responses"
MESSAGE, PROBLEM, SENT = f"{SCHEMAS}/Message", f"{SCHEMAS}/Problem", f"{SCHEMAS}/MessageSent"
CONTACT = "/components/parameters/ContactId"
BODY = f"{POST}/requestBody"
JSON_BODY = f"{BODY}/content/application~1json"
FIELD = f"{MESSAGE}/properties"
REF = "#/components/schemas"
REMOVED = object()

Edit = tuple[str, Json]


def edited(base: Json, *edits: Edit) -> Json:
    """A copy in which a value is set at each pointer, appended at `-`, or removed."""
    for at, value in edits:
        base = put(base, [key.replace("~1", "/").replace("~0", "~") for key in at.split("/")[1:]], value)
    return base


def put(holder: Json, keys: list[str], value: Json) -> Json:
    changed, key = holder.copy(), int(keys[0]) if isinstance(holder, list) and keys[0] != "-" else keys[0]
    if key == "-":
        changed.append(value)
    elif value is REMOVED and not keys[1:]:
        del changed[key]
    else:
        changed[key] = put(holder[key], keys[1:], value) if keys[1:] else value
    return changed


def of(value: Json) -> Source:
    return replace(BASE, value=value)


Row = tuple[str, list[Edit], str, Effect, Effect, str]

OPTIONAL_QUERY = {"name": "dry", "in": "query", "schema": {"type": "boolean"}}
REQUIRED_QUERY = {**OPTIONAL_QUERY, "required": True}
HEADER = {"schema": {"type": "integer"}}

TABLE: list[Row] = [
    # Requests: what was sent may be refused, or do something else.
    (
        "a field is new and required",
        [(f"{FIELD}/tone", {"type": "string"}), (f"{MESSAGE}/required", ["tone"])],
        "new-required-request-property",
        B,
        N,
        "major",
    ),
    (
        "a field with a default is new and required",
        [(f"{FIELD}/tone", {"type": "string", "default": "x"}), (f"{MESSAGE}/required", ["tone"])],
        "new-required-request-property-with-default",
        B,
        N,
        "major",
    ),
    (
        "a field becomes required",
        [(f"{MESSAGE}/required", ["text"])],
        "request-property-became-required",
        B,
        N,
        "major",
    ),
    ("a field is removed", [(f"{FIELD}/caption", REMOVED)], "request-property-removed", B, N, "major"),
    ("a field is forbidden", [(f"{FIELD}/caption", False)], "request-property-forbidden", B, N, "major"),
    (
        "a field has a longest length",
        [(f"{FIELD}/text/maxLength", 100)],
        "request-property-max-length-set",
        B,
        N,
        "major",
    ),
    (
        "a field has a shortest length",
        [(f"{FIELD}/text/minLength", 1)],
        "request-property-min-length-set",
        B,
        N,
        "major",
    ),
    ("a field has a pattern", [(f"{FIELD}/text/pattern", "^a")], "request-property-pattern-added", B, N, "major"),
    ("a field has a format", [(f"{FIELD}/text/format", "uri")], "request-property-type-changed", B, N, "major"),
    ("a field has a default", [(f"{FIELD}/text/default", "Hi")], "request-property-default-value-added", A, N, "minor"),
    ("a field has another type", [(f"{FIELD}/text/type", "integer")], "request-property-type-changed", B, N, "major"),
    ("a field becomes an enum", [(f"{FIELD}/text/enum", ["a"])], "request-property-became-enum", B, N, "major"),
    ("a field becomes a constant", [(f"{FIELD}/text/const", "a")], "request-property-const-added", B, N, "major"),
    (
        "a field becomes read-only",
        [(f"{FIELD}/text/readOnly", True)],
        "request-optional-property-became-read-only",
        B,
        N,
        "major",
    ),
    (
        "a value of an enum is removed",
        [(f"{SCHEMAS}/MediaType/enum/1", REMOVED)],
        "request-property-enum-value-removed",
        B,
        N,
        "major",
    ),
    (
        "a value of an enum becomes another",
        [(f"{SCHEMAS}/Medium/enum/0", "personal")],
        "request-property-enum-value-removed",
        B,
        N,
        "major",
    ),
    (
        "an identifier has another pattern",
        [(f"{SCHEMAS}/ObjectId/pattern", "^[0-9a-f]{24}$")],
        "request-property-pattern-changed",
        B,
        B,
        "major",
    ),
    (
        "the placeholder contact is refused",
        [(f"{CONTACT}/schema/anyOf/1", REMOVED)],
        "request-parameter-any-of-removed",
        B,
        N,
        "major",
    ),
    (
        "a rule is new",
        [(f"{MESSAGE}/allOf/-", {"title": "t", "required": ["text"]})],
        "request-body-all-of-added",
        B,
        N,
        "major",
    ),
    (
        "unknown fields are refused",
        [(f"{MESSAGE}/additionalProperties", False)],
        "request-body-additional-properties-added",
        B,
        N,
        "major",
    ),
    (
        "a sender is no longer possible",
        [(f"{MESSAGE}/allOf/0/oneOf/2", REMOVED)],
        "request-body-one-of-removed",
        B,
        N,
        "major",
    ),
    (
        "a sender needs one field more",
        [(f"{MESSAGE}/allOf/0/oneOf/0/required", ["channelId", "text"])],
        "request-property-became-required",
        B,
        N,
        "major",
    ),
    (
        "a sender needs no field",
        [(f"{MESSAGE}/allOf/0/oneOf/0/required", [])],
        "request-property-became-optional",
        B,
        N,
        "major",
    ),
    (
        "a content is no longer enough",
        [(f"{MESSAGE}/allOf/2/anyOf/0", REMOVED)],
        "request-body-any-of-removed",
        B,
        N,
        "major",
    ),
    (
        "a content needs one field more",
        [(f"{MESSAGE}/allOf/2/anyOf/0/required/-", "caption")],
        "request-property-became-required",
        B,
        N,
        "major",
    ),
    (
        "a field needs another beside it",
        [(f"{MESSAGE}/allOf/3/dependentRequired/caption", ["mediaUrl"])],
        "request-body-dependent-required-added",
        B,
        N,
        "major",
    ),
    (
        "a field needs one more beside it",
        [(f"{MESSAGE}/allOf/3/dependentRequired/mediaType/-", "mimetype")],
        "request-body-dependent-required-changed",
        B,
        N,
        "major",
    ),
    (
        "a field rules another out",
        [(f"{MESSAGE}/allOf/4/dependentSchemas/template/properties/caption", False)],
        "request-property-restricted",
        B,
        N,
        "major",
    ),
    (
        "a field has a rule for the rest",
        [(f"{MESSAGE}/allOf/4/dependentSchemas/text", {"required": ["medium"]})],
        "request-body-dependent-schema-added",
        B,
        N,
        "major",
    ),
    (
        "what a rule refuses is another value",
        [(f"{MESSAGE}/allOf/5/dependentSchemas/template/properties/medium/not/const", "whatsapp_business")],
        "request-property-const-changed",
        B,
        N,
        "major",
    ),
    (
        "what a rule refuses is more",
        [
            (
                f"{MESSAGE}/allOf/5/dependentSchemas/template/properties/medium/not",
                {"enum": ["unofficial_wpp", "whatsapp_business"]},
            )
        ],
        "request-property-enum-value-added",
        B,
        N,
        "major",
    ),
    (
        "a rule with a condition is new",
        [(f"{MESSAGE}/if", {"required": ["text"]}), (f"{MESSAGE}/then", {"required": ["medium"]})],
        "request-body-then-added",
        B,
        N,
        "major",
    ),
    (
        "a query parameter is new and required",
        [(f"{POST}/parameters/-", REQUIRED_QUERY)],
        "new-required-request-parameter",
        B,
        N,
        "major",
    ),
    (
        "the contact is named otherwise",
        [(f"{CONTACT}/name", "contact")],
        "request-parameter-name-changed",
        B,
        N,
        "major",
    ),
    ("the contact stands elsewhere", [(f"{CONTACT}/in", "query")], "request-parameter-in-changed", B, N, "major"),
    ("the contact has a style", [(f"{CONTACT}/style", "label")], "request-parameter-style-added", B, N, "major"),
    ("the parameters are removed", [(f"{POST}/parameters", REMOVED)], "request-parameter-removed", B, N, "major"),
    (
        "the body is no longer described",
        [(f"{JSON_BODY}/schema", REMOVED)],
        "request-body-media-type-schema-removed",
        B,
        N,
        "major",
    ),
    ("the body is removed", [(BODY, REMOVED)], "request-body-removed", B, N, "major"),
    (
        "the body has another media type",
        [
            (
                f"{BODY}/content",
                {
                    "application/xml": BASE.value["paths"]["/contact/{idcontact}/message"]["post"]["requestBody"][
                        "content"
                    ]["application/json"]
                },
            )
        ],
        "request-body-media-type-removed",
        B,
        N,
        "major",
    ),
    ("the rate is lower", [("/x-rate-limit/requests", 100)], "request-rate-limit-requests-decreased", B, N, "major"),
    (
        "the rate is counted for longer",
        [("/x-rate-limit/seconds", 120)],
        "request-rate-limit-seconds-increased",
        B,
        N,
        "major",
    ),
    (
        "the rate is counted for others",
        [("/x-rate-limit/scope", "key")],
        "request-rate-limit-scope-changed",
        B,
        N,
        "major",
    ),
    # Requests: what was sent still works.
    (
        "an optional field is new",
        [(f"{FIELD}/tone", {"type": "string"})],
        "new-optional-request-property",
        A,
        N,
        "minor",
    ),
    (
        "a value of an enum is new",
        [(f"{SCHEMAS}/MediaType/enum/-", "sticker")],
        "request-property-enum-value-added",
        A,
        N,
        "minor",
    ),
    (
        "a field may be null",
        [(f"{FIELD}/text/type", ["string", "null"])],
        "request-property-became-nullable",
        A,
        N,
        "minor",
    ),
    ("a field is deprecated", [(f"{FIELD}/caption/deprecated", True)], "request-property-deprecated", A, N, "minor"),
    (
        "a field has any format",
        [(f"{FIELD}/mediaUrl/format", REMOVED)],
        "request-property-type-generalized",
        A,
        N,
        "minor",
    ),
    ("a rule is gone", [(f"{MESSAGE}/allOf/4", REMOVED)], "request-body-all-of-removed", A, N, "minor"),
    (
        "a rule has an exception",
        [(f"{MESSAGE}/allOf/4/dependentSchemas/template/properties/mediaUrl", REMOVED)],
        "request-property-unrestricted",
        A,
        N,
        "minor",
    ),
    (
        "a content more is enough",
        [(f"{MESSAGE}/allOf/2/anyOf/-", {"required": ["caption"]})],
        "request-body-any-of-added",
        A,
        N,
        "minor",
    ),
    (
        "a sender more is possible",
        [(f"{MESSAGE}/allOf/0/oneOf/-", {"required": ["groupId"]})],
        "request-body-one-of-added",
        A,
        N,
        "minor",
    ),
    (
        "a field needs no other",
        [(f"{MESSAGE}/allOf/1/dependentRequired/userId", REMOVED)],
        "request-body-dependent-required-removed",
        A,
        N,
        "minor",
    ),
    (
        "an optional query parameter is new",
        [(f"{POST}/parameters/-", OPTIONAL_QUERY)],
        "new-optional-request-parameter",
        A,
        N,
        "minor",
    ),
    ("the body becomes optional", [(f"{BODY}/required", False)], "request-body-became-optional", A, N, "minor"),
    (
        "the body has one more media type",
        [(f"{BODY}/content/application~1xml", {})],
        "request-body-media-type-added",
        A,
        N,
        "minor",
    ),
    ("the rate is higher", [("/x-rate-limit/requests", 300)], "request-rate-limit-requests-increased", A, N, "minor"),
    ("the rate is unlimited", [("/x-rate-limit", REMOVED)], "request-rate-limit-removed", A, N, "minor"),
    # Responses: what was read may be missing or of another kind.
    (
        "an answer's field is removed",
        [(f"{PROBLEM}/properties/details", REMOVED)],
        "response-optional-property-removed",
        N,
        B,
        "major",
    ),
    (
        "an answer's required field is removed",
        [(f"{PROBLEM}/properties/error", REMOVED), (f"{PROBLEM}/required", ["success"])],
        "response-required-property-removed",
        N,
        B,
        "major",
    ),
    (
        "an answer's field becomes optional",
        [(f"{SENT}/required/1", REMOVED)],
        "response-property-became-optional",
        N,
        B,
        "major",
    ),
    (
        "an answer's details become optional",
        [(f"{SCHEMAS}/DetailedProblem/allOf/1", REMOVED)],
        "response-body-all-of-removed",
        N,
        B,
        "major",
    ),
    (
        "an answer's field may be null",
        [(f"{PROBLEM}/properties/error/type", ["string", "null"])],
        "response-property-became-nullable",
        N,
        B,
        "major",
    ),
    (
        "an answer's field has another type",
        [(f"{PROBLEM}/properties/error/type", "object")],
        "response-property-type-changed",
        N,
        B,
        "major",
    ),
    (
        "an answer's field has another constant",
        [(f"{PROBLEM}/properties/success/const", True)],
        "response-property-const-changed",
        N,
        B,
        "major",
    ),
    (
        "an answer's constant may be another",
        [(f"{SENT}/properties/success", {"enum": [True, False]})],
        "response-property-enum-value-added",
        N,
        B,
        "major",
    ),
    (
        "an answer's constant becomes any boolean",
        [(f"{SENT}/properties/success", {"type": "boolean"})],
        "response-property-const-removed",
        N,
        B,
        "major",
    ),
    (
        "an answer's field is write-only",
        [(f"{PROBLEM}/properties/error/writeOnly", True)],
        "response-required-property-became-write-only",
        N,
        B,
        "major",
    ),
    (
        "an answer's field is forbidden",
        [(f"{PROBLEM}/properties/details", False)],
        "response-property-forbidden",
        N,
        B,
        "major",
    ),
    (
        "an answer has another schema",
        [(f"{RESPONSES}/MessageSent/content/application~1json/schema/$ref", f"{REF}/MessageQueued")],
        "response-required-property-removed",
        N,
        B,
        "major",
    ),
    (
        "an answer has another media type",
        [(f"{RESPONSES}/MessageSent/content", {"text/plain": {}})],
        "response-media-type-removed",
        N,
        B,
        "major",
    ),
    ("a success is removed", [(f"{POST}/responses/202", REMOVED)], "response-success-status-removed", N, B, "major"),
    (
        "a refusal is removed",
        [(f"{POST}/responses/409", REMOVED)],
        "response-non-success-status-removed",
        N,
        B,
        "major",
    ),
    (
        "a status becomes another",
        [
            (f"{POST}/responses/409", REMOVED),
            (f"{POST}/responses/423", {"$ref": "#/components/responses/SessionNotOnline"}),
        ],
        "response-non-success-status-removed",
        N,
        B,
        "major",
    ),
    # Responses: what was read is still there.
    (
        "an answer's optional field is new",
        [(f"{SENT}/properties/at", {"type": "string"})],
        "response-optional-property-added",
        N,
        A,
        "minor",
    ),
    (
        "an answer's field becomes required",
        [(f"{PROBLEM}/required/-", "details")],
        "response-property-became-required",
        N,
        A,
        "minor",
    ),
    (
        "an answer's field has a longest length",
        [(f"{PROBLEM}/properties/error/maxLength", 9)],
        "response-property-max-length-set",
        N,
        A,
        "minor",
    ),
    (
        "an answer's field becomes an enum",
        [(f"{PROBLEM}/properties/error/enum", ["a", "b"])],
        "response-property-became-enum",
        N,
        A,
        "minor",
    ),
    (
        "an answer's field is deprecated",
        [(f"{PROBLEM}/properties/details/deprecated", True)],
        "response-property-deprecated",
        N,
        A,
        "minor",
    ),
    (
        "an answer has a header",
        [(f"{RESPONSES}/RateLimitExceeded/headers", {"Retry-After": HEADER})],
        "response-header-added",
        N,
        A,
        "minor",
    ),
    (
        "an answer has one more media type",
        [(f"{RESPONSES}/MessageSent/content/text~1plain", {})],
        "response-media-type-added",
        N,
        A,
        "minor",
    ),
    (
        "a refusal is new",
        [(f"{POST}/responses/404", {"$ref": "#/components/responses/InvalidApiKey"})],
        "response-non-success-status-added",
        N,
        A,
        "minor",
    ),
    (
        "a server's failure is new",
        [(f"{POST}/responses/503", {"$ref": "#/components/responses/InternalServerError"})],
        "response-non-success-status-added",
        N,
        A,
        "minor",
    ),
    (
        "a success is new",
        [(f"{POST}/responses/201", {"$ref": "#/components/responses/MessageSent"})],
        "response-success-status-added",
        N,
        A,
        "minor",
    ),
    # The whole.
    ("the operation is deprecated", [(f"{POST}/deprecated", True)], "endpoint-deprecated", A, A, "minor"),
    ("the operation is removed", [(POST, REMOVED)], "api-removed-without-deprecation", B, B, "major"),
    (
        "the path is removed",
        [(POST.rpartition("/")[0], REMOVED)],
        "api-path-removed-without-deprecation",
        B,
        B,
        "major",
    ),
    (
        "the path is another",
        [("/paths", {"/contacts/{idcontact}/message": BASE.value["paths"]["/contact/{idcontact}/message"]})],
        "api-path-removed-without-deprecation",
        B,
        B,
        "major",
    ),
    (
        "the method is another",
        [(POST.rpartition("/")[0], {"put": BASE.value["paths"]["/contact/{idcontact}/message"]["post"]})],
        "api-removed-without-deprecation",
        B,
        B,
        "major",
    ),
    ("an operation is new", [(f"{POST.rpartition('/')[0]}/get", {"responses": {}})], "endpoint-added", A, A, "minor"),
    ("a path is new", [("/paths/~1ping", {"get": {"responses": {}}})], "endpoint-added", A, A, "minor"),
    (
        "the operation has another name",
        [(f"{POST}/operationId", "sendMessage")],
        "api-operation-id-removed",
        N,
        N,
        "major",
    ),
    (
        "the tag has another name",
        [("/tags/0/name", "Messages"), (f"{POST}/tags", ["Messages"])],
        "api-tag-removed",
        N,
        N,
        "major",
    ),
    ("a second tag is new", [(f"{POST}/tags/-", "Messages")], "api-tag-added", C, C, "patch"),
    (
        "a schema has another name",
        [
            (f"{SCHEMAS}/Kind", BASE.value["components"]["schemas"]["MediaType"]),
            (f"{SCHEMAS}/MediaType", REMOVED),
            (f"{FIELD}/mediaType/$ref", f"{REF}/Kind"),
        ],
        "api-schema-removed",
        N,
        N,
        "major",
    ),
    (
        "a response has another name",
        [
            (f"{RESPONSES}/Offline", BASE.value["components"]["responses"]["SessionNotOnline"]),
            (f"{RESPONSES}/SessionNotOnline", REMOVED),
            (f"{POST}/responses/409/$ref", "#/components/responses/Offline"),
        ],
        "api-response-removed",
        N,
        N,
        "major",
    ),
    ("the server is another", [("/servers/0/url", "https://api.example.com")], "api-server-changed", B, B, "major"),
    ("a server is new", [("/servers/-", {"url": "https://api.example.com"})], "api-server-added", A, A, "minor"),
    (
        "the key has another name",
        [("/components/securitySchemes/ApiKey/name", "key")],
        "request-security-scheme-name-changed",
        B,
        N,
        "major",
    ),
    (
        "the key stands in a header",
        [("/components/securitySchemes/ApiKey/in", "header")],
        "request-security-scheme-in-changed",
        B,
        N,
        "major",
    ),
    (
        "the key is of another type",
        [("/components/securitySchemes/ApiKey", {"type": "http", "scheme": "bearer"})],
        "api-security-component-type-changed",
        B,
        N,
        "major",
    ),
    ("no key is needed", [("/security", [])], "api-global-security-removed", B, N, "major"),
    (
        "there is another way in",
        [("/security/-", {"Other": []}), ("/components/securitySchemes/Other", {"type": "http", "scheme": "basic"})],
        "api-global-security-added",
        A,
        N,
        "minor",
    ),
    # What binds nobody.
    (
        "a description is another",
        [(f"{MESSAGE}/description", "What to send.")],
        "request-body-description-changed",
        C,
        N,
        "patch",
    ),
    ("a summary is another", [(f"{POST}/summary", "Send")], "api-summary-changed", C, C, "patch"),
    (
        "an example is another",
        [(f"{JSON_BODY}/examples/channelText/value/text", "Hello")],
        "request-body-examples-changed",
        C,
        N,
        "patch",
    ),
    ("the title is another", [("/info/title", "Ventia API")], "api-info-title-changed", C, C, "patch"),
    ("a field's title is new", [(f"{FIELD}/text/title", "Text")], "request-property-title-added", C, N, "patch"),
    ("a comment is new", [(f"{FIELD}/text/$comment", "x")], "request-property-comment-added", C, N, "patch"),
    (
        "a rule has other words",
        [(f"{MESSAGE}/allOf/0/x-rule", "One sender")],
        "request-body-rule-changed",
        C,
        N,
        "patch",
    ),
    (
        "a field identifies something else",
        [(f"{FIELD}/template/x-identifies", "message")],
        "request-property-x-identifies-changed",
        C,
        N,
        "patch",
    ),
    ("only the version is another", [("/info/version", "0.2.0")], "api-info-version-changed", C, C, "patch"),
    ("the standard's text is another", [("/openapi", "3.1.1")], "api-openapi-changed", C, C, "patch"),
    (
        "a list has another order",
        [(f"{SCHEMAS}/Medium/enum", ["whatsapp_business", "unofficial_wpp"])],
        "request-property-rewritten",
        C,
        N,
        "patch",
    ),
    # What no rule knows.
    ("an unknown key is new", [("/x-unheard-of", 1)], "unclassified-change", B, B, "major"),
    ("an unknown keyword is new", [(f"{FIELD}/text/x-unheard-of", {"a": 1})], "unclassified-change", B, N, "major"),
    ("the standard is another", [("/openapi", "3.2.0")], "unclassified-change", B, B, "major"),
]

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
    # What is there before, what changes, and all that is told of it.
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
        "a media type is told apart from its range",
        [(f"{BODY}/content/text~1*", {"schema": TEXT})],
        [(f"{BODY}/content/text~1plain", {"schema": TEXT | {"maxLength": 3}})],
        {"request-body-media-type-added": (B, N)},
    ),
    (
        "a status is told apart from its range, with another body",
        [(f"{POST}/responses/4XX", {"$ref": "#/components/responses/InvalidRequestBody"})],
        [(f"{POST}/responses/404", {"description": "None.", "content": {"text/plain": {"schema": TEXT}}})],
        {"response-non-success-status-added": (N, B)},
    ),
    (
        "a status is told apart from its range, with the same body",
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
