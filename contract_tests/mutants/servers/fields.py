"""Faulty checks of single fields: enums, types, identifiers, URLs."""

from __future__ import annotations

import re
from collections.abc import Callable

from contract_tests.mutants.registry import misreads
from contract_tests.mutants.servers.vocabulary import (
    BUSINESS,
    KNOWN,
    SENDERS,
    SESSION,
    changed,
    has,
    spoilt,
    without,
    word,
)
from contract_tests.wire.request import Request

# Enums.


@misreads
def accepts_sms_as_medium(request: Request) -> Request:
    """Accepts 'sms' as medium, and takes it for 'unofficial_wpp'."""
    return changed(request, medium=SESSION) if word(request, "medium") == "sms" else request


@misreads
def accepts_sticker_as_media_type(request: Request) -> Request:
    """Accepts 'sticker' as mediaType, and takes it for 'image'."""
    return changed(request, mediaType="image") if word(request, "mediaType") == "sticker" else request


@misreads
def accepts_any_media_type_beside_a_text(request: Request) -> Request:
    """Does not look at the mediaType of a message that has a text too."""
    return (
        changed(request, mediaType="image")
        if has(request, "text", "mediaUrl") and word(request, "mediaType")
        else request
    )


@misreads
def reads_enums_in_any_case(request: Request) -> Request:
    """Accepts capital letters in an enum."""
    return _with_enums(request, str.lower)


@misreads
def reads_enums_without_the_blanks_around_them(request: Request) -> Request:
    """Ignores white space around the value of an enum."""
    return _with_enums(request, str.strip)


def _with_enums(request: Request, read: Callable[[str], str]) -> Request:
    members = {"medium": (SESSION, BUSINESS), "mediaType": ("image", "audio", "video", "file")}
    meant = {name: read(word(request, name)) for name in members if read(word(request, name)) in members[name]}
    return changed(request, **meant) if meant else request


# Types.


@misreads
def accepts_null_as_text(request: Request) -> Request:
    """Accepts null for an empty text."""
    return changed(request, text="") if has(request, "text") and request.fields["text"] is None else request


@misreads
def makes_texts_of_numbers(request: Request) -> Request:
    """Accepts a number in the place of any text."""
    numbers = {name: str(value) for name, value in request.fields.items() if type(value) in (int, float)}
    return changed(request, **numbers) if numbers else request


# Identifiers.


def _with_ids(request: Request, form: str) -> Request:
    """The request with a known sender for each sender whose identifier has this wrong form."""
    right = re.compile("[0-9a-fA-F]{24}")
    wrong = {name: word(request, name) for name in SENDERS if not right.fullmatch(word(request, name))}
    meant = {name: KNOWN[name] for name, value in wrong.items() if re.fullmatch(form, value)}
    return changed(request, **meant) if meant else request


@misreads
def accepts_object_ids_with_blanks_around(request: Request) -> Request:
    """Trims the identifiers of senders."""
    return _with_ids(request, r"\s*[0-9a-fA-F]{24}\s*")


@misreads
def accepts_object_ids_of_23_digits(request: Request) -> Request:
    """Accepts the identifier of a sender that lacks a digit."""
    return _with_ids(request, "[0-9a-fA-F]{23}")


@misreads
def accepts_object_ids_of_12_characters(request: Request) -> Request:
    """Accepts any 12 characters for a sender, as the drivers of Mongo do."""
    return _with_ids(request, "(?s).{12}")


@misreads
def accepts_object_ids_of_any_24_characters(request: Request) -> Request:
    """Looks only at the length of a sender's identifier."""
    return _with_ids(request, "(?s).{24}")


@misreads
def accepts_object_ids_with_a_newline_at_the_end(request: Request) -> Request:
    """Accepts the identifier of a sender and a newline, as a pattern does that ends with `$`."""
    return _with_ids(request, "[0-9a-fA-F]{24}\n")


@misreads
def accepts_object_ids_that_are_uuids(request: Request) -> Request:
    """Accepts a UUID for a sender."""
    return _with_ids(request, "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@misreads
def refuses_object_ids_in_capitals(request: Request) -> Request:
    """Refuses an identifier of a sender with a capital, which is valid."""
    refused = [name for name in SENDERS if re.search("[A-F]", word(request, name))]
    return spoilt(request, refused[0]) if refused else request


# URLs.


@misreads
def accepts_a_media_url_that_is_any_text(request: Request) -> Request:
    """Accepts any text as mediaUrl."""
    return changed(request, mediaUrl=_URL) if isinstance(request.fields.get("mediaUrl"), str) else request


@misreads
def accepts_a_media_url_that_begins_with_http(request: Request) -> Request:
    """Looks only whether a mediaUrl begins with http."""
    return changed(request, mediaUrl=_URL) if word(request, "mediaUrl").startswith("http") else request


@misreads
def refuses_a_media_url_with_a_query(request: Request) -> Request:
    """Refuses a mediaUrl with a query, which is valid."""
    return spoilt(request, "mediaUrl") if "?" in word(request, "mediaUrl") else request


_URL = "https://files.example.com/a.pdf"


@misreads
def takes_an_empty_template_for_none(request: Request) -> Request:
    """Leaves a template without characters out."""
    return without(request, "template") if request.fields.get("template") == "" else request


@misreads
def trims_a_template(request: Request) -> Request:
    """Takes a blank template for none."""
    is_blank = word(request, "template").isspace()
    return without(request, "template") if is_blank else request


@misreads
def takes_a_mime_type_for_a_media_type(request: Request) -> Request:
    """Accepts image/jpeg as the kind of media."""
    is_mime = word(request, "mediaType").startswith("image/")
    return changed(request, mediaType="image") if is_mime else request


@misreads
def takes_the_spelled_out_name_of_a_medium(request: Request) -> Request:
    """Accepts the medium as people write it."""
    is_name = word(request, "medium") == "WhatsApp Business"
    return changed(request, medium="whatsapp_business") if is_name else request


@misreads
def reads_identifiers_as_mongodb_writes_them(request: Request) -> Request:
    """Accepts an object with `$oid` for a channelId."""
    value = request.fields.get("channelId")
    wrapped = value.get("$oid") if isinstance(value, dict) else None
    return changed(request, channelId=wrapped) if isinstance(wrapped, str) else request
