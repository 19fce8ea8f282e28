"""Between Starlette's requests and responses and our own."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import Response

from ventia_mock.answers import Answer
from ventia_mock.requests import LARGEST_BODY, Received


async def received(request: Request, path: Mapping[str, str]) -> Received:
    """A request as it came in.

    Args:
        path: the path's variables, still percent-encoded.
    """
    parameters = {
        "path": {name: [unquote(text)] for name, text in path.items()},
        "query": _by_name(parse_qsl(request.url.query, keep_blank_values=True)),
        "header": _by_name(request.headers.items()),
        "cookie": _by_name(request.cookies.items()),
    }
    return Received(parameters, request.headers.get("content-type", ""), await _body(request))


def preferences(request: Request) -> dict[str, str]:
    """What the `Prefer` header asks for: `code` and `example`."""
    given = ",".join(request.headers.getlist("prefer"))
    return {
        name.lower(): value
        for name, value in re.findall(r'(?:^|[,;\s])(code|example)\s*=\s*"?([^\s",;]+)', given, re.I)
    }


def response(answer: Answer) -> Response:
    """An answer as it goes out."""
    if answer.media_type is None:
        return Response(status_code=answer.status, headers=answer.headers)
    content = json.dumps(answer.value, ensure_ascii=False).encode()
    return Response(content, answer.status, answer.headers, answer.media_type)


async def _body(request: Request) -> bytes:
    """The body; of one too large, the rest is read and dropped, so that the caller hears the answer."""
    body = bytearray()
    async for chunk in request.stream():
        if len(body) <= LARGEST_BODY:
            body += chunk
    return bytes(body)


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    return found
