"""Request bodies, which keep the rules of the document from their construction on."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextvars import ContextVar
from typing import Any, ClassVar, Self, cast

from ...types import Model
from ..outcomes import InvalidMessage
from .checks import BODY, require

_IS_CHECKED = ContextVar("_IS_CHECKED", default=False)


class Checked(Model):
    """A request body: it keeps the rules of the document, or is not made.

    A class says with `at`, the JSON pointer of its schema, which rules they are, and with `required`, which fields of
    that it always has.
    """

    __slots__ = ("_kept",)

    _at: ClassVar[str]
    _required: ClassVar[Collection[str]]
    _kept: str

    def __init_subclass__(cls, at: str | None = None, required: Collection[str] = ()) -> None:
        if at is not None:  # attrs makes each class a second time, without it
            cls._at, cls._required = at, required

    def __attrs_post_init__(self) -> None:
        if not _IS_CHECKED.get():
            self.check()

    @classmethod
    def _of_checked(cls, **fields: Any) -> Self:
        """An object with fields that keep the rules together with others, which it is yet to get."""
        token = _IS_CHECKED.set(True)
        try:
            return cls(**fields)
        finally:
            _IS_CHECKED.reset(token)

    @classmethod
    def checked(cls, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """The value itself; raises InvalidMessage if it breaks a rule, or lacks what is required for this class."""
        plain = dict(value) if isinstance(value, Mapping) else value  # pyright: ignore[reportUnnecessaryIsInstance] - callers may err
        require(cls._at, plain, cls._required)
        return value

    def check(self) -> None:
        """Raise InvalidMessage if a rule is broken, as may be since a field was changed."""
        value = self.to_dict()
        text = _text(value)
        if not text or text != getattr(self, "_kept", ""):
            require(self._at, value, self._required)
            self._kept = text

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that is sent."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The object of which a JSON object was made."""
        raise NotImplementedError

    @classmethod
    def _distance(cls, value: Mapping[str, Any]) -> tuple[int, int]:
        """The distance of a JSON object from this class: the class with the smallest is the likeliest."""
        return sum(name not in value for name in cls._required), -len(cls._required)


def require_body(body: object, *types: type) -> None:
    """Refuse what is no body of an operation, before it is sent.

    Raises:
        InvalidMessage: a field was changed so that a rule is broken.
        TypeError: it is of none of the types.
    """
    if not isinstance(body, types):
        raise TypeError(f"{BODY} must be {_listed(types)}, not {_kind(body)}{_advice(body, types)}")
    if isinstance(body, Checked):
        body.check()


def body_of(value: object, *classes: type[Checked]) -> Checked:
    """A JSON object as a body of the class that fits it.

    Raises:
        InvalidMessage: it fits no class; the violations are those of the class that comes nearest.
        TypeError: it is no mapping.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{BODY} must be a mapping such as a dict, not {_kind(value)}")
    named = cast("Mapping[str, Any]", value)
    refusals: list[InvalidMessage] = []
    for each in sorted(classes, key=lambda each: each._distance(named)):  # pyright: ignore[reportPrivateUsage] - ours
        try:
            return each.from_dict(named)
        except InvalidMessage as error:
            refusals.append(error)
        except (AttributeError, LookupError, TypeError, ValueError) as error:  # whatever a parser trips over
            refusals.append(InvalidMessage([(BODY, f"Must be a {each.__name__}; {error}")]))
    raise refusals[0]


def _advice(body: object, types: tuple[type, ...]) -> str:
    is_made = isinstance(body, dict) and all(issubclass(each, Checked) for each in types)
    return "; body_from_dict makes one of it" if is_made else ""


def _kind(value: object) -> str:
    return type(value).__name__


def _listed(types: tuple[type, ...]) -> str:
    *first, last = [each.__name__ for each in types]
    return f"{', '.join(first)} or {last}" if first else last


def _text(value: Any) -> str:
    """A value as JSON; empty if it is none, which is for the client to say when it sends."""
    try:
        return json.dumps(value)
    except (RecursionError, TypeError, ValueError):
        return ""
