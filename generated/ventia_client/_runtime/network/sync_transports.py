"""The transports below the httpx client of synchronous calls: attempts, and the exchange with the service."""

from __future__ import annotations

import time

import httpcore
import httpx

from ..call import Call
from ..document import API_KEY
from ..outcomes import OutOfTime
from ..rate_limit.budget import Budget
from ..rate_limit.owned_slot import OwnedSlot
from ..retries import Retries, last_of
from ..settings import Settings
from .connection import adopt
from .credentials import Credentials
from .exchange import Body, Exchanges
from .sync_pool import Pool


def client(inner: httpx.BaseTransport, settings: Settings) -> tuple[httpx.Client, KeyTransport]:
    """An httpx client that sends through a transport, and its layer that can be closed."""
    signing = KeyTransport(inner, Credentials(settings.base_url, API_KEY, settings.key))
    budget = Budget.of(settings)
    limited = LimitTransport(signing, budget) if budget else signing
    retried = RetryTransport(limited, Retries(settings.retries, settings.backoff, settings.on_attempt))
    return httpx.Client(transport=retried, **settings.of_httpx()), signing


class RetryTransport(httpx.BaseTransport):
    """Sends requests through another transport, as often as it takes."""

    def __init__(self, inner: httpx.BaseTransport, retries: Retries) -> None:
        self._inner = inner
        self._retries = retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors and response are those of the last attempt that was made."""
        call = Call.of(request)
        last: httpx.Response | BaseException | None = None
        while True:
            begun = call.attempts
            try:
                last = response = self._inner.handle_request(request)
            except OutOfTime as late:
                return last_of(last, late)
            except BaseException as error:
                if (pause := self._retries.after(call, begun, error)) is None:
                    raise
                last = error
            else:
                if (pause := self._retries.after(call, begun, response)) is None:
                    return response
            time.sleep(pause)

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class LimitTransport(httpx.BaseTransport):
    """Sends requests through another transport, no faster than the account's rate limit."""

    def __init__(self, inner: httpx.BaseTransport, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for a slot, and send; raises OutOfTime if there is none before the call's deadline."""
        attempt = OwnedSlot(self._budget, request)
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


class KeyTransport(Exchanges, httpx.BaseTransport):
    """Sends requests through another transport, with the API key, and reads the answers whole."""

    def __init__(self, inner: httpx.BaseTransport, credentials: Credentials) -> None:
        super().__init__(credentials, has_pool=adopt(inner, httpx.BaseTransport, httpcore.ConnectionPool, Pool))
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors are the inner transport's, but for the body, which may come out broken off."""
        call = Call.of(request)
        self.begin(call)
        try:
            response = self._inner.handle_request(self.outgoing(call, request))
            call.answered(response.status_code)
            body = Body(call)
            if not response.is_stream_consumed:
                body.read(response.stream)
            return self.end(response, body)
        except BaseException as error:
            failed = error
        raise self.failure(failed, call, request)

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()
