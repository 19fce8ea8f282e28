"""The suite itself: a run in which a rule has no request fails, and says why."""

from __future__ import annotations

import pytest

from contract_tests.rules.hollow import left_out
from contract_tests.run import Run


@pytest.mark.first
def test_every_rule_has_requests(run: Run) -> None:
    """Each rule has requests, or the target file leaves out what they need."""
    if lines := "\n".join(left_out(run.drawing, run.rows, is_own=run.is_own)):
        pytest.fail(f"the run would show less than it seems to:\n{lines}", pytrace=False)
