"""The bodies of the suite's table that break one rule of the document."""

from __future__ import annotations

import json
from functools import cache

from contract_tests import run
from contract_tests.rules.drawing import Drawing
from contract_tests.rules.table import table
from contract_tests.target.file import STAND_IN, read_target
from contract_tests.target.knowledge import Knowledge
from contract_tests.target.messages import Messages
from tests.support.stand_in import MESSAGE, OPERATION, VENTIA
from ventia_client._runtime.messages.formats import FORMATS
from ventia_document.source import Json
from ventia_document.validation import Schema, SchemaViolation
from ventia_mock.world.file import SAMPLE_KEY

ORACLE = Schema(VENTIA, MESSAGE.at)


@cache
def broken_bodies() -> list[tuple[Json, SchemaViolation]]:
    """Every JSON body that breaks one rule, with that rule.

    But for some that break the form of a URI, of which the client sees only the plainest faults.
    """
    knowledge = Knowledge(OPERATION, read_target(STAND_IN, None))
    bodies = {}
    for row in table(Drawing(Messages(knowledge), run.JUDGE, SAMPLE_KEY, 1, thin=False)):
        for probe in row.broken:
            try:
                value = json.loads(probe.request.body)
            except ValueError:
                continue
            if len(broken := ORACLE.violations(value)) == 1 and not _is_nearly_a_uri(value, broken[0]):
                bodies[json.dumps(value, sort_keys=True)] = value, broken[0]
    return list(bodies.values())


def _is_nearly_a_uri(value: Json, broken: SchemaViolation) -> bool:
    return broken.rule == "Must be a valid uri" and FORMATS["uri"](value[broken.field])
