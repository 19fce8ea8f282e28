"""One run of the suite: the document, the server under test, and the options it was started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from contract_tests.oracle.requests import Judge, Verdict
from contract_tests.rules.contact import GUARDED
from contract_tests.rules.drawing import Drawing, Row, refusals
from contract_tests.rules.table import table
from contract_tests.target.file import Target
from contract_tests.target.knowledge import Knowledge, narrowed
from contract_tests.target.messages import Messages
from tools.overlay.engine import apply
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.evidence import read_evidence
from ventia_document.operations import operations
from ventia_document.source import Json, read

_OVERLAYS = Path(__file__).parents[1] / "overlays" / "document"

SOURCE = read_checked(DOCUMENT)
OPERATIONS = operations(SOURCE.value)
SENDING = [operation for operation in OPERATIONS if operation.sends]
"""The operations that send messages; the table of rules is that of the first."""

OTHERS = [operation for operation in OPERATIONS if operation not in SENDING[:1]]
"""The operations beside that of the table; a guard lets no request to them through."""

JUDGE = Judge(OPERATIONS)
EVIDENCE = read_evidence(DOCUMENT.with_name("EVIDENCE.md"))


@dataclass
class Run:
    """One run of the suite.

    Attributes:
        target: the server under test.
        is_own: whether the server is a stand-in that the run starts.
        key: the API key that the server knows.
        seed: the seed of everything that is drawn.
        examples: how many cases are drawn for each property.
        is_thin: whether each rule is tested by a few requests only.
        again: the command that makes another run against the same server.
        replay: the replay word of the one failure to repeat; '' for a run of everything.
        subject: an application to test in this process; None for a server.
        shrinks: whether to search for the smallest request that shows a failure.
        is_strict: whether what the document infers or assumes is held against the server like what is stated.
    """

    target: Target
    is_own: bool
    key: str = field(repr=False)
    seed: int
    examples: int
    is_thin: bool
    again: str
    replay: str = ""
    subject: ASGIApp | None = None
    shrinks: bool = True
    is_strict: bool = False

    @property
    def is_guarded(self) -> bool:
        """Whether the server may reach real people, so that a guard limits what is sent."""
        return self.target.safety is not None

    @property
    def accepted(self) -> frozenset[str]:
        """The rules of which a deviation is accepted today."""
        today = datetime.now(UTC).date()
        return frozenset(deviation.rule for deviation in self.target.accepted if today <= deviation.until)

    @cached_property
    def knowledge(self) -> Knowledge | None:
        """The target file's knowledge; None if the document has no operation that sends messages."""
        return _knowledge(self.target)

    @cached_property
    def _known(self) -> dict[str, Knowledge]:
        """The target file's knowledge for each operation that sends messages, by its JSON pointer."""
        return {operation.at: Knowledge(operation, self.target) for operation in SENDING}

    @cached_property
    def narrowed(self) -> Json:
        """The document, with only the identifiers that the target names."""
        return narrowed(SOURCE.value, self.target)

    @cached_property
    def drawing(self) -> Drawing | None:
        """Draws requests for this run; None if the document has no operation that sends messages."""
        return _drawing(self.target, self.key, self.seed, is_thin=self.is_thin)

    def expected(self, verdict: Verdict) -> frozenset[int] | None:
        """The statuses with which the server may answer a request; None where the document does not decide."""
        if verdict.operation is None:
            return None
        if verdict.open:
            return self.knowledge.decided if self.knowledge and not verdict.violations else None
        if verdict.is_refused:
            return refusals(SOURCE.value, verdict)
        if verdict.operation.sends:
            return self._known[verdict.operation.at].expected(verdict.body)
        return verdict.operation.successes

    @property
    def untested(self) -> list[str]:
        """A line on the operations that are not tested, if there are any."""
        names = ", ".join(map(str, OTHERS))
        return [f"not tested: {names}: {GUARDED}"] if OTHERS and self.is_guarded else []

    @cached_property
    def rows(self) -> list[Row]:
        """The table of rules, with this run's requests."""
        return _table(self.target, self.key, self.seed, is_thin=self.is_thin)


def overlaid(name: str, document: Json = SOURCE.value) -> Json:
    """The document with `overlays/document/NAME.yaml` applied, as one of its consumers sees it."""
    # The contract overlay adds what an edited document may have already; its actions may then match nothing.
    return apply(document, read(_OVERLAYS / f"{name}.yaml"), allow_unmatched=name == "contract")


def _knowledge(target: Target) -> Knowledge | None:
    return Knowledge(SENDING[0], target) if SENDING else None


def _drawing(target: Target, key: str, seed: int, *, is_thin: bool) -> Drawing | None:
    knowledge = _knowledge(target)
    return Drawing(Messages(knowledge), JUDGE, key, seed, thin=is_thin) if knowledge else None


@cache  # `contract_tests.mutants` draws the table once, and forks
def _table(target: Target, key: str, seed: int, *, is_thin: bool) -> list[Row]:
    drawing = _drawing(target, key, seed, is_thin=is_thin)
    return table(drawing) if drawing else []


RUN = pytest.StashKey[Run]()
"""Where pytest's config keeps the run."""
