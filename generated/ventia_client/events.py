"""The events of a call: one for each attempt, and the lines of the logger `ventia_client`."""

from __future__ import annotations

import logging
from typing import NamedTuple

LOG = logging.getLogger("ventia_client")
"""INFO: a wait for the rate limit. WARNING: each further attempt, and an outcome that is unknown.

No line holds a key or a text of a message. The name is the same where the package is vendored under another one.
"""


class Attempt(NamedTuple):
    """An attempt of a call that has ended, as `Client(on_attempt=...)` gets it; enough for metrics, or for a span.

    Attributes:
        number: 1 for the first of the call.
        seconds: that it took; a wait for the rate limit before it does not count.
        status_code: the HTTP status of the answer; None if none came.
        error: the name of the class of the error that it ended in; None after an answer.
        may_be_sent: whether the message may have been sent, as far as is known after it.
        retry_in: seconds after which another attempt begins; None if none follows.
    """

    number: int
    seconds: float
    status_code: int | None
    error: str | None
    may_be_sent: bool
    retry_in: float | None
