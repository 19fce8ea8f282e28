"""Texts, numbers and the like on both sides of every limit."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from functools import cache

from ventia_document.source import Json

_PLAIN: tuple[Json, ...] = ("", "a", "b", "aa", 0, 1, -1, 1.5, True, False, None)
_LONGEST = 100_000
FORMATTED = (
    *("2026-02-28", "2026-02-30", "12:00:00Z", "2026-02-28T12:00:00Z", "P1D", "ana@example.com", "example.com"),
    *("192.0.2.7", "192.0.2.7.1", "2001:db8::7", "https://example.com/a", "https://example.com/€", "/a", "/a/{b}"),
    *(
        "1/a",
        "64f1c2a9-7b3e-4d00-92ab-34cd64f1c2a9",
        "^a$",
        "(",
        "~",
        "#/a b",
        "{",
        "ü@ü.example",
        "ü.example",
        "%",
        "-",
    ),
)


def values(schemas: list[dict[str, Json]], patterns: frozenset[str]) -> list[Json]:
    """Values that are neither arrays nor objects, and what the schemas state as values, whatever it is.

    Args:
        patterns: those of which samples are made even if a stated text matches.
    """
    stated = [value for schema in schemas for value in _stated(schema)]
    texts = [each for each in stated if isinstance(each, str)]
    for pattern in sorted({schema["pattern"] for schema in schemas if isinstance(schema.get("pattern"), str)}):
        if pattern in patterns or not any(matches(pattern, text) for text in texts):
            texts += samples(pattern)
    if any("format" in schema for schema in schemas):
        texts += FORMATTED
    lengths = {limit + step for limit in limits(schemas, "minLength", "maxLength") for step in (-1, 0, 1)}
    fitted = [_fitted(text, each) for each in sorted(lengths) if 0 <= each <= _LONGEST for text in ("a", *texts[:40])]
    near = [edited for text in texts[:20] for edited in (text + "!", text[:-1], text.upper(), text.lower())]
    return [*_PLAIN, *stated, *texts, *fitted, *near, *_numbers(schemas)]


def _stated(schema: dict[str, Json]) -> Iterator[Json]:
    yield from (schema[key] for key in ("const", "default", "example") if key in schema)
    for key in ("enum", "examples"):
        yield from schema[key] if isinstance(schema.get(key), list) else ()


def _fitted(text: str, length: int) -> str:
    return text[:length] + (text[-1:] or "a") * (length - len(text))


def _numbers(schemas: list[dict[str, Json]]) -> Iterator[Json]:
    keys = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
    steps = [step for step in _stated_numbers(schemas, "multipleOf") if step]
    for limit in _stated_numbers(schemas, *keys):
        yield from (limit, limit - 1, limit + 1, limit + 0.5, limit - 0.5, -limit, limit * 1.5, limit * 2, limit * 3)
        for step in steps:
            yield from (limit // step * step + step * times for times in (-1, 0, 1, 2))


def _stated_numbers(schemas: Iterable[dict[str, Json]], *keywords: str) -> set[float]:
    found = (schema.get(key) for schema in schemas for key in keywords)
    return {limit for limit in found if isinstance(limit, int | float)}


def limits(schemas: Iterable[dict[str, Json]], *keywords: str) -> list[int]:
    """The limits that keywords state, each once."""
    return sorted(set(map(int, _stated_numbers(schemas, *keywords))))


def matches(pattern: str, text: str) -> bool:
    """Whether Python finds a pattern in a text; not, if it cannot read the pattern."""
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False


@cache
def samples(pattern: str) -> list[str]:
    """Texts that match a pattern; none if hypothesis makes none of it."""
    from hypothesis import HealthCheck, Phase, given, settings  # not at the top: importing it takes as long as all else
    from hypothesis import strategies as st
    from hypothesis.errors import HypothesisException

    found: list[str] = []

    @settings(
        max_examples=25, database=None, derandomize=True, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.from_regex(pattern, alphabet=st.characters(codec="ascii")))
    def collect(text: str) -> None:
        found.append(text)

    with contextlib.suppress(re.error, HypothesisException, ValueError):
        collect()
    return list(dict.fromkeys(sorted(found, key=len)))
