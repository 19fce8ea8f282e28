"""The suite's response, as it comes off the wire or, for a faulty server, as it goes onto it.

(A response of the stand-in has a class of its own in `ventia_mock`: the two share no code.)
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from contract_tests.wire.request import parsed
from ventia_document.source import Json


@dataclass(frozen=True)
class Response:
    """An HTTP response.

    Attributes:
        headers: pairs, the names in lower case.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def accepts(self) -> bool:
        """Whether it says that the message was accepted."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Json:
        """The body as JSON; None if it is not JSON."""
        return parsed(self.body)

    @property
    def fields(self) -> dict[str, Json]:
        """The fields of the body; none if it is not a JSON object."""
        return self.json if isinstance(self.json, dict) else {}

    @property
    def text(self) -> str:
        """Status, headers and body, as HTTP writes them."""
        head = [f"HTTP {self.status}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\n".join(head) + "\n\n" + self.body.decode(errors="replace")

    def with_json(self, value: Json) -> Response:
        """The response with another body."""
        return replace(self, body=json.dumps(value, ensure_ascii=False).encode())

    def with_header(self, name: str, value: str) -> Response:
        """The response with one header of a name."""
        kept = (pair for pair in self.headers if pair[0] != name.lower())
        return replace(self, headers=(*kept, (name.lower(), value)))
