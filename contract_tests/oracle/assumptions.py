"""The facts that the page does not state and that a request rests on, by their names in `openapi/EVIDENCE.md`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from contract_tests.oracle.requests import Verdict, Violation, compiled
from contract_tests.wire.keys import holds_key
from contract_tests.wire.request import Request
from ventia_document.operations import Operation, resolve
from ventia_document.platform import IDENTIFIES
from ventia_document.source import Json


class Assumption(StrEnum):
    """A fact that the document infers or assumes, by its name in the evidence."""

    KEY_FIRST = "the key first"
    SEVERAL_KEYS = "several keys"
    QUOTED_KEYS = "quoted keys"
    CONTACT = "form of the contact"
    CHANNEL = "foreign channel"
    TEMPLATE = "template elsewhere"
    IDENTIFIERS = "form of identifiers"
    CASE = "case of identifiers"
    UNKNOWN_FIELDS = "unknown fields"
    COMBINATIONS = "combinations"
    NULL = "null"
    NAMES = "case of names"
    CHARACTERS = "characters"
    LENGTHS = "lengths"
    MEANING = "meaning of texts"
    MEDIA = "media"
    URLS = "form of URLs"
    QUOTING = "quoting"
    CONTENT_TYPES = "content types"
    ENCODING = "encoding"
    LENIENT = "lenient JSON"
    OPEN = "left open"
    ACCEPT = "Accept"
    METHODS = "other methods"
    QUEUEING = "queueing"
    DUPLICATES = "duplicates"
    DETAILS = "words of details"
    FURTHER_FIELDS = "further fields"
    LIMIT_BODY = "body of RateLimitExceeded"


def of_acceptance(request: Request, verdict: Verdict, *, again: bool) -> Iterator[Assumption]:
    """The facts without which a server may refuse a request that the document accepts.

    Args:
        again: whether the same request was accepted before.
    """
    if again:
        yield Assumption.DUPLICATES
    body = verdict.body if isinstance(verdict.body, dict) else {}
    if not _accepts_json(request):
        yield Assumption.ACCEPT
    if len(request.body) > _MOST_BYTES:
        yield Assumption.LENGTHS
    if re.search("/[0-9a-fA-F]{24}/", request.path) and request.path != request.path.lower():
        yield Assumption.CASE
    if verdict.operation and body:
        yield from _of_fields(verdict.operation, body)


def _accepts_json(request: Request) -> bool:
    accepted = request.header("accept")
    return not accepted or bool(re.search(r"\*/\*|application/(json|\*)", accepted))


_MOST_BYTES = 10_000  # of a body, more than any server must take
_MOST_OF_A_TEXT, _MOST_OF_A_NAME = 1_000, 64  # bytes
_CONTENT = {"text", "mediaType", "mediaUrl", "template"}
_BESIDE = {"mediaType", "mediaUrl"}, {"mimetype", "fileName", "caption"}


def _of_fields(operation: Operation, body: Mapping[str, Json]) -> Iterator[Assumption]:
    properties = resolve(operation.document, operation.media_types[0].at + "/schema").value.get("properties", {})
    if body.keys() - properties.keys():
        yield Assumption.UNKNOWN_FIELDS
    if _is_a_combination(body):
        yield Assumption.COMBINATIONS
    if "mediaUrl" in body:
        yield Assumption.MEDIA
    if "replyMessage" in body:
        yield Assumption.QUOTING
    for name, value in body.items():
        if name in properties and isinstance(value, str):
            yield from _of_text(name, value, is_identifier="x-identifies" in properties[name])


def _of_text(name: str, value: str, *, is_identifier: bool) -> Iterator[Assumption]:
    if is_identifier and re.fullmatch("[0-9a-fA-F]{24}", value) and value != value.lower():
        yield Assumption.CASE
    if not value.strip() or any(map(_is_control, value)):
        yield Assumption.CHARACTERS
    most = _MOST_OF_A_TEXT if name in ("text", "caption") else _MOST_OF_A_NAME
    if name != "mediaUrl" and len(value.encode("utf-8", "surrogatepass")) > most:
        yield Assumption.LENGTHS
    if (name == "mimetype" and not re.fullmatch(r"[\w.+-]+/[\w.+-]+", value)) or (
        name == "fileName" and not re.fullmatch(r"[\w .()-]+", value)
    ):
        yield Assumption.MEANING


def _is_control(character: str) -> bool:
    return character not in "\t\n\r" and unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")


def _is_a_combination(body: Mapping[str, Json]) -> bool:
    """Whether no rule of the document covers a message's combination of fields."""
    media, beside = _BESIDE
    return (
        ("medium" in body and "userId" not in body)
        or ("template" in body and bool((_CONTENT | beside) & body.keys() - {"template"}))
        or ("mediaUrl" in body and "mediaType" not in body)
        or (not media & body.keys() and bool(beside & body.keys()))
    )


def of_refusal(request: Request, verdict: Verdict, violation: Violation) -> Assumption | None:
    """The fact without which a server may accept a request in spite of a violation; None if there is none."""
    value = _value(verdict.body, violation.field)
    operation = verdict.operation
    if violation.at == "/security":
        schemes = [scheme for each in operation.security for scheme in each] if operation else []
        return Assumption.SEVERAL_KEYS if any(holds_key(request, scheme) for scheme in schemes) else None
    if violation.at.endswith("/content"):
        return Assumption.CONTENT_TYPES
    if operation and violation.at in [part.at for part in operation.media_types]:
        return _of_json(operation, request.body)
    if operation and violation.at in [part.at for part in operation.parameters]:
        return Assumption.CONTACT if _is_of_contact(operation, violation.at) else None
    if violation.at.endswith("/format") and isinstance(value, str) and re.match(r"\s*[A-Za-z][\w+.-]*:", value):
        return Assumption.URLS
    if violation.at.endswith("/pattern") and len(str(value)) == _SHORT:
        return Assumption.IDENTIFIERS
    return None


def _is_of_contact(operation: Operation, at: str) -> bool:
    """True for a parameter that identifies a contact."""
    schema = resolve(operation.document, at + "/schema").value
    return isinstance(schema, dict) and schema.get(IDENTIFIES) == "contact"


_SHORT = 12  # characters, which MongoDB's own libraries take for an ObjectId too


def _of_json(operation: Operation, body: bytes) -> Assumption | None:
    """The fact without which a body that is not JSON in UTF-8 may be read."""
    at = operation.media_types[0].at + "/schema"
    for encoding, assumption in {"utf-8": Assumption.LENIENT, **dict.fromkeys(_ENCODINGS, Assumption.ENCODING)}.items():
        try:
            if compiled(operation, at).accepts(json.loads(body.decode(encoding))):
                return assumption
        except (ValueError, RecursionError):
            continue
    return None


_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1")


def of_leniency(verdict: Verdict) -> Assumption | None:
    """The fact without which a body may be read as a message: fields that are null, or names in another case."""
    operation, body = verdict.operation, verdict.body
    if operation is None or not isinstance(body, dict):
        return None
    at = operation.media_types[0].at + "/schema"
    without_null = {name: value for name, value in body.items() if value is not None}
    names = {name.lower(): name for name in resolve(operation.document, at).value.get("properties", {})}
    renamed = {names.get(name.lower(), name): value for name, value in body.items()}
    for other, assumption in ((without_null, Assumption.NULL), (renamed, Assumption.NAMES)):
        if other != body and compiled(operation, at).accepts(other):
            return assumption
    return None


def of_response(request: Request, verdict: Verdict) -> Assumption | None:
    """The fact that makes the response to a refused request an assumption, its words included; None if it is not."""
    if verdict.is_accepted:
        body = verdict.body if isinstance(verdict.body, dict) else {}
        return Assumption.TEMPLATE if "template" in body else Assumption.CHANNEL
    if any(violation.at == "/security" for violation in verdict.violations):
        return None
    if not _accepts_json(request):
        return Assumption.ACCEPT
    if not request.header("content-type"):
        return Assumption.CONTENT_TYPES
    reasons = [of_refusal(request, verdict, violation) for violation in verdict.violations]
    assumed = (Assumption.CONTENT_TYPES, Assumption.ENCODING, Assumption.CONTACT)
    return next((reason for reason in reasons if reason in assumed), None)


def are_alike(verdict: Verdict, requests: Sequence[Request]) -> bool:
    """Whether requests repeat one message, so that a server may deliver it once."""
    operation = verdict.operation
    properties = resolve(operation.document, operation.media_types[0].at + "/schema").value if operation else {}
    names = properties.get("properties", {})
    meanings = [
        {name: str(value).lower() for name, value in request.fields.items() if name in names and value is not None}
        for request in requests
    ]
    return all(meaning == meanings[0] for meaning in meanings)


def _value(body: Json, field: str) -> Json:
    for step in field.split(".") if field else ():
        body = body.get(step) if isinstance(body, dict) else None
    return body
