"""The transports below the httpx client of awaited calls: attempts, and the exchange with the service."""

from __future__ import annotations

import asyncio

import httpcore
import httpx

from ..call import Call
from ..document import API_KEY
from ..outcomes import OutOfTime
from ..rate_limit.budget import Budget
from ..rate_limit.owned_slot import OwnedSlot
from ..retries import Retries, last_of
from ..settings import Settings
from .async_pool import AsyncPool
from .connection import adopt
from .credentials import Credentials
from .exchange import Body, Exchanges
from .streams import LONGEST_STEP

MOST_AT_ONCE = 100
"""Requests that one event loop has under way at once; others wait."""


def client(inner: httpx.AsyncBaseTransport, settings: Settings) -> tuple[httpx.AsyncClient, AsyncKeyTransport]:
    """An httpx client that sends through a transport, and its layer that can be closed."""
    signing = AsyncKeyTransport(inner, Credentials(settings.base_url, API_KEY, settings.key))
    budget = Budget.of(settings)
    limited = AsyncLimitTransport(signing, budget) if budget else signing
    retried = AsyncRetryTransport(limited, Retries(settings.retries, settings.backoff, settings.on_attempt))
    return httpx.AsyncClient(transport=retried, **settings.of_httpx()), signing


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """RetryTransport for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, retries: Retries) -> None:
        self._inner = inner
        self._retries = retries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors and response are those of the last attempt that was made."""
        call = Call.of(request)
        last: httpx.Response | BaseException | None = None
        while True:
            begun = call.attempts
            try:
                last = response = await self._inner.handle_async_request(request)
            except OutOfTime as late:
                return last_of(last, late)
            except BaseException as error:
                if (pause := self._retries.after(call, begun, error)) is None:
                    raise
                last = error
            else:
                if (pause := self._retries.after(call, begun, response)) is None:
                    return response
            await asyncio.sleep(pause)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


class AsyncLimitTransport(httpx.AsyncBaseTransport):
    """LimitTransport for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for a slot, and send; raises OutOfTime if there is none before the call's deadline."""
        attempt = OwnedSlot(self._budget, request)
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


class AsyncKeyTransport(Exchanges, httpx.AsyncBaseTransport):
    """KeyTransport for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, credentials: Credentials) -> None:
        super().__init__(
            credentials, has_pool=adopt(inner, httpx.AsyncBaseTransport, httpcore.AsyncConnectionPool, AsyncPool)
        )
        self._inner = inner
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors are the inner transport's, but for the body, which may come out broken off."""
        call = Call.of(request)
        await self._take_place(call)
        try:
            return await self._exchanged(call, request)
        finally:
            self._places.release()

    async def _exchanged(self, call: Call, request: httpx.Request) -> httpx.Response:
        self.begin(call)
        try:
            response = await self._inner.handle_async_request(self.outgoing(call, request))
            call.answered(response.status_code)
            body = Body(call)
            if not response.is_stream_consumed:
                await body.aread(response.stream)
            return self.end(response, body)
        except BaseException as error:
            failed = error
        raise self.failure(failed, call, request)

    async def _take_place(self, call: Call) -> None:
        try:
            async with asyncio.timeout(min(call.remaining(), LONGEST_STEP)):
                await self._places.acquire()
        except TimeoutError:
            raise OutOfTime(f"{MOST_AT_ONCE} requests are under way already (nothing was sent)") from None

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()
