"""Lies about the values of single fields: enums, types, identifiers, URLs."""

from __future__ import annotations

import re
from collections.abc import Callable

from contract_tests.mutants.registry import Asked, misreads
from contract_tests.mutants.servers.vocabulary import BUSINESS, KNOWN, SENDERS, SESSION, changed, has, spoilt, word

# Enums.


@misreads
def accepts_sms_as_medium(asked: Asked) -> Asked:
    """Accepts 'sms' as medium, and takes it for 'unofficial_wpp'."""
    return changed(asked, medium=SESSION) if word(asked, "medium") == "sms" else asked


@misreads
def accepts_sticker_as_media_type(asked: Asked) -> Asked:
    """Accepts 'sticker' as mediaType, and takes it for 'image'."""
    return changed(asked, mediaType="image") if word(asked, "mediaType") == "sticker" else asked


@misreads
def accepts_any_media_type_beside_a_text(asked: Asked) -> Asked:
    """Does not look at the mediaType of a message that has a text too."""
    return changed(asked, mediaType="image") if has(asked, "text", "mediaUrl") and word(asked, "mediaType") else asked


@misreads
def reads_enums_in_any_case(asked: Asked) -> Asked:
    """Takes capitals in an enum for small letters."""
    return _with_enums(asked, str.lower)


@misreads
def reads_enums_without_the_blanks_around_them(asked: Asked) -> Asked:
    """Ignores white space around the value of an enum."""
    return _with_enums(asked, str.strip)


def _with_enums(asked: Asked, read: Callable[[str], str]) -> Asked:
    members = {"medium": (SESSION, BUSINESS), "mediaType": ("image", "audio", "video", "file")}
    meant = {name: read(word(asked, name)) for name in members if read(word(asked, name)) in members[name]}
    return changed(asked, **meant) if meant else asked


# Types.


@misreads
def accepts_null_as_text(asked: Asked) -> Asked:
    """Takes a text that is null for an empty one."""
    return changed(asked, text="") if has(asked, "text") and asked.fields["text"] is None else asked


@misreads
def makes_texts_of_numbers(asked: Asked) -> Asked:
    """Accepts a number in the place of any text."""
    numbers = {name: str(value) for name, value in asked.fields.items() if type(value) in (int, float)}
    return changed(asked, **numbers) if numbers else asked


# Identifiers.


def _with_ids(asked: Asked, form: str) -> Asked:
    """The same with known senders for those whose identifiers have this form, and not the right one."""
    right = re.compile("[0-9a-fA-F]{24}")
    given = {name: word(asked, name) for name in SENDERS if not right.fullmatch(word(asked, name))}
    meant = {name: KNOWN[name] for name, value in given.items() if re.fullmatch(form, value)}
    return changed(asked, **meant) if meant else asked


@misreads
def accepts_object_ids_with_blanks_around(asked: Asked) -> Asked:
    """Trims the identifiers of senders."""
    return _with_ids(asked, r"\s*[0-9a-fA-F]{24}\s*")


@misreads
def accepts_object_ids_of_23_digits(asked: Asked) -> Asked:
    """Accepts the identifier of a sender that lacks a digit."""
    return _with_ids(asked, "[0-9a-fA-F]{23}")


@misreads
def accepts_object_ids_of_12_characters(asked: Asked) -> Asked:
    """Accepts any 12 characters for a sender, as the drivers of Mongo do."""
    return _with_ids(asked, "(?s).{12}")


@misreads
def accepts_object_ids_of_any_24_characters(asked: Asked) -> Asked:
    """Looks only at the length of a sender's identifier."""
    return _with_ids(asked, "(?s).{24}")


@misreads
def accepts_object_ids_with_a_newline_at_the_end(asked: Asked) -> Asked:
    """Accepts the identifier of a sender and a newline, as a pattern does that ends with `$`."""
    return _with_ids(asked, "[0-9a-fA-F]{24}\n")


@misreads
def accepts_object_ids_that_are_uuids(asked: Asked) -> Asked:
    """Accepts a UUID for a sender."""
    return _with_ids(asked, "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@misreads
def refuses_object_ids_in_capitals(asked: Asked) -> Asked:
    """Refuses an identifier of a sender with a capital, which is valid."""
    refused = [name for name in SENDERS if re.search("[A-F]", word(asked, name))]
    return spoilt(asked, refused[0]) if refused else asked


# URLs.


@misreads
def accepts_a_media_url_that_is_any_text(asked: Asked) -> Asked:
    """Accepts any text as mediaUrl."""
    return changed(asked, mediaUrl=_URL) if isinstance(asked.fields.get("mediaUrl"), str) else asked


@misreads
def accepts_a_media_url_that_begins_with_http(asked: Asked) -> Asked:
    """Looks only whether a mediaUrl begins with http."""
    return changed(asked, mediaUrl=_URL) if word(asked, "mediaUrl").startswith("http") else asked


@misreads
def refuses_a_media_url_with_a_query(asked: Asked) -> Asked:
    """Refuses a mediaUrl with a query, which is valid."""
    return spoilt(asked, "mediaUrl") if "?" in word(asked, "mediaUrl") else asked


_URL = "https://files.example.com/a.pdf"
