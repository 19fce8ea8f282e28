"""The table of keywords agrees with the metaschemas of JSON Schema 2020-12, and with the client's checks."""

from __future__ import annotations

import pytest
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # it has no types

from ventia_document.keywords import IN_PLACE, KEYWORDS, Holds, Role, holding, subschemas
from ventia_document.source import Json

VOCABULARIES = ("core", "applicator", "unevaluated", "validation", "format-annotation", "content", "meta-data")
OF_OPENAPI = {"discriminator", "externalDocs", "xml"}


def vocabulary(name: str) -> dict[str, Json]:
    metaschema = REGISTRY.contents(f"https://json-schema.org/draft/2020-12/meta/{name}")
    assert isinstance(metaschema, dict)
    return dict(metaschema["properties"])


STANDARD = {keyword: schema for name in VOCABULARIES for keyword, schema in vocabulary(name).items()}


def holds(schema: Json) -> Holds:
    """The schemas in a keyword's value, as its metaschema says."""
    if schema is True:
        return Holds.NONE
    if "$dynamicRef" in schema:
        return Holds.ONE
    if schema.get("$ref") == "#/$defs/schemaArray":
        return Holds.LIST
    return Holds.NAMED if "$dynamicRef" in str(schema.get("additionalProperties")) else Holds.NONE


def test_the_keywords_are_those_of_the_standard_and_of_openapi() -> None:
    assert STANDARD.keys() | OF_OPENAPI == KEYWORDS.keys()


@pytest.mark.parametrize("keyword", STANDARD)
def test_a_keyword_holds_the_schemas_that_the_standard_says(keyword: str) -> None:
    assert holds(STANDARD[keyword]) is KEYWORDS[keyword].holds


def test_the_in_place_applicators_are_those_of_the_standard() -> None:
    """JSON Schema 2020-12, section 10.2."""
    assert {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"} == IN_PLACE
    assert frozenset() == IN_PLACE & holding(Holds.NONE)


def test_a_keyword_with_a_type_of_its_own_is_a_rule_but_for_those_of_content() -> None:
    """JSON Schema 2020-12, section 8: the keywords of content are annotations."""
    noted = {keyword.name for keyword in KEYWORDS.values() if keyword.of and keyword.role is not Role.RULE}
    assert {"contentEncoding", "contentMediaType", "contentSchema"} == noted


def test_subschemas_are_found_in_every_keyword_that_holds_some() -> None:
    schema = {
        "allOf": [True, {"title": "second"}],
        "not": {"title": "not"},
        "properties": {"a/b": {"title": "property"}, "not": True},
        "enum": [{"not": {}}],
        "x-own": {"title": "no schema"},
    }
    found = dict(subschemas(schema))
    assert ["/allOf/0", "/allOf/1", "/not", "/properties/a~1b", "/properties/not"] == list(found)
    assert {"title": "property"} == found["/properties/a~1b"]
