"""Makes the table of rules: every row, in the order in which they are tested."""

from __future__ import annotations

from contract_tests.rules import api_key, bodies, combinations, contact, fields, platform, surroundings
from contract_tests.rules.drawing import Drawing, Probe, Row

_MOST_KEPT, _MOST_BROKEN = 2, 8


def table(drawing: Drawing) -> list[Row]:
    """Every rule of the endpoint, with few requests for each in a thin run."""
    modules = (platform, combinations, fields, bodies, api_key, contact, surroundings)
    rows = [row for module in modules for row in module.rows(drawing)]
    for row in rows if drawing.thin else ():
        row.kept, row.broken = _few(drawing, row.kept, _MOST_KEPT), _few(drawing, row.broken, _MOST_BROKEN)
    return rows


def _few(drawing: Drawing, probes: list[Probe], most: int) -> list[Probe]:
    """The first, which is the simplest, and random others, in their order."""
    drawn = drawing.chance.sample(range(1, len(probes)), min(most, len(probes)) - 1) if len(probes) > 1 else []
    return [probes[index] for index in [0, *sorted(drawn)]] if probes else []
