"""The table of edits: a row each, in modules by kind."""

from tests.acceptance.document.table import answers, values

FOLLOWED = [*answers.FOLLOWED, *values.FOLLOWED]
REFUSED = [*answers.REFUSED, *values.REFUSED]
