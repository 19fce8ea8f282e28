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

KINDS = (answers, bodies, composed, constants, parameters, schemas, security, structure, values)

EVERY = [row for kind in KINDS for row in kind.FOLLOWED]
