"""Documents other than the project's: what is served is what the document says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.stand_in import DETAILED_PROBLEM, JSON_TYPE, PETS, PROBLEM, client_of, got, without_mends
from ventia_document.check import read_sound
from ventia_document.source import DocumentError, Json
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY

CAT, DOG = (200, {"name": "Tom"}), (200, {"name": "Rex"})
PET_HEADERS = {"x-key": SAMPLE_KEY, "x-mode": "fast"}


def platform_of(folder: Path, text: str) -> StandIn:
    path = folder / "pets.yaml"
    path.write_text(text, encoding="utf-8")
    return StandIn(read_sound(path))


@pytest.fixture(scope="module")
def pets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    text = PETS.replace("schema: true}", "schema: {}}")
    with client_of(platform_of(tmp_path_factory.mktemp("pets"), text)) as client:
        client.headers.update(PET_HEADERS)
        yield client


@pytest.mark.parametrize(
    "query",
    [
        "",
        *("?limit=1", "?limit=9", "?limit=1.0", "?limit=1e2", "?limit=" + "9" * 300),
        *("?ratio=1", "?ratio=-0.5", "?ratio=1E-3"),
        *("?tag=1", "?tag=1&tag=2", "?mark=1", "?mark=1,2", "?mark=1%2C2", "?word=1&word=true&word=", "?word=a,b"),
        *("?all=true", "?all=false"),
        *("?unknown=1", "?limit=1&ratio=2&tag=3&all=true", "?&&"),
    ],
)
def test_valid_parameters_of_any_type_are_accepted(pets: httpx.Client, query: str) -> None:
    assert CAT == got(pets.get(f"/v2/pets/7{query}"))


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("?limit=0", "limit: Must be at least 1"),
        ("?limit=-1", "limit: Must be at least 1"),
        ("?limit=1&limit=2", "limit: Must be given once"),
        *[
            (f"?limit={text}", "limit: Must be of type integer")
            for text in ("x", "", "1.5", "0x1", "01", "+1", "1_0", "true")
        ],
        *[
            (f"?limit={text}", "limit: Must be of type integer")
            for text in ("%D9%A1", "%201", "1%0A", "null", "[1]", "1e999")
        ],
        ("?limit=" + "9" * 500, "limit: Must be of type integer"),
        *[
            (f"?ratio={text}", "ratio: Must be of type number")
            for text in (".5", "1.", "1,5", "NaN", "Infinity", "1e999")
        ],
        ("?tag=1&tag=2&tag=3", "tag: Must have at most 2 items"),
        ("?tag=a", "tag.0: Must be of type integer"),
        ("?tag=1,2", "tag.0: Must be of type integer"),
        ("?mark=1,2,3", "mark: Must have at most 2 items"),
        ("?mark=1,b", "mark.1: Must be of type integer"),
        ("?tag=1&tag=2,3", "tag.1: Must be of type integer"),
        ("?tag=", "tag.0: Must be of type integer"),
        *[(f"?all={text}", "all: Must be of type boolean") for text in ("1", "TRUE", "yes", "")],
        ("?limit=0&all=1", "limit: Must be at least 1; all: Must be of type boolean"),
    ],
)
def test_invalid_parameters_are_refused_by_name_and_rule(pets: httpx.Client, query: str, refusal: str) -> None:
    status, value = got(pets.get(f"/v2/pets/7{query}"))
    assert (400, refusal) == (status, without_mends(value["details"]))
    assert [] == DETAILED_PROBLEM.violations(value)


def test_path_parameter_of_another_type_is_refused(pets: httpx.Client) -> None:
    for text in ("x", "1.5", "%20"):
        assert "pet-id: Must be of type integer" == without_mends(pets.get(f"/v2/pets/{text}").json()["details"])


def test_header_parameter_is_found_whatever_its_case(pets: httpx.Client) -> None:
    assert CAT == got(pets.get("/v2/pets/7", headers={"X-MODE": "slow"}))
    assert "x-mode: Must be one of fast, slow" == without_mends(
        pets.get("/v2/pets/7", headers={"x-mode": "Slow"}).json()["details"]
    )


def test_missing_and_repeated_header_parameters_are_refused(pets: httpx.Client) -> None:
    bare = httpx.Request("GET", pets.base_url.join("/v2/pets/7"), headers={"X-Key": SAMPLE_KEY})
    twice = httpx.Request(
        "GET", pets.base_url.join("/v2/pets/7"), headers=[("X-Key", SAMPLE_KEY), ("x-mode", "fast"), ("X-Mode", "fast")]
    )
    assert "x-mode: Must be given" == pets.send(bare).json()["details"]
    assert "x-mode: Must be given once" == pets.send(twice).json()["details"]


def test_list_in_a_header_is_divided_by_commas(pets: httpx.Client) -> None:
    assert CAT == got(pets.get("/v2/pets/7", headers={"X-Marks": "1,2,3"}))
    assert "x-marks.1: Must be of type integer" == without_mends(
        pets.get("/v2/pets/7", headers={"X-Marks": "1,b"}).json()["details"]
    )


def test_cookie_parameter_is_checked(pets: httpx.Client) -> None:
    assert CAT == got(pets.get("/v2/pets/7", headers={"Cookie": "taste=sweet; other=1"}))
    assert "taste: Must be one of sweet" == without_mends(
        pets.get("/v2/pets/7", headers={"Cookie": "taste=sour"}).json()["details"]
    )


def test_key_in_the_documents_header_is_the_key(pets: httpx.Client) -> None:
    assert 401 == pets.get("/v2/pets/7", headers={"X-Key": "x"}).status_code
    assert CAT == got(pets.get("/v2/pets/7", headers={"X-KEY": SAMPLE_KEY}))


def test_refused_key_without_an_answer_of_its_own_gets_the_default(pets: httpx.Client) -> None:
    response = pets.get("/v2/pets/7", headers={"X-Key": ""})
    assert (401, b"") == (response.status_code, response.content)


def test_refused_key_without_a_documented_answer_is_a_problem(tmp_path: Path) -> None:
    text = PETS.replace("        default:\n          description: Something else.\n", "").replace(
        "schema: true}", "schema: {}}"
    )
    with client_of(platform_of(tmp_path, text)) as client:
        status, value = got(client.get("/v2/pets/7", headers={**PET_HEADERS, "X-Key": ""}))
    assert 401 == status
    assert [] == PROBLEM.violations(value)


def test_operation_without_security_needs_no_key(pets: httpx.Client) -> None:
    assert 201 == pets.post("/v2/pets/mine", headers={"X-Key": ""}).status_code
    assert 200 == pets.delete("/v2/pets/7", headers={"X-Key": ""}).status_code


def test_response_without_content_has_no_body(pets: httpx.Client) -> None:
    response = pets.delete("/v2/pets/7")
    assert (200, b"") == (response.status_code, response.content)
    assert "content-type" not in response.headers


@pytest.mark.parametrize(
    ("prefer", "answer"),
    [
        ("example=cat", CAT),
        ("example=dog", DOG),
        ("code=200", CAT),
        ("code=404", (404, {"success": False, "error": "No such pet"})),
    ],
)
def test_response_of_another_document_can_be_preferred(
    pets: httpx.Client, prefer: str, answer: tuple[int, Json]
) -> None:
    """By the name that it has in the response, be it a reference or not."""
    assert answer == got(pets.get("/v2/pets/7", headers={"Prefer": prefer}))


def test_example_of_a_parameter_gets_the_answer_of_its_name(pets: httpx.Client) -> None:
    assert (200, {"name": "Ara"}) == got(pets.get("/v2/pets/3"))
    assert (200, {"name": "Ara"}) == got(pets.get("/v2/pets/3.0"))
    assert CAT == got(pets.get("/v2/pets/30"))


def test_body_that_need_not_be_given_is_checked_if_it_is(pets: httpx.Client) -> None:
    assert 201 == pets.post("/v2/pets/mine").status_code
    assert 201 == pets.post("/v2/pets/mine", json={}).status_code


@pytest.mark.parametrize("body", [b"[]", b"{"])
def test_refusal_documented_without_content_is_given_by_its_status(pets: httpx.Client, body: bytes) -> None:
    assert 400 == pets.post("/v2/pets/mine", content=body, headers=JSON_TYPE).status_code


def test_schemas_example_is_the_answer_where_the_response_has_none(pets: httpx.Client) -> None:
    assert (200, {"name": "Own"}) == got(pets.get("/v2/pets/mine/", headers={"X-Key": ""}))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("{}", {}),
        ("{type: string}", "string"),
        ("{enum: [b, a]}", "b"),
        ("{type: integer, default: 5}", 5),
        ("{const: null}", None),
        ("{type: array, items: {type: boolean}}", [True]),
        ("{properties: {a: {const: 1}, b: {$ref: '#/components/schemas/Mode'}}}", {"a": 1, "b": "fast"}),
        ("{allOf: [{properties: {a: {const: 1}}}, {properties: {b: {const: 2}}}]}", {"a": 1, "b": 2}),
        ("{oneOf: [{const: 1}, {const: 2}]}", 1),
    ],
)
def test_answer_without_an_example_is_made_of_its_schema(tmp_path: Path, schema: str, value: Json) -> None:
    text = PETS.replace("schema: true}", "schema: {}}").replace("example: {name: Own}", f"schema: {schema}")
    with client_of(platform_of(tmp_path, text)) as client:
        assert (200, value) == got(client.get("/v2/pets/mine"))


def test_path_without_variables_goes_before_one_with_them(pets: httpx.Client) -> None:
    """As OpenAPI says of `paths`, whatever their order."""
    assert (200, {"name": "Own"}) == got(pets.get("/v2/pets/mine"))


def test_unknown_method_is_refused_with_every_served_one(pets: httpx.Client) -> None:
    response = pets.put("/v2/pets/7")
    assert (405, "GET, DELETE") == (response.status_code, response.headers["allow"])


def test_unknown_path_is_refused_with_every_served_one(pets: httpx.Client) -> None:
    assert "path: Must be /v2/pets/{pet-id} or /v2/pets/mine/ or /v2/pets/mine" == pets.get("/pets/7").json()["details"]


def test_every_alternative_of_security_is_enough_and_each_is_needed_whole(tmp_path: Path) -> None:
    schemes = (
        "    Key: {type: apiKey, in: header, name: X-Key}\n"
        "    Query: {type: apiKey, in: query, name: apiKey}\n"
        "    Cookie: {type: apiKey, in: cookie, name: key}\n"
    )
    text = PETS.replace("  - Key: []\n", "  - {Key: [], Query: []}\n  - {Cookie: []}\n").replace(
        "schema: true}", "schema: {}}"
    )
    text = text.replace("    Key: {type: apiKey, in: header, name: X-Key}\n", schemes)
    cookie = {"Cookie": f"key={SAMPLE_KEY}"}
    with client_of(platform_of(tmp_path, text)) as client:

        def status(query: dict[str, str], headers: dict[str, str]) -> int:
            return client.get("/v2/pets/7", params=query, headers={"x-mode": "fast"} | headers).status_code

        assert 200 == status({"apiKey": SAMPLE_KEY}, {"X-Key": SAMPLE_KEY})
        assert 200 == status({}, cookie)
        assert 401 == status({}, {"X-Key": SAMPLE_KEY})
        assert 401 == status({"apiKey": SAMPLE_KEY}, {})
        assert 401 == status({"apiKey": SAMPLE_KEY}, {"X-Key": "other"})
        assert 401 == status({"apikey": SAMPLE_KEY}, {"X-Key": SAMPLE_KEY})


REFUSED = {
    "an answer without an example": (
        "              example: {success: false, error: No such pet}",
        "              x-none: true  # here",
        "no example to answer with",
    ),
    "an answer that cannot be made of its schema": (
        "              example: {success: false, error: No such pet}",
        "              schema: {type: string, pattern: ^9+$}  # here",
        "no example to answer with, and its schema makes none",
    ),
    "an example that is elsewhere": (
        "                cat: {value: {name: Tom}}\n                dog: {$ref: '#/components/examples/Rex'}\n"
        "                bird: {value: {name: Ara}}",
        "                cat: {externalValue: https://example.com/cat}",
        "no example to answer with",
    ),
    "no success": ("        2XX:\n", "        '404':  # here\n", "no response of 2xx"),
    "no responses": (
        "      responses:\n        2XX:\n          description: Gone.\n",
        "      summary: Do\n",
        "/paths/~1pets~1{pet-id}/delete/responses: no response of 2xx",
    ),
    "basic authorization": (
        "{type: apiKey, in: header, name: X-Key}",
        "{type: http, scheme: basic}",
        "other than a key",
    ),
    "an unknown security scheme": ("        - {}\n", "        - {Nope: []}  # here\n", "Nope"),
    "a parameter with content": (
        "{name: ratio, in: query, schema: {type: number}}",
        "{name: ratio, in: query, content: {application/json: {schema: {}}}}  # here",
        "",
    ),
    "an invalid example": ("{type: object, examples: [{name: Own}]}", "{type: object, examples: [1]}  # here", ""),
    "an unknown reference": ("schemas/Mode'", "schemas/Mood'", "leads nowhere"),
}
"""What a document must not have to be served: a text of PETS, what it becomes, and words of the refusal."""


@pytest.mark.parametrize("what", REFUSED)
def test_document_that_cannot_be_served_is_refused_with_its_place(tmp_path: Path, what: str) -> None:
    old, new, words = REFUSED[what]
    assert 1 == PETS.count(old)
    text = PETS.replace("schema: true}", "schema: {}}").replace(old, new)
    with pytest.raises(DocumentError) as caught:
        platform_of(tmp_path, text)
    place = re.match(rf"{re.escape(str(tmp_path / 'pets.yaml'))}:(\d+):\d+: /", str(caught.value))
    assert place, str(caught.value)
    assert words in str(caught.value)
    marked = [str(number) for number, line in enumerate(text.splitlines(), 1) if "# here" in line]
    assert place[1] in (marked or place[1])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: true}", "schema: true}"),
        (
            "    Key: {type: apiKey, in: header, name: X-Key}",
            "    Own: {type: apiKey, in: header, name: X-Key}\n    Key: {$ref: '#/components/securitySchemes/Own'}",
        ),
        ("servers:\n  - url: https://example.com/v2/\n", "servers: []\n"),
        ("servers:\n  - url: https://example.com/v2/\n", ""),
    ],
    ids=["a schema that is true", "a reference to a security scheme", "an empty list of servers", "no servers"],
)  # fmt: skip
def test_document_with_less_common_parts_is_served(tmp_path: Path, old: str, new: str) -> None:
    text = PETS.replace("schema: true}", "schema: {}}") if old != new else PETS
    platform = platform_of(tmp_path, text.replace(old, new))
    with client_of(platform) as client:
        assert CAT == got(client.get(f"{platform.base_path}/pets/7", headers=PET_HEADERS))
