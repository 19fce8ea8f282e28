"""The client: where requests go, with which key, how fast, and how long they may take."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from ._runtime import arguments
from ._runtime.document import SERVER_URL
from ._runtime.import_lock import LOADING
from ._runtime.key import Key
from ._runtime.key import violation as key_violation
from ._runtime.messages.checks import BODY
from ._runtime.outcomes import InvalidMessage
from ._runtime.sending import Sending
from .limits import RateLimit
from .types import Response

if TYPE_CHECKING:
    import httpx

    from ._runtime.call import Call
    from ._runtime.ledger.entry import Entry
    from ._runtime.network.httpx_clients import HttpxClients
    from .events import Attempt
    from .ledger import Ledger

T = TypeVar("T")

API_KEY_VARIABLE = "VENTIA_API_KEY"
"""The environment variable that holds the API key where none is given."""

BASE_URL_VARIABLE = "VENTIA_BASE_URL"
"""The environment variable that says where the service is where nothing else does."""

DEFAULT_TIMEOUT = 30.0
"""Seconds to connect, to send, to wait for an answer, and to read it: each step on its own."""

DEFAULT_DEADLINE = 120.0
"""Seconds for a call in all: a full wait for the rate limit, and the answer."""

DEFAULT_RETRIES = 3
"""Attempts of a call after the first."""

DEFAULT_BACKOFF = 1.0
"""Seconds before the first retry at the most."""


class Client:
    """Sends to the service: any number of calls, from any number of threads and event loops.

    As a context manager, in `with` or `async with`, it closes itself. Clients with the same key, base URL and limit
    keep the account's rate limit together.

    Args:
        api_key: the account's API key; without one that of the environment variable VENTIA_API_KEY.
        base_url: where the service is; without one that of the environment variable VENTIA_BASE_URL, or else the
            document's server.
        timeout: seconds for each step of an attempt: to connect, to send, to wait for the answer, to read it; or an
            `httpx.Timeout`.
        deadline: seconds for a call in all, its waits and retries included. No attempt begins after it, and no step of
            one waits longer, however slowly the service answers.
        retries: how often a call is tried again, only ever where nothing has been sent: no connection, or 429, after
            the seconds that its Retry-After asks, 60 at the most; 0 for never.
        backoff: seconds before the first retry at the most, where the service does not say; they double each time.
        rate_limit: how fast the account may send, and who counts; None for no limit on this side.
        headers: sent with every request.
        transport: for a proxy or certificates of your own, a function that makes the httpx transport of calls that
            wait, such as `lambda: httpx.HTTPTransport(proxy="http://proxy.example:3128")`; it is called once in each
            process. Or a transport itself, through which nothing is sent after a fork. The environment's HTTP_PROXY
            and HTTPS_PROXY are not read.
        async_transport: the same for calls that are awaited; the function is called once in each event loop, and a
            transport itself serves one event loop only.
        ledger: a `ledger.Ledger` of the messages that are sent with a key, `once`, so that none is sent twice.
        on_attempt: called with an `events.Attempt` after each attempt of a call, in the thread or task of the call.

    Raises:
        TypeError: an argument has the wrong type.
        ValueError: there is no API key or an unusable one, the base URL is not one of http or https, a number is too
            small, or a header cannot be sent.

    Example:
        with Client(api_key="...") as client:
            create_message.sync("66f1a2b33c4d5e0067f8a9b0", client=client, body=message)
    """

    _base_url = ""  # for the repr of a client that could not be made

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout = DEFAULT_TIMEOUT,
        deadline: float = DEFAULT_DEADLINE,
        retries: int = DEFAULT_RETRIES,
        backoff: float = DEFAULT_BACKOFF,
        rate_limit: RateLimit | None = RateLimit(),  # noqa: B008 - it is frozen
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | Callable[[], httpx.BaseTransport] | None = None,
        async_transport: httpx.AsyncBaseTransport | Callable[[], httpx.AsyncBaseTransport] | None = None,
        ledger: Ledger | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
    ) -> None:
        key = _key(api_key)
        del api_key  # which a traceback would show
        if isinstance(key, Exception):
            raise key
        arguments.timeout(timeout)
        arguments.seconds("deadline", deadline)
        arguments.retries(retries)
        arguments.backoff(backoff)
        arguments.rate_limit(rate_limit)
        arguments.headers(headers)
        _require_ledger(ledger)
        arguments.hook(on_attempt)
        with LOADING:
            from ._runtime.network import httpx_clients  # here, since httpx takes most of the time of an import
            from ._runtime.settings import Settings

        url = httpx_clients.base_url(_base_url(base_url))
        self._base_url = str(url).rstrip("/")
        self._deadline = deadline
        settings = Settings(url, key, timeout, headers or {}, rate_limit, retries, backoff, on_attempt)
        self._clients = httpx_clients.HttpxClients(settings, transport, async_transport)
        self._ledger, self._key = ledger, key

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Client is not pickled or copied, since it holds an API key; make one where it is used")

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client underneath, for calls that wait."""
        return self._clients.sync_client()

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The httpx client underneath, for calls of the running event loop."""
        return self._clients.async_client()

    def _begin(
        self, request: Mapping[str, Any], timeout: float | None, headers: Mapping[str, str] | None
    ) -> tuple[HttpxClients, Call, dict[str, Any]]:
        """A new call, and the arguments of `build_request`: a whole URL, the JSON written out, what one call adds."""
        call, extensions = self._clients.call(self._deadline, request["method"])
        built = {**request, "url": f"{self._base_url}{request['url']}"}
        built["extensions"] = {**request.get("extensions", {}), **extensions}
        if "json" in built:
            built["content"] = _written(built.pop("json"))
        if timeout is not None:
            arguments.timeout_of_call(timeout)
            built["timeout"] = timeout
        if headers is not None:
            arguments.headers_of_call(headers)
            built["headers"] = {**headers, **request.get("headers", {})}
        return self._clients, call, built

    def _entry(self, message: Sending, request: Mapping[str, Any], call: Call) -> Entry | None:
        """The entry of a call in the ledger; None if it has none."""
        if message.once is None:
            return None
        if self._ledger is None:
            raise TypeError('once needs a ledger, where its keys are kept: Client(ledger=Ledger("sends.sqlite3"))')
        arguments.once(message.once, self._key)
        call.once = message.once
        with LOADING:
            from ._runtime.ledger.entry import Entry  # here, since not all senders have a ledger
        return Entry(self._ledger.store, call, message, request, self._key, keeps_body=self._ledger.keep_bodies)

    def close(self) -> None:
        """Close the sync client, and the ledger's file; later calls are refused, one under way goes on to its end."""
        self._clients.close()
        if self._ledger is not None:
            self._ledger.close()

    async def aclose(self) -> None:
        """Close the sync client, this event loop's async client, and the ledger's file; later calls are refused."""
        await self._clients.aclose()
        if self._ledger is not None:
            self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()


def send(
    client: Client,
    request: Mapping[str, Any],
    read: Callable[[Response[Any]], T],
    timeout: float | None,
    headers: Mapping[str, str] | None,
    message: Sending | None = None,
) -> T:
    """Send the request of an operation, and read the answer, whatever its status is.

    Args:
        request: the arguments of `httpx.Client.build_request`.
        read: makes of the answer what the operation returns.
        timeout: seconds for each step of an attempt, instead of the client's.
        headers: sent with this request as well.
        message: the message that it sends; None if the operation sends none.

    Raises:
        VentiaError: there is no answer, or not the one that is wanted.
        TypeError: an argument has the wrong type.
    """
    clients, call, built = _require(client)._begin(request, timeout, headers)  # pyright: ignore[reportPrivateUsage] - a method that users need not see
    entry = message and client._entry(message, request, call)  # pyright: ignore[reportPrivateUsage] - as above
    inner = clients.sync_client()

    def exchange() -> Response[Any]:
        return _response(inner.send(inner.build_request(**built)))

    if entry is not None:
        return entry.run(exchange, read)
    with call:
        return read(exchange())


async def send_async(
    client: Client,
    request: Mapping[str, Any],
    read: Callable[[Response[Any]], T],
    timeout: float | None,  # noqa: ASYNC109 - of each step, not of the whole
    headers: Mapping[str, str] | None,
    message: Sending | None = None,
) -> T:
    """Send the request of an operation, and await the answer, see `send`."""
    clients, call, built = _require(client)._begin(request, timeout, headers)  # pyright: ignore[reportPrivateUsage] - a method that users need not see
    entry = message and client._entry(message, request, call)  # pyright: ignore[reportPrivateUsage] - as above
    inner = clients.async_client()

    async def exchange() -> Response[Any]:
        return _response(await inner.send(inner.build_request(**built)))

    if entry is not None:
        return await entry.run_async(exchange, read)
    with call:
        return read(await exchange())


def _require_ledger(value: object) -> None:
    if value is None:
        return
    from .ledger import Ledger  # here, since not all senders have one

    if not isinstance(value, Ledger):
        arguments.mistyped("ledger", value, 'a Ledger, such as Ledger("sends.sqlite3"), or None')


def _require(client: object) -> Client:
    if not isinstance(client, Client):
        arguments.mistyped("client", client, "a Client")
    return client


def _response(answer: httpx.Response) -> Response[Any]:
    return Response(answer.status_code, answer.content, answer.headers, None, answer.extensions["complete"])


def _key(given: object) -> Key | Exception:
    """The key, or why there is none: that is raised elsewhere, where no traceback shows what was given."""
    value = os.environ.get(API_KEY_VARIABLE) if given is None else given
    if value is None or (given is None and not value):
        return ValueError(f"no API key: pass api_key, or set the environment variable {API_KEY_VARIABLE}")
    if not isinstance(value, str):
        return TypeError(f"api_key: an API key must be a text, and is of type {type(value).__name__}")
    refused = key_violation(value)
    return ValueError(refused) if refused else Key(value)


def _base_url(given: str | None) -> str:
    """The base URL that was given, or that of the environment, or the document's server."""
    if given is not None:
        return given
    found = os.environ.get(BASE_URL_VARIABLE)
    if found == "":  # or what was meant for a server of one's own would go to the real one
        raise ValueError(f"the environment variable {BASE_URL_VARIABLE} is empty: unset it, or let it name the service")
    return SERVER_URL if found is None else found


def _written(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError:
        rule = "Must hold both halves of every surrogate pair"
    except (RecursionError, TypeError, ValueError) as error:
        rule = f"Must be JSON; {error}"
    raise InvalidMessage([(BODY, rule)])
