"""The errors of a call: everything but an answer of success.

    VentiaError               `outcome` says what is known of the message: "not_sent" or "unknown"
    ├── NotSent               it was not sent, and sending it again cannot send it twice
    │   ├── InvalidMessage      it breaks a rule of the document; nothing went out
    │   ├── Unreachable         no connection could be made
    │   ├── OutOfTime           the deadline came before it could go out, as when the rate limit made it wait
    │   ├── DifferentMessage    its key in the ledger is that of a different message; nothing went out
    │   ├── LedgerUnavailable   the ledger could not write it down; nothing went out
    │   └── Refused             the service answered, and did not take it
    └── DeliveryUnknown       it may have been sent: whoever sends it again may send it twice
        ├── AlreadyTried        an earlier call had its key in the ledger, and how that ended is not known
        └── Failed              the service answered, and left it open

The document's own error responses are classes of `errors`, each a `Refused` or a `Failed`. These carry the answer: they
are `AnswerError`s. What the document does not list is an `UnexpectedStatus`, and a `Refused` or a `Failed` as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from reprlib import Repr
from typing import Any, Literal, Self, cast

from ..types import Response

Outcome = Literal["not_sent", "unknown"]

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 120


class VentiaError(Exception):
    """A call that did not end in success."""

    outcome: Outcome
    """`not_sent`, or `unknown` if the message may have reached the contact."""

    is_transient: bool = False
    """Whether the same call may succeed later: there was no connection, no time left, or a 429."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(_SHORT.repr, self.args))})"


class NotSent(VentiaError):
    """The message was not sent; sending it again cannot send it twice."""

    outcome = "not_sent"


class DeliveryUnknown(VentiaError):
    """The message may have been sent; whoever sends it again may send it twice."""

    outcome = "unknown"


class InvalidMessage(NotSent, ValueError):
    """A message, or a parameter, that breaks rules of the document; the text quotes the value and says what would do.

    Args:
        violations: the field, the rule that it breaks and, for the text alone, advice, of each violation.

    Attributes:
        field: the first field that breaks a rule, by its name in the document; `body` for the message as a whole.
        rule: the rule that it breaks.
        violations: every field and rule, these two first.
    """

    __match_args__ = ("field", "rule")

    def __init__(self, violations: Iterable[Sequence[str]]) -> None:
        each = tuple(map(tuple, violations))
        super().__init__(each)
        self.violations = tuple((field, rule) for field, rule, *_ in each)
        self.field, self.rule = self.violations[0]

    def __str__(self) -> str:
        return "; ".join(
            f"{field}: {rule}" + "".join(f" ({text})" for text in advice if text)
            for field, rule, *advice in self.args[0]
        )


class Unreachable(NotSent):
    """No connection could be made: to the service, or to the Redis of the account's rate limit."""

    is_transient = True


class OutOfTime(NotSent):
    """The call's deadline came, or would have come, before the message could go out."""

    is_transient = True


class LedgerUnavailable(NotSent):
    """The ledger could not be read or written; the text says why, and what would work.

    Args:
        text: why.
        is_transient: whether the ledger may work later, as where it was locked or not reachable.
    """

    def __init__(self, text: str, is_transient: bool = False) -> None:  # noqa: FBT001, FBT002 - from its args
        super().__init__(text, is_transient)
        self.is_transient = is_transient

    def __str__(self) -> str:
        return str(self.args[0])


class DifferentMessage(NotSent, ValueError):
    """The ledger has the key for a different message.

    Args:
        key: the argument `once`.
        fields: what differs: `operation`, the contact by the name of its parameter, or fields of the body.
        at: when the other message was tried, in ISO 8601.
    """

    def __init__(self, key: str, fields: Iterable[str], at: str) -> None:
        super().__init__(key, tuple(fields), at)
        self.key, self.fields, self.at = key, tuple(fields), at

    def __str__(self) -> str:
        return (
            f"once={self.key!r} is the key of a different message, tried at {self.at}: {', '.join(self.fields)} "
            f"{'differs' if len(self.fields) == 1 else 'differ'} (nothing was sent); pass a key of its own"
        )


class AlreadyTried(DeliveryUnknown):
    """An earlier call has the key of this message in the ledger, and how that ended is not known, or not yet.

    Args:
        key: the argument `once`.
        state: `under way`; `unknown`; or `sent`, if a person found that it was sent, so that no answer is kept.
        at: when the earlier call began, in ISO 8601.
        by: the host and the process that made it.
    """

    def __init__(self, key: str, state: str, at: str, by: str) -> None:
        super().__init__(key, state, at, by)
        self.key, self.state, self.at, self.by = key, state, at, by

    def __str__(self) -> str:
        return f"once={self.key!r}: tried at {self.at} by {self.by}, {_KNOWN_OF_TRIED[self.state]}"


_KNOWN_OF_TRIED = {
    "under way": "and still under way, or its process has died (nothing was sent by this call)",
    "unknown": "and may have been sent (nothing was sent by this call); look in the contact's conversation, then say "
    "what you found: ledger.resolve(key, sent=True) or sent=False",
    "sent": "and sent, as a person found, so that there is no answer to return (nothing was sent by this call)",
}


class AnswerError(VentiaError):
    """The service answered, and not with a success that can be read.

    Its `args` are plain values, so that a job store can rebuild the error, with an empty `response`.

    Args:
        status_code: the HTTP status of the answer.
        error: what went wrong, None if the answer does not say.
        details: what exactly went wrong, None if the answer does not say.

    Attributes:
        response: the answer; an empty one in an error that was made from its `args`.
    """

    __match_args__ = ("status_code", "error", "details")

    def __init__(self, status_code: int, error: str | None = None, details: str | None = None) -> None:
        super().__init__(status_code, error, details)
        self.status_code, self.error, self.details = status_code, error, details
        self.is_transient = isinstance(self, NotSent) and status_code == HTTPStatus.TOO_MANY_REQUESTS
        self.response: Response[Any] = Response(status_code, b"", {}, complete=False)

    @classmethod
    def of(cls, response: Response[Any]) -> Self:
        """Make the error of an answer."""
        said = _said(response)
        made = cls(response.status_code, said.get("error"), said.get("details"))
        made.response = response
        return made

    def __str__(self) -> str:
        said = ": ".join(text for text in (self.error, self.details) if text)
        return f"{self.status_code} {said or _phrase(self.status_code)}"


class Refused(AnswerError, NotSent):
    """The service answered that it did not take the message."""


class Failed(AnswerError, DeliveryUnknown):
    """The service answered, and it is unknown what became of the message."""


class UnreadableAnswer(Failed):
    """The status says success, and the rest of the answer cannot be read; `details` is how it begins."""

    @classmethod
    def of(cls, response: Response[Any]) -> Self:
        """Make the error of an answer."""
        made = cls(response.status_code, "an answer that is not what the document says", repr(response.content[:200]))
        made.response = response
        return made


class UnexpectedStatus(AnswerError):
    """The status is none that the document lists: an `UnexpectedRefusal` or an `UnexpectedAnswer`."""


class UnexpectedRefusal(UnexpectedStatus, Refused):
    """A client error that the document does not list."""


class UnexpectedAnswer(UnexpectedStatus, Failed):
    """Any other status that the document does not list: a server error, a redirect, an unknown kind of success."""


def unexpected(response: Response[Any]) -> UnexpectedStatus:
    """The error that an answer with an undocumented status is."""
    return (UnexpectedRefusal if is_refusal(response.status_code) else UnexpectedAnswer).of(response)


def is_refusal(status_code: int) -> bool:
    """Whether a status says that nothing was done: a client error that HTTP knows.

    Not 408, nor a status unknown to HTTP: gateways use these for timeouts.
    """
    return 400 <= status_code < 500 and status_code in _KNOWN and status_code != HTTPStatus.REQUEST_TIMEOUT


def _said(response: Response[Any]) -> dict[str, str]:
    """The texts in the JSON object that an answer is; none if it is something else."""
    try:
        value: Any = response.json()
    except (RecursionError, ValueError):
        return {}
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    return {name: text for name, text in fields.items() if isinstance(text, str)}


_KNOWN = frozenset(HTTPStatus)


def _phrase(status_code: int) -> str:
    return HTTPStatus(status_code).phrase if status_code in _KNOWN else "with a status that HTTP does not know"
