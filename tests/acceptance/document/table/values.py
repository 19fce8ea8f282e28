"""Values: schemas of all kinds in bodies and answers."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.acceptance.document.rows import Followed, Refused, answers, body, field_of_message

_IT = "{type: object, required: [it], properties: {it: %s}}"


def _sent(name: str, model: str, schema: str, good: object, bad: object, wire: tuple[bytes, bytes]) -> Followed:
    """A field of a body: a value that is sent, and one that is refused on both sides."""
    return Followed(
        name,
        body(f"{{$ref: '#/components/schemas/{model}'}}"),
        components=f"schemas: {{{model}: {_IT % schema}}}",
        method="post",
        arguments=lambda package: {"body": getattr(package.models, model)(it=good)},
        body=b'{"it":%s}' % wire[0],
        refused=(b'{"it":%s}' % wire[1],),
        invalid=(lambda package: {"body": getattr(package.models, model)(it=bad)},),
    )


FOLLOWED = [
    _sent("a number in steps", "Price", "{type: number, multipleOf: 0.01}", 19.99, 19.995, (b"19.99", b"19.995")),
    _sent(
        *("a time without a zone", "Moment", "{type: string, format: date-time}"),
        *(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1)),  # noqa: DTZ001 - the one that is refused
        (b'"2026-01-01T00:00:00+00:00"', b'"2026-01-01T00:00:00"'),
    ),
    _sent("an address", "Address", "{type: string, format: email}", "a@b.de", "a@", (b'"a@b.de"', b'"a@"')),
    _sent("a host", "Host", "{type: string, format: hostname}", "a.de", "-a", (b'"a.de"', b'"-a"')),
    _sent("a duration", "Span", "{type: string, format: duration}", "P1D", "1D", (b'"P1D"', b'"1D"')),
    _sent("a pattern with a dollar inside", "Code", "{type: string, pattern: '^(a$|b)'}", "a", "ac", (b'"a"', b'"ac"')),
    _sent(
        "a pattern of ascii digits", "Digits", "{type: string, pattern: '^\\d+$'}", "12", "1\n", (b'"12"', b'"1\\n"')
    ),
    _sent("an integer given as 1.0", "Whole", "{type: integer}", 1.0, 1.5, (b"1.0", b"1.5")),
    _sent(
        "fields of a number",
        "Sized",
        "{type: array, items: {type: integer}, minItems: 2}",
        [1, 2],
        [1],
        (b"[1,2]", b"[1]"),
    ),
    _sent("a text of a length", "Short", "{type: string, maxLength: 2}", "ab", "abc", (b'"ab"', b'"abc"')),
    Followed(
        "an answer that is an object",
        answers("{$ref: '#/components/schemas/Found'}", "{it: 5}"),
        components="schemas: {Found: " + _IT % "{type: integer}" + "}",
        status=200,
        returned={"it": 5},
        wrong=(b'{"it": "5"}', b"{}", b"[]"),
    ),
]

_PATTERN = "is no escape that all engines know"
_KEYWORDS = {
    **dict.fromkeys(("$id: it", "$anchor: it", "$schema: 'https://json-schema.org/draft/2020-12/schema'")),
    **dict.fromkeys(("$dynamicAnchor: it", "unevaluatedProperties: false", "unevaluatedItems: false")),
    **dict.fromkeys(("$defs: {}", "$vocabulary: {}")),
}

REFUSED = [
    *(
        Refused(f"a schema with {each.partition(':')[0]}", field_of_message(f"{{{each}}}"), each, "is not followed")
        for each in _KEYWORDS
    ),
    *(
        Refused(
            f"a format {each}", field_of_message(f"{{type: string, format: {each}}}"), each, "say it with a pattern"
        )
        for each in ("idn-email", "idn-hostname", "iri", "iri-reference", "regex")
    ),
    *(
        Refused(f"a pattern {each}", field_of_message(f"{{type: string, pattern: '{each}'}}"), each, words)
        for each, words in {
            r"\p{L}": _PATTERN,
            r"\B": _PATTERN,
            r"(a)\1": _PATTERN,
            r"\0": _PATTERN,
            "(?i)a": 'is not a "regex"',
            "a++": 'is not a "regex"',
            "(?<=a|bc)d": "look-behind requires fixed-width",
            "[]": "is empty or never closed",
        }.items()
    ),
]
