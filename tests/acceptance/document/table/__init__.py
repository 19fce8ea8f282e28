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

_KINDS = (answers, bodies, composed, constants, parameters, schemas, security, structure, values)

FOLLOWED = [row for kind in _KINDS for row in kind.FOLLOWED]
REFUSED = [row for kind in _KINDS for row in kind.REFUSED]
