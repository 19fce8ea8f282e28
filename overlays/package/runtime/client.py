"""The client: where requests go, with which key, and how long they may take."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from types import TracebackType

import httpx

from ._document import API_KEY_PARAMETER, SERVER_URL, VERSION
from .transport import AsyncKeyTransport, KeyTransport

API_KEY_VARIABLE = "VENTIA_API_KEY"
"""The environment variable that holds the API key where none is given."""

BASE_URL_VARIABLE = "VENTIA_BASE_URL"
"""The environment variable that says where the service is where nothing else does."""

DEFAULT_TIMEOUT = 30.0
"""Seconds to connect, to send, to wait for an answer, and to read it: each step on its own."""


class Client:
    """A connection to the service, for any number of calls; as a context manager it closes itself.

    Args:
        api_key: the account's API key; without one that of the environment variable VENTIA_API_KEY.
        base_url: where the service is; without one that of the environment variable VENTIA_BASE_URL, or else the
            document's server.
        timeout: seconds for each step of a call, or an `httpx.Timeout`.
        headers: sent with every request.
        raise_on_unexpected_status: raise `errors.UnexpectedStatus` for a status that the document does not list,
            instead of returning None.
        transport: what sends requests for calls that wait, for a proxy or certificates of your own; the environment's
            HTTP_PROXY and HTTPS_PROXY are not read.
        async_transport: the same for calls that are awaited.

    Raises:
        ValueError: no API key is given, or the base URL is not one of http or https.

    Example:
        with Client(api_key="...") as client:
            create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message)
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout = DEFAULT_TIMEOUT,
        headers: Mapping[str, str] | None = None,
        raise_on_unexpected_status: bool = False,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._key = _key(api_key)
        self._base_url = _url(base_url or os.environ.get(BASE_URL_VARIABLE) or SERVER_URL)
        self.raise_on_unexpected_status = raise_on_unexpected_status
        self._timeout = timeout
        self._headers = {"User-Agent": f"ventia-client/{VERSION}", **(headers or {})}
        self._transport = transport
        self._async_transport = async_transport
        self._opening = threading.Lock()
        self._client: httpx.Client | None = None
        self._async_client: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={str(self._base_url)!r})"

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client underneath, for calls that wait."""
        with self._opening:
            if self._client is None:
                transport = self._transport or httpx.HTTPTransport()
                self._client = httpx.Client(
                    transport=KeyTransport(transport, self._base_url, API_KEY_PARAMETER, self._key),
                    base_url=self._base_url,
                    timeout=self._timeout,
                    headers=self._headers,
                )
            return self._client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The httpx client underneath, for calls that are awaited."""
        with self._opening:
            if self._async_client is None:
                transport = self._async_transport or httpx.AsyncHTTPTransport()
                self._async_client = httpx.AsyncClient(
                    transport=AsyncKeyTransport(transport, self._base_url, API_KEY_PARAMETER, self._key),
                    base_url=self._base_url,
                    timeout=self._timeout,
                    headers=self._headers,
                )
            return self._async_client

    def __enter__(self) -> Client:
        self.get_httpx_client().__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.get_httpx_client().__exit__(kind, error, traceback)

    async def __aenter__(self) -> Client:
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.get_async_httpx_client().__aexit__(kind, error, traceback)


def _key(given: str | None) -> str:
    key = given or os.environ.get(API_KEY_VARIABLE)
    if not key:
        raise ValueError(f"no API key: pass api_key, or set the environment variable {API_KEY_VARIABLE}")
    return key


def _url(given: str) -> httpx.URL:
    try:
        url = httpx.URL(given)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.userinfo or url.query or url.fragment:
        raise ValueError("a base URL must have no user, password, query or fragment")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{given!r} is no base URL: it must start with http:// or https:// and a host")
    return url
