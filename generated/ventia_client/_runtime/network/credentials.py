"""The API key of requests: put on below everything that logs or wraps them, and hidden in what comes back."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_plus

import httpx

from ..key import KEY_PLACE, Key, hide_in_log

if TYPE_CHECKING:
    import httpcore

CREDENTIALS = "ventia_credentials"
"""The extension of a request that holds its Credentials."""

_BELOW = frozenset(("anyio", "asyncio", "h11", "h2", "hpack", "httpcore", "httpx", "ssl", "uvloop"))
"""Packages whose frames may hold a request with the key."""

_OWN = __name__.rpartition(".")[0]

for _name in ("connection", "http11", "http2", "proxy", "socks"):
    hide_in_log(f"httpcore.{_name}")  # at DEBUG these log the headers of answers, which may repeat the key
for _name in ("hpack.hpack", "hpack.table"):
    hide_in_log(_name)  # and with HTTP/2 these the headers of requests, whose path has it


class Credentials:
    """The key, for one origin; a request to another, as after a redirect, goes without.

    Args:
        origin: a URL with the scheme, host and port that may see the key.
        place: `query` or `header`, the name there, and the text before the key; None to send none.
        key: the API key.
    """

    def __init__(self, origin: httpx.URL, place: tuple[str, str, str] | None, key: Key) -> None:
        self._origin = _origin(origin)
        self._place = place
        self._key = key

    def __repr__(self) -> str:
        return "Credentials(***)"

    def of(self, request: httpx.Request) -> Credentials:
        """The credentials for a request, whose key may be in another place."""
        place = request.extensions.get(KEY_PLACE, self._place)
        if place == self._place:
            return self
        other = copy.copy(self)
        other._place = place
        return other

    def signed(self, url: httpcore.URL) -> httpcore.URL:
        """A URL of httpcore with the key."""
        return type(url)(scheme=url.scheme, host=url.host, port=url.port, target=self._target(url, url.target))

    def in_url(self, url: httpx.URL) -> httpx.URL:
        """A URL with the key, for a transport that has no pool of connections."""
        return url.copy_with(raw_path=self._target(url, url.raw_path))

    def _target(self, url: httpx.URL | httpcore.URL, target: bytes) -> bytes:
        """The path and query of a URL, with the key if it goes to the origin."""
        name = self._name("query", url)
        if name is None:
            return target
        path, _, query = target.partition(b"?")
        parts = [part for part in query.split(b"&") if _parameter_name(part) != name] if query else []
        own = f"{quote(name, safe='')}={self._key.reveal_quoted()}".encode()
        return b"%b?%b" % (path, b"&".join([*parts, own]))

    def in_headers(
        self, url: httpx.URL | httpcore.URL, headers: Sequence[tuple[bytes, bytes]]
    ) -> Sequence[tuple[bytes, bytes]]:
        """The headers of a request to a URL, with the key if it goes to the origin."""
        name = self._name("header", url)
        if name is None or self._place is None:
            return headers
        others = [(each, value) for each, value in headers if each.lower() != name.encode()]
        return [*others, (name.encode(), f"{self._place[2]}{self._key.reveal()}".encode())]

    def _name(self, kind: str, url: httpx.URL | httpcore.URL) -> str | None:
        """The name of the key in the query or the headers of a request; None if it is not there."""
        if self._place is None or self._place[0] != kind or _origin(url) != self._origin:
            return None
        return self._place[1]

    def hide_in_head(self, response: httpcore.Response | httpx.Response) -> None:
        """Take the key out of the headers of an answer, and of its reason phrase."""
        if isinstance(response, httpx.Response):
            response.headers = httpx.Headers(
                [(name, self._hidden(name, value)) for name, value in response.headers.raw]
            )
        else:
            response.headers = [(name, self._hidden(name, value)) for name, value in response.headers]
        if phrase := response.extensions.get("reason_phrase"):
            response.extensions["reason_phrase"] = self._key.hidden_in_bytes(phrase)

    def hide_in_content(self, response: httpx.Response) -> httpx.Response:
        """The response, which has been read, without the key in its content."""
        content = self._key.hidden_in_bytes(response.content)
        return response if content == response.content else with_content(response, content)

    def _hidden(self, name: bytes, value: bytes) -> bytes:
        parameter = self._place[1] if self._place and self._place[0] == "query" else ""
        if name.lower() == b"location" and parameter and parameter.encode() in value:
            with contextlib.suppress(httpx.InvalidURL, UnicodeDecodeError):
                value = str(httpx.URL(value.decode()).copy_remove_param(parameter)).encode()
        return self._key.hidden_in_bytes(value)

    def clean(self, error: BaseException, request: httpx.Request, *, keeps_frames: bool) -> None:
        """Take the key out of an error and its causes.

        Args:
            request: the one without the key.
            keeps_frames: whether the frames of the program that they passed through saw no key.
        """
        if isinstance(error, httpx.RequestError):
            error.request = request
        known: set[int] = set()
        left: list[BaseException | None] = [error]
        while left:
            each = left.pop()
            if each is None or id(each) in known:
                continue
            known.add(id(each))
            each.args = tuple(self._key.hidden_in(one) if isinstance(one, str) else one for one in each.args)
            each.__traceback__ = _without_requests(each.__traceback__) if keeps_frames else None
            left += [each.__cause__, each.__context__]


def _parameter_name(part: bytes) -> str:
    """The name of the parameter that a part of a query is."""
    return unquote_plus(part.partition(b"=")[0].decode("ascii", "replace"))


def _origin(url: httpx.URL | httpcore.URL) -> tuple[bytes, bytes, int | None]:
    if isinstance(url, httpx.URL):
        return url.raw_scheme, url.raw_host, url.port
    return url.scheme, url.host, url.port


def _without_requests(traceback: TracebackType | None) -> TracebackType | None:
    """The frames of a traceback that are the program's own."""
    own: list[TracebackType] = []
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__"))
        if not (module.startswith(f"{_OWN}.") or module.partition(".")[0] in _BELOW):
            own.append(traceback)
        traceback = traceback.tb_next
    kept: TracebackType | None = None
    for each in reversed(own):
        kept = TracebackType(kept, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return kept


def with_content(response: httpx.Response, content: bytes) -> httpx.Response:
    """The response with other content."""
    described = ("content-encoding", "content-length", "transfer-encoding")
    headers: Any = [(name, value) for name, value in response.headers.multi_items() if name not in described]
    return httpx.Response(response.status_code, headers=headers, content=content, extensions=response.extensions)
