"""The rows of the table that are tested: some of each kind, and of those that each test proves something by."""

from tests.acceptance.document.table import EVERY, KINDS
from tests.support.stride import some

_PROVING = [
    [row for row in EVERY if row.refused],
    [row for row in EVERY if row.invalid],
    [row for row in EVERY if row.received],
    [row for row in EVERY if row.wrong],
]

FOLLOWED = list({row.name: row for row in some(*(kind.FOLLOWED for kind in KINDS), *_PROVING)}.values())
REFUSED = some(*(kind.REFUSED for kind in KINDS))
