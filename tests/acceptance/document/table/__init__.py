"""The table of edits: a row each, in modules by kind."""

from tests.acceptance.document.table import answers, bodies, parameters, values

FOLLOWED = [*answers.FOLLOWED, *bodies.FOLLOWED, *parameters.FOLLOWED, *values.FOLLOWED]
REFUSED = [*answers.REFUSED, *bodies.REFUSED, *parameters.REFUSED, *values.REFUSED]
