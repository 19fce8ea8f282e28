"""Rules of the API key: where it stands, that no other is accepted, and that no response quotes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from contract_tests.rules.drawing import Drawing, Probe, Row, messages_of_each_sender
from contract_tests.target.messages import Message
from contract_tests.wire.keys import has_key, with_keys
from contract_tests.wire.request import (
    API_KEY,
    BASIC_CREDENTIALS,
    ENCODED_KEY_IN_A_BODY,
    ESCAPED_KEY_IN_A_BODY,
    KEY_IN_A_BODY,
    KeyPlaceholder,
    Request,
    Text,
)
from ventia_document.source import Json
from ventia_document.wire.keys import KeyPlace, key_place

_MISSES: dict[str, Text] = {
    "empty": "",
    "a blank": " ",
    "without its last character": KeyPlaceholder("%?"),
    "without its first character": KeyPlaceholder("#?"),
    "its first part": KeyPlaceholder("%%-*"),
    "its first part and a dash": KeyPlaceholder("%%-*", after="-"),
    "another last character": KeyPlaceholder("%?", after="!"),
    "another first character": KeyPlaceholder("#?", before="!"),
    "in small letters": KeyPlaceholder(",,"),
    "without dashes": KeyPlaceholder("//-/"),
    "underscores for dashes": KeyPlaceholder("//-/_"),
    "encoded twice": KeyPlaceholder("//-/%2D"),
    "full-width dashes": KeyPlaceholder("//-/\uff0d"),
    "as many zeros": KeyPlaceholder("//?/0"),
    "a character more": KeyPlaceholder(after="A"),
    "a character before": KeyPlaceholder(before="A"),
    "a dash more": KeyPlaceholder(after="-"),
    "a blank behind": KeyPlaceholder(after=" "),
    "a blank before": KeyPlaceholder(before=" "),
    "a line break behind": KeyPlaceholder(after="\n"),
    "a tab before": KeyPlaceholder(before="\t"),
    "a NUL behind": KeyPlaceholder(after="\0"),
    "in quotes": KeyPlaceholder(before='"', after='"'),
    "in angle brackets": KeyPlaceholder(before="<", after=">"),
    "a semicolon and more behind": KeyPlaceholder(after=";v=1"),
    "a hash and more behind": KeyPlaceholder(after="#1"),
    "with a comma": KeyPlaceholder(after=","),
    "with a word before": KeyPlaceholder(before="Bearer "),
    "another of the same form": "ZZZZZZZ-YYYYYYY-XXXXXXX-WWWWWWW",
    "null": "null",
    "undefined": "undefined",
    "true": "true",
    "a star": "*",
    "a percent sign": "%",
    "the documentation's token": "<token>",
    "an injection": "' OR '1'='1",
    "a pattern": ".*",
}
"""Texts that are nearly the key."""

_HEADERS = ("authorization", "proxy-authorization", "x-auth-token", "x-access-token", "apikey")

_TRUSTED = (
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Real-IP", "127.0.0.1"),
    ("X-Forwarded-User", "admin"),
    ("X-Internal-Request", "true"),
)
"""Headers by which a server may take a request for one from inside its network."""


def rows(drawing: Drawing) -> Iterator[Row]:
    """The rows of the API key."""
    [[scheme]] = drawing.knowledge.operation.security
    at = f"/components/securitySchemes/{_scheme_name(drawing)}"
    missing = Row("a key is needed", "Every request needs a key", ("/security",))
    near = Row("no other key is accepted", "A key that is missing, malformed or not known is refused", (at,))
    place = key_place(scheme)
    elsewhere = Row(
        "the key stands where the document says",
        f"The key stands in the {place.place}, under the name {place.name}",
        (f"{at}/in", f"{at}/name") if scheme["type"] == "apiKey" else (f"{at}/scheme",),
    )
    first = Row(
        "the key comes first",
        "A request with a wrong key is refused for that, whatever else is wrong with it (inferred)",
        ("/components/responses/InvalidApiKey",),
    )
    chosen, misses = messages_of_each_sender(drawing), _misses(place)
    for message in chosen:
        request = drawing.messages.request(message.body)
        without = with_keys(request, scheme)
        missing.broken.append(_broken(drawing, "no key", message, without))
        missing.broken += [
            _broken(drawing, f"no key, {header}: {value}", message, without.with_header(header, value))
            for header, value in _TRUSTED
        ]
        missing.kept.append(drawing.kept(message.name, message.body))
        near.broken += [
            _broken(drawing, how, message, with_keys(request, scheme, text))
            for how, text in misses.items()
            if _differs(text, drawing.key)
        ]
        near.broken += [
            _broken(drawing, "another one before it", message, with_keys(request, scheme, "ZZZZZZZ", API_KEY)),
            _broken(drawing, "another one after it", message, with_keys(request, scheme, API_KEY, "ZZZZZZZ")),
        ]
        elsewhere.broken += [
            _broken(drawing, how, message, other)
            for how, other in _elsewhere(with_keys(request, scheme), place.name)
            if not has_key(other, scheme)
        ]
    first.broken = list(_wrong_otherwise(drawing, scheme))
    kept_back = Row(
        "the key in a field",
        "A field that holds the API key by mistake is refused, and the response does not quote it (inferred)",
        (at,),
    )
    kept_back.broken = list(_in_a_field(drawing, chosen))
    return iter([missing, near, elsewhere, first, kept_back])


def _broken(drawing: Drawing, how: str, message: Message, request: Request) -> Probe:
    return drawing.broken(f"{how}; {message.name}", request)


def _misses(place: KeyPlace) -> dict[str, Text]:
    """Texts that are nearly the key, and that the place of the key can hold."""
    return {how: text for how, text in _MISSES.items() if place.place == "query" or _is_of_header(text)}


def _is_of_header(text: Text) -> bool:
    """Whether a header carries a text unchanged: printable ASCII without blanks at its ends."""
    around = text.before + text.expansion + text.after if isinstance(text, KeyPlaceholder) else text
    return around.isascii() and around.isprintable() and around == around.strip()


def _differs(text: Text, key: str) -> bool:
    return (text.text(key) if isinstance(text, KeyPlaceholder) else text) != key


def _elsewhere(without: Request, name: str) -> Iterator[tuple[str, Request]]:
    """A request without a key, with the right one in places where other APIs have it."""
    for other in (
        name.upper(),
        name.title(),
        name.replace("-", "_"),
        name.replace("-", ""),
        f"{name}[]",
        f"{name}[0]",
        f"{name}s",
        f" {name}",
        "key",
        "token",
        "access_token",
    ):
        yield f"as {other!r}", without.with_parameter(other, API_KEY)
    for header in (
        name,
        f"x-{name}",
        "authorization",
        "proxy-authorization",
        "x-auth-token",
        "x-access-token",
        "apikey",
    ):
        yield f"in the header {header}", without.with_header(header, API_KEY)
    for word in ("Bearer", "bearer", "Basic", "ApiKey", "Token"):
        yield f"after {word}", without.with_header("authorization", KeyPlaceholder(before=f"{word} "))
    for credentials, form in BASIC_CREDENTIALS.items():
        how = f"as basic authorization, {form % 'key'}"
        yield how, without.with_header("authorization", KeyPlaceholder(credentials, before="Basic "))
    halves = KeyPlaceholder("%%-*", after="-"), KeyPlaceholder("#*-")
    yield (
        "in two parameters, a half in each",
        replace(without, query=(*without.query, *((name, half) for half in halves))),
    )
    yield (
        "in the address of the page before",
        without.with_header("referer", KeyPlaceholder(before=f"https://app.example.com/inbox?{name}=")),
    )
    for header in ("x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-original-uri"):
        yield f"in the header {header}", without.with_header(header, KeyPlaceholder(before=f"{without.path}?{name}="))
    for field in (name, "apiKey", "api_key", "key"):
        body = json.dumps({**without.fields, field: KEY_IN_A_BODY}).encode()
        yield f"in the field {field}", replace(without, body=body)
    yield "in a cookie", without.with_header("cookie", KeyPlaceholder(before=f"{name}="))
    yield "in a header beside an empty one", without.with_parameter(name, "").with_header(f"x-{name}", API_KEY)


def _wrong_otherwise(drawing: Drawing, scheme: Json) -> Iterator[Probe]:
    """Requests without the right key, whose body breaks a rule too."""
    bodies = {"an empty message": b"{}", "no body": b"", "no JSON": b"{", "an empty list": b"[]"}
    for how, body in bodies.items():
        for which_key, keys in {"no key": (), "an empty key": ("",), "a wrong key": ("ZZZZZZZ",)}.items():
            yield drawing.broken(f"{which_key} and {how}", with_keys(drawing.messages.raw(body), scheme, *keys))


def _in_a_field(drawing: Drawing, messages: list[Message]) -> Iterator[Probe]:
    """Messages with the key as the identifier of their sender, which an error message may quote."""
    for message in messages:
        for name in filter(message.body.__contains__, drawing.knowledge.sender_fields):
            for how, text in _QUOTED.items():
                request = drawing.messages.request({**message.body, name: text})
                if drawing.verdict(request).is_refused:
                    yield drawing.broken(f"{name}{how}; {message.name}", request)


_QUOTED = {
    "": KEY_IN_A_BODY,
    ", percent-encoded": ENCODED_KEY_IN_A_BODY,
    ", as a parameter of a URL": f"https://example.com/?api-key={ENCODED_KEY_IN_A_BODY}&x=%41",
    ", twice and among other characters": f"\U0001f600%F0%9F%98%80{ENCODED_KEY_IN_A_BODY}{ENCODED_KEY_IN_A_BODY}%zz",
    ", escaped": ESCAPED_KEY_IN_A_BODY,
    ", escaped, among other characters": f"\\u00e9\\ud83d{ESCAPED_KEY_IN_A_BODY}{KEY_IN_A_BODY}\\u0041",
    ", after a backslash": f"\\u00e9\\{ENCODED_KEY_IN_A_BODY}",
}
"""The key as a field may hold it by mistake."""


def _scheme_name(drawing: Drawing) -> str:
    [[name]] = drawing.knowledge.operation.value.get("security", drawing.messages.document["security"])
    return str(name)
