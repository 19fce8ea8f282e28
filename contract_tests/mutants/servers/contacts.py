"""Faulty checks of the contact in the path."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from contract_tests.mutants.registry import misanswers, misreads
from contract_tests.mutants.servers.vocabulary import USER, has
from contract_tests.wire.request import Request
from contract_tests.wire.response import Response

_RIGHT, _SAMPLE, _OTHER = "[0-9a-fA-F]{24}|string", "66f1a2b33c4d5e0067f8a9b0", "66f1a2b33c4d5e0067f8a9b1"


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


@misreads
def drops_matrix_parameters_of_the_path(request: Request) -> Request:
    """Drops what stands behind a semicolon in a segment of the path."""
    return replace(request, path=re.sub(r";[^/]*", "", request.path))


@misreads
def delivers_to_another_contact(request: Request) -> Request:
    """Delivers what goes through a user to another contact."""
    return replace(request, path=request.path.replace(_SAMPLE, _OTHER)) if has(request, USER) else request


@misanswers
def takes_a_malformed_contact_for_an_unknown_one(_: Request, response: Response) -> Response:
    """Says of a contact of a wrong form that it is not the company's."""
    is_about_it = str(response.fields.get("details")).startswith("idcontact: ")
    details = "idcontact: Must be one of the contacts of the company"
    return response.with_json({**response.fields, "details": details}) if is_about_it else response
