from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from ventia_document import DOCUMENT
from ventia_document.operations import Operation, Part, content, examples, operations, resolve
from ventia_document.source import Json, lookup, pointer, read
from ventia_document.structure import is_within, nodes, references, target
from ventia_document.validation import Schema

VENTIA = read(DOCUMENT).value
OPERATIONS = operations(VENTIA)
SENDING = next(operation for operation in OPERATIONS if operation.sends)
"""The endpoint of the page."""
RESPONSES_OF_THE_ENDPOINT = list(SENDING.responses.values())
COMPONENTS = [(kind, name) for kind, parts in VENTIA["components"].items() for name in parts]

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


# The endpoint's own page, in its order.

PATH = "/contact/{idcontact}/message"
CURL_URL = "https://api.getventia.com/api/v1.0/contact/string/message"
KEY = {"type": "apiKey", "in": "query", "name": "api-key"}
FIELDS = {
    "channelId": None,
    "userId": None,
    "medium": ["unofficial_wpp", "whatsapp_business"],
    "userIntegrationId": None,
    "text": None,
    "mediaType": ["image", "audio", "video", "file"],
    "mediaUrl": None,
    "mimetype": None,
    "fileName": None,
    "caption": None,
    "template": None,
    "replyMessage": None,
    "localId": None,
}
REQUEST = json.loads("""
{    "channelId": "656b0e1f8e5a2c001f3a9d12",    "text": "Hi! Just following up on your inquiry."  }
""")
RESPONSES = [
    json.loads(text)
    for text in (
        '{"success": true, "interactionId": "66f3a9b11c4d8e0023b7c9a1"}',
        '{"success": true, "queued": true}',
        '{"success": false, "error": "Invalid request body", "details": "channelId: Must be a valid ObjectId"}',
        '{"success": false, "error": "Invalid API KEY Group"}',
        '{"success": false, "error": "Personal WhatsApp session is not online"}',
        '{"success": false, "error": "User has no active personal WhatsApp Business integration"}',
        '{"success": false, "error": "Internal Server Error", "details": "string"}',
    )
]
PAGE_RULES: dict[str, Callable[[dict[str, str]], bool]] = {
    "Exactly one of channelId, userId, or userIntegrationId must be provided.": lambda body: (
        1 == len(body.keys() & {"channelId", "userId", "userIntegrationId"})
    ),
    "At least one of text, mediaType+mediaUrl, or template must be provided.": lambda body: (
        "text" in body or {"mediaType", "mediaUrl"} <= body.keys() or "template" in body
    ),
    "medium: Required when userId is used.": lambda body: "medium" in body or "userId" not in body,
    "mediaUrl: Required when mediaType is set.": lambda body: "mediaUrl" in body or "mediaType" not in body,
    "Requests combining template with unofficial WhatsApp ... are rejected.": lambda body: (
        "template" not in body or body.get("medium") != "unofficial_wpp"
    ),
    "Requests combining template with ... other media types are rejected.": lambda body: (
        "template" not in body or not body.keys() & {"mediaType", "mediaUrl"}
    ),
}


def message() -> Part:
    """The schema of the message's body."""
    assert SENDING.body
    [media_type] = content(VENTIA, SENDING.body)
    assert "application/json" == media_type.name
    return resolve(VENTIA, media_type.at + "/schema")


MESSAGE = message()
PLACES = [MESSAGE.at + pointer("allOf", index) for index in range(len(MESSAGE.value["allOf"]))]
RULES = {lookup(VENTIA, at).get("title", at): at for at in PLACES}
OBJECTS = [
    pointer("components", "schemas", name)
    for name, schema in VENTIA["components"]["schemas"].items()
    if schema.get("type") == "object"
]
PROPERTIES = [at + pointer("properties", name) for at in OBJECTS for name in lookup(VENTIA, at).get("properties", ())]
FIELDS_OF_THE_PAGE = [f"{MESSAGE.at}/properties/{name}" for name in FIELDS]
CONSTANTS = [at for at in PROPERTIES if isinstance(lookup(VENTIA, at).get("const"), bool)]
ENUMS = [at for at, node in nodes(VENTIA) if isinstance(node.get("enum"), list)]


def samples(at: str) -> list[Json]:
    """The values that the document itself gives for a schema: its enum, its constant or its examples."""
    schema = lookup(VENTIA, at)
    own = schema.get("enum") or schema.get("examples") or ([schema["const"]] if "const" in schema else [])
    return own or (samples(target(schema["$ref"])) if "$ref" in schema else [])


def kind(at: str) -> Json:
    """The JSON type of a schema's values, as the schema says it; None if it does not."""
    schema = lookup(VENTIA, at)
    if "$ref" in schema:
        return kind(target(schema["$ref"]))
    return schema.get("type") or {str: "string", bool: "boolean"}.get(type(schema.get("const")))


def fields_of_rules() -> list[str]:
    """The fields that the rules between fields name: another field doubles the lattice and decides nothing."""
    rules = json.dumps(MESSAGE.value["allOf"])
    return [name for name in MESSAGE.value["properties"] if name in FIELDS or json.dumps(name) in rules]


def lattice() -> Iterator[dict[str, str]]:
    """Bodies, the smaller first: every choice of fields, each with each of its sample values."""
    fields = {name: samples(f"{MESSAGE.at}/properties/{name}") for name in fields_of_rules()}
    for size in range(len(fields) + 1):
        for names in itertools.combinations(fields, size):
            for values in itertools.product(*(fields[name] for name in names)):
                yield dict(zip(names, values, strict=True))


@cache
def verdicts() -> dict[frozenset[str], dict[str, str]]:
    """Which rules the bodies of the lattice break: each set of rules with the smallest body that breaks just these."""
    schemas = {title: Schema(VENTIA, at) for title, at in RULES.items()}
    found: dict[frozenset[str], dict[str, str]] = {}
    for body in lattice():
        found.setdefault(frozenset(title for title in schemas if not schemas[title].accepts(body)), body)
    return found


@pytest.mark.parametrize("title", RULES)
def test_rule_can_be_broken_alone(title: str) -> None:
    """A body breaks this rule and no other; the violations have the rule's words, and each has its own field."""
    body = verdicts()[frozenset([title])]
    broken = Schema(VENTIA, MESSAGE.at).violations(body)
    assert {lookup(VENTIA, RULES[title]).get("x-rule")} == {each.rule for each in broken}
    assert len({each.field for each in broken}) == len(broken)
    assert {each.field for each in broken} <= {"", *MESSAGE.value["properties"]}


def test_all_rules_can_be_kept() -> None:
    assert Schema(VENTIA, MESSAGE.at).accepts(verdicts()[frozenset()])


@pytest.mark.parametrize("title", RULES)
def test_rule_has_a_title_of_its_own_or_none_and_words(title: str) -> None:
    assert len(RULES) == len(PLACES)
    assert lookup(VENTIA, RULES[title]).get("x-rule", "").startswith("Must ")


def test_rules_are_those_of_the_page() -> None:
    """Over every choice of its fields, the document accepts the bodies that its sentences allow, and no others."""
    accepts = Schema(VENTIA, MESSAGE.at).accepts
    bodies = (body for body in lattice() if body.keys() <= FIELDS.keys())
    wrong = [body for body in bodies if accepts(body) != all(keeps(body) for keeps in PAGE_RULES.values())]
    assert [] == wrong


@pytest.mark.parametrize("sentence", PAGE_RULES)
def test_sentence_of_the_page_is_one_rule_of_the_document(sentence: str) -> None:
    """Of the bodies that break one rule each, one breaks this sentence, and that sentence alone."""
    alone = [verdicts()[frozenset([title])] for title in RULES]
    broken = [[other for other, keeps in PAGE_RULES.items() if not keeps(body)] for body in alone]
    assert 1 == broken.count([sentence])


@pytest.mark.parametrize("at", FIELDS_OF_THE_PAGE)
def test_field_of_the_page_has_sample_values(at: str) -> None:
    assert samples(at)


@pytest.mark.parametrize("at", [at for at in PROPERTIES if samples(at)])
def test_sample_values_of_a_property_are_valid(at: str) -> None:
    for value in samples(at):
        assert [] == Schema(VENTIA, at).violations(value)


@pytest.mark.parametrize("at", [at for at in PROPERTIES if kind(at)])
def test_value_of_another_type_is_not_valid(at: str) -> None:
    values = {"string": "a", "boolean": True, "integer": 1, "number": 1.5, "null": None, "array": ["a"], "object": {}}
    own = {kind(at)} if isinstance(kind(at), str) else set(kind(at))
    for other in values.keys() - own - ({"integer"} if "number" in own else set()):
        assert not Schema(VENTIA, at).accepts(values[other])


@pytest.mark.parametrize("at", CONSTANTS)
def test_constant_has_no_other_value(at: str) -> None:
    constant = lookup(VENTIA, at)["const"]
    assert not Schema(VENTIA, at).accepts(not constant)
    assert not Schema(VENTIA, at).accepts(json.dumps(constant))
    assert not Schema(VENTIA, at).accepts(int(constant))


@pytest.mark.parametrize("at", ENUMS)
def test_near_miss_of_an_enum_value_is_not_valid(at: str) -> None:
    values = lookup(VENTIA, at)["enum"]
    for value in (str(value) for value in values):
        misses = {value.upper(), value.title(), value + " ", " " + value, value[:-1], value + "s", value + "\n", ""}
        assert [] == [miss for miss in misses.difference(values) if Schema(VENTIA, at).accepts(miss)]


def object_ids() -> list[str]:
    """Every schema that is, or refers to, an ObjectId."""
    is_one = {"/components/schemas/ObjectId"}
    return sorted(is_one | {each.at for each in references(VENTIA) if each.to in is_one})


@pytest.mark.parametrize("at", object_ids())
def test_object_id_is_24_hexadecimal_digits(at: str) -> None:
    accepts = Schema(VENTIA, at).accepts
    for valid in ("0123456789abcdefABCDEF01", "0" * 24, "f" * 24, "F" * 24):
        assert accepts(valid)
    digits = "0123456789abcdef01234567"
    for invalid in (
        *("", digits[:23], digits + "8", digits * 2),
        *(digits[:23] + other for other in ("g", "G", "-", " ", "\n", "\u0660", "\uff11", "ä")),
        *(
            digits + "\n",
            "\n" + digits,
            " " + digits,
            digits + " ",
            digits + "\r\n",
            digits + "\0",
            f"{digits}\n{digits}",
        ),
    ):
        assert not accepts(invalid)


def test_identifiers_of_senders_contacts_and_interactions_are_object_ids() -> None:
    properties = "/components/schemas/{}/properties/{}".format
    senders = {properties("Message", name) for name in ("channelId", "userId", "userIntegrationId")}
    assert {*senders, properties("MessageSent", "interactionId")} <= set(object_ids())
    contact = Schema(VENTIA, "/components/parameters/ContactId/schema")
    assert {True} == {contact.accepts(value) for value in ("string", "0123456789abcdef01234567")}
    assert {False} == {contact.accepts(value) for value in ("String", "strings", "0123456789abcdef0123456", "", 1)}


@pytest.mark.parametrize(
    "more",
    [
        {"medium": "unofficial_wpp"},
        {"mediaUrl": "https://files.example.com/quotes/1042.pdf"},
        {"caption": "Without media"},
        {"fileName": "quote.pdf", "mimetype": "application/pdf"},
        {"unknown": {"field": [1, None]}},
        {"channelID": 1},
        {"text": ""},
        {"localId": "", "replyMessage": ""},
    ],
    ids=lambda more: "+".join(more),
)
def test_what_the_page_leaves_open_stays_open(more: Json) -> None:
    assert [] == Schema(VENTIA, MESSAGE.at).violations(REQUEST | more)


@pytest.mark.parametrize("url", ["", "quotes/1042.pdf", "//files.example.com/a", "a b", "https://exa mple.com/"])
def test_media_url_is_a_uri(url: str) -> None:
    media = {"channelId": REQUEST["channelId"], "mediaType": "image", "mediaUrl": url}
    [broken] = Schema(VENTIA, MESSAGE.at).violations(media)
    assert ("mediaUrl", "Must be a valid uri") == (broken.field, broken.rule)


def test_document_has_every_field_of_the_page_in_its_order() -> None:
    enums = {name: resolve(VENTIA, f"{MESSAGE.at}/properties/{name}").value.get("enum") for name in FIELDS}
    assert list(FIELDS) == [name for name in MESSAGE.value["properties"] if name in FIELDS]
    assert FIELDS == enums
    assert {"string"} == {kind(at) for at in FIELDS_OF_THE_PAGE}


def test_document_has_the_path_and_the_key_of_the_page() -> None:
    assert ("POST", PATH) == (SENDING.method, SENDING.path)
    assert CURL_URL == VENTIA["servers"][0]["url"] + SENDING.path.format(idcontact="string")
    [[scheme]] = SENDING.security
    assert KEY == {name: scheme[name] for name in KEY}
    assert [("path", "idcontact")] == [
        (part.value["in"], part.value["name"]) for part in SENDING.parameters if part.value.get("required")
    ]


def test_request_of_the_page_is_the_first_example() -> None:
    assert SENDING.body
    [media_type] = content(VENTIA, SENDING.body)
    assert REQUEST == next(iter(examples(VENTIA, media_type).values()))
    assert SENDING.body.value["required"]


def test_responses_of_the_page_are_examples_in_its_order() -> None:
    """The page lists them by rising status."""
    assert sorted(SENDING.responses) == list(SENDING.responses)
    found = [
        value
        for response in RESPONSES_OF_THE_ENDPOINT
        for media_type in content(VENTIA, response)
        for value in examples(VENTIA, media_type).values()
    ]
    assert RESPONSES == [value for value in found if value in RESPONSES]


every_response_of_the_endpoint = pytest.mark.parametrize(
    "response", RESPONSES_OF_THE_ENDPOINT, ids=lambda part: part.name
)


@every_response_of_the_endpoint
def test_response_has_named_examples_and_they_are_valid(response: Part) -> None:
    [media_type] = content(VENTIA, response)
    assert "application/json" == media_type.name
    written = examples(VENTIA, media_type)
    assert written
    for example, value in written.items():
        assert example
        assert [] == Schema(VENTIA, media_type.at + "/schema").violations(value)


@every_response_of_the_endpoint
def test_response_without_a_required_field_is_not_valid(response: Part) -> None:
    [media_type] = content(VENTIA, response)
    schema = Schema(VENTIA, media_type.at + "/schema")
    for value in examples(VENTIA, media_type).values():
        for field in value:
            assert not schema.accepts({other: value[other] for other in value if other != field})


def test_the_body_distinguishes_success_and_refusal() -> None:
    """No example of a success is a valid refusal, and the reverse."""
    sides: dict[bool, list[Part]] = {True: [], False: []}
    for status, response in SENDING.responses.items():
        sides[status < "300"] += content(VENTIA, response)
    for own, other in ((True, False), (False, True)):
        for media_type, foreign in itertools.product(sides[own], sides[other]):
            for value in examples(VENTIA, media_type).values():
                assert not Schema(VENTIA, foreign.at + "/schema").accepts(value)


ROOT_ORDER = ["openapi", "info", "servers", "security", "tags", "x-rate-limit", "paths", "components"]
OPERATION_ORDER = [
    "summary",
    "description",
    "operationId",
    "x-sends",
    "tags",
    "parameters",
    "requestBody",
    "responses",
    "security",
]


def test_root_has_its_keys_in_order() -> None:
    assert [key for key in ROOT_ORDER if key in VENTIA] == [key for key in VENTIA if key in ROOT_ORDER]
    assert {"openapi", "info", "servers", "security", "tags", "paths", "components"} <= VENTIA.keys()


@every_operation
def test_operation_has_its_keys_in_order(operation: Operation) -> None:
    keys = list(operation.value)
    assert [key for key in OPERATION_ORDER if key in keys] == [key for key in keys if key in OPERATION_ORDER]
    assert {"summary", "description", "operationId", "tags", "responses"} <= operation.value.keys()


@every_operation
def test_operation_is_named_by_a_verb_and_a_noun_and_summed_up_in_an_imperative(operation: Operation) -> None:
    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", operation.value["operationId"])
    assert re.fullmatch(r"[A-Z][^.\n]{1,59}", operation.value["summary"])
    assert set(operation.value["tags"]) <= {tag["name"] for tag in VENTIA["tags"]}


def test_each_operation_has_an_id_of_its_own() -> None:
    assert len(OPERATIONS) == len({operation.value["operationId"] for operation in OPERATIONS})


@every_operation
def test_path_variables_are_the_path_parameters(operation: Operation) -> None:
    names = [part.value["name"] for part in operation.parameters if part.value["in"] == "path"]
    assert sorted(operation.path_names) == sorted(names)


@pytest.mark.parametrize(("kind", "name"), COMPONENTS)
def test_component_is_used(kind: str, name: str) -> None:
    """By a reference from outside itself, or, a security scheme, by a requirement."""
    at = pointer("components", kind, name)
    assert at in {each.to for each in references(VENTIA) if not is_within(each.at, at)}


def test_responses_of_the_endpoint_are_components() -> None:
    """Each status has a component of its own, by whose name its evidence is found."""
    places = [response.at for response in RESPONSES_OF_THE_ENDPOINT]
    assert len(places) == len(set(places))
    assert all(place.startswith("/components/responses/") for place in places)


def test_extension_keys_are_explained_and_explained_ones_are_used() -> None:
    used = {key for _, node in nodes(VENTIA) for key in node if key.startswith("x-")}
    assert used == set(re.findall(r"^- `(x-[a-z-]+)`", VENTIA["info"]["description"], re.MULTILINE))


def described() -> list[str]:
    """Parts that must have a description, of their own or by reference."""
    parts = [part.at for operation in OPERATIONS for part in [*operation.parameters, *operation.responses.values()]]
    schemas = [pointer("components", "schemas", name) for name in VENTIA["components"]["schemas"]]
    schemes = [pointer("components", "securitySchemes", name) for name in VENTIA["components"]["securitySchemes"]]
    tags = [pointer("tags", index) for index in range(len(VENTIA["tags"]))]
    servers = [pointer("servers", index) for index in range(len(VENTIA["servers"]))]
    return ["/info", *servers, *tags, *[o.at for o in OPERATIONS], *parts, *schemas, *schemes, *PROPERTIES]


@pytest.mark.parametrize("at", dict.fromkeys(described()))
def test_part_has_a_description(at: str) -> None:
    description = lookup(VENTIA, at).get("description") or resolve(VENTIA, at).value.get("description")
    assert description
    assert description == description.lstrip()
    assert not re.search(r"\b(TODO|FIXME|TBD|XXX)\b", description)


def test_answers_that_the_request_decides_have_an_example_of_a_request() -> None:
    """It has the name of the response's example, by which the stand-in chooses the response."""
    assert SENDING.body
    requests = {name for media_type in content(VENTIA, SENDING.body) for name in examples(VENTIA, media_type)}
    answers = {
        response.name: set(examples(VENTIA, media_type))
        for response in RESPONSES_OF_THE_ENDPOINT
        for media_type in content(VENTIA, response)
    }
    assert {"MessageQueued", "SessionNotOnline", "NoActiveIntegration"} == {
        response for response, names in answers.items() if names & requests
    }


def test_document_is_found_in_the_checkout() -> None:
    assert Path(__file__).parents[2] / "openapi" / "ventia.yaml" == DOCUMENT
