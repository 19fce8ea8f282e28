"""Adds the API key below httpx, where no log, no `response.request` and no exception shows it."""

from __future__ import annotations

import httpx


class _Signer:
    """Adds the key to the query of requests to one origin; those to another, as after a redirect, go without."""

    def __init__(self, origin: httpx.URL, parameter: str, key: str) -> None:
        self._origin = (origin.scheme, origin.host, origin.port)
        self._parameter = parameter
        self._key = key

    def unsigned(self, response: httpx.Response) -> httpx.Response:
        """A response that does not give the key back, as a redirect does that repeats the query."""
        location = response.headers.get("location")
        if location and self._parameter in location:
            response.headers["location"] = str(httpx.URL(location).copy_remove_param(self._parameter))
        return response

    def __call__(self, request: httpx.Request) -> httpx.Request:
        if (request.url.scheme, request.url.host, request.url.port) != self._origin:
            return request
        return httpx.Request(
            request.method,
            request.url.copy_set_param(self._parameter, self._key),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )


class KeyTransport(httpx.BaseTransport):
    """Sends requests through another transport, those to the origin with the API key in their query.

    Args:
        inner: what sends them.
        origin: a URL with the scheme, host and port that may see the key.
        parameter: the name of the query parameter.
        key: the API key.
    """

    def __init__(self, inner: httpx.BaseTransport, origin: httpx.URL, parameter: str, key: str) -> None:
        self._inner = inner
        self._sign = _Signer(origin, parameter, key)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors and response are the inner transport's."""
        return self._sign.unsigned(self._inner.handle_request(self._sign(request)))

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()


class AsyncKeyTransport(httpx.AsyncBaseTransport):
    """KeyTransport for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, origin: httpx.URL, parameter: str, key: str) -> None:
        self._inner = inner
        self._sign = _Signer(origin, parameter, key)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; errors and response are the inner transport's."""
        return self._sign.unsigned(await self._inner.handle_async_request(self._sign(request)))

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()
