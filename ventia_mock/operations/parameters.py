"""Checks the parameters of a request, and hints at values that would be valid."""

from __future__ import annotations

from ventia_document.operations import Part
from ventia_document.parameters import Parameter, Reading, Wire
from ventia_document.source import Json
from ventia_mock.operations.hints import Hints
from ventia_mock.operations.unserved import Unserved
from ventia_mock.remembering import remembered


class CheckedParameter:
    """One parameter of an operation.

    Attributes:
        name: its name on the wire; headers in lower case.
        place: `path`, `query`, `header` or `cookie`.
        at: its JSON pointer in the document.

    Raises:
        Unserved: it has `content` instead of a schema.
    """

    def __init__(self, document: Json, part: Part) -> None:
        try:
            self._parameter = Parameter(document, part)
        except ValueError as error:
            raise Unserved(part.at, str(error)) from None
        self.place, self.name, self.at = self._parameter.place, self._parameter.name, part.at
        self._hints = Hints(document, part, self._parameter.schema)
        self._checked = remembered(self._check)

    def check(self, wire: Wire) -> tuple[Reading, list[str]]:
        """The parameter in a request, and a sentence for each rule that it breaks."""
        return self._checked(tuple(self._parameter.texts(wire)))

    def _check(self, texts: tuple[tuple[str, str], ...]) -> tuple[Reading, list[str]]:
        reading = self._parameter.read_texts(texts)
        if not reading.violations:
            return reading, []
        if reading.value is None:  # it is missing or repeated, which no other value would mend
            return reading, [self._parameter.sentence(violation) for violation in reading.violations]
        hints = self._hints.of(reading.violations, reading.value)
        return reading, [f"{self._parameter.sentence(violation)} ({hint})" for violation, hint in hints]
