"""Target files (TOML): where the server under test is, what it knows, and what a run may send to it."""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from ventia_document.source import Json, lookup, read
from ventia_document.validation import Schema

STAND_IN = Path(__file__).parents[1] / "stand-in.toml"
"""The target file of a run without --target."""

_TABLES_OF_THINGS = ("channels", "users", "user_integrations", "templates", "messages")

_FORMAT = Path(__file__).with_name("target.schema.yaml")


class TargetError(Exception):
    """A target that must not or cannot be tested; the text says why, and what would be accepted."""


@dataclass(frozen=True)
class Safety:
    """Limits of a run against a server that may reach real people.

    Attributes:
        max_messages: the most requests that a server which delivers nothing that it refuses could deliver.
        max_requests: the most requests of any kind: a server that delivers what it refuses could deliver them all.
        rate: the most requests in any minute.
        allow_hosts: the only hosts that requests may go to.
    """

    max_messages: int
    max_requests: int
    rate: int
    allow_hosts: tuple[str, ...]


@dataclass(frozen=True)
class Deviation:
    """A known deviation of the server from one rule.

    Attributes:
        until: the last day on which it is accepted.
    """

    rule: str
    reason: str
    until: datetime.date


@dataclass(frozen=True)
class Target:
    """A server under test.

    Attributes:
        base_url: without a slash at its end.
        api_key_env: the environment variable that holds the API key.
        contact: the only contact that gets messages.
        things: the identifiers of channels, users and so on, by table and key of the file: `("channels", "fb")`.
        safety: None for a server that reaches nobody.
        nobody_is_reached: whether the file says that the server reaches nobody.
        media: URLs that the server can fetch, by media type; none for any.
        limits: the most characters of a field, by its name.
        accepted: known deviations.
    """

    base_url: str
    api_key_env: str
    contact: str
    things: Mapping[tuple[str, str], str] = field(hash=False)
    safety: Safety | None
    nobody_is_reached: bool = False
    media: Mapping[str, str] = field(default_factory=dict, hash=False)
    limits: Mapping[str, int] = field(default_factory=dict, hash=False)
    accepted: tuple[Deviation, ...] = ()

    @cached_property
    def named(self) -> frozenset[str]:
        """Every identifier in the target file."""
        return frozenset([self.contact, *self.things.values()])


def read_target(path: Path, limit: Mapping[str, int] | None, base_url: str | None = None) -> Target:
    """The target that a file describes.

    Args:
        limit: the document's `x-rate-limit`.
        base_url: used instead of the one in the file; what the file says about who is reached is not about it.

    Raises:
        TargetError: the file cannot be read or breaks a rule, or it lets a run do too much.
    """
    value = _read(path)
    if base_url is not None and base_url != value.get("base_url"):
        value = {name: each for name, each in value.items() if name != "nobody_is_reached"} | {"base_url": base_url}
    violations = [
        f"{path}: {violation.field or 'the file'}: {violation.rule}{_got(value, violation.at)}"
        for violation in _format().violations(value)
    ]
    if violations := violations or list(_no_url(path, value)):
        raise TargetError("\n".join(violations))
    things = {
        (table, name): identifier
        for table, names in value.items()
        if table in _TABLES_OF_THINGS
        for name, identifier in names.items()
    }
    url = value["base_url"].rstrip("/")
    safety = _safety(path, value["safety"], url, limit) if "safety" in value else None
    nobody_is_reached = value.get("nobody_is_reached", False)
    if safety is None and not nobody_is_reached and not is_local(url):
        raise TargetError(
            f"{path}: {url} is not this machine, so what is sent may reach real people; say in a table [safety] what a "
            "run may do there: max_messages = 5, and allow_hosts and rate if they shall be other than "
            f"[{host_of(url)!r}] and {_default('rate')}; or, if it is so: nobody_is_reached = true"
        )
    return Target(
        url,
        value.get("api_key_env", _default_name()),
        value["contact"],
        things,
        safety,
        nobody_is_reached,
        value.get("media", {}),
        value.get("limits", {}),
        tuple(_deviations(path, value.get("accepted", []))),
    )


def _deviations(path: Path, rows: Iterable[Mapping[str, str]]) -> Iterator[Deviation]:
    for row in rows:
        try:
            yield Deviation(row["rule"], row["reason"], datetime.date.fromisoformat(row["until"]))
        except ValueError as error:  # the 31st of February
            raise TargetError(f"{path}: accepted.until: {error}; got {row['until']!r}") from None


def host_of(url: str) -> str:
    """The host of a URL in lower case; '' without one."""
    return urlsplit(url).hostname or ""


def is_local(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = host_of(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(path: Path) -> dict[str, Json]:
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
        return dict(json.loads(json.dumps(value, default=str)))  # a date, which no key accepts, becomes a text
    except FileNotFoundError:
        raise TargetError(
            f"{path}: there is no such file; `python -m contract_tests.target --new {shlex.quote(str(path))}` writes "
            "one in which every key is explained"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise TargetError(f"{path}: not TOML: {error}") from None


def _no_url(path: Path, value: dict[str, Json]) -> Iterator[str]:
    """Errors of a URL that the pattern does not find: half an IPv6 address, a port out of range."""
    try:
        _ = httpx.URL(value["base_url"]), urlsplit(value["base_url"]).port
    except (ValueError, httpx.InvalidURL) as error:
        rule = lookup(read(_FORMAT).value, "/Target/properties/base_url/x-rule")
        yield f"{path}: base_url: {rule}{_got(value, '/base_url')} ({error})"


def _safety(path: Path, table: Mapping[str, Json], url: str, limit: Mapping[str, int] | None) -> Safety:
    host = host_of(url)
    safety = Safety(
        table["max_messages"],
        table.get("max_requests", _default("max_requests")),
        table.get("rate", _default("rate")),
        tuple(map(str.lower, table.get("allow_hosts", [host]))),
    )
    if limit and safety.rate * limit["seconds"] >= limit["requests"] * 60:
        most = f"{limit['requests']} requests in {limit['seconds']} seconds"
        raise TargetError(f"{path}: safety.rate: Must be below the documented {most}; got {safety.rate}")
    if host not in safety.allow_hosts:
        raise TargetError(
            f"{path}: base_url: Must have one of the allow_hosts {list(safety.allow_hosts)}; got {host!r}"
        )
    return safety


def _format() -> Schema:
    return Schema(read(_FORMAT).value, "/Target")


def _default(name: str) -> int:
    return int(lookup(read(_FORMAT).value, f"/Target/properties/safety/properties/{name}/default"))


def _default_name() -> str:
    return str(lookup(read(_FORMAT).value, "/Target/properties/api_key_env/default"))


def _got(value: Json, at: str) -> str:
    try:
        got = lookup(value, at)
    except LookupError:  # a required key that is missing
        return ""
    if isinstance(got, dict) or at == "/api_key_env":  # some people put the API key itself here
        return ""
    return f"; got {_without_secrets(got) if isinstance(got, str) else got!r:.80}"


def _without_secrets(url: str) -> str:
    """A URL without user, password and query, which may hold the API key."""
    return re.split("[?#]", re.sub("//[^/]*@", "//", url))[0]
