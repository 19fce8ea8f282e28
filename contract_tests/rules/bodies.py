"""Rules of the body as a whole: that there is one, its content type, its encoding, its JSON."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from contract_tests.rules.drawing import Drawing, Probe, Row, messages_of_each_sender
from contract_tests.wire.request import Request
from ventia_document.source import Json


def rows(drawing: Drawing) -> Iterator[Row]:
    """The rows of the body."""
    body = drawing.knowledge.operation.body
    assert body is not None
    [media_type] = drawing.knowledge.operation.media_types
    present = Row("a body is given", "The request body must be given", (f"{body.at}/required",))
    json_row = Row("the body is JSON", f"The body must be {media_type.name}, in UTF-8", (media_type.at,))
    typed = Row("the body is an object", "body: Must be of type object", (f"{drawing.messages.at}/type",))
    content_type = Row(
        "the content type", f"The request must have the content type {media_type.name}", (f"{body.at}/content",)
    )
    names = Row(
        "the names of fields", "A field under another name is not that field", (f"{drawing.messages.at}/properties",)
    )
    left_open = Row(
        "what is left open",
        "What the document leaves open is accepted, or refused as an invalid body, and never fails (assumed)",
        (media_type.at,),
    )
    unknown = Row(
        "unknown fields",
        "Fields that the document does not list are accepted (assumed), but for those that it rules out",
        (drawing.messages.at,),
    )
    table = [present, json_row, typed, content_type, names, unknown, left_open]
    if not drawing.messages.sendable:
        for row in table:
            row.why_not = "the target file names no sender that sends"
    else:
        present.broken = [
            drawing.broken("no body", drawing.messages.raw(b"")),
            drawing.broken("no body, no content type", drawing.messages.raw(b"").without_header("Content-Type")),
        ]
        json_row.broken, json_row.kept = list(_broken_json(drawing)), list(_written_otherwise(drawing))
        typed.broken = [
            drawing.broken(name, drawing.messages.request(value))
            for name, value in _no_objects(drawing.messages.sendable[0].body).items()
        ]
        content_type.broken, content_type.kept = list(_wrong_types(drawing)), list(_right_types(drawing))
        names.broken = list(_misnamed(drawing))
        for name, request in _unknown_fields(drawing):
            drawing.put(unknown, name, request)
        left_open.kept = list(_left_open(drawing))
    return iter(table)


def _broken_json(drawing: Drawing) -> Iterator[Probe]:
    for message in messages_of_each_sender(drawing):
        for name, body in _no_json(message.body).items():
            yield drawing.broken(f"{name}; {message.name}", drawing.messages.raw(body))


def _no_json(body: Json) -> dict[str, bytes]:
    """Bodies that a lenient parser may accept as a message, and that are not JSON."""
    text = json.dumps(body, ensure_ascii=False)
    name, value = next(iter(body.items()))
    return {
        "cut off": text[:-1].encode(),
        "cut off in the middle": text[: len(text) // 2].encode(),
        "a comma at the end": (text[:-1] + ",}").encode(),
        "no commas": text.replace(", ", " ").encode() if ", " in text else text[1:].encode(),
        "apostrophes for quotes": text.replace('"', "'").encode(),
        "names without quotes": text.replace(f'"{name}"', name).encode(),
        "a comment": ("/* a message */" + text).encode(),
        "a comment in a line": (text[:-1] + " // a message\n}").encode(),
        "more after it": (text + text).encode(),
        "a bracket more": (text + "}").encode(),
        "in parentheses": f"({text})".encode(),
        "a line of JavaScript": f"message = {text};".encode(),
        "NaN": (text[:-1] + ', "x": NaN}').encode(),
        "a number that is none": (text[:-1] + ', "x": 01}').encode(),
        "a line break in a text": (text[:-1] + ', "x": "a\nb"}').encode(),
        "an escape that is none": (text[:-1] + ', "x": "\\x41"}').encode(),
        "YAML": "".join(f"{name}: {value}\n" for name, value in body.items()).encode(),
        "a form": "&".join(f"{name}={value}" for name, value in body.items()).encode(),
        "XML": f"<message><{name}>{value}</{name}></message>".encode(),
        "plain text": b"Hi!",
        "blanks": b" \n",
        "in UTF-16": text.encode("utf-16"),
        "in UTF-16, little end first": text.encode("utf-16-le"),
        "in UTF-32": text.encode("utf-32-be"),
        "a byte that is not UTF-8": text.encode()[:-1] + b', "x": "\xff"}',
        "in Latin-1": (text[:-1] + ', "x": "Olá"}').encode("latin-1"),
        "compressed by nobody": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    }


def _written_otherwise(drawing: Drawing) -> Iterator[Probe]:
    """Messages in other spellings of the same JSON."""
    for message in messages_of_each_sender(drawing):
        body = message.body
        backwards = dict(reversed(list(body.items())))
        written = {
            "escaped": "{" + ", ".join(f'"{_escaped(name)}": {_written(value)}' for name, value in body.items()) + "}",
            "with blanks": "\r\n\t " + json.dumps(body, indent=4).replace("\n", "\r\n") + "\n ",
            "with blanks before colons": json.dumps(body, separators=(" ,", " : ")),
            "with a line break at its end": json.dumps(body) + "\n",
            "with slashes escaped": json.dumps(body).replace("/", "\\/"),
            "without blanks": json.dumps(body, separators=(",", ":")),
            "backwards": json.dumps(backwards),
            "as ASCII": json.dumps(body, ensure_ascii=True),
        }
        if not drawing.thin:
            written["of a MiB, most of it blanks"] = json.dumps(body, ensure_ascii=True).rjust(_MIB)
        for name, text in written.items():
            yield drawing.kept_raw(f"{name}; {message.name}", drawing.messages.raw(text.encode()))


_MIB = 1 << 20


def _written(value: Json) -> str:
    return f'"{_escaped(value)}"' if isinstance(value, str) else json.dumps(value)


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def _no_objects(body: Json) -> dict[str, Json]:
    """JSON values that are not a message object."""
    return {
        "null": None,
        "a list": [],
        "a message in a list": [body],
        "a text": "Hi!",
        "an empty text": "",
        "a message in a text": json.dumps(body),
        "a number": 1,
        "true": True,
        "two messages in a list": [body, body],
        "a message under another name": {"message": body},
        "a message as data": {"data": body},
        "messages": {"messages": [body]},
        "a list of pairs": [[name, value] for name, value in body.items()],
    }


_TYPES = (
    "text/plain", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "application/xml", "text/json", "application/octet-stream", "application/jsonp", "application/json5",
    "application/x-ndjson", "application/ld+json", "application/vnd.api+json", "application/merge-patch+json",
    "json", "application", "*/*", "application/*", "application/jso", "application/x-json", "text/x-json",
    "application/json-seq", "application/problem+json", "application/hal+json", "application/jsonx",
    "x-application/json",
)  # fmt: skip


def _wrong_types(drawing: Drawing) -> Iterator[Probe]:
    for message in messages_of_each_sender(drawing):
        request = drawing.messages.request(message.body)
        yield drawing.broken(f"none; {message.name}", request.without_header("Content-Type"))
        for name in _TYPES:
            yield drawing.broken(f"{name}; {message.name}", request.with_header("Content-Type", name))
        form = "&".join(f"{name}={value}" for name, value in message.body.items()).encode()
        yield drawing.broken(f"a form as a form; {message.name}", _form(request, form))
        yield drawing.broken(f"a form in parts; {message.name}", _form_in_parts(request, message.body))


def _form(request: Request, form: bytes) -> Request:
    return replace(request.with_header("Content-Type", "application/x-www-form-urlencoded"), body=form)


def _form_in_parts(request: Request, body: Mapping[str, Json]) -> Request:
    parts = (f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in body.items())
    form = "".join(parts).encode() + b"--x--\r\n"
    return replace(request.with_header("Content-Type", "multipart/form-data; boundary=x"), body=form)


def _right_types(drawing: Drawing) -> Iterator[Probe]:
    """Other spellings of the documented content type, and headers that make no difference."""
    [media_type] = drawing.knowledge.operation.media_types
    headers = [
        ("Content-Type", f"{media_type.name}{parameters}")
        for parameters in ("; charset=utf-8", ";charset=UTF-8", '; charset="utf-8"', " ;  charset=utf-8")
    ]
    headers += [("Content-Type", media_type.name.upper()), ("Content-Type", media_type.name.title())]
    headers += [
        ("Accept", accepted) for accepted in ("*/*", media_type.name, "text/html", "application/xml;q=0.9, */*;q=0.1")
    ]
    headers += [("Accept", accepted) for accepted in ("text/plain", "image/png", "application/problem+json")]
    headers += [("Accept-Language", "pt-BR"), ("User-Agent", "curl/8.5.0"), ("User-Agent", "")]
    headers += [] if drawing.thin else [*_OF_OTHERS.items()]
    for message in messages_of_each_sender(drawing):
        for name, value in headers:
            yield drawing.kept_raw(
                f"{name}: {value}; {message.name}", drawing.messages.request(message.body).with_header(name, value)
            )


_OF_OTHERS = {
    "Accept-Encoding": "gzip, br",
    "Cookie": "session=1; theme=dark",
    "Idempotency-Key": "draft-7",
    "Origin": "https://app.example.com",
    "Referer": "https://app.example.com/inbox",
    "X-Forwarded-For": "203.0.113.7",
    "X-Request-Id": "7",
    "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
}
"""Headers that browsers, proxies and tracers add."""


def _misnamed(drawing: Drawing) -> Iterator[Probe]:
    """Messages in which a field that they need has another name."""
    for message in messages_of_each_sender(drawing):
        for name in message.body:
            for other in _other_names(name):
                body = {other if field == name else field: value for field, value in message.body.items()}
                request = drawing.messages.request(body)
                if drawing.verdict(request).is_refused:
                    yield drawing.broken(f"{other!r} for {name}; {message.name}", request)


def _other_names(name: str) -> list[str]:
    snake = re.sub(r"([A-Z])", r"_\1", name).lower()
    spelt = [name.upper(), name.lower(), name.title(), name[:1].upper() + name[1:], snake, snake.replace("_", "-")]
    spelt += [f" {name}", f"{name} ", f"{name}s", f"_{name}", f"{name}[]", f"message.{name}", *_USUAL]
    return [other for other in dict.fromkeys(spelt) if other != name]


_USUAL = (
    "body",
    "message",
    "msg",
    "content",
    "type",
    "url",
    "link",
    "from",
    "to",
    "channel",
    "user",
    "integration",
    "id",
)


def _unknown_fields(drawing: Drawing) -> Iterator[tuple[str, Request]]:
    documented = drawing.messages.properties
    fields: dict[str, Json] = {
        "unknownField": "x",
        "": 0,
        "id": None,
        "to": "+5511987654321",
        "__proto__": {},
        "constructor": {"prototype": {}},
        "$where": "1",
    }
    nested: Json = "x"
    for _ in range(100):
        nested = {"x": [nested]}
    fields["nested"] = nested
    fields |= (
        {name.upper(): None for name in documented}
        | {f"{name}s": 7 for name in documented}
        | {f"_{name}": [] for name in documented}
    )
    for message in messages_of_each_sender(drawing):
        for name, value in fields.items() if not drawing.thin else list(fields.items())[:1]:
            if name not in documented:
                yield f"{name!r}; {message.name}", drawing.messages.request({**message.body, name: value})


def _left_open(drawing: Drawing) -> Iterator[Probe]:
    """Bodies that some parsers accept and others refuse."""
    for message in messages_of_each_sender(drawing):
        text = json.dumps(message.body)
        bodies = {
            "a byte order mark": codecs.BOM_UTF8 + text.encode(),
            "half of a surrogate pair": (text[:-1] + ', "localId": "\\ud83d"}').encode(),
            "the other half": (text[:-1] + ', "localId": "\\ude00"}').encode(),
            "a field that stands twice": (text[:-1] + ', "localId": "1", "localId": "2"}').encode(),
            "lists in lists": (text[:-1] + f', "x": {"[" * 100_000}{"]" * 100_000}}}').encode(),
        }
        for name, body in bodies.items():
            yield drawing.left_open(f"{name}; {message.name}", drawing.messages.raw(body))
