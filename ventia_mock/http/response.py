"""A response to a request. The control routes use Starlette's own class of this name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from ventia_document.source import Json
from ventia_document.wire.media import encoded


@dataclass
class Response:
    """A response to a request.

    Attributes:
        example: name of the document's example that it was made from; '' without one.
        media_type: None where the document gives the response no content.
        value: the body as a JSON value.
        why: the reason for a refusal, for the log and the journal.
        rule: the rule that the request breaks: a JSON pointer in the document, or the name of a platform rule.
        raw: the bytes of the body, where they are not the value as JSON.
        decoded: the bytes of the body without their `Content-Encoding`, where it has one that can be read.
    """

    status: int
    example: str = ""
    media_type: str | None = None
    value: Json = None
    headers: tuple[tuple[str, str], ...] = ()
    why: str = ""
    rule: str = ""
    raw: bytes | None = None
    decoded: bytes | None = None

    @cached_property
    def body(self) -> bytes:
        """The bytes of the body."""
        if self.raw is not None:
            return self.raw
        return b"" if self.media_type is None else encoded(self.media_type, self.value)

    @property
    def readable(self) -> bytes:
        """The bytes of the body, decoded if they can be."""
        return self.body if self.decoded is None else self.decoded

    @property
    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers as ASGI takes them, with the length and the type of the body."""
        headers = [(b"content-length", b"%d" % len(self.body))]
        if self.media_type is not None:
            headers.append((b"content-type", self.media_type.encode("latin-1")))
        return headers + [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]


def with_retry_after(response: Response, seconds: int) -> Response:
    """A response that asks to wait so many seconds."""
    kept = (pair for pair in response.headers if pair[0].lower() != "retry-after")
    return replace(response, headers=(*kept, ("Retry-After", str(seconds))))
