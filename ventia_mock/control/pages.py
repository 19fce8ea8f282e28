"""Serves the inbox and the reference page."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from ventia_mock.control.endpoints import NotFound

FOLDER = Path(__file__).parents[1] / "page"

FILES = {
    "/": ("index.html", "text/html"),
    "/reference": ("reference.html", "text/html"),
    "/_mock/inbox.css": ("inbox.css", "text/css"),
    **{
        f"/_mock/{name}.js": (f"{name}.js", "text/javascript") for name in ("dom", "guide", "inbox", "message", "state")
    },
}
"""File and media type by path."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_POLICIES = {
    # The reference is one file with its scripts in it, and may load nothing.
    "/reference": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
_HEADERS = {"Cache-Control": "no-cache", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


async def page(request: Request) -> Response:
    """The file of a path.

    Raises:
        NotFound: it has not been made yet, as in a new checkout.
    """
    path = request.url.path
    name, media_type = FILES[path]
    try:
        content = (FOLDER / name).read_bytes()
    except FileNotFoundError:
        raise NotFound(f"{path}: Must have been made before; run make {path[1:]}") from None
    headers = {**_HEADERS, "Content-Security-Policy": _POLICIES.get(path, _POLICY)}
    return Response(content, media_type=media_type, headers=headers)
