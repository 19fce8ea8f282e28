"""The errors that a call raises: those of `outcomes`, and a class for each error response of the document."""

from ._runtime.outcomes import (
    AlreadyTried,
    AnswerError,
    DeliveryUnknown,
    DifferentMessage,
    Failed,
    InvalidMessage,
    LedgerUnavailable,
    NotSent,
    Outcome,
    OutOfTime,
    Refused,
    UnexpectedAnswer,
    UnexpectedRefusal,
    UnexpectedStatus,
    Unreachable,
    UnreadableAnswer,
    VentiaError,
)

__all__ = [
    "AlreadyTried",
    "AnswerError",
    "DeliveryUnknown",
    "DifferentMessage",
    "Failed",
    "InternalServerError",
    "InvalidApiKey",
    "InvalidMessage",
    "InvalidRequestBody",
    "LedgerUnavailable",
    "NoActiveIntegration",
    "NotSent",
    "Outcome",
    "OutOfTime",
    "RateLimitExceeded",
    "Refused",
    "SessionNotOnline",
    "UnexpectedAnswer",
    "UnexpectedRefusal",
    "UnexpectedStatus",
    "Unreachable",
    "UnreadableAnswer",
    "VentiaError",
]


class InvalidRequestBody(Refused):
    """The request breaks a rule; `details` says which. What a template on a channel of another type, or a channel of
    another company, is answered with is not documented; that it is this response is assumed."""


class InvalidApiKey(Refused):
    """The API key is missing, malformed or not known. That this is the answer whatever else is wrong with the request
    is inferred."""


class SessionNotOnline(Refused):
    """The user's personal WhatsApp session is offline, so nothing was sent. The status number of this response is
    inferred."""


class NoActiveIntegration(Refused):
    """The user has no active personal WhatsApp Business integration, so nothing was sent. The status number of this
    response is inferred."""


class RateLimitExceeded(Refused):
    """The account's requests exceed `x-rate-limit`. All keys of an account share it. The body is inferred from the
    other refusals; no header is documented."""


class InternalServerError(Failed):
    """The platform failed. Whether the message was sent before is not documented."""


for _error in (
    AlreadyTried,
    AnswerError,
    DeliveryUnknown,
    DifferentMessage,
    Failed,
    InvalidMessage,
    LedgerUnavailable,
    NotSent,
    OutOfTime,
    Refused,
    UnexpectedAnswer,
    UnexpectedRefusal,
    UnexpectedStatus,
    Unreachable,
    UnreadableAnswer,
    VentiaError,
):
    _error.__module__ = __name__  # where a traceback names them, and a store of results finds them again
