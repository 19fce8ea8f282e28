"""The table of edits: a row each, in modules by kind."""

from tests.acceptance.document.table import (
    answers,
    bodies,
    composed,
    constants,
    parameters,
    schemas,
    security,
    structure,
    values,
)
from tests.support.stride import some

_KINDS = (answers, bodies, composed, constants, parameters, schemas, security, structure, values)

EVERY = [row for kind in _KINDS for row in kind.FOLLOWED]
_PROVING = [
    [row for row in EVERY if row.refused],
    [row for row in EVERY if row.invalid],
    [row for row in EVERY if row.received],
    [row for row in EVERY if row.wrong],
]
"""The rows that each of the tests proves something by."""

FOLLOWED = list({row.name: row for row in some(*(kind.FOLLOWED for kind in _KINDS), *_PROVING)}.values())
REFUSED = some(*(kind.REFUSED for kind in _KINDS))
