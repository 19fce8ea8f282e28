"""What stands below the httpx client of calls that wait: attempts, and the exchange with the service."""

from __future__ import annotations

import time

import httpx

from .call import Call
from .credentials import Credentials
from .exchange import Body, Exchanges
from .outcomes import OutOfTime
from .retries import Retries, last_of
from .sync_pool import adopt


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


class KeyTransport(Exchanges, httpx.BaseTransport):
    """Sends requests through another transport, with the API key, and reads the answers whole."""

    def __init__(self, inner: httpx.BaseTransport, credentials: Credentials) -> None:
        super().__init__(credentials, has_pool=adopt(inner))
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
