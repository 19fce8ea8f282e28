"""Sends no faster than the account's rate limit."""

from __future__ import annotations

import time
from http import HTTPStatus

import httpx

from .budget import Budget
from .call import Call
from .retries import pause
from .windows import slot as new_slot


class LimitTransport(httpx.BaseTransport):
    """Sends requests through another transport, no faster than the account's rate limit."""

    def __init__(self, inner: httpx.BaseTransport, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for a slot, and send; raises OutOfTime if there is none before the call's deadline."""
        slot = new_slot()
        for seconds in self._budget.waits(slot, Call.of(request).deadline):
            time.sleep(seconds)
        try:
            response = self._inner.handle_request(request)
        except BaseException:
            if Call.of(request).went_out:
                self._budget.answered(slot, 0.0)
            else:
                self._budget.give_back(slot)
            raise
        self._budget.answered(slot, _pause(response))
        return response

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
        slot = new_slot()
        aside = self._budget.aside
        await self._budget.take(slot, Call.of(request).deadline)
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException:  # without waiting, since a task that is cancelled must end at once
            if Call.of(request).went_out:
                self._budget.later(self._budget.answered, slot, 0.0)
            else:
                self._budget.later(self._budget.give_back, slot)
            raise
        await aside(self._budget.answered, slot, _pause(response))
        return response

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


def _pause(response: httpx.Response) -> float:
    """Seconds for which the service wants no request of the account."""
    return pause(response.headers) if response.status_code == HTTPStatus.TOO_MANY_REQUESTS else 0.0
