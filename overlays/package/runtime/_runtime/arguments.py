"""The arguments of a Client and of its calls, refused in words where they cannot be meant."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NoReturn

from ..limits import RateLimit
from .key import Key
from .messages.headers import violation as header_violation
from .messages.quoting import arrived
from .outcomes import InvalidMessage


def seconds(name: str, value: object) -> None:
    """Refuse what is no number of seconds, or not more than 0.

    Raises:
        TypeError, ValueError: with the name.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        mistyped(name, value, "a number of seconds, such as 30.0")
    if not value > 0:  # nan is not either
        raise ValueError(f"{name} must be more than 0 seconds, and is {value!r}")


def timeout(value: object) -> None:
    """Refuse what is neither a number of seconds nor an `httpx.Timeout` of such; raises TypeError or ValueError."""
    if not _is_of_httpx(value, "Timeout"):
        return seconds("timeout", value)
    steps: Mapping[str, object] = getattr(value, "as_dict", dict)()
    for step, limit in steps.items():
        if limit is not None:  # the deadline holds all the same
            seconds(f"timeout.{step}", limit)
    return None


def backoff(value: object) -> None:
    """Refuse what is no number of seconds; 0 is one. Raises TypeError or ValueError."""
    if value != 0 or isinstance(value, bool):
        seconds("backoff", value)
    if value == math.inf:
        raise ValueError("backoff must be finite")


def retries(value: object) -> None:
    """Refuse what is no number of further attempts; raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        mistyped("retries", value, "a whole number, such as 3; 0 for none")
    if value < 0:
        raise ValueError(f"retries must not be negative, and is {value}")


def rate_limit(value: object) -> None:
    """Refuse what is no RateLimit and not None; raises TypeError."""
    if not (value is None or isinstance(value, RateLimit)):
        mistyped(
            "rate_limit",
            value,
            f"a RateLimit, such as RateLimit({value!r}), or None" if type(value) is int else "a RateLimit or None",
        )


def base_url(value: object) -> None:
    """Refuse what is no base URL of http or https; raises TypeError or ValueError."""
    if not isinstance(value, str):
        mistyped("base_url", value, 'a text, such as "https://api.example.com/v1"')
    if any(mark in value for mark in "?#@"):
        raise ValueError("a base URL must have no user, password, query or fragment")
    if any(each.isspace() or not each.isprintable() for each in value):
        raise ValueError(f"{value!r} is no base URL: it must hold no blanks")
    scheme, _, rest = value.partition("://")
    place = rest.partition("/")[0]
    host, _, port = place.rpartition(":") if ":" in place.rpartition("]")[2] else (place, "", "")
    is_port = not port or (port.isascii() and port.isdecimal())  # httpx would read 8_0, and 99999 modulo 65536
    if scheme.lower() not in ("http", "https") or not host or any(mark in host for mark in "%\\") or not is_port:
        raise ValueError(f"{value!r} is no base URL: it must start with http:// or https:// and a host")
    if port and not 0 < int(port) <= _HIGHEST_PORT:
        raise ValueError(f"{value!r} is no base URL: its port must be from 1 to {_HIGHEST_PORT}")


_HIGHEST_PORT = 65535


def hook(value: object) -> None:
    """Refuse what cannot be called with an Attempt; raises TypeError."""
    if not (value is None or callable(value)):
        mistyped("on_attempt", value, "a function of one Attempt, or None")


def once(value: object, key: Key) -> None:
    """Refuse what is no key of a message; raises TypeError or InvalidMessage."""
    if not isinstance(value, str):
        mistyped("once", value, 'a text, such as "order-1042/shipped"')
    if not value.strip() or len(value) > _LONGEST_ONCE or not value.isprintable():
        rule = f"Must be a text of 1 to {_LONGEST_ONCE} printable characters"
        raise InvalidMessage([("once", rule, arrived(value, '"order-1042/shipped"'))])
    if key.hidden_in(value) != value:
        raise InvalidMessage([("once", "Must not hold the API key, since the ledger keeps it")])


_LONGEST_ONCE = 200


def transport(name: str, value: object, kind: type) -> None:
    """Refuse what is no transport of a kind, and no function that makes one; raises TypeError."""
    if not (value is None or isinstance(value, kind) or callable(value)):
        mistyped(name, value, f"an httpx.{kind.__name__}, or a function without arguments that makes one")


def headers(value: object) -> None:
    """Refuse headers that cannot be sent; raises TypeError or ValueError."""
    if refused := _refused_header(value):
        raise ValueError(": ".join(refused))


def headers_of_call(value: object) -> None:
    """Refuse headers of one call that cannot be sent; raises TypeError or InvalidMessage."""
    if refused := _refused_header(value):
        raise InvalidMessage([refused])


def timeout_of_call(value: object) -> None:
    """Refuse what is no timeout of one call; raises TypeError or InvalidMessage."""
    try:
        timeout(value)
    except ValueError as error:
        rule = str(error).partition(" ")[2]
    else:
        return
    raise InvalidMessage([("timeout", rule[:1].upper() + rule[1:])])


def _refused_header(value: object) -> tuple[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        mistyped("headers", value, 'a mapping of names to texts, such as {"X-Trace": "1042"}')
    given: Mapping[Any, Any] = value  # pyright: ignore[reportUnknownVariableType] - of any types, which are checked
    return header_violation(given)


def _is_of_httpx(value: object, name: str) -> bool:
    """Whether a value is of a class of httpx, without importing httpx."""
    return any(each.__name__ == name and each.__module__.startswith("httpx") for each in type(value).__mro__)


def mistyped(name: str, value: object, wanted: str) -> NoReturn:
    """Raise the TypeError of an argument."""
    text = repr(value)
    shown = text if len(text) <= 80 else f"{text[:80]}..."
    raise TypeError(f"{name} must be {wanted}, and is {shown} of type {type(value).__name__}")
