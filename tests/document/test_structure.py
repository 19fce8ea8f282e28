"""Which part of a document refers to which."""

from __future__ import annotations

from ventia_document import DOCUMENT
from ventia_document.source import Json, lookup, read
from ventia_document.structure import Reference, is_within, reached, references

REF = "#/components/schemas"
PETS: Json = {
    "security": [{"Key": [], "Basic": []}],
    "paths": {
        "/pets": {
            "get": {
                "security": [{}, {"Token": []}],
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": f"{REF}/Pet"}}}}},
            }
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "properties": {"$ref": {"type": "string"}, "owner": {"$ref": f"{REF}/Owner/properties/name"}},
                "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "dog": f"{REF}/Dog"}},
                "examples": [{"$ref": "data, not a reference"}],
            },
            "Owner": {"properties": {"name": {"type": "string"}, "home": {"$ref": f"{REF}/Home"}}},
            "Home": {"$dynamicRef": "#Elsewhere"},
            "Cat": {},
            "Dog": {"$ref": "other.yaml#/Dog"},
            "Unused": {"not": {"$ref": f"{REF}/Unused"}},
            "AlsoUnused": {"not": {"$ref": f"{REF}/Home"}},
        }
    },
}
AT, TO = "/paths/~1pets/get", "/components/schemas"


def test_references_are_of_each_kind_with_their_places() -> None:
    assert {
        Reference("/security/0", "security", "Key", "/components/securitySchemes/Key"),
        Reference("/security/0", "security", "Basic", "/components/securitySchemes/Basic"),
        Reference(f"{AT}/security/1", "security", "Token", "/components/securitySchemes/Token"),
        Reference(f"{AT}/responses/200/content/application~1json/schema", "$ref", f"{REF}/Pet", f"{TO}/Pet"),
        Reference(f"{TO}/Pet/properties/owner", "$ref", f"{REF}/Owner/properties/name", f"{TO}/Owner/properties/name"),
        Reference(f"{TO}/Pet/discriminator", "mapping", "Cat", f"{TO}/Cat"),
        Reference(f"{TO}/Pet/discriminator", "mapping", f"{REF}/Dog", f"{TO}/Dog"),
        Reference(f"{TO}/Owner/properties/home", "$ref", f"{REF}/Home", f"{TO}/Home"),
        Reference(f"{TO}/Home", "$dynamicRef", "#Elsewhere", "Elsewhere"),
        Reference(f"{TO}/Dog", "$ref", "other.yaml#/Dog", None),
        Reference(f"{TO}/Unused/not", "$ref", f"{REF}/Unused", f"{TO}/Unused"),
        Reference(f"{TO}/AlsoUnused/not", "$ref", f"{REF}/Home", f"{TO}/Home"),
    } == set(references(PETS))


def test_reached_is_what_a_path_leads_to_directly_or_through_components() -> None:
    """A component counts as a whole: deleting what another property of it refers to would break it."""
    found = {at for at in reached(PETS) if at.startswith(TO)}
    assert {f"{TO}/{name}" for name in ("Pet", "Owner/properties/name", "Home", "Cat", "Dog")} == found


def test_every_reference_of_the_projects_document_leads_to_a_part_of_it() -> None:
    document = read(DOCUMENT).value
    for reference in references(document):
        assert reference.to is not None
        assert lookup(document, reference.to) is not None


def test_a_part_is_within_itself_and_what_holds_it_but_not_within_one_of_a_like_name() -> None:
    assert is_within("/a/b", "/a/b")
    assert is_within("/a/b", "/a")
    assert is_within("/a/b", "")
    assert not is_within("/ab", "/a")
    assert not is_within("/a", "/a/b")
