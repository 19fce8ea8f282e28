"""Rules of what stands around a message: methods, the languages and types that a client accepts, empty templates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from contract_tests.rules.drawing import Drawing, Probe, Row, messages_of_each_sender
from contract_tests.wire.keys import with_keys


def rows(drawing: Drawing) -> Iterator[Row]:
    """The rows of what stands around a message."""
    operation = drawing.knowledge.operation
    methods = Row(
        f"only {operation.method} sends",
        f"A message is sent by a {operation.method}, and by no other method (what others get is assumed)",
        (operation.at,),
    )
    refusals = Row(
        "a refusal in any language",
        "A refusal is answered as documented, whatever language and type its client accepts",
        (f"{operation.at}/responses",),
    )
    templates = Row(
        "an empty template is a template",
        "A template without characters is one: it goes with no media, and through no unofficial WhatsApp (assumed)",
        (f"{drawing.messages.at}/properties/{drawing.knowledge.fields['template']}",),
    )
    table = [methods, refusals, templates]
    if not drawing.messages.sendable:
        for row in table:
            row.why_not = "the target file names no sender that sends"
        return iter(table)
    methods.broken, methods.kept = list(_other_methods(drawing)), list(_overridden(drawing))
    refusals.broken, templates.broken = list(_refused(drawing)), list(_empty_templates(drawing))
    return iter(table)


_METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
_OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def _other_methods(drawing: Drawing) -> Iterator[Probe]:
    """A message by other methods: in the body, in the query, and with a header that names the right method."""
    right, any_refusal = drawing.knowledge.operation.method, frozenset(range(400, 600)) - {500}
    for message in messages_of_each_sender(drawing)[:2]:
        request = drawing.messages.request(message.body)
        fields = tuple((name, str(value)) for name, value in message.body.items())
        for method in _METHODS:
            other = replace(request, method=method)
            yield Probe(f"{method}; {message.name}", other, _but(any_refusal, method))
            in_query = replace(other, query=(*request.query, *fields), body=b"").without_header("Content-Type")
            yield Probe(f"{method}, in the query; {message.name}", in_query, _but(any_refusal, method))
        for name in _OVERRIDES:
            other = replace(request, method="GET").with_header(name, right)
            yield Probe(f"GET with {name}; {message.name}", other, any_refusal)
        in_query = replace(request, method="GET").with_parameter("_method", right)
        yield Probe(f"GET with _method in the query; {message.name}", in_query, any_refusal)


def _but(refusals: frozenset[int], method: str) -> frozenset[int]:
    # To OPTIONS a success lists the methods, and delivers nothing.
    return refusals | {200, 204} if method == "OPTIONS" else refusals


def _overridden(drawing: Drawing) -> Iterator[Probe]:
    """Messages with a header that names another method."""
    for message in messages_of_each_sender(drawing)[:1]:
        for name in _OVERRIDES:
            request = drawing.messages.request(message.body).with_header(name, "GET")
            yield drawing.kept_raw(f"{name}: GET; {message.name}", request)


_ACCEPTED = (
    ("Accept", "text/html"),
    ("Accept", "application/xml"),
    ("Accept", "text/xml;q=1, application/json;q=0.1"),
    ("Accept", "text/plain"),
    ("Accept", "application/problem+json"),
    ("Accept-Language", "pt-BR,pt;q=0.9"),
    ("Accept-Language", "de"),
    ("Accept-Language", "*"),
    ("Accept-Charset", "iso-8859-1"),
    ("Accept-Encoding", "identity"),
    ("X-Requested-With", "XMLHttpRequest"),
)


def _refused(drawing: Drawing) -> Iterator[Probe]:
    """A message that is refused for its fields, and one that is refused for its key, from clients of all kinds."""
    [[scheme]] = drawing.knowledge.operation.security
    for message in messages_of_each_sender(drawing)[:1]:
        invalid = drawing.messages.request({**message.body, "text": 0})
        unknown = with_keys(drawing.messages.request(message.body), scheme)
        for name, value in _ACCEPTED:
            yield drawing.broken(f"{name}: {value}; a number as text", invalid.with_header(name, value))
            yield drawing.broken(f"{name}: {value}; no key", unknown.with_header(name, value))


def _empty_templates(drawing: Drawing) -> Iterator[Probe]:
    field = drawing.knowledge.fields["template"]
    for message in drawing.messages.sendable:
        for template in ("", " "):
            request = drawing.messages.request({**message.body, field: template})
            verdict = drawing.verdict(request)
            rules = {each.at.partition("/allOf/")[2].partition("/")[0] for each in verdict.violations}
            if field not in message.body and verdict.is_refused and len(rules) == 1:
                yield drawing.broken(f"{field} {json.dumps(template)}; {message.name}", request)
