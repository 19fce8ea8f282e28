"""Finds rules that a run would seem to test, and does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract_tests.cases.broken_rules import unsampled
from contract_tests.rules.drawing import Drawing, Row
from ventia_document.operations import Operation

_BY_THE_TARGET = ("the target file", "the guard")


def left_out(
    drawing: Drawing | None, rows: Sequence[Row], others: Sequence[Operation], *, is_own: bool
) -> Iterator[str]:
    """The rules without requests, with the reason; not those for which the target file names nothing.

    Args:
        others: the operations beside that of the rows.
        is_own: whether the target file names everything.
    """
    for operation in others:
        for name in unsampled(operation):
            yield f"{operation}: none of its rules is tested, since {name} has no example, and none can be made"
    if drawing is None:
        yield "the document has no operation that sends messages (x-sends), so none of its rules is tested"
        return
    knowledge = drawing.knowledge
    sending = [sender.name for sender in knowledge.senders if knowledge.sends(sender)]
    if sending and not drawing.messages.sendable:
        yield f"the document accepts no message that could be composed for {', '.join(sending)}"
    for row in rows:
        if not (row.kept or row.broken) and (is_own or not row.why_not.startswith(_BY_THE_TARGET)):
            yield f"{row.name}: {row.why_not or 'no request was found that keeps it, and none that breaks it alone'}"
