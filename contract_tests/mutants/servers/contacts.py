"""Faulty checks of the contact in the path."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from contract_tests.mutants.registry import misreads
from contract_tests.wire.request import Request

_RIGHT, _SAMPLE = "[0-9a-fA-F]{24}|string", "66f1a2b33c4d5e0067f8a9b0"


def _to_sample(request: Request, form: str) -> Request:
    """The request to a known contact, if its contact has this wrong form."""
    start, contact, end = request.path.rsplit("/", 2)
    is_taken = re.fullmatch(form, unquote(contact)) and not re.fullmatch(_RIGHT, unquote(contact))
    return replace(request, path=f"{start}/{_SAMPLE}/{end}") if is_taken else request


@misreads
def accepts_a_contact_of_any_form(request: Request) -> Request:
    """Accepts whatever the contact is."""
    return _to_sample(request, "(?s).*")


@misreads
def accepts_a_contact_of_23_digits(request: Request) -> Request:
    """Accepts a contact that lacks a digit."""
    return _to_sample(request, "[0-9a-fA-F]{23}")


@misreads
def takes_an_address_of_whatsapp_for_a_contact(request: Request) -> Request:
    """Accepts a contact that ends in @c.us."""
    return _to_sample(request, r".*@c\.us")
