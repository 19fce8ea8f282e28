"""Reads the parameters of a request by name: headers, query, cookies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.requests import cookie_parser

from ventia_mock.remembering import remembered


def header_pairs(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """The headers as texts."""
    return [(_name(name), value.decode("latin-1")) for name, value in headers]


@remembered
def query_values(query: str) -> Mapping[str, Sequence[str]]:
    """The values of each parameter of a query; most queries of a caller are the same."""
    return by_name(parse_qsl(query, keep_blank_values=True))


def cookie_values(headers: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The values of each cookie in `Cookie` headers."""
    return by_name(pair for header in headers for pair in cookie_parser(header).items())


@remembered
def _name(raw: bytes) -> str:
    return raw.decode("latin-1")


def by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each name."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in values:
            values[name].append(value)
        else:
            values[name] = [value]
    return values
