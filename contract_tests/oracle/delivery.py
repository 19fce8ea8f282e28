"""Compares a message that a server's inbox shows with the request that sent it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import unquote

from contract_tests.wire.request import Request
from ventia_document.source import Json


def difference(request: Request, delivered: Json, fields: Collection[str]) -> str:
    """Says in which of the document's fields, or in which contact, they differ; '' if in none.

    Args:
        delivered: the record of the inbox, with the message as its `body`.
    """
    # An inbox shows no key, and a body in another charset is not read here.
    if request.has_key_in_body or not request.fields:
        return ""
    contact = delivered.get("contact")
    if isinstance(contact, str) and contact.lower() not in unquote(request.path).lower():
        return f"delivered to the contact {contact!r:.80}, which is not the request's"
    body = delivered.get("body")
    message = body if isinstance(body, dict) else {}
    for name in fields:
        sent, came = request.fields.get(name), message.get(name)
        if sent != came:
            return f"delivered {_named(name, came)}, by its own account, where the request has {_named(name, sent)}"
    return ""


def _named(name: str, value: Json) -> str:
    if value is None:
        return f"no {name}"
    if isinstance(value, str) and len(value) > _MOST:
        return f"the {name} {value[:_MOST]!r} of {len(value):,} characters"
    return f"the {name} {value!r}"


_MOST = 60
