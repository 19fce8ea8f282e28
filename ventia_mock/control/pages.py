"""Serves the inbox, the reference page and the document."""

from __future__ import annotations

import html
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from ventia_document.source import dump
from ventia_mock.control.endpoints import NotFound
from ventia_mock.stand_in import StandIn

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
    # The reference is one file with its scripts in it, and may only try requests on the stand-in.
    "/reference": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
_HEADERS = {"Cache-Control": "no-cache", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


DOCUMENTS = {"/openapi.yaml": "application/yaml", "/openapi.json": "application/json"}
"""Media type by path."""

_PLACE = '<meta name="stand-in" content="%s">'


class Pages:
    """Endpoints for the pages of a stand-in, and for its document."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    async def page(self, request: Request) -> Response:
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
        if path == "/reference":
            # Behind an upstream, a request that is tried would reach a real person.
            here = _PLACE % ("" if self._stand_in.upstream else html.escape(self._stand_in.base_path))
            content = content.replace((_PLACE % "").encode(), here.encode(), 1)
        headers = {**_HEADERS, "Content-Security-Policy": _POLICIES.get(path, _POLICY)}
        return Response(content, media_type=media_type, headers=headers)

    async def document(self, request: Request) -> Response:
        """The document, with the stand-in as its only server."""
        url = f"{request.url.scheme}://{request.headers['host']}{self._stand_in.base_path}"
        servers = [{"url": url, "description": "A stand-in for the platform"}]
        media_type = DOCUMENTS[request.url.path]
        text = dump({**self._stand_in.document, "servers": servers}, as_json=media_type == "application/json")
        return Response(text, media_type=media_type, headers=_HEADERS)
