"""The connections to the service: each belongs to one exchange at a time, and is used again only if that ended clean.

They stand in the place of httpcore's pool below an httpx transport, whose wrappers so see requests without the key, and
where a call that is given up, at whatever moment, closes its connection and leaves nothing behind.
"""

from __future__ import annotations

import copy
import time
from collections import deque
from collections.abc import Callable, Set
from typing import Any, Generic, TypeVar, cast

import httpcore

from ..call import Call
from .credentials import CREDENTIALS, Credentials

KEEP_ALIVE = 1.5
"""Seconds after which an idle connection is not used again: less than servers keep it, or a message meets its end.

Gunicorn keeps them for 2 seconds, Node.js, uvicorn and Apache for 5, and few for less.
"""

_MOST_IDLE = 20

Place = tuple[bytes, bytes, int]
"""Scheme, host and port."""


class BaseConnection:
    """A connection, and what is known of it.

    Attributes:
        http: httpcore's side of it.
        stream: its bytes, once it is connected.
        call: the call that has it now.
        is_secure: whether requests go out through TLS.
        is_used: whether an exchange has ended on it.
    """

    http: Any
    stream: Any = None

    def __init__(self, call: Call, place: Place) -> None:
        self.call = call
        self.place = place
        self.is_secure = place[0] == b"https"
        self.is_used = False
        self.idle_since = 0.0

    def is_old(self) -> bool:
        """Whether it has been idle for longer than servers can be expected to keep it."""
        return time.monotonic() - self.idle_since > KEEP_ALIVE

    def abort(self) -> None:
        """Close it at once."""
        raise NotImplementedError


T = TypeVar("T", bound=BaseConnection)


class Idle(Generic[T]):
    """The connections of a pool that no exchange has."""

    def __init__(self) -> None:
        self.is_closed = False
        self._at: dict[Place, deque[T]] = {}

    def take(self, place: Place) -> T | None:
        """The one that was used last, if it may be used again."""
        at = self._at.setdefault(place, deque())
        while connection := _popped(at.pop):
            if not (connection.is_old() or connection.http.has_expired()):
                return connection
            connection.abort()
        return None

    def put(self, connection: T) -> None:
        """Keep a connection for another exchange."""
        connection.is_used, connection.idle_since = True, time.monotonic()
        at = self._at[connection.place]
        at.append(connection)
        if (len(at) > _MOST_IDLE or at[0].is_old()) and (oldest := _popped(at.popleft)):
            oldest.abort()
        if self.is_closed:
            self.close()

    def close(self) -> None:
        """Close them, and what is still to come."""
        self.is_closed = True
        for at in list(self._at.values()):
            while connection := _popped(at.pop):
                connection.abort()


def _popped(pop: Callable[[], T]) -> T | None:
    try:
        return pop()
    except IndexError:  # another thread may have been faster
        return None


def place_of(request: httpcore.Request) -> Place:
    """The scheme, host and port of a request."""
    origin = request.url.origin
    return origin.scheme, origin.host, origin.port


def signed(request: httpcore.Request) -> httpcore.Request:
    """The request as it goes out, with the key if it has credentials."""
    credentials = _credentials(request)
    if credentials is None:
        return request
    return httpcore.Request(
        request.method,
        credentials.signed(request.url),
        headers=credentials.in_headers(request.url, request.headers),
        content=request.stream,
        extensions=cast("dict[str, Any]", request.extensions),
    )


def hide_key(response: httpcore.Response, request: httpcore.Request) -> None:
    """Take the key out of the head of an answer, before anything that wraps the transport sees it."""
    if credentials := _credentials(request):
        credentials.hide_in_head(response)


def _credentials(request: httpcore.Request) -> Credentials | None:
    found = cast("dict[str, Any]", request.extensions).get(CREDENTIALS)
    return found if isinstance(found, Credentials) else None


def is_clean(stream: Any) -> bool:
    """Whether nothing came in after the answer whose body this is; False if that cannot be known."""
    connection = getattr(stream, "_connection", None)
    if type(connection).__name__.endswith("HTTP2Connection"):
        return True  # which tells answers apart by number
    state = getattr(connection, "_h11_state", None)
    return state is not None and state.trailing_data == (b"", False)


def impatience(connection: BaseConnection) -> Exception | None:
    """The failure of a connection on which something came in before the request; None if a new one may do."""
    return (
        None
        if connection.is_used
        else httpcore.ConnectError("the service answered, or closed the connection, before the request")
    )


def made(pool: Any, backend: Any, place: Place) -> Any:
    """A connection of a pool's kind, through a backend of its own."""
    pool = copy.copy(pool)
    pool._network_backend = backend
    return pool.create_connection(httpcore.Origin(*place))


def adopt(transport: object, kind: type[Any], inner: type[Any], own: type[Any], known: Set[int] = frozenset()) -> bool:
    """Let a transport send through pools of ours, and those that it wraps too; whether there is any.

    Args:
        kind: the class of transports.
        inner: the class of httpcore's pools.
        own: the class of ours, each of which is made of one of httpcore's.
        known: the transports around it, by their id.
    """
    found = False
    known |= {id(transport)}
    fields: dict[str, Any] = getattr(transport, "__dict__", {})
    for name, value in list(fields.items()):
        if isinstance(value, kind) and id(value) not in known:
            found = adopt(value, kind, inner, own, known) or found
        elif isinstance(value, (inner, own)):
            fields[name] = value if isinstance(value, own) else own(value)
            found = True
    return found
