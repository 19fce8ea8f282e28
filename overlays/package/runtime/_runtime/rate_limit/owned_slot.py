"""The slot of an attempt within the account's rate limit."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from ..call import Call
from ..retries import pause
from .budget import Budget
from .slots import Slot


class OwnedSlot:
    """The slot of an attempt: it ends however the attempt ends."""

    def __init__(self, budget: Budget, request: httpx.Request) -> None:
        self._budget = budget
        self.slot = Slot()
        self.call = Call.of(request)
        self.call.went_out = False  # as an earlier attempt may have
        self.response: httpx.Response | None = None

    def end(self) -> None:
        """Count the slot if the request may have been counted by the service; give it back otherwise."""
        if self.response is not None:
            self._budget.answered(self.slot, _pause(self.response))
        elif self.call.went_out:
            self._budget.answered(self.slot, 0.0)
        else:
            self._budget.give_back(self.slot)


def _pause(response: httpx.Response) -> float:
    """Seconds for which the service wants no request of the account."""
    return pause(response.headers) if response.status_code == HTTPStatus.TOO_MANY_REQUESTS else 0.0
