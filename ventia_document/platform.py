"""Names by which a document says what the platform knows and answers: kinds of things, media, and responses."""

from __future__ import annotations

from collections.abc import Mapping

from ventia_document.operations import Part, resolve
from ventia_document.source import Json, pointer
from ventia_document.structure import nodes

IDENTIFIES = "x-identifies"
KINDS = ("contact", "channel", "user", "integration", "template", "message")
"""The kinds of things that a parameter or a field can identify."""

FIELDS = KINDS[1:]
"""The kinds of things that a message must have a field for."""

SESSION, INTEGRATION = "unofficial_wpp", "whatsapp_business"
"""The media of a user's own integrations."""

INVALID = "invalidRequestBody"
"""The name of the documented response to a message that breaks a rule without a response of its own."""

NOT_ONLINE, NOT_ACTIVE, QUEUED = "sessionNotOnline", "noActiveIntegration", "messageQueued"
RESPONSES = (INVALID, NOT_ACTIVE, NOT_ONLINE, QUEUED)
"""The names of the documented responses that the platform's rules give."""


def fields(document: Json, body: Part) -> dict[str, str]:
    """The field of a message that identifies a thing, by the kind of thing."""
    described = properties(document, body).items()
    return {field[IDENTIFIES]: name for name, field in described if isinstance(field, dict) and IDENTIFIES in field}


def properties(document: Json, body: Part) -> Mapping[str, Json]:
    """The described fields of a message."""
    schema = resolve(document, body.at + "/schema").value if "schema" in body.value else {}
    described: Mapping[str, Json] = schema.get("properties", {}) if isinstance(schema, dict) else {}
    return described


def medium(document: Json, body: Part) -> str:
    """The field that the user's field requires, for the medium of a message; '' for none."""
    schema, user = resolve(document, body.at + "/schema"), fields(document, body).get("user")
    media = {name for name in properties(document, body) if _names_media(document, schema, name)}
    needed = [name for _, node in nodes(schema.value) for name in node.get("dependentRequired", {}).get(user, [])]
    return next((name for name in needed if name in media), "")


def _names_media(document: Json, schema: Part, name: str) -> bool:
    field = resolve(document, f"{schema.at}/properties{pointer(name)}").value
    return isinstance(field, dict) and {SESSION, INTEGRATION} <= {
        each for each in field.get("enum", ()) if isinstance(each, str)
    }
