"""Checks the parameters of a request, and says what would do instead."""

from __future__ import annotations

from collections.abc import Sequence

from ventia_document import parameters
from ventia_document.operations import Part
from ventia_document.source import Json
from ventia_mock.operations.hints import Explained
from ventia_mock.operations.unserved import Unserved


class Parameter:
    """One parameter of an operation.

    Attributes:
        name: as it is sent; headers in lower case.
        place: `path`, `query`, `header` or `cookie`.
        at: its JSON pointer in the document.

    Raises:
        Unserved: its value is not described by a schema.
    """

    def __init__(self, document: Json, part: Part) -> None:
        try:
            self._parameter = parameters.Parameter(document, part)
        except ValueError as error:
            raise Unserved(part.at, str(error)) from None
        self.place, self.name, self.at = self._parameter.place, self._parameter.name, part.at
        self._explained = Explained(document, part, self._parameter.schema)

    def check(self, given: Sequence[str]) -> tuple[Json, list[str]]:
        """Its value, None where it is not given, and a sentence for each rule that it breaks."""
        value, broken = self._parameter.read(given)
        if value is None:  # it is missing or repeated, which no other value would mend
            return None, [self._parameter.sentence(fault) for fault in broken]
        mends = self._explained.mends(broken, value)
        return value, [f"{self._parameter.sentence(fault)} ({mend})" for fault, mend in mends]
