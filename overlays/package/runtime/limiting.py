"""Sends no faster than the account's rate limit."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from .budget import Budget
from .call import Call
from .retries import pause
from .slots import Slot


class LimitTransport(httpx.BaseTransport):
    """Sends requests through another transport, no faster than the account's rate limit."""

    def __init__(self, inner: httpx.BaseTransport, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for a slot, and send; raises OutOfTime if there is none before the call's deadline."""
        attempt = _Attempt(self._budget, request)
        try:
            try:
                self._budget.take(attempt.slot, attempt.call.deadline)
                attempt.response = self._inner.handle_request(request)
                return attempt.response
            finally:
                attempt.end()
        except BaseException:
            attempt.end()  # once more, since a signal may have broken off the first
            raise

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncLimitTransport(httpx.AsyncBaseTransport):
    """LimitTransport for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for a slot, and send; raises OutOfTime if there is none before the call's deadline."""
        attempt = _Attempt(self._budget, request)
        try:
            try:
                await self._budget.take_async(attempt.slot, attempt.call.deadline)
                attempt.response = await self._inner.handle_async_request(request)
                return attempt.response
            finally:
                attempt.end()
        except BaseException:
            attempt.end()  # once more, since a signal may have broken off the first
            raise

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


class _Attempt:
    """An attempt to send a request, which owns a slot."""

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
