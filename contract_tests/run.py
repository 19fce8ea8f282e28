"""What this run is about: the document, the server under test and what is known of it, the seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from starlette.types import ASGIApp

from contract_tests.knowledge import OPERATION, Knowledge, narrowed
from contract_tests.messages import Messages
from contract_tests.rules import Drawing, Row, refusals
from contract_tests.rules.table import table
from contract_tests.target import STAND_IN, Target, read_target
from contract_tests.verdict import Judge, Verdict
from tools import overlay
from ventia_document import DOCUMENT
from ventia_document.check import read_checked
from ventia_document.operations import operations
from ventia_document.source import Json, read
from ventia_mock.world.file import SAMPLE_KEY

_OVERLAYS = Path(__file__).parents[1] / "overlays" / "document"

SOURCE = read_checked(DOCUMENT)
OPERATIONS = operations(SOURCE.value)
JUDGE = Judge(OPERATIONS)


@dataclass
class Run:
    """One run of the suite.

    Attributes:
        target: the server under test.
        is_own: whether that is a stand-in of the run's own.
        key: the API key that the server knows.
        seed: of everything that is drawn.
        examples: how many cases are drawn for each property.
        is_thin: whether a few requests show each rule, as where each is dear.
        again: the command that makes another run against the same server.
        replay: what a failure has printed to repeat it; '' for a run of everything.
        measures: whether the parts of the document that are exercised are counted.
    """

    target: Target
    is_own: bool
    key: str = field(repr=False)
    seed: int
    examples: int
    is_thin: bool
    again: str
    replay: str = ""
    measures: bool = True
    shown: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What was shown of something else than the server: of what, what, and how often."""

    @property
    def is_guarded(self) -> bool:
        """Whether the server reaches real people, so that each request is dear."""
        return self.target.safety is not None

    @cached_property
    def knowledge(self) -> Knowledge | None:
        """What the target knows; None where the document has no such operation."""
        known = [operation for operation in OPERATIONS if operation.id == OPERATION]
        return Knowledge(known[0], self.target) if known else None

    @cached_property
    def narrowed(self) -> Json:
        """The document, with only the identifiers that the target names."""
        return narrowed(SOURCE.value, self.target)

    @cached_property
    def drawing(self) -> Drawing | None:
        """What requests are drawn with."""
        if self.knowledge is None:
            return None
        return Drawing(Messages(self.knowledge), JUDGE, self.key, self.seed, thin=self.is_thin)

    def expected(self, verdict: Verdict) -> frozenset[int] | None:
        """The statuses with which the server may answer a request; None for any, as far as the document decides."""
        if verdict.operation is None:
            return None
        if verdict.open:
            return self.knowledge.decided if self.knowledge and not verdict.faults else None
        if verdict.is_refused:
            return refusals(SOURCE.value, verdict)
        if self.knowledge and verdict.operation is self.knowledge.operation:
            return self.knowledge.expected(verdict.body)
        return frozenset(status for status, _ in verdict.operation.numbered_responses if status < 300)

    @cached_property
    def rows(self) -> list[Row]:
        """The table of rules, with the requests of this run."""
        if self.drawing is None:
            return []
        known = (*self.target.things.items(), self.target.contact, self.key, self.seed, self.is_thin)
        if known not in _tables:
            _tables[known] = table(self.drawing)
        return _tables[known]


def of_stand_in(seed: int, *, is_thin: bool = False) -> Run:
    """A run against a stand-in of its own."""
    return Run(read_target(STAND_IN, None), True, SAMPLE_KEY, seed, 100, is_thin, "make contract")


def overlaid(name: str, document: Json = SOURCE.value) -> Json:
    """The document as one of its consumers sees it: `overlays/document/NAME.yaml` laid over it."""
    # An action of the suite's own overlay fills in what an operation may well have.
    return overlay.apply(document, read(_OVERLAYS / f"{name}.yaml"), allow_unmatched=name == "contract")


_tables: dict[tuple[object, ...], list[Row]] = {}
"""The tables that were drawn in this process; `contract_tests.mutants` has its own draw one for all."""

current: Run
"""This run; set before any test is collected."""

served: ASGIApp | None = None
"""What is tested in this process instead of a stand-in, as `contract_tests.mutants` has it."""

shrinks = True
"""Whether the least request that shows a failure is looked for."""
