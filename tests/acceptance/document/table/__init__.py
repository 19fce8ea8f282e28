"""The table of edits: a row each, in modules by kind."""

from tests.acceptance.document.table import values

FOLLOWED = [*values.FOLLOWED]
REFUSED = [*values.REFUSED]
