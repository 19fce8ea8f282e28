"""One request and what became of it. It has API keys in it: `recording.py` makes the record without them."""

from __future__ import annotations

from dataclasses import dataclass

from ventia_mock.http.request import Request
from ventia_mock.http.response import Response
from ventia_mock.operations.identifiers import Identified
from ventia_mock.operations.served import ServedOperation
from ventia_mock.platform.accounts import Account

NOT_PROCESSED = "not processed, as planned"
"""Why a message that a fault stopped was not sent."""


@dataclass
class Exchange:
    """A request to a documented operation, and what became of it.

    Attributes:
        account: the account of the request's API key; None without a known key.
        identified: the identifiers in the request.
        decided: the platform's response to the message; None if a fault kept it from being processed.
        response: the response that the caller gets; the same one, unless a fault spoils it.
        fault: the name of the planned fault; '' without one.
        delay: seconds before the response is sent.
        discrepancies: between the response of an upstream server and the document, a sentence each.
    """

    served: ServedOperation
    request: Request
    account: Account | None
    identified: Identified
    decided: Response | None
    response: Response
    fault: str = ""
    delay: float = 0.0
    discrepancies: tuple[str, ...] = ()
