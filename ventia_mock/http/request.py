"""A request to the platform, read whole. The control routes use Starlette's own class of this name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ventia_document.parameters import Wire, query_pairs
from ventia_mock.remembering import remembered


@dataclass
class Request:
    """A request to the platform.

    Attributes:
        path: with its percent-encoding.
        query: likewise, without the question mark.
        parameters: every text by place (`path`, `query`, `header`, `cookie`) and name; headers in lower case.
        body: of one that is larger than LARGEST_BODY, only the first bytes, but more than that.
        variables: of the path, percent-encoded.
        header_pairs: the headers as they came, their names in lower case.
    """

    method: str
    path: str
    query: str
    parameters: Mapping[str, Mapping[str, Sequence[str]]]
    body: bytes
    variables: Mapping[str, str] = field(default_factory=dict)
    header_pairs: Sequence[tuple[str, str]] = ()

    @property
    def wire(self) -> Wire:
        """Its parameters as they stand on the wire."""
        cookies = [(name, value) for name, values in self.parameters["cookie"].items() for value in values]
        return Wire(self.variables, _query_pairs(self.query), self.header_pairs, cookies)

    @property
    def headers(self) -> Mapping[str, Sequence[str]]:
        """The headers, their names in lower case."""
        return self.parameters["header"]

    @property
    def preferences(self) -> dict[str, str]:
        """The `code` and the `example` of the `Prefer` header, as far as it has them."""
        if "prefer" not in self.headers:
            return {}
        text = ",".join(self.headers["prefer"])
        return {name.lower(): value for name, value in _PREFERENCE.findall(text)}


_query_pairs = remembered(query_pairs)
_PREFERENCE = re.compile(r'(?:^|[,;\s])(code|example)\s*=\s*"?([^\s",;]+)', re.IGNORECASE)
